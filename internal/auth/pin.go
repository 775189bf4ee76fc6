// Package auth answers three questions for the pages and the API: is this the
// right PIN, who is behind this session, and is somebody trying too often.
//
// A PIN is short, so it is never the only defence: it goes with a code of 45
// random bits on a card, is hashed slowly with a pepper that lies outside the
// database, and is guarded by a count of wrong tries that the server keeps.
// What a person may do is decided elsewhere, route by route.
package auth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The cost of one hash: RFC 9106's shape with the memory that the OWASP
// password storage page gives for two passes. About 60 ms on a small server.
const (
	argonPasses  = 2
	argonKiB     = 19 * 1024
	argonThreads = 1
	saltBytes    = 16
	hashBytes    = 32
)

// MinPIN and MaxPIN bound the number of digits of a PIN.
const (
	MinPIN = 4
	MaxPIN = 12
)

// ErrWeakPIN is returned for a PIN that is no PIN: not 4 to 12 digits, one
// digit repeated, or a run such as 1234.
var ErrWeakPIN = errors.New("a PIN is 4 to 12 digits, not all the same and not a run")

// errFormat is returned for a stored hash that this package did not write.
var errFormat = errors.New("stored PIN hash has an unknown form")

// Hasher hashes and checks PINs. Only a few hashes run at once, because each
// takes 19 MiB: a flood of logins waits in line and does not fill the memory.
type Hasher struct {
	pepper []byte
	random io.Reader
	slots  chan struct{}
	decoy  string // hash of a random PIN, for logins that do not exist
}

// NewHasher makes a Hasher. pepper is a secret that does not lie in the
// database; atOnce is how many hashes may run at the same time.
func NewHasher(pepper []byte, atOnce int, random io.Reader) (*Hasher, error) {
	h := &Hasher{pepper: pepper, random: random, slots: make(chan struct{}, atOnce)}
	secret := make([]byte, saltBytes)
	if _, err := io.ReadFull(random, secret); err != nil {
		return nil, fmt.Errorf("draw a decoy PIN: %w", err)
	}
	var err error
	h.decoy, err = h.hash(context.Background(), base64.RawStdEncoding.EncodeToString(secret))
	return h, err
}

// Hash gives what to store for a PIN, or ErrWeakPIN.
func (h *Hasher) Hash(ctx context.Context, pin string) (string, error) {
	if weak(pin) {
		return "", ErrWeakPIN
	}
	return h.hash(ctx, pin)
}

func (h *Hasher) hash(ctx context.Context, pin string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(h.random, salt); err != nil {
		return "", fmt.Errorf("draw a salt: %w", err)
	}
	sum, err := h.sum(ctx, pin, salt)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return hashPrefix + b64.EncodeToString(salt) + "$" + b64.EncodeToString(sum), nil
}

// hashPrefix is the PHC form of the cost above. Another cost will be another
// prefix beside it, so that old hashes stay readable.
var hashPrefix = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, argonKiB, argonPasses, argonThreads)

// Check tells whether pin is the PIN behind stored. An empty stored hash, for
// a login that does not exist, takes as long and is never right.
func (h *Hasher) Check(ctx context.Context, stored, pin string) (bool, error) {
	known := stored != ""
	if !known {
		stored = h.decoy
	}
	rest, ok := strings.CutPrefix(stored, hashPrefix)
	saltText, sumText, cut := strings.Cut(rest, "$")
	if !ok || !cut {
		return false, errFormat
	}
	salt, err := base64.RawStdEncoding.DecodeString(saltText)
	if err != nil {
		return false, errFormat
	}
	want, err := base64.RawStdEncoding.DecodeString(sumText)
	if err != nil {
		return false, errFormat
	}
	got, err := h.sum(ctx, pin, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

// sum waits for a free slot, or for ctx to end.
func (h *Hasher) sum(ctx context.Context, pin string, salt []byte) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to check a PIN: %w", ctx.Err())
	}
	mac := hmac.New(sha256.New, h.pepper)
	mac.Write([]byte(pin))
	return argon2.IDKey(mac.Sum(nil), salt, argonPasses, argonKiB, argonThreads, hashBytes), nil
}

// weak tells whether pin is refused. Runs and repeats are the first a thief
// tries within five tries.
func weak(pin string) bool {
	if len(pin) < MinPIN || len(pin) > MaxPIN {
		return true
	}
	same, up, down := true, true, true
	for i := range len(pin) {
		if pin[i] < '0' || pin[i] > '9' {
			return true
		}
		if i > 0 {
			step := int(pin[i]) - int(pin[i-1])
			same, up, down = same && step == 0, up && step == 1, down && step == -1
		}
	}
	return same || up || down
}
