package auth

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

// Factors are what members of staff show besides their PIN, or instead of it:
// passkeys, or an app that shows a new code every half minute (TOTP, RFC 6238).
type Factors struct {
	Passkeys []Passkey `json:"passkeys,omitempty"`
	Secret   string    `json:"secret,omitempty"` // of the app, in base 32
	Used     uint64    `json:"used,omitempty"`   // the last half minute whose code was accepted
}

// codeSeconds is how long an app shows a code, and codeDigits how long it is.
const (
	codeSeconds = 30
	codeDigits  = otp.DigitsSix
)

// MaxPasskeys is how many passkeys one person may have.
const MaxPasskeys = 10

// Errors of second factors.
var (
	ErrCode     = errors.New("not the code that the app shows now, or used before")
	ErrPasskey  = errors.New("this passkey is not known here")
	ErrPasskeys = errors.New("there are enough passkeys")
)

// ParseFactors reads what Encode wrote; of nothing, none.
func ParseFactors(doc []byte) (f Factors, err error) {
	if len(doc) == 0 {
		return f, nil
	}
	if err := json.Unmarshal(doc, &f); err != nil {
		return Factors{}, fmt.Errorf("read second factors: %w", err)
	}
	return f, nil
}

// Encode is the factors as a document. It holds a secret: to be sealed.
func (f Factors) Encode() ([]byte, error) {
	doc, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("write second factors: %w", err)
	}
	return doc, nil
}

// Any tells whether there is any to sign in with.
func (f Factors) Any() bool { return len(f.Passkeys) > 0 || f.Secret != "" }

// OfferedSize is how long a secret for an app is, in bytes.
const OfferedSize = 20

// Offer writes a secret for an app: as text to type, and as the address that a
// QR code holds. Until Confirm it opens nothing.
func Offer(raw []byte, issuer, account string) (secret, address string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: account, Period: codeSeconds, Digits: codeDigits, Secret: raw})
	if err != nil {
		return "", "", fmt.Errorf("write a secret: %w", err)
	}
	return key.Secret(), key.URL(), nil
}

// Confirm takes an offered secret into use once code shows that an app has it.
// Where there is an app already, it stays.
func (f *Factors) Confirm(raw []byte, code string, now time.Time) error {
	if len(raw) != OfferedSize || f.Secret != "" {
		return ErrCode
	}
	tried := Factors{Secret: base32.EncodeToString(raw)}
	if err := tried.Spend(code, now); err != nil {
		return err
	}
	f.Secret, f.Used = tried.Secret, tried.Used
	return nil
}

// Spend accepts the code of this half minute, the one before or the one after,
// each at most once: the caller keeps f when there is no error.
func (f *Factors) Spend(code string, now time.Time) error {
	if f.Secret == "" {
		return ErrCode
	}
	current := uint64(now.Unix()) / codeSeconds
	code = digitsOf(code)
	for step := current - 1; step <= current+1; step++ {
		want, err := hotp.GenerateCodeCustom(f.Secret, step, hotp.ValidateOpts{Digits: codeDigits, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return fmt.Errorf("make a code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && step > f.Used {
			f.Used = step
			return nil
		}
	}
	return ErrCode
}

// digitsOf drops the spaces that apps show in the middle of a code.
func digitsOf(code string) string {
	return string(slices.DeleteFunc([]byte(code), func(b byte) bool { return b == ' ' || b == '-' }))
}

// Keep adds a passkey, or the newer state of one that is there.
func (f *Factors) Keep(p Passkey) error {
	for i := range f.Passkeys {
		if bytes.Equal(f.Passkeys[i].Credential.ID, p.Credential.ID) {
			f.Passkeys[i].Credential = p.Credential
			return nil
		}
	}
	if len(f.Passkeys) >= MaxPasskeys {
		return ErrPasskeys
	}
	f.Passkeys = append(f.Passkeys, p)
	return nil
}

// Drop removes the passkey with an id, and tells whether there was one.
func (f *Factors) Drop(id string) bool {
	before := len(f.Passkeys)
	f.Passkeys = slices.DeleteFunc(f.Passkeys, func(p Passkey) bool { return p.ID() == id })
	return len(f.Passkeys) < before
}
