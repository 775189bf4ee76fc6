package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// places are the two kinds of disk that every basic test runs on.
func places(t *testing.T) map[string]func(*testing.T) (string, Options) {
	t.Helper()
	return map[string]func(*testing.T) (string, Options){
		"memory": func(*testing.T) (string, Options) { return "town/store", Options{FS: vfs.NewMem()} },
		"disk": func(t *testing.T) (string, Options) {
			return filepath.Join(t.TempDir(), "town", "store"), Options{}
		},
	}
}

// onBoth runs a test on a disk in memory and on a real one.
func onBoth(t *testing.T, test func(t *testing.T, dir string, o Options)) {
	for name, place := range places(t) {
		t.Run(name, func(t *testing.T) {
			dir, o := place(t)
			test(t, dir, o)
		})
	}
}

func mustInit(t *testing.T, dir string, o Options) {
	t.Helper()
	if err := Init(dir, o); err != nil {
		t.Fatal(err)
	}
}

func mustOpen(t *testing.T, dir string, o Options) *DB {
	t.Helper()
	d, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func mustClose(t *testing.T, d *DB) {
	t.Helper()
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

// put commits key=val pairs in one batch.
func put(t *testing.T, d *DB, pairs ...string) {
	t.Helper()
	b := d.NewBatch()
	defer b.Close()
	for i := 0; i < len(pairs); i += 2 {
		b.Set([]byte(pairs[i]), []byte(pairs[i+1]))
	}
	if err := d.Commit(b); err != nil {
		t.Fatal(err)
	}
}

// reader is a store or a snapshot of it.
type reader interface {
	Get(key []byte) ([]byte, bool, error)
}

func want(t *testing.T, r reader, key, val string) {
	t.Helper()
	got, ok, err := r.Get([]byte(key))
	if err != nil || !ok || string(got) != val {
		t.Fatalf("Get(%q) = %q, %v, %v; want %q", key, got, ok, err, val)
	}
}

func wantNone(t *testing.T, r reader, key string) {
	t.Helper()
	got, ok, err := r.Get([]byte(key))
	if err != nil || ok {
		t.Fatalf("Get(%q) = %q, %v, %v; want nothing", key, got, ok, err)
	}
}

func TestCommittedBatchIsThereAfterReopening(t *testing.T) {
	onBoth(t, func(t *testing.T, dir string, o Options) {
		mustInit(t, dir, o)
		d := mustOpen(t, dir, o)
		put(t, d, "a1", "one", "a2", "two")
		b := d.NewBatch()
		b.Set([]byte("a3"), []byte("three"))
		b.Delete([]byte("a1"))
		if b.Count() != 2 {
			t.Fatalf("Count() = %d, want 2", b.Count())
		}
		if err := d.Commit(b); err != nil {
			t.Fatal(err)
		}
		b.Reset()
		if b.Count() != 0 {
			t.Fatalf("Count() after Reset = %d, want 0", b.Count())
		}
		b.Set([]byte("a4"), []byte("never committed"))
		b.Close()
		mustClose(t, d)

		d = mustOpen(t, dir, o)
		defer mustClose(t, d)
		wantNone(t, d, "a1")
		want(t, d, "a2", "two")
		want(t, d, "a3", "three")
		wantNone(t, d, "a4")
	})
}

func TestInitRefusesAPlaceThatIsNotEmpty(t *testing.T) {
	onBoth(t, func(t *testing.T, dir string, o Options) {
		mustInit(t, dir, o)
		if err := Init(dir, o); !errors.Is(err, ErrExists) {
			t.Fatalf("second Init: %v, want ErrExists", err)
		}
	})
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "letter.txt"), []byte("keep me"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Init(dir, Options{}); !errors.Is(err, ErrExists) {
		t.Fatalf("Init beside a letter: %v, want ErrExists", err)
	}
	names, err := os.ReadDir(dir)
	if err != nil || len(names) != 1 {
		t.Fatalf("Init touched the place: %v, %v", names, err)
	}
}

func TestOpenNeverCreates(t *testing.T) {
	onBoth(t, func(t *testing.T, dir string, o Options) {
		if _, err := Open(dir, o); !errors.Is(err, ErrNotLedger) {
			t.Fatalf("Open of nothing: %v, want ErrNotLedger", err)
		}
		fs := o.withDefaults().FS
		if _, err := fs.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("Open made %s: %v", dir, err)
		}
		if err := fs.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, o); !errors.Is(err, ErrNotLedger) {
			t.Fatalf("Open of an empty directory: %v, want ErrNotLedger", err)
		}
		if names, err := fs.List(dir); err != nil || len(names) != 0 {
			t.Fatalf("Open put %v into an empty directory (%v)", names, err)
		}
	})
}

