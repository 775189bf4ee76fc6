package network

import (
	"cmp"
	"context"
	"math/big"
	"slices"
)

// arc is an edge between nodes by their place among all ids.
type arc struct {
	from, to int32
	weight   int64
}

// graph is the edges added up by payer and receiver, in the order of both. The
// arcs of node n are those from start[n] to start[n+1].
type graph struct {
	nodes int
	arcs  []arc
	start []int32
}

func build(edges []Edge) (*graph, error) {
	ids := Active(edges)
	g := &graph{nodes: len(ids), arcs: make([]arc, 0, len(edges)), start: make([]int32, len(ids)+1)}
	var volume int64
	for _, e := range edges {
		if e.Weight <= 0 {
			return nil, ErrWeight
		}
		if e.Weight > mostVolume-volume {
			return nil, ErrLarge
		}
		volume += e.Weight
		if e.From != e.To {
			from, _ := slices.BinarySearch(ids, e.From)
			to, _ := slices.BinarySearch(ids, e.To)
			g.arcs = append(g.arcs, arc{int32(from), int32(to), e.Weight})
		}
	}
	slices.SortFunc(g.arcs, order)
	last := 0
	for i, a := range g.arcs {
		if i > 0 && order(a, g.arcs[last]) == 0 {
			g.arcs[last].weight += a.weight
			continue
		}
		if i > 0 {
			last++
		}
		g.arcs[last] = a
	}
	g.arcs = g.arcs[:min(last+1, len(g.arcs))]
	for _, a := range g.arcs {
		g.start[a.from+1]++
	}
	for n := range g.nodes {
		g.start[n+1] += g.start[n]
	}
	return g, nil
}

func order(a, b arc) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) }

// of are the arcs of a node, each to another one, in order.
func (g *graph) of(n int32) []arc { return g.arcs[g.start[n]:g.start[n+1]] }

// back is the place of the arc the other way, −1 if there is none.
func (g *graph) back(i int) int {
	a := g.arcs[i]
	at, found := slices.BinarySearchFunc(g.of(a.to), a.from, func(b arc, to int32) int { return cmp.Compare(b.to, to) })
	if !found {
		return -1
	}
	return int(g.start[a.to]) + at
}

// parts numbers the strongly connected components: nodes of one number can
// reach each other (Tarjan 1972, with a stack of its own, for a chain of
// payments may be long).
func (g *graph) parts() []int32 {
	part, low := make([]int32, g.nodes), make([]int32, g.nodes)
	next := slices.Clone(g.start[:g.nodes])
	var open, path []int32 // nodes without a part yet; the way to the present one
	var seen, parts int32
	visit := func(n int32) {
		seen++
		low[n], part[n] = seen, -seen // until it has a part: when it was seen
		open, path = append(open, n), append(path, n)
	}
	for root := range int32(g.nodes) {
		if low[root] == 0 {
			visit(root)
		}
		for len(path) > 0 {
			n := path[len(path)-1]
			if next[n] < g.start[n+1] {
				to := g.arcs[next[n]].to
				next[n]++
				if low[to] == 0 {
					visit(to)
				} else if part[to] < 0 {
					low[n] = min(low[n], -part[to])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				up := path[len(path)-1]
				low[up] = min(low[up], low[n])
			}
			if low[n] != -part[n] {
				continue
			}
			parts++
			for done := false; !done; open = open[:len(open)-1] {
				last := open[len(open)-1]
				part[last], done = parts, last == n
			}
		}
	}
	return part
}

// core is the largest part by nodes, and of two as large that with more volume;
// within is the volume inside all of them.
func (g *graph) core(part []int32) (nodes int, volume, within int64) {
	size, inside := make(map[int32]int), make(map[int32]int64)
	for _, p := range part {
		size[p]++
	}
	for _, a := range g.arcs {
		if part[a.from] == part[a.to] {
			inside[part[a.from]] += a.weight
			within += a.weight
		}
	}
	for p, n := range size {
		if n > nodes || n == nodes && inside[p] > volume {
			nodes, volume = n, inside[p]
		}
	}
	return nodes, volume, within
}

// assortativity is Pearson's correlation over all ends of edges. With n ends, d
// the partners of a node and d' those of the other: each node has d ends, so
//
//	r = (n·Σdd' − (Σd²)²) / (n·Σd³ − (Σd²)²), the first sum over ends, the others over nodes
func (g *graph) assortativity() *big.Rat {
	partners := make([]int64, g.nodes)
	once := func(fn func(a, b int32)) {
		for i, a := range g.arcs {
			if a.from < a.to || g.back(i) < 0 {
				fn(a.from, a.to)
			}
		}
	}
	once(func(a, b int32) { partners[a]++; partners[b]++ })
	var ends, products, squares int64
	cubes := new(big.Int)
	once(func(a, b int32) { products += 2 * partners[a] * partners[b] })
	for _, d := range partners {
		ends += d
		squares += d * d
		cubes.Add(cubes, big.NewInt(d*d*d))
	}
	square := new(big.Int).Mul(big.NewInt(squares), big.NewInt(squares))
	above := new(big.Int).Mul(big.NewInt(ends), big.NewInt(products))
	below := cubes.Mul(cubes, big.NewInt(ends))
	if below.Sub(below, square).Sign() == 0 {
		return nil
	}
	return new(big.Rat).SetFrac(above.Sub(above, square), below)
}

// watch tells how far a long computation is, and whether it shall go on.
type watch struct {
	ctx      context.Context
	tell     func(done, of uint64)
	done, of uint64
}

// to says that so many parts are done.
func (w *watch) to(done uint64) error {
	if w.done = max(w.done, done); w.tell != nil {
		w.tell(w.done, w.of)
	}
	return w.ctx.Err()
}
