package record

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"grulden/demurrage"
	"grulden/ledger"
)

// DeviceID names a device that signs payments.
type DeviceID = ledger.DeviceID

// PublicKey is what the signatures of a device are checked with.
type PublicKey = ledger.PublicKey

// Proof is a device's signature under a payment, or under the standing order
// that the payment comes from.
type Proof struct {
	Device   DeviceID
	At       int64     // when it was signed, in Unix seconds by the device's clock
	Sig      []byte    // 64 bytes
	Standing *Standing // nil for a payment that was signed itself
}

// Every is how often a standing order pays.
type Every uint8

// The rhythms of a standing order.
const (
	Weekly  Every = 1 // on the weekday of its first day
	Monthly Every = 2 // on the date of its first day, or the last day of a shorter month
)

// String is the word that stands in the message to be signed.
func (e Every) String() string {
	if e == Weekly {
		return "week"
	}
	return "month"
}

// Standing is an order to pay the same amount again and again, signed once.
// From, To and Amount are those of each payment made by it.
type Standing struct {
	ID      ledger.ID // random; the ids of its payments follow from it
	From    ledger.AccountID
	To      ledger.AccountID
	Amount  ledger.Cents
	Every   Every
	First   demurrage.Day // the first payment is due then
	HasLast bool          // whether it ends by itself
	Last    demurrage.Day // none is due after this day
	At      int64         // when it was signed, in Unix seconds; the same as the proof's
	Due     demurrage.Day // not signed: the day on which the payment that it proves was due
}

// ErrKey says that bytes are not a public key.
var ErrKey = errors.New("not a public key of 32 bytes (Ed25519) or a point on P-256 in 65 bytes")

// NewPublicKey checks bytes as WebCrypto exports them in the format "raw".
func NewPublicKey(alg ledger.Alg, bytes []byte) (PublicKey, error) {
	switch alg {
	case ledger.Ed25519:
		if len(bytes) == ed25519.PublicKeySize {
			return PublicKey{Alg: alg, Bytes: bytes}, nil
		}
	case ledger.P256:
		if _, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), bytes); err == nil {
			return PublicKey{Alg: alg, Bytes: bytes}, nil
		}
	}
	return PublicKey{}, ErrKey
}

// PayMessage is the text that a device signs for a payment, at a time in Unix
// seconds (SPEC.md R81).
func PayMessage(ledgerID string, pay ledger.Pay, at int64) []byte {
	return lines("grulden-pay-1", ledgerID, pay.ID.String(), accountText(pay.From), accountText(pay.To),
		strconv.FormatInt(int64(pay.Amount), 10), strconv.FormatInt(at, 10))
}

// StandingMessage is the text that a device signs for a standing order
// (SPEC.md R84).
func StandingMessage(ledgerID string, s Standing) []byte {
	last := "-"
	if s.HasLast {
		last = s.Last.String()
	}
	return lines("grulden-standing-1", ledgerID, s.ID.String(), accountText(s.From), accountText(s.To),
		strconv.FormatInt(int64(s.Amount), 10), s.Every.String(), s.First.String(), last, strconv.FormatInt(s.At, 10))
}

// lines ends each line alike, so that no two lists make the same text.
func lines(all ...string) []byte { return []byte(strings.Join(all, "\n") + "\n") }

func accountText(id ledger.AccountID) string { return fmt.Sprintf("%016x", uint64(id)) }

// StandingPayment is the id of the payment that a standing order makes for a
// due day (SPEC.md R84).
func StandingPayment(standing ledger.ID, due demurrage.Day) (id ledger.ID) {
	sum := sha256.Sum256([]byte("grulden-standing-payment\n" + standing.String() + "\n" + due.String()))
	copy(id[:], sum[:])
	return id
}

// IsDue tells whether a payment of the order is due on a day.
func (s *Standing) IsDue(day demurrage.Day) bool {
	if day < s.First || s.HasLast && day > s.Last {
		return false
	}
	if s.Every == Weekly {
		return (day-s.First)%7 == 0
	}
	wanted, date := s.First.Time().Day(), day.Time()
	lastOfMonth := time.Date(date.Year(), date.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return s.Every == Monthly && date.Day() == min(wanted, lastOfMonth)
}

// Verify checks a signature over a message. An Ed25519 signature is that of RFC
// 8032; one of P-256 is ECDSA over SHA-256, r and s of 32 bytes each, as
// WebCrypto makes it.
func Verify(key PublicKey, message, sig []byte) bool {
	if len(sig) != ed25519.SignatureSize {
		return false
	}
	switch key.Alg {
	case ledger.Ed25519:
		return len(key.Bytes) == ed25519.PublicKeySize && ed25519.Verify(key.Bytes, message, sig)
	case ledger.P256:
		point, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), key.Bytes)
		if err != nil {
			return false
		}
		sum := sha256.Sum256(message)
		return ecdsa.Verify(point, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:]))
	}
	return false
}

// How far a proof may be from its payment.
const (
	proofSeconds = 5 * 60 // a payment is made within so many seconds of its signature
	standingDays = 31     // and one of a standing order at most so many days after it was due
)

// Timely tells whether a proof belongs to the time at which its payment is
// made: within five minutes of the signature, or for a standing order on the
// day it was due or up to a month later.
func (p *Proof) Timely(now ledger.Moment) bool {
	if p.Standing == nil {
		return now.At.Sec-proofSeconds <= p.At && p.At <= now.At.Sec+proofSeconds
	}
	late := now.Day - p.Standing.Due
	return 0 <= late && late <= standingDays
}

// Proves tells whether a proof is a signature with a key under a payment, or
// under a standing order that has this payment made. The time is Timely's work.
func (p *Proof) Proves(key PublicKey, ledgerID string, pay ledger.Pay) bool {
	s := p.Standing
	if s == nil {
		return Verify(key, PayMessage(ledgerID, pay, p.At), p.Sig)
	}
	return p.fits(pay) && pay.ID == StandingPayment(s.ID, s.Due) && s.IsDue(s.Due) &&
		Verify(key, StandingMessage(ledgerID, *s), p.Sig)
}

// fits tells whether a standing order agrees with its proof and the payment
// where they say the same, so that a record need say it only once.
func (p *Proof) fits(pay ledger.Pay) bool {
	s := p.Standing
	return s == nil || s.At == p.At && s.From == pay.From && s.To == pay.To && s.Amount == pay.Amount &&
		(s.HasLast || s.Last == 0)
}
