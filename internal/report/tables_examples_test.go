package report

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"grulden/demurrage"
	"grulden/ledger"
)

// showsRows compares a table with rows written as "key: value value …", fractions with
// the number of owners behind them; "-" is no value. What a scale multiplies by is
// left out.
func showsRows(t *testing.T, r *Report, key string, want ...string) {
	t.Helper()
	got := strings.Split(strings.TrimSuffix(cellsOf(table(t, r, key)), "\n"), "\n")
	if !slices.Equal(got, want) {
		t.Errorf("%s is\n%s\nwant\n%s", key, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// tops compares the two largest contributions to a column, row by row.
func tops(t *testing.T, r *Report, key, column string, want ...string) {
	t.Helper()
	table := table(t, r, key)
	var got []string
	for _, row := range table.Rows {
		c := cellAt(t, table, row, column)
		if c.Top[0] == nil {
			got = append(got, row.Key+": -")
			continue
		}
		got = append(got, row.Key+": "+c.Top[0].RatString()+" "+c.Top[1].RatString())
	}
	if !slices.Equal(got, want) {
		t.Errorf("the largest of %s in %s are\n%s\nwant\n%s", column, key, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// street is a small economy without demurrage, two hops to be convertible.
//
//	day 0  anna and bob buy 100 and 60
//	day 2  anna → SHOP 40       hop 1
//	day 3  bob → SHOP 20        hop 1
//	day 5  SHOP → MILL 50       hop 2: 40 of anna's and 10 of bob's, convertible
//	day 9  MILL asks for 30     on day 12 it has its euros
//	day 10 SHOP → bob 10        bob had it: returned
func street(t *testing.T) *wijk {
	w := newWijk(t, "2026-01-05", still(2, 365)) // a Monday
	w.open("anna", "bob", "cor", "SHOP", "MILL")
	w.issue(0, "anna", 100)
	w.issue(0, "bob", 60)
	w.pay(2, "anna", "SHOP", 40, "1")
	w.pay(3, "bob", "SHOP", 20, "2")
	w.pay(5, "SHOP", "MILL", 50, "3")
	w.redeem(9, "MILL", 30, "r")
	w.pay(10, "SHOP", "bob", 10, "4")
	w.do(12, ledger.Settle{Of: w.names.ID("r")})
	return w
}

func TestTheStreetByHops(t *testing.T) {
	r := street(t).report(0, 13)
	showsRows(
		t, r, "hops",
		"hop_1: 60(2) 1/2(2)", "hop_2: 50(1) 5/12(1)", "returned: 10(1) 1/12(1)", "same_day: 0(0) 0(0)", "convertible: 0(0) 0(0)",
	)
	tops(t, r, "hops", "volume", "hop_1: 40 20", "hop_2: 50 0", "returned: 10 0", "same_day: 0 0", "convertible: 0 0")
	tops(t, r, "hops", "share", "hop_1: 1/3 1/6", "hop_2: 5/12 0", "returned: 1/12 0", "same_day: 0 0", "convertible: 0 0")
	// anna 60 and bob 40 never moved, bob's 10 counted once; MILL has 20 left
	showsRows(
		t, r, "life",
		"life_0: 100(2) 10/13(2)", "life_1: 10(1) 1/13(1)", "by_hops: 20(1) 2/13(1)", "by_age: 0(0) 0(0)",
	)
	if s := table(t, r, "hops").Sentence.NL; s != "Van het betaalde geld telde 92 % mee op weg naar inwisselbaar." {
		t.Errorf("it says: %s", s)
	}
	if s := table(t, r, "life").Sentence.EN; s != "Of what there is on 18 January 2026, 15 % is convertible." {
		t.Errorf("it says: %s", s)
	}
}

func TestTheStreetTurnsToEuros(t *testing.T) {
	r := street(t).report(0, 13)
	// 50 became convertible at MILL on day 5, by its second hop
	showsRows(
		t, r, "to_convertible",
		"span_0: 0(0) 0(0)", "span_1: 50(1) 0(0)", "span_2: 0(0) 0(0)", "span_3: 0(0) 0(0)", "span_4: 0(0) 0(0)", "span_5: 0(0) 0(0)",
		"span_6: 0(0) 0(0)",
	)
	showsRows(t, r, "exit_hops", "exit_0: 0(0) 0(0)", "exit_1: 0(0) 0(0)", "exit_2: 30(1) 1(1)")
	// made on day 0 and asked for on day 9
	showsRows(
		t, r, "exit_age",
		"span_0: 0(0) 0(0)", "span_1: 0(0) 0(0)", "span_2: 30(1) 1(1)", "span_3: 0(0) 0(0)", "span_4: 0(0) 0(0)", "span_5: 0(0) 0(0)",
		"span_6: 0(0) 0(0)",
	)
	// asked for on day 9, paid out on day 12
	showsRows(
		t, r, "redemption_lag",
		"lag_0: 0(0) 0(0)", "lag_1: 0(0) 0(0)", "lag_2: 0(0) 0(0)", "lag_3: 30(1) 1(1)", "lag_4: 0(0) 0(0)", "lag_5: 0(0) 0(0)",
	)
	before := street(t).report(0, 11)
	showsRows(
		t, before, "redemption_lag",
		"lag_0: 0(0) -", "lag_1: 0(0) -", "lag_2: 0(0) -", "lag_3: 0(0) -", "lag_4: 0(0) -", "lag_5: 0(0) -",
	)
	if s := table(t, before, "redemption_lag").Sentence.NL; s != "Van wat is uitbetaald, was – % er binnen twee dagen." {
		t.Errorf("it says: %s", s)
	}
}

func TestTheStreetByTheTimeThatMoneyLies(t *testing.T) {
	r := street(t).report(0, 13)
	// paid: 40 after 2 days, 20 after 3, of SHOP's 50 40 after 3 and 10 after 2, 10
	// after 7; held: anna 60 and bob 50 − 10 since day 0 (13½ days), bob 10 for 3½
	// days, MILL 20 for 8½
	showsRows(
		t, r, "holding",
		"span_0: 0(0) 0(0)", "span_1: 110(3) 10(1)", "span_2: 10(1) 120(3)", "span_3: 0(0) 0(0)", "span_4: 0(0) 0(0)",
		"span_5: 0(0) 0(0)", "span_6: 0(0) 0(0)",
	)
	tops(
		t, r, "holding", "ended",
		"span_0: 0 0", "span_1: 50 40", "span_2: 10 0", "span_3: 0 0", "span_4: 0 0", "span_5: 0 0", "span_6: 0 0",
	)
	// residents paid 40 after 2 days and 20 after 3: 140 / 60; shops 40 × 3 + 10 × 2 +
	// 10 × 7 = 210 / 60. Held: (100 × 13½ + 10 × 3½) / 110 and 8½
	showsRows(t, r, "holding_by_role", "merchant: 7/2(1) 17/2(1)", "resident: 7/3(2) 277/22(2)")
}

func TestTheStreetByGroups(t *testing.T) {
	r := street(t).report(0, 13)
	// on average over 14 days: residents 160 for two days, 120, 100 for seven, 110 for
	// four: 1580; shops 40, 60 for six, 30, 20 for four, but SHOP's 10 and MILL's 50: 60
	// on days 3–8, 30 on day 9, 20 on days 10–13: 510
	showsRows(
		t, r, "groups",
		"merchant: 2(2) 2(2) 20(1) 255/7(2) 60(1) 110(2) 0(0) 0(0) 730/17(1)",
		"resident: 3(3) 2(2) 110(2) 790/7(2) 60(2) 10(1) 0(0) 0(0) 1095/79(2)",
	)
	// cor never paid, and has nothing; MILL has 20 and paid nobody, for redeeming is no paying
	showsRows(t, r, "never_spent", "merchant: 2(2) 1(1) 20(1)", "resident: 3(3) 1(1) 0(0)")
	if s := table(t, r, "never_spent").Sentence.NL; s != "Van 2 van de 5 open rekeningen is nog nooit iets betaald." {
		t.Errorf("it says: %s", s)
	}
	// SHOP got 60 and paid 60; MILL got 50 and asked for 30
	showsRows(
		t, r, "stuck",
		"passed_0: 0(0) 0(0) 0(0)", "passed_25: 0(0) 0(0) 0(0)", "passed_50: 1(1) 50(1) 20(1)", "passed_75: 0(0) 0(0) 0(0)",
		"passed_100: 1(1) 60(1) 0(1)",
	)
	if s := table(t, r, "stuck").Sentence.EN; s != "0 of 2 shops that received something passed on less than half of it." {
		t.Errorf("it says: %s", s)
	}
}

func TestTheStreetAsAFlow(t *testing.T) {
	w := street(t)
	showsRows(
		t, w.report(0, 13), "money_flow",
		"merchant>to_euro: 30(1)", "merchant>at_end: 20(1)", "bought>resident: 160(2)", "resident>merchant: 50(2)", "resident>at_end: 110(2)",
	)
	// from day 3 on residents had 120 and SHOP 40
	showsRows(
		t, w.report(3, 13), "money_flow",
		"at_start>merchant: 40(1)", "merchant>to_euro: 30(1)", "merchant>at_end: 20(1)", "at_start>resident: 120(2)",
		"resident>merchant: 10(1)", "resident>at_end: 110(2)",
	)
}

func TestTheStreetByWeeks(t *testing.T) {
	r := street(t).report(0, 13)
	// first week: 160 on all days; second: 160 on two days, 130 on five
	showsRows(
		t, r, "over_time",
		"2026-01-05: 160(4) 110(2) 3(2) 4015/112(2) 160(2) 0(0) 0(0)",
		"2026-01-12: 970/7(4) 10(1) 1(1) 365/97(1) 0(0) 30(1) 0(0)",
	)
	alone := street(t).report(7, 13)
	if got, want := cellsOf(table(t, r, "over_time")), cellsOf(table(t, alone, "over_time")); !strings.HasSuffix(got, want) {
		t.Errorf("the second week is\n%s\nin a report of its own\n%s", got, want)
	}
}

// TestMoneyThatAgesIsToldFromMoneyThatWasPaid: two hops or ten days.
func TestMoneyThatAgesIsToldFromMoneyThatWasPaid(t *testing.T) {
	w := newWijk(t, "2026-01-05", still(2, 10))
	w.open("a", "b", "S", "T")
	w.issue(0, "a", 70)
	w.issue(0, "b", 30)
	w.pay(1, "a", "S", 20, "1")
	w.pay(2, "S", "T", 5, "2") // convertible by its hops
	showsRows(t, w.report(0, 9), "life", "life_0: 80(2) 4/5(2)", "life_1: 15(1) 3/20(1)", "by_hops: 5(1) 1/20(1)", "by_age: 0(0) 0(0)")
	// on day 10 all the rest is convertible, and nobody did anything
	aged := w.report(0, 10)
	showsRows(t, aged, "life", "life_0: 0(0) 0(0)", "life_1: 0(0) 0(0)", "by_hops: 5(1) 1/20(1)", "by_age: 95(3) 19/20(3)")
	showsRows(
		t, aged, "to_convertible",
		"span_0: 0(0) 0(0)", "span_1: 5(1) 0(0)", "span_2: 0(0) 95(3)", "span_3: 0(0) 0(0)", "span_4: 0(0) 0(0)", "span_5: 0(0) 0(0)",
		"span_6: 0(0) 0(0)",
	)
	w.redeem(12, "S", 15, "r")
	w.redeem(13, "T", 5, "q")
	w.do(13, ledger.Settle{Of: w.names.ID("r")})
	w.do(13, ledger.Settle{Of: w.names.ID("q")})
	// S's 15 had counted once, T's 5 twice
	later := w.report(11, 13)
	showsRows(t, later, "exit_hops", "exit_0: 0(0) 0(0)", "exit_1: 15(1) 3/4(1)", "exit_2: 5(1) 1/4(1)")
	showsRows(
		t, later, "redemption_lag",
		"lag_0: 5(1) 1/4(1)", "lag_1: 15(1) 3/4(1)", "lag_2: 0(0) 0(0)", "lag_3: 0(0) 0(0)", "lag_4: 0(0) 0(0)", "lag_5: 0(0) 0(0)",
	)
	// what became convertible before the period does not count in it
	if sum := columnSum(t, table(t, later, "to_convertible"), "by_age"); sum.Sign() != 0 {
		t.Errorf("%v became convertible after day 10", sum)
	}
}

// TestPoolMoneyKeepsItsOrigin: convertible money of two months goes out in the
// order in which it came, through another shop's hands too.
func TestPoolMoneyKeepsItsOrigin(t *testing.T) {
	w := newWijk(t, "2026-01-05", still(1, 365))
	w.open("a", "S", "T")
	w.issue(0, "a", 30)
	w.pay(1, "a", "S", 30, "1") // convertible, of January
	w.issue(40, "a", 20)        // 14 February
	w.pay(41, "a", "S", 20, "2")
	w.pay(42, "S", "T", 40, "3") // 30 of January and 10 of February
	w.redeem(60, "T", 35, "r")
	w.do(60, ledger.Settle{Of: w.names.ID("r")})
	r := w.report(0, 60) // 6 March
	// of January's 30 nothing is left; of February's 20, T has 5 and S 10
	showsRows(
		t, r, "cohorts",
		"2026-01: 30(1) 1(1) 1(1) - - -", "2026-02: 20(2) 1(2) - - - -", "2026-03: 0(0) - - - - -",
	)
	// asked for on day 60: 30 are 60 days old, 5 are 20
	exits := table(t, r, "exit_age")
	for i, want := range []string{"0", "0", "5", "30", "0", "0", "0"} {
		if got := exits.Rows[i].Cells[0].Value.RatString(); got != want {
			t.Errorf("%s: %s, want %s", exits.Rows[i].Key, got, want)
		}
	}
}

// TestARefundUndoesTheFiguresOfItsPayment: in the week of the payment, in all
// tables, also when it comes a week later.
func TestARefundUndoesTheFiguresOfItsPayment(t *testing.T) {
	w := newWijk(t, "2026-01-05", still(5, 365))
	w.open("a", "b", "S")
	w.issue(0, "a", 100)
	w.issue(0, "b", 100)
	w.pay(3, "a", "S", 40, "1")
	w.pay(4, "b", "S", 20, "2")
	w.refund(9, "1", 40)
	w.refund(10, "2", 5)
	r := w.report(0, 13)
	showsRows(
		t, r, "over_time",
		"2026-01-05: 200(3) 15(1) 1(1) 219/56(1) 200(2) 0(0) 0(0)", "2026-01-12: 200(3) 0(0) 0(0) 0(0) 0(0) 0(0) 0(0)",
	)
	// the shop has 40 on day 3, 60 on days 4 to 8, 20 on day 9, then 15: 420
	showsRows(
		t, r, "groups",
		"merchant: 1(1) 1(1) 15(1) 30(1) 0(0) 15(1) 0(0) 0(0) 0(0)", "resident: 2(2) 1(1) 185(2) 170(2) 15(1) 0(0) 0(0) 0(0) 1095/476(1)",
	)
	showsRows(t, r, "money_flow", "merchant>at_end: 15(1)", "bought>resident: 200(2)", "resident>merchant: 15(1)", "resident>at_end: 185(2)")
	// a report of the second week alone has no payment to undo: what came back is apart
	second := w.report(7, 13)
	showsRows(t, second, "over_time", "2026-01-12: 200(3) 0(0) 0(0) 0(0) 0(0) 0(0) 0(0)")
	if second.RefundedLate != 4500 || second.Refunded != 0 || r.Refunded != 4500 || r.RefundedLate != 0 {
		t.Errorf("refunded %v and %v late, of all %v and %v", second.Refunded, second.RefundedLate, r.Refunded, r.RefundedLate)
	}
	showsRows(
		t, second, "money_flow",
		"at_start>merchant: 60(1)", "merchant>resident: 45(0)", "merchant>at_end: 15(1)", "at_start>resident: 140(2)", "resident>at_end: 185(2)",
	)
}

// TestWhatMeltsFromWhom: one per cent a day, without grace.
func TestWhatMeltsFromWhom(t *testing.T) {
	p := still(5, 365)
	p.Rate, p.GraceDays = 10_000_000, 0
	w := newWijk(t, "2026-01-05", p)
	w.open("a", "b", "S")
	w.issue(0, "a", 300)
	w.issue(0, "b", 100)
	w.pay(0, "b", "S", 100, "1")
	r := w.report(0, 1)
	// 3 from a and 1 from S; half of it in each of two days' mean: 300 and 297, 100 and 99
	showsRows(
		t, r, "groups",
		"merchant: 1(1) 1(1) 99(1) 199/2(1) 0(0) 100(1) 1(1) 365/199(1) 0(0)",
		"resident: 2(2) 1(1) 297(1) 597/2(1) 100(1) 0(0) 3(1) 365/199(1) 36500/597(1)",
	)
	showsRows(
		t, r, "money_flow",
		"merchant>melted: 1(1)", "merchant>at_end: 99(1)", "bought>resident: 400(2)", "resident>merchant: 100(1)",
		"resident>melted: 3(1)", "resident>at_end: 297(1)",
	)
	if r.Demurrage.Cmp(big.NewRat(4, 1)) != 0 {
		t.Errorf("%v melted", r.Demurrage)
	}
}

// TestAnOwnerWithTwoAccountsIsOne, and what goes between them is no payment.
func TestAnOwnerWithTwoAccountsIsOne(t *testing.T) {
	w := newWijk(t, "2026-01-05", still(5, 365))
	w.open("anna", "anna/2", "S")
	w.issue(0, "anna", 50)
	w.issue(0, "anna/2", 50)
	w.pay(1, "anna", "anna/2", 20, "1")
	w.pay(2, "anna/2", "S", 30, "2")
	w.pay(2, "anna", "S", 10, "3")
	r := w.report(0, 2)
	showsRows(t, r, "hops", "hop_1: 40(1) 1(1)", "hop_2: 0(0) 0(0)", "hop_3: 0(0) 0(0)", "hop_4: 0(0) 0(0)", "hop_5: 0(0) 0(0)",
		"returned: 0(0) 0(0)", "same_day: 0(0) 0(0)", "convertible: 0(0) 0(0)")
	tops(t, r, "groups", "paid", "merchant: 0 0", "resident: 40 0")
	showsRows(t, r, "never_spent", "merchant: 1(1) 1(1) 40(1)", "resident: 2(2) 0(0) 0(0)")
}

// TestAMonthIsARowOfALongPeriod, the first and last cut to the period.
func TestAMonthIsARowOfALongPeriod(t *testing.T) {
	w := newWijk(t, "2026-01-05", still(5, 365))
	w.open("a", "S")
	w.issue(0, "a", 31)
	w.pay(30, "a", "S", 1, "1") // 4 February
	w.pay(130, "a", "S", 1, "2")
	r := w.report(10, 140)
	var got []string
	for _, s := range r.data.spans {
		got = append(got, s.From.String()+" "+s.To.String())
	}
	want := []string{
		"2026-01-15 2026-01-31", "2026-02-01 2026-02-28", "2026-03-01 2026-03-31", "2026-04-01 2026-04-30", "2026-05-01 2026-05-25",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the rows are %v", got)
	}
	if p := (Period{w.zero, w.zero + 98}); p.long() || p.Days() != 99 {
		t.Errorf("%d days are told in months", p.Days())
	}
	if p := (Period{w.zero, w.zero + demurrage.Day(99)}); !p.long() {
		t.Error("a hundred days are told in weeks")
	}
}

// TestAMonthWithoutEntriesMadeNothing: a report that reaches into the quiet months
// after the last entry stays as it is when the next entry comes.
func TestAMonthWithoutEntriesMadeNothing(t *testing.T) {
	w := newWijk(t, "2026-01-05", ledger.DefaultPolicy())
	w.open("anna", "SHOP")
	w.issue(0, "anna", 100)
	quiet := w.report(0, 74) // 20 March
	w.issue(80, "anna", 7)
	f, err := foldAll(t.Context(), walk(w.records), Always, Options{})
	if err != nil {
		t.Fatal(err)
	}
	later, err := f.report(quiet.Period, Options{Owners: true})
	if err != nil {
		t.Fatal(err)
	}
	if text(t, quiet) != text(t, later) {
		t.Errorf("while it was quiet\n%s\nafter an entry\n%s", text(t, quiet), text(t, later))
	}
	for i, was := range quiet.Tables() {
		if is := later.Tables()[i]; cellsOf(was) != cellsOf(is) {
			t.Errorf("%s was, while it was quiet\n%s\nand is after an entry\n%s", was.Key, cellsOf(was), cellsOf(is))
		}
	}
}
