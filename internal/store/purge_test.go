package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"testing"
	"testing/synctest"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// filesWith lists the files of a store that contain the text, also in the
// blocks of tables: the texts that the tests look for do not compress.
func filesWith(t *testing.T, d *DB, text []byte) []string {
	t.Helper()
	names, err := d.fs.List(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	var with []string
	for _, name := range names {
		data, err := NewFiles(d.fs, d.dir).ReadFile(name)
		if errors.Is(err, os.ErrNotExist) {
			continue // deleted while we looked
		}
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, text) {
			with = append(with, name)
		}
	}
	return with
}

func TestPurgedValueIsInNoFile(t *testing.T) {
	onBoth(t, func(t *testing.T, dir string, o Options) {
		mustInit(t, dir, o)
		d := mustOpen(t, dir, o)
		defer mustClose(t, d)
		secret := []byte("x9Qz#7!pLw2@vRk8")
		keep := []byte("m3Bt$5%nYc6&hJd1")
		for round := range 3 { // in the log, in a young table, in an old one
			put(t, d, "v-secret", string(secret), "v-keep", string(keep))
			for i := range 100 {
				put(t, d, fmt.Sprintf("v%03d", i), "other")
			}
			if round > 0 {
				if err := d.Flush(); err != nil {
					t.Fatal(err)
				}
			}
			if round > 1 {
				if err := d.p.Compact(t.Context(), []byte("v"), []byte("w"), false); err != nil {
					t.Fatal(err)
				}
			}
			if len(filesWith(t, d, secret)) == 0 {
				t.Fatal("the value cannot be found even before it is deleted")
			}
			b := d.NewBatch()
			b.Delete([]byte("v-secret"))
			if err := d.Commit(b); err != nil {
				t.Fatal(err)
			}
			b.Close()
			if err := d.Purge([]byte("v"), []byte("w")); err != nil {
				t.Fatal(err)
			}
			if with := filesWith(t, d, secret); len(with) > 0 {
				t.Fatalf("round %d: deleted value is still in %v", round, with)
			}
			want(t, d, "v-keep", string(keep))
			want(t, d, "v042", "other")
		}
	})
}

func TestPurgeWaitsForOldSnapshots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, o := "store", Options{FS: vfs.NewMem()}
		mustInit(t, dir, o)
		d := mustOpen(t, dir, o)
		put(t, d, "v", "old")
		s := d.Snapshot()
		put(t, d, "v", "new")
		if err := d.Purge([]byte("v"), []byte("w")); !errors.Is(err, ErrStillRead) {
			t.Fatalf("Purge under a snapshot: %v, want ErrStillRead", err)
		}
		want(t, s, "v", "old")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := d.Purge([]byte("v"), []byte("w")); err != nil {
			t.Fatal(err)
		}
		mustClose(t, d)
	})
}
