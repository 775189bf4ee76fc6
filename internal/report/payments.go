package report

import (
	"errors"
	"math/big"
	"slices"
	"sort"

	"grulden/demurrage"
	"grulden/ledger"
)

// payment is a payment between different owners.
type payment struct {
	seq      uint64
	day      demurrage.Day
	at       int64 // in seconds
	from, to uint32
	end      int // of its parts; they begin where those of the payment before end
}

// part is a piece of a payment, less what was refunded of it.
type part struct {
	since int64
	worth demurrage.Wide
	row   row
}

// pays books a payment. Between two accounts of one owner nothing happened but
// that money lies elsewhere.
func (f *fold) pays(e *ledger.Entry, c ledger.Pay) error {
	from, err := f.purse(c.From)
	if err != nil {
		return err
	}
	to, err := f.purse(c.To)
	if err != nil || e.Facts.Debit != c.From || e.Facts.Credit != c.To {
		return errFacts
	}
	if err := f.leave(e, from, to.owner, c.Amount.Worth()); err != nil {
		return err
	}
	if from.owner == to.owner {
		if from.holder != to.holder {
			err = f.day.deals.add(from.holder, cellOwn+f.roleCell(to.holder), c.Amount.Worth())
		}
		return errors.Join(err, f.arrive(e, to, true))
	}
	from.paid = true
	begin := len(f.parts)
	for _, pool := range []bool{true, false} { // a refund undoes the last first
		for i := range f.moved {
			m := &f.moved[i]
			if (m.trail.last == nil) != pool {
				continue
			}
			for j := 0; j < len(m.pieces); j++ {
				p := &m.pieces[j]
				if n := len(f.parts); j > 0 && f.parts[n-1].since == p.since {
					f.parts[n-1].worth, _ = f.parts[n-1].worth.Add(p.worth) // fits: parts of a payment
					continue
				}
				f.parts = append(f.parts, part{since: p.since, worth: p.worth, row: m.row})
			}
		}
	}
	p := payment{seq: e.Seq, day: f.today, at: f.at, from: from.holder, to: to.holder, end: len(f.parts)}
	f.paid = append(f.paid, p)
	if err := f.count(f.day, &p, f.parts[begin:], c.Amount, 1); err != nil {
		return err
	}
	return f.arrive(e, to, false)
}

// roleCell is the role of a holder, added to a cell.
func (f *fold) roleCell(holder uint32) cell { return min(cell(f.holders[holder].role), maxRoles-1) }

// count adds parts of a payment to a block: what was paid, or what refunds dropped
// of it.
func (f *fold) count(b *block, p *payment, parts []part, amount ledger.Cents, payments uint64) error {
	lay := b.layOf(f.holders[p.from].role)
	var errs error
	for i := range parts {
		q := &parts[i]
		seconds := p.at - q.since
		lay.add(q.worth, seconds)
		b.exact.add(q.worth, seconds)
		errs = firstOf(errs, b.deals.add(p.from, cellRow+cell(q.row), q.worth))
		errs = firstOf(errs, b.deals.add(p.to, cellGot+cell(q.row), q.worth))
		span := spanOf(seconds)
		errs = firstOf(errs, b.deals.add(p.from, cellEnded+span, q.worth))
		errs = firstOf(errs, b.deals.add(p.to, cellGotAfter+span, q.worth))
	}
	b.edges = append(b.edges, edge{p.from, p.to, amount, int(payments)})
	errs = firstOf(errs, b.deals.add(p.from, cellTo+f.roleCell(p.to), amount.Worth()))
	errs = firstOf(errs, b.deals.add(p.to, cellReceived, amount.Worth()))
	errs = firstOf(errs, b.deals.add(p.from, cellPayments, demurrage.WideOf(payments)))
	return firstOf(errs, b.deals.add(p.to, cellReceipts, demurrage.WideOf(payments)))
}

