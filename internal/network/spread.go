package network

import (
	"math/big"
	"slices"
)

// Gini tells how unequal amounts are, all of them at least nought: nought when
// all are the same, nearly one when a single one has everything. With the
// amounts x in order, the first the smallest,
//
//	G = 2·Σ i·x_i / (n·Σ x_i) − (n+1)/n
//
// It is nil when there is nothing to divide. The figure means little without
// saying whose amounts they are: those with nothing weigh heavily.
func Gini(amounts []*big.Rat) *big.Rat {
	sorted := slices.Clone(amounts)
	slices.SortFunc(sorted, (*big.Rat).Cmp)
	sum, weighted, term := new(big.Rat), new(big.Rat), new(big.Rat)
	for i, x := range sorted {
		sum.Add(sum, x)
		weighted.Add(weighted, term.Mul(x, big.NewRat(2*int64(i+1), 1)))
	}
	if sum.Sign() == 0 {
		return nil
	}
	n := int64(len(sorted))
	weighted.Quo(weighted, sum.Mul(sum, big.NewRat(n, 1)))
	return weighted.Sub(weighted, big.NewRat(n+1, n))
}

// Concentration is in how few hands a sum ends. Shares are nil when there is
// nothing.
type Concentration struct {
	Hands   int      // that got something
	Largest *big.Rat // the share of the largest
	Three   *big.Rat // of the three largest
	HHI     *big.Rat // the sum of the squared shares (Herfindahl and Hirschman): one for a single hand
}

// Concentrated tells how concentrated amounts are, all of them at least nought.
func Concentrated(amounts []*big.Rat) Concentration {
	sorted := slices.Clone(amounts)
	slices.SortFunc(sorted, func(a, b *big.Rat) int { return b.Cmp(a) })
	sum := new(big.Rat)
	for _, x := range sorted {
		sum.Add(sum, x)
	}
	if sum.Sign() == 0 {
		return Concentration{}
	}
	c := Concentration{Largest: new(big.Rat), Three: new(big.Rat), HHI: new(big.Rat)}
	for i, x := range sorted {
		part := new(big.Rat).Quo(x, sum)
		c.Hands += x.Sign()
		if i == 0 {
			c.Largest.Set(part)
		}
		if i < 3 {
			c.Three.Add(c.Three, part)
		}
		c.HHI.Add(c.HHI, part.Mul(part, part))
	}
	return c
}
