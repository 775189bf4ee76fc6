package people

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"time"
)

func TestAShopsProfileIsKeptAndErasedWithIt(t *testing.T) {
	disk := newPlace(t)
	d := New(disk.open())
	p, _ := add(t, d, baker())
	want := Profile{Goods: "brood en taart", Sector: Food, Icon: "bread", Place: Place{Known: true, Lon: 6_550_000, Lat: 53_210_000}}
	want.Hours[time.Monday] = Span{Open: 9 * 60, Close: 17*60 + 30}
	err := d.ChangeProfile(p.ID, func(f *Profile) { *f = want; f.Goods = " brood\ten taart "; f.Picture = "not mine" })
	if err != nil {
		t.Fatal(err)
	}
	d = New(disk.open())
	if got, err := d.Profile(p.ID); got != want || err != nil {
		t.Errorf("profile %+v, %v; want %+v", got, err, want)
	}
	if err := d.SetPicture(p.ID, encoded(t, 100, 50, "png")); err != nil {
		t.Fatal(err)
	}
	profile, err := d.Profile(p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := d.Picture(profile.Picture); !ok || err != nil {
		t.Errorf("the picture is not found: %v, %v", ok, err)
	}
	if err := d.Erase(p.ID); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Profile(p.ID); got != (Profile{}) || err != nil {
		t.Errorf("an erased shop still tells %+v, %v", got, err)
	}
	if _, ok, err := d.Picture(profile.Picture); ok || err != nil {
		t.Errorf("an erased shop still has a picture: %v, %v", ok, err)
	}
}

// TestTheSectorsOfShopsAreToldByOwner: a shop that told none is not in the list.
func TestTheSectorsOfShopsAreToldByOwner(t *testing.T) {
	d := New(newPlace(t).open())
	shop, _ := add(t, d, baker())
	if of, err := d.SectorOf(); len(of) != 0 || err != nil {
		t.Errorf("before anybody said: %v, %v", of, err)
	}
	for _, sector := range Sectors() {
		if err := d.ChangeProfile(shop.ID, func(f *Profile) { f.Sector = sector }); err != nil {
			t.Fatal(err)
		}
		if of, err := d.SectorOf(); len(of) != 1 || of[shop.Owner] != string(sector) || err != nil {
			t.Errorf("%s: %v, %v", sector, of, err)
		}
	}
}

func TestAProfileHasBoundsAndIsOfAShop(t *testing.T) {
	d := New(newPlace(t).open())
	p, _ := add(t, d, baker())
	resident, _ := add(t, d, Person{ID: NewID(), Role: Resident, Name: "Anna"})
	for _, tt := range []struct {
		id     ID
		change func(*Profile)
		want   error
	}{
		{p.ID, func(f *Profile) { f.Goods = strings.Repeat("x", MaxGoods+1) }, ErrGoods},
		{p.ID, func(f *Profile) { f.Sector = "smuggling" }, ErrSector},
		{p.ID, func(f *Profile) { f.Hours[0] = Span{Open: 60, Close: 60} }, ErrHours},
		{p.ID, func(f *Profile) { f.Hours[0] = Span{Open: 60, Close: dayMinutes + 1} }, ErrHours},
		{p.ID, func(f *Profile) { f.Hours[0] = Span{Open: -1, Close: 60} }, ErrHours},
		{resident.ID, func(*Profile) {}, ErrRole},
		{NewID(), func(*Profile) {}, ErrNobody},
	} {
		if err := d.ChangeProfile(tt.id, tt.change); !errors.Is(err, tt.want) {
			t.Errorf("%v, want %v", err, tt.want)
		}
	}
	if got, err := d.Profile(p.ID); got != (Profile{}) || err != nil {
		t.Errorf("after refusals the profile is %+v, %v", got, err)
	}
}

func TestAShopIsOpenWithinItsHours(t *testing.T) {
	var w Week
	w[time.Monday] = Span{Open: 9 * 60, Close: 17 * 60}
	w[time.Saturday] = Span{Open: 20 * 60, Close: 2 * 60} // until Sunday morning
	for at, want := range map[string]bool{
		"2026-03-02T08:59": false, "2026-03-02T09:00": true, "2026-03-02T16:59": true, "2026-03-02T17:00": false, // Monday
		"2026-03-03T10:00": false,
		"2026-03-07T19:59": false, "2026-03-07T20:00": true, "2026-03-08T01:59": true, "2026-03-08T02:00": false, // Saturday
		"2026-03-07T01:00": false,
	} {
		when, err := time.Parse("2006-01-02T15:04", at)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.OpenAt(when); got != want {
			t.Errorf("at %s open is %v", at, got)
		}
	}
	if (Week{}).Known() || !w.Known() {
		t.Error("hours are known though none are filled in, or the other way round")
	}
}

func TestThePublicListHasTheShopsThatWantToBeInIt(t *testing.T) {
	d := New(newPlace(t).open())
	bakery, _ := add(t, d, baker())
	hidden, _ := add(t, d, Person{ID: NewID(), Role: Merchant, Name: "Bo", Shop: "Verborgen"})
	add(t, d, Person{ID: NewID(), Role: Merchant, Name: "Cas", Shop: "Fietsenmaker", Address: "Voorbeeldstraat 9"})
	add(t, d, Person{ID: NewID(), Role: Resident, Name: "Anna"})
	if err := d.ChangeProfile(hidden.ID, func(f *Profile) { f.Hidden = true }); err != nil {
		t.Fatal(err)
	}
	if err := d.ChangeProfile(bakery.ID, func(f *Profile) { f.Goods = "Warm Brood" }); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"": "Bakkerij De Korenaar, Fietsenmaker", "warm brood": "Bakkerij De Korenaar", "straat 9": "Fietsenmaker", "verborgen": "", "Anna": "",
	} {
		shops, err := d.Shops(query)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, s := range shops {
			names = append(names, s.Person.Shop)
		}
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("%q finds %s, want %s", query, got, want)
		}
	}
}

