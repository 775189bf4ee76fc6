package demurrage

import (
	"math/big"
	"math/bits"
)

// Wide is an unsigned integer of 128 bits: units, or worth in grains × 10¹⁸.
// No operation wraps: those that could say so in a second result.
type Wide struct{ Hi, Lo uint64 }

// WideOf is x as a Wide.
func WideOf(x uint64) Wide { return Wide{Lo: x} }

// Mul64 is the whole product of two 64-bit numbers.
func Mul64(a, b uint64) Wide {
	hi, lo := bits.Mul64(a, b)
	return Wide{hi, lo}
}

// IsZero tells whether w is nought.
func (w Wide) IsZero() bool { return w.Hi|w.Lo == 0 }

// Cmp is −1, 0 or +1 as w is less than, equal to or greater than x.
func (w Wide) Cmp(x Wide) int {
	switch {
	case w == x:
		return 0
	case w.Hi < x.Hi || w.Hi == x.Hi && w.Lo < x.Lo:
		return -1
	}
	return 1
}

// Less tells whether w < x.
func (w Wide) Less(x Wide) bool { return w.Cmp(x) < 0 }

// Add is w + x; ok is false when the sum does not fit.
func (w Wide) Add(x Wide) (sum Wide, ok bool) {
	lo, carry := bits.Add64(w.Lo, x.Lo, 0)
	hi, carry := bits.Add64(w.Hi, x.Hi, carry)
	return Wide{hi, lo}, carry == 0
}

// Sub is w − x; ok is false when x is the greater.
func (w Wide) Sub(x Wide) (diff Wide, ok bool) {
	lo, borrow := bits.Sub64(w.Lo, x.Lo, 0)
	hi, borrow := bits.Sub64(w.Hi, x.Hi, borrow)
	return Wide{hi, lo}, borrow == 0
}

// Mul is w × x; ok is false when the product does not fit.
func (w Wide) Mul(x uint64) (product Wide, ok bool) {
	low := Mul64(w.Lo, x)
	high := Mul64(w.Hi, x)
	hi, carry := bits.Add64(low.Hi, high.Lo, 0)
	return Wide{hi, low.Lo}, high.Hi == 0 && carry == 0
}

// Div is ⌊w / d⌋ and the remainder. d must not be nought.
func (w Wide) Div(d uint64) (quotient Wide, remainder uint64) {
	hi, rest := bits.Div64(0, w.Hi, d)
	lo, rest := bits.Div64(rest, w.Lo, d)
	return Wide{hi, lo}, rest
}

// CeilDiv is ⌈w / d⌉. d must not be nought.
func (w Wide) CeilDiv(d uint64) Wide {
	q, rest := w.Div(d)
	if rest > 0 {
		q, _ = q.Add(Wide{Lo: 1}) // fits: a remainder means q < 2¹²⁸ − 1
	}
	return q
}

// Big is w as a big.Int.
func (w Wide) Big() *big.Int {
	b := new(big.Int).SetUint64(w.Hi)
	return b.Lsh(b, 64).Or(b, new(big.Int).SetUint64(w.Lo))
}

// String writes w in decimal digits.
func (w Wide) String() string { return w.Big().String() }
