package disclosure

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"grulden/internal/report"
)

// wholes are the sums that are told apart in tables, by the key of the table: the
// key of a cell of a table begins with it, and a full stop.
var wholes = []struct{ table, whole string }{
	{"hops", "volume"}, {"holding", "volume"}, {"sectors", "paid_to_shops"}, {"ripe", "ripe"}, {"melted", "melted"},
}

// ends are the tables of what is held at the end. They are shown as shares, in
// whole per cents: nobody is told of how much.
var ends = []string{"life", "lain", "age"}

// tableOf is the table that a key belongs to; empty for a single sum.
func tableOf(key string) string {
	table, _, apart := strings.Cut(key, ".")
	if !apart {
		return ""
	}
	return table
}

// atEnd tells whether a key is of a table of what is held at the end.
func atEnd(key string) bool { return slices.Contains(ends, tableOf(key)) }

// tables adds what sums are told apart in.
func (g *gathered) tables(s *report.Sides) {
	parts, sums := s.Parts(), s.Wholes()
	for _, key := range []string{"issued", "asked", "stock", "paid_again", "ripe", "melted"} {
		g.add(cellOfPart(key, sums[key]))
	}
	for _, w := range wholes {
		g.apart(w.table, g.place(w.whole), parts[w.table])
	}
	for _, table := range ends {
		g.apart(table, -1, parts[table])
	}
	again, volume := g.place("paid_again"), g.place("volume")
	if first := g.place("hops.hop_1"); first >= 0 {
		rest := slices.Clone(g.relations[slices.IndexFunc(g.relations, func(r Relation) bool { return slices.Contains(r.Parts, first) })].Parts)
		rest = slices.DeleteFunc(rest, func(i int) bool { return i == first })
		g.relations = append(g.relations, Relation{Total: again, Parts: rest}, Relation{Total: volume, Parts: []int{first, again}})
	}
	g.steps(parts["was"])
}

// steps say that money goes from hop to hop: what came to one and was there before
// has gone on to the next or is still there, but for what melted and the like. The
// last ripens, and what is ripe goes on to euros. What was there before counts as
// known, unless it may not be.
func (g *gathered) steps(was []report.Part) {
	come := g.place("issued")
	for k, before := range was {
		r := Relation{Total: come, Parts: []int{g.place("life." + before.Key)}}
		if next := g.place("hops.hop_" + strconv.Itoa(k+1)); next >= 0 && k < len(was)-1 {
			r.Parts, come = append(r.Parts, next), next
		} else {
			r.Total = g.place("ripe")
			r.Parts = append(r.Parts, g.place("asked"))
		}
		if c := cellOfPart(past+before.Key, before); judge(g.rules, c.Value, c.Sides) != Shown {
			r.Plus = append(r.Plus, g.add(c))
		}
		g.relate(r)
	}
	spans := Relation{Total: come}
	for i, c := range g.cells {
		if strings.HasPrefix(c.Key, "ripe.span_") {
			spans.Parts = append(spans.Parts, i)
		}
	}
	g.relate(spans)
}

// relate adds a relation, and what makes it come out.
func (g *gathered) relate(r Relation) {
	r.Known = new(big.Rat)
	for _, i := range r.members() {
		if slices.Contains(r.Parts, i) {
			r.Known.Sub(r.Known, g.cells[i].Value)
		} else {
			r.Known.Add(r.Known, g.cells[i].Value)
		}
	}
	g.relations = append(g.relations, r)
}

// past begins the key of what was held before the first day and may not be known.
// It is never shown.
const past = "was."

// apart adds the parts of a sum.
func (g *gathered) apart(table string, whole int, parts []report.Part) {
	rel := Relation{Total: whole}
	for _, p := range parts {
		rel.Parts = append(rel.Parts, g.add(cellOfPart(table+"."+p.Key, p)))
	}
	if len(parts) > 0 {
		g.relations = append(g.relations, rel)
	}
}

// place finds a cell, −1 for none.
func (g *gathered) place(key string) int {
	return slices.IndexFunc(g.cells, func(c Cell) bool { return c.Key == key })
}

func cellOfPart(key string, p report.Part) Cell {
	c := Cell{Key: key, Value: p.Value}
	for _, s := range p.Parties {
		c.Sides = append(c.Sides, Side(s))
	}
	return c
}

// sumOf adds up the cells of a table.
func sumOf(cells []Cell, table string) *big.Rat {
	sum := new(big.Rat)
	for _, c := range cells {
		if tableOf(c.Key) == table {
			sum.Add(sum, c.Value)
		}
	}
	return sum
}
