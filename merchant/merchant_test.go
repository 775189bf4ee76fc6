package merchant

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// The accounts of these tests.
const (
	anna   ledger.AccountID = 11
	bram   ledger.AccountID = 12
	bakker ledger.AccountID = 21
)

// wijk is a running ledger on a disk in memory, with a clock that tests move.
type wijk struct {
	t    *testing.T
	node *node.Node
	book *payreq.Book
	till *Till
	mu   sync.Mutex
	now  time.Time
}

func newWijk(t *testing.T) *wijk {
	t.Helper()
	w := &wijk{t: t, now: time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)}
	options := store.Options{FS: vfs.NewMem(), MinFreeBytes: 1}
	if err := node.Init("wijk", node.Settings{Coin: "Grulden"}, options); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.node, err = node.Open("wijk", node.Options{Store: options, Clock: w.clock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.node.Close(); err != nil {
			t.Error(err)
		}
	})
	w.book = payreq.NewBook(w.node.Store(), rand.Reader)
	w.till = New(w.node, w.book, payreq.NewMint([]byte("key"), rand.Reader))
	w.submit(ledger.SetPolicy{Policy: ledger.DefaultPolicy()})
	w.submit(ledger.Open{Account: anna, Owner: 1, Role: "resident"})
	w.submit(ledger.Open{Account: bram, Owner: 2, Role: "resident"})
	w.submit(ledger.Open{Account: bakker, Owner: 3, Role: "merchant"})
	return w
}

func (w *wijk) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *wijk) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *wijk) submit(cmd ledger.Command) node.Receipt {
	w.t.Helper()
	r, err := w.node.Submit(context.Background(), node.Request{Auth: record.Auth{How: record.ByOperator}, Command: cmd})
	if err != nil || r.Result != ledger.Applied {
		w.t.Fatalf("%+v: %v, %v", cmd, r.Result, err)
	}
	return r
}

const aDay = 24 * time.Hour

func (w *wijk) pay(id byte, from ledger.AccountID, amount ledger.Cents) uint64 {
	w.t.Helper()
	return w.submit(ledger.Pay{ID: ledger.ID{id}, From: from, To: bakker, Amount: amount}).Seq
}

func (w *wijk) status(code payreq.Code) Status {
	w.t.Helper()
	s, ok, err := w.till.Status(bakker, code)
	if err != nil || !ok {
		w.t.Fatalf("status: %v, %v", ok, err)
	}
	return s
}

func TestARequestWaitsAndIsThenPaidOrExpired(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 20_00})
	ask := func() payreq.Request {
		r, err := w.till.Ask(bakker, 4_50)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	paid, late := ask(), ask()
	if s := w.status(paid.Code); s.State != Waiting || s.Left != RequestLife || s.Amount != 4_50 || s.Seq == 0 {
		t.Errorf("fresh: %+v", s)
	}
	at := w.submit(ledger.Pay{ID: paid.Payment, From: anna, To: bakker, Amount: 4_50}).Moment.At.Time()
	w.wait(RequestLife)
	if s := w.status(paid.Code); s.State != Paid || !s.PaidAt.Equal(at) {
		t.Errorf("paid: %+v", s)
	}
	if s := w.status(late.Code); s.State != Expired {
		t.Errorf("late: %+v", s)
	}
	poster, err := w.till.Poster(bakker)
	if err != nil {
		t.Fatal(err)
	}
	for shop, code := range map[ledger.AccountID]payreq.Code{anna: paid.Code, bakker: poster.Code, bram: 12345} {
		if s, ok, err := w.till.Status(shop, code); ok || err != nil {
			t.Errorf("account %d sees %+v, %v", shop, s, err)
		}
	}
}

