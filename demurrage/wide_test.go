package demurrage

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

var most = Wide{^uint64(0), ^uint64(0)}

// edges are numbers where carries and borrows happen.
var edges = []uint64{0, 1, 2, 1<<32 - 1, 1 << 32, 1<<63 - 1, 1 << 63, One, ^uint64(0) - 1, ^uint64(0)}

func drawUint64(t *rapid.T, label string) uint64 {
	if rapid.Bool().Draw(t, label+" at an edge") {
		return rapid.SampledFrom(edges).Draw(t, label)
	}
	return rapid.Uint64().Draw(t, label)
}

func drawWide(t *rapid.T, label string) Wide {
	return Wide{drawUint64(t, label+" hi"), drawUint64(t, label+" lo")}
}

// same wants a result that fits to be the big one, and one that does not to say so.
func same(t *rapid.T, what string, got Wide, ok bool, want *big.Int) {
	t.Helper()
	fits := want.Sign() >= 0 && want.BitLen() <= 128
	if ok != fits || fits && got.Big().Cmp(want) != 0 {
		t.Fatalf("%s: %v (%t), want %v", what, got, ok, want)
	}
}

// TestWideAgreesWithBigIntegers holds every operation against math/big.
func TestWideAgreesWithBigIntegers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b, n := drawWide(rt, "a"), drawWide(rt, "b"), drawUint64(rt, "n")
		x, y, m := a.Big(), b.Big(), new(big.Int).SetUint64(n)

		sum, ok := a.Add(b)
		same(rt, "sum", sum, ok, new(big.Int).Add(x, y))
		diff, ok := a.Sub(b)
		same(rt, "difference", diff, ok, new(big.Int).Sub(x, y))
		product, ok := a.Mul(n)
		same(rt, "product", product, ok, new(big.Int).Mul(x, m))
		same(rt, "64-bit product", Mul64(a.Lo, n), true, new(big.Int).Mul(new(big.Int).SetUint64(a.Lo), m))
		if a.Cmp(b) != x.Cmp(y) || a.Less(b) != (x.Cmp(y) < 0) || a.IsZero() != (x.Sign() == 0) || a.String() != x.String() {
			rt.Fatalf("%v and %v compare as %d", a, b, a.Cmp(b))
		}
		if n == 0 {
			return
		}
		quotient, remainder := a.Div(n)
		q, r := new(big.Int).DivMod(x, m, new(big.Int))
		same(rt, "quotient", quotient, remainder == r.Uint64(), q)
		if r.Sign() > 0 {
			q.Add(q, big.NewInt(1))
		}
		same(rt, "quotient rounded up", a.CeilDiv(n), true, q)
	})
}

func TestWideAtItsEnds(t *testing.T) {
	if _, ok := most.Add(WideOf(1)); ok {
		t.Error("the largest and one more fits")
	}
	if _, ok := (Wide{}).Sub(WideOf(1)); ok {
		t.Error("one less than nought fits")
	}
	if _, ok := most.Mul(2); ok {
		t.Error("twice the largest fits")
	}
	if product, ok := most.Mul(1); !ok || product != most {
		t.Error("once the largest does not fit")
	}
	if q := most.CeilDiv(1); q != most {
		t.Errorf("the largest divided by one is %v", q)
	}
	if q := most.CeilDiv(2); q != (Wide{1 << 63, 0}) {
		t.Errorf("half the largest, rounded up, is %v", q)
	}
	if most.String() != "340282366920938463463374607431768211455" {
		t.Errorf("the largest is written %v", most)
	}
}
