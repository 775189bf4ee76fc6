package node

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cespare/xxhash/v2"

	"grulden/demurrage"
	"grulden/internal/journal"
	"grulden/internal/store"
	"grulden/ledger"
)

// Rows are the state as it lies in the store. They are written in the same
// batch as the entries that led to them; the journal is the truth and the rows
// can be made again from it. Numbers are varints in the order of the fields.
//
//	h 's'                          settings, as JSON
//	h 'h'                          head: what is not any account's
//	h 'b' last-seq                 step of one batch: the journal before and after
//	j seq                          journal entry
//	a account                      account
//	l account seq part             lot
//	e id                           payment or redemption
//	r id                           redemption that waits
//	k key                          entry a command's key led to
//	p first-day                    policy

// keyOf is a prefix and numbers in big-endian order.
func keyOf(prefix byte, numbers ...uint64) []byte {
	key := append(make([]byte, 0, 1+8*len(numbers)), prefix)
	for _, n := range numbers {
		key = binary.BigEndian.AppendUint64(key, n)
	}
	return key
}

var (
	settingsKey = []byte{store.Head, 's'}
	headKey     = []byte{store.Head, 'h'}
)

// number reads one of the numbers of a key.
func number(b []byte) uint64 {
	if len(b) < 8 {
		return 0
	}
	return binary.BigEndian.Uint64(b)
}

func journalKey(seq uint64) []byte             { return keyOf(store.Journal, seq) }
func accountKey(id ledger.AccountID) []byte    { return keyOf(store.Accounts, uint64(id)) }
func lotsPrefix(id ledger.AccountID) []byte    { return keyOf(store.Lots, uint64(id)) }
func paperKey(prefix byte, id [16]byte) []byte { return append([]byte{prefix}, id[:]...) }

func stepKey(last uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{store.Head, 'b'}, last)
}

func lotKey(a ledger.AccountID, id ledger.LotID) []byte {
	key := append(make([]byte, 0, 21), lotsPrefix(a)...)
	key = binary.BigEndian.AppendUint64(key, id.Seq)
	return binary.BigEndian.AppendUint32(key, id.Part)
}

// policyKey sorts by day, days before 1970 included.
func policyKey(d demurrage.Day) []byte {
	return binary.BigEndian.AppendUint32([]byte{store.Policies}, uint32(d)^1<<31)
}

// guard is the check over one row; the guards of many are XORed.
func guard(key, row []byte) uint64 {
	var d xxhash.Digest
	d.Reset()
	_, _ = d.Write(key) // never fails
	_, _ = d.Write(row)
	return d.Sum64()
}

var errRow = errors.New("a row of the state cannot be read")

// writer appends the fields of a row.
type writer []byte

func (w *writer) uint(n uint64)         { *w = binary.AppendUvarint(*w, n) }
func (w *writer) int(n int64)           { *w = binary.AppendVarint(*w, n) }
func (w *writer) day(d demurrage.Day)   { w.int(int64(d)) }
func (w *writer) fixed(n uint64)        { *w = binary.BigEndian.AppendUint64(*w, n) }
func (w *writer) wide(n demurrage.Wide) { w.uint(n.Lo); w.uint(n.Hi) }
func (w *writer) text(s string)         { w.uint(uint64(len(s))); *w = append(*w, s...) }
func (w *writer) flag(f bool) {
	if f {
		*w = append(*w, 1)
		return
	}
	*w = append(*w, 0)
}

func (w *writer) amounts(as ledger.Amounts) {
	w.uint(uint64(len(as)))
	for _, a := range as {
		w.day(a.Melts)
		w.wide(a.Units)
	}
}

// reader takes the fields of a row; after the first one that is not there, it
// is broken.
type reader struct {
	rest   []byte
	broken bool
}

func (r *reader) skip(n int) {
	if n <= 0 || n > len(r.rest) {
		r.rest, r.broken = nil, true
		return
	}
	r.rest = r.rest[n:]
}

func (r *reader) uint() uint64 {
	v, n := binary.Uvarint(r.rest)
	r.skip(n)
	return v
}

func (r *reader) int() int64 {
	v, n := binary.Varint(r.rest)
	r.skip(n)
	return v
}

func (r *reader) day() demurrage.Day { return demurrage.Day(r.int()) }

func (r *reader) fixed() (v uint64) {
	if len(r.rest) >= 8 {
		v = binary.BigEndian.Uint64(r.rest)
	}
	r.skip(8)
	return v
}

func (r *reader) wide() (v demurrage.Wide) {
	v.Lo = r.uint()
	v.Hi = r.uint()
	return v
}

