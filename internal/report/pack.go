package report

import (
	"cmp"
	"encoding/binary"
	"errors"
	"maps"
	"math/big"
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

func (p *packer) wide(w demurrage.Wide) {
	p.num(w.Lo)
	p.num(w.Hi)
}

func (p *packer) sum(s *sum) {
	for _, word := range s {
		p.num(word)
	}
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

func (u *unpacker) wide() (w demurrage.Wide) {
	w.Lo = u.num()
	w.Hi = u.num()
	return w
}

func (u *unpacker) sum() (s sum) {
	for i := range s {
		s[i] = u.num()
	}
	return s
}

func (u *unpacker) ages() (a ageSum) {
	a.products = u.sum()
	a.total = u.sum()
	return a
}

func (u *unpacker) text() string {
	n := u.num()
	if n > uint64(len(u.rest)) {
		u.rest, u.bad = nil, true
		return ""
	}
	s := string(u.rest[:n])
	u.rest = u.rest[n:]
	return s
}

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

// pack writes a block, but for its edges.
func (b *block) pack() []byte {
	var p packer
	p.num(uint64(len(b.deals)))
	for _, row := range b.deals {
		slices.SortFunc(row, func(x, y share) int { return cmp.Compare(x.cell, y.cell) })
		p.num(uint64(len(row)))
		for _, s := range row {
			p.num(uint64(s.cell))
			p.wide(s.worth)
		}
	}
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
	u, b := unpacker{rest: row}, newBlock()
	b.deals = make(deals, u.many())
	for i := range b.deals {
		if n := u.many(); n > 0 {
			b.deals[i] = make([]share, n)
		}
		for j := range b.deals[i] {
			b.deals[i][j].cell = cell(u.num())
			b.deals[i][j].worth = u.wide()
		}
	}
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

// packEdges writes edges in the order of holders.
func packEdges(edges map[way]edge) []byte {
	var p packer
	p.num(uint64(len(edges)))
	ways := slices.SortedFunc(maps.Keys(edges), func(a, b way) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	for _, w := range ways {
		p.num(uint64(w.from))
		p.num(uint64(w.to))
		p.num(uint64(edges[w].cents))
		p.num(uint64(edges[w].count))
	}
	return p
}

// unpackEdges adds the edges of a row, or takes them away.
func unpackEdges(row []byte, sign int, into map[way]edge) error {
	u := unpacker{rest: row}
	for range u.many() {
		w := way{uint32(u.num()), uint32(u.num())}
		e := into[w]
		e.cents += ledger.Cents(sign) * ledger.Cents(u.num())
		e.count += sign * int(u.num())
		into[w] = e
	}
	return u.done()
}

// packAges writes how long amounts lay, the shortest first, with equal times added
// up.
func packAges(as ages) []byte {
	var p packer
	p.num(uint64(len(as)))
	before := int64(0)
	for _, a := range as {
		p.num(uint64(a.seconds - before))
		p.wide(a.worth)
		before = a.seconds
	}
	return p
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

// inOrder sorts by time and adds up equal times.
func (as ages) inOrder() ages {
	slices.SortFunc(as, func(a, b age) int { return cmp.Compare(a.seconds, b.seconds) })
	all := as[:0]
	for _, a := range as {
		if n := len(all); n > 0 && all[n-1].seconds == a.seconds {
			all[n-1].worth, _ = all[n-1].worth.Add(a.worth) // fits: counted before
			continue
		}
		all = append(all, a)
	}
	return all
}

// paymentRow writes a payment and its parts.
func paymentRow(pay *payment, parts []part) []byte {
	var p packer
	p.payment(pay, parts)
	return p
}

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
	p.ages(&e.lies)
	p.num(uint64(len(e.cells)))
	for _, c := range slices.Sorted(maps.Keys(e.cells)) {
		p.num(uint64(c))
		p.stat(e.cells[c])
	}
	p.num(uint64(len(e.issued)))
	for _, month := range slices.Sorted(maps.Keys(e.issued)) {
		p.num(uint64(month))
		p.stat(e.issued[month])
	}
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

func (p *packer) stat(s *stat) {
	p.sum(&s.total)
	p.num(uint64(s.owners))
	p.wide(s.top[0])
	p.wide(s.top[1])
}

func (u *unpacker) stat() *stat {
	return &stat{total: u.sum(), owners: int(u.num()), top: [2]demurrage.Wide{u.wide(), u.wide()}}
}

// unpackEnding reads what pack wrote.
func unpackEnding(row []byte) (*ending, error) {
	u := unpacker{rest: row}
	e := &ending{cells: make(map[cell]*stat), issued: make(map[uint32]*stat)}
	e.seq = u.num()
	u.big(&e.held)
	e.supply, e.escrow, e.made = ledger.Cents(u.signed()), ledger.Cents(u.signed()), ledger.Cents(u.signed())
	e.lies = u.ages()
	for range u.many() {
		c := cell(u.num())
		e.cells[c] = u.stat()
	}
	for range u.many() {
		month := uint32(u.num())
		e.issued[month] = u.stat()
	}
	e.roles = make([]roleEnd, u.many())
	for i := range e.roles {
		r := &e.roles[i]
		r.accounts, r.unused = int(u.num()), int(u.num())
		r.held, r.lies = *u.stat(), u.ages()
	}
	return e, u.done()
}
