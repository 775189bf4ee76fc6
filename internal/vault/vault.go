package vault

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"

	"grulden/internal/store"
)

var (
	// ErrWrongMasterKey: the vault was made with another master key.
	ErrWrongMasterKey = errors.New("this is not the master key of this ledger")
	// ErrDamaged: something in the vault is not what was put there.
	ErrDamaged = errors.New("stored personal data is damaged")
	// ErrErased: the subject has been erased and stays so.
	ErrErased = errors.New("person has been erased")
)

// subjectSize is the length of a Subject in bytes.
const subjectSize = 16

// Subject stands for one person. It is random and says nothing about them.
type Subject [subjectSize]byte

// NewSubject is a fresh subject.
func NewSubject() (s Subject) {
	_, _ = rand.Read(s[:]) // never fails: it ends the process instead
	return s
}

// String is the subject in hexadecimal.
func (s Subject) String() string { return hex.EncodeToString(s[:]) }

// MarshalText implements encoding.TextMarshaler: documents name others so.
func (s Subject) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, s[:]), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Subject) UnmarshalText(text []byte) error {
	b, err := hex.AppendDecode(nil, text)
	if err != nil || len(b) != subjectSize {
		return fmt.Errorf("%q names no subject", text)
	}
	*s = Subject(b)
	return nil
}

// Keys in the space of vault keys that are not subjects; subjects have 16 bytes.
var (
	rootKey  = []byte("root")  // the wrapped key of lookups
	purgeKey = []byte("purge") // there while erased keys may be in old files
)

// erasedMark is stored in the place of the wrapped key of an erased subject.
var erasedMark = []byte{0}

// What wrapped keys and documents are about, for authentication.
const (
	aboutKey = "grulden vault key 1\x00"
	aboutDoc = "grulden vault document 1\x00"
)

// Vault keeps personal data in a store. Its methods may be called from many
// goroutines.
type Vault struct {
	db     *store.DB
	master cipher.AEAD
	id     [checkSize]byte // of the master key
	lookup lookupKeys

	// mu is held over every change, so that two writers never make two keys for
	// one subject.
	mu       sync.Mutex
	erasures int        // since the vault was opened; guarded by mu
	purging  sync.Mutex // held while traces are removed
}

// New opens the vault in a store, and makes it when the store is new. It returns
// ErrWrongMasterKey when the vault was made with another master key. When an
// erasure was cut short, New finishes it.
func New(db *store.DB, mk MasterKey) (*Vault, error) {
	v := &Vault{db: db, master: newSealer(mk.key[:]), id: mk.id()}
	root, ok, err := v.unwrap(rootKey)
	if err != nil {
		return nil, err
	}
	if !ok {
		if root, err = v.makeRoot(); err != nil {
			return nil, err
		}
	}
	v.lookup = newLookupKeys(root)
	return v, v.finishErasures()
}

// makeRoot makes the key of lookups in a vault that has nothing in it yet.
func (v *Vault) makeRoot() ([]byte, error) {
	keys := v.db.Space(store.VaultKeys)
	err := keys.Scan(nil, func(_, _ []byte) error { return fmt.Errorf("%w: its first key is missing", ErrDamaged) })
	if err != nil {
		return nil, err
	}
	root := newKey()
	return root, keys.Put(rootKey, v.wrap(rootKey, root))
}

// newKey is a fresh random key.
func newKey() []byte {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails: it ends the process instead
	return key
}

// wrap seals a key under the master key: the id of the master key, then the
// sealed key. The id tells a wrong master key from damage.
func (v *Vault) wrap(name, key []byte) []byte {
	return append(v.id[:len(v.id):len(v.id)], seal(v.master, key, append([]byte(aboutKey), name...))...)
}

// unwrap reads and unseals a key; ok is false when there is none.
func (v *Vault) unwrap(name []byte) (key []byte, ok bool, err error) {
	wrapped, ok, err := v.db.Space(store.VaultKeys).Get(name)
	if err != nil || !ok {
		return nil, false, err
	}
	if bytes.Equal(wrapped, erasedMark) {
		return nil, false, ErrErased
	}
	if len(wrapped) < checkSize {
		return nil, false, fmt.Errorf("%w: key", ErrDamaged)
	}
	if [checkSize]byte(wrapped[:checkSize]) != v.id {
		return nil, false, ErrWrongMasterKey
	}
	key, ok = unseal(v.master, wrapped[checkSize:], append([]byte(aboutKey), name...))
	if !ok || len(key) != keySize {
		return nil, false, fmt.Errorf("%w: key", ErrDamaged)
	}
	return key, true, nil
}

