package books

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/bank"
	"grulden/internal/cash"
	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/rewards"
	"grulden/internal/sepa"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
)

const reserveIBAN = "NL69TEST0000000001"

var (
	ctx       = context.Background()
	desk      = record.Auth{By: record.ActorID{15: 2}, How: record.ByPIN}
	treasurer = record.Auth{By: record.ActorID{15: 1}, How: record.ByPIN}
	both      = record.Auth{By: record.ActorID{15: 3}, How: record.ByTwo}
)

// town is a wijk with its real ledger, bank, cash box and lists, and a bank that
// keeps its own account of the reserve.
type town struct {
	t         *testing.T
	now       time.Time
	rng       *rand.Rand
	places    Places
	people    *people.Directory
	residents []people.Person
	shops     []people.Person
	ids       int

	atBank  int64 // the bank's own balance
	files   [][]byte
	due     []sepa.SimBooking // what the bank books next
	carried []bank.ID         // cash on its way
	costs   ledger.Cents
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newTown(t *testing.T, seed uint64) *town {
	t.Helper()
	w := &town{t: t, now: time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC), rng: rand.New(rand.NewPCG(seed, 7)), atBank: 250_00}
	options := store.Options{FS: vfs.NewMem(), MinFreeBytes: 1}
	must(t, node.Init("wijk", node.Settings{Coin: "Grulden", Wijk: "Voorbeeld"}, options))
	n, err := node.Open("wijk", node.Options{Store: options, Clock: func() time.Time { return w.now }})
	must(t, err)
	t.Cleanup(func() { must(t, n.Close()) })
	file := filepath.Join(t.TempDir(), "master.key")
	must(t, vault.CreateMasterKey(file))
	key, err := vault.LoadMasterKey(file)
	must(t, err)
	v, err := vault.New(n.Store(), key)
	must(t, err)
	w.people = people.New(v)
	w.places.Node = n
	w.places.Bank, err = bank.New(n, v, w.people)
	must(t, err)
	log, err := logbook.New(n, v)
	must(t, err)
	w.places.Box, err = cash.New(n, v, w.people, w.places.Bank, log)
	must(t, err)
	w.places.Lists, err = rewards.New(n, v, w.places.Bank)
	must(t, err)
	must(t, w.places.Bank.SetReserve(bank.Reserve{IBAN: reserveIBAN, Name: "Stichting Voorbeeld"}))
	p := ledger.DefaultPolicy()
	p.Hops, p.Fee = 1, 10_000_000
	w.do(ledger.SetPolicy{Policy: p}, record.Auth{How: record.ByOperator})
	for i := range 12 {
		w.residents = append(w.residents, w.person(people.Person{Role: people.Resident, Name: fmt.Sprint("Bewoner ", i)}))
	}
	for i, iban := range []string{"NL20TEST0000000010", "NL90TEST0000000011"} {
		shop := w.person(people.Person{Role: people.Merchant, Name: "Baas", Shop: fmt.Sprint("Winkel ", i)})
		shop, err = w.people.SetBankAccount(shop.ID, people.BankAccount{IBAN: iban, Name: shop.Shop, Check: people.NameCheck{On: w.now, Result: people.CheckResults()[0]}})
		must(t, err)
		w.shops = append(w.shops, shop)
	}
	return w
}

func (w *town) id() bank.ID {
	w.ids++
	return bank.ID{0: 'y', 13: byte(w.ids >> 16), 14: byte(w.ids >> 8), 15: byte(w.ids)}
}

func (w *town) do(cmd ledger.Command, auth record.Auth) bool {
	w.t.Helper()
	r, err := w.places.Node.Submit(ctx, node.Request{Auth: auth, Command: cmd})
	must(w.t, err)
	return r.Result == ledger.Applied
}

func (w *town) person(p people.Person) people.Person {
	w.t.Helper()
	p.ID = people.NewID()
	p, _, err := w.people.Add(p, "hash", w.now)
	must(w.t, err)
	if !w.do(ledger.Open{Account: p.Account, Owner: p.Owner, Role: string(p.Role)}, desk) {
		w.t.Fatal("no account for ", p.Name)
	}
	return p
}

func (w *town) anybody() people.Person { return w.residents[w.rng.IntN(len(w.residents))] }

