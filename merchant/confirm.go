package merchant

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/ledger"
)

// ConfirmWindow is how long a confirmation code stays the same (SPEC R111).
const ConfirmWindow = 5 * time.Minute

// Secret is what the server and the tills of one shop share, so that a till
// without a network can tell a confirmation code from a made-up one.
type Secret [16]byte

// Confirmation is the code of nine digits that a payer's telephone shows for a
// payment: three drawn from the payment's id, and six that only who has the
// shop's secret can make for that amount at that time (SPEC R110).
func Confirmation(secret Secret, payment ledger.ID, amount ledger.Cents, at time.Time) string {
	drawn := fmt.Sprintf("%03d", binary.BigEndian.Uint64(payment[:8])%1000)
	mac := hmac.New(sha256.New, secret[:])
	fmt.Fprintf(mac, "%s|%d|%d", drawn, amount, at.Unix()/int64(ConfirmWindow/time.Second))
	return drawn + fmt.Sprintf("%06d", binary.BigEndian.Uint32(mac.Sum(nil))%1_000_000)
}

// Noted is a payment that a till accepted by its code while it had no network.
type Noted struct {
	Code   string
	Amount ledger.Cents
	At     time.Time // by the till's clock
}

// MaxNoted is how many noted payments are compared at once.
const MaxNoted = 200

// around is how far a till's note and the ledger's payment may lie apart: a
// window before or after, and the one they are in.
const around = 3 * ConfirmWindow

// Compare finds the ledger's payment for each that a till noted; the zero ID
// where there is none. No payment answers for two notes.
func (t *Till) Compare(shop ledger.AccountID, secret Secret, noted []Noted) ([]ledger.ID, error) {
	found := make([]ledger.ID, len(noted))
	if len(noted) == 0 {
		return found, nil
	}
	first := noted[0].At
	for _, n := range noted {
		if n.At.Before(first) {
			first = n.At
		}
	}
	err := t.node.Read(func(v *node.View) error {
		return eachEntry(v, shop, func(r *record.Record) bool {
			at := r.Moment.At.Time()
			if at.Before(first.Add(-around)) {
				return false
			}
			if pay, ok := r.Command.(ledger.Pay); ok && pay.To == shop {
				matchNote(found, noted, pay, Confirmation(secret, pay.ID, pay.Amount, at), at)
			}
			return true
		})
	})
	if err != nil {
		return nil, fmt.Errorf("compare what a till noted: %w", err)
	}
	return found, nil
}

// matchNote gives a payment to the one note that it is the payment of, if any.
func matchNote(found []ledger.ID, noted []Noted, pay ledger.Pay, code string, at time.Time) {
	for i, n := range noted {
		if found[i] == (ledger.ID{}) && n.Code == code && n.Amount == pay.Amount && n.At.Sub(at).Abs() <= around {
			found[i] = pay.ID
			return
		}
	}
}
