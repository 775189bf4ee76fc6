package rewards

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/bank"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/internal/store"
	"grulden/internal/testwijk"
	"grulden/internal/vault"
	"grulden/ledger"
)

const reserveIBAN = "NL69TEST0000000001"

var (
	ctx       = context.Background()
	treasurer = record.Auth{By: record.ActorID{15: 1}, How: record.ByPIN}
	two       = record.Auth{By: record.ActorID{15: 2}, How: record.ByTwo}
	fund      = ID{15: 7}
)

// wijk is a small wijk with a book of rewards.
type wijk struct {
	t      testing.TB
	fs     vfs.FS
	now    time.Time
	master vault.MasterKey
	node   *node.Node
	bank   *bank.Bank
	book   *Book
	last   ledger.AccountID
}

func newWijk(t testing.TB, fs vfs.FS) *wijk {
	t.Helper()
	w := &wijk{t: t, fs: fs, now: time.Date(2026, 4, 2, 10, 0, 0, 0, time.UTC)}
	path := filepath.Join(t.TempDir(), "master.key")
	must(t, vault.CreateMasterKey(path))
	var err error
	w.master, err = vault.LoadMasterKey(path)
	must(t, err)
	must(t, node.Init("wijk", node.Settings{Coin: "Grulden", Wijk: "Voorbeeld"}, w.options()))
	w.open()
	w.do(ledger.SetPolicy{Policy: ledger.DefaultPolicy()})
	must(t, w.bank.SetReserve(bank.Reserve{IBAN: reserveIBAN, Name: "Stichting Voorbeeld"}))
	return w
}

func (w *wijk) options() store.Options { return store.Options{FS: w.fs, MinFreeBytes: 1} }