// week lets a week pass: people pay in and pay, shops ask for euros, and on
// Friday the bank's statement of the week is taken in.
func (w *town) week(n int) {
	for range 6 {
		who := w.anybody()
		top := sepa.SimBooking{Cents: int64(5_00 + w.rng.IntN(40_00)), Credit: true, Name: who.Name, IBAN: "NL42TEST0000000002", Reference: who.Reference, BankRef: fmt.Sprint("T", n, "-", len(w.due))}
		if w.rng.IntN(5) == 0 {
			top.Reference, top.Text = "", "vergeten kenmerk"
		}
		w.due = append(w.due, top)
	}
	for range 4 {
		_, err := w.places.Box.TakeIn(ctx, w.id(), w.anybody().ID, ledger.Cents(5_00+w.rng.IntN(20_00)), desk)
		must(w.t, err)
	}
	for range 25 {
		from, to := w.anybody(), w.shops[w.rng.IntN(len(w.shops))]
		if w.rng.IntN(4) == 0 {
			to = w.anybody()
		}
		w.do(ledger.Pay{ID: ledger.ID(w.id()), From: from.Account, To: to.Account, Amount: ledger.Cents(1_00 + w.rng.IntN(30_00))}, desk)
	}
	w.box(n)
	w.payouts(n)
	if n%13 == 5 {
		w.due = append(w.due, sepa.SimBooking{Cents: 9_95, Name: "Bank", Text: "Kosten", BankRef: fmt.Sprint("K", n)})
		w.costs += 9_95
	}
	if n%10 == 3 {
		w.do(ledger.Grant{To: w.anybody().Account, Amount: 10}, both)
	}
	w.now = w.now.AddDate(0, 0, 4)
	w.statement(n)
	w.now = w.now.AddDate(0, 0, 3)
}

// box counts the box, now and then with a coin too few or too many, and has what
// is in it brought to the bank every other week.
func (w *town) box(n int) {
	now, err := w.places.Box.Balance()
	must(w.t, err)
	found := now.Box + []ledger.Cents{0, 0, -2_00, 0, 50, 0}[n%6]
	var pieces []cash.Pieces
	for _, face := range cash.Faces() {
		if found >= face {
			pieces = append(pieces, cash.Pieces{Cents: face, Count: int64(found / face)})
			found %= face
		}
	}
	_, err = w.places.Box.Count(ctx, w.id(), pieces, "geteld", desk)
	must(w.t, err)
	if n%2 == 1 || now.Box < 50_00 {
		return
	}
	id := w.id()
	_, err = w.places.Box.Leave(ctx, id, 50_00, "naar de bank", desk)
	must(w.t, err)
	w.carried = append(w.carried, id)
	seen := int64(50_00)
	if n%8 == 2 {
		seen -= 5_00 // the bank found a false note
	}
	w.due = append(w.due, sepa.SimBooking{Cents: seen, Credit: true, Name: "Storting", Text: "kas " + id.String(), BankRef: "S" + id.String()[20:]})
}

// payouts lets shops ask for what they may, pays it, and lets the bank send one
// in eight back.
func (w *town) payouts(n int) {
	for _, shop := range w.shops {
		w.do(ledger.Redeem{ID: ledger.ID(w.id()), From: shop.Account, Amount: ledger.Cents(20_00 + w.rng.IntN(60_00))}, desk)
	}
	all, err := w.places.Bank.Payouts()
	must(w.t, err)
	for _, p := range all {
		if p.Approved == nil && p.Batch == "" {
			must(w.t, w.places.Bank.Approve(ledger.ID(p.Redemption), treasurer.By))
		}
	}
	x, err := w.places.Bank.Export(treasurer.By)
	if err != nil {
		return // nobody asked for anything
	}
	if x.Batch.State == bank.BatchDraft {
		must(w.t, w.places.Bank.Release(x.Batch.ID, people.ID(treasurer.By), people.ID(both.By)))
	}
	f, err := sepa.ReadPayments(bytes.NewReader(x.File), sepa.Limits{})
	must(w.t, err)
	for i, debit := range sepa.BookPayments(f, f.ExecutionDate) {
		debit.BankRef += fmt.Sprint("-", n)
		w.due = append(w.due, debit)
		if (n+i)%8 == 4 {
			w.due = append(w.due, debit.Returned(f.ExecutionDate, "AC04"))
		}
	}
}

// statement takes in what the bank booked, now and then twice and with the week
// before once more, and looks into what waits.
func (w *town) statement(n int) {
	day := sepa.Date(w.places.Node.Today())
	for i := range w.due {
		w.due[i].Day = day
	}
	s := sepa.SimStatement{Version: 8, Account: reserveIBAN, ID: fmt.Sprint("W", n), Sequence: n + 1, Created: w.now, Opening: w.atBank, Bookings: w.due}
	w.atBank, w.due = s.Closing(), nil
	var file bytes.Buffer
	must(w.t, sepa.WriteStatement(&file, s))
	w.files = append(w.files, file.Bytes())
	for _, again := range w.files[max(0, len(w.files)-1-n%3):] {
		_, err := w.places.Bank.Import(ctx, again, treasurer.By)
		must(w.t, err)
	}
	must(w.t, w.places.Bank.Each(func(e *bank.Entry) error {
		if e.State == bank.Unmatched || e.State == bank.Unexplained {
			return w.lookInto(e.ID, n)
		}
		return nil
	}))
}

