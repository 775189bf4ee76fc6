package policy

import (
	"errors"
	"slices"

	"grulden/demurrage"
	"grulden/ledger"
)

// Way is how far money was on its way to euros when it was paid: for the 1st to
// the last counted time, or one of the names below.
type Way uint8

// The ways that are no counted transaction, as in a report.
const (
	WayConvertible Way = 0                       // it could become euros already
	WayReturned        = Way(ledger.MaxHops) + 1 // back where it had been
	WaySameDay         = WayReturned + 1         // a second time on one day
	wayCount           = WaySameDay + 1
)

// Hops are what the volume of the period is made of, and what became convertible
// in it, in grains × 10¹⁸.
type Hops struct {
	Paid   [wayCount]demurrage.Wide
	Late   ledger.Cents   // refunded of payments from before the period: not taken off Paid
	ByHops demurrage.Wide // became convertible by its hops, with its worth on that day
	ByAge  demurrage.Wide // and for its age alone
}

// errHops says that an entry does not fit the world that counts it.
var errHops = errors.New("an entry moves money that is not there")

// portion is a piece of a payment, less what was refunded of it.
type portion struct {
	way   Way
	worth demurrage.Wide
}

// paidBy counts what a payment to another owner is made of.
func (w *World) paidBy(e *ledger.Entry, c ledger.Pay, to ledger.OwnerID) error {
	h, err := w.state.Holding(c.From)
	if err != nil {
		return err
	}
	portions := make([]portion, 0, len(e.Facts.Out))
	need := c.Amount.Worth()
	for i := range e.Facts.Out {
		p, err := w.portion(h, e, &e.Facts.Out[i], to, need)
		if err != nil {
			return err
		}
		need, _ = need.Sub(p.worth) // fits: it is no more
		if err := plus(&w.whole.Hops.Paid[p.way], p.worth); err != nil {
			return err
		}
		portions = append(portions, p)
	}
	slices.SortStableFunc(portions, func(a, b portion) int { // a refund undoes the last first
		return convertibleFirst(a) - convertibleFirst(b)
	})
	w.portions[c.ID] = portions
	return nil
}

func convertibleFirst(p portion) int {
	if p.way == WayConvertible {
		return 0
	}
	return 1
}

// portion is a part that a payment takes: a lot, or pool money of one melts-from
// day, all of it or what is needed.
func (w *World) portion(h *ledger.Holding, e *ledger.Entry, out *ledger.Out, to ledger.OwnerID, need demurrage.Wide) (portion, error) {
	today, head := e.Moment.Day, w.state.Head()
	units, melts := pooled(h, e, out.Melts), out.Melts
	lot := lotOf(h, out.Lot)
	if lot != nil {
		units, melts = lot.Units, lot.Melts
	}
	p := portion{worth: need}
	if out.Rest.IsZero() {
		worth, fits := head.Index.Worth(units, melts, today)
		if !fits || need.Less(worth) {
			return p, errHops
		}
		p.worth = worth
	}
	if lot == nil {
		return p, nil
	}
	hops, since := lot.Hops(), lot.Since()
	switch {
	case slices.ContainsFunc(lot.Trail, func(s ledger.Stop) bool { return s.Owner == to }):
		p.way = WayReturned
	case hops > 0 && since == today:
		p.way = WaySameDay
	default:
		hops, since = hops+1, today
		p.way = Way(hops)
	}
	if head.Policies.Ripe(hops, lot.Issued(), since) <= today {
		return p, w.ripens(&w.whole.Hops, hops, p.worth, today)
	}
	return p, nil
}

// lotOf finds a lot in a holding; nil for none.
func lotOf(h *ledger.Holding, id ledger.LotID) *ledger.Lot {
	if i := slices.IndexFunc(h.Lots, func(l *ledger.Lot) bool { return l.ID == id }); i >= 0 {
		return h.Lots[i]
	}
	return nil
}

// pooled is the pool money of one melts-from day, with the lots that join it now.
func pooled(h *ledger.Holding, e *ledger.Entry, melts demurrage.Day) (sum demurrage.Wide) {
	mine := func(m demurrage.Day) bool { return m == melts || melts == ledger.Charged && m <= e.Moment.Day }
	for _, a := range h.Account.Pool {
		if mine(a.Melts) {
			sum, _ = sum.Add(a.Units) // fits: they are at one holder
		}
	}
	for _, l := range h.Lots {
		if mine(l.Melts) && slices.Contains(e.Facts.Ripe, l.ID) {
			sum, _ = sum.Add(l.Units)
		}
	}
	return sum
}

// undone takes a refund off the payment it is of.
func (w *World) undone(of ledger.ID, amount ledger.Cents) error {
	portions, counted := w.portions[of]
	if !counted {
		w.whole.Hops.Late += amount
		return nil
	}
	worth := amount.Worth()
	for i := len(portions) - 1; i >= 0 && !worth.IsZero(); i-- {
		p := &portions[i]
		gone := p.worth
		if worth.Less(gone) {
			gone = worth
		}
		paid := &w.whole.Hops.Paid[p.way]
		worth, _ = worth.Sub(gone) // these three fit: it is no more
		p.worth, _ = p.worth.Sub(gone)
		*paid, _ = paid.Sub(gone)
	}
	if !worth.IsZero() {
		return errHops
	}
	return nil
}

// joined counts the lots that an entry finds to have become convertible where
// they lay.
func (w *World) joined(e *ledger.Entry) error {
	if len(e.Facts.Ripe) == 0 {
		return nil
	}
	h, err := w.state.Holding(e.Facts.Debit)
	if err != nil {
		return err
	}
	for _, id := range e.Facts.Ripe {
		l := lotOf(h, id)
		if l == nil {
			return errHops
		}
		if err := w.ripened(&w.whole.Hops, l, e.Moment.Day); err != nil {
			return err
		}
	}
	return nil
}

// ripened counts a lot that became convertible where it lies, on the day on which
// it did, if that is in the period.
func (w *World) ripened(to *Hops, l *ledger.Lot, until demurrage.Day) error {
	head := w.state.Head()
	day, ok := head.Policies.RipeDay(l)
	if !ok || day < w.from || day > until {
		return nil
	}
	worth, fits := head.Index.Worth(l.Units, l.Melts, day)
	if !fits {
		return errHops
	}
	return w.ripens(to, l.Hops(), worth, day)
}

// ripens adds money that becomes convertible on a day.
func (w *World) ripens(to *Hops, hops int, worth demurrage.Wide, day demurrage.Day) error {
	if hops < int(w.state.Head().Policies.InForce(day).Hops) {
		return plus(&to.ByAge, worth)
	}
	return plus(&to.ByHops, worth)
}

// plus adds to a sum.
func plus(sum *demurrage.Wide, worth demurrage.Wide) (err error) {
	var fits bool
	if *sum, fits = sum.Add(worth); !fits {
		err = errHops
	}
	return err
}

// lying are the hops with what became convertible up to a day and still lies
// where it did.
func (w *World) lying(until demurrage.Day) (Hops, error) {
	all := w.whole.Hops
	return all, w.state.Accounts(func(h *ledger.Holding) error {
		for _, l := range h.Lots {
			if err := w.ripened(&all, l, until); err != nil {
				return err
			}
		}
		return nil
	})
}
