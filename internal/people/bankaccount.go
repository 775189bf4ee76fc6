package people

import (
	"errors"
	"fmt"
	"time"

	"grulden/internal/sepa"
)

// CheckResult is what a bank answered when it was asked whether a name belongs
// to an IBAN (Verification of Payee).
type CheckResult string

// The answers.
const (
	NameMatches  CheckResult = "match"
	NameClose    CheckResult = "close"        // nearly: a person compared the two
	NameDiffers  CheckResult = "none"         // the account is somebody else's
	NotCheckable CheckResult = "not-possible" // the bank could not tell
)

// CheckResults lists every answer.
func CheckResults() []CheckResult {
	return []CheckResult{NameMatches, NameClose, NotCheckable, NameDiffers}
}

// NameCheck is the last time that a bank was asked whether a name belongs to an
// IBAN. It says nothing about another name or another IBAN.
type NameCheck struct {
	On     time.Time   `json:"on,omitzero"`
	Result CheckResult `json:"result,omitempty"`
	By     ID          `json:"by,omitzero"` // who asked
}

// BankAccount is where somebody's euros go to.
type BankAccount struct {
	IBAN  string    // upper case, no spaces; empty: none
	Name  string    // of the holder, exactly as the bank has it
	Check NameCheck // zero: the bank was not asked
}

// Errors of bank accounts.
var (
	ErrHolder      = errors.New("a bank account needs its holder's name, of at most 70 characters")
	ErrCheckResult = errors.New("no such answer of a bank")
	ErrNoAccount   = errors.New("this person has no such bank account")
)

// BankAccount is what is on file; empty when nothing is.
func (p Person) BankAccount() BankAccount {
	return BankAccount{IBAN: p.IBAN, Name: p.BankName, Check: p.NameCheck}
}

// CheckBankAccount brings an account as typed into its one form, or says what
// is wrong with it: ErrIBAN, ErrHolder, ErrCheckResult.
func CheckBankAccount(a BankAccount) (BankAccount, error) {
	iban, err := sepa.ParseIBAN(a.IBAN)
	if err != nil {
		return a, fmt.Errorf("%w: %w", ErrIBAN, err)
	}
	a.IBAN, a.Name = string(iban), tidy(a.Name)
	if n := len([]rune(sepa.Transliterate(a.Name))); a.Name == "" || n > MaxName {
		return a, ErrHolder
	}
	a.Check.On = a.Check.On.UTC().Truncate(time.Second)
	return a, a.Check.check()
}

// check refuses an answer that no bank gives.
func (c NameCheck) check() error {
	if c == (NameCheck{}) {
		return nil
	}
	for _, r := range CheckResults() {
		if c.Result == r && !c.On.IsZero() {
			return nil
		}
	}
	return ErrCheckResult
}

// SetBankAccount puts the bank account of a resident or a shop on file, in the
// place of the one before. Two people looked at it: from then on euros may go
// there. Only this changes an account that is on file.
func (d *Directory) SetBankAccount(id ID, a BankAccount) (Person, error) {
	a, err := CheckBankAccount(a)
	if err != nil {
		return Person{}, err
	}
	return d.changeAccount(id, func(p *Person) error {
		if !p.Role.HasPurse() {
			return ErrRole
		}
		p.IBAN, p.BankName, p.NameCheck, p.Vouched = a.IBAN, a.Name, a.Check, true
		return nil
	})
}

// SetNameCheck keeps the answer of a new look at the account that is on file:
// ErrNoAccount when that is another one by now.
func (d *Directory) SetNameCheck(id ID, iban string, c NameCheck) (Person, error) {
	c.On = c.On.UTC().Truncate(time.Second)
	if err := c.check(); err != nil || c == (NameCheck{}) {
		return Person{}, ErrCheckResult
	}
	return d.changeAccount(id, func(p *Person) error {
		if p.IBAN == "" || p.IBAN != iban {
			return ErrNoAccount
		}
		p.NameCheck = c
		return nil
	})
}

// DoubtAccount forgets the bank's answer about an account that money came back
// from: somebody has to ask again before more goes there. For another account
// than the one on file, and for nobody, it does nothing.
func (d *Directory) DoubtAccount(id ID, iban string) error {
	_, err := d.changeAccount(id, func(p *Person) error {
		if p.IBAN == iban {
			p.NameCheck = NameCheck{}
		}
		return nil
	})
	if errors.Is(err, ErrNobody) {
		return nil
	}
	return err
}

func (d *Directory) changeAccount(id ID, change func(*Person) error) (Person, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok, err := d.read(id)
	if err != nil || !ok {
		return Person{}, errors.Join(err, errIf(!ok, ErrNobody))
	}
	if err := change(&p); err != nil {
		return Person{}, err
	}
	return p, d.put(d.vault.NewBatch(), p)
}
