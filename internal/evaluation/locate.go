package evaluation

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"grulden/internal/tagged"
)

// Passage is a place where a report reads otherwise than the one made again.
type Passage struct {
	Where  string // the heading above it, and the sheet of a PDF
	Report string // what stands there, shortened; empty: nothing
	Ledger string // what should
	Text   bool   // it can be read; else it is how something is drawn or told to machines
}

// piece is a part of a report in the order of reading.
type piece struct{ where, text, raw string }

// passages are where two reports differ: in what can be read, or when that is the
// same in anything else. None says that what differs is on no page.
func passages(report, ledger []byte, pdf bool) ([]Passage, error) {
	read := htmlPieces
	if pdf {
		read = pdfPieces
	}
	then, err := read(report)
	if err != nil {
		return nil, err
	}
	now, err := read(ledger)
	if err != nil {
		return nil, err
	}
	text := func(p piece) string { return p.text }
	silent := func(p piece) bool { return p.text == "" }
	all := differing(slices.DeleteFunc(slices.Clone(then), silent), slices.DeleteFunc(slices.Clone(now), silent), text)
	for i := range all {
		all[i].Text = true
	}
	if len(all) == 0 {
		all = differing(then, now, func(p piece) string { return p.raw })
	}
	return all, nil
}

// farthest is how many pieces are looked through for where two go on alike.
const farthest = 200

// differing goes through both, and on where they are alike again soonest.
func differing(then, now []piece, of func(piece) string) (all []Passage) {
	for len(then) > 0 || len(now) > 0 {
		a, b := alike(then, now, of)
		for i := range max(a, b) {
			var p Passage
			if i < a {
				p.Where, p.Report = then[i].where, of(then[i])
			}
			if i < b {
				p.Where, p.Ledger = now[i].where, of(now[i])
			}
			p.Report, p.Ledger = shortened(p.Report, p.Ledger)
			all = append(all, p)
		}
		then, now = then[min(a+1, len(then)):], now[min(b+1, len(now)):]
	}
	return all
}

// alike is how many pieces of each to leave out, as few as can be, until both go on
// with the same one, or end.
func alike(then, now []piece, of func(piece) string) (a, b int) {
	for out := range farthest {
		for a := max(0, out-len(now)); a <= min(out, len(then)); a++ {
			b := out - a
			ends := a == len(then) && b == len(now)
			if ends || a < len(then) && b < len(now) && of(then[a]) == of(now[b]) {
				return a, b
			}
		}
	}
	return len(then), len(now)
}

// shortened leaves of two texts what differs and a little around it.
func shortened(a, b string) (string, string) {
	const around = 28
	one, other := []rune(a), []rune(b)
	most := min(len(one), len(other))
	before, after := 0, 0
	for before < most && one[before] == other[before] {
		before++
	}
	for after < most-before && one[len(one)-1-after] == other[len(other)-1-after] {
		after++
	}
	cut := func(text []rune) string {
		begin, end := max(0, before-around), min(len(text), len(text)-after+around)
		end = min(end, begin+4*around)
		words := string(text[begin:end])
		if begin > 0 {
			words = "…" + words
		}
		if end < len(text) {
			words += "…"
		}
		return words
	}
	return cut(one), cut(other)
}

// htmlPieces are the lines of a page and, where nothing can be read, its tags. A page
// of ours has no < or > but around them.
func htmlPieces(page []byte) (all []piece, err error) {
	where, line, quiet := "", "", false
	for rest := string(page); rest != ""; {
		var text, tag string
		text, rest, _ = strings.Cut(rest, "<")
		tag, rest, _ = strings.Cut(rest, ">")
		if !quiet {
			line += html.UnescapeString(text)
		}
		name, _, _ := strings.Cut(tag, " ")
		quiet = name == "script" || name == "style"
		all = append(all, piece{where: where, raw: text}, piece{where: where, raw: tag})
		switch name {
		case "/td", "/th":
			line += " | "
		case "/h1", "/h2", "/h3":
			where = strings.TrimSpace(line)
			fallthrough
		case "/p", "/li", "/tr", "/text", "/title", "/html":
			all = append(all, piece{where: where, text: strings.Trim(line, " |\n")}) // the words of a row stand side by side
			line = ""
		}
	}
	return all, nil
}

// pdfPieces are the lines on the sheets, and what is drawn between them.
func pdfPieces(file []byte) (all []piece, err error) {
	pieces, err := tagged.Read(file)
	heading, row := "", ""
	for _, p := range pieces {
		switch {
		case p.Text == "":
		case p.Role == "H1", p.Role == "H2", p.Role == "H3":
			heading, row = p.Text, ""
		case p.Role == "TH":
			row = ": " + p.Text
		case p.Role != "TD":
			row = ""
		}
		all = append(all, piece{fmt.Sprintf("sheet %d, %s", p.Sheet, heading+row), p.Text, p.Raw})
	}
	return all, err
}