// docKey is the place of a document in the space of documents.
func docKey(s Subject, name string) []byte { return append(s[:len(s):len(s)], name...) }

// aboutDocument is what a document's ciphertext is bound to. The subject has a
// fixed length, so that no two documents share it.
func aboutDocument(s Subject, name string) []byte {
	return append(append([]byte(aboutDoc), s[:]...), name...)
}

// Put stores a document of a subject under a name, in the place of the one that
// was there. It returns ErrErased when the subject has been erased.
func (v *Vault) Put(s Subject, name string, doc []byte) error {
	b := v.NewBatch()
	b.Put(s, name, doc)
	return b.Commit()
}

// Get reads a document; ok is false when there is none, or none any more. It
// returns ErrDamaged when the stored bytes are not what Put stored there.
func (v *Vault) Get(s Subject, name string) (doc []byte, ok bool, err error) {
	sealer, ok, err := v.sealer(s)
	if err != nil || !ok {
		return nil, false, err
	}
	sealed, ok, err := v.db.Space(store.VaultDocs).Get(docKey(s, name))
	if err != nil || !ok {
		return nil, false, err
	}
	doc, ok = unseal(sealer, sealed, aboutDocument(s, name))
	if !ok {
		return nil, false, fmt.Errorf("%w: %s of %v", ErrDamaged, name, s)
	}
	return doc, true, nil
}

// sealer is the cipher of a subject; ok is false when it has no key, or none any
// more.
func (v *Vault) sealer(s Subject) (c cipher.AEAD, ok bool, err error) {
	key, ok, err := v.unwrap(s[:])
	if errors.Is(err, ErrErased) {
		return nil, false, nil
	}
	if err != nil || !ok {
		return nil, false, err
	}
	return newSealer(key), true, nil
}

// Docs calls fn for every document of a subject, by name. The first error of fn
// ends it and is returned, except store.Stop.
func (v *Vault) Docs(s Subject, fn func(name string, doc []byte) error) error {
	return v.DocsNamed(s, "", fn)
}

// DocsNamed is Docs for those whose name starts with prefix.
func (v *Vault) DocsNamed(s Subject, prefix string, fn func(name string, doc []byte) error) error {
	return v.docs(docKey(s, prefix), "", func(_ Subject, name string, doc []byte) error { return fn(name, doc) })
}

// All calls fn for every document in the vault, by subject and name. The first
// error of fn ends it and is returned, except store.Stop.
func (v *Vault) All(fn func(s Subject, name string, doc []byte) error) error {
	return v.docs(nil, "", fn)
}

// AllNamed is All for those whose name starts with prefix. It looks at every
// place and opens only these.
func (v *Vault) AllNamed(prefix string, fn func(s Subject, name string, doc []byte) error) error {
	return v.docs(nil, prefix, fn)
}

// docs walks the documents whose places start with place and whose names start
// with prefix.
func (v *Vault) docs(place []byte, prefix string, fn func(s Subject, name string, doc []byte) error) error {
	var last Subject
	var sealer cipher.AEAD // of last
	return v.db.Space(store.VaultDocs).Scan(place, func(key, sealed []byte) error {
		if len(key) < subjectSize {
			return fmt.Errorf("%w: a document of nobody", ErrDamaged)
		}
		s, name := Subject(key[:subjectSize]), string(key[subjectSize:])
		if !strings.HasPrefix(name, prefix) {
			return nil
		}
		if sealer == nil || s != last {
			c, ok, err := v.sealer(s)
			if err != nil {
				return err
			}
			if !ok {
				return nil // erased while we walk
			}
			last, sealer = s, c
		}
		doc, ok := unseal(sealer, sealed, aboutDocument(s, name))
		if !ok {
			return fmt.Errorf("%w: %s of %v", ErrDamaged, name, s)
		}
		return fn(s, name, doc)
	})
}
