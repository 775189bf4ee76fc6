package store

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs/atomicfs"
)

// Pebble keeps the list of its tables in a file called the manifest. It takes a
// broken piece for the torn end of a write, opens without an error, and leaves
// out the tables that the rest of the file names; the same goes for the newest
// write-ahead log. So before it gets there:
//
//   - Close leaves a seal, the hash of the whole manifest; Open compares it and
//     breaks it. That finds any damage to the list of a store that was closed.
//   - After a crash there is no seal. Then manifest and newest log may be broken
//     only as a crash breaks them: see manifestBreak and logBreak.
const sealFile = "SEAL"

// manifest reads the current manifest: its name and its bytes.
func (d *DB) manifest() (name string, data []byte, err error) {
	name, err = atomicfs.ReadMarker(d.fs, d.dir, "manifest")
	if err != nil {
		return "", nil, err
	}
	if name == "" {
		return "", nil, fmt.Errorf("%w: the list of tables is missing", ErrDamaged)
	}
	data, err = NewFiles(d.fs, d.dir).ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, fmt.Errorf("%w: the list of tables %s is missing", ErrDamaged, name)
	}
	return name, data, err
}

// seal is the text of a seal over a manifest.
func seal(name string, data []byte) []byte {
	return fmt.Appendf(nil, "%s %d %x\n", name, len(data), sha256.Sum256(data))
}

// sealManifest leaves the seal of a store whose engine has been closed.
func (d *DB) sealManifest() error {
	name, data, err := d.manifest()
	if err != nil {
		return fmt.Errorf("seal store: %w", err)
	}
	return NewFiles(d.fs, d.dir).WriteFile(sealFile, seal(name, data))
}

// breakSeal checks the files of a store before the engine is started and removes
// the seal, which the engine's first change to the manifest makes untrue.
func (d *DB) breakSeal() error {
	name, data, err := d.manifest()
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	sealed, err := NewFiles(d.fs, d.dir).ReadFile(sealFile)
	if errors.Is(err, fs.ErrNotExist) {
		if at, broken := manifestBreak(data); broken {
			return fmt.Errorf("%w: the list of tables %s is broken at byte %d", ErrDamaged, name, at)
		}
		return d.checkNewestLog()
	}
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	if !bytes.Equal(sealed, seal(name, data)) {
		return fmt.Errorf("%w: the list of tables %s is not as it was when the store was closed", ErrDamaged, name)
	}
	if err := d.fs.Remove(d.fs.PathJoin(d.dir, sealFile)); err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	return syncDir(d.fs, d.dir)
}

// checkNewestLog looks for damage in the log that was written to last. The
// others were closed, and Pebble refuses them when anything is wrong.
func (d *DB) checkNewestLog() error {
	names, err := d.fs.List(d.dir)
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	newest, name := uint64(0), ""
	for _, n := range names {
		number, isLog := strings.CutSuffix(n, ".log")
		if i, err := strconv.ParseUint(number, 10, 32); isLog && err == nil && i >= newest {
			newest, name = i, n
		}
	}
	if name == "" {
		return nil
	}
	data, err := NewFiles(d.fs, d.dir).ReadFile(name)
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	if at, broken := logBreak(data, uint32(newest)); broken {
		return fmt.Errorf("%w: the log %s is broken at byte %d", ErrDamaged, name, at)
	}
	return nil
}
