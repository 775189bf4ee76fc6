package store

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// TestPowerCutLosesNothingAcknowledged takes the power away at many moments of
// a run of commits and flushes. Every clone of the disk holds what was synced,
// and a part, none to all, of what was not.
func TestPowerCutLosesNothingAcknowledged(t *testing.T) {
	for seed := range uint64(12) {
		fs := vfs.NewCrashableMem()
		o := Options{FS: fs}
		mustInit(t, "town/store", o)
		d := mustOpen(t, "town/store", o)
		rng := rand.New(rand.NewPCG(seed, 1))
		var acked atomic.Int64
		done := make(chan error)
		go func() { done <- writeNumbered(d, 200, &acked) }()
		for acked.Load() < 200 {
			before := int(acked.Load())
			clone := fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: int(seed) % 4 * 33, RNG: rng})
			after := int(acked.Load())
			checkPrefix(t, "town/store", Options{FS: clone}, before, after+1)
			time.Sleep(time.Duration(rng.IntN(2000)) * time.Microsecond)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		mustClose(t, d)
		checkPrefix(t, "town/store", Options{FS: fs.CrashClone(vfs.CrashCloneCfg{})}, 200, 200)
	}
}

// writeNumbered commits batches 0, 1, … of two keys, flushing now and then.
func writeNumbered(d *DB, n int, acked *atomic.Int64) error {
	b := d.NewBatch()
	defer b.Close()
	for i := range n {
		b.Reset()
		b.Set(fmt.Appendf(nil, "a%06d", i), []byte(strings.Repeat("x", 300)))
		b.Set(fmt.Appendf(nil, "b%06d", i), []byte{1})
		if err := d.Commit(b); err != nil {
			return err
		}
		acked.Add(1)
		if i%37 == 36 {
			if err := d.Flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkPrefix opens a store and checks that it holds the batches 0, 1, … whole,
// without a gap, and between least and most of them.
func checkPrefix(t *testing.T, dir string, o Options, least, most int) {
	t.Helper()
	d := mustOpen(t, dir, o)
	defer mustClose(t, d)
	s := d.Snapshot()
	defer s.Close()
	var keys [2]int // by kind: a, b
	err := s.Scan(nil, nil, func(k, _ []byte) error {
		kind := int(k[0] - 'a')
		if want := fmt.Sprintf("%c%06d", 'a'+kind, keys[kind]); string(k) != want {
			return fmt.Errorf("found %s, want %s", k, want)
		}
		keys[kind]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if keys[0] != keys[1] {
		t.Fatalf("%d first halves and %d second halves of batches", keys[0], keys[1])
	}
	if keys[0] < least || keys[0] > most {
		t.Fatalf("%d batches are there, want %d to %d", keys[0], least, most)
	}
}

// stuckDisk is a disk whose log syncs wait while it is stuck.
type stuckDisk struct {
	stuck   atomic.Bool
	release chan struct{}
}

// fs is a disk in memory that gets stuck.
func (s *stuckDisk) fs() vfs.FS {
	return errorfs.Wrap(vfs.NewMem(), errorfs.InjectorFunc(func(op errorfs.Op) error {
		sync := op.Kind == errorfs.OpFileSync || op.Kind == errorfs.OpFileSyncData
		if sync && strings.HasSuffix(op.Path, ".log") && s.stuck.Load() {
			<-s.release
		}
		return nil
	}))
}

func TestSnapshotNeverShowsWhatIsNotOnDisk(t *testing.T) {
	disk := &stuckDisk{release: make(chan struct{})}
	o := Options{FS: disk.fs()}
	mustInit(t, "store", o)
	d := mustOpen(t, "store", o)
	put(t, d, "a", "old")
	disk.stuck.Store(true)
	committed := make(chan error)
	go func() {
		b := d.NewBatch()
		defer b.Close()
		b.Set([]byte("a"), []byte("new"))
		committed <- d.Commit(b)
	}()
	for visible := false; !visible; { // in the engine, long before the sync
		val, _, err := d.Get([]byte("a"))
		if err != nil {
			t.Fatal(err)
		}
		visible = string(val) == "new"
	}
	taken := make(chan *Snapshot)
	go func() { taken <- d.Snapshot() }()
	select {
	case <-taken:
		t.Fatal("Snapshot returned while a commit it shows was not on disk")
	case <-time.After(50 * time.Millisecond):
	}
	disk.stuck.Store(false)
	close(disk.release)
	if err := <-committed; err != nil {
		t.Fatal(err)
	}
	s := <-taken
	want(t, s, "a", "new")
	s.Close()
	mustClose(t, d)
}

func TestCommitThatHangsEndsTheProcess(t *testing.T) {
	disk := &stuckDisk{release: make(chan struct{})}
	exited := make(chan string, 1)
	o := Options{FS: disk.fs(), commitLimit: 30 * time.Millisecond, Exit: func(reason string) {
		exited <- reason
		select {} // as the process ends here, nothing goes on
	}}
	mustInit(t, "store", o)
	d := mustOpen(t, "store", o)
	put(t, d, "a", "quick enough")
	time.Sleep(50 * time.Millisecond)
	select {
	case reason := <-exited:
		t.Fatalf("the watchdog bit after a commit that had ended: %s", reason)
	default:
	}
	disk.stuck.Store(true)
	go func() {
		b := d.NewBatch()
		b.Set([]byte("a"), []byte("never"))
		_ = d.Commit(b) // does not return
	}()
	select {
	case reason := <-exited:
		if !strings.Contains(reason, "longer than 30ms") {
			t.Fatalf("reason of exit: %s", reason)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("a commit hangs and the process lives on")
	}
}

func TestExitThatReturnsPanics(t *testing.T) {
	d, err := newDB("store", Options{FS: vfs.NewMem(), Exit: func(string) {}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if recover() == nil {
			t.Fatal("went on after a fatal error")
		}
	}()
	d.fatal("disk on fire")
}
