package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/atomicfs"
)

// rowsInDamage is how many batches the stores of these tests hold.
const rowsInDamage = 60

// wornStore makes a store in memory with several tables and some batches that
// are only in the log. Closed or not, the returned disk is at rest.
func wornStore(t *testing.T, closed bool) *vfs.MemFS {
	t.Helper()
	fs := vfs.NewCrashableMem()
	o := Options{FS: fs}
	mustInit(t, "store", o)
	d := mustOpen(t, "store", o)
	var acked atomic.Int64
	if err := writeNumbered(d, rowsInDamage, &acked); err != nil {
		t.Fatal(err)
	}
	if closed {
		mustClose(t, d)
		return fs.CrashClone(vfs.CrashCloneCfg{})
	}
	clone := fs.CrashClone(vfs.CrashCloneCfg{})
	mustClose(t, d)
	return clone
}

// filesLike lists the files of the store with a name like pattern.
func filesLike(t *testing.T, fs vfs.FS, pattern string) []string {
	t.Helper()
	all, err := fs.List("store")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, name := range all {
		if ok, err := filepath.Match(pattern, name); err != nil {
			t.Fatal(err)
		} else if ok {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		t.Fatalf("no file %s among %v", pattern, all)
	}
	return names
}

// outcome of opening and reading a damaged store.
type outcome string

const (
	refused outcome = "refused"     // Open returned an error
	ended   outcome = "ended"       // the process would have ended
	whole   outcome = "whole"       // everything is there
	holes   outcome = "holes"       // something is missing or wrong
	unclear outcome = "other error" // an error that does not name damage
)

// finding is the outcome and what was said.
type finding struct {
	outcome
	detail string
}

// openDamaged opens a damaged copy of a store and reads all of it, until it has
// an answer or the process would have ended.
func openDamaged(fs vfs.FS) finding {
	answer := make(chan finding, 2)
	exit := func(reason string) {
		answer <- finding{ended, reason}
		select {} // the end of the process; what waits for this goroutine waits for ever
	}
	go func() {
		defer func() {
			if r := recover(); r != nil { // a panic ends the process, too
				answer <- finding{ended, fmt.Sprint(r)}
			}
		}()
		o, detail := readDamaged(Options{FS: fs, Exit: exit})
		answer <- finding{o, detail}
	}()
	return <-answer
}

// readDamaged opens a store and reads all of it.
func readDamaged(o Options) (outcome, string) {
	d, err := Open("store", o)
	if errors.Is(err, ErrDamaged) || errors.Is(err, ErrFormat) || errors.Is(err, ErrNotLedger) {
		return refused, err.Error()
	}
	if err != nil {
		return unclear, err.Error()
	}
	for i := range rowsInDamage {
		a, ok, err := d.Get(fmt.Appendf(nil, "a%06d", i))
		if err != nil {
			return unclear, err.Error()
		}
		if !ok || string(a) != strings.Repeat("x", 300) {
			return holes, fmt.Sprintf("batch %d", i)
		}
	}
	if err := d.Close(); err != nil {
		return unclear, err.Error()
	}
	return whole, ""
}

// flipped is a copy of a disk with one byte of one file changed.
func flipped(t *testing.T, fs *vfs.MemFS, name string, at int) *vfs.MemFS {
	t.Helper()
	copied := fs.CrashClone(vfs.CrashCloneCfg{})
	data := readAll(t, copied, name)
	data[at] ^= 0x40
	writeRaw(t, copied, name, data)
	return copied
}

func readAll(t *testing.T, fs vfs.FS, name string) []byte {
	t.Helper()
	data, err := NewFiles(fs, "store").ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func writeRaw(t *testing.T, fs vfs.FS, name string, data []byte) {
	t.Helper()
	if err := NewFiles(fs, "store").WriteFile(name, data); err != nil {
		t.Fatal(err)
	}
}

// flipAll changes bytes of the files like pattern, one at a time, and returns
// what came of it, without the changes that did no harm. Every change must be
// noticed, except one that allowed accepts.
func flipAll(t *testing.T, fs *vfs.MemFS, pattern string, step int, allowed func(finding) bool) map[outcome]int {
	t.Helper()
	if f := openDamaged(fs.CrashClone(vfs.CrashCloneCfg{})); f.outcome != whole {
		t.Fatalf("undamaged store: %s", f)
	}
	count := map[outcome]int{}
	for _, name := range filesLike(t, fs, pattern) {
		size := len(readAll(t, fs, name))
		for at := 0; at < size; at += step {
			f := openDamaged(flipped(t, fs, name, at))
			if (f.outcome == holes || f.outcome == unclear) && !allowed(f) {
				t.Errorf("byte %d of %d of %s: %s", at, size, name, f)
			}
			count[f.outcome]++
		}
	}
	return count
}

func nothing(finding) bool { return false }

func TestDamagedManifestOfAClosedStoreIsRefused(t *testing.T) {
	count := flipAll(t, wornStore(t, true), "MANIFEST-*", 1, nothing)
	if count[refused] < 300 || count[ended] > 0 { // the older manifest, no longer used, is there too
		t.Fatal(count)
	}
}

func TestDamagedManifestAfterACrashIsRefused(t *testing.T) {
	count := flipAll(t, wornStore(t, false), "MANIFEST-*", 1, nothing)
	if count[refused] < 300 || count[ended] > 0 {
		t.Fatal(count)
	}
}

func TestDamagedTableEndsTheReader(t *testing.T) {
	count := flipAll(t, wornStore(t, true), "*.sst", 11, nothing)
	if count[ended]+count[refused] < 100 {
		t.Fatal(count)
	}
}

// A broken last batch cannot be told from one that was being written when the
// power went; the signed checkpoint above the store narrows that further.
func TestDamagedLogCostsAtMostTheLastBatch(t *testing.T) {
	last := fmt.Sprintf("batch %d", rowsInDamage-1)
	count := flipAll(t, wornStore(t, false), "*.log", 7, func(f finding) bool { return f.detail == last })
	if count[refused] < 100 {
		t.Fatal(count)
	}
}

func TestMissingFileIsNoticed(t *testing.T) {
	for _, closed := range []bool{true, false} {
		fs := wornStore(t, closed)
		for _, name := range filesLike(t, fs, "*") {
			if strings.HasSuffix(name, ".log") {
				continue // the newest log gone is as if its batches had not been written
			}
			copied := fs.CrashClone(vfs.CrashCloneCfg{})
			if err := copied.Remove(filepath.Join("store", name)); err != nil {
				t.Fatal(err)
			}
			if f := openDamaged(copied); f.outcome == holes || f.outcome == unclear {
				t.Errorf("closed %v, without %s: %s", closed, name, f)
			}
		}
	}
}

func TestManifestCutShortByACrashIsAccepted(t *testing.T) {
	fs := wornStore(t, false)
	name, err := atomicfs.ReadMarker(fs, "store", "manifest")
	if err != nil {
		t.Fatal(err)
	}
	data := readAll(t, fs, name)
	var starts []int // of the chunks
	walk(data, plainHead, func(c chunk) bool {
		starts = append(starts, c.size)
		return true
	})
	last := len(data) - starts[len(starts)-1]
	for end := last; end <= len(data); end++ {
		if at, broken := manifestBreak(data[:end]); broken {
			t.Errorf("cut at %d of %d: broken at %d", end, len(data), at)
		}
		zeros := append(append([]byte(nil), data[:end]...), make([]byte, 64)...)
		if at, broken := manifestBreak(zeros); broken {
			t.Errorf("cut at %d of %d, then zeros: broken at %d", end, len(data), at)
		}
	}
	if at, broken := manifestBreak(data[:last-1]); broken {
		t.Errorf("cut in the chunk before: broken at %d", at)
	}
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte{}, uint32(0))
	f.Add(make([]byte, 100), uint32(0))
	f.Add([]byte{0, 0, 0, 0, 1, 0, 9, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5}, uint32(2))
	f.Fuzz(func(t *testing.T, data []byte, log uint32) {
		if at, broken := manifestBreak(data); at > len(data) || broken && at == len(data) {
			t.Fatalf("manifest of %d bytes broken at %d", len(data), at)
		}
		if at, broken := logBreak(data, log); at > len(data) || broken && at == len(data) {
			t.Fatalf("log of %d bytes broken at %d", len(data), at)
		}
	})
}
