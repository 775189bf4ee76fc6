// Package network tells how payments hang together: whether money comes back
// round to where it came from, and in how few hands it ends.
//
// Theory. All payments of a window are added up to one edge for each payer and
// receiver. Most of a drawing of them is an accident of who happened to pay
// first; these figures are not. The largest circulation is the most of the
// volume that can be told as money going round in closed loops; what remains is
// the least that must have run one way. It is a minimum cost flow: the volume,
// less the cheapest way to carry what some received more than they paid to those
// who paid more than they received, where each edge costs its length of one
// (Edmonds and Karp 1972, by phases of Dinic's maximum flow). Between the mutual
// payments below it and the net imbalance above it, it depends on no order.
// Shares are exact fractions; nothing here is estimated.
//
// The package refuses to say whose money went round: a coin has no memory in
// these figures, only amounts. It knows nobody by name and draws no picture.
package network

import (
	"context"
	"errors"
	"math"
	"math/big"
	"slices"
)

// Edge is what one paid another in a window, in the smallest unit there is. The
// same pair may come more than once; what somebody pays himself is dropped.
type Edge struct {
	From, To int // any numbers
	Weight   int64
}

// LongestCycle is the longest cycle that is peeled off.
const LongestCycle = 5

// Figures are what Of tells. Amounts are in the unit of the edges.
type Figures struct {
	Nodes  int   // who paid or received
	Edges  int   // pairs of payer and receiver
	Volume int64 // the sum of all edges

	MutualEdges int   // edges with an edge the other way
	Mutual      int64 // of each such pair twice the smaller weight
	CoreNodes   int   // the most who can all reach each other along edges
	CoreVolume  int64 // paid among them; of two as large the one with more
	Returnable  int64 // paid between any two who can reach each other: what else was paid cannot have come back
	Imbalance   int64 // what those who received more than they paid kept, in all
	Circulating int64 // the largest circulation

	// Peeled[n] is the volume of cycles of n edges, taken off shortest first, and
	// among cycles of one length in the order of their smallest member, then of
	// the next along the edges, and so on. Another order gives another number.
	Peeled [LongestCycle + 1]int64

	// Assortativity is the correlation of the numbers of partners at the two
	// ends of an edge, the direction left out: −1 to 1, nil if all have as many.
	Assortativity *big.Rat
}

// The edges that Of refuses.
var (
	ErrWeight = errors.New("the weight of an edge is not above nought")
	ErrLarge  = errors.New("the weights of the edges add up to too much")
)

// mostVolume leaves room to count a volume once for each edge of a cycle.
const mostVolume = math.MaxInt64 / 8

// Of computes the figures of the payments in a window, whatever their order. It
// tells its progress in parts of a whole now and then, unless progress is nil,
// and ends early with the error of its context.
func Of(ctx context.Context, edges []Edge, progress func(done, of uint64)) (*Figures, error) {
	g, err := build(edges)
	if err != nil {
		return nil, err
	}
	f := &Figures{Nodes: g.nodes, Edges: len(g.arcs)}
	net := make([]int64, g.nodes)
	for i, a := range g.arcs {
		f.Volume += a.weight
		net[a.to] += a.weight
		net[a.from] -= a.weight
		if b := g.back(i); b >= 0 {
			f.MutualEdges++
			f.Mutual += min(a.weight, g.arcs[b].weight)
		}
	}
	for _, n := range net {
		f.Imbalance += max(0, n)
	}
	part := g.parts()
	f.CoreNodes, f.CoreVolume, f.Returnable = g.core(part)
	f.Assortativity = g.assortativity()
	w := &watch{ctx: ctx, tell: progress, of: uint64(g.nodes) * LongestCycle}
	if f.Circulating, err = g.circulation(part, w); err != nil {
		return nil, err
	}
	if f.Peeled, err = g.peel(part, w); err != nil {
		return nil, err
	}
	return f, nil
}

// Reciprocity is the share of the edges that have one the other way, nil
// without edges.
func (f *Figures) Reciprocity() *big.Rat { return share(int64(f.MutualEdges), int64(f.Edges)) }

// MutualShare is the reciprocity by weight: the share of the volume that two
// paid each other both ways, nil without volume. So are the shares below.
func (f *Figures) MutualShare() *big.Rat { return share(f.Mutual, f.Volume) }

// CoreNodeShare is the part of all nodes that is in the core.
func (f *Figures) CoreNodeShare() *big.Rat { return share(int64(f.CoreNodes), int64(f.Nodes)) }

// CoreVolumeShare is the part of the volume that was paid inside the core.
func (f *Figures) CoreVolumeShare() *big.Rat { return share(f.CoreVolume, f.Volume) }

// ReturnableShare is the part of the volume that could have come back.
func (f *Figures) ReturnableShare() *big.Rat { return share(f.Returnable, f.Volume) }

// CirculatingShare is the largest circulation as part of the volume.
func (f *Figures) CirculatingShare() *big.Rat { return share(f.Circulating, f.Volume) }

// ImbalanceShare is the net imbalance as part of the volume.
func (f *Figures) ImbalanceShare() *big.Rat { return share(f.Imbalance, f.Volume) }

// PeeledShare is the part of the volume that was peeled off as cycles of up to
// LongestCycle edges.
func (f *Figures) PeeledShare() *big.Rat {
	var sum int64
	for _, p := range f.Peeled {
		sum += p
	}
	return share(sum, f.Volume)
}

func share(part, whole int64) *big.Rat {
	if whole == 0 {
		return nil
	}
	return big.NewRat(part, whole)
}

// Active are the nodes that paid or received, in order.
func Active(edges []Edge) []int {
	var all []int
	for _, e := range edges {
		if e.From != e.To {
			all = append(all, e.From, e.To)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Again counts who was active in a window, and how many of them were so in
// another, too: their quotient is the retention of users.
func Again(first, then []Edge) (active, again int) {
	was, is := Active(first), Active(then)
	for _, id := range was {
		if _, found := slices.BinarySearch(is, id); found {
			again++
		}
	}
	return len(was), again
}
