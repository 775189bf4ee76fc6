package web

import (
	"fmt"
	"math"
	"strings"

	"grulden/internal/people"
	"grulden/internal/wijkmap"
	"grulden/web/page"
)

// The map is drawn a thousand units wide, and shown as wide as the screen is.
const (
	mapWidth   = 1000
	markRadius = 26 // of a shop's mark, in these units
	letter     = 15 // of a street's name: about the width of one
	mapNames   = 30 // streets whose name is written, the longest first
)

// fills are the colours of areas.
var fills = map[wijkmap.Kind]string{wijkmap.Outline: "#f7f4ea", wijkmap.Green: "#cbe3c3", wijkmap.Water: "#b5d8ec", wijkmap.Street: "#fff"}

// drawMap draws the streets, water and green of a map.
func drawMap(m *wijkmap.Map) (page.WijkMap, wijkmap.View) {
	view := m.View(mapWidth)
	drawn := page.WijkMap{Width: view.Width, Height: view.Height}
	named := map[string]bool{"": true}
	for _, s := range m.Shapes {
		path := mapPath(view, s)
		if s.Area {
			drawn.Areas = append(drawn.Areas, page.MapArea{Fill: fills[s.Kind], Path: path})
			continue
		}
		drawn.Streets = append(drawn.Streets, path)
		if named[s.Name] || len(drawn.Names) == mapNames {
			continue
		}
		if name, fits := mapName(view, s); fits {
			named[s.Name] = true
			drawn.Names = append(drawn.Names, name)
		}
	}
	return drawn, view
}

// mapPath writes a shape as a path of SVG; points that fall together are one.
func mapPath(view wijkmap.View, s wijkmap.Shape) string {
	var path strings.Builder
	lastX, lastY := -1, -1
	for i, p := range s.Points {
		x, y, _ := view.At(p)
		if x == lastX && y == lastY {
			continue
		}
		command := 'L'
		if i == 0 {
			command = 'M'
		}
		fmt.Fprintf(&path, "%c%d %d", command, x, y)
		lastX, lastY = x, y
	}
	if s.Area {
		path.WriteByte('z')
	}
	return path.String()
}

// mapName places a street's name along the longest part of its line; fits is
// false when the street is too short for it.
func mapName(view wijkmap.View, s wijkmap.Shape) (name page.MapName, fits bool) {
	most := float64(letter * len([]rune(s.Name)))
	for i := range len(s.Points) - 1 {
		x1, y1, _ := view.At(s.Points[i])
		x2, y2, _ := view.At(s.Points[i+1])
		length := math.Hypot(float64(x2-x1), float64(y2-y1))
		if length < most {
			continue
		}
		if x2 < x1 { // a name reads from left to right
			x1, y1, x2, y2 = x2, y2, x1, y1
		}
		angle := math.Atan2(float64(y2-y1), float64(x2-x1)) * 180 / math.Pi
		most, fits = length, true
		name = page.MapName{X: (x1 + x2) / 2, Y: (y1 + y2) / 2, Angle: int(math.Round(angle)), Text: s.Name}
	}
	return name, fits
}

// markShops puts the shops' numbers on a map, each beside those that are there
// already, and tells which shops are on it.
func markShops(drawn *page.WijkMap, view wijkmap.View, shops []people.Shop, number func(i int) string) (marked []bool) {
	marked = make([]bool, len(shops))
	for i, shop := range shops {
		place := shop.Profile.Place
		if !place.Known {
			continue
		}
		x, y, inside := view.At(wijkmap.Point{Lon: place.Lon, Lat: place.Lat})
		if !inside {
			continue
		}
		x, y = freeSpot(drawn, x, y)
		drawn.Marks = append(drawn.Marks, page.MapMark{X: x, Y: y, Text: number(i)})
		marked[i] = true
	}
	return marked
}

// freeSpot finds the nearest spot where a mark covers no other one.
func freeSpot(drawn *page.WijkMap, x, y int) (int, int) {
	const turns, rings = 12, 6
	for ring := range rings {
		for turn := range turns {
			angle := 2 * math.Pi * float64(turn) / turns
			away := float64(ring * markRadius)
			tx, ty := x+int(away*math.Cos(angle)), y+int(away*math.Sin(angle))
			if within(drawn, tx, ty) && uncovered(drawn, tx, ty) {
				return tx, ty
			}
		}
	}
	return x, y
}

func within(drawn *page.WijkMap, x, y int) bool {
	return x >= markRadius && y >= markRadius && x <= drawn.Width-markRadius && y <= drawn.Height-markRadius
}

func uncovered(drawn *page.WijkMap, x, y int) bool {
	for _, m := range drawn.Marks {
		if math.Hypot(float64(m.X-x), float64(m.Y-y)) < 2*markRadius {
			return false
		}
	}
	return true
}
