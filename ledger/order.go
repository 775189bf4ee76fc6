package ledger

import (
	"cmp"
	"iter"
	"slices"
)

// Order is what of a payer's money a payment takes first. A ledger has one,
// MeltsFirst (SPEC.md R10–R12): Decide knows no other, and so does whoever
// verifies a journal. The others are for asking what would be if: the order
// alone decides which coins become old enough for euros.
type Order uint8

// The orders. In all of them the pool comes last where the payer may redeem
// (SPEC.md R11); elsewhere its place is said here.
const (
	MeltsFirst  Order = iota // the law's: what melts first
	OldestFirst              // the pool, then what arrived first
	NewestFirst              // what arrived last; the pool comes last
	RipestFirst              // the pool, then what has most hops behind it, of these the law's first
	orderCount
)

var orderCodes = [orderCount]string{"melts-first", "oldest-first", "newest-first", "ripest-first"}

// String is the order's name in files and forms.
func (o Order) String() string {
	if o >= orderCount {
		return "unknown-order"
	}
	return orderCodes[o]
}

// Orders lists every order, the law's first.
func Orders() []Order { return []Order{MeltsFirst, OldestFirst, NewestFirst, RipestFirst} }

// DecideIn is Decide in a ledger that never was, whose payments take money in
// another order. Apply carries such a ledger forward as any other: it follows
// facts and knows no order.
func DecideIn(o Order, v View, now Moment, key Key, cmd Command) (Facts, Result, error) {
	c, isPay := cmd.(Pay)
	if !isPay || o == MeltsFirst {
		return Decide(v, now, key, cmd)
	}
	if r, err := admit(v, now, key, cmd); r != Applied || err != nil {
		return Facts{}, r, err
	}
	return pay(v, now, c, o)
}

// line is the order in which a payment takes money when another order than the
// law's holds.
func (p *purse) line(o Order, mayRedeem bool) iter.Seq[part] {
	if o == MeltsFirst {
		return p.spendingLine(mayRedeem)
	}
	lots := slices.Clone(p.lots) // in the law's order, which stays where another says nothing
	switch o {
	case OldestFirst:
		slices.SortFunc(lots, byArrival)
	case NewestFirst:
		slices.SortFunc(lots, func(a, b *Lot) int { return byArrival(b, a) })
	case RipestFirst:
		slices.SortStableFunc(lots, func(a, b *Lot) int { return cmp.Compare(b.Hops(), a.Hops()) })
	}
	poolFirst := !mayRedeem && o != NewestFirst
	return func(yield func(part) bool) {
		if poolFirst && !yieldEach(p.poolLine(), yield) {
			return
		}
		for _, l := range lots {
			if !yield(part{l, l.Melts, l.Units}) {
				return
			}
		}
		if !poolFirst {
			yieldEach(p.poolLine(), yield)
		}
	}
}

// yieldEach yields a line, and tells whether more is wanted.
func yieldEach(line iter.Seq[part], yield func(part) bool) bool {
	for next := range line {
		if !yield(next) {
			return false
		}
	}
	return true
}
