package winddown

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/bank"
	"grulden/internal/coupon"
	"grulden/internal/fund"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
)

const reserveIBAN = "NL69TEST0000000001"

var (
	ctx = context.Background()
	two = record.Auth{How: record.ByTwo}
)

// wijk is a small wijk with everything that a wind-down needs.
type wijk struct {
	t      *testing.T
	now    time.Time
	node   *node.Node
	people *people.Directory
	bank   *bank.Bank
	fund   *fund.Fund
	papers *coupon.Book
	down   *WindDown
	euros  int64 // at the bank, by its own statements
	next   byte
}

func newWijk(t *testing.T) *wijk {
	t.Helper()
	w := &wijk{t: t, now: time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC)}
	o := store.Options{FS: vfs.NewMem(), MinFreeBytes: 1}
	w.ok(node.Init("wijk", node.Settings{Coin: "Grulden", Wijk: "Voorbeeld"}, o))
	var err error
	w.node, err = node.Open("wijk", node.Options{Store: o, Clock: func() time.Time { return w.now }})
	w.ok(err)
	t.Cleanup(func() { w.ok(w.node.Close()) })
	file := filepath.Join(t.TempDir(), "master.key")
	w.ok(vault.CreateMasterKey(file))
	key, err := vault.LoadMasterKey(file)
	w.ok(err)
	v, err := vault.New(w.node.Store(), key)
	w.ok(err)
	w.people = people.New(v)
	w.bank, err = bank.New(w.node, v, w.people)
	w.ok(err)
	w.ok(w.bank.SetReserve(bank.Reserve{IBAN: reserveIBAN, Name: "Stichting Voorbeeld"}))
	w.papers, err = coupon.New(w.node, v, w.people)
	w.ok(err)
	w.fund, w.down = fund.New(w.node), New(w.node, w.people, w.papers)
	w.do(ledger.SetPolicy{Policy: ledger.DefaultPolicy()})
	return w
}

func (w *wijk) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *wijk) do(cmd ledger.Command) {
	w.t.Helper()
	r, err := w.node.Submit(ctx, node.Request{Auth: record.Auth{How: record.ByOperator}, Command: cmd})
	w.ok(err)
	if r.Result != ledger.Applied {
		w.t.Fatalf("%+v: %v", cmd, r.Result)
	}
}

func (w *wijk) days(n int) { w.now = w.now.Add(time.Duration(n) * 24 * time.Hour) }

func (w *wijk) add(role people.Role, name, iban string) people.Person {
	w.t.Helper()
	p := people.Person{ID: people.NewID(), Role: role, Name: name, Shop: name}
	p, _, err := w.people.Add(p, "hash", w.now)
	w.ok(err)
	w.do(ledger.Open{Account: p.Account, Owner: p.Owner, Role: string(role)})
	if iban != "" {
		p = w.account(p, iban)
	}
	return p
}

// account puts a bank account on file that two people looked at.
func (w *wijk) account(p people.Person, iban string) people.Person {
	w.t.Helper()
	p, err := w.people.SetBankAccount(p.ID, people.BankAccount{IBAN: iban, Name: p.Name, Check: people.NameCheck{On: w.now, Result: people.NameMatches}})
	w.ok(err)
	return p
}

func (w *wijk) pay(from, to people.Person, amount ledger.Cents) {
	w.t.Helper()
	w.next++
	w.do(ledger.Pay{ID: ledger.ID{w.next}, From: from.Account, To: to.Account, Amount: amount})
}

// statement has the bank tell what it did.
func (w *wijk) statement(bookings ...sepa.SimBooking) {
	w.t.Helper()
	var file bytes.Buffer
	w.next++
	for i := range bookings {
		bookings[i].BankRef = fmt.Sprintf("%d-%d", w.next, i)
	}
	w.ok(sepa.WriteStatement(&file, sepa.SimStatement{
		Version: 8, Account: reserveIBAN, ID: fmt.Sprint("S", w.next), Sequence: int(w.next), Created: w.now, Opening: w.euros, Bookings: bookings,
	}))
	for _, b := range bookings {
		if b.Credit {
			w.euros += b.Cents
		} else {
			w.euros -= b.Cents
		}
	}
	_, err := w.bank.Import(ctx, file.Bytes(), record.ActorID{})
	w.ok(err)
}

// file approves all that waits, and is the one file for the bank with it.
func (w *wijk) file() sepa.PaymentFile {
	w.t.Helper()
	all, err := w.bank.Payouts()
	w.ok(err)
	for _, p := range all {
		if p.IBAN != "" {
			w.ok(w.bank.Approve(ledger.ID(p.Redemption), record.ActorID{1}))
		}
	}
	x, err := w.bank.Export(record.ActorID{1})
	w.ok(err)
	if x.Batch.State != bank.BatchReady {
		w.ok(w.bank.Release(x.Batch.ID, people.ID{1}, people.ID{2}))
	}
	file, err := w.bank.File(x.Batch.ID)
	w.ok(err)
	f, err := sepa.ReadPayments(bytes.NewReader(file), sepa.Limits{})
	w.ok(err)
	return f
}

func (w *wijk) plan() *Plan {
	w.t.Helper()
	p, err := w.down.Plan()
	w.ok(err)
	return p
}

func (w *wijk) ask() Group {
	w.t.Helper()
	g, err := w.down.Ask(ctx, two)
	w.ok(err)
	return g
}

