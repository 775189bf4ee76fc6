package sample

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/bank"
	"grulden/internal/books"
	"grulden/internal/cash"
	"grulden/internal/coupon"
	"grulden/internal/foureyes"
	"grulden/internal/fund"
	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/notice"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/rewards"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/internal/worth"
	"grulden/ledger"
	"grulden/web"
)

// opened is a sample wijk and all that goes with it.
type opened struct {
	node    *node.Node
	people  *people.Directory
	bank    *bank.Bank
	cash    *cash.Box
	rewards *rewards.Book
	desk    *foureyes.Desk
	wijk    *Wijk
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// monday is the present of most samples.
var monday = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// openSample makes a sample with what a server has: its own proposals.
func openSample(t *testing.T, seed uint64, until time.Time) *opened {
	t.Helper()
	keyFile := filepath.Join(t.TempDir(), "master.key")
	options := store.Options{FS: vfs.NewMem(), MinFreeBytes: 1}
	must(t, node.Init("wijk", node.Settings{Coin: "Grulden"}, options))
	must(t, vault.CreateMasterKey(keyFile))
	key, err := vault.LoadMasterKey(keyFile)
	must(t, err)
	clock := NewClock(until)
	n, err := node.Open("wijk", node.Options{Store: options, Clock: clock.Now})
	must(t, err)
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	v, err := vault.New(n.Store(), key)
	must(t, err)
	c := web.Config{Node: n, Vault: v, People: people.New(v), BaseURL: "http://localhost"}
	c.Logbook, err = logbook.New(n, v)
	must(t, err)
	c.FourEyes, err = foureyes.New(n, v, c.People, c.Logbook)
	must(t, err)
	c.Bank, err = bank.New(n, v, c.People)
	must(t, err)
	c.Cash, err = cash.New(n, v, c.People, c.Bank, c.Logbook)
	must(t, err)
	c.Notices, err = notice.New(n, v, c.People)
	must(t, err)
	c.Coupons, err = coupon.New(n, v, c.People)
	must(t, err)
	c.Rewards, err = rewards.New(n, v, c.Bank)
	must(t, err)
	_, err = web.New(c)
	must(t, err)
	w, err := Make(t.Context(), Parts{n, clock, c.People, c.Bank, c.FourEyes}, "hash", seed, func(_, _ uint64) {})
	must(t, err)
	return &opened{n, c.People, c.Bank, c.Cash, c.Rewards, c.FourEyes, w}
}

// audited gives all that an audit does not find good, in words.
func (l *opened) audited(t *testing.T) (red, look []string, end *books.Close) {
	t.Helper()
	places := books.Places{Node: l.node, Bank: l.bank, Box: l.cash, Lists: l.rewards}
	must(t, l.node.Read(func(v *node.View) error {
		src, err := places.Sources(v)
		if err != nil {
			return err
		}
		if end, err = books.Post(src, nil); err != nil {
			return err
		}
		_, err = books.Examine(src, func(f books.Finding) error {
			switch said := fmt.Sprintf("%s %v %s", f.What, f.Cents, f.Why); f.Grade {
			case books.Red:
				red = append(red, said)
			case books.Look:
				look = append(look, said)
			}
			return nil
		})
		return err
	}))
	now, err := places.Reserve()
	must(t, err)
	if permille, ok := now.Permille(); !now.Covered() || !ok || permille < 1000 {
		t.Errorf("the reserve is not covered: %+v", now)
	}
	if now.Have() != end.Have() || now.Owed() != end.Owed() {
		t.Errorf("the reserve has %v for %v, and the books %v for %v", now.Have(), now.Owed(), end.Have(), end.Owed())
	}
	if alarms := end.Alarms(); len(red) == 0 && len(alarms) != 0 {
		t.Errorf("alarms: %v", alarms)
	}
	return red, look, end
}

// made makes the sample with a seed, and gives what is in the ledger then.
func made(t *testing.T, seed uint64) (*Wijk, ledger.Head, map[string]ledger.Cents) {
	t.Helper()
	l := openSample(t, seed, monday)
	balances := make(map[string]ledger.Cents)
	var head ledger.Head
	err := l.node.Read(func(view *node.View) error {
		head = *view.Head()
		return view.Accounts(func(a *ledger.Account) error {
			p, _, err := l.people.ByAccount(a.ID)
			if err != nil {
				return err
			}
			b, err := view.Balance(a.ID, head.Moment.Day)
			balances[p.Title()] = ledger.ShownCents(b.Worth)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return l.wijk, head, balances
}

func TestTheSampleWijkLives(t *testing.T) {
	w, head, balances := made(t, 1)
	if len(balances) != residents+len(trades) {
		t.Errorf("%d accounts", len(balances))
	}
	if head.Seq < 4000 || head.Redeemed == 0 || head.Escrow == 0 {
		t.Errorf("%d entries, redeemed %v, waiting %v: not much of a wijk", head.Seq, head.Redeemed, head.Escrow)
	}
	if fund, negative, err := head.Fund(head.Moment.Day); err != nil || negative || fund.IsZero() {
		t.Error("the wijkfonds has nothing", err)
	}
	roles := make(map[people.Role]bool)
	for _, l := range w.Logins {
		roles[l.Role] = true
	}
	if len(roles) != len(people.Roles()) {
		t.Errorf("logins for %v", roles)
	}
	t.Logf("%d entries, issued %v, redeemed %v, waiting %v, reserve %v", head.Seq, head.Issued, head.Redeemed, head.Escrow, head.Reserve())
}

func TestTheSameSeedMakesTheSameHistory(t *testing.T) {
	_, a, first := made(t, 7)
	_, b, second := made(t, 7)
	if a.Seq != b.Seq || a.Issued != b.Issued || a.Redeemed != b.Redeemed {
		t.Errorf("%d entries and then %d", a.Seq, b.Seq)
	}
	for name, cents := range first {
		if second[name] != cents {
			t.Errorf("%s has %v and then %v", name, cents, second[name])
		}
	}
}

// TestAnHonestWijkHasNothingRed: on whatever day and with whatever seed the sample
// is made. What its last statement shows, and nobody has looked into yet, is all
// that is found after that.
func TestAnHonestWijkHasNothingRed(t *testing.T) {
	for _, day := range []int{0, 2, 3, 6} { // a weekend, the day of the statement, and around it
		l := openSample(t, uint64(10+day), monday.AddDate(0, 0, day))
		red, look, _ := l.audited(t)
		if len(red)+len(look) != 0 {
			t.Errorf("made on day %d: red %v, to look at %v", day, red, look)
		}
		file := filepath.Join(t.TempDir(), StatementFile)
		must(t, l.wijk.LastStatement(file))
		must(t, l.wijk.Office(t.Context(), l.cash, l.rewards))
		text, err := os.ReadFile(file)
		must(t, err)
		o, err := l.bank.Import(t.Context(), text, record.ActorID{1})
		must(t, err)
		if got := o.Total(bank.Issued).Count; got != 5 || o.Reconciliation.Gap != 0 || o.Reconciliation.Difference != 0 {
			t.Errorf("made on day %d: %d top-ups issued, want 5; %+v", day, got, o.Reconciliation)
		}
		red, look, _ = l.audited(t)
		if fmt.Sprint(red) != "[bank -12.95 unasked]" || len(look) != 0 {
			t.Errorf("made on day %d, after the last statement: red %v, to look at %v", day, red, look)
		}
		l.bookCosts(t, o)
		if red, _, end := l.audited(t); len(red) != 0 || len(end.Alarms()) != 0 {
			t.Errorf("made on day %d, when the costs are booked: red %v, alarms %v", day, red, end.Alarms())
		}
	}
}

// bookCosts has two people book what the bank took.
func (l *opened) bookCosts(t *testing.T, o *bank.Outcome) {
	t.Helper()
	for _, e := range o.Entries {
		if e.State == bank.Unexplained {
			body := map[string]any{"entry": e.ID, "cents": e.Cents, "day": e.Day}
			must(t, l.wijk.two(foureyes.Draft{Kind: "bank-costs", Body: body}, treasurer, board))
		}
	}
}

func TestTheSampleHasFiguresToShow(t *testing.T) {
	l := openSample(t, 1, monday)
	c, err := l.bank.Clock()
	must(t, err)
	if c.Paid < 20 || c.Median < 3 || c.Median > 7 || c.Waiting == 0 {
		t.Errorf("the payout clock says %+v", c)
	}
	given, err := fund.New(l.node).State()
	must(t, err)
	if tenths, ok := given.Promise.Share(); !ok || !given.Promise.Kept() || tenths == 1000 || len(given.Spent) != 2 {
		t.Errorf("the promise of the wijkfonds: %+v, spent %+v", given.Promise, given.Spent)
	}
	batches, err := l.bank.Batches()
	must(t, err)
	for _, x := range batches {
		if x.Releaser == (bank.ID{}) || x.Second == (bank.ID{}) || x.Releaser == x.Second {
			t.Errorf("payment file %s was released by %v and %v", x.ID, x.Releaser, x.Second)
		}
	}
}

func TestTheOfficeOfTheSampleHasWorkForASecondPerson(t *testing.T) {
	l := openSample(t, 6, monday)
	for range 2 { // again changes nothing
		must(t, l.wijk.Office(t.Context(), l.cash, l.rewards))
	}
	open, err := l.desk.Open()
	must(t, err)
	if len(open) != 2 {
		t.Fatalf("%d proposals wait, want 2", len(open))
	}
	for _, p := range open {
		if _, err := l.desk.Approve(t.Context(), p.By, p.ID, p.Hash); err == nil {
			t.Errorf("who asked for %s approved it", p.Kind)
		}
	}
	b, err := l.cash.Balance()
	must(t, err)
	if b.Box != 45_00 || b.Differences != 0 {
		t.Errorf("in the box %v, differences %v", b.Box, b.Differences)
	}
	sources, err := l.rewards.Sources()
	must(t, err)
	if len(sources) != 1 {
		t.Errorf("%d sources", len(sources))
	}
	saved, err := worth.NewBook(l.wijk.Node.Store()).Last()
	must(t, err)
	if answer := saved.Sheet.Reckon().Ratio; saved.Number != 1 || !strings.HasPrefix(saved.Sheet.Title, "Verzonnen") || answer.Low.Cmp(answer.High) >= 0 {
		t.Errorf("sheet %d, %q, comes to %v", saved.Number, saved.Sheet.Title, answer)
	}
	for _, w := range saved.Sheet.Warnings() {
		if w.Line < 0 {
			t.Errorf("the example is no example: %s", w.Text.EN)
		}
	}
	treasurers := 0
	for _, login := range l.wijk.Logins {
		if login.Role == people.Treasurer {
			treasurers++
		}
	}
	if treasurers != 2 {
		t.Errorf("%d treasurers can sign in, want two: one alone can do nothing", treasurers)
	}
}

func TestTheHelperOfTheSampleHelpsTheFirstResident(t *testing.T) {
	l := openSample(t, 5, monday)
	find := func(role people.Role) people.Person {
		for _, login := range l.wijk.Logins {
			if login.Role == role {
				p, _, _, err := l.people.Login(login.Code)
				if err != nil {
					t.Fatal(err)
				}
				return p
			}
		}
		t.Fatalf("no login of a %s", role)
		return people.Person{}
	}
	all, err := l.people.Helping(find(people.Helper).ID)
	if err != nil || len(all) != 1 || all[0].Owner != find(people.Resident).ID {
		t.Errorf("helps %+v, %v", all, err)
	}
}
