package wallet

import (
	"context"
	"crypto/rand"
	"errors"
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
	t      *testing.T
	node   *node.Node
	book   *payreq.Book
	wallet *Wallet
	mu     sync.Mutex
	now    time.Time
}

var noon = time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)

func newWijk(t *testing.T) *wijk {
	t.Helper()
	w := &wijk{t: t, now: noon}
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
	w.wallet = New(w.node, w.book, payreq.NewMint([]byte("key"), rand.Reader))
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

func (w *wijk) home(id ledger.AccountID) Home {
	w.t.Helper()
	home, err := w.wallet.Home(id)
	if err != nil {
		w.t.Fatal(err)
	}
	return home
}

const aDay = 24 * time.Hour

func TestHomeSaysWhatTheFirstChargeDayTakes(t *testing.T) {
	w := newWijk(t)
	if got := w.home(anna); got.Spendable != 0 || got.Loss.Some {
		t.Errorf("an empty wallet shows %+v", got)
	}
	w.submit(ledger.Issue{To: anna, Amount: 100_00})
	day := func(text string) demurrage.Day {
		d, err := demurrage.ParseDay(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	// 30 days of grace from 2 March end on 1 April; 2 April takes 0.0165 % of
	// 100.00, which shows as 99.98.
	if got := w.home(anna); got.Spendable != 100_00 || got.Loss != (Loss{Some: true, Day: day("2026-04-02"), Amount: 2, Spend: 100_00}) {
		t.Errorf("on the first day: %+v", got)
	}
	w.wait(35 * aDay)
	w.submit(ledger.Issue{To: anna, Amount: 100_00})
	got := w.home(anna)
	if got.Loss.Day != day("2026-04-07") || !got.Loss.Some || !got.Loss.Tomorrow || got.Loss.Spend != 99_92 {
		t.Errorf("with old and new money: %+v", got)
	}
	w.submit(ledger.Pay{ID: ledger.ID{1}, From: anna, To: bakker, Amount: 99_80})
	if got := w.home(anna); got.Loss.Day != day("2026-04-07") || got.Loss.Amount != 0 || !got.Loss.Some || got.Loss.Spend != 12 {
		t.Errorf("with a few old cents left: %+v; want less than a cent", got)
	}
	w.submit(ledger.Block{Account: anna})
	if !w.home(anna).Blocked {
		t.Error("a blocked wallet does not say so")
	}
}

func TestHomeWithoutDemurrageLosesNothing(t *testing.T) {
	w := newWijk(t)
	policy := ledger.DefaultPolicy()
	policy.Rate, policy.From = 0, w.node.Today()+31
	w.submit(ledger.SetPolicy{Policy: policy, HasFrom: true})
	w.wait(31 * aDay)
	w.submit(ledger.Issue{To: anna, Amount: 100_00})
	if got := w.home(anna); got.Loss.Some {
		t.Errorf("at a rate of nought: %+v", got)
	}
}

func TestHomeOfAnAccountNeverOpenedIsEmpty(t *testing.T) {
	w := newWijk(t)
	if got := w.home(99); got.Spendable != 0 || got.Loss.Some {
		t.Errorf("Home = %+v", got)
	}
	if entries, older, err := w.wallet.History(99, 0, 10); len(entries) != 0 || older != 0 || err != nil {
		t.Errorf("History = %v, %d, %v", entries, older, err)
	}
}

func TestHistoryTellsEveryMovementOnce(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: bakker, Amount: 50_00})
	w.submit(ledger.Issue{To: anna, Amount: 20_00})
	w.submit(ledger.Pay{ID: ledger.ID{1}, From: anna, To: bakker, Amount: 5_00})
	w.submit(ledger.Refund{Of: ledger.ID{1}, Amount: 2_00})
	w.submit(ledger.Block{Account: bakker})
	w.submit(ledger.Unblock{Account: bakker})
	w.wait(365 * aDay)
	w.submit(ledger.Redeem{ID: ledger.ID{2}, From: bakker, Amount: 10_00})
	w.submit(ledger.Settle{Of: ledger.ID{2}})
	w.submit(ledger.Redeem{ID: ledger.ID{3}, From: bakker, Amount: 4_00})
	w.submit(ledger.Reject{Of: ledger.ID{3}})
	w.submit(ledger.Grant{To: bakker, Amount: 1})
	want := []Entry{
		{Kind: Granted, Amount: 1},
		{Kind: Rejected, Amount: 4_00, ID: ledger.ID{3}},
		{Kind: Redeemed, Amount: -4_00, ID: ledger.ID{3}},
		{Kind: Settled, Amount: 10_00, ID: ledger.ID{2}},
		{Kind: Redeemed, Amount: -10_00, ID: ledger.ID{2}},
		{Kind: Refunded, Amount: -2_00, ID: ledger.ID{1}, Other: anna},
		{Kind: Paid, Amount: 5_00, ID: ledger.ID{1}, Other: anna},
		{Kind: Issued, Amount: 50_00},
	}
	got, older, err := w.wallet.History(bakker, 0, 100)
	if err != nil || older != 0 || len(got) != len(want) {
		t.Fatalf("%d entries, older %d, %v; want %d", len(got), older, err, len(want))
	}
	for i, e := range got {
		if i > 0 && e.Seq >= got[i-1].Seq || e.At.IsZero() {
			t.Errorf("entry %d is %+v after %d", i, e, got[i-1].Seq)
		}
		e.Seq, e.At, e.How = 0, time.Time{}, ""
		if e != want[i] {
			t.Errorf("entry %d is %+v, want %+v", i, e, want[i])
		}
	}
}

func TestHistoryGoesOnWhereItStopped(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 20_00})
	for i := range byte(9) {
		w.submit(ledger.Pay{ID: ledger.ID{i + 1}, From: anna, To: bakker, Amount: 1})
	}
	var seen []uint64
	for before := uint64(0); ; {
		entries, older, err := w.wallet.History(anna, before, 4)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			seen = append(seen, e.Seq)
		}
		if before = older; before == 0 {
			break
		}
	}
	if len(seen) != 10 {
		t.Errorf("%d entries on all pages, want 10: %v", len(seen), seen)
	}
	for i := 1; i < len(seen); i++ {
		if seen[i] >= seen[i-1] {
			t.Errorf("entries out of order: %v", seen)
		}
	}
}