// TestAWholeWijkEndsWithNothingLeftOver is the rehearsal: residents with and
// without a bank account, a blocked one, a shop to whose bank the money cannot
// go at first, and the wijkfonds, until the last cent is out.
func TestAWholeWijkEndsWithNothingLeftOver(t *testing.T) {
	w := newWijk(t)
	anna := w.add(people.Resident, "Anna Voorbeeld", "NL42TEST0000000002")
	bram := w.add(people.Resident, "Bram Zonderbank", "")
	bakker := w.add(people.Merchant, "Bakkerij Voorbeeld", "NL20TEST0000000010")
	soup := w.add(people.Merchant, "Soepkeuken", "NL90TEST0000000011")
	w.statement(
		sepa.SimBooking{Cents: 400_00, Credit: true, Day: sepa.Date(w.node.Today()), Name: "A", IBAN: sepa.IBAN(anna.IBAN), Reference: anna.Reference},
		sepa.SimBooking{Cents: 123_45, Credit: true, Day: sepa.Date(w.node.Today()), Name: "B", Reference: bram.Reference},
	)
	w.pay(anna, bakker, 77_31)
	w.days(1)
	w.pay(bakker, bram, 10_00)
	w.days(100)
	w.pay(bram, soup, 3_33)
	w.do(ledger.Block{Account: anna.Account})

	if _, err := w.down.Ask(ctx, two); !errors.Is(err, ErrNotYet) {
		t.Fatalf("before the last rules hold: %v", err)
	}
	if _, err := w.down.Close(ctx, two); !errors.Is(err, ErrNotYet) {
		t.Fatalf("closing before the last rules hold: %v", err)
	}
	w.do(ledger.SetPolicy{Policy: Policy(w.node.Today()+31, []string{"merchant", "resident"}), HasFrom: true})
	w.days(31)
	before := w.plan()
	if !before.Last || before.Bank.Count != 3 || before.ByHand.Count != 1 || before.Fund <= 0 || int64(before.Reserve) != w.euros {
		t.Fatalf("%+v, %d cents at the bank", before, w.euros)
	}

	asked := w.ask()
	if asked != before.Held {
		t.Errorf("asked for %+v of %+v", asked, before.Held)
	}
	if again := w.ask(); again != (Group{}) {
		t.Errorf("asked twice: %+v", again)
	}
	f := w.file()
	if len(f.Payments) != 3 {
		t.Fatalf("one file pays %d, want Anna, the baker and the soup kitchen", len(f.Payments))
	}
	bookings := sepa.BookPayments(f, f.ExecutionDate)
	w.days(4)
	w.statement(bookings...)
	for _, b := range bookings {
		if string(b.IBAN) == bakker.IBAN {
			w.statement(b.Returned(sepa.Date(w.node.Today()), "AC04"))
		}
	}
	w.account(bakker, "NL13TEST0123456789")
	if again := w.ask(); again.Count != 1 {
		t.Fatalf("after the bank sent the baker's money back: %+v", again)
	}
	f = w.file()
	w.days(4)
	w.statement(sepa.BookPayments(f, f.ExecutionDate)...)

	w.byHand(bram)
	if n, err := w.down.Close(ctx, two); err != nil || n != 4 {
		t.Fatalf("%d closed, %v", n, err)
	}
	w.giveTheRest(w.add(people.Merchant, "Soepkeuken", soup.IBAN))
	if n, err := w.down.Close(ctx, two); err != nil || n != 1 {
		t.Fatalf("%d closed in the end, %v", n, err)
	}
	w.wantNothing()
}

// byHand pays somebody without a bank account from the reserve in notes.
func (w *wijk) byHand(p people.Person) {
	w.t.Helper()
	all, err := w.bank.Payouts()
	w.ok(err)
	if len(all) != 1 || all[0].Account != p.Account {
		w.t.Fatalf("%d wait to be paid by hand", len(all))
	}
	w.do(ledger.Settle{Of: ledger.ID(all[0].Redemption)})
	w.euros -= int64(all[0].Cents) // fetched at the bank's counter
}

// giveTheRest gives what the wijkfonds has to a new account, and pays it out.
func (w *wijk) giveTheRest(last people.Person) {
	w.t.Helper()
	purpose := fund.Purpose{ID: fund.ID{1}, Name: "Soep", Need: true}
	w.ok(w.fund.AddPurpose(purpose))
	rest := w.plan().Fund
	_, err := w.fund.Give(ctx, ledger.Key{9}, fund.Draft{To: last.Account, Purpose: purpose.ID, Cents: rest}, two)
	w.ok(err)
	if g := w.ask(); g != (Group{}) {
		w.t.Errorf("a grant of today became euros today: %+v", g)
	}
	w.days(1)
	if g := w.ask(); g != (Group{1, rest}) {
		w.t.Errorf("the rest of %v was asked for as %+v", rest, g)
	}
	f := w.file()
	w.days(4)
	w.statement(sepa.BookPayments(f, f.ExecutionDate)...)
}

// wantNothing wants no cent, no grain and no account left.
func (w *wijk) wantNothing() {
	w.t.Helper()
	p := w.plan()
	if !p.Over() || p.Fund != 0 || p.Held != (Group{}) || p.Waiting != (Group{}) || w.euros != 0 {
		w.t.Errorf("left over: %+v, %d cents at the bank", p, w.euros)
	}
	w.ok(w.node.Read(func(v *node.View) error {
		grains, negative, err := v.Head().Fund(w.node.Today())
		if v.Head().Supply() != 0 || !grains.IsZero() || negative || len(v.Head().Holders) != 0 {
			w.t.Errorf("supply %v, fund %v grains", v.Head().Supply(), grains)
		}
		return err
	}))
}
