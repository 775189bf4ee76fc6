package bench

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"grulden/internal/node"
	"grulden/internal/store"
	"grulden/ledger"
)

// direct pays in the ledger itself, where the program pays over HTTP.
func direct(ctx context.Context, n *node.Node, payers []ledger.AccountID) (pay func(int, ledger.AccountID, ledger.Cents) error, stop func() error, err error) {
	var made atomic.Uint64
	return func(i int, to ledger.AccountID, amount ledger.Cents) error {
		cmd := ledger.Pay{ID: ledger.ID{1, byte(made.Add(1)), byte(made.Load() >> 8)}, From: payers[i], To: to, Amount: amount}
		r, err := n.Submit(ctx, node.Request{Auth: authority, Command: cmd})
		if err == nil && r.Result != ledger.Applied && r.Result != ledger.DuplicateID {
			err = errors.New(r.Result.Code())
		}
		return err
	}, func() error { return nil }, nil
}

// directTills are paid in the ledger itself, and hear of it by its feed.
func directTills(ctx context.Context, n *node.Node, payers, shops []ledger.AccountID) (ask func(int, ledger.Cents) (func() (time.Duration, error), error), stop func() error, err error) {
	var made atomic.Uint64
	return func(i int, amount ledger.Cents) (func() (time.Duration, error), error) {
		bell, cancel := n.Subscribe(shops[i])
		cmd := ledger.Pay{ID: ledger.ID{2, byte(made.Add(1))}, From: payers[i], To: shops[i], Amount: amount}
		return func() (time.Duration, error) {
			defer cancel()
			began := time.Now()
			r, err := n.Submit(ctx, node.Request{Auth: authority, Command: cmd})
			if err == nil && r.Result != ledger.Applied {
				err = errors.New(r.Result.Code())
			}
			if err == nil {
				<-bell
			}
			return time.Since(began), err
		}, nil
	}, func() error { return nil }, nil
}

func TestEverythingIsMeasured(t *testing.T) {
	dir := t.TempDir()
	result, err := Run(t.Context(), Options{Dir: dir, HTTP: direct, Tills: directTills, Sizes: Quick})
	if err != nil {
		t.Fatal(err)
	}
	measured := map[string]bool{}
	for _, m := range result.Measurements {
		measured[m.Part] = true
		if m.Value <= 0 || m.Low > m.Value || m.High < m.Low || m.What == "" || m.Unit == "" {
			t.Errorf("a strange measurement: %+v", m)
		}
	}
	for _, part := range strings.Split("abcdefghi", "") {
		if !measured[part] {
			t.Errorf("part %s is not measured", part)
		}
	}
	if len(result.Aims) != 10 {
		t.Errorf("%d aims: %+v", len(result.Aims), result.Aims)
	}
	for _, a := range result.Aims {
		if a.Met != (a.AtLeast > 0 && a.Value >= a.AtLeast || a.AtMost > 0 && a.Value <= a.AtMost) {
			t.Errorf("an aim that tells something else than its figures: %+v", a)
		}
	}
	if _, err := json.Marshal(result); err != nil {
		t.Error("the result is no JSON:", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%d files are left behind, %v", len(left), err)
	}
}

func TestWithoutAWebServerThatPartIsLeftOut(t *testing.T) {
	b := &bench{Options: Options{Sizes: Quick}, ctx: t.Context(), dir: t.TempDir(), result: &Result{}}
	b.Progress = func(string) func(_, _ uint64) { return func(_, _ uint64) {} }
	if err := b.speed(); err != nil {
		t.Fatal(err)
	}
	for _, m := range b.result.Measurements {
		if m.Name == "payments-http" {
			t.Errorf("measured without a server: %+v", m)
		}
	}
	if len(b.result.Aims) != 3 {
		t.Errorf("aims: %+v", b.result.Aims)
	}
}

func TestAMeasurementCanBeBrokenOff(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	if _, err := Run(ctx, Options{Dir: dir, Sizes: Quick}); !errors.Is(err, context.Canceled) {
		t.Errorf("it ends with %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%d files are left behind, %v", len(left), err)
	}
}

// A wijk that pays for some months has as much money in circulation and as many
// lots as months before: measurements at different lengths are of the same wijk.
func TestTheWijkComesToRest(t *testing.T) {
	b := &bench{Options: Options{Sizes: Quick}, ctx: t.Context(), dir: t.TempDir(), result: &Result{}}
	b.Progress = func(string) func(_, _ uint64) { return func(_, _ uint64) {} }
	made, err := b.build(b.place("ledger"), wijkAccounts)
	if err != nil {
		t.Fatal(err)
	}
	var supply [2]ledger.Cents
	var lots [2]uint32
	for i, records := range []uint64{20_000, 40_000} {
		if _, err := b.grow(made, records); err != nil {
			t.Fatal(err)
		}
		err := made.n.Read(func(v *node.View) error {
			supply[i] = v.Head().Supply()
			return v.Accounts(func(a *ledger.Account) error {
				lots[i] += a.Lots
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := made.n.Close(); err != nil {
		t.Fatal(err)
	}
	if supply[1] > supply[0]*3/2 || supply[0] > supply[1]*3/2 {
		t.Errorf("in circulation were %v, then %v", supply[0], supply[1])
	}
	if lots[1] > lots[0]*2 || lots[0] > lots[1]*2 || lots[0] < wijkAccounts {
		t.Errorf("there were %d lots, then %d", lots[0], lots[1])
	}
}

// What is measured as a killed ledger is one, and loses nothing.
func TestACopyOfAnOpenLedgerOpensWithAllItsRecords(t *testing.T) {
	b := &bench{Options: Options{Sizes: Quick}, ctx: t.Context(), dir: t.TempDir(), result: &Result{}}
	b.Progress = func(string) func(_, _ uint64) { return func(_, _ uint64) {} }
	made, err := b.build(b.place("ledger"), wijkAccounts)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.grow(made, 2_000); err != nil {
		t.Fatal(err)
	}
	if err := copyLedger(b.place("ledger"), b.place("killed")); err != nil {
		t.Fatal(err)
	}
	if err := made.n.Close(); err != nil {
		t.Fatal(err)
	}
	v, err := node.Verify(t.Context(), b.place("killed"), store.Options{}, func(_, _ uint64) {})
	if err != nil || v.Records != made.records {
		t.Errorf("%d of %d records: %v", v.Records, made.records, err)
	}
}
