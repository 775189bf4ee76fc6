package sepa

import (
	"slices"
	"strings"
	"testing"
)

func TestReferenceWithOneMistakeIsFound(t *testing.T) {
	const ref = "RF73TOPUP00001"
	near := func(text string) bool { return slices.Contains(NearRF(text, len(ref)), ref) }
	for at := range ref {
		for _, wrong := range []string{"X", "7"} {
			if text := ref[:at] + wrong + ref[at+1:]; text != ref && !near("voor mij "+text+" dank") {
				t.Errorf("%q: one character another", text)
			}
		}
		if text := ref[:at] + ref[at+1:]; !near("van " + text) {
			t.Errorf("%q: one missing", text)
		}
		if text := ref[:at] + "9" + ref[at:]; !near(strings.ToLower(Grouped(text))) && !slices.Contains(FindRF(text, len(ref)), ref) {
			t.Errorf("%q: one too many", text)
		}
		if at+1 < len(ref) && ref[at] != ref[at+1] {
			if text := ref[:at] + ref[at+1:at+2] + ref[at:at+1] + ref[at+2:]; !near(text) {
				t.Errorf("%q: two swapped", text)
			}
		}
	}
	for _, text := range []string{ref, "", "RF", "R", "RF37TOPUP99991", strings.Repeat("RF", 200)} {
		if near(text) {
			t.Errorf("%q is near", text)
		}
	}
}
