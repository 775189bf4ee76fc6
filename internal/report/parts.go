package report

import (
	"errors"
	"slices"

	"grulden/demurrage"
	"grulden/ledger"
)

// piece is worth that came to its holder at one time.
type piece struct {
	since int64 // in seconds
	worth demurrage.Wide
}

// movement is a part that leaves its holder by an entry: from one lot, or from
// the pool amount of one melts-from day.
type movement struct {
	lot    ledger.LotID // nought for pool money
	melts  demurrage.Day
	row    row
	worth  demurrage.Wide
	pieces []piece // they add up to worth
}

// row is where a part is counted in the volume: under the number of its counted
// transaction, 1 and up, or under one of the names below.
type row uint8

const (
	rowConvertible row = iota
	rowReturned        = row(ledger.MaxHops) + iota
	rowSameDay
	rowCount
)

// rowOf tells what a payment to another owner is to a lot (the five-transaction
// rule of SPEC.md). The facts say so too, but not of a part that becomes
// convertible by arriving.
func rowOf(l *ledger.Lot, to ledger.OwnerID, today demurrage.Day) row {
	for i := range l.Trail {
		if l.Trail[i].Owner == to {
			return rowReturned
		}
	}
	if l.Hops() > 0 && l.Since() == today {
		return rowSameDay
	}
	return row(l.Hops() + 1)
}

// leave finds what an entry takes from the account it debits. The state is
// still that of before.
func (f *fold) leave(e *ledger.Entry) error {
	f.moved, f.arena = f.moved[:0], f.arena[:0]
	if len(e.Facts.Ripe)+len(e.Facts.Out) == 0 {
		return nil
	}
	h, err := f.state.Holding(e.Facts.Debit)
	if err != nil || h == nil {
		return errors.Join(errFacts, err)
	}
	q := f.pool(h.Account.ID)
	for _, id := range e.Facts.Ripe {
		l := lotOf(h, id)
		if l == nil {
			return errFacts
		}
		q.add(arrival{f.heldSince(id), l.Melts, l.Units})
		delete(f.since, id)
	}
	to, need, err := f.aim(e)
	if err != nil {
		return err
	}
	for i := range e.Facts.Out {
		var m movement
		if out := &e.Facts.Out[i]; out.Lot == (ledger.LotID{}) {
			m, err = f.leavePool(h, e, out, need)
		} else {
			m, err = f.leaveLot(h, out, need, to)
		}
		if err != nil {
			return err
		}
		f.moved = append(f.moved, m)
		need, _ = need.Sub(m.worth) // a part is never worth more than is needed
	}
	if _, closing := e.Command.(ledger.Close); !need.IsZero() && !closing {
		return errFacts
	}
	return nil
}

// aim is whom an entry pays, if it is a payment, and how much it takes.
func (f *fold) aim(e *ledger.Entry) (to ledger.OwnerID, need demurrage.Wide, err error) {
	switch c := e.Command.(type) {
	case ledger.Pay:
		a, err := f.state.Account(c.To)
		if err != nil || a == nil {
			return 0, need, errors.Join(errFacts, err)
		}
		return a.Owner, c.Amount.Worth(), nil
	case ledger.Refund:
		return 0, e.Facts.Amount.Worth(), nil
	case ledger.Redeem:
		return 0, c.Amount.Worth(), nil
	case ledger.Close: // all there is: less than a cent
		return 0, ledger.Cents(1).Worth(), nil
	}
	return 0, need, errFacts
}

// leaveLot is a lot that leaves, in whole or as much of it as is needed.
func (f *fold) leaveLot(h *ledger.Holding, out *ledger.Out, need demurrage.Wide, to ledger.OwnerID) (movement, error) {
	l := lotOf(h, out.Lot)
	if l == nil {
		return movement{}, errFacts
	}
	since := f.heldSince(l.ID)
	m := movement{lot: l.ID, melts: l.Melts, row: rowOf(l, to, f.today)}
	var ok bool
	if m.worth, ok = f.taken(l.Units, l.Melts, out, need); !ok {
		return m, errFacts
	}
	if out.Pooled {
		f.pool(h.Account.ID).add(arrival{since, l.Melts, out.Rest})
	}
	if out.Pooled || out.Rest.IsZero() {
		delete(f.since, l.ID)
	}
	m.pieces = f.pieces(piece{since, m.worth})
	return m, nil
}

// leavePool is pool money of one melts-from day that leaves, in whole or as
// much of it as is needed: what came first goes first.
func (f *fold) leavePool(h *ledger.Holding, e *ledger.Entry, out *ledger.Out, need demurrage.Wide) (movement, error) {
	m := movement{melts: out.Melts, row: rowConvertible}
	before := poolUnits(h, e, out.Melts)
	var ok bool
	if m.worth, ok = f.taken(before, out.Melts, out, need); !ok {
		return m, errFacts
	}
	units, _ := before.Sub(out.Rest)
	index := f.state.Head().Index.At(max(out.Melts, f.today))
	begin := len(f.arena)
	q := f.pool(h.Account.ID)
	oldest := q.oldest(out.Melts, f.today)
	q.take(out.Melts, f.today, units, func(a arrival) {
		worth, _ := a.units.Mul(index) // fits: no more than all of them
		f.arena = append(f.arena, piece{a.since, worth})
	})
	if len(f.arena) == begin { // less than one unit's worth was needed
		f.arena = append(f.arena, piece{since: oldest})
	}
	m.pieces = f.arena[begin:len(f.arena):len(f.arena)]
	settle(m.pieces, m.worth)
	return m, nil
}