// halves is a picture that is dark at the left and light at the right.
func halves(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{20, 20, 20, 255}
			if x >= w/2 {
				c = color.NRGBA{200, 220, 240, 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func encoded(t *testing.T, w, h int, kind string) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	if kind == "png" {
		err = png.Encode(&b, halves(w, h))
	} else {
		err = jpeg.Encode(&b, halves(w, h), &jpeg.Options{Quality: 95})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withExif puts an orientation and a remark into a JPEG, as a phone does.
func withExif(picture []byte, up uint16, remark string) []byte {
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01")
	tiff = binary.BigEndian.AppendUint16(tiff, exifOrient)
	tiff = append(tiff, 0, 3, 0, 0, 0, 1)
	tiff = binary.BigEndian.AppendUint16(tiff, up)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	body := append([]byte("Exif\x00\x00"), append(tiff, remark...)...)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))...)
	return append(append(out, body...), picture[2:]...)
}

func decoded(t *testing.T, text []byte) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAPictureBecomesASmallJPEGWithNothingBesideIt(t *testing.T) {
	for _, tt := range []struct {
		upload []byte
		w, h   int
	}{
		{encoded(t, 2000, 1000, "png"), 640, 320},
		{encoded(t, 1001, 3003, "jpeg"), 213, 640},
		{encoded(t, 120, 90, "jpeg"), 120, 90},
		{withExif(encoded(t, 800, 400, "jpeg"), 1, "GPS of my home"), 640, 320},
	} {
		small, err := shrink(tt.upload)
		if err != nil {
			t.Fatal(err)
		}
		m := decoded(t, small)
		if size := m.Bounds().Size(); size != image.Pt(tt.w, tt.h) || len(small) > keptBytes {
			t.Errorf("%v and %d bytes, want %d × %d", size, len(small), tt.w, tt.h)
		}
		if bytes.Contains(small, []byte("GPS")) || bytes.Contains(small, []byte("Exif")) {
			t.Error("what the camera wrote beside the picture is still there")
		}
		left, _, _, _ := m.At(tt.w/4, tt.h/2).RGBA()
		right, _, _, _ := m.At(3*tt.w/4, tt.h/2).RGBA()
		if left>>8 > 40 || right>>8 < 180 {
			t.Errorf("the picture is another one: %d, %d", left>>8, right>>8)
		}
	}
}

// noise compresses badly.
func noise(side int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, side, side))
	x := uint32(1)
	for i := range m.Pix {
		x = x*1664525 + 1013904223
		m.Pix[i] = byte(x >> 24)
	}
	return m
}

