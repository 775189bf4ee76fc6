package evaluation

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"grulden/internal/record"
	"grulden/internal/worth"
)

// save fills in the sheet of the worked example: ratio 2.126930.
func (w *town) save(change func(*worth.Sheet)) {
	w.Helper()
	file, err := os.Open("../worth/testdata/exD.json")
	if err != nil {
		w.Fatal(err)
	}
	defer file.Close()
	sheet, err := worth.Read(file)
	if err != nil {
		w.Fatal(err)
	}
	if change != nil {
		change(sheet)
	}
	book := worth.NewBook(w.node.Store())
	last, err := book.Last()
	if err != nil {
		w.Fatal(err)
	}
	if _, err := book.Save(*sheet, last.Number, record.ActorID{1}, w.now); err != nil {
		w.Fatal(err)
	}
}

// TestWhatPeopleFilledInIsPrintedAsSuch: the answer, every line of the sheet, and
// that none of it was counted.
func TestWhatPeopleFilledInIsPrintedAsSuch(t *testing.T) {
	w := march(t)
	if strings.Contains(said(w.make("nl")), "Wat het kostte en opbracht") {
		t.Error("there is a chapter about a sheet that nobody filled in")
	}
	w.save(nil)
	e := w.make("nl")
	text := said(e)
	at := 0
	for _, want := range []string{
		"h2 Wat het kostte en opbracht", "caveat Dit komt niet uit het journaal.", "answer Volgens dit blad bracht elke euro die erin ging", "2,13",
		"h2 Uitleg bij de cijfers", "SROI",
	} {
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Fatalf("%q is not in its place:\n%s", want, text)
		}
		at += i
	}
	for _, warning := range e.Worth.Warnings() {
		if !strings.Contains(text, warning.Text.NL) {
			t.Errorf("it does not warn: %s", warning.Text.NL)
		}
	}
	for _, part := range worth.Parts {
		for n := range e.Worth.Lines(part) {
			for _, f := range e.Worth.Fields(part, n) {
				if value := worth.Shown(f, "nl"); !strings.Contains(text, value) {
					t.Errorf("%s is not printed: %s", f.Name, value)
				}
			}
		}
	}
	if e.Figures["sroi"] != "2.13" {
		t.Errorf("the ratio is %q", e.Figures["sroi"])
	}
}

// TestASheetThatWasChangedSinceChangesNoReport: it is printed with what stood on
// the sheet, and made again with that.
func TestASheetThatWasChangedSinceChangesNoReport(t *testing.T) {
	w := march(t)
	w.save(nil)
	page, sheets := w.files("nl")
	w.save(func(s *worth.Sheet) { s.Title = "Een ander blad" })
	for _, file := range [][]byte{page, sheets} {
		if c := w.verify(file); !c.Same {
			t.Errorf("differences %v", c.Differences)
		}
	}
	later, _ := w.files("nl")
	if bytes.Equal(later, page) || !bytes.Contains(later, []byte("Een ander blad")) {
		t.Error("a new report has the old sheet")
	}
	forged := bytes.Replace(page, []byte(`"sroi":"2.13"`), []byte(`"sroi":"9.13"`), 1)
	if c := w.verify(forged); c.Same || len(c.Differences) != 1 {
		t.Errorf("same %v, %v", c.Same, c.Differences)
	}
}
