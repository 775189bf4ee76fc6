package bank

import (
	"context"
	"errors"

	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/ledger"
)

// handleDebit settles what a debit paid, and says of another one what is wrong
// with it. Debits are handled one by one: whether a redemption was paid before
// depends on the one before.
func (b *Bank) handleDebit(ctx context.Context, e *Entry) error {
	var paid []ledger.ID
	err := b.node.Read(func(v *node.View) (err error) {
		paid, err = b.judgeDebit(v, e)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range paid {
		auth := record.Auth{By: record.ActorID(e.By), How: record.ByBank}
		err := b.settle(ctx, id, auth)
		if refused := (*Refused)(nil); errors.As(err, &refused) {
			e.State, e.Reason, paid = Unexplained, Reason(refused.Result.Code()), nil
			break
		}
		if err != nil {
			return err
		}
	}
	if err := b.findSettlement(e, paid); err != nil {
		return err
	}
	return b.save([]*Entry{e}, paid...)
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

// judgeDebit decides about money that left, and returns the redemptions that it
// paid: they are to be settled, if they are not yet, and then this entry is
// the one that paid them.
func (b *Bank) judgeDebit(v *node.View, e *Entry) ([]ledger.ID, error) {
	id, ours := ParseEndToEndID(e.EndToEndID)
	switch {
	case e.IsReversal:
		e.State, e.Reason = Returned, Reversal
	case e.ReturnReason != "":
		e.State, e.Reason = Returned, Return
	case ours:
		return b.judgePayout(v, e, id)
	default:
		batch, known, err := b.batchOf(e)
		if err != nil {
			return nil, err
		}
		if known {
			return b.judgeBatch(v, e, batch)
		}
		e.State, e.Reason = Unexplained, NotAsked
		if e.Unsplit {
			e.State, e.Reason = Whole, ""
		}
	}
	return nil, nil
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
	found, err := b.read(rowKey(claimRow, ID(redemption)), &by)
	if err != nil || !found || by == e.ID {
		return nil, err
	}
	first := &Entry{}
	_, err = b.read(rowKey(entryRow, by), first)
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
	found, err := b.read(rowKey(payoutRow, ID(r.ID)), &order)
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
		if known, err = b.read(batchKey(id), &batch); known || err != nil {
			return batch, known, err
		}
	}
	return batch, false, nil
}

// judgeBatch holds a debit against the batch that it names as a whole.
func (b *Bank) judgeBatch(v *node.View, e *Entry, batch Batch) ([]ledger.ID, error) {
	e.State, e.Batch = Unexplained, batch.ID
	if e.Cents != batch.Cents {
		e.Reason = OtherAmount
		return nil, nil
	}
	var paid []ledger.ID
	for _, id := range batch.Redemptions {
		r, err := v.Redemption(ledger.ID(id))
		if err != nil {
			return nil, err
		}
		first, err := b.paidBefore(e, ledger.ID(id))
		if err != nil {
			return nil, err
		}
		switch {
		case r == nil:
			e.Reason = UnknownPayout
		case r.Progress == ledger.Rejected:
			e.Reason = RejectedRedemption
		case first != nil:
			e.Reason = PaidTwice
		}
		if e.Reason != "" {
			return nil, nil
		}
		paid = append(paid, ledger.ID(id))
	}
	e.State = Settled
	return paid, nil
}
