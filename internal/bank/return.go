package bank

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// A payout that comes back reopens its redemption, and the Grulden go back to
// who asked: with the IBAN mended they may ask again. That is done once, in
// whatever order the statements come: the credit may be seen before the debit.

// returnRow is the kind of the rows of payouts that came back:
//
//	b redemption       the return
const returnRow = 'b'

// PayoutReturn is a payout that the bank sent back.
type PayoutReturn struct {
	Redemption ID               `json:"redemption"`
	Account    ledger.AccountID `json:"account,string"` // of who asked for it
	Cents      ledger.Cents     `json:"cents"`          // in euro
	Amount     ledger.Cents     `json:"amount"`         // in Grulden, which were given back
	Day        Date             `json:"day"`
	Code       string           `json:"code,omitempty"` // the bank's reason, such as AC04; empty: it gave none
	Entry      ID               `json:"entry"`          // by which it came back
	Done       bool             `json:"done"`           // the Grulden are back
}

// reopenKey is the ledger's key of the reopening of a redemption.
func reopenKey(redemption ledger.ID) ledger.Key { return derive("grulden reopen 1", redemption) }

// isReturn tells whether a credit is a payout of ours that came back.
func (b *Bank) isReturn(e *Entry) (is bool, err error) {
	id, ours := ParseEndToEndID(e.EndToEndID)
	if !e.Credit || e.IsReversal || !ours {
		return false, nil
	}
	err = b.node.Read(func(v *node.View) error {
		r, err := v.Redemption(id)
		is = r != nil
		return err
	})
	return is, err
}

// handleReturn gives the Grulden of a payout back that came back. While the
// payout itself was not seen, the entry stays Kept.
func (b *Bank) handleReturn(ctx context.Context, e *Entry) error {
	id, _ := ParseEndToEndID(e.EndToEndID)
	var r *ledger.Redemption
	var reopened uint64
	err := b.node.Read(func(v *node.View) (err error) {
		if r, err = v.Redemption(id); err != nil {
			return err
		}
		reopened, err = v.Used(reopenKey(id))
		return err
	})
	if err != nil {
		return err
	}
	e.Redemption, e.Account, e.Reason = ID(id), r.Account, Return
	back := PayoutReturn{
		Redemption: ID(id), Account: r.Account, Cents: e.Cents, Amount: r.Amount, Day: e.Day, Code: e.ReturnReason, Entry: e.ID,
	}
	var first PayoutReturn
	known, err := b.rows.Read(rowKey(returnRow, ID(id)), &first)
	switch {
	case err != nil:
		return err
	case known && first.Entry != e.ID || r.Progress == ledger.Rejected && reopened == 0:
		e.State = Returned // a second time, or what was never settled
	case r.Amount-r.Fee != e.Cents:
		e.State, e.Reason = Returned, OtherAmount
	case r.Progress == ledger.Waiting && reopened == 0:
		e.State, e.Reason = Kept, PayoutNotSeen
		return b.saveReturn(e, back)
	default:
		return b.giveBack(ctx, e, back)
	}
	return b.save([]*Entry{e})
}

// giveBack reopens a redemption and rejects it. Doing either twice does it once.
func (b *Bank) giveBack(ctx context.Context, e *Entry, back PayoutReturn) error {
	id := ledger.ID(back.Redemption)
	if err := b.vault.Put(b.subject, rejectionDoc(id), []byte(returnReason+back.Code)); err != nil {
		return fmt.Errorf("keep the reason of a return: %w", err)
	}
	if err := b.doubt(back); err != nil {
		return err
	}
	auth := record.Auth{By: record.ActorID(e.By), How: record.ByBank}
	for _, step := range []node.Request{
		{Auth: auth, Command: ledger.Reopen{Of: id}, Key: reopenKey(id)},
		{Auth: auth, Command: ledger.Reject{Of: id}, Key: rejectKey(id)},
	} {
		r, err := b.give(ctx, step)
		if err != nil {
			return err
		}
		if r.Result != ledger.Applied {
			e.State, e.Reason = Kept, Reason(r.Result.Code()) // tried again at the next start
			return b.save([]*Entry{e})
		}
		e.Seq = r.Seq
	}
	e.State, back.Done = GivenBack, true
	return b.saveReturn(e, back)
}

// doubt keeps more euros from going where these came back from, until somebody
// has asked the bank again.
func (b *Bank) doubt(back PayoutReturn) error {
	var order payout
	if found, err := b.rows.Read(rowKey(payoutRow, back.Redemption), &order); err != nil || !found {
		return err
	}
	payee, known, err := b.people.ByAccount(back.Account)
	if err != nil || !known || b.hashIBAN(payee.IBAN) != order.IBAN {
		return err
	}
	return b.people.DoubtAccount(payee.ID, payee.IBAN)
}

// returnReason begins the reason of a rejection that follows from a return.
const returnReason = "bank return "

func (b *Bank) saveReturn(e *Entry, back PayoutReturn) error {
	return b.saveWith([]*Entry{e}, func(rows *store.Batch) {
		rows.Set(rowKey(returnRow, back.Redemption), store.Row(back))
	})
}

// returnsOf handles the returns that were seen before the payouts that a debit
// just settled.
func (b *Bank) returnsOf(ctx context.Context, paid []ledger.ID) error {
	for _, id := range paid {
		var back PayoutReturn
		known, err := b.rows.Read(rowKey(returnRow, ID(id)), &back)
		if err != nil || !known || back.Done {
			if err != nil {
				return err
			}
			continue
		}
		e, err := b.Entry(back.Entry)
		if err == nil {
			err = b.handleReturn(ctx, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// PayoutReturns lists the payouts of an account that came back and whose money
// was given back, the latest first; of all accounts for 0.
func (b *Bank) PayoutReturns(account ledger.AccountID) (all []PayoutReturn, err error) {
	err = b.rows.Scan([]byte{returnRow}, func(_, row []byte) error {
		var r PayoutReturn
		err := store.ParseRow(row, &r)
		if r.Done && (account == 0 || r.Account == account) {
			all = append(all, r)
		}
		return err
	})
	if err != nil {
		return nil, errors.Join(errors.New("list returned payouts"), err)
	}
	slices.SortFunc(all, func(x, y PayoutReturn) int {
		return cmp.Or(cmp.Compare(y.Day, x.Day), slices.Compare(x.Redemption[:], y.Redemption[:]))
	})
	return all, nil
}
