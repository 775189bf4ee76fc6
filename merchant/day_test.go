package merchant

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/record"
	"grulden/ledger"
)

var kees = record.ActorID{7}

// charge asks anna for an amount, which she pays at once.
func (w *wijk) charge(c Charge) payreq.Request {
	w.t.Helper()
	r, err := w.till.Charge(bakker, c)
	if err != nil {
		w.t.Fatal(err)
	}
	w.submit(ledger.Pay{ID: r.Payment, From: anna, To: bakker, Amount: r.Amount})
	return r
}

func (w *wijk) refund(of ledger.ID, amount ledger.Cents) node.Receipt {
	w.t.Helper()
	o := Refund{Of: of, Amount: amount}
	var err error
	if o.Key, o.Seal, err = w.till.RefundForm(bakker, of); err != nil {
		w.t.Fatal(err)
	}
	r, err := w.till.Refund(context.Background(), Holder{bakker, record.Auth{By: kees, How: record.ByPIN}}, o)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *wijk) day(day demurrage.Day) *Day {
	w.t.Helper()
	d, err := w.till.Day(bakker, day)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

func TestADayReportHasAllThatHappenedOnThatDayAndNoMore(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 200_00})
	w.pay(1, anna, 5_00) // by the poster
	w.wait(aDay)
	today := w.node.Today()
	sale := w.charge(Charge{Total: 17_50, Cash: 5_00, VAT: []payreq.VATLine{{Permille: 90, Amount: 10_00}, {Permille: 210, Amount: 4_84}}, By: kees})
	w.charge(Charge{Total: 2_00, By: kees})
	w.pay(2, anna, 3_00)
	w.refund(ledger.ID{1}, 1_00)
	w.refund(sale.Payment, 7_00)
	d := w.day(today)
	if len(d.Sales) != 3 || d.Paid != 17_50 || d.Cash != 5_00 || d.Returned != 8_00 || d.Net() != 9_50 {
		t.Errorf("%d sales of %v, %v in cash, %v returned", len(d.Sales), d.Paid, d.Cash, d.Returned)
	}
	if d.FirstSeq != d.Sales[0].Seq || d.LastSeq != d.Returns[1].Seq || d.FirstSeq >= d.LastSeq {
		t.Errorf("entries %d to %d", d.FirstSeq, d.LastSeq)
	}
	// 7.00 of 17.50 went back: 4.00 of the 10.00 at 9 %, and ⌊4.84 × 0.4⌋ at 21 %.
	want := []VATSum{{210, 4_84 - 1_93, 51}, {90, 6_00, 50}}
	if !slices.Equal(d.VAT, want) || d.NoVAT != 5_59 {
		t.Errorf("VAT %+v, without %v; want %+v, 5.59", d.VAT, d.NoVAT, want)
	}
	staff := []StaffSum{{By: kees, Count: 2, Paid: 14_50, Cash: 5_00, Returned: 8_00}, {Count: 1, Paid: 3_00}}
	if !slices.Equal(d.Staff, staff) {
		t.Errorf("staff %+v, want %+v", d.Staff, staff)
	}
	before := w.day(today - 1)
	if len(before.Sales) != 1 || before.Returned != 0 || before.Sales[0].Request.Kind != payreq.Poster {
		t.Errorf("the day before: %+v", before)
	}
	if empty := w.day(today - 2); len(empty.Sales) != 0 || empty.FirstSeq != 0 {
		t.Errorf("a day without payments: %+v", empty)
	}
}

func TestADayThatIsOverNeverChanges(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 200_00})
	sale := w.charge(Charge{Total: 10_00, VAT: []payreq.VATLine{{Permille: 90, Amount: 10_00}}, By: kees})
	day := w.node.Today()
	was := w.day(day)
	w.wait(aDay)
	w.refund(sale.Payment, 4_00)
	w.charge(Charge{Total: 1_00})
	if err := pruneAll(w); err != nil {
		t.Fatal(err)
	}
	is := w.day(day)
	if is.Paid != was.Paid || is.Returned != 0 || is.Net() != was.Net() || !slices.Equal(is.VAT, was.VAT) || !slices.Equal(is.Staff, was.Staff) ||
		is.LastSeq != was.LastSeq || len(is.Sales) != len(was.Sales) {
		t.Errorf("the day became %+v, was %+v", is, was)
	}
	if next := w.day(day + 1); next.Returned != 4_00 || next.Net() != -3_00 || !slices.Equal(next.VAT, []VATSum{{90, -4_00, -33}}) {
		t.Errorf("the day of the refund: %+v", next)
	}
}