func (w *wijk) offer(payer ledger.AccountID, code payreq.Code, amount ledger.Cents) Offer {
	w.t.Helper()
	o, err := w.wallet.Offer(payer, code, amount)
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

func (w *wijk) ask(amount ledger.Cents) payreq.Request {
	w.t.Helper()
	r, err := w.book.Ask(bakker, amount, w.clock(), 10*time.Minute)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func holder(id ledger.AccountID) Holder {
	return Holder{Account: id, Auth: record.Auth{How: record.ByPIN}}
}

func TestAnOfferChangesWithWhoLooksAndWhen(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 20_00})
	r := w.ask(4_50)
	if o := w.offer(anna, r.Code, 0); o.State != Payable || o.Payment != r.Payment || o.Amount != 4_50 || o.Spendable != 20_00 || o.Shop != bakker {
		t.Errorf("for the payer: %+v", o)
	}
	if o := w.offer(anna, r.Code, 1); o.Amount != 4_50 {
		t.Errorf("the payer changed the amount: %+v", o)
	}
	if o := w.offer(bakker, r.Code, 0); o.State != OwnCode {
		t.Errorf("for the shop: %+v", o)
	}
	expired := w.ask(1_00)
	if _, receipt, err := w.wallet.Pay(context.Background(), holder(anna), Order{Code: r.Code}); err != nil || receipt.Result != ledger.Applied {
		t.Fatalf("%v, %v", receipt.Result, err)
	}
	w.wait(10 * time.Minute)
	for payer, want := range map[ledger.AccountID]State{anna: PaidByPayer, bram: PaidByOther} {
		if o := w.offer(payer, r.Code, 0); o.State != want {
			t.Errorf("for %d after the payment: %+v, want %d", payer, o, want)
		}
	}
	if o := w.offer(anna, expired.Code, 0); o.State != Expired {
		t.Errorf("after its time: %+v", o)
	}
	if _, err := w.wallet.Offer(anna, r.Code^1, 0); !errors.Is(err, ErrUnknownCode) {
		t.Errorf("an unknown code: %v", err)
	}
}

