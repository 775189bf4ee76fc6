package report

import (
	"math/big"
	"slices"
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

// owned is what each owner added to some cells, as holder of accounts of a role, by
// the owner's number.
func (r *Report) owned(b *block, role int, cells ...cell) []sum {
	all := make([]sum, len(r.data.owners))
	for _, c := range cells {
		for holder, worth := range b.deals[c].each() {
			if role == anybody || role == r.data.holders[holder].role {
				all[r.data.owners[holder]].add(worth)
			}
		}
	}
	return all
}

// among is a sum over owners, how many they are, and what the largest two added.
type among struct {
	total, first, second sum
	owners               int
}

func (a *among) add(s *sum) {
	a.total.plus(s)
	a.owners++
	if a.first.less(s) {
		a.first, a.second = *s, a.first
	} else if a.second.less(s) {
		a.second = *s
	}
}

// cell is the sum in another unit.
func (a *among) cell(unit func(*sum) *big.Rat) Cell {
	return Cell{Value: unit(&a.total), Owners: a.owners, Top: [2]*big.Rat{unit(&a.first), unit(&a.second)}}
}

// balances are what the owners of a role have at the end of the period, in whole
// grains: of those who have a cent or more.
func (r *Report) balances(role int) (all []*big.Rat) {
	cent := grains(1)
	owned := r.owned(r.data.last, role, cellStock)
	for i := range owned {
		if has := owned[i].big(); has.Cmp(cent) >= 0 {
			all = append(all, ofGrains(has))
		}
	}
	return all
}
