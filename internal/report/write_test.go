package report

import (
	"encoding/csv"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"unicode/utf8"
)

// small is a report with a payment of thirds: 10.00 over three rows.
func small(t *testing.T) *Report {
	w := newWijk(t, "2026-01-05", still(2, 365))
	w.open("a", "b", "S")
	w.issue(0, "a", 2000)
	w.pay(2, "a", "b", 1234, "1")
	w.pay(3, "b", "S", 100, "2")
	return w.report(0, 3)
}

func TestEveryFigureHasItsWordsInBothLanguages(t *testing.T) {
	used := map[string]bool{}
	for _, l := range small(t).Lines() {
		for _, lang := range []string{"nl", "en"} {
			if l.Label.In(lang) == "" || l.Definition.In(lang) == "" {
				t.Errorf("%s has no words in %s", l.Key, lang)
			}
			if text := l.Label.In(lang) + l.Unit.In(lang) + l.Definition.In(lang); strings.ContainsAny(text, "{}") {
				t.Errorf("%s: something was not filled in: %s", l.Key, text)
			}
		}
		if used[l.Key] {
			t.Errorf("%s stands there twice", l.Key)
		}
		used[l.Key] = true
		used[strings.TrimRight(l.Key, "_0123456789")] = true
	}
	for key := range texts {
		if !used[key] {
			t.Errorf("no figure uses the words of %s", key)
		}
	}
}

func TestJSONHasEachFigureOnceInOrder(t *testing.T) {
	r := small(t)
	var b strings.Builder
	if err := r.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got struct {
		From, To string
		Days     int
		Entries  int
		Figures  map[string]struct {
			Label, Unit, Definition Text
			Value                   *json.Number
			Exact                   *string
			Formula                 string
		}
	}
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	if got.From != "2026-01-05" || got.To != "2026-01-08" || got.Days != 4 || got.Entries != 7 {
		t.Errorf("head is %s to %s, %d days, %d entries", got.From, got.To, got.Days, got.Entries)
	}
	at := 0
	for _, l := range r.Lines() {
		f := got.Figures[l.Key]
		if l.Value == "" && f.Value != nil || l.Value != "" && (f.Value.String() != l.Value || *f.Exact != l.Exact) {
			t.Errorf("%s is %v, want %s", l.Key, f.Value, l.Value)
		}
		if f.Definition != l.Definition || f.Unit != l.Unit || f.Label != l.Label || f.Formula != l.Formula {
			t.Errorf("%s lost its words", l.Key)
		}
		next := strings.Index(b.String(), `"`+l.Key+`": {`)
		if next <= at {
			t.Errorf("%s is not in its place", l.Key)
		}
		at = next
	}
}

func TestCSVIsReadByAnybody(t *testing.T) {
	r := small(t)
	var b strings.Builder
	if err := r.WriteCSV(&b, "nl"); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.String(), "from,to,key,label,value,unit,exact,definition,formula\r\n") {
		t.Errorf("it begins with %.80q", b.String())
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	lines := r.Lines()
	if len(rows) != len(lines)+1 {
		t.Fatalf("%d rows for %d figures", len(rows), len(lines))
	}
	for i, l := range lines {
		want := []string{"2026-01-05", "2026-01-08", l.Key, l.Label.NL, l.Value, l.Unit.NL, l.Exact, l.Definition.NL, l.Formula}
		for j := range want {
			if rows[i+1][j] != want[j] {
				t.Errorf("%s: %q, want %q", l.Key, rows[i+1][j], want[j])
			}
		}
	}
}

func TestTheTableFitsATerminalAndShowsEveryDefinition(t *testing.T) {
	r := small(t)
	var b strings.Builder
	if err := r.WriteText(&b, "nl"); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{
		"Verslag van 5 januari 2026 tot en met 8 januari 2026: 4 dagen\n",
		"\nBetaald                             1.334,00  Grulden\n    Alle betalingen van",
		"[V / (M × T) × 365]\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	for _, line := range strings.Split(text, "\n") {
		if utf8.RuneCountInString(line) > textWidth {
			t.Errorf("too wide: %s", line)
		}
	}
	words := strings.Join(strings.Fields(text), " ")
	for _, l := range r.Lines() {
		if !strings.Contains(words, l.Definition.NL) {
			t.Errorf("the definition of %s is not there", l.Key)
		}
	}
}

// TestAFigureIsShownTheSameAsLineAndInItsTable: whoever reads both must not find two
// values.
func TestAFigureIsShownTheSameAsLineAndInItsTable(t *testing.T) {
	for seed := range uint64(20) {
		r := reportOn(t, history(t, seed, 100, names{}), Always, 0)
		hops, shown := table(t, r, "hops"), map[string]string{}
		for _, row := range hops.Rows {
			shown["volume_"+row.Key] = hops.Columns[0].Decimal(row.Cells[0])
		}
		sum := new(big.Rat)
		for _, l := range r.Lines() {
			if !strings.HasPrefix(l.Key, "volume_") {
				continue
			}
			if l.Value != shown[l.Key] {
				t.Errorf("seed %d: %s is %s as a line and %s in the table", seed, l.Key, l.Value, shown[l.Key])
			}
			exact, _ := new(big.Rat).SetString(l.Exact)
			sum.Add(sum, exact)
		}
		if sum.Cmp(ofCents(r.Volume)) != 0 {
			t.Errorf("seed %d: the rows are %v together, the volume %v", seed, sum, r.Volume)
		}
	}
}

func TestNumbersAreWrittenAsTheLanguageDoes(t *testing.T) {
	for _, c := range []struct{ value, nl, en string }{
		{"", "–", "–"},
		{"0.00", "0,00", "0.00"},
		{"999.50", "999,50", "999.50"},
		{"1000.00", "1.000,00", "1,000.00"},
		{"-1234567.89", "−1.234.567,89", "−1,234,567.89"},
		{"12345", "12.345", "12,345"},
	} {
		l := Line{Value: c.value}
		if l.Shown("nl") != c.nl || l.Shown("en") != c.en {
			t.Errorf("%q is %s and %s, want %s and %s", c.value, l.Shown("nl"), l.Shown("en"), c.nl, c.en)
		}
	}
	for _, c := range []struct {
		value *big.Rat
		want  string
	}{
		{big.NewRat(-1, 1000), "0.00"},
		{big.NewRat(-1, 100), "-0.01"},
		{big.NewRat(1, 200), "0.01"},
		{big.NewRat(-10, 1), "-10.00"},
	} {
		if got := decimal(c.value, 2); got != c.want {
			t.Errorf("%v is %s, want %s", c.value, got, c.want)
		}
	}
}
