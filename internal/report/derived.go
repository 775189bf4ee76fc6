package report

import (
	"math/big"

	"grulden/ledger"
)

// derivedLines are figures that others work out from the counted ones, so that the
// ledger can be held against them. Each says by which convention.
func (r *Report) derivedLines() []Line {
	volume, issued := ofCents(r.Volume), ofCents(r.Issued)
	days := big.NewRat(int64(r.Period.Days()), 1)
	stock := new(big.Rat).Mul(r.StockMean, days)
	year := big.NewRat(365, 1)

	var inverse, effective *big.Rat
	if r.HoldingMean != nil {
		inverse = over(year, r.HoldingMean)
		effective = over(new(big.Rat).Mul(volume, r.HoldingMean), days)
	}
	redeemed := ofCents(r.PaidOut + r.Fees)
	left := new(big.Rat).Add(volume, redeemed)
	return []Line{
		r.line("velocity_income", yearly, over(new(big.Rat).Mul(r.sales(), year), stock)),
		r.line("inverse_velocity", yearly, inverse),
		r.line("effective_stock", money, effective),
		r.line("effective_share", percent, over(effective, r.StockMean)),
		r.line("moved_share", percent, r.movedShare()),
		r.line("lm3", times, over(r.firstHops(issued), issued)),
		r.line("pass_on", percent, over(volume, left)),
		r.line("leakage", times, over(left, redeemed)),
		r.line("demurrage_yield", percent, over(new(big.Rat).Mul(r.Demurrage, year), stock)),
	}
}

// sales are what shops got in payments.
func (r *Report) sales() *big.Rat { return r.added(r.data.total, r.role(shopRole), cellReceived).Value }

// firstHops is a sum with the values that made their first and second hop.
func (r *Report) firstHops(sum *big.Rat) *big.Rat {
	sum = new(big.Rat).Set(sum)
	for _, value := range r.ByHop[:min(2, len(r.ByHop))] {
		sum.Add(sum, value)
	}
	return sum
}

// movedShare is what of the money held at the end was ever paid. Of money that ripened
// by its age nobody knows: it is on neither side.
func (r *Report) movedShare() *big.Rat {
	cells := &r.data.end.cells
	moved := new(big.Rat).Set(heldBy(&cells[cellByHop]).Value)
	for k := cell(1); k <= ledger.MaxHops; k++ {
		moved.Add(moved, heldBy(&cells[cellLife+k]).Value)
	}
	return over(moved, new(big.Rat).Add(moved, heldBy(&cells[cellLife]).Value))
}
