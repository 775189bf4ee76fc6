package sepa

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// statement turns what was decoded into a Statement, and checks that it adds
// up.
func (r rawStatement) statement() (Statement, error) {
	s := Statement{ID: oneLine(r.ID), Sequence: oneLine(r.Sequence), Account: r.Account.number()}
	if s.Account == "" {
		return s, errors.New("no account number")
	}
	s.Currency = r.currency()
	var err error
	if s.From, err = readDay(r.From); err != nil {
		return s, err
	}
	if s.To, err = readDay(r.To); err != nil {
		return s, err
	}
	if err := s.readBalances(r.Balances); err != nil {
		return s, err
	}
	for i, raw := range r.Entries {
		entries, err := raw.entries(strconv.Itoa(i+1), s.Account, s.Currency)
		if err != nil {
			return s, fmt.Errorf("entry %d: %w", i+1, err)
		}
		s.Entries = append(s.Entries, entries...)
	}
	setFingerprints(&s)
	return s, s.checkBalance()
}

// currency is that of the account; where the bank leaves it out, that of the
// first amount which must be in it.
func (r rawStatement) currency() string {
	found := oneLine(r.Account.Currency)
	for _, b := range r.Balances {
		if b.isOpening() {
			found = firstText(found, b.Amount.Currency)
		}
	}
	for _, e := range r.Entries {
		found = firstText(found, e.Amount.Currency)
	}
	return found
}

func (b rawBalance) isOpening() bool {
	code := strings.TrimSpace(b.Code)
	return code == "OPBD" || code == "PRCD"
}

func (b rawBalance) isClosing() bool {
	return strings.TrimSpace(b.Code) == "CLBD"
}

// readBalances takes the earliest opening and the latest closing balance: some
// banks give one of each for every day of a longer statement. Balances in
// another currency are for information and are passed over.
func (s *Statement) readBalances(all []rawBalance) error {
	for _, raw := range all {
		if !raw.isOpening() && !raw.isClosing() || strings.TrimSpace(raw.Amount.Currency) != s.Currency {
			continue
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

func (s *Statement) checkBalance() error {
	if !s.Opening.Valid || !s.Closing.Valid {
		return nil
	}
	sum := decimal.Zero
	for _, e := range s.Entries {
		if e.Booked {
			sum = sum.Add(e.signed())
		}
	}
	if !s.Opening.Decimal.Add(sum).Equal(s.Closing.Decimal) {
		return &BalanceError{StatementID: s.ID, Opening: s.Opening.Decimal, Entries: sum, Closing: s.Closing.Decimal}
	}
	return nil
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
