package people

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestWhatTheDeskDidIsKeptWithWhoAndWhy(t *testing.T) {
	disk := newPlace(t)
	d := New(disk.open())
	p, _ := add(t, d, baker())
	by := NewID()
	for i := range keptActs + 3 {
		a := Act{At: noon.Add(time.Duration(i) * time.Hour), By: by, Deed: Blocked, Why: "lost", Note: "  found\tlater "}
		if err := d.Record(p.ID, a); err != nil {
			t.Fatal(err)
		}
	}
	d = New(disk.open())
	acts, err := d.Acts(p.ID)
	if err != nil || len(acts) != keptActs {
		t.Fatalf("%d acts, %v; want %d", len(acts), err, keptActs)
	}
	last, ok := LastAct(acts, Blocked)
	if !ok || last != acts[keptActs-1] || last.By != by || last.Why != "lost" || last.Note != "found later" || !last.At.Equal(noon.Add((keptActs+2)*time.Hour)) {
		t.Errorf("last act %+v, %v", last, ok)
	}
	if _, ok := LastAct(acts, Unblocked); ok {
		t.Error("an act that never was is found")
	}
	if err := d.Erase(p.ID); err != nil {
		t.Fatal(err)
	}
	if acts, err := d.Acts(p.ID); len(acts) > 0 || err != nil {
		t.Errorf("acts of an erased person: %v, %v", acts, err)
	}
}

func TestAnActNeedsAPersonAndAShortNote(t *testing.T) {
	d := New(newPlace(t).open())
	if err := d.Record(NewID(), Act{Deed: Lost}); !errors.Is(err, ErrNobody) {
		t.Errorf("an act about nobody: %v", err)
	}
	p, _ := add(t, d, baker())
	if err := d.Record(p.ID, Act{Deed: Lost, Note: strings.Repeat("é", MaxNote+1)}); !errors.Is(err, ErrNote) {
		t.Errorf("a long note: %v", err)
	}
	if err := d.Record(p.ID, Act{Deed: Lost, Note: strings.Repeat("é", MaxNote)}); err != nil {
		t.Errorf("a note of the full length: %v", err)
	}
}
