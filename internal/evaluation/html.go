package evaluation

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"strings"
)

// style is how the page looks, on a screen and on paper.
//
//go:embed report.css
var style string

// Policy is the Content-Security-Policy that the page needs: nothing but its own
// style, which is named by its hash.
func Policy() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// HTML is the report as one page that needs nothing else.
func (e *Evaluation) HTML() ([]byte, error) {
	inputs, err := e.json()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", html.EscapeString(e.Lang))
	b.WriteString("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
	fmt.Fprintf(&b, "<title>%s %s</title>\n<style>%s</style>\n", html.EscapeString(e.say("title")), html.EscapeString(e.say("about")), style)
	fmt.Fprintf(&b, "%s%s%s\n</head>\n<body>\n<main>\n", inputsBegin, inputs, inputsEnd)
	for _, part := range e.compose() {
		part.html(&b)
	}
	b.WriteString("</main>\n</body>\n</html>\n")
	return b.Bytes(), nil
}

// html writes a block.
func (p *block) html(b *bytes.Buffer) {
	text := html.EscapeString(p.text)
	switch p.kind {
	case heading1, heading2, heading3, sentence:
		fmt.Fprintf(b, "<%s>%s</%s>\n", p.kind, text, p.kind)
	case answer, caveat, smallPrint:
		fmt.Fprintf(b, "<p class=\"%s\">%s</p>\n", p.kind, text)
	case list:
		b.WriteString("<ul>\n")
		for _, item := range p.items {
			fmt.Fprintf(b, "<li>%s</li>\n", html.EscapeString(item))
		}
		b.WriteString("</ul>\n")
	case drawn:
		fmt.Fprintf(b, "<figure tabindex=\"0\" aria-label=\"%s\">%s</figure>\n", text, p.picture.SVG())
	case grid:
		p.htmlGrid(b)
	}
}

// htmlGrid writes a table. It can be moved sideways on a small screen, also with
// the keyboard.
func (p *block) htmlGrid(b *bytes.Buffer) {
	b.WriteString("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" + html.EscapeString(p.text) + "\">\n<table>\n<thead><tr>")
	class := make([]string, len(p.columns))
	for i, c := range p.columns {
		if c.right {
			class[i] = ` class="number"`
		}
		fmt.Fprintf(b, "<th scope=\"col\"%s>%s</th>", class[i], html.EscapeString(c.head))
	}
	b.WriteString("</tr></thead>\n<tbody>\n")
	for _, row := range p.rows {
		fmt.Fprintf(b, "<tr><th scope=\"row\">%s</th>", html.EscapeString(row[0]))
		for i, cell := range row[1:] {
			fmt.Fprintf(b, "<td%s>%s</td>", class[i+1], html.EscapeString(cell))
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString(strings.Join([]string{"</tbody>", "</table>", "</div>", ""}, "\n"))
}
