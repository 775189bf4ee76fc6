package disclosure

import (
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

// Relation says that cells add up to another, which everybody knows.
type Relation struct {
	Total int // −1: not one of the cells, but known all the same
	Parts []int
}

// Protect hides the cells that are not safe, and as many of the others as it takes
// that nobody can work the hidden ones out: the smallest first, and none that need
// not be. Whoever looks is taken to know what is shown to the cent, not only
// rounded.
func Protect(rules node.Publishing, cells []Cell, relations []Relation) []Cell {
	s := sheet{rules, slices.Clone(cells), relations}
	for i, c := range s.cells {
		s.cells[i].Why = judge(rules, c.Value, c.Sides)
	}
	for {
		at := s.exposed()
		if at < 0 {
			break
		}
		next := s.smallest(at)
		if next < 0 {
			break // everything that belongs to it is hidden
		}
		s.cells[next].Why = Rest
	}
	s.restore()
	return s.cells
}

// sheet is cells under way to being safe.
type sheet struct {
	rules     node.Publishing
	cells     []Cell
	relations []Relation
}

// members are the cells of a relation.
func (r Relation) members() []int {
	if r.Total < 0 {
		return r.Parts
	}
	return append([]int{r.Total}, r.Parts...)
}

func (s *sheet) hidden(i int) bool { return s.cells[i].Why != Shown }

// secret tells whether a cell is hidden for its own sake, and not for another's.
func (s *sheet) secret(i int) bool { return s.hidden(i) && s.cells[i].Why != Rest }

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
	case r.Total >= 0 && s.hidden(r.Total), len(hidden) == len(r.Parts):
		return -1 // the hidden parts are no sum that anybody knows, or one that is safe
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
		p.relate(s, r, unknown)
	}
	t, ok := p.solve()
	for _, i := range order {
		c := s.cells[i]
		if !ok {
			return i
		}
		if !s.secret(i) {
			continue
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
	right := new(big.Rat)
	for _, i := range r.Parts {
		value := s.cells[i].Value
		switch at, hidden := unknown[i]; {
		case value == nil:
			return // a part that has no value: nothing is known
		case hidden:
			terms = append(terms, term{at, 1})
			if r.Total < 0 {
				right.Add(right, value)
			}
		case r.Total >= 0:
			right.Sub(right, value)
		}
	}
	if r.Total >= 0 {
		total := s.cells[r.Total].Value
		switch at, hidden := unknown[r.Total]; {
		case total == nil:
			return
		case hidden:
			terms = append(terms, term{at, -1})
		default:
			right.Add(right, total)
		}
	}
	if len(terms) > 0 {
		p.equal(right, terms...)
	}
}

// smallest finds the smallest cell still shown that stands in a relation with a
// cell, or in one with those, and so on; −1 for none.
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
				if !s.hidden(i) && (best < 0 || s.cells[i].Value.Cmp(s.cells[best].Value) < 0) {
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

// restore shows again what need not be hidden, the largest first.
func (s *sheet) restore() {
	var rest []int
	for i, c := range s.cells {
		if c.Why == Rest {
			rest = append(rest, i)
		}
	}
	slices.SortStableFunc(rest, func(a, b int) int { return s.cells[b].Value.Cmp(s.cells[a].Value) })
	for _, i := range rest {
		if s.cells[i].Why = Shown; s.exposed() >= 0 {
			s.cells[i].Why = Rest
		}
	}
}
