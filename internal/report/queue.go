package report

import (
	"slices"
	"sort"

	"grulden/demurrage"
)

// arrival is pool money of one account that came at one time.
type arrival struct {
	since int64 // in seconds
	melts demurrage.Day
	units demurrage.Wide
}

// queue is an account's pool money by arrival, the earliest first. Its units of
// each melts-from day are those of the ledger's pool.
type queue []arrival

// add puts pool money where it belongs: behind what came before it or with it.
func (q *queue) add(a arrival) {
	if a.units.IsZero() {
		return
	}
	n := len(*q)
	if n > 0 && a.since < (*q)[n-1].since {
		n = sort.Search(n, func(i int) bool { return (*q)[i].since > a.since })
	}
	*q = slices.Insert(*q, n, a)
}

// oldest is since when the oldest money of one melts-from day lies.
func (q *queue) oldest(melts, today demurrage.Day) int64 {
	for _, a := range *q {
		if bucket(a.melts, today) == melts {
			return a.since
		}
	}
	return 0
}

// take takes units of one melts-from day, first in first out, and calls fn for
// each arrival or the part of it that is taken.
func (q *queue) take(melts, today demurrage.Day, units demurrage.Wide, fn func(arrival)) {
	all, front, emptied := *q, 0, 0
	for i := 0; i < len(all) && !units.IsZero(); i++ {
		a := &all[i]
		if bucket(a.melts, today) != melts {
			continue
		}
		taken := *a
		if units.Less(taken.units) {
			taken.units = units
		}
		a.units, _ = a.units.Sub(taken.units)
		units, _ = units.Sub(taken.units)
		fn(taken)
		if a.units.IsZero() {
			emptied++
			if i == front {
				front++
			}
		}
	}
	all = all[front:]
	if emptied > front {
		all = slices.DeleteFunc(all, func(a arrival) bool { return a.units.IsZero() })
	}
	*q = all
}
