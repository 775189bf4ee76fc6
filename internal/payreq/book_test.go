package payreq

import (
	"crypto/rand"
	"errors"
	"reflect"
	"slices"
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

func nothingPaid(ledger.ID) (bool, error) { return false, nil }

// oldRow is a row as version 1 wrote it.
func oldRow(r Request) []byte {
	row := encode(r)[:oldLength]
	row[0] = oldVersion
	return row
}

func TestARequestIsFoundByItsCode(t *testing.T) {
	b := newBook(t)
	want, err := b.Ask(shop, 1250, noon, 10*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	got, ok, err := b.Find(want.Code)
	if err != nil || !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("Find = %+v, %v, %v; want %+v", got, ok, err, want)
	}
	if got.Payment == (ledger.ID{}) || got.AsksAmount() || got.Amount != 1250 || got.Shop != shop {
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
	if n, err := b.Prune(end.Add(keep-time.Second), nothingPaid); n != 0 || err != nil {
		t.Errorf("Prune within a day = %d, %v; want 0", n, err)
	}
	if n, err := b.Prune(end.Add(keep), nothingPaid); n != 1 || err != nil {
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
	if err != nil || !reflect.DeepEqual(again, first) {
		t.Errorf("second poster = %+v, %v; want %+v", again, err, first)
	}
	if first.Kind != Poster || first.Amount != 0 || first.Payment != (ledger.ID{}) || first.Expired(noon.AddDate(50, 0, 0)) {
		t.Errorf("poster = %+v", first)
	}
	if n, err := b.Prune(noon.AddDate(50, 0, 0), nothingPaid); n != 0 || err != nil {
		t.Errorf("Prune took %d posters, %v", n, err)
	}
	other, err := b.Poster(shop+1, noon)
	if err != nil || other.Code == first.Code {
		t.Errorf("another shop got %+v, %v", other, err)
	}
}

func TestARequestOfATillKeepsWhatTheDayReportNeeds(t *testing.T) {
	b := newBook(t)
	want, err := b.Make(Request{
		Kind: Till, Shop: shop, Amount: 1000, Made: noon, Expires: noon.Add(time.Minute),
		Cash: 250, VAT: []VATLine{{Permille: 210, Amount: 1000}, {Permille: 90, Amount: 250}}, By: [16]byte{1, 2, 3},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, ok, err := b.OfPayment(want.Payment)
	if err != nil || !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("OfPayment = %+v, %v, %v; want %+v", got, ok, err, want)
	}
	if _, ok, err := b.OfPayment(ledger.ID{1}); ok || err != nil {
		t.Errorf("a payment that answers no request has one: %v, %v", ok, err)
	}
}

func TestAPaidRequestIsNeverForgotten(t *testing.T) {
	b := newBook(t)
	paid, err := b.Ask(shop, 100, noon, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ask(shop, 100, noon, time.Minute); err != nil {
		t.Fatal(err)
	}
	asked := 0
	isPaid := func(id ledger.ID) (bool, error) {
		asked++
		return id == paid.Payment, nil
	}
	for year := 1; year <= 3; year++ {
		n, err := b.Prune(noon.AddDate(year, 0, 0), isPaid)
		if want := max(0, 2-year); n != want || err != nil {
			t.Errorf("year %d: Prune = %d, %v; want %d", year, n, err, want)
		}
	}
	if _, ok, err := b.OfPayment(paid.Payment); !ok || err != nil {
		t.Errorf("the paid request is gone: %v, %v", ok, err)
	}
	if asked != 2 {
		t.Errorf("the ledger was asked %d times; each request needs one look", asked)
	}
	broken := errors.New("broken")
	if _, err := b.Ask(shop, 100, noon, time.Minute); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Prune(noon.AddDate(9, 0, 0), func(ledger.ID) (bool, error) { return false, broken }); !errors.Is(err, broken) {
		t.Errorf("a ledger that cannot be read: %v", err)
	}
}

func TestRequestsOfAnOlderVersionAreReadAndForgotten(t *testing.T) {
	b := newBook(t)
	old := []Request{
		{Code: 5, Shop: shop, Amount: 100, Payment: ledger.ID{5}, Made: noon, Expires: noon.Add(time.Minute)},
		{Code: 6, Shop: shop, Amount: 200, Payment: ledger.ID{6}, Made: noon, Expires: noon.Add(time.Minute)},
		{Code: 7, Shop: shop, Kind: Poster, Made: noon},
	}
	for _, r := range old {
		if err := b.rows.Put(requestKey(r.Code), oldRow(r)); err != nil {
			t.Fatal(err)
		}
		if got, ok, err := b.Find(r.Code); err != nil || !ok || !reflect.DeepEqual(got, r) {
			t.Errorf("Find = %+v, %v, %v; want %+v", got, ok, err, r)
		}
	}
	n, err := b.Prune(noon.AddDate(1, 0, 0), func(id ledger.ID) (bool, error) { return id == ledger.ID{6}, nil })
	if n != 1 || err != nil {
		t.Errorf("Prune = %d, %v; want the one that was not paid", n, err)
	}
	if got, ok, err := b.OfPayment(ledger.ID{6}); !ok || err != nil || got.Code != 6 {
		t.Errorf("the paid one = %+v, %v, %v", got, ok, err)
	}
	if _, ok, err := b.Find(7); !ok || err != nil {
		t.Errorf("the poster is gone: %v, %v", ok, err)
	}
}

func TestALinkRemembersWhoPaysIt(t *testing.T) {
	b := newBook(t)
	make := func(made time.Time) Request {
		r, err := b.Make(Request{Kind: ByLink, Shop: 9, Amount: 333, Times: 2, Made: made, Expires: made.AddDate(0, 0, 30)})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	first, second := make(noon), make(noon.Add(time.Hour))
	links, err := b.Links(9)
	if err != nil || !reflect.DeepEqual(links, []Request{second, first}) {
		t.Errorf("Links = %+v, %v; want the newest first", links, err)
	}
	claims := []Claim{{Payer: 1, Payment: ledger.ID{1}, At: noon}, {Payer: 2, Payment: ledger.ID{2}, At: noon}}
	for _, c := range claims {
		if err := b.Claim(first.Code, c); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := b.Claims(first.Code); err != nil || !slices.Equal(got, claims) {
		t.Errorf("Claims = %+v, %v; want %+v", got, err, claims)
	}
	if r, ok, err := b.OfPayment(ledger.ID{2}); err != nil || !ok || r.Code != first.Code {
		t.Errorf("OfPayment = %+v, %v, %v", r, ok, err)
	}
	if err := b.Unclaim(first.Code, claims[0]); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Claims(first.Code); err != nil || !slices.Equal(got, claims[1:]) {
		t.Errorf("after giving one back: %+v, %v", got, err)
	}
	if err := b.Stop(first.Code); err != nil {
		t.Fatal(err)
	}
	if r, _, err := b.Find(first.Code); err != nil || !r.Stopped || !r.Expired(noon) {
		t.Errorf("a stopped link = %+v, %v", r, err)
	}
	n, err := b.Prune(noon.AddDate(1, 0, 0), func(id ledger.ID) (bool, error) { return id == ledger.ID{2}, nil })
	if n != 1 || err != nil {
		t.Errorf("Prune = %d, %v; want the one that nobody paid", n, err)
	}
	if links, err := b.Links(9); err != nil || len(links) != 1 || links[0].Code != first.Code {
		t.Errorf("Links = %+v, %v; want the paid one", links, err)
	}
}

func TestRequestsThatCannotBeAreRefused(t *testing.T) {
	b := newBook(t)
	end := noon.Add(time.Minute)
	for what, r := range map[string]Request{
		"a link without an amount":    {Kind: ByLink, Times: 1, Expires: end},
		"a link for nobody":           {Kind: ByLink, Amount: 1, Expires: end},
		"a link for a whole town":     {Kind: ByLink, Amount: 1, Times: MaxTimes + 1, Expires: end},
		"a link without an end":       {Kind: ByLink, Amount: 1, Times: 1},
		"a till that is paid often":   {Kind: Till, Amount: 1, Times: 2, Expires: end},
		"a second poster":             {Kind: Poster, Expires: end},
		"a kind that there is not":    {Kind: kinds, Amount: 1, Expires: end},
		"more rates than there are":   {Kind: Till, Amount: 1, Expires: end, VAT: make([]VATLine, MaxVAT+1)},
		"an amount that is a payment": {Kind: Till, Amount: -1, Expires: end},
	} {
		if _, err := b.Make(r); !errors.Is(err, ErrRequest) {
			t.Errorf("%s: %v, want ErrRequest", what, err)
		}
	}
	poster, err := b.Poster(shop, noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Stop(poster.Code); !errors.Is(err, ErrRequest) {
		t.Errorf("a poster was stopped: %v", err)
	}
	personal, err := b.Personal(shop, noon)
	if err != nil || personal.Code == poster.Code || personal.Kind != Personal {
		t.Errorf("an own code beside a poster = %+v, %v", personal, err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(Request{Shop: 1, Amount: 2, Made: noon, Expires: noon}))
	f.Add(encode(Request{Shop: 1, Kind: Poster, Made: noon}))
	f.Add(encode(Request{
		Shop: 1, Kind: ByLink, Amount: 5, Times: 3, Stopped: true, Cash: 7, VAT: []VATLine{{210, 121}, {90, 109}}, By: [16]byte{9}, Made: noon, Expires: noon,
	}))
	f.Add(oldRow(Request{Shop: 1, Amount: 2, Made: noon, Expires: noon}))
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, row []byte) {
		r, err := decode(5, row)
		if err != nil {
			return
		}
		if again, err := decode(5, encode(r)); err != nil || !reflect.DeepEqual(again, r) {
			t.Fatalf("%x reads as %+v but writes and reads back as %+v, %v", row, r, again, err)
		}
	})
}
