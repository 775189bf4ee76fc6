package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/wijkmap"
	"grulden/web/page"
)

// listShops is the public list of shops, with the map.
func (s *Server) listShops(w http.ResponseWriter, r *http.Request, v visit) error {
	p := page.ShopsPage{Base: s.base(r, v), Query: r.URL.Query().Get("q")}
	shops, err := s.openShops(p.Query)
	if err != nil {
		return err
	}
	number := func(i int) string { return strconv.Itoa(i + 1) }
	marked := make([]bool, len(shops))
	m, err := s.wijkmap.Map()
	if err != nil {
		return err
	}
	if m != nil {
		drawn, view := drawMap(m)
		marked = markShops(&drawn, view, shops, number)
		p.Map = &drawn
	}
	for i, shop := range shops {
		line := shopLine(v.lang, shop, inWijk(s.node.Now()))
		line.Anchor = "shop" + number(i)
		if marked[i] {
			line.Number = number(i)
		}
		p.Shops = append(p.Shops, line)
	}
	return s.show(w, http.StatusOK, p)
}

// openShops are the shops in the public list that can be paid.
func (s *Server) openShops(query string) ([]people.Shop, error) {
	listed, err := s.people.Shops(query)
	if err != nil {
		return nil, err
	}
	var shops []people.Shop
	err = s.node.Read(func(view *node.View) error {
		for _, shop := range listed {
			a, err := view.Account(shop.Person.Account)
			if err != nil {
				return err
			}
			if a != nil && !a.Blocked {
				shops = append(shops, shop)
			}
		}
		return nil
	})
	return shops, err
}

// shopLine formats a shop as it is at a moment.
func shopLine(lang page.Lang, shop people.Shop, now time.Time) page.ShopLine {
	p := shop.Profile
	line := page.ShopLine{
		Name: shop.Person.Title(), Goods: p.Goods, Address: shop.Person.Address,
		Picture: pictureAddress(p), Icon: shopIcon(p), Hours: hoursText(lang, p.Hours),
	}
	if p.Hours.Known() {
		line.IsOpen, line.Open = p.Hours.OpenAt(now), "shops.closed"
		if line.IsOpen {
			line.Open = "shops.open"
		}
	}
	return line
}

// shopIcon is the pictogram of a shop: the one chosen, or any shop's.
func shopIcon(p people.Profile) string {
	for _, name := range page.ShopIcons {
		if name == p.Icon {
			return name
		}
	}
	return page.ShopIcons[0]
}

// pictureAddress is where a shop's picture is; empty when there is none.
func pictureAddress(p people.Profile) string {
	if p.Picture == "" {
		return ""
	}
	return "/shops/pictures/" + p.Picture + ".jpg"
}

// weekdays are the names of the days, and weekOrder is how a week is read.
var (
	weekdays  = [7]page.Key{"weekday.0", "weekday.1", "weekday.2", "weekday.3", "weekday.4", "weekday.5", "weekday.6"}
	weekOrder = [7]time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
)

// hoursText writes opening hours, days with the same ones in one line.
func hoursText(lang page.Lang, w people.Week) (lines []string) {
	for i := 0; i < len(weekOrder); {
		from, span := i, w[weekOrder[i]]
		for i < len(weekOrder) && w[weekOrder[i]] == span {
			i++
		}
		if span.Closed() {
			continue
		}
		days := lang.Text(weekdays[weekOrder[from]])
		if i-from > 1 {
			days = lang.Text("shops.days", "first", days, "last", lang.Text(weekdays[weekOrder[i-1]]))
		}
		lines = append(lines, lang.Text("shops.hours", "days", days, "open", minuteText(span.Open), "close", minuteText(span.Close)))
	}
	return lines
}

func minuteText(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60%24, minute%60) }

// shopPicture sends the picture of a shop. Its name follows from what is in it,
// so browsers keep it.
func (s *Server) shopPicture(w http.ResponseWriter, r *http.Request, _ visit) error {
	name, ok := strings.CutSuffix(r.PathValue("file"), ".jpg")
	if !ok {
		return errNotFound
	}
	picture, ok, err := s.people.Picture(name)
	if err != nil {
		return err
	}
	if !ok {
		return errNotFound
	}
	h := w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Content-Length", strconv.Itoa(len(picture)))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(picture) // a visitor who hung up is no error of ours
	return nil
}

// mapPicture sends the map as a picture of its own, with a mark if the address
// names a place.
func (s *Server) mapPicture(w http.ResponseWriter, r *http.Request, _ visit) error {
	m, err := s.wijkmap.Map()
	if err != nil {
		return err
	}
	if m == nil {
		return errNotFound
	}
	drawn, view := drawMap(m)
	lon, lonErr := strconv.ParseInt(r.URL.Query().Get("lon"), 10, 32)
	lat, latErr := strconv.ParseInt(r.URL.Query().Get("lat"), 10, 32)
	if lonErr == nil && latErr == nil {
		if x, y, inside := view.At(wijkmap.Point{Lon: int32(lon), Lat: int32(lat)}); inside {
			drawn.Marks = append(drawn.Marks, page.MapMark{X: x, Y: y})
		}
	}
	svg, err := s.pages.Map(drawn)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Content-Length", strconv.Itoa(len(svg)))
	h.Set("Cache-Control", "no-cache")
	_, _ = w.Write(svg) // a visitor who hung up is no error of ours
	return nil
}
