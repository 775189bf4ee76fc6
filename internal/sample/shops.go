package sample

import (
	"encoding/json"
	"fmt"
	"time"

	"grulden/internal/people"
	"grulden/internal/wijkmap"
)

// trade is a shop of the sample: what it is called, its pictogram, what it
// sells, what kind of business it is, and when it is open.
type trade struct {
	name, icon, goods string
	sector            people.Sector
	hours             people.Week
}

// Opening hours as shops have them.
var (
	early   = week(7, 16, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday)
	day     = week(9, 18, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday)
	long    = week(8, 21, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday)
	market  = week(9, 17, time.Wednesday, time.Saturday)
	evening = week(16, 23, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday)
)

func week(opens, closes int, on ...time.Weekday) (w people.Week) {
	for _, d := range on {
		w[d] = people.Span{Open: 60 * opens, Close: 60 * closes}
	}
	return w
}

// trades are the shops; what they sell and where they are is made up.
var trades = []trade{
	{"Bakker", "bread", "brood, taart en koek", people.Food, early},
	{"Groenteman", "apple", "groente en fruit", people.Food, day},
	{"Slager", "plate", "vlees en kip", people.Food, day},
	{"Fietsenmaker", "bike", "fietsen en reparatie", people.Repair, day},
	{"Kapper", "scissors", "knippen voor iedereen", people.Care, day},
	{"Buurtsuper", "basket", "alles voor in huis", people.Food, long},
	{"Kaaswinkel", "cheese", "kaas, noten en olijven", people.Food, day},
	{"Viskraam", "fish", "verse vis en gebakken vis", people.Food, market},
	{"Bloemenkiosk", "flower", "bloemen en planten", people.Goods, day},
	{"Kringloopwinkel", "recycle", "tweedehands kleding en meubels", people.Goods, day},
	{"Wasserette", "wash", "wassen en drogen", people.Services, long},
	{"Buurtrestaurant", "plate", "warm eten", people.Eatery, evening},
	{"Koffiehuis", "cup", "koffie, thee en broodjes", people.Eatery, early},
	{"Naaiatelier", "needle", "kleding maken en herstellen", people.Repair, day},
	{"Schoenmaker", "shoe", "schoenen en sleutels", people.Repair, day},
	{"Verfwinkel", "brush", "verf en behang", people.Goods, day},
	{"Klusdienst", "tool", "hulp bij klussen", people.Services, day},
	{"Drukkerij", "print", "kaarten, posters en kopieën", people.Services, day},
	{"Boekenhoek", "book", "nieuwe en gelezen boeken", people.Goods, day},
	{"Dierenwinkel", "paw", "voer en spullen voor dieren", people.Goods, day},
	{"Tuinwinkel", "flower", "zaden, aarde en potten", people.Goods, day},
	{"Speelgoedwinkel", "toy", "speelgoed en spellen", people.Goods, day},
	{"Computerhulp", "screen", "hulp bij telefoon en computer", people.Services, day},
	{"Rijwielstalling", "bike", "fiets stallen en huren", people.Services, long},
	{"Buurtkeuken", "plate", "samen koken en eten", people.Eatery, evening},
}

// lane is a street of the sample, from one place to another, in thousandths of a
// degree from nowhere: the sample lies in the sea.
type lane struct {
	name   string
	points [][2]float64
	shops  int // that are on it
}

