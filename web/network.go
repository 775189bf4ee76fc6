package web

import (
	"cmp"
	"encoding/csv"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"grulden/demurrage"
	"grulden/internal/books"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/wallet"
	"grulden/web/page"
)

// volumeMeter is the meter of payments, which reads on where it stopped.
type volumeMeter struct {
	mu    sync.Mutex
	meter *books.Meter
}

// year is the volume of the last twelve months.
func (m *volumeMeter) year(n *node.Node) (books.Volume, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.meter == nil {
		m.meter = books.NewMeter()
	}
	err := n.Read(func(v *node.View) error {
		return v.Records(m.meter.Seq()+1, func(r *record.Record) error {
			m.meter.Add(r)
			return nil
		})
	})
	return m.meter.Year(n.Today()), err
}

// showNetwork shows how near the wijk is to the limit above which the supervisor
// has to know, and the closed list of shops.
func (s *Server) showNetwork(w http.ResponseWriter, r *http.Request, v visit) error {
	volume, err := s.volume.year(s.node)
	if err != nil {
		return err
	}
	p := page.NetworkPage{
		Base: s.base(r, v), Volume: euros(v.lang, volume.Cents), Limit: euros(v.lang, books.Threshold),
		Percent: percentText(v.lang, volume.Permille()), Share: int(min(volume.Permille()/10, 100)), CSV: "/network.csv",
	}
	word := map[int]page.Key{0: "network.calm", 50: "network.half", 80: "network.near", 95: "network.almost", 100: "network.over"}[volume.Warning()]
	p.Warning, p.Calm = p.T(word), volume.Warning() == 0
	p.Period = p.T("network.period", "from", dayText(v.lang, volume.From), "to", dayText(v.lang, volume.To))
	p.Payments = p.T("network.payments", "count", strconv.Itoa(volume.Payments))
	if volume.Peak > 0 {
		p.Peak = p.T("network.peak", "amount", euros(v.lang, volume.Peak), "day", dayText(v.lang, volume.PeakDay))
	}
	shops, err := s.networkShops()
	if err != nil {
		return err
	}
	missing := 0
	for _, shop := range shops {
		line := page.NetworkShop{Name: shop.name, Goods: shop.goods, Area: shop.area}
		if day, err := demurrage.ParseDay(shop.contract); err == nil {
			line.Contract = dayText(v.lang, day)
		}
		if line.Contract == "" || line.Area == "" {
			missing++
		}
		if slices.Contains(desk, v.person.Role) {
			line.Href = "/desk/people/" + shop.id.String()
		}
		p.Shops = append(p.Shops, line)
	}
	if missing > 0 {
		p.Missing = p.T("network.missing", "count", strconv.Itoa(missing))
	}
	return s.show(w, http.StatusOK, p)
}

// networkShop is a shop of the closed list.
type networkShop struct {
	id                                    people.ID
	name, owner, goods, address, contract string
	area                                  string // of the postcode: its four digits
}

// postcode is a Dutch one; its digits name an area.
var postcode = regexp.MustCompile(`\b([1-9][0-9]{3}) ?[A-Za-z]{2}\b`)

// networkShops are all shops, by name.
func (s *Server) networkShops() (shops []networkShop, err error) {
	all, err := s.people.Everybody()
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if p.Role != people.Merchant {
			continue
		}
		profile, err := s.people.Profile(p.ID)
		if err != nil {
			return nil, err
		}
		shop := networkShop{id: p.ID, name: p.Title(), owner: p.Name, goods: profile.Goods, address: p.Address, contract: p.Contract}
		if found := postcode.FindStringSubmatch(p.Address); found != nil {
			shop.area = found[1]
		}
		shops = append(shops, shop)
	}
	slices.SortFunc(shops, func(a, b networkShop) int { return cmp.Compare(strings.ToLower(a.name), strings.ToLower(b.name)) })
	return shops, nil
}

// networkCSV sends the list of shops and the volume, as the supervisor may ask it.
func (s *Server) networkCSV(w http.ResponseWriter, _ *http.Request, v visit) error {
	volume, err := s.volume.year(s.node)
	if err != nil {
		return err
	}
	shops, err := s.networkShops()
	if err != nil {
		return err
	}
	download(w, "text/csv; charset=utf-8", "netwerk-"+volume.To.String()+".csv")
	_, _ = io.WriteString(w, "\ufeff") // a visitor who hung up is no error of ours
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	t := v.lang.Text
	_ = out.Write([]string{t("network.name"), t("network.goods"), t("network.area"), t("network.contract")})
	for _, shop := range shops {
		_ = out.Write([]string{wallet.Harmless(shop.name), wallet.Harmless(shop.goods), shop.area, shop.contract})
	}
	_ = out.Write([]string{"", "", volume.From.String(), volume.To.String()})
	_ = out.Write([]string{t("network.title"), strconv.Itoa(volume.Payments), decimal(volume.Cents), decimal(books.Threshold)})
	out.Flush()
	return nil
}
