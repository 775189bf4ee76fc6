package report

import (
	"encoding/binary"
	"errors"
	"math/big"
	"math/bits"
	"slices"

	"grulden/demurrage"
	"grulden/ledger"
)

// errRows says that what was kept cannot be what the fold left.
var errRows = errors.New("the kept sums do not fit together: they are made again from the journal when their rows are gone")

// packer writes a row: numbers as varints, one after the other.
type packer []byte

func (p *packer) num(n uint64)   { *p = binary.AppendUvarint(*p, n) }
func (p *packer) signed(n int64) { *p = binary.AppendVarint(*p, n) }

// wide writes how many bytes follow, and the number, its lowest byte first.
func (p *packer) wide(w demurrage.Wide) {
	size := (bits.Len64(w.Lo) + 7) / 8
	if w.Hi != 0 {
		size = 8 + (bits.Len64(w.Hi)+7)/8
	}
	*p = append(*p, byte(size))
	*p = binary.LittleEndian.AppendUint64(*p, w.Lo)
	*p = binary.LittleEndian.AppendUint64(*p, w.Hi)
	*p = (*p)[:len(*p)-16+size]
}

func (p *packer) sum(s *sum) {
	p.wide(demurrage.Wide{Hi: s[1], Lo: s[0]})
	p.wide(demurrage.Wide{Hi: s[3], Lo: s[2]})
}

func (p *packer) ages(a *ageSum) {
	p.sum(&a.products)
	p.sum(&a.total)
}

func (p *packer) text(s string) {
	p.num(uint64(len(s)))
	*p = append(*p, s...)
}

func (p *packer) big(b *big.Int) {
	p.num(uint64(b.Sign() + 1))
	p.text(string(b.Bytes()))
}

func (p *packer) flag(f bool) {
	if f {
		p.num(1)
	} else {
		p.num(0)
	}
}

// unpacker reads what a packer wrote; after the first number that is not there,
// it is bad and gives nought.
type unpacker struct {
	rest []byte
	bad  bool
}

func (u *unpacker) num() uint64 {
	if len(u.rest) > 0 && u.rest[0] < 0x80 { // mostly
		n := u.rest[0]
		u.rest = u.rest[1:]
		return uint64(n)
	}
	n, size := binary.Uvarint(u.rest)
	if size <= 0 {
		u.rest, u.bad = nil, true
		return 0
	}
	u.rest = u.rest[size:]
	return n
}

func (u *unpacker) signed() int64 {
	n := u.num()
	return int64(n>>1) ^ -int64(n&1)
}

func (u *unpacker) wide() demurrage.Wide {
	if len(u.rest) >= 17 && u.rest[0] <= 16 { // in one go
		size := uint(u.rest[0])
		lo, hi := binary.LittleEndian.Uint64(u.rest[1:]), binary.LittleEndian.Uint64(u.rest[9:])
		u.rest = u.rest[1+size:]
		if size <= 8 {
			return demurrage.Wide{Lo: lo &^ (^uint64(0) << (8 * size))}
		}
		return demurrage.Wide{Hi: hi &^ (^uint64(0) << (8 * (size - 8))), Lo: lo}
	}
	var whole [16]byte
	if size := u.num(); size > 16 || copy(whole[:], u.bytes(size)) < int(size) {
		u.rest, u.bad = nil, true
	}
	return demurrage.Wide{Hi: binary.LittleEndian.Uint64(whole[8:]), Lo: binary.LittleEndian.Uint64(whole[:])}
}

func (u *unpacker) sum() sum {
	low, high := u.wide(), u.wide()
	return sum{low.Lo, low.Hi, high.Lo, high.Hi}
}

// bytes takes so many bytes as they stand there.
func (u *unpacker) bytes(n uint64) []byte {
	if n > uint64(len(u.rest)) {
		u.rest, u.bad = nil, true
		return nil
	}
	b := u.rest[:n:n]
	u.rest = u.rest[n:]
	return b
}

func (u *unpacker) ages() (a ageSum) {
	a.products = u.sum()
	a.total = u.sum()
	return a
}

func (u *unpacker) text() string { return string(u.bytes(u.num())) }

func (u *unpacker) big(b *big.Int) {
	sign := int(u.num()) - 1
	b.SetBytes([]byte(u.text()))
	if sign < 0 {
		b.Neg(b)
	}
}

func (u *unpacker) flag() bool         { return u.num() == 1 }
func (u *unpacker) day() demurrage.Day { return demurrage.Day(u.signed()) }

// many is how many things follow, each of at least a byte.
func (u *unpacker) many() int {
	n := u.num()
	if n > uint64(len(u.rest)) {
		u.rest, u.bad = nil, true
		return 0
	}
	return int(n)
}

