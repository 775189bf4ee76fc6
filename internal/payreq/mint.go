package payreq

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"

	"grulden/ledger"
)

// Mint makes the payment ids that stand on a page before its button is shown,
// and recognises them when the form comes back. An id is bound to one account
// and one purpose, so that nobody can plant an id of his own in somebody
// else's form. It is not bound to a session: who is signed out and in again
// halfway still sends the same id, and pays once.
type Mint struct {
	key    []byte
	random io.Reader
}

// NewMint makes a mint. key is a secret of this server; random must be a
// cryptographic source.
func NewMint(key []byte, random io.Reader) *Mint { return &Mint{key: key, random: random} }

// New makes an id for account and purpose (a payment code, or a word for
// another kind of form), and the seal that proves it.
func (m *Mint) New(account ledger.AccountID, purpose string) (id ledger.ID, seal string, err error) {
	if _, err := io.ReadFull(m.random, id[:]); err != nil {
		return ledger.ID{}, "", fmt.Errorf("draw a payment id: %w", err)
	}
	return id, hex.EncodeToString(m.sum(account, purpose, id)), nil
}

// Valid tells whether New made id with this seal for account and purpose.
func (m *Mint) Valid(account ledger.AccountID, purpose string, id ledger.ID, seal string) bool {
	got, err := hex.DecodeString(seal)
	return err == nil && hmac.Equal(got, m.sum(account, purpose, id))
}

// Derived is the one id that account can use for purpose, always the same: who
// pays a link twice sends the same payment twice. Nobody without the key can
// know it beforehand.
func (m *Mint) Derived(account ledger.AccountID, purpose string) ledger.ID {
	mac := hmac.New(sha256.New, m.key)
	mac.Write([]byte("derived\n"))
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(account)))
	mac.Write([]byte(purpose))
	return ledger.ID(mac.Sum(nil)[:16])
}

func (m *Mint) sum(account ledger.AccountID, purpose string, id ledger.ID) []byte {
	mac := hmac.New(sha256.New, m.key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(account)))
	mac.Write(id[:]) // all but the last part have a fixed length, so nothing can be shifted
	mac.Write([]byte(purpose))
	return mac.Sum(nil)[:16]
}