// refunds drops both legs: the payment loses the part that came back, and what
// came back has lain at the customer as if it had never left.
func (f *fold) refunds(e *ledger.Entry, c ledger.Refund) error {
	shop, err := f.purse(e.Facts.Debit)
	if err != nil {
		return err
	}
	customer, err := f.purse(e.Facts.Credit)
	if err != nil {
		return err
	}
	seq, err := f.find(c.Of)
	if err != nil || seq == 0 {
		return errors.Join(errFacts, err)
	}
	amount := e.Facts.Amount
	if err := f.leave(e, shop, 0, amount.Worth()); err != nil {
		return err
	}
	p, parts, err := f.payment(seq)
	if err != nil {
		return err
	}
	if p == nil { // between two accounts of one owner
		if shop.owner != customer.owner {
			return errRows // it is one that counts: its row is gone
		}
		if shop.holder != customer.holder {
			err = f.day.deals.add(shop.holder, cellOwn+f.roleCell(customer.holder), amount.Worth())
		}
		return errors.Join(err, f.arrive(e, customer, true))
	}
	gone, whole := drop(parts, amount.Worth())
	if !whole {
		return errFacts
	}
	b := f.dropped[p.day]
	if b == nil {
		b = new(block)
		f.dropped[p.day] = b
	}
	all := uint64(1)
	if slices.ContainsFunc(parts, func(q part) bool { return !q.worth.IsZero() }) {
		all = 0
	}
	err = errors.Join(f.count(b, p, gone, amount, all), b.deals.add(p.from, cellRefunded, amount.Worth()))
	if err == nil && p.day < f.today { // of today's the row is still to be written
		err = f.rows.refunded(p, parts)
	}
	if err != nil {
		return err
	}
	back := make([]piece, len(gone))
	for i, q := range gone {
		back[i] = piece{since: q.since, worth: q.worth}
	}
	for i := range f.moved {
		f.moved[i].lie, back = split(back, f.moved[i].worth)
	}
	return f.arrive(e, customer, true)
}

// payment finds a payment by the entry that made it, and what refunds left of it;
// nil for one that does not count.
func (f *fold) payment(seq uint64) (*payment, []part, error) {
	i := sort.Search(len(f.paid), func(i int) bool { return f.paid[i].seq >= seq })
	if i < len(f.paid) && f.paid[i].seq == seq {
		begin := 0
		if i > 0 {
			begin = f.paid[i-1].end
		}
		return &f.paid[i], f.parts[begin:f.paid[i].end], nil
	}
	return f.rows.payment(seq)
}

// drop takes a worth off the parts of a payment, from the last one on, and gives
// what it took. It reports whether the payment had that much left.
func drop(parts []part, worth demurrage.Wide) (dropped []part, whole bool) {
	for j := len(parts) - 1; j >= 0 && !worth.IsZero(); j-- {
		p := &parts[j]
		taken := *p
		if worth.Less(taken.worth) {
			taken.worth = worth
		}
		if !taken.worth.IsZero() {
			dropped = append(dropped, taken)
		}
		p.worth, _ = p.worth.Sub(taken.worth)
		worth, _ = worth.Sub(taken.worth)
	}
	return dropped, worth.IsZero()
}

// mean is Σ(worth × days) / Σ worth, nil for none.
func (a *ageSum) mean() *big.Rat {
	divisor := a.total.big()
	return ratio(a.products.big(), divisor.Mul(divisor, big.NewInt(secondsPerDay)))
}

// ratio is a / b, nil if b is nought.
func ratio(a, b *big.Int) *big.Rat {
	if b.Sign() == 0 {
		return nil
	}
	return new(big.Rat).SetFrac(a, b)
}

// ofGrains, ofWorth and ofCents are amounts in Grulden.
func ofGrains(g *big.Int) *big.Rat { return new(big.Rat).SetFrac(g, grains(100)) }

func ofWorth(w *sum) *big.Rat {
	return new(big.Rat).SetFrac(w.big(), ledger.Cents(100).Worth().Big())
}

func ofCents(c ledger.Cents) *big.Rat { return big.NewRat(int64(c), 100) }
