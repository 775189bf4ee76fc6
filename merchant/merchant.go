// Package merchant is what a payee can do: ask for a payment and see it come
// in, look at the day, see what may become euros and ask for them.
//
// Like package wallet beside it, it translates between people's questions and
// the ledger, and knows no rule of the coin and no page.
package merchant

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"grulden/internal/civil"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/record"
	"grulden/ledger"
)

// RequestLife is how long a code on the till can be paid.
const RequestLife = 10 * time.Minute

// Errors of this package.
var (
	ErrStale  = errors.New("the form was not made for this shop")
	ErrUnsure = errors.New("the ledger did not answer in time")
	ErrCash   = errors.New("the part in cash is not less than the whole")
	ErrVAT    = errors.New("the parts per rate of VAT are more than the whole")
)

// patience is how long a request for euros may take.
const patience = 10 * time.Second

// Till serves every shop of one ledger.
type Till struct {
	node *node.Node
	book *payreq.Book
	mint *payreq.Mint
}

// New makes a Till over a running ledger.
func New(n *node.Node, book *payreq.Book, mint *payreq.Mint) *Till {
	return &Till{node: n, book: book, mint: mint}
}

// Ask makes a request for one payment, which a customer can pay for RequestLife.
func (t *Till) Ask(shop ledger.AccountID, amount ledger.Cents) (payreq.Request, error) {
	return t.book.Ask(shop, amount, t.node.Now(), RequestLife)
}

// Charge is what a till asks of a customer.
type Charge struct {
	Total ledger.Cents // what the customer has to pay, in all
	Cash  ledger.Cents // of that, in euros in cash; the till notes it
	VAT   []payreq.VATLine
	By    record.ActorID // who works at the till
}

// Charge is Ask with what the shop notes beside it. The customer is asked for
// the total less what is paid in cash.
func (t *Till) Charge(shop ledger.AccountID, c Charge) (payreq.Request, error) {
	noted := ledger.Cents(0)
	for _, l := range c.VAT {
		if l.Amount < 0 || l.Amount > c.Total-noted {
			return payreq.Request{}, ErrVAT
		}
		noted += l.Amount
	}
	if c.Cash < 0 || c.Cash >= c.Total {
		return payreq.Request{}, ErrCash
	}
	now := t.node.Now()
	return t.book.Make(payreq.Request{
		Kind: payreq.Till, Shop: shop, Amount: c.Total - c.Cash, Made: now, Expires: now.Add(RequestLife),
		Cash: c.Cash, VAT: c.VAT, By: c.By,
	})
}

// Poster gives the shop's printed request, which asks the payer for the amount.
func (t *Till) Poster(shop ledger.AccountID) (payreq.Request, error) {
	return t.book.Poster(shop, t.node.Now())
}

// State is where a request stands.
type State uint8

// A request waits, and is then either paid or expired.
const (
	Waiting State = iota
	Paid
	Expired
)

// Status is a request and where it stands.
type Status struct {
	payreq.Request
	State  State
	PaidAt time.Time
	Left   time.Duration // until it expires
	Seq    uint64        // the ledger's last entry when this was read
}

// Status looks a request of the shop up; ok is false when the code is not one
// of this shop's.
func (t *Till) Status(shop ledger.AccountID, code payreq.Code) (s Status, ok bool, err error) {
	r, found, err := t.book.Find(code)
	if err != nil || !found || r.Shop != shop || r.Kind != payreq.Till {
		return Status{}, false, err
	}
	s = Status{Request: r, Left: r.Expires.Sub(t.node.Now())}
	if r.Expired(t.node.Now()) {
		s.State = Expired
	}
	err = t.node.Read(func(v *node.View) error {
		s.Seq = v.Head().Seq
		p, err := v.Payment(r.Payment)
		if p == nil || err != nil {
			return err
		}
		rec, err := v.Record(p.Seq)
		if err != nil {
			return err
		}
		s.State, s.PaidAt = Paid, rec.Moment.At.Time().In(civil.Zone)
		return nil
	})
	if err != nil {
		return Status{}, false, fmt.Errorf("read a payment request: %w", err)
	}
	return s, true, nil
}

// Arrival is a payment that came in.
type Arrival struct {
	Seq     uint64
	Payment ledger.ID
	Amount  ledger.Cents
	At      time.Time
}

// maxArrivals is how many missed payments a till is told of one by one.
const maxArrivals = 100

