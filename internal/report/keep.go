package report

import (
	"encoding/binary"
	"encoding/json"
	"fmt"

	"grulden/internal/store"
	"grulden/ledger"
)

// version is that of the rows. It goes up when anything in them means something
// else, and all of them are then made again.
const version = 4

// kept are the rows of a ledger's store.
func kept(db *store.DB) *rows {
	space := db.Space(store.Sums)
	full := func(key []byte) []byte { return append([]byte{store.Sums}, key...) }
	return &rows{
		get: space.Get,
		scan: func(lower, upper []byte, fn func(key, val []byte) error) error {
			return db.Scan(full(lower), full(upper), func(key, val []byte) error { return fn(key[1:], val) })
		},
		new: make(map[string][]byte),
	}
}

// write writes what is new, all of it or nothing.
func (r *rows) write(db *store.DB) error {
	err := db.Space(store.Sums).Update(func(b *store.Batch) {
		for key, val := range r.new { // map order does not matter: all keys are different
			if val == nil {
				b.Delete([]byte(key))
			} else {
				b.Set([]byte(key), val)
			}
		}
	})
	clear(r.new)
	return err
}

// empty removes all rows, the version first.
func (r *rows) empty(db *store.DB) error {
	clear(r.new)
	r.put([]byte{keyVersion}, nil)
	if err := r.write(db); err != nil {
		return err
	}
	err := r.scan(nil, []byte{0xff}, func(key, _ []byte) error {
		r.put(key, nil)
		if len(r.new) < 10_000 {
			return nil
		}
		return r.write(db)
	})
	if err != nil {
		return err
	}
	return r.write(db)
}

// save puts the fold into rows, on a day that has no entries yet.
func (f *fold) save() error {
	var p packer
	p.num(f.seq)
	p.signed(int64(f.first))
	p.signed(int64(f.today))
	policies, err := json.Marshal(f.policies)
	if err != nil {
		return fmt.Errorf("keeping the policies: %w", err)
	}
	p.text(string(policies))
	for _, c := range []ledger.Cents{f.issued, f.redeemed, f.escrow, f.made} {
		p.signed(int64(c))
	}
	p.big(&f.opened)
	p.num(uint64(len(f.all)))
	for _, a := range f.all {
		p.signed(int64(a.Melts))
		p.wide(a.Units)
	}
	p.num(uint64(len(f.roles)))
	for _, role := range f.roles {
		p.text(role)
	}
	p.num(uint64(len(f.holders)))
	for _, h := range f.holders {
		p.num(uint64(h.owner))
		p.num(uint64(h.role))
	}
	p.num(uint64(len(f.purses)))
	p.num(uint64(len(f.asked)))
	p.text(string(f.day.pack()))
	p.text(string(f.day.deals.pack(f.holders)))
	f.rows.put([]byte{keyVersion}, []byte{version})
	f.rows.put([]byte{keyState}, p)
	for _, p := range f.purses { // map order does not matter: each has a row
		if p.dirty {
			f.rows.put(seqKey(keyPurse, uint64(p.id)), p.pack())
			p.dirty = false
		}
	}
	for id, r := range f.asked { // map order does not matter: each has a row
		if r.dirty {
			f.rows.put(rowKey(keyAsked, id[:]), r.pack())
			r.dirty = false
		}
	}
	return nil
}

// load takes up the fold where it was saved. It reports whether it was.
func (f *fold) load() (found bool, err error) {
	row, found, err := f.rows.read([]byte{keyState})
	if err != nil || !found {
		return false, err
	}
	u := unpacker{rest: row}
	f.begun, f.seq, f.first, f.today = true, u.num(), u.day(), u.day()
	if err := json.Unmarshal([]byte(u.text()), &f.policies); err != nil {
		return false, fmt.Errorf("%w: %w", errRows, err)
	}
	for _, p := range f.policies {
		f.addTerms(p)
	}
	for _, c := range []*ledger.Cents{&f.issued, &f.redeemed, &f.escrow, &f.made} {
		*c = ledger.Cents(u.signed())
	}
	u.big(&f.opened)
	f.all = make(amounts, u.many())
	for i := range f.all {
		f.all[i] = ledger.Amount{Melts: u.day(), Units: u.wide()}
	}
	f.roles = make([]string, u.many())
	for i := range f.roles {
		f.roles[i] = u.text()
	}
	holders := u.many()
	f.holders = make([]holder, 0, holders)
	for range holders {
		f.addHolder(holder{owner: ledger.OwnerID(u.num()), role: int(u.num())})
	}
	purses, asked := u.num(), u.num()
	day, behind := u.bytes(u.num()), u.bytes(u.num())
	if err := u.done(); err != nil {
		return false, err
	}
	if f.day, err = unpackBlock(day); err != nil {
		return false, err
	}
	if err := f.day.deals.unpack(behind, f.holders, everybody); err != nil {
		return false, err
	}
	if err := f.loadRest(); err != nil {
		return false, err
	}
	if uint64(len(f.purses)) != purses || uint64(len(f.asked)) != asked {
		return false, errRows
	}
	return true, nil
}

