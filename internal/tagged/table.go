package tagged

// Column is a column of a table.
type Column struct {
	Head  string
	Share float64 // of the width, in any unit
	Right bool    // numbers stand at the right
}

// manyColumns is from where on a table has smaller letters, so that numbers stay in
// one piece.
const manyColumns = 6

// cellGap is the room between columns, in millimetres.
const cellGap = 3.0

// Table writes a table with a heading row, which is repeated on each page. The
// first column of each row names the row.
func (w *Writer) Table(columns []Column, rows [][]string) {
	t := &table{Writer: w, columns: columns, text: cellText, heads: cellHead}
	if len(columns) > manyColumns {
		t.text.points, t.heads.points = 7, 7
	}
	t.measure()
	head := make([]string, len(columns))
	for i, c := range columns {
		head[i] = c.Head
	}
	w.inside("Table", "", func() {
		w.inside("THead", "", func() {
			cells, height := t.split(head, t.heads)
			w.room(height + 3*t.text.lineHeight())
			t.draw(cells, height, t.heads, t.headCell)
		})
		w.inside("TBody", "", func() {
			for _, row := range rows {
				t.row(head, row)
			}
		})
	})
	w.y += 4
}

// table is a table while it is drawn.
type table struct {
	*Writer
	columns []Column
	x, wide []float64

	text, heads style
}

// measure shares the width among the columns.
func (t *table) measure() {
	var sum float64
	for _, c := range t.columns {
		sum += c.Share
	}
	x := left
	for _, c := range t.columns {
		wide := c.Share / sum * Width
		t.x, t.wide = append(t.x, x), append(t.wide, wide-cellGap)
		x += wide
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
	return cells, float64(most)*s.lineHeight() + 1.6
}

// row draws a row of the body, on the next page and under the heads if it does
// not fit here. The repeated heads are not read again.
func (t *table) row(head, row []string) {
	cells, height := t.split(row, t.text)
	if t.y+height > bottom {
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
	t.pdf.Line(left, t.y+height-0.6, left+Width, t.y+height-0.6)
}

func (t *table) headCell(int) (role, more string) { return "TH", "/A <</O /Table /Scope /Column>>" }

func (t *table) bodyCell(i int) (role, more string) {
	if i == 0 {
		return "TH", "/A <</O /Table /Scope /Row>>"
	}
	return "TD", ""
}
