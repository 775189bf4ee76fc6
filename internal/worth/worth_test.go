package worth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func sheetOf(t *testing.T, file string) *Sheet {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func rat(t *testing.T, text string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return r
}

func same(t *testing.T, what string, got *big.Rat, want string) {
	t.Helper()
	if got == nil || got.Cmp(rat(t, want)) != 0 {
		t.Errorf("%s is %v, want %s", what, got, want)
	}
}

// The example by hand: 30 × 1500 × 0.80 × 0.75 × 0.95 = 25 650 in the first year,
// half of it in the next, and half of that in the third, at 3.5 per cent:
// 25 650 (1/1.035 + 0.5/1.035² + 0.25/1.035³) over 20 000.
func TestTheExampleOfTheGuideComesOutExactly(t *testing.T) {
	r := sheetOf(t, "exD.json").Reckon()
	for year, want := range []string{"25650", "12825", "6412.5"} {
		same(t, fmt.Sprintf("year %d", year+1), r.ByYear[0][year], want)
	}
	later := big.NewRat(1000, 1035)
	want := new(big.Rat)
	for year, v := range []string{"25650", "12825", "6412.5"} {
		want.Add(want, new(big.Rat).Mul(rat(t, v), power(later, int64(year+1))))
	}
	same(t, "value", r.Value.Mid, want.RatString())
	same(t, "ratio", r.Ratio.Mid, new(big.Rat).Quo(want, rat(t, "20000")).RatString())
	if got := r.Ratio.Mid.FloatString(6); got != "2.126930" {
		t.Errorf("the ratio is %s, want 2.126930", got)
	}
	if got := r.Value.Mid.FloatString(2); got != "42538.59" {
		t.Errorf("the value is %s, want 42538.59", got)
	}
	if r.Ratio.Low.Cmp(r.Ratio.High) != 0 || len(r.Swings) != 0 {
		t.Errorf("without ranges there is one answer, not %v", r.Ratio)
	}
}

// By hand: least 10 × 100 × 0.5 = 500 over 2000; most 20 × 300 × 1 = 6000 over 1000.
func TestEachAnswerTakesTheEndsThatLeadToIt(t *testing.T) {
	s := &Sheet{
		Inputs: []Input{{What: "geld", Kind: Euros, Quantity: Range{Likely: "1"}, Price: Range{"1000", "1500", "2000"}}},
		Outcomes: []Outcome{{
			What: "contact", Kind: "contacts", Quantity: Range{"10", "15", "20"}, Proxy: Range{"100", "200", "300"},
			Deadweight: Range{"0", "20", "50"}, Years: Range{Likely: "1"},
		}},
	}
	r := s.Reckon()
	same(t, "low", r.Ratio.Low, "0.25")
	same(t, "likely", r.Ratio.Mid, "1.6")
	same(t, "high", r.Ratio.High, "6")
	same(t, "least inputs", r.Inputs.Low, "1000")
	if len(r.Swings) != 4 || r.Swings[0].Field != "proxy" {
		t.Fatalf("swings %v", r.Swings)
	}
	same(t, "proxy alone at its least", r.Swings[0].Low, "0.8")
	same(t, "proxy alone at its most", r.Swings[0].High, "2.4")
}

// 10 people who each lose 100 a year, for one to three years, half of it anyway.
func TestHarmCountsAgainstAndItsEndsTurnRound(t *testing.T) {
	s := &Sheet{
		Inputs:   []Input{{What: "geld", Kind: Euros, Quantity: Range{Likely: "1"}, Price: Range{"1000", "1000", "2000"}}},
		Outcomes: []Outcome{{What: "schade", Kind: "other", Quantity: Range{Likely: "10"}, Proxy: Range{"-200", "-100", "-50"}, Deadweight: Range{"0", "50", "100"}, Years: Range{"1", "2", "3"}}},
	}
	r := s.Reckon()
	same(t, "low", r.Ratio.Low, "-6") // 10 × 200 × 3 years over the least that was put in
	same(t, "likely", r.Ratio.Mid, "-1")
	same(t, "high", r.Ratio.High, "0")
}

func TestWhatIsGivenLaterCostsLess(t *testing.T) {
	s := &Sheet{Discount: Range{Likely: "25"}, Inputs: []Input{{What: "geld", Kind: Euros, Quantity: Range{Likely: "2"}, Price: Range{Likely: "125"}, Year: Range{"0", "1", "2"}}}}
	r := s.Reckon()
	same(t, "in a year", r.ByInput[0], "200")
	same(t, "the least", r.Inputs.Low, "160")
	same(t, "the most", r.Inputs.High, "250")
	same(t, "ratio of nothing", r.Ratio.Mid, "0")
	s.Inputs = nil
	if r := s.Reckon(); r.Ratio.Mid != nil {
		t.Errorf("without inputs the ratio is %v", r.Ratio.Mid)
	}
}

// 400 spent × 0.5 kg − 50 kg = 150 kg: 0.375 for each euro spent, 0.15 for each of
// the 1000 euros that the coin cost.
func TestGreenSpendingIsSpentTimesFactorLessFootprint(t *testing.T) {
	s := &Sheet{
		Inputs: []Input{{What: "geld", Kind: Euros, Quantity: Range{Likely: "1"}, Price: Range{Likely: "1000"}}},
		Green:  []Green{{What: "fietsen", Spent: Range{Likely: "400"}, Factor: Range{"0.1", "0.5", "1"}, Footprint: Range{Likely: "50"}, Unit: "kg CO2e"}},
	}
	g := s.Reckon().Green[0]
	same(t, "gain", g.Gain.Mid, "150")
	same(t, "low", g.Gain.Low, "-10")
	same(t, "for each euro spent", g.PerSpent.Mid, "0.375")
	same(t, "for each euro put in", g.PerInput.Mid, "0.15")
	same(t, "low, for each euro put in", g.PerInput.Low, "-0.01")
	s.Green[0].Spent = Range{Likely: "0"}
	if g := s.Reckon().Green[0]; g.PerSpent.Mid != nil {
		t.Errorf("nothing was spent, and each euro did %v", g.PerSpent.Mid)
	}
}

// anyRange draws a range of whole numbers in order.
func anyRange(t *rapid.T, from, to int) Range {
	a := rapid.IntRange(from, to).Draw(t, "least")
	b := rapid.IntRange(a, to).Draw(t, "likely")
	return Range{fmt.Sprint(a), fmt.Sprint(b), fmt.Sprint(rapid.IntRange(b, to).Draw(t, "most"))}
}

func anySheet(t *rapid.T) *Sheet {
	s := &Sheet{Discount: Range{Likely: fmt.Sprint(rapid.IntRange(0, 20).Draw(t, "discount"))}}
	for range rapid.IntRange(1, 3).Draw(t, "inputs") {
		s.Inputs = append(s.Inputs, Input{What: "x", Kind: Euros, Quantity: anyRange(t, 1, 9), Price: anyRange(t, 1, 900), Year: anyRange(t, 0, 4)})
	}
	for range rapid.IntRange(0, 3).Draw(t, "outcomes") {
		proxy := anyRange(t, 0, 900)
		if rapid.Bool().Draw(t, "harm") {
			proxy = anyRange(t, -900, -1)
		}
		s.Outcomes = append(s.Outcomes, Outcome{
			What: "x", Kind: "other", Quantity: anyRange(t, 0, 50), Proxy: proxy, Deadweight: anyRange(t, 0, 100),
			Attribution: anyRange(t, 0, 100), Displacement: anyRange(t, 0, 100), DropOff: anyRange(t, 0, 100), Years: anyRange(t, 0, 4),
		})
	}
	return s
}

// Whatever numbers are taken within the ranges, the ratio lies between the low and
// the high answer; and each swing lies between them too.
func TestNoChoiceWithinTheRangesLeavesTheAnswer(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anySheet(rt)
		if err := s.Check(); err != nil {
			rt.Fatal(err)
		}
		r := s.Reckon()
		for _, w := range r.Swings {
			if w.Low.Cmp(r.Ratio.Low) < 0 || w.High.Cmp(r.Ratio.High) > 0 {
				rt.Fatalf("%v lies outside %v", w, r.Ratio)
			}
		}
		for _, part := range []Part{Inputs, Outcomes} {
			for n := range s.Lines(part) {
				for _, f := range s.Fields(part, n) {
					if f.Range != nil {
						f.Range.Likely = rapid.SampledFrom([]string{f.Range.Least, f.Range.Likely, f.Range.Most}).Draw(rt, f.Name)
					}
				}
			}
		}
		if got := s.Reckon().Ratio.Mid; got.Cmp(r.Ratio.Low) < 0 || got.Cmp(r.Ratio.High) > 0 {
			rt.Fatalf("%v lies outside %v to %v", got, r.Ratio.Low, r.Ratio.High)
		}
	})
}

