package bank

import (
	"errors"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/ledger"
)

// day is the statement of a day, which follows on the one before it.
func (w *wijk) day(opening *int64, bookings ...sepa.SimBooking) []byte {
	w.t.Helper()
	s := sepa.SimStatement{
		Version: 8, Account: reserveIBAN, ID: "D" + w.today().String(), Created: w.clock.Now(), Opening: *opening, Bookings: bookings,
	}
	for i := range s.Bookings {
		s.Bookings[i].Day = w.today()
	}
	*opening = s.Closing()
	return write(w.t, s)
}

// wantParts holds a comparison against parts, where all others are nought.
func wantParts(t testing.TB, r *Reconciliation, difference, gap ledger.Cents, want map[PartName]ledger.Cents) {
	t.Helper()
	if r == nil {
		t.Fatal("nothing was compared")
	}
	for _, p := range r.Parts {
		if p.Cents != want[p.Name] {
			t.Errorf("%s is %v, want %v", p.Name, p.Cents, want[p.Name])
		}
	}
	wantCents(t, "difference", r.Difference, difference)
	wantCents(t, "gap", r.Gap, gap)
}

func TestTheBankAndTheLedgerAgreeToTheCentAtEveryImport(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer func() { w.close() }()
	baker, anna := w.shop("Bakkerij Voorbeeld", bakerIBAN), w.resident("Anna")
	w.do(ledger.Issue{To: anna.Account, Amount: 5_00}) // before the first statement
	opening := int64(1000_00)
	o := w.take(w.day(&opening, w.topUp(100_00, anna.Reference), w.topUp(7_00, "vergeten")))
	wantParts(t, o.Reconciliation, 0, 0, map[PartName]ledger.Cents{AtStart: 1000_00, ByLedger: 100_00, Waits: 7_00})

	one, two := w.redemption(1, baker, 50_00), w.redemption(2, baker, 20_00) // of Grulden that no bank saw
	_, err := w.bank.AddOrder(refund())
	must(t, err)
	f := orders(t, w.export(one, two).File)
	must(t, w.bank.SettleByHand(ctx, two, desk))
	paid := sepa.BookPayments(f, 0)
	w.clock.add(24 * time.Hour)
	o = w.take(w.day(&opening, paid[0], sepa.SimBooking{Cents: 3_00, Name: "Bank", Text: "kosten"}))
	want := map[PartName]ledger.Cents{
		AtStart: 1000_00, ByLedger: 170_00 - 49_00 - 19_60, Elsewhere: -70_00, PaidByHand: 19_60, Waits: 7_00, NotAskedFor: -3_00,
	}
	wantParts(t, o.Reconciliation, 0, 0, want)

	_, err = w.bank.Assign(o.Entries[1].ID, ForCosts, ID{}, record.Auth{By: treasurer, How: record.ByTwo})
	must(t, err)
	w.clock.add(24 * time.Hour)
	o = w.take(w.day(&opening, paid[1], paid[2], paid[0].Returned(0, "AC04")))
	wantState(t, o.Entries[2], GivenBack, Return)
	want = map[PartName]ledger.Cents{
		AtStart: 1000_00, ByLedger: 170_00 - 19_60, Elsewhere: -70_00, Waits: 7_00, Costs: -3_00, ByOrder: -25_00,
	}
	wantParts(t, o.Reconciliation, 0, 0, want)

	w.close()
	w.open()
	all, err := w.bank.Reconciliations(10)
	must(t, err)
	if len(all) != 3 || all[0].Last.Cents != ledger.Cents(opening) || all[2].Last.Cents != 1107_00 {
		t.Errorf("kept: %+v", all)
	}
	now, err := w.bank.Reconcile()
	must(t, err)
	wantParts(t, now, 0, 0, want)
	first, last, found, err := w.bank.Balances()
	if err != nil || !found || first.Cents != 1000_00 || last.Day.String() != "2026-04-04" {
		t.Errorf("from %+v to %+v, %v", first, last, err)
	}
}

