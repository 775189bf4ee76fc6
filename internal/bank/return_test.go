package bank

import (
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"pgregory.net/rapid"

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
			must(t, w.bank.Approve(again, treasurer))
			left, err := w.bank.Export(treasurer)
			wantErr(t, err, ErrNothingToPay)
			if left.Left[0].Problem != NoNameCheck {
				t.Errorf("to the account that it came back from: %q", left.Left[0].Problem)
			}
			_, err = w.people.SetBankAccount(shop.ID, people.BankAccount{
				IBAN: fietsIBAN, Name: "Bakker", Check: people.NameCheck{On: w.clock.Now(), Result: people.NameMatches},
			})
			must(t, err)
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

// Whatever comes back, however the bank's statements are cut, shuffled and taken
// in twice: the ledger ends the same, and agrees with the bank to the cent.
func TestARoundTripThroughTheBankHasOneOutcome(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := newWijk(t, vfs.NewMem())
		defer w.close()
		shop := w.shop("Bakkerij Voorbeeld", bakerIBAN)
		var asked []ledger.ID
		for n := range rapid.IntRange(2, 5).Draw(r, "redemptions") {
			asked = append(asked, w.redemption(1+n, shop, 10_00))
		}
		f := orders(t, w.export(asked...).File)
		var lost []bool
		for range f.Payments { // the fee of the first stays with the fund
			lost = append(lost, len(lost) > 0 && rapid.Bool().Draw(r, "comes back"))
		}
		opening, days := int64(500_00), [][]byte{}
		for day := range sepa.Date(3) { // paid on the first day or the second, back on the next
			var some []sepa.SimBooking
			for i, paid := range sepa.BookPayments(f, 0) {
				switch on := sepa.Date(i % 2); {
				case day == on:
					some = append(some, paid)
				case day == on+1 && lost[i]:
					some = append(some, paid.Returned(0, "AC04"))
				}
			}
			for i := range some {
				some[i].Day = f.ExecutionDate + day
			}
			s := sepa.SimStatement{
				Version: 8, Account: reserveIBAN, ID: "D" + string(rune('1'+day)), Created: (f.ExecutionDate + day).Time(), Opening: opening, Bookings: some,
			}
			opening = s.Closing()
			days = append(days, write(t, s))
		}
		w.clock.add(time.Duration(f.ExecutionDate+2-w.today()) * 24 * time.Hour)
		for _, day := range rapid.Permutation([]int{0, 1, 2, rapid.IntRange(0, 2).Draw(r, "twice")}).Draw(r, "order") {
			w.take(days[day])
		}
		paid, back := ledger.Cents(0), ledger.Cents(0)
		for i, id := range asked {
			want := ledger.Settled
			if lost[i] {
				want, back = ledger.Rejected, back+10_00
			} else {
				paid += 9_80
			}
			if got := w.progress(id); got != want {
				r.Fatalf("redemption %d is %v, want %v", i, got, want)
			}
		}
		wantCents(t, "redeemed", w.head().Redeemed, paid)
		wantCents(t, "the shop has", w.has(shop.Account), back)
		now, err := w.bank.Reconcile()
		must(t, err)
		if now.Difference != 0 || now.Gap != 0 || int64(now.Last.Cents) != opening {
			r.Fatalf("compared: %+v", now)
		}
	})
}