func TestASheetSurvivesItsJSON(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anySheet(rt)
		text, err := json.Marshal(s)
		if err != nil {
			rt.Fatal(err)
		}
		back, err := Read(bytes.NewReader(text))
		if err != nil {
			rt.Fatal(err)
		}
		again, err := json.Marshal(back)
		if err != nil || !bytes.Equal(text, again) {
			rt.Fatalf("%v\n%s\n%s", err, text, again)
		}
	})
}

func TestWhatCannotBeReckonedWithIsNamed(t *testing.T) {
	for text, want := range map[string]error{
		`{"discount":"101"}`:  ErrBounds,
		`{"from":"1-1-2026"}`: ErrDay,
		`{"inputs":[{"what":"x","kind":"gold","quantity":1,"price":1}]}`:                                    ErrChoice,
		`{"inputs":[{"kind":"hours","quantity":1,"price":1}]}`:                                              ErrMissing,
		`{"inputs":[{"what":"x","kind":"hours","quantity":1}]}`:                                             ErrMissing,
		`{"inputs":[{"what":"x","kind":"hours","quantity":-1,"price":1}]}`:                                  ErrBounds,
		`{"inputs":[{"what":"x","kind":"hours","quantity":{"least":2,"likely":1},"price":1}]}`:              ErrOrder,
		`{"outcomes":[{"what":"x","kind":"other","quantity":1,"proxy":{"least":-1,"likely":1},"years":1}]}`: ErrBounds,
		`{"outcomes":[{"what":"x","kind":"other","quantity":1,"proxy":1,"years":1.5}]}`:                     ErrBounds,
		`{"outcomes":[{"what":"x","kind":"other","quantity":1,"proxy":1,"years":51}]}`:                      ErrBounds,
		`{"projects":[{"day":"2026-02-30","what":"x","who":"y"}]}`:                                          ErrDay,
		`{"stakeholders":[{"who":"` + strings.Repeat("x", MaxWords+1) + `"}]}`:                              ErrLong,
		`{"stakeholders":[` + strings.Repeat(`{"who":"x"},`, MaxLines) + `{"who":"x"}]}`:                    ErrLines,
	} {
		_, err := Read(strings.NewReader(text))
		var p *Problem
		if !errors.Is(err, want) || !errors.As(err, &p) {
			t.Errorf("%.80s: %v, want %v", text, err, want)
		}
	}
	for _, text := range []string{"", "[]", `{"gift":1}`, `{} {}`, `{"discount":1e3}`, `{"discount":{"lowest":1}}`, `{"discount":"1.234"}`, `{"discount":[1]}`} {
		if _, err := Read(strings.NewReader(text)); err == nil {
			t.Errorf("%s was taken for a sheet", text)
		}
	}
}

