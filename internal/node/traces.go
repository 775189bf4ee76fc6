package node

import (
	"fmt"
	"hash/maphash"

	"grulden/internal/journal"
	"grulden/internal/store"
	"grulden/ledger"
)

// traces are what a verification keeps of payments, redemptions and keys while
// it walks the journal: of each payment its entry, some forty bytes, and not
// the payment itself. It is the Source of the state that is led along, which
// holds all accounts itself.
type traces struct {
	rows                             // entries that were walked already
	papers      map[ledger.ID]uint64 // payments, and the entry of each
	refunded    map[ledger.ID]ledger.Cents
	redemptions map[ledger.ID]*ledger.Redemption
	keys        map[ledger.Key]uint64
	payments    rowSum
}

// newTraces makes room for the payments of a journal of so many entries.
func newTraces(r rows, size uint64) *traces {
	return &traces{
		rows: r, papers: make(map[ledger.ID]uint64, size), refunded: map[ledger.ID]ledger.Cents{},
		redemptions: map[ledger.ID]*ledger.Redemption{}, keys: map[ledger.Key]uint64{},
		payments: rowSum{seed: maphash.MakeSeed()},
	}
}

// take keeps what changed.
func (t *traces) take(c *ledger.Changes) {
	for _, p := range c.Payments {
		if t.papers[p.ID] != 0 { // it was refunded, once more perhaps
			before := *p
			before.Refunded = t.refunded[p.ID]
			t.payments.less(paperKey(store.Payments, p.ID), payRow(&before))
			t.refunded[p.ID] = p.Refunded
		} else if t.papers[p.ID] = p.Seq; p.Refunded > 0 {
			t.refunded[p.ID] = p.Refunded
		}
		t.payments.more(paperKey(store.Payments, p.ID), payRow(p))
	}
	for _, r := range c.Redemptions {
		t.redemptions[r.ID] = r
	}
	for _, k := range c.Keys {
		t.keys[k.Key] = k.Seq
	}
}

// rowSum tells two sets of rows apart, in whatever order they come. Its seed is
// secret and another one each time: nobody can have made rows with the same sum.
type rowSum struct {
	seed   maphash.Seed
	sum    uint64
	number int
}

func (s *rowSum) more(key, row []byte) { s.sum, s.number = s.sum+s.of(key, row), s.number+1 }
func (s *rowSum) less(key, row []byte) { s.sum, s.number = s.sum-s.of(key, row), s.number-1 }

func (s *rowSum) of(key, row []byte) uint64 {
	var h maphash.Hash
	h.SetSeed(s.seed)
	_, _ = h.Write(key) // never fails
	_, _ = h.Write(row)
	return h.Sum64()
}

// Account implements ledger.Source: those that were opened are in memory.
func (t *traces) Account(ledger.AccountID) (*ledger.Account, error) { return nil, nil }

// Lots implements ledger.Source.
func (t *traces) Lots(ledger.AccountID) ([]*ledger.Lot, error) { return nil, nil }

// Used implements ledger.Source.
func (t *traces) Used(k ledger.Key) (uint64, error) { return t.keys[k], nil }

// Find implements ledger.Source. A payment is read again from its entry.
func (t *traces) Find(id ledger.ID) (*ledger.Payment, *ledger.Redemption, error) {
	if r := t.redemptions[id]; r != nil {
		return nil, r, nil
	}
	seq := t.papers[id]
	if seq == 0 {
		return nil, nil, nil
	}
	row, err := t.entry(seq)
	if err == nil && row == nil {
		err = fmt.Errorf("%w: record %d", journal.ErrGap, seq)
	}
	if err != nil {
		return nil, nil, err
	}
	r, err := openEntry(seq, row)
	if err != nil {
		return nil, nil, err
	}
	p := ledger.PaymentOf(&r.Entry)
	if p == nil {
		return nil, nil, fmt.Errorf("%w: record %d is no payment", errRow, seq)
	}
	p.Refunded = t.refunded[id]
	return p, nil, nil
}
