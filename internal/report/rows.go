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
//	w redemption          a redemption that waits
//	z redemption          one that was settled: it may be opened again
//	d day                 what happened on a day
//	m first-day           what happened in a month
//	e day                 the end of a day
//	h 'd' or 'm', day, group    what the holders of a group added to the cells
//	g 'd' or 'm', day     who paid whom
//	f 'd', day            how long what was paid had lain, to the second, by bin
//	f 'm', day, bin       the same of one bin
//	r day, payment-day    what refunds of a day dropped from payments of another, and 'h', 'g' and 'f' of it
//	p seq/64              payments, by the entries that made them, less what was refunded
const (
	keyVersion  = 'v'
	keyState    = 's'
	keyPurse    = 'a'
	keyAsked    = 'w'
	keySettled  = 'z'
	keyDay      = 'd'
	keyMonth    = 'm'
	keyEnd      = 'e'
	keyHolders  = 'h'
	keyEdges    = 'g'
	keyAges     = 'f'
	keyRefunds  = 'r'
	keyPayments = 'p'
)

// rows are what was kept, and what is still to be written.
type rows struct {
	get  func(key []byte) ([]byte, bool, error) // nil: nothing was kept elsewhere
	scan func(lower, upper []byte, fn func(key, val []byte) error) error
	new  map[string][]byte // nil for what is to be deleted
	over func(*fold) error // is called when a day is over; may be nil

	groups groups
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

// levelKey is the key of a row that there is for days and for months.
func levelKey(kind, level byte, d demurrage.Day) []byte {
	return rowKey(kind, []byte{level}, dayBytes(d))
}

func binKey(month demurrage.Day, b bin) []byte {
	return binary.BigEndian.AppendUint16(levelKey(keyAges, keyMonth, month), uint16(b))
}

// leaveRows writes down the day that is over, and the month if it is over too.
func (f *fold) leaveRows() error {
	b, r := f.day, f.rows
	if err := f.addUp(b); err != nil {
		return err
	}
	b.exact, b.edges = inOrder(b.exact), inOrder(b.edges)
	b.dropped = len(f.dropped)
	b.long = b.exact.binned()
	r.put(levelKey(keyAges, keyDay, f.today), packBins(b.exact))
	r.putBlock(b, keyDay, f.today, f.holders)
	for day, gone := range f.dropped { // map order does not matter: each has a row
		key := rowKey(keyRefunds, dayBytes(f.today), dayBytes(day))
		if err := f.addUp(gone); err != nil {
			return err
		}
		r.put(key, gone.pack())
		r.put(append(slices.Clone(key), keyHolders), gone.deals.pack(f.holders))
		r.put(append(slices.Clone(key), keyEdges), packEdges(inOrder(gone.edges)))
		r.put(append(slices.Clone(key), keyAges), packAges(inOrder(gone.exact)))
	}
	if err := f.leavePayments(); err != nil {
		return err
	}
	if tomorrow := f.today + 1; tomorrow.FirstOfMonth() {
		return f.leaveMonth(f.today.MonthBegin())
	}
	return nil
}

// putBlock writes down a block, who is behind it, and who paid whom.
func (r *rows) putBlock(b *block, level byte, day demurrage.Day, holders []holder) {
	b.groups = b.groups[:0]
	for g, row := range r.groups.pack(&b.deals, holders) {
		if len(row) > 0 {
			r.put(append(levelKey(keyHolders, level, day), byte(g)), bytes.Clone(row))
			b.groups = append(b.groups, group(g))
		}
	}
	r.put(dayKey(level, day), b.pack())
	r.put(levelKey(keyEdges, level, day), packEdges(b.edges))
}

// leaveMonth adds up the days of a month.
func (f *fold) leaveMonth(first demurrage.Day) error {
	all := new(block)
	var paid [][]edge
	lain := make(map[bin][][]age)
	for day := max(first, f.first); day <= f.today; day++ {
		if err := f.rows.addBlock(all, keyDay, day, f.holders, everybody); err != nil {
			return err
		}
		edges, err := f.rows.edges(keyDay, day)
		if err != nil {
			return err
		}
		paid = append(paid, edges)
		err = f.rows.eachBin(day, func(in bin, row []byte) error {
			ages, err := unpackAges(row)
			lain[in] = append(lain[in], ages)
			return err
		})
		if err != nil {
			return err
		}
	}
	for in, lists := range lain { // map order does not matter: each has a row
		f.rows.put(binKey(first, in), packAges(joined(lists)))
	}
	all.edges = joined(paid)
	f.rows.putBlock(all, keyMonth, first, f.holders)
	return nil
}

// must reads a row that has to be there.
func (r *rows) must(key []byte) ([]byte, error) {
	row, ok, err := r.read(key)
	if err == nil && !ok {
		err = errRows
	}
	return row, err
}

// addBlock adds the block of a day or of a month to another, with those groups
// behind it that are wanted.
func (r *rows) addBlock(to *block, level byte, day demurrage.Day, holders []holder, want wanted) error {
	row, err := r.must(dayKey(level, day))
	if err != nil {
		return err
	}
	b, err := unpackBlock(row)
	if err != nil {
		return err
	}
	for _, group := range b.groups {
		if !want.has(group) {
			continue
		}
		row, err := r.must(append(levelKey(keyHolders, level, day), byte(group)))
		if err == nil {
			err = to.deals.unpack(row, holders, want)
		}
		if err != nil {
			return err
		}
	}
	return to.plus(b)
}

// eachBin goes through the bins of a day, each with its row of times.
func (r *rows) eachBin(day demurrage.Day, fn func(bin, []byte) error) error {
	row, err := r.must(levelKey(keyAges, keyDay, day))
	if err != nil {
		return err
	}
	u := unpacker{rest: row}
	bins := make([]struct{ bin, size uint64 }, u.many())
	for i := range bins {
		bins[i].bin, bins[i].size = u.num(), u.num()
	}
	for _, b := range bins {
		if row := u.bytes(b.size); !u.bad {
			if err := fn(bin(b.bin), row); err != nil {
				return err
			}
		}
	}
	return u.done()
}

// edges reads who paid whom on a day or in a month.
func (r *rows) edges(level byte, day demurrage.Day) (edges, error) {
	row, err := r.must(levelKey(keyEdges, level, day))
	if err != nil {
		return nil, err
	}
	return unpackEdges(row)
}

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
		p := append(make(packer, 0, len(row)+chunk*64), row...)
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
	row, _, err := r.read(seqKey(keyPayments, seq/chunk))
	if err != nil {
		return nil, nil, err
	}
	for u := (unpacker{rest: row}); len(u.rest) > 0; {
		if p, parts := u.payment(); u.bad || p.seq == seq {
			return p, parts, u.doneIf()
		}
	}
	return nil, nil, nil
}

// refunded writes down what refunds left of a payment of a day that is over.
func (r *rows) refunded(left *payment, parts []part) error {
	key := seqKey(keyPayments, left.seq/chunk)
	row, err := r.must(key)
	if err != nil {
		return err
	}
	var again packer
	u := unpacker{rest: row}
	for len(u.rest) > 0 {
		p, q := u.payment()
		if p.seq == left.seq {
			q = parts
		}
		again.payment(p, q)
	}
	r.put(key, again)
	return u.doneIf()
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
