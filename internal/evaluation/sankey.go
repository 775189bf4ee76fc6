package evaluation

import "math"

// place is where money comes from or goes to.
type place struct {
	name     string
	layer    int
	in, out  float64
	x, y     float64
	high     float64
	used     [2]float64 // of its height, by what has come and gone
	outgoing []int      // rows
}

// chart of flows, in millimetres.
const (
	placeWide = 4.0
	placeGap  = 5.0
	flowHigh  = 62.0
)

// flows draws bands between places, as wide as what flows. When money goes in
// circles each place stands on both sides, as giver and as receiver.
func (d *drawing) flows() {
	places, from, to := d.places(false)
	if circular(places, to) {
		places, from, to = d.places(true)
	}
	layers := 0
	for range places { // as many rounds as the longest way has steps
		for i := range d.t.Rows {
			if from[i] >= 0 {
				places[to[i]].layer = max(places[to[i]].layer, places[from[i]].layer+1)
				layers = max(layers, places[to[i]].layer)
			}
		}
	}
	d.arrange(places, layers)
	for i := range d.t.Rows {
		if from[i] < 0 {
			continue
		}
		a, b := places[from[i]], places[to[i]]
		v, _ := d.number(i, 0)
		d.band(a, b, v, from[i])
	}
	for i, p := range places {
		d.box(p.x, p.y, placeWide, p.high, hue(i))
		x, anchor := p.x+placeWide+1, 0.0
		if p.layer == layers {
			x, anchor = p.x-1, 1
		}
		d.label(x, p.y+p.high/2+1, anchor, min(70, wide/float64(max(layers, 1))-placeWide), p.name)
	}
	d.height = flowHigh + 4
}

// places are the ends of the rows; −1 for a row that has no number.
func (d *drawing) places(twice bool) (places []*place, from, to []int) {
	known := make(map[string]int)
	find := func(side, name string) int {
		if !twice {
			side = ""
		}
		i, ok := known[side+name]
		if !ok {
			i = len(places)
			known[side+name] = i
			places = append(places, &place{name: name})
		}
		return i
	}
	for i, row := range d.t.Rows {
		v, ok := d.number(i, 0)
		if !ok || v <= 0 {
			from, to = append(from, -1), append(to, -1)
			continue
		}
		a, b := find("from ", row.From.In(d.lang)), find("to ", row.To.In(d.lang))
		places[a].out += v
		places[b].in += v
		places[a].outgoing = append(places[a].outgoing, i)
		from, to = append(from, a), append(to, b)
	}
	return places, from, to
}

// circular tells whether some money comes back to where it left.
func circular(places []*place, to []int) bool {
	state := make([]int, len(places)) // 1: on the way, 2: done
	var visit func(i int) bool
	visit = func(i int) bool {
		if state[i] != 0 {
			return state[i] == 1
		}
		state[i] = 1
		for _, row := range places[i].outgoing {
			if visit(to[row]) {
				return true
			}
		}
		state[i] = 2
		return false
	}
	for i := range places {
		if visit(i) {
			return true
		}
	}
	return false
}

// arrange gives each place its room: a column for each layer, all to one scale.
func (d *drawing) arrange(places []*place, layers int) {
	scale := math.Inf(1)
	for layer := range layers + 1 {
		sum, room := 0.0, flowHigh+placeGap
		for _, p := range places {
			if p.layer == layer {
				sum += max(p.in, p.out)
				room -= placeGap
			}
		}
		if sum > 0 {
			scale = min(scale, max(room, 10)/sum)
		}
	}
	for layer := range layers + 1 {
		y := 2.0
		for _, p := range places {
			if p.layer == layer {
				p.x, p.y, p.high = (wide-placeWide)*float64(layer)/float64(max(layers, 1)), y, max(p.in, p.out)*scale
				y += p.high + placeGap
			}
		}
	}
}

// band draws what flows from one place to another.
func (d *drawing) band(a, b *place, value float64, colour int) {
	high := value / max(a.in, a.out) * a.high
	x0, x1 := a.x+placeWide, b.x
	y0, y1 := a.y+a.used[1], b.y+b.used[0]
	a.used[1] += high
	b.used[0] += high
	const steps = 16
	var upper, lower [][2]float64
	for k := range steps + 1 {
		t := float64(k) / steps
		ease := t * t * (3 - 2*t)
		x, y := x0+(x1-x0)*t, y0+(y1-y0)*ease
		upper = append(upper, [2]float64{x, y})
		lower = append(lower, [2]float64{x, y + high})
	}
	for k := steps; k >= 0; k-- {
		upper = append(upper, lower[k])
	}
	d.area(tint(hue(colour), 0.35), upper...)
}
