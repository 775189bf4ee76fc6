package store

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cockroachdb/pebble/v2"
)

// Stop is returned by the function given to a scan to end it early; the scan
// then returns nil.
//
//lint:ignore ST1012 it is an answer and not an error, like fs.SkipAll
var Stop = errors.New("stop scanning")

// Get returns a copy of the newest value of key; ok is false when there is
// none. It may show a batch that is visible but still being synced: what is
// told to people comes from a Snapshot.
func (d *DB) Get(key []byte) (val []byte, ok bool, err error) {
	return d.get(d.p, key)
}

// get reads one key from the store or from a view of it.
func (d *DB) get(r pebble.Reader, key []byte) ([]byte, bool, error) {
	v, closer, err := r.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, d.check("read store", err)
	}
	val := append(make([]byte, 0, len(v)), v...)
	if err := closer.Close(); err != nil {
		return nil, false, d.check("read store", err)
	}
	return val, true, nil
}

// Snapshot is the store at one moment, on disk and unchanging. Close it soon:
// as long as it is open, old values are kept.
type Snapshot struct {
	d      *DB
	s      *pebble.Snapshot
	number uint64 // in the order of taking
}

// Snapshot returns the store as it is now. It waits for the commits that are
// being synced, so that it never shows what a power cut could still undo.
func (d *DB) Snapshot() *Snapshot {
	// The order counts: a commit that is visible in the snapshot has begun
	// before it was taken, so it is on disk after the wait.
	number := d.enter()
	s := d.p.NewSnapshot()
	d.waitSettled()
	return &Snapshot{d, s, number}
}

// Newest returns the store with all that was ever handed to Commit and is
// visible, on disk or not, and waits for nothing. It is for decisions that the
// writer makes anew; what is told to people comes from Snapshot.
func (d *DB) Newest() *Snapshot {
	number := d.enter()
	return &Snapshot{d, d.p.NewSnapshot(), number}
}

// enter notes that a snapshot is going to be taken.
func (d *DB) enter() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.taken++
	d.open = append(d.open, d.taken)
	return d.taken
}

// leave notes that a snapshot has been closed.
func (d *DB) leave(number uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i, found := slices.BinarySearch(d.open, number); found {
		d.open = slices.Delete(d.open, i, i+1)
	}
}

// Get returns a copy of the value of key; ok is false when there is none.
func (s *Snapshot) Get(key []byte) (val []byte, ok bool, err error) {
	return s.d.get(s.s, key)
}

// Scan calls fn for every key in [lower, upper) in order; a nil bound is open.
// Key and value are valid only during the call. The first error of fn ends the
// scan and is returned, except Stop.
func (s *Snapshot) Scan(lower, upper []byte, fn func(key, val []byte) error) error {
	return s.d.scan(s.s, lower, upper, forward, fn)
}

// ScanBack is Scan from the last key to the first.
func (s *Snapshot) ScanBack(lower, upper []byte, fn func(key, val []byte) error) error {
	return s.d.scan(s.s, lower, upper, backward, fn)
}

// Close releases the snapshot.
func (s *Snapshot) Close() error {
	if err := s.s.Close(); err != nil {
		return fmt.Errorf("close snapshot: %w", err)
	}
	s.d.leave(s.number)
	return nil
}

// direction is the way in which an iterator moves.
type direction struct {
	start, step func(*pebble.Iterator) bool
}

var (
	forward  = direction{(*pebble.Iterator).First, (*pebble.Iterator).Next}
	backward = direction{(*pebble.Iterator).Last, (*pebble.Iterator).Prev}
)

// scan walks the keys in [lower, upper) of the store or of a view of it.
func (d *DB) scan(r pebble.Reader, lower, upper []byte, way direction, fn func(key, val []byte) error) error {
	it, err := r.NewIter(&pebble.IterOptions{LowerBound: lower, UpperBound: upper})
	if err != nil {
		return d.check("scan store", err)
	}
	for valid := way.start(it); valid; valid = way.step(it) {
		val, err := it.ValueAndErr()
		if err != nil {
			_ = it.Close()
			return d.check("scan store", err)
		}
		if err := fn(it.Key(), val); err != nil {
			_ = it.Close()
			if errors.Is(err, Stop) {
				return nil
			}
			return err
		}
	}
	return d.check("scan store", it.Close())
}

// Scan walks the newest values, as Get shows them, in [lower, upper).
func (d *DB) Scan(lower, upper []byte, fn func(key, val []byte) error) error {
	return d.scan(d.p, lower, upper, forward, fn)
}
