package ledger

import (
	"cmp"
	"slices"

	"grulden/demurrage"
)

// LotID names a lot: the entry by which it arrived at its holder, and its place
// among the lots of that entry.
type LotID struct {
	Seq  uint64
	Part uint32
}

// Stop is one owner on a lot's way, with the day it got there and the day after
// which it melts there.
type Stop struct {
	Owner OwnerID
	Day   demurrage.Day
	Melts demurrage.Day
}

// Lot is Grulden that were issued together and have passed through the same
// hands. Its trail begins with whom it was issued to and holds no owner twice;
// trails are shared between lots and never changed in place.
type Lot struct {
	ID    LotID
	Units demurrage.Wide
	Issue uint64        // the entry that issued it
	Melts demurrage.Day // the last day its worth stands still
	Trail []Stop

	// Guard is the store's check over this lot as it was last written. The
	// ledger keeps it and never looks at it.
	Guard uint64
}

// Hops is how many counted transactions the lot has behind it.
func (l *Lot) Hops() int { return len(l.Trail) - 1 }

// Issued is the day the lot was issued.
func (l *Lot) Issued() demurrage.Day { return l.Trail[0].Day }

// Since is the day of the lot's last hop; before any hop, its issue day.
func (l *Lot) Since() demurrage.Day { return l.Trail[len(l.Trail)-1].Day }

// stop is where an owner stands in the lot's trail, or −1.
func (l *Lot) stop(o OwnerID) int {
	return slices.IndexFunc(l.Trail, func(s Stop) bool { return s.Owner == o })
}

// sameWay tells whether two lots of one entry are to be added up: the same
// issue, trail, since and melts-from day (SPEC.md R16).
func (l *Lot) sameWay(m *Lot) bool {
	return l.Issue == m.Issue && l.Melts == m.Melts && slices.Equal(l.Trail, m.Trail)
}

// spendingOrder is the order in which a payment takes lots (SPEC.md R10):
// melts-from day, fewest hops, issue day, earlier issue, earlier arrival, and
// among parts of one entry the order in which they left the sender.
func spendingOrder(a, b *Lot) int {
	if c := cmp.Compare(a.Melts, b.Melts); c != 0 {
		return c
	}
	if c := cmp.Compare(len(a.Trail), len(b.Trail)); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Issued(), b.Issued()); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Issue, b.Issue); c != 0 {
		return c
	}
	return byArrival(a, b)
}

func byArrival(a, b *Lot) int {
	if c := cmp.Compare(a.ID.Seq, b.ID.Seq); c != 0 {
		return c
	}
	return cmp.Compare(a.ID.Part, b.ID.Part)
}

// Charged stands for every melts-from day reached: amounts being charged all
// have the worth units × today's index, and need not be told apart.
const Charged = demurrage.MinDay

// Amount is units of one melts-from day.
type Amount struct {
	Melts demurrage.Day
	Units demurrage.Wide
}

// Amounts are units by melts-from day, in that order, none of them nought.
type Amounts []Amount

// find is the place of the amount of one melts-from day, and whether there is
// one; if not, it is where one would stand.
func (as Amounts) find(melts demurrage.Day) (i int, found bool) {
	lo, hi := 0, len(as)
	for lo < hi {
		if mid := (lo + hi) / 2; as[mid].Melts < melts {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(as) && as[lo].Melts == melts
}

// add adds units to those of one melts-from day.
func (as *Amounts) add(melts demurrage.Day, units demurrage.Wide) error {
	if units.IsZero() {
		return nil
	}
	i, found := as.find(melts)
	if !found {
		*as = slices.Insert(*as, i, Amount{melts, units})
		return nil
	}
	sum, ok := (*as)[i].Units.Add(units)
	if !ok {
		return corrupt("units of %v overflow", melts)
	}
	(*as)[i].Units = sum
	return nil
}

// sub takes units from those of one melts-from day.
func (as *Amounts) sub(melts demurrage.Day, units demurrage.Wide) error {
	if units.IsZero() {
		return nil
	}
	i, found := as.find(melts)
	if !found {
		return corrupt("no units of %v to take from", melts)
	}
	rest, ok := (*as)[i].Units.Sub(units)
	if !ok {
		return corrupt("fewer units of %v than are taken", melts)
	}
	if (*as)[i].Units = rest; rest.IsZero() {
		*as = slices.Delete(*as, i, i+1)
	}
	return nil
}

// of is the units of one melts-from day.
func (as Amounts) of(melts demurrage.Day) demurrage.Wide {
	if i, found := as.find(melts); found {
		return as[i].Units
	}
	return demurrage.Wide{}
}

// settle adds up all amounts that are being charged on a day. It changes no
// worth, on that day or later.
func (as *Amounts) settle(today demurrage.Day) error {
	n, _ := as.find(today + 1)
	if n == 0 || n == 1 && (*as)[0].Melts == Charged {
		return nil
	}
	var sum demurrage.Wide
	for _, a := range (*as)[:n] {
		var ok bool
		if sum, ok = sum.Add(a.Units); !ok {
			return corrupt("units being charged overflow")
		}
	}
	(*as)[0] = Amount{Charged, sum}
	*as = slices.Delete(*as, 1, n)
	return nil
}

// Worth is what the amounts are worth on a day, in grains × 10¹⁸.
func (as Amounts) Worth(x *demurrage.Index, day demurrage.Day) (demurrage.Wide, error) {
	var sum demurrage.Wide
	for _, a := range as {
		worth, fits := x.Worth(a.Units, a.Melts, day)
		total, ok := sum.Add(worth)
		if !fits || !ok {
			return sum, corrupt("worth of %v overflows", a.Melts)
		}
		sum = total
	}
	return sum, nil
}
