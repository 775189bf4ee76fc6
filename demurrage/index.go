package demurrage

import (
	"math/bits"
	"slices"
	"sort"
)

// One is the index on a ledger's first day; worth is counted in grains × One.
const One uint64 = 1_000_000_000_000_000_000

// Billion is what a Rate is counted in.
const Billion = 1_000_000_000

// Rate is what one charge day takes off the index, in billionths: 0.0165 % is
// 165 000. It is below one billion.
type Rate uint32

// Every says which days are charge days.
type Every uint8

// The kinds of charge days.
const (
	Daily   Every = iota // every day
	Monthly              // the first of every month
)

// Terms is the rate in force from a day on, until the next terms begin.
type Terms struct {
	From  Day
	Rate  Rate
	Every Every
}

// Index knows the index of every day from the ledger's first day on. It is
// never changed: With and Extended give new ones, so that a reader may keep
// his while the writer goes on.
type Index struct {
	first Day
	terms []Terms  // by From, the first one's From at or before first
	table []uint64 // table[i] is the index on first + i
}

// NewIndex begins an index of One on the first day, which is never charged.
func NewIndex(first Day, terms Terms) *Index {
	terms.From = first
	return &Index{first: first, terms: []Terms{terms}, table: []uint64{One}}
}

// First is the ledger's first day.
func (x *Index) First() Day { return x.first }

// With is the index under one more change of terms; terms already known for
// the same day are replaced. Days before t.From keep their index.
func (x *Index) With(t Terms) *Index {
	terms := slices.Clone(x.terms)
	at := sort.Search(len(terms), func(i int) bool { return terms[i].From >= t.From })
	if at < len(terms) && terms[at].From == t.From {
		terms[at] = t
	} else {
		terms = slices.Insert(terms, at, t)
	}
	keep := min(max(int(t.From-x.first), 1), len(x.table))
	return &Index{first: x.first, terms: terms, table: slices.Clip(x.table[:keep])}
}

// Extended is an index that answers up to day d at once. Days beyond are
// still answered, by counting on from there.
func (x *Index) Extended(d Day) *Index {
	if int(d-x.first) < len(x.table) {
		return x
	}
	table := make([]uint64, len(x.table), int(d-x.first)+1)
	copy(table, x.table)
	for day := x.first + Day(len(table)); day <= d; day++ {
		table = append(table, x.step(table[len(table)-1], day))
	}
	return &Index{first: x.first, terms: x.terms, table: table}
}

// At is the index on day d (SPEC.md R4):
//
//	index(d) = max(1, ⌊ index(d−1) × (10⁹ − r) / 10⁹ ⌋) on a charge day.
//
// A day before the first has the first day's index.
func (x *Index) At(d Day) uint64 {
	i := max(int(d-x.first), 0)
	if i < len(x.table) {
		return x.table[i]
	}
	value := x.table[len(x.table)-1]
	for day := x.first + Day(len(x.table)); day <= d; day++ {
		value = x.step(value, day)
	}
	return value
}

// step is the index on a day, given that of the day before.
func (x *Index) step(before uint64, day Day) uint64 {
	t := x.inForce(day)
	if t.Rate == 0 || t.Every == Monthly && !day.FirstOfMonth() {
		return before
	}
	hi, lo := bits.Mul64(before, Billion-uint64(t.Rate))
	value, _ := bits.Div64(hi, lo, Billion)
	return max(value, 1)
}

func (x *Index) inForce(day Day) Terms {
	i := sort.Search(len(x.terms), func(i int) bool { return x.terms[i].From > day })
	return x.terms[max(i-1, 0)]
}

// NextCharge is the first charge day after d with a rate above nought, looking
// at most a year and a month ahead; ok is false when there is none.
func (x *Index) NextCharge(d Day) (day Day, ok bool) {
	for day = d + 1; day <= d+400; day++ {
		t := x.inForce(day)
		if t.Rate > 0 && (t.Every == Daily || day.FirstOfMonth()) {
			return day, true
		}
	}
	return 0, false
}

// Worth is what units with a melts-from day are worth on day d, in grains × One:
// units × index(max(d, melts)). ok is false when that does not fit 128 bits.
func (x *Index) Worth(units Wide, melts, d Day) (worth Wide, ok bool) {
	return units.Mul(x.At(max(melts, d)))
}

// Units is how many units a worth becomes on day d when it melts from the day
// given: ⌈worth / index(max(d, melts))⌉. Rounding up favours the holder.
func (x *Index) Units(worth Wide, melts, d Day) Wide {
	return worth.CeilDiv(x.At(max(melts, d)))
}

// Short tells whether day d is beyond what the index has at hand.
func (x *Index) Short(d Day) bool { return int(d-x.first) >= len(x.table) }
