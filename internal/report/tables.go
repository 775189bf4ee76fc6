package report

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"grulden/demurrage"
)

// maker makes a table of a report.
type maker struct {
	key  string
	make func(*Report) Table
}

// makers make the tables of a report, in the order of reading.
var makers = []maker{
	{"over_time", (*Report).overTime},
	{"money_flow", (*Report).moneyFlow},
	{"hops", (*Report).hopTable},
	{"life", (*Report).lifeTable},
	{"to_convertible", (*Report).convertibleTable},
	{"exit_hops", (*Report).exitHops},
	{"exit_age", (*Report).exitAge},
	{"redemption_lag", (*Report).lagTable},
	{"holding", (*Report).holdingTable},
	{"holding_by_role", (*Report).holdingByRole},
	{"cohorts", (*Report).cohortTable},
	{"groups", (*Report).groupTable},
	{"stuck", (*Report).stuckTable},
	{"pressure", (*Report).pressureTable},
	{"never_spent", (*Report).neverSpent},
}

// Tables are the figures of many numbers that are asked for by their keys, or all
// of them, in the order of reading. Each is made when it is asked for.
func (r *Report) Tables(keys ...string) []Table {
	makers := makers
	if !r.brief {
		makers = slices.Concat(makers, networkMakers)
	}
	var all []Table
	for _, m := range makers {
		if len(keys) > 0 && !slices.Contains(keys, m.key) {
			continue
		}
		if t := m.make(r); t.Key != "" {
			all = append(all, t)
		}
	}
	return all
}

// TableKeys are the keys of all tables, in the order of reading.
func TableKeys() (keys []string) {
	for _, m := range slices.Concat(makers, networkMakers) {
		keys = append(keys, m.key)
	}
	return keys
}

// AskWhom tells whether one of these tables cannot be made of a brief report.
func AskWhom(keys ...string) bool {
	return slices.ContainsFunc(networkMakers, func(m maker) bool { return slices.Contains(keys, m.key) })
}

// column makes a column in a unit that figures have too.
func (r *Report) column(key string, label Text, s scale, sum bool) Column {
	return Column{
		Key: key, Label: label, Unit: s.unit.fill("{coin}", r.Coin), Decimals: s.decimals, Factor: s.factor, Sum: sum,
	}
}

// filled puts the words of the report into all texts of a table.
func (r *Report) filled(t Table, pairs ...string) Table {
	for _, text := range []*Text{&t.Title, &t.Sentence, &t.Definition, &t.Caveat} {
		*text = r.worded(*text, pairs...)
	}
	return t
}

// table begins a table with its words.
func (r *Report) table(key string, chart Chart, columns ...Column) Table {
	w, ok := tableTexts[key]
	if !ok {
		w = networkWording(key)
	}
	return Table{
		Key: key, Version: 1, Chart: chart, Columns: columns,
		Title: w.title, Sentence: w.sentence, Definition: w.definition, Caveat: w.caveat, Formula: w.formula,
	}
}

// add adds a row. Its label stands in rowTexts under the key, or under the key
// without a number at its end, which is then put into it.
func (t *Table) add(key string, cells ...Cell) {
	label, ok := rowTexts[key]
	if !ok {
		name := strings.TrimRight(key, "0123456789")
		label = rowTexts[name].fill("{n}", key[len(name):])
	}
	if label == (Text{}) {
		label = Text{key, key} // a role
	}
	t.Rows = append(t.Rows, Row{Key: key, Label: label, Cells: cells})
}

// parts adds a column with the share that each cell of the first one is of all of
// them, and gives their sum.
func (t *Table) parts(r *Report) *big.Rat {
	sum := new(big.Rat)
	for i := range t.Rows {
		sum.Add(sum, t.Rows[i].Cells[0].Value)
	}
	t.Columns = append(t.Columns, r.column("share", Text{"Deel", "Share"}, percent, false).aside())
	for i := range t.Rows {
		t.Rows[i].Cells = append(t.Rows[i].Cells, t.Rows[i].Cells[0].share(sum))
	}
	return sum
}

// share is a cell as a part of a sum.
func (c Cell) share(sum *big.Rat) Cell {
	return Cell{Value: over(c.Value, sum), Owners: c.Owners, Top: [2]*big.Rat{over(c.Top[0], sum), over(c.Top[1], sum)}}
}

// over is a / b, nil if b is nought or there is no a.
func over(a, b *big.Rat) *big.Rat {
	if a == nil || b.Sign() == 0 {
		return nil
	}
	return new(big.Rat).Quo(a, b)
}

// shownShare is a share as whole percents, a dash for none.
func shownShare(share *big.Rat) string {
	if share == nil {
		return "–"
	}
	return decimal(new(big.Rat).Mul(share, big.NewRat(100, 1)), 0)
}

// anybody stands for all roles.
const anybody = -1

