package payreq

import (
	"encoding/binary"
	"fmt"
	"time"

	"grulden/internal/store"
	"grulden/ledger"
)

// AttemptLife is how long a page with a confirm button is good for. A copy of
// its form that turns up later pays nothing.
const AttemptLife = time.Hour

// GiveUp notes that a payer gave up an attempt to pay: the form of that page pays
// nothing from now on, also when a copy of it is still on its way.
func (b *Book) GiveUp(payer ledger.AccountID, attempt ledger.ID, now time.Time) error {
	err := b.rows.Put(givenUpKey(payer, attempt), binary.BigEndian.AppendUint64(nil, uint64(now.Unix())))
	if err != nil {
		return fmt.Errorf("stop an attempt to pay: %w", err)
	}
	return nil
}

// GivenUp tells whether a payer gave up an attempt.
func (b *Book) GivenUp(payer ledger.AccountID, attempt ledger.ID) (bool, error) {
	_, ok, err := b.rows.Get(givenUpKey(payer, attempt))
	return ok, err
}

// PruneGivenUp forgets attempts that were given up so long before now that
// their pages are too old in any case.
func (b *Book) PruneGivenUp(now time.Time) error {
	var old [][]byte
	err := b.rows.Scan([]byte{givenUpRow}, func(key, row []byte) error {
		if len(row) != 8 {
			return errRow
		}
		if now.Sub(time.Unix(int64(binary.BigEndian.Uint64(row)), 0)) > 2*AttemptLife {
			old = append(old, append([]byte(nil), key...))
		}
		return nil
	})
	if err != nil || len(old) == 0 {
		return err
	}
	return b.rows.Update(func(batch *store.Batch) {
		for _, key := range old {
			batch.Delete(key)
		}
	})
}

// givenUpRow: 'x' + payer + attempt → when it was given up, in Unix seconds.
const givenUpRow byte = 'x'

func givenUpKey(payer ledger.AccountID, attempt ledger.ID) []byte {
	return append(binary.BigEndian.AppendUint64([]byte{givenUpRow}, uint64(payer)), attempt[:]...)
}
