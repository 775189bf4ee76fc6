package worth

import (
	"errors"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/record"
	"grulden/internal/store"
)

var (
	noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	eva  = record.ActorID{1}
)

func newBook(t *testing.T) (*Book, store.Options) {
	t.Helper()
	o := store.Options{FS: vfs.NewMem(), MinFreeBytes: 1}
	if err := store.Init("wijk", o); err != nil {
		t.Fatal(err)
	}
	return openBook(t, o), o
}

func openBook(t *testing.T, o store.Options) *Book {
	t.Helper()
	db, err := store.Open("wijk", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return NewBook(db)
}

// saves saves a sheet with a title that was made from an earlier one.
func saves(t *testing.T, b *Book, title string, based uint64) Saved {
	t.Helper()
	s, err := b.Save(Sheet{Title: title}, based, eva, noon)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEverySheetThatWasSavedIsKept(t *testing.T) {
	b, _ := newBook(t)
	if last, err := b.Last(); err != nil || last.Number != 0 {
		t.Fatalf("before the first: %+v, %v", last, err)
	}
	for i, title := range []string{"one", "two", "three"} {
		if s := saves(t, b, title, uint64(i)); s.Number != uint64(i)+1 || s.By != eva || !s.At.Equal(noon) {
			t.Errorf("saved %+v", s)
		}
	}
	all, err := b.Earlier(10)
	if err != nil || len(all) != 3 || all[0].Sheet.Title != "three" || all[2].Sheet.Title != "one" {
		t.Errorf("kept %+v, %v", all, err)
	}
	if some, err := b.Earlier(2); err != nil || len(some) != 2 || some[1].Number != 2 {
		t.Errorf("the newest two are %+v, %v", some, err)
	}
	if s, found, err := b.Number(2); err != nil || !found || s.Sheet.Title != "two" {
		t.Errorf("the second is %+v, %v, %v", s, found, err)
	}
	if _, found, err := b.Number(4); err != nil || found {
		t.Errorf("a fourth was found: %v", err)
	}
}

func TestNobodyOverwritesWhatTheyHaveNotSeen(t *testing.T) {
	b, _ := newBook(t)
	saves(t, b, "one", 0)
	if _, err := b.Save(Sheet{Title: "late"}, 0, eva, noon); !errors.Is(err, ErrStale) {
		t.Errorf("a sheet made from an older one: %v", err)
	}
	var all sync.WaitGroup
	kept := make([]error, 8)
	for i := range kept {
		all.Go(func() { _, kept[i] = b.Save(Sheet{Title: "at once"}, 1, eva, noon) })
	}
	all.Wait()
	won := 0
	for _, err := range kept {
		if err == nil {
			won++
		} else if !errors.Is(err, ErrStale) {
			t.Error(err)
		}
	}
	if last, err := b.Last(); won != 1 || last.Number != 2 || err != nil {
		t.Errorf("%d of eight were kept, the last is %d, %v", won, last.Number, err)
	}
}

func TestWhatCannotBeReckonedWithIsNotKept(t *testing.T) {
	b, _ := newBook(t)
	_, err := b.Save(Sheet{Discount: Range{Likely: "a lot"}}, 0, eva, noon)
	if !errors.Is(err, ErrNumber) {
		t.Errorf("saved: %v", err)
	}
	if last, err := b.Last(); err != nil || last.Number != 0 {
		t.Errorf("it was kept: %+v, %v", last, err)
	}
}

func TestASheetIsThereAgainAfterAStop(t *testing.T) {
	o := store.Options{FS: vfs.NewMem(), MinFreeBytes: 1}
	if err := store.Init("wijk", o); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open("wijk", o)
	if err != nil {
		t.Fatal(err)
	}
	want, err := NewBook(db).Save(*example(t), 0, eva, noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := openBook(t, o).Last()
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n%+v\nwant\n%+v", err, got, want)
	}
}
