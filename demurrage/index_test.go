package demurrage

import (
	"bufio"
	"fmt"
	"math/big"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestIndexVectors holds the index against the numbers of testdata/index.txt.
func TestIndexVectors(t *testing.T) {
	file, err := os.Open("testdata/index.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var x *Index
	lines, checked := bufio.NewScanner(file), 0
	for n := 1; lines.Scan(); n++ {
		f := strings.Fields(lines.Text())
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		day, err := ParseDay(f[0])
		if err != nil {
			t.Fatalf("line %d: %v", n, err)
		}
		switch {
		case f[1] == "begins":
			x = NewIndex(day, terms(t, day, f[2], f[3]))
		case f[1] == "changes":
			x = x.With(terms(t, day, f[2], f[3]))
		default:
			checked++
			if got := strconv.FormatUint(x.At(day), 10); got != f[1] {
				t.Errorf("line %d: the index of %v is %s, want %s", n, day, got, f[1])
			}
		}
	}
	if checked < 20 {
		t.Errorf("%d numbers checked", checked)
	}
}

func terms(t *testing.T, from Day, rate, every string) Terms {
	n, err := strconv.ParseUint(rate, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	if every == "month" {
		return Terms{from, Rate(n), Monthly}
	}
	return Terms{from, Rate(n), Daily}
}

// slow counts the index day by day with big integers.
func slow(first, d Day, all []Terms) *big.Int {
	index := new(big.Int).SetUint64(One)
	for day := first + 1; day <= d; day++ {
		now := all[0]
		for _, t := range all[1:] {
			if t.From <= day && t.From >= now.From {
				now = t
			}
		}
		if now.Every == Monthly && day.Time().Day() != 1 {
			continue
		}
		index.Mul(index, big.NewInt(Billion-int64(now.Rate)))
		index.Div(index, big.NewInt(Billion))
		if index.Sign() == 0 {
			index.SetInt64(1)
		}
	}
	return index
}

// TestIndexAgreesWithBigIntegers: whatever terms are added in whatever order, and
// however far the table reaches.
func TestIndexAgreesWithBigIntegers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		first := Day(rapid.IntRange(-400, 30_000).Draw(rt, "first"))
		draw := func(from Day) Terms {
			return Terms{
				from, rapid.SampledFrom([]Rate{165_000, 0, 1, 5_000_000, 49_999_999, 999_999_999}).Draw(rt, "rate"),
				rapid.SampledFrom([]Every{Daily, Monthly}).Draw(rt, "every"),
			}
		}
		all := []Terms{draw(first)}
		x := NewIndex(first, all[0])
		for range rapid.IntRange(0, 5).Draw(rt, "changes") {
			if rapid.Bool().Draw(rt, "extend") {
				x = x.Extended(first + Day(rapid.IntRange(-5, 300).Draw(rt, "to")))
			}
			next := draw(first + Day(rapid.IntRange(1, 250).Draw(rt, "from")))
			all = slices.DeleteFunc(all, func(t Terms) bool { return t.From == next.From })
			all = append(all, next)
			before := x
			x = x.With(next)
			for _, d := range []Day{first, next.From - 1} {
				if before.At(d) != x.At(d) {
					rt.Fatalf("terms from %v changed the index of %v", next.From, d)
				}
			}
		}
		for _, d := range []Day{0, 1, 31, 100, 249, 300, 400} {
			if got, want := x.At(first+d), slow(first, first+d, all); want.Cmp(new(big.Int).SetUint64(got)) != 0 {
				rt.Fatalf("%d days on the index is %d, want %v (%+v)", d, got, want, all)
			}
		}
	})
}

func TestIndexBeforeTheFirstDayIsThatOfTheFirst(t *testing.T) {
	x := NewIndex(100, Terms{Rate: 165_000})
	if x.At(50) != One || x.At(100) != One || x.At(101) == One || x.First() != 100 {
		t.Errorf("%d %d %d from day %d", x.At(50), x.At(100), x.At(101), x.First())
	}
}

// TestIndexNeverReachesNought: it falls to one and stays there, so that units
// can always be made.
func TestIndexNeverReachesNought(t *testing.T) {
	x := NewIndex(0, Terms{Rate: 49_999_999})
	d := Day(0)
	for x.At(d) > 1 {
		d += 100
		x = x.Extended(d)
	}
	if d > 1500 || x.At(d+10_000) != 1 {
		t.Errorf("one on day %d, %d later", d, x.At(d+10_000))
	}
	if worth, ok := x.Worth(x.Units(Wide{Hi: 1 << 60}, 0, d), 0, d); !ok || worth != (Wide{Hi: 1 << 60}) {
		t.Errorf("a worth at index one becomes %v", worth)
	}
}

