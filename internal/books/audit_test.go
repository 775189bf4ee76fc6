package books

import (
	"fmt"
	"testing"

	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/ledger"
)

// examine lists what an audit finds that is not good.
func examine(t *testing.T, src *Sources) (found []string, audit *Audit) {
	t.Helper()
	audit, err := Examine(src, func(f Finding) error {
		if f.Grade != Good {
			found = append(found, fmt.Sprintf("%s %s %s %v", f.Grade, f.What, f.Why, f.Cents))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, audit
}

func TestAnHonestYearHasNothingRed(t *testing.T) {
	found, audit := examine(t, year(t).sources())
	if audit.Red() != 0 {
		t.Errorf("found %v", found)
	}
	if s := audit.Sums[WhatIssue]; s.Count != 27 || s.Cents != 13*235_00+60_00 {
		t.Errorf("issues: %+v", *s)
	}
	if len(found) != 1 || found[0] != "look cash difference -1.05" {
		t.Errorf("to look at: %v", found)
	}
}

// TestEachWayToTakeMoneyIsFound lets somebody alone do each of the things that
// make euros or Grulden vanish, in a wijk where all else is right.
func TestEachWayToTakeMoneyIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		take func(*wijk)
		want string
	}{
		"Grulden out of nothing": {
			func(w *wijk) { w.do(ledger.Issue{To: anna, Amount: 40_00}, w.key(), record.ByPIN) }, "red issue no-proof 40.00",
		},
		"Grulden out of nothing, by two": {
			func(w *wijk) { w.do(ledger.Issue{To: anna, Amount: 40_00}, w.key(), record.ByTwo) }, "red issue no-euros 40.00",
		},
		"Grulden from the machine itself": {
			func(w *wijk) { w.do(ledger.Issue{To: anna, Amount: 40_00}, ledger.Key{}, record.ByOperator) }, "red issue no-proof 40.00",
		},
		"more Grulden than euros": {
			func(w *wijk) { w.do(ledger.Issue{To: anna, Amount: 90_00}, w.bank(TopUp, true, 9_00).ID, record.ByPIN) },
			"red issue other-sum 90.00",
		},
		"somebody else's euros": {
			func(w *wijk) {
				e := w.bank(TopUp, true, 9_00)
				e.Account = bram
				w.do(ledger.Issue{To: anna, Amount: 9_00}, e.ID, record.ByPIN)
			}, "red issue other-purse 9.00",
		},
		"more Grulden than cash": {
			func(w *wijk) {
				w.do(ledger.Issue{To: anna, Amount: 50_00}, w.cash(Receipt, 5_00).Issue, record.ByPIN)
			}, "red issue other-sum 50.00",
		},
		"cash without Grulden": {func(w *wijk) { w.cash(Receipt, 50_00) }, "look receipt waits 50.00"},
		"cash that the count misses": {
			func(w *wijk) { w.cash(Counted, -20_00).Two = false }, "red cash difference -20.00",
		},
		"cash that never comes to the bank": {func(w *wijk) { w.cash(Brought, -20_00) }, "red cash not-at-bank -20.00"},
		"cash of which less comes to the bank": {
			func(w *wijk) { w.cash(Brought, -20_00); w.bank(Deposit, true, 5_00) }, "red cash not-at-bank -20.00",
		},
		"a transfer out": {func(w *wijk) { w.bank(Unasked, false, 70_00) }, "red bank unasked -70.00"},
		"a transfer out, called the foundation's own": {
			func(w *wijk) { w.bank(Own, false, 70_00) }, "red bank one-person -70.00",
		},
		"a payout of more than was asked": {
			func(w *wijk) { w.payout(w.redeem(10_00), 98_00) }, "red settle other-sum 9.80",
		},
		"called paid, and paid to nobody": {
			func(w *wijk) { w.do(ledger.Settle{Of: w.redeem(10_00)}, ledger.Key{}, record.ByTwo) }, "red settle not-at-bank 9.80",
		},
		"called paid twice by one transfer": {
			func(w *wijk) {
				id := w.redeem(10_00)
				w.payout(id, 9_80)
				w.do(ledger.Reopen{Of: id}, ledger.Key{}, record.ByTwo)
				w.do(ledger.Settle{Of: id}, ledger.Key{}, record.ByTwo)
			}, "red settle not-at-bank 9.80",
		},
		"given back although the bank paid it": {
			func(w *wijk) {
				id := w.redeem(10_00)
				w.payout(id, 9_80)
				w.do(ledger.Reopen{Of: id}, ledger.Key{}, record.ByPIN)
			}, "red reopen one-person 9.80",
		},
		"money of the wijkfonds": {
			func(w *wijk) { w.do(ledger.Grant{To: anna, Amount: 1}, ledger.Key{}, record.ByPIN) }, "red grant one-person 0.01",
		},
		"more than a giver gave": {
			func(w *wijk) { w.list(w.bank(Sourced, true, 10_00), anna, 11_00, record.ByTwo) }, "red issue over-source 11.00",
		},
		"a giver's money, by one": {
			func(w *wijk) { w.list(w.bank(Sourced, true, 10_00), anna, 9_00, record.ByPIN) }, "red issue one-person 9.00",
		},
		"other rules": {
			func(w *wijk) {
				p := ledger.DefaultPolicy()
				p.From = w.today() + 60
				w.do(ledger.SetPolicy{Policy: p, HasFrom: true}, ledger.Key{}, record.ByOperator)
			}, "red policy by-operator 0.00",
		},
		"a payment by the machine": {
			func(w *wijk) {
				w.do(ledger.Pay{ID: ledger.ID(w.key()), From: anna, To: bram, Amount: 3_00}, ledger.Key{}, record.ByOperator)
			}, "red pay by-operator 3.00",
		},
		"a credit that nobody looks at": {
			func(w *wijk) { w.bank(Unclear, true, 25_00).Waits = true }, "look bank waits 25.00",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWijk(t)
			w.topUp(anna, 500_00)
			w.later(40)
			w.pay(anna, baker, 300_00)
			c.take(w)
			w.later(40)
			found, _ := examine(t, w.sources())
			if len(found) != 1 || found[0] != c.want {
				t.Errorf("found %q, want %q", found, c.want)
			}
		})
	}
}

