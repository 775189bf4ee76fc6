package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"grulden/internal/store"
)

// fault is a group of operations on the disk of which one fails.
type fault struct {
	name string
	ops  []errorfs.OpKind
	// harmless: when it fails, the store may go on. It only tidies up, or only
	// makes things faster, or it is tried again.
	harmless bool
	stays    bool // all that follow fail too
}

var faults = []fault{
	{name: "full", ops: []errorfs.OpKind{errorfs.OpFileWrite, errorfs.OpFileWriteAt, errorfs.OpCreate, errorfs.OpMkdirAll, errorfs.OpFilePreallocate}, stays: true},
	{name: "gone", ops: []errorfs.OpKind{
		errorfs.OpFileWrite, errorfs.OpFileWriteAt, errorfs.OpFileSync, errorfs.OpFileSyncData, errorfs.OpFileSyncTo, errorfs.OpCreate, errorfs.OpRename,
		errorfs.OpLink, errorfs.OpReuseForWrite, errorfs.OpRemove, errorfs.OpOpen, errorfs.OpOpenDir, errorfs.OpFileRead, errorfs.OpFileReadAt, errorfs.OpStat, errorfs.OpList,
	}, stays: true},
	{name: "write", ops: []errorfs.OpKind{errorfs.OpFileWrite, errorfs.OpFileWriteAt}},
	{name: "sync", ops: []errorfs.OpKind{errorfs.OpFileSync, errorfs.OpFileSyncData}},
	{name: "create", ops: []errorfs.OpKind{errorfs.OpCreate, errorfs.OpMkdirAll, errorfs.OpLock}},
	{name: "rename", ops: []errorfs.OpKind{errorfs.OpRename, errorfs.OpLink, errorfs.OpReuseForWrite}},
	{name: "open", ops: []errorfs.OpKind{errorfs.OpOpen, errorfs.OpOpenDir}},
	{name: "read", ops: []errorfs.OpKind{errorfs.OpFileRead, errorfs.OpFileReadAt}},
	{name: "look", ops: []errorfs.OpKind{errorfs.OpList, errorfs.OpStat, errorfs.OpFileStat, errorfs.OpGetDiskUsage}, harmless: true},
	{name: "tidy", ops: []errorfs.OpKind{errorfs.OpRemove, errorfs.OpRemoveAll, errorfs.OpFilePreallocate, errorfs.OpFileSyncTo, errorfs.OpFileFlush}, harmless: true},
}

// nth lets the n-th of some operations fail.
type nth struct {
	fault
	n    int64
	seen atomic.Int64
	hit  atomic.Pointer[errorfs.Op] // the first that failed
}

func (f *nth) watch(op errorfs.Op) error {
	if !slices.Contains(f.ops, op.Kind) {
		return nil
	}
	switch i := f.seen.Add(1); {
	case i == f.n:
		f.hit.Store(&op)
	case i < f.n || !f.stays:
		return nil
	}
	return errorfs.ErrInjected
}

// twoDays are two runs of the process over the commands of a market, each
// with its clean start and stop.
func twoDays(ctx context.Context, w *market, o Options) error {
	o.signEvery = 2 * time.Millisecond
	middle := len(w.lists[0]) / 2
	for _, part := range [][2]int{{0, middle}, {middle, len(w.lists[0])}} {
		n, err := Open("wijk", o)
		if err != nil {
			return fmt.Errorf("open: %w", err)
		}
		if err := w.run(ctx, n, part[0], part[1]); err != nil {
			return fmt.Errorf("submit: %w", err)
		}
		if err := n.Store().Flush(); err != nil {
			return err
		}
		if err := n.Close(); err != nil {
			return fmt.Errorf("close: %w", err)
		}
	}
	return nil
}

// positionEnv tells a second process from which position on to try faults. Some
// of them make Pebble panic in a goroutine of its own, which ends any process,
// this one too; so each group of faults is tried in a process that may end.
const positionEnv = "GRULDEN_NODE_TEST_POSITION"

// failEverywhere tries faults of every kind at every position, until try tells
// that there was no such operation any more.
func failEverywhere(t *testing.T, try func(t *testing.T, f fault, n int64) bool) {
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			n, err := strconv.ParseInt(os.Getenv(positionEnv), 10, 64)
			if err == nil { // this is the second process
				for fmt.Printf("\nposition %d\n", n); try(t, f, n); fmt.Printf("\nposition %d\n", n) {
					if n++; f.stays && !*long {
						n += n / 8
					}
				}
				return
			}
			t.Parallel()
			for n := int64(1); n > 0; {
				n = failInChild(t, n)
			}
		})
	}
}

