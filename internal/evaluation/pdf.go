package evaluation

import "grulden/internal/tagged"

// aboveDrawing is how high a heading and a sentence are, in millimetres.
const aboveDrawing = 32

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
	parts := e.compose()
	for i, part := range parts {
		if part.kind == heading2 && i+2 < len(parts) && parts[i+2].kind == drawn {
			w.Keep(aboveDrawing + parts[i+2].picture.height)
		}
		part.pdf(w)
	}
	w.Attach("inputs.json", e.say("origin"), "application/json", inputs)
	return w.Bytes()
}

// pdf draws a block.
func (p *block) pdf(w *tagged.Writer) {
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
		w.Table(columns, p.rows)
	}
}