// TestUnitsAreRoundedUp: units are worth what was asked, or more by under one
// unit; and their worth stands still up to their melts-from day.
func TestUnitsAreRoundedUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := NewIndex(0, Terms{Rate: rapid.SampledFrom([]Rate{165_000, 5_000_000, 49_999_999}).Draw(rt, "rate")})
		today := Day(rapid.IntRange(0, 600).Draw(rt, "today"))
		melts := today + Day(rapid.IntRange(-40, 366).Draw(rt, "grace"))
		worth := Wide{rapid.Uint64Range(0, 1<<62).Draw(rt, "hi"), rapid.Uint64().Draw(rt, "lo")}
		units := x.Units(worth, melts, today)
		back, ok := x.Worth(units, melts, today)
		more, kept := back.Sub(worth)
		if !ok || !kept || more.Cmp(WideOf(x.At(max(melts, today)))) >= 0 {
			rt.Fatalf("%v becomes %v units worth %v", worth, units, back)
		}
		for d := today; d <= melts; d += 7 {
			if w, _ := x.Worth(units, melts, d); w != back {
				rt.Fatalf("worth %v today and %v on day %d of grace until %d", back, w, d, melts)
			}
		}
		if later, _ := x.Worth(units, melts, max(melts, today)+1); !later.Less(back) && x.At(max(melts, today)) > 1 && !units.IsZero() {
			rt.Fatalf("worth %v does not melt after its grace", back)
		}
	})
}

func TestWorthThatDoesNotFitSaysSo(t *testing.T) {
	x := NewIndex(0, Terms{})
	if _, ok := x.Worth(Wide{Hi: 1 << 10}, 0, 0); ok {
		t.Error("2⁷⁴ units × 10¹⁸ fits 128 bits")
	}
}

func TestNextChargeSkipsDaysThatCostNothing(t *testing.T) {
	day := func(s string) Day {
		d, err := ParseDay(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	x := NewIndex(day("2026-01-05"), Terms{Rate: 100, Every: Monthly}).
		With(Terms{From: day("2026-03-10"), Rate: 0}).
		With(Terms{From: day("2026-06-10"), Rate: 100, Every: Daily})
	for from, want := range map[string]string{
		"2026-01-05": "2026-02-01", "2026-01-31": "2026-02-01", "2026-02-01": "2026-03-01",
		"2026-03-01": "2026-06-10", "2026-06-10": "2026-06-11",
	} {
		if got, ok := x.NextCharge(day(from)); !ok || got.String() != want {
			t.Errorf("after %s the next charge is on %v (%t), want %s", from, got, ok, want)
		}
	}
	if got, ok := NewIndex(0, Terms{}).NextCharge(0); ok {
		t.Errorf("without a rate the next charge is on %v", got)
	}
}

func TestShortSaysWhenTheTableEnds(t *testing.T) {
	x := NewIndex(10, Terms{Rate: 1}).Extended(20)
	if x.Short(20) || !x.Short(21) || x.Extended(15) != x {
		t.Error("the table does not end where it was extended to")
	}
}

// The worth of an amount is units × index: no account is touched by a charge.
func ExampleIndex() {
	first, _ := ParseDay("2026-01-01")
	x := NewIndex(first, Terms{Rate: 10_000_000, Every: Monthly}) // 1 % on the first of a month

	melts := first + 14                                      // two weeks of grace
	units := x.Units(Mul64(100_00000000, One), melts, first) // 100 Grulden, in grains × 10¹⁸
	for _, date := range []string{"2026-01-15", "2026-01-31", "2026-02-01", "2026-03-01"} {
		day, _ := ParseDay(date)
		worth, _ := x.Worth(units, melts, day)
		grains, _ := worth.Div(One)
		fmt.Println(day, grains)
	}
	// Output:
	// 2026-01-15 10000000000
	// 2026-01-31 10000000000
	// 2026-02-01 9900000000
	// 2026-03-01 9801000000
}

func BenchmarkExtend(b *testing.B) {
	for b.Loop() {
		NewIndex(0, Terms{Rate: 165_000}).Extended(732)
	}
}
