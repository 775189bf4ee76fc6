package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// jsonFigure is a line as JSON: an unknown value is null.
type jsonFigure struct {
	Label      Text            `json:"label"`
	Value      json.RawMessage `json:"value"`
	Exact      *string         `json:"exact"`
	Unit       Text            `json:"unit"`
	Definition Text            `json:"definition"`
	Formula    string          `json:"formula"`
	Caveat     *Text           `json:"caveat,omitempty"`
	Version    int             `json:"version,omitempty"`
	Before     *jsonChange     `json:"before,omitempty"`
}

// jsonChange is what a figure was, as JSON.
type jsonChange struct {
	From  string          `json:"from"`
	To    string          `json:"to"`
	Value json.RawMessage `json:"value"`
	Exact *string         `json:"exact"`
	More  json.RawMessage `json:"more"`
	Unit  Text            `json:"more_unit"`
}

// rawNumber is a number as JSON: null for none.
func rawNumber(text string) json.RawMessage {
	if text == "" {
		text = "null"
	}
	return json.RawMessage(text)
}

// json is a figure as JSON.
func (l Line) json() jsonFigure {
	figure := jsonFigure{
		Label: l.Label, Value: rawNumber(l.Value), Unit: l.Unit, Definition: l.Definition, Formula: l.Formula, Version: l.Version,
	}
	if l.Caveat != (Text{}) {
		figure.Caveat = &l.Caveat
	}
	if l.Value != "" {
		figure.Exact = &l.Exact
	}
	if c := l.Before; c != nil {
		figure.Before = &jsonChange{
			From: c.Period.From.String(), To: c.Period.To.String(), Value: rawNumber(c.Before), More: rawNumber(c.By), Unit: c.Unit,
		}
		if c.Before != "" {
			figure.Before.Exact = &c.Exact
		}
	}
	return figure
}

// MarshalJSON writes the period and the figures by their keys, in the order of
// Lines. A value is a number rounded for reading; exact is the same as a whole
// number or a fraction in a string.
func (r *Report) MarshalJSON() ([]byte, error) {
	figures, err := JSONLines(r.Lines())
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, `{"from":"%s","to":"%s","days":%d,"entries":%d,"figures":%s}`,
		r.Period.From, r.Period.To, r.Period.Days(), r.Entries, figures), nil
}

// JSONLines writes figures by their keys, in their order.
func JSONLines(lines []Line) (json.RawMessage, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, l := range lines {
		if i > 0 {
			b.WriteByte(',')
		}
		text, err := json.Marshal(l.json())
		if err != nil {
			return nil, fmt.Errorf("writing %s: %w", l.Key, err)
		}
		fmt.Fprintf(&b, `"%s":%s`, l.Key, text)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// WriteJSON writes what MarshalJSON gives, for reading.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// WriteCSV writes one line per figure, the period on each, so that files of
// several periods can be put together. It is RFC 4180 in UTF-8 with commas
// between the fields and a point in the numbers, in either language: R, Python
// and databases read that as it is, and a file does not change its meaning with
// the settings of the computer it is opened on. A spreadsheet that expects
// semicolons asks for the separator when the file is imported.
func (r *Report) WriteCSV(w io.Writer, lang string) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	head := []string{"from", "to", "key", "label", "value", "unit", "exact", "definition", "formula"}
	if r.before != nil {
		head = append(head, "before", "more", "more_unit")
	}
	rows := [][]string{head}
	for _, l := range r.Lines() {
		row := []string{
			r.Period.From.String(), r.Period.To.String(), l.Key, l.Label.In(lang), l.Value,
			l.Unit.In(lang), l.Exact, l.Definition.In(lang), l.Formula,
		}
		if r.before != nil {
			var was Change // one without a figure before has empty fields
			if l.Before != nil {
				was = *l.Before
			}
			row = append(row, was.Before, was.By, was.Unit.In(lang))
		}
		rows = append(rows, row)
	}
	return c.WriteAll(rows)
}

// textWidth is how wide a definition runs in a terminal.
const textWidth = 78

// WriteText writes the figures as a table, each with its definition under it.
func (r *Report) WriteText(w io.Writer, lang string) error {
	title := r.title().In(lang)
	if r.before != nil {
		title += "\n" + r.before.besideText().In(lang)
	}
	return WriteLines(w, title, r.Lines(), lang)
}

// WriteLines writes figures as a table under a title, each with its definition
// and with what it does not show.
func WriteLines(w io.Writer, title string, lines []Line, lang string) error {
	var b strings.Builder
	b.WriteString(title + "\n")
	label, value := 0, 0
	for _, l := range lines {
		label = max(label, utf8.RuneCountInString(l.Label.In(lang)))
		value = max(value, utf8.RuneCountInString(l.Shown(lang)))
		if l.Before != nil {
			value = max(value, utf8.RuneCountInString(l.Before.Shown(lang)))
		}
	}
	for _, l := range lines {
		line := fmt.Sprintf("\n%-*s  %*s  %s", label, l.Label.In(lang), value, l.Shown(lang), l.Unit.In(lang))
		b.WriteString(strings.TrimRight(line, " ") + "\n")
		if l.Before != nil {
			line = fmt.Sprintf("%-*s  %*s  %s", label, "  "+Text{"ervoor", "before"}.In(lang), value, l.Before.Shown(lang), l.Before.More(lang))
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
		definition := l.Definition.In(lang)
		if l.Formula != "" {
			definition += " [" + l.Formula + "]"
		}
		wrap(&b, definition)
		if l.Caveat != (Text{}) {
			wrap(&b, Text{"Let op: ", "Mind: "}.In(lang)+l.Caveat.In(lang))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wrap writes a text in lines of at most textWidth, indented.
func wrap(b *strings.Builder, text string) {
	const indent = "    "
	width := 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case width == 0:
			b.WriteString(indent + word)
			width = len(indent) + n
		case width+1+n > textWidth:
			b.WriteString("\n" + indent + word)
			width = len(indent) + n
		default:
			b.WriteString(" " + word)
			width += 1 + n
		}
	}
	b.WriteByte('\n')
}
