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
	made   ledger.Cents     // issued and granted in its month so far
	lies   ageSum           // how long what is held has lain there
	cells  map[cell]*stat   // by cell
	issued map[uint32]*stat // by month of issue: years × 12 + months
	roles  []roleEnd
	melts  []demurrage.Wide // what the next day takes, by holder
	has    []demurrage.Wide // whole grains, by holder
}

// madeBy is what was issued and granted in the month of a day, up to that day: in
// the months after the last entry nothing was, as their rows will say.
func (f *fold) madeBy(day demurrage.Day) ledger.Cents {
	if monthOf(day) != monthOf(f.today) {
		return 0
	}
	return f.made
}

// look walks over all that is held at the end of a day.
func (f *fold) look(day demurrage.Day) (*ending, error) {
	e := &ending{
		seq: f.seq, supply: f.supply(), escrow: f.escrow, made: f.madeBy(day),
		cells: make(map[cell]*stat), issued: make(map[uint32]*stat),
		roles: make([]roleEnd, len(f.roles)), melts: make([]demurrage.Wide, len(f.holders)), has: make([]demurrage.Wide, len(f.holders)),
	}
	held, err := f.worth(day)
	if err != nil || f.index == nil {
		return e, err
	}
	e.held.Set(held)
	w := &sweep{fold: f, out: e, day: day, end: endOf(day), now: f.index.At(day), next: f.index.At(day + 1)}
	byHolder := make([][]*purse, len(f.holders))
	for _, p := range f.purses { // map order does not matter: sums
		byHolder[p.holder] = append(byHolder[p.holder], p)
	}
	for holder, purses := range byHolder {
		if err := w.holder(uint32(holder), purses); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// sweep goes over what holders have at the end of a day.
type sweep struct {
	*fold
	out       *ending
	day       demurrage.Day
	end       int64
	now, next uint64 // the index of the day and of the next
	role      int
	mine      [heldCells]demurrage.Wide // what one holder has, by cell
	months    []monthly
	sum       demurrage.Wide
	then      demurrage.Wide // after the next charge
	monthOf   demurrage.Day  // the day that month is known of
	month     uint32
}

type monthly struct {
	month uint32
	worth demurrage.Wide
}

// holder adds what one holder has, in all of its accounts.
func (w *sweep) holder(number uint32, purses []*purse) error {
	h := w.holders[number]
	w.role, w.mine, w.months, w.sum, w.then = h.role, [heldCells]demurrage.Wide{}, w.months[:0], demurrage.Wide{}, demurrage.Wide{}
	r := &w.out.roles[h.role]
	for _, p := range purses {
		if !p.closed {
			r.accounts++
			if !h.paid {
				r.unused++
			}
		}
		if err := w.purse(p); err != nil {
			return err
		}
	}
	if w.sum.IsZero() {
		return nil
	}
	r.held.add(w.sum)
	if !h.paid {
		w.mine[cellUnused+min(cell(h.role), maxRoles-1)] = w.sum
	}
	for c, worth := range w.mine {
		if !worth.IsZero() {
			statOf(w.out.cells, cell(c)).add(worth)
		}
	}
	for _, m := range w.months {
		statOf(w.out.issued, m.month).add(m.worth)
	}
	w.out.melts[number], _ = w.sum.Sub(w.then)
	w.out.has[number], _ = w.sum.Div(demurrage.One)
	return nil
}

// statOf is a sum by its key.
func statOf[K comparable](stats map[K]*stat, k K) *stat {
	s := stats[k]
	if s == nil {
		s = new(stat)
		stats[k] = s
	}
	return s
}

// purse adds what lies in one account.
func (w *sweep) purse(p *purse) error {
	for _, l := range p.lots {
		c := cellLife + cell(l.trail.hops)
		if l.ripe <= w.day {
			c = cellByHop
			if w.isAged(int(l.trail.hops), w.day) {
				c = cellAged
			}
		}
		if err := w.lies(l.units, l.melts, l.since, c, l.trail.issued()); err != nil {
			return err
		}
	}
	for i := range p.pool {
		q := &p.pool[i]
		var units demurrage.Wide
		for _, a := range q.lie {
			c := cellByHop
			if a.aged {
				c = cellAged
			}
			if err := w.lies(a.units, q.melts, a.since, c, a.issued); err != nil {
				return err
			}
			units, _ = units.Add(a.units)
		}
		if units != q.units {
			return errFacts
		}
	}
	return nil
}

// lies adds units that lie somewhere since a time.
func (w *sweep) lies(units demurrage.Wide, melts demurrage.Day, since int64, c cell, issued demurrage.Day) error {
	index, next := w.now, w.next
	if melts > w.day {
		index = w.index.At(melts)
		next = index
	}
	worth, ok := units.Mul(index)
	then, _ := units.Mul(next) // fits: it is no more
	var fits [4]bool
	w.sum, fits[0] = w.sum.Add(worth)
	w.then, _ = w.then.Add(then)
	w.mine[c], _ = w.mine[c].Add(worth)
	span := cellLain + spanOf(w.end-since)
	w.mine[span], _ = w.mine[span].Add(worth)
	if !ok || !fits[0] {
		return errFacts
	}
	w.out.lies.add(worth, w.end-since)
	w.out.roles[w.role].lies.add(worth, w.end-since)
	if issued != w.monthOf || w.month == 0 {
		year, month, _ := issued.Time().Date()
		w.monthOf, w.month = issued, uint32(year*12+int(month)-1)
	}
	i := slices.IndexFunc(w.months, func(m monthly) bool { return m.month == w.month })
	if i < 0 {
		i = len(w.months)
		w.months = append(w.months, monthly{month: w.month})
	}
	w.months[i].worth, _ = w.months[i].worth.Add(worth)
	return nil
}
