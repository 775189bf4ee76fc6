package node

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/store"
	"grulden/ledger"
)

// tryPay makes a payment, and tells how long it took to be told anything.
func tryPay(n *Node, i int) (Receipt, time.Duration, error) {
	began := time.Now()
	r, err := n.Submit(context.Background(), Request{Command: ledger.Pay{ID: payID(i), From: 1, To: 2, Amount: 1}})
	return r, time.Since(began), err
}

// mustPay wants a payment to be made.
func mustPay(t *testing.T, n *Node, i int) {
	t.Helper()
	if r, _, err := tryPay(n, i); err != nil || r.Result != ledger.Applied {
		t.Fatalf("payment %d: %v, %v", i, r.Result, err)
	}
}

// mustRefuse wants a payment to be refused because of the disk, and soon, and
// the ledger to be read as before.
func mustRefuse(t *testing.T, n *Node, i int) {
	t.Helper()
	if _, took, err := tryPay(n, i); !errors.Is(err, store.ErrDiskLow) || took > patience {
		t.Fatalf("with the disk nearly full: %v, after %v", err, took)
	}
	began := time.Now()
	err := n.Read(func(v *View) error {
		if p, err := v.Payment(payID(1)); p == nil || err != nil {
			return fmt.Errorf("payment 1 is %v, %w", p, err)
		}
		if p, err := v.Payment(payID(i)); p != nil || err != nil {
			return fmt.Errorf("a refused payment is %v, %w", p, err)
		}
		_, err := v.Balance(1, n.Today())
		return err
	})
	if took := time.Since(began); err != nil || took > patience {
		t.Fatalf("reading with the disk nearly full: %v, after %v", err, took)
	}
}

func TestDiskThatFillsUpRefusesPaymentsAndIsStillRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // time stands still unless the test sleeps
		mem := vfs.NewMem()
		o := newMachine(mem).options(newClock())
		o.Store.MinFreeBytes = 1 << 20
		free := func(bytes uint64) {
			mem.TestingSetDiskUsage(vfs.DiskUsage{AvailBytes: bytes, TotalBytes: 1 << 30})
			time.Sleep(2 * time.Second) // how long the measurement of the free space is believed
		}
		free(1 << 25)
		mustInit(t, o)
		n := mustOpen(t, o)
		settleWijk(t, n, 2)
		for i := 1; i < 100; i += 10 {
			mustPay(t, n, i)
			free(1<<20 - 1)
			mustRefuse(t, n, i+1)
			free(1 << 20)
			mustPay(t, n, i+1) // the same one is taken now
		}
		mustClose(t, n)
		if v := verify(t, o); v.Records != 5+20 {
			t.Fatalf("%d records", v.Records)
		}
	})
}

// smallDisk is a file system of so many bytes, if this process may mount one.
func smallDisk(t *testing.T, bytes int) (dir string, ok bool) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", bytes)); err != nil {
		t.Log("no small disk, only a simulated one: ", err)
		return dir, false
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir, true
}

// fill takes up space until so many bytes are free.
func fill(t *testing.T, dir string, leave uint64) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "filling"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 1<<14); ; {
		usage, err := vfs.Default.GetDiskUsage(dir)
		if err != nil {
			t.Fatal(err)
		}
		if usage.AvailBytes <= leave {
			return
		}
		if _, err := f.Write(block[:min(uint64(len(block)), usage.AvailBytes-leave)]); err != nil {
			t.Fatal(err)
		}
	}
}

func makeRoom(t *testing.T, dir string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, "filling")); err != nil {
		t.Fatal(err)
	}
}

func TestRealDiskThatFillsUpRefusesPaymentsAndIsStillRead(t *testing.T) {
	t.Parallel()
	disk, ok := smallDisk(t, 64<<20)
	if !ok {
		return // the simulated disk above is all there is
	}
	dir, o := filepath.Join(disk, "wijk"), Options{Store: store.Options{MinFreeBytes: 24 << 20}}
	n := settledAt(t, dir, o)
	for i := 1; i < 30; i += 10 {
		mustPay(t, n, i)
		fill(t, disk, 23<<20)
		time.Sleep(1100 * time.Millisecond) // how long the measurement of the free space is believed
		mustRefuse(t, n, i+1)
		makeRoom(t, disk)
		time.Sleep(1100 * time.Millisecond)
		mustPay(t, n, i+1)
	}
	mustClose(t, n)
	if v, err := Verify(context.Background(), dir, o.Store, func(_, _ uint64) {}); err != nil || v.Records != 5+6 {
		t.Fatal(v, err)
	}
}

// settledAt makes a ledger of two accounts on a real disk.
func settledAt(t *testing.T, dir string, o Options) *Node {
	t.Helper()
	if err := Init(dir, Settings{}, o.Store); err != nil {
		t.Fatal(err)
	}
	n, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	settleWijk(t, n, 2)
	return n
}

// Somebody else fills the disk to the last byte, faster than the node looks: it
// ends itself and says why, and all that was told is there.
func TestDiskFullToTheLastByteEndsTheProcessAndLosesNothingTold(t *testing.T) {
	t.Parallel()
	disk, ok := smallDisk(t, 64<<20)
	if !ok {
		return // TestEveryFailingOperation… has the simulated disk
	}
	dir, o := filepath.Join(disk, "wijk"), Options{Store: store.Options{MinFreeBytes: 1}}
	mustClose(t, settledAt(t, dir, o))
	s := startServer(t, dir)
	told := make(map[int]answer)
	full := time.Time{}
	for i := 1; ; i++ {
		if i == 300 {
			fill(t, disk, 0)
			full = time.Now()
		}
		a, ok := s.pay(i, ledger.Pay{From: 1, To: 2, Amount: 1})
		if !ok {
			break
		}
		told[i] = a
		if i > 100_000 {
			t.Fatal("the disk is full and payments go on")
		}
	}
	if took := time.Since(full); full.IsZero() || took > patience+5*time.Second {
		t.Errorf("it took %v on a full disk until the process ended", took)
	}
	<-s.gone
	if code := s.cmd.ProcessState.ExitCode(); code != 70 || !strings.Contains(string(s.stderr.text), "hint: ") {
		t.Errorf("exit status %d, and it said: %s", code, s.stderr.text)
	}
	makeRoom(t, disk)
	c := &customers{told: told, sent: make(map[int]ledger.Pay)}
	for i := range len(told) + 1 { // the last one may be there or not
		c.sent[i] = ledger.Pay{}
	}
	c.compare(t, dir, o)
}
