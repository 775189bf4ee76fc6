package sepa

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// PaymentFile is an order to the bank to pay out: pain.001.001.09, or .03, with
// one payment information block.
type PaymentFile struct {
	Version       int       // of the format: 9, or 3 for a bank that takes no newer one; 0 is 9
	MessageID     string    // our id of the file and of its one block, at most 35 SEPA characters; the caller never uses one twice
	Created       time.Time // written without zone, as its own clock shows it
	ExecutionDate Date      // a TARGET day, not before the day of Created
	DebtorName    string    // of the account that pays
	DebtorIBAN    IBAN
	DebtorBIC     string // Optional. Banks derive it from the IBAN.
	BatchBooking  bool   // ask for one debit for all payments; without it each can be matched on the statement
	Payments      []Payment
}

// Payment is one credit transfer in euro, inside the EEA.
type Payment struct {
	EndToEndID string // our id of the payment, at most 35 SEPA characters; comes back on statements and returns
	Cents      int64  // 1 to 99 999 999 999
	Name       string // of the account holder, at most 70 characters once transliterated
	IBAN       IBAN
	BIC        string // Optional.

	// Exactly one of these tells the payee what it is.
	Text      string // at most 140 characters once transliterated
	Reference string // an RF creditor reference that the payee gave
}

const (
	maxIDLength   = 35
	maxNameLength = 70
	maxTextLength = 140
	maxCents      = 99_999_999_999 // EPC132-08: at most 999 999 999.99
	maxPayments   = 100_000        // what Dutch banks take in one file
)

// WritePayments writes f as pain.001.001.09 or .03, after Check. The same f gives the
// same bytes. Names and texts are transliterated; identifiers are written as
// they are. No address is written: inside the EEA none is needed, and since
// November 2026 banks refuse unstructured ones.
func WritePayments(w io.Writer, f PaymentFile) error {
	if err := f.Check(); err != nil {
		return err
	}
	if _, err := w.Write(f.document()); err != nil {
		return fmt.Errorf("write payment file: %w", err)
	}
	return nil
}

// Total is the sum of the payments in cents. It is meaningful once Check has
// passed.
func (f PaymentFile) Total() int64 {
	var total int64
	for _, p := range f.Payments {
		total += p.Cents
	}
	return total
}

// Check applies the rules that a schema cannot express or that banks add, and
// returns all that is wrong, joined; each names the payment by its place and
// end-to-end id. That ids were never used in an earlier file is for the caller
// to know.
func (f PaymentFile) Check() error {
	errs := f.checkHead()
	first := map[string]int{}
	for i, p := range f.Payments {
		for _, err := range f.checkPayment(p) {
			errs = append(errs, fmt.Errorf("payment %d (%.40q): %w", i+1, p.EndToEndID, err))
		}
		if other, known := first[p.EndToEndID]; known {
			errs = append(errs, fmt.Errorf("payment %d (%.40q): has the end-to-end id of payment %d", i+1, p.EndToEndID, other))
		} else {
			first[p.EndToEndID] = i + 1
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("payment file: %w", err)
	}
	return nil
}

func (f PaymentFile) checkHead() []error {
	errs := []error{
		named("message id", checkID(f.MessageID)),
		named("debtor name", checkName(f.DebtorName)),
		named("debtor iban", f.DebtorIBAN.check()),
		named("debtor bic", checkBIC(f.DebtorBIC)),
	}
	if f.Version != 0 && f.Version != 3 && f.Version != 9 {
		errs = append(errs, fmt.Errorf("no version %d; 9 and 3 are known", f.Version))
	}
	if n := len(f.Payments); n == 0 || n > maxPayments {
		errs = append(errs, fmt.Errorf("%d payments, where 1 to %d are possible", n, maxPayments))
	}
	if y := f.Created.Year(); y < 2000 || y > 9998 {
		errs = append(errs, errors.New("no time of creation"))
	}
	if f.ExecutionDate < DateOf(f.Created) {
		errs = append(errs, fmt.Errorf("execution date %s is before the file was made", f.ExecutionDate))
	}
	if !IsTargetDay(f.ExecutionDate) {
		errs = append(errs, fmt.Errorf("banks are closed on execution date %s; the next open day is %s",
			f.ExecutionDate, NextTargetDay(f.ExecutionDate)))
	}
	return errs
}

func (f PaymentFile) checkPayment(p Payment) []error {
	errs := []error{
		named("end-to-end id", checkID(p.EndToEndID)),
		named("name", checkName(p.Name)),
		named("iban", p.IBAN.check()),
		named("bic", checkBIC(p.BIC)),
		p.checkRemittance(),
	}
	if p.EndToEndID == "NOTPROVIDED" {
		errs = append(errs, errors.New("end-to-end id: NOTPROVIDED means that there is none"))
	}
	if p.Cents < 1 || p.Cents > maxCents {
		errs = append(errs, fmt.Errorf("an amount of %s; 0.01 to %s is possible", centsText(p.Cents), centsText(maxCents)))
	}
	if p.IBAN == f.DebtorIBAN {
		errs = append(errs, errors.New("pays to the account it is paid from"))
	}
	if rule, known := sepaCountries[p.IBAN.Country()]; known && !rule.eea {
		errs = append(errs, errors.New("pays outside the EEA, where banks want an address, which this file never has"))
	}
	kept := errs[:0]
	for _, err := range errs {
		if err != nil {
			kept = append(kept, err)
		}
	}
	return kept
}

func (p Payment) checkRemittance() error {
	switch {
	case (p.Text == "") == (p.Reference == ""):
		return errors.New("needs either a text or a reference, and not both")
	case p.Reference != "":
		if !validRF(p.Reference) {
			return errors.New("reference: not a valid RF reference in upper case without spaces")
		}
	case !hasAlnum(Transliterate(p.Text)):
		return errors.New("text: no letter or digit in it")
	case len(Transliterate(p.Text)) > maxTextLength:
		return fmt.Errorf("text: longer than %d characters", maxTextLength)
	}
	return nil
}

// check finds an IBAN that did not come from ParseIBAN.
func (i IBAN) check() error {
	parsed, err := ParseIBAN(string(i))
	if err == nil && parsed != i {
		err = errors.New("not in upper case without spaces")
	}
	return err
}

// checkID applies EPC217-08 to an identifier: SEPA characters, no slash at
// either end, no double slash.
func checkID(id string) error {
	switch {
	case id == "" || len(id) > maxIDLength:
		return fmt.Errorf("must have 1 to %d characters", maxIDLength)
	case !onlyCharset(id) || strings.TrimSpace(id) != id:
		return errors.New("has a character that banks do not take, or a space at an end")
	case id[0] == '/' || id[len(id)-1] == '/' || strings.Contains(id, "//"):
		return errors.New("has a slash at an end, or two together")
	}
	return nil
}

func checkName(name string) error {
	switch n := Transliterate(name); {
	case !hasAlnum(n):
		return errors.New("no letter or digit in it")
	case len(n) > maxNameLength:
		return fmt.Errorf("longer than %d characters", maxNameLength)
	}
	return nil
}

var bicPattern = regexp.MustCompile(`^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$`)

func checkBIC(bic string) error {
	if bic != "" && !bicPattern.MatchString(bic) {
		return errors.New("not a BIC of 8 or 11 characters")
	}
	return nil
}

func hasAlnum(s string) bool {
	return squeeze(s) != ""
}

// named puts the field's name before an error, and leaves no error alone.
func named(field string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", field, err)
}
