package bank

import "grulden/internal/store"

// Each calls fn for every entry that was kept, in no order, without what the bank
// said about it. The first error of fn ends the walk.
func (b *Bank) Each(fn func(*Entry) error) error {
	return b.rows.Scan([]byte{entryRow}, func(_, row []byte) error {
		e := &Entry{}
		if err := store.ParseRow(row, e); err != nil {
			return err
		}
		e.stored = e.State
		return fn(e)
	})
}

// Paid is the redemptions that a debit paid: the one that it names, or all of the
// batch that it is the sum of.
func (b *Bank) Paid(e *Entry) ([]ID, error) {
	if e.Redemption != (ID{}) {
		return []ID{e.Redemption}, nil
	}
	batch, known, err := b.batch(e.Batch)
	if err != nil || !known {
		return nil, err
	}
	return batch.Redemptions, nil
}
