package worth

import (
	"bufio"
	"fmt"
	"io"
	"math/big"

	"grulden/internal/report"
)

// Answer is the outcome in one sentence.
func (r *Result) Answer() report.Text {
	if r.Ratio.Mid == nil {
		return report.Text{NL: "Er is nog niet ingevuld wat erin ging. Zo kan niets gedeeld worden.", EN: "What went in was not filled in yet, so there is nothing to divide by."}
	}
	if len(r.Outcomes) == 0 {
		return report.Text{NL: "Er is nog niet ingevuld wat er veranderde. Zo is er geen antwoord.", EN: "What changed was not filled in yet, so there is no answer."}
	}
	if len(r.Swings) == 0 {
		return report.Text{
			NL: fmt.Sprintf("Volgens dit blad bracht elke euro die erin ging %s euro op. Hoe zeker dat is, staat er niet bij: geen getal heeft een minste en een meeste.", shown(r.Ratio.Mid, "nl")),
			EN: fmt.Sprintf("By this sheet each euro that went in was worth %s euros. How sure that is, nobody said: no number has a least and a most.", shown(r.Ratio.Mid, "en")),
		}
	}
	return report.Text{
		NL: fmt.Sprintf("Volgens dit blad bracht elke euro die erin ging waarschijnlijk %s euro op: ten minste %s en ten hoogste %s.", shown(r.Ratio.Mid, "nl"), shown(r.Ratio.Low, "nl"), shown(r.Ratio.High, "nl")),
		EN: fmt.Sprintf("By this sheet each euro that went in was probably worth %s euros: at least %s and at most %s.", shown(r.Ratio.Mid, "en"), shown(r.Ratio.Low, "en"), shown(r.Ratio.High, "en")),
	}
}

// WriteText writes the sheet in six steps, with every assumption.
func (s *Sheet) WriteText(w io.Writer, lang string) error {
	out, r := bufio.NewWriter(w), s.Reckon()
	text := func(nl, en string) string { return report.Text{NL: nl, EN: en}.In(lang) }
	fmt.Fprintf(out, "%s\n%s – %s\n\n", s.Title, s.From, s.To)
	for _, warning := range s.Warnings() {
		at := ""
		if warning.Line >= 0 {
			at = s.Name(warning.Part, warning.Line) + ": "
		}
		fmt.Fprintf(out, "! %s%s\n", at, warning.Text.In(lang))
	}
	for _, part := range Parts {
		if s.Lines(part) > 0 {
			fmt.Fprintf(out, "\n%s\n", PartName(part).In(lang))
		}
		for n := range s.Lines(part) {
			s.writeLine(out, part, n, lang)
		}
	}
	fmt.Fprintf(out, "\n%s\n%s\n", text("Stap 5. Wat komt eruit?", "Step 5. What comes out?"), r.Answer().In(lang))
	for _, l := range r.Lines() {
		fmt.Fprintf(out, "  %-50s %12s %s\n", l.Label.In(lang), l.Shown(lang), l.Unit.In(lang))
	}
	fmt.Fprintf(out, "  = %s\n", sroiFormula)
	for _, t := range r.Tables() {
		if t.Key != "worth_assumptions" && len(t.Rows) > 0 { // those stand above
			writeTable(out, t, lang)
		}
	}
	fmt.Fprintf(out, "\n%s\n%s\n", text("Stap 6. Vertel het eerlijk", "Step 6. Tell it honestly"), notMeasured.In(lang))
	return out.Flush()
}

// writeLine writes what was filled in on one line.
func (s *Sheet) writeLine(out io.Writer, part Part, n int, lang string) {
	for i, f := range s.Fields(part, n) {
		mark := "   "
		if i == 0 {
			mark = fmt.Sprintf("%2d.", n+1)
		}
		if value := Shown(f, lang); value != "" {
			fmt.Fprintf(out, "%s %s: %s\n", mark, FieldName(f.Name).In(lang), value)
		}
	}
}

// Shown is what was filled in to a field, as a reader sees it; empty: nothing.
func Shown(f Field, lang string) string {
	switch {
	case f.Kind == Choice:
		return KindName(*f.Text).In(lang)
	case f.Text != nil:
		return *f.Text
	case !f.Range.known():
		return ""
	}
	show := func(e end) string { return report.Line{Value: plain(f.Range.at(e))}.Shown(lang) }
	text := show(likely)
	if f.Range.wide() {
		text = report.Text{
			NL: fmt.Sprintf("%s (ten minste %s, ten hoogste %s)", text, show(least), show(most)),
			EN: fmt.Sprintf("%s (at least %s, at most %s)", text, show(least), show(most)),
		}.In(lang)
	}
	if unit := unitOf(f).In(lang); unit != "" {
		text += " " + unit
	}
	return text
}

// plain is a number of a field with the decimals it has and no more.
func plain(n *big.Rat) string {
	for digits := range 6 {
		if text := n.FloatString(digits); mustRat(text).Cmp(n) == 0 {
			return text
		}
	}
	return n.FloatString(6)
}

func mustRat(text string) *big.Rat {
	n, _ := new(big.Rat).SetString(text) // FloatString writes nothing else
	return n
}

func writeTable(out io.Writer, t report.Table, lang string) {
	fmt.Fprintf(out, "\n%s\n", t.Title.In(lang))
	for _, row := range t.Rows {
		fmt.Fprintf(out, "  %s:", row.Label.In(lang))
		for i, c := range row.Cells {
			fmt.Fprintf(out, " %s %s", t.Columns[i].Label.In(lang), t.Columns[i].Shown(c, lang))
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "  %s\n", t.Caveat.In(lang))
}
