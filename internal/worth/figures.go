package worth

import (
	"math/big"
	"strconv"

	"grulden/internal/report"
)

// version of the definitions below; it goes up when the same sheet gives another
// answer.
const version = 1

var (
	euros = report.Text{NL: "euro", EN: "euros"}
	each  = report.Text{NL: "euro voor elke euro", EN: "euros for each euro"}

	lowText    = report.Text{NL: "laag", EN: "low"}
	likelyText = report.Text{NL: "waarschijnlijk", EN: "likely"}
	highText   = report.Text{NL: "hoog", EN: "high"}

	notMeasured = report.Text{
		NL: "Dit is niet gemeten. Het volgt uit wat mensen op het blad invulden. Wie andere getallen kiest, krijgt een ander antwoord.",
		EN: "This was not measured. It follows from what people filled in on the sheet. Who chooses other numbers gets another answer.",
	}
	sroiFormula = "Σ quantity × proxy × (1−deadweight) × (1−attribution) × (1−displacement) × (1−drop-off)^(t−1) / (1+discount)^t, over Σ inputs"
)

// cents is how scalars are rounded.
var cents = report.Column{Decimals: 2}

// line is one scalar, rounded to cents as it is shown.
func line(key string, label, unit, definition report.Text, v *big.Rat, formula string) report.Line {
	l := report.Line{Key: key, Label: label, Unit: unit, Definition: definition, Caveat: notMeasured, Version: version, Formula: formula}
	if v != nil {
		l.Value, l.Exact = cents.Decimal(report.Cell{Value: v}), v.RatString()
	}
	return l
}

// Lines are the answers of a sheet as figures of a report. They are made of no
// person's doings, so nothing of them has to be hidden.
func (r *Result) Lines() []report.Line {
	ratio := report.Text{
		NL: "Wat de munt in euro's waard was, gedeeld door wat erin ging. Alles teruggerekend naar het begin.",
		EN: "What the coin was worth in euros, divided by what went in. All of it at its present value at the start.",
	}
	of := func(a, b report.Text) report.Text { return report.Text{NL: a.NL + ", " + b.NL, EN: a.EN + ", " + b.EN} }
	name := report.Text{NL: "Maatschappelijke opbrengst (SROI)", EN: "Social return on investment (SROI)"}
	return []report.Line{
		line("sroi_low", of(name, lowText), each, ratio, r.Ratio.Low, sroiFormula),
		line("sroi", of(name, likelyText), each, ratio, r.Ratio.Mid, sroiFormula),
		line("sroi_high", of(name, highText), each, ratio, r.Ratio.High, sroiFormula),
		line("worth_inputs", report.Text{NL: "Wat erin ging", EN: "What went in"}, euros, report.Text{
			NL: "Geld, uren en spullen, in euro's.", EN: "Money, hours and things, in euros.",
		}, r.Inputs.Mid, "Σ quantity × price / (1+discount)^year"),
		line("worth_value", report.Text{NL: "Wat het waard was", EN: "What it was worth"}, euros, report.Text{
			NL: "Alle uitkomsten samen, in euro's.", EN: "All outcomes together, in euros.",
		}, r.Value.Mid, ""),
	}
}

// shown is a number with two decimals, as a language writes it.
func shown(v *big.Rat, lang string) string { return cents.Shown(report.Cell{Value: v}, lang) }

// columns are the low, the likely and the high of a table. Without a unit each row
// has its own, and bars beside each other would compare what cannot be compared.
func columns(first string, unit report.Text, sum bool) []report.Column {
	named := [3]string{"low", first, "high"}
	var all []report.Column
	for i, label := range []report.Text{lowText, likelyText, highText} {
		all = append(all, report.Column{Key: named[i], Label: label, Unit: unit, Decimals: 2, Factor: 1, Sum: sum, Aside: unit == report.Text{}})
	}
	return all
}

func cells(values ...*big.Rat) (all []report.Cell) {
	for _, v := range values {
		all = append(all, report.Cell{Value: v})
	}
	return all
}

