package node

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/record"
	"grulden/internal/store"
)

// TestEachShowsWhatRecordsShows of a ledger in which everything happened, from
// whatever entry on, and ends as it does.
func TestEachShowsWhatRecordsShows(t *testing.T) {
	m := newMarket(3)
	o := initLedger(t, vfs.NewMem(), m.clock)
	n := mustOpen(t, o)
	if err := m.run(context.Background(), n, 0, len(m.lists[0])); err != nil {
		t.Fatal(err)
	}
	enough := errors.New("enough")
	err := n.Read(func(v *View) error {
		last := v.Journal().Size
		for from := uint64(0); from <= last+2; from++ {
			for _, end := range []error{nil, store.Stop, enough} {
				want, ended := seen(v.Records, from, last-3, end)
				got, err := seen(v.Each, from, last-3, end)
				if !reflect.DeepEqual(got, want) || !errors.Is(err, ended) || from > 0 && from <= last && len(got) == 0 {
					return fmt.Errorf("from %d: %d entries and %w, not %d and %w", from, len(got), err, len(want), ended)
				}
			}
		}
		return nil
	})
	if err = errors.Join(err, n.Close()); err != nil {
		t.Error(err)
	}
}

// seen are the bytes of what is shown from an entry on. The one at enough ends
// the walk with an error.
func seen(show func(uint64, func(*record.Record) error) error, from, enough uint64, end error) (all []string, err error) {
	err = show(from, func(r *record.Record) error {
		data, err := record.Encode(r)
		if err != nil {
			return err
		}
		all = append(all, string(data))
		if r.Seq == enough {
			return end
		}
		return nil
	})
	return all, err
}
