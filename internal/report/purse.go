package report

import (
	"slices"
	"sort"

	"grulden/demurrage"
	"grulden/ledger"
)

// purse is one account as a report needs it: what it holds, and since when.
type purse struct {
	id     ledger.AccountID
	owner  ledger.OwnerID
	holder uint32
	closed bool
	paid   bool // somebody, at some time
	dirty  bool // not written since it changed
	lots   []lot
	pool   pool
}

// lot is Grulden on their way to convertible, as in the ledger.
type lot struct {
	id    ledger.LotID
	units demurrage.Wide
	melts demurrage.Day
	ripe  demurrage.Day // from which day it is convertible
	aged  bool          // it was counted as convertible
	since int64         // it lies here, in seconds
	trail trail
}

// trail is a lot's way. What is asked of every lot stands here; the stops lie
// elsewhere, and to read them takes long.
type trail struct {
	last  *stop // nil: no way
	met   uint64
	hops  int           // stops before the last one
	began demurrage.Day // it was issued
	since demurrage.Day // it got where it is
}

// stop is an owner on a lot's way and, through up, those before. Stops are shared
// between lots and never changed.
type stop struct {
	owner ledger.OwnerID
	day   demurrage.Day // it got there
	melts demurrage.Day // it melts there after this day
	up    *stop
}

// starts is a way that begins, goes one that goes on.
func (f *fold) starts(at stop) trail {
	return trail{f.stop(at), marks(at.owner), 0, at.day, at.day}
}

func (f *fold) goes(on trail, to stop) trail {
	to.up = on.last
	return trail{f.stop(to), on.met | marks(to.owner), on.hops + 1, on.began, to.day}
}

// back is a way without its last stop, which is not its first.
func (t trail) back() trail {
	t.last = t.last.up
	t.hops, t.since = t.hops-1, t.last.day
	return t
}

// stop makes a stop. Many are made at once: they are most of what a fold makes.
func (f *fold) stop(s stop) *stop {
	if len(f.stops) == cap(f.stops) {
		f.stops = make([]stop, 0, 512)
	}
	f.stops = append(f.stops, s)
	return &f.stops[len(f.stops)-1]
}

// marks are bits of an owner: where one of them is missing, a lot never was there.
func marks(o ledger.OwnerID) uint64 {
	n := uint64(o) * 0x9e3779b97f4a7c15
	return 1<<(n>>58) | 1<<(n>>52&63)
}

// find is the stop of an owner, nil if the lot was never there.
func (t trail) find(o ledger.OwnerID) *stop {
	if bits := marks(o); t.met&bits != bits {
		return nil
	}
	s := t.last
	for s != nil && s.owner != o {
		s = s.up
	}
	return s
}

// keep puts a lot among those of an account, by melts-from day: the next payment
// finds what it takes at the front.
func (p *purse) keep(l lot) {
	n := len(p.lots)
	if n > 0 && l.melts < p.lots[n-1].melts {
		n = sort.Search(n, func(i int) bool { return p.lots[i].melts > l.melts })
	}
	p.lots = slices.Insert(p.lots, n, l)
}

// lot finds one of an account's lots, or −1.
func (p *purse) lot(id ledger.LotID) int {
	for i := range p.lots {
		if p.lots[i].id == id {
			return i
		}
	}
	return -1
}

// drop lets a lot go.
func (p *purse) drop(i int) {
	if i == 0 { // mostly: the first to melt is the first to go
		p.lots[0] = lot{}
		p.lots = p.lots[1:]
		return
	}
	p.lots = slices.Delete(p.lots, i, i+1)
}

// bucket is the melts-from day under which the ledger adds up pool money.
func bucket(melts, today demurrage.Day) demurrage.Day {
	if melts <= today {
		return ledger.Charged
	}
	return melts
}

// amounts are units by melts-from day, as the ledger's head has them.
type amounts ledger.Amounts

func (as *amounts) at(melts demurrage.Day) *ledger.Amount {
	i := sort.Search(len(*as), func(i int) bool { return (*as)[i].Melts >= melts })
	if i == len(*as) || (*as)[i].Melts != melts {
		*as = slices.Insert(*as, i, ledger.Amount{Melts: melts})
	}
	return &(*as)[i]
}

// add adds units, sub takes them; each reports whether that can be.
func (as *amounts) add(melts demurrage.Day, units demurrage.Wide) (ok bool) {
	a := as.at(melts)
	a.Units, ok = a.Units.Add(units)
	return ok
}

func (as *amounts) sub(melts demurrage.Day, units demurrage.Wide) (ok bool) {
	a := as.at(melts)
	a.Units, ok = a.Units.Sub(units)
	return ok
}

// settle adds up all that is being charged on a day.
func (as *amounts) settle(today demurrage.Day) {
	n := sort.Search(len(*as), func(i int) bool { return (*as)[i].Melts > today })
	if n == 0 || n == 1 && (*as)[0].Melts == ledger.Charged {
		return
	}
	for _, a := range (*as)[1:n] {
		(*as)[0].Units, _ = (*as)[0].Units.Add(a.Units) // fits: the ledger added them up
	}
	(*as)[0].Melts = ledger.Charged
	*as = slices.Delete(*as, 1, n)
}