// both is a text that somebody typed, the same in every language.
func both(text string) report.Text { return report.Text{NL: text, EN: text} }

// Tables are the parts of the answer, and every assumption with its range, as
// tables of a report.
func (s *Sheet) Tables() []report.Table { return s.Reckon().Tables() }

// Tables are those of the sheet that was reckoned.
func (r *Result) Tables() []report.Table {
	s := r.sheet
	return []report.Table{s.outcomeTable(r), s.assumptions(), s.swingTable(r), s.greenTable(r), s.projectTable()}
}

func (s *Sheet) outcomeTable(r *Result) report.Table {
	t := report.Table{
		Key: "worth_outcomes", Version: version, Chart: report.Bars, Caveat: notMeasured, Formula: sroiFormula,
		Title:      report.Text{NL: "Wat elke uitkomst waard was", EN: "What each outcome was worth"},
		Sentence:   report.Text{NL: "Alle uitkomsten samen: " + shown(r.Value.Mid, "nl") + " euro.", EN: "All outcomes together: " + shown(r.Value.Mid, "en") + " euros."},
		Definition: report.Text{NL: "De waarde van elke uitkomst, teruggerekend naar het begin.", EN: "The present value of each outcome at the start."},
		Columns:    columns("likely", euros, true),
	}
	for n, e := range r.Outcomes {
		t.Rows = append(t.Rows, report.Row{Key: strconv.Itoa(n + 1), Label: both(s.Name(Outcomes, n)), Cells: cells(e.Low, e.Mid, e.High)})
	}
	return t
}

// assumptions are all numbers that somebody filled in.
func (s *Sheet) assumptions() report.Table {
	t := report.Table{
		Key: "worth_assumptions", Version: version, Chart: report.Bars, Caveat: notMeasured,
		Title:      report.Text{NL: "Alle aannames", EN: "Every assumption"},
		Sentence:   report.Text{NL: "Dit vulden mensen in. De bron van elk getal staat op het blad.", EN: "This is what people filled in. The source of each number stands on the sheet."},
		Definition: report.Text{NL: "Van elk getal het minste, het waarschijnlijke en het meeste.", EN: "Of each number the least, the likely and the most."},
		Columns:    columns("likely", report.Text{}, false),
	}
	for i, label := range []report.Text{{NL: "minste", EN: "least"}, likelyText, {NL: "meeste", EN: "most"}} {
		t.Columns[i].Label = label
	}
	s.ranges(func(part Part, n int, f Field) {
		if !f.Range.known() {
			return
		}
		name, unit := FieldName(f.Name), unitOf(f)
		label := report.Text{NL: s.Name(part, n) + ": " + name.NL, EN: s.Name(part, n) + ": " + name.EN}
		if unit.NL != "" {
			label = report.Text{NL: label.NL + " (" + unit.NL + ")", EN: label.EN + " (" + unit.EN + ")"}
		}
		key := string(part) + "/" + strconv.Itoa(n+1) + "/" + f.Name
		t.Rows = append(t.Rows, report.Row{Key: key, Label: label, Cells: cells(f.Range.at(least), f.Range.at(likely), f.Range.at(most))})
	})
	return t
}

// ranges visits every field that is a number.
func (s *Sheet) ranges(visit func(Part, int, Field)) {
	for _, part := range Parts {
		for n := range s.Lines(part) {
			for _, f := range s.Fields(part, n) {
				if f.Range != nil {
					visit(part, n, f)
				}
			}
		}
	}
}

