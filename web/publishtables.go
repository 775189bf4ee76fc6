package web

import (
	"math/big"
	"strconv"
	"strings"

	"grulden/internal/disclosure"
	"grulden/internal/report"
	"grulden/web/page"
)

// tableWord is how a published table is told: the key of its figures begins with
// its own.
type tableWord struct {
	key        string
	word, help page.Key
	unit       page.Key
}

// tableWords are the tables in the order of reading.
var tableWords = []tableWord{
	{"hops", "table.hops", "table.hopshelp", "circulation.coins"},
	{"holding", "table.holding", "table.holdinghelp", "circulation.coins"},
	{"life", "table.life", "table.lifehelp", "circulation.percent"},
	{"lain", "table.lain", "table.lainhelp", "circulation.percent"},
	{"age", "table.age", "table.agehelp", "circulation.percent"},
	{"ripe", "table.ripe", "table.ripehelp", "circulation.coins"},
	{"sectors", "table.sectors", "table.sectorshelp", "circulation.coins"},
	{"melted", "table.melted", "table.meltedhelp", "circulation.coins"},
}

// rows are the figures of a table, and what those that are shown add up to. A table
// with fewer than two that are more than nought is not told.
func (w tableWord) rows(r *disclosure.Release) (rows []disclosure.Figure, sum *big.Rat, told bool) {
	sum = new(big.Rat)
	some := 0
	for _, f := range r.Figures {
		if !strings.HasPrefix(f.Key, w.key+".") {
			continue
		}
		rows = append(rows, f)
		if v := r.Figure(f.Key); v != nil && v.Sign() > 0 {
			sum.Add(sum, v)
			some++
		}
	}
	return rows, sum, some > 1
}

// table tells a table; nil where too little of it is shown.
func (w tableWord) table(b page.Base, r *disclosure.Release) *page.CirculationTable {
	rows, sum, told := w.rows(r)
	if !told {
		return nil
	}
	t := &page.CirculationTable{Title: b.T(w.word), Help: b.T(w.help)}
	for _, f := range rows {
		row := page.CirculationRow{Word: w.rowText(f.Key).In(string(b.Lang)), Value: b.T("publish.hidden")}
		switch v := r.Figure(f.Key); {
		case v == nil:
		case v.Sign() == 0:
			continue // it only makes the table longer
		default:
			if row.Value = ""; w.unit != "circulation.percent" {
				row.Value = b.T(w.unit, "number", report.Line{Value: f.Value}.Shown(string(b.Lang)))
			}
			row.Share = v.Mul(v, big.NewRat(100, 1)).Quo(v, sum).FloatString(0)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// rowText is what a row is called, by the key of its figure.
func (w tableWord) rowText(key string) report.Text {
	return report.RowText(w.key, strings.TrimPrefix(key, w.key+"."))
}

// tablesTold are the tables of a release, and what is not told of them.
func tablesTold(b page.Base, r *disclosure.Release) (tables []page.CirculationTable, hidden []string) {
	for _, w := range tableWords {
		if t := w.table(b, r); t != nil {
			tables = append(tables, *t)
		} else if rows, _, _ := w.rows(r); len(rows) > 0 {
			hidden = append(hidden, b.T(w.word))
		}
	}
	return tables, hidden
}

// periodsTold puts the releases beside each other, the newest first: what was paid,
// and how often a coin was.
func periodsTold(b page.Base, all []disclosure.Release) *page.CirculationTable {
	if len(all) < 2 {
		return nil
	}
	t := &page.CirculationTable{Title: b.T("circulation.periods"), Help: b.T("circulation.periodshelp")}
	for i := len(all) - 1; i >= 0; i-- {
		r := &all[i]
		var told []string
		for _, f := range figureWords {
			if f.key == "passes" || f.key == "volume" {
				if value := f.shown(b, r); value != "" {
					told = append(told, value)
				}
			}
		}
		row := page.CirculationRow{
			Word:  b.T("circulation.period", "from", b.Lang.Date(r.From.Time()), "to", b.Lang.Date(r.To.Time())),
			Value: strings.Join(told, ", "),
		}
		if row.Value == "" {
			row.Value = b.T("publish.hidden")
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// publishedTables are the tables of a release for its report.
func publishedTables(b page.Base, r *disclosure.Release) (all []report.Table) {
	both := func(text string) report.Text { return report.Text{NL: text, EN: text} }
	for _, w := range tableWords {
		rows, sum, told := w.rows(r)
		if !told {
			continue
		}
		unit := both(strings.TrimSpace(b.T(w.unit, "number", "")))
		t := report.Table{
			Key: w.key, Version: rows[0].Version, Title: both(b.T(w.word)), Sentence: both(b.T(w.help)), Definition: both(b.T(w.help)),
			Chart: report.Bars, Columns: []report.Column{{Key: "value", Label: both(b.T("circulation.shown")), Unit: unit, Factor: 1}},
		}
		if w.unit != "circulation.percent" {
			share := report.Column{Key: "share", Label: both(b.T("circulation.share")), Unit: both("%"), Factor: 100, Aside: true}
			t.Columns = append(t.Columns, share)
		}
		for _, f := range rows {
			cell := report.Cell{Value: r.Figure(f.Key), Hidden: f.Value == ""}
			cells := []report.Cell{cell, {Hidden: cell.Hidden}}
			if !cell.Hidden {
				cells[1].Value = new(big.Rat).Quo(cell.Value, sum)
			}
			t.Rows = append(t.Rows, report.Row{Key: f.Key, Label: w.rowText(f.Key), Cells: cells[:len(t.Columns)]})
		}
		all = append(all, t)
	}
	return all
}

// roundedTold says what everything is rounded to.
func roundedTold(b page.Base, r *disclosure.Release) string {
	step := strconv.FormatInt(int64(r.Rules.Round/100), 10)
	return b.T("circulation.about", "round", step)
}
