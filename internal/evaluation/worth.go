package evaluation

import (
	"strings"

	"grulden/internal/worth"
)

// worth prints the sheet that people filled in: the answer, what to mind, every
// assumption with its source, and the tables. None of it is counted.
func (e *Evaluation) worth(d *document) {
	s := e.Worth
	r := s.Reckon()
	d.text(heading2, e.say("worth"))
	d.text(caveat, e.say("worth_about", "{sheet}", s.Title))
	if s.From != "" && s.To != "" {
		d.text(caveat, e.say("worth_span", "{sheet_from}", e.dateOf(s.From), "{sheet_to}", e.dateOf(s.To)))
	}
	d.text(answer, r.Answer().In(e.Lang))
	var minds []string
	for _, w := range s.Warnings() {
		text := w.Text.In(e.Lang)
		if w.Line >= 0 {
			text = s.Name(w.Part, w.Line) + ": " + text
		}
		minds = append(minds, text)
	}
	if len(minds) > 0 {
		d.text(heading3, e.say("worth_mind"))
		d.list(minds)
	}
	e.numbers(d, r.Lines())
	for _, part := range worth.Parts {
		if s.Lines(part) == 0 {
			continue
		}
		d.text(heading3, worth.PartName(part).In(e.Lang))
		var filled []string
		for n := range s.Lines(part) {
			filled = append(filled, e.filledIn(s.Fields(part, n)))
		}
		d.list(filled)
	}
	for _, t := range s.Tables() {
		if len(t.Rows) > 0 && t.Key != "worth_assumptions" { // those stand above, with their sources
			e.table(d, t)
		}
	}
}

// filledIn is a line of the sheet in words.
func (e *Evaluation) filledIn(fields []worth.Field) string {
	var said []string
	for _, f := range fields {
		if value := worth.Shown(f, e.Lang); value != "" {
			said = append(said, worth.FieldName(f.Name).In(e.Lang)+": "+value)
		}
	}
	return strings.Join(said, "; ")
}
