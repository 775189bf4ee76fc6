package report

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"

	"grulden/demurrage"
)

// Rows are what the fold leaves. All of them follow from the journal alone: made
// again from nothing, they are the same to the byte.
//
//	v                     the version of all this
//	s                     the fold as it was when the last day ended
//	a account             an account, as it was then
//	w redemption          a redemption that waits, or was settled
//	d day                 what happened on a day
//	m first-day           what happened in a month
//	e day                 the end of a day
//	g 'd' or 'm', day     who paid whom
//	r day, payment-day    what refunds of a day dropped from payments of another, and 'g' and 'f' of it
//	f day bin             how long what was paid had lain, to the second
//	p seq/64              payments, by the entries that made them
//	x seq                 what refunds left of a payment
const (
	keyVersion  = 'v'
	keyState    = 's'
	keyPurse    = 'a'
	keyAsked    = 'w'
	keyDay      = 'd'
	keyMonth    = 'm'
	keyEnd      = 'e'
	keyEdges    = 'g'
	keyRefunds  = 'r'
	keyAges     = 'f'
	keyPayments = 'p'
	keyLeft     = 'x'
)

// rows are what was kept, and what is still to be written.
type rows struct {
	get  func(key []byte) ([]byte, bool, error) // nil: nothing was kept elsewhere
	scan func(lower, upper []byte, fn func(key, val []byte) error) error
	new  map[string][]byte // nil for what is to be deleted
	over func(*fold) error // is called when a day is over; may be nil
}

// inMemory are rows that are kept nowhere else.
func inMemory() *rows { return &rows{new: make(map[string][]byte)} }

func (r *rows) put(key, val []byte) { r.new[string(key)] = val }

// read finds a row.
func (r *rows) read(key []byte) ([]byte, bool, error) {
	if val, ok := r.new[string(key)]; ok || r.get == nil {
		return val, val != nil, nil
	}
	return r.get(key)
}

// walk goes through the rows from lower to below upper. New ones must have been
// written, where rows are kept elsewhere.
func (r *rows) walk(lower, upper []byte, fn func(key, val []byte) error) error {
	if r.scan != nil {
		return r.scan(lower, upper, fn)
	}
	for _, key := range slices.Sorted(maps.Keys(r.new)) {
		if k := []byte(key); bytes.Compare(lower, k) <= 0 && bytes.Compare(k, upper) < 0 && r.new[key] != nil {
			if err := fn(k, r.new[key]); err != nil {
				return err
			}
		}
	}
	return nil
}

func rowKey(kind byte, rest ...[]byte) []byte {
	return append([]byte{kind}, slices.Concat(rest...)...)
}

func seqKey(kind byte, seq uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{kind}, seq)
}

// dayBytes sorts by day, days before 1970 included.
func dayBytes(d demurrage.Day) []byte {
	return binary.BigEndian.AppendUint32(nil, uint32(d)^1<<31)
}

func dayKey(kind byte, d demurrage.Day) []byte { return rowKey(kind, dayBytes(d)) }

func binKey(d demurrage.Day, b bin) []byte {
	return binary.BigEndian.AppendUint16(dayKey(keyAges, d), uint16(b))
}

// leaveRows writes down the day that is over, and the month if it is over too.
func (f *fold) leaveRows() error {
	b, r := f.day, f.rows
	b.exact = b.exact.inOrder()
	for rest := b.exact; len(rest) > 0; {
		in := binOf(rest[0].seconds)
		n := 0
		var worth sum
		for n < len(rest) && binOf(rest[n].seconds) == in {
			worth.add(rest[n].worth)
			n++
		}
		b.long = append(b.long, binned{in, worth})
		r.put(binKey(f.today, in), packAges(rest[:n]))
		rest = rest[n:]
	}
	r.put(dayKey(keyDay, f.today), b.pack())
	r.put(rowKey(keyEdges, []byte{keyDay}, dayBytes(f.today)), packEdges(b.edges))
	if err := f.month.plus(b); err != nil {
		return err
	}
	if tomorrow := f.today + 1; tomorrow.FirstOfMonth() {
		first := firstOfMonth(f.today)
		r.put(dayKey(keyMonth, first), f.month.pack())
		r.put(rowKey(keyEdges, []byte{keyMonth}, dayBytes(first)), packEdges(f.month.edges))
	}
	for day, gone := range f.dropped { // map order does not matter: each has a row
		key := rowKey(keyRefunds, dayBytes(f.today), dayBytes(day))
		r.put(key, gone.pack())
		r.put(append(slices.Clone(key), keyEdges), packEdges(gone.edges))
		r.put(append(slices.Clone(key), keyAges), packAges(gone.exact.inOrder()))
	}
	return f.leavePayments()
}

// firstOfMonth is the first day of a day's month.
func firstOfMonth(d demurrage.Day) demurrage.Day { return d - demurrage.Day(d.Time().Day()-1) }

// chunk is how many entries share a row of payments.
const chunk = 64

// leavePayments writes down the payments of the day: a refund may come later.
func (f *fold) leavePayments() error {
	begin := 0
	for i := 0; i < len(f.paid); {
		number := f.paid[i].seq / chunk
		key := seqKey(keyPayments, number)
		row, _, err := f.rows.read(key) // with those of the day before
		if err != nil {
			return err
		}
		p := packer(slices.Clone(row))
		for ; i < len(f.paid) && f.paid[i].seq/chunk == number; i++ {
			p.payment(&f.paid[i], f.parts[begin:f.paid[i].end])
			begin = f.paid[i].end
		}
		f.rows.put(key, p)
	}
	return nil
}

// payment finds a payment of a day that is over, and what refunds left of it; nil
// if that entry made none between two owners.
func (r *rows) payment(seq uint64) (*payment, []part, error) {
	row, ok, err := r.read(seqKey(keyLeft, seq))
	if err != nil {
		return nil, nil, err
	}
	if !ok {
		if row, _, err = r.read(seqKey(keyPayments, seq/chunk)); err != nil {
			return nil, nil, err
		}
	}
	for u := (unpacker{rest: row}); len(u.rest) > 0; {
		if p, parts := u.payment(); u.bad || p.seq == seq {
			return p, parts, u.doneIf()
		}
	}
	return nil, nil, nil
}

func (u *unpacker) doneIf() error {
	if u.bad {
		return errRows
	}
	return nil
}

func (r *rows) putEnd(day demurrage.Day, e *ending) { r.put(dayKey(keyEnd, day), e.pack()) }

// dayOf reads what dayBytes wrote.
func dayOf(key []byte) demurrage.Day {
	return demurrage.Day(binary.BigEndian.Uint32(key) ^ 1<<31)
}
