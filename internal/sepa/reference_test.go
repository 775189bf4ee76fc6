package sepa

import (
	"slices"
	"strings"
	"testing"
)

func TestReferenceHasTheCheckDigitsOfTheStandard(t *testing.T) {
	for _, c := range []struct{ payload, want string }{
		{"539007547034", "RF18539007547034"}, // the example of ISO 11649
		{"topup 00001", "RF73TOPUP00001"},
		{"1", "RF741"},
		{strings.Repeat("Z", 21), "RF09" + strings.Repeat("Z", 21)},
	} {
		got, err := MakeRF(c.payload)
		if err != nil || got != c.want {
			t.Errorf("%q gives %q, %v; want %q", c.payload, got, err, c.want)
		}
		if back, err := ParseRF(strings.ToLower(Grouped(got))); err != nil || back != got {
			t.Errorf("%q reads back as %q, %v", Grouped(got), back, err)
		}
	}
	for _, payload := range []string{"", " ", strings.Repeat("1", 22), "A-1", "é1"} {
		if got, err := MakeRF(payload); err == nil {
			t.Errorf("payload %q gives %q", payload, got)
		}
	}
}

func TestMistypedReferenceIsRefused(t *testing.T) {
	for _, s := range []string{
		"", "RF", "RF18", "RF19539007547034", "RF18539007547043", "XX18539007547034", "FR18539007547034",
		"RF1853900754703", "RF18 5390-0754-7034", "RF09" + strings.Repeat("Z", 22),
		"RF0072", "RF0154", "RF9936", // 97, 98 and 02 written another way
		"RFAA1",
	} {
		if got, err := ParseRF(s); err == nil {
			t.Errorf("%q is taken as %q", s, got)
		}
	}
}

var searches = []struct {
	name, text string
	length     int
	want       []string
}{
	{"nothing", "", 14, nil},
	{"the start of one", "R", 14, nil},
	{"just so", "RF73TOPUP00001", 14, []string{"RF73TOPUP00001"}},
	{"spaces and case", "rf73 topu p000 01", 14, []string{"RF73TOPUP00001"}},
	{"dots, dashes, line breaks", "Ref.: RF73-TOPU.\r\nP000/01!", 14, []string{"RF73TOPUP00001"}},
	{"glued to words", "kenmerkRF73TOPUP00001dankjewel", 14, []string{"RF73TOPUP00001"}},
	{"beside an R and an F", "RFRF73TOPUP00001RF", 14, []string{"RF73TOPUP00001"}},
	{"two, and one again", "RF46TOPUP00002 RF73TOPUP00001 RF46TOPUP00002", 14, []string{"RF46TOPUP00002", "RF73TOPUP00001"}},
	{"wrong check digits", "RF74TOPUP00001", 14, nil},
	{"of another length", "RF73TOPUP00001", 16, nil},
	{"cut short", "RF73TOPUP0000", 14, nil},
	{"accents between", "RF73TOPÜUP00001", 14, []string{"RF73TOPUP00001"}},
	{"any length", "RF18 5390 0754 7034", 0, []string{"RF18539007547034"}},
	{"any length, with a stray one", "RF18539007547034GS", 0, []string{"RF18539007547034GS", "RF18539007547034"}},
}

func TestReferenceIsFoundInFreeText(t *testing.T) {
	for _, c := range searches {
		t.Run(c.name, func(t *testing.T) {
			if got := FindRF(c.text, c.length); !slices.Equal(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

func TestSearchGivesUpOnTextFullOfReferences(t *testing.T) {
	var text strings.Builder
	for i := range 5000 {
		ref, err := MakeRF(strings.Repeat("7", 1+i%7) + string(rune('A'+i%26)) + string(rune('A'+i/26%26)))
		if err != nil {
			t.Fatal(err)
		}
		text.WriteString(ref)
	}
	if n := len(FindRF(text.String(), 0)); n < 100 || n > 121 {
		t.Errorf("%d candidates", n)
	}
}
