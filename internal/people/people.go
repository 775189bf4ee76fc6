// Package people knows who is behind an account: residents, shops and staff,
// their cards and PINs, and the names that a replayed history uses.
//
// The ledger holds random ids only. Names, addresses and bank accounts are
// kept here, sealed with a key per person, so that a person can be erased while
// the ledger still adds up. What somebody may do is not decided here.
package people

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode"

	"grulden/internal/payreq"
	"grulden/internal/sepa"
	"grulden/internal/vault"
	"grulden/ledger"
)

// ID names a person. It is random and tells nothing; the ledger keeps it with
// what the person authorised.
type ID = vault.Subject

// Role is what a person is in the wijk. A person has one.
type Role string

// The roles. The ledger knows the first two, as the role of an account.
const (
	Resident  Role = "resident"
	Merchant  Role = "merchant"
	Desk      Role = "desk"      // adds people and helps them
	Treasurer Role = "treasurer" // handles the bank
	Evaluator Role = "evaluator" // reads the figures
	Cashier   Role = "cashier"   // works at a shop's till: charges and gives back, and sees no balance
	Helper    Role = "helper"    // pays for somebody who asked for it, within a limit

	Board         Role = "board"         // decides with another about rules, grants and roles
	Administrator Role = "administrator" // lets staff in and out, with another
)

// Roles lists every role.
func Roles() []Role {
	return []Role{Resident, Merchant, Desk, Treasurer, Evaluator, Cashier, Helper, Board, Administrator}
}

// HasPurse tells whether people of this role hold an account in the ledger.
func (r Role) HasPurse() bool { return r == Resident || r == Merchant }

// Longest names and addresses, in characters: a bank takes 70 of a name.
const (
	MaxName    = 70
	MaxAddress = 100
)

// Errors of this package.
var (
	ErrRole   = errors.New("no such role")
	ErrName   = errors.New("a person needs a name of at most 70 characters")
	ErrShop   = errors.New("a shop needs a name of at most 70 characters")
	ErrShown  = errors.New("not a name that a resident can show")
	ErrWorks  = errors.New("a cashier works for a shop")
	ErrIBAN   = errors.New("not an IBAN")
	ErrExists = errors.New("this person was added before")
	ErrNobody = errors.New("there is no such person")
)

// Person is a resident, a shop or a member of staff.
type Person struct {
	ID   ID     `json:"-"`
	Role Role   `json:"role"`
	Name string `json:"name"`
	Lang string `json:"lang"` // language of the pages: nl or en

	// In the ledger; zero for staff, who hold nothing.
	Account ledger.AccountID `json:"account,omitempty"`
	Owner   ledger.OwnerID   `json:"owner,omitempty"`

	// Of a shop.
	Shop    string `json:"shop,omitempty"`
	Address string `json:"address,omitempty"`
	// Contract is the day of its contract with the foundation, YYYY-MM-DD; empty:
	// not on file.
	Contract string `json:"contract,omitempty"`

	// Where the euros of a resident or a shop go to (see BankAccount).
	IBAN      string    `json:"iban,omitempty"`      // upper case, no spaces; empty: not on file
	BankName  string    `json:"bank_name,omitempty"` // of the holder, exactly as the bank has it
	NameCheck NameCheck `json:"name_check,omitzero"`
	Vouched   bool      `json:"vouched,omitempty"` // two people looked at IBAN and name

	// Works is the shop that a cashier works for.
	Works ID `json:"works,omitzero"`
	// Shown is what a resident lets others see who pay or are paid; empty: nothing.
	Shown string `json:"shown,omitempty"`
	// Stopped says that this login does not work, until it is let in again.
	Stopped bool `json:"stopped,omitempty"`

	// Reference is the RF reference that marks this person's bank transfers.
	Reference string    `json:"reference,omitempty"`
	Added     time.Time `json:"added"`
	// Serial counts the person's cards, and the times the login was stopped: a
	// session made with an older one ends.
	Serial uint32 `json:"serial"`
}