// added is what the holders of a role added to some cells.
func (r *Report) added(b *block, role int, cells ...cell) Cell {
	var total sum
	for _, c := range cells {
		for i := range b.totals[c] {
			if role == anybody || role == i {
				total.plus(&b.totals[c][i])
			}
		}
	}
	cell := Cell{Value: ofWorth(&total)}
	if r.behind {
		r.whoAdded(&cell, b, role, cells)
	}
	return cell
}

// whoAdded tells how many owners a cell is made of, and what the largest two added.
func (r *Report) whoAdded(to *Cell, b *block, role int, cells []cell) {
	var by among
	mine := r.owned(b, role, cells...)
	for i := range mine {
		if mine[i] != (sum{}) {
			by.add(&mine[i])
		}
	}
	to.Owners, to.Top = by.owners, [2]*big.Rat{ofWorth(&by.first), ofWorth(&by.second)}
}

// heldBy is a sum over owners at the end of a day.
func heldBy(s *stat) Cell {
	if s == nil {
		return Cell{Value: new(big.Rat), Top: [2]*big.Rat{new(big.Rat), new(big.Rat)}}
	}
	return Cell{ofWorth(&s.total), s.owners, [2]*big.Rat{ofWide(s.top[0]), ofWide(s.top[1])}, false}
}

func ofWide(w demurrage.Wide) *big.Rat { return ofWorth(&sum{w.Lo, w.Hi}) }

// number is a cell that is a number of owners, of each the same.
func number(n int) Cell {
	return Cell{Value: whole(n), Owners: n, Top: [2]*big.Rat{whole(min(n, 1)), whole(min(max(n-1, 0), 1))}}
}

// stockOf is what those of a role had on average, by whom.
func (r *Report) stockOf(b *block, role, days int) Cell {
	c := r.added(b, role, cellStock)
	scale := new(big.Rat).SetFrac(new(big.Int).SetUint64(demurrage.One), big.NewInt(int64(days)))
	for _, v := range []*big.Rat{c.Value, c.Top[0], c.Top[1]} {
		if v != nil {
			v.Mul(v, scale)
		}
	}
	return c
}

// ratioOf is a cell that is made of others: it tells no more than they do.
func ratioOf(value *big.Rat, of Cell) Cell { return Cell{Value: value, Owners: of.Owners} }

// overTime is the flow by weeks, or by months in a long period.
func (r *Report) overTime() Table {
	t := r.table(
		"over_time", Lines,
		r.column("stock_mean", texts["stock_mean"].label, money, false), r.column("volume", texts["volume"].label, money, true),
		r.column("payments", texts["payments"].label, count, true), r.column("velocity", texts["velocity"].label, yearly, false),
		r.column("issued", texts["issued"].label, money, true), r.column("redeemed", texts["redeemed"].label, euros, true),
		r.column("demurrage", texts["fund_demurrage"].label, money, true),
	)
	for _, s := range r.data.spans {
		volume, issued := r.added(s.block, anybody, cellReceived), r.added(s.block, anybody, cellIssued)
		paid, back := r.added(s.block, anybody, cellPaidOut), r.added(s.block, anybody, cellReturned)
		paid.Value.Sub(paid.Value, back.Value)
		melted := r.added(s.block, anybody, cellMelted)
		melted.Value = ofGrains(&s.demurrage)
		stock, mean := ofGrains(&s.stock), r.stockOf(s.block, anybody, s.Days())
		mean.Value = over(stock, whole(s.Days()))
		made := s.totals.all(cellPayments)
		t.Rows = append(t.Rows, Row{
			Key: s.From.String(), Label: s.begin(),
			Cells: []Cell{
				mean, volume, ratioOf(new(big.Rat).SetInt(made.big()), volume),
				ratioOf(over(new(big.Rat).Mul(volume.Value, whole(365)), stock), volume), issued, paid, melted,
			},
		})
	}
	t.say("{velocity}", shown(r.Velocity, 1))
	return r.filled(t)
}

// shown is a number for a sentence, a dash for none.
func shown(value *big.Rat, decimals int) Text {
	c := Column{Decimals: decimals}
	return Text{c.Shown(Cell{Value: value}, "nl"), c.Shown(Cell{Value: value}, "en")}
}

// hopTable is the volume by the number of its counted transaction.
func (r *Report) hopTable() Table {
	t := r.table("hops", Bars, r.column("volume", texts["volume"].label, money, true))
	counted := new(big.Rat)
	for i, value := range r.ByHop {
		t.add("hop_"+strconv.Itoa(i+1), r.added(r.data.total, anybody, cellRow+cell(i+1)))
		counted.Add(counted, value)
	}
	for _, x := range []struct {
		key string
		row row
	}{{"returned", rowReturned}, {"same_day", rowSameDay}, {"convertible", rowConvertible}} {
		t.add(x.key, r.added(r.data.total, anybody, cellRow+cell(x.row)))
	}
	sum := t.parts(r)
	return r.filled(t, "{share}", shownShare(over(counted, sum)))
}

