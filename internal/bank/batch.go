package bank

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"grulden/internal/civil"
	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/internal/store"
	"grulden/ledger"
)

// Batch is one payment file for the bank (pain.001.001.09).
type Batch struct {
	ID          string       `json:"id"` // message id of the file, never used twice
	Number      uint64       `json:"number"`
	Made        time.Time    `json:"made"`
	By          ID           `json:"by"`
	Pays        Date         `json:"pays"` // the day on which the bank is to pay
	Cents       ledger.Cents `json:"cents"`
	Redemptions []ID         `json:"redemptions"`
	Orders      []ID         `json:"orders,omitempty"` // that are no redemptions
	SHA256      string       `json:"sha256"`           // of the file, in hexadecimal

	State    BatchState `json:"state"`
	Weekly   Date       `json:"weekly,omitzero"`   // the day of the weekly run that made it
	Released time.Time  `json:"released,omitzero"` // since when the file may go to the bank
	Releaser ID         `json:"releaser,omitzero"` // who released it
	Second   ID         `json:"second,omitzero"`   // the second person, where one was needed

	// How many of the payments are in each state now; not kept.
	Waiting  int `json:"waiting"`
	Settled  int `json:"settled"`
	Rejected int `json:"rejected"`
}

// Export is a new batch, its file, and what could not be paid.
type Export struct {
	Batch Batch     `json:"batch"`
	File  []byte    `json:"-"`
	Left  []*Payout `json:"left"` // waiting redemptions that are in no batch, with their Problem
}

// due is what goes into one payment file.
type due struct {
	payouts []*Payout
	orders  []*Order
}

func (d due) len() int { return len(d.payouts) + len(d.orders) }

// maxOrders is how many payments Dutch banks take in one file; what is beyond
// it waits for the next one.
const maxOrders = 100_000

// Export drafts a payment file for all approved redemptions and orders that are
// in no batch yet, and releases it when one person may. The batch is on disk
// before this returns, and its file is the same bytes for ever. With nothing to
// pay it returns ErrNothingToPay, and an Export that tells what is left and why.
func (b *Bank) Export(by record.ActorID) (*Export, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.draft(Batch{By: ID(by)}, func(p *Payout) bool { return p.Problem == "" })
}

// draft builds a payment file of what may be chosen. That of a person is
// released at once when no second one is needed.
func (b *Bank) draft(head Batch, choose func(*Payout) bool) (*Export, error) {
	reserve, err := b.Reserve()
	if err != nil {
		return nil, err
	}
	all, err := b.Payouts()
	if err != nil {
		return nil, err
	}
	x := &Export{Batch: head}
	var pay due
	if pay.orders, err = b.Orders(OrderWaiting); err != nil {
		return nil, err
	}
	pay.orders = pay.orders[:min(len(pay.orders), maxOrders)]
	for _, p := range all {
		switch {
		case p.Batch != "":
		case choose(p) && pay.len() < maxOrders:
			pay.payouts = append(pay.payouts, p)
		default:
			x.Left = append(x.Left, p)
		}
	}
	if pay.len() == 0 {
		return x, ErrNothingToPay
	}
	if err := b.build(x, pay, reserve); err != nil {
		return nil, fmt.Errorf("make a payment file: %w", err)
	}
	if err := b.keepBatch(x, pay); err != nil {
		return nil, err
	}
	x.Batch.Waiting = pay.len()
	return x, nil
}

// build makes the file.
func (b *Bank) build(x *Export, pay due, reserve Reserve) error {
	var last uint64
	if _, err := b.rows.Read(numberKey, &last); err != nil {
		return err
	}
	now := b.node.Now().In(civil.Zone)
	x.Batch.Number, x.Batch.ID, x.Batch.Made = last+1, newBatchID(now, last+1), now.UTC()
	var orders []sepa.Payment
	for _, p := range pay.payouts {
		orders = append(orders, p.order(b.text(p)))
		x.Batch.Cents += p.Cents
		x.Batch.Redemptions = append(x.Batch.Redemptions, p.Redemption)
	}
	for _, o := range pay.orders {
		orders = append(orders, o.payment())
		x.Batch.Cents += o.Cents
		x.Batch.Orders = append(x.Batch.Orders, o.ID)
	}
	f := paymentFile(reserve, x.Batch.ID, now, orders...)
	f.Version = b.node.Rules().PainVersion
	two, err := b.needsTwo(x.Batch)
	if err != nil {
		return err
	}
	if x.Batch.State = BatchDraft; two || x.Batch.Weekly != 0 {
		f.ExecutionDate = sepa.NextTargetDay(f.ExecutionDate) // people need a day to look at it
	} else {
		x.Batch.release(x.Batch.Made, x.Batch.By, ID{})
	}
	x.Batch.Pays = Date(f.ExecutionDate)
	var file bytes.Buffer
	if err := sepa.WritePayments(&file, f); err != nil {
		return err
	}
	sum := sha256.Sum256(file.Bytes())
	x.File, x.Batch.SHA256 = file.Bytes(), hex.EncodeToString(sum[:])
	return nil
}