// Title is what others call this person: the shop's name, or the person's own.
func (p Person) Title() string {
	if p.Shop != "" {
		return p.Shop
	}
	return p.Name
}

// referenceDigits is the length of the random part of an RF reference. With
// RF and two check digits that makes four groups of four.
const referenceDigits = 12

// ReferenceLength is the length of every RF reference given out here.
const ReferenceLength = referenceDigits + 4

// Directory keeps people. It is safe for concurrent use.
type Directory struct {
	vault  *vault.Vault
	random io.Reader

	mu    sync.Mutex    // guards changes, and what follows
	cache map[ID]Person // some of those on disk
	all   map[ID]Person // everybody, once somebody asked for a list; nil before

	profiles  map[ID]Profile // of shops, as far as they were asked for
	shrinking sync.Mutex     // held while a picture is made small
}

// cached is how many people are kept in memory for quick answers.
const cached = 20_000

// New opens the directory in a vault.
func New(v *vault.Vault) *Directory {
	return &Directory{vault: v, random: rand.Reader, cache: make(map[ID]Person), profiles: make(map[ID]Profile)}
}

// NewID draws an id for a person who is to be added.
func NewID() ID { return vault.NewSubject() }

// Names of a person's documents, and kinds of lookups.
const (
	personDoc  = "person"
	loginDoc   = "login"
	factorsDoc = "factors"

	byLogin     = "login"
	byReference = "reference"
	byAccount   = "person account"
)

