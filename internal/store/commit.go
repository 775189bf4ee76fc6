package store

import (
	"fmt"
	"slices"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// Batch collects writes that Commit makes durable together. It belongs to one
// goroutine at a time; several batches may be filled and committed side by
// side. Keys and values are copied.
type Batch struct {
	b      *pebble.Batch
	prefix []byte // put before every key; empty for a whole-store batch

	touched [256]bool // by the first byte of the keys
}

// NewBatch returns an empty batch. Reset it to use it again, or Close it to
// give its memory back.
func (d *DB) NewBatch() *Batch { return &Batch{b: d.p.NewBatch()} }

// Set writes val under key.
func (b *Batch) Set(key, val []byte) {
	op := b.b.SetDeferred(len(b.prefix)+len(key), len(val))
	copy(op.Key[copy(op.Key, b.prefix):], key)
	b.touch(op.Key)
	copy(op.Value, val)
	b.must(op.Finish())
}

// Delete removes key; it need not be there.
func (b *Batch) Delete(key []byte) {
	op := b.b.DeleteDeferred(len(b.prefix) + len(key))
	copy(op.Key[copy(op.Key, b.prefix):], key)
	b.touch(op.Key)
	b.must(op.Finish())
}

// touch notes in which key range a write is.
func (b *Batch) touch(key []byte) {
	if len(key) > 0 {
		b.touched[key[0]] = true
	}
}

// must reports a write that the engine refuses: only possible for an indexed
// batch, which this package never makes.
func (b *Batch) must(err error) {
	if err != nil {
		panic("store: write to batch: " + err.Error())
	}
}

// Len is the size of the batch in bytes.
func (b *Batch) Len() int { return b.b.Len() }

// Count is the number of writes in the batch.
func (b *Batch) Count() int { return int(b.b.Count()) }

// Reset empties the batch, committed or not, so that it can be filled again.
func (b *Batch) Reset() {
	b.b.Reset()
	clear(b.touched[:])
}

// Close gives the memory of the batch back. The batch must not be used again.
func (b *Batch) Close() { _ = b.b.Close() }

// Commit makes the batch durable and then visible to snapshots. It returns nil
// or not at all: when the disk fails, or takes longer than ten seconds, the
// process ends. Afterwards the batch can only be Reset or Closed.
func (d *DB) Commit(b *Batch) error {
	if b.Count() == 0 {
		return nil
	}
	watchdog := time.AfterFunc(d.opts.commitLimit, func() {
		d.fatal(fmt.Sprintf("a commit took longer than %v; is the disk full or failing?", d.opts.commitLimit))
	})
	defer watchdog.Stop()
	ticket := d.begin()
	if err := b.b.Commit(pebble.Sync); err != nil {
		d.fatal("commit: " + err.Error())
	}
	d.end(ticket)
	for prefix, touched := range b.touched {
		if touched {
			d.changes[prefix].Add(1)
		}
	}
	d.disk.written.Add(int64(b.Len()))
	return nil
}

// Changes counts the commits since Open that wrote under any of these prefixes of
// keys.go, each as often as it wrote under one. Who reads the count, and then the
// rows, may keep what follows from them until the count is another.
func (d *DB) Changes(prefixes ...byte) (n uint64) {
	for _, prefix := range prefixes {
		n += d.changes[prefix].Load()
	}
	return n
}

// begin notes that a commit starts: from here on its writes may be seen in the
// engine before they are on disk.
func (d *DB) begin() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tickets++
	d.inFlight = append(d.inFlight, d.tickets)
	return d.tickets
}

// end notes that a commit is on disk.
func (d *DB) end(ticket uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i, _ := slices.BinarySearch(d.inFlight, ticket)
	d.inFlight = slices.Delete(d.inFlight, i, i+1)
	d.settled.Broadcast()
}

// waitSettled returns when every commit that has begun by now is on disk.
func (d *DB) waitSettled() {
	d.mu.Lock()
	defer d.mu.Unlock()
	begun := d.tickets
	for len(d.inFlight) > 0 && d.inFlight[0] <= begun {
		d.settled.Wait()
	}
}
