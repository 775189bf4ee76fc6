package web

import (
	"cmp"
	"math"
	"math/big"
	"net/http"
	"slices"
	"strconv"

	"grulden/internal/people"
	"grulden/internal/report"
	"grulden/ledger"
	"grulden/web/page"
)

const widest = 90 // radius of the ring of who was paid most, in the map's units

// paidShop is a shop and what it was paid in a period.
type paidShop struct {
	people.Shop
	amount ledger.Cents
}

// showReportMap shows where in the wijk the payments arrive. It names shops, so it
// is for who works with them, and is not published.
func (s *Server) showReportMap(w http.ResponseWriter, r *http.Request, v visit) error {
	at, err := s.reportOn(r, v, "/report/map", true)
	if err != nil {
		return err
	}
	p := page.ReportMapPage{ReportHead: at.head}
	if at.figures == nil {
		return s.show(w, at.status, p)
	}
	shops, err := s.paidShops(at.figures.Period)
	if err != nil {
		return err
	}
	marked, err := s.drawPaid(&p, shops)
	if err != nil {
		return err
	}
	off := 0
	for i, shop := range shops {
		row := page.MapRow{Name: shop.Person.Title(), Amount: v.lang.Money(int64(shop.amount)), Share: partOf(v.lang, shop.amount, at.figures.Volume)}
		if marked[i] {
			row.Number = strconv.Itoa(i + 1)
		} else {
			off++
		}
		p.Rows = append(p.Rows, row)
	}
	if off > 0 && p.Map != nil {
		p.Blank = p.T("report.offmap", "count", strconv.Itoa(off))
	}
	return s.show(w, http.StatusOK, p)
}

// partOf is a part of a sum in per cent.
func partOf(lang page.Lang, part, of ledger.Cents) string {
	return rounded(lang, quotient(big.NewRat(int64(part), 1), big.NewRat(int64(of), 1)), 100, 1) + " %"
}

// paidShops are the shops that were paid in a period, the most first.
func (s *Server) paidShops(p report.Period) (shops []paidShop, err error) {
	edges, err := s.sums.Edges(p)
	if err != nil {
		return nil, err
	}
	received := make(map[ledger.OwnerID]ledger.Cents)
	for _, e := range edges {
		received[e.To] += e.Amount
	}
	all, err := s.people.Everybody()
	if err != nil {
		return nil, err
	}
	for _, person := range all {
		if person.Role != people.Merchant || received[person.Owner] == 0 {
			continue
		}
		profile, err := s.people.Profile(person.ID)
		if err != nil {
			return nil, err
		}
		shops = append(shops, paidShop{people.Shop{Person: person, Profile: profile}, received[person.Owner]})
	}
	slices.SortStableFunc(shops, func(a, b paidShop) int {
		return cmp.Or(cmp.Compare(b.amount, a.amount), cmp.Compare(a.Person.Title(), b.Person.Title()))
	})
	return shops, nil
}

// drawPaid puts the shops on the map, if there is one, and tells which are on it.
func (s *Server) drawPaid(p *page.ReportMapPage, shops []paidShop) (marked []bool, err error) {
	marked = make([]bool, len(shops))
	m, err := s.wijkmap.Map()
	if m == nil || err != nil {
		return marked, err
	}
	drawn, view := drawMap(m)
	places := make([]people.Shop, len(shops))
	for i, shop := range shops {
		places[i] = shop.Shop
	}
	marked = markShops(&drawn, view, places, func(i int) string { return strconv.Itoa(i + 1) })
	mark := 0
	for i, on := range marked {
		if on {
			drawn.Marks[mark].Around = ring(shops[i].amount, shops[0].amount)
			mark++
		}
	}
	p.Map = &drawn
	return marked, nil
}

// ring is the radius of a shop's ring on the map: its surface goes with the amount.
func ring(amount, most ledger.Cents) int {
	return int(widest * math.Sqrt(float64(amount)/float64(most)))
}