// failInChild tries faults from a position on in a second process. It gives the
// position to go on from when that ended in a panic, and nought at the end.
func failInChild(t *testing.T, from int64) int64 {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^"+strings.ReplaceAll(t.Name(), "/", "$/^")+"$", "-long="+fmt.Sprint(*long))
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", positionEnv, from))
	out, err := cmd.CombinedOutput()
	_, last, _ := bytes.Cut(out[max(0, bytes.LastIndex(out, []byte("\nposition "))):], []byte("position "))
	word, _, _ := bytes.Cut(last, []byte("\n"))
	n, scanned := strconv.ParseInt(string(word), 10, 64)
	if err == nil && scanned == nil && n > 1 {
		t.Logf("up to %d", n)
		return 0
	}
	// The frames on top of a panic tell who could not go on.
	_, frames, panicked := bytes.Cut(out, []byte("panic: "))
	_, frames, _ = bytes.Cut(frames, []byte("[running]:\n"))
	if scanned != nil || !panicked || !bytes.Contains(frames[:min(1000, len(frames))], []byte("github.com/cockroachdb/pebble/v2")) {
		t.Errorf("a second process: %v\n%s", err, last)
		return 0
	}
	if n == from {
		return n + 1
	}
	return n // it may have been the process of the position before that panicked late
}

func TestEveryFailingOperationEndsTheProcessAndLosesNothingTold(t *testing.T) {
	whole := newMachine(vfs.NewCrashableMem())
	mustInit(t, whole.options(newClock()))
	failEverywhere(t, func(t *testing.T, f fault, n int64) bool {
		w, m, failing := newMarket(3), newMachine(copyOf(whole.mem)), &nth{n: n, fault: f}
		m.on(func(op errorfs.Op) error {
			err := failing.watch(op)
			if hit := failing.hit.Load(); err != nil && *hit == op { // it may be that Pebble panics now
				now := powerCut{op, 100, copyOf(m.mem), w.soFar()}
				if err := w.check(t, now.left, now.told); err != nil {
					t.Errorf("%v: %v", now, err)
				}
			}
			return err
		})
		end := live(t, m, w)
		hit := failing.hit.Load()
		if hit == nil {
			if end != "went on" {
				t.Errorf("nothing failed, and the process %s", end)
			}
			return false
		}
		if end == "went on" && !f.harmless && !forCompaction(*hit) {
			t.Errorf("operation %d, of %s, failed, and the process went on", n, hit.Path)
		}
		left := afterPowerCut(m.mem, percents[n%4], uint64(n))
		if err := w.check(t, left, w.soFar()); err != nil {
			t.Errorf("operation %d, of %s, failed, the process %s, and then: %v", n, hit.Path, end, err)
		}
		return true
	})
}

// forCompaction tells whether an operation may have been for a compaction: when
// that is given up because the store is being closed, it does not matter.
func forCompaction(op errorfs.Op) bool {
	return op.Kind.ReadOrWrite() == errorfs.OpIsRead && strings.HasSuffix(op.Path, ".sst")
}

// live runs a market on a machine to the end, and tells how it ended.
func live(t *testing.T, m *machine, w *market) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var err error
	switch came := m.finish(t, func() { err = twoDays(ctx, w, m.options(w.clock)) }); {
	case !came:
		return "ended itself"
	case err == nil:
		return "went on"
	case !errors.Is(err, errorfs.ErrInjected):
		t.Errorf("an error that does not tell the cause: %v", err)
	}
	m.once.Do(func() { close(m.ended) }) // the program says what failed, and ends
	return "told of an error"
}

func TestEveryFailingOperationOfInitLeavesNoLedgerOrAWholeOne(t *testing.T) {
	failEverywhere(t, func(t *testing.T, f fault, n int64) bool {
		m, clock, failing := newMachine(vfs.NewCrashableMem()), newClock(), &nth{n: n, fault: f}
		m.on(failing.watch)
		var made error
		came := m.finish(t, func() { made = Init("wijk", Settings{}, m.options(clock).Store) })
		hit := failing.hit.Load()
		if hit == nil {
			return false
		}
		if came && made == nil && !f.harmless {
			t.Errorf("operation %d, of %s, failed, and init went on", n, hit.Path)
		}
		after := newMachine(afterPowerCut(m.mem, percents[n%4], uint64(n))).options(clock)
		node, err := Open("wijk", after)
		switch {
		case err == nil:
			settleWijk(t, node, 2)
			mustClose(t, node)
			verify(t, after)
		case came && made == nil:
			t.Errorf("operation %d, of %s, failed, init went on, and then: %v", n, hit.Path, err)
		case !errors.Is(err, store.ErrNotLedger) && !errors.Is(err, ErrHalfMade):
			t.Errorf("operation %d, of %s, failed, and then: %v", n, hit.Path, err)
		}
		return true
	})
}
