package node

import (
	"encoding/binary"
	"errors"
	"fmt"

	"grulden/internal/store"
	"grulden/ledger"
)

// table is what rows are read from: the store as it is (for the writer, who
// knows what is still on its way) or a snapshot of it (for everybody else).
type table interface {
	Get(key []byte) (row []byte, ok bool, err error)
	Scan(lower, upper []byte, fn func(key, row []byte) error) error
}

// rows reads the ledger's rows. It is the Source of a ledger.State.
type rows struct{ table }

// Account implements ledger.Source.
func (r rows) Account(id ledger.AccountID) (*ledger.Account, error) {
	row, ok, err := r.Get(accountKey(id))
	if !ok || err != nil {
		return nil, err
	}
	return readAccount(id, row)
}

// Lots implements ledger.Source. The lots of an account are checked as a whole
// by whoever knows the account.
func (r rows) Lots(id ledger.AccountID) (lots []*ledger.Lot, err error) {
	prefix := lotsPrefix(id)
	err = r.Scan(prefix, store.End(prefix), func(key, row []byte) error {
		l, err := readLot(key, row)
		lots = append(lots, l)
		return err
	})
	return lots, err
}

// Find implements ledger.Source.
func (r rows) Find(id ledger.ID) (*ledger.Payment, *ledger.Redemption, error) {
	row, ok, err := r.Get(paperKey(store.Payments, id))
	if !ok || err != nil {
		return nil, nil, err
	}
	return readPaper(id, row)
}

// Used implements ledger.Source.
func (r rows) Used(k ledger.Key) (uint64, error) {
	row, ok, err := r.Get(paperKey(store.Idempotency, k))
	if !ok || err != nil {
		return 0, err
	}
	if len(row) != 8 {
		return 0, fmt.Errorf("%w: key %x", errRow, k)
	}
	return binary.BigEndian.Uint64(row), nil
}

// holding reads an account with its lots, and checks that none is missing or
// another than was written. It is nil for an account never opened.
func (r rows) holding(id ledger.AccountID) (*ledger.Account, []*ledger.Lot, error) {
	a, err := r.Account(id)
	if a == nil || err != nil {
		return nil, nil, err
	}
	lots, err := r.Lots(id)
	if err != nil {
		return nil, nil, err
	}
	return a, lots, checkLots(a, lots)
}

// guarded is the Source for the writer. It checks the lots of an account as it
// loads them, and looks for ids and keys, which are nearly always new, in a way
// that is quick when there are none.
type guarded struct {
	rows
	db   *store.DB
	look *store.Look // made for each batch that looks for anything
}

// Lots implements ledger.Source. Account and lots are read at one moment, so
// that the one can be held against the others. A batch under way may have
// changed both; the state knows that itself.
func (g *guarded) Lots(id ledger.AccountID) (lots []*ledger.Lot, err error) {
	s := g.db.Snapshot()
	_, lots, err = rows{s}.holding(id)
	return lots, errors.Join(err, s.Close())
}

// Find implements ledger.Source.
func (g *guarded) Find(id ledger.ID) (*ledger.Payment, *ledger.Redemption, error) {
	return rows{looking{g}}.Find(id)
}

// Used implements ledger.Source.
func (g *guarded) Used(k ledger.Key) (uint64, error) { return rows{looking{g}}.Used(k) }

// release lets go of the store as it was. It is called between two batches: what
// the state forgets when it begins the next one must be found in the store.
func (g *guarded) release() error {
	if g.look == nil {
		return nil
	}
	look := g.look
	g.look = nil
	return look.Close()
}

// looking is the table of a guarded source for keys that are hardly ever there.
type looking struct{ *guarded }

// Get finds a row in the store as it was when the batch was begun.
func (l looking) Get(key []byte) (row []byte, ok bool, err error) {
	if l.look == nil {
		if l.look, err = l.db.Look(); err != nil {
			return nil, false, err
		}
	}
	return l.look.Get(key)
}

// checkLots holds an account's lots against what the account says of them.
func checkLots(a *ledger.Account, lots []*ledger.Lot) error {
	var sum uint64
	for _, l := range lots {
		sum ^= l.Guard
	}
	if len(lots) != int(a.Lots) || sum != a.LotGuard {
		return fmt.Errorf("%w: the lots of account %d are not those that were written", errRow, a.ID)
	}
	return nil
}

// policies reads all policies, by first day.
func (r rows) policies(want int) (ps ledger.Policies, err error) {
	err = r.Scan([]byte{store.Policies}, store.End([]byte{store.Policies}), func(_, row []byte) error {
		p, err := readPolicy(row)
		ps = append(ps, p)
		return err
	})
	if err == nil && len(ps) != want {
		err = fmt.Errorf("%w: %d policies where %d were written", errRow, len(ps), want)
	}
	return ps, err
}

// entry reads a journal entry, nil if there is none.
func (r rows) entry(seq uint64) ([]byte, error) {
	row, _, err := r.Get(journalKey(seq))
	return row, err
}
