package fund

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// wijk is a ledger in memory whose money melts by 1 % on the first of each
// month, without grace: 1000.00 issued in January is 10.00 for the fund in
// February.
type wijk struct {
	t    *testing.T
	now  time.Time
	node *node.Node
	fund *Fund
	two  record.Auth
}

var (
	anna   = ledger.AccountID(1)
	bakker = ledger.AccountID(2)
	soup   = Purpose{ID: ID{1}, Name: "Soep voor wie weinig geld heeft", Need: true}
	feast  = Purpose{ID: ID{2}, Name: "Buurtfeest"}
)

func newWijk(t *testing.T) *wijk {
	t.Helper()
	w := &wijk{t: t, now: time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC), two: record.Auth{How: record.ByTwo}}
	o := store.Options{FS: vfs.NewMem(), MinFreeBytes: 1}
	if err := node.Init("wijk", node.Settings{Coin: "Grulden", Wijk: "De Hoogte"}, o); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.node, err = node.Open("wijk", node.Options{Store: o, Clock: func() time.Time { return w.now }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.node.Close(); err != nil {
			t.Error(err)
		}
	})
	p := ledger.DefaultPolicy()
	p.Rate, p.Every, p.GraceDays, p.Hops, p.Fee = 10_000_000, 1, 0, 1, 100_000_000
	w.do(ledger.SetPolicy{Policy: p})
	w.do(ledger.Open{Account: anna, Owner: 1, Role: "resident"})
	w.do(ledger.Open{Account: bakker, Owner: 2, Role: "merchant"})
	w.do(ledger.Issue{To: anna, Amount: 1000_00})
	w.now = time.Date(2026, 2, 1, 10, 0, 0, 0, time.UTC)
	w.fund = New(w.node)
	for _, p := range []Purpose{soup, feast} {
		if err := w.fund.AddPurpose(p); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func (w *wijk) do(cmd ledger.Command) {
	w.t.Helper()
	r, err := w.node.Submit(context.Background(), node.Request{Auth: record.Auth{How: record.ByOperator}, Command: cmd})
	if err != nil || r.Result != ledger.Applied {
		w.t.Fatalf("%+v: %v %v", cmd, r.Result, err)
	}
}

func (w *wijk) give(key byte, d Draft) (Grant, error) {
	w.t.Helper()
	d.To = anna
	return w.fund.Give(context.Background(), ledger.Key{key}, d, w.two)
}

func (w *wijk) must(key byte, d Draft) Grant {
	w.t.Helper()
	g, err := w.give(key, d)
	if err != nil {
		w.t.Fatal(err)
	}
	return g
}

func (w *wijk) state() State {
	w.t.Helper()
	s, err := w.fund.State()
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func TestAGrantThatBreaksThePromiseNeedsAReason(t *testing.T) {
	w := newWijk(t)
	if _, err := w.give(1, Draft{Purpose: feast.ID, Cents: 1}); !errors.Is(err, ErrPromise) {
		t.Fatalf("the first cent for a feast: %v", err)
	}
	w.must(2, Draft{Purpose: soup.ID, Cents: 4_50})
	if s := w.state(); s.Promise.Room() != 50 {
		t.Errorf("after 4.50 for soup there is room for %v, want 0.50", s.Promise.Room())
	}
	w.must(3, Draft{Purpose: feast.ID, Cents: 50})
	if _, err := w.give(4, Draft{Purpose: feast.ID, Cents: 1}); !errors.Is(err, ErrPromise) {
		t.Fatalf("one cent beyond nine in ten: %v", err)
	}
	g := w.must(4, Draft{Purpose: feast.ID, Cents: 1_00, Why: "  De tent was al\nbesteld "})
	if g.Why != "De tent was al besteld" || g.Need || g.Number != 3 {
		t.Errorf("%+v", g)
	}
	s := w.state()
	if tenths, ok := s.Promise.Share(); !ok || tenths != 750 || s.Promise.Kept() {
		t.Errorf("share %d, kept %t: want 4.50 of 6.00, which is not kept", tenths, s.Promise.Kept())
	}
	if s.Spent[feast.ID] != (Spending{1_50, 2}) || s.Spent[soup.ID] != (Spending{4_50, 1}) {
		t.Errorf("spent %+v", s.Spent)
	}
	if _, err := w.give(5, Draft{Purpose: soup.ID, Cents: 1, Why: "x"}); err != nil {
		t.Errorf("a grant for people with money problems is refused: %v", err)
	}
}

func TestTheSamePairOfPeopleGrantsOnce(t *testing.T) {
	w := newWijk(t)
	first := w.must(1, Draft{Purpose: soup.ID, Cents: 2_00})
	if again := w.must(1, Draft{Purpose: soup.ID, Cents: 2_00}); again != first {
		t.Errorf("%+v, then %+v", first, again)
	}
	if _, err := w.give(1, Draft{Purpose: soup.ID, Cents: 3_00}); !errors.Is(err, ErrUsed) {
		t.Errorf("another amount under the same key: %v", err)
	}
	if s := w.state(); s.Promise.Need != 2_00 || s.Melted != 7_99 {
		t.Errorf("%+v", s)
	}
}

// TestAGrantCutShortIsFinished: the program ended before, or just after, the
// ledger heard of a grant.
func TestAGrantCutShortIsFinished(t *testing.T) {
	for _, heard := range []bool{false, true} {
		w := newWijk(t)
		d := Draft{Purpose: soup.ID, Cents: 9_00}
		g, err := w.fund.check(d)
		if err == nil {
			err = w.fund.begin(ledger.Key{1}, &g)
		}
		if err != nil {
			t.Fatal(err)
		}
		if heard {
			_, err := w.node.Submit(context.Background(), node.Request{Auth: w.two, Command: ledger.Grant{To: anna, Amount: d.Cents}, Key: ledger.Key{1}})
			if err != nil {
				t.Fatal(err)
			}
		}
		w.fund = New(w.node)
		if g := w.must(1, d); g.Seq == 0 || g.Number != 1 {
			t.Errorf("heard %t: %+v", heard, g)
		}
		if s := w.state(); s.Melted != 99 || s.Spent[soup.ID] != (Spending{9_00, 1}) {
			t.Errorf("heard %t: %+v", heard, s)
		}
	}
}

func TestAGrantThatTheLedgerRefusesWasNeverMade(t *testing.T) {
	w := newWijk(t)
	_, err := w.fund.Give(context.Background(), ledger.Key{1}, Draft{To: 99, Purpose: soup.ID, Cents: 1_00}, w.two)
	var refused *Refused
	if !errors.As(err, &refused) || refused.Result != ledger.UnknownAccount {
		t.Fatal(err)
	}
	if all, err := w.fund.Grants(); err != nil || len(all) != 0 {
		t.Errorf("%+v, %v", all, err)
	}
	if _, err := w.give(2, Draft{Purpose: soup.ID, Cents: 10_01}); !errors.Is(err, ErrShort) {
		t.Errorf("more than there is: %v", err)
	}
	if g := w.must(1, Draft{Purpose: soup.ID, Cents: 10_00}); g.Number != 1 {
		t.Errorf("%+v", g)
	}
}

// TestAGrantPastTheTwoPeopleCountsAgainstThePromise: it is in the journal, and
// no purpose was ever kept for it.
func TestAGrantPastTheTwoPeopleCountsAgainstThePromise(t *testing.T) {
	w := newWijk(t)
	w.must(1, Draft{Purpose: soup.ID, Cents: 1_00})
	w.do(ledger.Grant{To: anna, Amount: 1_00})
	s := w.state()
	if s.Promise.Kept() || s.Promise.Other != 1_00 || s.Spent[ID{}] != (Spending{1_00, 1}) {
		t.Errorf("%+v", s)
	}
}

// TestIncomeByKindIsWhatTheWijkfondsGot: 10.00 melted in February, 20.00 was
// given, and the fee is a tenth of the 50.00 that the baker turns into euros.
// Payments round to the grain for who holds the money, so a cent is not full.
func TestIncomeByKindIsWhatTheWijkfondsGot(t *testing.T) {
	w := newWijk(t)
	purse, err := w.fund.Purse(context.Background(), w.two)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := w.fund.Purse(context.Background(), w.two); err != nil || again != purse {
		t.Fatalf("a second purse: %v", err)
	}
	w.do(ledger.Issue{To: purse, Amount: 15_00})
	w.do(ledger.Pay{ID: ledger.ID{7}, From: anna, To: purse, Amount: 5_00})
	w.do(ledger.Pay{ID: ledger.ID{8}, From: anna, To: bakker, Amount: 50_00})
	w.do(ledger.Redeem{ID: ledger.ID{9}, From: bakker, Amount: 50_00})
	w.do(ledger.Settle{Of: ledger.ID{9}})
	s := w.state()
	if s.FromMelting != 9_99 || s.FromFees != 5_00 || s.FromGifts != 20_00 || s.Melted != 14_99 || s.Gifts != 20_00 {
		t.Errorf("%+v", s)
	}
	w.do(ledger.Reopen{Of: ledger.ID{9}})
	if s := w.state(); s.FromFees != 0 || s.FromMelting != 9_99 {
		t.Errorf("after the bank sent it back: %+v", s)
	}
	g := w.must(1, Draft{Purpose: soup.ID, Cents: 20_00})
	if s := w.state(); !g.Gifts || s.Gifts != 0 || s.Spent[soup.ID] != (Spending{20_00, 1}) || s.FromGifts != 20_00 {
		t.Errorf("gifts are given on first: %+v, %+v", g, s)
	}
}

func TestAPurposeStaysWhatTwoPeopleMadeIt(t *testing.T) {
	w := newWijk(t)
	changed := feast
	changed.Need = true
	if err := w.fund.AddPurpose(changed); err != nil {
		t.Fatal(err)
	}
	if p, err := w.fund.Purpose(feast.ID); err != nil || p.Need {
		t.Errorf("%+v, %v", p, err)
	}
	if err := w.fund.EndPurpose(soup.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.give(1, Draft{Purpose: soup.ID, Cents: 1}); !errors.Is(err, ErrPurpose) {
		t.Errorf("a grant for a purpose that has ended: %v", err)
	}
	if err := w.fund.AddPurpose(Purpose{ID: ID{3}, Name: " "}); !errors.Is(err, ErrText) {
		t.Errorf("a purpose without a name: %v", err)
	}
}

// TestTheTallyIsTheSameAfterAStart: it is kept on the way and counted on.
func TestTheTallyIsTheSameAfterAStart(t *testing.T) {
	w := newWijk(t)
	w.must(1, Draft{Purpose: soup.ID, Cents: 1_00})
	for range keepEvery {
		w.do(ledger.Block{Account: bakker})
		w.do(ledger.Unblock{Account: bakker})
	}
	before := w.state()
	w.fund = New(w.node)
	if after := w.state(); after.Promise != before.Promise || after.FromMelting != before.FromMelting || w.fund.tally.kept == 0 {
		t.Errorf("%+v, then %+v", before, after)
	}
}

func TestTheShareNeverLooksBetterThanItIs(t *testing.T) {
	for _, c := range []struct {
		need, other ledger.Cents
		tenths      int64
		kept        bool
	}{
		{89_99, 10_01, 899, false},
		{90_00, 10_00, 900, true},
		{8_999_999, 1_000_000, 899, false},
		{1, 0, 1000, true},
		{0, 1, 0, false},
	} {
		p := Promise{90, c.need, c.other}
		if tenths, ok := p.Share(); !ok || tenths != c.tenths || p.Kept() != c.kept {
			t.Errorf("%+v: %d tenths, kept %t", c, tenths, p.Kept())
		}
		if room := p.Room(); room > 0 && (p.Breaks(room) || !p.Breaks(room+1)) {
			t.Errorf("%+v: the room of %v is not the most", c, room)
		}
	}
	if _, ok := (Promise{Percent: 90}).Share(); ok || !(Promise{Percent: 90}).Kept() {
		t.Error("nothing spent breaks a promise")
	}
}
