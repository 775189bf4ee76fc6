package people

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"

	"grulden/internal/vault"
	"grulden/ledger"
)

// Labels are the names that a replayed history uses for accounts, owners,
// payments and redemptions. They may be people's names, so they are kept here
// and never in the journal.
//
// New labels are held in memory until Flush, which writes them all at once.
// Flush before the commands that use them go to the ledger: a label without an
// account does no harm, an account without a label could not be found again.
// A Labels is not safe for concurrent use.
type Labels struct {
	vault    *vault.Vault
	accounts map[string]ledger.AccountID // known so far
	owners   map[string]ledger.OwnerID
	batch    *vault.Batch
	err      error // the first one met; Flush returns it
}

// NewLabels opens the labels in a vault.
func NewLabels(v *vault.Vault) *Labels {
	l := &Labels{vault: v, batch: v.NewBatch()}
	l.forget()
	return l
}

// known bounds how many labels are kept in memory.
const known = 1 << 20

func (l *Labels) forget() {
	l.accounts = make(map[string]ledger.AccountID)
	l.owners = make(map[string]ledger.OwnerID)
}

// Kinds of labels: as document names and as kinds of lookups.
const (
	accountLabel = "account label"
	ownerLabel   = "owner label"
	idLabel      = "id label"
)

// Account gives the account with a label, zero when there is none.
func (l *Labels) Account(label string) ledger.AccountID {
	if id, ok := l.accounts[label]; ok {
		return id
	}
	id := ledger.AccountID(l.lookup(accountLabel, label))
	if id != 0 {
		l.accounts[label] = id
	}
	return id
}

// NewAccount gives the account with a label, and makes its id when there is
// none yet.
func (l *Labels) NewAccount(label string) ledger.AccountID {
	if id := l.Account(label); id != 0 {
		return id
	}
	id := ledger.AccountID(randomID())
	l.accounts[label] = id
	l.add(accountLabel, label, uint64(id))
	return id
}

// Owner gives the owner with a label, and makes its id when there is none yet.
func (l *Labels) Owner(label string) ledger.OwnerID {
	if id, ok := l.owners[label]; ok {
		return id
	}
	id := ledger.OwnerID(l.lookup(ownerLabel, label))
	if id == 0 {
		id = ledger.OwnerID(randomID())
		l.add(ownerLabel, label, uint64(id))
	}
	l.owners[label] = id
	return id
}

// ID gives the id of the payment or redemption with a label: a keyed hash, so
// that nothing need be stored.
func (l *Labels) ID(label string) ledger.ID { return ledger.ID(l.vault.HMAC16(idLabel, label)) }

func (l *Labels) lookup(kind, label string) uint64 {
	value, ok, err := l.vault.Lookup(kind, label)
	if err == nil && ok && len(value) != 8 {
		err = fmt.Errorf("%s has an unknown form", kind)
	}
	if err != nil || !ok {
		l.fail(err)
		return 0
	}
	return binary.BigEndian.Uint64(value)
}

func (l *Labels) fail(err error) {
	if l.err == nil {
		l.err = err
	}
}

// add puts a new label into the batch: a lookup from name to id, and a sealed
// document from id to name under a key of its own.
func (l *Labels) add(kind, label string, id uint64) {
	value := binary.BigEndian.AppendUint64(nil, id)
	l.batch.SetLookup(kind, label, value)
	l.batch.Put(l.subject(kind, id), kind, append(value[:8:8], label...))
}

// subject is whose key seals a label: one per label, found from its id.
func (l *Labels) subject(kind string, id uint64) vault.Subject {
	return vault.Subject(l.vault.HMAC16("subject of "+kind, fmt.Sprintf("%016x", id)))
}

func randomID() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the process instead
	return binary.BigEndian.Uint64(b[:]) | 1
}

// Flush writes the new labels to disk, and returns what went wrong since the
// last Flush.
func (l *Labels) Flush() error {
	if l.err == nil && l.batch.Len() > 0 {
		l.fail(l.batch.Commit())
	}
	l.batch = l.vault.NewBatch()
	err := l.err
	l.err = nil
	if err != nil || len(l.accounts)+len(l.owners) > known {
		l.forget() // what could not be written is not known
	}
	if err != nil {
		return fmt.Errorf("keep labels: %w", err)
	}
	return nil
}

// Name gives the label of an account; ok is false when it has none.
func (l *Labels) Name(id ledger.AccountID) (label string, ok bool, err error) {
	doc, ok, err := l.vault.Get(l.subject(accountLabel, uint64(id)), accountLabel)
	if err != nil || !ok {
		return "", false, err
	}
	_, label, err = readLabel(doc)
	return label, err == nil, err
}

// EraseAccount destroys the label of an account; there need not be one. The
// ledger keeps the account, nobody's from then on.
func (l *Labels) EraseAccount(id ledger.AccountID) error {
	label, ok, err := l.Name(id)
	if err != nil || !ok {
		return err
	}
	delete(l.accounts, label)
	b := l.vault.NewBatch()
	b.DeleteLookup(accountLabel, label)
	b.Erase(l.subject(accountLabel, uint64(id)))
	if err := b.Commit(); err != nil {
		return fmt.Errorf("erase a label: %w", err)
	}
	return nil
}

// AllAccounts gives the label of every account that has one.
func (l *Labels) AllAccounts() (map[ledger.AccountID]string, error) {
	all, err := allLabels[ledger.AccountID](l.vault, accountLabel)
	if err != nil {
		return nil, fmt.Errorf("list labels of accounts: %w", err)
	}
	return all, nil
}

// AllOwners gives the label of every owner that has one.
func (l *Labels) AllOwners() (map[ledger.OwnerID]string, error) {
	all, err := allLabels[ledger.OwnerID](l.vault, ownerLabel)
	if err != nil {
		return nil, fmt.Errorf("list labels of owners: %w", err)
	}
	return all, nil
}

func allLabels[K ~uint64](v *vault.Vault, kind string) (map[K]string, error) {
	all := make(map[K]string)
	err := v.AllNamed(kind, func(_ vault.Subject, name string, doc []byte) error {
		if name != kind {
			return nil
		}
		id, label, err := readLabel(doc)
		all[K(id)] = label
		return err
	})
	return all, err
}

func readLabel(doc []byte) (id uint64, label string, err error) {
	if len(doc) < 8 {
		return 0, "", fmt.Errorf("a stored label has an unknown form")
	}
	return binary.BigEndian.Uint64(doc), string(doc[8:]), nil
}