func TestAPosterOffersAFreshIDForEachAmount(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 20_00})
	r, err := w.book.Poster(bakker, w.clock())
	if err != nil {
		t.Fatal(err)
	}
	if o := w.offer(anna, r.Code, 0); o.State != AskAmount || o.Payment != (ledger.ID{}) {
		t.Errorf("before there is an amount: %+v", o)
	}
	a, b := w.offer(anna, r.Code, 2_50), w.offer(anna, r.Code, 2_50)
	if a.State != Payable || a.Payment == b.Payment || a.Payment == (ledger.ID{}) {
		t.Errorf("two offers: %+v, %+v", a, b)
	}
	order := Order{Code: r.Code, Amount: 2_50, Payment: a.Payment, Seal: a.Seal, Attempt: a.Attempt, Sealed: true}
	for i := range 3 {
		id, receipt, err := w.wallet.Pay(context.Background(), holder(anna), order)
		if err != nil || receipt.Result != ledger.Applied || id != a.Payment || receipt.Repeat != (i > 0) {
			t.Fatalf("time %d: %v, %+v, %v", i+1, id, receipt, err)
		}
	}
	if got := w.home(anna).Spendable; got != 17_50 {
		t.Errorf("Anna has %v after one payment of 2.50", got)
	}
	if o := w.offer(anna, r.Code, 0); o.Recent == nil || o.Recent.ID != a.Payment {
		t.Errorf("a moment later: %+v, want a reminder", o.Recent)
	}
	if o := w.offer(bram, r.Code, 0); o.Recent != nil {
		t.Errorf("somebody else is reminded of %+v", o.Recent)
	}
	w.wait(recent + time.Second)
	if o := w.offer(anna, r.Code, 0); o.Recent != nil {
		t.Errorf("later: still reminded of %+v", o.Recent)
	}
}

func TestPayRefusesWhatWasNotOffered(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 20_00})
	poster, err := w.book.Poster(bakker, w.clock())
	if err != nil {
		t.Fatal(err)
	}
	o := w.offer(anna, poster.Code, 1_00)
	old := w.ask(1_00)
	w.wait(10 * time.Minute)
	for name, tt := range map[string]struct {
		who   ledger.AccountID
		order Order
		want  error
	}{
		"an unknown code":     {anna, Order{Code: poster.Code ^ 1}, ErrUnknownCode},
		"an expired code":     {anna, Order{Code: old.Code}, ErrExpired},
		"no seal":             {anna, Order{Code: poster.Code, Amount: 1, Payment: o.Payment, Attempt: o.Attempt, Sealed: true}, ErrStale},
		"somebody else's":     {bram, Order{Code: poster.Code, Amount: 1, Payment: o.Payment, Seal: o.Seal, Attempt: o.Attempt, Sealed: true}, ErrStale},
		"no id":               {anna, Order{Code: poster.Code, Amount: 1}, ErrNoID},
		"no id, badly sealed": {anna, Order{Code: poster.Code, Amount: 1, Sealed: true}, ErrStale},
	} {
		if _, _, err := w.wallet.Pay(context.Background(), holder(tt.who), tt.order); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	if got := w.home(anna).Spendable; got != 20_00 {
		t.Errorf("Anna has %v, want 20.00", got)
	}
}

func TestAVisitorWhoHangsUpHasPaidAllTheSame(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 20_00})
	ctx, hangUp := context.WithCancel(context.Background())
	hangUp()
	if _, r, err := w.wallet.Pay(ctx, holder(anna), Order{Code: w.ask(4_50).Code}); err != nil || r.Result != ledger.Applied {
		t.Errorf("Pay = %v, %v", r.Result, err)
	}
}

func TestReceiptsAreForTheTwoParties(t *testing.T) {
	w := newWijk(t)
	w.submit(ledger.Issue{To: anna, Amount: 20_00})
	paid := w.submit(ledger.Pay{ID: ledger.ID{1}, From: anna, To: bakker, Amount: 5_00})
	w.submit(ledger.Refund{Of: ledger.ID{1}, Amount: 2_00})
	for id, want := range map[ledger.AccountID]Receipt{
		anna:   {In: false, Other: bakker},
		bakker: {In: true, Other: anna},
	} {
		got, ok, err := w.wallet.Receipt(id, ledger.ID{1})
		want.ID, want.Amount, want.Refunded, want.Seq, want.At = ledger.ID{1}, 5_00, 2_00, paid.Seq, got.At
		if err != nil || !ok || got != want || !got.At.Equal(paid.Moment.At.Time()) {
			t.Errorf("for %d: %+v, %v, %v; want %+v", id, got, ok, err, want)
		}
	}
	for who, id := range map[ledger.AccountID]ledger.ID{bram: {1}, anna: {9}} {
		if got, ok, err := w.wallet.Receipt(who, id); ok || err != nil {
			t.Errorf("for %d of %v: %+v, %v", who, id, got, err)
		}
	}
}

// try submits a command that the rules may refuse.
func (w *wijk) try(cmd ledger.Command) ledger.Result {
	w.t.Helper()
	r, err := w.node.Submit(context.Background(), node.Request{Auth: record.Auth{How: record.ByOperator}, Command: cmd})
	if err != nil {
		w.t.Fatal(err)
	}
	return r.Result
}