// lookInto says what an entry was that the bank did not say. One in four is left
// for another week.
func (w *town) lookInto(id bank.ID, n int) error {
	e, err := w.places.Bank.Entry(id)
	if err != nil {
		return err
	}
	switch {
	case !e.Credit:
		_, err = w.places.Bank.Assign(id, bank.ForCosts, bank.ID{}, treasurer)
	case e.Name == "Storting":
		of := w.carried[0]
		w.carried = w.carried[1:]
		_, err = w.places.Box.Arrive(ctx, w.id(), of, id, treasurer)
	case e.Name == "Gemeente":
		must(w.t, w.places.Lists.AddSource(bank.ID{1}, "Gemeente", rewards.Gift, treasurer))
		err = w.places.Lists.Fill(bank.ID{1}, id, treasurer)
	case n%4 != 0:
		_, err = w.places.Bank.MatchByHand(ctx, id, w.anybody().Account, treasurer)
	}
	return err
}

// gift hands the municipality's money out by a list that two people agreed on.
func (w *town) gift() {
	list := w.id()
	var lines []rewards.Line
	for i, p := range w.residents[:5] {
		lines = append(lines, rewards.Line{Row: i + 1, To: p.Account, Amount: 20_00})
	}
	_, err := w.places.Lists.Prepare(list, bank.ID{1}, "lijst.csv", lines, treasurer)
	must(w.t, err)
	must(w.t, w.places.Lists.Start(list, both))
	must(w.t, w.places.Lists.Run(ctx))
}

// sources are the sources of the books as they are now.
func (w *town) sources(fn func(*Sources)) {
	w.t.Helper()
	must(w.t, w.places.Node.Read(func(v *node.View) error {
		src, err := w.places.Sources(v)
		if err == nil {
			fn(src)
		}
		return err
	}))
}

func TestAYearOfAWijkAgreesToTheCent(t *testing.T) {
	for seed := range uint64(3) {
		w := newTown(t, seed)
		for n := range 53 {
			if n == 20 {
				w.due = append(w.due, sepa.SimBooking{Cents: 150_00, Credit: true, Name: "Gemeente", Text: "voor vrijwilligers", BankRef: "G1"})
			}
			if n == 22 {
				w.gift()
			}
			w.week(n)
		}
		w.agrees()
	}
}

// agrees holds reserve, books, ledger and bank against each other.
func (w *town) agrees() {
	w.t.Helper()
	now, err := w.places.Reserve()
	must(w.t, err)
	box, err := w.places.Box.Balance()
	must(w.t, err)
	held, err := w.places.Bank.Reconcile()
	must(w.t, err)
	if int64(now.Bank) != w.atBank || now.Box != box.Box {
		w.t.Errorf("the reserve has %v at the bank and %v in the box; the bank says %v and the box %v", now.Bank, now.Box, ledger.Cents(w.atBank), box.Box)
	}
	if held.Gap != 0 {
		w.t.Errorf("a statement is missing: %+v", held)
	}
	w.sources(func(src *Sources) {
		end, err := Post(src, nil)
		must(w.t, err)
		for _, tie := range end.Ties(src)[:4] {
			if !tie.Holds() {
				w.t.Errorf("%s: the books say %v, and there is %v", tie.Name, tie.Books, tie.Other)
			}
		}
		if end.Have() != now.Have() || end.Owed() != now.Owed() {
			w.t.Errorf("the books have %v for %v, and the reserve %v for %v", end.Have(), end.Owed(), now.Have(), now.Owed())
		}
		// All that is not covered one for one is known: what was there at the
		// start, what the bank asked, and what the box missed.
		if own, want := now.Have()-now.Owed(), 250_00-w.costs+box.Differences; own != want {
			w.t.Errorf("%v more than is owed, want %v: costs %v, differences %v", own, want, w.costs, box.Differences)
		}
		if alarms := end.Alarms(); len(alarms) != 0 {
			w.t.Errorf("alarms: %v", alarms)
		}
		audit, err := Examine(src, func(f Finding) error {
			if f.Grade == Red {
				w.t.Errorf("red: %+v", f)
			}
			return nil
		})
		must(w.t, err)
		for _, what := range []What{WhatIssue, WhatSettle, WhatReopen, WhatReject, WhatGrant, WhatReceipt, WhatCash} {
			if audit.Sums[what].Count == 0 {
				w.t.Errorf("in a year nothing of kind %s happened", what)
			}
		}
	})
}
