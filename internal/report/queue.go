package report

import (
	"slices"
	"sort"

	"grulden/demurrage"
)

// origin is where pool money came from before it was pool money.
type origin struct {
	issued demurrage.Day
	hops   uint8 // that it had when it became convertible
	aged   bool  // it became so for its age alone
}

// arrival is pool money of one account that came at one time.
type arrival struct {
	since int64 // in seconds
	units demurrage.Wide
	origin
}

// queue is an account's pool money of one melts-from day by arrival, the earliest
// first. Its units are those of the ledger's pool.
type queue struct {
	melts demurrage.Day
	units demurrage.Wide
	lie   []arrival
}

// pool is an account's pool money, by melts-from day.
type pool []queue

// queue is the money of one melts-from day.
func (p *pool) queue(melts demurrage.Day) *queue {
	i := sort.Search(len(*p), func(i int) bool { return (*p)[i].melts >= melts })
	if i == len(*p) || (*p)[i].melts != melts {
		*p = slices.Insert(*p, i, queue{melts: melts})
	}
	return &(*p)[i]
}

// find is the money of one melts-from day, nil if there is none.
func (p pool) find(melts demurrage.Day) *queue {
	for i := range p {
		if p[i].melts == melts {
			return &p[i]
		}
	}
	return nil
}

// settle puts all that is being charged into one queue.
func (p *pool) settle(today demurrage.Day) {
	n := 0
	for n < len(*p) && (*p)[n].melts <= today {
		n++
	}
	if n == 0 || n == 1 && (*p)[0].melts == bucket(today, today) {
		return
	}
	first := &(*p)[0]
	first.melts = bucket(today, today)
	for _, q := range (*p)[1:n] {
		first.units, _ = first.units.Add(q.units) // fits: the ledger added them up
		first.lie = merged(first.lie, q.lie)
	}
	*p = slices.Delete(*p, 1, n)
}

// merged is two queues as one.
func merged(a, b []arrival) []arrival {
	all := make([]arrival, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if b[0].since < a[0].since {
			all, b = append(all, b[0]), b[1:]
		} else {
			all, a = append(all, a[0]), a[1:]
		}
	}
	return append(append(all, a...), b...)
}

// add puts pool money where it belongs: behind what came before it or with it.
func (q *queue) add(a arrival) {
	if a.units.IsZero() {
		return
	}
	q.units, _ = q.units.Add(a.units) // fits: the ledger added them up
	n := len(q.lie)
	if n > 0 && a.since < q.lie[n-1].since {
		n = sort.Search(n, func(i int) bool { return q.lie[i].since > a.since })
	}
	q.lie = slices.Insert(q.lie, n, a)
}

// take takes units, first in first out, and calls fn for each arrival or the part
// of it that is taken.
func (q *queue) take(units demurrage.Wide, fn func(arrival)) {
	q.units, _ = q.units.Sub(units) // fits: the caller looked
	for !units.IsZero() && len(q.lie) > 0 {
		taken := q.lie[0]
		if units.Less(taken.units) {
			taken.units = units
			q.lie[0].units, _ = q.lie[0].units.Sub(units)
		} else {
			q.lie = q.lie[1:]
		}
		units, _ = units.Sub(taken.units)
		fn(taken)
	}
}
