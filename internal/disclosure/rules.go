package disclosure

import (
	"math/big"
	"slices"

	"grulden/internal/node"
)

// Side is who a sum is made of, such as the payers of payments or their
// receivers. A person or a business with several accounts is one owner.
type Side struct {
	Owners int
	Top    [2]*big.Rat // what the largest and the second added; nil: nothing
}

// Reason is why a sum is hidden. It is for who proposes a release: published, it
// would tell about what it hides.
type Reason string

// The reasons. The first that fits is given.
const (
	Shown    Reason = ""        // it is not hidden
	Unjudged Reason = "unknown" // nobody can say who it is made of
	Few      Reason = "few"     // fewer owners than the rules ask
	Large    Reason = "large"   // one owner made too large a part of it
	Guess    Reason = "guess"   // the second largest could work out the largest
	Rest     Reason = "rest"    // another hidden sum could be worked out from it
	Flow     Reason = "flow"    // what was taken out in euros could be worked out from it
)

// judge tells whether a sum is safe by itself: seen from every side. Nought is
// when nobody added anything.
func judge(rules node.Publishing, value *big.Rat, sides []Side) Reason {
	if len(sides) == 0 || value == nil || value.Sign() < 0 {
		return Unjudged
	}
	if value.Sign() == 0 && !slices.ContainsFunc(sides, func(s Side) bool { return s.Owners > 0 }) {
		return Shown
	}
	for _, s := range sides {
		if r := s.judge(rules, value); r != Shown {
			return r
		}
	}
	return Shown
}

func (s Side) judge(rules node.Publishing, value *big.Rat) Reason {
	first, second := orNought(s.Top[0]), orNought(s.Top[1])
	if s.Owners < rules.Owners {
		return Few
	}
	if s.Top[0] == nil && value.Sign() > 0 {
		return Unjudged
	}
	if first.Cmp(percentOf(rules.Largest, value)) > 0 {
		return Large
	}
	others := new(big.Rat).Sub(value, first)
	others.Sub(others, second)
	if others.Cmp(percentOf(rules.Percent, first)) < 0 {
		return Guess
	}
	return Shown
}

// together is the worst that several sums can be as one: their largest owners may
// be the same, and all their owners may be those of one of them.
func together(sides []Side) Side {
	all := Side{Top: [2]*big.Rat{new(big.Rat), new(big.Rat)}}
	for _, s := range sides {
		all.Owners = max(all.Owners, s.Owners)
		for i := range all.Top {
			all.Top[i].Add(all.Top[i], orNought(s.Top[i]))
		}
	}
	return all
}

// vague tells whether bounds leave a hidden sum open: they are not both within the
// margin of it, and the second largest owner, with them and its own part, does not
// come within p per cent of the largest.
func vague(rules node.Publishing, c Cell, low, high *big.Rat) bool {
	if high == nil {
		return true
	}
	for _, s := range c.Sides {
		most := new(big.Rat).Sub(high, orNought(s.Top[1]))
		if most.Cmp(percentOf(100+rules.Percent, orNought(s.Top[0]))) < 0 {
			return false
		}
	}
	by := margin(rules, c.Value)
	return new(big.Rat).Sub(high, c.Value).Cmp(by) >= 0 || new(big.Rat).Sub(c.Value, low).Cmp(by) >= 0
}

// margin is how far from a hidden sum a bound of it should stay: p per cent of it,
// and never less than what everything is rounded to.
func margin(rules node.Publishing, value *big.Rat) *big.Rat {
	m, least := percentOf(rules.Percent, value), big.NewRat(int64(rules.Round), 100)
	if m.Cmp(least) < 0 {
		return least
	}
	return m
}

func percentOf(percent int, of *big.Rat) *big.Rat {
	return new(big.Rat).Mul(big.NewRat(int64(percent), 100), of)
}

func orNought(r *big.Rat) *big.Rat {
	if r == nil {
		return new(big.Rat)
	}
	return r
}
