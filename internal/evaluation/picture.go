package evaluation

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

	"grulden/internal/report"
	"grulden/internal/tagged"
)

// Picture is a drawing of a table. Its measures are millimetres from its left
// upper corner; they are for the eye, and the only floating numbers here.
type Picture struct {
	Words  string // for who cannot see it
	height float64
	shapes []shape
}

const wide = tagged.Width

// shape is a filled area, a line or a text.
type shape struct {
	kind   byte // a, l or t
	points [][2]float64
	colour tagged.RGB
	size   float64 // the width of a line, or of letters in points
	anchor float64 // 0: the text begins at its point, ½: it is centred, 1: it ends there
	text   string
}

// palette are colours that people who see few colours tell apart, by Okabe and
// Ito; no two beside each other differ in hue alone.
var palette = []tagged.RGB{
	{R: 0, G: 114, B: 178},
	{R: 230, G: 159, B: 0},
	{R: 0, G: 158, B: 115},
	{R: 86, G: 180, B: 233},
	{R: 213, G: 94, B: 0},
	{R: 204, G: 121, B: 167},
}

// pale is the colour of the lines behind a chart.
var pale = tagged.RGB{R: 210, G: 210, B: 210}

func hue(i int) tagged.RGB { return palette[i%len(palette)] }

// tint mixes a colour with white: strength 1 leaves it as it is.
func tint(c tagged.RGB, strength float64) tagged.RGB {
	mix := func(v uint8) uint8 { return uint8(255 - (255-float64(v))*strength) }
	return tagged.RGB{R: mix(c.R), G: mix(c.G), B: mix(c.B)}
}

func (p *Picture) area(colour tagged.RGB, points ...[2]float64) {
	p.shapes = append(p.shapes, shape{kind: 'a', colour: colour, points: points})
}

func (p *Picture) box(x, y, w, h float64, colour tagged.RGB) {
	p.area(colour, [2]float64{x, y}, [2]float64{x + w, y}, [2]float64{x + w, y + h}, [2]float64{x, y + h})
}

func (p *Picture) line(width float64, colour tagged.RGB, points ...[2]float64) {
	p.shapes = append(p.shapes, shape{kind: 'l', colour: colour, size: width, points: points})
}

// letters is the size of text in pictures, in points, and perLetter about the room
// of one in millimetres, whatever the font.
const (
	letters   = 8
	perLetter = letters * 25.4 / 72 * 0.5
)

// label writes a text of at most so many millimetres.
func (p *Picture) label(x, y, anchor, room float64, text string) {
	if most := max(1, int(room/perLetter)); utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most-1]) + "…"
	}
	p.shapes = append(p.shapes, shape{kind: 't', points: [][2]float64{{x, y}}, size: letters, anchor: anchor, text: text})
}

// words writes a text of at most two lines around a height.
func (p *Picture) words(x, y, anchor, room float64, text string) {
	first, most := "", int(room/perLetter)
	rest := strings.Fields(text)
	for len(rest) > 0 && utf8.RuneCountInString(first+rest[0]) <= most {
		first += rest[0] + " "
		rest = rest[1:]
	}
	if first == "" || len(rest) == 0 {
		p.label(x, y+1, anchor, room, text)
		return
	}
	p.label(x, y-0.5, anchor, room, strings.TrimSpace(first))
	p.label(x, y+2.6, anchor, room, strings.Join(rest, " "))
}

// SVG is the picture for a page of its own or within one. Its colours are
// attributes and not styles, which a strict page would refuse.
func (p *Picture) SVG() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.1f" role="img" aria-label="%s" font-family="sans-serif">`,
		float64(wide), p.height, html.EscapeString(p.Words))
	for _, s := range p.shapes {
		colour := fmt.Sprintf("#%02x%02x%02x", s.colour.R, s.colour.G, s.colour.B)
		switch s.kind {
		case 'a':
			fmt.Fprintf(&b, `<polygon fill="%s" points="%s"/>`, colour, points(s.points))
		case 'l':
			fmt.Fprintf(&b, `<polyline fill="none" stroke="%s" stroke-width="%.2f" points="%s"/>`, colour, s.size, points(s.points))
		default:
			anchor := map[float64]string{0: "start", 0.5: "middle", 1: "end"}[s.anchor]
			fmt.Fprintf(&b, `<text x="%.2f" y="%.2f" font-size="%.2f" text-anchor="%s">%s</text>`,
				s.points[0][0], s.points[0][1], s.size*25.4/72, anchor, html.EscapeString(s.text))
		}
	}
	b.WriteString("</svg>")
	return b.String()
}

func points(all [][2]float64) string {
	var b strings.Builder
	for i, p := range all {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%.2f,%.2f", p[0], p[1])
	}
	return b.String()
}

// on draws the picture on a sheet.
func (p *Picture) on(c *tagged.Canvas) {
	for _, s := range p.shapes {
		switch s.kind {
		case 'a':
			c.Area(s.points, s.colour)
		case 'l':
			c.Line(s.points, s.size, s.colour)
		default:
			c.Text(s.points[0][0], s.points[0][1], s.size, s.anchor, s.text)
		}
	}
}

// tallest is how high a picture may be, in millimetres: a sheet has to hold it with
// its heading.
const tallest = 205

// Draw draws a table as its Chart says; nil when there is nothing to draw, or more
// than a sheet holds.
func Draw(t report.Table, lang string) *Picture {
	t = t.Drawn()
	d := drawing{Picture: &Picture{Words: t.Sentence.In(lang)}, t: t, lang: lang}
	if d.Words == "" {
		d.Words = t.Title.In(lang)
	}
	if d.blank() {
		return nil
	}
	switch t.Chart {
	case report.Lines:
		d.overTime()
	case report.Heat:
		d.heat()
	case report.Sankey:
		d.flows()
	case report.Bars, report.Stack:
		d.bars()
	}
	if d.height == 0 || d.height > tallest {
		return nil
	}
	return d.Picture
}
