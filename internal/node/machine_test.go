package node

import (
	"flag"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"grulden/internal/store"
)

// long makes the fault tests go through everything instead of samples. It takes
// minutes: go test ./internal/node -long -timeout 60m
var long = flag.Bool("long", false, "fault tests: every position instead of samples (minutes)")

// machine is a computer that a ledger runs on: a disk in memory that can fail,
// be slow, or be copied as a power cut leaves it, and a process that can end
// itself. A process that ended does nothing more, to the disk or to anybody.
type machine struct {
	mem   *vfs.MemFS
	watch atomic.Pointer[func(errorfs.Op) error] // asked before each operation on the disk
	once  sync.Once
	ended chan struct{} // closed when the process ended itself
	why   string        // before that
}

func newMachine(mem *vfs.MemFS) *machine {
	return &machine{mem: mem, ended: make(chan struct{})}
}

// on sets what is asked before each operation on the disk; nil for nothing.
func (m *machine) on(watch func(errorfs.Op) error) {
	if watch == nil {
		m.watch.Store(nil)
		return
	}
	m.watch.Store(&watch)
}

// options are those of a node on this machine.
func (m *machine) options(clock *testClock) Options {
	fs := errorfs.Wrap(m.mem, errorfs.InjectorFunc(func(op errorfs.Op) error {
		select {
		case <-m.ended:
			select {} // it does nothing more
		default:
		}
		if watch := m.watch.Load(); watch != nil {
			return (*watch)(op)
		}
		return nil
	}))
	return Options{Clock: clock.Now, Store: store.Options{FS: fs, MinFreeBytes: 1, CacheBytes: 1 << 20, Exit: m.exit}}
}

// exit ends the process: whoever calls it does nothing more.
func (m *machine) exit(reason string) {
	m.once.Do(func() {
		m.why = reason
		close(m.ended)
	})
	select {}
}

// mustLive fails the test when the process ended itself.
func (m *machine) mustLive(t *testing.T) {
	t.Helper()
	select {
	case <-m.ended:
		t.Fatal("the process ended itself: ", m.why)
	default:
	}
}

// patience is how long anything may take before it counts as hanging.
const patience = 10 * time.Second

// finish runs what may end the process, and tells whether it came to its own end.
func (m *machine) finish(t *testing.T, run func()) bool {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		run()
	}()
	select {
	case <-done:
		return true
	case <-m.ended:
		return false
	case <-time.After(patience):
		t.Fatalf("nothing happened for %v", patience)
		return false
	}
}

// changes tells whether an operation makes something durable, or changes what
// is there to be found.
func changes(op errorfs.Op) bool {
	switch op.Kind {
	case errorfs.OpFileSync, errorfs.OpFileSyncData, errorfs.OpFileSyncTo,
		errorfs.OpCreate, errorfs.OpRename, errorfs.OpRemove, errorfs.OpLink, errorfs.OpReuseForWrite:
		return true
	}
	return false
}

// percents are how much of what was not synced survives a power cut. The disk
// keeps some blocks and some names, and loses others.
var percents = []int{0, 30, 50, 100}

// afterPowerCut is a disk as a power cut at this moment leaves it.
func afterPowerCut(mem *vfs.MemFS, percent int, seed uint64) *vfs.MemFS {
	rng := rand.New(rand.NewPCG(seed, uint64(percent)))
	return mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: percent, RNG: rng})
}

// copyOf is a disk with the same on it, all of it synced.
func copyOf(mem *vfs.MemFS) *vfs.MemFS { return afterPowerCut(mem, 100, 0) }

// inParallel runs so many checks, two at a time.
func inParallel(count int, check func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < count; i = int(next.Add(1)) - 1 {
				check(i)
			}
		})
	}
	wg.Wait()
}

func mustInit(t testing.TB, o Options) {
	t.Helper()
	if err := Init("wijk", Settings{Coin: "Grulden", Wijk: "De Hoogte"}, o.Store); err != nil {
		t.Fatal(err)
	}
}

func mustClose(t testing.TB, n *Node) {
	t.Helper()
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
}
