package ledger

import (
	"slices"

	"grulden/demurrage"
)

// Check proves the invariants of SPEC.md §8 on a state that is wholly in
// memory: I1 the units of all accounts are those of the head, so that reserve =
// held + wijkfonds + awaiting redemption; I2 what is awaited is the sum of the
// redemptions that wait; I3 no lot and no pool amount is empty; I4 a trail holds
// no owner twice and begins on the issue day; I5 the days of a trail rise; I6 a
// lot held by an owner of its trail melts as it did when he got it; I7 the fund
// is below nought by no more than roundings.
func (s *State) Check() error {
	var held Amounts
	today := s.head.Moment.Day
	if err := s.Accounts(func(h *Holding) error { return checkHolding(h, &held, today) }); err != nil {
		return err
	}
	if err := held.settle(today); err != nil {
		return err
	}
	ours := slices.Clone(s.head.Holders)
	if err := ours.settle(today); err != nil {
		return err
	}
	if !slices.Equal(held, ours) {
		return corrupt("accounts hold %v, the head says %v", held, ours)
	}
	var escrow Cents
	for _, p := range s.papers { // map order does not matter: a sum
		if r := p.redemption; r != nil && r.Progress == Waiting {
			escrow += r.Amount
		}
	}
	if escrow != s.head.Escrow {
		return corrupt("redemptions wait for %v, the head says %v", escrow, s.head.Escrow)
	}
	grains, negative, err := s.head.Fund(today)
	if negative && demurrage.WideOf(1000*s.head.Seq).Less(grains) {
		return corrupt("the fund is %v grains below nought after %d entries", grains, s.head.Seq)
	}
	return err
}

func checkHolding(h *Holding, held *Amounts, today demurrage.Day) error {
	id := h.Account.ID
	if int(h.Account.Lots) != len(h.Lots) {
		return corrupt("account %d counts %d lots and has %d", id, h.Account.Lots, len(h.Lots))
	}
	if !slices.IsSortedFunc(h.Lots, spendingOrder) {
		return corrupt("the lots of account %d are out of order", id)
	}
	for _, a := range h.Account.Pool {
		if a.Units.IsZero() {
			return corrupt("account %d has an empty pool amount", id)
		}
		if err := held.add(bucket(a.Melts, today), a.Units); err != nil {
			return err
		}
	}
	for _, l := range h.Lots {
		if err := checkLot(l, h.Account.Owner); err != nil {
			return err
		}
		if err := held.add(bucket(l.Melts, today), l.Units); err != nil {
			return err
		}
	}
	if len(h.Account.Devices) > MaxDevices {
		return corrupt("account %d has %d devices", id, len(h.Account.Devices))
	}
	if h.Account.Closed && len(h.Lots)+len(h.Account.Pool) > 0 {
		return corrupt("closed account %d has money", id)
	}
	return nil
}

func checkLot(l *Lot, holder OwnerID) error {
	if l.Units.IsZero() || len(l.Trail) == 0 {
		return corrupt("lot %d.%d is empty", l.ID.Seq, l.ID.Part)
	}
	for i, stop := range l.Trail {
		if l.stop(stop.Owner) != i {
			return corrupt("lot %d.%d passed owner %d twice", l.ID.Seq, l.ID.Part, stop.Owner)
		}
		if i > 1 && stop.Day <= l.Trail[i-1].Day || i == 1 && stop.Day < l.Trail[0].Day {
			return corrupt("lot %d.%d has two hops on one day", l.ID.Seq, l.ID.Part)
		}
		if stop.Owner == holder && stop.Melts != l.Melts {
			return corrupt("lot %d.%d came back younger or older than it was", l.ID.Seq, l.ID.Part)
		}
	}
	return nil
}
