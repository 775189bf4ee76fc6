package report

import (
	"math/big"
	"slices"

	"grulden/demurrage"
	"grulden/ledger"
)

// The cells of what is held at the end of a day.
const (
	cellLife   = cell(0)                // + hops: not convertible yet
	cellByHop  = cellLife + maxHops + 1 // convertible by its hops
	cellAged   = cellByHop + 1          // convertible for its age alone
	cellLain   = cellAged + 1           // + span: by how long it has lain there
	cellUnused = cellLain + spanCount   // + role: of those who never paid
	heldCells  = cellUnused + maxRoles
)

// stat is a sum over owners, and what the two largest added to it.
type stat struct {
	total  sum
	owners int
	top    [2]demurrage.Wide
}

func (s *stat) add(w demurrage.Wide) {
	s.total.add(w)
	s.owners++
	if s.top[0].Less(w) {
		s.top[0], s.top[1] = w, s.top[0]
	} else if s.top[1].Less(w) {
		s.top[1] = w
	}
}

// roleEnd is what those of one role have at the end of a day.
type roleEnd struct {
	accounts int // open
	unused   int // of those whose holder never paid
	held     stat
	lies     ageSum
}

// ending is the end of a day.
type ending struct {
	seq    uint64  // the last entry before it
	held   big.Int // by all together, in grains rounded up once
	supply ledger.Cents
	escrow ledger.Cents
	made   ledger.Cents // issued and granted in its month so far
	cells  [heldCells]stat
	issued []stat // by month of issue, the ledger's first month first
	roles  []roleEnd
	melts  []demurrage.Wide // what the next day takes, by holder
	has    []demurrage.Wide // whole grains, by holder
}

// maxMonths is more than the months that a ledger can live.
const maxMonths = 12 * 10_000

// issuedIn is what is held of the issue of a month.
func (e *ending) issuedIn(month int) stat {
	if month < len(e.issued) {
		return e.issued[month]
	}
	return stat{}
}

// ofMonth is the same, to be added to.
func (e *ending) ofMonth(month int) *stat {
	for month >= len(e.issued) {
		e.issued = append(e.issued, stat{})
	}
	return &e.issued[month]
}

// lies is how long what is held has lain there.
func (e *ending) lies() (all ageSum) {
	for i := range e.roles {
		all.plus(&e.roles[i].lies)
	}
	return all
}

// madeBy is what was issued and granted in the month of a day, up to that day: in
// the months after the last entry nothing was, as their rows will say.
func (f *fold) madeBy(day demurrage.Day) ledger.Cents {
	if monthOf(day) != monthOf(f.today) {
		return 0
	}
	return f.made
}

// look walks over all that is held at the end of a day. Into ripe, if there is one,
// goes what became convertible where it lay; a day that is over for good marks it.
func (f *fold) look(day demurrage.Day, ripe *block, over bool) (*ending, error) {
	e := &ending{
		seq: f.seq, supply: f.supply(), escrow: f.escrow, made: f.madeBy(day),
		roles: make([]roleEnd, len(f.roles)), melts: make([]demurrage.Wide, len(f.holders)), has: make([]demurrage.Wide, len(f.holders)),
	}
	held, err := f.worth(day)
	if err != nil || f.index == nil {
		return e, err
	}
	e.held.Set(held)
	w := &sweep{
		fold: f, out: e, day: day, end: endOf(day), now: f.index.At(day), next: f.index.At(day + 1),
		hops: int(f.policies.InForce(day).Hops), ripe: ripe, over: over,
	}
	for holder := range f.holders {
		if err := w.holder(uint32(holder)); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// sweep goes over what holders have at the end of a day.
type sweep struct {
	*fold
	out       *ending
	ripe      *block
	over      bool
	day       demurrage.Day
	end       int64
	now, next uint64 // the index of the day and of the next
	hops      int    // that the day's policy asks
	number    uint32 // of the holder
	role      *roleEnd
	mine      [heldCells]demurrage.Wide // what one holder has, by cell
	months    []monthly
	sum       demurrage.Wide
	then      demurrage.Wide // after the next charge
}

type monthly struct {
	month int
	worth demurrage.Wide
}

// holder adds what one holder has, in all of its accounts.
func (w *sweep) holder(number uint32) error {
	h := &w.holders[number]
	w.number, w.role = number, &w.out.roles[h.role]
	w.mine, w.months, w.sum, w.then = [heldCells]demurrage.Wide{}, w.months[:0], demurrage.Wide{}, demurrage.Wide{}
	paid := slices.ContainsFunc(h.purses, func(p *purse) bool { return p.paid })
	for _, p := range h.purses {
		if !p.closed {
			w.role.accounts++
			if !paid {
				w.role.unused++
			}
		}
		if err := w.purse(p); err != nil {
			return err
		}
	}
	if w.sum.IsZero() {
		return nil
	}
	w.role.held.add(w.sum)
	if !paid {
		w.mine[cellUnused+min(cell(h.role), maxRoles-1)] = w.sum
	}
	for c := range w.mine {
		if !w.mine[c].IsZero() {
			w.out.cells[c].add(w.mine[c])
		}
	}
	for _, m := range w.months {
		w.out.ofMonth(m.month).add(m.worth)
	}
	w.out.melts[number], _ = w.sum.Sub(w.then)
	w.out.has[number], _ = w.sum.Div(demurrage.One)
	return nil
}

// purse adds what lies in one account.
func (w *sweep) purse(p *purse) error {
	for i := range p.lots {
		l := &p.lots[i]
		c := cellLife + cell(l.trail.hops)
		if l.ripe <= w.day {
			if c = cellByHop; l.trail.hops < w.hops {
				c = cellAged
			}
			if err := w.ripens(p, l); err != nil {
				return err
			}
		}
		if !w.lies(l.units, l.melts, l.since, c, l.trail.began) {
			return errFacts
		}
	}
	for i := range p.pool {
		a := &p.pool[i]
		c := cellByHop
		if a.aged {
			c = cellAged
		}
		if !w.lies(a.units, a.melts, a.since, c, a.issued) {
			return errFacts
		}
	}
	return nil
}

// ripens counts a lot that became convertible where it lay, once.
func (w *sweep) ripens(p *purse, l *lot) error {
	if l.aged || w.ripe == nil {
		return nil
	}
	if w.over {
		l.aged, p.dirty = true, true
	} else if l.ripe < w.day && w.day > w.today { // it counts on an earlier day
		return nil
	}
	return w.fold.ripens(w.ripe, w.number, l, w.day)
}

// lies adds units that lie somewhere since a time. It reports whether they fit.
func (w *sweep) lies(units demurrage.Wide, melts demurrage.Day, since int64, c cell, issued demurrage.Day) bool {
	index, next := w.now, w.next
	if melts > w.day {
		index = w.index.At(melts)
		next = index
	}
	worth, fits := units.Mul(index)
	then, _ := units.Mul(next) // fits: it is no more
	var ok bool
	w.sum, ok = w.sum.Add(worth)
	w.then, _ = w.then.Add(then)
	w.mine[c], _ = w.mine[c].Add(worth)
	lain := w.end - since
	span := cellLain + spanOf(lain)
	w.mine[span], _ = w.mine[span].Add(worth)
	w.role.lies.add(worth, lain)
	month := w.monthFrom(issued)
	for i := range w.months {
		if m := &w.months[i]; m.month == month {
			m.worth, _ = m.worth.Add(worth)
			return fits && ok
		}
	}
	w.months = append(w.months, monthly{month, worth})
	return fits && ok
}