// Add adds a person with a new card, whose code it returns: the one time that
// it is seen. The caller has chosen p.ID, so that adding the same person twice
// gives ErrExists, and hashed the PIN; with no hash the card opens nothing until
// SetPIN. Ids in the ledger and the reference are
// made here, and the account must still be opened; a p that names an account of
// the ledger already, such as one that was replayed, keeps it.
func (d *Directory) Add(p Person, pinHash string, now time.Time) (Person, payreq.Code, error) {
	p, err := checked(p)
	if err != nil {
		return Person{}, 0, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, exists, err := d.read(p.ID); err != nil || exists {
		return Person{}, 0, errors.Join(err, errIf(exists, ErrExists))
	}
	code, err := d.newCode()
	if err != nil {
		return Person{}, 0, err
	}
	p.Added, p.Serial = now.UTC().Truncate(time.Second), 1
	b := d.vault.NewBatch()
	if p.Role.HasPurse() {
		if err := d.givePurse(&p); err != nil {
			return Person{}, 0, err
		}
		b.SetLookup(byAccount, accountText(p.Account), p.ID[:])
		b.SetLookup(byReference, p.Reference, p.ID[:])
	}
	if err := d.putLogin(b, p.ID, code, pinHash); err != nil {
		return Person{}, 0, err
	}
	return p, code, d.put(b, p)
}

func errIf(condition bool, err error) error {
	if condition {
		return err
	}
	return nil
}

// Check tells whether a person could be added as filled in: ErrRole, ErrName,
// ErrShop or ErrIBAN say what is wrong.
func Check(p Person) error {
	_, err := checked(p)
	return err
}

// checked brings what people typed into its one form, or refuses it.
func checked(p Person) (Person, error) {
	p.Name, p.Shop, p.Address = tidy(p.Name), tidy(p.Shop), tidy(p.Address)
	known := false
	for _, r := range Roles() {
		known = known || r == p.Role
	}
	switch {
	case !known:
		return p, ErrRole
	case p.Name == "" || len([]rune(p.Name)) > MaxName:
		return p, ErrName
	case p.Role == Merchant && p.Shop == "" || len([]rune(p.Shop)) > MaxName || len([]rune(p.Address)) > MaxAddress:
		return p, ErrShop
	case (p.Role == Cashier) != (p.Works != ID{}):
		return p, ErrWorks
	case p.Role != Merchant:
		p.Shop, p.Address, p.Contract = "", "", ""
	}
	if !p.Role.HasPurse() {
		p.IBAN, p.BankName, p.NameCheck, p.Vouched = "", "", NameCheck{}, false
	}
	if p.IBAN != "" {
		iban, err := sepa.ParseIBAN(p.IBAN)
		if err != nil {
			return p, fmt.Errorf("%w: %w", ErrIBAN, err)
		}
		p.IBAN = string(iban)
	}
	if p.Lang != "en" {
		p.Lang = "nl"
	}
	return p, nil
}

// tidy makes one space of every run of white space and other invisible
// characters, and drops the signs that turn the direction of writing: they
// would let a name look like another, or turn what stands after it.
func tidy(text string) string {
	text = strings.Map(func(r rune) rune {
		if turns(r) {
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.FieldsFunc(text, blank), " ")
}

// blank tells of white space and what is as good as that.
func blank(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == 0x200b || r == 0x2060 || r == 0xfeff || r == 0xfffd
}

// turns tells of signs that turn the direction of writing (U+200E, U+202E and
// their like).
func turns(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }

// givePurse draws the ids by which the ledger knows the person, and the
// reference by which the bank does.
func (d *Directory) givePurse(p *Person) error {
	var b [16]byte
	if _, err := io.ReadFull(d.random, b[:]); err != nil {
		return fmt.Errorf("draw ids for a person: %w", err)
	}
	if p.Account == 0 {
		p.Account = ledger.AccountID(binary.BigEndian.Uint64(b[:8]) | 1)
		p.Owner = ledger.OwnerID(binary.BigEndian.Uint64(b[8:]) | 1)
	}
	for {
		var r [8]byte
		if _, err := io.ReadFull(d.random, r[:]); err != nil {
			return fmt.Errorf("draw a reference: %w", err)
		}
		var err error
		p.Reference, err = sepa.MakeRF(fmt.Sprintf("%0*d", referenceDigits, binary.BigEndian.Uint64(r[:])%1e12))
		if err != nil {
			return err
		}
		if _, taken, err := d.vault.Lookup(byReference, p.Reference); err != nil || !taken {
			return err
		}
	}
}

// Update changes what is on file about a person: name, language, shop and
// address. Ids, role, reference, card and bank account stay as they are.
func (d *Directory) Update(id ID, change func(*Person)) (Person, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok, err := d.read(id)
	if err != nil || !ok {
		return Person{}, errors.Join(err, errIf(!ok, ErrNobody))
	}
	changed := p
	change(&changed)
	p.Name, p.Lang, p.Shop, p.Address, p.Contract = changed.Name, changed.Lang, changed.Shop, changed.Address, changed.Contract
	if p, err = checked(p); err != nil {
		return Person{}, err
	}
	return p, d.put(d.vault.NewBatch(), p)
}

// Stop shuts a login out, or lets it in again. Sessions that were begun before
// it was shut out end for good.
func (d *Directory) Stop(id ID, stopped bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok, err := d.read(id)
	if err != nil || !ok {
		return errors.Join(err, errIf(!ok, ErrNobody))
	}
	if stopped && !p.Stopped {
		p.Serial++
	}
	p.Stopped = stopped
	return d.put(d.vault.NewBatch(), p)
}

// ErrTraces is returned when a person was erased, but old files that hold the
// wrapped key could not be removed yet: the next start of the program does it.
var ErrTraces = errors.New("old files with traces of an erased person are left")

// Erase destroys all that is known of a person, and of who works for this shop.
// The ledger keeps the account, nobody's from then on. After ErrTraces the
// person is erased all the same. Others are not held up while the last traces
// are being removed, which takes seconds.
func (d *Directory) Erase(id ID) error {
	if err := d.erase(id); err != nil {
		return fmt.Errorf("erase a person: %w", err)
	}
	if err := d.vault.RemoveTraces(); err != nil {
		return fmt.Errorf("erase a person: %w: %w", ErrTraces, err)
	}
	return nil
}

func (d *Directory) erase(id ID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	gone := []ID{id}
	if p, ok, err := d.read(id); err != nil {
		return err
	} else if ok && p.Role == Merchant {
		cashiers, err := d.staff(id)
		if err != nil {
			return err
		}
		for _, c := range cashiers {
			gone = append(gone, c.ID)
		}
	}
	b := d.vault.NewBatch()
	for _, id := range gone {
		if err := d.leave(b, id); err != nil {
			return err
		}
	}
	if err := b.Write(); err != nil {
		return err
	}
	for _, id := range gone {
		delete(d.cache, id)
		delete(d.all, id)
		delete(d.profiles, id)
	}
	return nil
}

// leave takes a person out of everything; the lock is held.
func (d *Directory) leave(b *vault.Batch, id ID) error {
	p, ok, err := d.read(id)
	if err != nil {
		return err
	}
	b.Erase(id)
	if !ok {
		return nil
	}
	l, _, err := d.readLogin(id)
	if err != nil {
		return err
	}
	b.DeleteLookup(byLogin, l.Code)
	b.DeleteLookup(byAccount, accountText(p.Account))
	b.DeleteLookup(byReference, p.Reference)
	profile, err := d.profile(id)
	if err != nil {
		return err
	}
	b.DeleteLookup(byPicture, profile.Picture)
	return d.leaveHelp(b, id)
}

// Person finds a person by id.
func (d *Directory) Person(id ID) (p Person, ok bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.read(id)
}

// ByAccount finds the person behind an account; ok is false for an account of
// nobody known here, such as one that came with a replay.
func (d *Directory) ByAccount(account ledger.AccountID) (p Person, ok bool, err error) {
	return d.find(byAccount, accountText(account))
}

// ByReference finds the person whose bank transfers carry an RF reference,
// given in upper case without spaces.
func (d *Directory) ByReference(reference string) (p Person, ok bool, err error) {
	return d.find(byReference, reference)
}

func (d *Directory) find(kind, text string) (Person, bool, error) {
	value, ok, err := d.vault.Lookup(kind, text)
	if err != nil || !ok || len(value) != len(ID{}) {
		return Person{}, false, err
	}
	return d.Person(ID(value))
}

func accountText(a ledger.AccountID) string { return fmt.Sprintf("%016x", uint64(a)) }

// read finds a person; the lock is held.
func (d *Directory) read(id ID) (Person, bool, error) {
	if p, ok := d.cache[id]; ok {
		return p, true, nil
	}
	doc, ok, err := d.vault.Get(id, personDoc)
	if err != nil || !ok {
		return Person{}, false, err
	}
	p, err := parse(id, doc)
	if err != nil {
		return Person{}, false, err
	}
	d.remember(p)
	return p, true, nil
}

func parse(id ID, doc []byte) (Person, error) {
	p := Person{}
	if err := json.Unmarshal(doc, &p); err != nil {
		return Person{}, fmt.Errorf("read a person: %w", err)
	}
	p.ID = id
	return p, nil
}

// put writes a person together with what is in the batch; the lock is held.
func (d *Directory) put(b *vault.Batch, p Person) error {
	doc, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write a person: %w", err)
	}
	b.Put(p.ID, personDoc, doc)
	if err := b.Commit(); err != nil {
		return fmt.Errorf("write a person: %w", err)
	}
	d.remember(p)
	return nil
}

// remember keeps a person in memory; the lock is held.
func (d *Directory) remember(p Person) {
	if len(d.cache) >= cached {
		for id := range d.cache { // any one will do
			delete(d.cache, id)
			break
		}
	}
	d.cache[p.ID] = p
	if d.all != nil {
		d.all[p.ID] = p
	}
}