func TestEvenAPictureOfNoiseIsKeptSmall(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, noise(700)); err != nil {
		t.Fatal(err)
	}
	small, err := shrink(b.Bytes())
	if err != nil || len(small) > keptBytes {
		t.Errorf("%d bytes, %v", len(small), err)
	}
}

func TestAPictureTakenSidewaysIsPutUpright(t *testing.T) {
	dark := func(m image.Image, x, y int) bool {
		r, _, _, _ := m.At(x, y).RGBA()
		return r>>8 < 100
	}
	for up, where := range map[uint16]string{1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"} {
		small, err := shrink(withExif(encoded(t, 200, 100, "jpeg"), up, ""))
		if err != nil {
			t.Fatal(err)
		}
		m := decoded(t, small)
		w, h := m.Bounds().Dx(), m.Bounds().Dy()
		got := map[string]bool{
			"left": dark(m, w/8, h/2) && !dark(m, 7*w/8, h/2), "right": !dark(m, w/8, h/2) && dark(m, 7*w/8, h/2),
			"top": dark(m, w/2, h/8) && !dark(m, w/2, 7*h/8), "bottom": !dark(m, w/2, h/8) && dark(m, w/2, 7*h/8),
		}
		if !got[where] {
			t.Errorf("orientation %d: the dark half is not at the %s of %d × %d: %v", up, where, w, h, got)
		}
	}
}

func TestWhatIsNoPictureOrABombIsRefused(t *testing.T) {
	d := New(newPlace(t).open())
	p, _ := add(t, d, baker())
	bomb := encoded(t, 20, 20, "png")
	binary.BigEndian.PutUint32(bomb[16:], 15_000) // width and height of the header; its checksum is mended below
	binary.BigEndian.PutUint32(bomb[20:], 15_000)
	mendPNG(bomb)
	half := encoded(t, 800, 800, "jpeg")
	for name, tt := range map[string]struct {
		upload []byte
		want   error
	}{
		"nothing": {nil, ErrPicture}, "a page": {[]byte("<html><script>"), ErrPicture}, "a drawing": {[]byte("<svg/>"), ErrPicture},
		"half a picture": {half[:len(half)/2], ErrPicture}, "a bomb": {bomb, ErrPictureSize}, "a dot": {encoded(t, 2, 2, "png"), ErrPictureSize},
		"too many bytes": {make([]byte, MaxUpload+1), ErrPictureSize},
	} {
		if err := d.SetPicture(p.ID, tt.upload); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	if got, err := d.Profile(p.ID); got.Picture != "" || err != nil {
		t.Errorf("there is a picture all the same: %+v, %v", got, err)
	}
}

// mendPNG writes the checksum that fits the first chunk of a PNG.
func mendPNG(text []byte) {
	const start, end = 12, 29
	sum := ^uint32(0)
	for _, b := range text[start:end] {
		sum ^= uint32(b)
		for range 8 {
			sum = sum>>1 ^ 0xedb88320&-(sum&1)
		}
	}
	binary.BigEndian.PutUint32(text[end:], ^sum)
}

func TestAnotherPictureTakesThePlaceOfTheFirst(t *testing.T) {
	d := New(newPlace(t).open())
	p, _ := add(t, d, baker())
	var names []string
	for _, width := range []int{100, 120} {
		if err := d.SetPicture(p.ID, encoded(t, width, 80, "jpeg")); err != nil {
			t.Fatal(err)
		}
		profile, err := d.Profile(p.ID)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, profile.Picture)
	}
	if _, ok, err := d.Picture(names[0]); ok || err != nil || names[0] == names[1] {
		t.Errorf("the first picture is still there: %v, %v", ok, err)
	}
	if jpeg, ok, err := d.Picture(names[1]); !ok || err != nil || decoded(t, jpeg).Bounds().Dx() != 120 {
		t.Errorf("the second picture: %v, %v", ok, err)
	}
	if err := d.RemovePicture(p.ID); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := d.Picture(names[1]); ok || err != nil {
		t.Errorf("a picture that was taken away is still there: %v, %v", ok, err)
	}
}
