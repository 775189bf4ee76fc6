package report

import (
	"math/big"
	"math/bits"

	"grulden/demurrage"
)

// sum is an unsigned integer of 256 bits, the lowest 64 first: room for the worth
// of all payments there can be, each times the seconds that it lay. Millions are
// added up in a report, and a big.Int for each would be most of its time.
type sum [4]uint64

// add adds a worth.
func (s *sum) add(w demurrage.Wide) {
	var carry uint64
	s[0], carry = bits.Add64(s[0], w.Lo, 0)
	s[1], carry = bits.Add64(s[1], w.Hi, carry)
	s[2], carry = bits.Add64(s[2], 0, carry)
	s[3] += carry
}

// addTimes adds a worth times a number.
func (s *sum) addTimes(w demurrage.Wide, n uint64) {
	low, high := demurrage.Mul64(w.Lo, n), demurrage.Mul64(w.Hi, n)
	var carry uint64
	s[0], carry = bits.Add64(s[0], low.Lo, 0)
	s[1], carry = bits.Add64(s[1], low.Hi, carry)
	s[2], carry = bits.Add64(s[2], 0, carry)
	s[3] += carry
	s[1], carry = bits.Add64(s[1], high.Lo, 0)
	s[2], carry = bits.Add64(s[2], high.Hi, carry)
	s[3] += carry
}

// plus adds another sum.
func (s *sum) plus(t *sum) {
	var carry uint64
	for i := range s {
		s[i], carry = bits.Add64(s[i], t[i], carry)
	}
}

// minus takes away what was added before.
func (s *sum) minus(t *sum) {
	var borrow uint64
	for i := range s {
		s[i], borrow = bits.Sub64(s[i], t[i], borrow)
	}
}

// sub takes away a worth that was added before.
func (s *sum) sub(w demurrage.Wide) { s.minus(&sum{w.Lo, w.Hi}) }

// apart is how far two sums are from each other.
func (s sum) apart(t sum) sum {
	if s.less(&t) {
		s, t = t, s
	}
	s.minus(&t)
	return s
}

// times is s a number of times.
func (s sum) times(n int) sum {
	low, high := sum{}, sum{}
	low.addTimes(demurrage.Wide{Hi: s[1], Lo: s[0]}, uint64(n))
	high.addTimes(demurrage.Wide{Hi: s[3], Lo: s[2]}, uint64(n))
	low.plus(&sum{0, 0, high[0], high[1]})
	return low
}

// twice is s and s.
func (s sum) twice() sum {
	s.plus(&s)
	return s
}

// less tells whether s < t.
func (s *sum) less(t *sum) bool {
	for i := len(s) - 1; i > 0; i-- {
		if s[i] != t[i] {
			return s[i] < t[i]
		}
	}
	return s[0] < t[0]
}

// big is s as a big.Int.
func (s *sum) big() *big.Int {
	b, word := new(big.Int), new(big.Int)
	for i := len(s) - 1; i >= 0; i-- {
		b.Or(b.Lsh(b, 64), word.SetUint64(s[i]))
	}
	return b
}
