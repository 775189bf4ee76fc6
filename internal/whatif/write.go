package whatif

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"grulden/demurrage"
	"grulden/internal/export"
	"grulden/internal/policy"
	"grulden/internal/report"
)

// section is rows under one heading.
type section struct {
	key      string
	title    report.Text
	accounts int
	rows     []Row
}

func (o *Outcome) sections() []section {
	all := []section{{"wijk", report.Text{NL: "De hele wijk", EN: "The whole neighbourhood"}, 0, o.Wijk}}
	all = append(all, section{"hops", HopsTitle, 0, o.Hops})
	for i := range o.Groups {
		g := &o.Groups[i]
		key := "everybody"
		if g.Role != "" {
			key = fmt.Sprintf("%s_%d_of_%d", g.Role, g.Part, g.Of)
		}
		all = append(all, section{key, g.Title(), g.Accounts, g.Rows})
	}
	return all
}

// names are those of the scenarios.
func (o *Outcome) names(lang string) []string {
	names := []string{o.First().In(lang)}
	for _, s := range o.Scenarios[1:] {
		names = append(names, s.Name)
	}
	return names
}

// WriteText writes a table for each group, scenarios beside each other, after
// what all of it does not show, the rules of each and what was taken for granted.
func (o *Outcome) WriteText(w io.Writer, lang string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%v – %v\n", o.From, o.To)
	for _, c := range o.Caveats() {
		fmt.Fprintf(&b, "! %s\n", c.In(lang))
	}
	names := o.names(lang)
	for i, s := range o.Scenarios {
		fmt.Fprintf(&b, "\n%d. %s\n   %s\n", i, names[i], wordsOf(&s).In(lang))
	}
	if o.Model != nil {
		fmt.Fprintf(&b, "\n%s\n", AssumedTitle.In(lang))
		for _, a := range o.Model.Assumed() {
			fmt.Fprintf(&b, "   %s\n", a.In(lang))
		}
	}
	for _, s := range o.sections() {
		fmt.Fprintf(&b, "\n%s", s.title.In(lang))
		if s.accounts > 0 {
			fmt.Fprintf(&b, " (%d)", s.accounts)
		}
		b.WriteString("\n")
		s.write(&b, lang)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s *section) write(b *strings.Builder, lang string) {
	label := 0
	for i := range s.rows {
		label = max(label, utf8.RuneCountInString(s.rows[i].Label.In(lang)))
	}
	line := func(name string, cell func(i int) string, unit string) {
		fmt.Fprintf(b, "  %-*s", label, name)
		for i := range s.rows[0].Values {
			fmt.Fprintf(b, "  %14s", cell(i))
		}
		fmt.Fprintf(b, "  %s\n", unit)
	}
	line("", strconv.Itoa, "")
	for i := range s.rows {
		row := &s.rows[i]
		line(row.Label.In(lang), func(j int) string { return row.Shown(j, lang) }, row.Unit.In(lang))
		if row.same() {
			continue
		}
		line("    "+lowest.In(lang), func(j int) string { low, _ := row.Range(j, lang); return low }, "")
		line("    "+highest.In(lang), func(j int) string { _, high := row.Range(j, lang); return high }, "")
		line("    "+oftenMore.In(lang), func(j int) string {
			if j == 0 {
				return ""
			}
			return fmt.Sprintf("%d / %d", row.Spreads[j].More, row.Spreads[j].Less)
		}, ofWorlds(row.worlds).In(lang))
	}
}

// rules are those of a scenario, all of them, as they are written.
type rules struct {
	Rate      string   `json:"rate"`
	Every     string   `json:"every"`
	GraceDays uint16   `json:"grace_days"`
	Hops      uint8    `json:"hops"`
	TermDays  uint16   `json:"term_days"`
	Fee       string   `json:"redemption_fee"`
	Redeemers []string `json:"redeemers"`
	Spending  string   `json:"spending"`
}

func writtenOf(s *policy.Scenario) rules {
	p := &s.Policy
	r := rules{
		Rate: export.Percent(uint32(p.Rate)), Every: "day", GraceDays: p.GraceDays, Hops: p.Hops, TermDays: p.TermDays,
		Fee: export.Percent(p.Fee), Redeemers: append([]string{}, p.Redeemers...), Spending: s.Order.String(),
	}
	if p.Every == demurrage.Monthly {
		r.Every = "month"
	}
	return r
}

// jsonRow is a row as JSON: values are rounded for reading, exact ones fractions.
// Of several worlds a value is the median, and each of them stands in "each".
type jsonRow struct {
	Group      string       `json:"group"`
	Accounts   int          `json:"accounts,omitempty"`
	Key        string       `json:"key"`
	Label      report.Text  `json:"label"`
	Unit       report.Text  `json:"unit"`
	Definition report.Text  `json:"definition"`
	Values     []jsonNumber `json:"values"`
}

type jsonNumber struct {
	Value *json.Number `json:"value"`
	Exact *string      `json:"exact"`
	*jsonSpread
}

type jsonSpread struct {
	Low  string   `json:"low"`
	High string   `json:"high"`
	More int      `json:"worlds_with_more"`
	Less int      `json:"worlds_with_less"`
	Each []string `json:"each"`
}

// WriteJSON writes everything, for a program. What made the outcome stands in it:
// the rules of each scenario and the whole model.
func (o *Outcome) WriteJSON(w io.Writer) error {
	type scenario struct {
		Name string `json:"name"`
		rules
	}
	out := struct {
		From      string        `json:"from"`
		To        string        `json:"to"`
		Entries   uint64        `json:"entries"`
		Worlds    int           `json:"worlds"`
		Chance    int           `json:"beyond_chance,omitempty"`
		Caveats   []report.Text `json:"caveats"`
		Scenarios []scenario    `json:"scenarios"`
		Rows      []jsonRow     `json:"rows"`
		Model     *Model        `json:"model,omitempty"`
	}{From: o.From.String(), To: o.To.String(), Entries: o.Entries, Worlds: o.Worlds, Caveats: o.Caveats(), Model: o.Model}
	if o.Worlds > 1 {
		out.Chance = Chance(o.Worlds)
	}
	for i, name := range o.names("en") {
		out.Scenarios = append(out.Scenarios, scenario{name, writtenOf(&o.Scenarios[i])})
	}
	for _, s := range o.sections() {
		for i := range s.rows {
			out.Rows = append(out.Rows, s.rows[i].json(s.key, s.accounts))
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

func (r *Row) json(group string, accounts int) jsonRow {
	row := jsonRow{Group: group, Accounts: accounts, Key: r.Key, Label: r.Label, Unit: r.Unit, Definition: r.Definition}
	for i, v := range r.Values {
		var n jsonNumber
		if v != nil {
			value, exact := json.Number(r.value(i)), v.RatString()
			n = jsonNumber{&value, &exact, r.spreadJSON(i)}
		}
		row.Values = append(row.Values, n)
	}
	return row
}

// spreadJSON is how a value lies over several worlds; nil of one.
func (r *Row) spreadJSON(i int) *jsonSpread {
	if r.Spreads == nil {
		return nil
	}
	s := r.Spreads[i]
	j := &jsonSpread{Low: s.Low.RatString(), High: s.High.RatString(), More: s.More, Less: s.Less}
	for _, v := range r.Each[i] {
		j.Each = append(j.Each, v.RatString())
	}
	return j
}

// WriteCSV writes a line for each figure and scenario: RFC 4180, commas, and a
// point in numbers in either language.
func (o *Outcome) WriteCSV(w io.Writer, lang string) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	lines := [][]string{{"from", "to", "group", "accounts", "scenario", "key", "label", "value", "unit", "exact", "lowest", "highest", "worlds_with_more", "worlds_with_less", "worlds"}}
	for _, s := range o.sections() {
		for i := range s.rows {
			row := &s.rows[i]
			for j, name := range o.names(lang) {
				line := []string{
					o.From.String(), o.To.String(), s.key, fmt.Sprint(s.accounts), name, row.Key,
					row.Label.In(lang), row.value(j), row.Unit.In(lang), exactly(row.Values[j]),
				}
				if row.Spreads != nil {
					s := row.Spreads[j]
					line = append(line, row.rounded(s.Low), row.rounded(s.High), strconv.Itoa(s.More), strconv.Itoa(s.Less), strconv.Itoa(o.Worlds))
				} else {
					line = append(line, "", "", "", "", strconv.Itoa(o.Worlds))
				}
				lines = append(lines, line)
			}
		}
	}
	return c.WriteAll(lines)
}

// exactly is a value as a fraction; empty for none.
func exactly(v *big.Rat) string {
	if v == nil {
		return ""
	}
	return v.RatString()
}

// MarshalJSON writes what UnmarshalJSON reads.
func (s share) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// MarshalJSON writes what UnmarshalJSON reads.
func (a Amount) MarshalJSON() ([]byte, error) { return json.Marshal(a.String()) }
