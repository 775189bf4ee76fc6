package report

import (
	"iter"
	"math/big"

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

// ofRole tells whether a holder is of a role.
func (r *Report) ofRole(holder, role int) bool {
	return role == anybody || r.data.holders[holder].role == role
}

// balances are what the owners of a role have at the end of the period, in whole
// grains: of those who have a cent or more.
func (r *Report) balances(role int) (all []*big.Rat) {
	has := make(map[ledger.OwnerID]*sum)
	for holder, grains := range r.data.last.shares(cellStock) {
		if r.ofRole(holder, role) {
			owner := r.data.holders[holder].owner
			if has[owner] == nil {
				has[owner] = new(sum)
			}
			has[owner].add(grains)
		}
	}
	cent := grains(1)
	for _, grains := range has { // no order is needed: what is done with them has its own
		if grains := grains.big(); grains.Cmp(cent) >= 0 {
			all = append(all, ofGrains(grains))
		}
	}
	return all
}
