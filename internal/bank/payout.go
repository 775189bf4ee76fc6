package bank

import (
	"context"
	"errors"
	"fmt"
	"time"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/internal/store"
	"grulden/ledger"
)

// payout is the row of a redemption that is in a batch. It is never removed: a
// redemption is in one batch for ever.
type payout struct {
	Batch string       `json:"batch"`
	Cents ledger.Cents `json:"cents"`
	IBAN  ID           `json:"iban"` // keyed hash of the payee's
}

// Approval says who approved a redemption. It holds for the account number that
// was on file then: for another one, somebody has to look again.
type Approval struct {
	By   ID        `json:"by"`
	At   time.Time `json:"at"`
	IBAN ID        `json:"iban"` // keyed hash of the payee's
}

// Payout is a redemption that waits, and how far it is on its way to the bank.
type Payout struct {
	Redemption ID               `json:"redemption"`
	Account    ledger.AccountID `json:"account,string"`
	Asked      Date             `json:"asked"`
	AskedAt    time.Time        `json:"asked_at"`
	Amount     ledger.Cents     `json:"amount"` // in Grulden
	Fee        ledger.Cents     `json:"fee"`
	Cents      ledger.Cents     `json:"cents"` // in euro: amount − fee

	Name  string           `json:"name,omitempty"`  // of the payee, as its bank has it
	Title string           `json:"title,omitempty"` // of the payee, as the wijk knows it
	IBAN  string           `json:"iban,omitempty"`  // of the payee, as on file
	Check people.NameCheck `json:"name_check,omitzero"`

	Approved *Approval `json:"approved,omitempty"`
	Batch    string    `json:"batch,omitempty"`   // the payment file that it is in
	Problem  Reason    `json:"problem,omitempty"` // why it cannot be paid; empty when it is in a batch or could be
	Detail   string    `json:"detail,omitempty"`  // of the problem, where there is more to say
}

// Payouts lists the redemptions that wait, in the order of their requests.
func (b *Bank) Payouts() (all []*Payout, err error) {
	reserve, err := b.Reserve()
	if err != nil {
		return nil, err
	}
	err = b.node.Read(func(v *node.View) error {
		open, err := v.OpenRedemptions()
		if err != nil {
			return err
		}
		for _, r := range open {
			p, err := b.payout(v, r, reserve)
			if err != nil {
				return err
			}
			all = append(all, p)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list payouts: %w", err)
	}
	return all, nil
}

// payout gathers what there is to know about a redemption.
func (b *Bank) payout(v *node.View, r *ledger.Redemption, reserve Reserve) (*Payout, error) {
	asked, err := v.Record(r.Seq)
	if err != nil {
		return nil, err
	}
	p := &Payout{
		Redemption: ID(r.ID), Account: r.Account, Asked: Date(asked.Moment.Day), AskedAt: asked.Moment.At.Time(),
		Amount: r.Amount, Fee: r.Fee, Cents: r.Amount - r.Fee,
	}
	payee, known, err := b.people.ByAccount(r.Account)
	if err != nil {
		return nil, err
	}
	p.Name, p.Title, p.IBAN, p.Check = payee.BankName, payee.Title(), payee.IBAN, payee.NameCheck
	if p.Name == "" {
		p.Name = p.Title
	}
	var order payout
	found, err := b.rows.Read(rowKey(payoutRow, p.Redemption), &order)
	if err != nil {
		return nil, err
	}
	p.Batch = order.Batch
	var approval Approval
	approved, err := b.rows.Read(rowKey(approvalRow, p.Redemption), &approval)
	if err != nil {
		return nil, err
	}
	if approved && approval.IBAN == b.hashIBAN(p.IBAN) {
		p.Approved = &approval
	}
	account, err := v.Account(r.Account)
	if err != nil || found {
		return p, err
	}
	switch {
	case !known:
		p.Problem = NoPayee
	case p.IBAN == "":
		p.Problem = NoIBAN
	case account.Blocked:
		p.Problem = Reason(ledger.AccountBlocked.Code())
	case !payee.Vouched:
		p.Problem = NotVouched
	default:
		if p.Problem = b.judgeCheck(p.Check); p.Problem == "" {
			b.judgeOrder(p, reserve)
		}
	}
	return p, nil
}

// judgeCheck says what is wrong with the last look at a payee's name.
func (b *Bank) judgeCheck(c people.NameCheck) Reason {
	switch {
	case c.Result == "":
		return NoNameCheck
	case c.Result == people.NameDiffers:
		return NameDiffers
	case civil.Day(c.On)+demurrage.Day(b.node.Rules().NameCheckDays) < b.node.Today():
		return OldNameCheck
	}
	return ""
}

// Progress tells how far a redemption that waits is on its way: chosen or
// approved by somebody, and in a payment file that may go to the bank.
func (b *Bank) Progress(redemption ledger.ID) (approved, sent bool, err error) {
	var order payout
	found, err := b.rows.Read(rowKey(payoutRow, ID(redemption)), &order)
	if err != nil {
		return false, false, err
	}
	if found {
		batch, _, err := b.batch(order.Batch)
		return true, batch.State == BatchReady, err
	}
	var approval Approval
	approved, err = b.rows.Read(rowKey(approvalRow, ID(redemption)), &approval)
	return approved, false, err
}

// judgeOrder says whether a bank would refuse the payment, or else who has to
// look at it first.
func (b *Bank) judgeOrder(p *Payout, reserve Reserve) {
	if err := checkOrder(reserve, b.today(), p.order(b.text(p))); err != nil {
		p.Problem, p.Detail = BadPayee, err.Error()
	} else if p.Approved == nil {
		p.Problem = NotApproved
	}
}

// text tells the payee what the payment is.
func (b *Bank) text(p *Payout) string {
	return fmt.Sprintf("Uitbetaling %s, aanvraag van %s", b.node.Settings().Coin, p.Asked)
}

// order is the payment for a redemption.
func (p *Payout) order(text string) sepa.Payment {
	return sepa.Payment{
		EndToEndID: EndToEndID(ledger.ID(p.Redemption)), Cents: int64(p.Cents),
		Name: p.Name, IBAN: sepa.IBAN(p.IBAN), Text: text,
	}
}

// checkOrder finds what a bank would refuse in a file with one payment.
func checkOrder(r Reserve, today sepa.Date, p sepa.Payment) error {
	return paymentFile(r, "CHECK", today.Time(), p).Check()
}

// waiting finds a redemption that is neither settled nor rejected.
func (b *Bank) waiting(id ledger.ID) (r *ledger.Redemption, err error) {
	err = b.node.Read(func(v *node.View) (err error) {
		r, err = v.Redemption(id)
		return err
	})
	if err == nil && (r == nil || r.Progress != ledger.Waiting) {
		err = ErrUnknownRedemption
	}
	return r, err
}

// Approve says that a redemption may be paid to the account that is on file for
// its payee now. The first approval counts, until that account is another one.
func (b *Bank) Approve(redemption ledger.ID, by record.ActorID) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	r, err := b.waiting(redemption)
	if err != nil {
		return err
	}
	payee, _, err := b.people.ByAccount(r.Account)
	if err != nil {
		return err
	}
	iban, key, before := b.hashIBAN(payee.IBAN), rowKey(approvalRow, ID(redemption)), Approval{}
	found, err := b.rows.Read(key, &before)
	if err != nil || found && before.IBAN == iban {
		return err
	}
	return b.rows.Put(key, store.Row(Approval{By: ID(by), At: b.node.Now().UTC(), IBAN: iban}))
}

// SettleByHand says that a redemption was paid, before or without a statement
// that shows it. Only what was approved can be; a later statement is still held
// against it. Doing it twice is no error.
func (b *Bank) SettleByHand(ctx context.Context, redemption ledger.ID, by record.Auth) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	approved, _, err := b.Progress(redemption)
	if err != nil {
		return err
	}
	if !approved {
		return ErrNotApproved
	}
	return b.settleByHand(ctx, redemption, by)
}