func TestHalfMadeStoreIsNotOpened(t *testing.T) {
	onBoth(t, func(t *testing.T, dir string, o Options) {
		mustInit(t, dir, o)
		if err := o.withDefaults().FS.Remove(filepath.Join(dir, formatFile)); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, o); !errors.Is(err, ErrNotLedger) {
			t.Fatalf("Open: %v, want ErrNotLedger", err)
		}
		if err := Init(dir, o); !errors.Is(err, ErrExists) {
			t.Fatalf("Init: %v, want ErrExists", err)
		}
	})
}

func TestUnknownFormatIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, dir string, o Options) {
		mustInit(t, dir, o)
		for _, text := range []string{"grulden store 2\n", "", "1\n", "grulden store 1x"} {
			if err := NewFiles(o.FS, dir).WriteFile(formatFile, []byte(text)); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(dir, o); !errors.Is(err, ErrFormat) {
				t.Errorf("Open with FORMAT %q: %v, want ErrFormat", text, err)
			}
		}
	})
}

func TestSecondOpenInOneProcessIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, dir string, o Options) {
		mustInit(t, dir, o)
		d := mustOpen(t, dir, o)
		if _, err := Open(dir, o); !errors.Is(err, ErrInUse) {
			t.Fatalf("second Open: %v, want ErrInUse", err)
		}
		put(t, d, "a", "still works")
		mustClose(t, d)
		d = mustOpen(t, dir, o)
		want(t, d, "a", "still works")
		mustClose(t, d)
	})
}

func TestLockThatCannotBeMadeIsNotInUse(t *testing.T) {
	onBoth(t, func(t *testing.T, dir string, o Options) {
		mustInit(t, dir, o)
		for _, cause := range []error{errorfs.ErrInjected, &os.PathError{Op: "open", Path: "LOCK", Err: syscall.EACCES}} {
			broken := o
			broken.FS = errorfs.Wrap(o.withDefaults().FS, errorfs.InjectorFunc(func(op errorfs.Op) error {
				if op.Kind == errorfs.OpLock {
					return cause
				}
				return nil
			}))
			if _, err := Open(dir, broken); errors.Is(err, ErrInUse) || !errors.Is(err, cause) {
				t.Errorf("Open: %v, want %v", err, cause)
			}
		}
	})
}

func TestSecondOpenByAnotherSpellingIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	mustInit(t, dir, Options{})
	d := mustOpen(t, dir, Options{})
	defer mustClose(t, d)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	cwd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	rel, err := filepath.Rel(cwd, dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{link, rel, dir + "/.", filepath.Dir(dir) + "//store"} {
		if _, err := Open(other, Options{}); !errors.Is(err, ErrInUse) {
			t.Errorf("Open(%s): %v, want ErrInUse", other, err)
		}
	}
}

func TestSnapshotDoesNotChange(t *testing.T) {
	onBoth(t, func(t *testing.T, dir string, o Options) {
		mustInit(t, dir, o)
		d := mustOpen(t, dir, o)
		defer mustClose(t, d)
		put(t, d, "a", "old", "b", "stays")
		s := d.Snapshot()
		defer s.Close()
		put(t, d, "a", "new", "c", "added")
		want(t, s, "a", "old")
		wantNone(t, s, "c")
		want(t, d, "a", "new")
	})
}

