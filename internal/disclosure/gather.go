package disclosure

import (
	"context"
	"math/big"

	"grulden/internal/node"
	"grulden/internal/report"
	"grulden/ledger"
)

// The directions of payments, by what the accounts are of who paid and received.
var directions = []struct{ key, from, to string }{
	{"paid_residents_shops", "resident", "merchant"},
	{"paid_shops_shops", "merchant", "merchant"},
	{"paid_shops_residents", "merchant", "resident"},
	{"paid_residents", "resident", "resident"},
}

// gathered is all that could be published about a period, and how it hangs
// together.
type gathered struct {
	report    *report.Report
	cells     []Cell
	relations []Relation
}

// gather asks for the sums of a period and who they are made of. Where nobody can
// say who a sum is made of, it has no sides.
func (b *Book) gather(ctx context.Context, p report.Period) (*gathered, error) {
	r, err := b.keeper.Report(ctx, p, report.Options{Owners: true})
	if err != nil {
		return nil, err
	}
	edges, err := b.keeper.Edges(r.Period)
	if err != nil {
		return nil, err
	}
	var d *doings
	err = b.node.Read(func(v *node.View) error {
		d, err = doingsOf(ctx, v, r.Period)
		return err
	})
	if err != nil {
		return nil, err
	}
	g := &gathered{report: r}
	g.payments(edges)
	g.again()
	for _, sum := range []struct {
		key   string
		parts parts
		value ledger.Cents
	}{{"issued", d.issued, r.Issued}, {"asked", d.asked, r.Requested}} {
		value := grulden(sum.value)
		g.cells = append(g.cells, Cell{Key: sum.key, Value: value, Sides: []Side{sum.parts.side(value)}})
	}
	stock := Cell{Key: "stock", Value: r.StockMean}
	for _, held := range d.held {
		stock.Sides = append(stock.Sides, held.side(r.StockMean))
	}
	g.cells = append(g.cells, stock)
	return g, nil
}

// payments are the volume, its directions, and how many took part.
func (g *gathered) payments(edges []report.Edge) {
	all, times := newSides(), newSides()
	some := make([]sides, len(directions)+1) // the last: whatever else there is
	for i := range some {
		some[i] = newSides()
	}
	people := map[string]parts{"resident": {}, "merchant": {}}
	one := big.NewInt(1)
	for _, e := range edges {
		amount := big.NewInt(int64(e.Amount))
		all.add(e, amount)
		times.add(e, big.NewInt(int64(e.Count)))
		at := len(directions)
		for i, d := range directions {
			if d.from == e.FromRole && d.to == e.ToRole {
				at = i
			}
		}
		some[at].add(e, amount)
		for owner, role := range map[ledger.OwnerID]string{e.From: e.FromRole, e.To: e.ToRole} {
			if seen := people[role]; seen != nil && seen[owner] == nil {
				seen.add(owner, one)
			}
		}
	}
	g.cells = append(g.cells, all.cell("volume", 100))
	parts := Relation{Total: 0}
	for i := range some {
		key := "paid_other"
		if i < len(directions) {
			key = directions[i].key
		}
		parts.Parts = append(parts.Parts, len(g.cells))
		g.cells = append(g.cells, some[i].cell(key, 100))
	}
	g.relations = append(g.relations, parts)
	g.cells = append(g.cells, times.cell("payments", 1))
	for _, who := range []struct{ key, role string }{{"residents", "resident"}, {"shops", "merchant"}} {
		value := big.NewRat(int64(len(people[who.role])), 1)
		g.cells = append(g.cells, Cell{Key: who.key, Value: value, Sides: []Side{people[who.role].side(value)}})
	}
}

// again parts the volume into what was paid with new money, and what with money
// that had been paid before. Nobody keeps who those are made of: they are judged
// by the worst that they can be.
func (g *gathered) again() {
	volume, first := g.cells[0], new(big.Rat)
	if hops := g.report.ByHop; len(hops) > 0 {
		first = hops[0]
	}
	rel := Relation{Total: 0}
	for _, part := range []Cell{{Key: "paid_first", Value: first}, {Key: "paid_again", Value: new(big.Rat).Sub(volume.Value, first)}} {
		for _, whole := range volume.Sides {
			part.Sides = append(part.Sides, whole.part(part.Value))
		}
		rel.Parts = append(rel.Parts, len(g.cells))
		g.cells = append(g.cells, part)
	}
	g.relations = append(g.relations, rel)
}

// part is the worst that a part of a sum can be made of: the largest owners of the
// whole may be all in it, and as each adds at most what the largest does, there
// are at least as many as it takes.
func (s Side) part(value *big.Rat) Side {
	if value.Sign() <= 0 || s.Top[0] == nil {
		return Side{}
	}
	first, second := s.Top[0], orNought(s.Top[1])
	if first.Cmp(value) > 0 {
		first = value
	}
	if rest := new(big.Rat).Sub(value, first); second.Cmp(rest) > 0 {
		second = rest
	}
	owners := new(big.Rat).Quo(value, first)
	least := new(big.Int).Add(owners.Num(), new(big.Int).Sub(owners.Denom(), big.NewInt(1)))
	return Side{Owners: int(least.Quo(least, owners.Denom()).Int64()), Top: [2]*big.Rat{first, second}}
}

// sides are a sum of payments seen from both sides.
type sides struct{ from, to parts }

func newSides() sides { return sides{make(parts), make(parts)} }

func (s sides) add(e report.Edge, amount *big.Int) {
	s.from.add(e.From, amount)
	s.to.add(e.To, amount)
}

// cell makes a cell of a sum that is counted in so many parts of a Grulden.
func (s sides) cell(key string, of int64) Cell {
	sum := new(big.Int)
	for _, amount := range s.from {
		sum.Add(sum, amount)
	}
	value := new(big.Rat).SetFrac(sum, big.NewInt(of))
	return Cell{Key: key, Value: value, Sides: []Side{s.from.side(value), s.to.side(value)}}
}

func grulden(c ledger.Cents) *big.Rat { return big.NewRat(int64(c), 100) }
