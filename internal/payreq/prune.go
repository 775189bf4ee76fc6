package payreq

import (
	"encoding/binary"
	"fmt"
	"time"

	"grulden/internal/store"
	"grulden/ledger"
)

// Prune forgets requests that expired more than a day before now and were never
// paid, and says how many those were. paid tells whether the ledger has a
// payment. What was paid stays, for the day report and the receipt; Prune looks
// at each request once.
func (b *Book) Prune(now time.Time, paid func(ledger.ID) (bool, error)) (int, error) {
	if err := b.upgrade(); err != nil {
		return 0, err
	}
	var due [][]byte
	until := uint64(now.Add(-keep).Unix())
	err := b.rows.Scan([]byte{dueRow}, func(key, _ []byte) error {
		if len(key) != 17 {
			return errRow
		}
		if binary.BigEndian.Uint64(key[1:]) > until {
			return store.Stop
		}
		due = append(due, append([]byte(nil), key...))
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("find expired requests: %w", err)
	}
	forgotten := 0
	for _, key := range due {
		gone, err := b.settle(key, paid)
		if err != nil {
			return forgotten, fmt.Errorf("forget an expired request: %w", err)
		}
		if gone {
			forgotten++
		}
	}
	return forgotten, nil
}

// settle forgets one expired request, unless it was paid.
func (b *Book) settle(due []byte, paid func(ledger.ID) (bool, error)) (gone bool, err error) {
	r, ok, err := b.Find(Code(binary.BigEndian.Uint64(due[9:])))
	if err != nil {
		return false, err
	}
	remove := [][]byte{due}
	if ok {
		claims, err := b.Claims(r.Code)
		if err != nil {
			return false, err
		}
		if r.Kind == Till {
			claims = []Claim{{Payment: r.Payment}}
		}
		for _, c := range claims {
			was, err := paid(c.Payment)
			if err != nil {
				return false, err
			}
			if was {
				return false, b.rows.Delete(due)
			}
			remove = append(remove, saleKey(c.Payment), claimKey(r.Code, c.Payer))
		}
		remove = append(remove, requestKey(r.Code), linkKey(r.Shop, r.Code))
	}
	return ok, b.rows.Update(func(batch *store.Batch) {
		for _, key := range remove {
			batch.Delete(key)
		}
	})
}

// upgrade gives the requests of version 1 the rows that later ones have. It
// does so once in the life of a store.
func (b *Book) upgrade() error {
	if _, done, err := b.rows.Get([]byte{versionRow}); done || err != nil {
		return err
	}
	var old []Request
	err := b.rows.Scan([]byte{requestRow}, func(key, row []byte) error {
		r, err := decode(Code(binary.BigEndian.Uint64(key[1:])), row)
		if err == nil && row[0] == oldVersion && r.Kind == Till {
			old = append(old, r)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("find requests of an older version: %w", err)
	}
	return b.rows.Update(func(batch *store.Batch) {
		for _, r := range old {
			batch.Set(dueKey(r), nil)
			batch.Set(saleKey(r.Payment), codeRow(r.Code))
		}
		batch.Set([]byte{versionRow}, []byte{rowVersion})
	})
}
