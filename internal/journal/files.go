package journal

import (
	"fmt"
	"os"
	"path/filepath"
)

// Files reads and writes whole small files. Dir keeps them on the machine's
// disk; store.Files keeps them on the file system of a store, which in tests is
// one that can lose power.
type Files interface {
	// ReadFile returns the contents of a file; the error of a missing one
	// satisfies errors.Is(err, fs.ErrNotExist).
	ReadFile(name string) ([]byte, error)
	// WriteFile replaces a file at once and durably. Only its owner may read
	// it.
	WriteFile(name string, data []byte) error
}

// Dir is a directory on the machine's disk.
type Dir string

// ReadFile implements Files.
func (d Dir) ReadFile(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(string(d), name))
}

// WriteFile implements Files: a temporary file is written and synced, takes the
// name of the old one, and then the directory is synced. The directory must be
// there.
func (d Dir) WriteFile(name string, data []byte) error {
	path := filepath.Join(string(d), name)
	if err := writeSynced(path+".tmp", data); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return syncDir(string(d))
}

// writeSynced creates path with data, for its owner only, and syncs it.
func writeSynced(path string, data []byte) error {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return err // left by a crash, perhaps with other permissions
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// syncDir makes the names in a directory durable.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync directory: %w", err)
	}
	if err := f.Sync(); err != nil {
		_ = f.Close()
		return fmt.Errorf("sync directory: %w", err)
	}
	return f.Close()
}