func (s *Sheet) swingTable(r *Result) report.Table {
	t := report.Table{
		Key: "worth_sensitivity", Version: version, Chart: report.Bars, Caveat: notMeasured,
		Title:      report.Text{NL: "Welke aanname telt het meest?", EN: "Which assumption matters most?"},
		Sentence:   report.Text{NL: "De bovenste aanname verandert het antwoord het meest. Vraag daar het eerst naar.", EN: "The topmost assumption moves the answer most. Ask about that one first."},
		Definition: report.Text{NL: "De SROI als alleen dit ene getal anders is, en de rest blijft.", EN: "The SROI when only this one number differs and all others stay."},
		Columns:    []report.Column{{Key: "low", Label: lowText, Unit: each, Decimals: 2, Factor: 1}, {Key: "high", Label: highText, Unit: each, Decimals: 2, Factor: 1}},
	}
	for _, w := range r.Swings {
		name := FieldName(w.Field)
		t.Rows = append(t.Rows, report.Row{
			Key:   string(w.Part) + "/" + strconv.Itoa(w.Line+1) + "/" + w.Field,
			Label: report.Text{NL: s.Name(w.Part, w.Line) + ": " + name.NL, EN: s.Name(w.Part, w.Line) + ": " + name.EN},
			Cells: cells(w.Low, w.High),
		})
	}
	return t
}

func (s *Sheet) greenTable(r *Result) report.Table {
	t := report.Table{
		Key: "worth_green", Version: version, Chart: report.Bars, Formula: "spent × factor − footprint",
		Title:      report.Text{NL: "Goed voor de omgeving (EROI)", EN: "Good for the surroundings (EROI)"},
		Sentence:   report.Text{NL: "Elke regel heeft een eigen maat. Tel de regels niet op.", EN: "Each row has its own unit. Do not add the rows up."},
		Definition: report.Text{NL: "Wat is uitgegeven, maal wat één euro daarvan doet, min wat de munt zelf kostte. EROI heet hier: opbrengst voor de natuur.", EN: "What was spent, times what one euro of it does, less what the coin itself took. EROI means here: ecological return on investment."},
		Caveat:     report.Text{NL: "De factor komt van wie hem invulde. Er is geen vaste manier om dit te rekenen. Wat ook zonder de munt groen was gekocht, telt hier mee.", EN: "The factor is that of who filled it in. There is no standard for this. What would have been bought green without the coin counts here too."},
		Columns:    append(columns("likely", report.Text{}, false), report.Column{Key: "per_spent", Label: report.Text{NL: "voor elke uitgegeven euro", EN: "for each euro spent"}, Decimals: 4, Factor: 1, Aside: true}, report.Column{Key: "per_input", Label: report.Text{NL: "voor elke euro die de munt kostte", EN: "for each euro the coin cost"}, Decimals: 4, Factor: 1, Aside: true}),
	}
	for n, g := range r.Green {
		t.Rows = append(t.Rows, report.Row{
			Key: strconv.Itoa(n + 1), Label: both(s.Name(GreenSpent, n) + " (" + s.Green[n].Unit + ")"),
			Cells: cells(g.Gain.Low, g.Gain.Mid, g.Gain.High, g.PerSpent.Mid, g.PerInput.Mid),
		})
	}
	return t
}

func (s *Sheet) projectTable() report.Table {
	t := report.Table{
		Key: "worth_projects", Version: version, Chart: report.Bars,
		Title:      report.Text{NL: "Gezien in de wijk", EN: "Seen in the wijk"},
		Sentence:   report.Text{NL: "Plannen en aankopen die mensen in de wijk zagen.", EN: "Projects and investments that people saw in the wijk."},
		Definition: report.Text{NL: "Opgeschreven met de dag en met wie het zegt.", EN: "Written down with the day and with who says so."},
		Caveat:     report.Text{NL: "Dit zit in geen enkele som. Dat het er is, zegt niet dat het door de munt komt.", EN: "This is in no sum. That it is there does not say that the coin did it."},
		Columns:    []report.Column{{Key: "amount", Label: report.Text{NL: "Bedrag", EN: "Amount"}, Unit: euros, Decimals: 2, Factor: 1}},
	}
	for n := range s.Projects {
		p := &s.Projects[n]
		var amount *big.Rat
		if p.Amount.known() {
			amount = p.Amount.at(likely)
		}
		t.Rows = append(t.Rows, report.Row{
			Key:   p.Day + "/" + strconv.Itoa(n+1),
			Label: report.Text{NL: p.Day + ": " + p.What + " (" + p.Who + " zegt dit)", EN: p.Day + ": " + p.What + " (says " + p.Who + ")"},
			Cells: cells(amount),
		})
	}
	return t
}