func TestArrivalsAreWhatCameInAfterAnEntry(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 50_00})
	first := w.pay(1, anna, 1_00)
	w.submit(ledger.Pay{ID: ledger.ID{9}, From: bakker, To: bram, Amount: 50}) // out, not in
	second := w.pay(2, anna, 2_00)
	w.submit(ledger.Issue{To: bakker, Amount: 1_00}) // no payment
	for after, want := range map[uint64][]uint64{0: {first, second}, first: {second}, second: nil, 1 << 40: nil} {
		got, last, complete, err := w.till.Arrivals(bakker, after)
		if err != nil || !complete || last != second+1 || len(got) != len(want) {
			t.Fatalf("after %d: %+v, %d, %v, %v", after, got, last, complete, err)
		}
		for i, a := range got {
			if a.Seq != want[i] {
				t.Errorf("after %d: number %d is %+v, want entry %d", after, i, a, want[i])
			}
		}
	}
	if got, _, complete, err := w.till.Arrivals(99, 0); len(got) != 0 || !complete || err != nil {
		t.Errorf("of nobody: %v, %v, %v", got, complete, err)
	}
}

func TestAfterTooManyArrivalsATillStartsAfresh(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 50_00})
	for i := range byte(maxArrivals) {
		w.pay(i+1, anna, 1)
	}
	if got, _, complete, err := w.till.Arrivals(bakker, 0); len(got) != maxArrivals || !complete || err != nil {
		t.Fatalf("%d arrivals, complete %v, %v", len(got), complete, err)
	}
	w.pay(maxArrivals+1, anna, 1)
	if _, _, complete, err := w.till.Arrivals(bakker, 0); complete || err != nil {
		t.Errorf("one more: complete %v, %v", complete, err)
	}
}

func TestTakingsAreOfTodayLessWhatWasGivenBack(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 90_00})
	w.pay(1, anna, 10_00)
	w.wait(aDay)
	for i := range byte(40) { // more than one page of history
		w.pay(i+2, anna, 1_00)
	}
	w.submit(ledger.Refund{Of: ledger.ID{2}, All: true})
	w.submit(ledger.Pay{ID: ledger.ID{99}, From: bakker, To: bram, Amount: 5_00})
	got, err := w.till.Today(bakker)
	if err != nil || got != (Takings{Total: 39_00, Count: 40}) {
		t.Errorf("Today = %+v, %v; want 39.00 of 40 payments", got, err)
	}
	w.wait(aDay)
	if got, err := w.till.Today(bakker); err != nil || got != (Takings{}) {
		t.Errorf("the next day = %+v, %v", got, err)
	}
}

func (w *wijk) outlook(shop ledger.AccountID) Outlook {
	w.t.Helper()
	o, err := w.till.Outlook(shop)
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

func TestTheOutlookSaysWhatCanBecomeEurosAndWhen(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: bakker, Amount: 50_00})
	w.submit(ledger.Issue{To: anna, Amount: 50_00})
	w.pay(1, anna, 10_00)
	issued := w.node.Today()
	w.wait(310 * aDay) // both ripen in 55 days
	w.submit(ledger.Issue{To: anna, Amount: 10_00})
	w.submit(ledger.Issue{To: bram, Amount: 10_00})
	w.submit(ledger.Pay{ID: ledger.ID{2}, From: bram, To: anna, Amount: 5_00})
	w.wait(aDay)
	for id := range byte(2) { // the oldest money goes first, and then some that is new
		w.pay(id+10, anna, 20_00)
	}
	o := w.outlook(bakker)
	if o.Now != 0 || !o.May || o.Fee != 0 {
		t.Errorf("outlook %+v", o)
	}
	if len(o.Later) < 2 || o.Later[0].Needs != 0 || o.Later[0].Day != issued+365 {
		t.Fatalf("nearest first, by its day %v: %+v", issued+365, o.Later)
	}
	sum := o.Now
	for i, l := range o.Later {
		sum += l.Amount
		if i > 0 && (l.Needs == 0 || l.Needs < o.Later[i-1].Needs) {
			t.Errorf("line %d is %+v, after %+v", i, l, o.Later[i-1])
		}
	}
	if short := o.Spendable - sum; short < 0 || int(short) > len(o.Later) {
		t.Errorf("the lines add up to %v of %v", sum, o.Spendable)
	}
	w.wait(54 * aDay)
	if o := w.outlook(bakker); o.Now == 0 {
		t.Errorf("ripe, and still %+v", o)
	}
	if o := w.outlook(anna); o.May {
		t.Error("a resident may ask for euros")
	}
	if o := w.outlook(99); o.Spendable != 0 || len(o.Later) != 0 {
		t.Errorf("of nobody: %+v", o)
	}
}

