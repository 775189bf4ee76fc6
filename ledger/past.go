package ledger

import "grulden/demurrage"

// Past is what one account had, carried forward by its own entries alone: for a
// statement of a month that is over. It keeps units and melts-from days, which
// is all that a worth needs, and no trails.
type Past struct {
	id   AccountID
	lots map[LotID]Amount
	pool Amounts
}

// NewPast is an account on the day it was opened.
func NewPast(id AccountID) *Past { return &Past{id: id, lots: make(map[LotID]Amount)} }

// Apply carries the account over one entry. Entries of the account must come
// in their order and none may be left out; others change nothing.
func (p *Past) Apply(e *Entry) error {
	today := e.Moment.Day
	if e.Facts.Debit == p.id {
		if err := p.takeOut(&e.Facts, today); err != nil {
			return err
		}
	}
	if e.Facts.Credit != p.id {
		return nil
	}
	if err := p.pool.settle(today); err != nil {
		return err
	}
	for i, in := range e.Facts.In {
		if in.How != Pooled {
			p.lots[LotID{e.Seq, uint32(i)}] = Amount{in.Melts, in.Units}
		} else if err := p.pool.add(bucket(in.Melts, today), in.Units); err != nil {
			return err
		}
	}
	return nil
}

func (p *Past) takeOut(f *Facts, today demurrage.Day) error {
	if err := p.pool.settle(today); err != nil {
		return err
	}
	for _, id := range f.Ripe {
		if err := p.toPool(id, p.lots[id].Units, today); err != nil {
			return err
		}
	}
	for _, out := range f.Out {
		lot, held := p.lots[out.Lot]
		switch {
		case out.Lot == (LotID{}):
			gone, ok := p.pool.of(out.Melts).Sub(out.Rest)
			if !ok {
				return corrupt("more pool money stays than there was")
			}
			if err := p.pool.sub(out.Melts, gone); err != nil {
				return err
			}
		case !held || lot.Units.Less(out.Rest):
			return corrupt("lot %d.%d leaves an account that has not so much of it", out.Lot.Seq, out.Lot.Part)
		case out.Pooled:
			if err := p.toPool(out.Lot, out.Rest, today); err != nil {
				return err
			}
		case out.Rest.IsZero():
			delete(p.lots, out.Lot)
		default:
			p.lots[out.Lot] = Amount{lot.Melts, out.Rest}
		}
	}
	return nil
}

// toPool lets units of a lot join the pool, and the lot go.
func (p *Past) toPool(id LotID, units demurrage.Wide, today demurrage.Day) error {
	lot, held := p.lots[id]
	if !held {
		return corrupt("lot %d.%d joins the pool of an account that does not have it", id.Seq, id.Part)
	}
	delete(p.lots, id)
	return p.pool.add(bucket(lot.Melts, today), units)
}

// Worth is what the account had at the end of a day on or after the last entry
// applied, in grains × 10¹⁸.
func (p *Past) Worth(x *demurrage.Index, day demurrage.Day) (demurrage.Wide, error) {
	sum, err := p.pool.Worth(x, day)
	for _, lot := range p.lots { // map order does not matter: a sum
		worth, fits := x.Worth(lot.Units, lot.Melts, day)
		total, ok := sum.Add(worth)
		if !fits || !ok {
			return sum, corrupt("the balance of account %d overflows", p.id)
		}
		sum = total
	}
	return sum, err
}