// pruneAll forgets all requests that nobody can still pay.
func pruneAll(w *wijk) error {
	_, err := w.book.Prune(w.clock().Add(40*aDay), func(id ledger.ID) (paid bool, err error) {
		err = w.node.Read(func(v *node.View) error {
			p, err := v.Payment(id)
			paid = p != nil
			return err
		})
		return paid, err
	})
	return err
}

// TestTheDayAddsUpToThePaymentsToTheCent holds day reports against the list of
// payments and against the ledger, over random days of a shop.
func TestTheDayAddsUpToThePaymentsToTheCent(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 1_000_000_00})
	w.submit(ledger.Issue{To: bakker, Amount: 1_000_00}) // so that a refund is never short
	rapid.Check(t, func(rt *rapid.T) {
		w.wait(aDay)
		var sold []payreq.Request
		var paid, cash, back ledger.Cents
		for range rapid.IntRange(0, 5).Draw(rt, "sales") {
			c := Charge{Total: ledger.Cents(rapid.IntRange(1, 50_00).Draw(rt, "total")), By: kees}
			c.Cash = ledger.Cents(rapid.IntRange(0, int(c.Total)-1).Draw(rt, "cash"))
			left := int(c.Total)
			for _, permille := range []uint16{210, 90, 0} {
				n := rapid.IntRange(0, left).Draw(rt, "vat")
				left -= n
				c.VAT = append(c.VAT, payreq.VATLine{Permille: permille, Amount: ledger.Cents(n)})
			}
			r := w.charge(c)
			sold, paid, cash = append(sold, r), paid+r.Amount, cash+r.Cash
			for of := r.Amount; of > 0 && rapid.Bool().Draw(rt, "refund"); {
				n := ledger.Cents(rapid.IntRange(1, int(of)).Draw(rt, "back"))
				if got := w.refund(r.Payment, n); got.Result != ledger.Applied {
					rt.Fatalf("refund of %v: %v", n, got.Result)
				}
				of, back = of-n, back+n
			}
		}
		d := w.day(w.node.Today())
		rates := d.NoVAT
		for _, v := range d.VAT {
			rates += v.Amount
		}
		var byStaff, listed ledger.Cents
		for _, s := range d.Staff {
			byStaff += s.Paid - s.Returned
		}
		sales, _, err := w.till.Sales(bakker, 0, len(sold)+1)
		if err != nil {
			rt.Fatal(err)
		}
		for _, s := range sales[:len(sold)] {
			listed += s.Left()
		}
		takings, err := w.till.Today(bakker)
		if err != nil {
			rt.Fatal(err)
		}
		if d.Paid != paid || d.Cash != cash || d.Returned != back || d.Net() != listed || d.Net() != byStaff || d.Net() != takings.Total ||
			rates != d.Net()+d.Cash || len(d.Sales) != len(sold) {
			rt.Fatalf("the day %+v; sold %v, cash %v, back %v, listed %v, by staff %v, by rate %v", d, paid, cash, back, listed, byStaff, rates)
		}
	})
}

func TestARefundSentTwiceGivesBackOnce(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 20_00})
	w.pay(1, anna, 10_00)
	o := Refund{Of: ledger.ID{1}, Amount: 4_00}
	var err error
	if o.Key, o.Seal, err = w.till.RefundForm(bakker, o.Of); err != nil {
		t.Fatal(err)
	}
	h := Holder{bakker, record.Auth{By: kees, How: record.ByPIN}}
	first, err := w.till.Refund(context.Background(), h, o)
	if err != nil || first.Result != ledger.Applied {
		t.Fatal(first, err)
	}
	second, err := w.till.Refund(context.Background(), h, o)
	if err != nil || second.Result != ledger.Applied || !second.Repeat || second.Seq != first.Seq {
		t.Errorf("the second: %+v, %v; want the first's %+v", second, err, first)
	}
	s, melted, ok, err := w.till.Sale(bakker, o.Of)
	if err != nil || !ok || s.Refunded != 4_00 || s.Left() != 6_00 || melted != 0 {
		t.Errorf("sale %+v, melted %v, %v, %v", s, melted, ok, err)
	}
	if r := w.refund(o.Of, 6_01); r.Result != ledger.RefundTooLarge {
		t.Errorf("more than is left: %v", r.Result)
	}
	o.Seal = "00"
	if _, err := w.till.Refund(context.Background(), h, o); !errors.Is(err, ErrStale) {
		t.Errorf("a form of somebody else: %v", err)
	}
}

