package books

import (
	"bytes"
	"errors"
	"testing"

	"grulden/internal/bank"
	"grulden/internal/cash"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/rewards"
	"grulden/internal/sepa"
	"grulden/ledger"
)

// take writes a statement of the bank and takes it in.
func (w *town) take(id string, opening int64, bookings ...sepa.SimBooking) error {
	w.t.Helper()
	for i := range bookings {
		bookings[i].Day = sepa.Date(w.places.Node.Today())
	}
	var file bytes.Buffer
	must(w.t, sepa.WriteStatement(&file, sepa.SimStatement{
		Version: 8, Account: reserveIBAN, ID: id, Sequence: 90, Created: w.now, Opening: opening, Bookings: bookings,
	}))
	_, err := w.places.Bank.Import(ctx, file.Bytes(), treasurer.By)
	return err
}

// notify writes a notification of the bank, which has no balances, about some
// days ago and takes it in.
func (w *town) notify(ago int, bookings ...sepa.SimBooking) {
	w.t.Helper()
	for i := range bookings {
		bookings[i].Day = sepa.Date(int(w.places.Node.Today()) - ago)
	}
	var file bytes.Buffer
	must(w.t, sepa.WriteStatement(&file, sepa.SimStatement{
		Version: 8, Account: reserveIBAN, ID: "N", Sequence: 1, Created: w.now, Notice: true, Bookings: bookings,
	}))
	_, err := w.places.Bank.Import(ctx, file.Bytes(), treasurer.By)
	must(w.t, err)
}

// seen lists what the audit of a town finds red.
func (w *town) seen() (red []string) {
	w.t.Helper()
	w.sources(func(src *Sources) {
		_, err := Examine(src, func(f Finding) error {
			if f.Grade == Red {
				red = append(red, string(f.What)+" "+string(f.Why)+" "+f.Cents.String())
			}
			return nil
		})
		must(w.t, err)
	})
	return red
}

// weeks is a town after four honest weeks.
func weeks(t *testing.T) *town {
	t.Helper()
	w := newTown(t, 9)
	for n := range 4 {
		w.week(n)
	}
	w.agrees()
	return w
}

// TestADishonestTreasurerIsStoppedOrSeen lets a treasurer alone try each way to
// the euros through the real program: it is refused, or it stands in red.
func TestADishonestTreasurerIsStoppedOrSeen(t *testing.T) {
	friend := func(w *town) people.Person { return w.residents[0] }
	for name, c := range map[string]struct {
		try  func(*town) error
		stop error  // what refuses it
		red  string // or what stands in red
	}{
		"hands out a giver's money alone": {try: func(w *town) error {
			must(w.t, w.take("G", w.atBank, sepa.SimBooking{Cents: 90_00, Credit: true, Name: "Gemeente", BankRef: "G"}))
			must(w.t, w.places.Bank.Each(func(e *bank.Entry) error {
				if e.State == bank.Unmatched && e.Cents == 90_00 {
					return w.lookInto(e.ID, 1)
				}
				return nil
			}))
			_, err := w.places.Lists.Prepare(bank.ID{2}, bank.ID{1}, "x", []rewards.Line{{Row: 1, To: friend(w).Account, Amount: 90_00}}, treasurer)
			must(w.t, err)
			return w.places.Lists.Start(bank.ID{2}, treasurer)
		}, stop: rewards.ErrTwo},
		"carries cash and says that it arrived": {try: func(w *town) error {
			_, err := w.places.Box.Leave(ctx, bank.ID{3}, 20_00, "", treasurer)
			must(w.t, err)
			must(w.t, w.take("C", w.atBank, sepa.SimBooking{Cents: 1, Credit: true, Name: "Storting", BankRef: "C"}))
			var entry bank.ID
			must(w.t, w.places.Bank.Each(func(e *bank.Entry) error {
				if e.State == bank.Unmatched && e.Cents == 1 {
					entry = e.ID
				}
				return nil
			}))
			_, err = w.places.Box.Arrive(ctx, bank.ID{4}, bank.ID{3}, entry, treasurer)
			return err
		}, stop: cash.ErrSamePerson},
		"carries cash and keeps it": {try: func(w *town) error {
			_, err := w.places.Box.Leave(ctx, bank.ID{3}, 20_00, "", treasurer)
			return err
		}, red: "cash not-at-bank -20.00"},
		"takes from the box": {try: func(w *town) error {
			now, err := w.places.Box.Balance()
			must(w.t, err)
			pieces := []cash.Pieces{{Cents: 1, Count: int64(now.Box - 20_00)}}
			_, err = w.places.Box.Count(ctx, bank.ID{5}, pieces, "", treasurer)
			return err
		}, red: "cash difference -20.00"},
		"sends money to a friend": {try: func(w *town) error {
			return w.take("U", w.atBank, sepa.SimBooking{Cents: 75_00, Name: "Vriend", IBAN: "NL42TEST0000000002", BankRef: "U"})
		}, red: "bank unasked -75.00"},
		"makes Grulden on the machine": {try: func(w *town) error {
			w.do(ledger.Issue{To: friend(w).Account, Amount: 60_00}, record.Auth{How: record.ByOperator})
			return nil
		}, red: "issue no-proof 60.00"},
		"makes Grulden as the desk": {try: func(w *town) error {
			w.do(ledger.Issue{To: friend(w).Account, Amount: 60_00}, treasurer)
			return nil
		}, red: "issue no-proof 60.00"},
		"pays for somebody on the machine": {try: func(w *town) error {
			w.do(ledger.Pay{ID: ledger.ID{1}, From: w.shops[0].Account, To: friend(w).Account, Amount: 1_00}, record.Auth{How: record.ByOperator})
			return nil
		}, red: "pay by-operator 1.00"},
		"empties the wijkfonds": {try: func(w *town) error {
			w.do(ledger.Grant{To: friend(w).Account, Amount: 5}, treasurer)
			return nil
		}, red: "grant one-person 0.05"},
		"leaves an entry out of the file": {try: func(w *town) error {
			var file bytes.Buffer
			must(w.t, sepa.WriteStatement(&file, sepa.SimStatement{
				Version: 8, Account: reserveIBAN, ID: "L", Created: w.now, Opening: w.atBank,
				Bookings: []sepa.SimBooking{{Cents: 75_00, Day: sepa.Date(w.places.Node.Today()), Name: "Vriend", BankRef: "L"}},
			}))
			cut := bytes.Replace(file.Bytes(), file.Bytes()[bytes.Index(file.Bytes(), []byte("<Ntry>")):bytes.Index(file.Bytes(), []byte("</Stmt>"))], nil, 1)
			_, err := w.places.Bank.Import(ctx, cut, treasurer.By)
			return err
		}, stop: &sepa.BalanceError{}},
	} {
		t.Run(name, func(t *testing.T) {
			w := weeks(t)
			err := c.try(w)
			if c.stop != nil {
				var sums *sepa.BalanceError
				if want := errors.As(c.stop, &sums) && errors.As(err, &sums); !want && !errors.Is(err, c.stop) {
					t.Fatalf("%v, want: %v", err, c.stop)
				}
				return
			}
			must(t, err)
			w.now = w.now.AddDate(0, 0, 11)
			if red := w.seen(); len(red) != 1 || red[0] != c.red {
				t.Errorf("red is %q, want %q", red, c.red)
			}
		})
	}
}

