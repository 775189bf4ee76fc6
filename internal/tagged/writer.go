package tagged

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// A sheet of A4, in millimetres.
const (
	sheetHeight = 297.0
	left        = 22.0
	top         = 18.0
	bottom      = sheetHeight - 19
	footerLine  = sheetHeight - 11

	// Width is how wide text and drawings may be, in millimetres.
	Width = 210 - 2*left
)

// mmPerPoint turns the size of letters into millimetres.
const mmPerPoint = 25.4 / 72

// style is how a text looks.
type style struct {
	points float64
	font   string // empty or B
	before float64
	after  float64
	grey   bool
}

var (
	headings  = []style{{22, "B", 0, 4, false}, {15, "B", 7.5, 2, false}, {11.5, "B", 4.5, 1.5, false}}
	paragraph = style{10.5, "", 0, 2, false}
	strong    = style{13, "B", 0, 3, false}
	small     = style{9, "", 0, 2, true}
	cellText  = style{8.8, "", 0, 0, false}
	cellHead  = style{8.8, "B", 0, 0, false}
)

// lineHeight is how far the lines of a text are apart, in millimetres.
func (s style) lineHeight() float64 { return s.points * mmPerPoint * 1.4 }

// About is what a document says of itself.
type About struct {
	Title  string
	Lang   string // of its text: nl or en
	Footer string // stands on every page beside the number of the page
}

// Writer draws a document from the top to the end.
type Writer struct {
	pdf   *fpdf.Fpdf
	about About
	root  *element
	at    *element     // the element that is open
	marks [][]*element // of each page, by the number of the mark
	y     float64
	files []file
	trial *Writer // nil until a height is asked for
}

// New begins a document.
func New(about About) *Writer {
	pdf := fpdf.New("P", "mm", "A4", "")
	fixed := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	pdf.SetCreationDate(fixed)
	pdf.SetModificationDate(fixed)
	pdf.SetCatalogSort(true)
	pdf.SetTitle(about.Title, true)
	pdf.SetLang(about.Lang)
	pdf.SetXmpMetadata(metadata(about))
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCellMargin(0)
	pdf.AddUTF8FontFromBytes("go", "", goregular.TTF)
	pdf.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	root := &element{role: "Document"}
	w := &Writer{pdf: pdf, about: about, root: root, at: root}
	w.page()
	return w
}

// page begins a new page. Its footer is not part of what is read.
func (w *Writer) page() {
	w.pdf.AddPage()
	w.marks = append(w.marks, nil)
	w.y = top
	w.artifact(func() {
		w.font(small)
		w.pdf.Text(left, footerLine, w.about.Footer)
		number := fmt.Sprint(len(w.marks))
		w.pdf.Text(left+Width-w.pdf.GetStringWidth(number), footerLine, number)
	})
}

// Together keeps what a function writes on one page, or where one page does not hold
// it begins it on a page of its own. It is called twice: the first time on a sheet
// that nobody sees.
func (w *Writer) Together(write func(*Writer)) {
	w.room(min(w.height(write), bottom-top))
	write(w)
}

// height is how much room a function takes for what it writes; more than a page
// has when it takes several.
func (w *Writer) height(write func(*Writer)) float64 {
	if w.trial == nil {
		w.trial = New(w.about)
	}
	t := w.trial
	t.page()
	t.y = top + 1 // what is above a heading counts, but at the top of a page
	before := len(t.marks)
	write(t)
	return t.y - top - 1 + float64(len(t.marks)-before)*sheetHeight
}

// room makes sure that so much height is left on the page.
func (w *Writer) room(height float64) {
	if w.y+height > bottom && w.y > top {
		w.page()
	}
}

// font sets how the text that follows looks.
func (w *Writer) font(s style) {
	w.pdf.SetFont("go", s.font, s.points)
	if s.grey {
		w.pdf.SetTextColor(70, 70, 70)
		return
	}
	w.pdf.SetTextColor(0, 0, 0)
}

// Heading writes a heading of level 1 to 3. It stays with what follows.
func (w *Writer) Heading(level int, text string) {
	s := headings[level-1]
	w.room(s.before + s.lineHeight() + 3*paragraph.lineHeight())
	w.pdf.Bookmark(text, level-1, w.y)
	if level == 2 {
		w.artifact(func() {
			w.pdf.SetDrawColor(0, 114, 178)
			w.pdf.SetLineWidth(0.5)
			y := w.y - 2.5
			if w.y > top {
				y += s.before
			}
			w.pdf.Line(left, y, left+Width, y)
		})
	}
	w.flow(fmt.Sprintf("H%d", level), s, text, left)
}

// Paragraph writes a paragraph.
func (w *Writer) Paragraph(text string) { w.flow("P", paragraph, text, left) }

// Small writes a paragraph in small letters.
func (w *Writer) Small(text string) { w.flow("P", small, text, left) }

// Strong writes a paragraph that is seen first.
func (w *Writer) Strong(text string) { w.flow("P", strong, text, left) }

// Aside writes a paragraph with a bar beside it.
func (w *Writer) Aside(text string) {
	const indent = 4
	w.font(paragraph)
	high := float64(len(w.pdf.SplitText(text, Width-indent))) * paragraph.lineHeight()
	w.room(min(high, bottom-top))
	w.artifact(func() {
		w.pdf.SetFillColor(179, 89, 0)
		w.pdf.Rect(left, w.y+0.5, 1, min(high, bottom-w.y)-0.5, "F")
	})
	w.flow("P", paragraph, text, left+indent)
}

// List writes a list, each item with a dot.
func (w *Writer) List(items []string) {
	const indent = 5
	look := paragraph
	w.inside("L", "", func() {
		for i, item := range items {
			if look.after = paragraph.after; i < len(items)-1 {
				look.after /= 3 // items belong together
			}
			w.inside("LI", "", func() {
				w.room(paragraph.lineHeight())
				dot := w.y
				w.inside("Lbl", "", func() {
					w.mark(func() {
						w.font(paragraph)
						w.pdf.Text(left+1, dot+baseline(paragraph), "•")
					})
				})
				w.flow("LBody", look, item, left+indent)
			})
		}
	})
}

// baseline is how far under the top of a line its letters stand.
func baseline(s style) float64 { return s.lineHeight() * 0.75 }

// flow writes a text, over several pages if need be. What stands on one page is
// one mark.
func (w *Writer) flow(role string, s style, text string, x float64) {
	if w.y > top {
		w.y += s.before
	}
	w.font(s)
	lines := w.pdf.SplitText(text, Width-(x-left))
	w.inside(role, "", func() {
		for len(lines) > 0 {
			w.room(s.lineHeight())
			n := min(len(lines), max(1, int((bottom-w.y)/s.lineHeight())))
			w.mark(func() {
				w.font(s)
				w.lines(lines[:n], s, x, w.y)
			})
			w.y += float64(n) * s.lineHeight()
			lines = lines[n:]
		}
	})
	w.y += s.after
}

// lines writes lines under each other.
func (w *Writer) lines(lines []string, s style, x, y float64) {
	for i, line := range lines {
		w.pdf.Text(x, y+float64(i)*s.lineHeight()+baseline(s), line)
	}
}

// Bytes ends the document.
func (w *Writer) Bytes() ([]byte, error) {
	var out bytes.Buffer
	if err := w.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("draw pages: %w", err)
	}
	return w.tag(out.Bytes())
}
