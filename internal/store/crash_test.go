package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// cutDisk is a disk in memory that keeps, from just before every sync, write,
// rename and removal, a clone of itself as a power cut at that moment leaves it:
// what was synced, and percent of the rest.
type cutDisk struct {
	mem     *vfs.MemFS
	percent int
	acked   atomic.Int64 // batches acknowledged so far
	mu      sync.Mutex
	rng     *rand.Rand // under mu
	cuts    []powerCut // under mu
}

// powerCut is what one moment leaves.
type powerCut struct {
	clone *vfs.MemFS
	acked int // batches acknowledged before it
}

func newCutDisk(percent int, seed uint64) *cutDisk {
	return &cutDisk{mem: vfs.NewCrashableMem(), percent: percent, rng: rand.New(rand.NewPCG(uint64(percent), seed))}
}

// cutDisks are disks that keep nothing, all, or by chance a half of what is not
// synced; chance gets several tries.
func cutDisks() []*cutDisk {
	disks := []*cutDisk{newCutDisk(0, 0), newCutDisk(100, 0)}
	for seed := range uint64(4) {
		disks = append(disks, newCutDisk(50, seed))
	}
	return disks
}

// fs is the disk as the store sees it.
func (c *cutDisk) fs() vfs.FS {
	return errorfs.Wrap(c.mem, errorfs.InjectorFunc(func(op errorfs.Op) error {
		switch op.Kind {
		case errorfs.OpFileSync, errorfs.OpFileSyncData, errorfs.OpFileWrite, errorfs.OpRename, errorfs.OpRemove:
			c.cut()
		}
		return nil
	}))
}

// cut keeps what a power cut leaves now.
func (c *cutDisk) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	acked := int(c.acked.Load()) // before the clone: it may only hold more
	clone := c.mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: c.percent, RNG: c.rng})
	c.cuts = append(c.cuts, powerCut{clone, acked})
}

func TestPowerCutLosesNothingAcknowledged(t *testing.T) {
	for _, disk := range cutDisks() {
		o := Options{FS: disk.fs()}
		mustInit(t, "town/store", o)
		disk.cuts = nil
		d := mustOpen(t, "town/store", o)
		if err := writeNumbered(d, 60, &disk.acked); err != nil {
			t.Fatal(err)
		}
		mustClose(t, d)
		disk.cut()
		if len(disk.cuts) < 60 {
			t.Errorf("only %d cuts", len(disk.cuts))
		}
		for _, c := range disk.cuts {
			// A commit under way at the cut may be there or not.
			checkPrefix(t, "town/store", Options{FS: c.clone}, c.acked, c.acked+1)
		}
	}
}

func TestPowerCutDuringInitLeavesNoHalfStore(t *testing.T) {
	for _, disk := range cutDisks() {
		mustInit(t, "town/store", Options{FS: disk.fs()})
		before := len(disk.cuts)
		disk.cut()
		if before < 5 {
			t.Errorf("only %d cuts", before)
		}
		for i, c := range disk.cuts {
			d, err := Open("town/store", Options{FS: c.clone})
			switch {
			case err == nil:
				put(t, d, "a", "works")
				mustClose(t, d)
			case !errors.Is(err, ErrNotLedger) || i == before:
				t.Fatalf("cut %d of %d: %v", i, before, err)
			}
		}
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
		if i%9 == 8 {
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