// done tells whether a row was read to its end.
func (u *unpacker) done() error {
	if u.bad || len(u.rest) > 0 {
		return errRows
	}
	return nil
}

// pack writes a block, but for who is behind it.
func (b *block) pack() []byte {
	var p packer
	for c := range b.totals {
		if len(b.totals[c]) > 0 {
			p.num(uint64(c) + 1)
			p.num(uint64(len(b.totals[c])))
			for role := range b.totals[c] {
				p.sum(&b.totals[c][role])
			}
		}
	}
	p.num(0)
	p.num(uint64(len(b.groups)))
	for _, g := range b.groups {
		p.num(uint64(g))
	}
	p.num(uint64(b.dropped))
	p.num(uint64(len(b.lay)))
	for i := range b.lay {
		p.ages(&b.lay[i])
	}
	p.ages(&b.redeemed)
	p.num(uint64(len(b.long)))
	for i := range b.long {
		p.num(uint64(b.long[i].bin))
		p.sum(&b.long[i].worth)
	}
	p.num(uint64(len(b.held)))
	for i := range b.held {
		p.sum(&b.held[i])
	}
	for _, n := range []*big.Int{&b.stock, &b.demurrage, &b.rounding, &b.left} {
		p.big(n)
	}
	return p
}

// unpackBlock reads what pack wrote.
func unpackBlock(row []byte) (*block, error) {
	u, b := unpacker{rest: row}, new(block)
	for c := u.num(); c > 0; c = u.num() {
		if c > uint64(cellCount) {
			return nil, errRows
		}
		b.totals[c-1] = make([]sum, u.many())
		for role := range b.totals[c-1] {
			b.totals[c-1][role] = u.sum()
		}
	}
	b.groups = make([]group, u.many())
	for i := range b.groups {
		b.groups[i] = group(u.num())
	}
	b.dropped = int(u.num())
	b.lay = make([]ageSum, u.many())
	for i := range b.lay {
		b.lay[i] = u.ages()
	}
	b.redeemed = u.ages()
	b.long = make(histogram, u.many())
	for i := range b.long {
		b.long[i].bin = bin(u.num())
		b.long[i].worth = u.sum()
	}
	b.held = make([]sum, u.many())
	for i := range b.held {
		b.held[i] = u.sum()
	}
	for _, n := range []*big.Int{&b.stock, &b.demurrage, &b.rounding, &b.left} {
		u.big(n)
	}
	return b, u.done()
}

// groups packs what holders added to the cells, a row for each group. It can be used
// again: the rows are good until then.
type groups struct{ rows, some [groupCount]packer }

func (p *groups) pack(d *deals, holders []holder) *[groupCount]packer {
	rows, some := &p.rows, &p.some
	for g := range rows {
		rows[g] = rows[g][:0]
	}
	var before, count [groupCount]uint64
	for c := range d {
		clear(before[:])
		clear(count[:])
		for number, worth := range d[c].each() {
			g := groupOf(cell(c), holders[number].role)
			some[g].num(uint64(number) - before[g])
			some[g].wide(worth)
			before[g] = uint64(number)
			count[g]++
		}
		for g := range some {
			if count[g] > 0 {
				rows[g].num(uint64(c))
				rows[g].num(count[g])
				rows[g] = append(rows[g], some[g]...)
				some[g] = some[g][:0]
			}
		}
	}
	return rows
}

// pack writes what all of them added as one row.
func (d *deals) pack(holders []holder) []byte {
	var all packer
	for _, row := range new(groups).pack(d, holders) {
		all = append(all, row...)
	}
	return all
}

// unpack adds the wanted ones of what holders added to the cells.
func (d *deals) unpack(row []byte, holders []holder, want wanted) error {
	u := unpacker{rest: row}
	for len(u.rest) > 0 {
		c, number := u.num(), uint64(0)
		if c >= uint64(cellCount) {
			return errRows
		}
		var on *page // of the holder before, and most likely of the next
		onto := uint64(0)
		for range u.many() {
			number += u.num()
			worth := u.wide()
			if number >= uint64(len(holders)) {
				return errRows
			}
			if !want.has(groupOf(cell(c), holders[number].role)) {
				continue
			}
			if n := number / uint64(len(page{})); on == nil || n != onto {
				on, onto = d[c].page(uint32(number)), n
			}
			at := &on[number%uint64(len(page{}))]
			var ok bool
			if *at, ok = at.Add(worth); !ok {
				return errTooLarge
			}
		}
	}
	return u.done()
}

// packEdges writes edges that are in order.
func packEdges(edges edges) []byte {
	p := make(packer, 0, 8*len(edges)+8)
	p.num(uint64(len(edges)))
	from := uint32(0)
	for _, e := range edges {
		p.num(uint64(e.from - from))
		p.num(uint64(e.to))
		p.num(uint64(e.cents))
		p.num(uint64(e.count))
		from = e.from
	}
	return p
}

