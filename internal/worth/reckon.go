package worth

import (
	"cmp"
	"math/big"
	"slices"
)

// Ends are the low, the likely and the high answer.
type Ends struct{ Low, Mid, High *big.Rat }

// Result is what a sheet comes to.
type Result struct {
	sheet    *Sheet
	Inputs   Ends // present value in euros; Low is the least
	Value    Ends // present value of all outcomes, in euros
	Ratio    Ends // SROI; nil without inputs
	ByInput  []*big.Rat
	ByYear   [][]*big.Rat // of each outcome the likely impact in each year, before discounting
	Outcomes []Ends       // of each outcome the present value
	Swings   []Swing      // the largest first
	Green    []GreenGain
}

// Swing is how far the ratio moves when one number alone takes its ends.
type Swing struct {
	Part      Part
	Line      int
	Field     string
	Low, High *big.Rat // of the ratio
}

// GreenGain is what green spending did: spent × factor − footprint.
type GreenGain struct {
	Gain     Ends // in the unit
	PerSpent Ends // the same for each euro spent on it; nil where nothing was spent
	PerInput Ends // the same for each euro of what the coin cost; nil without inputs
}

// setting says which number of each range to take: the end of the whole answer,
// and perhaps one range that takes an end of its own.
type setting struct {
	answer end
	one    *Range
	its    end
}

// of is the number of a range. What makes the ratio lower when it grows takes the
// other end than the answer.
func (s setting) of(r *Range, lowers bool) *big.Rat {
	e := s.answer
	switch {
	case s.one == r:
		e = s.its
	case lowers:
		e = -e
	}
	return r.at(e)
}

var (
	one     = big.NewRat(1, 1)
	hundred = big.NewRat(100, 1)
)

// rest is what is left when so many per cent are taken off.
func rest(percent *big.Rat) *big.Rat {
	return new(big.Rat).Sub(one, new(big.Rat).Quo(percent, hundred))
}

// later is what one euro is worth after one year: 1/(1+discount).
func (s *Sheet) later(at setting) *big.Rat {
	rate := at.of(&s.Discount, false)
	if at.one != &s.Discount {
		rate = s.Discount.at(likely) // the same in all three answers
	}
	return new(big.Rat).Quo(hundred, new(big.Rat).Add(hundred, rate))
}

// power is x to the n-th.
func power(x *big.Rat, n int64) *big.Rat {
	p := new(big.Rat).Set(one)
	for range n {
		p.Mul(p, x)
	}
	return p
}

// whole is the number of years in a range that was checked.
func whole(n *big.Rat) int64 { return n.Num().Int64() }

// impact is what an outcome is worth in each of its years, before discounting.
// Harm counts the other way round: more of it makes the ratio lower.
func (o *Outcome) impact(at setting) []*big.Rat {
	harm := o.Proxy.at(likely).Sign() < 0
	first := new(big.Rat).Mul(at.of(&o.Quantity, harm), at.of(&o.Proxy, false))
	for _, less := range []*Range{&o.Deadweight, &o.Attribution, &o.Displacement} {
		first.Mul(first, rest(at.of(less, !harm)))
	}
	years := make([]*big.Rat, whole(at.of(&o.Years, harm)))
	for t := range years {
		years[t] = first
		first = new(big.Rat).Mul(first, rest(at.of(&o.DropOff, !harm)))
	}
	return years
}

// present is the present value of what comes at the end of each year.
func present(years []*big.Rat, later *big.Rat) *big.Rat {
	sum, factor := new(big.Rat), new(big.Rat).Set(later)
	for _, v := range years {
		sum.Add(sum, new(big.Rat).Mul(v, factor))
		factor.Mul(factor, later)
	}
	return sum
}

// value is the present value of all outcomes.
func (s *Sheet) value(at setting) *big.Rat {
	sum, later := new(big.Rat), s.later(at)
	for n := range s.Outcomes {
		sum.Add(sum, present(s.Outcomes[n].impact(at), later))
	}
	return sum
}

// cost is the present value of one input; lowers as in setting.of.
func (s *Sheet) cost(n int, at setting, lowers bool) *big.Rat {
	in := &s.Inputs[n]
	sum := new(big.Rat).Mul(at.of(&in.Quantity, lowers), at.of(&in.Price, lowers))
	return sum.Mul(sum, power(s.later(at), whole(at.of(&in.Year, !lowers)))) // later costs less
}

