package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"grulden/internal/people"
	"grulden/internal/report"
	"grulden/internal/wijkmap"
	"grulden/web/page"
)

// profiled is whose profile a page is about, and where the page is: the
// visitor's own shop's, or at the desk that of the shop in the address.
func (s *Server) profiled(r *http.Request, v visit) (shop people.Person, at string, err error) {
	if r.PathValue("id") == "" {
		return v.purse, "/shop/profile", nil
	}
	if shop, err = s.memberOf(r); err == nil && shop.Role != people.Merchant {
		err = errNotFound
	}
	return shop, "/desk/people/" + shop.ID.String() + "/profile", err
}

// askProfile shows what a shop tells about itself.
func (s *Server) askProfile(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.profilePage(w, r, v, http.StatusOK, nil, nil)
}

// profilePage shows the form: what is kept, or what was typed, with what is
// wrong about it.
func (s *Server) profilePage(w http.ResponseWriter, r *http.Request, v visit, status int, typed *typedProfile, problems map[string]string) error {
	shop, at, err := s.profiled(r, v)
	if err != nil {
		return err
	}
	kept, err := s.people.Profile(shop.ID)
	if err != nil {
		return err
	}
	m, err := s.wijkmap.Map()
	if err != nil {
		return err
	}
	if typed == nil {
		typed = typedFrom(kept)
	}
	p := page.ProfilePage{
		Base: s.base(r, v), At: at, Name: shop.Title(), Goods: typed.goods, Listed: typed.listed,
		Picture: pictureAddress(kept), HasMap: m != nil, Placed: kept.Place.Known, Problems: problems,
	}
	for _, name := range page.ShopIcons {
		p.Icons = append(p.Icons, page.IconChoice{Name: name, Word: page.IconWord(name), Chosen: name == typed.icon})
	}
	for _, sector := range people.Sectors() {
		p.Sectors = append(p.Sectors, page.SectorChoice{
			Name: string(sector), Word: report.SectorWord(string(sector)).In(string(v.lang)), Chosen: string(sector) == typed.sector,
		})
	}
	for _, d := range weekOrder {
		h := typed.hours[d]
		p.Days = append(p.Days, page.DayHours{Index: strconv.Itoa(int(d)), Word: weekdays[d], Open: h[0], Close: h[1]})
	}
	return s.show(w, status, p)
}

// typedProfile is a profile as people type it.
type typedProfile struct {
	goods, icon, sector string
	listed              bool
	hours               [7][2]string // by time.Weekday
}

func typedFrom(p people.Profile) *typedProfile {
	t := &typedProfile{goods: p.Goods, icon: shopIcon(p), sector: string(p.Sector), listed: !p.Hidden}
	for d, span := range p.Hours {
		if !span.Closed() {
			t.hours[d] = [2]string{minuteText(span.Open), minuteText(span.Close)}
		}
	}
	return t
}

// week reads the hours of the days.
func (t *typedProfile) week() (w people.Week, err error) {
	for d, h := range t.hours {
		if h == [2]string{} {
			continue
		}
		opens, openErr := time.Parse("15:04", h[0])
		closes, closeErr := time.Parse("15:04", h[1])
		if openErr != nil || closeErr != nil {
			return w, people.ErrHours
		}
		w[d] = people.Span{Open: 60*opens.Hour() + opens.Minute(), Close: 60*closes.Hour() + closes.Minute()}
		if w[d].Closed() { // from midnight to midnight is no day at all
			return w, people.ErrHours
		}
	}
	return w, nil
}

// takeProfile keeps what a shop tells about itself.
func (s *Server) takeProfile(w http.ResponseWriter, r *http.Request, v visit) error {
	shop, at, err := s.profiled(r, v)
	if err != nil {
		return err
	}
	names := []string{"goods", "icon", "listed", "sector"}
	for d := range 7 {
		names = append(names, fmt.Sprintf("open%d", d), fmt.Sprintf("close%d", d))
	}
	f, err := form(r, names...)
	if err != nil {
		return err
	}
	typed := &typedProfile{goods: f[0], icon: f[1], listed: f[2] == "yes", sector: f[3]}
	for d := range 7 {
		typed.hours[d] = [2]string{f[4+2*d], f[5+2*d]}
	}
	hours, err := typed.week()
	if err == nil {
		err = s.people.ChangeProfile(shop.ID, func(p *people.Profile) {
			p.Goods, p.Hours, p.Hidden = typed.goods, hours, !typed.listed
			p.Icon = shopIcon(people.Profile{Icon: typed.icon})
			p.Sector = people.Sector(typed.sector)
		})
	}
	if err == nil {
		return goTo(w, r, at+"?done=changed")
	}
	if problems := profileProblems(v.lang, err); problems != nil {
		return s.profilePage(w, r, v, http.StatusUnprocessableEntity, typed, problems)
	}
	return err
}

