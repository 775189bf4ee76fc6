package page

import (
	"fmt"
	"slices"
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

// Trial is no language of people: Dutch with longer words, from right to left.
// The gallery shows every page in it, so that a page is ready for a language
// that needs more room, or begins at the other side.
const Trial Lang = "ar-XB"

// language is what a language has besides its texts.
type language struct {
	name      string // in the language itself
	direction string // of its lines, as in the dir attribute of HTML
	group     string // between groups of three digits
	point     string // before the cents
	months    [12]string
}

var languages = map[Lang]language{
	Dutch: {
		name: "Nederlands", direction: "ltr", group: ".", point: ",",
		months: [12]string{
			"januari", "februari", "maart", "april", "mei", "juni",
			"juli", "augustus", "september", "oktober", "november", "december",
		},
	},
	English: {
		name: "English", direction: "ltr", group: ",", point: ".",
		months: [12]string{
			"January", "February", "March", "April", "May", "June",
			"July", "August", "September", "October", "November", "December",
		},
	},
	Trial: {
		name: "[Trial]", direction: "rtl", group: "٬", point: "٫",
		months: [12]string{
			"[januari]", "[februari]", "[maart]", "[april]", "[mei]", "[juni]",
			"[juli]", "[augustus]", "[september]", "[oktober]", "[november]", "[december]",
		},
	},
}

// Languages lists every language that people can choose, the default first.
func Languages() []Lang { return []Lang{Dutch, English} }

// ParseLang reads a language tag and falls back to Dutch.
func ParseLang(tag string) Lang {
	if lang := Lang(tag); slices.Contains(Languages(), lang) {
		return lang
	}
	return Dutch
}

// Name is what the language is called by who speaks it.
func (l Lang) Name() string { return languages[l].name }

// Dir is where its lines begin: ltr or rtl.
func (l Lang) Dir() string { return languages[l].direction }

// All are Languages, for templates.
func (Lang) All() []Lang { return Languages() }

// Others are the languages to change to.
func (l Lang) Others() []Lang {
	return slices.DeleteFunc(Languages(), func(other Lang) bool { return other == l })
}

// Money writes an amount of cents with two decimals and groups of three, as
// the language does: 1.234,50 in Dutch and 1,234.50 in English.
func (l Lang) Money(cents int64) string {
	group, point := languages[l].group, languages[l].point
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
	return fmt.Sprintf("%d%s%02d", cents/100, languages[l].point, cents%100)
}

// Date writes the calendar day of t: 3 december 2026.
func (l Lang) Date(t time.Time) string {
	return fmt.Sprintf("%d\u00a0%s %d", t.Day(), l.month(t.Month()), t.Year())
}

// Month writes the month of t: november 2026.
func (l Lang) Month(t time.Time) string { return fmt.Sprintf("%s %d", l.month(t.Month()), t.Year()) }

// Weekday writes the day of the week of t: maandag.
func (l Lang) Weekday(t time.Time) string { return weekdays[l][t.Weekday()] }

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

func (l Lang) month(m time.Month) string { return languages[l].months[m-1] }

var weekdays = map[Lang][7]string{
	Dutch:   {"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"},
	English: {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
}