// unpackEdges reads what packEdges wrote.
func unpackEdges(row []byte) (edges, error) {
	u := unpacker{rest: row}
	all, from := make(edges, u.many()), uint32(0)
	for i := range all {
		from += uint32(u.num())
		all[i] = edge{from, uint32(u.num()), ledger.Cents(u.num()), int(u.num())}
	}
	return all, u.done()
}

// packBins writes how long amounts lay, the shortest first, so that those of one
// bin can be read alone: the bins and how many bytes each has, then those.
func packBins(as ages) []byte {
	var head packer
	body := make(packer, 0, 16*len(as)+16)
	bins := uint64(0)
	for len(as) > 0 {
		n, begin := as.inBin(), len(body)
		body.lain(as[:n])
		head.num(uint64(binOf(as[0].seconds)))
		head.num(uint64(len(body) - begin))
		as = as[n:]
		bins++
	}
	var p packer
	p.num(bins)
	return slices.Concat(p, head, body)
}

// packAges writes how long amounts lay, the shortest first.
func packAges(as ages) []byte {
	p := make(packer, 0, 16*len(as)+8)
	p.lain(as)
	return p
}

func (p *packer) lain(as ages) {
	p.num(uint64(len(as)))
	before := int64(0)
	for _, a := range as {
		p.num(uint64(a.seconds - before))
		p.wide(a.worth)
		before = a.seconds
	}
}

func unpackAges(row []byte) (as ages, err error) {
	u, at := unpacker{rest: row}, int64(0)
	as = make(ages, u.many())
	for i := range as {
		at += int64(u.num())
		as[i] = age{at, u.wide()}
	}
	return as, u.done()
}

// payment writes a payment and its parts.
func (p *packer) payment(pay *payment, parts []part) {
	p.num(pay.seq)
	p.signed(int64(pay.day))
	p.signed(pay.at)
	p.num(uint64(pay.from))
	p.num(uint64(pay.to))
	p.num(uint64(len(parts)))
	for _, q := range parts {
		p.signed(pay.at - q.since)
		p.wide(q.worth)
		p.num(uint64(q.row))
	}
}

func (u *unpacker) payment() (*payment, []part) {
	p := &payment{seq: u.num(), day: u.day(), at: u.signed(), from: uint32(u.num()), to: uint32(u.num())}
	parts := make([]part, u.many())
	for i := range parts {
		parts[i].since = p.at - u.signed()
		parts[i].worth = u.wide()
		parts[i].row = row(u.num())
	}
	return p, parts
}

// pack writes the end of a day.
func (e *ending) pack() []byte {
	var p packer
	p.num(e.seq)
	p.big(&e.held)
	p.signed(int64(e.supply))
	p.signed(int64(e.escrow))
	p.signed(int64(e.made))
	p.stats(e.cells[:])
	p.stats(e.issued)
	p.num(uint64(len(e.roles)))
	for i := range e.roles {
		r := &e.roles[i]
		p.num(uint64(r.accounts))
		p.num(uint64(r.unused))
		p.stat(&r.held)
		p.ages(&r.lies)
	}
	return p
}

// stats writes those stats that somebody is in, by their places.
func (p *packer) stats(all []stat) {
	for i := range all {
		if all[i].owners > 0 {
			p.num(uint64(i) + 1)
			p.stat(&all[i])
		}
	}
	p.num(0)
}

func (p *packer) stat(s *stat) {
	p.sum(&s.total)
	p.num(uint64(s.owners))
	p.wide(s.top[0])
	p.wide(s.top[1])
}

func (u *unpacker) stat() stat {
	return stat{total: u.sum(), owners: int(u.num()), top: [2]demurrage.Wide{u.wide(), u.wide()}}
}

// unpackEnding reads what pack wrote.
func unpackEnding(row []byte) (*ending, error) {
	u := unpacker{rest: row}
	e := new(ending)
	e.seq = u.num()
	u.big(&e.held)
	e.supply, e.escrow, e.made = ledger.Cents(u.signed()), ledger.Cents(u.signed()), ledger.Cents(u.signed())
	for i := u.num(); i > 0; i = u.num() {
		if i > uint64(heldCells) {
			return nil, errRows
		}
		e.cells[i-1] = u.stat()
	}
	for i := u.num(); i > 0; i = u.num() {
		if i > maxMonths {
			return nil, errRows
		}
		*e.ofMonth(int(i - 1)) = u.stat()
	}
	e.roles = make([]roleEnd, u.many())
	for i := range e.roles {
		r := &e.roles[i]
		r.accounts, r.unused = int(u.num()), int(u.num())
		r.held, r.lies = u.stat(), u.ages()
	}
	return e, u.done()
}
