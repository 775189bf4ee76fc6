package report

import "math/big"

// Verdict is the shortest answer to whether the money goes round.
type Verdict string

// The verdicts. They say what is counted in the period, not why, and not
// whether it will last.
const (
	TooFew Verdict = "toofew" // under fewest people and shops took part, or nothing was paid
	No     Verdict = "no"     // nothing was paid with money that had been paid before
	Partly Verdict = "partly" // some was, less than half
	Yes    Verdict = "yes"    // half or more was
)

// fewest is how many people and shops make a figure say something about a wijk.
const fewest = 10

// Answer says whether the money goes round, and the share of the volume that was
// paid with money that somebody had been paid with before: (V − H₁) / V. In a
// scheme of vouchers, from the desk to a shop and then to the bank, it is nought,
// however large the volume; where all money is paid twice and more often it comes
// near to one. A half means that behind every first payment stands another one.
// Money that got ripe by its age counts as paid before, for the ledger keeps no
// trail of ripe money. The share is nil when nothing was paid.
func (r *Report) Answer() (Verdict, *big.Rat) {
	if r.Volume == 0 {
		return TooFew, nil
	}
	first := new(big.Rat)
	if len(r.ByHop) > 0 {
		first = r.ByHop[0]
	}
	again := new(big.Rat).Sub(ofCents(r.Volume), first)
	again.Quo(again, ofCents(r.Volume))
	switch {
	case r.Participants < fewest:
		return TooFew, again
	case again.Sign() <= 0:
		return No, again
	case again.Cmp(big.NewRat(1, 2)) < 0:
		return Partly, again
	}
	return Yes, again
}