// keysOf lists what a scan sees.
func keysOf(t *testing.T, scan func(lower, upper []byte, fn func(k, v []byte) error) error, lower, upper string) string {
	t.Helper()
	var got string
	bound := func(s string) []byte {
		if s == "" {
			return nil
		}
		return []byte(s)
	}
	err := scan(bound(lower), bound(upper), func(k, v []byte) error {
		got += fmt.Sprintf("%s=%s ", k, v)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestScanWalksTheRangeInOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, dir string, o Options) {
		mustInit(t, dir, o)
		d := mustOpen(t, dir, o)
		defer mustClose(t, d)
		put(t, d, "b2", "4", "a1", "1", "b1", "3", "a2", "2", "c", "5")
		s := d.Snapshot()
		defer s.Close()
		for _, c := range []struct{ lower, upper, forward, backward string }{
			{"", "", "a1=1 a2=2 b1=3 b2=4 c=5 ", "c=5 b2=4 b1=3 a2=2 a1=1 "},
			{"b", "c", "b1=3 b2=4 ", "b2=4 b1=3 "},
			{"a2", "b2", "a2=2 b1=3 ", "b1=3 a2=2 "},
			{"d", "", "", ""},
		} {
			if got := keysOf(t, s.Scan, c.lower, c.upper); got != c.forward {
				t.Errorf("Scan(%q, %q) = %s, want %s", c.lower, c.upper, got, c.forward)
			}
			if got := keysOf(t, s.ScanBack, c.lower, c.upper); got != c.backward {
				t.Errorf("ScanBack(%q, %q) = %s, want %s", c.lower, c.upper, got, c.backward)
			}
		}
	})
}

func TestScanEndsWithTheErrorOfItsFunction(t *testing.T) {
	dir, o := "store", Options{FS: vfs.NewMem()}
	mustInit(t, dir, o)
	d := mustOpen(t, dir, o)
	defer mustClose(t, d)
	put(t, d, "a", "1", "b", "2")
	s := d.Snapshot()
	defer s.Close()
	boom, calls := errors.New("boom"), 0
	err := s.Scan(nil, nil, func(k, v []byte) error { calls++; return boom })
	if !errors.Is(err, boom) || calls != 1 {
		t.Fatalf("Scan = %v after %d calls, want boom after 1", err, calls)
	}
	err = s.Scan(nil, nil, func(k, v []byte) error { calls++; return Stop })
	if err != nil || calls != 2 {
		t.Fatalf("Scan with Stop = %v after %d calls, want nil after 1", err, calls-1)
	}
}

func TestSpacesDoNotSeeEachOther(t *testing.T) {
	onBoth(t, func(t *testing.T, dir string, o Options) {
		mustInit(t, dir, o)
		d := mustOpen(t, dir, o)
		defer mustClose(t, d)
		s, c := d.Space(Sessions), d.Space(PayCodes)
		if err := s.Put([]byte("x"), []byte("session")); err != nil {
			t.Fatal(err)
		}
		if err := c.Update(func(b *Batch) {
			b.Set([]byte("x1"), []byte("code 1"))
			b.Set([]byte("x2"), []byte("code 2"))
			b.Set([]byte("y"), []byte("code 3"))
		}); err != nil {
			t.Fatal(err)
		}
		want(t, s, "x", "session")
		wantNone(t, c, "x")
		want(t, d, "sx", "session")
		var got string
		if err := c.Scan([]byte("x"), func(k, v []byte) error {
			got += fmt.Sprintf("%s=%s ", k, v)
			return nil
		}); err != nil || got != "x1=code 1 x2=code 2 " {
			t.Fatalf("Scan = %q, %v", got, err)
		}
		if err := s.Delete([]byte("x")); err != nil {
			t.Fatal(err)
		}
		wantNone(t, s, "x")
		want(t, c, "x1", "code 1")
	})
}

