package disclosure

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"grulden/internal/node"
)

// cellOf makes a cell of what each owner added to it, in whole Grulden.
func cellOf(key string, parts ...int64) Cell {
	c := Cell{Key: key, Value: new(big.Rat), Sides: []Side{{}}}
	slices.Sort(parts)
	slices.Reverse(parts)
	for i, x := range parts {
		if x == 0 {
			continue
		}
		c.Value.Add(c.Value, big.NewRat(x, 1))
		c.Sides[0].Owners++
		if i < 2 {
			c.Sides[0].Top[i] = big.NewRat(x, 1)
		}
	}
	return c
}

func TestASumIsJudgedAsTheWorkedExamplesAre(t *testing.T) {
	first := cellOf("", 570, 250, 36, 36, 36, 36, 36) // in tenths
	second := cellOf("", 700, 150, 100, 50)
	with := func(owners, percent, largest int) node.Publishing {
		return node.Publishing{Owners: owners, Percent: percent, Largest: largest}
	}
	for _, test := range []struct {
		cell  Cell
		rules node.Publishing
		want  Reason
	}{
		{first, with(3, 10, 60), Shown},
		{first, with(10, 10, 60), Few},
		{first, with(3, 31, 60), Shown}, // 18 is more than 31 % of 57, and less than 32 %
		{first, with(3, 32, 60), Guess},
		{first, with(3, 10, 30), Large},
		{second, with(3, 10, 70), Shown},
		{second, with(3, 25, 70), Guess},
		{second, with(10, 10, 70), Few},
		{second, with(3, 25, 50), Large},
		{Cell{Value: big.NewRat(100, 1)}, with(3, 10, 60), Unjudged},
		{Cell{Value: new(big.Rat), Sides: []Side{{}}}, with(3, 10, 60), Shown},
		{Cell{Value: big.NewRat(-1, 1), Sides: []Side{{Owners: 20}}}, with(3, 10, 60), Unjudged},
		{Cell{Value: big.NewRat(1, 1), Sides: []Side{{Owners: 20}}}, with(3, 10, 60), Unjudged},
	} {
		if got := judge(test.rules, test.cell.Value, test.cell.Sides); got != test.want {
			t.Errorf("%v under %+v: %q, want %q", test.cell.Value, test.rules, got, test.want)
		}
	}
}

func TestEverySideOfASumMustBeSafe(t *testing.T) {
	many := Side{Owners: 40, Top: [2]*big.Rat{big.NewRat(50, 1), big.NewRat(40, 1)}}
	oneShop := Side{Owners: 12, Top: [2]*big.Rat{big.NewRat(600, 1), big.NewRat(100, 1)}}
	if got := judge(node.DefaultPublishing(), big.NewRat(1000, 1), []Side{many}); got != Shown {
		t.Errorf("forty payers: %q", got)
	}
	if got := judge(node.DefaultPublishing(), big.NewRat(1000, 1), []Side{many, oneShop}); got != Large {
		t.Errorf("one shop got 60 %%: %q", got)
	}
}

func TestAHiddenSumTakesAnotherWithIt(t *testing.T) {
	rules := node.DefaultPublishing()
	even := func(n int, each int64) []int64 { return slices.Repeat([]int64{each}, n) }
	small, middle, large := even(4, 10), even(15, 20), even(20, 50)
	cells := []Cell{
		cellOf("all", slices.Concat(small, middle, large)...),
		cellOf("small", small...), cellOf("middle", middle...), cellOf("large", large...),
	}
	got := Protect(rules, cells, []Relation{{Total: 0, Parts: []int{1, 2, 3}}})
	for i, want := range []Reason{Shown, Few, Rest, Shown} {
		if got[i].Why != want {
			t.Errorf("%s: %q, want %q", got[i].Key, got[i].Why, want)
		}
	}
	alone := Protect(rules, cells, nil)
	if alone[2].Why != Shown || alone[1].Why != Few {
		t.Error("a sum is hidden for the sake of one that it has nothing to do with")
	}
}

// table is a random table of sums by rows and columns, with its totals, and what
// each owner added to each cell.
type table struct {
	cells     []Cell
	parts     []map[int]int64 // by owner
	relations []Relation
}

func randomTable(r *rand.Rand, rows, columns int) *table {
	t := &table{parts: make([]map[int]int64, (rows+1)*(columns+1))}
	at := func(row, column int) int { return row*(columns+1) + column }
	for i := range t.parts {
		t.parts[i] = make(map[int]int64)
	}
	for row := range rows {
		for column := range columns {
			for range r.IntN(25) {
				owner, amount := r.IntN(30), 1+r.Int64N(2)
				if r.IntN(20) == 0 {
					amount += r.Int64N(20)
				}
				for _, i := range []int{at(row, column), at(rows, column), at(row, columns), at(rows, columns)} {
					t.parts[i][owner] += amount
				}
			}
		}
	}
	for i, parts := range t.parts {
		var all []int64
		for _, x := range parts {
			all = append(all, x)
		}
		t.cells = append(t.cells, cellOf(fmt.Sprint(i), all...))
	}
	for row := range rows + 1 {
		rel := Relation{Total: at(row, columns)}
		for column := range columns {
			rel.Parts = append(rel.Parts, at(row, column))
		}
		t.relations = append(t.relations, rel)
	}
	for column := range columns + 1 {
		rel := Relation{Total: at(rows, column)}
		for row := range rows {
			rel.Parts = append(rel.Parts, at(row, column))
		}
		t.relations = append(t.relations, rel)
	}
	return t
}

