package sample

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"grulden/internal/bank"
	"grulden/internal/cash"
	"grulden/internal/foureyes"
	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/rewards"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
)

// opened is a sample wijk and all that goes with it.
type opened struct {
	node   *node.Node
	people *people.Directory
	bank   *bank.Bank
	vault  *vault.Vault
	wijk   *Wijk
}

func openSample(t *testing.T, dir string, seed uint64) *opened {
	t.Helper()
	data, keyFile := filepath.Join(dir, "wijk"), filepath.Join(dir, "master.key")
	if err := node.Init(data, node.Settings{Coin: "Grulden"}, store.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := vault.CreateMasterKey(keyFile); err != nil {
		t.Fatal(err)
	}
	key, err := vault.LoadMasterKey(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	n, err := node.Open(data, node.Options{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.New(n.Store(), key)
	if err != nil {
		t.Fatal(err)
	}
	l := &opened{node: n, vault: v, people: people.New(v)}
	if l.bank, err = bank.New(n, v, l.people); err != nil {
		t.Fatal(err)
	}
	until := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	if l.wijk, err = Make(context.Background(), n, l.people, "hash", seed, until, func(_, _ uint64) {}); err != nil {
		t.Fatal(err)
	}
	return l
}

// made makes the sample with a seed, and gives what is in the ledger then.
func made(t *testing.T, seed uint64) (*Wijk, ledger.Head, map[string]ledger.Cents) {
	t.Helper()
	l := openSample(t, t.TempDir(), seed)
	defer l.node.Close()
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
	if head.Seq < 4000 || head.Escrow == 0 {
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

func TestTheStatementOfTheSampleIsTakenIn(t *testing.T) {
	dir := t.TempDir()
	l := openSample(t, dir, 3)
	defer l.node.Close()
	file := filepath.Join(dir, StatementFile)
	if err := l.wijk.Bank(l.bank, file); err != nil {
		t.Fatal(err)
	}
	err := l.node.Read(func(v *node.View) error {
		if h := v.Head(); h.Redeemed == 0 || h.Escrow == 0 {
			t.Errorf("paid out %v, waiting %v: the bank's half year is not taken in", h.Redeemed, h.Escrow)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := l.bank.Reconciliations(1); err != nil || len(r) != 1 || r[0].Difference != 0 || r[0].Gap != 0 {
		t.Errorf("the bank's word and the ledger: %+v, %v", r, err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	o, err := l.bank.Import(context.Background(), text, record.ActorID{})
	if err != nil {
		t.Fatal(err)
	}
	if got := o.Total(bank.Issued).Count; got != 5 {
		t.Errorf("%d top-ups issued, want 5: %+v", got, o.Totals)
	}
	if len(o.Entries) != 7 {
		t.Errorf("%d entries, want 7", len(o.Entries))
	}
}

func TestTheOfficeOfTheSampleHasWorkForASecondPerson(t *testing.T) {
	l := openSample(t, t.TempDir(), 6)
	defer l.node.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	log, err := logbook.New(l.node, l.vault)
	must(err)
	desk, err := foureyes.New(l.node, l.vault, l.people, log)
	must(err)
	box, err := cash.New(l.node, l.vault, l.people, l.bank, log)
	must(err)
	given, err := rewards.New(l.node, l.vault, l.bank)
	must(err)
	for _, kind := range []foureyes.Kind{"iban", "purpose"} {
		desk.Register(kind, foureyes.Rule{
			First: []people.Role{people.Desk, people.Treasurer}, Second: []people.Role{people.Treasurer, people.Board},
			Do: func(context.Context, *foureyes.Proposal) error { return nil },
		})
	}
	for range 2 { // again changes nothing
		must(l.wijk.Office(t.Context(), box, given, desk))
	}
	open, err := desk.Open()
	must(err)
	if len(open) != 2 {
		t.Fatalf("%d proposals wait, want 2", len(open))
	}
	for _, p := range open {
		if _, err := desk.Approve(t.Context(), p.By, p.ID, p.Hash); err == nil {
			t.Errorf("who asked for %s approved it", p.Kind)
		}
	}
	b, err := box.Balance()
	must(err)
	if b.Box != 45_00 || b.Differences != 0 {
		t.Errorf("in the box %v, differences %v", b.Box, b.Differences)
	}
	sources, err := given.Sources()
	must(err)
	if len(sources) != 1 {
		t.Errorf("%d sources", len(sources))
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
	l := openSample(t, t.TempDir(), 5)
	defer l.node.Close()
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
