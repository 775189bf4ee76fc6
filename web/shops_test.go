package web

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"grulden/internal/people"
	"grulden/internal/report"
	"grulden/internal/wijkmap"
)

// aMap is a little wijk with two streets.
const aMap = `{"type":"FeatureCollection","features":[
{"properties":{"kind":"outline"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[0.01,0],[0.01,0.006],[0,0.006],[0,0]]]}},
{"properties":{"kind":"street","name":"Voorbeeldstraat"},"geometry":{"type":"LineString","coordinates":[[0.001,0.003],[0.009,0.003]]}},
{"properties":{"kind":"street","name":"<b>Steeg"},"geometry":{"type":"LineString","coordinates":[[0.002,0.001],[0.002,0.005]]}}]}`

func (s *site) setMap() {
	s.t.Helper()
	if _, err := wijkmap.New(s.node.Store()).Set([]byte(aMap)); err != nil {
		s.t.Fatal(err)
	}
}

// setProfile has a shop tell something about itself.
func (s *site) setProfile(p people.Person, change func(*people.Profile)) {
	s.t.Helper()
	if err := s.people.ChangeProfile(p.ID, change); err != nil {
		s.t.Fatal(err)
	}
}

// photo is a picture as a phone takes it.
func photo(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sendFile sends a file as a form with one does.
func (b *browser) sendFile(path string, file []byte) reply {
	b.t.Helper()
	return b.sendForm(path, nil, "photo.png", file)
}

func TestAnybodySeesWhereToPayWithoutSigningIn(t *testing.T) {
	s := newSite(t, nil)
	bakker, kapper, zwart := s.shop("Bakker"), s.shop("Kapper"), s.shop("Zwart")
	s.setProfile(bakker, func(p *people.Profile) {
		p.Goods, p.Icon = "brood en <b>koek", "bread"
		p.Hours[time.Monday] = people.Span{Open: 9 * 60, Close: 18 * 60}
		p.Hours[time.Tuesday] = p.Hours[time.Monday]
		p.Hours[time.Saturday] = people.Span{Open: 10 * 60, Close: 24 * 60}
	})
	s.setProfile(kapper, func(p *people.Profile) { p.Hours[time.Tuesday] = people.Span{Open: 60, Close: 120} })
	s.setProfile(zwart, func(p *people.Profile) { p.Hidden = true })
	s.resident("Anna", 0)
	visitor := s.browser()
	page := visitor.page("/shops").shows(
		"Waar kan ik betalen?", "Bakker", "brood en <b>koek", "Voorbeeldstraat 1", "Nu open", "maandag t/m dinsdag 09:00 – 18:00", "zaterdag 10:00 – 00:00",
		"Kapper", "Nu dicht", "dinsdag 01:00 – 02:00",
	).hides("Zwart", "Anna", "Baas van", "NL91", "<b>koek", bakker.ID.String(), "wijkmap")
	if n := strings.Count(page.text, `class="opennow yes"`); n != 1 {
		t.Errorf("%d shops are open, want 1", n)
	}
	visitor.page("/shops?q=KOEK").shows("Bakker").hides("Kapper")
	visitor.page("/shops?q=bloemen").shows("Niets gevonden.")
	visitor.page("/login").shows("Waar kan ik betalen?")
	s.login(s.resident("Bram", 0)).page("/wallet").shows("Waar kan ik betalen?")
	s.desk().post(at(kapper)+"/block", url.Values{"why": {"left"}}).want(http.StatusSeeOther)
	visitor.page("/shops").shows("Bakker").hides("Kapper")
}

func TestTheMapNumbersTheShopsAsTheListDoes(t *testing.T) {
	s := newSite(t, nil)
	s.setMap()
	here := people.Place{Known: true, Lon: 5000, Lat: 3000}
	for _, name := range []string{"Appels", "Brood", "Kaas"} {
		shop := s.shop(name)
		if name != "Brood" {
			s.setProfile(shop, func(p *people.Profile) { p.Place = here })
		}
	}
	far := s.shop("Ver weg")
	s.setProfile(far, func(p *people.Profile) { p.Place = people.Place{Known: true, Lon: 90_000_000} })
	r := s.browser().page("/shops").hides("<b>Steeg")
	var marks, numbers []string
	for n := range r.parse().Descendants() {
		switch {
		case n.Data == "circle" && attr(n, "r") == strconv.Itoa(markRadius):
			marks = append(marks, attr(n, "cx")+","+attr(n, "cy"))
		case attr(n, "class") == "mapnumber":
			numbers = append(numbers, strings.TrimSpace(n.LastChild.Data))
		}
	}
	if len(marks) != 2 || marks[0] == marks[1] {
		t.Errorf("marks at %v, want two that do not cover each other", marks)
	}
	if got := strings.Join(numbers, " "); got != "1 3" {
		t.Errorf("numbers %q in the list, want those of the shops on the map: 1 3", got)
	}
	if !strings.Contains(r.text, ">Voorbeeldstraat</text>") || !strings.Contains(r.text, `role="img" aria-label="Kaart van de wijk.`) {
		t.Error("the map does not name its streets, or itself")
	}
}

// TestEveryKindOfBusinessHasItsOwnWord: else nobody could choose it.
func TestEveryKindOfBusinessHasItsOwnWord(t *testing.T) {
	seen := map[report.Text]bool{report.SectorWord(""): true}
	for _, sector := range people.Sectors() {
		word := report.SectorWord(string(sector))
		if word.NL == "" || word.EN == "" || seen[word] {
			t.Errorf("%s is called %q", sector, word)
		}
		seen[word] = true
	}
}

func TestAShopTellsAboutItself(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.shop("Bakker")
	b := s.login(bakker)
	form := b.page("/shop/profile").shows("Over uw winkel", "Kies een plaatje").form("/shop/profile")
	form.Set("goods", " brood  en koek ")
	form.Set("icon", "bread")
	form.Set("sector", "food")
	form.Set("listed", "yes")
	form.Set("open1", "09:00")
	form.Set("close1", "17:30")
	form.Set("open6", "22:00")
	form.Set("close6", "02:00")
	b.page(b.post("/shop/profile", form).want(http.StatusSeeOther).to()).shows("De gegevens zijn aangepast.")
	got, err := s.people.Profile(bakker.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := people.Profile{Goods: "brood en koek", Icon: "bread", Sector: people.Food}
	want.Hours[1], want.Hours[6] = people.Span{Open: 540, Close: 1050}, people.Span{Open: 1320, Close: 120}
	if got != want {
		t.Errorf("kept %+v, want %+v", got, want)
	}
	again := b.page("/shop/profile")
	for _, part := range []string{`value="brood en koek"`, `value="bread" checked`, `<option value="food" selected>winkel met eten en drinken</option>`, `name="close1" type="time" value="17:30"`, `value="yes" checked`} {
		if !strings.Contains(again.text, part) {
			t.Errorf("the form does not show what is kept: %s", part)
		}
	}
	for _, wrong := range []url.Values{
		{"open1": {"09:00"}},
		{"open1": {"09:00"}, "close1": {"09:00"}},
		{"open1": {"25:00"}, "close1": {"26:00"}},
		{"open1": {"00:00"}, "close1": {"00:00"}},
	} {
		b.post("/shop/profile", wrong).want(http.StatusUnprocessableEntity).shows("Vul bij elke dag twee tijden in")
	}
	b.post("/shop/profile", url.Values{"goods": {strings.Repeat("x", 81)}}).want(http.StatusUnprocessableEntity).shows("te lang")
	b.post("/shop/profile", url.Values{"sector": {"smuggling"}}).want(http.StatusUnprocessableEntity).shows("Kies een soort uit de lijst")
	if kept, err := s.people.Profile(bakker.ID); kept != want || err != nil {
		t.Errorf("after refusals %+v, %v", kept, err)
	}
	s.desk().post(at(bakker)+"/profile", url.Values{"sector": {"care"}}).want(http.StatusSeeOther)
	if of, err := s.people.SectorOf(); of[bakker.Owner] != "care" || err != nil {
		t.Errorf("the desk chose care, kept are %v, %v", of, err)
	}
	b.post("/shop/profile", url.Values{"icon": {"skull"}}).want(http.StatusSeeOther)
	if kept, err := s.people.Profile(bakker.ID); kept.Icon != "shop" || !kept.Hidden || err != nil {
		t.Errorf("with an icon that is none and out of the list: %+v, %v", kept, err)
	}
}

func TestWhoPaysSeesThePictureOfTheShop(t *testing.T) {
	s := newSite(t, nil)
	bakker, anna := s.shop("Bakker"), s.resident("Anna", 1000)
	shop := s.login(bakker)
	shop.sendFile("/shop/profile/picture", photo(t, 900, 700)).want(http.StatusSeeOther)
	code := askFor(t, shop, "1,00")
	pay := s.login(anna).page("/P/"+code).shows("Bakker", "Voorbeeldstraat 1")
	var address string
	for n := range pay.parse().Descendants() {
		if n.Data == "img" {
			address = attr(n, "src")
		}
	}
	picture := s.browser().page(address)
	if kind, kept := picture.header.Get("Content-Type"), picture.header.Get("Cache-Control"); kind != "image/jpeg" || !strings.Contains(kept, "immutable") {
		t.Errorf("sent as %s, %s", kind, kept)
	}
	m, err := jpeg.Decode(strings.NewReader(picture.text))
	if err != nil || m.Bounds().Dx() != 640 {
		t.Errorf("the picture is %v, %v", m, err)
	}
	s.browser().page("/shops").wantIMG(address)
	s.desk().sendFile(at(bakker)+"/profile/picture", photo(t, 90, 70)).want(http.StatusSeeOther)
	s.browser().get(address).want(http.StatusNotFound)
	shop.post("/shop/profile/picture/remove", nil).want(http.StatusSeeOther)
	if p := s.browser().page("/shops"); strings.Contains(p.text, "<img") {
		t.Error("a picture that was taken away is still shown")
	}
	for _, wrong := range []string{"/shops/pictures/x", "/shops/pictures/x.jpg", "/shops/pictures/.jpg"} {
		s.browser().get(wrong).want(http.StatusNotFound)
	}
}

// wantIMG checks that the page shows a picture.
func (r reply) wantIMG(address string) {
	r.t.Helper()
	if !strings.Contains(r.text, fmt.Sprintf(`src="%s"`, address)) {
		r.t.Errorf("the page does not show %s", address)
	}
}

func TestWhatIsNoPhotoIsRefusedInWords(t *testing.T) {
	s := newSite(t, nil)
	b := s.login(s.shop("Bakker"))
	b.sendFile("/shop/profile/picture", []byte("<svg onload=alert(1)>")).want(http.StatusUnprocessableEntity).shows("geen foto die we kunnen lezen")
	b.sendFile("/shop/profile/picture", photo(t, 5, 5)).want(http.StatusUnprocessableEntity).shows("te groot of te klein")
	b.sendFile("/shop/profile/picture", make([]byte, people.MaxUpload+maxForm+1)).want(http.StatusRequestEntityTooLarge)
	b.post("/shop/profile/picture", url.Values{"file": {"x"}}).want(http.StatusBadRequest)
}

func TestAShopIsPutOnTheMapByPressingByStreetAndByMoving(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.shop("Bakker")
	desk := s.desk()
	at := at(bakker) + "/profile/place"
	desk.get(at).want(http.StatusNotFound)
	s.browser().get("/shops/map.svg").want(http.StatusNotFound)
	s.setMap()
	place := func(form url.Values) people.Place {
		t.Helper()
		desk.page(desk.post(at, form).want(http.StatusSeeOther).to())
		p, err := s.people.Profile(bakker.ID)
		if err != nil {
			t.Fatal(err)
		}
		return p.Place
	}
	if p := place(url.Values{"move": {"north"}}); p.Known {
		t.Errorf("a shop that is nowhere moved to %+v", p)
	}
	pressed := place(url.Values{"spot.x": {"140"}, "spot.y": {"90"}})
	if !pressed.Known || pressed.Lon < 4900 || pressed.Lon > 5100 {
		t.Errorf("pressed in the middle: %+v", pressed)
	}
	for _, form := range []url.Values{
		{"spot.x": {"0"}, "spot.y": {"0"}}, {"spot.x": {"9999"}, "spot.y": {"1"}}, {"spot.x": {"a"}, "spot.y": {"1"}}, {"street": {"Nergens"}}, {},
	} {
		if p := place(form); p != pressed {
			t.Errorf("%v puts the shop at %+v", form, p)
		}
	}
	if p := place(url.Values{"move": {"north"}}); p.Lat <= pressed.Lat || p.Lon < pressed.Lon-80 || p.Lon > pressed.Lon+80 {
		t.Errorf("moved north: %+v from %+v", p, pressed)
	}
	if p := place(url.Values{"street": {"Voorbeeldstraat"}}); p.Lon < 4900 || p.Lon > 5100 || p.Lat < 2900 || p.Lat > 3100 {
		t.Errorf("in its street: %+v", p)
	}
	svg := s.browser().page("/shops/map.svg?lon=5000&lat=3000")
	if kind := svg.header.Get("Content-Type"); kind != "image/svg+xml" || !strings.Contains(svg.text, "<circle") || strings.Contains(svg.text, "<b>") {
		t.Errorf("the map is sent as %s:\n%s", kind, svg.text)
	}
	if p := place(url.Values{"move": {"away"}}); p.Known {
		t.Errorf("taken off the map, the shop is at %+v", p)
	}
}

func TestOnlyShopsHaveAProfile(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 0)
	s.desk().get(at(anna) + "/profile").want(http.StatusNotFound)
	s.desk().post(at(anna)+"/profile", url.Values{"goods": {"x"}}).want(http.StatusNotFound)
}
