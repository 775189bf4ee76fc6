package circulation

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"

	"grulden/demurrage"
)

// unit is how many units one coin has: amounts have at most eight decimals.
const (
	unit     = 100_000_000
	decimals = 8
)

const microsPerDay = 24 * 60 * 60 * 1_000_000

// parseAmount reads an amount in units, and says what is wrong with it.
func parseAmount(text string, comma bool) (units int64, what string) {
	point := "."
	if comma {
		point = ","
	}
	whole, rest, _ := strings.Cut(text, point)
	if comma {
		groups := strings.Split(whole, ".")
		for _, group := range groups[1:] {
			if len(group) != 3 || groups[0] == "" || len(groups[0]) > 3 {
				return 0, "has a point that divides no thousands"
			}
		}
		whole = strings.Join(groups, "")
	}
	rest = strings.TrimRight(rest, "0")
	if len(rest) > decimals {
		return 0, "has more than eight decimals"
	}
	if whole == "" {
		return 0, "is no number"
	}
	for i := range len(whole) + decimals {
		digit := byte('0')
		if i < len(whole) {
			digit = whole[i]
		} else if i-len(whole) < len(rest) {
			digit = rest[i-len(whole)]
		}
		if digit < '0' || digit > '9' {
			return 0, "is no number above nought"
		}
		if units > (math.MaxInt64-9)/10 {
			return 0, "is too large to count"
		}
		units = units*10 + int64(digit-'0')
	}
	if units == 0 {
		return 0, "is no number above nought"
	}
	return units, ""
}

// form is a way to say when.
type form int

const (
	number form = iota + 1 // of days
	day                    // of the calendar
	moment
)

// String names a form.
func (f form) String() string {
	return [...]string{"", "a number", "a day of the calendar", "a time"}[f]
}

// Dates is the order in which days are written.
type Dates string

// The orders besides 2026-03-31. A day such as 03/04/2026 does not tell which.
const (
	DayFirst   Dates = "dmy" // 31-03-2026, 31/03/2026, 31.03.2026
	MonthFirst Dates = "mdy" // 03/31/2026
)

// clocks are the ways to write a time after a day; what has no zone is UTC.
var clocks = []string{" 15:04:05", " 15:04", "T15:04:05", "T15:04:05Z07:00", " 15:04:05Z07:00", " 15:04:05-07:00"}

// parseWhen reads when something happened, in microseconds.
func parseWhen(text string, order Dates) (int64, form, error) {
	if days, ok := new(big.Rat).SetString(text); ok && !strings.ContainsAny(text, "/eEpPxX_") {
		micros := days.Mul(days, big.NewRat(microsPerDay, 1))
		whole := new(big.Int).Quo(micros.Num(), micros.Denom())
		if limit := big.NewInt(math.MaxInt64 / 4); whole.CmpAbs(limit) > 0 {
			return 0, 0, fmt.Errorf("%q is too far away", text)
		}
		return whole.Int64(), number, nil
	}
	layout, plain := time.DateOnly, text
	if order != "" {
		layout = map[Dates]string{DayFirst: "2-1-2006", MonthFirst: "1-2-2006"}[order]
		date, clock, _ := strings.Cut(text, " ")
		plain = strings.NewReplacer("/", "-", ".", "-").Replace(date) + strings.TrimSuffix(" "+clock, " ")
	}
	if t, err := time.Parse(layout, plain); err == nil {
		return t.UnixMicro(), day, nil
	}
	for _, clock := range clocks {
		if t, err := time.Parse(layout+clock, plain); err == nil {
			return t.UnixMicro(), moment, nil
		}
	}
	return 0, 0, fmt.Errorf("%q is neither a day nor a time", text)
}

// area is amounts times how long, in unit microseconds. No list that is read
// has too much for 128 bits: all amounts together have 63, and time has 62.
type area struct{ demurrage.Wide }

// add adds an amount times how long.
func (a *area) add(amount, micros int64) {
	a.Wide, _ = a.Add(demurrage.Mul64(uint64(amount), uint64(micros)))
}

// coinDays is an area as coins times days.
func (a area) coinDays() *big.Rat {
	return new(big.Rat).SetFrac(a.Big(), new(big.Int).Mul(big.NewInt(unit), big.NewInt(microsPerDay)))
}

func coins(units int64) *big.Rat { return big.NewRat(units, unit) }

func days(micros int64) *big.Rat { return big.NewRat(micros, microsPerDay) }

// over is a / b, nil if either has no value or b is nought.
func over(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil || b.Sign() == 0 {
		return nil
	}
	return new(big.Rat).Quo(a, b)
}

// plus is the sum of numbers.
func plus(all ...*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for _, x := range all {
		sum.Add(sum, x)
	}
	return sum
}

// times is a × b, nil if either has no value.
func times(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return nil
	}
	return new(big.Rat).Mul(a, b)
}