func TestEndIsTheFirstKeyAfterAPrefix(t *testing.T) {
	for _, c := range []struct{ prefix, end string }{
		{"a", "b"}, {"az", "a{"}, {"a\xff", "b"}, {"a\xff\xff", "b"}, {"\xff", ""}, {"", ""},
	} {
		if got := End([]byte(c.prefix)); string(got) != c.end {
			t.Errorf("End(%q) = %q, want %q", c.prefix, got, c.end)
		}
	}
}

func TestCheckpointIsAStoreOfItsOwn(t *testing.T) {
	onBoth(t, func(t *testing.T, dir string, o Options) {
		mustInit(t, dir, o)
		d := mustOpen(t, dir, o)
		put(t, d, "a", "before")
		copyDir := filepath.Join(filepath.Dir(dir), "copy")
		if err := d.Checkpoint(copyDir); err != nil {
			t.Fatal(err)
		}
		if err := d.Checkpoint(copyDir); err == nil {
			t.Fatal("second Checkpoint to one place succeeded")
		}
		put(t, d, "a", "after")
		c := mustOpen(t, copyDir, o)
		want(t, c, "a", "before")
		mustClose(t, c)
		want(t, d, "a", "after")
		mustClose(t, d)
	})
}

func TestFileIsWholeWhenItsTemporaryOneWasLeftByACrash(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "head.tmp"), []byte("half"), 0o644); err != nil {
		t.Fatal(err)
	}
	f := NewFiles(nil, dir)
	if err := f.WriteFile("head", []byte("whole")); err != nil {
		t.Fatal(err)
	}
	data, err := f.ReadFile("head")
	if err != nil || string(data) != "whole" {
		t.Fatalf("ReadFile = %q, %v", data, err)
	}
	if fi, err := os.Stat(filepath.Join(dir, "head")); err != nil || fi.Mode().Perm() != 0o600 {
		t.Fatalf("file has mode %v (%v), want 0600", fi.Mode(), err)
	}
}

func TestFilesAreReplacedWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, dir string, o Options) {
		f := NewFiles(o.FS, dir)
		if _, err := f.ReadFile("head"); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("ReadFile of nothing: %v, want ErrNotExist", err)
		}
		for _, text := range []string{"a long first text", "short", ""} {
			if err := f.WriteFile("head", []byte(text)); err != nil {
				t.Fatal(err)
			}
			if got, err := f.ReadFile("head"); err != nil || string(got) != text {
				t.Fatalf("ReadFile = %q, %v, want %q", got, err, text)
			}
		}
	})
}

func TestFilesOnARealDiskArePrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	if err := NewFiles(nil, dir).WriteFile("key", []byte("secret")); err != nil {
		t.Fatal(err)
	}
	for path, mode := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "key"): 0o600} {
		if fi, err := os.Stat(path); err != nil || fi.Mode().Perm() != mode {
			t.Errorf("%s has mode %v (%v), want %v", path, fi.Mode(), err, mode)
		}
	}
}

func TestChangesCountTheCommitsOfARange(t *testing.T) {
	dir, o := places(t)["memory"](t)
	mustInit(t, dir, o)
	d := mustOpen(t, dir, o)
	defer mustClose(t, d)
	counts := func() string {
		return fmt.Sprint(d.Changes(Bank), d.Changes(Cash), d.Changes(Bank, Cash), d.Changes(Fund))
	}
	put(t, d, "b1", "x", "b2", "x", "d1", "x")
	if got := counts(); got != "1 1 2 0" {
		t.Errorf("after a commit in two ranges: %s", got)
	}
	b := d.NewBatch()
	defer b.Close()
	b.Set([]byte("d2"), nil)
	b.Reset()
	b.Delete([]byte("b1"))
	if got := counts(); got != "1 1 2 0" {
		t.Errorf("before the commit: %s", got)
	}
	if err := d.Commit(b); err != nil {
		t.Fatal(err)
	}
	if err := d.Space(Fund).Put([]byte("x"), nil); err != nil {
		t.Fatal(err)
	}
	if got := counts(); got != "2 1 3 1" {
		t.Errorf("after a deletion, and a write of a space: %s", got)
	}
}
