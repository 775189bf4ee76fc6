package cash

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/bank"
	"grulden/internal/logbook"
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
	desk      = record.Auth{By: record.ActorID{15: 2}, How: record.ByPIN}
	treasurer = record.Auth{By: record.ActorID{15: 1}, How: record.ByPIN}
)

// wijk is a small wijk with a cash box.
type wijk struct {
	t       testing.TB
	fs      vfs.FS
	now     time.Time
	master  vault.MasterKey
	node    *node.Node
	people  *people.Directory
	bank    *bank.Bank
	box     *Box
	logbook *logbook.Book
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
	w.people = people.New(v)
	w.bank, err = bank.New(w.node, v, w.people)
	must(w.t, err)
	w.logbook, err = logbook.New(w.node, v)
	must(w.t, err)
	w.box, err = New(w.node, v, w.people, w.bank, w.logbook)
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

func (w *wijk) resident(name string) people.Person {
	w.t.Helper()
	p, _, err := w.people.Add(people.Person{ID: people.NewID(), Role: people.Resident, Name: name}, "hash", w.now)
	must(w.t, err)
	w.do(ledger.Open{Account: p.Account, Owner: p.Owner, Role: string(p.Role)})
	return p
}

// credit takes a statement with one entry in, and returns the entry.
func (w *wijk) booked(b sepa.SimBooking) *bank.Entry {
	w.t.Helper()
	b.Day = sepa.Date(w.node.Today())
	var file bytes.Buffer
	must(w.t, sepa.WriteStatement(&file, sepa.SimStatement{
		Version: 8, Account: reserveIBAN, ID: "S1", Sequence: 1, Created: w.now, Opening: 5000_00, Bookings: []sepa.SimBooking{b},
	}))
	o, err := w.bank.Import(ctx, file.Bytes(), treasurer.By)
	must(w.t, err)
	return o.Entries[0]
}

// holds checks what ought to be in the box, on its way, and found different.
func (w *wijk) holds(box, transit, differences ledger.Cents) {
	w.t.Helper()
	b, err := w.box.Balance()
	must(w.t, err)
	if b.Box != box || b.Transit != transit || b.Differences != differences {
		w.t.Fatalf("box %v, transit %v, differences %v; want %v, %v, %v", b.Box, b.Transit, b.Differences, box, transit, differences)
	}
}

func (w *wijk) issued() (sum ledger.Cents) {
	w.t.Helper()
	must(w.t, w.node.Read(func(v *node.View) error { sum = v.Head().Issued; return nil }))
	return sum
}

func TestCashBecomesGruldenOnceAgainstAReceipt(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	anna := w.resident("Anna Voorbeeld")
	for range 2 {
		m, err := w.box.TakeIn(ctx, ID{1}, anna.ID, 50_00, desk)
		must(t, err)
		if m.Number != 1 || m.Seq == 0 || !m.Done {
			t.Fatalf("%+v", m)
		}
	}
	_, err := w.box.TakeIn(ctx, ID{1}, anna.ID, 60_00, desk)
	wantErr(t, err, ErrOtherUse)
	w.holds(50_00, 0, 0)
	if w.issued() != 50_00 {
		t.Fatalf("issued %v", w.issued())
	}
	must(t, w.node.Close())
}

func TestCashOverTheMonthIsRefusedBeforeItIsTakenIn(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	anna := w.resident("Anna Voorbeeld")
	_, err := w.box.TakeIn(ctx, ID{1}, anna.ID, 400_00, desk)
	must(t, err)
	_, err = w.box.TakeIn(ctx, ID{2}, anna.ID, 100_01, desk)
	wantErr(t, err, ErrOverMonth)
	w.holds(400_00, 0, 0)
	room, err := w.box.Room(anna.Account)
	must(t, err)
	if room != 100_00 {
		t.Fatalf("room for %v", room)
	}
	w.now = time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)
	_, err = w.box.TakeIn(ctx, ID{2}, anna.ID, 100_01, desk)
	must(t, err)
	w.holds(500_01, 0, 0)
	must(t, w.node.Close())
}

func TestACountBooksTheDifferenceForEver(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	_, err := w.box.TakeIn(ctx, ID{1}, w.resident("Anna Voorbeeld").ID, 50_00, desk)
	must(t, err)
	m, err := w.box.Count(ctx, ID{2}, []Pieces{{20_00, 2}, {5_00, 1}, {50, 1}}, "wisselgeld?", treasurer)
	must(t, err)
	if m.Difference != -4_50 || m.Why != "wisselgeld?" {
		t.Fatalf("difference %v, why %q", m.Difference, m.Why)
	}
	w.holds(45_50, 0, -4_50)
	_, err = w.box.Count(ctx, ID{3}, []Pieces{{20_00, 2}, {5_00, 1}, {50, 1}}, "", desk)
	must(t, err)
	w.holds(45_50, 0, -4_50)
	for _, bad := range [][]Pieces{{{3_00, 1}}, {{5_00, -1}}, {{5_00, 1}, {5_00, 2}}, {{5_00, maxPieces + 1}}} {
		_, err = w.box.Count(ctx, ID{4}, bad, "", desk)
		wantErr(t, err, ErrPieces)
	}
	all, err := w.box.Movements(0, 0)
	must(t, err)
	acts, err := w.logbook.List(0, 10)
	must(t, err)
	if len(acts) != 3 || acts[2].Kind != "cash-topup" || acts[2].Person == (people.ID{}) || acts[1].Kind != "cash-counted" || acts[1].Fact("difference") != "-4.50" || acts[1].Why != "wisselgeld?" {
		t.Fatalf("the logbook has %+v", acts)
	}
	if len(all) != 3 || all[1].Why != "wisselgeld?" {
		t.Fatalf("%d movements", len(all))
	}
	must(t, w.node.Close())
}

