package wallet

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/record"
	"grulden/ledger"
)

// An attempt is one showing of a page with a confirm button. Its name goes
// along with the form, so that a payer who heard no answer can be told "not
// paid" for good: the attempt is given up, and a copy of the form that turns up
// later, from a slow proxy perhaps, pays nothing.

// ErrGivenUp says that the payer was told that this attempt did not pay.
var ErrGivenUp = errors.New("the attempt to pay was given up")

// ErrLate says that a signature came in too long after it was made. The
// payment was not made, and no copy of that signature can make it any more.
var ErrLate = errors.New("the payment was signed too long ago")

// SignedFor is how long a signature under a payment is good for. Phones send
// the same one again and again so long; the ledger itself allows for more.
const SignedFor = 2 * time.Minute

// newAttempt names an attempt of a payer at a code: a random id, the time, and
// the seal of both.
func (w *Wallet) newAttempt(payer ledger.AccountID, code payreq.Code) (string, error) {
	at := strconv.FormatInt(w.node.Now().Unix(), 10)
	id, seal, err := w.mint.New(payer, "attempt "+code.String()+" "+at)
	return strings.Join([]string{id.String(), at, seal}, "."), err
}

// readAttempt finds the id of an attempt that newAttempt named; ErrStale when
// it did not, or too long ago; then the id is given all the same.
func (w *Wallet) readAttempt(payer ledger.AccountID, code payreq.Code, text string) (ledger.ID, error) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return ledger.ID{}, ErrStale
	}
	id, err := ledger.ParseID(parts[0])
	at, timeErr := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || timeErr != nil || !w.mint.Valid(payer, "attempt "+code.String()+" "+parts[1], id, parts[2]) {
		return ledger.ID{}, ErrStale
	}
	if w.node.Now().Sub(time.Unix(at, 0)) > payreq.AttemptLife {
		return id, ErrStale
	}
	return id, nil
}

// GiveUp gives up an attempt at a payment, unless the payment was made: then it
// says so. Either answer is final. Whatever of this payer is being decided at
// the moment is waited for.
func (w *Wallet) GiveUp(ctx context.Context, payer ledger.AccountID, code payreq.Code, attempt string, payment ledger.ID) (paid bool, err error) {
	id, err := w.readAttempt(payer, code, attempt)
	if err != nil && id == (ledger.ID{}) {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	lane := w.gate.lane(payer)
	if err := lane.enter(ctx); err != nil {
		return false, err
	}
	defer lane.leave()
	if paid, err = w.PaidBy(payer, payment); err != nil || paid {
		return paid, err
	}
	return false, w.book.GiveUp(payer, id, w.node.Now())
}

// PaidBy tells whether the ledger has a payment with this id from this payer.
func (w *Wallet) PaidBy(payer ledger.AccountID, id ledger.ID) (paid bool, err error) {
	err = w.node.Read(func(v *node.View) error {
		p, err := v.Payment(id)
		paid = p != nil && p.From == payer
		return err
	})
	if err != nil {
		return false, fmt.Errorf("look up a payment: %w", err)
	}
	return paid, nil
}

// still tells whether an attempt may still pay at this moment.
func (w *Wallet) still(payer ledger.AccountID, attempt ledger.ID, proof *record.Proof) error {
	gone, err := w.book.GivenUp(payer, attempt)
	if err != nil {
		return fmt.Errorf("look up an attempt to pay: %w", err)
	}
	if gone {
		return ErrGivenUp
	}
	if proof == nil || proof.Standing != nil {
		return nil
	}
	if age := w.node.Now().Sub(time.Unix(proof.At, 0)); age > SignedFor || age < -SignedFor {
		return ErrLate
	}
	return nil
}
