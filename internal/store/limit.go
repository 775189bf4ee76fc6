package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"
)

// Load is what a number of transfers wrote, as counted in their batches.
type Load struct {
	Transfers uint64
	Rows      uint64 // keys set or deleted
	Bytes     uint64 // of the batches: keys, values and their lengths
}

// Limit is the engine by itself, with the settings of a store and nothing
// above it: what a ledger that writes the same rows could reach at most. It is
// for measurements only.
type Limit struct {
	d     *DB
	load  Load
	noise []byte        // what values are cut from; it does not compress
	next  atomic.Uint64 // transfers begun
}

// NewLimit makes a store in dir, which must not exist or be empty, for
// transfers that write as much as those of the load did.
func NewLimit(dir string, o Options, load Load) (*Limit, error) {
	if err := Init(dir, o); err != nil {
		return nil, err
	}
	d, err := Open(dir, o)
	if err != nil {
		return nil, err
	}
	l := &Limit{d: d, load: load, noise: make([]byte, 1<<16)}
	_, _ = rand.NewChaCha8([32]byte{}).Read(l.noise) // never fails
	return l, nil
}

// Commit writes one transfer and returns when it is on disk. As in a ledger
// the first row goes to the end of a journal and has half of the bytes, and
// the others lie anywhere.
func (l *Limit) Commit() error {
	n := l.next.Add(1) - 1
	rows := share(n, l.load.Rows, l.load.Transfers)
	bytes := int(share(n, l.load.Bytes, l.load.Transfers))
	b := l.d.p.NewBatch()
	defer b.Close()
	for row := range rows {
		size := bytes / 2
		if row > 0 || rows == 1 {
			size = bytes / 2 / max(int(rows)-1, 1)
		}
		if err := b.Set(limitKey(n, row), l.value(n+row, size), nil); err != nil {
			return err
		}
	}
	return b.Commit(pebble.Sync)
}

// share is the part of a total that falls to the nth of many, so that all
// parts together are the total.
func share(n, total, of uint64) uint64 { return (n+1)*total/of - n*total/of }

// The lengths of what a row takes in a batch besides its value.
const (
	limitKeyBytes = 17 // a prefix and an id
	rowOverhead   = 4  // kind and lengths
)

// limitKey is in sequence for the first row and scattered for the others.
func limitKey(n, row uint64) []byte {
	if row == 0 {
		return binary.BigEndian.AppendUint64([]byte{Journal}, n)
	}
	id := rand.NewPCG(n, row)
	key := binary.BigEndian.AppendUint64(append(make([]byte, 0, limitKeyBytes), Payments), id.Uint64())
	return binary.BigEndian.AppendUint64(key, id.Uint64())
}

// value cuts a value for a row that is to take size bytes of the batch.
func (l *Limit) value(at uint64, size int) []byte {
	size = max(size-limitKeyBytes-rowOverhead, 0)
	start := int(at*7919) % (len(l.noise) - size)
	return l.noise[start : start+size]
}

// Close closes the store.
func (l *Limit) Close() error { return l.d.Close() }

// Compact merges the store's tables until nothing replaced or deleted is left
// in them. It takes long and is for measurements.
func (d *DB) Compact(ctx context.Context) error {
	if err := d.Flush(); err != nil {
		return err
	}
	if err := d.p.Compact(ctx, []byte{0}, []byte{0xff}, true); err != nil {
		return fmt.Errorf("compact store: %w", err)
	}
	return nil
}