func TestAShopGivesBackOnlyWhatItGot(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 20_00})
	w.submit(ledger.Pay{ID: ledger.ID{9}, From: anna, To: bram, Amount: 5_00})
	if r := w.refund(ledger.ID{9}, 5_00); r.Result != ledger.UnknownPayment {
		t.Errorf("a payment to somebody else: %v", r.Result)
	}
	if _, _, ok, err := w.till.Sale(bakker, ledger.ID{9}); ok || err != nil {
		t.Errorf("it is shown: %v, %v", ok, err)
	}
}

func TestWhatMeltedOfAPaymentIsTold(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 100_00})
	w.pay(1, anna, 100_00)
	for _, tt := range []struct {
		after time.Duration
		least ledger.Cents
		most  ledger.Cents
	}{{30 * aDay, 0, 0}, {30 * aDay, 45, 55}} {
		w.wait(tt.after)
		_, melted, _, err := w.till.Sale(bakker, ledger.ID{1})
		if err != nil || melted < tt.least || melted > tt.most {
			t.Errorf("melted %v, %v; want %v to %v", melted, err, tt.least, tt.most)
		}
	}
}

func TestSalesArePagedNewestFirst(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 20_00})
	for id := range byte(5) {
		w.pay(id+1, anna, 1_00)
		w.submit(ledger.Issue{To: bakker, Amount: 1})
	}
	var got []byte
	for before := uint64(0); ; {
		sales, older, err := w.till.Sales(bakker, before, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sales {
			got = append(got, s.Payment[0])
		}
		if before = older; older == 0 {
			break
		}
	}
	if !slices.Equal(got, []byte{5, 4, 3, 2, 1}) {
		t.Errorf("payments %v", got)
	}
}

func TestAChargeThatCannotBeIsRefused(t *testing.T) {
	w := newWijk(t)
	for want, c := range map[error]Charge{
		ErrCash: {Total: 5_00, Cash: 5_00},
		ErrVAT:  {Total: 5_00, VAT: []payreq.VATLine{{Permille: 210, Amount: 3_00}, {Permille: 90, Amount: 2_01}}},
	} {
		if _, err := w.till.Charge(bakker, c); !errors.Is(err, want) {
			t.Errorf("%+v: %v, want %v", c, err, want)
		}
	}
}

func TestRatesOfVATAreThoseOfTheDay(t *testing.T) {
	all, err := readRates("# said why\n2019-01-01 21 9 0\n\n2030-01-01 22.5 9\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || !slices.Equal(all[1].permille, []uint16{225, 90}) {
		t.Errorf("read %+v", all)
	}
	if got := Rates(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); !slices.Equal(got, []uint16{210, 90, 0}) {
		t.Errorf("rates of 2026: %v", got)
	}
	if got := Rates(time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)); len(got) != 0 {
		t.Errorf("rates before the first: %v", got)
	}
	for _, bad := range []string{"x 21", "2019-01-01 21\n2019-01-01 9", "2019-01-01 100", "2019-01-01 9.55", "2019-01-01 -1"} {
		if _, err := readRates(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestTheVATInAnAmountIsRoundedToTheNearestCent(t *testing.T) {
	for _, tt := range []struct {
		amount ledger.Cents
		rate   uint16
		want   ledger.Cents
	}{{121_00, 210, 21_00}, {1_00, 90, 8}, {10_00, 90, 83}, {10_00, 0, 0}, {-121_00, 210, -21_00}, {3, 210, 1}, {2, 210, 0}, {999_999_999_999, 210, 173_553_719_008}} {
		if got := within(tt.amount, tt.rate); got != tt.want {
			t.Errorf("VAT in %v at %d: %v, want %v", tt.amount, tt.rate, got, tt.want)
		}
	}
}
