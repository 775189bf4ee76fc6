package report

import (
	"slices"

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
	melts demurrage.Day
	since int64 // in seconds
	units demurrage.Wide
	origin
}

// pool is an account's pool money by melts-from day and, of one day, by arrival, the
// earliest first. The units of a day are those of the ledger's pool. It is one list,
// for all of it is walked over at the end of each day.
type pool []arrival

// of is where the money of a melts-from day begins and ends.
func (p pool) of(melts demurrage.Day) (begin, end int) {
	for begin < len(p) && p[begin].melts < melts {
		begin++
	}
	for end = begin; end < len(p) && p[end].melts == melts; end++ {
	}
	return begin, end
}

// units is how much money of a melts-from day there is.
func (p pool) units(melts demurrage.Day) (all demurrage.Wide) {
	begin, end := p.of(melts)
	for i := begin; i < end; i++ {
		all, _ = all.Add(p[i].units) // fits: the ledger added them up
	}
	return all
}

// settle makes one of all that is being charged.
func (p pool) settle(today demurrage.Day) {
	charged := bucket(today, today)
	n, in := 0, true
	for ; n < len(p) && p[n].melts <= today; n++ {
		p[n].melts = charged
		in = in && (n == 0 || p[n-1].since <= p[n].since)
	}
	if !in {
		slices.SortStableFunc(p[:n], func(a, b arrival) int { return int(a.since - b.since) })
	}
}

// add puts pool money where it belongs: behind what came before it or with it.
func (p *pool) add(a arrival) {
	if a.units.IsZero() {
		return
	}
	begin, n := p.of(a.melts)
	for n > begin && (*p)[n-1].since > a.since {
		n--
	}
	*p = slices.Insert(*p, n, a)
}

// take takes units of a melts-from day, first in first out, and calls fn for each
// arrival or the part of it that is taken.
func (p *pool) take(melts demurrage.Day, units demurrage.Wide, fn func(arrival)) {
	begin, end := p.of(melts)
	gone := begin
	for ; !units.IsZero() && gone < end; gone++ {
		taken := (*p)[gone]
		if units.Less(taken.units) {
			taken.units = units
			(*p)[gone].units, _ = (*p)[gone].units.Sub(units)
			fn(taken)
			break
		}
		units, _ = units.Sub(taken.units)
		fn(taken)
	}
	*p = slices.Delete(*p, begin, gone)
}
