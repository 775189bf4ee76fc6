package node

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"reflect"
	"time"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/internal/journal"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// batch is what one sync makes durable, and those who wait for it.
type batch struct {
	number  uint64
	rows    *store.Batch // nil when nothing was applied
	waiting []*Pending
	head    journal.Head
	day     demurrage.Day // of its last entry
	known   *knownPolicies
	events  []Event
}

// exit ends the process after a fault: crash-only, because what is in memory
// may be ahead of the disk.
func exit(reason string) {
	fmt.Fprintln(os.Stderr, "grulden: stopped:", reason)
	fmt.Fprintln(os.Stderr, "hint: what was acknowledged is safe; check the disk, then run: grulden verify")
	os.Exit(70)
}

// decide is the first goroutine of the writer. It ends when the queue is closed
// and empty.
func (n *Node) decide() {
	defer close(n.commits)
	for first := range n.queue {
		b := &batch{}
		n.state.Forget(n.settled.Load(), n.stateBound)
		n.add(b, first)
		n.fill(b)
		n.finish(b)
		n.stopOn(n.source.release())
		n.commits <- b
	}
}

// fill adds what waits already, up to the bounds of a batch.
func (n *Node) fill(b *batch) {
	for len(b.waiting) < batchLength && (b.rows == nil || b.rows.Len() < batchBytes) {
		select {
		case p, open := <-n.queue:
			if !open {
				return
			}
			n.add(b, p)
		default:
			return
		}
	}
}

// add decides one command and puts its entry into the batch.
func (n *Node) add(b *batch, p *Pending) {
	b.waiting = append(b.waiting, p)
	if repeat, err := n.repeated(p); repeat || err != nil {
		n.stopOn(err)
		return
	}
	r := &p.request
	now := r.Moment
	if now.At.IsZero() {
		now = n.present()
	}
	proved, err := stillProved(n.state, now, r)
	n.stopOn(err)
	if !p.proved || !proved {
		p.err = ErrSignature
		return
	}
	facts, result, err := ledger.Decide(n.state, now, r.Key, r.Command)
	n.stopOn(err)
	p.receipt = Receipt{Moment: now, Result: result}
	if result != ledger.Applied {
		return
	}
	// From here on the command succeeds.
	entry := ledger.Entry{Seq: n.state.Head().Seq + 1, Moment: now, Key: r.Key, Command: r.Command, Facts: facts}
	p.receipt.Seq = entry.Seq
	if b.rows == nil {
		b.rows = n.db.NewBatch()
	}
	data, err := record.Encode(&record.Record{Entry: entry, Auth: r.Auth})
	n.stopOn(err)
	seq, stored := n.log.Append(data)
	if seq != entry.Seq {
		n.fault(fmt.Sprintf("the journal counts %d where the ledger counts %d", seq, entry.Seq))
	}
	b.rows.Set(journalKey(seq), stored)
	n.stopOn(n.state.Apply(&entry))
	b.events = append(b.events, eventOf(&entry))
}

func (n *Node) stopOn(err error) {
	if err != nil {
		n.fault(err.Error())
	}
}

// present is now, but never at or before the last entry: time does not stand
// still between two commands, even when the machine's clock was set back.
func (n *Node) present() ledger.Moment {
	now, last := civil.Moment(n.clock()), n.state.Head().Moment
	if last.At.Before(now.At) && last.Day <= now.Day {
		return now
	}
	return ledger.Moment{At: ledger.InstantOf(last.At.Time().Add(time.Nanosecond)), Day: last.Day}
}

// repeated recognises a live command that was applied before: a payment or
// redemption with the same id and the same body, a device that is in use with
// the same key, or a command with the same key. A replayed line is left to the
// rules, which refuse it.
func (n *Node) repeated(p *Pending) (bool, error) {
	if !p.request.Moment.At.IsZero() {
		return false, nil
	}
	var seq uint64
	switch c := p.request.Command.(type) {
	case ledger.Pay:
		paid, _, err := n.state.Find(c.ID)
		if paid == nil || err != nil {
			return false, err
		}
		if paid.From == c.From && paid.To == c.To && paid.Amount == c.Amount {
			seq = paid.Seq
		}
	case ledger.Redeem:
		_, asked, err := n.state.Find(c.ID)
		if asked == nil || err != nil {
			return false, err
		}
		if asked.Account == c.From && asked.Amount == c.Amount {
			seq = asked.Seq
		}
	default:
		var err error
		if seq, err = n.doneBefore(&p.request); err != nil {
			return false, err
		}
	}
	if seq != 0 {
		p.receipt = Receipt{Seq: seq, Result: ledger.Applied, Repeat: true}
	}
	return seq != 0, nil
}

// doneBefore finds the entry that enrolled this very device, or that a command
// with the same key led to; nought for none.
func (n *Node) doneBefore(r *Request) (uint64, error) {
	if c, ok := r.Command.(ledger.Enrol); ok {
		a, err := n.state.Account(c.Account)
		if a == nil || err != nil {
			return 0, err
		}
		if d := a.Device(c.Device); d != nil && d.Key.Equal(c.PublicKey()) {
			return d.Seq, nil
		}
	}
	if r.Key == (ledger.Key{}) {
		return 0, nil
	}
	return n.state.Used(r.Key)
}

