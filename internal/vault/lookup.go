package vault

import (
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"grulden/internal/store"
)

// lookupKeys are the keys of lookups, all derived from one stored key.
type lookupKeys struct {
	index  []byte      // hashes texts to places
	hash16 []byte      // hashes texts for HMAC16
	values cipher.AEAD // seals what is found
}

// newLookupKeys derives the keys of lookups.
func newLookupKeys(root []byte) lookupKeys {
	return lookupKeys{
		index:  keyedHash(root, "key", "lookup index 1"),
		hash16: keyedHash(root, "key", "hash 16 1"),
		values: newSealer(keyedHash(root, "key", "lookup values 1")),
	}
}

// keyedHash is HMAC-SHA256 over kind and text; the length of kind goes first, so
// that no two pairs give the same bytes.
func keyedHash(key []byte, kind, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(binary.BigEndian.AppendUint32(nil, uint32(len(kind))))
	m.Write([]byte(kind))
	m.Write([]byte(text))
	return m.Sum(nil)
}

// place is where the value for a text is.
func (v *Vault) place(kind, text string) []byte { return keyedHash(v.lookup.index, kind, text) }

// Lookup finds the value that was set for a text; ok is false when there is
// none. Kind keeps different sorts of texts apart, such as "phone" and "iban".
// The text must be in its one normal form.
func (v *Vault) Lookup(kind, text string) (value []byte, ok bool, err error) {
	place := v.place(kind, text)
	sealed, ok, err := v.db.Space(store.Lookups).Get(place)
	if err != nil || !ok {
		return nil, false, err
	}
	value, ok = unseal(v.lookup.values, sealed, place)
	if !ok {
		return nil, false, fmt.Errorf("%w: lookup of a %s", ErrDamaged, kind)
	}
	return value, true, nil
}

// SetLookup makes Lookup find a value for a text. The value must not be personal
// data: it outlives the person unless DeleteLookup is called.
func (v *Vault) SetLookup(kind, text string, value []byte) error {
	b := v.NewBatch()
	b.SetLookup(kind, text, value)
	return b.Commit()
}

// DeleteLookup removes the value for a text; there need not be one.
func (v *Vault) DeleteLookup(kind, text string) error {
	b := v.NewBatch()
	b.DeleteLookup(kind, text)
	return b.Commit()
}

// HMAC16 turns a text into 16 bytes that are always the same in this ledger and
// that nobody without the master key can compute: an id made of something
// personal.
func (v *Vault) HMAC16(kind, text string) [16]byte {
	return [16]byte(keyedHash(v.lookup.hash16, kind, text))
}
