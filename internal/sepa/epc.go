package sepa

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Transfer is a bank transfer that somebody is asked to make.
type Transfer struct {
	Name      string // of who is paid, at most 70 characters
	IBAN      IBAN
	BIC       string // Optional.
	Cents     int64  // nought: the payer fills in how much
	Reference string // RF reference
}

// maxTransferCode is how many bytes the code may have, so that every bank app
// can read it.
const maxTransferCode = 331

// Code is the text of the QR code by which a bank app fills in the transfer:
// EPC069-12 version 002, in UTF-8, lines ended by a line feed, empty lines at
// the end left out. It is drawn with error correction M.
func (t Transfer) Code() (string, error) {
	iban, err := ParseIBAN(string(t.IBAN))
	if err != nil {
		return "", fmt.Errorf("transfer: %w", err)
	}
	reference, err := ParseRF(t.Reference)
	if err != nil {
		return "", fmt.Errorf("transfer: %w", err)
	}
	name := oneLine(t.Name)
	if name == "" || utf8.RuneCountInString(name) > 70 || !utf8.ValidString(name) {
		return "", errors.New("transfer: a name has 1 to 70 characters")
	}
	if t.BIC != "" && !bicPattern.MatchString(t.BIC) {
		return "", fmt.Errorf("transfer: %q is no BIC", t.BIC)
	}
	amount := ""
	if t.Cents != 0 {
		if t.Cents < 0 || t.Cents > maxCents {
			return "", errors.New("transfer: an amount is 0.01 to 999999999.99 euro")
		}
		amount = "EUR" + centsText(t.Cents)
	}
	code := strings.Join([]string{"BCD", "002", "1", "SCT", t.BIC, name, string(iban), amount, "", reference}, "\n")
	if len(code) > maxTransferCode {
		return "", errors.New("transfer: too long for its code")
	}
	return code, nil
}
