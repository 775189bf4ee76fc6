package sepa

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/shopspring/decimal"
)

// Visitor is what Read hands over, as it comes: a statement's head, its entries,
// its end. Each function may be nil; an error from one ends the reading. The
// statement is the same one each time and has no Entries; at its end the
// balances were checked.
type Visitor struct {
	Begin func(*Statement) error
	Entry func(*Statement, Entry) error
	End   func(*Statement) error
}

// Read reads a camt.053 or camt.054 file of any version from 02 on, one entry
// at a time, so that a file of any length fits in memory. It stops at the first
// error.
//
// A statement with an opening and a closing balance that its booked entries do
// not explain is refused with a *BalanceError, at its end. Other errors wrap
// ErrTooLarge or ErrWrongMessage, or tell the line or the entry.
//
// An error may come after much was handed over, for instance when the file is
// cut off. Where all or nothing is wanted, read the file twice: once to see
// that it is whole, once to take it in.
func Read(r io.Reader, l Limits, v Visitor) error {
	dec := newDecoder(r, l)
	count := 0
	err := walkMessage(dec, []string{"BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn"}, func(start *xml.StartElement) error {
		name := start.Name.Local
		if name != "Stmt" && name != "Ntfctn" {
			return dec.Skip()
		}
		count++
		s := statementReader{dec: dec, visitor: v, seen: counter{}, Statement: Statement{Notice: name == "Ntfctn"}}
		if err := s.read(); err != nil {
			return fmt.Errorf("statement %d: %w", count, err)
		}
		return nil
	})
	if err == nil && count == 0 {
		err = fmt.Errorf("%w: there is no statement in it", ErrWrongMessage)
	}
	if err != nil {
		return fmt.Errorf("camt.053: %w", err)
	}
	return nil
}

// statementReader reads one statement. What tells which account it is stands
// before the entries, as the schemas have it.
type statementReader struct {
	Statement
	dec     *xml.Decoder
	visitor Visitor
	seen    counter
	begun   bool
	entries int             // Ntry elements so far
	sum     decimal.Decimal // of the booked entries in the account's currency
}

func (s *statementReader) read() error {
	if err := walkElement(s.dec, s.element); err != nil {
		return err
	}
	if err := s.begin(); err != nil {
		return err
	}
	if err := s.checkBalance(s.sum); err != nil {
		return err
	}
	if s.visitor.End == nil {
		return nil
	}
	return s.visitor.End(&s.Statement)
}

// element takes in one element of the statement.
func (s *statementReader) element(start *xml.StartElement) error {
	switch start.Name.Local {
	case "Id":
		return s.text(start, &s.ID)
	case "ElctrncSeqNb":
		return s.text(start, &s.Sequence)
	case "FrToDt":
		return s.period(start)
	case "Acct":
		return s.account(start)
	case "Bal":
		var raw rawBalance
		if err := s.dec.DecodeElement(&raw, start); err != nil {
			return err
		}
		return s.readBalance(raw)
	case "Ntry":
		s.entries++
		if err := s.entry(start); err != nil {
			return fmt.Errorf("entry %d: %w", s.entries, err)
		}
		return nil
	}
	return s.dec.Skip()
}

func (s *statementReader) text(start *xml.StartElement, into *string) error {
	var raw string
	err := s.dec.DecodeElement(&raw, start)
	*into = oneLine(raw)
	return err
}

func (s *statementReader) period(start *xml.StartElement) error {
	var raw rawPeriod
	err := s.dec.DecodeElement(&raw, start)
	if err != nil {
		return err
	}
	if s.From, err = readDay(raw.From); err != nil {
		return err
	}
	s.To, err = readDay(raw.To)
	return err
}

func (s *statementReader) account(start *xml.StartElement) error {
	var raw rawAccount
	err := s.dec.DecodeElement(&raw, start)
	if s.begun {
		return errors.Join(err, errors.New("the account comes after the entries"))
	}
	s.Account, s.Currency = raw.number(), firstText(raw.Currency, s.Currency)
	return err
}

// begin hands over the head, before the first entry or at the end.
func (s *statementReader) begin() error {
	if s.begun {
		return nil
	}
	s.begun = true
	if s.Account == "" {
		return errors.New("no account number")
	}
	if s.visitor.Begin == nil {
		return nil
	}
	return s.visitor.Begin(&s.Statement)
}

// entry hands over the entries in one Ntry. Where the bank leaves the account's
// currency out, it is that of the first entry.
func (s *statementReader) entry(start *xml.StartElement) error {
	var raw rawEntry
	if err := s.dec.DecodeElement(&raw, start); err != nil {
		return err
	}
	s.Currency = firstText(s.Currency, raw.Amount.Currency)
	if err := s.begin(); err != nil {
		return err
	}
	entries, err := raw.entries(strconv.Itoa(s.entries), s.Account)
	if err != nil {
		return err
	}
	s.seen.number(entries)
	for _, e := range entries {
		if e.Booked && e.Currency == s.Currency {
			s.sum = s.sum.Add(e.signed())
		}
		s.seen.set(&e, s.Account)
		if s.visitor.Entry == nil {
			continue
		}
		if err := s.visitor.Entry(&s.Statement, e); err != nil {
			return err
		}
	}
	return nil
}