func (w *wijk) open() {
	w.t.Helper()
	var err error
	w.node, err = node.Open("wijk", node.Options{Store: w.options(), Clock: func() time.Time { return w.now }})
	must(w.t, err)
	v, err := vault.New(w.node.Store(), w.master)
	must(w.t, err)
	w.bank, err = bank.New(w.node, v, people.New(v))
	must(w.t, err)
	w.book, err = New(w.node, v, w.bank)
	must(w.t, err)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantErr(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("%v, want: %v", got, want)
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

func (w *wijk) resident() ledger.AccountID {
	w.last++
	w.do(ledger.Open{Account: w.last, Owner: ledger.OwnerID(w.last), Role: "resident"})
	return w.last
}

// source makes a source of some kind with so many cents from one bank entry.
func (w *wijk) source(kind Kind, cents int64) ID {
	w.t.Helper()
	must(w.t, w.book.AddSource(fund, "Gemeente Voorbeeld", kind, treasurer))
	entry := w.credit(cents, "subsidie")
	for range 2 {
		must(w.t, w.book.Fill(fund, entry, treasurer))
	}
	return entry
}

func (w *wijk) credit(cents int64, text string) ID {
	w.t.Helper()
	var file bytes.Buffer
	must(w.t, sepa.WriteStatement(&file, sepa.SimStatement{
		Version: 8, Account: reserveIBAN, ID: "S1", Sequence: 1, Created: w.now, Opening: 5000_00,
		Bookings: []sepa.SimBooking{{Cents: cents, Credit: true, Day: sepa.Date(w.node.Today()), Text: text}},
	}))
	o, err := w.bank.Import(ctx, file.Bytes(), treasurer.By)
	must(w.t, err)
	return o.Entries[0].ID
}

func (w *wijk) prepare(id byte, lines ...Line) *List {
	w.t.Helper()
	for i := range lines {
		lines[i].Row = i + 1
	}
	l, err := w.book.Prepare(ID{id}, fund, "mei.csv", lines, treasurer)
	must(w.t, err)
	return l
}

func (w *wijk) pay(id byte) *List {
	w.t.Helper()
	must(w.t, w.book.Start(ID{id}, two))
	must(w.t, w.book.Run(ctx))
	l, err := w.book.List(ID{id})
	must(w.t, err)
	return l
}

func fates(l *List) (all []Fate) {
	for _, line := range l.Lines {
		all = append(all, line.Fate)
	}
	return all
}

// stands checks what a source has.
func (w *wijk) stands(in, paid, left ledger.Cents) {
	w.t.Helper()
	s, err := w.book.Source(fund)
	must(w.t, err)
	if s.In != in || s.Paid != paid || s.Left() != left {
		w.t.Fatalf("in %v, paid %v, left %v; want %v, %v, %v", s.In, s.Paid, s.Left(), in, paid, left)
	}
}

func TestAListIsPreviewedAndThenPaidOnce(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	w.source(Gift, 100_00)
	anna, ben := w.resident(), w.resident()
	l := w.prepare(1, Line{To: anna, Amount: 30_00, Text: "a"}, Line{To: ben, Amount: 20_00}, Line{To: anna, Amount: 30_00, Text: "a"}, Line{Amount: 5_00}, Line{To: ben})
	want := []Fate{Good, Good, Twice, Nobody, BadAmount}
	if !slices.Equal(fates(l), want) || l.Sum != 50_00 || l.Count != 2 {
		t.Fatalf("%v, sum %v of %d", fates(l), l.Sum, l.Count)
	}
	w.stands(100_00, 0, 100_00)
	wantErr(t, w.book.Start(ID{1}, treasurer), ErrTwo)
	for range 2 {
		l = w.pay(1)
	}
	dealt, paid := l.Dealt()
	if !slices.Equal(fates(l), []Fate{Paid, Paid, Twice, Nobody, BadAmount}) || dealt != 2 || paid != 2 || !l.Finished {
		t.Fatalf("%v, %d dealt, %d paid", fates(l), dealt, paid)
	}
	w.stands(100_00, 50_00, 50_00)
	got, err := w.book.Of(anna, 0, w.node.Today())
	must(t, err)
	if len(got) != 1 || got[0].Cents != 30_00 || got[0].Source != fund || got[0].Seq == 0 {
		t.Fatalf("Anna got %+v", got)
	}
	unspent, err := w.book.Unspent()
	must(t, err)
	if unspent != 50_00 {
		t.Fatalf("unspent %v", unspent)
	}
	must(t, w.node.Close())
}

func TestAListOverItsSourceIsRefusedWhole(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	w.source(Gift, 40_00)
	anna := w.resident()
	w.prepare(1, Line{To: anna, Amount: 40_01})
	wantErr(t, w.book.Check(ID{1}), ErrShort)
	wantErr(t, w.book.Start(ID{1}, two), ErrShort)
	w.prepare(2, Line{To: anna, Amount: 25_00})
	w.prepare(3, Line{To: anna, Amount: 25_00})
	must(t, w.book.Check(ID{3}))
	must(t, w.book.Start(ID{2}, two)) // what it holds, the next one cannot have
	wantErr(t, w.book.Start(ID{3}, two), ErrShort)
	w.prepare(4, Line{Amount: 1})
	wantErr(t, w.book.Check(ID{4}), ErrEmpty)
	must(t, w.book.Run(ctx))
	w.stands(40_00, 25_00, 15_00)
	must(t, w.node.Close())
}

func TestMoneyOfASourceIsNobodysTopUp(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	entry := w.source(Gift, 40_00)
	_, err := w.bank.MatchByHand(ctx, entry, w.resident(), treasurer)
	wantErr(t, err, bank.ErrNotMatchable)
	must(t, w.book.AddSource(ID{8}, "Fonds", Gift, treasurer))
	wantErr(t, w.book.Fill(ID{8}, entry, treasurer), bank.ErrAssigned)
	wantErr(t, w.book.Fill(ID{9}, entry, treasurer), ErrUnknown)
	wantErr(t, w.book.AddSource(ID{9}, " ", Gift, treasurer), ErrName)
	wantErr(t, w.book.AddSource(ID{9}, "x", "loan", treasurer), ErrKind)
	w.stands(40_00, 0, 40_00)
	must(t, w.node.Close())
}

func TestARewardOverTheMonthOrYearIsRefusedAndTheRestGoesOn(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	w.source(Reward, 5000_00)
	anna, ben := w.resident(), w.resident()
	rules := node.DefaultRules()
	rules.RewardMonth, rules.RewardYear = 210_00, 300_00
	must(t, w.node.SetRules(w.node.Today(), rules))
	l := w.prepare(1, Line{To: anna, Amount: 200_00}, Line{To: anna, Amount: 10_01}, Line{To: ben, Amount: 210_00}, Line{To: anna, Amount: 10_00})
	if want := []Fate{Good, OverMonth, Good, Good}; !slices.Equal(fates(l), want) {
		t.Fatalf("%v", fates(l))
	}
	w.pay(1)
	w.now = time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)
	w.prepare(2, Line{To: anna, Amount: 90_01}, Line{To: anna, Amount: 90_00})
	w.prepare(3, Line{To: anna, Amount: 50_00})
	if l := w.pay(2); !slices.Equal(fates(l), []Fate{OverYear, Paid}) {
		t.Fatalf("%v", fates(l))
	}
	// It was within the limit when it was prepared, and no longer is.
	if l := w.pay(3); !slices.Equal(fates(l), []Fate{OverYear}) || l.Paid != 0 || !l.Finished {
		t.Fatalf("%v", fates(l))
	}
	w.stands(5000_00, 510_00, 4490_00)
	w.now = time.Date(2027, 1, 4, 10, 0, 0, 0, time.UTC)
	if l := w.prepare(4, Line{To: anna, Amount: 210_00}); l.Lines[0].Fate != Good {
		t.Fatalf("in the next year: %v", fates(l))
	}
	must(t, w.node.Close())
}

func TestALineThatTheLedgerRefusesIsToldAndItsMoneyStays(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	w.source(Support, 100_00)
	anna, gone := w.resident(), w.resident()
	w.prepare(1, Line{To: gone, Amount: 10_00}, Line{To: anna, Amount: 10_00})
	w.do(ledger.Close{Account: gone})
	if l := w.pay(1); !slices.Equal(fates(l), []Fate{Fate(ledger.AccountClosed.Code()), Paid}) {
		t.Fatalf("%v", fates(l))
	}
	w.stands(100_00, 10_00, 90_00)
	must(t, w.node.Close())
}

func TestAPowerCutInAListPaysEachLineOnce(t *testing.T) {
	disk := testwijk.NewDisk()
	w := newWijk(t, disk.FS())
	w.source(Reward, 500_00)
	anna, ben := w.resident(), w.resident()
	disk.Begin()
	w.prepare(1, Line{To: anna, Amount: 200_00}, Line{To: anna, Amount: 20_00, Text: "te veel"}, Line{To: ben, Amount: 5_00}, Line{To: anna, Amount: 10_00})
	w.pay(1)
	must(t, w.node.Close())
	cuts := disk.Cuts()
	if len(cuts) < 5 {
		t.Errorf("only %d cuts", len(cuts))
	}
	for _, fs := range cuts {
		again := &wijk{t: t, fs: fs, now: w.now, master: w.master}
		again.open()
		again.prepare(1, Line{To: anna, Amount: 200_00}, Line{To: anna, Amount: 20_00, Text: "te veel"}, Line{To: ben, Amount: 5_00}, Line{To: anna, Amount: 10_00})
		if l := again.pay(1); !slices.Equal(fates(l), []Fate{Paid, OverMonth, Paid, Paid}) || l.Paid != 215_00 {
			t.Fatalf("%v, paid %v", fates(l), l.Paid)
		}
		again.stands(500_00, 215_00, 285_00)
		got, err := again.book.Of(anna, 0, again.node.Today())
		must(t, err)
		if len(got) != 2 {
			t.Fatalf("Anna got %d times", len(got))
		}
		must(t, again.node.Close())
	}
}
