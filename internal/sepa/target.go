package sepa

import "time"

// IsTargetDay says whether T2 (formerly TARGET2), the settlement system behind
// SEPA credit transfers, is open on that day. It is closed on Saturdays and
// Sundays, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December;
// the European Central Bank has kept this calendar since 2002. Dutch holidays
// such as King's Day do not matter.
func IsTargetDay(d Date) bool {
	t := d.Time()
	if w := t.Weekday(); w == time.Saturday || w == time.Sunday {
		return false
	}
	switch _, month, day := t.Date(); {
	case month == time.January && day == 1,
		month == time.May && day == 1,
		month == time.December && (day == 25 || day == 26):
		return false
	}
	easter := easterSunday(t.Year())
	return d != easter-2 && d != easter+1
}

// TargetDayFrom is the first TARGET day on or after d.
func TargetDayFrom(d Date) Date {
	for !IsTargetDay(d) {
		d++
	}
	return d
}

// NextTargetDay is the first TARGET day after d.
func NextTargetDay(d Date) Date {
	return TargetDayFrom(d + 1)
}

// easterSunday follows the Gregorian computus as published anonymously in
// Nature, 20 April 1876, and reprinted in Meeus, Astronomical Algorithms, ch. 8.
// The letters are those of the publication.
func easterSunday(year int) Date {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return MakeDate(year, time.Month(n/31), n%31+1)
}
