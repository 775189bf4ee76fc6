package sepa

import (
	"errors"
	"time"
)

// Date is a calendar day, counted in days since 1970-01-01. Zero means that
// the file gives no date: no statement is that old.
type Date int32

// DateOf is the calendar day of t in t's own time zone.
func DateOf(t time.Time) Date {
	return MakeDate(t.Date())
}

// MakeDate is the day with this year, month and day of the month. Values
// beyond a month's end run on into the next, as in time.Date.
func MakeDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// ParseDate reads YYYY-MM-DD.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, errors.New("not a date like 2026-01-05")
	}
	if t.Year() < 1900 || t.Year() > 9998 { // keeps every sum of days within int32 and four-digit years
		return 0, errors.New("a year before 1900 or after 9998")
	}
	return DateOf(t), nil
}

// Time is midnight UTC at the start of the day.
func (d Date) Time() time.Time {
	return time.Unix(int64(d)*secondsPerDay, 0).UTC()
}

// String is YYYY-MM-DD, or empty for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

const secondsPerDay = 24 * 60 * 60
