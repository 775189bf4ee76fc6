package network

import (
	"math"
	"slices"
)

// flow is a network of arcs that may still carry something. Arcs come in pairs:
// 2i costs one for each unit carried, and 2i+1 gives that back. Those of the
// source and the sink, the last two nodes, are free.
type flow struct {
	nodes        int32
	source, sink int32
	to           []int32
	left         []int64
	start        []int32 // of each node in list
	list         []int32 // arcs by the node they go from
	free         int32   // from this arc on they cost nothing

	// price is what it costs to get to a node from the source. An arc is tight
	// when it leads to where it is cheapest to come from.
	price []int32
	level []int32   // steps from the source along tight arcs
	next  []int32   // the first arc of a node that is not yet tried
	queue []int32   // of the search for levels
	by    [][]int32 // of the search for prices: nodes by what they cost more
}

// circulation is the most that can be told as money in closed loops. No loop
// leaves a part, so only arcs inside parts can be in one; there, all loops are
// left when the cheapest flow that carries what each node got too much to where
// it lacks is taken away.
func (g *graph) circulation(part []int32, w *watch) (int64, error) {
	var volume, wanted, cost int64
	f := newFlow(g, part)
	for i := int32(0); i < f.free; i += 2 {
		volume += f.left[i]
	}
	for i := f.free; i < int32(len(f.to)); i += 2 {
		if f.to[i] == f.sink {
			wanted += f.left[i]
		}
	}
	var sent int64
	for f.prices() {
		for f.levels() {
			got := f.send(f.source, math.MaxInt64)
			sent += got
			cost += got * int64(f.price[f.sink]-f.price[f.source])
			mille := min(sent/max(wanted/1000, 1), 1000)
			if err := w.to(uint64(g.nodes) * uint64(mille) / 1000); err != nil {
				return 0, err
			}
		}
	}
	return volume - cost, nil
}

func newFlow(g *graph, part []int32) *flow {
	n := int32(g.nodes)
	f := &flow{nodes: n + 2, source: n, sink: n + 1, start: make([]int32, n+3)}
	net := make([]int64, n) // paid less received
	var from []int32
	add := func(a, b int32, weight int64) {
		from = append(from, a, b)
		f.to, f.left = append(f.to, b, a), append(f.left, weight, 0)
	}
	for _, a := range g.arcs {
		if part[a.from] == part[a.to] {
			add(a.from, a.to, a.weight)
			net[a.from] += a.weight
			net[a.to] -= a.weight
		}
	}
	f.free = int32(len(f.to))
	for i, much := range net {
		if much > 0 {
			add(f.source, int32(i), much)
		} else if much < 0 {
			add(int32(i), f.sink, -much)
		}
	}
	for _, a := range from {
		f.start[a+1]++
	}
	for i := range f.nodes {
		f.start[i+1] += f.start[i]
	}
	f.list, f.next = make([]int32, len(from)), slices.Clone(f.start[:f.nodes])
	for i, a := range from {
		f.list[f.next[a]] = int32(i)
		f.next[a]++
	}
	f.price, f.level = make([]int32, f.nodes), make([]int32, f.nodes)
	return f
}

// dearer is what it costs more to come to the end of an arc by it than the
// cheapest way: never under nought.
func (f *flow) dearer(from, arc int32) int32 {
	cost := 1 - 2*(arc&1)
	if arc >= f.free {
		cost = 0
	}
	return cost + f.price[from] - f.price[f.to[arc]]
}

// prices finds the new prices (Dijkstra, by buckets, for prices are small and
// whole). False says that the sink cannot be reached: all is carried.
func (f *flow) prices() bool {
	more := make([]int32, f.nodes)
	for i := range more {
		more[i] = math.MaxInt32
	}
	more[f.source] = 0
	f.by = append(f.by[:0], []int32{f.source})
	for at := int32(0); int(at) < len(f.by) && at < more[f.sink]; at++ {
		for i := 0; i < len(f.by[at]); i++ {
			n := f.by[at][i]
			if more[n] < at {
				continue
			}
			for _, a := range f.list[f.start[n]:f.start[n+1]] {
				d := at + f.dearer(n, a)
				if f.left[a] == 0 || d >= more[f.to[a]] {
					continue
				}
				for len(f.by) <= int(d) {
					f.by = append(f.by, nil)
				}
				more[f.to[a]] = d
				f.by[d] = append(f.by[d], f.to[a])
			}
		}
	}
	if more[f.sink] == math.MaxInt32 {
		return false
	}
	for i := range more {
		f.price[i] += min(more[i], more[f.sink])
	}
	return true
}

// levels counts the steps to each node along tight arcs, and tells whether the
// sink is reached.
func (f *flow) levels() bool {
	clear(f.level)
	copy(f.next, f.start)
	f.level[f.source] = 1
	f.queue = append(f.queue[:0], f.source)
	for i := 0; i < len(f.queue) && f.level[f.sink] == 0; i++ {
		n := f.queue[i]
		for _, a := range f.list[f.start[n]:f.start[n+1]] {
			if to := f.to[a]; f.level[to] == 0 && f.left[a] > 0 && f.dearer(n, a) == 0 {
				f.level[to] = f.level[n] + 1
				f.queue = append(f.queue, to)
			}
		}
	}
	return f.level[f.sink] > 0
}

// send carries as much as it can from a node on, level by level.
func (f *flow) send(n int32, limit int64) (sent int64) {
	if n == f.sink {
		return limit
	}
	for ; f.next[n] < f.start[n+1]; f.next[n]++ {
		a := f.list[f.next[n]]
		if f.left[a] == 0 || f.level[f.to[a]] != f.level[n]+1 || f.dearer(n, a) != 0 {
			continue
		}
		got := f.send(f.to[a], min(limit-sent, f.left[a]))
		f.left[a] -= got
		f.left[a^1] += got
		if sent += got; sent == limit {
			break
		}
	}
	return sent
}