// SettleBatch is SettleByHand for all redemptions of a batch that still wait.
func (b *Bank) SettleBatch(ctx context.Context, batch string, by record.Auth) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	found, ok, err := b.batch(batch)
	if err != nil || !ok {
		return orUnknown(err)
	}
	for _, id := range found.Redemptions {
		if _, err := b.waiting(ledger.ID(id)); errors.Is(err, ErrUnknownRedemption) {
			continue
		}
		if err := b.settleByHand(ctx, ledger.ID(id), by); err != nil {
			return err
		}
	}
	return nil
}

// handRow is the kind of the rows of redemptions that a person called paid:
//
//	h redemption       hand
const handRow = 'h'

// hand is what a person said was paid. Until a statement shows it, the bank
// should have so much more.
type hand struct {
	Cents ledger.Cents `json:"cents"`
	Day   Date         `json:"day"`
}

func (b *Bank) settleByHand(ctx context.Context, id ledger.ID, by record.Auth) error {
	r, err := b.waiting(id)
	if errors.Is(err, ErrUnknownRedemption) {
		return b.settle(ctx, id, by) // which knows whether it was settled
	}
	if err != nil {
		return err
	}
	// Noted first: a note of what was not settled is told by the ledger.
	if err := b.rows.Put(rowKey(handRow, ID(id)), store.Row(hand{r.Amount - r.Fee, Date(b.node.Today())})); err != nil {
		return err
	}
	return b.settle(ctx, id, by)
}

// Refusal is why a redemption is not paid.
type Refusal struct {
	Reason string // for the shop; may be personal, and is sealed
	Unpaid bool   // it is in a payment file, and the bank did not pay it
}

// Reject gives a redemption's Grulden back. When it is in a batch, that is only
// right if the bank did not pay it and never will: without Refusal.Unpaid it
// is ErrInBatch. A debit that comes all the same is listed as Unexplained.
func (b *Bank) Reject(ctx context.Context, redemption ledger.ID, by record.Auth, why Refusal) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, err := b.waiting(redemption); err != nil {
		return err
	}
	inBatch, err := b.rows.Read(rowKey(payoutRow, ID(redemption)), &payout{})
	if err != nil {
		return err
	}
	if inBatch && !why.Unpaid {
		return ErrInBatch
	}
	if err := b.vault.Put(b.subject, rejectionDoc(redemption), []byte(why.Reason)); err != nil {
		return fmt.Errorf("keep the reason of a rejection: %w", err)
	}
	r, err := b.give(ctx, node.Request{Auth: by, Command: ledger.Reject{Of: redemption}, Key: rejectKey(redemption)})
	if err == nil && r.Result != ledger.Applied {
		err = &Refused{r.Result}
	}
	return err
}

// Rejection is the reason that was given for a rejection, empty for none.
func (b *Bank) Rejection(redemption ledger.ID) (string, error) {
	doc, _, err := b.vault.Get(b.subject, rejectionDoc(redemption))
	return string(doc), err
}

func rejectionDoc(redemption ledger.ID) string { return "bank rejection/" + redemption.String() }
