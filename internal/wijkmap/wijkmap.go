// Package wijkmap is the map of the neighbourhood: an outline, streets, water
// and green, read from GeoJSON (RFC 7946) and kept beside the ledger.
//
// The map is small and complete, so no map server is asked and no visitor's
// place is told to anybody. The package knows shapes and where they lie in a
// picture; what stands on the map, and how it is drawn, is the pages' matter.
package wijkmap

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"

	"grulden/internal/store"
)

// Kind is what a shape is.
type Kind string

// The kinds, in the order in which they are drawn.
const (
	Outline Kind = "outline"
	Green   Kind = "green"
	Water   Kind = "water"
	Street  Kind = "street"
)

// Point is a place in millionths of a degree.
type Point struct{ Lon, Lat int32 }

// Shape is a line or an area.
type Shape struct {
	Kind   Kind
	Name   string // of a street; may be empty
	Area   bool   // closed, and filled
	Points []Point
}

// Map is a neighbourhood's map, by kind.
type Map struct {
	Shapes   []Shape
	min, max Point // around all shapes
}

// Book keeps one map in a store. It is safe for concurrent use.
type Book struct {
	rows store.Space

	mu   sync.Mutex
	text []byte // of the map below
	read *Map
}

// New opens the book in a store.
func New(db *store.DB) *Book { return &Book{rows: db.Space(store.Map)} }

var mapKey = []byte("map")

// Set keeps a map in the place of the one before.
func (b *Book) Set(geojson []byte) (*Map, error) {
	m, err := Parse(geojson)
	if err != nil {
		return nil, err
	}
	if err := b.rows.Put(mapKey, geojson); err != nil {
		return nil, fmt.Errorf("keep the map: %w", err)
	}
	return m, nil
}

// Map gives the map; nil when there is none yet. What another program or book
// set is seen at once.
func (b *Book) Map() (*Map, error) {
	text, ok, err := b.rows.Get(mapKey)
	if err != nil || !ok {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.read == nil || !bytes.Equal(text, b.text) {
		m, err := Parse(text)
		if err != nil {
			return nil, fmt.Errorf("read the map: %w", err)
		}
		b.text, b.read = text, m
	}
	return b.read, nil
}

// Streets lists the names of the streets, each once, in the order of the map.
func (m *Map) Streets() []string {
	var names []string
	seen := map[string]bool{"": true}
	for _, s := range m.Shapes {
		if s.Kind == Street && !seen[s.Name] {
			seen[s.Name] = true
			names = append(names, s.Name)
		}
	}
	return names
}

// Middle is the place in the middle of a street's line.
func (m *Map) Middle(street string) (p Point, ok bool) {
	longest := 0
	for _, s := range m.Shapes {
		if s.Kind == Street && s.Name == street && len(s.Points) > longest {
			longest = len(s.Points)
			i := (len(s.Points) - 1) / 2
			a, b := s.Points[i], s.Points[i+1]
			p, ok = Point{a.Lon/2 + b.Lon/2, a.Lat/2 + b.Lat/2}, true
		}
	}
	return p, ok
}

// View is the map as a picture of a width; the height follows. North is up.
type View struct {
	Width, Height int
	min           Point
	scale, squash float64 // picture units for a millionth of a degree north, and of east beside that
}

// margin is the white around a map, as a part of its width.
const margin = 0.03

// View fits the map into a picture of a width, in any unit.
func (m *Map) View(width int) View {
	middle := float64(m.min.Lat+m.max.Lat) / 2 / 1e6
	v := View{Width: width, squash: math.Cos(middle * math.Pi / 180)}
	east, north := float64(m.max.Lon-m.min.Lon), float64(m.max.Lat-m.min.Lat)
	around := east * margin / (1 - 2*margin)
	v.min = Point{m.min.Lon - int32(around), m.max.Lat + int32(around*v.squash)} // the picture's top left
	v.scale = float64(width) / ((east + 2*around) * v.squash)
	v.Height = max(1, int(math.Ceil((north+2*around*v.squash)*v.scale)))
	return v
}

// At is where a place is in the picture; inside is false when it is not.
func (v View) At(p Point) (x, y int, inside bool) {
	x = int(math.Round(float64(p.Lon-v.min.Lon) * v.squash * v.scale))
	y = int(math.Round(float64(v.min.Lat-p.Lat) * v.scale))
	return x, y, x >= 0 && y >= 0 && x <= v.Width && y <= v.Height
}

// Place is which place a spot in the picture is.
func (v View) Place(x, y int) Point {
	return Point{v.min.Lon + int32(float64(x)/v.scale/v.squash), v.min.Lat - int32(float64(y)/v.scale)}
}

// Bounds on a map: a neighbourhood's streets, not a country's.
const (
	MaxBytes  = 1 << 20
	maxShapes = 5000
	maxPoints = 20_000
	maxSpan   = 200_000 // millionths of a degree: some twenty kilometres
	minSpan   = 500     // some fifty metres
	longest   = 6       // times as long as wide
	maxLat    = 85_000_000
	maxName   = 60 // characters
)

// ErrMap is returned, with why, for a file that cannot be the map of a wijk.
var ErrMap = errors.New("this cannot be the map of a wijk")

func wrong(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrMap}, args...)...)
}