func (r *reader) flag() bool {
	f := len(r.rest) > 0 && r.rest[0] == 1
	r.skip(1)
	return f
}

func (r *reader) text() string {
	n := r.count(1)
	if r.broken || n == 0 {
		return ""
	}
	s := string(r.rest[:n])
	r.skip(n)
	return s
}

// count reads how many things of at least size bytes follow.
func (r *reader) count(size int) int {
	n := r.uint()
	if n > uint64(len(r.rest)/size) {
		r.rest, r.broken = nil, true
		return 0
	}
	return int(n)
}

func (r *reader) amounts() ledger.Amounts {
	n := r.count(3)
	if n == 0 {
		return nil
	}
	as := make(ledger.Amounts, n)
	for i := range as {
		as[i] = ledger.Amount{Melts: r.day(), Units: r.wide()}
	}
	return as
}

func (r *reader) devices() []ledger.Device {
	all := make([]ledger.Device, r.count(20))
	for i := range all {
		d := &all[i]
		if copy(d.ID[:], r.text()) != len(d.ID) {
			r.broken = true
		}
		d.Key = ledger.PublicKey{Alg: ledger.Alg(r.uint()), Bytes: []byte(r.text())}
		d.Seq = r.uint()
	}
	return all
}

// done tells what a row that was read is worth.
func (r *reader) done(what string, id any) error {
	if r.broken || len(r.rest) > 0 {
		return fmt.Errorf("%w: %s %v", errRow, what, id)
	}
	return nil
}

func accountRow(a *ledger.Account) []byte {
	w := make(writer, 0, 64+12*len(a.Pool))
	w.fixed(uint64(a.Owner))
	w.text(a.Role)
	w.day(a.Opened)
	w.flag(a.Closed)
	w.flag(a.Blocked)
	w.uint(uint64(a.OpenRedemptions))
	w.uint(a.Last)
	w.uint(uint64(a.Lots))
	w.fixed(a.LotGuard)
	w.amounts(a.Pool)
	if len(a.Devices) > 0 {
		w.devices(a.Devices)
	}
	return w
}

// devices are the end of an account's row, if it has any: rows from before
// there were devices are what they were.
func (w *writer) devices(all []ledger.Device) {
	w.uint(uint64(len(all)))
	for i := range all {
		d := &all[i]
		w.text(string(d.ID[:]))
		w.uint(uint64(d.Key.Alg))
		w.text(string(d.Key.Bytes))
		w.uint(d.Seq)
	}
}

func readAccount(id ledger.AccountID, row []byte) (*ledger.Account, error) {
	r := reader{rest: row}
	a := &ledger.Account{
		ID: id, Owner: ledger.OwnerID(r.fixed()), Role: r.text(), Opened: r.day(),
		Closed: r.flag(), Blocked: r.flag(), OpenRedemptions: uint32(r.uint()), Last: r.uint(),
		Lots: uint32(r.uint()), LotGuard: r.fixed(), Pool: r.amounts(),
		Guard: guard(accountKey(id), row),
	}
	if len(r.rest) > 0 {
		a.Devices = r.devices()
	}
	return a, r.done("account", uint64(id))
}

func lotRow(l *ledger.Lot) []byte {
	w := make(writer, 0, 32+14*len(l.Trail))
	w.wide(l.Units)
	w.uint(l.Issue)
	w.day(l.Melts)
	w.uint(uint64(len(l.Trail)))
	for _, s := range l.Trail {
		w.fixed(uint64(s.Owner))
		w.day(s.Day)
		w.int(int64(s.Melts - s.Day))
	}
	return w
}

func readLot(key, row []byte) (*ledger.Lot, error) {
	if len(key) != 21 {
		return nil, fmt.Errorf("%w: a lot with a key of %d bytes", errRow, len(key))
	}
	r := reader{rest: row}
	l := &ledger.Lot{
		ID:    ledger.LotID{Seq: binary.BigEndian.Uint64(key[9:]), Part: binary.BigEndian.Uint32(key[17:])},
		Units: r.wide(), Issue: r.uint(), Melts: r.day(), Guard: guard(key, row),
	}
	l.Trail = make([]ledger.Stop, r.count(10))
	for i := range l.Trail {
		s := ledger.Stop{Owner: ledger.OwnerID(r.fixed()), Day: r.day()}
		s.Melts = s.Day + r.day()
		l.Trail[i] = s
	}
	if len(l.Trail) == 0 {
		r.broken = true
	}
	return l, r.done("lot", l.ID)
}

// The kinds of row under an id.
const (
	paymentRow    = 1
	redemptionRow = 2
)

