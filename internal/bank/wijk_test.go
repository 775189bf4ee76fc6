package bank

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/civil"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
)

// wijk is a small wijk with its ledger, its people and its bank.
type wijk struct {
	t      testing.TB
	fs     vfs.FS
	clock  *clock
	master vault.MasterKey

	node   *node.Node
	people *people.Directory
	bank   *Bank
}

// clock is moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// The bank accounts of the tests: a bank that does not exist.
const (
	reserveIBAN = "NL69TEST0000000001"
	annaIBAN    = "NL42TEST0000000002"
	bakerIBAN   = "NL20TEST0000000010"
	fietsIBAN   = "NL90TEST0000000011"
)

var (
	treasurer = record.ActorID{15: 1}
	desk      = record.Auth{By: record.ActorID{15: 2}, How: record.ByPIN}
	ctx       = context.Background()
)

// newWijk makes a ledger in which one hop makes Grulden convertible and a
// redemption costs 2 %, on Thursday 2 April 2026, the day before Good Friday.
func newWijk(t testing.TB, fs vfs.FS) *wijk {
	t.Helper()
	w := &wijk{t: t, fs: fs, clock: &clock{now: time.Date(2026, 4, 2, 10, 0, 0, 0, time.UTC)}}
	path := filepath.Join(t.TempDir(), "master.key")
	must(t, vault.CreateMasterKey(path))
	var err error
	w.master, err = vault.LoadMasterKey(path)
	must(t, err)
	must(t, node.Init("wijk", node.Settings{Coin: "Grulden", Wijk: "Voorbeeld"}, w.options()))
	w.open()
	p := ledger.DefaultPolicy()
	p.Hops, p.Fee = 1, 20_000_000
	w.do(ledger.SetPolicy{Policy: p})
	must(t, w.bank.SetReserve(Reserve{IBAN: "nl69 test 0000 0000 01", Name: "Stichting Voorbeeld"}))
	return w
}

// at is the same wijk on another disk, as a power cut left it.
func (w *wijk) at(t testing.TB, fs vfs.FS) *wijk {
	other := &wijk{t: t, fs: fs, clock: w.clock, master: w.master}
	other.open()
	return other
}

func (w *wijk) options() store.Options {
	return store.Options{FS: w.fs, MinFreeBytes: 1, Exit: func(reason string) {
		w.t.Error("wanted to exit:", reason)
		select {} // as a process that ended, it does nothing more
	}}
}

func (w *wijk) open() {
	w.t.Helper()
	var err error
	w.node, err = node.Open("wijk", node.Options{Store: w.options(), Clock: w.clock.Now})
	must(w.t, err)
	v, err := vault.New(w.node.Store(), w.master)
	must(w.t, err)
	w.people = people.New(v)
	w.bank, err = New(w.node, v, w.people)
	must(w.t, err)
}

func (w *wijk) close() {
	w.t.Helper()
	must(w.t, w.node.Close())
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *wijk) do(cmd ledger.Command) {
	w.t.Helper()
	r, err := w.node.Submit(ctx, node.Request{Auth: record.Auth{How: record.ByOperator}, Command: cmd})
	must(w.t, err)
	if r.Result != ledger.Applied {
		w.t.Fatalf("%+v: %v", cmd, r.Result)
	}
}

// person adds a person and opens the account.
func (w *wijk) person(role people.Role, name, iban string) people.Person {
	w.t.Helper()
	p := people.Person{ID: people.NewID(), Role: role, Name: name, IBAN: iban}
	if role == people.Merchant {
		p.Shop = name
	}
	if iban != "" {
		p.Vouched, p.NameCheck = true, people.NameCheck{On: w.clock.Now(), Result: people.NameMatches}
	}
	p, _, err := w.people.Add(p, "hash", w.clock.Now())
	must(w.t, err)
	w.do(ledger.Open{Account: p.Account, Owner: p.Owner, Role: string(role)})
	return p
}

