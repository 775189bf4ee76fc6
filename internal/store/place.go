package store

import (
	"os"
	"path/filepath"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// onDisk says whether fs ends at the machine's own file system.
func onDisk(fs vfs.FS) bool { return vfs.Root(fs) == vfs.Default }

// realPath gives dir one name on a real disk. Locks are held by name within a
// process, so that two spellings of one directory would be two locks.
func realPath(fs vfs.FS, dir string) (string, error) {
	if !onDisk(fs) {
		return dir, nil
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real, nil
	}
	return abs, nil // not there yet: Init makes it, Open says so
}

// makePrivate takes a file on a real disk away from everybody but its owner;
// simulated ones have no owner.
func makePrivate(fs vfs.FS, path string) error {
	if !onDisk(fs) {
		return nil
	}
	return os.Chmod(path, 0o600)
}
