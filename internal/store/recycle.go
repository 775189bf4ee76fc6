package store

import (
	"strings"
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

// ReuseForWrite gives Pebble a file to write its next log to. On a real disk it
// does what the file system below would; that of a crashable disk in memory
// locks itself up when it is cloned meanwhile.
func (r *recyclingFS) ReuseForWrite(oldname, newname string, c vfs.DiskWriteCategory) (vfs.File, error) {
	if r.purging.Load() == 0 {
		if err := r.Rename(oldname, newname); err != nil {
			return nil, err
		}
		return r.OpenReadWrite(newname, c)
	}
	if err := r.Remove(oldname); err != nil {
		return nil, err
	}
	return r.Create(newname, c)
}

// Create makes a file. Before Pebble makes the marker that points at a new
// manifest, the name of the manifest is made durable: a power cut may otherwise
// keep the marker and lose the manifest, and the store could not be opened
// (cockroachdb/pebble issue 5825, not yet mended in v2.1.7).
func (r *recyclingFS) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	if strings.HasPrefix(r.PathBase(name), "marker.manifest.") {
		if err := syncDir(r.FS, r.PathDir(name)); err != nil {
			return nil, err
		}
	}
	return r.FS.Create(name, c)
}

// Unwrap returns the file system below.
func (r *recyclingFS) Unwrap() vfs.FS { return r.FS }