// finish puts the rows that changed into the batch.
func (n *Node) finish(b *batch) {
	changes, number := n.state.TakeChanges()
	b.number = number
	if b.rows == nil {
		return
	}
	b.head, b.day = n.log.Head(), n.state.Head().Moment.Day
	step := journal.Step{Before: n.step, After: b.head}
	n.step = b.head
	n.writeRows(b.rows, &changes)
	b.rows.Set(stepKey(b.head.Size), step.Bytes())
	b.rows.Set(headKey, headRow(n.state.Head(), step))
	if len(changes.Policies) > 0 || n.known.Load().index != n.state.Head().Index {
		b.known = &knownPolicies{n.state.Head().Policies, n.state.Head().Index}
	}
}

// writeRows writes changed rows, lots before the accounts whose guards they
// change, and accounts before the head.
func (n *Node) writeRows(rows *store.Batch, c *ledger.Changes) {
	writeLots(rows, c.Lots)
	head := n.state.Head()
	for _, a := range c.Accounts {
		key, row := accountKey(a.ID), accountRow(a)
		sum := guard(key, row)
		head.Guard ^= a.Guard ^ sum
		a.Guard = sum
		rows.Set(key, row)
	}
	for _, p := range c.Payments {
		rows.Set(paperKey(store.Payments, p.ID), payRow(p))
	}
	for _, r := range c.Redemptions {
		rows.Set(paperKey(store.Payments, r.ID), redeemRow(r))
		if open := paperKey(store.Redemptions, r.ID); r.Progress == ledger.Waiting {
			rows.Set(open, nil)
		} else {
			rows.Delete(open)
		}
	}
	for _, k := range c.Keys {
		rows.Set(paperKey(store.Idempotency, k.Key), binary.BigEndian.AppendUint64(nil, k.Seq))
	}
	for i := range c.Policies {
		rows.Set(policyKey(c.Policies[i].From), policyRow(&c.Policies[i]))
	}
}

// writeLots writes each changed lot once, in its last state.
func writeLots(rows *store.Batch, changes []ledger.LotChange) {
	last := make(map[*ledger.Lot]int, len(changes))
	for i, c := range changes {
		last[c.Lot] = i
	}
	for i, c := range changes {
		if last[c.Lot] != i {
			continue
		}
		key := lotKey(c.Account.ID, c.Lot.ID)
		c.Account.LotGuard ^= c.Lot.Guard
		if c.Gone {
			if c.Lot.Guard != 0 {
				rows.Delete(key)
			}
			continue
		}
		row := lotRow(c.Lot)
		c.Lot.Guard = guard(key, row)
		c.Account.LotGuard ^= c.Lot.Guard
		rows.Set(key, row)
	}
}

// commit is the second goroutine of the writer. Nobody is told anything before
// the batch that it depends on is on disk. It signs what is on disk every
// minute, also when the last batch is long ago, and once more at its end.
func (n *Node) commit(durable journal.Head) {
	defer close(n.gone)
	minute := time.NewTicker(n.signEvery)
	defer minute.Stop()
	for {
		select {
		case b, open := <-n.commits:
			if !open {
				n.sign(durable)
				return
			}
			if b.rows != nil {
				n.store(b)
				durable = b.head
			}
			n.settled.Store(b.number)
			for _, p := range b.waiting {
				n.stopOn(n.checkRepeat(p))
				close(p.done)
			}
		case <-minute.C:
			n.sign(durable)
		}
	}
}

// checkRepeat takes back that a command is a repeat when its key led to a command
// of another kind: nobody may have one thing taken for done by doing another with
// its key. What it may be a repeat of is on disk by now.
func (n *Node) checkRepeat(p *Pending) error {
	if !p.receipt.Repeat {
		return nil
	}
	row, ok, err := n.db.Get(journalKey(p.receipt.Seq))
	if err != nil || !ok {
		return errors.Join(err, fmt.Errorf("record %d, which a repeat led to, cannot be read", p.receipt.Seq))
	}
	first, err := openEntry(p.receipt.Seq, row)
	if err != nil {
		return err
	}
	if reflect.TypeOf(first.Command) != reflect.TypeOf(p.request.Command) {
		p.receipt = Receipt{Result: ledger.AlreadyApplied}
	}
	return nil
}

// store writes a batch with a sync, and tells those who watch.
func (n *Node) store(b *batch) {
	// If we crash before this, the batch never was; its commands can be sent
	// again. After this, the batch is whole and for ever.
	began := time.Now()
	n.stopOn(n.db.Commit(b.rows))
	n.tell(b, time.Since(began))
	n.count(b)
	b.rows.Close()
	n.lastDay.Store(int32(b.day))
	if b.known != nil {
		n.known.Store(b.known)
	}
	n.feed.publish(b.events)
}

// sign writes a checkpoint of a head that is on disk. A checkpoint is never
// ahead of the store, and behind it by a minute at most.
func (n *Node) sign(head journal.Head) {
	if err := n.writeCheckpoint(head); err != nil {
		n.fault("the checkpoint cannot be written: " + err.Error())
	}
}

// writeCheckpoint signs a head; one at a time, as they go to the same file.
func (n *Node) writeCheckpoint(head journal.Head) error {
	n.signing.Lock()
	defer n.signing.Unlock()
	err := journal.WriteCheckpoint(n.files, checkpointFile, n.key, head)
	if err == nil {
		n.vital.signed.Store(time.Now().Unix())
	}
	return err
}
