package report

import (
	"math/big"

	"grulden/demurrage"
	"grulden/ledger"
)

// stock follows what all holders have from day to day, in whole grains as the
// fund's identity rounds them: stock + fund + awaiting redemption = reserve.
//
// A day counts with what there is at its end. Between the end of one day and
// the next day's first entry lies the charge; whatever else the entries of a day
// changed beyond the amounts they name is rounding.
type stock struct {
	start     *big.Int     // before the first day of the period
	fund      *big.Int     // the wijkfonds then
	opened    *big.Int     // of the present day, after its charge
	end       *big.Int     // of the last day that is over
	sum       *big.Int     // of the ends of all days
	nominal   ledger.Cents // what the entries of the present day say they changed
	left      *big.Int     // by accounts closed, in the period
	demurrage *big.Int
	rounding  *big.Int
	leftThen  *big.Int // left, when the present day began
}

func newStock() stock {
	return stock{
		start: new(big.Int), fund: new(big.Int), opened: new(big.Int), end: new(big.Int), sum: new(big.Int),
		left: new(big.Int), demurrage: new(big.Int), rounding: new(big.Int), leftThen: new(big.Int),
	}
}

// live brings the pass to a day: it ends every day before, and begins those in
// the period with their charge.
func (f *fold) live(day demurrage.Day) error {
	if !f.begun {
		f.begun, f.today = true, day
		f.period.From = max(f.period.From, day)
		return nil
	}
	if f.today == day {
		return nil
	}
	x := f.state.Head().Index.Extended(day)
	for f.today < day {
		if f.today < f.period.From-1 { // nobody asks for these days
			f.today = min(day, f.period.From-1)
			continue
		}
		if err := f.endDay(x); err != nil {
			return err
		}
		f.today++
		if err := f.beginDay(x); err != nil {
			return err
		}
	}
	return nil
}

func (f *fold) endDay(x *demurrage.Index) error {
	end, err := f.held(x, f.today)
	if err != nil {
		return err
	}
	s := &f.stock
	s.end = end
	if !f.within() {
		s.start = end
		s.fund = new(big.Int).Sub(grains(f.state.Head().Supply()), end)
		return nil
	}
	s.sum.Add(s.sum, end)
	s.rounding.Add(s.rounding, end)
	s.rounding.Sub(s.rounding, s.opened)
	s.rounding.Sub(s.rounding, grains(s.nominal))
	s.rounding.Add(s.rounding, s.left)
	s.rounding.Sub(s.rounding, s.leftThen)
	return nil
}

func (f *fold) beginDay(x *demurrage.Index) (err error) {
	s := &f.stock
	if s.opened, err = f.held(x, f.today); err != nil {
		return err
	}
	s.demurrage.Add(s.demurrage, s.end)
	s.demurrage.Sub(s.demurrage, s.opened)
	s.nominal = 0
	s.leftThen.Set(s.left)
	return nil
}

// held is what all holders have on a day, in grains, rounded up once.
func (f *fold) held(x *demurrage.Index, day demurrage.Day) (*big.Int, error) {
	worth, err := f.state.Head().Holders.Worth(x, day)
	if err != nil {
		return nil, err
	}
	return worth.CeilDiv(demurrage.One).Big(), nil
}

// grains is an amount in grains; it may be negative.
func grains(c ledger.Cents) *big.Int {
	g := big.NewInt(int64(c))
	return g.Mul(g, big.NewInt(ledger.GrainsPerCent))
}
