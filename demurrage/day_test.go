package demurrage

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDaysAreWrittenYearMonthDay(t *testing.T) {
	for text, want := range map[string]Day{
		"1970-01-01": 0, "1969-12-31": -1, "2026-01-05": 20_458, "2024-02-29": 19_782,
		"0001-01-01": MinDay, "9999-12-31": MaxDay, "2000-02-29": 11_016, "1900-02-28": -25_509,
	} {
		if got, err := ParseDay(text); got != want || err != nil {
			t.Errorf("%s is %d %v, want %d", text, got, err, want)
		}
		if got := want.String(); got != text {
			t.Errorf("%d is written %s, want %s", want, got, text)
		}
	}
	for _, text := range []string{
		"", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-1-5", "26-01-05", "20260105", "2026-01-32",
		"0000-01-01", "10000-01-01", "-001-01-01", "2026-01-05 ", " 2026-01-05", "2026-01-05T00:00:00Z", "２026-01-05", "2026/01/05",
	} {
		if got, err := ParseDay(text); err == nil {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}

// TestEveryDayFollowsTheDayBefore walks the calendar of some centuries.
func TestEveryDayFollowsTheDayBefore(t *testing.T) {
	date := time.Date(1890, 1, 1, 0, 0, 0, 0, time.UTC)
	first := CivilDay(date)
	for i := range 130_000 {
		d := first + Day(i)
		if CivilDay(date) != d || d.String() != date.Format(time.DateOnly) || d.FirstOfMonth() != (date.Day() == 1) {
			t.Fatalf("%v is day %d, written %v", date, CivilDay(date), d)
		}
		date = date.AddDate(0, 0, 1)
	}
}

// TestCivilDayIsThatOfTheLocation: one instant, two calendars.
func TestCivilDayIsThatOfTheLocation(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		at := time.Unix(rapid.Int64Range(-60_000_000_000, 250_000_000_000).Draw(rt, "at"), 0)
		offset := rapid.IntRange(-14*3600, 14*3600).Draw(rt, "offset")
		there := at.In(time.FixedZone("", offset))
		want, err := ParseDay(there.Format(time.DateOnly))
		if got := CivilDay(there); err == nil && got != want {
			rt.Fatalf("%v is %v, want %v", there, got, want)
		}
	})
}

func FuzzParseDay(f *testing.F) {
	for _, text := range []string{"2026-01-05", "0001-01-01", "9999-12-31", "2024-02-29", "2026-02-30"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := ParseDay(text); err == nil && (d.String() != text || d < MinDay || d > MaxDay) {
			t.Errorf("%q is %d, written %v", text, d, d)
		}
	})
}

func TestAMonthBeginsAndEnds(t *testing.T) {
	for _, c := range [][3]string{
		{"2026-02-01", "2026-02-01", "2026-02-28"},
		{"2028-02-29", "2028-02-01", "2028-02-29"},
		{"2026-12-31", "2026-12-01", "2026-12-31"},
		{"2026-01-31", "2026-01-01", "2026-01-31"},
		{"1969-11-15", "1969-11-01", "1969-11-30"},
	} {
		var days [3]Day
		for i, text := range c {
			day, err := ParseDay(text)
			if err != nil {
				t.Fatal(err)
			}
			days[i] = day
		}
		if begin, end := days[0].MonthBegin(), days[0].MonthEnd(); begin != days[1] || end != days[2] {
			t.Errorf("the month of %v is from %v to %v, want %v to %v", days[0], begin, end, days[1], days[2])
		}
	}
}
