package disclosure

import (
	"math/big"

	"grulden/internal/node"
)

// flow is how what all have changed in a period that a release is about. Whoever
// knows what there was at two moments can subtract: what lies between is what came
// in, what melted, and what somebody took out.
type flow struct {
	in, out, melted *big.Rat // of the whole period
	mean, end       *big.Rat // what all have on average, and at the end
	shown           bool     // the mean is published
	ended           bool     // so is the end, or what tells it
	secret          bool     // what was taken out is not
	fresh           bool     // there was nothing before: the ledger began in it

	ripened *big.Rat // convertible money that came, less what melted of it
	ripeEnd *big.Rat // how much of what all have at the end is convertible
	ripe    bool     // what ripened is published, or what tells it
}

// givesAway tells whether what is published bounds too narrowly what was taken out
// of one of the periods. They follow on each other without a day between; before
// the first there was an unknown stock, or none where the ledger began. What was
// taken out is unknown only where it is secret: a published nought is known too,
// and makes the others easier to find. Whoever looks is taken to know all that came
// in and melted, and not on which days: so the mean lies anywhere from what there
// was, less all that left, to that with all that came. Only convertible money is
// taken out: where it is known what ripened, no more than that was.
func givesAway(rules node.Publishing, flows []flow) bool {
	p, out := equations(flows)
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

// equations are what is known of periods, and where in them is what was taken out
// of each.
func equations(flows []flow) (p program, out func(int) int) {
	n := len(flows)
	begin := func(i int) int { return i } // what there is before a period
	ripe := func(i int) int { return n + 1 + i }
	raw := func(i int) int { return 2*n + 2 + i } // what of it is not convertible
	out = func(i int) int { return 3*n + 3 + i }
	p.unknowns = 4*n + 3
	none := new(big.Rat)
	for i, f := range flows {
		p.equal(new(big.Rat).Sub(f.in, f.melted), term{begin(i + 1), 1}, term{begin(i), -1}, term{out(i), 1})
		if f.fresh {
			p.equal(none, term{begin(i), 1})
		}
		if !f.secret {
			p.equal(f.out, term{out(i), 1})
		}
		if f.ripe {
			p.equal(f.ripened, term{ripe(i + 1), 1}, term{ripe(i), -1}, term{out(i), 1})
		}
		if f.shown {
			least, most := near(f.mean)
			p.atLeast(least.Sub(least, f.in), term{begin(i), 1})
			p.atMost(most.Add(most, f.melted), term{begin(i), 1}, term{out(i), -1})
		}
		if f.ended {
			p.between(f.end, begin(i+1))
			p.between(f.ripeEnd, ripe(i+1))
		}
	}
	for i := range n + 1 { // no more than all is convertible
		p.equal(new(big.Rat).Neg(breath), term{begin(i), 1}, term{ripe(i), -1}, term{raw(i), -1})
	}
	return p, out
}

// between says that an unknown is a value, but for its rounding.
func (p *program) between(value *big.Rat, unknown int) {
	least, most := near(value)
	p.atLeast(least, term{unknown, 1})
	p.atMost(most, term{unknown, 1})
}

// near is how far a value may lie off by its rounding.
func near(v *big.Rat) (least, most *big.Rat) {
	return new(big.Rat).Sub(v, breath), new(big.Rat).Add(v, breath)
}

// breath is what the mean of a period, or what there is at its end, may lie beyond
// its bounds by the rounding of single days.
var breath = big.NewRat(1, 1)
