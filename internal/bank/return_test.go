package bank

import (
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/people"
	"grulden/internal/sepa"
	"grulden/ledger"
)

// returning is a wijk with a payout of 9.80 on its way, and the bookings of the
// bank about it. Another payout was paid before, so that the fund can give its
// fee back.
func returning(t testing.TB) (w *wijk, shop people.Person, asked ledger.ID, paid, back sepa.SimBooking) {
	w = newWijk(t, vfs.NewMem())
	shop = w.shop("Bakkerij Voorbeeld", bakerIBAN)
	f := orders(t, w.export(w.redemption(8, shop, 50_00)).File)
	w.take(w.booked(f))
	asked = w.redemption(1, shop, 10_00)
	f = orders(t, w.export(asked).File)
	paid = sepa.BookPayments(f, f.ExecutionDate)[0]
	paid.BankRef = "second"
	return w, shop, asked, paid, paid.Returned(f.ExecutionDate+1, "AC04")
}

// wantGivenBack looks at what must be so once a returned payout is dealt with.
func (w *wijk) wantGivenBack(shop people.Person, asked ledger.ID) {
	w.t.Helper()
	if p := w.progress(asked); p != ledger.Rejected {
		w.t.Fatalf("the redemption is %v, want it rejected", p)
	}
	wantCents(w.t, "the shop has", w.has(shop.Account), 10_00)
	wantCents(w.t, "redeemed", w.head().Redeemed, 49_00)
	wantCents(w.t, "waiting", w.head().Escrow, 0)
	all, err := w.bank.PayoutReturns(shop.Account)
	must(w.t, err)
	if len(all) != 1 || all[0].Code != "AC04" || all[0].Amount != 10_00 || all[0].Cents != 9_80 {
		w.t.Fatalf("returns %+v", all)
	}
	if others, err := w.bank.PayoutReturns(shop.Account + 2); err != nil || len(others) != 0 {
		w.t.Errorf("returns of another: %v, %v", others, err)
	}
	e, err := w.bank.Entry(all[0].Entry)
	must(w.t, err)
	wantState(w.t, e, GivenBack, Return)
}

func TestAPayoutThatCameBackGivesTheGruldenBackOnce(t *testing.T) {
	for name, files := range map[string][][]int{
		"on one statement":           {{0, 1}},
		"the return listed first":    {{1, 0}},
		"on two statements":          {{0}, {1}},
		"the return imported first":  {{1}, {0}},
		"the same statements twice":  {{0}, {1}, {0}, {1}, {0, 1}},
		"overlapping, in odd orders": {{1}, {1, 0}, {0}},
	} {
		t.Run(name, func(t *testing.T) {
			w, shop, asked, paid, back := returning(t)
			defer func() { w.close() }()
			bookings := []sepa.SimBooking{paid, back}
			for _, file := range files {
				var some []sepa.SimBooking
				for _, i := range file {
					some = append(some, bookings[i])
				}
				w.take(w.statement(8, some...))
			}
			w.wantGivenBack(shop, asked)
			w.close()
			w.open()
			w.wantGivenBack(shop, asked)
			again := ledger.ID{0: 'r', 15: 99}
			w.do(ledger.Redeem{ID: again, From: shop.Account, Amount: 10_00})
			if x := w.export(again); x.Batch.Cents != 9_80 {
				t.Errorf("asked for again, %v is paid", x.Batch.Cents)
			}
		})
	}
}

func TestAReturnOfAnotherAmountOrTwiceIsForAPerson(t *testing.T) {
	w, shop, asked, paid, back := returning(t)
	defer w.close()
	less, twice := back, back
	less.Cents, twice.BankRef = 9_00, "again"
	o := w.take(w.statement(8, paid, less))
	wantState(t, o.Entries[1], Returned, OtherAmount)
	if p := w.progress(asked); p != ledger.Settled {
		t.Fatalf("the redemption is %v", p)
	}
	o = w.take(w.statement(8, back, twice))
	wantState(t, o.Entries[0], GivenBack, Return)
	wantState(t, o.Entries[1], Returned, Return)
	w.wantGivenBack(shop, asked)
}

func TestAReturnBeforeItsPaymentWaitsForIt(t *testing.T) {
	w, shop, asked, paid, back := returning(t)
	defer func() { w.close() }()
	wantState(t, w.one(w.statement(8, back)), Kept, PayoutNotSeen)
	w.close()
	w.open()
	if p := w.progress(asked); p != ledger.Waiting {
		t.Fatalf("the redemption is %v", p)
	}
	w.take(w.statement(8, paid))
	w.wantGivenBack(shop, asked)
}
