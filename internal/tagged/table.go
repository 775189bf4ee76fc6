package tagged

import "strings"

// Column is a column of a table.
type Column struct {
	Head  string
	Share float64 // of the width, in any unit
	Right bool    // numbers stand at the right
}

// manyColumns is from where on a table has smaller letters, so that numbers stay in
// one piece.
const manyColumns = 6

// fewest is how many rows of a longer table stand under its heads at least.
const fewest = 6

// cellGap is the room between columns, rowGap that between rows, in millimetres.
const cellGap, rowGap = 3.0, 1.2

// Table writes a table with a heading row, which is repeated on each page. The
// first column of each row names the row.
func (w *Writer) Table(columns []Column, rows [][]string) {
	w.NotedTable(columns, rows, func(*Writer) {})
}

// NotedTable writes a table, and what a function writes of notes on it under it. The
// notes stand on the page of its last rows.
func (w *Writer) NotedTable(columns []Column, rows [][]string, notes func(*Writer)) {
	t := &table{Writer: w, columns: columns, text: cellText, heads: cellHead}
	if len(columns) > manyColumns {
		t.text.points, t.heads.points = 7, 7
	}
	head := make([]string, len(columns))
	for i, c := range columns {
		head[i] = c.Head
	}
	t.measure(head, rows)
	w.inside("Table", "", func() {
		w.inside("THead", "", func() {
			cells, height := t.split(head, t.heads)
			w.room(height + float64(min(len(rows), fewest))*(t.text.lineHeight()+rowGap))
			t.draw(cells, height, t.heads, t.headCell)
		})
		w.inside("TBody", "", func() {
			keep := min(w.height(notes)+tableAfter, (bottom-top)/2)
			for i, row := range rows {
				cells, height := t.split(row, t.text)
				need := height
				if last := len(rows) - 1; i == last {
					need += keep
				} else if i == last-1 {
					_, high := t.split(rows[last], t.text)
					need += high + keep
				}
				t.row(head, cells, height, need)
			}
		})
	})
	w.y += tableAfter
	notes(w)
}

// tableAfter is the room under a table, in millimetres.
const tableAfter = 3.0

// table is a table while it is drawn.
type table struct {
	*Writer
	columns []Column
	x, wide []float64

	text, heads style
}

// measure shares the width among the columns. A column too narrow for one of its
// words takes from those that have more than they need, as far as that goes.
func (t *table) measure(head []string, rows [][]string) {
	need := make([]float64, len(t.columns))
	t.widest(need, head, t.heads)
	for _, row := range rows {
		t.widest(need, row, t.text)
	}
	var sum, missing, spare float64
	for _, c := range t.columns {
		sum += c.Share
	}
	for i, c := range t.columns {
		t.wide = append(t.wide, c.Share/sum*(Width+cellGap)-cellGap)
		missing += max(0, need[i]-t.wide[i])
		spare += max(0, t.wide[i]-need[i])
	}
	part := min(missing, spare)
	x := left
	for i, wide := range t.wide {
		switch {
		case part == 0:
		case need[i] > wide:
			t.wide[i] += (need[i] - wide) * part / missing
		default:
			t.wide[i] -= (wide - need[i]) * part / spare
		}
		t.x = append(t.x, x)
		x += t.wide[i] + cellGap
	}
}

// widest keeps how wide the widest word of each column is.
func (t *table) widest(need []float64, row []string, s style) {
	t.font(s)
	for i, text := range row {
		for _, word := range strings.Fields(text) {
			need[i] = max(need[i], t.pdf.GetStringWidth(word)+0.1)
		}
	}
}

// split breaks the cells of a row into lines, and says how high the row is.
func (t *table) split(row []string, s style) (cells [][]string, height float64) {
	t.font(s)
	most := 1
	for i, text := range row {
		lines := t.pdf.SplitText(text, t.wide[i])
		cells = append(cells, lines)
		most = max(most, len(lines))
	}
	return cells, float64(most)*s.lineHeight() + rowGap
}

// row draws a row of the body, on the next page and under the heads if what it needs
// is not here. The repeated heads are not read again.
func (t *table) row(head []string, cells [][]string, height, need float64) {
	if t.y+need > bottom {
		t.page()
		heads, high := t.split(head, t.heads)
		t.artifact(func() {
			t.font(t.heads)
			for i := range heads {
				t.cell(i, heads[i], t.heads)
			}
			t.rule(high)
		})
		t.y += high
	}
	t.draw(cells, height, t.text, t.bodyCell)
}

// draw draws a row, each cell inside its element.
func (t *table) draw(cells [][]string, height float64, s style, role func(i int) (string, string)) {
	t.inside("TR", "", func() {
		for i := range cells {
			name, more := role(i)
			t.inside(name, more, func() {
				t.mark(func() {
					t.font(s)
					t.cell(i, cells[i], s)
				})
			})
		}
	})
	t.artifact(func() { t.rule(height) })
	t.y += height
}

// cell writes the lines of a cell.
func (t *table) cell(i int, lines []string, s style) {
	for n, line := range lines {
		x := t.x[i]
		if t.columns[i].Right {
			x += t.wide[i] - t.pdf.GetStringWidth(line)
		}
		t.lines([]string{line}, s, x, t.y+float64(n)*s.lineHeight())
	}
}

// rule draws the line under a row.
func (t *table) rule(height float64) {
	t.pdf.SetDrawColor(190, 190, 190)
	t.pdf.SetLineWidth(0.15)
	t.pdf.Line(left, t.y+height-0.4, left+Width, t.y+height-0.4)
}

func (t *table) headCell(int) (role, more string) { return "TH", "/A <</O /Table /Scope /Column>>" }

func (t *table) bodyCell(i int) (role, more string) {
	if i == 0 {
		return "TH", "/A <</O /Table /Scope /Row>>"
	}
	return "TD", ""
}
