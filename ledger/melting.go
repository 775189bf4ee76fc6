package ledger

import "grulden/demurrage"

// Melting is what comes off a holding on the first charge day that takes
// anything, and how that can be prevented.
type Melting struct {
	Day  demurrage.Day
	Loss demurrage.Wide // in grains × 10¹⁸, if nothing is spent before
	// Spend is the least amount that, paid before Day, lets that day take
	// nothing. Where it is all that is shown, less than a cent may stay and melt.
	Spend Cents
}

// MeltingOf finds what melts first of a holding; ok is false when nothing does.
// Until its Day the answer stays the same if nothing is paid or received.
func MeltingOf(head *Head, h *Holding, today demurrage.Day) (m Melting, ok bool, err error) {
	p, err := purseOf(head, h, today)
	if err != nil || head.Index == nil {
		return m, false, err
	}
	first := demurrage.MaxDay
	line := p.spendingLine(p.policy().MayRedeem(h.Account.Role))
	for part := range line {
		first = min(first, part.melts)
	}
	if first == demurrage.MaxDay {
		return m, false, nil
	}
	day, found := head.Index.NextCharge(max(today, first))
	if !found {
		return m, false, nil
	}
	m.Day = day
	var before, spend, loss demurrage.Wide // of the line so far; up to the last part that melts; what comes off
	for part := range line {
		now, fits := head.Index.Worth(part.units, part.melts, today)
		then, fitsThen := head.Index.Worth(part.units, part.melts, day)
		sum, okSum := before.Add(now)
		less, okLess := now.Sub(then)
		total, okTotal := loss.Add(less)
		if !fits || !fitsThen || !okSum || !okLess || !okTotal {
			return m, false, corrupt("the balance of account %d overflows", h.Account.ID)
		}
		before, loss = sum, total
		if !less.IsZero() {
			spend = sum
		}
	}
	m.Loss = loss
	m.Spend = min(ceilCents(spend), ShownCents(before))
	return m, !loss.IsZero(), nil
}

// ceilCents is a worth in cents, rounded up.
func ceilCents(worth demurrage.Wide) Cents {
	return Cents(worth.CeilDiv(demurrage.One).CeilDiv(GrainsPerCent).Lo)
}
