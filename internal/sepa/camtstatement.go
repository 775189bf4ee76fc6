package sepa

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

func (b rawBalance) isOpening() bool {
	code := strings.TrimSpace(b.Code)
	return code == "OPBD" || code == "PRCD"
}

func (b rawBalance) isClosing() bool {
	return strings.TrimSpace(b.Code) == "CLBD"
}

// readBalance takes the earliest opening and the latest closing balance: some
// banks give one of each for every day of a longer statement. Balances in
// another currency are for information and are passed over.
func (s *Statement) readBalance(raw rawBalance) error {
	if !raw.isOpening() && !raw.isClosing() {
		return nil
	}
	s.Currency = firstText(s.Currency, raw.Amount.Currency)
	if strings.TrimSpace(raw.Amount.Currency) != s.Currency {
		return nil
	}
	amount, day, err := raw.read()
	if err != nil {
		return fmt.Errorf("balance %.10q: %w", raw.Code, err)
	}
	if raw.isOpening() && (!s.Opening.Valid || day < s.OpeningDate) {
		s.Opening, s.OpeningDate = decimal.NewNullDecimal(amount), day
	}
	if raw.isClosing() && (!s.Closing.Valid || day >= s.ClosingDate) {
		s.Closing, s.ClosingDate = decimal.NewNullDecimal(amount), day
	}
	return nil
}

func (b rawBalance) read() (decimal.Decimal, Date, error) {
	amount, err := readDecimal(b.Amount.Text)
	if err != nil {
		return amount, 0, err
	}
	credit, err := readDirection(b.Direction)
	if err != nil {
		return amount, 0, err
	}
	day, err := b.Date.day()
	if !credit {
		amount = amount.Neg()
	}
	return amount, day, err
}

// checkBalance holds the sum of the booked entries against the balances.
func (s *Statement) checkBalance(sum decimal.Decimal) error {
	if !s.Opening.Valid || !s.Closing.Valid || s.Opening.Decimal.Add(sum).Equal(s.Closing.Decimal) {
		return nil
	}
	return &BalanceError{StatementID: s.ID, Opening: s.Opening.Decimal, Entries: sum, Closing: s.Closing.Decimal}
}

func (e Entry) signed() decimal.Decimal {
	if e.Credit {
		return decimal.New(e.Cents, -2)
	}
	return decimal.New(-e.Cents, -2)
}

// number is the IBAN, or the account number of another kind.
func (a rawAccount) number() string {
	return strings.ToUpper(strings.Join(strings.Fields(firstText(a.IBAN, a.Other)), ""))
}

// iban is the IBAN, also where the bank wrote it in the field for other
// account numbers; or empty.
func (a rawAccount) iban() string {
	if strings.TrimSpace(a.IBAN) == "" {
		if _, err := ParseIBAN(a.Other); err != nil {
			return ""
		}
	}
	return a.number()
}

// readDecimal reads an amount as ISO 20022 allows it: digits, at most five
// after the point, no sign. Lengths are bounded here, before any arithmetic.
func readDecimal(text string) (decimal.Decimal, error) {
	whole, part, _ := strings.Cut(strings.TrimSpace(text), ".")
	if whole == "" || len(whole) > 15 || len(part) > 5 || !allIn(whole+part, isDigit) {
		return decimal.Zero, fmt.Errorf("%.30q is not an amount", text)
	}
	return decimal.NewFromString(whole + "." + part + "0")
}

// cents reads an amount that must be in this currency and a whole number of
// cents.
func (a rawAmount) cents(currency string) (int64, error) {
	if strings.TrimSpace(a.Currency) != currency {
		return 0, fmt.Errorf("an amount in %.10q, where the account is in %.10q", a.Currency, currency)
	}
	d, err := readDecimal(a.Text)
	if err != nil {
		return 0, err
	}
	c := d.Shift(2)
	if !c.IsInteger() {
		return 0, fmt.Errorf("%s has part of a cent", d)
	}
	return c.IntPart(), nil
}

func readDirection(text string) (credit bool, err error) {
	switch strings.TrimSpace(text) {
	case "CRDT":
		return true, nil
	case "DBIT":
		return false, nil
	}
	return false, fmt.Errorf("neither credit nor debit but %.10q", text)
}

// day is the day as written, whichever of the two forms it has.
func (d rawDate) day() (Date, error) {
	return readDay(firstText(d.Day, d.Time))
}

// readDay reads an ISO date or date and time. The time and its zone are
// dropped: the bank's own calendar day is the one it books on. Empty gives
// zero.
func readDay(text string) (Date, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, nil
	}
	d, err := ParseDate(text[:min(len(text), len("2026-01-05"))])
	if err != nil {
		return 0, fmt.Errorf("%.30q: %w", text, err)
	}
	return d, nil
}

// oneLine trims s and makes each run of white space one space.
func oneLine(s string) string {
	return strings.Join(strings.Fields(s), " ")
}

// firstText is the first of these that is not blank, on one line.
func firstText(texts ...string) string {
	for _, t := range texts {
		if t = oneLine(t); t != "" {
			return t
		}
	}
	return ""
}
