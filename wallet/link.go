package wallet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/ledger"
)

// claimLife is how long a place on a link is kept for a payment of which the
// ledger has not answered yet. It is far beyond patience, and beyond a restart.
const claimLife = time.Minute

// Made tells whether the ledger has a payment with this id.
func (w *Wallet) Made(id ledger.ID) (bool, error) { return made(w.node, id) }

// linkPayment is the one payment that a payer can make on a link.
func (w *Wallet) linkPayment(r payreq.Request, payer ledger.AccountID) ledger.ID {
	return w.mint.Derived(payer, "link "+r.Code.String())
}

// full tells whether all places on a link are taken by others than payer.
func (w *Wallet) full(v *node.View, r payreq.Request, payer ledger.AccountID) (bool, error) {
	if r.Kind != payreq.ByLink {
		return false, nil
	}
	claims, err := w.book.Claims(r.Code)
	if err != nil {
		return false, err
	}
	taken := 0
	for _, c := range claims {
		if c.Payer == payer {
			continue
		}
		p, err := v.Payment(c.Payment)
		if err != nil {
			return false, err
		}
		if p != nil || w.node.Now().Sub(c.At) < claimLife {
			taken++
		}
	}
	return taken >= r.Times, nil
}

// payLink pays a link once for a payer, if there is a place left.
func (w *Wallet) payLink(ctx context.Context, h Holder, r payreq.Request) (ledger.ID, node.Receipt, error) {
	lock := &w.links[uint64(r.Code)%uint64(len(w.links))]
	lock.Lock()
	defer lock.Unlock()
	pay := ledger.Pay{ID: w.linkPayment(r, h.Account), From: h.Account, To: r.Shop, Amount: r.Amount}
	claim := payreq.Claim{Payer: h.Account, Payment: pay.ID, At: w.node.Now()}
	made, err := w.Made(pay.ID)
	if err == nil && !made {
		err = w.takePlace(r, claim)
	}
	if err != nil {
		return ledger.ID{}, node.Receipt{}, err
	}
	receipt, err := w.submit(ctx, h, pay)
	if refused := err != nil || receipt.Result != ledger.Applied; refused && !errors.Is(err, ErrUnsure) && !made {
		err = errors.Join(err, w.book.Unclaim(r.Code, claim))
	}
	return pay.ID, receipt, err
}

// takePlace notes that a payer is about to pay, unless the link has ended or
// its places are taken.
func (w *Wallet) takePlace(r payreq.Request, c payreq.Claim) error {
	if r.Expired(w.node.Now()) {
		return ErrExpired
	}
	var full bool
	err := w.node.Read(func(v *node.View) (err error) {
		full, err = w.full(v, r, c.Payer)
		return err
	})
	if err != nil {
		return fmt.Errorf("read who paid a link: %w", err)
	}
	if full {
		return ErrTaken
	}
	return w.book.Claim(r.Code, c)
}
