package dataset

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"grulden/internal/report"
)

// Figures is the single figures of a report as a table: a row for each, with its
// definition and what it does not show.
func Figures(lines []report.Line, lang string) Table {
	say := func(nl, en string) string { return report.Text{NL: nl, EN: en}.In(lang) }
	t := Table{
		Name: "figures", Title: say("Cijfers over de periode", "Figures of the period"), Key: []string{"key"},
		About: say("Eén rij per cijfer, met de uitleg erbij.", "A row for each figure, with its definition."),
		Fields: []Field{
			{"key", Text, 0, say("Naam", "Key"), say("Dezelfde in elke periode.", "The same in every period.")},
			{"label", Text, 0, say("Wat", "Label"), ""},
			{"value", Number, 8, say("Waarde", "Value"), say("Afgerond om te lezen.", "Rounded for reading.")},
			{"unit", Text, 0, say("Eenheid", "Unit"), ""},
			{"exact", Text, 0, say("Precies", "Exact"), say("Hetzelfde als geheel getal of als breuk.", "The same as a whole number or a fraction.")},
			{"version", Count, 0, say("Versie van de uitleg", "Version of the definition"), say("Gaat omhoog als dezelfde boekingen een ander getal geven.", "Goes up when the same entries give another number.")},
			{"formula", Text, 0, say("Formule", "Formula"), ""},
			{"definition", Text, 0, say("Uitleg", "Definition"), ""},
			{"caveat", Text, 0, say("Wat het niet zegt", "What it does not show"), ""},
		},
	}
	for _, l := range lines {
		t.Rows = append(t.Rows, []string{
			l.Key, l.Label.In(lang), l.Value, l.Unit.In(lang), l.Exact, strconv.Itoa(l.Version), l.Formula, l.Definition.In(lang), l.Caveat.In(lang),
		})
	}
	return t
}

var odd = regexp.MustCompile(`[^a-z0-9_]+`)

// plain is a name that every program takes.
func plain(name string) string { return odd.ReplaceAllString(strings.ToLower(name), "_") }

// Of is a figure of many numbers as a table. A column says of each row which
// numbers are hidden, which an empty value alone does not tell.
func Of(from report.Table, lang string) Table {
	say := func(nl, en string) string { return report.Text{NL: nl, EN: en}.In(lang) }
	t := Table{
		Name: plain(from.Key), Title: from.Title.In(lang), Key: []string{"row"},
		About: strings.TrimSpace(fmt.Sprintf("%s %s %s %s", from.Definition.In(lang), from.Caveat.In(lang), from.Formula,
			say("Versie", "Version")+" "+strconv.Itoa(from.Version)+".")),
		Fields: []Field{{"row", Text, 0, say("Rij", "Row"), say("Dezelfde in elke periode.", "The same in every period.")}, {"label", Text, 0, say("Wat", "Label"), ""}},
	}
	flows := from.Chart == report.Sankey
	if flows {
		t.Fields = append(t.Fields, Field{"source", Text, 0, say("Van", "From"), ""}, Field{"target", Text, 0, say("Naar", "To"), ""})
	}
	for _, c := range from.Columns {
		t.Fields = append(t.Fields, Field{plain(c.Key), Number, c.Decimals, c.Label.In(lang), c.Unit.In(lang)})
	}
	t.Fields = append(t.Fields, Field{"hidden", Text, 0, say("Verborgen", "Hidden"), say(
		"De kolommen waarvan het getal verborgen is, omdat het iets over één persoon of winkel zou zeggen.",
		"The columns whose number is hidden, for it would tell about one person or shop.")})
	for _, row := range from.Rows {
		values := []string{row.Key, row.Label.In(lang)}
		if flows {
			values = append(values, row.From.In(lang), row.To.In(lang))
		}
		var hidden []string
		for i, cell := range row.Cells {
			values = append(values, from.Columns[i].Decimal(cell))
			if cell.Hidden {
				hidden = append(hidden, plain(from.Columns[i].Key))
			}
		}
		t.Rows = append(t.Rows, append(values, strings.Join(hidden, " ")))
	}
	return t
}
