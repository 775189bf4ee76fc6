package demurrage

import (
	"fmt"
	"time"
)

// Day is a civil day, counted from 1970-01-01. Which civil day an instant
// falls on is decided outside this package, once, and kept with the entry.
type Day int32

// The days that can be written YYYY-MM-DD.
const (
	MinDay Day = -719162 // 0001-01-01
	MaxDay Day = 2932896 // 9999-12-31
)

const secondsPerDay = 24 * 60 * 60

// ParseDay reads a day written exactly YYYY-MM-DD, in the years 0001–9999.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || len(s) != len(time.DateOnly) || t.Year() < 1 {
		return 0, fmt.Errorf("%q is not a day written YYYY-MM-DD", s)
	}
	return CivilDay(t), nil
}

// CivilDay is the day that t shows on the calendar of t's own location.
func CivilDay(t time.Time) Day {
	year, month, day := t.Date()
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// Time is the day's midnight in UTC, for its calendar fields only.
func (d Day) Time() time.Time {
	return time.Unix(int64(d)*secondsPerDay, 0).UTC()
}

// String writes the day as YYYY-MM-DD.
func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// FirstOfMonth tells whether the day is the first of its month.
func (d Day) FirstOfMonth() bool { return d.Time().Day() == 1 }

// MonthBegin is the first day of the day's month.
func (d Day) MonthBegin() Day { return d - Day(d.Time().Day()-1) }

// MonthEnd is the last day of the day's month.
func (d Day) MonthEnd() Day { return (d.MonthBegin() + 31).MonthBegin() - 1 }
