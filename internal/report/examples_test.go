package report

import (
	"testing"

	"grulden/demurrage"
	"grulden/ledger"
)

// TestTheCirculationExampleWithoutDemurrage is a small economy whose figures
// were computed by two other programs and by hand: eleven rows in thirty days,
// first in first out. Every amount is convertible a day after it was issued, so
// that the ledger, too, knows arrivals only.
//
//	day  0 issue A 100, B 60     day 12 D→A 30         day 24 B→A 20
//	day  3 A→C 40                day 15 A→B 50         day 25 C→E 10
//	day  6 B→C 20                day 20 C redeems 20   day 27 B redeems 30
//	day 10 C→D 30
//
// In circulation: 160 on 20 days, 140 on 7, 110 on 3: 4510 / 30 = 451/3. Held
// before payment: 40×3 + 20×6 + 30×7 + 30×2 + 50×15 + 20×24 + 10×19 = 1930, of
// 200: 193/20 days. Velocity: 200 / 4510 × 365 = 7300/451.
func TestTheCirculationExampleWithoutDemurrage(t *testing.T) {
	p := still(5, 1)
	p.GraceDays = 0
	w := newWijk(t, "2026-01-05", p)
	w.open("A", "B", "C", "D", "E")
	w.issue(0, "A", 100)
	w.issue(0, "B", 60)
	w.pay(3, "A", "C", 40, "3")
	w.pay(6, "B", "C", 20, "4")
	w.pay(10, "C", "D", 30, "5")
	w.pay(12, "D", "A", 30, "6")
	w.pay(15, "A", "B", 50, "7")
	w.redeem(20, "C", 20, "8")
	w.do(20, ledger.Settle{Of: w.names.ID("8")})
	w.pay(24, "B", "A", 20, "9")
	w.pay(25, "C", "E", 10, "10")
	w.redeem(27, "B", 30, "11")
	w.do(27, ledger.Settle{Of: w.names.ID("11")})
	expect(t, w.report(0, 29), map[string]string{
		"issued": "160", "redeemed": "50", "share_redeemed": "125/4", // %
		"stock_start": "0", "stock_end": "110", "stock_mean": "451/3",
		"volume": "200", "payments": "7", "payers": "4", "receivers": "5", "participants": "5",
		"velocity": "7300/451", "multiplier": "9/4",
		"holding_mean": "193/20", "holding_median": "7",
		"volume_convertible": "200", "volume_hop_1": "0", "volume_returned": "0",
		"fund_demurrage": "0", "fund_income": "0", "fund_rounding": "0", "fund_end": "0",
		// C: 20 of day 3 or 6, first in first out 10 of day 3 (17 days) and 10 of
		// day 6 (14); B: 30 of day 0 but for the 40 gone, so 20 of day 0 (27) and
		// 10 of day 15 (12). (170 + 140 + 540 + 120) / 50
		"redeemed_age": "97/5",
	})
}

// TestTheCirculationExampleWithDemurrage: 100 issued, half of it paid on day 15,
// 20 paid back on day 45, and one percent taken on days 30 and 60. As far as the
// example's coin is ours: it takes its percent of balances, as we do of the
// index, but a part that comes back counts no hop here.
//
//	D = 1.00 on day 30, 0.99 on day 60; 100 on 30 days, 99 on 30: 99.5 on average
//	h = (50×15 + 20×30) / 70 = 135/7
func TestTheCirculationExampleWithDemurrage(t *testing.T) {
	p := still(5, 365)
	p.Rate, p.Every, p.GraceDays = 10_000_000, demurrage.Monthly, 0
	w := newWijk(t, "2026-03-02", p) // 1 April is day 30, 1 May day 60
	w.open("a", "b")
	w.issue(0, "a", 100)
	w.pay(15, "a", "b", 50, "2")
	w.pay(45, "b", "a", 20, "3")
	expect(t, w.report(0, 59), map[string]string{
		"issued": "100", "redeemed": "0", "volume": "70", "multiplier": "17/10", "share_redeemed": "0",
		"volume_hop_1": "50", "volume_returned": "20", "volume_hop_2": "0",
		"holding_mean": "135/7", "holding_median": "15", "fund_demurrage": "1", "stock_start": "0",
		// 99.50 on average, but for the grain that two roundings of day 45 gave to
		// holders, on 15 days: 0.2 of a grain to b and 0.8 to a, all rounded up
		"fund_rounding": "1/100000000", "stock_end": "9900000001/100000000",
		"stock_mean": "39800000001/400000000",
	})
	// 0.99 of that grain on day 60, rounded up
	expect(t, w.report(0, 60), map[string]string{
		"fund_demurrage": "199/100", "stock_end": "9801000001/100000000", "fund_end": "198999999/100000000",
	})
}

