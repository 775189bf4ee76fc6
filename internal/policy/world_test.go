package policy

import (
	"math/big"
	"testing"

	"grulden/demurrage"
	"grulden/ledger"
)

// does decides a command on a day, and wants a result.
func (w *World) does(t *testing.T, day demurrage.Day, want ledger.Result, cmd ledger.Command) {
	t.Helper()
	moment := ledger.Moment{Day: day, At: ledger.Instant{Sec: int64(day) * 24 * 60 * 60}}
	if _, result, err := w.Decide(&ledger.Entry{Moment: moment, Command: cmd}); err != nil || result != want {
		t.Fatalf("%+v: %v, %v", cmd, result, err)
	}
}

// TestAWorldCountsWhatItsPeopleDoByHand is a week of two people and a shop, with
// one hop to euros and a fee of 10 %, seen from the second day on.
func TestAWorldCountsWhatItsPeopleDoByHand(t *testing.T) {
	const anna, bram, bakker, purse = 1, 2, 3, 4 // purse is Anna's second one
	day := day(t, "2026-03-02")
	w := NewWorld(ledger.MeltsFirst)
	w.does(t, day, ledger.Applied, ledger.SetPolicy{Policy: ledger.Policy{GraceDays: 30, Hops: 1, TermDays: 365, Fee: demurrage.Billion / 10, Redeemers: []string{"merchant"}}})
	for id, role := range map[ledger.AccountID]string{anna: "resident", bram: "resident", bakker: "merchant"} {
		w.does(t, day, ledger.Applied, ledger.Open{Account: id, Owner: ledger.OwnerID(id), Role: role})
	}
	w.does(t, day, ledger.Applied, ledger.Open{Account: purse, Owner: anna, Role: "resident"})
	w.does(t, day, ledger.Applied, ledger.Issue{To: anna, Amount: 100_00})
	w.does(t, day, ledger.Applied, ledger.Pay{ID: ledger.ID{1}, From: anna, To: bram, Amount: 7_00})
	w.does(t, day, ledger.InsufficientBalance, ledger.Pay{ID: ledger.ID{99}, From: bram, To: anna, Amount: 8_00})
	if err := w.Begin(day); err != nil {
		t.Fatal(err)
	}

	day++ // all of this counts
	w.does(t, day, ledger.Applied, ledger.Issue{To: bram, Amount: 20_00})
	w.does(t, day, ledger.Applied, ledger.Pay{ID: ledger.ID{2}, From: anna, To: bakker, Amount: 50_00})
	w.does(t, day, ledger.Applied, ledger.Refund{Of: ledger.ID{2}, Amount: 10_00})
	w.does(t, day, ledger.Applied, ledger.Pay{ID: ledger.ID{3}, From: anna, To: purse, Amount: 5_00}) // no volume: both are hers
	w.does(t, day, ledger.InsufficientBalance, ledger.Pay{ID: ledger.ID{4}, From: bram, To: bakker, Amount: 90_00})
	w.does(t, day, ledger.NotConvertible, ledger.Redeem{ID: ledger.ID{5}, From: bakker, Amount: 40_01})
	w.does(t, day, ledger.MayNotRedeem, ledger.Redeem{ID: ledger.ID{6}, From: bram, Amount: 1})
	w.does(t, day, ledger.InsufficientFund, ledger.Grant{To: bram, Amount: 1_00})
	day++
	w.does(t, day, ledger.Applied, ledger.Redeem{ID: ledger.ID{7}, From: bakker, Amount: 20_00})
	w.does(t, day, ledger.Applied, ledger.Redeem{ID: ledger.ID{8}, From: bakker, Amount: 10_00})
	day++
	w.does(t, day, ledger.Applied, ledger.Settle{Of: ledger.ID{7}})
	w.does(t, day, ledger.Applied, ledger.Reject{Of: ledger.ID{8}})
	w.does(t, day, ledger.Applied, ledger.Grant{To: bram, Amount: 1_50}) // of the fee of 2.00

	p, err := Compare(w, w, day-2, day+1)
	if err != nil {
		t.Fatal(err)
	}
	g := p.Groups[0]
	if g.Accounts != 4 || g.Would.Spent != 45_00 || g.Would.Received != 45_00 || g.Would.PaidOut != 18_00 || g.Would.Fees != 2_00 {
		t.Errorf("%+v", g.Would)
	}
	if g.Payments != (Lost{1, 90_00}) || g.Requests != (Lost{2, 40_02}) || p.Fund.Grants != (Lost{1, 1_00}) {
		t.Errorf("lost %+v, %+v, %+v", g.Payments, g.Requests, p.Fund.Grants)
	}
	if p.Would.Reserve != 102_00 || p.Would.Issued != 20_00 || p.Would.Volume != 40_00 {
		t.Errorf("%+v", p.Would)
	}
	// 120.00 on the first day, 90.00 on the second, 101.50 on the last two.
	stock := ledger.Cents(120_00 + 90_00 + 101_50 + 101_50).Grains().Big()
	if p.Would.Stock.Cmp(stock) != 0 || g.Would.Held.Cmp(ledger.Cents(101_50).Grains().Big()) != 0 || g.Would.Melted.Sign() != 0 {
		t.Errorf("stock %v, want %v; held %v, melted %v", p.Would.Stock, stock, g.Would.Held, g.Would.Melted)
	}
	if fund := big.NewInt(50 * ledger.GrainsPerCent); p.Fund.Would.Cmp(fund) != 0 {
		t.Errorf("the fund has %v", p.Fund.Would)
	}
}