// lifeTable is what is held at the end, by how far it is on its way.
func (r *Report) lifeTable() Table {
	t := r.table("life", Bars, r.column("held", Text{"In handen", "Held"}, money, true))
	cells := &r.data.end.cells
	for k := range max(cell(len(r.ByHop)), 1) {
		t.add("life_"+strconv.Itoa(int(k)), heldBy(&cells[cellLife+k]))
	}
	t.add("by_hops", heldBy(&cells[cellByHop]))
	t.add("by_age", heldBy(&cells[cellAged]))
	sum := t.parts(r)
	ripe := new(big.Rat).Add(heldBy(&cells[cellByHop]).Value, heldBy(&cells[cellAged]).Value)
	return r.filled(t, "{share}", shownShare(over(ripe, sum)))
}

// spanRows adds a row for each span of time.
func (t *Table) spanRows(fill func(span cell) []Cell) {
	for span := range spanCount {
		t.add("span_"+strconv.Itoa(int(span)), fill(span)...)
	}
}

// convertibleTable is what became convertible, by the days since its issue.
func (r *Report) convertibleTable() Table {
	t := r.table(
		"to_convertible", Stack,
		r.column("by_hops", rowTexts["by_hops"], money, true), r.column("by_age", rowTexts["by_age"], money, true),
	)
	hops, age := new(big.Rat), new(big.Rat)
	t.spanRows(func(span cell) []Cell {
		cells := []Cell{
			r.added(r.data.total, anybody, cellByHops+span), r.added(r.data.total, anybody, cellByAge+span),
		}
		hops.Add(hops, cells[0].Value)
		age.Add(age, cells[1].Value)
		return cells
	})
	return r.filled(t, "{share}", shownShare(over(hops, new(big.Rat).Add(hops, age))))
}

// exitHops is what became euros, by the hops that it had.
func (r *Report) exitHops() Table {
	t := r.table("exit_hops", Bars, r.column("redeemed", texts["redeemed"].label, money, true))
	for k := range max(cell(len(r.ByHop)), 1) + 1 {
		t.add("exit_"+strconv.Itoa(int(k)), r.added(r.data.total, anybody, cellExitHop+k))
	}
	sum := t.parts(r)
	return r.filled(t, "{share}", shownShare(over(t.Rows[0].Cells[0].Value, sum)))
}

// exitAge is what became euros, by the days since its issue.
func (r *Report) exitAge() Table {
	t := r.table("exit_age", Bars, r.column("redeemed", texts["redeemed"].label, money, true))
	t.spanRows(func(span cell) []Cell { return []Cell{r.added(r.data.total, anybody, cellExitAge+span)} })
	sum := t.parts(r)
	young := new(big.Rat)
	for _, row := range t.Rows[:3] {
		young.Add(young, row.Cells[0].Value)
	}
	return r.filled(t, "{share}", shownShare(over(young, sum)))
}

// lagTable is what was paid out, by the days from asking to euros.
func (r *Report) lagTable() Table {
	t := r.table("redemption_lag", Bars, r.column("redeemed", texts["redeemed"].label, money, true))
	for lag := range lagCount {
		t.add("lag_"+strconv.Itoa(int(lag)), r.added(r.data.total, anybody, cellLag+lag))
	}
	sum := t.parts(r)
	return r.filled(t, "{share}", shownShare(over(new(big.Rat).Add(t.Rows[0].Cells[0].Value, t.Rows[1].Cells[0].Value), sum)))
}

// holdingTable is how long money lay before it was paid, and how long what is held
// lies.
func (r *Report) holdingTable() Table {
	t := r.table(
		"holding", Bars, r.column("ended", Text{"Betaald na zo veel dagen", "Paid after so many days"}, money, true),
		r.column("held", Text{"Ligt er al zo veel dagen", "Has lain so many days"}, money, true),
	)
	t.spanRows(func(span cell) []Cell {
		return []Cell{r.added(r.data.total, anybody, cellEnded+span), heldBy(&r.data.end.cells[cellLain+span])}
	})
	t.say("{mean}", shown(r.HoldingMean, 1))
	t.say("{median}", shown(r.HoldingMedian, 1))
	t.say("{age}", shown(r.HeldAge, 1))
	return r.filled(t)
}

// roleRows adds a row for each role that somebody has.
func (r *Report) roleRows(t *Table, fill func(role int) []Cell) {
	d := r.data
	order := slices.Sorted(slices.Values(d.roles))
	for _, name := range order {
		if role := slices.Index(d.roles, name); role < len(d.end.roles) {
			t.add(name, fill(role)...)
		}
	}
}

// holdingByRole is how long money lies at residents, at shops and at others.
func (r *Report) holdingByRole() Table {
	t := r.table(
		"holding_by_role", Bars, r.column("mean", texts["holding_mean"].label, days, false),
		r.column("age", texts["held_age"].label, days, false),
	)
	r.roleRows(&t, func(role int) []Cell {
		var lay ageSum
		if role < len(r.data.total.lay) {
			lay = r.data.total.lay[role]
		}
		end := &r.data.end.roles[role]
		return []Cell{
			ratioOf(lay.mean(), r.added(r.data.total, role, cellPayments)), ratioOf(end.lies.mean(), heldBy(&end.held)),
		}
	})
	return r.filled(t)
}