// TestEachPartOfAPaymentIsCountedByItsHop, three hops to be convertible:
//
//	day  2 a→b 60  hop 1                             lay 2 days
//	day  2 b→C 10  its hop was today: same day       lay 0
//	day  5 b→a 20  a has had it: returned            lay 3
//	day  7 b→C 30  hop 2                             lay 5
//	day  8 C→D 25  the 10 of day 2: hop 2            lay 6
//	               15 of the 30: hop 3, convertible  lay 1
//	day 10 D→a 20  the 10, which a has had           lay 2
//	               10 convertible, after all lots    lay 2
//
// V = 165; 120 + 0 + 60 + 150 + 60 + 15 + 20 + 20 = 445 Grulden-days.
func TestEachPartOfAPaymentIsCountedByItsHop(t *testing.T) {
	w := newWijk(t, "2026-01-05", still(3, 365))
	w.open("a", "b", "C", "D")
	w.issue(0, "a", 100)
	w.pay(2, "a", "b", 60, "1")
	w.pay(2, "b", "C", 10, "2")
	w.pay(5, "b", "a", 20, "3")
	w.pay(7, "b", "C", 30, "4")
	w.pay(8, "C", "D", 25, "5")
	w.pay(10, "D", "a", 20, "6")
	expect(t, w.report(0, 10), map[string]string{
		"volume": "165", "volume_hop_1": "60", "volume_hop_2": "40", "volume_hop_3": "15",
		"volume_returned": "30", "volume_same_day": "10", "volume_convertible": "10",
		"holding_mean": "89/33", "holding_median": "2", // 10 + 15 lay less than 2 days, 80 lay 2
		"stock_mean": "100", "velocity": "219/4", // 165 / (100 × 11) × 365
		"payments": "6", "payers": "4", "receivers": "4",
	})
	expect(t, w.report(5, 7), map[string]string{ // 20×3 + 30×5 = 210
		"volume": "50", "holding_mean": "21/5", "issued": "0", "multiplier": "-", "share_redeemed": "-",
		"stock_start": "100", "volume_returned": "20", "volume_hop_2": "30",
	})
}

// TestARefundDropsBothLegs: of 40 paid on day 4, 10 come back on day 6; what is
// paid on day 10 has lain since day 0, also where it had been at the shop.
func TestARefundDropsBothLegs(t *testing.T) {
	w := newWijk(t, "2026-01-05", still(5, 365))
	w.open("a", "S")
	w.issue(0, "a", 100)
	w.pay(4, "a", "S", 40, "1")
	w.refund(6, "1", 10)
	w.pay(10, "a", "S", 65, "2")
	w.refund(12, "2", 65)
	expect(t, w.report(0, 11), map[string]string{ // 30×4 + 65×10 = 770
		"volume": "95", "refunded": "10", "refunded_late": "0", "payments": "2", "holding_mean": "154/19",
		"volume_hop_1": "95",
	})
	expect(t, w.report(0, 12), map[string]string{
		"volume": "30", "refunded": "75", "payments": "1", "holding_mean": "4",
	})
	expect(t, w.report(12, 12), map[string]string{
		"volume": "0", "refunded": "0", "refunded_late": "65", "payments": "0", "payers": "0",
		"velocity": "0", "holding_mean": "-", "holding_median": "-",
	})
	// at the end of day 12, noon plus half a day: 70 lie at a since day 0, 30 at
	// the shop since day 4: 70×12.5 + 30×8.5 = 1130
	expect(t, w.report(12, 12), map[string]string{"held_age": "113/10"})
}

// TestARefundOfAPartDropsTheLastPartFirst: 30 paid with 20 that counts its
// second time and 10 that counts its first. The 20 melt sooner, so they go first.
func TestARefundOfAPartDropsTheLastPartFirst(t *testing.T) {
	w := newWijk(t, "2026-01-05", still(5, 365))
	w.open("a", "b", "S")
	w.issue(0, "a", 20)
	w.pay(1, "a", "b", 20, "1")
	w.issue(3, "b", 50)
	w.pay(4, "b", "S", 30, "2")
	w.refund(4, "2", 15)
	expect(t, w.report(0, 4), map[string]string{ // 20×1 + 15×3
		"volume": "35", "volume_hop_1": "20", "volume_hop_2": "15", "holding_mean": "13/7",
	})
}