func TestCashIsInTransitUntilTheBankShowsIt(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	_, err := w.box.TakeIn(ctx, ID{1}, w.resident("Anna Voorbeeld").ID, 300_00, desk)
	must(t, err)
	_, err = w.box.Leave(ctx, ID{2}, 300_01, "", desk)
	wantErr(t, err, ErrShort)
	_, err = w.box.Leave(ctx, ID{2}, 250_00, "zakje 12", desk)
	must(t, err)
	w.holds(50_00, 250_00, 0)
	e := w.booked(sepa.SimBooking{Cents: 245_00, Credit: true, Text: "STORTING"})
	_, err = w.box.Arrive(ctx, ID{3}, ID{2}, e.ID, desk)
	wantErr(t, err, ErrSamePerson)
	m, err := w.box.Arrive(ctx, ID{3}, ID{2}, e.ID, treasurer)
	must(t, err)
	if m.Difference != -5_00 {
		t.Fatalf("difference %v", m.Difference)
	}
	w.holds(50_00, 0, -5_00)
	_, err = w.box.Arrive(ctx, ID{4}, ID{2}, e.ID, treasurer)
	wantErr(t, err, ErrArrived)
	if e, err = w.bank.Entry(e.ID); err != nil || e.State != bank.Assigned || e.Of != (ID{2}) {
		t.Fatalf("the bank's entry is %s, of %v: %v", e.State, e.Of, err)
	}
	_, err = w.bank.MatchByHand(ctx, e.ID, 1, desk)
	wantErr(t, err, bank.ErrNotMatchable)
	must(t, w.node.Close())
}

func TestChangeFetchedFromTheBankComesIntoTheBox(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	_, err := w.box.Leave(ctx, ID{2}, -100_00, "wisselgeld", desk)
	must(t, err)
	w.holds(100_00, -100_00, 0)
	in := w.booked(sepa.SimBooking{Cents: 100_00, Credit: true, Text: "iets anders"})
	_, err = w.box.Arrive(ctx, ID{3}, ID{2}, in.ID, treasurer)
	wantErr(t, err, ErrDirection)
	out := w.booked(sepa.SimBooking{Cents: 100_00, Text: "GELDOPNAME"})
	_, err = w.box.Arrive(ctx, ID{3}, ID{2}, out.ID, treasurer)
	must(t, err)
	w.holds(100_00, 0, 0)
	if left, err := w.box.InTransit(); err != nil || len(left) != 0 {
		t.Fatalf("%d in transit: %v", len(left), err)
	}
	must(t, w.node.Close())
}

func TestCashForABlockedOrUnknownPurseIsGivenBack(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	gone := w.resident("Weg Voorbeeld")
	w.do(ledger.Close{Account: gone.Account})
	_, err := w.box.TakeIn(ctx, ID{1}, gone.ID, 10_00, desk)
	var refused *bank.Refused
	if !errors.As(err, &refused) || refused.Result != ledger.AccountClosed {
		t.Fatal(err)
	}
	_, err = w.box.TakeIn(ctx, ID{1}, people.NewID(), 10_00, desk)
	wantErr(t, err, ErrNobody)
	w.holds(0, 0, 0)
	must(t, w.node.Close())
}

func TestAPowerCutLeavesBoxAndLedgerAlike(t *testing.T) {
	disk := testwijk.NewDisk()
	w := newWijk(t, disk.FS())
	anna := w.resident("Anna Voorbeeld")
	e := w.booked(sepa.SimBooking{Cents: 20_00, Credit: true, Text: "STORTING"})
	day := func(w *wijk) {
		_, err := w.box.TakeIn(ctx, ID{1}, anna.ID, 50_00, desk)
		must(t, err)
		_, err = w.box.Leave(ctx, ID{2}, 20_00, "", desk)
		must(t, err)
		_, err = w.box.Arrive(ctx, ID{3}, ID{2}, e.ID, treasurer)
		must(t, err)
		_, err = w.box.Count(ctx, ID{4}, []Pieces{{10_00, 2}}, "", desk)
		must(t, err)
		w.holds(20_00, 0, -10_00)
		if w.issued() != 50_00 {
			t.Fatalf("issued %v", w.issued())
		}
	}
	disk.Begin()
	day(w)
	must(t, w.node.Close())
	cuts := disk.Cuts()
	if len(cuts) < 8 {
		t.Errorf("only %d cuts", len(cuts))
	}
	for _, fs := range cuts {
		again := &wijk{t: t, fs: fs, now: w.now, master: w.master}
		again.open()
		b, err := again.box.Balance()
		must(t, err)
		if b.Last != nil && (!b.Last.Done || again.issued() != 50_00) {
			t.Fatalf("after opening: %+v, issued %v", b.Last, again.issued())
		}
		day(again)
		must(t, again.node.Close())
	}
}