// Arrivals gives the payments that came in after an entry, oldest first, and
// the ledger's last entry. complete is false when there were more than a till
// is told of one by one: then it had better start afresh.
func (t *Till) Arrivals(shop ledger.AccountID, after uint64) (arrivals []Arrival, last uint64, complete bool, err error) {
	complete = true
	err = t.node.Read(func(v *node.View) error {
		last = v.Head().Seq
		return eachEntry(v, shop, func(r *record.Record) bool {
			if r.Seq <= after {
				return false
			}
			if pay, ok := r.Command.(ledger.Pay); ok && pay.To == shop {
				arrivals = append(arrivals, arrival(r, pay))
			}
			complete = len(arrivals) <= maxArrivals
			return complete
		})
	})
	if err != nil {
		return nil, 0, false, fmt.Errorf("read arrivals: %w", err)
	}
	slices.Reverse(arrivals)
	return arrivals, last, complete, nil
}

func arrival(r *record.Record, pay ledger.Pay) Arrival {
	return Arrival{Seq: r.Seq, Payment: pay.ID, Amount: pay.Amount, At: r.Moment.At.Time().In(civil.Zone)}
}

// eachEntry calls fn for the entries of an account, newest first, until it
// says no or there are no more.
func eachEntry(v *node.View, id ledger.AccountID, fn func(*record.Record) bool) error {
	if a, err := v.Account(id); a == nil || err != nil {
		return err
	}
	page := 32 // mostly enough; beyond it, read far at once, because a page is found by walking from the end
	for before := uint64(0); ; page = 2000 {
		records, err := v.History(id, before, page)
		if err != nil {
			return err
		}
		for _, r := range records {
			if !fn(r) {
				return nil
			}
			before = r.Seq
		}
		if len(records) < page {
			return nil
		}
	}
}

// Takings is what came in on one day.
type Takings struct {
	Total ledger.Cents
	Count int
}

// Today adds up what came in today, less what was given back.
func (t *Till) Today(shop ledger.AccountID) (Takings, error) {
	var sum Takings
	today := t.node.Today()
	err := t.node.Read(func(v *node.View) error {
		return eachEntry(v, shop, func(r *record.Record) bool {
			if r.Moment.Day < today {
				return false
			}
			switch c := r.Command.(type) {
			case ledger.Pay:
				if c.To == shop {
					sum.Total += c.Amount
					sum.Count++
				}
			case ledger.Refund:
				if r.Facts.Debit == shop {
					sum.Total -= r.Facts.Amount
				}
			}
			return true
		})
	})
	if err != nil {
		return Takings{}, fmt.Errorf("read today's takings: %w", err)
	}
	return sum, nil
}

// Holder is the shop that acts, and how its owner proved to be the owner.
type Holder struct {
	Account ledger.AccountID
	Auth    record.Auth
}

// redeemPurpose binds an id to the form that asks for euros.
const redeemPurpose = "euros"

// RedeemForm makes the id behind the button that asks for euros.
func (t *Till) RedeemForm(shop ledger.AccountID) (id ledger.ID, seal string, err error) {
	return t.mint.New(shop, redeemPurpose)
}

// RedeemSealed is Redeem for a form of ours, whose id must carry its seal.
func (t *Till) RedeemSealed(ctx context.Context, h Holder, id ledger.ID, seal string, amount ledger.Cents) (node.Receipt, error) {
	if !t.mint.Valid(h.Account, redeemPurpose, id, seal) {
		return node.Receipt{}, ErrStale
	}
	return t.Redeem(ctx, h, id, amount)
}

// Redeem asks to turn an amount into euros. The same request sent again asks
// for nothing and gives the first one's receipt. A refusal by the rules is the
// receipt's result.
func (t *Till) Redeem(ctx context.Context, h Holder, id ledger.ID, amount ledger.Cents) (node.Receipt, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	r, err := t.node.Submit(ctx, node.Request{Auth: h.Auth, Command: ledger.Redeem{ID: id, From: h.Account, Amount: amount}})
	if errors.Is(err, context.DeadlineExceeded) {
		return r, ErrUnsure
	}
	return r, err
}

// Redemption is a shop's request for euros that waits.
type Redemption struct {
	ID     ledger.ID
	Asked  time.Time
	Amount ledger.Cents
	Payout ledger.Cents // what is left after the fee
}

// Waiting lists the shop's requests for euros that are neither settled nor
// rejected, oldest first.
func (t *Till) Waiting(shop ledger.AccountID) (waiting []Redemption, err error) {
	err = t.node.Read(func(v *node.View) error {
		a, err := v.Account(shop)
		if a == nil || err != nil || a.OpenRedemptions == 0 {
			return err
		}
		open, err := v.OpenRedemptions()
		if err != nil {
			return err
		}
		for _, r := range open {
			if r.Account != shop {
				continue
			}
			rec, err := v.Record(r.Seq)
			if err != nil {
				return err
			}
			waiting = append(waiting, Redemption{
				ID: r.ID, Asked: rec.Moment.At.Time().In(civil.Zone), Amount: r.Amount, Payout: r.Amount - r.Fee,
			})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read requests for euros: %w", err)
	}
	return waiting, nil
}