func TestAHistoryFromAFileIsCoveredByWhatTheBankHadBefore(t *testing.T) {
	w := newWijk(t)
	w.src.Began = Statement{Day: w.today(), Closing: 100_00}
	w.do(ledger.Issue{To: anna, Amount: 60_00}, ledger.Key{}, record.ByReplay)
	w.do(ledger.Issue{To: bram, Amount: 40_00}, ledger.Key{}, record.ByReplay)
	found, _ := examine(t, w.sources())
	if len(found) != 1 || found[0] != "look issue from-file 100.00" {
		t.Errorf("found %q", found)
	}
	end := post(t, w.sources())
	if len(end.Alarms()) != 0 || end.Balances[accBegan] != 0 || end.Have() != end.Owed() {
		t.Errorf("alarms %v, own money %v", end.Alarms(), end.Balances[accBegan])
	}
	w.do(ledger.Issue{To: anna, Amount: 1}, ledger.Key{}, record.ByReplay)
	if found, _ := examine(t, w.sources()); len(found) != 2 || found[0] != "red issue no-proof 0.01" {
		t.Errorf("a cent more than the bank had: %q", found)
	}
}

func TestWhatTheBankStillHasToShowIsLookedAtAndNotRed(t *testing.T) {
	w := newWijk(t)
	w.topUp(anna, 500_00)
	w.pay(anna, baker, 300_00)
	w.later(1)
	w.cash(Receipt, 30_00)
	w.do(ledger.Issue{To: bram, Amount: 30_00}, w.src.Cash[0].Issue, record.ByPIN)
	w.cash(Brought, -30_00)
	w.do(ledger.Settle{Of: w.redeem(10_00)}, ledger.Key{}, record.ByTwo)
	w.later(3)
	found, audit := examine(t, w.sources())
	if audit.Red() != 0 || audit.Look() != 2 {
		t.Errorf("found %v", found)
	}
}

func TestTheMeterCountsTwelveMonths(t *testing.T) {
	w := newWijk(t)
	w.topUp(anna, 900_000_00)
	m := NewMeter()
	day := func() Volume {
		for _, r := range w.records[m.Seq():] {
			m.Add(r)
		}
		return m.Year(w.today())
	}
	w.do(ledger.Open{Account: 99, Owner: ledger.OwnerID(anna), Role: "resident"}, ledger.Key{}, record.ByPIN)
	w.pay(anna, 99, 1_00) // to oneself: does not count
	if v := day(); v.Cents != 0 || v.Warning() != 0 {
		t.Errorf("nothing was paid, and the meter says %+v", v)
	}
	for _, c := range []struct {
		pay     ledger.Cents
		warning int
	}{{499_999_99, 0}, {1, 50}, {300_000_00, 80}, {99_000_00, 80}} {
		w.pay(anna, baker, c.pay)
		w.later(1)
		if v := day(); v.Warning() != c.warning {
			t.Errorf("after %v the meter warns of %d per cent: %+v", c.pay, v.Warning(), v)
		}
	}
	first := w.today() - 4
	w.later(365 - 5)
	if v := day(); v.Cents != 899_000_00 || v.From != first {
		t.Errorf("on the last day of twelve months: %+v, from %v", v, first)
	}
	w.later(1)
	if v := day(); v.Cents != 399_000_01 || v.Payments != 3 || v.Peak != 899_000_00 {
		t.Errorf("a day later the first payment counts no more: %+v", v)
	}
	w.later(400)
	if v := day(); v.Cents != 0 || v.Payments != 0 {
		t.Errorf("a year without payments: %+v", v)
	}
}

func TestTheCoverIsNeverRoundedUp(t *testing.T) {
	r := Reserve{Holders: 100_000_00, Bank: 99_999_99, HasBank: true}
	if permille, ok := r.Permille(); !ok || permille != 999 || r.Covered() || r.Short() != 1 {
		t.Errorf("a cent is missing, and the cover is %d: %v", permille, r.Covered())
	}
	r.Box = 1
	if permille, _ := r.Permille(); permille != 1000 || !r.Covered() {
		t.Errorf("nothing is missing, and the cover is %d: %v", permille, r.Covered())
	}
	if r.HasBank = false; r.Covered() {
		t.Error("covered without a word from the bank")
	}
}

func TestTheReserveIsThatOfTheBooks(t *testing.T) {
	w := year(t)
	src := w.sources()
	end := post(t, src)
	r := Reserve{Bank: src.Last.Closing, HasBank: true, Box: end.Balances[accBox], Carried: end.Balances[accCarried], Unclear: 15_00, Givers: 20_00}
	if err := r.Ledgered(w.state.Head(), 0, src.Today); err != nil {
		t.Fatal(err)
	}
	if r.Owed() != end.Owed() || r.Have() != end.Have() || r.Day != demurrage.Day(src.Today) {
		t.Errorf("owed %v and %v, there %v and %v", r.Owed(), end.Owed(), r.Have(), end.Have())
	}
}
