package wijkmap

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/store"
)

// wijk is a GeoJSON file with some features.
func wijk(features ...string) []byte {
	return []byte(`{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`)
}

func feat(kind, coordinates, properties string) string {
	return fmt.Sprintf(`{"type":"Feature","geometry":{"type":%q,"coordinates":%s},"properties":%s}`, kind, coordinates, properties)
}

var (
	street = feat("LineString", "[[6.5,53.2],[6.51,53.2]]", `{"kind":"street","name":"Voorbeeldstraat"}`)
	edge   = feat("Polygon", "[[[6.5,53.19],[6.51,53.19],[6.51,53.21],[6.5,53.21],[6.5,53.19]],[[6.502,53.2],[6.503,53.2],[6.503,53.201]]]", `null`)
)

func TestAMapIsReadFromItsOwnWordsAndFromThoseOfOpenStreetMap(t *testing.T) {
	m, err := Parse(wijk(
		street, edge,
		feat("MultiLineString", "[[[6.501,53.2],[6.502,53.2]],[[6.503,53.2],[6.504,53.2]]]", `{"highway":"residential","name":"Proefpad"}`),
		feat("MultiPolygon", "[[[[6.501,53.2],[6.502,53.2],[6.502,53.201]]]]", `{"natural":"water"}`),
		feat("Polygon", "[[[6.501,53.2],[6.502,53.2],[6.502,53.201]]]", `{"leisure":"park","name":"Park"}`),
		feat("Polygon", "[[[6.501,53.2],[6.502,53.2],[6.502,53.201]]]", `{"building":"yes"}`),
		feat("Point", "[6.5,53.2]", `{"name":"a tree"}`),
		feat("LineString", "[[6.501,53.2],[6.502,53.2]]", `{"waterway":"canal"}`),
	))
	if err != nil {
		t.Fatal(err)
	}
	var kinds []Kind
	for _, s := range m.Shapes {
		kinds = append(kinds, s.Kind)
	}
	if want := []Kind{Outline, Green, Water, Water, Street, Street, Street}; !reflect.DeepEqual(kinds, want) {
		t.Errorf("kinds %v, want %v", kinds, want)
	}
	if got := m.Streets(); !reflect.DeepEqual(got, []string{"Voorbeeldstraat", "Proefpad"}) {
		t.Errorf("streets %q", got)
	}
	if p, ok := m.Middle("Voorbeeldstraat"); !ok || p != (Point{6_505_000, 53_200_000}) {
		t.Errorf("the middle of the street is %v, %v", p, ok)
	}
	if _, ok := m.Middle("Nergenslaan"); ok {
		t.Error("a street that is not there has a middle")
	}
}

func TestWhatCannotBeAWijkIsRefused(t *testing.T) {
	many := strings.Repeat("[6.5,53.2],", maxPoints) + "[6.51,53.2]"
	for name, text := range map[string][]byte{
		"nothing":        nil,
		"no JSON":        []byte("<kml>"),
		"no collection":  []byte(street),
		"no shapes":      wijk(),
		"a building":     wijk(feat("Polygon", "[[[6.5,53.2],[6.51,53.2],[6.51,53.21]]]", `{"building":"yes"}`)),
		"a point":        wijk(edge, feat("LineString", "[[6.5,53.2]]", `{}`)),
		"half a point":   wijk(edge, feat("LineString", "[[6.5,53.2],[6.5]]", `{}`)),
		"words":          wijk(edge, feat("LineString", `[["a","b"],["c","d"]]`, `{}`)),
		"beyond earth":   wijk(edge, feat("LineString", "[[6.5,53.2],[6.51,95]]", `{}`)),
		"a country":      wijk(feat("LineString", "[[4,51],[7,53]]", `{}`)),
		"a doormat":      wijk(feat("LineString", "[[6.5,53.2],[6.50001,53.20001]]", `{}`)),
		"a dike":         wijk(feat("LineString", "[[6.5,53.2],[6.5006,53.21]]", `{}`)),
		"metres":         wijk(feat("LineString", "[[233000,582000],[233100,582100]]", `{}`)),
		"too many":       wijk(edge, feat("LineString", "["+many+"]", `{}`)),
		"too many bytes": append(wijk(street, edge), make([]byte, MaxBytes)...),
	} {
		if _, err := Parse(text); !errors.Is(err, ErrMap) {
			t.Errorf("%s: %v, want ErrMap", name, err)
		}
	}
}

func TestAPictureOfTheMapLiesAsTheWijkDoes(t *testing.T) {
	m, err := Parse(wijk(street, edge))
	if err != nil {
		t.Fatal(err)
	}
	v := m.View(1000)
	west, north, inside := v.At(Point{6_500_000, 53_210_000})
	east, south, insideToo := v.At(Point{6_510_000, 53_190_000})
	if !inside || !insideToo || west >= east || north >= south {
		t.Errorf("corners at %d,%d and %d,%d", west, north, east, south)
	}
	if west < 10 || north < 10 || 1000-east < 10 || v.Height-south < 10 {
		t.Errorf("no margin: %d,%d to %d,%d of %d × %d", west, north, east, south, v.Width, v.Height)
	}
	// A degree of longitude is shorter than one of latitude, by the cosine.
	if got, want := float64(south-north)/float64(east-west), 2/math.Cos(53.2*math.Pi/180); math.Abs(got-want) > 0.02 {
		t.Errorf("the map is %.3f times as high as wide, want %.3f", got, want)
	}
	back := v.Place(west, south)
	if math.Abs(float64(back.Lon-6_500_000)) > 20 || math.Abs(float64(back.Lat-53_190_000)) > 20 {
		t.Errorf("a spot and its place do not belong together: %v", back)
	}
	if _, _, inside := v.At(Point{6_600_000, 53_200_000}); inside {
		t.Error("a place far away is on the map")
	}
}

func TestABookKeepsTheLastMapThatWasRight(t *testing.T) {
	options := store.Options{FS: vfs.NewMem(), MinFreeBytes: 1}
	if err := store.Init("data", options); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open("data", options)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	reader, writer := New(db), New(db)
	if m, err := reader.Map(); m != nil || err != nil {
		t.Errorf("before there is one: %v, %v", m, err)
	}
	for i, text := range [][]byte{wijk(edge), wijk(edge, street)} {
		if _, err := writer.Set(text); err != nil {
			t.Fatal(err)
		}
		if _, err := writer.Set([]byte("{}")); !errors.Is(err, ErrMap) {
			t.Errorf("a map that is none: %v", err)
		}
		m, err := reader.Map()
		if err != nil || len(m.Shapes) != i+1 {
			t.Fatalf("map %d: %v, %v", i, m, err)
		}
		if again, err := reader.Map(); again != m || err != nil {
			t.Errorf("the same map is read twice: %v", err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(wijk(street, edge))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"geometry":{"type":"MultiPolygon","coordinates":[[],[[[1,2],[3,4]]]]}}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := Parse(text)
		if err != nil {
			return
		}
		v := m.View(1000)
		for _, s := range m.Shapes {
			for _, p := range s.Points {
				if x, y, inside := v.At(p); !inside {
					t.Fatalf("a point of the map lies outside it, at %d, %d of %d × %d", x, y, v.Width, v.Height)
				}
			}
		}
	})
}