func (s *Sheet) costs(at setting, lowers bool) *big.Rat {
	sum := new(big.Rat)
	for n := range s.Inputs {
		sum.Add(sum, s.cost(n, at, lowers))
	}
	return sum
}

// ratio is value over costs, nil without costs. Where the value is harm, higher
// costs make the ratio higher.
func (s *Sheet) ratio(at setting) *big.Rat {
	value := s.value(at)
	return over(value, s.costs(at, value.Sign() >= 0))
}

// over divides; nil for a divisor of nought.
func over(a, b *big.Rat) *big.Rat {
	if b.Sign() == 0 {
		return nil
	}
	return new(big.Rat).Quo(a, b)
}

// ends are the low, likely and high of something.
func ends(of func(setting) *big.Rat) Ends {
	return Ends{of(setting{answer: least}), of(setting{answer: likely}), of(setting{answer: most})}
}

// Reckon reckons a sheet that Check has let through.
func (s *Sheet) Reckon() *Result {
	r := &Result{
		sheet:  s,
		Inputs: ends(func(at setting) *big.Rat { return s.costs(at, false) }),
		Value:  ends(s.value), Ratio: ends(s.ratio), Swings: s.swings(),
	}
	for n := range s.Inputs {
		r.ByInput = append(r.ByInput, s.cost(n, setting{}, false))
	}
	for n := range s.Outcomes {
		o := &s.Outcomes[n]
		r.ByYear = append(r.ByYear, o.impact(setting{}))
		r.Outcomes = append(r.Outcomes, ends(func(at setting) *big.Rat { return present(o.impact(at), s.later(at)) }))
	}
	for n := range s.Green {
		r.Green = append(r.Green, s.Green[n].gain(r.Inputs))
	}
	return r
}

// gain reckons one line of green spending, beside what the coin cost.
func (g *Green) gain(inputs Ends) GreenGain {
	gained := func(at setting) *big.Rat {
		did := new(big.Rat).Mul(at.of(&g.Spent, false), at.of(&g.Factor, false))
		return did.Sub(did, at.of(&g.Footprint, true))
	}
	all := ends(gained)
	each := ends(func(at setting) *big.Rat { return over(gained(at), at.of(&g.Spent, false)) })
	low, high := inputs.High, inputs.Low // a loss is worst where the coin cost least
	if all.Low.Sign() < 0 {
		low = inputs.Low
	}
	if all.High.Sign() < 0 {
		high = inputs.High
	}
	return GreenGain{all, each, Ends{over(all.Low, low), over(all.Mid, inputs.Mid), over(all.High, high)}}
}

// swings tries each range that has ends on its own, all others likely.
func (s *Sheet) swings() (all []Swing) {
	value, cost := s.value(setting{}), s.costs(setting{}, false)
	for _, part := range []Part{Head, Inputs, Outcomes} {
		for n := range s.Lines(part) {
			for _, f := range s.Fields(part, n) {
				if f.Range == nil || !f.Range.wide() {
					continue
				}
				a, b := s.with(part, n, f.Range, least, value, cost), s.with(part, n, f.Range, most, value, cost)
				if a == nil || b == nil {
					continue
				}
				if a.Cmp(b) > 0 {
					a, b = b, a
				}
				all = append(all, Swing{part, n, f.Name, a, b})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Swing) int {
		return cmp.Compare(0, new(big.Rat).Sub(a.width(), b.width()).Sign())
	})
	return all
}

// with is the ratio when one range of a line takes an end of its own. Only that
// line is reckoned anew, but for the discount rate, which is in all of them.
func (s *Sheet) with(part Part, n int, r *Range, e end, value, cost *big.Rat) *big.Rat {
	at := setting{one: r, its: e}
	exchange := func(sum *big.Rat, of func(setting) *big.Rat) *big.Rat {
		sum = new(big.Rat).Sub(sum, of(setting{}))
		return sum.Add(sum, of(at))
	}
	switch part {
	case Inputs:
		cost = exchange(cost, func(at setting) *big.Rat { return s.cost(n, at, false) })
	case Outcomes:
		value = exchange(value, func(at setting) *big.Rat { return present(s.Outcomes[n].impact(at), s.later(at)) })
	default:
		return s.ratio(at)
	}
	return over(value, cost)
}

// width is how far the ratio moves.
func (w Swing) width() *big.Rat { return new(big.Rat).Sub(w.High, w.Low) }