// profileProblems says under which field to tell what about an error; nil if it
// is not about what was typed.
func profileProblems(lang page.Lang, err error) map[string]string {
	for _, f := range []struct {
		err   error
		field string
		text  page.Key
	}{
		{people.ErrGoods, "goods", "profile.toolong"},
		{people.ErrSector, "sector", "profile.badsector"},
		{people.ErrHours, "hours", "profile.badhours"},
		{people.ErrPicture, "picture", "profile.nophoto"},
		{people.ErrPictureSize, "picture", "profile.photosize"},
	} {
		if errors.Is(err, f.err) {
			return map[string]string{f.field: lang.Text(f.text)}
		}
	}
	return nil
}

// takePicture keeps a photograph of a shop.
func (s *Server) takePicture(w http.ResponseWriter, r *http.Request, v visit) error {
	shop, at, err := s.profiled(r, v)
	if err != nil {
		return err
	}
	file, err := readUpload(r)
	if err != nil {
		return err
	}
	err = s.people.SetPicture(shop.ID, file)
	if problems := profileProblems(v.lang, err); problems != nil {
		return s.profilePage(w, r, v, http.StatusUnprocessableEntity, nil, problems)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, at+"?done=changed")
}

// removePicture takes a shop's photograph away.
func (s *Server) removePicture(w http.ResponseWriter, r *http.Request, v visit) error {
	shop, at, err := s.profiled(r, v)
	if err != nil {
		return err
	}
	if err := s.people.RemovePicture(shop.ID); err != nil {
		return err
	}
	return goTo(w, r, at+"?done=changed")
}

// The map on which a shop's place is pressed: so wide that it fits the smallest
// phone, in pixels, because a press is told in pixels.
const pressedWidth = 280

// askPlace shows the map to press on, and ways to do without pressing.
func (s *Server) askPlace(w http.ResponseWriter, r *http.Request, v visit) error {
	shop, at, m, err := s.placed(r, v)
	if err != nil {
		return err
	}
	profile, err := s.people.Profile(shop.ID)
	if err != nil {
		return err
	}
	view := m.View(pressedWidth)
	p := page.PlacePage{
		Base: s.oneTask(r, v), At: at + "/place", Back: at, Name: shop.Title(), Streets: m.Streets(),
		Placed: profile.Place.Known, Picture: "/shops/map.svg", Width: view.Width, Height: view.Height,
	}
	if place := profile.Place; place.Known {
		p.Picture += fmt.Sprintf("?lon=%d&lat=%d", place.Lon, place.Lat)
	}
	return s.show(w, http.StatusOK, p)
}

// placed is profiled together with the map, which must be there.
func (s *Server) placed(r *http.Request, v visit) (shop people.Person, at string, m *wijkmap.Map, err error) {
	if shop, at, err = s.profiled(r, v); err != nil {
		return shop, at, nil, err
	}
	if m, err = s.wijkmap.Map(); err == nil && m == nil {
		err = errNotFound
	}
	return shop, at, m, err
}

// takePlace puts a shop on the map: where it was pressed, in a street, or a
// little further.
func (s *Server) takePlace(w http.ResponseWriter, r *http.Request, v visit) error {
	shop, at, m, err := s.placed(r, v)
	if err != nil {
		return err
	}
	f, err := form(r, "spot.x", "spot.y", "street", "move")
	if err != nil {
		return err
	}
	err = s.people.ChangeProfile(shop.ID, func(p *people.Profile) { p.Place = newPlace(m, p.Place, f) })
	if err != nil {
		return err
	}
	return goTo(w, r, at+"/place")
}

// newPlace is where the form puts a shop that was at a place: f has the pixels
// that were pressed, a street and a direction. Enter on the map presses no
// pixel, which browsers tell as the corner.
func newPlace(m *wijkmap.Map, old people.Place, f []string) people.Place {
	view := m.View(pressedWidth)
	const step = pressedWidth / 40
	x, xErr := strconv.Atoi(f[0])
	y, yErr := strconv.Atoi(f[1])
	pressed := xErr == nil && yErr == nil && (x > 0 || y > 0)
	if middle, ok := m.Middle(f[2]); ok {
		x, y, pressed = view.At(middle)
	}
	if move := strings.ToLower(f[3]); move == "away" {
		return people.Place{}
	} else if old.Known && move != "" {
		x, y, pressed = view.At(wijkmap.Point{Lon: old.Lon, Lat: old.Lat})
		x += map[string]int{"west": -step, "east": step}[move]
		y += map[string]int{"north": -step, "south": step}[move]
	}
	if !pressed || x < 0 || y < 0 || x > view.Width || y > view.Height {
		return old
	}
	p := view.Place(x, y)
	return people.Place{Known: true, Lon: p.Lon, Lat: p.Lat}
}