// lanes are the streets.
var lanes = []lane{
	{"Voorbeeldstraat", [][2]float64{{0.6, 5.2}, {4, 5}, {9, 5.4}, {13.4, 5}}, 11},
	{"Modelweg", [][2]float64{{4.2, 9.4}, {4, 5}, {3.6, 1.6}}, 5},
	{"Oefenlaan", [][2]float64{{9.4, 9.2}, {9, 5.4}, {9.3, 1.6}}, 5},
	{"Schetskade", [][2]float64{{0.8, 1.7}, {3.6, 1.6}, {9.3, 1.6}, {13.2, 1.8}}, 4},
	{"Proefpad", [][2]float64{{0.9, 8}, {4.15, 7.6}, {9.25, 7.6}}, 0},
	{"Potloodsteeg", [][2]float64{{6.4, 5.2}, {6.6, 7.6}}, 0},
	{"Krijtstraat", [][2]float64{{6.3, 1.6}, {6.4, 5.2}}, 0},
	{"Gumhof", [][2]float64{{1.6, 5.1}, {1.4, 1.68}}, 0},
	{"Inktlaan", [][2]float64{{11.6, 5.15}, {11.8, 1.75}}, 0},
}

// areas are what is not a street, by kind.
var areas = []struct {
	kind   wijkmap.Kind
	points [][2]float64
}{
	{wijkmap.Outline, [][2]float64{{0.3, 0.9}, {13.7, 1}, {13.8, 9.3}, {9.6, 9.8}, {3.9, 9.7}, {0.4, 8.8}, {0.3, 0.9}}},
	{wijkmap.Water, [][2]float64{{0, 0.2}, {14, 0.3}, {14, 1.3}, {7, 1.05}, {0, 1.2}, {0, 0.2}}},
	{wijkmap.Green, [][2]float64{{10, 6.2}, {13.2, 6}, {13.2, 8.8}, {10.2, 8.9}, {10, 6.2}}},
	{wijkmap.Green, [][2]float64{{4.6, 2.2}, {5.8, 2.2}, {5.8, 4.4}, {4.6, 4.4}, {4.6, 2.2}}},
}

// Map is the sample's map, as GeoJSON.
func Map() ([]byte, error) {
	type object = map[string]any
	var features []object
	add := func(kind wijkmap.Kind, name, shape string, coordinates any) {
		features = append(features, object{
			"type": "Feature", "properties": object{"kind": kind, "name": name},
			"geometry": object{"type": shape, "coordinates": coordinates},
		})
	}
	for _, a := range areas {
		add(a.kind, "", "Polygon", [][][2]float64{degrees(a.points)})
	}
	for _, l := range lanes {
		add(wijkmap.Street, l.name, "LineString", degrees(l.points))
	}
	return json.Marshal(object{"type": "FeatureCollection", "features": features})
}

func degrees(points [][2]float64) [][2]float64 {
	out := make([][2]float64, len(points))
	for i, p := range points {
		out[i] = [2]float64{p[0] / 1000, p[1] / 1000}
	}
	return out
}

// address is where the shop with a number is: its street, and the place beside
// the street's line, the odd numbers on one side and the even ones on the other.
func address(shop int) (text string, place people.Place) {
	for _, l := range lanes {
		if shop >= l.shops {
			shop -= l.shops
			continue
		}
		along := (float64(shop) + 0.5) / float64(l.shops) * float64(len(l.points)-1)
		from := int(along)
		a, b, part := l.points[from], l.points[from+1], along-float64(from)
		side := 0.5 - float64(shop%2)
		x, y := a[0]+(b[0]-a[0])*part, a[1]+(b[1]-a[1])*part
		if b[1]-a[1] > 2 || a[1]-b[1] > 2 { // a street from north to south
			x += side
		} else {
			y += side
		}
		return fmt.Sprintf("%s %d", l.name, 6*shop+1+shop%2), people.Place{Known: true, Lon: int32(1000 * x), Lat: int32(1000 * y)}
	}
	return "", people.Place{}
}

// profiles has every shop tell about itself.
func (w *Wijk) profiles() error {
	for i, s := range w.shops {
		_, place := address(i)
		err := w.People.ChangeProfile(s.person.ID, func(p *people.Profile) {
			p.Goods, p.Sector, p.Icon = trades[i].goods, trades[i].sector, trades[i].icon
			p.Hours, p.Place = trades[i].hours, place
		})
		if err != nil {
			return err
		}
	}
	return nil
}
