package report

import (
	"cmp"
	"slices"

	"grulden/demurrage"
	"grulden/ledger"
)

// age is worth and how long it lay, in seconds.
type age struct {
	seconds int64
	worth   demurrage.Wide
}

// ages is how long amounts lay.
type ages []age

func (as *ages) add(worth demurrage.Wide, seconds int64) {
	*as = append(*as, age{max(seconds, 0), worth})
}

func (a age) compare(b age) int { return cmp.Compare(a.seconds, b.seconds) }

func (a age) plus(b age) age {
	a.worth, _ = a.worth.Add(b.worth) // fits: counted before
	return a
}

// sum is all of it.
func (as ages) sum() (total sum) {
	for _, a := range as {
		total.add(a.worth)
	}
	return total
}

// inBin is how many of the first times are in one bin.
func (as ages) inBin() (n int) {
	for first := binOf(as[0].seconds); n < len(as) && binOf(as[n].seconds) == first; n++ {
	}
	return n
}

// binned adds up times by bin.
func (as ages) binned() (h histogram) {
	for len(as) > 0 {
		n := as.inBin()
		h = append(h, binned{binOf(as[0].seconds), as[:n].sum()})
		as = as[n:]
	}
	return h
}

// edge is what one holder paid another, both by their numbers.
type edge struct {
	from, to uint32
	cents    ledger.Cents
	count    int // of payments
}

// edges is who paid whom.
type edges []edge

func (e edge) compare(o edge) int {
	if e.from != o.from {
		return cmp.Compare(e.from, o.from)
	}
	return cmp.Compare(e.to, o.to)
}

func (e edge) plus(o edge) edge {
	e.cents += o.cents
	e.count += o.count
	return e
}

// item is what stands in a list that has an order, and can be added to its equal.
type item[T any] interface {
	compare(T) int
	plus(T) T
}

// inOrder sorts a list and adds up what is equal.
func inOrder[T item[T]](list []T) []T {
	slices.SortFunc(list, T.compare)
	all := list[:0]
	for _, x := range list {
		if n := len(all); n > 0 && all[n-1].compare(x) == 0 {
			all[n-1] = all[n-1].plus(x)
			continue
		}
		all = append(all, x)
	}
	return all
}

// joined is one list of several that are in order.
func joined[T item[T]](lists [][]T) []T {
	if len(lists) < 2 {
		return slices.Concat(lists...)
	}
	half := len(lists) / 2
	a, b := joined(lists[:half]), joined(lists[half:])
	all := make([]T, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch c := a[0].compare(b[0]); {
		case c < 0:
			all, a = append(all, a[0]), a[1:]
		case c > 0:
			all, b = append(all, b[0]), b[1:]
		default:
			all, a, b = append(all, a[0].plus(b[0])), a[1:], b[1:]
		}
	}
	return append(append(all, a...), b...)
}
