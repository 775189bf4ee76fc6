package sepa

import (
	"testing"
	"time"
)

func day(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return d
}

func TestDaysOnWhichBanksAreClosed(t *testing.T) {
	for _, c := range []struct {
		day  string
		open bool
	}{
		{"2026-01-01", false}, // New Year's Day
		{"2026-01-02", true},
		{"2026-01-03", false}, // a Saturday
		{"2026-01-04", false}, // a Sunday
		{"2026-04-02", true},
		{"2026-04-03", false}, // Good Friday
		{"2026-04-06", false}, // Easter Monday
		{"2026-04-07", true},
		{"2026-04-27", true}, // King's Day
		{"2026-05-01", false},
		{"2026-05-05", true},
		{"2026-05-14", true}, // Ascension Day
		{"2026-05-25", true}, // Whit Monday
		{"2026-12-24", true},
		{"2026-12-25", false},
		{"2026-12-26", false},
		{"2026-12-31", true},
		{"2027-12-27", true}, // Christmas at the weekend is not made up for
	} {
		if got := IsTargetDay(day(t, c.day)); got != c.open {
			t.Errorf("%s: open %v", c.day, got)
		}
	}
}

func TestNextDayOnWhichBanksAreOpen(t *testing.T) {
	for _, c := range []struct{ day, from, next string }{
		{"2026-04-01", "2026-04-01", "2026-04-02"},
		{"2026-04-02", "2026-04-02", "2026-04-07"}, // over Easter
		{"2026-04-03", "2026-04-07", "2026-04-07"},
		{"2026-12-24", "2026-12-24", "2026-12-28"},
		{"2025-12-31", "2025-12-31", "2026-01-02"},
	} {
		d := day(t, c.day)
		if from, next := TargetDayFrom(d), NextTargetDay(d); from.String() != c.from || next.String() != c.next {
			t.Errorf("%s: from %s, next %s", c.day, from, next)
		}
	}
}

func TestEasterFallsOnItsPublishedDays(t *testing.T) {
	for _, want := range []string{
		"1961-04-02", "1981-04-19", "2000-04-23", "2008-03-23", "2024-03-31", "2025-04-20", "2026-04-05",
		"2027-03-28", "2028-04-16", "2030-04-21", "2038-04-25", "2049-04-18", "2076-04-19", "2100-03-28",
	} {
		d := day(t, want)
		if got := easterSunday(d.Time().Year()); got != d {
			t.Errorf("Easter on %s, want %s", got, d)
		}
	}
}

func TestDatesAreCalendarDays(t *testing.T) {
	if d := MakeDate(2026, time.January, 5); d != 20458 || d.String() != "2026-01-05" || !d.Time().Equal(time.Unix(20458*86400, 0)) {
		t.Errorf("2026-01-05 is %d, %s", d, d)
	}
	late := time.Date(2026, 3, 2, 23, 30, 0, 0, time.FixedZone("", 3600))
	if got := DateOf(late).String(); got != "2026-03-02" {
		t.Errorf("half past eleven at night is %s", got)
	}
	if Date(0).String() != "" {
		t.Error("no date has a text")
	}
	for _, s := range []string{"", "2026-1-5", "2026-02-29", "05-01-2026", "2026-01-05T00:00", "1899-12-31", "9999-01-01"} {
		if d, err := ParseDate(s); err == nil {
			t.Errorf("%q is read as %s", s, d)
		}
	}
}
