package tagged

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// sample is a document with one of each thing, long enough for two pages.
func sample(t *testing.T) []byte {
	t.Helper()
	w := New(About{Title: "Loopt het rond?", Lang: "nl", Footer: "wijk De Hoogte"})
	w.Heading(1, "Loopt het rond?")
	w.Paragraph("Ja: € 10 ging vijf keer van hand tot hand. " + strings.Repeat("Nog een zin. ", 30))
	w.List([]string{"eerste punt", "tweede punt"})
	w.Heading(2, "Weken")
	w.Figure("Een lijn die stijgt", 40, func(c *Canvas) {
		c.Line([][2]float64{{0, 40}, {50, 10}}, 0.5, RGB{0, 90, 156})
		c.Area([][2]float64{{60, 40}, {60, 20}, {70, 20}, {70, 40}}, RGB{0, 90, 156})
		c.Text(80, 40, 8, 0.5, "week 1")
	})
	rows := make([][]string, 60)
	for i := range rows {
		rows[i] = []string{fmt.Sprintf("week %d", i+1), "−1.234,50"}
	}
	w.Table([]Column{{Head: "week", Share: 1}, {Head: "betaald", Share: 1, Right: true}}, rows)
	w.Small("Bron: het journaal.")
	w.Attach("inputs.json", "Waar dit uit volgt", "application/json", []byte(`{"from":"2026-01-01"}`))
	pdf, err := w.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// poppler runs one of its programs on a document.
func poppler(t *testing.T, pdf []byte, program string, arguments ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "d.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	var faults bytes.Buffer
	run := exec.Command(program, append(arguments, path)...)
	run.Stderr = &faults
	out, err := run.Output()
	if err != nil || faults.Len() > 0 {
		t.Fatalf("%s: %v: %s", program, err, &faults)
	}
	return string(out)
}

func TestADocumentIsTaggedAndReadInOrder(t *testing.T) {
	pdf := sample(t)
	info := poppler(t, pdf, "pdfinfo")
	for _, want := range []string{"Title:           Loopt het rond?", "Tagged:          yes", "Pages:           2"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo does not say %q:\n%s", want, info)
		}
	}
	read := strings.Join(strings.Fields(poppler(t, pdf, "pdfinfo", "-struct-text")), " ")
	at := 0
	for _, want := range []string{
		`Document H1 (block)`, `"Loopt het rond?"`, `P (block)`, `"Ja: € 10 ging`, `L (block)`, `LI (block)`, `"•"`, `"eerste punt"`,
		`H2 (block)`, `Figure`, `Table`, `THead`, `TH`, `"week"`, `"betaald"`, `TBody`, `"week 1"`, `"−1.234,50"`,
		`"week 60"`, `"Bron: het journaal."`,
	} {
		i := strings.Index(read[at:], want)
		if i < 0 {
			t.Fatalf("not read after what stands before it: %s\n%s", want, read)
		}
		at += i
	}
	if strings.Contains(read, "wijk De Hoogte") {
		t.Error("the footer is read aloud on every page")
	}
	if n := strings.Count(read, `"betaald"`); n != 1 {
		t.Errorf("the heads of the table are read %d times", n)
	}
	if !bytes.Contains(pdf, []byte("/S /Figure /P ")) || !bytes.Contains(pdf, []byte("/Alt "+text("Een lijn die stijgt"))) {
		t.Error("the picture has no words")
	}
}

// TestWhatIsDrawnIsMarked: on each page all that is painted is between marks.
func TestWhatIsDrawnIsMarked(t *testing.T) {
	w := New(About{Title: "t", Lang: "nl"})
	w.pdf.SetCompression(false)
	w.Paragraph("tekst")
	w.Figure("vlak", 10, func(c *Canvas) { c.Area([][2]float64{{0, 0}, {1, 0}, {1, 1}}, RGB{}) })
	w.Table([]Column{{Head: "a", Share: 1}}, [][]string{{"b"}})
	pdf, err := w.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	painted := regexp.MustCompile(`(?m)(Tj ET|^S$|^f$| S$| f$)`)
	depth, seen := 0, 0
	page, _, _ := strings.Cut(string(pdf), "endstream")
	for line := range strings.Lines(page) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasSuffix(line, "BDC"), strings.HasSuffix(line, "BMC"):
			depth++
		case line == "EMC":
			depth--
		case painted.MatchString(line):
			seen++
			if depth != 1 {
				t.Errorf("painted at depth %d: %s", depth, line)
			}
		}
	}
	if seen < 6 || depth != 0 {
		t.Errorf("%d things painted, %d marks open at the end", seen, depth)
	}
}

// TestEachObjectIsWhereTheTablesSay reads the tables of cross-references as a
// reader does, the newest first.
func TestEachObjectIsWhereTheTablesSay(t *testing.T) {
	pdf := sample(t)
	tables := regexp.MustCompile(`(?s)\nxref\n(.*?)trailer`).FindAllSubmatch(pdf, -1)
	if len(tables) != 2 {
		t.Fatalf("%d tables", len(tables))
	}
	checked := 0
	number := 0
	for _, line := range strings.Split(strings.TrimSpace(string(tables[1][1])), "\n") {
		fields := strings.Fields(line)
		if len(fields) == 2 {
			number, _ = strconv.Atoi(fields[0])
			continue
		}
		offset, err := strconv.Atoi(fields[0])
		if err != nil || !bytes.HasPrefix(pdf[offset:], []byte(fmt.Sprintf("%d 0 obj\n", number))) {
			t.Fatalf("object %d is not at %s", number, fields[0])
		}
		checked++
	}
	if checked < 100 {
		t.Errorf("only %d objects", checked)
	}
}

func TestTheSameDocumentHasTheSameBytes(t *testing.T) {
	first := sample(t)
	for range 3 {
		if !bytes.Equal(first, sample(t)) {
			t.Fatal("other bytes")
		}
	}
	if !bytes.Contains(first, []byte("<pdfuaid:part>1</pdfuaid:part>")) {
		t.Error("it does not say that it keeps PDF/UA-1")
	}
}

func TestAnAttachedFileIsFound(t *testing.T) {
	pdf := sample(t)
	content, ok := Attached(pdf)
	if !ok || string(content) != `{"from":"2026-01-01"}` {
		t.Errorf("%v %q", ok, content)
	}
	if _, ok := Attached([]byte("%PDF-1.7")); ok {
		t.Error("found where there is none")
	}
	cut := bytes.Replace(pdf, []byte("/Length 21>>\nstream"), []byte("/Length 99999999>>\nstream"), 1)
	if _, ok := Attached(cut); ok {
		t.Error("found beyond the end")
	}
	if list := poppler(t, pdf, "pdfdetach", "-list"); !strings.Contains(list, "inputs.json") {
		t.Error(list)
	}
}
