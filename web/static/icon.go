package static

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"sync"
)

// The icons of the app, as coin.svg draws the coin, in pixels: for the screens
// of telephones that take no SVG. A full icon has no edge, because the
// telephone cuts it to the shape of its other icons.
var iconFiles = []struct {
	name   string
	pixels int
	full   bool
}{
	{"icon-180.png", 180, true},
	{"icon-192.png", 192, false},
	{"icon-512.png", 512, false},
	{"icon-full-512.png", 512, true},
}

// icons draws them once.
var icons = sync.OnceValues(func() (map[string][]byte, error) {
	drawn := make(map[string][]byte)
	for _, file := range iconFiles {
		var b bytes.Buffer
		if err := png.Encode(&b, coin(file.pixels, file.full)); err != nil {
			return nil, fmt.Errorf("draw %s: %w", file.name, err)
		}
		drawn[file.name] = b.Bytes()
	}
	return drawn, nil
})

// The letter G of the coin, in units of which the coin is 24 wide: most of a
// circle around the middle, and a bar from its end inwards.
const (
	middle  = 12.0
	radius  = 4.4 // of the circle
	half    = 1.2 // of the width of the line
	opening = 2.7 // the circle stops this far above the middle…
	bar     = 1.0 // …and begins this far below it, where the bar is
	inner   = 12.5
)

var (
	green = color.NRGBA{0x0b, 0x61, 0x47, 0xff}
	white = color.NRGBA{0xff, 0xff, 0xff, 0xff}
)

// coin draws the icon, so many pixels wide and high.
func coin(pixels int, full bool) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, pixels, pixels))
	unit := 24 / float64(pixels)
	for y := range pixels {
		for x := range pixels {
			px, py := (float64(x)+0.5)*unit, (float64(y)+0.5)*unit
			ground := green
			if !full {
				ground.A = share(math.Hypot(px-middle, py-middle)-middle, unit)
			}
			img.SetNRGBA(x, y, mix(ground, white, share(fromLetter(px, py)-half, unit)))
		}
	}
	return img
}

// fromLetter is how far a point is from the middle of the letter's line.
func fromLetter(x, y float64) float64 {
	dx, dy := x-middle, y-middle
	endX, tipX := math.Sqrt(radius*radius-bar*bar), math.Sqrt(radius*radius-opening*opening)
	line := math.Hypot(dx-min(max(dx, inner-middle), endX), dy-bar)
	if dx > 0 && dy < bar && dy > -opening*dx/tipX { // in the opening
		return min(line, math.Hypot(dx-tipX, dy+opening))
	}
	return min(line, math.Abs(math.Hypot(dx, dy)-radius))
}

// share is how much of a pixel lies within an edge, from 0 to 255, where
// outside is its distance from that edge.
func share(outside, unit float64) uint8 {
	return uint8(255 * min(max(0.5-outside/unit, 0), 1))
}

// mix lays a colour over another.
func mix(ground, over color.NRGBA, share uint8) color.NRGBA {
	blend := func(a, b uint8) uint8 { return uint8((int(a)*(255-int(share)) + int(b)*int(share)) / 255) }
	return color.NRGBA{blend(ground.R, over.R), blend(ground.G, over.G), blend(ground.B, over.B), max(ground.A, share)}
}
