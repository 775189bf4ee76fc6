package move

import (
	"errors"
	"strings"
	"time"
	"unicode"

	"grulden/internal/civil"
	"grulden/ledger"
)

// errUnsure is returned for an amount that can be read in two ways.
var errUnsure = errors.New("this amount can be read in two ways")

// readAmount reads an amount as programs write it: with a point or a comma, with
// groups of three, with a sign, with the name of the money before or after it.
// 1.234 may be a thousand or one and a bit, so it is nobody's guess: errUnsure.
// An empty field is nought.
func readAmount(text string) (ledger.Cents, error) {
	typed := strings.TrimSpace(strings.Replace(text, "−", "-", 1))
	text = strings.TrimFunc(typed, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsLetter(r) || unicode.IsSymbol(r) && r != '+' })
	sign := ledger.Cents(1)
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		sign, text = -1, strings.TrimSpace(rest)
	}
	text = strings.TrimPrefix(text, "+")
	if strings.Trim(text, "0.,") == "" {
		if text == "" && typed != "" {
			return 0, ledger.ErrAmount
		}
		return 0, nil
	}
	whole, decimals, err := split(text)
	if err != nil {
		return 0, err
	}
	if more := strings.TrimRight(decimals, "0"); len(more) <= 2 && len(decimals) > 2 {
		decimals = decimals[:2]
	}
	if decimals != "" {
		whole += "." + decimals
	}
	amount, err := ledger.ParseCents(whole)
	return sign * amount, err
}

// split parts an amount into what stands before and after its decimal mark, and
// takes out the marks between groups of three.
func split(text string) (whole, decimals string, err error) {
	text = strings.Join(strings.Fields(text), "")
	point, comma := strings.LastIndexByte(text, '.'), strings.LastIndexByte(text, ',')
	mark, group := ".", ","
	if comma > point {
		mark, group = ",", "."
	}
	switch strings.Count(text, mark) {
	case 0:
		return text, "", nil
	case 1:
	default: // 1.234.567: it parts groups
		mark, group = group, mark
	}
	whole, decimals, _ = strings.Cut(text, mark)
	if len(decimals) == 3 && !strings.Contains(whole, group) && strings.TrimLeft(whole, "0") != "" {
		return "", "", errUnsure
	}
	for i, g := range strings.Split(whole, group) {
		if i > 0 && len(g) != 3 {
			return "", "", ledger.ErrAmount
		}
	}
	return strings.ReplaceAll(whole, group, ""), decimals, nil
}

// The orders of the numbers of a day.
var (
	dayFirst   = []string{"02-01-2006", "2-1-2006"}
	monthFirst = []string{"01-02-2006", "1-2-2006"}
	yearFirst  = []string{"2006-01-02"}
)

// clocks are the ways in which a time stands after a day.
var clocks = []string{"", " 15:04", " 15:04:05", "T15:04:05", " 03:04 PM", " 3:04:05 PM"}

// readTime reads a day, perhaps with a time, in one of some orders. One without
// a zone is in the zone of the wijk.
func readTime(text string, orders []string) (time.Time, bool) {
	text = strings.TrimSpace(strings.ReplaceAll(text, ", ", " "))
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, true
	}
	day, clock, _ := strings.Cut(text, " ")
	day = strings.NewReplacer("/", "-", ".", "-").Replace(day)
	text = strings.TrimSpace(day + " " + clock)
	for _, order := range orders {
		for _, clock := range clocks {
			if t, err := time.ParseInLocation(order+clock, text, civil.Zone); err == nil {
				return t, true
			}
		}
	}
	return time.Time{}, false
}

// dayOrder finds the order in which all days of a file can be read. Where day
// and month may both stand first, the day does, as the Dutch write it.
func dayOrder(days []string) (order []string, ok bool) {
	for _, order := range [][]string{append(yearFirst, dayFirst...), append(yearFirst, monthFirst...)} {
		ok := true
		for _, day := range days {
			_, read := readTime(day, order)
			ok = ok && read
		}
		if ok {
			return order, true
		}
	}
	return append(yearFirst, dayFirst...), false
}