// newBatchID is day and number for people, and a random part: a number alone
// would come a second time after a backup was restored.
func newBatchID(now time.Time, number uint64) string {
	return fmt.Sprintf("GR-%s-%04d-%s", now.Format("20060102"), number%10_000, rand.Text()[:13])
}

// paymentFile pays on the first TARGET day after it was made. Each payment is
// booked by itself, so that the statement shows which were made.
func paymentFile(r Reserve, id string, made time.Time, orders ...sepa.Payment) sepa.PaymentFile {
	return sepa.PaymentFile{
		MessageID: id, Created: made, ExecutionDate: sepa.NextTargetDay(sepa.DateOf(made)),
		DebtorName: r.Name, DebtorIBAN: r.IBAN, DebtorBIC: r.BIC, Payments: orders,
	}
}

// keepBatch puts a batch on disk: the file first, then in one step the batch,
// its number, and that its redemptions are in it.
func (b *Bank) keepBatch(x *Export, pay due) error {
	if err := b.vault.Put(b.subject, fileDoc(x.Batch.ID), x.File); err != nil {
		return fmt.Errorf("keep a payment file: %w", err)
	}
	err := b.rows.Update(func(rows *store.Batch) {
		rows.Set(numberKey, store.Row(x.Batch.Number))
		rows.Set(batchKey(x.Batch.ID), store.Row(x.Batch))
		for _, p := range pay.payouts {
			rows.Set(rowKey(payoutRow, p.Redemption), store.Row(payout{x.Batch.ID, p.Cents, b.hashIBAN(p.IBAN)}))
		}
		for _, o := range pay.orders {
			o.State, o.Batch = OrderSent, x.Batch.ID
			o.put(rows)
		}
	})
	if err != nil {
		return fmt.Errorf("keep a payment file: %w", err)
	}
	return nil
}

func batchKey(id string) []byte { return append([]byte{batchRow}, id...) }

func fileDoc(batch string) string { return "bank payment file/" + batch }

// batch finds a batch.
func (b *Bank) batch(id string) (batch Batch, ok bool, err error) {
	ok, err = b.rows.Read(batchKey(id), &batch)
	batch.orReady()
	return batch, ok, err
}

// File is the file of a batch for the bank, the same bytes every time;
// ErrUnknownBatch when there is no such batch, ErrNotReleased when nobody may
// have it.
func (b *Bank) File(id string) ([]byte, error) {
	batch, ok, err := b.batch(id)
	switch {
	case err != nil || !ok:
		return nil, orUnknown(err)
	case batch.State != BatchReady:
		return nil, ErrNotReleased
	}
	return b.fileOf(batch)
}

// fileOf reads the file of a batch, in whatever state it is.
func (b *Bank) fileOf(batch Batch) ([]byte, error) {
	id := batch.ID
	file, ok, err := b.vault.Get(b.subject, fileDoc(id))
	if err != nil {
		return nil, fmt.Errorf("payment file %s: %w", id, err)
	}
	if sum := sha256.Sum256(file); !ok || hex.EncodeToString(sum[:]) != batch.SHA256 {
		return nil, fmt.Errorf("payment file %s is not as it was written", id)
	}
	return file, nil
}

// orUnknown is the error of a look-up that found no batch.
func orUnknown(err error) error {
	if err == nil {
		return ErrUnknownBatch
	}
	return err
}

// Batches lists the batches, the latest first, with how far they are.
func (b *Bank) Batches() ([]Batch, error) {
	var all []Batch
	err := b.rows.Scan([]byte{batchRow}, func(_, row []byte) error {
		var batch Batch
		err := store.ParseRow(row, &batch)
		batch.orReady()
		all = append(all, batch)
		return err
	})
	err = errors.Join(err, b.node.Read(func(v *node.View) error {
		for i := range all {
			if err := b.count(v, &all[i]); err != nil {
				return err
			}
		}
		return nil
	}))
	if err != nil {
		return nil, fmt.Errorf("list payment files: %w", err)
	}
	slices.SortFunc(all, func(a, b Batch) int { return b.Made.Compare(a.Made) })
	return all, nil
}

// count fills in how far a batch is.
func (b *Bank) count(v *node.View, x *Batch) error {
	x.Waiting, x.Settled, x.Rejected = 0, 0, 0
	for _, id := range x.Redemptions {
		r, err := v.Redemption(ledger.ID(id))
		if err != nil {
			return err
		}
		if r == nil {
			return fmt.Errorf("the ledger has no redemption %v", id)
		}
		switch r.Progress {
		case ledger.Waiting:
			x.Waiting++
		case ledger.Settled:
			x.Settled++
		case ledger.Rejected:
			x.Rejected++
		}
	}
	for _, id := range x.Orders {
		o, err := b.order(id)
		switch {
		case err != nil:
			return err
		case o.State == OrderSent:
			x.Waiting++
		default:
			x.Settled++
		}
	}
	return nil
}
