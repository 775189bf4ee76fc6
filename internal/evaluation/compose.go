package evaluation

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"grulden/internal/report"
)

// say is a text of the report in its language, with its words filled in: pairs of
// a key and what stands for it.
func (e *Evaluation) say(key string, pairs ...string) string {
	pairs = append(pairs, "{coin}", e.Coin, "{wijk}", e.Wijk, "{from}", date(e.period.From, e.Lang), "{to}", date(e.period.To, e.Lang),
		"{days}", strconv.Itoa(e.days), "{share}", e.share, "{root}", e.Root, "{program}", e.Program,
		"{entries}", strconv.FormatUint(e.Entries, 10))
	return strings.NewReplacer(pairs...).Replace(words[key].In(e.Lang))
}

// compose puts the report together: the answer, the figures, the tables, and at
// the end the definitions and what all of it follows from.
func (e *Evaluation) compose() []block {
	d := new(document)
	d.text(heading1, e.say("title"))
	d.text(sentence, e.say("about"))
	if !e.Public {
		d.text(caveat, e.say("confidential"))
	}
	e.summary(d)
	d.text(heading2, e.say("figures"))
	e.numbers(d, e.lines)
	for _, t := range e.tables {
		e.table(d, t)
	}
	if e.Worth != nil {
		e.worth(d)
	}
	e.definitions(d)
	e.origin(d)
	return d.blocks
}

// numbers prints single figures.
func (e *Evaluation) numbers(d *document, lines []report.Line) {
	rows := make([][]string, 0, len(lines))
	for _, l := range lines {
		rows = append(rows, []string{l.Label.In(e.Lang), l.Shown(e.Lang), l.Unit.In(e.Lang)})
	}
	d.grid([]gridColumn{{e.say("what"), 5, false}, {e.say("value"), 3, true}, {e.say("unit"), 3, false}}, rows)
}

// summary is the page for who reads one page.
func (e *Evaluation) summary(d *document) {
	d.text(heading2, e.say("short"))
	if e.Public {
		d.text(answer, e.answer)
		d.text(sentence, e.rules)
	} else {
		d.text(answer, e.say("answer_"+string(e.verdict)))
	}
	var told []string
	for _, s := range summarySentences {
		pairs := make([]string, 0, 2*len(s.figures))
		for _, key := range s.figures {
			if l, ok := e.line(key); ok {
				pairs = append(pairs, "{"+key+"}", l.Shown(e.Lang))
			}
		}
		if len(pairs) == 2*len(s.figures) {
			told = append(told, e.say(s.text, pairs...))
		}
	}
	if !e.Public {
		d.list(told)
		e.beside(d)
	}
	d.text(heading3, e.say("notshown"))
	d.list([]string{e.say("not_euros"), e.say("not_why"), e.say("not_without"), e.say("not_order"), e.say("not_true")})
}

// headline are the figures whose change is told on the first page.
var headline = []string{"volume", "participants", "stock_mean", "velocity"}

// beside prints what the first figures were in the period before, or that nothing is
// known of it.
func (e *Evaluation) beside(d *document) {
	d.text(heading3, e.say("beside"))
	d.under = e.say("beside") // of the table, too
	var rows [][]string
	for _, key := range headline {
		l, _ := e.line(key)
		if c := l.Before; c != nil {
			name := l.Label.In(e.Lang)
			if unit := l.Unit.In(e.Lang); unit != "" {
				name += " (" + unit + ")"
			}
			rows = append(rows, []string{name, l.Shown(e.Lang), c.Shown(e.Lang), c.More(e.Lang)})
			if len(rows) == 1 {
				d.text(sentence, e.say("beside_about", "{before}", c.Period.Text().In(e.Lang)))
			}
		}
	}
	if len(rows) == 0 {
		d.text(sentence, e.say("beside_none"))
		return
	}
	d.grid([]gridColumn{{e.say("what"), 5, false}, {e.say("now"), 2, true}, {e.say("then"), 2, true}, {e.say("more"), 3, true}}, rows)
}

