package report

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"grulden/demurrage"
)

// edgy is a 64-bit number with a bent for the ends.
func edgy(rng *rand.Rand) uint64 {
	return []uint64{0, 1, ^uint64(0), ^uint64(0) - 1, 1 << 63, rng.Uint64()}[rng.IntN(6)]
}

func TestSumsAreThoseOfBigIntegers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var before sum
	beforeBig := new(big.Int)
	for range 2000 {
		var s sum
		want := new(big.Int)
		for range 1 + rng.IntN(6) {
			w, n := demurrage.Wide{Hi: edgy(rng), Lo: edgy(rng)}, edgy(rng)
			s.add(w)
			want.Add(want, w.Big())
			s.addTimes(w, n)
			want.Add(want, new(big.Int).Mul(w.Big(), new(big.Int).SetUint64(n)))
		}
		if s.big().Cmp(want) != 0 {
			t.Fatalf("%v, want %v", s.big(), want)
		}
		if s.less(&before) != (want.Cmp(beforeBig) < 0) || s.less(&s) {
			t.Fatalf("%v < %v is %v", want, beforeBig, s.less(&before))
		}
		before, beforeBig = s, want
	}
}
