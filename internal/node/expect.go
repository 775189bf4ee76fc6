package node

import (
	"bytes"
	"cmp"
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
	papers, open := w.papers()
	for _, part := range []struct {
		prefix byte
		want   iter.Seq[row]
	}{
		{store.Lots, lots}, {store.Accounts, heads},
		{store.Payments, slices.Values(papers)}, {store.Redemptions, slices.Values(open)},
		{store.Idempotency, slices.Values(w.keys())}, {store.Policies, slices.Values(w.policyRows())},
	} {
		if err := w.same(part.prefix, part.want); err != nil {
			return err
		}
	}
	return w.compareHead()
}

// same compares all rows under a prefix with those wanted.
func (w *walk) same(prefix byte, want iter.Seq[row]) error {
	next, stop := iter.Pull(want)
	defer stop()
	err := w.Scan([]byte{prefix}, store.End([]byte{prefix}), func(key, value []byte) error {
		r, ok := next()
		if !ok || !bytes.Equal(r.key, key) || !bytes.Equal(r.value, value) {
			return fmt.Errorf("%w: row %x is not what the journal leads to", errRow, key)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if r, more := next(); more {
		return fmt.Errorf("%w: row %x is missing", errRow, r.key)
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

func (w *walk) papers() (papers, open []row) {
	w.state.Papers(func(p *ledger.Payment, r *ledger.Redemption) {
		switch {
		case p != nil:
			papers = append(papers, row{paperKey(store.Payments, p.ID), payRow(p)})
		default:
			papers = append(papers, row{paperKey(store.Payments, r.ID), redeemRow(r)})
			if r.Progress == ledger.Waiting {
				open = append(open, row{paperKey(store.Redemptions, r.ID), nil})
			}
		}
	})
	return byKey(papers), byKey(open)
}

func (w *walk) keys() (keys []row) {
	w.state.Keys(func(k ledger.Key, seq uint64) {
		keys = append(keys, row{paperKey(store.Idempotency, k), keyOf(0, seq)[1:]})
	})
	return byKey(keys)
}

func (w *walk) policyRows() (all []row) {
	for i := range w.state.Head().Policies {
		p := &w.state.Head().Policies[i]
		all = append(all, row{policyKey(p.From), policyRow(p)})
	}
	return all
}

func byKey(rows []row) []row {
	slices.SortFunc(rows, func(a, b row) int { return bytes.Compare(a.key, b.key) })
	return rows
}
