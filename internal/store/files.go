package store

import (
	"fmt"
	"io"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Files reads and writes whole small files in one directory of a vfs.FS, so
// that files kept beside the store live on the same, possibly simulated, disk.
type Files struct {
	fs  vfs.FS
	dir string
}

// NewFiles returns the files in dir, which need not exist before the first
// WriteFile. A nil fs is the machine's own file system.
func NewFiles(fs vfs.FS, dir string) Files {
	if fs == nil {
		fs = vfs.Default
	}
	return Files{fs, dir}
}

// ReadFile returns the contents of the named file. The error of a missing file
// satisfies errors.Is(err, fs.ErrNotExist).
func (f Files) ReadFile(name string) ([]byte, error) {
	file, err := f.fs.Open(f.fs.PathJoin(f.dir, name))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}

// WriteFile replaces the named file at once and durably: after a crash it holds
// either the old bytes or the new ones, and once WriteFile has returned, the
// new ones. The directory is made when it is not there. Files made on a real
// disk are readable by their owner only.
func (f Files) WriteFile(name string, data []byte) error {
	if err := makeDir(f.fs, f.dir); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	path := f.fs.PathJoin(f.dir, name)
	if err := f.writeSynced(path+".tmp", data); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := f.fs.Rename(path+".tmp", path); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return syncDir(f.fs, f.dir)
}

// writeSynced creates path with data and syncs it.
func (f Files) writeSynced(path string, data []byte) error {
	file, err := f.fs.Create(path, vfs.WriteCategoryUnspecified)
	if err != nil {
		return err
	}
	if err := makePrivate(f.fs, path); err != nil { // before there is anything to read
		_ = file.Close()
		return err
	}
	if _, err := file.Write(data); err != nil {
		_ = file.Close()
		return err
	}
	if err := file.Sync(); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}

// makeDir makes dir and the directories above it that are missing, durably and
// for their owner only.
func makeDir(fs vfs.FS, dir string) error {
	var parents []string // of the directories that are going to be made
	for at := dir; ; at = fs.PathDir(at) {
		if _, err := fs.Stat(at); err == nil || fs.PathDir(at) == at {
			break
		}
		parents = append(parents, fs.PathDir(at))
	}
	if err := fs.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, parent := range parents {
		if err := syncDir(fs, parent); err != nil {
			return err
		}
	}
	return nil
}

// syncDir makes the names in dir durable.
func syncDir(fs vfs.FS, dir string) error {
	d, err := fs.OpenDir(dir)
	if err != nil {
		return fmt.Errorf("sync directory %s: %w", dir, err)
	}
	if err := d.Sync(); err != nil {
		_ = d.Close()
		return fmt.Errorf("sync directory %s: %w", dir, err)
	}
	return d.Close()
}
