package disclosure

import "math/big"

// program is what a reader knows: unknowns, none of them below nought, and
// equations between them. It is exact: the simplex method in fractions, choosing
// by Bland's rule, with which it always ends.
type program struct {
	unknowns int
	rows     []equation
}

// equation says that terms add up to right.
type equation struct {
	right *big.Rat
	terms []term
}

// term is a number of times an unknown.
type term struct {
	unknown int
	times   int64
}

// equal adds an equation.
func (p *program) equal(right *big.Rat, terms ...term) {
	p.rows = append(p.rows, equation{right, terms})
}

// atLeast and atMost bound what terms add up to.
func (p *program) atLeast(bound *big.Rat, terms ...term) { p.bound(bound, -1, terms) }
func (p *program) atMost(bound *big.Rat, terms ...term)  { p.bound(bound, +1, terms) }

func (p *program) bound(bound *big.Rat, sign int64, terms []term) {
	p.unknowns++ // how far they are from it
	p.equal(bound, append(terms, term{p.unknowns - 1, sign})...)
}

// tableau is a program solved for some of its unknowns, all others being nought.
type tableau struct {
	width int // unknowns that may be used
	rows  [][]*big.Rat
	basis []int // the unknown that a row is solved for
}

// solve finds values that fit all equations; there is none when the equations
// contradict each other.
func (p *program) solve() (t *tableau, ok bool) {
	m := len(p.rows)
	t = &tableau{width: p.unknowns + m}
	aim := make([]*big.Rat, t.width)
	for j := range aim {
		aim[j] = new(big.Rat)
	}
	for i, from := range p.rows {
		row := make([]*big.Rat, t.width+1)
		sign := int64(1)
		if from.right.Sign() < 0 {
			sign = -1
		}
		for j := range row {
			row[j] = new(big.Rat)
		}
		for _, x := range from.terms {
			row[x.unknown].Add(row[x.unknown], big.NewRat(sign*x.times, 1))
		}
		row[t.width].Abs(from.right)
		row[p.unknowns+i].SetInt64(1)
		aim[p.unknowns+i].SetInt64(-1) // what does not fit yet is to become nought
		t.rows, t.basis = append(t.rows, row), append(t.basis, p.unknowns+i)
	}
	if rest, _ := t.most(aim); rest.Sign() != 0 {
		return nil, false
	}
	t.drop(p.unknowns)
	return t, true
}

// drop takes the unknowns from a number on out of the tableau: they are nought.
func (t *tableau) drop(from int) {
	for i := 0; i < len(t.rows); i++ {
		if t.basis[i] < from {
			continue
		}
		column := 0
		for column < from && t.rows[i][column].Sign() == 0 {
			column++
		}
		if column < from {
			t.pivot(i, column)
			continue
		}
		t.rows = append(t.rows[:i], t.rows[i+1:]...) // it follows from the others
		t.basis = append(t.basis[:i], t.basis[i+1:]...)
		i--
	}
	for i, row := range t.rows {
		t.rows[i] = append(row[:from:from], row[t.width])
	}
	t.width = from
}

// most is the largest value that the unknowns, each times its factor, can have
// together; it has none when bounded is false.
func (t *tableau) most(factors []*big.Rat) (value *big.Rat, bounded bool) {
	for {
		column := t.entering(factors)
		if column < 0 {
			break
		}
		row := t.leaving(column)
		if row < 0 {
			return nil, false
		}
		t.pivot(row, column)
	}
	value = new(big.Rat)
	for i, row := range t.rows {
		value.Add(value, new(big.Rat).Mul(factors[t.basis[i]], row[t.width]))
	}
	return value, true
}

// entering is the first unknown of which more makes the value larger, −1 for none.
func (t *tableau) entering(factors []*big.Rat) int {
	product := new(big.Rat)
	for j := range t.width {
		gain := new(big.Rat).Set(factors[j])
		for i, row := range t.rows {
			if row[j].Sign() != 0 && factors[t.basis[i]].Sign() != 0 {
				gain.Sub(gain, product.Mul(factors[t.basis[i]], row[j]))
			}
		}
		if gain.Sign() > 0 {
			return j
		}
	}
	return -1
}

// leaving is the row whose unknown becomes nought first when that of a column
// grows, −1 when none does.
func (t *tableau) leaving(column int) int {
	best := -1
	var least *big.Rat
	for i, row := range t.rows {
		if row[column].Sign() <= 0 {
			continue
		}
		ratio := new(big.Rat).Quo(row[t.width], row[column])
		if best < 0 || ratio.Cmp(least) < 0 || ratio.Cmp(least) == 0 && t.basis[i] < t.basis[best] {
			best, least = i, ratio
		}
	}
	return best
}

// pivot solves a row for the unknown of a column, and takes it out of the others.
func (t *tableau) pivot(row, column int) {
	by := new(big.Rat).Inv(t.rows[row][column])
	for _, v := range t.rows[row] {
		v.Mul(v, by)
	}
	product := new(big.Rat)
	for i, other := range t.rows {
		if i == row || other[column].Sign() == 0 {
			continue
		}
		times := new(big.Rat).Set(other[column])
		for j, v := range t.rows[row] {
			if v.Sign() != 0 {
				other[j].Sub(other[j], product.Mul(times, v))
			}
		}
	}
	t.basis[row] = column
}

// bounds are the least and the most that the sum of some unknowns can be; high is
// nil when there is no most.
func (t *tableau) bounds(terms ...term) (low, high *big.Rat) {
	factors := make([]*big.Rat, t.width)
	for j := range factors {
		factors[j] = new(big.Rat)
	}
	for _, x := range terms {
		factors[x.unknown].Add(factors[x.unknown], big.NewRat(x.times, 1))
	}
	high, _ = t.most(factors)
	for j := range factors {
		factors[j].Neg(factors[j])
	}
	if low, _ = t.most(factors); low != nil {
		low.Neg(low)
	}
	return low, high
}
