package coupon

import (
	"errors"
	"fmt"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"pgregory.net/rapid"

	"grulden/internal/bank"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/testwijk"
	"grulden/ledger"
)

// worth is what an account has today.
func (w *wijk) worth(account ledger.AccountID) (cents ledger.Cents) {
	w.t.Helper()
	must(w.t, w.node.Read(func(v *node.View) error {
		now, err := v.Balance(account, w.node.Today())
		cents = ledger.ShownCents(now.Worth)
		return err
	}))
	return cents
}

func TestACouponBookedAtTwoDesksAtOnceIsPaidOnce(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	anna := w.add(people.Resident, "Anna", 100_00)
	shops := []people.Person{w.add(people.Merchant, "Bakker", 0), w.add(people.Merchant, "Kapper", 0)}
	for _, c := range w.sheet(anna, 4_00, 4_00, 4_00, 4_00, 4_00, 4_00, 4_00, 4_00) {
		var got [2]Coupon
		var errs [2]error
		book := func(i int) func() {
			return func() { got[i], errs[i] = w.book.Pay(ctx, c.Code, shops[i].Account, desk) }
		}
		testwijk.Together(book(0), book(1))
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("two desks were told %v and %v", errs[0], errs[1])
		}
		wantErr(t, errors.Join(errs[:]...), ErrUsed)
		if got[0].Shop != got[1].Shop || (errs[0] == nil) != (got[0].Shop == shops[0].Account) {
			t.Fatalf("two desks were shown %+v and %+v", got[0], got[1])
		}
	}
	if sum := w.worth(shops[0].Account) + w.worth(shops[1].Account); sum != 32_00 {
		t.Fatalf("the shops have %v of 32.00", sum)
	}
	must(t, w.node.Close())
}

func TestACouponBookedAndBroughtBackAtOnceIsOneOfBoth(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	anna, bakker := w.add(people.Resident, "Anna", 100_00), w.add(people.Merchant, "Bakker", 0)
	var paid ledger.Cents
	all := w.sheet(anna, 4_00, 4_00, 4_00, 4_00, 4_00, 4_00)
	for _, c := range all {
		var booked, back error
		testwijk.Together(
			func() { _, booked = w.book.Pay(ctx, c.Code, bakker.Account, desk) },
			func() { _, back = w.book.Return(ctx, c.Code, desk) })
		switch {
		case booked == nil:
			wantErr(t, back, ErrUsed)
			paid += c.Cents
		case back == nil:
			wantErr(t, booked, ErrReturned)
		default:
			t.Fatalf("neither: %v and %v", booked, back)
		}
	}
	must(t, w.book.Sweep(ctx)) // what was set aside beyond the coupons, when the last one was booked
	w.has(bakker.Account, paid)
	w.has(anna.Account, 100_00-paid)
	w.has(all[0].Held, 0)
	must(t, w.node.Close())
}

func TestTwoSheetsPrintedAtOnceSetNoMoneyAsideTwice(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	anna := w.add(people.Resident, "Anna", 30_00)
	var errs [2]error
	print := func(i int) func() {
		return func() { _, errs[i] = w.book.Print(ctx, ID{byte(i + 1)}, anna.ID, []ledger.Cents{20_00}, own) }
	}
	testwijk.Together(print(0), print(1))
	var refused *bank.Refused
	if (errs[0] == nil) == (errs[1] == nil) || !errors.As(errors.Join(errs[:]...), &refused) {
		t.Fatalf("20.00 twice of 30.00: %v and %v", errs[0], errs[1])
	}
	if all, err := w.book.Of(anna.Account); err != nil || len(all) != 1 {
		t.Fatalf("%d coupons, %v", len(all), err)
	}
	must(t, w.node.Close())
}

func TestTheLastDayOfACouponIsTheLast(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	anna, bakker := w.add(people.Resident, "Anna", 50_00), w.add(people.Merchant, "Bakker", 0)
	all := w.sheet(anna, 5_00, 6_00)
	w.now = w.now.AddDate(0, 0, ValidDays+GraceDays)
	must(t, w.book.Sweep(ctx))
	if c, err := w.book.Coupon(all[1].Code); err != nil || c.State != Open {
		t.Fatalf("on its last day it is %s, %v", c.State, err)
	}
	_, err := w.book.Pay(ctx, all[0].Code, bakker.Account, desk)
	must(t, err)
	w.now = w.now.AddDate(0, 0, 1)
	_, err = w.book.Pay(ctx, all[1].Code, bakker.Account, desk)
	wantErr(t, err, ErrReturned)
	must(t, w.book.Sweep(ctx))
	if c, err := w.book.Coupon(all[1].Code); err != nil || c.State != Returned {
		t.Fatalf("the day after it is %s, %v", c.State, err)
	}
	w.has(all[0].Held, 0)
	must(t, w.node.Close())
}

