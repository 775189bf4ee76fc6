package civil

import (
	"testing"
	"time"

	"grulden/demurrage"
)

// TestDaysBeginAtMidnightInAmsterdam: an hour before midnight UTC in winter, two
// in summer, and on the days without 24 hours.
func TestDaysBeginAtMidnightInAmsterdam(t *testing.T) {
	for _, c := range []struct{ at, day string }{
		{"2026-01-31T22:59:59.999999999Z", "2026-01-31"},
		{"2026-01-31T23:00:00Z", "2026-02-01"},
		{"2026-07-31T21:59:59Z", "2026-07-31"},
		{"2026-07-31T22:00:00Z", "2026-08-01"},
		{"2026-03-28T22:59:59Z", "2026-03-28"}, // the clock goes forward on the 29th
		{"2026-03-28T23:00:00Z", "2026-03-29"},
		{"2026-03-29T21:59:59Z", "2026-03-29"},
		{"2026-03-29T22:00:00Z", "2026-03-30"},
		{"2026-10-24T21:59:59Z", "2026-10-24"}, // and back on 25 October
		{"2026-10-24T22:00:00Z", "2026-10-25"},
		{"2026-10-25T22:59:59Z", "2026-10-25"},
		{"2026-10-25T23:00:00Z", "2026-10-26"},
		{"2026-02-01T00:30:00+01:00", "2026-02-01"},
		{"2026-02-01T11:00:00+14:00", "2026-01-31"},
		{"9999-12-31T22:59:59Z", "9999-12-31"},
	} {
		at, err := time.Parse(time.RFC3339Nano, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if m := Moment(at); m.Day.String() != c.day || !m.At.Time().Equal(at) {
			t.Errorf("%s is on %v, want %s", c.at, m.Day, c.day)
		}
	}
}

// TestYearHasOneShortAndOneLongDay counts the hours of every day of 2026.
func TestYearHasOneShortAndOneLongDay(t *testing.T) {
	hours := map[demurrage.Day]int{}
	at := time.Date(2025, 12, 31, 23, 0, 0, 0, time.UTC)
	for Day(at) < Day(time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC)) {
		hours[Day(at)]++
		at = at.Add(time.Hour)
	}
	count := map[int]int{}
	for _, n := range hours {
		count[n]++
	}
	if len(hours) != 365 || count[23] != 1 || count[24] != 363 || count[25] != 1 {
		t.Errorf("%d days: %v", len(hours), count)
	}
}