// table prints a table: what it says in words, its picture, its numbers, and what
// it does not show.
func (e *Evaluation) table(d *document, t report.Table) {
	d.text(heading2, t.Title.In(e.Lang))
	d.text(sentence, t.Sentence.In(e.Lang))
	d.picture(Draw(t, e.Lang))
	columns := []gridColumn{{e.say("what"), 4, false}}
	if t.Chart == report.Sankey {
		columns = []gridColumn{{e.say("flow"), 7, false}}
	}
	for _, c := range t.Columns {
		head := c.Label.In(e.Lang)
		if unit := c.Unit.In(e.Lang); unit != "" {
			head += " (" + unit + ")"
		}
		columns = append(columns, gridColumn{head, 2, true})
	}
	hidden := false
	rows := make([][]string, 0, len(t.Rows))
	for _, row := range t.Rows {
		name := row.Label.In(e.Lang)
		cells := []string{name}
		for i, cell := range row.Cells {
			cells = append(cells, t.Columns[i].Shown(cell, e.Lang))
			hidden = hidden || cell.Hidden
		}
		rows = append(rows, cells)
	}
	if len(rows) == 0 {
		d.text(sentence, e.say("norows"))
	} else {
		d.grid(turned(columns, rows))
	}
	if hidden {
		d.text(smallPrint, e.say("hidden"))
	}
	if text := t.Caveat.In(e.Lang); text != "" {
		d.text(caveat, e.say("notsay", "{text}", text))
	}
}

// turned is a table of few rows and many columns the other way round, so that it
// fits a sheet; any other as it is.
func turned(columns []gridColumn, rows [][]string) ([]gridColumn, [][]string) {
	if len(columns) < 7 || len(rows) > 3 {
		return columns, rows
	}
	heads := []gridColumn{columns[0]}
	for _, row := range rows {
		heads = append(heads, gridColumn{row[0], 2, true})
	}
	var lines [][]string
	for j, c := range columns[1:] {
		line := []string{c.head}
		for _, row := range rows {
			line = append(line, row[j+1])
		}
		lines = append(lines, line)
	}
	return heads, lines
}

// definitions says of each figure how it is counted and what it does not show.
func (e *Evaluation) definitions(d *document) {
	d.text(heading2, e.say("definitions"))
	d.text(sentence, e.say("letters"))
	lines := e.lines
	if e.Worth != nil {
		lines = slices.Concat(lines, e.Worth.Reckon().Lines())
	}
	for _, l := range lines {
		e.definition(d, l.Label, l.Definition, l.Caveat, l.Formula, l.Version)
	}
	for _, t := range e.tables {
		e.definition(d, t.Title, t.Definition, report.Text{}, t.Formula, t.Version)
	}
}

func (e *Evaluation) definition(d *document, label, text, not report.Text, formula string, version int) {
	d.text(heading3, label.In(e.Lang))
	said := text.In(e.Lang)
	if formula != "" {
		said += " [" + formula + "]"
	}
	if version > 0 {
		said += " " + e.say("version", "{version}", strconv.Itoa(version))
	}
	d.text(smallPrint, strings.TrimSpace(said))
	if not := not.In(e.Lang); not != "" {
		d.text(smallPrint, e.say("notsay", "{text}", not))
	}
}

// origin says what the report follows from, and how anybody checks it.
func (e *Evaluation) origin(d *document) {
	d.text(heading2, e.say("origin"))
	if e.Public {
		d.text(sentence, e.say("origin_public"))
	} else {
		d.text(sentence, e.say("origin_text"))
	}
	rows := [][]string{{e.say("origin_entries"), fmt.Sprint(e.Entries)}}
	if e.Public {
		rows = [][]string{{e.say("origin_release"), fmt.Sprint(e.Release)}, {e.say("origin_hash"), e.ReleaseHash}}
	}
	rows = append(
		rows,
		[]string{e.say("origin_root"), e.Root},
		[]string{e.say("origin_program"), e.Program},
		[]string{e.say("origin_period"), e.From + " – " + e.To},
	)
	d.grid([]gridColumn{{e.say("what"), 2, false}, {e.say("value"), 5, false}}, rows)
	d.text(sentence, e.say("origin_check"))
	d.text(caveat, e.say("origin_not"))
}
