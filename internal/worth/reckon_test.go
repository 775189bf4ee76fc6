package worth

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// recount is the likely ratio reckoned anew, straight from the formula: each year
// of each outcome on its own, one fraction over one denominator.
func recount(s *Sheet) *big.Rat {
	pct := func(r Range) int64 {
		n, _ := number(r.Likely)
		return n.Num().Int64()
	}
	rate := pct(s.Discount)
	pow := func(base int64, n int64) *big.Int { return new(big.Int).Exp(big.NewInt(base), big.NewInt(n), nil) }
	value := new(big.Rat)
	for _, o := range s.Outcomes {
		for t := int64(1); t <= pct(o.Years); t++ {
			above := big.NewInt(pct(o.Quantity) * pct(o.Proxy))
			for _, p := range []int64{pct(o.Deadweight), pct(o.Attribution), pct(o.Displacement)} {
				above.Mul(above, big.NewInt(100-p))
			}
			above.Mul(above, pow(100-pct(o.DropOff), t-1))
			above.Mul(above, pow(100, t))
			below := new(big.Int).Mul(pow(100, 3+t-1), pow(100+rate, t))
			value.Add(value, new(big.Rat).SetFrac(above, below))
		}
	}
	cost := new(big.Rat)
	for _, in := range s.Inputs {
		above := new(big.Int).Mul(big.NewInt(pct(in.Quantity)*pct(in.Price)), pow(100, pct(in.Year)))
		cost.Add(cost, new(big.Rat).SetFrac(above, pow(100+rate, pct(in.Year))))
	}
	return value.Quo(value, cost)
}

func TestTheRatioIsThatOfASecondCount(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anySheet(rt)
		if got, want := s.Reckon().Ratio.Mid, recount(s); got.Cmp(want) != 0 {
			rt.Fatalf("%v, want %v", got, want)
		}
	})
}

// scale multiplies the likely number of a range and drops its ends.
func scale(r *Range, by int64) {
	n, _ := number(r.Likely)
	*r = Range{Likely: n.Mul(n, big.NewRat(by, 1)).RatString()}
}

func TestTwiceTheWorthIsTwiceTheRatioAndTwiceTheCostIsHalf(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anySheet(rt)
		before, by := s.Reckon().Ratio.Mid, rapid.Int64Range(2, 5).Draw(rt, "by")
		for n := range s.Outcomes {
			scale(&s.Outcomes[n].Proxy, by)
		}
		want := new(big.Rat).Mul(before, big.NewRat(by, 1))
		if got := s.Reckon().Ratio.Mid; got.Cmp(want) != 0 {
			rt.Fatalf("%d times the worth: %v, want %v", by, got, want)
		}
		for n := range s.Inputs {
			scale(&s.Inputs[n].Price, by)
		}
		if got := s.Reckon().Ratio.Mid; got.Cmp(before) != 0 {
			rt.Fatalf("and %d times the cost: %v, want %v", by, got, before)
		}
	})
}

func TestThePartsAddUpToTheWhole(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anySheet(rt)
		r := s.Reckon()
		low, mid, cost := new(big.Rat), new(big.Rat), new(big.Rat)
		for _, o := range r.Outcomes {
			low.Add(low, o.Low)
			mid.Add(mid, o.Mid)
		}
		for _, in := range r.ByInput {
			cost.Add(cost, in)
		}
		if low.Cmp(r.Value.Low) != 0 || mid.Cmp(r.Value.Mid) != 0 || cost.Cmp(r.Inputs.Mid) != 0 {
			rt.Fatalf("outcomes %v of %v, inputs %v of %v", mid, r.Value.Mid, cost, r.Inputs.Mid)
		}
		for i := 1; i < len(r.Swings); i++ {
			if r.Swings[i].width().Cmp(r.Swings[i-1].width()) > 0 {
				rt.Fatalf("swing %d is wider than the one above it", i)
			}
		}
	})
}

func TestTheOrderOfLinesChangesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anySheet(rt)
		want := s.Reckon()
		s.Outcomes = rapid.Permutation(s.Outcomes).Draw(rt, "outcomes")
		s.Inputs = rapid.Permutation(s.Inputs).Draw(rt, "inputs")
		got := s.Reckon()
		for i, pair := range [][2]*big.Rat{{got.Ratio.Low, want.Ratio.Low}, {got.Ratio.Mid, want.Ratio.Mid}, {got.Ratio.High, want.Ratio.High}} {
			if pair[0].Cmp(pair[1]) != 0 {
				rt.Fatalf("answer %d is %v, was %v", i, pair[0], pair[1])
			}
		}
	})
}