func payRow(p *ledger.Payment) []byte {
	w := append(make(writer, 0, 64), paymentRow)
	w.uint(p.Seq)
	w.fixed(uint64(p.From))
	w.fixed(uint64(p.To))
	w.uint(uint64(p.Amount))
	w.uint(uint64(p.Refunded))
	w.flag(p.Pool)
	return w
}

func redeemRow(p *ledger.Redemption) []byte {
	w := append(make(writer, 0, 128), redemptionRow)
	w.uint(p.Seq)
	w.fixed(uint64(p.Account))
	w.uint(uint64(p.Amount))
	w.uint(uint64(p.Fee))
	w.uint(uint64(p.Progress))
	w.uint(uint64(len(p.Parts)))
	for _, part := range p.Parts {
		w.day(part.Melts)
		w.wide(part.Worth)
	}
	return w
}

func readPaper(id ledger.ID, row []byte) (*ledger.Payment, *ledger.Redemption, error) {
	if len(row) == 0 {
		return nil, nil, fmt.Errorf("%w: %v", errRow, id)
	}
	r := reader{rest: row[1:]}
	if row[0] == paymentRow {
		p := &ledger.Payment{
			ID: id, Seq: r.uint(), From: ledger.AccountID(r.fixed()), To: ledger.AccountID(r.fixed()),
			Amount: ledger.Cents(r.uint()), Refunded: ledger.Cents(r.uint()), Pool: r.flag(),
		}
		return p, nil, r.done("payment", id)
	}
	p := &ledger.Redemption{
		ID: id, Seq: r.uint(), Account: ledger.AccountID(r.fixed()), Amount: ledger.Cents(r.uint()),
		Fee: ledger.Cents(r.uint()), Progress: ledger.Progress(r.uint()),
	}
	p.Parts = make([]ledger.Promise, r.count(3))
	for i := range p.Parts {
		p.Parts[i] = ledger.Promise{Melts: r.day(), Worth: r.wide()}
	}
	return nil, p, r.done("redemption", id)
}

func policyRow(p *ledger.Policy) []byte {
	w := make(writer, 0, 64)
	w.day(p.From)
	w.uint(uint64(p.Rate))
	w.uint(uint64(p.Every))
	w.uint(uint64(p.GraceDays))
	w.uint(uint64(p.Hops))
	w.uint(uint64(p.TermDays))
	w.uint(uint64(p.Fee))
	w.uint(uint64(len(p.Redeemers)))
	for _, role := range p.Redeemers {
		w.text(role)
	}
	return w
}

func readPolicy(row []byte) (ledger.Policy, error) {
	r := reader{rest: row}
	p := ledger.Policy{
		From: r.day(), Rate: demurrage.Rate(r.uint()), Every: demurrage.Every(r.uint()),
		GraceDays: uint16(r.uint()), Hops: uint8(r.uint()), TermDays: uint16(r.uint()), Fee: uint32(r.uint()),
	}
	p.Redeemers = make([]string, r.count(1))
	for i := range p.Redeemers {
		p.Redeemers[i] = r.text()
	}
	return p, r.done("policy", p.From)
}

// headRow is the ledger's head, the journal's, and how many policies there
// are, so that a missing one is noticed.
func headRow(h *ledger.Head, step journal.Step) []byte {
	w := make(writer, 0, 256)
	w.text(string(step.Bytes()))
	w.int(h.Moment.At.Sec)
	w.int(int64(h.Moment.At.Nsec))
	w.day(h.Moment.Day)
	w.int(int64(h.Issued))
	w.int(int64(h.Redeemed))
	w.int(int64(h.Escrow))
	w.uint(h.Accounts)
	w.fixed(h.Guard)
	w.uint(uint64(len(h.Policies)))
	w.amounts(h.Holders)
	sum := xxhash.Sum64(w)
	w.fixed(sum)
	return w
}

func readHead(row []byte) (h ledger.Head, step journal.Step, policies int, err error) {
	r := reader{rest: row}
	step, err = journal.ParseStep([]byte(r.text()))
	if err != nil {
		return h, step, 0, err
	}
	h.Seq = step.After.Size
	h.Moment.At = ledger.Instant{Sec: r.int(), Nsec: int32(r.int())}
	h.Moment.Day = r.day()
	h.Issued, h.Redeemed, h.Escrow = ledger.Cents(r.int()), ledger.Cents(r.int()), ledger.Cents(r.int())
	h.Accounts, h.Guard = r.uint(), r.fixed()
	policies = int(r.uint())
	h.Holders = r.amounts()
	if sum := xxhash.Sum64(row[:len(row)-len(r.rest)]); r.fixed() != sum {
		r.broken = true
	}
	return h, step, policies, r.done("head", h.Seq)
}
