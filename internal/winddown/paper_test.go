package winddown

import (
	"errors"
	"testing"

	"grulden/internal/coupon"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/ledger"
)

// TestCouponsThatAreOutHoldUpTheEndAndNothingIsLeftOver: of three coupons one is
// booked after everybody asked for all they had, one is brought back and one is
// never seen again.
func TestCouponsThatAreOutHoldUpTheEndAndNothingIsLeftOver(t *testing.T) {
	w := newWijk(t)
	anna := w.add(people.Resident, "Anna Voorbeeld", "NL42TEST0000000002")
	bakker := w.add(people.Merchant, "Bakkerij Voorbeeld", "NL20TEST0000000010")
	w.statement(sepa.SimBooking{Cents: 50_00, Credit: true, Day: sepa.Date(w.node.Today()), Name: "A", IBAN: sepa.IBAN(anna.IBAN), Reference: anna.Reference})
	own := record.Auth{By: record.ActorID(anna.ID), How: record.ByPINNow}
	sheet, err := w.papers.Print(ctx, coupon.ID{1}, anna.ID, []ledger.Cents{10_00, 5_00, 2_00}, own)
	w.ok(err)
	w.do(ledger.SetPolicy{Policy: Policy(w.node.Today()+31, []string{"merchant", "resident"}), HasFrom: true})
	if _, err := w.papers.Print(ctx, coupon.ID{2}, anna.ID, []ledger.Cents{1_00}, own); !errors.Is(err, coupon.ErrEnding) {
		t.Fatalf("printed after the end was decided: %v", err)
	}
	if again, err := w.papers.Print(ctx, coupon.ID{1}, anna.ID, []ledger.Cents{10_00, 5_00, 2_00}, own); err != nil || len(again.Codes) != 3 {
		t.Errorf("the sheet of before cannot be shown: %v", err)
	}
	w.days(31)

	p := w.plan()
	if p.Paper.Count != 1 || p.Paper.Sum < 17_00 || p.Nobody.Count != 0 || p.Held.Count != 1 {
		t.Fatalf("%+v", p)
	}
	if g := w.ask(); g != p.Held {
		t.Errorf("asked for %+v of %+v", g, p.Held)
	}
	w.outOfMoney(anna)
	if _, err := w.down.Close(ctx, two); !errors.Is(err, ErrPaper) {
		t.Errorf("closed with coupons out: %v", err)
	}
	_, err = w.papers.Pay(ctx, sheet.Codes[0], bakker.Account, two)
	w.ok(err)
	_, err = w.papers.Return(ctx, sheet.Codes[1], two)
	w.ok(err)
	if g := w.ask(); g != (Group{2, 15_00}) {
		t.Errorf("of a coupon booked and one brought back %+v was asked for", g)
	}
	w.days(coupon.ValidDays + coupon.GraceDays + 1 - 31)
	if g := w.ask(); g.Count != 1 || g.Sum < 2_00 {
		t.Errorf("of a coupon that nobody brought %+v was asked for", g)
	}
	if _, err := w.papers.Pay(ctx, sheet.Codes[2], bakker.Account, two); !errors.Is(err, coupon.ErrReturned) {
		t.Errorf("booked too late: %v", err)
	}
	w.payAll()
	n, err := w.down.Close(ctx, two)
	w.ok(err)
	if n != 3 {
		t.Errorf("%d closed", n)
	}
	w.wantNothing()
}

// outOfMoney wants that somebody has no cent to pay with.
func (w *wijk) outOfMoney(p people.Person) {
	w.t.Helper()
	for _, f := range w.plan().Finals {
		if f.Account == p.Account && f.Cents != f.Waiting {
			w.t.Errorf("%s still has %v", p.Name, f.Cents-f.Waiting)
		}
	}
}

// payAll has the bank pay all that was asked for.
func (w *wijk) payAll() {
	w.t.Helper()
	f := w.file()
	w.days(4)
	w.statement(sepa.BookPayments(f, f.ExecutionDate)...)
}
