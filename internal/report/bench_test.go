package report

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"syscall"
	"testing"
	"time"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/ledger"
)

// BenchmarkFold is how fast the sums are made of entries in memory: in a wijk, and
// in a town that makes ten million payments a year.
func BenchmarkFold(b *testing.B) {
	for name, records := range map[string][]*record.Record{"wijk": manyPayments(b, 100_000), "town": town(b, 10_000, 27_400, 21)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			begin := cpuTime(b)
			for b.Loop() {
				if _, err := foldAll(context.Background(), walk(records), Always, Options{}); err != nil {
					b.Fatal(err)
				}
			}
			perCore(b, len(records), begin)
		})
	}
}

// cpuTime is the processor time that the process took so far, in the background too.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// perCore tells how many entries a second of processor time was enough for.
func perCore(b *testing.B, entries int, begin time.Duration) {
	b.Helper()
	b.ReportMetric(float64(entries)*float64(b.N)/(cpuTime(b)-begin).Seconds(), "entries/cpu-s")
	b.ReportMetric(float64(entries)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

// town is many people who pay at random times of the day: of ten accounts one is a
// shop, everybody has twenty to whom they pay, who is short tops up, and shops
// redeem what they can when they have much.
func town(t testing.TB, accounts, paymentsADay, days int) []*record.Record {
	w := newWijk(t, "2026-01-05", ledger.DefaultPolicy())
	random := rand.New(rand.NewPCG(1, 2))
	have := make([]ledger.Cents, accounts)
	id := func(i int) ledger.AccountID { return ledger.AccountID(i + 1) }
	for i := range accounts {
		role := "resident"
		if i%10 == 0 {
			role = "merchant"
		}
		w.do(0, ledger.Open{Account: id(i), Owner: ledger.OwnerID(i + 1), Role: role})
	}
	for n := range paymentsADay * days {
		day := w.zero + demurrage.Day(n/paymentsADay)
		at := int64(day)*secondsPerDay + int64(n%paymentsADay)*secondsPerDay/int64(paymentsADay)/2 + 6*3600
		now := ledger.Moment{At: ledger.Instant{Sec: at}, Day: day}
		from := random.IntN(accounts)
		to := (from + 1 + random.IntN(20)*random.IntN(20)*7) % accounts
		if random.IntN(2) == 0 {
			to -= to % 10
		}
		if have[from] < 10_00 {
			w.apply(now, ledger.Issue{To: id(from), Amount: 40_00})
			have[from] += 40_00
		}
		if from%10 == 0 && have[from] > 200_00 {
			asked := ledger.ID{byte(n), byte(n >> 8), byte(n >> 16), 2}
			if w.apply(now, ledger.Redeem{ID: asked, From: id(from), Amount: have[from] / 2}) == ledger.Applied {
				have[from] -= have[from] / 2
				w.apply(now, ledger.Settle{Of: asked})
			}
		}
		amount := have[from] * ledger.Cents(5+random.IntN(31)) / 100
		pay := ledger.Pay{ID: ledger.ID{byte(n), byte(n >> 8), byte(n >> 16), 1}, From: id(from), To: id(to), Amount: amount}
		if from != to && w.apply(now, pay) == ledger.Applied {
			have[from], have[to] = have[from]-amount, have[to]+amount
		}
	}
	return w.records
}

// BenchmarkKeeper is how fast a ledger on a disk in memory is read, and how long
// the report of a year and of a week takes then, by this keeper and by a new one.
func BenchmarkKeeper(b *testing.B) {
	b.Run("wijk", func(b *testing.B) { keeping(b, manyPayments(b, 60_000)) })
	b.Run("town", func(b *testing.B) { keeping(b, town(b, 10_000, 27_400, 14)) })
}

func keeping(b *testing.B, records []*record.Record) {
	d := newDisk(b)
	d.fill(records)
	b.Run("rebuild", func(b *testing.B) {
		begin := cpuTime(b)
		for b.Loop() {
			if err := kept(d.Store()).empty(d.Store()); err != nil {
				b.Fatal(err)
			}
			if err := d.keeper().Follow(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		perCore(b, len(records), begin)
	})
	k := d.keeper()
	first := records[0].Moment.Day
	for name, p := range map[string]Period{"year": {first, first + 364}, "week": {first + 100, first + 106}, "always": Always} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := k.Report(b.Context(), p, Options{Brief: true}); err != nil {
					if !errors.Is(err, ErrNothing) {
						b.Fatal(err)
					}
				}
			}
		})
	}
	b.Run("opened", func(b *testing.B) {
		for b.Loop() {
			if _, err := d.keeper().Report(b.Context(), Always, Options{Brief: true}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkHolders is how fast an account more is known, where there are many.
func BenchmarkHolders(b *testing.B) {
	f := newFold(inMemory(), nil)
	var owner ledger.OwnerID
	for b.Loop() {
		owner++
		f.holderOf(owner, "resident")
	}
}

// fill sends records without waiting for each.
func (d *disk) fill(records []*record.Record) {
	d.t.Helper()
	var last *node.Pending
	for _, r := range records {
		d.set(r.Moment.At.Time())
		for {
			p, err := d.Send(node.Request{Auth: record.Auth{How: record.ByReplay}, Command: r.Command, Moment: r.Moment})
			if err == nil {
				last = p
				break
			}
			runtime.Gosched()
			time.Sleep(time.Millisecond)
		}
	}
	if _, err := last.Wait(); err != nil {
		d.t.Fatal(err)
	}
}

// TestAskedFromManySidesAKeeperAnswersAll while the ledger goes on.
func TestAskedFromManySidesAKeeperAnswersAll(t *testing.T) {
	d := newDisk(t)
	records := manyPayments(t, 400)
	d.fill(records[:300])
	k := d.keeper()
	answers := make(chan error)
	for i := range 4 {
		go func() {
			var before uint64
			for range 5 {
				r, err := k.Report(context.Background(), Always, Options{})
				if err == nil {
					r.Tables() // made after the keeper was left, of what it may keep too
				}
				if err == nil && r.Entries < before {
					err = fmt.Errorf("asker %d saw %d entries and then %d", i, before, r.Entries)
				}
				if err != nil {
					answers <- err
					return
				}
				before = r.Entries
			}
			answers <- nil
		}()
	}
	d.fill(records[300:])
	for range 4 {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
	r, err := k.Report(t.Context(), Always, Options{})
	if err != nil || r.Entries != uint64(len(records)) {
		t.Errorf("%d entries of %d: %v", r.Entries, len(records), err)
	}
}

// TestAKeeperSaysHowFarItIsAndCanBeStopped, and goes on where it was stopped.
func TestAKeeperSaysHowFarItIsAndCanBeStopped(t *testing.T) {
	d := newDisk(t)
	d.fill(manyPayments(t, 9_000))
	k := d.keeper()
	k.readAtOnce = 1000
	ctx, cancel := context.WithCancel(t.Context())
	var seen []uint64
	o := Options{Progress: func(done, of uint64) {
		seen = append(seen, done)
		if of < 9_000 {
			t.Errorf("%d of %d", done, of)
		}
		if len(seen) == 1 {
			cancel()
		}
	}}
	if _, err := k.Report(ctx, Always, o); err == nil || ctx.Err() == nil {
		t.Errorf("it was not stopped: %v", err)
	}
	r, err := k.Report(t.Context(), Always, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(seen) < 3 || seen[0] != 4096 || seen[1] < 4096 || seen[len(seen)-1] != r.Entries {
		t.Errorf("progress was %v of %d", seen, r.Entries)
	}
}
