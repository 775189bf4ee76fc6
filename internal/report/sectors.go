package report

import (
	"cmp"
	"maps"
	"slices"

	"grulden/ledger"
)

// Sectors tells the kind of business that each shop says it is.
type Sectors func() (map[ledger.OwnerID]string, error)

// Ask has the keeper ask for the kinds of businesses whenever a report is made
// whose options do not say them. It is called before the first report.
func (k *Keeper) Ask(sectors Sectors) { k.sectors = sectors }

// Sectors are what the shops say now.
func (k *Keeper) Sectors() (map[ledger.OwnerID]string, error) {
	if k.sectors == nil {
		return nil, nil
	}
	return k.sectors()
}

// sectorWords are the kinds of business that shops choose from.
var sectorWords = map[string]Text{
	"food":     {"winkel met eten en drinken", "food and drink shop"},
	"eatery":   {"restaurant of koffiehuis", "restaurant or café"},
	"goods":    {"winkel met andere spullen", "shop for other things"},
	"repair":   {"maken en repareren", "making and repairing"},
	"care":     {"kapper, zorg en gezondheid", "hair, care and health"},
	"services": {"hulp en andere diensten", "help and other services"},
	"leisure":  {"cultuur, sport en vrije tijd", "culture, sport and leisure"},
	"other":    {"iets anders", "something else"},
	"":         {"soort niet gezegd", "kind not told"},
}

// SectorWord is the name of a kind of business; of none and of one that is not
// known that nothing was told.
func SectorWord(sector string) Text {
	if word, ok := sectorWords[sector]; ok {
		return word
	}
	return sectorWords[""]
}

// Groups that are no kind of business.
const (
	residents = "residents"
	elsewhere = "others" // accounts of another role: gifts to the wijkfonds
	untold    = "untold"
)

// groupOf is the group of an owner with an account of a role: the residents, or
// a kind of business.
func (r *Report) groupOf(owner ledger.OwnerID, role string) string {
	switch role {
	case residentRole:
		return residents
	case shopRole:
		if _, known := sectorWords[r.sectors[owner]]; known {
			return cmp.Or(r.sectors[owner], untold)
		}
		return untold
	}
	return elsewhere
}

func groupWord(group string) Text {
	switch group {
	case residents:
		return Text{"bewoners", "residents"}
	case elsewhere:
		return Text{"anderen, zoals het wijkfonds", "others, such as the fund"}
	}
	return SectorWord(group)
}

// sectorTable is what each kind of business got and paid.
func (r *Report) sectorTable() Table {
	t := r.table(
		"sectors", Bars,
		r.column("received", Text{"Gekregen", "Received"}, money, true),
		r.column("paid", Text{"Betaald", "Paid"}, money, true),
		r.column("shops", Text{"Zaken", "Businesses"}, count, true).aside(),
		r.column("payments", Text{"Betalingen aan hen", "Payments to them"}, count, true).aside(),
		r.column("share", Text{"Deel van gekregen", "Share of received"}, percent, false).aside(),
	)
	shops, between, routes := r.paid(toShop), r.paid(fromShopToShop), r.routes()
	for _, group := range groupsOf(routes) {
		if group == residents || group == elsewhere {
			continue
		}
		var got, spent flow
		for on, edges := range routes {
			for _, e := range edges {
				if on.to == group {
					got.add(e)
				}
				if on.from == group {
					spent.add(e)
				}
			}
		}
		businesses := side{}
		maps.Copy(businesses, got.receivers)
		maps.Copy(businesses, spent.payers)
		received := got.cell()
		t.Rows = append(t.Rows, Row{Key: group, Label: groupWord(group), Cells: []Cell{
			received,
			spent.cell(),
			{Value: whole(len(businesses)), Owners: len(businesses)},
			{Value: whole(got.payments), Owners: received.Owners},
			received.of(shops.sum),
		}})
	}
	return r.filled(t, "{share}", shownShare(over(ofCents(between.sum), ofCents(shops.sum))))
}

// sectorFlowTable is what each group paid each other. The two ends of a flow have
// different names, for in a drawing money runs one way.
func (r *Report) sectorFlowTable() Table {
	t := r.table(
		"sector_flow", Sankey,
		r.column("volume", Text{"Betaald", "Paid"}, money, true),
		r.column("payments", Text{"Betalingen", "Payments"}, count, true).aside(),
		r.column("share", Text{"Deel van alles", "Share of all"}, percent, false).aside(),
	)
	routes := r.routes()
	for _, from := range groupsOf(routes) {
		for _, to := range groupsOf(routes) {
			edges := routes[route{from, to}]
			if len(edges) == 0 {
				continue
			}
			var paid flow
			for _, e := range edges {
				paid.add(e)
			}
			a, b, c := groupWord(from), groupWord(to), paid.cell()
			t.Rows = append(t.Rows, Row{
				Key: from + ">" + to, Label: Text{a.NL + " → " + b.NL, a.EN + " → " + b.EN},
				From: Text{"van: " + a.NL, "from: " + a.EN}, To: Text{"naar: " + b.NL, "to: " + b.EN},
				Cells: []Cell{c, {Value: whole(paid.payments), Owners: c.Owners}, c.of(r.Volume)},
			})
		}
	}
	return r.filled(t, "{share}", shownShare(over(ofCents(r.paid(toShop).sum), ofCents(r.Volume))))
}

func fromShopToShop(e Edge) bool { return e.FromRole == shopRole && toShop(e) }

// route is from which group to which a payment went.
type route struct{ from, to string }

// routes are the edges of the period by where they went.
func (r *Report) routes() map[route][]Edge {
	routes := make(map[route][]Edge)
	for _, e := range r.edges {
		w := route{r.groupOf(e.From, e.FromRole), r.groupOf(e.To, e.ToRole)}
		routes[w] = append(routes[w], e)
	}
	return routes
}

// groupsOf are the groups that paid or received: residents, then each kind of
// business by its key, then those that told none, then the others.
func groupsOf(routes map[route][]Edge) []string {
	seen := map[string]bool{}
	for w := range routes {
		seen[w.from], seen[w.to] = true, true
	}
	place := map[string]int{residents: 1, untold: 3, elsewhere: 4}
	return slices.SortedFunc(maps.Keys(seen), func(a, b string) int {
		return cmp.Or(cmp.Compare(cmp.Or(place[a], 2), cmp.Or(place[b], 2)), cmp.Compare(a, b))
	})
}