func TestAStatementThatIsMissingShowsAsAGap(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna")
	opening := int64(0)
	monday := w.day(&opening, w.topUp(100_00, anna.Reference))
	w.clock.add(24 * time.Hour)
	tuesday := w.day(&opening, w.topUp(11_00, anna.Reference))
	w.clock.add(24 * time.Hour)
	wednesday := w.day(&opening, w.topUp(5_00, anna.Reference))
	w.take(monday)
	wantParts(t, w.take(wednesday).Reconciliation, 11_00, 11_00, map[PartName]ledger.Cents{ByLedger: 105_00})
	wantParts(t, w.take(tuesday).Reconciliation, 0, 0, map[PartName]ledger.Cents{ByLedger: 116_00})
	wantParts(t, w.take(monday).Reconciliation, 0, 0, map[PartName]ledger.Cents{ByLedger: 116_00})
}

func TestAnEarlierStatementThatComesLaterMovesTheStart(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	anna := w.resident("Anna")
	if r, err := w.bank.Reconcile(); r != nil || err != nil {
		t.Fatalf("without a statement: %+v, %v", r, err)
	}
	opening := int64(40_00)
	monday := w.day(&opening, w.topUp(100_00, anna.Reference))
	w.clock.add(24 * time.Hour)
	tuesday := w.day(&opening, w.topUp(11_00, anna.Reference))
	wantParts(t, w.take(tuesday).Reconciliation, 0, 0, map[PartName]ledger.Cents{AtStart: 140_00, ByLedger: 11_00})
	wantParts(t, w.take(monday).Reconciliation, 0, 0, map[PartName]ledger.Cents{AtStart: 40_00, ByLedger: 111_00})
}

// A file that tells of tomorrow is refused as a whole: no statement would ever
// be held against it, or it would itself be the last one for ever.
func TestAFileThatTellsOfADayToComeIsRefusedAsAWhole(t *testing.T) {
	for name, spoil := range map[string]func(*sepa.SimStatement, sepa.Date){
		"a booking on a notification": func(s *sepa.SimStatement, ahead sepa.Date) { s.Notice, s.Bookings[1].Day = true, ahead },
		"a booking on a statement":    func(s *sepa.SimStatement, ahead sepa.Date) { s.Bookings[1].Day = ahead },
		"a statement without bookings": func(s *sepa.SimStatement, ahead sepa.Date) {
			if ahead > s.Bookings[0].Day {
				s.Created, s.Bookings = ahead.Time(), nil
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWijk(t, vfs.NewMem())
			defer w.close()
			anna := w.resident("Anna")
			file := func(ahead sepa.Date) []byte {
				s := sepa.SimStatement{Version: 8, Account: reserveIBAN, ID: "S1", Created: w.clock.Now(), Bookings: []sepa.SimBooking{
					w.topUp(10_00, anna.Reference), w.topUp(11_00, anna.Reference),
				}}
				spoil(&s, w.today()+ahead)
				return write(t, s)
			}
			for _, days := range []sepa.Date{1, 30, 26_000} {
				var ahead *AheadError
				if _, err := w.bank.Import(ctx, file(days), treasurer); !errors.As(err, &ahead) || ahead.Day != Date(w.today()+days) || ahead.Today != Date(w.today()) {
					t.Errorf("%d days ahead: %v", days, err)
				}
			}
			if h := w.head(); h.Issued != 0 {
				t.Errorf("%v was issued from a refused file", h.Issued)
			}
			w.take(file(0))
			wantCents(t, "taken in on its day", w.head().Issued, 21_00)
		})
	}
}

func TestThePayoutClockCountsFromRequestToBooking(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	defer w.close()
	baker := w.shop("Bakkerij Voorbeeld", bakerIBAN)
	var asked []ledger.ID
	for n := range 5 { // on 2 to 6 April
		asked = append(asked, w.redemption(1+n, baker, 10_00))
		w.clock.add(24 * time.Hour)
	}
	w.clock.add(4 * 24 * time.Hour) // 11 April
	f := orders(t, w.export(asked[:4]...).File)
	debits := sepa.BookPayments(f, w.today())
	w.take(w.statement(8, append(debits, debits[0].Returned(w.today(), "AC04"))...)) // the slowest came back
	c, err := w.bank.Clock()
	must(t, err)
	if c != (Clock{Since: c.Since, Paid: 3, Median: 7, Slowest: 8, Waiting: 1, Longest: 5}) || c.Since.String() != "2026-01-18" {
		t.Errorf("clock %+v", c)
	}
	w.clock.add(84 * 24 * time.Hour)
	if c, err = w.bank.Clock(); err != nil || c.Paid != 0 || c.Longest != 89 {
		t.Errorf("12 weeks later %+v, %v", c, err)
	}
}
