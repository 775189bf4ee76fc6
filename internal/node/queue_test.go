package node

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"grulden/internal/journal"
	"grulden/internal/store"
	"grulden/ledger"
)

// isLogSync tells whether an operation makes what is in the log durable.
func isLogSync(op errorfs.Op) bool {
	return (op.Kind == errorfs.OpFileSync || op.Kind == errorfs.OpFileSyncData) && strings.HasSuffix(op.Path, ".log")
}

// stick lets the machine's next sync of the log wait until release is called.
func (m *machine) stick() (stuck <-chan struct{}, release func()) {
	arrived, open := make(chan struct{}), make(chan struct{})
	var once sync.Once
	m.on(func(op errorfs.Op) error {
		if isLogSync(op) {
			once.Do(func() { close(arrived) })
			<-open
		}
		return nil
	})
	return arrived, func() { close(open) }
}

// await waits until something is so.
func await(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !so(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after %v: not %s", patience, what)
		}
	}
}

func payment(i int) Request {
	return Request{Command: ledger.Pay{ID: payID(i), From: ledger.AccountID(1 + i%10), To: ledger.AccountID(1 + (i+1)%10), Amount: 1}}
}

func TestFullQueueRefusesAtOnceAndLosesNothing(t *testing.T) {
	m := newMachine(vfs.NewMem())
	o := m.options(newClock())
	mustInit(t, o)
	n := mustOpen(t, o)
	settleWijk(t, n, 10)
	stuck, release := m.stick()
	var taken []*Pending
	busy := 0
	for i := 0; busy < 100; i++ {
		began := time.Now()
		p, err := n.Send(payment(i))
		switch {
		case err == nil:
			taken = append(taken, p)
		case !errors.Is(err, ErrBusy) || time.Since(began) > time.Second:
			t.Fatalf("payment %d: %v, after %v", i, err, time.Since(began))
		default:
			busy++
		}
		if i == 0 {
			<-stuck
		}
	}
	if most := queueLength + 4*batchLength; len(taken) < queueLength || len(taken) > most {
		t.Errorf("%d payments were taken, want %d to %d", len(taken), queueLength, most)
	}
	for i, p := range taken {
		select {
		case <-p.done:
			t.Fatalf("payment %d was told before it was on disk", i)
		default:
		}
	}
	release()
	seen := make(map[uint64]bool)
	for i, p := range taken {
		r, err := p.Wait()
		if err != nil || r.Result != ledger.Applied || seen[r.Seq] {
			t.Fatalf("payment %d: %+v, %v", i, r, err)
		}
		seen[r.Seq] = true
	}
	if _, err := n.Submit(context.Background(), payment(1_000_000)); err != nil {
		t.Errorf("after the rush: %v", err)
	}
	mustClose(t, n)
	if v := verify(t, o); v.Records != uint64(21+len(taken)+1) {
		t.Errorf("%d records, %d payments were taken", v.Records, len(taken))
	}
}

func TestNextBatchIsDecidedDuringASyncAndNobodyIsToldBefore(t *testing.T) {
	m := newMachine(vfs.NewMem())
	o := m.options(newClock())
	mustInit(t, o)
	n := mustOpen(t, o)
	settleWijk(t, n, 10)
	stuck, release := m.stick()
	events, cancel := n.Subscribe(3)
	defer cancel()
	first, err := n.Send(payment(1))
	if err != nil {
		t.Fatal(err)
	}
	<-stuck
	second, err := n.Send(payment(2)) // spends what the first brought, and more
	if err != nil {
		t.Fatal(err)
	}
	await(t, "decided", func() bool { return len(n.commits) == 1 })
	repeat, err := n.Send(payment(1))
	if err != nil {
		t.Fatal(err)
	}
	read := make(chan error, 1)
	go func() {
		read <- n.Read(func(v *View) error {
			_, err := v.Payment(payID(1))
			return err
		})
	}()
	for _, p := range []*Pending{first, second, repeat} {
		select {
		case <-p.done:
			t.Fatal("somebody was told before the sync: ", p.receipt)
		case <-read:
			t.Fatal("somebody read what was not on disk")
		case <-events:
			t.Fatal("a watcher was told before the sync")
		case <-time.After(20 * time.Millisecond):
		}
	}
	release()
	if r, err := second.Wait(); err != nil || r.Result != ledger.Applied {
		t.Fatal(r, err)
	}
	if r, err := repeat.Wait(); err != nil || !r.Repeat || r.Seq != first.receipt.Seq {
		t.Fatal(r, err)
	}
	if err := <-read; err != nil {
		t.Fatal(err)
	}
	if e := <-events; e.Seq != first.receipt.Seq {
		t.Fatalf("the watcher was told of %+v", e)
	}
	mustClose(t, n)
	verify(t, o)
}

