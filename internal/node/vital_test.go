package node

import (
	"context"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/store"
	"grulden/ledger"
)

func TestANodeTellsWhatItWroteAndWhenItSigned(t *testing.T) {
	o := store.Options{FS: vfs.NewMem(), MinFreeBytes: 1}
	if err := Init("wijk", Settings{Coin: "Grulden", Wijk: "De Hoogte"}, o); err != nil {
		t.Fatal(err)
	}
	began := time.Now().Add(-time.Second)
	n, err := Open("wijk", Options{Store: o, signEvery: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	var told []Commit
	n.OnCommit(func(c Commit) { told = append(told, c) })
	if n.Length() != 0 || !n.Signed().IsZero() || n.Queued() != 0 {
		t.Errorf("a new ledger has %d entries, signed %v, %d wait", n.Length(), n.Signed(), n.Queued())
	}
	if _, err := n.Submit(context.Background(), Request{Command: ledger.SetPolicy{Policy: ledger.DefaultPolicy()}}); err != nil {
		t.Fatal(err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if len(told) != 1 || told[0].Entries != 1 || told[0].Took <= 0 || n.Length() != 1 {
		t.Errorf("told %v, %d entries", told, n.Length())
	}
	if n.Signed().Before(began) {
		t.Errorf("it signs when it closes; the last is told to be of %v", n.Signed())
	}
	if n, err = Open("wijk", Options{Store: o}); err != nil {
		t.Fatal(err)
	}
	if n.Length() != 1 {
		t.Errorf("opened again it has %d entries", n.Length())
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
}
