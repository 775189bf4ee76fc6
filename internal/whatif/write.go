package whatif

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"grulden/demurrage"
	"grulden/internal/export"
	"grulden/internal/policy"
	"grulden/internal/report"
	"grulden/ledger"
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
// the rules of each and what all of it does not show.
func (o *Outcome) WriteText(w io.Writer, lang string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%v – %v\n", o.From, o.To)
	for _, c := range o.Caveats() {
		fmt.Fprintf(&b, "! %s\n", c.In(lang))
	}
	names := o.names(lang)
	for i, s := range o.Scenarios {
		fmt.Fprintf(&b, "\n%d. %s\n   %s\n", i, names[i], rulesOf(&s))
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
	fmt.Fprintf(b, "  %-*s", label, "")
	for i := range s.rows[0].Values {
		fmt.Fprintf(b, "  %14d", i)
	}
	b.WriteString("\n")
	for i := range s.rows {
		row := &s.rows[i]
		fmt.Fprintf(b, "  %-*s", label, row.Label.In(lang))
		for j := range row.Values {
			fmt.Fprintf(b, "  %14s", row.Shown(j, lang))
		}
		fmt.Fprintf(b, "  %s\n", row.Unit.In(lang))
	}
}

// rulesOf is a scenario in the words of a file.
func rulesOf(s *policy.Scenario) string {
	w := writtenOf(s)
	return fmt.Sprintf("rate %s every %s, grace_days %d, hops %d, term_days %d, redemption_fee %s, redeemers %s, spending %s",
		w.Rate, w.Every, w.GraceDays, w.Hops, w.TermDays, w.Fee, strings.Join(w.Redeemers, " "), w.Spending)
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
		Caveats   []report.Text `json:"caveats"`
		Scenarios []scenario    `json:"scenarios"`
		Rows      []jsonRow     `json:"rows"`
		Model     *Model        `json:"model,omitempty"`
	}{From: o.From.String(), To: o.To.String(), Entries: o.Entries, Caveats: o.Caveats(), Model: o.Model}
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
			n = jsonNumber{&value, &exact}
		}
		row.Values = append(row.Values, n)
	}
	return row
}

// WriteCSV writes a line for each figure and scenario: RFC 4180, commas, and a
// point in numbers in either language.
func (o *Outcome) WriteCSV(w io.Writer, lang string) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	lines := [][]string{{"from", "to", "group", "accounts", "scenario", "key", "label", "value", "unit", "exact"}}
	for _, s := range o.sections() {
		for i := range s.rows {
			row := &s.rows[i]
			for j, name := range o.names(lang) {
				exact := ""
				if row.Values[j] != nil {
					exact = row.Values[j].RatString()
				}
				lines = append(lines, []string{
					o.From.String(), o.To.String(), s.key, fmt.Sprint(s.accounts), name, row.Key,
					row.Label.In(lang), row.value(j), row.Unit.In(lang), exact,
				})
			}
		}
	}
	return c.WriteAll(lines)
}

// MarshalJSON writes what UnmarshalJSON reads.
func (s share) MarshalJSON() ([]byte, error) { return json.Marshal(export.Percent(uint32(s))) }

// MarshalJSON writes what UnmarshalJSON reads.
func (a Amount) MarshalJSON() ([]byte, error) { return json.Marshal(ledger.Cents(a).String()) }
