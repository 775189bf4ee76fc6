package report

import (
	"math/big"
	"slices"
)

// block is what happened on a day or in a month, or what refunds of one day
// dropped from the payments of another.
type block struct {
	totals   totals
	deals    deals     // who is behind the totals: as far as somebody needs to know
	groups   []group   // of whom there is a row
	lay      []ageSum  // of what was paid, by the role of the payer
	redeemed ageSum    // of what was paid out
	long     histogram // what was paid, by how long it had lain
	exact    ages      // the same to the second: of a day that goes on, and of refunds
	edges    edges     // of a day that goes on, and of refunds
	dropped  int       // the days whose payments were refunded, each time one was

	stock     big.Int // what all holders had, added up over the ends of the days
	held      []sum   // the same by role, in worth
	demurrage big.Int
	rounding  big.Int
	left      big.Int // by accounts that were closed
}

// reset makes a block that of a day that begins. What can be used again is.
func (b *block) reset() {
	for _, col := range b.deals {
		for _, p := range col {
			if p != nil {
				clear(p[:])
			}
		}
	}
	*b = block{deals: b.deals, groups: b.groups, exact: b.exact[:0], edges: b.edges[:0]}
}

// The cells of what comes to somebody, and of what they pass on.
var (
	comes  = []cell{cellReceived, cellIssued, cellGranted, cellRejected}
	passes = append([]cell{cellAsked}, rowCells()...)
)

// rowCells are the cells of what was paid.
func rowCells() []cell {
	all := make([]cell, rowCount)
	for i := range all {
		all[i] = cellRow + cell(i)
	}
	return all
}

// addUp adds up what went through shops, and makes the totals of the deals.
func (f *fold) addUp(b *block) error {
	shop := slices.Index(f.roles, shopRole)
	for to, from := range map[cell][]cell{cellComes: comes, cellPasses: passes, cellKeeps: {cellStock}} { // each apart
		b.deals[to] = nil
		for _, c := range from {
			for holder, worth := range b.deals[c].each() {
				if f.holders[holder].role != shop {
					continue
				}
				if err := b.deals.add(holder, to, worth); err != nil {
					return err
				}
			}
		}
	}
	b.totals = totals{}
	for c := range b.deals {
		for holder, worth := range b.deals[c].each() {
			b.totals.of(cell(c), f.holders[holder].role).add(worth)
		}
	}
	return nil
}

// layOf is the holding times of a role.
func (b *block) layOf(role int) *ageSum {
	for role >= len(b.lay) {
		b.lay = append(b.lay, ageSum{})
	}
	return &b.lay[role]
}

// heldOf is the stock of a role.
func (b *block) heldOf(role int) *sum {
	for role >= len(b.held) {
		b.held = append(b.held, sum{})
	}
	return &b.held[role]
}

// plus adds another block.
func (b *block) plus(o *block) error {
	if err := b.deals.plus(&o.deals); err != nil {
		return err
	}
	b.totals.plus(&o.totals)
	for role := range o.lay {
		b.layOf(role).plus(&o.lay[role])
	}
	for role := range o.held {
		b.heldOf(role).plus(&o.held[role])
	}
	for i := range o.long {
		b.long.at(o.long[i].bin).plus(&o.long[i].worth)
	}
	b.dropped += o.dropped
	b.redeemed.plus(&o.redeemed)
	b.stock.Add(&b.stock, &o.stock)
	b.demurrage.Add(&b.demurrage, &o.demurrage)
	b.rounding.Add(&b.rounding, &o.rounding)
	b.left.Add(&b.left, &o.left)
	return nil
}

// minus takes away what refunds dropped.
func (b *block) minus(o *block) error {
	for c := range cellCount {
		if c == cellRefunded {
			continue
		}
		for role := range o.totals[c] {
			b.totals.of(c, role).minus(&o.totals[c][role])
		}
		for holder, worth := range o.deals[c].each() {
			if err := b.deals.sub(holder, c, worth); err != nil {
				return err
			}
		}
	}
	for role := range o.lay {
		b.layOf(role).minus(&o.lay[role])
	}
	for _, a := range o.exact {
		b.long.at(binOf(a.seconds)).sub(a.worth)
	}
	return nil
}
