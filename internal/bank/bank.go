package bank

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/sepa"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
)

// Errors of this package. A rule of the coin that says no is a *Refused.
var (
	ErrNoReserve         = errors.New("the reserve account is not set")
	ErrOtherAccount      = errors.New("no statement in the file is about the reserve account in euro")
	ErrUnknownEntry      = errors.New("there is no such bank entry")
	ErrNotMatchable      = errors.New("this bank entry is not a top-up that waits to be matched")
	ErrOverLimit         = errors.New("more than one person may top up in this month")
	ErrAlreadyIssued     = errors.New("this bank entry was issued to another account before")
	ErrUnknownRedemption = errors.New("no redemption with this id is waiting")
	ErrNotApproved       = errors.New("the redemption was not approved")
	ErrInBatch           = errors.New("the redemption is in a payment file; only when the bank did not pay it can it be rejected")
	ErrNothingToPay      = errors.New("no approved redemption can be paid")
	ErrUnknownBatch      = errors.New("there is no such payment file")
)

// Refused is the error of a command that a rule of the coin forbids.
type Refused struct{ Result ledger.Result }

// Error implements error.
func (r *Refused) Error() string { return "the ledger refused: " + r.Result.Code() }

// ID names a bank entry, a redemption or a person; as text it is 32
// hexadecimal digits.
type ID [16]byte

// String writes the ID in hexadecimal.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// ParseID reads what String writes.
func ParseID(s string) (ID, error) {
	id, err := ledger.ParseID(s)
	return ID(id), err
}

// MarshalText writes the ID as String does.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (id *ID) UnmarshalText(text []byte) (err error) {
	*id, err = ParseID(string(text))
	return err
}

// Date is a civil day that is written YYYY-MM-DD; zero is none and written as
// nothing.
type Date demurrage.Day

// String writes the day.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return demurrage.Day(d).String()
}

// MarshalText writes the day as String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = 0
		return nil
	}
	day, err := demurrage.ParseDay(string(text))
	*d = Date(day)
	return err
}

// Bank is the foundation's account as the ledger sees it. Its methods may be
// called from many goroutines.
type Bank struct {
	node    *node.Node
	vault   *vault.Vault
	people  *people.Directory
	rows    store.Space
	subject vault.Subject // whose key seals what the bank says and what it is told

	// mu is held over every change, so that what was read before a command is
	// still so when the command is given.
	mu sync.Mutex
}

// New opens the bank of a ledger, and finishes what an import or an export that
// was cut short has begun.
func New(n *node.Node, v *vault.Vault, p *people.Directory) (*Bank, error) {
	b := &Bank{node: n, vault: v, people: p, rows: n.Store().Space(store.Bank)}
	if err := b.findSubject(); err != nil {
		return nil, fmt.Errorf("open bank: %w", err)
	}
	if err := b.resume(context.Background()); err != nil {
		return nil, fmt.Errorf("finish the last bank import: %w", err)
	}
	return b, nil
}

// The keys of the bank's space, by their first byte:
//
//	s r                reserve account
//	s v                subject of the sealed documents
//	s n                number of the last batch
//	e entry            bank entry
//	i state day entry  index of the entries; no value
//	c redemption       the entry by which it was paid
//	a redemption       approval
//	p redemption       payment order it is in, for ever
//	o order            payment that is no redemption
//	x batch            batch of payment orders
//
// Values are JSON. Sealed in the vault, under one subject: what the bank says
// about an entry, the file of a batch, the reason of a rejection.
var (
	reserveKey = []byte("sr")
	subjectKey = []byte("sv")
	numberKey  = []byte("sn")
)

const (
	entryRow    = 'e'
	indexRow    = 'i'
	claimRow    = 'c'
	approvalRow = 'a'
	payoutRow   = 'p'
	batchRow    = 'x'
)

// rowKey is the key of a row of some kind.
func rowKey(kind byte, id ID) []byte { return append([]byte{kind}, id[:]...) }

// findSubject reads the subject of the bank's documents, and draws it once.
func (b *Bank) findSubject() error {
	found, err := b.rows.Read(subjectKey, (*ID)(&b.subject))
	if err != nil || found {
		return err
	}
	b.subject = vault.NewSubject()
	return b.rows.Put(subjectKey, store.Row(ID(b.subject)))
}

// Reserve is the foundation's own account, behind every Grulden.
type Reserve struct {
	IBAN sepa.IBAN `json:"iban"`
	BIC  string    `json:"bic,omitempty"` // Optional. Banks derive it from the IBAN.
	Name string    `json:"name"`          // of the foundation, as at its bank
}

// Reserve is the account that was set last, or ErrNoReserve.
func (b *Bank) Reserve() (r Reserve, err error) {
	found, err := b.rows.Read(reserveKey, &r)
	if err == nil && !found {
		err = ErrNoReserve
	}
	return r, err
}

// SetReserve sets the account. The IBAN may be written as people type it. What
// a payment file could not carry is refused.
func (b *Bank) SetReserve(r Reserve) error {
	iban, err := sepa.ParseIBAN(string(r.IBAN))
	if err != nil {
		return fmt.Errorf("reserve account: %w", err)
	}
	r.IBAN = iban
	if err := checkOrder(r, b.today(), probe); err != nil {
		return fmt.Errorf("reserve account: %w", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rows.Put(reserveKey, store.Row(r))
}

// probe is a payment with nothing wrong: a file with it alone is refused for
// what is wrong with the account that pays.
var probe = sepa.Payment{EndToEndID: "probe", Cents: 1, Name: "probe", IBAN: "NL61TEST9999999999", Text: "probe"}

// today is the present day as package sepa counts it.
func (b *Bank) today() sepa.Date { return sepa.Date(b.node.Today()) }
