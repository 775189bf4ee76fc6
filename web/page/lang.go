package page

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Lang is a language of the pages, as in the lang attribute of HTML.
type Lang string

// The languages, the default first.
const (
	Dutch   Lang = "nl"
	English Lang = "en"
)

// Languages lists every language there is, the default first.
func Languages() []Lang { return []Lang{Dutch, English} }

// ParseLang reads a language tag and falls back to Dutch.
func ParseLang(tag string) Lang {
	if tag == string(English) {
		return English
	}
	return Dutch
}

// Other is the language that the switch at the top of a page offers.
func (l Lang) Other() Lang {
	if l == English {
		return Dutch
	}
	return English
}

// Money writes an amount of cents with two decimals and groups of three, as
// the language does: 1.234,50 in Dutch and 1,234.50 in English.
func (l Lang) Money(cents int64) string {
	group, point := ".", ","
	if l == English {
		group, point = ",", "."
	}
	sign := ""
	if cents < 0 {
		sign = "−"
	}
	abs := uint64(cents)
	if cents < 0 {
		abs = -abs
	}
	whole := strconv.FormatUint(abs/100, 10)
	var b strings.Builder
	b.WriteString(sign)
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteByte(whole[i])
	}
	fmt.Fprintf(&b, "%s%02d", point, abs%100)
	return b.String()
}

// Euro is Money with the sign of the euro before it.
func (l Lang) Euro(cents int64) string { return "€\u00a0" + l.Money(cents) }

// Input writes an amount as it stands in a form field: no grouping.
func (l Lang) Input(cents int64) string {
	point := ","
	if l == English {
		point = "."
	}
	return fmt.Sprintf("%d%s%02d", cents/100, point, cents%100)
}

// Date writes the calendar day of t: 3 december 2026.
func (l Lang) Date(t time.Time) string {
	return fmt.Sprintf("%d\u00a0%s %d", t.Day(), l.month(t.Month()), t.Year())
}

// ShortDate writes the calendar day of t without its year: 3 december.
func (l Lang) ShortDate(t time.Time) string {
	return fmt.Sprintf("%d\u00a0%s", t.Day(), l.month(t.Month()))
}

// Clock writes the time of day of t: 14:05.
func (l Lang) Clock(t time.Time) string { return t.Format("15:04") }

// DateTime writes day and time of t: 3 december, 14:05.
func (l Lang) DateTime(t time.Time) string { return l.ShortDate(t) + ", " + l.Clock(t) }

// Moment writes day and time of t to the second: 3 december 2026, 14:05:31.
func (l Lang) Moment(t time.Time) string { return l.Date(t) + ", " + t.Format("15:04:05") }

var months = map[Lang][12]string{
	Dutch: {
		"januari", "februari", "maart", "april", "mei", "juni",
		"juli", "augustus", "september", "oktober", "november", "december",
	},
	English: {
		"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December",
	},
}

func (l Lang) month(m time.Month) string { return months[l][m-1] }
