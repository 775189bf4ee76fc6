package store

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// A measurement of the free space is believed for a second, or until a sixteenth
// of the reserve may have been used: a batch is written to the log, to a table,
// and some more times by compaction. However small the reserve, the disk is not
// asked for every batch.
const (
	diskCheckEvery = time.Second
	reserveParts   = 16
	leastWritten   = 1 << 20 // bytes
)

// ballastFile takes up space that is given back when the disk is so full that
// the store could not even be opened to be read.
const ballastFile = "BALLAST"

// diskGuard remembers how much space was free, so that asking costs nothing.
type diskGuard struct {
	written atomic.Int64 // bytes committed since the measurement

	mu   sync.Mutex
	at   time.Time // of the measurement
	free uint64    // bytes
	err  error
}

// Writable returns ErrDiskLow when there is less free disk space than
// Options.MinFreeBytes. New work must then be refused; what has been accepted
// still fits. It may be asked for every payment: it asks the disk only now and
// then.
func (d *DB) Writable() error {
	free, err := d.FreeBytes()
	if err != nil {
		return err
	}
	if free < d.opts.MinFreeBytes {
		return fmt.Errorf("%w: %d MB free, %d MB needed", ErrDiskLow, free>>20, d.opts.MinFreeBytes>>20)
	}
	return nil
}

// FreeBytes is the free space on the disk, measured a short while ago.
func (d *DB) FreeBytes() (uint64, error) {
	g := &d.disk
	g.mu.Lock()
	defer g.mu.Unlock()
	used := uint64(g.written.Load()) > max(d.opts.MinFreeBytes/reserveParts, leastWritten)
	if used || g.at.IsZero() || time.Since(g.at) >= diskCheckEvery {
		g.written.Store(0)
		g.free, g.err = d.measureFree()
		g.at = time.Now()
	}
	return g.free, g.err
}

// measureFree asks the file system. One that cannot tell, such as one in
// memory, has no limit.
func (d *DB) measureFree() (uint64, error) {
	usage, err := d.fs.GetDiskUsage(d.dir)
	if errors.Is(err, vfs.ErrUnsupported) {
		return ^uint64(0), nil
	}
	if err != nil {
		return 0, fmt.Errorf("measure free disk space: %w", err)
	}
	return usage.AvailBytes, nil
}

// releaseBallast removes the ballast when there is too little space left to
// replay a full set of write-ahead logs into tables.
func (d *DB) releaseBallast() error {
	free, err := d.measureFree()
	if err != nil || free >= 2*walMemTables*walMemTable {
		return err
	}
	err = d.fs.Remove(d.fs.PathJoin(d.dir, ballastFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("release ballast: %w", err)
	}
	return nil
}

// keepBallast makes the ballast when it is wanted, missing, and would leave the
// store writable. The space is reserved, not written, so this takes no time.
func (d *DB) keepBallast() error {
	want := d.opts.BallastBytes
	path := d.fs.PathJoin(d.dir, ballastFile)
	if _, err := d.fs.Stat(path); err == nil || want <= 0 {
		return nil
	}
	free, err := d.measureFree()
	if err != nil || free < d.opts.MinFreeBytes+uint64(want) {
		return err
	}
	f, err := d.fs.Create(path, vfs.WriteCategoryUnspecified)
	if err != nil {
		return fmt.Errorf("make ballast: %w", err)
	}
	if err := f.Preallocate(0, want); err != nil {
		_ = f.Close()
		return fmt.Errorf("make ballast: %w", err)
	}
	return f.Close()
}