// What is seen in the wijk is beside the figures, and so is green spending.
func TestProjectsAndGreenSpendingAreInNoSum(t *testing.T) {
	s := example(t)
	want := s.Reckon().Ratio.Mid
	s.Projects, s.Green = nil, nil
	if got := s.Reckon().Ratio.Mid; got.Cmp(want) != 0 {
		t.Errorf("without them the ratio is %v, was %v", got, want)
	}
}

func TestTheDiscountRateIsTheSameInAllThreeAnswers(t *testing.T) {
	s := sheetOf(t, "exD.json")
	s.Discount = Range{"0", "3.5", "10"}
	r := s.Reckon()
	if r.Ratio.Low.Cmp(r.Ratio.High) != 0 {
		t.Errorf("low %v and high %v differ by the discount rate alone", r.Ratio.Low, r.Ratio.High)
	}
	if len(r.Swings) != 1 || r.Swings[0].Field != "discount" {
		t.Fatalf("what it does is not told: %v", r.Swings)
	}
	same(t, "without discount", r.Swings[0].High, "2.244375") // (25650 + 12825 + 6412.5) / 20000
}

func TestTheAnswerSaysHowSureItIs(t *testing.T) {
	if a := sheetOf(t, "exD.json").Reckon().Answer(); !strings.Contains(a.NL, "2,13") || !strings.Contains(a.NL, "Hoe zeker") {
		t.Errorf("one number only: %q", a.NL)
	}
	half := sheetOf(t, "exD.json")
	half.Outcomes = nil
	if a := half.Reckon().Answer(); strings.Contains(a.NL, "0,00") || !strings.Contains(a.EN, "no answer") {
		t.Errorf("without outcomes it answers %q", a)
	}
	a := example(t).Reckon().Answer()
	for _, want := range []string{"0,65", "ten minste 0,13", "ten hoogste 1,89", "Volgens dit blad"} {
		if !strings.Contains(a.NL, want) {
			t.Errorf("%q does not say %q", a.NL, want)
		}
	}
}

func TestNumbersAreShownAsTheyWereMeant(t *testing.T) {
	for _, c := range []struct {
		field  Field
		nl, en string
	}{
		{Field{Name: "price", Kind: Amount, Range: &Range{Likely: "12000"}}, "12.000 euro", "12,000 euros"},
		{Field{Name: "price", Kind: Amount, Range: &Range{Likely: "1.234,50"}}, "1.234,5 euro", "1,234.5 euros"},
		{Field{Name: "factor", Kind: Amount, Range: &Range{"0.1", "0.123456", "2"}}, "0,123456 (ten minste 0,1, ten hoogste 2)", "0.123456 (at least 0.1, at most 2)"},
		{Field{Name: "deadweight", Kind: Percent, Range: &Range{"20", "20", "20"}}, "20 %", "20 %"},
		{Field{Name: "proxy", Kind: Signed, Range: &Range{Likely: "-50"}}, "−50 euro", "−50 euros"},
		{Field{Name: "years", Kind: Years, Range: &Range{Likely: "3"}}, "3 jaar", "3 years"},
		{Field{Name: "years", Kind: Years, Range: &Range{}}, "", ""},
		{Field{Name: "kind", Kind: Choice, Text: new(string)}, "", ""},
	} {
		if nl, en := Shown(c.field, "nl"), Shown(c.field, "en"); nl != c.nl || en != c.en {
			t.Errorf("%s: %q and %q, want %q and %q", c.field.Name, nl, en, c.nl, c.en)
		}
	}
}

