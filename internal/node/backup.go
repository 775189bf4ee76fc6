package node

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"grulden/internal/journal"
	"grulden/internal/store"
)

// Backup writes the whole ledger, as it is now and on disk, as one gzipped tar:
// the store, the signed checkpoint and the signing key. It runs beside the
// writer. The master key to names is not in it: it is kept elsewhere.
func (n *Node) Backup(w io.Writer, dir string) error {
	if err := n.signNow(); err != nil {
		return err
	}
	copied, err := os.MkdirTemp(dir, "backup-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(copied)
	// The copy is made after the checkpoint is signed, so it is never behind it.
	for _, name := range []string{checkpointFile, keyFile} {
		text, err := n.files.ReadFile(name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(copied, name), text, 0o600); err != nil {
			return err
		}
	}
	if err := n.db.Checkpoint(filepath.Join(copied, storeDir)); err != nil {
		return err
	}
	zipped := gzip.NewWriter(w)
	out := tar.NewWriter(zipped)
	return errors.Join(out.AddFS(os.DirFS(copied)), out.Close(), zipped.Close())
}

// signNow signs the head that is on disk.
func (n *Node) signNow() error {
	return n.Read(func(v *View) error {
		err := n.writeCheckpoint(v.Journal())
		if errors.Is(err, journal.ErrBehind) { // signed again meanwhile
			return nil
		}
		return err
	})
}

// Restore takes up a backup in a folder. It unpacks and verifies it beside the
// folder first; only then the folder is put in its place. What was there before
// is kept under another name, which is returned ("" if there was nothing), and
// only replaced at all when replace says so.
func Restore(ctx context.Context, r io.Reader, dir string, replace bool, o store.Options, progress func(done, of uint64)) (old string, v Verified, err error) {
	if !replace && !empty(dir) {
		return "", v, store.ErrExists
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), ".restore-*")
	if err != nil {
		return "", v, err
	}
	defer os.RemoveAll(fresh)
	if err := unpack(r, fresh); err != nil {
		return "", v, fmt.Errorf("the backup cannot be read: %w", err)
	}
	if v, err = Verify(ctx, fresh, o, progress); err != nil {
		return "", v, fmt.Errorf("the backup is not good, and nothing was changed: %w", err)
	}
	if !empty(dir) {
		if old, err = putAside(dir, fresh); err != nil {
			return "", v, err
		}
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return old, v, err
	}
	return old, v, os.Rename(fresh, dir)
}

// putAside renames a folder, after making sure that nobody has its ledger open.
// The key to names stays with the ledger that takes its place.
func putAside(dir, fresh string) (string, error) {
	db, err := store.Open(storePath(dir), store.Options{})
	if errors.Is(err, store.ErrInUse) {
		return "", err
	}
	if err == nil { // a damaged one need not open to be put aside
		if err := db.Close(); err != nil {
			return "", err
		}
	}
	if key, err := os.ReadFile(filepath.Join(dir, "master.key")); err == nil {
		if err := os.WriteFile(filepath.Join(fresh, "master.key"), key, 0o600); err != nil {
			return "", err
		}
	}
	old := dir + "-before-" + time.Now().UTC().Format("20060102T150405")
	return old, os.Rename(dir, old)
}

func empty(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err != nil && errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0
}

// unpack unpacks a backup. A backup has plain files only, and none of them
// leaves the folder.
func unpack(r io.Reader, dir string) error {
	zipped, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for in := tar.NewReader(zipped); ; {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			_, err = io.Copy(io.Discard, zipped) // to its checksum
			return err
		}
		if err != nil {
			return err
		}
		if err := unpackOne(root, h, in); err != nil {
			return err
		}
	}
}

func unpackOne(root *os.Root, h *tar.Header, in io.Reader) error {
	name := strings.TrimSuffix(h.Name, "/")
	switch h.Typeflag {
	case tar.TypeDir:
		if name == "." {
			return nil
		}
		return root.Mkdir(name, 0o700)
	case tar.TypeReg:
		f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, in)
		return errors.Join(err, f.Sync(), f.Close())
	}
	return fmt.Errorf("%s is not a plain file", h.Name)
}
