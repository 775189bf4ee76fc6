package report

import (
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// Party is who a sum is made of, seen from one side: the payers, the receivers, or
// those who hold it. Where nobody keeps who they are, it is the worst that they can
// be: no more owners than there must be, and no smaller ones at the top.
type Party struct {
	Owners int
	Top    [2]*big.Rat // what the largest and the second added
}

// Part is a part of a sum that is told apart, and who is behind it.
type Part struct {
	Key     string
	Value   *big.Rat
	Parties []Party
}

// Sides are who is behind the sums of a report: from each side of a payment.
type Sides struct {
	*Report
	twice int // owners with accounts of more than one role, who are counted for each
}

// Sides tells who is behind the sums of the report, which must be one with owners.
func (r *Report) Sides() *Sides {
	owners := 0
	for _, number := range r.data.owners {
		owners = max(owners, number+1)
	}
	return &Sides{r, len(r.data.owners) - owners}
}

// Parts are what sums are told apart in, by their key: paid by its hop ("hops") and
// by how long it had lain ("holding"), paid to shops by the kind of business
// ("sectors"), what became convertible ("ripe") and what melted ("melted"); and of
// what is held at the end, how far it is ("life"), how long it has lain ("lain") and
// how old it is ("age"); and how far was what was held before the first day ("was").
func (s *Sides) Parts() map[string][]Part {
	all := map[string][]Part{
		"sectors": s.sectors(), "ripe": s.ripened(), "melted": s.melted(),
		"life": s.life(s.data.end), "was": s.life(s.data.start), "lain": s.lain(), "age": s.byAge(),
	}
	for k := 1; k <= len(s.ByHop); k++ {
		all["hops"] = append(all["hops"], s.paid("hop_"+strconv.Itoa(k), row(k)))
	}
	all["hops"] = append(all["hops"], s.paid("returned", rowReturned), s.paid("same_day", rowSameDay), s.paid("convertible", rowConvertible))
	for span := range spanCount {
		from, to := s.added(s.data.total, anybody, cellEnded+span), s.added(s.data.total, anybody, cellGotAfter+span)
		all["holding"] = append(all["holding"], Part{spanKey(span), from.Value, []Party{from.party(), to.party()}})
	}
	return all
}

func spanKey(span cell) string { return "span_" + strconv.Itoa(int(span)) }

// Wholes are sums over all of them, by their key: what was paid with money that had
// been paid before ("paid_again"), what became convertible ("ripe"), what melted,
// what was issued, what was asked in euros, and what all have on average ("stock").
func (s *Sides) Wholes() map[string]Part {
	again := []row{rowConvertible, rowReturned, rowSameDay}
	for k := 2; k <= len(s.ByHop); k++ {
		again = append(again, row(k))
	}
	var hops, both []cell
	for span := range spanCount {
		hops, both = append(hops, cellByHops+span), append(both, cellByHops+span, cellByAge+span)
	}
	ripe := s.added(s.data.total, anybody, both...)
	stock := s.stockOf(s.data.total, anybody, s.Period.Days())
	stock.Value = s.StockMean
	one := func(c Cell) Part { return Part{"", c.Value, []Party{c.party()}} }
	return map[string]Part{
		"paid_again": s.paid("", again...), "melted": one(s.added(s.data.total, anybody, cellMelted)),
		"issued": one(s.added(s.data.total, anybody, cellIssued)), "asked": one(s.added(s.data.total, anybody, cellAsked)), "stock": one(stock),
		"ripe": {"", ripe.Value, append([]Party{ripe.party()}, s.lastPayers(s.added(s.data.total, anybody, hops...))...)},
	}
}

// ConvertibleHeld is how much of what all have is convertible before the first day,
// and at the end of the last.
func (r *Report) ConvertibleHeld() (start, end *big.Rat) {
	of := func(e *ending) *big.Rat {
		return new(big.Rat).Add(heldBy(&e.cells[cellByHop]).Value, heldBy(&e.cells[cellAged]).Value)
	}
	return of(r.data.start), of(r.data.end)
}

// RowText is what a part is called, by the key of the parts and its own.
func RowText(parts, key string) Text {
	switch parts {
	case "sectors":
		return groupWord(key)
	case "age":
		return ageTexts[key]
	case "hops":
		if key == "convertible" {
			return Text{"geld dat al mocht worden geruild", "money that could be changed already"}
		}
	case "life":
		if key == "convertible" {
			return Text{"mag worden geruild voor euro’s", "may be changed into euros"}
		}
		return Text{strings.TrimPrefix(key, "life_") + " keer", strings.TrimPrefix(key, "life_") + " times"}
	}
	if text, ok := rowTexts[key]; ok {
		return text
	}
	if key == elsewhere {
		return groupWord(key)
	}
	name := strings.TrimRight(key, "0123456789")
	return rowTexts[name].fill("{n}", key[len(name):])
}

// party is who a cell of a table is made of.
func (c Cell) party() Party { return Party{c.Owners, c.Top} }

// paid is a part of the volume.
func (s *Sides) paid(key string, rows ...row) Part {
	from, to := make([]cell, len(rows)), make([]cell, len(rows))
	for i, row := range rows {
		from[i], to[i] = cellRow+cell(row), cellGot+cell(row)
	}
	paid := s.added(s.data.total, anybody, from...)
	return Part{key, paid.Value, []Party{paid.party(), s.added(s.data.total, anybody, to...).party()}}
}

// worst is the worst that a sum can be made of, when it is known what each can have
// added to it at most. What none of them can have added is the largest's.
func worst(most []sum, value *big.Rat) Party {
	slices.SortFunc(most, func(a, b sum) int {
		switch {
		case b.less(&a):
			return -1
		case a.less(&b):
			return +1
		}
		return 0
	})
	p := Party{Top: [2]*big.Rat{new(big.Rat), new(big.Rat)}}
	rest := new(big.Rat).Set(value)
	for i := range most {
		if rest.Sign() == 0 || most[i] == (sum{}) {
			break
		}
		part := ofWorth(&most[i])
		if part.Cmp(rest) > 0 {
			part.Set(rest)
		}
		if i < len(p.Top) {
			p.Top[i].Set(part)
		}
		rest.Sub(rest, part)
		p.Owners++
	}
	p.Top[0].Add(p.Top[0], rest)
	return p
}

// sectors are what each kind of business got: of both sides all is known.
func (s *Sides) sectors() (all []Part) {
	flows := map[string]*flow{}
	for _, e := range s.edges {
		if !toShop(e) {
			continue
		}
		group := s.groupOf(e.To, e.ToRole)
		if flows[group] == nil {
			flows[group] = new(flow)
		}
		flows[group].add(e)
	}
	for _, group := range slices.Sorted(maps.Keys(flows)) {
		f := flows[group]
		all = append(all, Part{group, ofCents(f.sum), []Party{f.payers.party(), f.receivers.party()}})
	}
	return all
}

func (s side) party() Party {
	first, second := s.largest()
	return Party{len(s), [2]*big.Rat{ofCents(first), ofCents(second)}}
}

// lastPayers are the worst that those can be who paid, for the last time that it
// takes, what ripened by its hops; none where nothing did.
func (s *Sides) lastPayers(ripened Cell) []Party {
	if ripened.Value.Sign() == 0 || len(s.ByHop) == 0 {
		return nil
	}
	last := s.owned(s.data.total, anybody, cellRow+cell(len(s.ByHop)))
	return []Party{worst(last, ripened.Value)}
}

// ripened is what became convertible: by its hops, after how long, and by its age.
func (s *Sides) ripened() (all []Part) {
	var aged []cell
	for span := range spanCount {
		c := s.added(s.data.total, anybody, cellByHops+span)
		all = append(all, Part{spanKey(span), c.Value, append([]Party{c.party()}, s.lastPayers(c)...)})
		aged = append(aged, cellByAge+span)
	}
	c := s.added(s.data.total, anybody, aged...)
	return append(all, Part{"by_age", c.Value, []Party{c.party()}})
}

// melted is what melted at residents, at shops and at others.
func (s *Sides) melted() []Part {
	others := Part{Key: elsewhere, Value: new(big.Rat), Parties: []Party{{}}}
	parts := make([]Part, 0, 3)
	for role, name := range s.data.roles {
		c := s.added(s.data.total, role, cellMelted)
		if name == residentRole || name == shopRole {
			parts = append(parts, Part{name, c.Value, []Party{c.party()}})
		} else {
			others.Value.Add(others.Value, c.Value)
			others.Parties[0].Owners = max(others.Parties[0].Owners, c.Owners)
			others.Parties[0].add(c.Top)
		}
	}
	return append(parts, others)
}

// add adds what may have come from the same owners.
func (p *Party) add(top [2]*big.Rat) {
	for i, v := range top {
		if p.Top[i] == nil {
			p.Top[i] = new(big.Rat)
		}
		if v != nil {
			p.Top[i].Add(p.Top[i], v)
		}
	}
}

// life is how far what is held at the end of a day is on its way. What is
// convertible by its hops and by its age is one part.
func (s *Sides) life(e *ending) (all []Part) {
	at := func(c cell) Part {
		held := heldBy(&e.cells[c])
		return Part{"life_" + strconv.Itoa(int(c-cellLife)), held.Value, []Party{s.merged(held.party())}}
	}
	for k := range max(cell(len(s.ByHop)), 1) {
		all = append(all, at(cellLife+k))
	}
	ripe, aged := at(cellByHop), at(cellAged)
	ripe.Key, ripe.Value = "convertible", ripe.Value.Add(ripe.Value, aged.Value)
	ripe.Parties[0].Owners = max(ripe.Parties[0].Owners, aged.Parties[0].Owners)
	ripe.Parties[0].add(aged.Parties[0].Top)
	return append(all, ripe)
}

// lain is how long what is held at the end has lain there.
func (s *Sides) lain() (all []Part) {
	for span := range spanCount {
		held := heldBy(&s.data.end.cells[cellLain+span])
		all = append(all, Part{spanKey(span), held.Value, []Party{s.merged(held.party())}})
	}
	return all
}

// merged is a party in which some owners may be counted for each of their roles.
func (s *Sides) merged(p Party) Party {
	if s.twice == 0 {
		return p
	}
	largest := new(big.Rat).Mul(p.Top[1], whole(s.twice))
	return Party{max(p.Owners-s.twice, 0), [2]*big.Rat{largest.Add(largest, p.Top[0]), p.Top[1]}}
}

// ageTexts are how old money is: from the month it was made in to the last month.
var ageTexts = map[string]Text{
	"age_0": {"korter dan 3 maanden", "less than 3 months"}, "age_1": {"3 tot 6 maanden", "3 to 6 months"},
	"age_2": {"6 tot 12 maanden", "6 to 12 months"}, "age_3": {"12 maanden of langer", "12 months or more"},
}

// byAge is what is held at the end, by the months since it was made. The months are
// kept one by one: the owners of several may be the same.
func (s *Sides) byAge() []Part {
	months := [...]int{3, 6, 12}
	all := make([]Part, len(months)+1)
	for i := range all {
		all[i] = Part{"age_" + strconv.Itoa(i), new(big.Rat), []Party{{}}}
	}
	last := len(s.data.cohorts) - 1
	for month := range s.data.cohorts {
		at, held := 0, s.data.end.issuedIn(month)
		for at < len(months) && last-month >= months[at] {
			at++
		}
		c, p := heldBy(&held), &all[at].Parties[0]
		all[at].Value.Add(all[at].Value, c.Value)
		p.Owners = max(p.Owners, c.Owners)
		p.add(c.Top)
	}
	for i := range all {
		if p := &all[i].Parties[0]; p.Owners > 0 {
			*p = s.merged(*p)
		}
	}
	return all
}
