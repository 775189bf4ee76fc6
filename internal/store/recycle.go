package store

import (
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// recyclingFS is the store's file system. Pebble writes new write-ahead logs
// over old ones, which makes syncs faster but leaves old bytes on disk; while
// a Purge runs, old logs are deleted instead.
type recyclingFS struct {
	vfs.FS
	purging atomic.Int32 // purges under way
}

// ReuseForWrite gives Pebble a file to write its next log to.
func (r *recyclingFS) ReuseForWrite(oldname, newname string, c vfs.DiskWriteCategory) (vfs.File, error) {
	if r.purging.Load() == 0 {
		return r.FS.ReuseForWrite(oldname, newname, c)
	}
	if err := r.Remove(oldname); err != nil {
		return nil, err
	}
	return r.Create(newname, c)
}

// Unwrap returns the file system below.
func (r *recyclingFS) Unwrap() vfs.FS { return r.FS }
