package tagged

import (
	"fmt"
	"strings"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"
)

// Figure draws a picture of some height in millimetres. It is read as the words
// that stand for it. The drawing begins at its left upper corner.
func (w *Writer) Figure(words string, height float64, draw func(c *Canvas)) {
	w.room(height)
	box := fmt.Sprintf("[%.2f %.2f %.2f %.2f]", left/mmPerPoint, (sheetHeight-w.y-height)/mmPerPoint, (left+Width)/mmPerPoint, (sheetHeight-w.y)/mmPerPoint)
	w.inside("Figure", "/Alt "+text(words)+" /A <</O /Layout /Placement /Block /BBox "+box+">>", func() {
		w.mark(func() { draw(&Canvas{w, w.y}) })
	})
	w.y += height + 1.5
}

// Canvas is where a picture is drawn: millimetres from its left upper corner.
type Canvas struct {
	w *Writer
	y float64
}

// RGB is a colour.
type RGB struct{ R, G, B uint8 }

// Area fills a shape with a colour.
func (c *Canvas) Area(points [][2]float64, colour RGB) {
	corners := make([]fpdf.PointType, len(points))
	for i, p := range points {
		corners[i] = fpdf.PointType{X: left + p[0], Y: c.y + p[1]}
	}
	c.w.pdf.SetFillColor(int(colour.R), int(colour.G), int(colour.B))
	c.w.pdf.Polygon(corners, "F")
}

// Line draws a line through points.
func (c *Canvas) Line(points [][2]float64, width float64, colour RGB) {
	pdf := c.w.pdf
	pdf.SetDrawColor(int(colour.R), int(colour.G), int(colour.B))
	pdf.SetLineWidth(width)
	for i, p := range points {
		if i == 0 {
			pdf.MoveTo(left+p[0], c.y+p[1])
			continue
		}
		pdf.LineTo(left+p[0], c.y+p[1])
	}
	pdf.DrawPath("D")
}

// Text writes one line; anchor 0 begins at x, 1 ends there, ½ is centred.
func (c *Canvas) Text(x, y, points, anchor float64, words string) {
	c.w.font(style{points: points})
	c.w.pdf.Text(left+x-anchor*c.w.pdf.GetStringWidth(words), c.y+y, words)
}

// text writes a text string as PDF does: UTF-16 with its mark, in hexadecimal.
func text(words string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(words)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	b.WriteByte('>')
	return b.String()
}
