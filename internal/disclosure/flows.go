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
	fresh           bool // there was nothing before: the ledger began in it
}

// givesAway tells whether the means that are published bound too narrowly what was
// taken out of one of the periods. They follow on each other without a day
// between; before the first there was an unknown stock, or none where the ledger
// began. What was taken out is unknown only where it is secret: a published nought
// is known too, and makes the others easier to find. Whoever looks is taken to
// know all that came in and melted, and not on which days: so the mean lies
// anywhere from what there was, less all that left, to that with all that came.
func givesAway(rules node.Publishing, flows []flow) bool {
	n := len(flows)
	begin := func(i int) int { return i } // what there is before a period
	out := func(i int) int { return n + 1 + i }
	above := func(i int) int { return 2*n + 1 + 2*i } // how far the mean is from its bounds
	below := func(i int) int { return 2*n + 2 + 2*i }
	p := program{unknowns: 4*n + 1}
	for i, f := range flows {
		p.equal(new(big.Rat).Sub(f.in, f.melted), term{begin(i + 1), 1}, term{begin(i), -1}, term{out(i), 1})
		if f.fresh {
			p.equal(new(big.Rat), term{begin(i), 1})
		}
		if !f.secret {
			p.equal(f.out, term{out(i), 1})
		}
		if !f.shown {
			continue
		}
		least, most := new(big.Rat).Sub(f.mean, breath), new(big.Rat).Add(f.mean, breath)
		p.equal(least.Sub(least, f.in), term{begin(i), 1}, term{above(i), -1})
		p.equal(most.Add(most, f.melted), term{begin(i), 1}, term{out(i), -1}, term{below(i), 1})
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
