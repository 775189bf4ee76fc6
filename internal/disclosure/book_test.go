package disclosure

import (
	"context"
	"encoding/binary"
	"errors"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/report"
	"grulden/internal/store"
	"grulden/ledger"
)

// wijk is a ledger on a disk in memory with so many residents and shops.
type wijk struct {
	*node.Node
	*Book
	t                testing.TB
	now              time.Time
	residents, shops int
	papers           uint64
}

func newWijk(t testing.TB, residents, shops int) *wijk {
	return newWijkOn(t, residents, shops, 1, time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC))
}

func newWijkOn(t testing.TB, residents, shops int, hops uint8, first time.Time) *wijk {
	w := &wijk{t: t, now: first, residents: residents, shops: shops}
	o := node.Options{Store: store.Options{FS: vfs.NewMem(), MinFreeBytes: 1}, Clock: func() time.Time { return w.now }}
	if err := node.Init("wijk", node.Settings{Coin: "Korrel", Wijk: "De Hoogte"}, o.Store); err != nil {
		t.Fatal(err)
	}
	n, err := node.Open("wijk", o)
	if err != nil {
		t.Fatal(err)
	}
	k, err := report.OpenKeeper(n)
	if err != nil {
		t.Fatal(err)
	}
	w.Node, w.Book = n, Open(n, k)
	t.Cleanup(func() {
		if err := errors.Join(k.Close(), n.Close()); err != nil {
			t.Error(err)
		}
	})
	p := ledger.DefaultPolicy()
	p.Hops, p.Rate = hops, 0
	w.do(ledger.SetPolicy{Policy: p})
	for i := range residents + shops {
		role := "resident"
		if i >= residents {
			role = "merchant"
		}
		w.do(ledger.Open{Account: ledger.AccountID(i + 1), Owner: ledger.OwnerID(i + 1), Role: role})
	}
	return w
}

func (w *wijk) do(c ledger.Command) {
	w.t.Helper()
	got, err := w.Submit(context.Background(), node.Request{Auth: record.Auth{How: record.ByReplay}, Command: c})
	if err != nil || got.Result != ledger.Applied {
		w.t.Fatalf("%+v: %v, %v", c, got.Result, err)
	}
}

// try does what the ledger may refuse.
func (w *wijk) try(c ledger.Command) {
	w.t.Helper()
	if _, err := w.Submit(context.Background(), node.Request{Auth: record.Auth{How: record.ByReplay}, Command: c}); err != nil {
		w.t.Fatalf("%+v: %v", c, err)
	}
}

func (w *wijk) resident(i int) ledger.AccountID { return ledger.AccountID(1 + i%w.residents) }
func (w *wijk) shop(i int) ledger.AccountID {
	return ledger.AccountID(1 + w.residents + i%w.shops)
}

func (w *wijk) paper() (id ledger.ID) {
	w.papers++
	binary.BigEndian.PutUint64(id[:], w.papers)
	return id
}

func (w *wijk) pay(from, to ledger.AccountID, whole ledger.Cents) {
	w.t.Helper()
	w.do(ledger.Pay{ID: w.paper(), From: from, To: to, Amount: whole * 100})
}

// quarter lets everybody live for three months: each resident tops up and spends
// in shops, shops pay each other and the first few of them ask for euros.
func (w *wijk) quarter(r *rand.Rand, askers int) report.Period {
	w.t.Helper()
	from := w.Today()
	for month := range 3 {
		for i := range w.residents {
			w.do(ledger.Issue{To: w.resident(i), Amount: 100_00})
			w.pay(w.resident(i), w.shop(i), 40+ledger.Cents(r.IntN(20)))
			w.pay(w.resident(i), w.shop(i+month+1), 10+ledger.Cents(r.IntN(10)))
		}
		for i := range w.shops {
			w.pay(w.shop(i), w.shop(i+1), 20+ledger.Cents(r.IntN(5)))
		}
		w.now = w.now.AddDate(0, 0, 20)
		for i := range askers {
			w.do(ledger.Redeem{ID: w.paper(), From: w.shop(i), Amount: 20_00})
		}
		w.now = time.Date(w.now.Year(), w.now.Month()+1, 1, 9, 0, 0, 0, time.UTC)
	}
	return report.Period{From: from, To: w.Today() - 1}
}

