package report

import (
	"math/big"

	"grulden/ledger"
)

// fill works out the figures of one number.
func (r *Report) fill(f *fold) error {
	d := r.data
	sums := &d.total.totals
	var err error
	for _, x := range []struct {
		to   *ledger.Cents
		from []cell
		less []cell
	}{
		{&r.Issued, []cell{cellIssued}, nil},
		{&r.Granted, []cell{cellGranted}, nil},
		{&r.Requested, []cell{cellAsked}, nil},
		{&r.Rejected, []cell{cellRejected}, nil},
		{&r.PaidOut, []cell{cellPaidOut}, []cell{cellReturned}},
		{&r.Fees, []cell{cellFees}, []cell{cellUnfeed}},
		{&r.Volume, []cell{cellReceived}, nil},
	} {
		*x.to = 0
		for _, c := range x.from {
			n, problem := cents(sums.all(c))
			*x.to, err = *x.to+n, firstOf(err, problem)
		}
		for _, c := range x.less {
			n, problem := cents(sums.all(c))
			*x.to, err = *x.to-n, firstOf(err, problem)
		}
	}
	r.Waiting = d.end.escrow
	r.stocks()
	r.count()
	r.hops(int(f.policies.InForce(r.Period.To).Hops))
	var lay ageSum
	for role := range d.total.lay {
		lay.plus(&d.total.lay[role])
	}
	lies := d.end.lies()
	r.HoldingMean, r.RedeemedAge, r.HeldAge = lay.mean(), d.total.redeemed.mean(), lies.mean()
	r.Velocity = ratio(new(big.Int).Mul(grains(r.Volume), big.NewInt(365)), &d.total.stock)
	r.ShareRedeemed = ratio(grains(r.PaidOut), grains(r.Issued))
	if r.Multiplier = ratio(grains(r.Volume), grains(r.Issued)); r.Multiplier != nil {
		r.Multiplier.Add(r.Multiplier, big.NewRat(1, 1))
	}
	return err
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// stocks are the figures of what there was.
func (r *Report) stocks() {
	d, b := r.data, r.data.total
	r.StockStart, r.StockEnd = ofGrains(&d.start.held), ofGrains(&d.end.held)
	r.StockMean = ofGrains(&b.stock)
	r.StockMean.Quo(r.StockMean, whole(r.Period.Days()))
	r.Demurrage, r.Left, r.Rounding = ofGrains(&b.demurrage), ofGrains(&b.left), ofGrains(&b.rounding)
	r.FundStart = ofGrains(new(big.Int).Sub(grains(d.start.supply), &d.start.held))
	r.FundEnd = ofGrains(new(big.Int).Sub(grains(d.end.supply), &d.end.held))
}

// count counts payments and who made them.
func (r *Report) count() {
	d := r.data
	r.Payments = int(d.total.totals.all(cellPayments)[0])
	r.Payers, r.Receivers = d.did(&d.total.deals, cellPayments).size(), d.did(&d.total.deals, cellReceipts).size()
	r.Participants = d.did(&d.total.deals, cellPayments, cellReceipts).size()
}

// hops are the rows that the volume is made of, up to the hops that a policy asks.
func (r *Report) hops(last int) {
	value := func(of row) *big.Rat {
		worth := r.data.total.totals.all(cellRow + cell(of))
		return ofWorth(&worth)
	}
	r.Convertible, r.Returned, r.SameDay = value(rowConvertible), value(rowReturned), value(rowSameDay)
	for k := 1; k <= ledger.MaxHops; k++ {
		if v := value(row(k)); k <= last || v.Sign() != 0 { // under an earlier policy
			for len(r.ByHop) < k-1 {
				r.ByHop = append(r.ByHop, new(big.Rat))
			}
			r.ByHop = append(r.ByHop, v)
		}
	}
}
