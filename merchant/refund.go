package merchant

import (
	"context"
	"errors"
	"fmt"
	"time"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/record"
	"grulden/ledger"
)

// Sale is a payment that a shop got, and what the shop knows of it.
type Sale struct {
	Seq      uint64
	Payment  ledger.ID
	At       time.Time
	Amount   ledger.Cents
	Refunded ledger.Cents // given back of it so far
	How      string       // how the payer proved to be the payer, as the journal keeps it
	// Request is what the till asked; its Kind is payreq.Poster for a payment
	// whose amount the payer filled in.
	Request payreq.Request
}

// Left is what can still be given back.
func (s Sale) Left() ledger.Cents { return s.Amount - s.Refunded }

// Sales lists the payments that came in before an entry (zero: to the last),
// newest first, at most limit. older is where older ones go on; zero: there are
// none.
func (t *Till) Sales(shop ledger.AccountID, before uint64, limit int) (sales []Sale, older uint64, err error) {
	err = t.node.Read(func(v *node.View) error {
		var fault error
		err := eachEntry(v, shop, func(r *record.Record) bool {
			pay, ok := r.Command.(ledger.Pay)
			if !ok || pay.To != shop || before > 0 && r.Seq >= before {
				return true
			}
			if len(sales) == limit {
				older = sales[limit-1].Seq
				return false
			}
			var s Sale
			s, fault = t.sale(v, r, pay)
			sales = append(sales, s)
			return fault == nil
		})
		return errors.Join(err, fault)
	})
	if err != nil {
		return nil, 0, fmt.Errorf("list payments: %w", err)
	}
	return sales, older, nil
}

// sale reads what there is to know about a payment.
func (t *Till) sale(v *node.View, r *record.Record, pay ledger.Pay) (Sale, error) {
	s := Sale{Seq: r.Seq, Payment: pay.ID, At: r.Moment.At.Time().In(civil.Zone), Amount: pay.Amount, How: r.Auth.How}
	p, err := v.Payment(pay.ID)
	if err != nil {
		return s, err
	}
	if p != nil {
		s.Refunded = p.Refunded
	}
	request, ok, err := t.book.OfPayment(pay.ID)
	if !ok {
		request.Kind = payreq.Poster
	}
	s.Request = request
	return s, err
}

// Sale finds a payment of the shop; ok is false when there is none with the
// id, or when it is somebody else's. melted is what of it melted meanwhile, had
// the shop left it lying; nothing when the shop's own money is not older than
// its grace.
func (t *Till) Sale(shop ledger.AccountID, id ledger.ID) (s Sale, melted ledger.Cents, ok bool, err error) {
	today := t.node.Today()
	err = t.node.Read(func(v *node.View) error {
		p, err := v.Payment(id)
		if err != nil || p == nil || p.To != shop {
			return err
		}
		r, err := v.Record(p.Seq)
		if err != nil {
			return err
		}
		if s, err = t.sale(v, r, ledger.Pay{ID: id, From: p.From, To: p.To, Amount: p.Amount}); err != nil {
			return err
		}
		ok = true
		melted, err = meltedOf(v.Head(), r, p.Amount, today)
		return err
	})
	if err != nil {
		return Sale{}, 0, false, fmt.Errorf("read a payment: %w", err)
	}
	return s, melted, ok, nil
}

// meltedOf is how much less the parts of a payment are worth today than when
// they came in.
func meltedOf(head *ledger.Head, r *record.Record, amount ledger.Cents, today demurrage.Day) (ledger.Cents, error) {
	if head.Index == nil {
		return 0, nil
	}
	var worth demurrage.Wide
	for _, in := range r.Facts.In {
		part, ok := head.Index.Worth(in.Units, in.Melts, today)
		if ok {
			worth, ok = worth.Add(part)
		}
		if !ok {
			return 0, fmt.Errorf("parts of a payment overflow")
		}
	}
	return max(0, amount-ledger.ShownCents(worth)), nil
}

// refundPurpose binds an id to the form that gives back a payment.
func refundPurpose(of ledger.ID) string { return "refund " + of.String() }

// RefundForm makes the key behind the button that gives a payment back.
func (t *Till) RefundForm(shop ledger.AccountID, of ledger.ID) (key ledger.Key, seal string, err error) {
	id, seal, err := t.mint.New(shop, refundPurpose(of))
	return ledger.Key(id), seal, err
}

// Refund is an order to give back a part of a payment.
type Refund struct {
	Of     ledger.ID
	Amount ledger.Cents
	Key    ledger.Key // of RefundForm: sent twice, it gives back once
	Seal   string
}

// Refund gives back a part of a payment that this shop got. The same order sent
// again gives back nothing and gives the first one's receipt. A refusal by the
// rules is the receipt's result.
func (t *Till) Refund(ctx context.Context, h Holder, o Refund) (node.Receipt, error) {
	if !t.mint.Valid(h.Account, refundPurpose(o.Of), ledger.ID(o.Key), o.Seal) {
		return node.Receipt{}, ErrStale
	}
	if _, _, ours, err := t.Sale(h.Account, o.Of); err != nil || !ours {
		return node.Receipt{Result: ledger.UnknownPayment}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	r, err := t.node.Submit(ctx, node.Request{
		Auth: h.Auth, Key: o.Key, Command: ledger.Refund{Of: o.Of, Amount: o.Amount},
	})
	if errors.Is(err, context.DeadlineExceeded) {
		return r, ErrUnsure
	}
	return r, err
}
