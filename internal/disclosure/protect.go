package disclosure

import (
	"cmp"
	"math/big"
	"slices"

	"grulden/internal/node"
)

// Cell is one sum that could be published.
type Cell struct {
	Key   string
	Value *big.Rat
	Sides []Side // every one of them must be safe; none: it cannot be judged
	Why   Reason // it is hidden; empty: it is shown
}

// Relation says that cells add up to another, which everybody knows: the total and
// what comes on top of it are the parts and something that is known.
type Relation struct {
	Total int // −1: none of the cells; the parts are shown as shares of it
	Plus  []int
	Parts []int
	Known *big.Rat // nil: nought
}

// Protect hides the cells that are not safe, and as many of the others as it takes
// that nobody can work the hidden ones out: the smallest first, and none that need
// not be. A cell that comes with a reason is hidden for it. Whoever looks is taken
// to know what is shown to the cent, not only rounded.
func Protect(rules node.Publishing, cells []Cell, relations []Relation) []Cell {
	s := sheet{rules: rules, cells: slices.Clone(cells), relations: relations, alone: make(map[int]bool)}
	for i, c := range s.cells {
		if why := judge(rules, c.Value, c.Sides); why != Shown {
			s.cells[i].Why = why
		}
	}
	for {
		at := s.exposed()
		if at < 0 {
			break
		}
		if next := s.smallest(at); next >= 0 {
			s.cells[next].Why = Rest
		} else {
			s.alone[at] = true
		}
	}
	s.restore()
	return s.cells
}

// sheet is cells under way to being safe.
type sheet struct {
	rules     node.Publishing
	cells     []Cell
	relations []Relation
	alone     map[int]bool // everything that belongs to them is hidden
}

// members are the cells of a relation.
func (r Relation) members() []int {
	if r.Total < 0 {
		return r.Parts
	}
	return slices.Concat([]int{r.Total}, r.Plus, r.Parts)
}

func (s *sheet) hidden(i int) bool { return s.cells[i].Why != Shown }

// secret tells whether a cell is hidden for its own sake, and not for another's,
// and something can still be done about it. Safe shares of what there is at the end
// may be worked out: then no more is known than before.
func (s *sheet) secret(i int) bool {
	c := s.cells[i]
	return c.Why != Shown && c.Why != Rest && (c.Why != Flow || !atEnd(c.Key)) && !s.alone[i]
}

// told tells whether a relation tells anything: shares of which none is shown do
// not.
func (s *sheet) told(r Relation) bool {
	return r.Total >= 0 || slices.ContainsFunc(r.Parts, func(i int) bool { return !s.hidden(i) })
}

// exposed finds a secret cell that could be worked out too well, −1 for none.
func (s *sheet) exposed() int {
	for _, r := range s.relations {
		if at := s.leaks(r); at >= 0 {
			return at
		}
	}
	return s.bounded()
}

// leaks finds a secret cell of a relation of which the hidden parts are not safe
// as one sum: one of those who made them could subtract its own part.
func (s *sheet) leaks(r Relation) int {
	var hidden []int
	secret := -1
	for _, i := range r.members() {
		if s.hidden(i) {
			hidden = append(hidden, i)
		}
		if s.secret(i) {
			secret = i
		}
	}
	switch {
	case secret < 0:
		return -1
	case len(hidden) == 1:
		return secret
	case r.Total >= 0 && s.hidden(r.Total), slices.ContainsFunc(r.Plus, s.hidden),
		len(hidden) == len(r.Parts), r.Known != nil:
		return -1 // the hidden parts are no sum that anybody knows, or one that is safe, or of different things
	}
	sum := new(big.Rat)
	sides := make([][]Side, 0, 2)
	for _, i := range hidden {
		c := s.cells[i]
		sum.Add(sum, orNought(c.Value))
		for at, side := range c.Sides {
			if at == len(sides) {
				sides = append(sides, nil)
			}
			sides[at] = append(sides[at], side)
		}
	}
	worst := make([]Side, len(sides))
	for at := range sides {
		worst[at] = together(sides[at])
	}
	if judge(s.rules, sum, worst) != Shown {
		return secret
	}
	return -1
}