func TestLotsThatRipenAlikeAreOneLine(t *testing.T) {
	worth := func(cents ledger.Cents) demurrage.Wide { return cents.Worth() }
	lines, err := later(ledger.Balance{Day: 100, Lots: []ledger.LotWorth{
		{Worth: worth(100), Ripe: 110, Needs: 1},
		{Worth: worth(200), Ripe: 110, Needs: 4},
		{Worth: worth(300), Ripe: 120, Needs: 4},
		{Worth: worth(400), Ripe: 130, Needs: 4},
		{Worth: worth(500), Ripe: 140, Needs: 4}, // near, but the fourth day
		{Worth: worth(600), Ripe: 300, Needs: 4},
		{Worth: worth(700), Ripe: 300, Needs: 2},
		{Worth: worth(800), Ripe: 300, Needs: 2},
		{Worth: worth(900), Ripe: demurrage.MaxDay + 1, Needs: 3},
		{Worth: demurrage.Wide{Lo: 1}, Ripe: 300, Needs: 5}, // less than a cent
	}})
	want := []Later{
		{Amount: 300, Day: 110},
		{Amount: 300, Day: 120},
		{Amount: 400, Day: 130},
		{Amount: 1500, Needs: 2, Day: 300},
		{Amount: 900, Needs: 3},
		{Amount: 1100, Needs: 4},
	}
	if err != nil || !slices.Equal(lines, want) {
		t.Errorf("later = %+v, %v\nwant %+v", lines, err, want)
	}
}

func TestAskingForEurosTwiceWithOneIDAsksOnce(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: bakker, Amount: 50_00})
	w.wait(365 * aDay)
	h := Holder{Account: bakker, Auth: record.Auth{How: record.ByPIN}}
	id, seal, err := w.till.RedeemForm(bakker)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		r, err := w.till.RedeemSealed(context.Background(), h, id, seal, 10_00)
		if err != nil || r.Result != ledger.Applied || r.Repeat != (i > 0) {
			t.Fatalf("time %d: %+v, %v", i+1, r, err)
		}
	}
	waiting, err := w.till.Waiting(bakker)
	if err != nil || len(waiting) != 1 || waiting[0].ID != id || waiting[0].Payout != 10_00 || waiting[0].Asked.IsZero() {
		t.Errorf("waiting: %+v, %v", waiting, err)
	}
	if waiting, err := w.till.Waiting(anna); len(waiting) != 0 || err != nil {
		t.Errorf("somebody else sees %+v, %v", waiting, err)
	}
	if _, err := w.till.RedeemSealed(context.Background(), h, ledger.ID{7}, seal, 1_00); !errors.Is(err, ErrStale) {
		t.Errorf("with another id: %v, want ErrStale", err)
	}
	if r, err := w.till.Redeem(context.Background(), h, ledger.ID{8}, 99_00); err != nil || r.Result != ledger.NotConvertible {
		t.Errorf("too much: %v, %v", r.Result, err)
	}
	w.submit(ledger.Settle{Of: id})
	if waiting, err := w.till.Waiting(bakker); len(waiting) != 0 || err != nil {
		t.Errorf("after settling: %+v, %v", waiting, err)
	}
}
