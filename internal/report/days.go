package report

import (
	"math/big"
	"time"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/ledger"
)

// live brings the fold to a day: it ends every day before, and begins the next
// with its charge.
func (f *fold) live(day demurrage.Day) error {
	if !f.begun {
		f.begun, f.first, f.today = true, day, day
		return nil
	}
	for f.today < day {
		if f.index.Short(f.today + ledger.MaxGrace) {
			f.index = f.index.Extended(f.today + indexAhead)
		}
		end, err := f.endDay()
		if err != nil {
			return err
		}
		f.rows.putEnd(f.today, end)
		if err := f.leaveRows(); err != nil {
			return err
		}
		f.today++
		if err := f.beginDay(end); err != nil {
			return err
		}
		if f.rows.over != nil {
			if err := f.rows.over(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// endDay ends the present day for good.
func (f *fold) endDay() (*ending, error) {
	f.all.settle(f.today)
	end, err := f.look(f.today, f.day, true)
	if err == nil {
		err = f.close(f.day, end)
	}
	return end, err
}

// close adds to the block of a day what there is at its end, and what is rounding.
func (f *fold) close(b *block, end *ending) error {
	b.rounding.Sub(&end.held, &f.opened)
	b.rounding.Sub(&b.rounding, grains(f.nominal))
	b.rounding.Add(&b.rounding, &b.left)
	return b.holds(end)
}

// holds adds what there is at the end of a day.
func (b *block) holds(end *ending) error {
	b.stock.Set(&end.held)
	for role := range end.roles {
		b.heldOf(role).plus(&end.roles[role].held.total)
	}
	for holder, has := range end.has {
		if err := b.deals.add(uint32(holder), cellStock, has); err != nil {
			return err
		}
	}
	return nil
}

// beginDay begins a day that has no entries yet.
func (f *fold) beginDay(before *ending) error {
	opened, err := f.worth(f.today)
	if err != nil {
		return err
	}
	f.opened.Set(opened)
	f.nominal = 0
	f.day.reset()
	f.day.demurrage.Sub(&before.held, opened)
	if f.today.FirstOfMonth() {
		f.made = 0
	}
	clear(f.dropped)
	f.paid, f.parts = f.paid[:0], f.parts[:0]
	return f.day.melts(before)
}

// melts adds what the charge of a day takes of what there was at the end of the day
// before.
func (b *block) melts(before *ending) error {
	for holder, melted := range before.melts {
		if err := b.deals.add(uint32(holder), cellMelted, melted); err != nil {
			return err
		}
	}
	return nil
}

// worth is what all holders have on a day, in grains, rounded up once.
func (f *fold) worth(day demurrage.Day) (*big.Int, error) {
	if f.index == nil {
		return new(big.Int), nil
	}
	worth, err := ledger.Amounts(f.all).Worth(f.index, day)
	return worth.CeilDiv(demurrage.One).Big(), err
}

// supply is what holders and the wijkfonds have together.
func (f *fold) supply() ledger.Cents { return f.issued - f.redeemed - f.escrow }

// ripens counts a lot that became convertible where it lay.
func (f *fold) ripens(b *block, holder uint32, l *lot, day demurrage.Day) error {
	worth, _ := f.index.Worth(l.units, l.melts, day) // fits: the ledger looked
	return b.deals.add(holder, f.ripeCell(l.trail.hops, l.trail.began, day), worth)
}

// ripeCell is where money counts that becomes convertible on a day.
func (f *fold) ripeCell(hops int, issued, day demurrage.Day) cell {
	span := spanOf(int64(day-issued) * secondsPerDay)
	if f.isAged(hops, day) {
		return cellByAge + span
	}
	return cellByHops + span
}

// isAged tells whether money that is convertible on a day is so for its age alone.
func (f *fold) isAged(hops int, day demurrage.Day) bool {
	return hops < int(f.policies.InForce(day).Hops)
}

// monthFrom is the month of a day, the ledger's first one being nought. It is asked
// for all that is held on every day.
func (f *fold) monthFrom(day demurrage.Day) int {
	at := min(max(int(day-f.first), 0), int(f.today-f.first)) // a damaged row may say anything
	for at >= len(f.months) {
		f.months = append(f.months, int(monthOf(f.first+demurrage.Day(len(f.months)))-monthOf(f.first)))
	}
	return f.months[at]
}

// endOf is the instant at which a day of the wijk ends, in seconds.
func endOf(day demurrage.Day) int64 {
	year, month, date := day.Time().Date()
	return time.Date(year, month, date+1, 0, 0, 0, 0, civil.Zone).Unix()
}

// grains is an amount in grains; it may be negative.
func grains(c ledger.Cents) *big.Int {
	g := big.NewInt(int64(c))
	return g.Mul(g, big.NewInt(ledger.GrainsPerCent))
}

const secondsPerDay = 24 * 60 * 60
