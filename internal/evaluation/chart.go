package evaluation

import (
	"fmt"
	"math"
	"math/big"

	"grulden/internal/report"
)

// drawing is a picture while it is drawn.
type drawing struct {
	*Picture
	t    report.Table
	lang string
}

// number is the value of a cell in the unit of its column.
func (d *drawing) number(row, column int) (float64, bool) {
	cell := d.t.Rows[row].Cells[column]
	if cell.Hidden || cell.Value == nil {
		return 0, false
	}
	value, _ := cell.Value.Float64()
	return value * float64(max(d.t.Columns[column].Factor, 1)), true
}

// blank tells whether there is no number to draw: nought has no length, and only
// bars go below it.
func (d *drawing) blank() bool {
	for i := range d.t.Rows {
		for j := range d.t.Columns {
			if v, ok := d.number(i, j); ok && (v > 0 || v < 0 && d.t.Chart == report.Bars) {
				return false
			}
		}
	}
	return true
}

// panels are the columns that share a unit, and so an axis.
func (d *drawing) panels() (all [][]int) {
	at := make(map[string]int)
	for j, c := range d.t.Columns {
		unit := fmt.Sprint(c.Unit, c.Factor)
		i, known := at[unit]
		if !known {
			i = len(all)
			at[unit] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], j)
	}
	return all
}

// legend names the columns beside their colours.
func (d *drawing) legend(columns []int) {
	x, y := 0.0, d.height+3
	for i, j := range columns {
		name := d.t.Columns[j].Label.In(d.lang)
		if unit := d.t.Columns[j].Unit.In(d.lang); i == len(columns)-1 && unit != "" {
			name += " (" + unit + ")"
		}
		room := min(wide/2, 6+float64(len([]rune(name)))*1.5)
		if x+room > wide {
			x, y = 0, y+4.5
		}
		d.box(x, y-2.2, 3, 2.2, hue(i))
		d.label(x+4, y, 0, room-5, name)
		x += room
	}
	d.height = y + 2
}

// top is the end of an axis: a number that is easily read, and how many parts the
// axis has.
func top(largest float64) (end float64, parts int) {
	if largest <= 0 {
		return 1, 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(largest)))
	for _, step := range []struct {
		times float64
		parts int
	}{{1, 2}, {2, 4}, {4, 4}, {5, 5}, {8, 4}, {10, 5}} {
		if largest <= step.times*unit*1.0001 {
			return step.times * unit, step.parts
		}
	}
	return 10 * unit, 5
}

// tick writes a number at an axis.
func (d *drawing) tick(value float64) string {
	decimals := 0
	for shown := value; decimals < 3 && math.Abs(shown-math.Round(shown)) > 1e-6; decimals++ {
		shown *= 10
	}
	c := report.Column{Decimals: decimals}
	return c.Shown(report.Cell{Value: new(big.Rat).SetFloat64(value)}, d.lang)
}

// largest is the largest number in some columns.
func (d *drawing) largest(columns []int) (most float64) {
	for i := range d.t.Rows {
		for _, j := range columns {
			if v, ok := d.number(i, j); ok {
				most = max(most, v)
			}
		}
	}
	return most
}

// overTime draws lines, a panel under the other for each unit. Where a number is
// missing a line is broken.
func (d *drawing) overTime() {
	const high, begin, end = 28.0, 20.0, wide - 4
	last := len(d.t.Rows) - 1
	x := func(i int) float64 { return begin + (end-begin)*float64(i)/float64(max(last, 1)) }
	for _, columns := range d.panels() {
		most := d.largest(columns)
		if most <= 0 {
			continue
		}
		d.legend(columns)
		foot := d.height + high
		limit, parts := top(most)
		for k := range parts + 1 {
			y := foot - (high-3)*float64(k)/float64(parts)
			d.line(0.15, pale, [2]float64{begin, y}, [2]float64{end, y})
			d.label(begin-1.5, y+1, 1, begin, d.tick(limit*float64(k)/float64(parts)))
		}
		for n, j := range columns {
			var run [][2]float64
			for i := range d.t.Rows {
				v, ok := d.number(i, j)
				if !ok {
					d.run(n, run)
					run = nil
					continue
				}
				run = append(run, [2]float64{x(i), foot - (high-3)*max(v, 0)/limit})
			}
			d.run(n, run)
		}
		d.times(x, foot)
		d.height = foot + 8
	}
}