func TestACouponThatAShopCannotTakeStaysOpen(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	anna, gone, bakker := w.add(people.Resident, "Anna", 50_00), w.add(people.Merchant, "Weg", 0), w.add(people.Merchant, "Bakker", 0)
	c := w.sheet(anna, 5_00)[0]
	w.do(ledger.Close{Account: gone.Account})
	_, err := w.book.Pay(ctx, c.Code, gone.Account, desk)
	var refused *bank.Refused
	if !errors.As(err, &refused) || refused.Result != ledger.AccountClosed {
		t.Fatal(err)
	}
	w.do(ledger.Block{Account: anna.Account}) // her card is lost, and not what she printed before
	_, err = w.book.Pay(ctx, c.Code, bakker.Account, desk)
	must(t, err)
	w.has(bakker.Account, 5_00)
	_, err = w.book.Print(ctx, ID{2}, anna.ID, []ledger.Cents{5_00}, own)
	if !errors.As(err, &refused) || refused.Result != ledger.AccountBlocked {
		t.Fatalf("a blocked account prints: %v", err)
	}
	_, err = w.book.Print(ctx, ID{1}, w.add(people.Resident, "Ben", 50_00).ID, []ledger.Cents{5_00}, own)
	wantErr(t, err, ErrSheet) // a sheet of somebody else
	must(t, w.node.Close())
}

// TestAClosedOwnerStopsNeitherOthersNorTheStart: an account was closed while
// coupons of it were out, as the end of the coin may do.
func TestAClosedOwnerStopsNeitherOthersNorTheStart(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	bakker := w.add(people.Merchant, "Bakker", 0)
	var owners []people.Person
	for i := range 4 {
		p := w.add(people.Resident, fmt.Sprint("Bewoner ", i), 20_00)
		_, err := w.book.Print(ctx, ID{byte(i)}, p.ID, []ledger.Cents{10_00}, own)
		must(t, err)
		owners = append(owners, p)
		if i%2 == 0 {
			w.do(ledger.Pay{ID: ledger.ID{1, byte(i)}, From: p.Account, To: bakker.Account, Amount: w.worth(p.Account)})
			w.do(ledger.Close{Account: p.Account})
		}
	}
	w.now = w.now.AddDate(0, 0, ValidDays+GraceDays+1)
	var refused *bank.Refused
	if err := w.book.Sweep(ctx); !errors.As(err, &refused) || refused.Result != ledger.AccountClosed {
		t.Errorf("the sweep says %v", err)
	}
	for i, p := range owners {
		all, err := w.book.Of(p.Account)
		must(t, err)
		if held := w.worth(all[0].Held); (held > 9_00) != (i%2 == 0) {
			t.Errorf("of owner %d %v is aside", i, held)
		}
	}
	must(t, w.node.Close())
	w.open()
	must(t, w.node.Close())
}

// TestCouponsAreWorthWhatALedgerOfPencilSays books, brings back and starts anew
// in any order, and never loses or makes a cent.
func TestCouponsAreWorthWhatALedgerOfPencilSays(t *testing.T) {
	w := newWijk(t, vfs.NewMem())
	bakker, next := w.add(people.Merchant, "Bakker", 0), byte(0)
	var inShop ledger.Cents
	rapid.Check(t, func(r *rapid.T) {
		next++
		anna := w.add(people.Resident, fmt.Sprint("Anna ", next), 100_00)
		had := ledger.Cents(100_00)
		cents := rapid.SliceOfN(rapid.Int64Range(1, 10_00), 1, 6).Draw(r, "coupons")
		var list []ledger.Cents
		for _, c := range cents {
			list = append(list, ledger.Cents(c))
		}
		s, err := w.book.Print(ctx, ID{15: next}, anna.ID, list, own)
		must(t, err)
		state := map[payreq.Code]State{}
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			i := rapid.IntRange(0, len(list)-1).Draw(r, "which")
			code := s.Codes[i]
			if rapid.Bool().Draw(r, "book") {
				_, err = w.book.Pay(ctx, code, bakker.Account, desk)
				if (err == nil) != (state[code] == "") {
					r.Fatalf("a %s coupon is booked: %v", state[code], err)
				}
				if err == nil {
					state[code], had, inShop = Paid, had-list[i], inShop+list[i]
				}
			} else {
				_, err = w.book.Return(ctx, code, desk)
				if (err == nil) != (state[code] != Paid) {
					r.Fatalf("a %s coupon is brought back: %v", state[code], err)
				}
				if err == nil {
					state[code] = Returned
				}
			}
			if sum := w.worth(anna.Account) + w.worth(s.Held); sum != had || w.worth(bakker.Account) != inShop {
				r.Fatalf("she has %v of %v, the shop %v of %v", sum, had, w.worth(bakker.Account), inShop)
			}
		}
	})
	must(t, w.node.Close())
}
