package report

import (
	"iter"
	"math/big"
	"slices"

	"grulden/demurrage"
	"grulden/ledger"
)

// shares are what each holder added to a cell, by its number; those who added
// nothing are left out.
func (b *block) shares(c cell) iter.Seq2[int, demurrage.Wide] {
	return func(yield func(int, demurrage.Wide) bool) {
		for holder := range b.deals {
			if worth := b.deals.of(holder, c); !worth.IsZero() && !yield(holder, worth) {
				return
			}
		}
	}
}

// nobody stands for a role that no account has.
const nobody = -2

// role is the number of a role.
func (r *Report) role(name string) int {
	if role := slices.Index(r.data.roles, name); role >= 0 {
		return role
	}
	return nobody
}

// owned is what each owner added to some cells, as holder of accounts of a role.
func (r *Report) owned(b *block, role int, cells ...cell) map[ledger.OwnerID]*sum {
	all := make(map[ledger.OwnerID]*sum)
	for _, c := range cells {
		for holder, worth := range b.shares(c) {
			h := r.data.holders[holder]
			if role != anybody && role != h.role {
				continue
			}
			if all[h.owner] == nil {
				all[h.owner] = new(sum)
			}
			all[h.owner].add(worth)
		}
	}
	return all
}

// balances are what the owners of a role have at the end of the period, in whole
// grains: of those who have a cent or more.
func (r *Report) balances(role int) (all []*big.Rat) {
	cent := grains(1)
	for _, has := range r.owned(r.data.last, role, cellStock) { // no order is needed: what is done with them has its own
		if has := has.big(); has.Cmp(cent) >= 0 {
			all = append(all, ofGrains(has))
		}
	}
	return all
}