func (w *wijk) resident(name string) people.Person { return w.person(people.Resident, name, "") }
func (w *wijk) shop(name, iban string) people.Person {
	return w.person(people.Merchant, name, iban)
}

// redemption lets a shop earn Grulden from a fresh top-up, and ask for them in
// euro.
func (w *wijk) redemption(n int, shop people.Person, amount ledger.Cents) ledger.ID {
	w.t.Helper()
	customer := w.resident(fmt.Sprint("Klant ", n))
	pay, redeem := ledger.ID{0: 'p', 15: byte(n)}, ledger.ID{0: 'r', 15: byte(n)}
	w.do(ledger.Issue{To: customer.Account, Amount: amount})
	w.do(ledger.Pay{ID: pay, From: customer.Account, To: shop.Account, Amount: amount})
	w.do(ledger.Redeem{ID: redeem, From: shop.Account, Amount: amount})
	return redeem
}

func (w *wijk) head() (h ledger.Head) {
	w.t.Helper()
	must(w.t, w.node.Read(func(v *node.View) error { h = *v.Head(); return nil }))
	return h
}

// has is what an account has now.
func (w *wijk) has(id ledger.AccountID) (cents ledger.Cents) {
	w.t.Helper()
	must(w.t, w.node.Read(func(v *node.View) error {
		b, err := v.Balance(id, w.node.Today())
		cents = ledger.ShownCents(b.Worth)
		return err
	}))
	return cents
}

func (w *wijk) progress(id ledger.ID) (p ledger.Progress) {
	w.t.Helper()
	must(w.t, w.node.Read(func(v *node.View) error {
		r, err := v.Redemption(id)
		p = r.Progress
		return err
	}))
	return p
}

// today is the present day for bookings.
func (w *wijk) today() sepa.Date { return sepa.Date(civil.Day(w.clock.Now())) }

// topUp is a credit with a description.
func (w *wijk) topUp(cents int64, text string) sepa.SimBooking {
	return sepa.SimBooking{Cents: cents, Credit: true, Day: w.today(), Name: "Anna Voorbeeld", IBAN: annaIBAN, Text: text}
}

// statement writes bookings as a file of the simulated bank, once their days
// have come.
func (w *wijk) statement(version int, bookings ...sepa.SimBooking) []byte {
	w.t.Helper()
	for _, b := range bookings {
		if ahead := b.Day - w.today(); ahead > 0 && !b.Pending {
			w.clock.add(time.Duration(ahead) * 24 * time.Hour)
		}
	}
	return write(w.t, sepa.SimStatement{
		Version: version, Account: reserveIBAN, ID: "S1", Sequence: 1, Created: w.clock.Now(), Opening: 500_00, Bookings: bookings,
	})
}

func write(t testing.TB, s sepa.SimStatement) []byte {
	t.Helper()
	var file bytes.Buffer
	must(t, sepa.WriteStatement(&file, s))
	return file.Bytes()
}

func (w *wijk) take(file []byte) *Outcome {
	w.t.Helper()
	o, err := w.bank.Import(ctx, file, treasurer)
	must(w.t, err)
	return o
}

// one is the only entry of an import.
func (w *wijk) one(file []byte) *Entry {
	w.t.Helper()
	o := w.take(file)
	if len(o.Entries) != 1 {
		w.t.Fatalf("%d entries", len(o.Entries))
	}
	return o.Entries[0]
}

func (e *Entry) show() string {
	if e == nil {
		return "no entry"
	}
	return fmt.Sprintf("%s %v %v %s %s account %d seq %d", e.Day, e.Cents, e.Credit, e.State, e.Reason, e.Account, e.Seq)
}

func wantState(t testing.TB, e *Entry, s State, r Reason) {
	t.Helper()
	if e.State != s || e.Reason != r {
		t.Fatalf("%s, want %s %s", e.show(), s, r)
	}
}

func wantErr(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("%v, want: %v", got, want)
	}
}

func wantCents(t testing.TB, what string, got, want ledger.Cents) {
	t.Helper()
	if got != want {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
}
