package evaluation

import (
	"fmt"
	"math"
	"math/big"
	"slices"

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

// blank tells whether there is no number above nought to draw.
func (d *drawing) blank() bool {
	for i := range d.t.Rows {
		for j := range d.t.Columns {
			if v, ok := d.number(i, j); ok && v > 0 {
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
	const high, begin, end = 34.0, 20.0, wide - 4
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
		d.height = foot + 7
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
		d.label(x(i), foot+3.5, anchor, 34, d.t.Rows[i].Label.In(d.lang))
	}
}

// bars draws a bar for each row. In a stack the columns of the first unit add up;
// else the first column is drawn.
func (d *drawing) bars() {
	const high, begin, end = 6.5, 60.0, wide - 24
	columns := d.panels()[0]
	if d.t.Chart == report.Bars {
		columns = columns[:1]
	}
	sums := make([]float64, len(d.t.Rows))
	var most float64
	for i := range d.t.Rows {
		for _, j := range columns {
			if v, ok := d.number(i, j); ok {
				sums[i] += max(v, 0)
			}
		}
		most = max(most, sums[i])
	}
	if most <= 0 {
		return
	}
	d.legend(columns)
	for i, row := range d.t.Rows {
		y := d.height + high*float64(i)
		d.label(begin-2, y+3.6, 1, begin-2, row.Label.In(d.lang))
		x := begin
		for n, j := range columns {
			v, ok := d.number(i, j)
			if !ok || v <= 0 {
				continue
			}
			w := (end - begin) * v / most
			d.box(x, y+0.7, w, high-1.8, hue(n))
			x += w
		}
		if len(columns) == 1 {
			d.label(x+1.5, y+3.6, 0, 26, d.t.Columns[columns[0]].Shown(row.Cells[columns[0]], d.lang))
		}
	}
	d.height += high*float64(len(d.t.Rows)) + 2
}

// heat draws each number of the unit that most columns have in a field that is
// darker the larger it is. Other numbers stand there without a colour.
func (d *drawing) heat() {
	const high, begin = 6.5, 40.0
	var coloured []int
	for _, columns := range d.panels() {
		if len(columns) > len(coloured) {
			coloured = columns
		}
	}
	most := max(d.largest(coloured), math.SmallestNonzeroFloat32)
	cell := (wide - begin) / float64(len(d.t.Columns))
	for j, c := range d.t.Columns {
		d.label(begin+cell*(float64(j)+0.5), 4, 0.5, cell, c.Label.In(d.lang))
	}
	d.height = 6
	for i, row := range d.t.Rows {
		y := d.height + high*float64(i)
		d.label(begin-2, y+4.2, 1, begin-2, row.Label.In(d.lang))
		for j, c := range d.t.Columns {
			if v, ok := d.number(i, j); ok && slices.Contains(coloured, j) {
				d.box(begin+cell*float64(j), y, cell-0.4, high-0.4, tint(hue(0), 0.08+0.55*max(0, v)/most))
			}
			d.label(begin+cell*(float64(j)+0.5), y+4.2, 0.5, cell, c.Shown(row.Cells[j], d.lang))
		}
	}
	d.height += high*float64(len(d.t.Rows)) + 2
}
