package ledger

import (
	"slices"

	"grulden/demurrage"
)

// Balance is what a holding is worth on a day.
type Balance struct {
	Day         demurrage.Day
	Worth       demurrage.Wide // all of it, in grains × 10¹⁸
	Convertible demurrage.Wide // what may become euros, by the rule of hops and term
	Lots        []LotWorth     // the rest, in spending order
}

// LotWorth is a lot that is not convertible yet, and why.
type LotWorth struct {
	Issued demurrage.Day
	Hops   int
	Melts  demurrage.Day
	Worth  demurrage.Wide
	Ripe   demurrage.Day // from which day it is convertible if it stays; beyond MaxDay for never
	Needs  int           // counted transactions it still lacks under the policy in force
}

// BalanceOf tells what a holding is worth at the end of a day that is not
// before the last entry. Nothing about it changes.
func BalanceOf(head *Head, h *Holding, day demurrage.Day) (Balance, error) {
	b := Balance{Day: day}
	if len(head.Policies) == 0 {
		return b, nil
	}
	pool := slices.Clone(h.Account.Pool)
	policy := head.Policies.InForce(day)
	for _, l := range h.Lots {
		ripe := head.Policies.ripeDay(l)
		if ripe <= day {
			if err := pool.add(l.Melts, l.Units); err != nil {
				return b, err
			}
			continue
		}
		worth, fits := head.Index.Worth(l.Units, l.Melts, day)
		sum, ok := b.Worth.Add(worth)
		if !fits || !ok {
			return b, corrupt("the balance of account %d overflows", h.Account.ID)
		}
		b.Worth = sum
		needs := max(int(policy.Hops)-l.Hops(), 0)
		b.Lots = append(b.Lots, LotWorth{l.Issued(), l.Hops(), l.Melts, worth, ripe, needs})
	}
	var err error
	if b.Convertible, err = pool.Worth(head.Index, day); err != nil {
		return b, err
	}
	sum, ok := b.Worth.Add(b.Convertible)
	if !ok {
		return b, corrupt("the balance of account %d overflows", h.Account.ID)
	}
	b.Worth = sum
	return b, nil
}
