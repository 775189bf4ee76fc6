package report

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

func TestARunningLedgerIsReportedOn(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	o := store.Options{FS: vfs.NewMem(), MinFreeBytes: 1}
	if err := node.Init("wijk", node.Settings{Coin: "Korrel", Wijk: "De Hoogte"}, o); err != nil {
		t.Fatal(err)
	}
	n, err := node.Open("wijk", node.Options{Store: o, Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	must := func(cmd ledger.Command) {
		t.Helper()
		r, err := n.Submit(context.Background(), node.Request{Auth: record.Auth{How: record.ByOperator}, Command: cmd})
		if err != nil || r.Result != ledger.Applied {
			t.Fatal(r.Result, err)
		}
	}
	must(ledger.SetPolicy{Policy: still(5, 365)})
	must(ledger.Open{Account: 1, Owner: 1, Role: "resident"})
	must(ledger.Open{Account: 2, Owner: 2, Role: "merchant"})
	must(ledger.Issue{To: 1, Amount: 100_00})
	now = now.Add(36 * time.Hour)
	must(ledger.Pay{ID: ledger.ID{1}, From: 1, To: 2, Amount: 25_00})
	now = now.Add(48 * time.Hour)
	err = n.Read(func(v *node.View) error {
		r, err := Make(context.Background(), v, Always, Options{Coin: n.Settings().Coin, Today: civil.Day(now)})
		if err != nil {
			return err
		}
		if r.Entries != 5 || r.Period.Days() != 4 || r.Period.To != n.Today() {
			t.Errorf("%d entries, %v to %v", r.Entries, r.Period.From, r.Period.To)
		}
		if unit := r.Lines()[0].Unit.EN; unit != "Korrel" {
			t.Errorf("amounts are in %q", unit)
		}
		expect(t, r, map[string]string{
			"issued": "100", "stock_mean": "100", "volume": "25", "volume_hop_1": "25", "holding_mean": "3/2",
			"velocity": "365/16", // 25 / (100 × 4) × 365
		})
		return nil
	})
	if err = errors.Join(err, n.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestThePeriodIsCutToTheLedgersDays(t *testing.T) {
	w := newWijk(t, "2026-01-05", still(5, 365))
	w.open("a")
	w.issue(3, "a", 10)
	for _, c := range []struct {
		name            string
		from, to, today demurrage.Day
		first, last     int
	}{
		{"all of it", demurrage.MinDay, demurrage.MaxDay, 0, 0, 3},
		{"up to today", demurrage.MinDay, demurrage.MaxDay, w.zero + 9, 0, 9},
		{"not beyond today", w.zero + 1, w.zero + 20, w.zero + 9, 1, 9},
		{"not beyond the last entry", w.zero + 1, w.zero + 20, w.zero + 2, 1, 3},
		{"inside", w.zero + 1, w.zero + 2, w.zero + 9, 1, 2},
		{"a day after the last entry", w.zero + 7, w.zero + 7, w.zero + 9, 7, 7},
	} {
		r := reportOn(t, w.records, Period{c.from, c.to}, c.today)
		if want := (Period{w.zero + demurrage.Day(c.first), w.zero + demurrage.Day(c.last)}); r.Period != want {
			t.Errorf("%s: %v to %v, want %v to %v", c.name, r.Period.From, r.Period.To, want.From, want.To)
		}
	}
	for _, c := range []struct {
		from, to demurrage.Day
		want     error
	}{
		{w.zero + 2, w.zero + 1, ErrPeriod},
		{w.zero - 9, w.zero - 1, ErrNothing},
		{w.zero + 8, w.zero + 9, ErrNothing},
	} {
		if _, err := FromRecords(context.Background(), walk(w.records), Period{c.from, c.to}, Options{}); !errors.Is(err, c.want) {
			t.Errorf("%v to %v: %v, want %v", c.from, c.to, err, c.want)
		}
	}
	if _, err := FromRecords(context.Background(), walk(nil), Always, Options{}); !errors.Is(err, ErrNothing) {
		t.Errorf("no entries: %v", err)
	}
}

func TestALongReportSaysHowFarItIsAndCanBeStopped(t *testing.T) {
	records := manyPayments(t, 10_000)
	last := uint64(len(records))
	ctx, cancel := context.WithCancel(context.Background())
	var seen []uint64
	progress := func(done, of uint64) {
		if of != last {
			t.Errorf("%d of %d", done, of)
		}
		seen = append(seen, done)
	}
	o := Options{Entries: last, Progress: progress}
	if _, err := FromRecords(ctx, walk(records), Always, o); err != nil {
		t.Fatal(err)
	}
	if len(seen) < 3 || seen[len(seen)-1] != last {
		t.Errorf("progress was %v of %d", seen, last)
	}
	cancel()
	if _, err := FromRecords(ctx, walk(records), Always, o); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

// manyPayments is a wijk of a hundred accounts, a fifth of them shops, that pay
// each other fifty times a day.
func manyPayments(t testing.TB, n int) []*record.Record {
	w := newWijk(t, "2026-01-05", ledger.DefaultPolicy())
	label := func(i int) string {
		return string(rune("abcdS"[i%5])) + string(rune('a'+i/10)) + string(rune('a'+i%10))
	}
	for i := range 100 {
		w.open(label(i))
		w.issue(0, label(i), 500)
	}
	for i := range n {
		from, to := label((i*7+i/100)%100), label((i*31+i/50+3)%100)
		if from == to {
			continue
		}
		d := w.zero + demurrage.Day(1+i/50)
		now := ledger.Moment{At: ledger.Instant{Sec: int64(d)*secondsPerDay + int64(i%50)*600}, Day: d}
		id := ledger.ID{byte(i), byte(i >> 8), byte(i >> 16), 1}
		w.apply(now, ledger.Pay{ID: id, From: w.names.Account(from), To: w.names.Account(to), Amount: ledger.Cents(1 + i%1700)})
	}
	return w.records
}

func BenchmarkReport(b *testing.B) {
	records := manyPayments(b, 20_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FromRecords(context.Background(), walk(records), Always, Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(records)), "ns/record")
}
