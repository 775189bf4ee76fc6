package wallet

import "testing"

func TestWhatSomebodyTypedIsNoFormulaInASpreadsheet(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "",
		"Anna":                "Anna",
		" Anna = 3":           " Anna = 3",
		"Soep + brood":        "Soep + brood",
		"=1+1":                "'=1+1",
		"-2":                  "'-2",
		"@SUM(A1)":            "'@SUM(A1)",
		"  =HYPERLINK(\"x\")": "'  =HYPERLINK(\"x\")",
		"\u00a0+1":            "'\u00a0+1",
		"\t=1":                "'\t=1",
		"\r=1":                "'\r=1",
		" \n=1":               "' \n=1",
		"\uff1d1":             "'\uff1d1",
		"\xff=1":              "\xff=1",
	} {
		if got := Harmless(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
