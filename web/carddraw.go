package web

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/skip2/go-qrcode"

	"grulden/internal/payreq"
	"grulden/web/page"
)

// Sizes on the sheet, in millimetres. A card has the size of a bank card
// (ISO/IEC 7810, ID-1), so that it fits a purse and a plastic sleeve.
const (
	sheetWidth = 210.0
	cardWidth  = 85.6
	cardHeight = 54.0
	cardLeft   = (sheetWidth - cardWidth) / 2
	cardTop    = 40.0
	codeSize   = 27.0 // the QR code without its quiet zone: read from 25–30 cm away
	quietZone  = 4    // modules of white around a QR code
	markLength = 5.0
	markGap    = 2.0
	ruler      = 50.0 // printed, so that a wrong scale is seen
)

// drawCard draws a card on a sheet of A4, with marks to cut along. There is no
// name on it: who finds it learns nothing. The same card always gives the same
// bytes.
func drawCard(b page.Base, origin string, code payreq.Code) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	fixed := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	pdf.SetCreationDate(fixed)
	pdf.SetModificationDate(fixed)
	pdf.SetCatalogSort(true)
	pdf.SetTitle(b.T("newcard.name")+" "+b.Coin, true)
	pdf.SetLang(string(b.Lang))
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCellMargin(0)
	pdf.AddPage()
	c := &cardSheet{Fpdf: pdf, Base: b, latin: pdf.UnicodeTranslatorFromDescriptor("")}
	c.aroundCard()
	c.cutMarks()
	if err := c.qrCode(payreq.CardLink(origin, code)); err != nil {
		return nil, err
	}
	c.words(code)
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("draw a card: %w", err)
	}
	return out.Bytes(), nil
}

// cardSheet is a sheet while it is drawn.
type cardSheet struct {
	*fpdf.Fpdf
	page.Base
	latin func(string) string // to the characters that the built-in fonts have
}

// text writes lines of at most width from a place on, and returns where the
// next line begins.
func (c *cardSheet) text(x, y, width, points float64, style, text string) float64 {
	c.SetFont("Helvetica", style, points)
	c.SetXY(x, y)
	line := points * 0.42 // mm a line, for a size in points
	c.MultiCell(width, line, c.latin(text), "", "L", false)
	return c.GetY()
}

// aroundCard tells how to print and cut. A line shows whether the scale is right.
func (c *cardSheet) aroundCard() {
	c.text(cardLeft, 18, cardWidth, 11, "", c.T("newcard.cut"))
	y := cardTop + cardHeight + 15
	c.SetLineWidth(0.4)
	c.Line(cardLeft, y, cardLeft+ruler, y)
	c.Line(cardLeft, y-1.5, cardLeft, y+1.5)
	c.Line(cardLeft+ruler, y-1.5, cardLeft+ruler, y+1.5)
	c.text(cardLeft, y+3, cardWidth, 9, "", c.T("newcard.measure"))
}

// cutMarks draws two marks at each corner, outside the card.
func (c *cardSheet) cutMarks() {
	c.SetLineWidth(0.2)
	for _, x := range []float64{cardLeft, cardLeft + cardWidth} {
		c.Line(x, cardTop-markGap-markLength, x, cardTop-markGap)
		c.Line(x, cardTop+cardHeight+markGap, x, cardTop+cardHeight+markGap+markLength)
	}
	for _, y := range []float64{cardTop, cardTop + cardHeight} {
		c.Line(cardLeft-markGap-markLength, y, cardLeft-markGap, y)
		c.Line(cardLeft+cardWidth+markGap, y, cardLeft+cardWidth+markGap+markLength, y)
	}
}

// qrCode draws the code at the left of the card.
func (c *cardSheet) qrCode(text string) error {
	code, err := qrcode.New(text, onPaper)
	if err != nil {
		return fmt.Errorf("draw a QR code: %w", err)
	}
	code.DisableBorder = true
	rows := code.Bitmap()
	c.modules(cardLeft+quietZone*codeSize/float64(len(rows)), cardTop+(cardHeight-codeSize)/2, codeSize, rows)
	return nil
}

// modules draws the modules of a QR code as rectangles, sharp at any size.
func (c *cardSheet) modules(left, top, size float64, rows [][]bool) {
	module := size / float64(len(rows))
	c.SetFillColor(0, 0, 0)
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			from := x
			for x < len(row) && row[x] {
				x++
			}
			if x > from {
				c.Rect(left+float64(from)*module, top+float64(y)*module, float64(x-from)*module, module, "F")
			}
		}
	}
}

// words writes what stands beside the QR code: the coin and the wijk, the code
// to type, how to pay, and what to do with a card that was found.
func (c *cardSheet) words(code payreq.Code) {
	const left, width = cardLeft + 35.5, cardWidth - 35.5 - 3
	y := c.text(left, cardTop+3.5, width, 15, "B", c.Coin)
	y = c.text(left, y, width, 9, "", c.Wijk)
	y = c.text(left, y+2, width, 7, "", c.T("newcard.codename"))
	c.SetFont("Courier", "B", 15)
	c.SetXY(left, y)
	c.CellFormat(width, 6, code.Grouped(), "", 2, "L", false, 0, "")
	y = c.text(left, y+7, width, 8.5, "", c.T("newcard.use"))
	y = c.text(left, y+1, width, 8.5, "", c.T("newcard.phone"))
	c.text(left, y+1, width, 7, "", c.T("newcard.found"))
}
