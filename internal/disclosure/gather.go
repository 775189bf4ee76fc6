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
	{"paid_others_shops", "", "merchant"},
}

// gathered is all that could be published about a period, and how it hangs
// together.
type gathered struct {
	rules     node.Publishing
	report    *report.Report
	cells     []Cell
	relations []Relation
}

// gather asks for the sums of a period and who they are made of.
func (b *Book) gather(ctx context.Context, p report.Period, rules node.Publishing) (*gathered, error) {
	r, err := b.keeper.Report(ctx, p, report.Options{Owners: true})
	if err != nil {
		return nil, err
	}
	g := &gathered{report: r, rules: rules}
	g.payments(r.Edges())
	g.tables(r.Sides())
	return g, nil
}

// add adds a cell, and tells its place.
func (g *gathered) add(c Cell) int {
	g.cells = append(g.cells, c)
	return len(g.cells) - 1
}

// payments are the volume, its directions, and how many took part.
func (g *gathered) payments(edges []report.Edge) {
	all, shops, times := newSides(), newSides(), newSides()
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
		if e.ToRole == "merchant" {
			shops.add(e, amount)
		}
		at := len(directions)
		for i, d := range directions {
			other := d.from == "" && people[e.FromRole] == nil
			if (d.from == e.FromRole || other) && d.to == e.ToRole {
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
	g.add(all.cell("volume", 100))
	parts, toShops := Relation{Total: 0}, Relation{Total: g.add(shops.cell("paid_to_shops", 100))}
	for i := range some {
		key := "paid_other"
		if i < len(directions) {
			key = directions[i].key
		}
		at := g.add(some[i].cell(key, 100))
		parts.Parts = append(parts.Parts, at)
		if i < len(directions) && directions[i].to == "merchant" {
			toShops.Parts = append(toShops.Parts, at)
		}
	}
	g.relations = append(g.relations, parts, toShops)
	g.add(times.cell("payments", 1))
	for _, who := range []struct{ key, role string }{{"residents", "resident"}, {"shops", "merchant"}} {
		value := big.NewRat(int64(len(people[who.role])), 1)
		g.add(Cell{Key: who.key, Value: value, Sides: []Side{people[who.role].side(value)}})
	}
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

// parts are what owners added to a sum, each in a unit of its own.
type parts map[ledger.OwnerID]*big.Int

func (p parts) add(owner ledger.OwnerID, amount *big.Int) {
	if amount.Sign() <= 0 {
		return
	}
	if p[owner] == nil {
		p[owner] = new(big.Int)
	}
	p[owner].Add(p[owner], amount)
}

// side is the parts of a sum whose value is counted in another unit.
func (p parts) side(value *big.Rat) Side {
	s, sum := Side{Owners: len(p)}, new(big.Int)
	var top [2]*big.Int
	for _, amount := range p {
		sum.Add(sum, amount)
		switch {
		case top[0] == nil || amount.Cmp(top[0]) > 0:
			top = [2]*big.Int{amount, top[0]}
		case top[1] == nil || amount.Cmp(top[1]) > 0:
			top[1] = amount
		}
	}
	for i, amount := range top {
		if amount != nil {
			s.Top[i] = new(big.Rat).SetFrac(amount, sum)
			s.Top[i].Mul(s.Top[i], value)
		}
	}
	return s
}

func grulden(c ledger.Cents) *big.Rat { return big.NewRat(int64(c), 100) }
