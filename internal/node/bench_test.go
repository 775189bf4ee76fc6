package node

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"grulden/internal/journal"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// busy is a ledger on the disk in which many pay. A day passes when everybody
// has paid once: hops are counted, and lots ripen.
type busy struct {
	dir  string
	n    *Node
	paid atomic.Int64
}

// busyAccounts pay in it; the odd ones are shops.
const busyAccounts = 300

func newBusy(b *testing.B) *busy {
	b.Helper()
	x := &busy{dir: b.TempDir()}
	if err := Init(x.dir, Settings{Coin: "Grulden", Wijk: "bench"}, store.Options{}); err != nil {
		b.Fatal(err)
	}
	start := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	clock := func() time.Time { return start.AddDate(0, 0, int(x.paid.Load()/busyAccounts)) }
	n, err := Open(x.dir, Options{Clock: clock})
	if err != nil {
		b.Fatal(err)
	}
	x.n = n
	settleWijk(b, n, busyAccounts)
	return x
}

// pay makes payments from so many callers side by side. Each pays a hundredth of
// what everybody began with, so that hardly any is refused.
func (x *busy) pay(b *testing.B, callers, payments int) {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(payments))
	var all sync.WaitGroup
	for caller := range callers {
		random := rand.New(rand.NewPCG(uint64(caller), uint64(x.paid.Load())))
		all.Go(func() {
			for left.Add(-1) >= 0 {
				from := random.IntN(busyAccounts)
				to := (from + 1 + random.IntN(busyAccounts-1)) % busyAccounts
				var id ledger.ID
				binary.NativeEndian.PutUint64(id[:], random.Uint64())
				x.paid.Add(1)
				cmd := ledger.Pay{ID: id, From: ledger.AccountID(from + 1), To: ledger.AccountID(to + 1), Amount: 1_00}
				if _, err := x.n.Submit(context.Background(), Request{Command: cmd}); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// BenchmarkSubmit is a payment among those of 64 callers, synced.
func BenchmarkSubmit(b *testing.B) {
	x := newBusy(b)
	x.pay(b, 64, 60*busyAccounts)
	b.ReportAllocs()
	b.ResetTimer()
	x.pay(b, 64, b.N)
	b.StopTimer()
	if err := x.n.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkSubmitAlone is a payment of a single caller, synced.
func BenchmarkSubmitAlone(b *testing.B) {
	x := newBusy(b)
	x.pay(b, 64, 60*busyAccounts)
	b.ResetTimer()
	x.pay(b, 1, b.N)
	b.StopTimer()
	if err := x.n.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkVerify is the verification of a whole ledger, for each of its records.
func BenchmarkVerify(b *testing.B) {
	x := newBusy(b)
	x.pay(b, 64, 100*busyAccounts)
	if err := x.n.Close(); err != nil {
		b.Fatal(err)
	}
	var records uint64
	for b.Loop() {
		v, err := Verify(context.Background(), x.dir, store.Options{}, func(_, _ uint64) {})
		if err != nil {
			b.Fatal(err)
		}
		records += v.Records
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(records), "ns/record")
}

// BenchmarkOpen is opening, and closing again, of a ledger that was closed.
func BenchmarkOpen(b *testing.B) {
	x := newBusy(b)
	x.pay(b, 64, 30*busyAccounts)
	if err := x.n.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		n, err := Open(x.dir, Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := n.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRead is reading a whole journal, in processor time for each of its
// records, collecting garbage and uncompressing included: the rows alone, the
// entries in them, and the records as callers get them, to keep or not.
func BenchmarkRead(b *testing.B) {
	x := newBusy(b)
	x.pay(b, 64, 200_000)
	if err := x.n.Close(); err != nil {
		b.Fatal(err)
	}
	n, err := Open(x.dir, Options{})
	if err != nil {
		b.Fatal(err)
	}
	rows := func(v *View, fn func(row []byte) error) error {
		prefix := []byte{store.Journal}
		return v.Scan(prefix, store.End(prefix), func(_, row []byte) error { return fn(row) })
	}
	for _, way := range []struct {
		name string
		read func(*View) error
	}{
		{"rows", func(v *View) error {
			return rows(v, func([]byte) error { return nil })
		}},
		{"entries", func(v *View) error {
			return rows(v, func(row []byte) error {
				_, err := journal.ParseEntry(row)
				return err
			})
		}},
		{"Records", func(v *View) error {
			return v.Records(1, func(*record.Record) error { return nil })
		}},
		{"Each", func(v *View) error {
			return v.Each(1, func(*record.Record) error { return nil })
		}},
	} {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			var records uint64
			begin := cpuTime(b)
			for b.Loop() {
				err := n.Read(func(v *View) error {
					records += v.Journal().Size
					return way.read(v)
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((cpuTime(b)-begin).Nanoseconds())/float64(records), "cpu-ns/record")
		})
	}
	if err := n.Close(); err != nil {
		b.Fatal(err)
	}
}

// cpuTime is the processor time that the process has used.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