// bounded finds a secret cell that the shown ones bound too narrowly, −1 for none.
func (s *sheet) bounded() int {
	unknown := make(map[int]int)
	var order []int
	for _, r := range s.relations {
		for _, i := range r.members() {
			if _, seen := unknown[i]; s.hidden(i) && s.cells[i].Value != nil && !seen {
				unknown[i] = len(order)
				order = append(order, i)
			}
		}
	}
	p := program{unknowns: len(order)}
	for _, r := range s.relations {
		if s.told(r) {
			p.relate(s, r, unknown)
		}
	}
	t, ok := p.solve()
	for _, i := range order {
		c := s.cells[i]
		if !s.secret(i) {
			continue
		}
		if !ok {
			return i
		}
		low, high := t.bounds(term{unknown[i], 1})
		if !vague(s.rules, c, low, high) {
			return i
		}
	}
	return -1
}

// relate adds what a relation tells about the hidden cells.
func (p *program) relate(s *sheet, r Relation, unknown map[int]int) {
	var terms []term
	right := new(big.Rat).Neg(orNought(r.Known))
	for _, i := range r.members() {
		value, times := s.cells[i].Value, int64(-1)
		if slices.Contains(r.Parts, i) {
			times = 1
		}
		switch at, hidden := unknown[i]; {
		case value == nil:
			return // a part that has no value: nothing is known
		case hidden:
			terms = append(terms, term{at, times})
			if r.Total < 0 {
				right.Add(right, value)
			}
		case r.Total >= 0:
			right.Sub(right, new(big.Rat).Mul(value, big.NewRat(times, 1)))
		}
	}
	if len(terms) > 0 {
		p.equal(right, terms...)
	}
}

// smallest finds the smallest cell still shown that stands in a relation with a
// cell, or in one with those, and so on; −1 for none. A nought comes last: hidden,
// everybody would guess it.
func (s *sheet) smallest(of int) int {
	near := []int{of}
	for n := 0; n < len(near); n++ {
		best := -1
		for _, r := range s.relations {
			members := r.members()
			if !slices.Contains(members, near[n]) {
				continue
			}
			for _, i := range members {
				if !s.hidden(i) && (best < 0 || s.before(i, best)) {
					best = i
				}
				if !slices.Contains(near, i) {
					near = append(near, i)
				}
			}
		}
		if best >= 0 {
			return best
		}
	}
	return -1
}

// before tells whether a cell is rather hidden than another: shares before what is
// told apart, that before single sums, and of each the smallest.
func (s *sheet) before(i, j int) bool {
	a, b := s.cells[i], s.cells[j]
	if a.Value.Sign() == 0 || b.Value.Sign() == 0 {
		return a.Value.Sign() > 0
	}
	return cmp.Or(cmp.Compare(a.worth(), b.worth()), a.Value.Cmp(b.Value)) < 0
}

// worth tells how much a cell is worth to readers.
func (c Cell) worth() int {
	switch {
	case atEnd(c.Key):
		return 0
	case tableOf(c.Key) != "":
		return 1
	}
	return 2
}

// restore shows again what need not be hidden, the largest first.
func (s *sheet) restore() {
	var rest []int
	for i, c := range s.cells {
		if c.Why == Rest {
			rest = append(rest, i)
		}
	}
	slices.SortStableFunc(rest, func(i, j int) int {
		a, b := s.cells[i], s.cells[j]
		return cmp.Or(cmp.Compare(b.worth(), a.worth()), b.Value.Cmp(a.Value))
	})
	for _, i := range rest {
		if s.cells[i].Why = Shown; s.exposed() >= 0 {
			s.cells[i].Why = Rest
		}
	}
}
