package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// The errors a caller can act on.
var (
	// ErrExists: Init found something in the place already.
	ErrExists = errors.New("place is not empty")
	// ErrNotLedger: Open found no finished store in the place.
	ErrNotLedger = errors.New("no ledger here")
	// ErrInUse: another process, or this one, has the store open.
	ErrInUse = errors.New("ledger is in use by another process")
	// ErrFormat: the store was made by another, newer or broken, version.
	ErrFormat = errors.New("unknown format version")
	// ErrDiskLow: too little free disk space to take on new work.
	ErrDiskLow = errors.New("too little free disk space")
	// ErrDamaged: the files of the store do not fit together.
	ErrDamaged = errors.New("store is damaged")
)

// formatFile marks a finished store and says how its keys are laid out. Init
// writes it last, so that a half-made store is never opened.
//
// Versions:
//
//	1  November 2026. First layout: keys.go; Pebble format 24 or later.
const (
	formatFile    = "FORMAT"
	formatPrefix  = "grulden store "
	formatVersion = "1"
)

// DB is an open store. Its methods may be called from many goroutines.
type DB struct {
	opts Options
	fs   vfs.FS
	dir  string
	lock *pebble.Lock
	p    *pebble.DB // set once by start
	disk diskGuard

	mu       sync.Mutex
	settled  *sync.Cond // a commit ended; uses mu
	tickets  uint64     // commits begun so far; under mu
	inFlight []uint64   // tickets of commits not yet on disk, ascending; under mu
	taken    uint64     // snapshots taken so far; under mu
	open     []uint64   // numbers of the snapshots not yet closed, ascending; under mu

	changes [256]atomic.Uint64 // commits by what they wrote under; see Changes

	recycling recyclingFS // knows when old logs must not be kept
}

// Init makes a new, empty store in dir, which must not exist or be empty. It
// returns ErrExists when there is anything in dir.
func Init(dir string, o Options) error {
	d, err := newDB(dir, o)
	if err != nil {
		return err
	}
	if err := makeDir(d.fs, d.dir); err != nil {
		return fmt.Errorf("make store: %w", err)
	}
	names, err := d.fs.List(d.dir)
	if err != nil {
		return fmt.Errorf("make store: %w", err)
	}
	if len(names) > 0 {
		return fmt.Errorf("%w: %s", ErrExists, d.dir)
	}
	if err := d.acquire(); err != nil {
		return err
	}
	defer d.lock.Close()
	if err := d.create(); err != nil {
		return fmt.Errorf("make store in %s: %w", d.dir, err)
	}
	return nil
}

// create writes the files of an empty store, the mark of completion last.
func (d *DB) create() error {
	po := d.pebbleOptions()
	po.ErrorIfExists = true
	po.Lock = d.lock
	p, err := pebble.Open(d.dir, po)
	if err != nil {
		return err
	}
	if err := p.Close(); err != nil {
		return err
	}
	if err := d.sealManifest(); err != nil {
		return err
	}
	return d.writeFormat(d.dir)
}

// Open opens the store in dir. It returns ErrNotLedger when there is none,
// ErrInUse when it is open already, ErrFormat when this version cannot read it,
// and ErrDamaged when its list of files is broken. It never creates a store.
func Open(dir string, o Options) (*DB, error) {
	d, err := newDB(dir, o)
	if err != nil {
		return nil, err
	}
	if err := d.checkFormat(); err != nil {
		return nil, err
	}
	if err := d.acquire(); err != nil {
		return nil, err
	}
	if err := d.start(); err != nil {
		_ = d.lock.Close()
		return nil, err
	}
	return d, nil
}

// start starts the engine on a store that is locked and of a known format.
func (d *DB) start() error {
	if err := d.releaseBallast(); err != nil {
		return err
	}
	if err := d.breakSeal(); err != nil {
		return err
	}
	po := d.pebbleOptions()
	po.ErrorIfNotExists = true
	po.Lock = d.lock
	p, err := pebble.Open(d.dir, po)
	var errno syscall.Errno
	switch {
	case errors.As(err, &errno) && !errors.Is(err, fs.ErrNotExist): // the disk, or the rights to it
		return fmt.Errorf("open store %s: %w", d.dir, err)
	case err != nil: // files that are missing, or do not fit together
		return fmt.Errorf("%w: %s: %w", ErrDamaged, d.dir, err)
	}
	d.p = p
	return d.keepBallast()
}