func (w *wijk) draft(p report.Period) *Draft {
	w.t.Helper()
	d, err := w.Draft(context.Background(), p)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// auth is by whom releases are published here.
var auth = record.Auth{How: record.ByOperator}

func (w *wijk) publish(p report.Period) Release {
	w.t.Helper()
	r, err := w.Publish(w.t.Context(), w.draft(p).Release, auth)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func why(d *Draft, key string) Reason {
	for _, c := range d.Cells {
		if c.Key == key {
			return c.Why
		}
	}
	return "there is none"
}

func TestAWijkOfManyShowsItsSumsRounded(t *testing.T) {
	w := newWijk(t, 40, 15)
	d := w.draft(w.quarter(rand.New(rand.NewPCG(1, 1)), 12))
	var volume *big.Rat
	for _, c := range d.Cells {
		if c.Key == "volume" {
			volume = c.Value
		}
	}
	shown := d.Figure("volume")
	if shown == nil || !new(big.Rat).Quo(shown, big.NewRat(10, 1)).IsInt() {
		t.Fatalf("the volume is shown as %v", shown)
	}
	if off := new(big.Rat).Sub(shown, volume); off.Abs(off).Cmp(big.NewRat(5, 1)) > 0 {
		t.Errorf("%v is shown as %v", volume, shown)
	}
	for _, key := range []string{"issued", "asked", "stock", "passes", "velocity", "per_issued", "residents", "shops", "payments"} {
		if d.Figure(key) == nil {
			t.Errorf("%s is not shown: %q", key, why(d, key))
		}
	}
	want := new(big.Rat).Quo(shown, d.Figure("stock")).FloatString(1)
	if got := d.Figure("passes").FloatString(1); got != want {
		t.Errorf("%s times, but the sums that are shown say %s", got, want)
	}
	if d.Figure("residents").FloatString(0) != "40" || d.Figure("shops").FloatString(0) != "20" {
		t.Errorf("%v residents and %v shops", d.Figure("residents"), d.Figure("shops")) // 15, rounded to tens
	}
}

func TestWhatWasPaidAgainIsShownWhereItIsLarge(t *testing.T) {
	w := newWijk(t, 120, 30)
	r := rand.New(rand.NewPCG(1, 1))
	from := w.Today()
	for i := range w.residents {
		w.do(ledger.Issue{To: w.resident(i), Amount: 100_00})
		w.pay(w.resident(i), w.shop(i), 90)
	}
	for range 3 { // and on from shop to shop
		for i := range w.shops {
			w.pay(w.shop(i), w.shop(i+1), 100+ledger.Cents(r.IntN(20)))
		}
	}
	w.now = w.now.AddDate(0, 3, 0)
	d := w.draft(report.Period{From: from, To: w.Today() - 1})
	again, volume := d.Figure("paid_again"), d.Figure("volume")
	if again == nil || volume == nil || d.Figure("share_again") == nil {
		t.Fatalf("not shown: %q", why(d, "paid_again"))
	}
	want := new(big.Rat).Quo(again, volume)
	if got := d.Figure("share_again").FloatString(0); got != want.Mul(want, big.NewRat(100, 1)).FloatString(0) {
		t.Errorf("%s per cent, but %v of %v", got, again, volume)
	}
}

func TestFewShopsAreNotShown(t *testing.T) {
	w := newWijk(t, 40, 4)
	d := w.draft(w.quarter(rand.New(rand.NewPCG(1, 1)), 2))
	for _, key := range []string{"shops", "asked", "paid_shops_shops", "paid_residents_shops", "volume", "share_asked", "velocity"} {
		if d.Figure(key) != nil {
			t.Errorf("%s is shown where four shops are all there are", key)
		}
	}
	if d.Figure("issued") == nil {
		t.Error("forty people topped up, and it is hidden")
	}
}

func TestTheFirstReleaseIsAboutThreeMonthsThatTheLedgerLived(t *testing.T) {
	w := newWijk(t, 2, 2)
	w.now = w.now.AddDate(0, 8, 0)
	if next, err := w.Next(); err != nil || next.From.String() != "2026-01-01" || next.To.String() != "2026-03-31" {
		t.Errorf("begun on the first of January: %v to %v, %v", next.From, next.To, err)
	}
	late := newWijkOn(t, 2, 2, 1, time.Date(2026, 1, 20, 9, 0, 0, 0, time.UTC))
	late.now = late.now.AddDate(0, 8, 0)
	next, err := late.Next()
	if err != nil || next.From.String() != "2026-01-01" || next.To.String() != "2026-04-30" {
		t.Errorf("begun on 20 January: %v to %v, %v", next.From, next.To, err)
	}
	if _, err := late.Draft(t.Context(), report.Period{From: next.From, To: (next.From + 80).MonthEnd()}); !errors.Is(err, ErrMonths) {
		t.Errorf("two whole months and a bit: %v", err)
	}
	late.draft(next)
}

func TestOneReleaseIsAboutADayOnly(t *testing.T) {
	w := newWijk(t, 20, 12)
	r := rand.New(rand.NewPCG(2, 1))
	first, second := w.quarter(r, 0), w.quarter(r, 0)
	if next, err := w.Next(); err != nil || next != first {
		t.Errorf("first comes %v to %v: %v", next.From, next.To, err)
	}
	early := w.draft(report.Period{From: first.From, To: second.To})
	w.publish(first)
	month := second.From.MonthEnd()
	for _, p := range []report.Period{
		first, {From: first.From, To: second.To}, {From: first.From.MonthEnd() + 1, To: second.To}, {From: first.From, To: month},
	} {
		if _, err := w.Draft(t.Context(), p); !errors.Is(err, ErrOverlap) {
			t.Errorf("%v to %v: %v", p.From, p.To, err)
		}
	}
	if _, err := w.Publish(t.Context(), early.Release, auth); !errors.Is(err, ErrOverlap) {
		t.Errorf("drafted before the other was published: %v", err)
	}
	if err := w.Check(t.Context(), early.Release); !errors.Is(err, ErrOverlap) {
		t.Errorf("the same, when it is approved: %v", err)
	}
	for _, p := range []report.Period{
		{From: second.From + 1, To: second.To},
		{From: second.From, To: second.To - 1},
		{From: second.From, To: month},
		{From: second.From, To: (second.To + 1).MonthEnd()}, // not over
		{From: second.To, To: second.From},
	} {
		if _, err := w.Draft(t.Context(), p); !errors.Is(err, ErrMonths) {
			t.Errorf("%v to %v: %v", p.From, p.To, err)
		}
	}
	if next, err := w.Next(); err != nil || next != second {
		t.Errorf("next comes %v to %v: %v", next.From, next.To, err)
	}
	w.publish(second)
}

func TestWhatWasPublishedStaysAsItWas(t *testing.T) {
	w := newWijk(t, 20, 12)
	r := rand.New(rand.NewPCG(3, 1))
	first, second := w.quarter(r, 0), w.quarter(r, 0)
	draft := w.draft(first).Release
	one := w.publish(first)
	entries := w.Length()
	if again, err := w.Publish(t.Context(), draft, auth); err != nil || again.Hash != one.Hash || w.Length() != entries {
		t.Errorf("published twice: %+v, %v", again, err)
	}
	two := w.publish(second)
	all, err := w.Releases()
	if err != nil || len(all) != 2 || all[0].Hash != one.Hash || all[1].Before != one.Hash || two.Number != 2 {
		t.Fatalf("%+v, %v", all, err)
	}
	key := func(number byte) []byte { return []byte{0, 0, 0, number} }
	changed := all[0]
	changed.Figures = slices.Clone(changed.Figures)
	changed.Figures[0].Value = "1"
	forged := all[1]
	forged.Days++
	forged.Hash = forged.hash()
	for _, test := range []struct {
		what   string
		number byte
		row    any // nil: it is taken away
		left   int
	}{
		{"a figure was changed", 1, changed, 0},
		{"another stands in its place", 1, two, 0},
		{"the first was taken away", 1, nil, 0},
		{"the latest was changed, and its hash", 2, forged, 1},
		{"the latest was taken away", 2, nil, 1},
	} {
		if test.row == nil {
			err = w.rows.Delete(key(test.number))
		} else {
			err = w.rows.Put(key(test.number), store.Row(test.row))
		}
		if err != nil {
			t.Fatal(err)
		}
		left, err := w.Releases()
		if !errors.Is(err, ErrBroken) || len(left) != test.left {
			t.Errorf("%s: %d left, %v", test.what, len(left), err)
		}
		if _, err := w.Publish(t.Context(), draft, auth); !errors.Is(err, ErrBroken) {
			t.Errorf("%s, and one more is published: %v", test.what, err)
		}
		for i, r := range all {
			if err := w.rows.Put(key(byte(i+1)), store.Row(r)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if all, err := w.Releases(); err != nil || len(all) != 2 {
		t.Errorf("as they were: %d, %v", len(all), err)
	}
}

// The row is written before the entry in the journal. What stops in between was not
// published, and is when it is tried again.
func TestAReleaseWithoutItsEntryIsNotPublishedYet(t *testing.T) {
	w := newWijk(t, 20, 12)
	p := w.quarter(rand.New(rand.NewPCG(3, 2)), 0)
	r := w.draft(p).Release
	half := r
	half.Number = 1
	half.Hash = half.hash()
	if err := w.rows.Put([]byte{0, 0, 0, 1}, store.Row(half)); err != nil {
		t.Fatal(err)
	}
	if all, err := w.Releases(); err != nil || len(all) != 0 {
		t.Errorf("%d are published: %v", len(all), err)
	}
	if got := w.publish(p); got.Number != 1 || got.Hash != half.Hash {
		t.Errorf("published as number %d", got.Number)
	}
	if all, err := w.Releases(); err != nil || len(all) != 1 {
		t.Errorf("then %d are: %v", len(all), err)
	}
}

func TestADraftThatNobodyWaitsForStops(t *testing.T) {
	w := newWijk(t, 20, 12)
	p := w.quarter(rand.New(rand.NewPCG(4, 2)), 0)
	w.draft(p) // the sums of days are kept: what is left is to read who made them
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := w.Draft(gone, p); !errors.Is(err, context.Canceled) {
		t.Errorf("made for somebody who left: %v", err)
	}
}

func TestOnlyTheFiguresThatWereCountedArePublished(t *testing.T) {
	w := newWijk(t, 20, 12)
	d := w.draft(w.quarter(rand.New(rand.NewPCG(4, 1)), 0))
	if err := w.Check(t.Context(), d.Release); err != nil {
		t.Fatal(err)
	}
	better := d.Release
	better.Figures = slices.Clone(better.Figures)
	better.Figures[0].Value = "999990"
	if err := w.Check(t.Context(), better); !errors.Is(err, ErrChanged) {
		t.Errorf("a figure was made up: %v", err)
	}
	open := d.Release
	open.Rules.Owners = 1
	if err := w.Check(t.Context(), open); !errors.Is(err, ErrChanged) {
		t.Errorf("under rules that the wijk does not have: %v", err)
	}
}

func TestBoundsOfAHiddenSumMustLeaveItOpen(t *testing.T) {
	c := cellOf("", 60, 20, 20)
	rules := node.Publishing{Percent: 25, Round: 10_00}
	for _, test := range []struct {
		low, high int64
		want      bool
	}{{100, 100, false}, {90, 120, false}, {0, 120, true}, {90, 125, true}, {0, 90, false}} {
		if got := vague(rules, c, big.NewRat(test.low, 1), big.NewRat(test.high, 1)); got != test.want {
			t.Errorf("between %d and %d: %v", test.low, test.high, got)
		}
	}
	if !vague(rules, c, new(big.Rat), nil) {
		t.Error("without a most")
	}
}

// What many releases tell together: whoever solves all their equations finds no
// hidden sum. The releases know nothing of each other but through the stock.
func TestNoHiddenSumFollowsFromAllReleases(t *testing.T) {
	w := newWijk(t, 30, 11)
	r := rand.New(rand.NewPCG(7, 1))
	hidden := 0
	for i := range 6 {
		p := w.quarter(r, i)
		d := w.draft(p)
		g, err := w.gather(t.Context(), p, testRules)
		if err != nil {
			t.Fatal(err)
		}
		for at, c := range d.Cells {
			if c.Why == Shown || c.Why == Rest || c.Why == Flow && atEnd(c.Key) {
				continue
			}
			hidden++
			if determined(d.Cells, g.relations, at) {
				t.Errorf("quarter %d: %s follows from what is shown", i, c.Key)
			}
		}
		w.publish(p)
	}
	if hidden < 8 {
		t.Errorf("%d hidden sums are too few to tell", hidden)
	}
}

// determined solves the relations for the hidden cells by taking one after the
// other out of them: a cell is known when a row with it alone is left.
func determined(cells []Cell, relations []Relation, want int) bool {
	var rows [][]*big.Rat
	for _, rel := range relations {
		row := make([]*big.Rat, len(cells))
		for i := range row {
			row[i] = new(big.Rat)
		}
		for _, i := range rel.members() {
			if cells[i].Why != Shown {
				row[i].SetInt64(1)
			}
		}
		shown := func(i int) bool { return cells[i].Why == Shown }
		if rel.Total < 0 && !slices.ContainsFunc(rel.Parts, shown) {
			continue // shares of which none is shown
		}
		for _, i := range rel.members() {
			if !slices.Contains(rel.Parts, i) && !shown(i) {
				row[i].SetInt64(-1)
			}
		}
		rows = append(rows, row)
	}
	for i := range cells { // all but the one wanted are taken out
		if i == want {
			continue
		}
		at := slices.IndexFunc(rows, func(row []*big.Rat) bool { return row[i].Sign() != 0 })
		if at < 0 {
			continue
		}
		by := rows[at]
		rows = slices.Delete(rows, at, at+1)
		for _, row := range rows {
			times := new(big.Rat).Quo(row[i], by[i])
			for j := range row {
				row[j].Sub(row[j], new(big.Rat).Mul(times, by[j]))
			}
		}
	}
	return slices.ContainsFunc(rows, func(row []*big.Rat) bool { return row[want].Sign() != 0 })
}

func TestMonthsEndWhereTheyEnd(t *testing.T) {
	day := func(text string) demurrage.Day {
		d, err := demurrage.ParseDay(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if day("2028-02-10").MonthEnd() != day("2028-02-29") || day("2026-12-31").MonthEnd() != day("2026-12-31") {
		t.Error("the end of a month")
	}
	quarter, first := report.Period{From: day("2026-01-01"), To: day("2026-03-31")}, day("2025-01-01")
	if !wholeMonths(quarter, first, 3) || wholeMonths(quarter, first, 4) {
		t.Error("whole months")
	}
	if wholeMonths(quarter, day("2026-01-02"), 3) || !wholeMonths(quarter, day("2026-01-02"), 2) {
		t.Error("months of which the ledger lived all days")
	}
}
