package network

import "math"

// peeler takes cycles of one length off a graph that has no shorter ones left.
// From the smallest member of a cycle it goes along the arcs, and against them
// half of the way, and looks where both meet: so no way is walked to its end
// that does not come back.
type peeler struct {
	g       *graph
	left    []int64
	into    [][]int32 // the arcs to each node
	length  int32
	first   int32   // the smallest member of the cycles looked for
	turn    int32   // counts the firsts; what is marked in one turn is void in the next
	closing []int32 // the arc from a node to first, if it is near by one
	near    []mark  // steps from a node to first, as far as searched
	tried   [LongestCycle][]mark
}

// mark is a number that holds for one turn.
type mark struct{ turn, value int32 }

// peel takes cycles off: short ones before long ones, and among those of one
// length in the order of their members from the smallest on. Taking one off
// makes no new one, so a single pass does for each length.
func (g *graph) peel(part []int32, w *watch) (volume [LongestCycle + 1]int64, err error) {
	p := &peeler{
		g: g, left: make([]int64, len(g.arcs)), into: make([][]int32, g.nodes),
		closing: make([]int32, g.nodes), near: make([]mark, g.nodes),
	}
	for i := range p.tried {
		p.tried[i] = make([]mark, g.nodes)
	}
	for i, a := range g.arcs {
		if part[a.from] == part[a.to] {
			p.left[i] = a.weight
			p.into[a.to] = append(p.into[a.to], int32(i))
		}
	}
	for n := int32(2); n <= LongestCycle; n++ {
		p.length = n
		for p.first = 0; p.first < int32(g.nodes); p.first++ {
			if p.first%256 == 0 {
				if err := w.to(uint64(n-1)*uint64(g.nodes) + uint64(p.first)); err != nil {
					return volume, err
				}
			}
			p.turn++
			p.approach(p.first, 1)
			volume[n] += int64(n) * p.send(p.first, 0, math.MaxInt64)
		}
	}
	return volume, w.to(w.of)
}

// approach marks what is near to first, for half of the length.
func (p *peeler) approach(n, steps int32) {
	for _, i := range p.into[n] {
		from := p.g.arcs[i].from
		seen := p.near[from]
		if p.left[i] == 0 || from <= p.first || seen.turn == p.turn && seen.value <= steps {
			continue
		}
		p.near[from] = mark{p.turn, steps}
		if steps == 1 {
			p.closing[from] = i
		}
		if steps < p.length/2 {
			p.approach(from, steps+1)
		}
	}
}

// send takes as much as it can, up to a limit, off the cycles that go on from a
// node so many steps after first. A node that was left with less than the limit
// has nothing more to give in this turn, so its arcs are tried once only.
func (p *peeler) send(n, steps int32, limit int64) (sent int64) {
	if steps == p.length-1 {
		i := p.closing[n]
		sent = min(limit, p.left[i])
		p.left[i] -= sent
		return sent
	}
	tried := &p.tried[steps][n]
	if tried.turn != p.turn {
		*tried = mark{p.turn, p.g.start[n]}
	}
	rest := p.length - steps - 1 // from the next node back to first
	for ; tried.value < p.g.start[n+1]; tried.value++ {
		i := tried.value
		to := p.g.arcs[i].to
		if p.left[i] == 0 || to <= p.first || rest <= p.length/2 && p.near[to] != (mark{p.turn, rest}) {
			continue
		}
		got := p.send(to, steps+1, min(limit-sent, p.left[i]))
		p.left[i] -= got
		if sent += got; sent == limit {
			break
		}
	}
	return sent
}
