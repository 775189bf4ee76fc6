package disclosure

import (
	"math/big"

	"grulden/internal/node"
)

// flow is how what all have changed in a period that a release is about. Whoever
// knows the mean of two periods can subtract: what lies between is what came in,
// what melted, and what somebody took out.
type flow struct {
	in, out, melted *big.Rat // of the whole period
	mean            *big.Rat
	shown           bool // the mean is published
	secret          bool // what was taken out is not
}

// givesAway tells whether the means that are published bound too narrowly what was
// taken out of one of the periods. They follow on each other without a day
// between; before the first there was an unknown stock. Whoever looks is taken to
// know all that came in and melted.
func givesAway(rules node.Publishing, flows []flow) bool {
	n := len(flows)
	end := func(i int) int { return i } // what there is after i periods
	out := func(i int) int { return n + 1 + i }
	p := program{unknowns: 2*n + 1}
	slack := func() int { p.unknowns++; return p.unknowns - 1 }
	type atMost struct { // the terms are at most right
		right *big.Rat
		terms []term
	}
	var limits []atMost
	for i, f := range flows {
		if !f.shown {
			continue
		}
		up, down := new(big.Rat).Add(f.mean, breath), new(big.Rat).Sub(f.mean, breath)
		limits = append(
			limits,
			atMost{new(big.Rat).Sub(f.in, down), []term{{end(i), -1}}},
			atMost{new(big.Rat).Add(up, f.melted), []term{{end(i), 1}, {out(i), -1}}},
			atMost{new(big.Rat).Add(up, f.in), []term{{end(i + 1), 1}}},
			atMost{new(big.Rat).Sub(f.melted, down), []term{{end(i + 1), -1}, {out(i), -1}}},
		)
	}
	slacks := make([]int, len(limits))
	for i := range limits {
		slacks[i] = slack()
	}
	for i, f := range flows {
		p.equal(new(big.Rat).Sub(f.in, f.melted), term{end(i + 1), 1}, term{end(i), -1}, term{out(i), 1})
	}
	for i, l := range limits {
		p.equal(l.right, append(l.terms, term{slacks[i], 1})...)
	}
	t, ok := p.solve()
	for i, f := range flows {
		if !f.secret {
			continue
		}
		if !ok {
			return true
		}
		low, high := t.bounds(term{out(i), 1})
		by := margin(rules, f.out)
		if high != nil && new(big.Rat).Sub(high, f.out).Cmp(by) < 0 {
			return true // nobody took much more: whoever took most is found
		}
		if low.Sign() > 0 && new(big.Rat).Sub(f.out, low).Cmp(by) < 0 {
			return true
		}
	}
	return false
}

// breath is what the mean of a period may lie beyond its bounds by the rounding of
// single days.
var breath = big.NewRat(1, 1)
