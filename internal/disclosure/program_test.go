package disclosure

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

func number(n int64) *big.Rat { return big.NewRat(n, 1) }

func TestBoundsByHand(t *testing.T) {
	// x + y + z = 10 and x − y = 2: x from 2 to 6, y from 0 to 4, z from 0 to 8.
	p := program{unknowns: 3}
	p.equal(number(10), term{0, 1}, term{1, 1}, term{2, 1})
	p.equal(number(2), term{0, 1}, term{1, -1})
	p.equal(number(-2), term{0, -1}, term{1, 1}) // the same once more
	s, ok := p.solve()
	if !ok {
		t.Fatal("there is a solution")
	}
	for i, want := range [][2]int64{{2, 6}, {0, 4}, {0, 8}} {
		low, high := s.bounds(term{i, 1})
		if low.Cmp(number(want[0])) != 0 || high.Cmp(number(want[1])) != 0 {
			t.Errorf("unknown %d is from %v to %v, want %v", i, low, high, want)
		}
	}
	if low, high := s.bounds(term{0, 1}, term{1, 1}, term{2, 1}); low.Cmp(number(10)) != 0 || high.Cmp(number(10)) != 0 {
		t.Errorf("all together are from %v to %v", low, high)
	}
}

func TestAnUnknownThatNothingHoldsHasNoMost(t *testing.T) {
	p := program{unknowns: 3}
	p.equal(number(5), term{0, 1}, term{1, -1})
	s, ok := p.solve()
	if !ok {
		t.Fatal("there is a solution")
	}
	if low, high := s.bounds(term{0, 1}); low.Cmp(number(5)) != 0 || high != nil {
		t.Errorf("from %v to %v", low, high)
	}
	if low, high := s.bounds(term{2, 1}); low.Sign() != 0 || high != nil {
		t.Errorf("an unknown in no equation: from %v to %v", low, high)
	}
}

func TestEquationsThatContradictHaveNoSolution(t *testing.T) {
	for _, right := range [][2]int64{{3, 4}, {-1, -1}} {
		p := program{unknowns: 2}
		p.equal(number(right[0]), term{0, 1}, term{1, 1})
		p.equal(number(right[1]), term{0, 1}, term{1, 1})
		if _, ok := p.solve(); ok {
			t.Errorf("two amounts are together %v", right)
		}
	}
}

// In a random program the bounds are those of trying all whole values: its
// equations are those of a table, whose corners are whole.
func TestBoundsAreThoseOfTryingAllValues(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 9))
		var truth [6]int64 // two rows of three
		for i := range truth {
			truth[i] = r.Int64N(7)
		}
		row := func(v [6]int64, i int) int64 { return v[3*i] + v[3*i+1] + v[3*i+2] }
		column := func(v [6]int64, i int) int64 { return v[i] + v[i+3] }
		p := program{unknowns: 6}
		for i := range 2 {
			p.equal(number(row(truth, i)), term{3 * i, 1}, term{3*i + 1, 1}, term{3*i + 2, 1})
		}
		for i := range 3 {
			p.equal(number(column(truth, i)), term{i, 1}, term{i + 3, 1})
		}
		s, ok := p.solve()
		if !ok {
			t.Fatalf("seed %d: no solution", seed)
		}
		low, high := truth, truth
		for a := range column(truth, 0) + 1 {
			for b := range column(truth, 1) + 1 {
				v := [6]int64{a, b, row(truth, 0) - a - b}
				for i := range 3 {
					v[i+3] = column(truth, i) - v[i]
				}
				if v[2] < 0 || v[5] < 0 {
					continue
				}
				for i, x := range v {
					low[i], high[i] = min(low[i], x), max(high[i], x)
				}
			}
		}
		for i := range truth {
			l, h := s.bounds(term{i, 1})
			if l.Cmp(number(low[i])) != 0 || h.Cmp(number(high[i])) != 0 {
				t.Fatalf("seed %d: unknown %d is from %v to %v, want %d to %d", seed, i, l, h, low[i], high[i])
			}
		}
	}
}

func BenchmarkProtect(b *testing.B) {
	x := randomTable(rand.New(rand.NewPCG(1, 1)), 8, 4)
	for b.Loop() {
		Protect(testRules, x.cells, x.relations)
	}
}
