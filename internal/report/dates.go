package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"grulden/demurrage"
)

// months are their names, January first.
var months = [12]Text{
	{"januari", "January"},
	{"februari", "February"},
	{"maart", "March"},
	{"april", "April"},
	{"mei", "May"},
	{"juni", "June"},
	{"juli", "July"},
	{"augustus", "August"},
	{"september", "September"},
	{"oktober", "October"},
	{"november", "November"},
	{"december", "December"},
}

// DateText writes a day as people do: 1 maart 2026, 1 March 2026.
func DateText(d demurrage.Day) Text {
	date, month := d.Time().Day(), monthText(monthOf(d))
	return Text{fmt.Sprintf("%d %s", date, month.NL), fmt.Sprintf("%d %s", date, month.EN)}
}

// monthText writes a month, of which monthOf is the number: maart 2026.
func monthText(month uint32) Text {
	name, year := months[month%12], month/12
	return Text{fmt.Sprintf("%s %d", name.NL, year), fmt.Sprintf("%s %d", name.EN, year)}
}

// isMonth tells whether a period is one whole month.
func (p Period) isMonth() bool { return p.From.FirstOfMonth() && p.To == p.From.MonthEnd() }

// Text writes a period: a month by its name, any other by its first and its last
// day, whose month is said once.
func (p Period) Text() Text {
	if p.isMonth() {
		return monthText(monthOf(p.From))
	}
	from, to := DateText(p.From), DateText(p.To)
	if monthOf(p.From) == monthOf(p.To) {
		day := strconv.Itoa(p.From.Time().Day())
		from = Text{day, day}
	}
	return Text{from.NL + " – " + to.NL, from.EN + " – " + to.EN}
}

// begin writes where a week or a month begins: a whole month is called by its name.
func (p Period) begin() Text {
	if p.isMonth() {
		return monthText(monthOf(p.From))
	}
	return DateText(p.From)
}

// worded puts the words of the report into a text, and pairs of what stands in it and
// what to put there.
func (r *Report) worded(t Text, pairs ...string) Text {
	from, to := DateText(r.Period.From), DateText(r.Period.To)
	in := func(lang string) string {
		all := slices.Concat(pairs, []string{"{coin}", r.Coin, "{from}", from.In(lang), "{to}", to.In(lang)})
		return strings.NewReplacer(all...).Replace(t.In(lang))
	}
	return Text{in("nl"), in("en")}
}

// say puts something into the sentence of a table that each language writes its own
// way.
func (t *Table) say(what string, with Text) {
	t.Sentence = Text{strings.ReplaceAll(t.Sentence.NL, what, with.NL), strings.ReplaceAll(t.Sentence.EN, what, with.EN)}
}
