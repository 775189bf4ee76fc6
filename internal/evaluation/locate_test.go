package evaluation

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var sheetOf = regexp.MustCompile(`(\d+) 0 obj\n<</Filter /FlateDecode /Length (\d+)>>\nstream\n`)

// repainted is a PDF in which the first sheet that has some words has others, put
// at its end as programs do that change a PDF.
func repainted(t *testing.T, pdf []byte, old, other string) []byte {
	t.Helper()
	for _, at := range sheetOf.FindAllSubmatchIndex(pdf, -1) {
		r, err := zlib.NewReader(bytes.NewReader(pdf[at[1]:]))
		if err != nil {
			t.Fatal(err)
		}
		sheet, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(sheet, []byte(old)) {
			continue
		}
		var packed bytes.Buffer
		w := zlib.NewWriter(&packed)
		if _, err := w.Write(bytes.Replace(sheet, []byte(old), []byte(other), 1)); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		return append(slices.Clone(pdf), fmt.Sprintf("%s 0 obj\n<</Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream\nendobj\n", pdf[at[2]:at[3]], packed.Len(), &packed)...)
	}
	t.Fatalf("no sheet has %q", old)
	return nil
}

// spaced are words as a sheet has them.
func spaced(words string) string { return "\x00" + strings.Join(strings.Split(words, ""), "\x00") }

// TestTheForgedPlaceIsNamed: whoever changes what can be read, leaves something out
// or draws a bar longer is told where.
func TestTheForgedPlaceIsNamed(t *testing.T) {
	w := march(t)
	page, sheets := w.files("nl")
	section := func(title string) []byte {
		begin := bytes.Index(page, []byte("<h2>"+title))
		return page[begin : begin+4+bytes.Index(page[begin+4:], []byte("<h2>"))]
	}
	bar := regexp.MustCompile(`fill="#0072b2" points="\d+`).Find(section("Betaald, naar"))
	for name, tt := range map[string]struct {
		file                  []byte
		where, report, ledger string
		text                  bool
		places                int
	}{
		"a figure":                 {bytes.Replace(page, []byte(">300,00<"), []byte(">900,00<"), 1), "De cijfers", "Betaald | 900,00 | Korrel", "Betaald | 300,00 | Korrel", true, 1},
		"a sentence":               {bytes.Replace(page, []byte("Er is 300,00"), []byte("Er is 3,00"), 1), "In het kort", "Er is 3,00", "Er is 300,00", true, 1},
		"a heading":                {bytes.Replace(page, []byte("<h2>De cijfers"), []byte("<h2>Mooie cijfers"), 1), "De cijfers", "Mooie", "De", true, 1},
		"what it does not show":    {bytes.Replace(page, section("Nog nooit betaald"), nil, 1), "Nog nooit betaald", "", "Nog nooit betaald", true, 0},
		"a bar":                    {bytes.Replace(page, bar, append(bar, '9'), 1), "", "", "", false, 1},
		"a figure of the sheets":   {repainted(t, sheets, spaced("300,00")+")", spaced("900,00")+")"), "De cijfers: Betaald", "900,00", "300,00", true, 1},
		"a sentence of the sheets": {repainted(t, sheets, spaced("Er is 300"), spaced("Er is 900")), "sheet 1, In het kort", "Er is 900", "Er is 300", true, 1},
		"a rule of the sheets":     {repainted(t, sheets, " re f\n", " re s\n"), "sheet 1", " re s", " re f", false, 1},
	} {
		c := w.verify(tt.file)
		if c.Same || len(c.Passages) == 0 || tt.places > 0 && len(c.Passages) != tt.places {
			t.Errorf("%s: same %v, %d places: %v", name, c.Same, len(c.Passages), c.Passages)
			continue
		}
		p := c.Passages[0]
		if !strings.Contains(p.Where, tt.where) || !strings.Contains(p.Report, tt.report) || !strings.Contains(p.Ledger, tt.ledger) || p.Text != tt.text {
			t.Errorf("%s: %v", name, p)
		}
	}
	if c := w.verify(append(slices.Clone(sheets), "\n1 0 obj\n<<>>\nendobj\n"...)); c.Same || c.Passages != nil {
		t.Errorf("sheets that nobody can read: %v", c)
	}
}

// TestOnlyWhatDiffersIsNamed: each piece that was changed, left out or put in, and
// nothing else, however much of it there is.
func TestOnlyWhatDiffersIsNamed(t *testing.T) {
	text := func(p piece) string { return p.text }
	rapid.Check(t, func(t *rapid.T) {
		var then, now []piece
		want := 0
		for i := range rapid.IntRange(0, 60).Draw(t, "pieces") {
			here := piece{where: fmt.Sprint(i), text: fmt.Sprint("piece ", i)}
			switch rapid.IntRange(0, 9).Draw(t, "forged") {
			case 0:
				then = append(then, piece{where: here.where, text: fmt.Sprint("forged ", i)})
				now = append(now, here)
				want++
			case 1:
				now = append(now, here)
				want++
			case 2:
				then = append(then, here)
				want++
			default:
				then, now = append(then, here), append(now, here)
			}
		}
		all := differing(then, now, text)
		if len(all) > want || (want > 0) != (len(all) > 0) {
			t.Fatalf("%d places of %d: %v", len(all), want, all)
		}
		for _, p := range all {
			if p.Report == p.Ledger {
				t.Fatalf("no difference: %v", p)
			}
		}
	})
}

func TestAPublicReportSaysNotHowLongTheJournalIs(t *testing.T) {
	in := Inputs{Entries: 12}
	if got := in.Of(); got != "12 entries" {
		t.Error(got)
	}
	in.Public, in.Release = true, 3
	if got := in.Of(); got != "publication 3" {
		t.Error(got)
	}
}

func TestALongTextIsCutToWhatDiffers(t *testing.T) {
	long := strings.Repeat("heel veel woorden ", 20)
	a, b := shortened(long+"ja"+long, long+"nee"+long)
	if len(a) > 100 || !strings.Contains(a, " ja") || !strings.Contains(b, " nee") || !strings.HasPrefix(a, "…") || !strings.HasSuffix(b, "…") {
		t.Errorf("%q, %q", a, b)
	}
	if a, b := shortened("", "kort"); a != "" || b != "kort" {
		t.Errorf("%q, %q", a, b)
	}
}
