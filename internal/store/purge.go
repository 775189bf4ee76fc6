package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// ErrStillRead: old bytes could not be removed because somebody reads them.
var ErrStillRead = errors.New("old data is still being read")

// purgeLimit is how long Purge waits for readers to be done.
const purgeLimit = 10 * time.Second

// Purge removes from disk what has been deleted or overwritten in [lower,
// upper): deleting a key only hides its old value, which stays in tables and
// write-ahead logs until chance rewrites them. It rewrites the tables of the
// range and replaces all logs, so it takes a while and is for erasure only.
// Copies made before, by Checkpoint, are not touched; nor is what the disk
// itself keeps of deleted files. It returns ErrStillRead when snapshots older
// than the call stay open for ten seconds.
func (d *DB) Purge(lower, upper []byte) error {
	deadline := time.Now().Add(purgeLimit)
	if err := d.waitReaders(deadline); err != nil {
		return err
	}
	d.recycling.purging.Add(1)
	defer d.recycling.purging.Add(-1)
	old, err := d.filesOf(lower, upper)
	if err != nil {
		return err
	}
	// Pebble keeps one more old log than memtables for reuse; each flush takes
	// one of them out of use.
	for range walMemTables + 2 {
		if err := d.Flush(); err != nil {
			return err
		}
	}
	if err := d.p.Compact(context.Background(), lower, upper, false); err != nil {
		return d.check("purge store", err)
	}
	return d.waitGone(old, lower, upper, deadline)
}

// waitReaders returns when every snapshot that is open now has been closed.
func (d *DB) waitReaders(deadline time.Time) error {
	d.mu.Lock()
	taken := d.taken
	d.mu.Unlock()
	return until(deadline, func() (bool, error) {
		d.mu.Lock()
		defer d.mu.Unlock()
		return len(d.open) == 0 || d.open[0] > taken, nil
	})
}

// filesOf lists the files that may hold old values of a range: its tables and
// all logs.
func (d *DB) filesOf(lower, upper []byte) ([]string, error) {
	names, err := d.tablesOf(lower, upper)
	if err != nil {
		return nil, err
	}
	all, err := d.fs.List(d.dir)
	if err != nil {
		return nil, fmt.Errorf("purge store: %w", err)
	}
	for _, name := range all {
		if strings.HasSuffix(name, ".log") {
			names = append(names, name)
		}
	}
	return names, nil
}

// tablesOf lists the tables in use that overlap a range.
func (d *DB) tablesOf(lower, upper []byte) ([]string, error) {
	levels, err := d.p.SSTables(pebble.WithKeyRangeFilter(lower, upper))
	if err != nil {
		return nil, d.check("purge store", err)
	}
	var names []string
	for _, level := range levels {
		for _, table := range level {
			names = append(names, fmt.Sprintf("%s.sst", table.BackingSSTNum))
		}
	}
	return names, nil
}

// waitGone returns when the old files are deleted, except tables still in use,
// which the compaction found nothing to remove from.
func (d *DB) waitGone(old []string, lower, upper []byte, deadline time.Time) error {
	kept, err := d.tablesOf(lower, upper)
	if err != nil {
		return err
	}
	return until(deadline, func() (bool, error) {
		old = slices.DeleteFunc(old, func(name string) bool {
			_, err := d.fs.Stat(d.fs.PathJoin(d.dir, name))
			return slices.Contains(kept, name) || errors.Is(err, fs.ErrNotExist)
		})
		return len(old) == 0, nil
	})
}

// until asks again and again whether something is done, and returns
// ErrStillRead when it is not by the deadline.
func until(deadline time.Time, done func() (bool, error)) error {
	for {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return ErrStillRead
		}
		time.Sleep(2 * time.Millisecond)
	}
}
