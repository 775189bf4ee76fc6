package web

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/skip2/go-qrcode"

	"grulden/internal/coupon"
	"grulden/web/page"
)

// A sheet of A4 holds eight coupons, in millimetres.
const (
	couponWidth  = 90.0
	couponHeight = 64.0
	couponLeft   = (sheetWidth - 2*couponWidth) / 2
	couponTop    = 24.0
	couponsDown  = 4
	couponCode   = 32.0 // the QR code without its quiet zone
)

// drawCoupons draws coupons on sheets of A4. text is what the QR code of one says.
// The same coupons always give the same bytes.
func drawCoupons(b page.Base, name string, all []coupon.Coupon, text func(coupon.Coupon) string) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	fixed := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	pdf.SetCreationDate(fixed)
	pdf.SetModificationDate(fixed)
	pdf.SetCatalogSort(true)
	pdf.SetTitle(b.T("coupons.title")+" "+b.Coin, true)
	pdf.SetLang(string(b.Lang))
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCellMargin(0)
	c := &cardSheet{Fpdf: pdf, Base: b, latin: pdf.UnicodeTranslatorFromDescriptor("")}
	for i, one := range all {
		place := i % (2 * couponsDown)
		if place == 0 {
			pdf.AddPage()
			c.text(couponLeft, 12, 2*couponWidth, 11, "", c.T("coupon.cut"))
		}
		x, y := couponLeft+float64(place%2)*couponWidth, couponTop+float64(place/2)*couponHeight
		if err := c.coupon(x, y, name, one, text(one)); err != nil {
			return nil, err
		}
	}
	if len(all) == 0 {
		pdf.AddPage()
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("draw coupons: %w", err)
	}
	return out.Bytes(), nil
}

// coupon draws one coupon: what it is worth, for whom, until when, and its code.
func (c *cardSheet) coupon(x, y float64, name string, one coupon.Coupon, text string) error {
	c.SetLineWidth(0.2)
	c.Rect(x, y, couponWidth, couponHeight, "D")
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return fmt.Errorf("draw a QR code: %w", err)
	}
	code.DisableBorder = true
	c.modules(x+4, y+4, couponCode, code.Bitmap())
	const left, width = couponCode + 9, couponWidth - couponCode - 13
	next := c.text(x+left, y+4, width, 9, "", c.Coin+" "+c.Wijk)
	next = c.text(x+left, next, width, 26, "B", c.Lang.Money(int64(one.Cents)))
	next = c.text(x+left, next, width, 9, "", c.T("coupon.worth"))
	next = c.text(x+left, next+2, width, 10, "B", c.T("coupon.for", "who", name))
	c.text(x+left, next, width, 9, "", c.T("coupon.until", "date", c.Lang.Date(dayOf(one.Until))))
	c.SetFont("Courier", "B", 13)
	c.SetXY(x+4, y+couponCode+8)
	c.CellFormat(couponWidth-8, 6, one.Code.Grouped(), "", 2, "L", false, 0, "")
	low := c.text(x+4, y+couponCode+15, couponWidth-8, 8, "", c.T("coupons.number", "number", strconv.FormatUint(one.Number, 10))+". "+c.T("coupon.once"))
	c.text(x+4, low, couponWidth-8, 8, "", c.T("coupon.shop", "days", strconv.Itoa(coupon.GraceDays)))
	return nil
}
