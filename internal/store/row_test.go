package store

import (
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// TestRowsAreReadAsWritten writes a row and reads it, misses one, and reads one
// that is not what Row writes.
func TestRowsAreReadAsWritten(t *testing.T) {
	type box struct {
		Name  string
		Cents int64
	}
	o := Options{FS: vfs.NewMem()}
	mustInit(t, "town/store", o)
	d := mustOpen(t, "town/store", o)
	defer mustClose(t, d)
	space, want := d.Space(Cash), box{Name: "Kas", Cents: 1250}
	if err := space.Put([]byte("a"), Row(want)); err != nil {
		t.Fatal(err)
	}
	var got box
	if found, err := space.Read([]byte("a"), &got); err != nil || !found || got != want {
		t.Errorf("read %+v, %v, %v; want %+v", got, found, err, want)
	}
	if found, err := space.Read([]byte("b"), &got); err != nil || found {
		t.Errorf("a row that is not there: found %v, %v", found, err)
	}
	if err := space.Put([]byte("c"), []byte("{")); err != nil {
		t.Fatal(err)
	}
	if _, err := space.Read([]byte("c"), &got); err == nil {
		t.Error("a broken row was read")
	}
}
