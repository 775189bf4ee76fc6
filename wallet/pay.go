package wallet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"grulden/internal/civil"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/record"
	"grulden/ledger"
)

// Refusals of a payment that never reach the ledger.
var (
	ErrUnknownCode = errors.New("no payment request has this code")
	ErrExpired     = errors.New("the payment request has expired")
	ErrStale       = errors.New("the form was not made for this payer and code")
	ErrTaken       = errors.New("as many people as were asked have paid already")
	ErrNoID        = errors.New("the payment needs an id of its own")
)

// ErrUnsure is returned when the ledger did not answer in time. The payment
// may have been made or not: asking again with the same id tells.
var ErrUnsure = errors.New("the ledger did not answer in time")

// patience is how long a payment may take. The visitor's own connection does
// not end it: what is paid is paid.
const patience = 10 * time.Second

// recent is how long ago a payment to the same shop is still worth a reminder.
const recent = 3 * time.Minute

// State is where an offer stands for one payer.
type State uint8

// The states of an offer.
const (
	Payable State = iota
	AskAmount
	PaidByPayer
	PaidByOther
	Expired
	OwnCode
)

// Offer is what a code asks of one payer.
type Offer struct {
	State     State
	Code      payreq.Code
	Shop      ledger.AccountID
	Kind      payreq.Kind
	Printed   bool
	Amount    ledger.Cents // zero: the payer fills it in
	Payment   ledger.ID    // made before any button is shown; zero while the amount is asked
	Seal      string       // of Payment, for a printed code
	Attempt   string       // names this showing of the offer
	Spendable ledger.Cents
	Blocked   bool   // the payer may not pay
	Recent    *Entry // the payer just paid the same shop; nil: no
}

// Offer looks up what a code asks of a payer. amount is what the payer filled
// in for a printed code, zero before that; it is ignored for other codes.
func (w *Wallet) Offer(payer ledger.AccountID, code payreq.Code, amount ledger.Cents) (Offer, error) {
	r, ok, err := w.book.Find(code)
	if err != nil {
		return Offer{}, fmt.Errorf("look up a payment code: %w", err)
	}
	if !ok {
		return Offer{}, ErrUnknownCode
	}
	o := Offer{Code: code, Shop: r.Shop, Kind: r.Kind, Printed: r.AsksAmount(), Amount: r.Amount, Payment: r.Payment}
	if err := w.node.Read(func(v *node.View) error { return w.place(v, &o, r, payer) }); err != nil {
		return Offer{}, fmt.Errorf("read for an offer: %w", err)
	}
	if o.State == Payable {
		if err := apartNow(w.node, ledger.Pay{From: payer, To: r.Shop}); err != nil {
			return Offer{}, err
		}
	}
	if o.State == Payable && r.AsksAmount() {
		o.Amount, o.State = amount, AskAmount
		if amount > 0 {
			o.State = Payable
			if o.Payment, o.Seal, err = w.mint.New(payer, code.String()); err != nil {
				return o, err
			}
		}
	}
	o.Attempt, err = w.newAttempt(payer, code)
	return o, err
}

// place finds where an offer stands in the ledger.
func (w *Wallet) place(v *node.View, o *Offer, r payreq.Request, payer ledger.AccountID) error {
	a, err := v.Account(payer)
	if a == nil || err != nil {
		return err
	}
	o.Blocked = a.Blocked
	b, err := v.Balance(payer, w.node.Today())
	if err != nil {
		return err
	}
	o.Spendable = ledger.ShownCents(b.Worth)
	if r.Shop == payer {
		o.State = OwnCode
		return nil
	}
	if r.AsksAmount() {
		o.Recent, err = recentTo(v, payer, r.Shop, w.node.Now())
		return err
	}
	if r.Kind == payreq.ByLink {
		o.Payment = w.linkPayment(r, payer)
	}
	paid, err := v.Payment(o.Payment)
	if err != nil {
		return err
	}
	full, err := w.full(v, r, payer)
	switch {
	case err != nil:
		return err
	case paid != nil && paid.From == payer:
		o.State = PaidByPayer
	case paid != nil || full:
		o.State = PaidByOther
	case r.Expired(w.node.Now()):
		o.State = Expired
	}
	return nil
}

// recentTo finds a payment from payer to shop of a moment ago.
func recentTo(v *node.View, payer, shop ledger.AccountID, now time.Time) (*Entry, error) {
	const looked = 5 // entries; nobody pays faster than that
	entries, _, err := history(v, payer, 0, looked)
	if err != nil {
		return nil, err
	}
	for i, e := range entries {
		if e.Kind == Paid && e.Other == shop && e.Amount < 0 && now.Sub(e.At) < recent {
			return &entries[i], nil
		}
	}
	return nil, nil
}

// Order is a confirmed payment.
type Order struct {
	Code    payreq.Code
	Amount  ledger.Cents // for a printed code; otherwise the request's own counts
	Payment ledger.ID    // for a printed code; otherwise the request's own counts
	Seal    string       // proves Payment; see Sealed
	Attempt string       // from the offer, for an order by a page of ours
	Sealed  bool         // the order came by a page of ours, so Payment must carry a seal
}

