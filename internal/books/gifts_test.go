package books

import (
	"testing"

	"grulden/internal/fund"
	"grulden/internal/record"
	"grulden/ledger"
)

// TestGiftsAreOfTheWijkfondsInBooksReserveAndAudit: a gift, a grant from it by two
// people, one by one person alone, and a payment between two people.
func TestGiftsAreOfTheWijkfondsInBooksReserveAndAudit(t *testing.T) {
	const gifts = ledger.AccountID(31)
	w := newWijk(t)
	w.do(ledger.Open{Account: gifts, Owner: 31, Role: fund.Role}, ledger.Key{}, record.ByPIN)
	w.topUp(gifts, 100_00)
	w.topUp(anna, 50_00)
	w.pay(anna, gifts, 20_00)
	w.pay(anna, bram, 5_00)
	w.do(ledger.Pay{ID: ledger.ID(w.key()), From: gifts, To: bram, Amount: 30_00}, ledger.Key{}, record.ByTwo)
	src := w.sources()
	end := post(t, src)
	if got := -end.Balances[accFund]; got != 90_00 {
		t.Errorf("the wijkfonds has %v in the books", got)
	}
	if got := -end.Balances[accHolders]; got != 60_00 {
		t.Errorf("residents and shops have %v in the books", got)
	}
	var r Reserve
	if err := r.Ledgered(w.state.Head(), 90_00, src.Today); err != nil || r.Fund != 90_00 || r.Holders != 60_00 {
		t.Errorf("the reserve has %v in the wijkfonds and %v elsewhere: %v", r.Fund, r.Holders, err)
	}
	audit, err := Examine(src, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s := audit.Sums[WhatGrant]; *s != (Sum{Count: 1, Cents: 30_00}) || audit.Sums[WhatPay].Count != 0 {
		t.Errorf("grants %+v, payments %+v", *s, *audit.Sums[WhatPay])
	}
	w.pay(gifts, anna, 1_00)
	if audit, err = Examine(w.sources(), nil); err != nil || audit.Sums[WhatGrant].Red != 1 {
		t.Errorf("one person gave from the gifts: %+v %v", audit.Sums[WhatGrant], err)
	}
	w.later(400) // what melts of the gifts stays with the wijkfonds
	src = w.sources()
	end = post(t, src)
	for _, tie := range end.Ties(src) {
		if !tie.Holds() {
			t.Errorf("%s: %v and %v", tie.Name, tie.Books, tie.Other)
		}
	}
}
