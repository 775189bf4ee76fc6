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

func (a age) key() uint64 { return uint64(a.seconds) }

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

func (e edge) key() uint64 { return uint64(e.from)<<32 | uint64(e.to) }

func (e edge) plus(o edge) edge {
	e.cents += o.cents
	e.count += o.count
	return e
}

// item is what stands in a list in the order of its key, and can be added to one of
// the same key.
type item[T any] interface {
	key() uint64
	plus(T) T
}

// byKey sorts a list. The lists of a day are long and their keys short: byte by byte
// is several times as fast as comparing.
func byKey[T item[T]](list []T) []T {
	if len(list) < 256 {
		slices.SortFunc(list, func(a, b T) int { return cmp.Compare(a.key(), b.key()) })
		return list
	}
	differ := uint64(0)
	for _, x := range list {
		differ |= x.key() ^ list[0].key()
	}
	other := make([]T, len(list))
	for shift := 0; shift < 64; shift += 8 {
		if differ>>shift&0xff == 0 {
			continue
		}
		var at [256]int
		for _, x := range list {
			at[x.key()>>shift&0xff]++
		}
		next := 0
		for digit, n := range at {
			at[digit], next = next, next+n
		}
		for _, x := range list {
			digit := x.key() >> shift & 0xff
			other[at[digit]] = x
			at[digit]++
		}
		list, other = other, list
	}
	return list
}

// inOrder sorts a list and adds up what has the same key.
func inOrder[T item[T]](list []T) []T {
	list = byKey(list)
	all := list[:0]
	for _, x := range list {
		if n := len(all); n > 0 && all[n-1].key() == x.key() {
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
		switch first, second := a[0].key(), b[0].key(); {
		case first < second:
			all, a = append(all, a[0]), a[1:]
		case first > second:
			all, b = append(all, b[0]), b[1:]
		default:
			all, a, b = append(all, a[0].plus(b[0])), a[1:], b[1:]
		}
	}
	return append(append(all, a...), b...)
}
