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
	holder uint32
	closed bool
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
	from  demurrage.Day // its way began; stands here too, where all lots are walked over
	aged  bool          // it was counted as convertible
	since int64         // it lies here, in seconds
	trail trail
}

// stop is an owner on a lot's way.
type stop struct {
	owner ledger.OwnerID
	day   demurrage.Day // it got there
	melts demurrage.Day // it melts there after this day
}

// trail is a lot's way, its first owner first. Trails are shared between lots and
// never changed.
type trail []stop

// goes is a way that goes on. The stops of many ways lie together, for they are most
// of what a fold makes.
func (f *fold) goes(on trail, to stop) trail {
	n := len(on) + 1
	if n > cap(f.stops)-len(f.stops) {
		f.stops = make([]stop, 0, 1024)
	}
	begin := len(f.stops)
	f.stops = append(append(f.stops, on...), to)
	return f.stops[begin : begin+n : begin+n]
}

// find is the stop of an owner, nil if the lot was never there.
func (t trail) find(o ledger.OwnerID) *stop {
	for i := range t {
		if t[i].owner == o {
			return &t[i]
		}
	}
	return nil
}

// hops is how often a lot on this way made a counted transaction.
func (t trail) hops() int { return len(t) - 1 }

// issued is the day on which the way began.
func (t trail) issued() demurrage.Day { return t[0].day }

// since is the day on which the lot got where it is.
func (t trail) since() demurrage.Day { return t[len(t)-1].day }

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