// feature is what is read of GeoJSON; the rest is left aside.
type feature struct {
	Type     string `json:"type"`
	Geometry struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
	Properties map[string]any `json:"properties"`
}

// Parse reads a FeatureCollection of lines and areas. A property "kind" says
// what a shape is; without it, the tags of OpenStreetMap do. Points and buildings
// are left out, and so are holes in areas.
func Parse(geojson []byte) (*Map, error) {
	if len(geojson) > MaxBytes {
		return nil, wrong("it has more than %d bytes; leave out buildings, or take fewer points", MaxBytes)
	}
	var file struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}
	if err := json.Unmarshal(geojson, &file); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMap, err)
	}
	if file.Type != "FeatureCollection" {
		return nil, wrong("it is %q and no FeatureCollection of GeoJSON", file.Type)
	}
	m := &Map{min: Point{math.MaxInt32, math.MaxInt32}, max: Point{math.MinInt32, math.MinInt32}}
	shapes := make(map[Kind][]Shape)
	points := 0
	for i, f := range file.Features {
		found, err := f.shapes()
		if err != nil {
			return nil, fmt.Errorf("feature %d: %w", i+1, err)
		}
		for _, s := range found {
			points += len(s.Points)
			shapes[s.Kind] = append(shapes[s.Kind], s)
			m.around(s.Points)
		}
	}
	for _, kind := range []Kind{Outline, Green, Water, Street} {
		m.Shapes = append(m.Shapes, shapes[kind]...)
	}
	switch east, north := int64(m.max.Lon)-int64(m.min.Lon), int64(m.max.Lat)-int64(m.min.Lat); {
	case len(m.Shapes) == 0:
		return nil, wrong("there is no line and no area in it")
	case len(m.Shapes) > maxShapes || points > maxPoints:
		return nil, wrong("it has %d shapes and %d points; %d and %d at most", len(m.Shapes), points, maxShapes, maxPoints)
	case east > maxSpan || north > maxSpan:
		return nil, wrong("it is more than twenty kilometres wide or high")
	case east < minSpan || north < minSpan:
		return nil, wrong("it is less than fifty metres wide or high")
	case east > longest*north || north > longest*east:
		return nil, wrong("it is more than %d times as long as it is wide", longest)
	}
	return m, nil
}

func (m *Map) around(points []Point) {
	for _, p := range points {
		m.min = Point{min(m.min.Lon, p.Lon), min(m.min.Lat, p.Lat)}
		m.max = Point{max(m.max.Lon, p.Lon), max(m.max.Lat, p.Lat)}
	}
}

// shapes are the lines and areas of a feature.
func (f feature) shapes() (shapes []Shape, err error) {
	var lines [][][]float64
	area := false
	switch f.Geometry.Type {
	case "LineString":
		lines = make([][][]float64, 1)
		err = json.Unmarshal(f.Geometry.Coordinates, &lines[0])
	case "MultiLineString":
		err = json.Unmarshal(f.Geometry.Coordinates, &lines)
	case "Polygon":
		area = true
		var rings [][][]float64
		if err = json.Unmarshal(f.Geometry.Coordinates, &rings); len(rings) > 0 {
			lines = rings[:1]
		}
	case "MultiPolygon":
		area = true
		var polygons [][][][]float64
		err = json.Unmarshal(f.Geometry.Coordinates, &polygons)
		for _, rings := range polygons {
			lines = append(lines, rings[:min(1, len(rings))]...)
		}
	default:
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMap, err)
	}
	kind, drawn := f.kind(area)
	if !drawn {
		return nil, nil
	}
	for _, line := range lines {
		s := Shape{Kind: kind, Area: area, Name: f.name()}
		if s.Points, err = readPoints(line); err != nil {
			return nil, err
		}
		shapes = append(shapes, s)
	}
	return shapes, nil
}

func readPoints(line [][]float64) ([]Point, error) {
	if len(line) < 2 {
		return nil, wrong("a line of %d points", len(line))
	}
	points := make([]Point, 0, len(line))
	for _, at := range line {
		if len(at) < 2 {
			return nil, wrong("a point without a place")
		}
		lon, lat := math.Round(at[0]*1e6), math.Round(at[1]*1e6)
		if math.Abs(lon) > 180_000_000 || math.Abs(lat) > maxLat {
			return nil, wrong("a point at %v, %v: places are degrees east and north", at[0], at[1])
		}
		points = append(points, Point{int32(lon), int32(lat)})
	}
	return points, nil
}

func (f feature) property(name string) string {
	text, _ := f.Properties[name].(string)
	return text
}

// name is the name of a shape, cut to what fits on a map.
func (f feature) name() string {
	text := []rune(f.property("name"))
	return string(text[:min(len(text), maxName)])
}

// kind finds what a feature is; drawn is false for what is left out.
func (f feature) kind(area bool) (kind Kind, drawn bool) {
	switch k := Kind(f.property("kind")); k {
	case Outline, Green, Water, Street:
		return k, true
	}
	switch {
	case f.property("building") != "":
		return "", false
	case f.property("natural") == "water" || f.property("waterway") != "":
		return Water, true
	case f.property("leisure") != "" || f.property("landuse") != "" || f.property("natural") != "":
		return Green, area
	case f.property("highway") != "" || !area:
		return Street, !area
	}
	return Outline, true
}
