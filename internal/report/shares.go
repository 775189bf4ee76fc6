package report

import (
	"math/big"
	"slices"

	"grulden/ledger"
)

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
		for holder, worth := range b.deals[c].each() {
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
