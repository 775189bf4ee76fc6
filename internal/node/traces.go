package node

import (
	"fmt"
	"hash/maphash"

	"grulden/internal/journal"
	"grulden/ledger"
)

// traces are what a verification keeps of payments, redemptions and keys while it
// walks the journal: of each payment the entry and a check over its row, some
// fifty bytes, and not the payment itself. It is the Source of the state that
// is led along, which holds all accounts itself.
type traces struct {
	rows        // entries that were walked already
	seed        maphash.Seed
	papers      map[ledger.ID]trace // payments
	refunded    map[ledger.ID]ledger.Cents
	redemptions map[ledger.ID]*ledger.Redemption
	keys        map[ledger.Key]uint64
}

// trace is what is kept of a payment. The seed of the check is secret: nobody
// can have made another row with the same one.
type trace struct{ seq, check uint64 }

// newTraces makes room for the payments of a journal of so many entries.
func newTraces(r rows, size uint64) *traces {
	return &traces{
		rows: r, seed: maphash.MakeSeed(),
		papers: make(map[ledger.ID]trace, size), refunded: map[ledger.ID]ledger.Cents{},
		redemptions: map[ledger.ID]*ledger.Redemption{}, keys: map[ledger.Key]uint64{},
	}
}

// take keeps what changed.
func (t *traces) take(c *ledger.Changes) {
	for _, p := range c.Payments {
		t.papers[p.ID] = trace{p.Seq, maphash.Bytes(t.seed, payRow(p))}
		if p.Refunded > 0 {
			t.refunded[p.ID] = p.Refunded
		}
	}
	for _, r := range c.Redemptions {
		t.redemptions[r.ID] = r
	}
	for _, k := range c.Keys {
		t.keys[k.Key] = k.Seq
	}
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
	trace, found := t.papers[id]
	if !found {
		return nil, nil, nil
	}
	row, err := t.entry(trace.seq)
	if err == nil && row == nil {
		err = fmt.Errorf("%w: record %d", journal.ErrGap, trace.seq)
	}
	if err != nil {
		return nil, nil, err
	}
	r, err := openEntry(trace.seq, row)
	if err != nil {
		return nil, nil, err
	}
	p := ledger.PaymentOf(&r.Entry)
	if p == nil {
		return nil, nil, fmt.Errorf("%w: record %d is no payment", errRow, trace.seq)
	}
	p.Refunded = t.refunded[id]
	return p, nil, nil
}
