package tagged

import "fmt"

// element is a part of the document in the tree of what it is.
type element struct {
	role   string
	more   string // further entries of its dictionary, as PDF writes them
	number int    // of its object, set when it is written
	parent *element
	kids   []kid
}

// kid is a part of an element: another one, or a mark on a page.
type kid struct {
	element    *element
	page, mark int
}

// inside opens an element for what a function writes.
func (w *Writer) inside(role, more string, fill func()) {
	e := &element{role: role, more: more, parent: w.at}
	w.at.kids = append(w.at.kids, kid{element: e})
	w.at = e
	fill()
	w.at = e.parent
}

// mark says that what a function draws is a part of the open element. It has to
// stay on the page.
func (w *Writer) mark(draw func()) {
	page := len(w.marks) - 1
	number := len(w.marks[page])
	w.marks[page] = append(w.marks[page], w.at)
	w.at.kids = append(w.at.kids, kid{page: page, mark: number})
	w.pdf.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC", w.at.role, number))
	draw()
	w.pdf.RawWriteStr("EMC")
}

// artifact says that what a function draws is not to be read.
func (w *Writer) artifact(draw func()) {
	w.pdf.RawWriteStr("/Artifact BMC")
	draw()
	w.pdf.RawWriteStr("EMC")
}