// A slow disk is shared: many callers wait for the same sync.
func TestManyCallersShareASync(t *testing.T) {
	for _, c := range []struct {
		callers     int
		least, most float64 // payments for each sync
	}{{1, 0.9, 1.1}, {64, 16, 65}} {
		m := newMachine(vfs.NewMem())
		o := m.options(newClock())
		mustInit(t, o)
		n := mustOpen(t, o)
		settleWijk(t, n, 10)
		var syncs atomic.Int64
		m.on(func(op errorfs.Op) error {
			if isLogSync(op) {
				syncs.Add(1)
				time.Sleep(5 * time.Millisecond)
			}
			return nil
		})
		const each = 20
		var calling sync.WaitGroup
		for caller := range c.callers {
			calling.Go(func() {
				for i := range each {
					if r, err := n.Submit(context.Background(), payment(caller*each+i)); err != nil || r.Result != ledger.Applied {
						t.Error(r, err)
					}
				}
			})
		}
		calling.Wait()
		got := float64(c.callers*each) / float64(syncs.Load())
		if got < c.least || got > c.most {
			t.Errorf("%d callers: %.1f payments for each sync, want %v to %v", c.callers, got, c.least, c.most)
		}
		m.on(nil)
		mustClose(t, n)
		verify(t, o)
	}
}

func TestCheckpointIsSignedWithinAMinuteAlsoWhenNothingHappens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // time stands still unless everybody waits
		mem := vfs.NewMem()
		o := newMachine(mem).options(newClock())
		mustInit(t, o)
		n := mustOpen(t, o)
		signed := func() journal.Head {
			t.Helper()
			h, err := journal.ReadCheckpoint(n.files, checkpointFile, n.key)
			if err != nil {
				t.Fatal(err)
			}
			return h
		}
		for i := range 5 {
			if i == 0 {
				settleWijk(t, n, 10)
			}
			r := must(t, n, payment(i).Command)
			if h := signed(); h.Size >= r.Seq {
				t.Fatalf("entry %d is signed at once", r.Seq)
			}
			time.Sleep(signEvery)
			synctest.Wait()
			if h := signed(); h.Size != r.Seq {
				t.Fatalf("a minute after entry %d, %d are signed", r.Seq, h.Size)
			}
		}
		r := must(t, n, payment(100).Command)
		mustClose(t, n)
		if h := signed(); h.Size != r.Seq {
			t.Fatalf("after a clean stop at entry %d, %d are signed", r.Seq, h.Size)
		}
	})
}

// Backups sign a checkpoint too, beside the writer's own.
func TestBackupsBesideTheWriterDisturbNobody(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "wijk")
	m := newMachine(nil)
	o := Options{Store: store.Options{MinFreeBytes: 1, Exit: m.exit}, signEvery: time.Millisecond}
	n := settledAt(t, dir, o)
	var backing sync.WaitGroup
	var stop atomic.Bool
	for range 2 {
		backing.Go(func() {
			for copies := 0; copies < 5; copies++ {
				if err := n.Backup(io.Discard, t.TempDir()); err != nil {
					t.Error(err)
				}
			}
			stop.Store(true)
		})
	}
	came := m.finish(t, func() {
		for i := 0; !stop.Load(); i++ {
			mustPay(t, n, i)
		}
		backing.Wait()
	})
	if !came {
		t.Fatal("the process ended itself: ", m.why)
	}
	mustClose(t, n)
}

// With room for next to nothing in memory, accounts are forgotten and read
// again all the time, also while what they did last is not on disk yet.
func TestStateThatIsForgottenAndReadAgainIsTheSame(t *testing.T) {
	for seed := range uint64(3) {
		m := newMachine(vfs.NewMem())
		o := m.options(newClock())
		o.stateBound = 1
		mustInit(t, o)
		n := mustOpen(t, o)
		settleWijk(t, n, 10)
		rng := rand.New(rand.NewPCG(seed, 4))
		var mu sync.Mutex
		m.on(func(op errorfs.Op) error {
			if isLogSync(op) {
				mu.Lock()
				wait := time.Duration(rng.IntN(1500)) * time.Microsecond
				mu.Unlock()
				time.Sleep(wait)
			}
			return nil
		})
		var calling sync.WaitGroup
		for caller := range 16 {
			calling.Go(func() {
				for i := range 60 {
					r := payment(caller*60 + i)
					if r, err := n.Submit(context.Background(), r); err != nil || r.Result != ledger.Applied {
						t.Error(r, err)
					}
					if i%3 == 0 { // an earlier one, forgotten or not
						again, err := n.Submit(context.Background(), payment(caller*60+i/2))
						if err != nil || !again.Repeat {
							t.Error(again, err)
						}
					}
					if i%10 == 9 {
						refund := Request{Command: ledger.Refund{Of: payID(caller*60 + i - 5), All: true}, Key: keyNamed("refund %d %d", caller, i)}
						if r, err := n.Submit(context.Background(), refund); err != nil || r.Result != ledger.Applied {
							t.Error(r, err)
						}
					}
				}
			})
		}
		if !m.finish(t, calling.Wait) {
			t.Fatal("the process ended itself: ", m.why)
		}
		m.on(nil)
		mustClose(t, n)
		if v := verify(t, o); v.Records != 21+16*66 {
			t.Errorf("%d records", v.Records)
		}
	}
}
