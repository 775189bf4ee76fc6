package node

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// testClock is a clock that tests move by hand.
type testClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *testClock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newClock() *testClock { return &testClock{now: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)} }

func testStore(t testing.TB, fs vfs.FS) store.Options {
	return store.Options{FS: fs, MinFreeBytes: 1, Exit: func(reason string) {
		t.Error("the node wanted to exit:", reason)
		select {} // as a process that ended, it does nothing more
	}}
}

// initLedger makes a ledger with a policy on a file system.
func initLedger(t testing.TB, fs vfs.FS, clock *testClock) Options {
	t.Helper()
	o := Options{Store: testStore(t, fs), Clock: clock.Now}
	if err := Init("wijk", Settings{Coin: "Grulden", Wijk: "De Hoogte"}, o.Store); err != nil {
		t.Fatal(err)
	}
	return o
}

func mustOpen(t testing.TB, o Options) *Node {
	t.Helper()
	n, err := Open("wijk", o)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func submit(t testing.TB, n *Node, cmd ledger.Command) Receipt {
	t.Helper()
	r, err := n.Submit(context.Background(), Request{Auth: record.Auth{How: record.ByOperator}, Command: cmd})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func must(t testing.TB, n *Node, cmd ledger.Command) Receipt {
	t.Helper()
	r := submit(t, n, cmd)
	if r.Result != ledger.Applied {
		t.Fatalf("%+v: %v", cmd, r.Result)
	}
	return r
}

// settle a small wijk: accounts 1 to n, the odd ones shops, 100.00 each.
func settleWijk(t testing.TB, n *Node, accounts int) {
	t.Helper()
	must(t, n, ledger.SetPolicy{Policy: ledger.DefaultPolicy()})
	for i := 1; i <= accounts; i++ {
		role := []string{"resident", "merchant"}[i%2]
		must(t, n, ledger.Open{Account: ledger.AccountID(i), Owner: ledger.OwnerID(i), Role: role})
		must(t, n, ledger.Issue{To: ledger.AccountID(i), Amount: 100_00})
	}
}

func payID(i int) (id ledger.ID) {
	copy(id[:], fmt.Sprintf("payment %08d", i))
	return id
}

func verify(t testing.TB, o Options) Verified {
	t.Helper()
	v, err := Verify(context.Background(), "wijk", o.Store, func(_, _ uint64) {})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestALedgerIsTheSameAfterReopening(t *testing.T) {
	clock := newClock()
	o := initLedger(t, vfs.NewMem(), clock)
	n := mustOpen(t, o)
	settleWijk(t, n, 8)
	for i := range 400 {
		from, to := 1+i%8, 1+(i*3+1)%8
		if from == to {
			to = from%8 + 1
		}
		must(t, n, ledger.Pay{ID: payID(i), From: ledger.AccountID(from), To: ledger.AccountID(to), Amount: ledger.Cents(1 + i%900)})
		clock.add(7 * time.Hour)
		if i%37 == 0 {
			if err := n.Close(); err != nil {
				t.Fatal(err)
			}
			n = mustOpen(t, o)
		}
	}
	must(t, n, ledger.Refund{Of: payID(399), All: true})
	clock.add(400 * 24 * time.Hour)
	if r := submit(t, n, ledger.Redeem{ID: payID(9000), From: 1, Amount: 5_00}); r.Result != ledger.Applied {
		t.Fatal(r.Result)
	}
	var before, after ledger.Balance
	read := func(b *ledger.Balance) {
		t.Helper()
		err := n.Read(func(v *View) (err error) {
			*b, err = v.Balance(3, n.Today())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	read(&before)
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	v := verify(t, o)
	if want := uint64(1 + 16 + 400 + 2); v.Records != want {
		t.Fatalf("%d records verified, want %d", v.Records, want)
	}
	n = mustOpen(t, o)
	read(&after)
	if before.Worth != after.Worth || before.Worth.IsZero() {
		t.Fatalf("balance was %v and is %v", before.Worth, after.Worth)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestManyCallersAtOnceLoseAndDoubleNothing(t *testing.T) {
	o := initLedger(t, vfs.NewMem(), newClock())
	n := mustOpen(t, o)
	settleWijk(t, n, 10)
	var wg sync.WaitGroup
	for caller := range 32 {
		wg.Go(func() {
			for i := range 50 {
				from := ledger.AccountID(1 + (caller+i)%10)
				cmd := ledger.Pay{ID: payID(caller*100 + i), From: from, To: from%10 + 1, Amount: 1}
				first, err := n.Submit(context.Background(), Request{Command: cmd})
				if err != nil || first.Result != ledger.Applied {
					t.Error(first, err)
				}
				again, err := n.Submit(context.Background(), Request{Command: cmd})
				if err != nil || !again.Repeat || again.Seq != first.Seq || again.Moment != first.Moment {
					t.Errorf("sent twice: %+v, then %+v, %v", first, again, err)
				}
				cmd.Amount = 2
				other, err := n.Submit(context.Background(), Request{Command: cmd})
				if err != nil || other.Result != ledger.DuplicateID {
					t.Errorf("another payment with the same id: %v, %v", other.Result, err)
				}
			}
		})
	}
	wg.Wait()
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if v := verify(t, o); v.Records != 21+32*50 {
		t.Fatalf("%d records", v.Records)
	}
	if _, err := n.Send(Request{}); !errors.Is(err, ErrClosed) {
		t.Fatal("a closed node took a command:", err)
	}
}

func TestHistoryFollowsTheLinksOfAnAccount(t *testing.T) {
	n := mustOpen(t, initLedger(t, vfs.NewMem(), newClock()))
	settleWijk(t, n, 4)
	for i := range 20 {
		must(t, n, ledger.Pay{ID: payID(i), From: 1, To: ledger.AccountID(2 + i%3), Amount: ledger.Cents(i + 1)})
	}
	err := n.Read(func(v *View) error {
		all, err := v.History(2, 0, 100)
		if err != nil {
			return err
		}
		if len(all) != 7+2 { // seven payments, an issue and the opening
			t.Errorf("%d entries touched account 2", len(all))
		}
		page, err := v.History(2, all[2].Seq, 3)
		if err == nil && (len(page) != 3 || page[0].Seq != all[3].Seq) {
			t.Errorf("the next page begins at %d, want %d", page[0].Seq, all[3].Seq)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestSubscribersAreToldAfterTheSync(t *testing.T) {
	n := mustOpen(t, initLedger(t, vfs.NewMem(), newClock()))
	settleWijk(t, n, 2)
	events, cancel := n.Subscribe(2)
	r := must(t, n, ledger.Pay{ID: payID(1), From: 1, To: 2, Amount: 5})
	if e := <-events; e.Seq != r.Seq || e.Credit != 2 {
		t.Fatalf("told of %+v, want entry %d", e, r.Seq)
	}
	cancel()
	if _, open := <-events; open {
		t.Fatal("a cancelled subscription goes on")
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestAPaymentOfVeryManyLotsIsOneEntry empties an account that never spent, such
// as a shop's at the end of a year.
func TestAPaymentOfVeryManyLotsIsOneEntry(t *testing.T) {
	const lots = 60_000
	o := initLedger(t, vfs.NewMem(), newClock())
	n := mustOpen(t, o)
	settleWijk(t, n, 2)
	pending := make([]*Pending, 0, queueLength)
	for range lots {
		p, err := n.Send(Request{Command: ledger.Issue{To: 1, Amount: 1}})
		if err != nil {
			t.Fatal(err)
		}
		if pending = append(pending, p); len(pending) < queueLength {
			continue
		}
		for _, p := range pending {
			if _, err := p.Wait(); err != nil {
				t.Fatal(err)
			}
		}
		pending = pending[:0]
	}
	must(t, n, ledger.Pay{ID: payID(1), From: 1, To: 2, Amount: 100_00 + lots})
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if v := verify(t, o); v.Records != 5+lots+1 {
		t.Fatalf("%d records", v.Records)
	}
}

func TestTheSigningKeyIsItsOwnersOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "wijk")
	if err := Init(dir, Settings{Coin: "Grulden"}, testStore(t, vfs.Default)); err != nil {
		t.Fatal(err)
	}
	if fi, err := os.Stat(filepath.Join(dir, keyFile)); err != nil || fi.Mode().Perm() != 0o600 {
		t.Fatalf("key file has mode %v (%v), want 0600", fi.Mode(), err)
	}
}

// TestAKeyOfAnotherKindIsNoRepeat: whoever knows the key under which something
// will be done cannot have it taken for done by doing something else first.
func TestAKeyOfAnotherKindIsNoRepeat(t *testing.T) {
	o := initLedger(t, vfs.NewMem(), newClock())
	n := mustOpen(t, o)
	settleWijk(t, n, 2)
	send := func(cmd ledger.Command) Receipt {
		t.Helper()
		r, err := n.Submit(context.Background(), Request{Auth: record.Auth{How: record.ByOperator}, Command: cmd, Key: ledger.Key{9}})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	note := ledger.Note{About: "count"}
	first := send(note)
	if r := send(ledger.Issue{To: 1, Amount: 100}); r.Result != ledger.AlreadyApplied || r.Repeat || r.Seq != 0 {
		t.Errorf("an issue under the key of a note: %+v", r)
	}
	if r := send(note); r.Result != ledger.Applied || !r.Repeat || r.Seq != first.Seq {
		t.Errorf("the note again: %+v", r)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	verify(t, o)
}
