package worth

import (
	"slices"
	"strconv"
	"strings"

	"grulden/internal/report"
)

// Warning is what a reader must know before the answer.
type Warning struct {
	Part Part
	Line int // of the part; -1: of the whole sheet
	Text report.Text
}

// Warnings are what is doubtful about a sheet: what may count twice, what is left
// out, what nobody said.
func (s *Sheet) Warnings() (all []Warning) {
	whole := func(nl, en string) { all = append(all, Warning{Head, -1, report.Text{NL: nl, EN: en}}) }
	has := func(kind string) bool {
		return slices.ContainsFunc(s.Outcomes, func(o Outcome) bool { return o.Kind == kind })
	}
	if has(Multiplier) && (has(Turnover) || has(Income)) {
		whole("Dit telt dubbel: een vermenigvuldiger, en ook de omzet of het inkomen dat daaruit komt. Haal een van de twee weg.",
			"This counts twice: a multiplier, and also the turnover or the income that comes from it. Take one of the two away.")
	}
	if has(Turnover) && has(Income) {
		whole("Dit telt misschien dubbel: omzet van winkels, en inkomen dat uit die omzet betaald wordt.",
			"This may count twice: turnover of shops, and income that is paid out of that turnover.")
	}
	if has(Turnover) || has(Multiplier) {
		whole("Omzet is nog geen opbrengst. Wat de winkel zelf moest inkopen, hoort er niet bij. Een deel was ook zonder de munt verkocht.",
			"Turnover is not yet gain. What the shop had to buy does not belong in it. A part would have been sold without the coin too.")
	}
	if len(s.Outcomes) > 0 && !slices.ContainsFunc(s.Inputs, func(i Input) bool { return i.Kind == Hours }) {
		whole("Er staan geen uren van vrijwilligers bij de kosten. Zonder die uren lijkt de munt goedkoper dan hij is.",
			"No hours of volunteers stand among the costs. Without those hours the coin seems cheaper than it is.")
	}
	if len(s.Stakeholders) == 0 {
		whole("Er staat niet voor wie iets verandert, en hoe dat aan hen gevraagd is.",
			"It is not said for whom something changes, and how they were asked.")
	}
	return append(all, s.lineWarnings()...)
}

// lineWarnings are those about one line.
func (s *Sheet) lineWarnings() (all []Warning) {
	for _, part := range []Part{Inputs, Outcomes, GreenSpent, Projects} {
		for n := range s.Lines(part) {
			for _, f := range s.Fields(part, n) {
				if text, ok := doubt(part, f); ok {
					all = append(all, Warning{part, n, text})
				}
			}
		}
	}
	return all
}

// doubt is what is doubtful about one field.
func doubt(part Part, f Field) (report.Text, bool) {
	switch {
	case f.Name == "source" && strings.TrimSpace(*f.Text) == "":
		return report.Text{NL: "Er staat geen bron bij.", EN: "No source is given."}, true
	case f.Name == "deadweight" && !f.Range.known():
		return report.Text{
			NL: "Niemand zei welk deel ook zonder de munt was gebeurd. Nu telt alles mee. Dat is te veel.",
			EN: "Nobody said which part would have happened without the coin. Now all of it counts. That is too much.",
		}, true
	case f.Name == "attribution" && !f.Range.known():
		return report.Text{
			NL: "Niemand zei welk deel door anderen kwam. Nu telt alles mee.",
			EN: "Nobody said which part others did. Now all of it counts.",
		}, true
	case unsure(part, f) && !f.Range.wide():
		name := FieldName(f.Name)
		return report.Text{
			NL: "Bij ‘" + strings.ToLower(name.NL) + "’ staat één getal. Niemand weet het zo precies: vul ook het minste en het meeste in.",
			EN: "There is one number for ‘" + strings.ToLower(name.EN) + "’. Nobody knows it that well: fill in the least and the most too.",
		}, true
	}
	return report.Text{}, false
}

// unsure tells whether a field is a guess whoever fills it in: it wants a range.
func unsure(part Part, f Field) bool {
	switch f.Name {
	case "proxy", "deadweight", "attribution", "factor":
		return true
	}
	return part == Outcomes && f.Name == "quantity"
}

// unitOf is in what a field is counted.
func unitOf(f Field) report.Text {
	switch {
	case f.Kind == Percent:
		return report.Text{NL: "%", EN: "%"}
	case f.Kind == Years:
		return report.Text{NL: "jaar", EN: "years"}
	case f.Name == "price", f.Name == "proxy", f.Name == "amount":
		return report.Text{NL: "euro", EN: "euros"}
	}
	return report.Text{}
}

// Name is what a line is called: its number and its first words.
func (s *Sheet) Name(part Part, n int) string {
	for _, f := range s.Fields(part, n) {
		if f.Name == "what" || part == Stakeholders && f.Name == "who" {
			return strconv.Itoa(n+1) + ". " + strings.TrimSpace(*f.Text)
		}
	}
	return s.Title
}
