package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

func TestLowDiskIsSeenAndGoesAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // time stands still unless the test sleeps
		fs := vfs.NewMem()
		o := Options{FS: fs, MinFreeBytes: 1000}
		mustInit(t, "store", o)
		d := mustOpen(t, "store", o)
		defer mustClose(t, d)
		for _, c := range []struct {
			free uint64
			wait time.Duration
			low  bool
		}{
			{1000, 0, false}, // just enough
			{999, 0, false},  // not looked again yet
			{999, diskCheckEvery, true},
			{5000, 0, true},
			{5000, diskCheckEvery, false},
		} {
			fs.TestingSetDiskUsage(vfs.DiskUsage{AvailBytes: c.free, TotalBytes: 10000})
			time.Sleep(c.wait)
			if err := d.Writable(); errors.Is(err, ErrDiskLow) != c.low {
				t.Fatalf("%d bytes free, after %v: Writable() = %v, want low: %v", c.free, c.wait, err, c.low)
			}
		}
	})
}

func TestDiskIsLookedAtAgainAfterMuchWriting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fs := vfs.NewMem()
		fs.TestingSetDiskUsage(vfs.DiskUsage{AvailBytes: 1 << 30, TotalBytes: 1 << 30})
		o := Options{FS: fs, MinFreeBytes: 32 << 20}
		mustInit(t, "store", o)
		d := mustOpen(t, "store", o)
		defer mustClose(t, d)
		if err := d.Writable(); err != nil {
			t.Fatal(err)
		}
		fs.TestingSetDiskUsage(vfs.DiskUsage{AvailBytes: 10, TotalBytes: 1 << 30})
		put(t, d, "a", "little")
		if err := d.Writable(); err != nil {
			t.Fatalf("looked again at once: %v", err)
		}
		put(t, d, "a", strings.Repeat("m", 1<<20))
		put(t, d, "a", strings.Repeat("m", 1<<20))
		if err := d.Writable(); !errors.Is(err, ErrDiskLow) {
			t.Fatalf("after a sixteenth of the reserve: %v, want ErrDiskLow", err)
		}
	})
}

func TestDiskWithoutLimitIsWritable(t *testing.T) {
	o := Options{FS: vfs.NewMem()}
	mustInit(t, "store", o)
	d := mustOpen(t, "store", o)
	defer mustClose(t, d)
	if err := d.Writable(); err != nil {
		t.Fatal(err)
	}
}

func TestRealDiskIsMeasured(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	mustInit(t, dir, Options{})
	for least, low := range map[uint64]bool{1: false, 1 << 62: true} {
		d := mustOpen(t, dir, Options{MinFreeBytes: least})
		if err := d.Writable(); errors.Is(err, ErrDiskLow) != low {
			t.Errorf("with %d bytes needed: %v, want low: %v", least, err, low)
		}
		mustClose(t, d)
	}
}

func TestBallastIsGivenUpWhenTheDiskIsFull(t *testing.T) {
	fs := vfs.NewMem()
	o := Options{FS: fs, BallastBytes: 1 << 20, MinFreeBytes: 1 << 20}
	path := filepath.Join("store", ballastFile)
	for _, c := range []struct {
		free uint64
		kept bool
	}{
		{1 << 40, true},
		{2 * walMemTables * walMemTable, true}, // low, but enough to open
		{1 << 20, false},                       // given up
		{1<<20 + 1<<20 - 1, false},             // no room to take it back
		{1 << 40, true},
	} {
		fs.TestingSetDiskUsage(vfs.DiskUsage{AvailBytes: c.free, TotalBytes: 1 << 41})
		if _, err := fs.Stat("store"); err != nil {
			mustInit(t, "store", o)
		}
		mustClose(t, mustOpen(t, "store", o))
		_, err := fs.Stat(path)
		if kept := err == nil; kept != c.kept {
			t.Fatalf("%d bytes free: ballast kept: %v, want %v (%v)", c.free, kept, c.kept, err)
		}
	}
}

func TestBallastTakesUpRealSpace(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	mustInit(t, dir, Options{})
	mustClose(t, mustOpen(t, dir, Options{BallastBytes: 1 << 20, MinFreeBytes: 1}))
	usage := func() int64 {
		var blocks int64
		names, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			blocks += blocksOf(t, filepath.Join(dir, name.Name()))
		}
		return blocks * 512
	}
	with := usage()
	if err := os.Remove(filepath.Join(dir, ballastFile)); err != nil {
		t.Fatal(err)
	}
	if gain := with - usage(); gain < 1<<20 {
		t.Fatalf("removing the ballast gains %d bytes, want %d", gain, 1<<20)
	}
}

// blocksOf is the number of 512-byte blocks that a file takes up.
func blocksOf(t *testing.T, path string) int64 {
	t.Helper()
	var st syscall.Stat_t
	if err := syscall.Stat(path, &st); err != nil {
		t.Fatal(err)
	}
	return st.Blocks
}