func TestNumbersAreReadAsPeopleTypeThem(t *testing.T) {
	for text, want := range map[string]string{"": "0", "12": "12", "12,5": "12.5", "12.5": "12.5", "1.234,50": "1234.5", "-3": "-3", "−3": "-3", "0.125": "0.125", " 7 ": "7"} {
		got, ok := number(text)
		if !ok {
			t.Errorf("%q is refused", text)
			continue
		}
		same(t, text, got, want)
	}
	for _, text := range []string{"1.234", "1e5", "1/3", "0x10", "1,2,3", "een", "1234567890123", "1.2345678", "+1"} {
		if got, ok := number(text); ok {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}

// example is the sheet that docs/worth.md shows.
func example(t *testing.T) *Sheet {
	t.Helper()
	doc, err := os.ReadFile("../../docs/worth.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(doc), "```json\n")
	text, _, _ = strings.Cut(text, "```")
	s, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func said(s *Sheet) (all []string) {
	for _, w := range s.Warnings() {
		all = append(all, w.Text.EN)
	}
	return all
}

func TestADoubleCountIsWarnedOf(t *testing.T) {
	s := example(t)
	s.Outcomes[0].Attribution = Range{"10", "25", "50"}
	s.Inputs[0].Price = Range{"12000", "12000", "13000"}
	for _, w := range said(s) {
		if strings.Contains(w, "twice") || strings.Contains(w, "Turnover") {
			t.Errorf("nothing counts twice here: %s", w)
		}
	}
	for _, c := range []struct {
		kinds []string
		want  string
	}{
		{[]string{Multiplier, Turnover}, "This counts twice"},
		{[]string{Multiplier, Income}, "This counts twice"},
		{[]string{Turnover, Income}, "may count twice"},
		{[]string{Turnover}, "not yet gain"},
		{[]string{Multiplier}, "not yet gain"},
	} {
		s.Outcomes = nil
		for _, kind := range c.kinds {
			s.Outcomes = append(s.Outcomes, Outcome{What: "x", Kind: kind})
		}
		if all := strings.Join(said(s), "\n"); !strings.Contains(all, c.want) {
			t.Errorf("%v: no warning that says %q in\n%s", c.kinds, c.want, all)
		}
	}
}

func TestWhatNobodySaidIsWarnedOf(t *testing.T) {
	all := strings.Join(said(sheetOf(t, "exD.json")), "\n")
	for _, want := range []string{"No hours of volunteers", "No source", "for whom something changes", "one number for ‘how many’"} {
		if !strings.Contains(all, want) {
			t.Errorf("no warning that says %q in\n%s", want, all)
		}
	}
	s := example(t)
	s.Outcomes[0].Deadweight, s.Outcomes[0].Attribution = Range{}, Range{}
	all = strings.Join(said(s), "\n")
	for _, want := range []string{"would have happened without the coin", "which part others did"} {
		if !strings.Contains(all, want) {
			t.Errorf("no warning that says %q in\n%s", want, all)
		}
	}
}

// Every number that somebody filled in is in the print, with its ends and source.
func TestEveryAssumptionIsPrinted(t *testing.T) {
	s := example(t)
	for _, lang := range []string{"nl", "en"} {
		var out bytes.Buffer
		if err := s.WriteText(&out, lang); err != nil {
			t.Fatal(err)
		}
		for _, part := range Parts {
			for n := range s.Lines(part) {
				for _, f := range s.Fields(part, n) {
					if value := Shown(f, lang); value != "" && !strings.Contains(out.String(), value) {
						t.Errorf("%s: %s, line %d, %s: %q is not printed", lang, part, n, f.Name, value)
					}
					if FieldName(f.Name).In(lang) == "" || PartName(part).In(lang) == "" {
						t.Errorf("%s has no name in %s", f.Name, lang)
					}
					for _, c := range f.Choices {
						if KindName(c).In(lang) == "" {
							t.Errorf("kind %s has no name in %s", c, lang)
						}
					}
				}
			}
		}
		if text := out.String(); strings.Contains(text, "%!") || !strings.Contains(text, sroiFormula) {
			t.Errorf("%s:\n%s", lang, text)
		}
	}
}

func TestTheAnswersAreFiguresOfAReport(t *testing.T) {
	s := example(t)
	r := s.Reckon()
	for _, l := range r.Lines() {
		if l.Value == "" || l.Exact == "" || l.Caveat.NL == "" || l.Version != version || l.Label.NL == "" || l.Label.EN == "" {
			t.Errorf("figure %+v is not whole", l)
		}
	}
	rows := map[string]int{"worth_outcomes": 1, "worth_assumptions": 16, "worth_sensitivity": 5, "worth_green": 1, "worth_projects": 1}
	for _, table := range s.Tables() {
		if len(table.Rows) != rows[table.Key] || table.Caveat.EN == "" || table.Definition.NL == "" {
			t.Errorf("%s has %d rows, want %d", table.Key, len(table.Rows), rows[table.Key])
		}
		for _, row := range table.Rows {
			if len(row.Cells) != len(table.Columns) || row.Label.NL == "" {
				t.Errorf("%s, %s: %d cells for %d columns", table.Key, row.Key, len(row.Cells), len(table.Columns))
			}
		}
		delete(rows, table.Key)
	}
	if len(rows) != 0 {
		t.Errorf("no tables %v", rows)
	}
	if a := new(Sheet).Reckon().Answer(); !strings.Contains(a.EN, "nothing to divide by") {
		t.Errorf("an empty sheet answers %q", a.EN)
	}
}

func TestLinesAreAddedFilledInAndTakenAway(t *testing.T) {
	s := new(Sheet)
	for _, part := range Parts[1:] {
		if n := s.Add(part); n != 0 || s.Add(part) != 1 {
			t.Fatalf("%s: the first line is %d", part, n)
		}
		f := s.Fields(part, 1)
		if f == nil || s.Fields(part, 2) != nil || s.Fields(part, -1) != nil {
			t.Fatalf("%s: its second line has %v", part, f)
		}
		for _, field := range f {
			if field.Text != nil {
				*field.Text = "second"
			}
		}
		s.Remove(part, 2)
		s.Remove(part, -1)
		s.Remove(part, 0)
		if s.Lines(part) != 1 {
			t.Errorf("%s has %d lines, want 1", part, s.Lines(part))
		}
		if text := s.Fields(part, 0)[0].Text; *text != "second" {
			t.Errorf("%s: line %q is left", part, *text)
		}
	}
	if s.Lines("none") != 0 || s.Fields("none", 0) != nil {
		t.Error("there is no such part")
	}
}
