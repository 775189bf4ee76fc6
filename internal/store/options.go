package store

import (
	"fmt"
	"os"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// The bounds of a store. A write-ahead log is about as long as its memtable, so
// walMemTable × walMemTables also bounds what Open has to replay after a crash
// (about 60 MB a second on a small machine).
const (
	walMemTable  = 16 << 20 // bytes in one memtable
	walMemTables = 4        // memtables in memory before writes wait for a flush

	defaultCacheBytes   = 64 << 20
	defaultMinFreeBytes = 500 << 20

	// commitLimit is how long one Commit may take. On a full or dying disk
	// Pebble can wait for ever without an error.
	commitLimit = 10 * time.Second
	// exitCode is EX_SOFTWARE of sysexits.h, as a process that met an internal
	// error it must not survive.
	exitCode = 70
)

// Options configure a store. The zero value is right for a real ledger.
type Options struct {
	// FS is the file system. Optional: the machine's own.
	FS vfs.FS
	// CacheBytes bounds the cache of uncompressed blocks; memtables (64 MB at
	// most) come on top. Optional: 64 MB.
	CacheBytes int64
	// MinFreeBytes is the free disk space below which Writable says no.
	// Optional: 500 MB.
	MinFreeBytes uint64
	// BallastBytes is the size of a file kept to be given up when the disk is
	// so full that the store could not be opened any more. Optional: none.
	BallastBytes int64
	// Exit is called when the process must end because the storage can no
	// longer be trusted. It must not return. Optional: print to stderr and
	// exit with status 70.
	Exit func(reason string)

	commitLimit time.Duration // for tests: 10 s when zero
}

// withDefaults fills in what the caller left out.
func (o Options) withDefaults() Options {
	if o.FS == nil {
		o.FS = vfs.Default
	}
	if o.CacheBytes <= 0 {
		o.CacheBytes = defaultCacheBytes
	}
	if o.MinFreeBytes == 0 {
		o.MinFreeBytes = defaultMinFreeBytes
	}
	if o.Exit == nil {
		o.Exit = exitProcess
	}
	if o.commitLimit == 0 {
		o.commitLimit = commitLimit
	}
	return o
}

// exitProcess is the default of Options.Exit.
func exitProcess(reason string) {
	fmt.Fprintln(os.Stderr, "grulden: storage failed, stopping:", reason)
	os.Exit(exitCode)
}

// pebbleOptions are the engine's settings for one opening of the store. The
// listener and the logger report to d.
func (d *DB) pebbleOptions() *pebble.Options {
	o := &pebble.Options{
		FS: d.fs,
		// The engine's default format silently drops acknowledged batches when
		// a byte of the write-ahead log is damaged; the newest one tells.
		FormatMajorVersion:          pebble.FormatNewest,
		CacheSize:                   d.opts.CacheBytes + walMemTables*walMemTable, // memtables are counted in the cache
		MemTableSize:                walMemTable,
		MemTableStopWritesThreshold: walMemTables,
		L0CompactionThreshold:       4,
		// Never hold up a payment because compaction is behind: reads get
		// slower instead, and memtables bound the memory.
		L0StopWritesThreshold: 1000,
		LBaseMaxBytes:         64 << 20,
		// Fewer and larger tables than the engine's default: opening looks at each.
		TargetFileSizes:            [7]int64{8 << 20},
		MaxManifestFileSize:        4 << 20,
		CompactionConcurrencyRange: func() (int, int) { return 1, 2 },
		Logger:                     logger{d},
		EventListener: &pebble.EventListener{
			BackgroundError: func(err error) { d.fatal("background work: " + err.Error()) },
			DataCorruption: func(i pebble.DataCorruptionInfo) {
				d.fatal(fmt.Sprintf("corrupt data in %s: %v", i.Path, i.Details))
			},
		},
	}
	for i := range o.Levels {
		o.Levels[i].FilterPolicy = bloom.FilterPolicy(10) // bits a key: 1 % false reads
		o.Levels[i].BlockSize = 16 << 10                  // four times the default: long scans read less often
	}
	return o
}

// logger passes on only what ends the process; everything else that matters
// comes back as an error or an event.
type logger struct{ d *DB }

func (logger) Infof(string, ...any)  {}
func (logger) Errorf(string, ...any) {}

// Fatalf is called by Pebble when it cannot go on; it relies on not returning.
func (l logger) Fatalf(format string, args ...any) {
	l.d.fatal(fmt.Sprintf(format, args...))
}
