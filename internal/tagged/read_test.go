package tagged

import (
	"errors"
	"strings"
	"testing"
)

// TestWhatIsReadIsWhatWasWritten: each text in its place, as what it is, also with
// letters that mean something to a PDF.
func TestWhatIsReadIsWhatWasWritten(t *testing.T) {
	w := New(About{Title: "t", Lang: "nl", Footer: "voet (1)"})
	want := []string{"Artifact voet (1)", "Artifact 1"}
	for _, text := range []string{"een (haakje", ") Tj ET", `\`, `\\r(`, "é € Ċ č", "a\u010ab", "\u280a\u0d0a\u5c5c", "−1.234,50", "(", ")"} {
		w.Paragraph(text)
		w.Figure("woorden", 5, func(c *Canvas) { c.Text(0, 5, 8, 0, text) })
		w.Strong(text)
		want = append(want, "P "+text, "Figure "+text, "P "+text)
	}
	pdf, err := w.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	pieces, err := Read(pdf)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range pieces {
		if p.Text != "" && p.Sheet == 1 {
			got = append(got, p.Role+" "+p.Text)
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Fatalf("%q, want %q", got, want)
	}
}

// TestOfAnotherProgramsDocumentNothingIsRead: and of a damaged one.
func TestOfAnotherProgramsDocumentNothingIsRead(t *testing.T) {
	pdf := string(sample(t))
	for name, file := range map[string]string{
		"empty":           "",
		"another program": "%PDF-1.4\n1 0 obj\n<</Type /Catalog>>\nendobj\n",
		"no content":      strings.ReplaceAll(pdf, "/Contents", "/Nothing"),
		"not packed":      strings.ReplaceAll(pdf, "<</Filter /FlateDecode /Length", "<</Filter /LZWDecode /Length"),
		"too long":        strings.ReplaceAll(pdf, "/FlateDecode /Length ", "/FlateDecode /Length 99999999"),
		"cut off":         pdf[:300],
	} {
		if _, err := Read([]byte(file)); !errors.Is(err, ErrUnread) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