// attack finds the least and the most that each hidden cell can be, by trying: a
// second way, which knows nothing of linear programs. A hidden cell takes every
// whole value; those that follow from the others follow. It gives up where more
// than two are free.
func attack(cells []Cell, relations []Relation) (low, high map[int]int64, tried bool) {
	value := make(map[int]int64)
	low, high = make(map[int]int64), make(map[int]int64)
	most, tried := int64(0), true
	for i, c := range cells {
		most = max(most, c.Value.Num().Int64())
		if c.Why == Shown {
			value[i] = c.Value.Num().Int64()
		}
	}
	var try func(free int)
	try = func(free int) {
		set, fits := follow(value, relations)
		defer func() {
			for _, i := range set {
				delete(value, i)
			}
		}()
		if !fits {
			return
		}
		for i := range cells {
			if _, known := value[i]; known {
				continue
			}
			if tried = tried && free < 2; !tried {
				return
			}
			for x := int64(0); x <= most; x++ {
				value[i] = x
				try(free + 1)
				delete(value, i)
			}
			return
		}
		for i, c := range cells {
			if c.Why == Shown {
				continue
			}
			if old, seen := low[i]; !seen || value[i] < old {
				low[i] = value[i]
			}
			high[i] = max(high[i], value[i])
		}
	}
	try(0)
	return low, high, tried
}

// follow sets the cells that follow from those known, until none does; fits is
// false when they contradict each other.
func follow(value map[int]int64, relations []Relation) (set []int, fits bool) {
	for again := true; again; {
		again = false
		for _, r := range relations {
			unknown, sign, sum := -1, int64(0), int64(0)
			count := 0
			for _, i := range r.members() {
				times := int64(1)
				if i == r.Total {
					times = -1
				}
				if x, known := value[i]; known {
					sum += times * x
				} else {
					unknown, sign = i, times
					count++
				}
			}
			switch {
			case count == 0 && sum != 0:
				return set, false
			case count == 1 && -sum*sign < 0:
				return set, false
			case count == 1:
				value[unknown] = -sum * sign
				set, again = append(set, unknown), true
			}
		}
	}
	return set, true
}

func TestNoHiddenSumIsWorkedOutFromTheOthers(t *testing.T) {
	rules := node.Publishing{Owners: 10, Percent: 25, Largest: 50, Round: 2_00}
	secrets, shown := 0, 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 5))
		x := randomTable(r, 2, 2+int(seed%2))
		cells := Protect(rules, x.cells, x.relations)
		low, high, tried := attack(cells, x.relations)
		for i, c := range cells {
			if c.Why == Shown {
				shown++
				if judge(rules, c.Value, c.Sides) != Shown {
					t.Fatalf("seed %d: cell %d is shown and not safe", seed, i)
				}
				continue
			}
			if c.Why == Rest {
				continue
			}
			if !tried {
				continue
			}
			secrets++
			if !vague(rules, c, big.NewRat(low[i], 1), big.NewRat(high[i], 1)) {
				t.Fatalf("seed %d: cell %d is %v, and whoever looks knows that it is %d to %d", seed, i, c.Value, low[i], high[i])
			}
		}
	}
	if secrets < 50 || shown < 50 {
		t.Errorf("%d hidden and %d shown: too few to tell", secrets, shown)
	}
}

func TestNobodySubtractsTheirOwnPartFromWhatIsHidden(t *testing.T) {
	rules := node.DefaultPublishing()
	checked := 0
	for seed := range uint64(150) {
		x := randomTable(rand.New(rand.NewPCG(seed, 6)), 3, 3)
		cells := Protect(rules, x.cells, x.relations)
		for _, rel := range x.relations {
			if cells[rel.Total].Why != Shown {
				continue
			}
			all, secret := make(map[int]int64), false
			for _, i := range rel.Parts {
				if cells[i].Why == Shown {
					continue
				}
				secret = secret || cells[i].Why != Rest
				for owner, amount := range x.parts[i] {
					all[owner] += amount
				}
			}
			if !secret {
				continue
			}
			var parts []int64
			for _, amount := range all {
				parts = append(parts, amount)
			}
			checked++
			rest := cellOf("rest", parts...)
			if why := judge(rules, rest.Value, rest.Sides); why != Shown {
				t.Fatalf("seed %d: what is hidden of cell %d is known, and not safe as one sum: %s", seed, rel.Total, why)
			}
		}
	}
	if checked < 50 {
		t.Errorf("looked at %d sums of hidden cells", checked)
	}
}
