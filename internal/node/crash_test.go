package node

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"grulden/internal/store"
)

// powerCut is what a power cut left of a disk, and what had been told before.
type powerCut struct {
	op      errorfs.Op // before which it was
	percent int        // of what was not synced that is left
	left    *vfs.MemFS
	told    []told
}

func (c powerCut) String() string {
	words := map[errorfs.OpKind]string{
		errorfs.OpCreate: "create", errorfs.OpLink: "link", errorfs.OpRemove: "remove", errorfs.OpRename: "rename",
		errorfs.OpReuseForWrite: "reuse", errorfs.OpFileSync: "sync", errorfs.OpFileSyncData: "data sync", errorfs.OpFileSyncTo: "sync to",
	}
	return fmt.Sprintf("power cut before %s of %s, after %d commands, %d %% of the rest kept", words[c.op.Kind], c.op.Path, len(c.told), c.percent)
}

// cuts keeps what a power cut would leave before each operation of a machine
// that makes something durable: for each of percents in a long run, for two of
// them, in turn, otherwise.
type cuts struct {
	seed uint64
	mu   sync.Mutex
	all  []powerCut
}

// watch begins to keep power cuts of a machine, on which a market may be.
func (c *cuts) watch(m *machine, w *market) {
	m.on(func(op errorfs.Op) error {
		if !changes(op) {
			return nil
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		told := w.soFar() // before the copy: that may hold more, never less
		for i, percent := range percents {
			c.seed++
			if !*long && (int(c.seed)/len(percents)+i)%2 != 0 {
				continue
			}
			c.all = append(c.all, powerCut{op, percent, afterPowerCut(m.mem, percent, c.seed), told})
		}
		return nil
	})
}

// check checks every n-th of the power cuts.
func (c *cuts) check(t *testing.T, w *market, n int) {
	t.Helper()
	inParallel(len(c.all)/n, func(i int) {
		cut := c.all[i*n+i%n]
		if err := w.check(t, cut.left, cut.told); err != nil {
			t.Errorf("%v: %v", cut, err)
		}
	})
}

func TestPowerCutAtEverySyncLosesNothingTold(t *testing.T) {
	rounds := 1
	if *long {
		rounds = 40
	}
	for round := range rounds {
		w, m := newMarket(4), newMachine(vfs.NewCrashableMem())
		c := &cuts{seed: uint64(round) << 32}
		o := m.options(w.clock)
		o.signEvery = 3 * time.Millisecond // so that checkpoints are written among the rest
		mustInit(t, o)
		c.watch(m, w)
		for from := 0; from < len(w.lists[0]); from += 7 { // with clean stops
			n := mustOpen(t, o)
			if err := w.run(context.Background(), n, from, from+7); err != nil {
				t.Fatal(err)
			}
			if err := n.Store().Flush(); err != nil { // tables are written while it runs, too
				t.Fatal(err)
			}
			mustClose(t, n)
		}
		m.mustLive(t)
		m.on(nil)
		if len(c.all) < 250 || len(w.told) != 101 {
			t.Errorf("%d power cuts, %d commands told", len(c.all), len(w.told))
		}
		c.check(t, w, 1)
	}
}

// A power cut while the ledger is opened after a power cut.
func TestPowerCutDuringRecoveryLosesNothingTold(t *testing.T) {
	w, m, first := newMarket(2), newMachine(vfs.NewCrashableMem()), &cuts{}
	o := m.options(w.clock)
	mustInit(t, o)
	n := mustOpen(t, o)
	first.watch(m, w)
	if err := w.run(context.Background(), n, 0, len(w.lists[0])); err != nil {
		t.Fatal(err)
	}
	m.on(nil)
	mustClose(t, n)
	step := 20
	if *long {
		step = 1
	}
	for i := 0; i < len(first.all); i += step + 1 {
		told := first.all[i].told
		again, second := newMachine(first.all[i].left), &cuts{seed: uint64(i)}
		before := &market{told: told}
		second.watch(again, before)
		mustClose(t, mustOpen(t, again.options(w.clock)))
		second.check(t, w, 5)
	}
}

func TestPowerCutDuringInitLeavesNoLedgerOrAWholeOne(t *testing.T) {
	clock := newClock()
	for round := range uint64(3) {
		m, c := newMachine(vfs.NewCrashableMem()), &cuts{seed: round << 32}
		c.watch(m, &market{})
		mustInit(t, m.options(clock))
		c.all = append(c.all, powerCut{left: copyOf(m.mem), percent: 100})
		for i, cut := range c.all {
			after := newMachine(cut.left).options(clock)
			n, err := Open("wijk", after)
			if err != nil && !errors.Is(err, store.ErrNotLedger) && !errors.Is(err, ErrHalfMade) {
				t.Fatalf("%v: opening: %v", cut, err)
			}
			if err == nil {
				settleWijk(t, n, 2)
				mustClose(t, n)
				verify(t, after)
			}
			again := Init("wijk", Settings{}, after.Store)
			switch {
			case err == nil && !errors.Is(again, store.ErrExists):
				t.Fatalf("%v: made again over a ledger: %v", cut, again)
			case again == nil: // nothing of the first was there
				mustClose(t, mustOpen(t, after))
			case err != nil && !errors.Is(again, ErrHalfMade):
				t.Fatalf("%v: making it again: %v", cut, again)
			}
			if i == len(c.all)-1 && err != nil {
				t.Fatal("a finished ledger does not open: ", err)
			}
		}
	}
}
