package node

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"

	"grulden/internal/store"
	"grulden/ledger"
)

// row is one key and value.
type row struct{ key, value []byte }

// compareRows holds every row of the state against the ones that the journal
// led to, in the order of their keys.
func (w *walk) compareRows() error {
	accounts := w.accounts()
	lots := func(yield func(row) bool) {
		for _, h := range accounts {
			for _, l := range h.Lots {
				if !yield(row{lotKey(h.Account.ID, l.ID), lotRow(l)}) {
					return
				}
			}
		}
	}
	heads := func(yield func(row) bool) {
		for _, h := range accounts {
			if !yield(row{accountKey(h.Account.ID), accountRow(h.Account)}) {
				return
			}
		}
	}
	for _, part := range []struct {
		prefix byte
		want   iter.Seq[row]
	}{
		{store.Lots, lots},
		{store.Accounts, heads},
		{store.Redemptions, slices.Values(w.open())},
		{store.Policies, slices.Values(w.policyRows())},
	} {
		if err := w.same(part.prefix, part.want); err != nil {
			return err
		}
	}
	if err := w.samePapers(); err != nil {
		return err
	}
	if err := w.sameKeys(); err != nil {
		return err
	}
	return w.compareHead()
}

// Errors about one row.
func notLedTo(key []byte) error {
	return fmt.Errorf("%w: row %x is not what the journal leads to", errRow, key)
}

func missing(key []byte) error { return fmt.Errorf("%w: row %x is missing", errRow, key) }

// same compares all rows under a prefix with those wanted.
func (w *walk) same(prefix byte, want iter.Seq[row]) error {
	next, stop := iter.Pull(want)
	defer stop()
	err := w.Scan([]byte{prefix}, store.End([]byte{prefix}), func(key, value []byte) error {
		r, ok := next()
		if !ok || !bytes.Equal(r.key, key) || !bytes.Equal(r.value, value) {
			return notLedTo(key)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if r, more := next(); more {
		return missing(r.key)
	}
	return nil
}

// accounts are those of the state that was led to, by id, with the lots of each
// by key and the guards over them.
func (w *walk) accounts() (all []*ledger.Holding) {
	_ = w.state.Accounts(func(h *ledger.Holding) error {
		c := &ledger.Holding{Account: h.Account, Lots: slices.Clone(h.Lots)}
		slices.SortFunc(c.Lots, func(a, b *ledger.Lot) int {
			return cmp.Or(cmp.Compare(a.ID.Seq, b.ID.Seq), cmp.Compare(a.ID.Part, b.ID.Part))
		})
		c.Account.LotGuard = 0
		for _, l := range c.Lots {
			c.Account.LotGuard ^= guard(lotKey(c.Account.ID, l.ID), lotRow(l))
		}
		all = append(all, c)
		return nil
	})
	return all
}

// samePapers compares the rows of payments and redemptions. Payments are many,
// so it compares sums first, and looks for the row only when they differ.
func (w *walk) samePapers() error {
	t := w.traces
	found := 0
	stored := rowSum{seed: t.payments.seed}
	err := w.eachPaper(func(id ledger.ID, key, value []byte) error {
		if r := t.redemptions[id]; r != nil {
			if found++; !bytes.Equal(value, redeemRow(r)) {
				return notLedTo(key)
			}
			return nil
		}
		stored.more(key, value)
		return nil
	})
	if err != nil || stored == t.payments && found == len(t.redemptions) {
		return err
	}
	return w.otherPaper()
}

// otherPaper finds the row of a payment or redemption that is not the one that
// the journal leads to, or is missing.
func (w *walk) otherPaper() error {
	t := w.traces
	err := w.eachPaper(func(id ledger.ID, key, value []byte) error {
		p, _, err := t.Find(id)
		if err == nil && (p == nil && t.redemptions[id] == nil || p != nil && !bytes.Equal(value, payRow(p))) {
			err = notLedTo(key)
		}
		return err
	})
	if err != nil {
		return err
	}
	return w.missing(store.Payments, func(yield func([16]byte) bool) {
		for id := range t.papers {
			if !yield(id) {
				return
			}
		}
		for id := range t.redemptions {
			if !yield(id) {
				return
			}
		}
	})
}

// eachPaper calls fn for the row of every payment and redemption.
func (w *walk) eachPaper(fn func(id ledger.ID, key, value []byte) error) error {
	prefix := []byte{store.Payments}
	return w.Scan(prefix, store.End(prefix), func(key, value []byte) error {
		if len(key) != 1+len(ledger.ID{}) {
			return notLedTo(key)
		}
		return fn(ledger.ID(key[1:]), key, value)
	})
}

// sameKeys compares the rows of keys.
func (w *walk) sameKeys() error {
	found := 0
	prefix := []byte{store.Idempotency}
	err := w.Scan(prefix, store.End(prefix), func(key, value []byte) error {
		found++
		if len(key) != 1+len(ledger.Key{}) || len(value) != 8 || w.traces.keys[ledger.Key(key[1:])] != number(value) {
			return notLedTo(key)
		}
		return nil
	})
	if err != nil || found == len(w.traces.keys) {
		return err
	}
	return w.missing(store.Idempotency, func(yield func([16]byte) bool) {
		for k := range w.traces.keys {
			if !yield(k) {
				return
			}
		}
	})
}

// missing names a row that is not there, of those that should be.
func (w *walk) missing(prefix byte, ids iter.Seq[[16]byte]) error {
	for id := range ids {
		key := paperKey(prefix, id)
		if _, ok, err := w.Get(key); !ok || err != nil {
			return errors.Join(err, missing(key))
		}
	}
	return fmt.Errorf("%w: there are other rows under %c than the journal leads to", errRow, prefix)
}

// open are the rows of the redemptions that wait.
func (w *walk) open() (all []row) {
	for id, r := range w.traces.redemptions {
		if r.Progress == ledger.Waiting {
			all = append(all, row{paperKey(store.Redemptions, id), nil})
		}
	}
	slices.SortFunc(all, func(a, b row) int { return bytes.Compare(a.key, b.key) })
	return all
}

func (w *walk) policyRows() (all []row) {
	for i := range w.state.Head().Policies {
		p := &w.state.Head().Policies[i]
		all = append(all, row{policyKey(p.From), policyRow(p)})
	}
	return all
}
