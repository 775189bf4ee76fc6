package page

import (
	"regexp"
	"testing"
)

// TestTheColoursOfADayAreReadable holds each against the picture on it and the
// ring around it against the paper: 4.5 and 3 to 1, by day and by night.
func TestTheColoursOfADayAreReadable(t *testing.T) {
	css, err := CSS()
	if err != nil {
		t.Fatal(err)
	}
	const ink = "#1b2420" // of picture and ring, in .disc
	const dark = "#121715"
	if got := contrast(t, ink, "#f6f4ee"); got < 3 {
		t.Errorf("the ring on paper: %.2f", got)
	}
	found := regexp.MustCompile(`\.daymark\.([a-z]+) \{ --day: (#[0-9a-f]{6}); \}`).FindAllSubmatch(css, -1)
	if len(found) != len(dayColours) {
		t.Fatalf("%d colours in the style sheet, want %d", len(found), len(dayColours))
	}
	for _, m := range found {
		if got := contrast(t, string(m[2]), ink); got < 4.5 {
			t.Errorf("the picture on %s: %.2f, want 4.5", m[1], got)
		}
		if got := contrast(t, string(m[2]), dark); got < 3 {
			t.Errorf("%s at night: %.2f, want 3", m[1], got)
		}
	}
}

func TestEveryPictureOfADayIsDrawn(t *testing.T) {
	icons, err := readIcons()
	if err != nil {
		t.Fatal(err)
	}
	if len(dayPictures) < 24 {
		t.Errorf("%d pictures, want 24 at least", len(dayPictures))
	}
	drawings := map[string]string{}
	for i := range dayPictures {
		mark := MakeDayMark(func(what string, among int) int { return i % among })
		svg, ok := icons[mark.Icon]
		if !ok || !Has(mark.Word) || !Has(mark.ColourWord) {
			t.Errorf("%+v lacks its drawing or its words", mark)
		}
		if other := drawings[string(svg)]; other != "" {
			t.Errorf("%s and %s are the same drawing", mark.Icon, other)
		}
		drawings[string(svg)] = mark.Icon
	}
}
