package worth

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"grulden/internal/record"
	"grulden/internal/store"
)

// ErrStale says that somebody else saved the sheet in the meantime.
var ErrStale = errors.New("the sheet was changed in the meantime")

// Saved is a sheet as somebody saved it. Earlier ones are kept, so that it can be
// seen who changed which assumption and when.
type Saved struct {
	Number uint64         `json:"number"` // counts from one; nought: nothing was saved yet
	At     time.Time      `json:"at"`
	By     record.ActorID `json:"by"`
	Sheet  Sheet          `json:"sheet"`
}

// Book keeps the sheet of one ledger. It is safe for concurrent use.
type Book struct {
	rows store.Space
	mu   sync.Mutex // held over a save
}

// NewBook opens the sheet of a ledger.
func NewBook(db *store.DB) *Book { return &Book{rows: db.Space(store.Worth)} }

// key counts backwards, so that a scan begins with the newest.
func key(number uint64) []byte { return binary.BigEndian.AppendUint64(nil, math.MaxUint64-number) }

// Last is the sheet as it was saved last; an empty one before the first.
func (b *Book) Last() (Saved, error) {
	all, err := b.list(1)
	if err != nil || len(all) == 0 {
		return Saved{}, err
	}
	return all[0], nil
}

// Number finds a sheet by its number.
func (b *Book) Number(number uint64) (s Saved, found bool, err error) {
	found, err = b.rows.Read(key(number), &s)
	return s, found, err
}

// Earlier lists what was saved, the newest first, at most limit of them.
func (b *Book) Earlier(limit int) ([]Saved, error) { return b.list(limit) }

func (b *Book) list(limit int) (all []Saved, err error) {
	err = b.rows.Scan(nil, func(_, row []byte) error {
		var s Saved
		if err := store.ParseRow(row, &s); err != nil {
			return err
		}
		if all = append(all, s); len(all) >= limit {
			return store.Stop
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the sheet: %w", err)
	}
	return all, nil
}

// Save keeps a sheet that was made from the one with the number based; ErrStale
// when that is no longer the last. What cannot be reckoned with is not kept.
func (b *Book) Save(sheet Sheet, based uint64, by record.ActorID, at time.Time) (Saved, error) {
	if err := sheet.Check(); err != nil {
		return Saved{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	last, err := b.Last()
	if err != nil {
		return Saved{}, err
	}
	if last.Number != based {
		return Saved{}, ErrStale
	}
	s := Saved{based + 1, at.UTC(), by, sheet}
	if err := b.rows.Put(key(s.Number), store.Row(s)); err != nil {
		return Saved{}, fmt.Errorf("keep the sheet: %w", err)
	}
	return s, nil
}
