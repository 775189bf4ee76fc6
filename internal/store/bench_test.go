package store

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
)

// payments fills batches with what payments write: a journal entry, two account
// rows out of ten thousand, and a row under a random id; 4 keys, 520 bytes.
type payments struct {
	seq  uint64
	rng  *rand.Rand
	vals [400]byte
	key  [17]byte
}

func newPayments() *payments {
	p := &payments{rng: rand.New(rand.NewPCG(1, 2))}
	for i := range p.vals {
		p.vals[i] = byte(p.rng.Uint32())
	}
	return p
}

func (p *payments) fill(b *Batch, n int) {
	for range n {
		p.seq++
		p.key[0] = Journal
		binary.BigEndian.PutUint64(p.key[1:], p.seq)
		b.Set(p.key[:9], p.vals[:320])
		for range 2 {
			p.key[0] = Accounts
			binary.BigEndian.PutUint64(p.key[1:], p.rng.Uint64N(10_000)*0x1234567)
			b.Set(p.key[:9], p.vals[100:160])
		}
		p.key[0] = Payments
		binary.BigEndian.PutUint64(p.key[1:], p.rng.Uint64())
		binary.BigEndian.PutUint64(p.key[9:], p.rng.Uint64())
		b.Set(p.key[:17], p.vals[200:240])
	}
}

func openBench(b *testing.B) *DB {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "store")
	if err := Init(dir, Options{}); err != nil {
		b.Fatal(err)
	}
	d, err := Open(dir, Options{})
	if err != nil {
		b.Fatal(err)
	}
	return d
}

// BenchmarkCommit is one writer that waits for each commit.
func BenchmarkCommit(b *testing.B) {
	for _, n := range []int{1, 30, 100, 300} {
		b.Run(fmt.Sprint(n, " payments"), func(b *testing.B) {
			d := openBench(b)
			defer d.Close()
			p, batch := newPayments(), d.NewBatch()
			defer batch.Close()
			b.ReportAllocs()
			for b.Loop() {
				batch.Reset()
				p.fill(batch, n)
				if err := d.Commit(batch); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "payments/s")
		})
	}
}

// BenchmarkCommitPipelined fills the next batch while one is being synced.
func BenchmarkCommitPipelined(b *testing.B) {
	const n = 64
	d := openBench(b)
	defer d.Close()
	p := newPayments()
	full, empty := make(chan *Batch), make(chan *Batch, 2)
	empty <- d.NewBatch()
	empty <- d.NewBatch()
	done := make(chan error, 1)
	go func() {
		for batch := range full {
			if err := d.Commit(batch); err != nil {
				done <- err
			}
			empty <- batch
		}
		done <- nil
	}()
	for b.Loop() {
		batch := <-empty
		batch.Reset()
		p.fill(batch, n)
		full <- batch
	}
	close(full)
	if err := <-done; err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "payments/s")
}

// BenchmarkGet reads rows by random ids out of a hundred thousand payments on
// disk; half of them are not there, as for a new payment id.
func BenchmarkGet(b *testing.B) {
	d := openBench(b)
	defer d.Close()
	p, batch := newPayments(), d.NewBatch()
	for range 200 {
		batch.Reset()
		p.fill(batch, 500)
		if err := d.Commit(batch); err != nil {
			b.Fatal(err)
		}
	}
	if err := d.Flush(); err != nil {
		b.Fatal(err)
	}
	for _, there := range []bool{true, false} {
		b.Run(fmt.Sprint("there ", there), func(b *testing.B) {
			b.ReportAllocs()
			key := make([]byte, 9)
			key[0] = Journal
			for b.Loop() {
				binary.BigEndian.PutUint64(key[1:], p.rng.Uint64N(p.seq)+1)
				if !there {
					key[0], key[8] = Payments, 0
				}
				if _, ok, err := d.Get(key); ok != there || err != nil {
					b.Fatal(ok, err)
				}
			}
		})
	}
}

// BenchmarkSnapshot takes a snapshot and reads one key.
func BenchmarkSnapshot(b *testing.B) {
	d := openBench(b)
	defer d.Close()
	batch := d.NewBatch()
	batch.Set([]byte("a"), []byte("b"))
	if err := d.Commit(batch); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s := d.Snapshot()
		if _, ok, err := s.Get([]byte("a")); !ok || err != nil {
			b.Fatal(ok, err)
		}
		s.Close()
	}
}
