package payreq

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/store"
	"grulden/ledger"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

const shop = ledger.AccountID(77)

func newBook(t *testing.T) *Book {
	t.Helper()
	options := store.Options{FS: vfs.NewMem()}
	if err := store.Init("data", options); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open("data", options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return NewBook(db, rand.Reader)
}

func TestARequestIsFoundByItsCode(t *testing.T) {
	b := newBook(t)
	want, err := b.Ask(shop, 1250, noon, 10*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	got, ok, err := b.Find(want.Code)
	if err != nil || !ok || got != want {
		t.Errorf("Find = %+v, %v, %v; want %+v", got, ok, err, want)
	}
	if got.Payment == (ledger.ID{}) || got.Printed || got.Amount != 1250 || got.Shop != shop {
		t.Errorf("request = %+v", got)
	}
	if _, ok, err := b.Find(want.Code ^ 1); ok || err != nil {
		t.Errorf("another code was found: %v, %v", ok, err)
	}
}

func TestEveryRequestHasItsOwnCodeAndPaymentID(t *testing.T) {
	b := newBook(t)
	codes, payments := map[Code]bool{}, map[ledger.ID]bool{}
	for range 100 {
		r, err := b.Ask(shop, 100, noon, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if codes[r.Code] || payments[r.Payment] {
			t.Fatalf("%+v was given out twice", r)
		}
		codes[r.Code], payments[r.Payment] = true, true
	}
}

func TestARequestExpiresAndIsForgottenADayLater(t *testing.T) {
	b := newBook(t)
	r, err := b.Ask(shop, 100, noon, 10*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	end := noon.Add(10 * time.Minute)
	if r.Expired(end.Add(-time.Second)) || !r.Expired(end) {
		t.Errorf("expired a second before: %v, at the end: %v; want false, true", r.Expired(end.Add(-time.Second)), r.Expired(end))
	}
	if n, err := b.Prune(end.Add(keep - time.Second)); n != 0 || err != nil {
		t.Errorf("Prune within a day = %d, %v; want 0", n, err)
	}
	if n, err := b.Prune(end.Add(keep)); n != 1 || err != nil {
		t.Errorf("Prune after a day = %d, %v; want 1", n, err)
	}
	if _, ok, err := b.Find(r.Code); ok || err != nil {
		t.Errorf("the pruned request is still there: %v, %v", ok, err)
	}
}

func TestAShopHasOnePosterForEver(t *testing.T) {
	b := newBook(t)
	first, err := b.Poster(shop, noon)
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.Poster(shop, noon.AddDate(5, 0, 0))
	if err != nil || again != first {
		t.Errorf("second poster = %+v, %v; want %+v", again, err, first)
	}
	if !first.Printed || first.Amount != 0 || first.Payment != (ledger.ID{}) || first.Expired(noon.AddDate(50, 0, 0)) {
		t.Errorf("poster = %+v", first)
	}
	if n, err := b.Prune(noon.AddDate(50, 0, 0)); n != 0 || err != nil {
		t.Errorf("Prune took %d posters, %v", n, err)
	}
	other, err := b.Poster(shop+1, noon)
	if err != nil || other.Code == first.Code {
		t.Errorf("another shop got %+v, %v", other, err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(Request{Shop: 1, Amount: 2, Made: noon, Expires: noon}))
	f.Add(encode(Request{Shop: 1, Printed: true, Made: noon}))
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, row []byte) {
		r, err := decode(5, row)
		if err != nil {
			return
		}
		if again, err := decode(5, encode(r)); err != nil || again != r {
			t.Fatalf("%x reads as %+v but writes and reads back as %+v, %v", row, r, again, err)
		}
	})
}