// run draws a part of a line; a single point as a dot.
func (d *drawing) run(n int, points [][2]float64) {
	switch len(points) {
	case 0:
	case 1:
		d.box(points[0][0]-0.6, points[0][1]-0.6, 1.2, 1.2, hue(n))
	default:
		d.line(0.55, hue(n), points...)
	}
}

// times names some of the rows under a panel, the first and the last among them.
func (d *drawing) times(x func(int) float64, foot float64) {
	last := len(d.t.Rows) - 1
	step := max(1, (last+4)/5)
	for i := 0; i <= last; i += step {
		if last-i < step && i != last {
			i = last
		}
		anchor := 0.5
		if i == last {
			anchor = 1
		}
		d.label(x(i), foot+4.6, anchor, 34, d.t.Rows[i].Label.In(d.lang))
	}
}

// bars draws a bar for each row, a panel under the other for each unit. In a stack
// the columns of a panel add up, else each has its own bar under the other.
func (d *drawing) bars() {
	for _, columns := range d.panels() {
		at := d.scale(columns)
		if at.most <= at.least {
			continue
		}
		d.legend(columns)
		thick, high := 4.2, 5.7
		if n := len(columns); d.t.Chart == report.Bars && n > 1 {
			thick, high = 3.2, 3.2*float64(n)+2.4
		}
		for i, row := range d.t.Rows {
			d.words(barBegin-2, d.height+high/2-0.1, 1, barBegin-2, row.Label.In(d.lang))
			x, y := at.zero, d.height+0.7
			for n, j := range columns {
				v, ok := d.number(i, j)
				w := v * at.perOne
				if ok && v != 0 {
					d.box(x+min(w, 0), y, math.Abs(w), thick, hue(n))
				}
				if d.t.Chart == report.Stack {
					x += w
					continue
				}
				d.label(x+max(w, 0)+1.5, y+thick/2+1, 0, 26, d.t.Columns[j].Shown(row.Cells[j], d.lang))
				y += thick
			}
			d.height += high
		}
		d.height += 2
	}
}

// Bars stand between these, in millimetres; before them their names, after them
// their numbers.
const barBegin, barEnd = 60.0, wide - 24

// barScale is where nought stands, and how long a bar of one is.
type barScale struct{ least, most, zero, perOne float64 }

// scale is that of a panel of bars. A stack draws nothing below nought.
func (d *drawing) scale(columns []int) (s barScale) {
	for i := range d.t.Rows {
		sum := 0.0
		for _, j := range columns {
			v, _ := d.number(i, j)
			if d.t.Chart == report.Stack {
				sum += v
				v = sum
			}
			s.least, s.most = min(s.least, v), max(s.most, v)
		}
	}
	s.perOne = (barEnd - barBegin) / (s.most - s.least)
	s.zero = barBegin - s.least*s.perOne
	return s
}

// heat draws each number in a field that is darker the larger it is.
func (d *drawing) heat() {
	const high, begin = 6.5, 40.0
	all := make([]int, len(d.t.Columns))
	for j := range all {
		all[j] = j
	}
	most := max(d.largest(all), math.SmallestNonzeroFloat32)
	cell := (wide - begin) / float64(len(all))
	for j, c := range d.t.Columns {
		d.words(begin+cell*(float64(j)+0.5), 4, 0.5, cell-1.5, c.Label.In(d.lang))
	}
	d.height = 8.5
	for i, row := range d.t.Rows {
		y := d.height + high*float64(i)
		d.label(begin-2, y+4.2, 1, begin-2, row.Label.In(d.lang))
		for j, c := range d.t.Columns {
			if v, ok := d.number(i, j); ok {
				d.box(begin+cell*float64(j), y, cell-0.4, high-0.4, tint(hue(0), 0.08+0.55*max(0, v)/most))
			}
			d.label(begin+cell*(float64(j)+0.5), y+4.2, 0.5, cell, c.Shown(row.Cells[j], d.lang))
		}
	}
	d.height += high*float64(len(d.t.Rows)) + 2
}
