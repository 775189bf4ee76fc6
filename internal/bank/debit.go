package bank

import (
	"context"
	"errors"

	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// verdict is what a debit paid: redemptions that are to be settled, if they are
// not yet, and orders as they are once paid. Then the entry is the one that
// paid them.
type verdict struct {
	paid   []ledger.ID
	orders []*Order
	back   []*Entry // whose money the orders sent back to its sender
}

// put adds to a batch of rows what an entry paid.
func (v verdict) put(rows *store.Batch, e *Entry) {
	for _, id := range v.paid {
		rows.Set(rowKey(claimRow, ID(id)), store.Row(e.ID))
	}
	for _, o := range v.orders {
		o.put(rows)
	}
	putSenders(rows, v.back)
}

// handleDebit settles what a debit paid, and says of another one what is wrong
// with it. Debits are handled one by one: whether a redemption was paid before
// depends on the one before.
func (b *Bank) handleDebit(ctx context.Context, e *Entry) error {
	var found verdict
	err := b.node.Read(func(v *node.View) (err error) {
		found, err = b.judgeDebit(v, e)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range found.paid {
		auth := record.Auth{By: record.ActorID(e.By), How: record.ByBank}
		err := b.settle(ctx, id, auth)
		if refused := (*Refused)(nil); errors.As(err, &refused) {
			e.State, e.Reason, found = Unexplained, Reason(refused.Result.Code()), verdict{}
			break
		}
		if err != nil {
			return err
		}
	}
	if err := b.findSettlement(e, found.paid); err != nil {
		return err
	}
	if found.back, err = b.senders(found.orders); err != nil {
		return err
	}
	if err := b.saveWith([]*Entry{e}, func(rows *store.Batch) { found.put(rows, e) }); err != nil {
		return err
	}
	return b.returnsOf(ctx, found.paid)
}

// findSettlement fills in the entry of the journal by which redemptions were
// settled.
func (b *Bank) findSettlement(e *Entry, paid []ledger.ID) error {
	return b.node.Read(func(v *node.View) error {
		for _, id := range paid {
			seq, err := v.Used(settleKey(id))
			if err != nil {
				return err
			}
			e.Seq = max(e.Seq, seq)
		}
		return nil
	})
}

// settle tells the ledger that a redemption was paid. Doing it twice is no
// error, also when it was done another way.
func (b *Bank) settle(ctx context.Context, id ledger.ID, auth record.Auth) error {
	r, err := b.give(ctx, node.Request{Auth: auth, Command: ledger.Settle{Of: id}, Key: settleKey(id)})
	if err != nil || r.Result == ledger.Applied {
		return err
	}
	return b.node.Read(func(v *node.View) error {
		known, err := v.Redemption(id)
		if err != nil || known != nil && known.Progress == ledger.Settled {
			return err
		}
		return &Refused{r.Result}
	})
}

// judgeDebit decides about money that left.
func (b *Bank) judgeDebit(v *node.View, e *Entry) (verdict, error) {
	id, ours := ParseEndToEndID(e.EndToEndID)
	order, isOrder := parseOrderID(e.EndToEndID)
	switch {
	case e.IsReversal:
		e.State, e.Reason = Returned, Reversal
	case e.ReturnReason != "":
		e.State, e.Reason = Returned, Return
	case ours:
		paid, err := b.judgePayout(v, e, id)
		return verdict{paid: paid}, err
	case isOrder:
		o, err := b.judgeOrderDebit(e, order)
		if o == nil {
			return verdict{}, err
		}
		return verdict{orders: []*Order{o}}, err
	default:
		batch, known, err := b.batchOf(e)
		if err != nil {
			return verdict{}, err
		}
		if known {
			return b.judgeBatch(v, e, batch)
		}
		e.State, e.Reason = Unexplained, NotAsked
		if e.Unsplit {
			e.State, e.Reason = Whole, ""
		}
	}
	return verdict{}, nil
}

// judgePayout holds a debit against the redemption that it names.
func (b *Bank) judgePayout(v *node.View, e *Entry, id ledger.ID) ([]ledger.ID, error) {
	e.State = Unexplained
	r, err := v.Redemption(id)
	if err != nil {
		return nil, err
	}
	if r == nil {
		e.Reason = UnknownPayout
		return nil, nil
	}
	e.Redemption = ID(id)
	if r.Amount-r.Fee != e.Cents {
		e.Reason = OtherAmount
		return nil, nil
	}
	same, err := b.paidToPayee(e, r)
	if err != nil {
		return nil, err
	}
	if !same {
		e.Reason = OtherAccount
		return nil, nil
	}
	first, err := b.paidBefore(e, id)
	if err != nil {
		return nil, err
	}
	switch {
	case r.Progress == ledger.Rejected:
		e.Reason = RejectedRedemption
		return nil, nil
	case first != nil && first.Redemption != ID{}:
		e.Reason = PaidTwice
		return nil, nil
	case first != nil: // as a whole batch
		e.Reason, e.Batch = PartOfBatch, first.Batch
	}
	e.State = Settled
	return []ledger.ID{id}, nil
}

// paidBefore is another entry by which a redemption was paid, or nil.
func (b *Bank) paidBefore(e *Entry, redemption ledger.ID) (*Entry, error) {
	var by ID
	found, err := b.rows.Read(rowKey(claimRow, ID(redemption)), &by)
	if err != nil || !found || by == e.ID {
		return nil, err
	}
	first := &Entry{}
	_, err = b.rows.Read(rowKey(entryRow, by), first)
	return first, err
}

// paidToPayee tells whether money went where the redemption's payment order
// says, or without an order, to the account on file. A bank that does not say
// where it went is believed.
func (b *Bank) paidToPayee(e *Entry, r *ledger.Redemption) (bool, error) {
	if e.IBAN == "" {
		return true, nil
	}
	var order payout
	found, err := b.rows.Read(rowKey(payoutRow, ID(r.ID)), &order)
	if err != nil || found {
		return order.IBAN == b.hashIBAN(e.IBAN), err
	}
	p, known, err := b.people.ByAccount(r.Account)
	return !known || p.IBAN == "" || p.IBAN == e.IBAN, err
}

// hashIBAN is an account number as it may stand in a row in the clear.
func (b *Bank) hashIBAN(iban string) ID { return b.vault.HMAC16("bank payee", iban) }

// batchOf finds the batch of ours that a debit is the sum of.
func (b *Bank) batchOf(e *Entry) (batch Batch, known bool, err error) {
	for _, id := range e.BatchIDs {
		if batch, known, err = b.batch(id); known || err != nil {
			return batch, known, err
		}
	}
	return batch, false, nil
}

// judgeBatch holds a debit against the batch that it names as a whole.
func (b *Bank) judgeBatch(v *node.View, e *Entry, batch Batch) (found verdict, err error) {
	e.State, e.Batch = Unexplained, batch.ID
	if e.Cents != batch.Cents {
		e.Reason = OtherAmount
		return verdict{}, nil
	}
	for _, id := range batch.Redemptions {
		if e.Reason, err = b.judgeOneOfBatch(v, e, ledger.ID(id)); e.Reason != "" || err != nil {
			return verdict{}, err
		}
		found.paid = append(found.paid, ledger.ID(id))
	}
	for _, id := range batch.Orders {
		o, err := b.order(id)
		if err != nil {
			return verdict{}, err
		}
		if o.Paid != (ID{}) && o.Paid != e.ID {
			e.Reason = PaidTwice
			return verdict{}, nil
		}
		o.wasPaid(e.ID)
		found.orders = append(found.orders, o)
	}
	e.State = Settled
	return found, nil
}

// judgeOneOfBatch says what is wrong with the payment of a redemption as a part
// of a batch.
func (b *Bank) judgeOneOfBatch(v *node.View, e *Entry, id ledger.ID) (Reason, error) {
	r, err := v.Redemption(id)
	if err != nil {
		return "", err
	}
	first, err := b.paidBefore(e, id)
	switch {
	case err != nil:
		return "", err
	case r == nil:
		return UnknownPayout, nil
	case r.Progress == ledger.Rejected:
		return RejectedRedemption, nil
	case first != nil:
		return PaidTwice, nil
	}
	return "", nil
}