// taken is the worth of what leaves of some units: all of it, or if something
// stays what is needed. It reports whether the rest is what the rules leave.
func (f *fold) taken(units demurrage.Wide, melts demurrage.Day, out *ledger.Out, need demurrage.Wide) (demurrage.Wide, bool) {
	x := f.state.Head().Index
	worth, fits := x.Worth(units, melts, f.today)
	if !fits {
		return worth, false
	}
	if out.Rest.IsZero() {
		return worth, !need.Less(worth)
	}
	stays, ok := worth.Sub(need)
	return need, ok && x.Units(stays, melts, f.today) == out.Rest
}

// settle gives the last of the pieces what they lack to a worth: the rest of a
// split is rounded to units, what is taken is exact.
func settle(pieces []piece, worth demurrage.Wide) {
	last := len(pieces) - 1
	for _, p := range pieces[:last] {
		worth, _ = worth.Sub(p.worth)
	}
	pieces[last].worth = worth
}

// pieces puts one piece into the arena.
func (f *fold) pieces(p piece) []piece {
	n := len(f.arena)
	f.arena = append(f.arena, p)
	return f.arena[n : n+1 : n+1]
}

// poolUnits is what an account has of one melts-from day in its pool, with the
// lots that the entry says are ripe.
func poolUnits(h *ledger.Holding, e *ledger.Entry, melts demurrage.Day) (sum demurrage.Wide) {
	today := e.Moment.Day
	for _, a := range h.Account.Pool {
		if bucket(a.Melts, today) == melts {
			sum, _ = sum.Add(a.Units) // fits: the ledger added them up
		}
	}
	for _, id := range e.Facts.Ripe {
		if l := lotOf(h, id); bucket(l.Melts, today) == melts {
			sum, _ = sum.Add(l.Units)
		}
	}
	return sum
}

// bucket is the melts-from day under which the ledger adds up pool money.
func bucket(melts, today demurrage.Day) demurrage.Day {
	if melts <= today {
		return ledger.Charged
	}
	return melts
}

func lotOf(h *ledger.Holding, id ledger.LotID) *ledger.Lot {
	i := slices.IndexFunc(h.Lots, func(l *ledger.Lot) bool { return l.ID == id })
	if i < 0 {
		return nil
	}
	return h.Lots[i]
}

// heldSince is when a lot came to its holder.
func (f *fold) heldSince(id ledger.LotID) int64 {
	if since, ok := f.since[id]; ok {
		return since
	}
	return f.times[id.Seq-1]
}

// arrive books what an entry brought: since now, or if it carries money that
// never really left its holder, since that lay there.
func (f *fold) arrive(e *ledger.Entry, carried []movement) {
	for i := range e.Facts.In {
		in := &e.Facts.In[i]
		if in.How == ledger.Pooled {
			f.arrivePool(e, in, carried)
			continue
		}
		for j := range carried {
			if carried[j].lot == in.Lot {
				f.since[ledger.LotID{Seq: e.Seq, Part: uint32(i)}] = carried[j].pieces[0].since
				break
			}
		}
	}
}

// arrivePool adds pool money to the receiver's by the times since when it lay.
func (f *fold) arrivePool(e *ledger.Entry, in *ledger.In, carried []movement) {
	q := f.pool(e.Facts.Credit)
	left := in.Units
	i := slices.IndexFunc(carried, func(m movement) bool { return m.lot == ledger.LotID{} && m.melts == in.Melts })
	if i < 0 {
		q.add(arrival{e.Moment.At.Sec, in.Melts, left})
		return
	}
	index := f.state.Head().Index.At(max(in.Melts, f.today))
	pieces := carried[i].pieces
	for _, p := range pieces[:len(pieces)-1] {
		units, _ := p.worth.Div(index)
		left, _ = left.Sub(units) // fits: all of them came from no more
		q.add(arrival{p.since, in.Melts, units})
	}
	q.add(arrival{pieces[len(pieces)-1].since, in.Melts, left})
}

func (f *fold) pool(id ledger.AccountID) *queue {
	q := f.pools[id]
	if q == nil {
		q = new(queue)
		f.pools[id] = q
	}
	return q
}

// keep copies movements that outlive their entry.
func keep(moved []movement) []movement {
	kept := slices.Clone(moved)
	for i := range kept {
		kept[i].pieces = slices.Clone(kept[i].pieces)
	}
	return kept
}

// split takes a worth from the front of pieces.
func split(pieces []piece, worth demurrage.Wide) (front, rest []piece) {
	for i := range pieces {
		left, ok := worth.Sub(pieces[i].worth)
		if ok && !left.IsZero() {
			worth = left
			continue
		}
		front = slices.Clone(pieces[:i+1])
		rest = pieces[i:]
		front[i].worth = worth
		if rest[0].worth, _ = rest[0].worth.Sub(worth); rest[0].worth.IsZero() {
			rest = rest[1:]
		}
		return front, rest
	}
	return pieces, nil
}