func TestMovingBetweenOnesOwnAccountsIsNoPayment(t *testing.T) {
	w := newWijk(t, "2026-01-05", still(5, 365))
	w.open("anna", "anna/2", "S")
	w.issue(0, "anna", 50)
	w.pay(3, "anna", "anna/2", 50, "1")
	w.pay(5, "anna/2", "anna", 10, "2")
	w.refund(6, "2", 10)
	w.pay(8, "anna/2", "S", 50, "3")
	expect(t, w.report(0, 8), map[string]string{
		"volume": "50", "payments": "1", "payers": "1", "receivers": "1", "participants": "2",
		"refunded": "0", "holding_mean": "8", "volume_hop_1": "50", "volume_returned": "0",
	})
}

// TestRedemptionsCountWhenTheyAreSettled: of 100 that reach the shop on day 1, 30
// are asked for on day 5 and settled on day 9 with a fee of 2 %; 20 are asked
// for on day 6 and come back on day 7, and have lain there all the time.
func TestRedemptionsCountWhenTheyAreSettled(t *testing.T) {
	p := still(1, 365)
	p.Fee = 20_000_000
	w := newWijk(t, "2026-01-05", p)
	w.open("a", "S")
	w.issue(0, "a", 100)
	w.pay(1, "a", "S", 100, "1")
	w.redeem(5, "S", 30, "r1")
	w.redeem(6, "S", 20, "r2")
	w.do(7, ledger.Reject{Of: w.names.ID("r2")})
	w.pay(8, "S", "a", 70, "2")
	w.do(9, ledger.Settle{Of: w.names.ID("r1")})
	expect(t, w.report(0, 8), map[string]string{
		"requested": "50", "rejected": "20", "waiting": "30", "redeemed": "0", "redemption_fees": "0",
		"redeemed_age": "-", "share_redeemed": "0", "fund_end": "0",
		"holding_mean": "59/17", // 100×1 + 70×7 = 590, of 170
	})
	expect(t, w.report(0, 9), map[string]string{
		"waiting": "0", "redeemed": "147/5", "redemption_fees": "3/5", "share_redeemed": "147/5",
		"redeemed_age": "4", "fund_fees": "3/5", "fund_income": "3/5", "fund_end": "3/5",
		"stock_mean": "83",  // 100 on days 0–4, 70, 50, then 70 on days 7–9
		"held_age":   "3/2", // 70 at a since noon of day 8
	})
}

// TestTheFundsBooksAddUp: a grant is in circulation and not issued, and what is
// left of a closed account is the fund's.
func TestTheFundsBooksAddUp(t *testing.T) {
	p := still(5, 365)
	p.Rate, p.GraceDays = 10_000_000, 0 // 1 % a day
	w := newWijk(t, "2026-01-05", p)
	w.open("a", "b", "S")
	w.issue(0, "a", 100)
	w.do(2, ledger.Grant{To: w.names.Account("b"), Amount: 100}) // the fund has 100 − 98.01 = 1.99
	// that is ⌈10⁸ / 0.9801⌉ = 102 030 406 units, on day 4 worth 98 010 000.9 grains,
	// of which b pays 0.98; what stays is ⌈10 000.9 / 0.96059601⌉ = 10 412 units
	w.do(4, ledger.Pay{ID: w.names.ID("1"), From: w.names.Account("b"), To: w.names.Account("S"), Amount: 98})
	w.do(4, ledger.Close{Account: w.names.Account("b")})
	// what all have, in grains: 10 000 000 000, 9 900 000 000 on day 1, then
	// 9 801 000 000 + grant = 9 901 000 001, 9 801 990 001, 9 703 970 101,
	// + payment = 9 703 970 102, − closing = 9 703 960 101
	expect(t, w.report(0, 4), map[string]string{
		"issued": "100", "granted": "1", "fund_granted": "1", "fund_left": "10001/100000000",
		"fund_demurrage": "3960299/1000000", // 100 000 000 + 99 000 000 + 99 010 000 + 98 019 900
		"fund_rounding":  "1/50000000",
		"fund_income":    "396039901/100000000",
		"fund_end":       "296039899/100000000", // + income − grant − rounding
		"stock_end":      "9703960101/100000000",
	})
}

// TestADayOfAChangeOfTheClockIsAsLongAsItWas: from noon on 28 March to the end of
// the 29th are 35 hours.
func TestADayOfAChangeOfTheClockIsAsLongAsItWas(t *testing.T) {
	w := newWijk(t, "2026-01-05", still(5, 365))
	w.open("a")
	day, err := demurrage.ParseDay("2026-03-28")
	if err != nil {
		t.Fatal(err)
	}
	n := int(day - w.zero)
	w.issue(n, "a", 10)
	expect(t, w.report(n, n+1), map[string]string{"held_age": "35/24"})
}
