package node

import (
	"errors"
	"reflect"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

func TestLimitsAreThoseLastSet(t *testing.T) {
	o := initLedger(t, vfs.NewMem(), newClock())
	n := mustOpen(t, o)
	s := n.Settings()
	if s.Limits != DefaultLimits() {
		t.Fatalf("a new ledger has the limits %+v", s.Limits)
	}
	for _, bad := range []Limits{{NoPIN: -1}, {NoPIN: 2, NoPINDay: 1}, {Card: -1}, {Card: 2, CardDay: 1}} {
		wrong := s
		wrong.Limits = bad
		if err := n.SetSettings(wrong); !errors.Is(err, ErrLimits) || !reflect.DeepEqual(n.Settings(), s) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	other := s
	other.Ledger = "another"
	if err := n.SetSettings(other); !errors.Is(err, ErrOther) {
		t.Errorf("another ledger's settings: %v", err)
	}
	s.Limits = Limits{NoPIN: 0, NoPINDay: 0, Card: 10_00, CardDay: 10_00}
	if err := n.SetSettings(s); err != nil || !reflect.DeepEqual(n.Settings(), s) {
		t.Fatalf("%+v %v", n.Settings(), err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if err := n.SetSettings(s); !errors.Is(err, ErrClosed) {
		t.Errorf("set after the end: %v", err)
	}
	n = mustOpen(t, o)
	if !reflect.DeepEqual(n.Settings(), s) {
		t.Fatalf("opened again with %+v", n.Settings())
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	verify(t, o)
}

// TestLimitsOutliveAPowerCut: nobody is told that they are set before they are.
func TestLimitsOutliveAPowerCut(t *testing.T) {
	fs := vfs.NewCrashableMem()
	o := initLedger(t, fs, newClock())
	n := mustOpen(t, o)
	s := n.Settings()
	s.Limits.NoPIN = 1_00
	if err := n.SetSettings(s); err != nil {
		t.Fatal(err)
	}
	cut := fs.CrashClone(vfs.CrashCloneCfg{})
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	o.Store.FS = cut
	n = mustOpen(t, o)
	if !reflect.DeepEqual(n.Settings(), s) {
		t.Fatalf("after the power cut: %+v", n.Settings())
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestSettingsFromBeforeThereWereLimits have the usual ones.
func TestSettingsFromBeforeThereWereLimits(t *testing.T) {
	o := initLedger(t, vfs.NewMem(), newClock())
	db, _, err := openStore("wijk", o.Store)
	if err != nil {
		t.Fatal(err)
	}
	row, ok, err := db.Get(settingsKey)
	if err != nil || !ok {
		t.Fatal(err)
	}
	s, err := decodeSettings(row)
	if err != nil {
		t.Fatal(err)
	}
	b := db.NewBatch()
	b.Set(settingsKey, []byte(`{"ledger":"`+s.Ledger+`","coin":"Grulden","wijk":"De Hoogte"}`))
	if err := errors.Join(db.Commit(b), db.Close()); err != nil {
		t.Fatal(err)
	}
	n := mustOpen(t, o)
	if got := n.Settings(); got.Limits != DefaultLimits() || got.Wijk != "De Hoogte" {
		t.Errorf("%+v", got)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
}