// Pay makes the payment that a holder confirmed. The same order sent again
// pays nothing and gives the first one's receipt. A refusal by the rules is
// the receipt's result.
func (w *Wallet) Pay(ctx context.Context, h Holder, o Order) (ledger.ID, node.Receipt, error) {
	r, ok, err := w.book.Find(o.Code)
	if err != nil {
		return ledger.ID{}, node.Receipt{}, fmt.Errorf("look up a payment code: %w", err)
	}
	if !ok {
		return ledger.ID{}, node.Receipt{}, ErrUnknownCode
	}
	pay := ledger.Pay{ID: r.Payment, From: h.Account, To: r.Shop, Amount: r.Amount}
	if o.Sealed {
		if h.attempt, err = w.readAttempt(h.Account, o.Code, o.Attempt); err != nil {
			return ledger.ID{}, node.Receipt{}, err
		}
	}
	switch {
	case r.AsksAmount():
		pay.ID, pay.Amount = o.Payment, o.Amount
		err = w.checkID(h, o)
	case r.Kind == payreq.ByLink:
		return w.payLink(ctx, h, r)
	default:
		err = w.checkExpiry(h.Account, r, r.Payment)
	}
	if err != nil {
		return ledger.ID{}, node.Receipt{}, err
	}
	receipt, err := w.submit(ctx, h, pay)
	return pay.ID, receipt, err
}

func (w *Wallet) checkID(h Holder, o Order) error {
	if o.Sealed && !w.mint.Valid(h.Account, o.Code.String(), o.Payment, o.Seal) {
		return ErrStale
	}
	if o.Payment == (ledger.ID{}) {
		return ErrNoID
	}
	return nil
}

// checkExpiry refuses an expired request, unless this holder paid it already:
// then the payment is on its way to its receipt once more.
func (w *Wallet) checkExpiry(payer ledger.AccountID, r payreq.Request, id ledger.ID) error {
	if !r.Expired(w.node.Now()) {
		return nil
	}
	return w.node.Read(func(v *node.View) error {
		paid, err := v.Payment(id)
		if err == nil && (paid == nil || paid.From != payer) {
			err = ErrExpired
		}
		return err
	})
}

// submit hands a payment to the ledger and waits for it, however long the
// visitor's own connection lives. The account's turn ends when the payment is
// decided, also when nobody waits for it any more: the next one is held against
// limits that know of it.
func (w *Wallet) submit(ctx context.Context, h Holder, pay ledger.Pay) (node.Receipt, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	lane := w.gate.lane(pay.From)
	if err := lane.enter(ctx); err != nil {
		return node.Receipt{}, err
	}
	type answer struct {
		receipt node.Receipt
		err     error
	}
	decided := make(chan answer, 1)
	go func() {
		defer lane.leave()
		receipt, err := w.decide(h, pay)
		decided <- answer{receipt, err}
	}()
	select {
	case a := <-decided:
		return a.receipt, a.err
	case <-ctx.Done():
		return node.Receipt{}, ErrUnsure
	}
}

// decide holds a payment against the limits and has the ledger decide it. One
// that was made before goes to its receipt, whatever was paid since.
func (w *Wallet) decide(h Holder, pay ledger.Pay) (node.Receipt, error) {
	err := w.node.Peek(func(v *node.View) error {
		paid, err := v.Payment(pay.ID)
		if err == nil && paid == nil {
			if err = w.still(h.Account, h.attempt, h.Auth.Proof); err == nil {
				err = apart(w.node, v, pay.From, pay.To)
			}
			if err == nil {
				err = w.allowed(v, h, pay.Amount)
			}
		}
		return err
	})
	if err != nil {
		return node.Receipt{}, err
	}
	return w.node.Submit(context.Background(), node.Request{Auth: h.Auth, Command: pay})
}

// Receipt is a payment as one of its two parties sees it.
type Receipt struct {
	ID       ledger.ID
	In       bool // seen by the receiver
	Other    ledger.AccountID
	Amount   ledger.Cents
	Refunded ledger.Cents
	At       time.Time
	Seq      uint64
	Helper   record.ActorID // who paid for the holder; zero: the holder
}

// Paid is the receipt of an order that Pay has just paid, for its payer: what
// Receipt would find in the ledger, without looking there. The node's receipt
// must not be that of a repeat, of which something may have been given back.
func (w *Wallet) Paid(o Order, id ledger.ID, made node.Receipt) (Receipt, error) {
	r, ok, err := w.book.Find(o.Code)
	if err == nil && !ok {
		err = ErrUnknownCode
	}
	if err != nil {
		return Receipt{}, fmt.Errorf("read a receipt: %w", err)
	}
	amount := r.Amount
	if r.AsksAmount() {
		amount = o.Amount
	}
	return Receipt{ID: id, Other: r.Shop, Amount: amount, At: made.Moment.At.Time().In(civil.Zone), Seq: made.Seq}, nil
}

// Receipt finds a payment of an account; ok is false when there is none with
// the id, or when it is between others.
func (w *Wallet) Receipt(account ledger.AccountID, id ledger.ID) (receipt Receipt, ok bool, err error) {
	err = w.node.Read(func(v *node.View) error {
		p, err := v.Payment(id)
		if err != nil || p == nil || p.From != account && p.To != account {
			return err
		}
		rec, err := v.Record(p.Seq)
		if err != nil {
			return err
		}
		other, amount := between(account, p.From, p.To, p.Amount)
		receipt = Receipt{
			ID: id, In: amount > 0, Other: other, Amount: p.Amount, Refunded: p.Refunded,
			At: civilTime(rec), Seq: p.Seq,
		}
		if c, isPay := rec.Command.(ledger.Pay); isPay {
			receipt.Helper = helperOf(account, c, rec)
		}
		ok = true
		return nil
	})
	if err != nil {
		return Receipt{}, false, fmt.Errorf("read a receipt: %w", err)
	}
	return receipt, ok, nil
}