// TestAFalseStatementIsSeenWithTheNextTrueOne issues Grulden to a friend by a
// statement that no bank wrote, or keeps one back that tells too much.
func TestAFalseStatementIsSeenWithTheNextTrueOne(t *testing.T) {
	never := func(w *town) sepa.SimBooking {
		return sepa.SimBooking{Cents: 490_00, Credit: true, Name: "Niemand", Reference: w.residents[0].Reference, BankRef: "F"}
	}
	for name, lie := range map[string]func(*town) ledger.Cents{
		"euros that never came": func(w *town) ledger.Cents {
			must(w.t, w.take("F", w.atBank, never(w)))
			return 490_00
		},
		"euros of a notification that never came": func(w *town) ledger.Cents {
			w.notify(0, never(w))
			return 490_00
		},
		"euros of a notification of a day that was closed": func(w *town) ledger.Cents {
			w.notify(3, never(w))
			return 490_00
		},
		"a statement kept back": func(w *town) ledger.Cents {
			w.atBank -= 490_00
			return 490_00
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := weeks(t)
			missing := lie(w)
			w.now = w.now.AddDate(0, 0, 1)
			must(t, w.take("T", w.atBank, sepa.SimBooking{Cents: 1_00, Credit: true, Name: "Iemand", BankRef: "T"}))
			held, err := w.places.Bank.Reconcile()
			must(t, err)
			if held.Gap != -missing || held.Difference != -missing {
				t.Errorf("the bank lacks %v, and the comparison says %v and %v", missing, held.Gap, held.Difference)
			}
			now, err := w.places.Reserve()
			must(t, err)
			if now.Covered() {
				t.Errorf("%v is missing, and the reserve says that all is well: %v for %v", missing, now.Have(), now.Owed())
			}
			w.sources(func(src *Sources) {
				end, err := Post(src, nil)
				must(t, err)
				if tie := end.Ties(src)[3]; tie.Name != TieBank || tie.Books-tie.Other != missing {
					t.Errorf("the books have %v at the bank, and the bank %v", tie.Books, tie.Other)
				}
			})
		})
	}
}

// TestANotificationThatNoStatementBearsOutIsRedOnceItsDayIsClosed lets one true
// notification and one false one wait for the statement of their day.
func TestANotificationThatNoStatementBearsOutIsRedOnceItsDayIsClosed(t *testing.T) {
	w := weeks(t)
	w.now = w.now.AddDate(0, 0, 1)
	came := sepa.SimBooking{Cents: 20_00, Credit: true, Name: "Iemand", Reference: w.residents[1].Reference, BankRef: "W"}
	w.notify(0, came, sepa.SimBooking{Cents: 490_00, Credit: true, Name: "Niemand", Reference: w.residents[0].Reference, BankRef: "F"})
	if red := w.seen(); len(red) != 0 {
		t.Errorf("before the statement of its day, red is %q", red)
	}
	must(t, w.take("T", w.atBank, came))
	if red := w.seen(); len(red) != 1 || red[0] != "bank not-at-bank 490.00" {
		t.Errorf("red is %q, want only what never came", red)
	}
}
