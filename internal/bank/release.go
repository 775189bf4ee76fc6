package bank

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/sepa"
	"grulden/internal/store"
)

// BatchState is how far a payment file is.
type BatchState string

// A payment file is a draft until it is released or made void. Nobody is given
// the file before, so a void one was never at a bank, and what it would have
// paid may be in another.
const (
	BatchDraft BatchState = "draft"
	BatchReady BatchState = "ready"
	BatchVoid  BatchState = "void"
)

// orReady fills in the state of batches from before there were drafts.
func (x *Batch) orReady() {
	if x.State == "" {
		x.State = BatchReady
	}
}

// Errors of releasing a payment file.
var (
	ErrNotReleased = errors.New("the payment file was not released")
	ErrReleased    = errors.New("the payment file was released")
	ErrVoid        = errors.New("the payment file is void")
	ErrTwoPeople   = errors.New("a second person must look at this payment file")
	ErrTooLate     = errors.New("the day on which the bank is to pay has passed; make a new file")
	ErrPayeeMoved  = errors.New("the account of somebody in the file was changed; make a new file")
)

// aloneDays is how many days back payment files that one person released count
// together: cutting a large one in pieces makes no second person superfluous.
const aloneDays = 7

// needsTwo tells whether a batch, with what one person released lately, comes
// above what one person may release.
func (b *Bank) needsTwo(x Batch) (bool, error) {
	sum, since := x.Cents, b.node.Now().Add(-aloneDays*24*time.Hour)
	err := b.rows.Scan([]byte{batchRow}, func(_, row []byte) error {
		var other Batch
		err := store.ParseRow(row, &other)
		if other.State == BatchReady && other.Second == (ID{}) && other.Released.After(since) && other.ID != x.ID {
			sum += other.Cents
		}
		return err
	})
	return sum > b.node.Rules().FourEyesAbove, err
}

// NeedsTwo tells whether a draft needs a second person.
func (b *Bank) NeedsTwo(id string) (bool, error) {
	batch, ok, err := b.batch(id)
	if err != nil || !ok {
		return false, orUnknown(err)
	}
	return b.needsTwo(batch)
}

// Release lets the file of a draft go to the bank. second is nobody where one
// person may do it: else ErrTwoPeople, and ErrSamePerson when the two are one.
// Doing it twice is no error. ErrTooLate and ErrPayeeMoved say that the draft
// cannot be used any more: discard it and make another.
func (b *Bank) Release(id string, by, second people.ID) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	batch, ok, err := b.batch(id)
	switch {
	case err != nil || !ok:
		return orUnknown(err)
	case batch.State == BatchReady:
		return nil
	case batch.State == BatchVoid:
		return ErrVoid
	case second != people.ID{} && second == by:
		return ErrSamePerson
	}
	if second == (people.ID{}) {
		if two, err := b.needsTwo(batch); err != nil || two {
			return errors.Join(err, ErrTwoPeople)
		}
	}
	if err := b.stillGood(batch); err != nil {
		return err
	}
	batch.release(b.node.Now().UTC(), ID(by), ID(second))
	if err := b.rows.Put(batchKey(id), store.Row(batch)); err != nil {
		return fmt.Errorf("release a payment file: %w", err)
	}
	return nil
}

func (x *Batch) release(at time.Time, by, second ID) {
	x.State, x.Released, x.Releaser, x.Second = BatchReady, at, by, second
}

// stillGood tells whether a draft may still be paid as it is.
func (b *Bank) stillGood(x Batch) error {
	if demurrage.Day(x.Pays) < b.node.Today() {
		return ErrTooLate
	}
	all, err := b.Payouts()
	if err != nil {
		return err
	}
	waits := map[ID]*Payout{}
	for _, p := range all {
		waits[p.Redemption] = p
	}
	for _, id := range x.Redemptions {
		var order payout
		if _, err := b.rows.Read(rowKey(payoutRow, id), &order); err != nil {
			return err
		}
		if p := waits[id]; p == nil || order.IBAN != b.hashIBAN(p.IBAN) || b.judgeCheck(p.Check) != "" {
			return ErrPayeeMoved
		}
	}
	return nil
}

// Discard makes a draft void: what it would have paid waits again. Doing it
// twice is no error; ErrReleased when the file may be at the bank.
func (b *Bank) Discard(id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	batch, ok, err := b.batch(id)
	switch {
	case err != nil || !ok:
		return orUnknown(err)
	case batch.State == BatchVoid:
		return nil
	case batch.State == BatchReady:
		return ErrReleased
	}
	batch.State = BatchVoid
	var back []*Order
	for _, id := range batch.Orders {
		o, err := b.order(id)
		if err != nil {
			return err
		}
		o.State, o.Batch = OrderWaiting, ""
		back = append(back, o)
	}
	err = b.rows.Update(func(rows *store.Batch) {
		rows.Set(batchKey(id), store.Row(batch))
		for _, r := range batch.Redemptions {
			rows.Delete(rowKey(payoutRow, r))
		}
		for _, o := range back {
			o.put(rows)
		}
	})
	if err != nil {
		return fmt.Errorf("discard a payment file: %w", err)
	}
	return nil
}

// Look shows a batch and what its file pays, also while it is a draft: so that
// people see what they release.
func (b *Bank) Look(id string) (Batch, sepa.PaymentFile, error) {
	batch, ok, err := b.batch(id)
	if err != nil || !ok {
		return batch, sepa.PaymentFile{}, orUnknown(err)
	}
	if err := b.node.Read(func(v *node.View) error { return b.count(v, &batch) }); err != nil {
		return batch, sepa.PaymentFile{}, err
	}
	file, err := b.fileOf(batch)
	if err != nil {
		return batch, sepa.PaymentFile{}, err
	}
	f, err := sepa.ReadPayments(bytes.NewReader(file), sepa.Limits{})
	return batch, f, err
}

// weeklyKey is the key of the cut-off of the last weekly run.
var weeklyKey = []byte("sw")

// Cutoff is the last moment, not after now, until which a request is paid with
// the weekly run.
func (b *Bank) Cutoff() time.Time {
	rules, now := b.node.Rules(), b.node.Now()
	for day := b.node.Today(); ; day-- {
		y, m, d := day.Time().Date()
		at := time.Date(y, m, d, rules.PayoutHour, 0, 0, 0, civil.Zone)
		if day.Time().Weekday() == rules.PayoutDay && !at.After(now) {
			return at
		}
	}
}

// WeeklyRun drafts the payment file of the week once its cut-off has passed, for
// people to release: everything that can be paid, approved by somebody or not.
// It returns nil when there is nothing to do: it may be called at any time.
func (b *Bank) WeeklyRun() (*Batch, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	cutoff := b.Cutoff()
	var last time.Time
	known, err := b.rows.Read(weeklyKey, &last)
	if err != nil || known && !last.Before(cutoff) {
		return nil, err
	}
	if !known && b.node.Now().Sub(cutoff) > 24*time.Hour {
		// A wijk that has just begun waits for the next one.
		return nil, b.rows.Put(weeklyKey, store.Row(cutoff))
	}
	x, err := b.draft(Batch{Weekly: Date(civil.Day(cutoff))}, func(p *Payout) bool {
		return (p.Problem == "" || p.Problem == NotApproved) && !p.AskedAt.After(cutoff)
	})
	if err != nil && !errors.Is(err, ErrNothingToPay) && !errors.Is(err, ErrNoReserve) {
		return nil, err
	}
	if err := b.rows.Put(weeklyKey, store.Row(cutoff)); err != nil || x == nil || x.Batch.ID == "" {
		return nil, err
	}
	return &x.Batch, nil
}