// newDB prepares a store that is not open yet.
func newDB(dir string, o Options) (*DB, error) {
	o = o.withDefaults()
	path, err := realPath(o.FS, dir)
	if err != nil {
		return nil, fmt.Errorf("store place %s: %w", dir, err)
	}
	d := &DB{opts: o, dir: path}
	d.recycling.FS = o.FS
	d.fs = &d.recycling
	d.settled = sync.NewCond(&d.mu)
	return d, nil
}

// acquire takes the lock of the directory.
func (d *DB) acquire() error {
	l, err := pebble.LockDirectory(d.dir, d.fs)
	switch {
	case isHeld(err):
		return fmt.Errorf("%w: %s", ErrInUse, d.dir)
	case err != nil:
		return fmt.Errorf("lock store: %w", err)
	}
	d.lock = l
	return nil
}

// isHeld tells whether a lock could not be had because somebody has it. The
// lock call itself then fails with one of two numbers, bare; in a PathError the
// same numbers are about the making of the lock file.
func isHeld(err error) bool {
	var path *os.PathError
	switch {
	case err == nil || errors.As(err, &path):
		return false
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EACCES):
		return true
	default: // Pebble has no name for the error of a lock held by this process
		return strings.Contains(err.Error(), "held by current process")
	}
}

// writeFormat marks dir as a finished store of this version.
func (d *DB) writeFormat(dir string) error {
	return NewFiles(d.fs, dir).WriteFile(formatFile, []byte(formatPrefix+formatVersion+"\n"))
}

// checkFormat says whether dir holds a finished store that this version reads.
func (d *DB) checkFormat() error {
	data, err := NewFiles(d.fs, d.dir).ReadFile(formatFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: %s", ErrNotLedger, d.dir)
	case err != nil:
		return fmt.Errorf("open store %s: %w", d.dir, err)
	}
	version, ok := strings.CutPrefix(strings.TrimSuffix(string(data), "\n"), formatPrefix)
	if !ok || version != formatVersion {
		return fmt.Errorf("%w in %s: have %q, can read %s", ErrFormat, d.dir, data, formatVersion)
	}
	return nil
}

// Flush writes everything that is only in the write-ahead log to tables, so
// that the next Open has nothing to replay.
func (d *DB) Flush() error {
	if err := d.p.Flush(); err != nil {
		return fmt.Errorf("flush store: %w", err)
	}
	return nil
}

// Close flushes and closes the store. Snapshots must have been closed and no
// other method may be running.
func (d *DB) Close() error {
	if err := d.Flush(); err != nil {
		return err
	}
	if err := d.p.Close(); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	if err := d.sealManifest(); err != nil {
		return err
	}
	if err := d.lock.Close(); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// Checkpoint writes a consistent copy of the store to dir, which must not exist
// and must be on the same disk: tables are shared by hard links. It runs beside
// reads and commits and holds at least every batch committed before the call.
func (d *DB) Checkpoint(dir string) error {
	if err := d.p.Checkpoint(dir, pebble.WithFlushedWAL()); err != nil {
		return fmt.Errorf("checkpoint store: %w", err)
	}
	if err := d.writeFormat(dir); err != nil {
		return fmt.Errorf("checkpoint store: %w", err)
	}
	return nil
}

// DiskBytes is the space that the store takes on disk, in bytes.
func (d *DB) DiskBytes() uint64 { return d.p.Metrics().DiskSpaceUsage() }

// fatal ends the process. It does not return.
func (d *DB) fatal(reason string) {
	d.opts.Exit(reason)
	panic("store: Options.Exit returned; reason of exit: " + reason)
}

// check ends the process when err says that what was read is corrupt, and
// returns any other error with context.
func (d *DB) check(what string, err error) error {
	if err == nil {
		return nil
	}
	if pebble.IsCorruptionError(err) {
		d.fatal("corrupt data: " + err.Error())
	}
	return fmt.Errorf("%s: %w", what, err)
}
