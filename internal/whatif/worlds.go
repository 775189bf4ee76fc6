package whatif

import (
	"math/big"
	"slices"
)

// MaxWorlds is how many seeds can be tried at once.
const MaxWorlds = 100

// Spread is how a figure of one scenario lies over several worlds, which differ by
// their seeds. Each world is held against itself under the rules of today.
type Spread struct {
	Low, High  *big.Rat // nil where the row has no value
	More, Less int      // in how many worlds it is more, or less, than there
}

// Chance is how many worlds at least lean to one side where chance alone would
// lean so far to either side in at most one of twenty such tries: the two-sided
// sign test. It is beyond worlds where there are too few to tell.
func Chance(worlds int) int {
	const oneOf = 20
	all := new(big.Int).Lsh(big.NewInt(1), uint(worlds))
	tail := new(big.Int)
	for k := worlds; k >= 0; k-- {
		tail.Add(tail, new(big.Int).Binomial(int64(worlds), int64(k)))
		if twice := new(big.Int).Mul(tail, big.NewInt(2*oneOf)); twice.Cmp(all) > 0 {
			return k + 1
		}
	}
	return 0
}

// Leans tells to which side a scenario leans from the first: 1 for more, −1 for
// less, 0 for neither. Of one world any difference counts, of several only one that
// chance hardly explains.
func (r *Row) Leans(i int) int {
	if r.Spreads == nil {
		if r.value(i) == r.value(0) || r.Values[i] == nil || r.Values[0] == nil {
			return 0
		}
		return r.Values[i].Cmp(r.Values[0])
	}
	worlds := r.worlds
	switch s := r.Spreads[i]; {
	case s.More >= Chance(worlds):
		return 1
	case s.Less >= Chance(worlds):
		return -1
	}
	return 0
}

// same tells whether all worlds of a row are one, so that nothing is to be said of
// how they lie.
func (r *Row) same() bool {
	return !slices.ContainsFunc(r.Spreads, func(s Spread) bool { return r.rounded(s.Low) != r.rounded(s.High) })
}

// together makes one outcome of those of several worlds.
func together(all []*Outcome) *Outcome {
	o := *all[0]
	if o.Worlds = len(all); o.Worlds == 1 {
		return &o
	}
	o.Entries = 0
	for _, one := range all {
		o.Entries += one.Entries
	}
	merge := func(of func(*Outcome) []Row) (rows []Row) {
		for i := range of(all[0]) {
			var same []*Row
			for _, one := range all {
				same = append(same, &of(one)[i])
			}
			rows = append(rows, spread(same))
		}
		return rows
	}
	o.Wijk = merge(func(o *Outcome) []Row { return o.Wijk })
	o.Hops = merge(func(o *Outcome) []Row { return o.Hops })
	o.Groups = slices.Clone(o.Groups)
	for g := range o.Groups {
		o.Groups[g].Rows = merge(func(o *Outcome) []Row { return o.Groups[g].Rows })
	}
	return &o
}

// spread is one row of several: the median and how they lie.
func spread(worlds []*Row) Row {
	row := Row{Figure: worlds[0].Figure, worlds: len(worlds)}
	for i := range worlds[0].Values {
		var s Spread
		var each []*big.Rat
		for _, w := range worlds {
			v := w.Values[i]
			if v == nil {
				each = nil // what one world has no value of is not shown of the others
				s = Spread{}
				break
			}
			each = append(each, v)
			switch w.Leans(i) {
			case 1:
				s.More++
			case -1:
				s.Less++
			}
		}
		row.Each = append(row.Each, each)
		row.Values = append(row.Values, median(each, &s))
		row.Spreads = append(row.Spreads, s)
	}
	return row
}

// median is the one in the middle, or halfway between the two there; nil of none.
func median(each []*big.Rat, s *Spread) *big.Rat {
	n := len(each)
	if n == 0 {
		return nil
	}
	sorted := slices.Clone(each)
	slices.SortFunc(sorted, (*big.Rat).Cmp)
	s.Low, s.High = sorted[0], sorted[n-1]
	sum := new(big.Rat).Add(sorted[(n-1)/2], sorted[n/2])
	return sum.Quo(sum, big.NewRat(2, 1))
}