func TestEveryFaultOfASheetIsNamedAtOnce(t *testing.T) {
	s := example(t)
	s.From = "last year"
	s.Outcomes[0].Deadweight.Most = "140"
	s.Inputs = append(s.Inputs, Input{Kind: Hours, Quantity: Range{Least: "3"}, Price: Range{"9", "8", "7"}})
	var told []string
	for _, err := range Problems(s.Check()) {
		var p *Problem
		if !errors.As(err, &p) {
			t.Fatalf("%v is no problem of a field", err)
		}
		told = append(told, fmt.Sprintf("%s %d %s", p.Part, p.Line, p.Field))
	}
	want := "head 0 from, inputs 2 what, inputs 2 quantity, inputs 2 price, outcomes 0 deadweight"
	if got := strings.Join(told, ", "); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if Problems(nil) != nil || len(Problems(errors.New("x"))) != 1 {
		t.Error("no error is no problem, and one error is one")
	}
}

// full is a disk that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestASheetThatCannotBeWrittenIsAnError(t *testing.T) {
	if err := example(t).WriteText(full{}, "en"); err == nil {
		t.Error("nothing was said")
	}
}

// Each swing is what a reader gets who fills in that one end and nothing else.
func TestASwingIsTheAnswerWithThatOneNumber(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anySheet(rt)
		for n := range s.Outcomes { // all ends within bounds, and the discount rate too
			s.Discount = anyRange(rt, 0, 9)
			s.Outcomes[n].DropOff = Range{"0", "50", "100"}
		}
		swings := s.Reckon().Swings
		if len(swings) == 0 {
			return
		}
		w, other, got := rapid.SampledFrom(swings).Draw(rt, "swing"), s.Copy(), []*big.Rat{}
		for _, f := range other.Fields(w.Part, w.Line) {
			if f.Name != w.Field {
				continue
			}
			ends := *f.Range
			for _, text := range []string{ends.Least, ends.Most} {
				*f.Range = Range{Likely: text}
				got = append(got, recount(&other))
			}
		}
		if got[0].Cmp(got[1]) > 0 {
			got[0], got[1] = got[1], got[0]
		}
		if got[0].Cmp(w.Low) != 0 || got[1].Cmp(w.High) != 0 {
			rt.Fatalf("%s %d %s: %v to %v, want %v", w.Part, w.Line, w.Field, w.Low, w.High, got)
		}
	})
}

// largest is a sheet with as many lines, years and digits as there may be.
func largest() *Sheet {
	s := &Sheet{Discount: Range{"1.111111", "3.333333", "7.777777"}}
	for n := range MaxLines {
		some := func(least, likely, most int) Range {
			return Range{fmt.Sprintf("%d.%06d", least, n*9+1), fmt.Sprintf("%d.%06d", likely, n*9+2), fmt.Sprintf("%d.%06d", most, n*9+3)}
		}
		s.Inputs = append(s.Inputs, Input{What: "x", Kind: Hours, Quantity: some(1, 2, 3), Price: some(10, 20, 30), Year: Range{"0", "1", "50"}})
		s.Outcomes = append(s.Outcomes, Outcome{
			What: "x", Kind: "other", Quantity: some(1, 20, 300), Proxy: some(1, 20, 300), Deadweight: some(1, 20, 90), Attribution: some(1, 20, 90),
			Displacement: some(1, 20, 90), DropOff: some(1, 20, 90), Years: Range{"1", "20", "50"},
		})
	}
	return s
}

func TestTheLargestSheetIsReckoned(t *testing.T) {
	s := largest()
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	r := s.Reckon()
	if len(r.Swings) != 1+MaxLines*(3+7) || r.Ratio.Low.Cmp(r.Ratio.Mid) >= 0 || r.Ratio.Mid.Cmp(r.Ratio.High) >= 0 {
		t.Errorf("%d swings, %s to %s", len(r.Swings), r.Ratio.Low.FloatString(3), r.Ratio.High.FloatString(3))
	}
}

func BenchmarkLargestSheet(b *testing.B) {
	s := largest()
	for b.Loop() {
		s.Reckon()
	}
}

func TestNearlyNoughtIsNoughtWithoutASign(t *testing.T) {
	s := sheetOf(t, "exD.json")
	s.Outcomes[0].Proxy = Range{Likely: "-0.5"}
	r := s.Reckon()
	if r.Ratio.Mid.Sign() >= 0 {
		t.Fatalf("harm comes to %v", r.Ratio.Mid)
	}
	if l := r.Lines()[1]; l.Shown("nl") != "0,00" || strings.Contains(r.Answer().NL, "−") {
		t.Errorf("shown as %q: %s", l.Shown("nl"), r.Answer().NL)
	}
}
