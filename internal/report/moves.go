package report

import (
	"slices"

	"grulden/demurrage"
	"grulden/ledger"
)

// piece is worth that came to its holder at one time.
type piece struct {
	since int64 // in seconds
	worth demurrage.Wide
	origin
}

// movement is a part that leaves its holder by an entry: from one lot, or from
// the pool amount of one melts-from day.
type movement struct {
	lot    ledger.LotID // nought for pool money
	trail  trail        // none for pool money
	melts  demurrage.Day
	lands  demurrage.Day // the pool amount that it becomes a part of
	pooled bool          // it becomes, or is, a part of one
	row    row
	worth  demurrage.Wide
	pieces []piece // they add up to worth
	lie    []piece // as it is to lie at whom it comes back to; nil: as it lay
}

// lies is since when the parts of what is carried are to lie.
func (m *movement) lies() []piece {
	if m.lie != nil {
		return m.lie
	}
	return m.pieces
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

// leave finds what an entry takes from the account it debits, which pays somebody
// (nought: nobody).
func (f *fold) leave(e *ledger.Entry, p *purse, to ledger.OwnerID, need demurrage.Wide) error {
	f.moved, f.arena = f.moved[:0], f.arena[:0]
	p.pool.settle(f.today)
	f.all.settle(f.today)
	for _, id := range e.Facts.Ripe {
		i := p.lot(id)
		if i < 0 {
			return errFacts
		}
		l := &p.lots[i]
		if !l.aged {
			if err := f.ripens(f.day, p.holder, l, f.today); err != nil {
				return err
			}
		}
		f.pools(p, l, l.units)
		p.drop(i)
	}
	for i := range e.Facts.Out {
		var m movement
		var err error
		if out := &e.Facts.Out[i]; out.Lot == (ledger.LotID{}) {
			m, err = f.leavePool(p, out, need)
		} else {
			m, err = f.leaveLot(p, out, need, to)
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

// pools puts units of a lot into its account's pool.
func (f *fold) pools(p *purse, l *lot, units demurrage.Wide) {
	hops := l.trail.hops
	from := origin{issued: l.trail.began, hops: uint8(hops), aged: f.isAged(hops, f.today)}
	p.pool.add(arrival{bucket(l.melts, f.today), l.since, units, from})
}

// leaveLot is a lot that leaves, in whole or as much of it as is needed.
func (f *fold) leaveLot(p *purse, out *ledger.Out, need demurrage.Wide, to ledger.OwnerID) (movement, error) {
	i := p.lot(out.Lot)
	if i < 0 {
		return movement{}, errFacts
	}
	l := &p.lots[i]
	m := movement{lot: l.id, trail: l.trail, melts: l.melts}
	var ok bool
	if m.worth, ok = f.taken(l.units, l.melts, out, need); !ok {
		return m, errFacts
	}
	gone, ok := l.units.Sub(out.Rest)
	if !ok || !f.all.sub(bucket(l.melts, f.today), gone) {
		return m, errFacts
	}
	f.lands(&m, to)
	m.pieces = f.pieces(piece{l.since, m.worth, origin{issued: l.trail.began, hops: uint8(l.trail.hops)}})
	switch {
	case out.Pooled:
		f.pools(p, l, out.Rest)
		p.drop(i)
	case out.Rest.IsZero():
		p.drop(i)
	default:
		l.units = out.Rest
	}
	return m, nil
}

// lands tells what a payment to another owner is to a lot (the five-transaction
// rule of SPEC.md), and whether it becomes convertible by arriving. The facts say
// so too, but not of the single parts.
func (f *fold) lands(m *movement, to ledger.OwnerID) {
	hops, since, melts := m.trail.hops, m.trail.since, m.melts
	was := m.trail.find(to)
	switch {
	case was != nil:
		m.row, melts = rowReturned, was.melts
	case hops > 0 && since == f.today:
		m.row = rowSameDay
	default:
		hops, since = hops+1, f.today
		m.row, melts = row(hops), f.today+demurrage.Day(f.policies.InForce(f.today).GraceDays)
	}
	if to != 0 && f.policies.Ripe(hops, m.trail.began, since) <= f.today {
		m.pooled, m.lands = true, bucket(melts, f.today)
	}
}

// leavePool is pool money of one melts-from day that leaves, in whole or as
// much of it as is needed: what came first goes first.
func (f *fold) leavePool(p *purse, out *ledger.Out, need demurrage.Wide) (movement, error) {
	m := movement{melts: out.Melts, row: rowConvertible, pooled: true, lands: out.Melts}
	oldest, end := p.pool.of(out.Melts)
	if oldest == end {
		return m, errFacts
	}
	var ok bool
	have := p.pool.units(out.Melts)
	if m.worth, ok = f.taken(have, out.Melts, out, need); !ok {
		return m, errFacts
	}
	units, _ := have.Sub(out.Rest)
	if !f.all.sub(out.Melts, units) {
		return m, errFacts
	}
	index := f.index.At(max(out.Melts, f.today))
	begin, first := len(f.arena), p.pool[oldest]
	p.pool.take(out.Melts, units, func(a arrival) {
		worth, _ := a.units.Mul(index) // fits: no more than all of them
		f.arena = append(f.arena, piece{a.since, worth, a.origin})
	})
	if len(f.arena) == begin { // less than one unit's worth was needed
		f.arena = append(f.arena, piece{since: first.since, origin: first.origin})
	}
	m.pieces = f.arena[begin:len(f.arena):len(f.arena)]
	settle(m.pieces, m.worth)
	return m, nil
}

// taken is the worth of what leaves of some units: all of it, or if something
// stays what is needed. It reports whether the rest is what the rules leave.
func (f *fold) taken(units demurrage.Wide, melts demurrage.Day, out *ledger.Out, need demurrage.Wide) (demurrage.Wide, bool) {
	worth, fits := f.index.Worth(units, melts, f.today)
	if !fits {
		return worth, false
	}
	if out.Rest.IsZero() {
		return worth, !need.Less(worth)
	}
	stays, ok := worth.Sub(need)
	return need, ok && f.index.Units(stays, melts, f.today) == out.Rest
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

// arrive books what an entry brought: since now, or if it carries money that
// never really left its holder, since that lay there.
func (f *fold) arrive(e *ledger.Entry, p *purse, carried bool) error {
	p.pool.settle(f.today)
	f.all.settle(f.today)
	for i := range e.Facts.In {
		in := &e.Facts.In[i]
		if !f.all.add(bucket(in.Melts, f.today), in.Units) {
			return errFacts
		}
		if in.How == ledger.Pooled {
			if err := f.arrivePool(e, p, i, carried); err != nil {
				return err
			}
			continue
		}
		l := lot{id: ledger.LotID{Seq: e.Seq, Part: uint32(i)}, units: in.Units, melts: in.Melts, since: f.at}
		if in.How == ledger.Fresh {
			l.trail = f.starts(stop{owner: p.owner, day: f.today, melts: in.Melts})
		} else {
			at := slices.IndexFunc(f.moved, func(m movement) bool { return m.lot == in.Lot })
			if at < 0 {
				return errFacts
			}
			m := &f.moved[at]
			if carried {
				l.since = m.lies()[0].since
			}
			switch l.trail = m.trail; in.How {
			case ledger.Hopped:
				l.trail = f.goes(m.trail, stop{owner: p.owner, day: f.today, melts: in.Melts})
			case ledger.Undone:
				if m.trail.hops == 0 {
					return errFacts
				}
				l.trail = m.trail.back()
			}
		}
		l.ripe = f.policies.Ripe(l.trail.hops, l.trail.began, l.trail.since)
		p.keep(l)
	}
	return nil
}

// arrivePool adds pool money to the receiver's by the times since when it lay,
// and by where it came from. All of one melts-from day is one, whatever it was
// before; what a rejection gives back comes part by part.
func (f *fold) arrivePool(e *ledger.Entry, p *purse, i int, carried bool) error {
	in := &e.Facts.In[i]
	melts := bucket(in.Melts, f.today)
	if _, ok := e.Command.(ledger.Reject); ok {
		if i >= len(f.moved) {
			return errFacts
		}
		m := &f.moved[i]
		f.shelve(p, melts, in.Units, m.lies(), slices.Clone(m.pieces))
		return nil
	}
	var units demurrage.Wide
	for j := range e.Facts.In {
		if same := &e.Facts.In[j]; same.How == ledger.Pooled && bucket(same.Melts, f.today) == melts {
			if j < i { // it went with that one
				return nil
			}
			units, _ = units.Add(same.Units) // fits: they are at one holder
		}
	}
	from, lie, err := f.sources(p, melts)
	if err != nil {
		return err
	}
	if !carried || len(lie) == 0 {
		f.lie = append(f.lie[:0], piece{since: f.at, worth: total(from)})
		lie = f.lie
	}
	f.shelve(p, melts, units, lie, from)
	return nil
}

// sources are the parts that become pool money of one melts-from day, and since
// when what was pool money before lay.
func (f *fold) sources(p *purse, melts demurrage.Day) (from, lie []piece, err error) {
	from, lie = f.from[:0], f.lie[:0]
	for i := range f.moved {
		m := &f.moved[i]
		if !m.pooled || bucket(m.lands, f.today) != melts {
			continue
		}
		if m.trail.last == nil {
			from, lie = append(from, m.pieces...), append(lie, m.lies()...)
			continue
		}
		hop := f.becomes(m)
		if err := f.day.deals.add(p.holder, f.ripeCell(int(hop.hops), hop.issued, f.today), m.worth); err != nil {
			return nil, nil, err
		}
		from = append(from, piece{worth: m.worth, origin: hop})
	}
	if len(from) == 0 {
		return nil, nil, errFacts
	}
	f.from, f.lie = from, lie
	return from, lie, nil
}

// becomes is the origin of a lot that becomes convertible by arriving.
func (f *fold) becomes(m *movement) origin {
	hops := m.trail.hops
	if m.row == row(hops+1) {
		hops++
	}
	return origin{issued: m.trail.began, hops: uint8(hops), aged: f.isAged(hops, f.today)}
}

// shelve puts units into an account's pool, by the times in lie and the origins in
// from.
func (f *fold) shelve(p *purse, melts demurrage.Day, units demurrage.Wide, lie, from []piece) {
	index := f.index.At(max(melts, f.today))
	lie = sameSince(lie)
	for i, l := range lie {
		some := units
		if i < len(lie)-1 {
			some, _ = l.worth.Div(index)
			units, _ = units.Sub(some) // fits: all of them came from no more
		}
		for need := l.worth; ; from = from[1:] {
			origin := from[0].origin
			left, whole := need.Sub(from[0].worth)
			for whole && len(from) > 1 && from[1].origin == origin { // as one
				from[1].worth, _ = from[1].worth.Add(from[0].worth)
				from = from[1:]
				left, whole = need.Sub(from[0].worth)
			}
			if !whole || len(from) == 1 || left.IsZero() {
				p.pool.add(arrival{melts, l.since, some, origin})
				if !whole {
					from[0].worth, _ = from[0].worth.Sub(need)
				} else if len(from) > 1 {
					from = from[1:]
				}
				break
			}
			of, _ := from[0].worth.Div(index)
			some, _ = some.Sub(of) // fits: the same
			p.pool.add(arrival{melts, l.since, of, origin})
			need = left
		}
	}
}

// sameSince is pieces with those of one time added up.
func sameSince(pieces []piece) (all []piece) {
	if len(pieces) == 1 {
		return pieces
	}
	for _, p := range pieces {
		if n := len(all); n > 0 && all[n-1].since == p.since {
			all[n-1].worth, _ = all[n-1].worth.Add(p.worth) // fits: parts of a payment
			continue
		}
		all = append(all, p)
	}
	return all
}

// total is what pieces are worth together.
func total(pieces []piece) (sum demurrage.Wide) {
	for _, p := range pieces {
		sum, _ = sum.Add(p.worth) // fits: parts of a payment
	}
	return sum
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
