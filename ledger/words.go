package ledger

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"grulden/demurrage"
)

// AccountID names an account. It is random and never nought, so it tells
// nothing about whose account it is.
type AccountID uint64

// OwnerID names a person or business; one owner may hold several accounts. It
// is random and never nought.
type OwnerID uint64

// ID names a payment or a redemption. The payer makes it before paying: who
// sends the same ID twice pays once.
type ID [16]byte

// String writes the ID in 32 hexadecimal digits.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// ParseID reads what ID.String writes.
func ParseID(s string) (id ID, err error) {
	if len(s) != 2*len(id) {
		return id, fmt.Errorf("%q is not an id of 32 hexadecimal digits", s)
	}
	_, err = hex.Decode(id[:], []byte(s))
	return id, err
}

// Key makes any other command idempotent: a second command with the same Key
// is refused with AlreadyApplied. The zero Key means none.
type Key [16]byte

// Cents is an amount at the surface, in hundredths of a Grulden or of a euro.
type Cents int64

// GrainsPerCent is how many grains one cent is: a grain is 10⁻⁸ Grulden.
const GrainsPerCent = 1_000_000

// maxCents is the largest amount that can be written: ten digits and two decimals.
const maxCents Cents = 999_999_999_999

// ErrAmount says that a text is not an amount.
var ErrAmount = errors.New("an amount is one to ten digits, then at most two decimals after a point, above zero")

// ParseCents reads an amount: one to ten digits, then at most two decimals
// after a point, above zero (SPEC.md R63).
func ParseCents(s string) (Cents, error) {
	whole, decimals, point := strings.Cut(s, ".")
	if !digits(whole, 1, 10) || point && !digits(decimals, 1, 2) {
		return 0, ErrAmount
	}
	decimals += "00"[len(decimals):]
	n, err := strconv.ParseInt(whole+decimals, 10, 64)
	if err != nil || n == 0 {
		return 0, ErrAmount
	}
	return Cents(n), nil
}

// digits tells whether s is lo to hi decimal digits and nothing else.
func digits(s string, lo, hi int) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return lo <= len(s) && len(s) <= hi
}

// String writes the amount with two decimals: 12.50.
func (c Cents) String() string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	return fmt.Sprintf("%s%d.%02d", sign, c/100, c%100)
}

// Grains is the amount in grains; it must not be negative.
func (c Cents) Grains() demurrage.Wide { return demurrage.Mul64(uint64(c), GrainsPerCent) }

// Worth is the amount in grains × 10¹⁸. Amounts up to the supply limit fit.
func (c Cents) Worth() demurrage.Wide {
	worth, ok := c.Grains().Mul(demurrage.One)
	if !ok {
		panic("ledger: an amount beyond the supply limit was let through")
	}
	return worth
}

// ceilGrains and floorGrains turn a worth into grains.
func ceilGrains(worth demurrage.Wide) demurrage.Wide { return worth.CeilDiv(demurrage.One) }

// Grains is a worth in whole grains, rounded down for show.
func Grains(worth demurrage.Wide) demurrage.Wide {
	grains, _ := worth.Div(demurrage.One)
	return grains
}

// ShownCents is a worth in whole cents, rounded down: what its holder sees and
// can always pay.
func ShownCents(worth demurrage.Wide) Cents {
	cents, _ := Grains(worth).Div(GrainsPerCent)
	return Cents(min(cents.Lo, 1<<63-1))
}

// Instant is a point in time, to the nanosecond.
type Instant struct {
	Sec  int64 // since 1970-01-01T00:00:00Z
	Nsec int32 // 0 to 999 999 999
}

// InstantOf is t as an Instant.
func InstantOf(t time.Time) Instant { return Instant{t.Unix(), int32(t.Nanosecond())} }

// Time is the instant as a time.Time in UTC.
func (i Instant) Time() time.Time { return time.Unix(i.Sec, int64(i.Nsec)).UTC() }

// Before tells whether i comes before j.
func (i Instant) Before(j Instant) bool {
	return i.Sec < j.Sec || i.Sec == j.Sec && i.Nsec < j.Nsec
}

// IsZero tells whether the instant is unset.
func (i Instant) IsZero() bool { return i == Instant{} }

// Moment is when a command is decided: an instant, and the civil day in
// Europe/Amsterdam it falls on. The day is an input, kept in the journal, so
// that a later change of the law on summer time cannot change the past.
type Moment struct {
	At  Instant
	Day demurrage.Day
}
