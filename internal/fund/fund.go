// Package fund spends the wijkfonds: for which purposes, whether the promise to
// people with money problems is kept, and what came in.
//
// Theory. The ledger knows what the wijkfonds has and lets a grant not exceed
// it; it knows no purposes. Here every grant is kept with its purpose, before
// the ledger hears of it, under the ledger's own key of the command. A grant in
// the journal that has no purpose here was made past the two people who must
// agree, and counts as one that broke the promise.
//
// Whether money reaches people with money problems is said of a purpose and not
// of a person: two people decide, when the purpose is made, whether it is for
// them, and it stays so for ever. Nobody's income is asked, and there is no list
// of who is poor: what is kept here names nobody.
//
// Gifts have a purse of their own in the ledger: an account that belongs to
// nobody and from which only grants are paid.
//
// The package does not decide who may propose or agree; it refuses a grant that
// would break the promise unless a reason is given that everybody can read.
package fund

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"grulden/internal/node"
	"grulden/internal/store"
	"grulden/ledger"
)

// Role is the role of the gifts' purse in the ledger. No policy lets it redeem.
const Role = "fund"

// MaxText is how many characters the name of a purpose, or a reason, may have.
const MaxText = 200

// Errors of this package. A rule of the coin that says no is a *Refused.
var (
	ErrText    = errors.New("a purpose and a reason need a text of at most 200 characters")
	ErrPurpose = errors.New("there is no such purpose, or it has ended")
	ErrPromise = errors.New("this grant would break the promise of the wijkfonds")
	ErrShort   = errors.New("the wijkfonds has less than that")
	ErrAmount  = errors.New("a grant is above nought")
	ErrUsed    = errors.New("this key was used for another grant")
)

// Refused says which rule of the coin forbade a grant.
type Refused struct{ Result ledger.Result }

// Error names the rule.
func (e *Refused) Error() string { return "the ledger refused the grant: " + e.Result.Code() }

// ID names a purpose. Who makes it chooses it, so that making it twice makes one.
type ID [16]byte

// String writes the ID in 32 hexadecimal digits.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// MarshalText implements encoding.TextMarshaler.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (id *ID) UnmarshalText(text []byte) error {
	if len(text) != 2*len(id) {
		return ErrPurpose
	}
	if _, err := hex.Decode(id[:], text); err != nil {
		return ErrPurpose
	}
	return nil
}

// Purpose is what money of the wijkfonds is spent on.
type Purpose struct {
	ID    ID        `json:"id"`
	Name  string    `json:"name"` // public: never a person's
	Need  bool      `json:"need"` // it is for people with money problems; never changed
	Made  time.Time `json:"made"`
	Ended bool      `json:"ended,omitempty"` // no more grants for it
}

// Grant is money of the wijkfonds for somebody, who is not named here.
type Grant struct {
	Number  uint64       `json:"number"` // counts from one, without gaps
	Key     ledger.Key   `json:"key"`    // the ledger's key of the command, or the id of the payment
	Purpose ID           `json:"purpose"`
	Need    bool         `json:"need"` // as the purpose says
	Cents   ledger.Cents `json:"cents"`
	Gifts   bool         `json:"gifts"`              // paid from the gifts, and not from what melted
	Why     string       `json:"override,omitempty"` // it broke the promise, and this is why; public
	At      time.Time    `json:"at"`
	Seq     uint64       `json:"seq,omitempty"` // the entry in the journal; nought while it is being made
}

// Fund is the wijkfonds of one ledger. It is safe for concurrent use.
type Fund struct {
	node *node.Node
	rows store.Space

	mu    sync.Mutex // held over every change and over the tally
	tally *tally     // nil: not yet read
}

// The keys of the space, by their first byte:
//
//	p id      purpose
//	g number  grant
//	k key     the number of a grant
//	t         the tally so far
//	a         account and owner of the gifts' purse
const (
	purposeRow = 'p'
	grantRow   = 'g'
	keyRow     = 'k'
)

var (
	tallyKey = []byte("t")
	purseKey = []byte("a")
)

func purposeKey(id ID) []byte { return append([]byte{purposeRow}, id[:]...) }

func grantKey(number uint64) []byte { return binary.BigEndian.AppendUint64([]byte{grantRow}, number) }

func numberKey(k ledger.Key) []byte { return append([]byte{keyRow}, k[:]...) }

// New opens the wijkfonds of a ledger.
func New(n *node.Node) *Fund { return &Fund{node: n, rows: n.Store().Space(store.Fund)} }

// Text brings a public text into its one form, or refuses it with ErrText.
func Text(s string) (string, error) {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" || utf8.RuneCountInString(s) > MaxText {
		return "", ErrText
	}
	return s, nil
}

// AddPurpose makes a purpose. One that is there stays as it was.
func (f *Fund) AddPurpose(p Purpose) error {
	var err error
	if p.Name, err = Text(p.Name); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var before Purpose
	if found, err := f.rows.Read(purposeKey(p.ID), &before); found || err != nil {
		return err
	}
	p.Made = f.node.Now().UTC()
	return f.rows.Put(purposeKey(p.ID), store.Row(p))
}

// EndPurpose lets no more grants be made for a purpose.
func (f *Fund) EndPurpose(id ID) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, err := f.Purpose(id)
	if err != nil {
		return err
	}
	p.Ended = true
	return f.rows.Put(purposeKey(id), store.Row(p))
}

// Purpose finds a purpose, or gives ErrPurpose.
func (f *Fund) Purpose(id ID) (p Purpose, err error) {
	found, err := f.rows.Read(purposeKey(id), &p)
	if err == nil && !found {
		err = ErrPurpose
	}
	return p, err
}

// Purposes lists every purpose, in no order of meaning.
func (f *Fund) Purposes() (all []Purpose, err error) {
	err = f.rows.Scan([]byte{purposeRow}, func(_, row []byte) error {
		var p Purpose
		if err := store.ParseRow(row, &p); err != nil {
			return err
		}
		all = append(all, p)
		return nil
	})
	return all, err
}

// Grants lists every grant that was made here, the first one first.
func (f *Fund) Grants() (all []Grant, err error) {
	err = f.rows.Scan([]byte{grantRow}, func(_, row []byte) error {
		var g Grant
		if err := store.ParseRow(row, &g); err != nil {
			return err
		}
		all = append(all, g)
		return nil
	})
	return all, err
}

// Changes counts what was written since the start about purposes and grants.
func (f *Fund) Changes() uint64 { return f.node.Store().Changes(store.Fund) }
