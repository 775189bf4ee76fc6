package evaluation

import (
	"slices"

	"grulden/internal/tagged"
)

// PDF is the report on sheets of A4, tagged so that it can be read aloud. The
// inputs are a file inside it.
func (e *Evaluation) PDF() ([]byte, error) {
	inputs, err := e.json()
	if err != nil {
		return nil, err
	}
	footer := e.say("page_footer")
	if !e.Public {
		footer += e.say("confidential_f")
	}
	w := tagged.New(tagged.About{Title: e.say("title") + " " + e.say("about"), Lang: e.Lang, Footer: footer})
	for parts := e.compose(); len(parts) > 0; {
		end := 1 + slices.IndexFunc(parts[1:], func(p block) bool { return p.heads() })
		if end == 0 {
			end = len(parts)
		}
		section := parts[:end]
		w.Together(func(w *tagged.Writer) { onSheets(w, section) })
		parts = parts[end:]
	}
	w.Attach("inputs.json", e.say("origin"), "application/json", inputs)
	return w.Bytes()
}

// heads tells whether a block is a heading.
func (p *block) heads() bool { return p.kind == heading1 || p.kind == heading2 || p.kind == heading3 }

// notes tells whether a block is a note on what stands above it.
func (p *block) notes() bool { return p.kind == caveat || p.kind == smallPrint }

// onSheets draws blocks, each table with the notes on it.
func onSheets(w *tagged.Writer, parts []block) {
	for len(parts) > 0 {
		end := 1
		for parts[0].kind == grid && end < len(parts) && parts[end].notes() {
			end++
		}
		parts[0].pdf(w, parts[1:end])
		parts = parts[end:]
	}
}

// pdf draws a block, and under a table the notes on it.
func (p *block) pdf(w *tagged.Writer, notes []block) {
	switch p.kind {
	case heading1, heading2, heading3:
		w.Heading(int(p.kind[1]-'0'), p.text)
	case sentence:
		w.Paragraph(p.text)
	case answer:
		w.Strong(p.text)
	case caveat:
		w.Aside(p.text)
	case smallPrint:
		w.Small(p.text)
	case list:
		w.List(p.items)
	case drawn:
		w.Figure(p.text, p.picture.height, p.picture.on)
	case grid:
		columns := make([]tagged.Column, len(p.columns))
		for i, c := range p.columns {
			columns[i] = tagged.Column{Head: c.head, Share: c.share, Right: c.right}
		}
		w.NotedTable(columns, p.rows, func(w *tagged.Writer) { onSheets(w, notes) })
	}
}
