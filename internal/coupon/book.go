package coupon

import (
	"context"
	"encoding/binary"
	"errors"

	"grulden/demurrage"
	"grulden/internal/bank"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// payID is the id of the payment of a coupon: always the same, so that it is paid
// once.
func payID(code payreq.Code) ledger.ID {
	return paymentID("pay", binary.BigEndian.AppendUint64(nil, uint64(code)))
}

// backID is the id of the payment by which a coupon's money comes back.
func backID(code payreq.Code) ledger.ID {
	return paymentID("back", binary.BigEndian.AppendUint64(nil, uint64(code)))
}

// tooOld tells whether a coupon cannot be booked any more.
func (b *Book) tooOld(c Coupon) bool {
	return b.node.Today() > demurrage.Day(c.Until)+GraceDays
}

// Pay books a coupon to a shop. ErrUsed with the coupon as it is when it was
// booked before, to whichever shop; ErrReturned when its money is the owner's
// again. Each works once.
func (b *Book) Pay(ctx context.Context, code payreq.Code, shop ledger.AccountID, by record.Auth) (Coupon, error) {
	p, ok, err := b.people.ByAccount(shop)
	if err != nil || !ok || p.Role != people.Merchant {
		return Coupon{}, errors.Join(err, errIf(err == nil, ErrNotShop))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.coupon(code)
	if err != nil {
		return c, err
	}
	if err := b.settle(&c); err != nil { // paid, and the note of it was cut short
		return c, err
	}
	switch {
	case c.State == Paid:
		return c, ErrUsed
	case c.State != Open || b.tooOld(c):
		return c, ErrReturned
	}
	if err := b.give(ctx, by, ledger.Pay{ID: payID(code), From: c.Held, To: shop, Amount: c.Cents}); err != nil {
		return c, err
	}
	c.State, c.Shop, c.At, c.By = Paid, shop, b.node.Now().UTC(), plain(by)
	return c, b.rows.Put(couponKey(code), store.Row(c))
}

// plain is who did something, without a proof: that stands in the journal.
func plain(by record.Auth) record.Auth { return record.Auth{By: by.By, How: by.How} }

// settle notes a payment that the ledger has and the coupon does not know of.
func (b *Book) settle(c *Coupon) error {
	if c.State != Open {
		return nil
	}
	var paid *ledger.Payment
	err := b.node.Read(func(v *node.View) (err error) {
		paid, err = v.Payment(payID(c.Code))
		return err
	})
	if err != nil || paid == nil {
		return err
	}
	c.State, c.Shop, c.At = Paid, paid.To, b.node.Now().UTC()
	return b.rows.Put(couponKey(c.Code), store.Row(c))
}

// Return gives the money of an unused coupon back to its owner; the paper must
// have been brought back. Doing it twice is no error. ErrUsed when it was booked.
func (b *Book) Return(ctx context.Context, code payreq.Code, by record.Auth) (Coupon, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.coupon(code)
	if err == nil {
		err = b.settle(&c)
	}
	switch {
	case err != nil:
		return c, err
	case c.State == Paid:
		return c, ErrUsed
	case c.State == Made:
		return c, ErrUnknown
	}
	return c, b.giveBack(ctx, &c, by)
}

// giveBack marks a coupon as returned, so that it cannot be booked any more, and
// then pays its money back. When it was the last one, what was set aside beyond
// the coupons comes back too.
func (b *Book) giveBack(ctx context.Context, c *Coupon, by record.Auth) error {
	if c.State != Returned {
		c.State, c.At, c.By = Returned, b.node.Now().UTC(), plain(by)
		if err := b.rows.Put(couponKey(c.Code), store.Row(c)); err != nil {
			return err
		}
	}
	if err := b.give(ctx, c.By, ledger.Pay{ID: backID(c.Code), From: c.Held, To: c.Owner, Amount: c.Cents}); err != nil {
		return err
	}
	return b.giveRest(ctx, c.Owner, c.Held, c.By)
}

// giveRest gives back what is left on an account once no coupon is open.
func (b *Book) giveRest(ctx context.Context, owner, held ledger.AccountID, by record.Auth) error {
	all, err := b.Of(owner)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.State == Made || c.State == Open {
			return nil
		}
	}
	var rest ledger.Cents
	var size uint64
	err = b.node.Read(func(v *node.View) error {
		now, err := v.Balance(held, b.node.Today())
		rest, size = ledger.ShownCents(now.Worth), v.Journal().Size
		return err
	})
	if err != nil || rest < 1 {
		return err
	}
	at := binary.BigEndian.AppendUint64(nil, uint64(held))
	return b.give(ctx, by, ledger.Pay{ID: paymentID("rest", binary.BigEndian.AppendUint64(at, size)), From: held, To: owner, Amount: rest})
}

// Sweep gives back the money of coupons that are too old to be booked, and what
// was set aside beyond coupons that are all dealt with.
func (b *Book) Sweep(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var late []Coupon
	owners := map[ledger.AccountID]ledger.AccountID{}
	err := b.rows.Scan([]byte{couponRow}, func(_, row []byte) error {
		var c Coupon
		if err := store.ParseRow(row, &c); err != nil {
			return err
		}
		owners[c.Owner] = c.Held
		if c.State == Open && b.tooOld(c) {
			late = append(late, c)
		}
		return nil
	})
	if err != nil {
		return err
	}
	by := record.Auth{How: record.ByOperator} // nobody: the program
	for i := range late {
		failed := b.settle(&late[i])
		if failed == nil && late[i].State == Open {
			failed = b.giveBack(ctx, &late[i], by)
		}
		err = errors.Join(err, failed) // what one account cannot get is no reason to keep another's
	}
	for owner, held := range owners { // map order does not matter: each by itself
		err = errors.Join(err, b.giveRest(ctx, owner, held, by))
	}
	return err
}

// cameBack tells whether a coupon's money was paid back.
func (b *Book) cameBack(code payreq.Code) (done bool, err error) {
	err = b.node.Read(func(v *node.View) error {
		paid, err := v.Payment(backID(code))
		done = paid != nil
		return err
	})
	return done, err
}

// resume finishes sheets and returns that were cut short.
func (b *Book) resume(ctx context.Context) error {
	var sheets []*Sheet
	err := b.rows.Scan([]byte{sheetRow}, func(_, row []byte) error {
		s := &Sheet{}
		if err := store.ParseRow(row, s); err != nil {
			return err
		}
		if !s.Done {
			sheets = append(sheets, s)
		}
		return nil
	})
	for _, s := range sheets {
		err = errors.Join(err, unlessRefused(b.finish(ctx, s))) // a refused sheet was forgotten
	}
	var back []Coupon
	err = errors.Join(err, b.rows.Scan([]byte{couponRow}, func(_, row []byte) error {
		var c Coupon
		if err := store.ParseRow(row, &c); err != nil {
			return err
		}
		if c.State == Returned {
			back = append(back, c)
		}
		return nil
	}))
	for i := range back {
		paid, failed := b.cameBack(back[i].Code)
		if failed == nil && !paid {
			failed = b.giveBack(ctx, &back[i], back[i].By)
		}
		err = errors.Join(err, unlessRefused(failed)) // the owner's account is closed: the money stays aside
	}
	return err
}

// unlessRefused drops an error that says that a rule of the coin forbids something:
// it would forbid it at every start, and the program must start.
func unlessRefused(err error) error {
	if refused := (*bank.Refused)(nil); errors.As(err, &refused) {
		return nil
	}
	return err
}

// Clear makes that nothing of an account is set aside any more, so that it can be
// closed. It is false while coupons of it are open: they may lie in a shop.
func (b *Book) Clear(ctx context.Context, account ledger.AccountID, by record.Auth) (clear bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	all, err := b.Of(account)
	if err != nil || len(all) == 0 {
		return err == nil, err
	}
	for i := range all {
		if err := b.settle(&all[i]); err != nil {
			return false, err
		}
		if all[i].State == Made || all[i].State == Open {
			return false, nil
		}
	}
	return true, b.giveRest(ctx, account, all[0].Held, by)
}
