package replay

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"

	"grulden/internal/vault"
	"grulden/ledger"
)

// Labels are the names of replayed accounts and owners. They lie in the vault,
// found by keyed hash, and lead to random ids; ids of payments and redemptions
// are keyed hashes of their labels. It is the Names of a replay into a store.
type Labels struct {
	vault    *vault.Vault
	accounts map[string]ledger.AccountID // read or made since opening
	owners   map[string]ledger.OwnerID
	fresh    *vault.Batch // made, and not kept yet
	err      error        // of the vault; told by Keep
}

// The kinds of lookup in the vault.
const (
	accountKind = "replayed account"
	ownerKind   = "replayed owner"
	paperKind   = "replayed payment or redemption"
	labelDoc    = "label"
)

// NewLabels are the labels in a vault.
func NewLabels(v *vault.Vault) *Labels {
	return &Labels{
		vault: v, fresh: v.NewBatch(),
		accounts: make(map[string]ledger.AccountID), owners: make(map[string]ledger.OwnerID),
	}
}

// Account implements Names: nought for a label never seen.
func (l *Labels) Account(label string) ledger.AccountID {
	if id, ok := l.accounts[label]; ok {
		return id
	}
	id := ledger.AccountID(l.lookup(accountKind, label))
	if id != 0 {
		l.accounts[label] = id
	}
	return id
}

// NewAccount implements Names: a label seen before keeps its id, so that the
// ledger can say that the account exists.
func (l *Labels) NewAccount(label string) ledger.AccountID {
	if id := l.Account(label); id != 0 {
		return id
	}
	id := ledger.AccountID(random())
	l.accounts[label] = id
	l.fresh.SetLookup(accountKind, label, binary.BigEndian.AppendUint64(nil, uint64(id)))
	l.fresh.Put(l.subject(id), labelDoc, []byte(label))
	return id
}

// Owner implements Names.
func (l *Labels) Owner(label string) ledger.OwnerID {
	if id, ok := l.owners[label]; ok {
		return id
	}
	id := ledger.OwnerID(l.lookup(ownerKind, label))
	if id == 0 {
		id = ledger.OwnerID(random())
		l.fresh.SetLookup(ownerKind, label, binary.BigEndian.AppendUint64(nil, uint64(id)))
	}
	l.owners[label] = id
	return id
}

// ID implements Names.
func (l *Labels) ID(label string) ledger.ID {
	return ledger.ID(l.vault.HMAC16(paperKind, label))
}

// Keep makes the labels given out since the last time durable. An account is
// named before it is opened, so one in the journal is never without its label.
func (l *Labels) Keep() error {
	if l.err != nil {
		return l.err
	}
	fresh := l.fresh
	l.fresh = l.vault.NewBatch()
	return fresh.Commit()
}

// Name is the label of an account, or a number for one that was not replayed.
func (l *Labels) Name(id ledger.AccountID) (string, error) {
	label, ok, err := l.vault.Get(l.subject(id), labelDoc)
	if !ok || err != nil {
		return fmt.Sprintf("account-%016x", uint64(id)), err
	}
	return string(label), nil
}

// subject is whom the label of an account is about.
func (l *Labels) subject(id ledger.AccountID) vault.Subject {
	return vault.Subject(l.vault.HMAC16("label of account", fmt.Sprintf("%016x", uint64(id))))
}

func (l *Labels) lookup(kind, label string) uint64 {
	value, ok, err := l.vault.Lookup(kind, label)
	if err != nil {
		l.err = err
	}
	if !ok || len(value) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(value)
}

// random makes an id that is not nought.
func random() uint64 {
	var b [8]byte
	for {
		_, _ = rand.Read(b[:]) // never fails
		if id := binary.BigEndian.Uint64(b[:]); id != 0 {
			return id
		}
	}
}