// loadRest reads accounts, and redemptions that wait.
func (f *fold) loadRest() error {
	err := f.rows.walk([]byte{keyPurse}, []byte{keyPurse + 1}, func(key, row []byte) error {
		p, err := unpackPurse(ledger.AccountID(binary.BigEndian.Uint64(key[1:])), row)
		if err == nil && int(p.holder) >= len(f.holders) {
			err = errRows
		}
		if err == nil {
			p.owner = f.holders[p.holder].owner
			f.addPurse(p)
		}
		return err
	})
	if err != nil {
		return err
	}
	return f.rows.walk([]byte{keyAsked}, []byte{keyAsked + 1}, func(key, row []byte) error {
		r, err := unpackRedemption(row)
		f.asked[ledger.ID(key[1:])] = r
		return err
	})
}

// pack writes an account.
func (p *purse) pack() []byte {
	var w packer
	w.num(uint64(p.holder))
	w.flag(p.closed)
	w.flag(p.paid)
	w.num(uint64(len(p.lots)))
	for i := range p.lots {
		l := &p.lots[i]
		w.num(l.id.Seq)
		w.num(uint64(l.id.Part))
		w.wide(l.units)
		w.signed(int64(l.melts))
		w.signed(int64(l.ripe))
		w.flag(l.aged)
		w.signed(l.since)
		w.num(uint64(l.trail.hops) + 1)
		for s := l.trail.last; s != nil; s = s.up {
			w.num(uint64(s.owner))
			w.signed(int64(s.day))
			w.signed(int64(s.melts))
		}
	}
	w.num(uint64(len(p.pool)))
	for i := range p.pool {
		a := &p.pool[i]
		w.signed(int64(a.melts))
		w.signed(a.since)
		w.wide(a.units)
		w.origin(a.origin)
	}
	return w
}

func (p *packer) origin(o origin) {
	p.signed(int64(o.issued))
	p.num(uint64(o.hops))
	p.flag(o.aged)
}

func (u *unpacker) origin() origin {
	return origin{issued: u.day(), hops: uint8(u.num()), aged: u.flag()}
}

func unpackPurse(id ledger.AccountID, row []byte) (*purse, error) {
	u := unpacker{rest: row}
	p := &purse{id: id, holder: uint32(u.num()), closed: u.flag(), paid: u.flag()}
	p.lots = make([]lot, u.many())
	for i := range p.lots {
		l := lot{id: ledger.LotID{Seq: u.num(), Part: uint32(u.num())}, units: u.wide(), melts: u.day(), ripe: u.day(), aged: u.flag()}
		l.since = u.signed()
		l.trail = u.trail(u.many())
		p.lots[i] = l
	}
	p.pool = make(pool, u.many())
	for i := range p.pool {
		p.pool[i] = arrival{u.day(), u.signed(), u.wide(), u.origin()}
	}
	return p, u.done()
}

// trail reads a way of so many stops, the last one first.
func (u *unpacker) trail(stops int) trail {
	all := make([]stop, max(stops, 1))
	t := trail{last: &all[0], hops: stops - 1}
	for i := range all {
		all[i] = stop{owner: ledger.OwnerID(u.num()), day: u.day(), melts: u.day()}
		t.met |= marks(all[i].owner)
		if i > 0 {
			all[i-1].up = &all[i]
		}
	}
	t.since, t.began = all[0].day, all[len(all)-1].day
	u.bad = u.bad || stops == 0
	return t
}

// pack writes a redemption.
func (r *redemption) pack() []byte {
	var p packer
	p.num(uint64(r.holder))
	p.signed(int64(r.amount))
	p.signed(int64(r.fee))
	p.signed(r.at)
	p.num(uint64(len(r.moved)))
	for i := range r.moved {
		m := &r.moved[i]
		p.signed(int64(m.melts))
		p.wide(m.worth)
		p.num(uint64(len(m.pieces)))
		for _, q := range m.pieces {
			p.signed(q.since)
			p.wide(q.worth)
			p.origin(q.origin)
		}
	}
	return p
}

func unpackRedemption(row []byte) (*redemption, error) {
	u := unpacker{rest: row}
	r := &redemption{holder: uint32(u.num()), amount: ledger.Cents(u.signed()), fee: ledger.Cents(u.signed()), at: u.signed()}
	r.moved = make([]movement, u.many())
	for i := range r.moved {
		m := &r.moved[i]
		m.melts, m.worth, m.pooled = u.day(), u.wide(), true
		m.lands = m.melts
		m.pieces = make([]piece, u.many())
		for j := range m.pieces {
			m.pieces[j] = piece{u.signed(), u.wide(), u.origin()}
		}
	}
	return r, u.done()
}
