package web

import (
	"fmt"
	"strings"

	"github.com/skip2/go-qrcode"

	"grulden/web/page"
)

// Error correction of a QR code: on a screen, and on paper that gets dirty.
const (
	onScreen = qrcode.Medium
	onPaper  = qrcode.High
)

// drawQR draws a QR code as one path of unit squares, with the quiet zone of
// four modules around it. Runs of modules in a row are one rectangle.
func drawQR(text string, level qrcode.RecoveryLevel) (page.QR, error) {
	code, err := qrcode.New(text, level)
	if err != nil {
		return page.QR{}, fmt.Errorf("draw a QR code: %w", err)
	}
	rows := code.Bitmap()
	var path strings.Builder
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			from := x
			for x < len(row) && row[x] {
				x++
			}
			fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
		}
	}
	return page.QR{Size: len(rows), Path: path.String()}, nil
}
