package bank

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/ledger"
)

// Outcome is what an import found and did.
type Outcome struct {
	Statements []Statement `json:"statements"`
	Entries    []*Entry    `json:"entries"`  // of the reserve account, in the order of the file, each once
	Repeated   int         `json:"repeated"` // how many stood in this file once more
	Totals     []Total     `json:"totals"`   // by state, those without entries left out
}

// Statement is one statement of the file. What is not about the reserve account
// in euro is listed and not taken in.
type Statement struct {
	ID       string `json:"id"`
	Account  string `json:"account"`
	Currency string `json:"currency"`
	From     Date   `json:"from,omitzero"`
	To       Date   `json:"to,omitzero"`
	Opening  string `json:"opening,omitempty"` // balance, in the currency
	Closing  string `json:"closing,omitempty"`
	Entries  int    `json:"entries"`
	Reason   Reason `json:"reason,omitempty"` // why it was not taken in
}

// Total adds up the entries of one state.
type Total struct {
	State State        `json:"state"`
	Count int          `json:"count"`
	New   int          `json:"new"` // taken in or changed by this import
	In    ledger.Cents `json:"in"`  // cents that came in
	Out   ledger.Cents `json:"out"` // cents that left
}

// Total is that of one state, with nothing in it when there are no entries.
func (o *Outcome) Total(s State) Total {
	for _, t := range o.Totals {
		if t.State == s {
			return t
		}
	}
	return Total{State: s}
}

// Import takes in a bank statement (camt.053): it keeps every entry on the
// reserve account, issues Grulden for top-ups and settles the redemptions that
// were paid, each exactly once in whatever files an entry comes, and tells what
// became of each entry. Top-ups that could not be matched are tried again.
//
// A file that does not add up, is too large or is no statement is refused as a
// whole (see sepa.ReadStatements), and so is one without a statement of the
// reserve account (ErrOtherAccount, with an Outcome that lists them). After any
// later error what was done is done; importing the file again does the rest.
func (b *Bank) Import(ctx context.Context, file []byte, by record.ActorID) (*Outcome, error) {
	statements, err := sepa.ReadStatements(bytes.NewReader(file), sepa.Limits{})
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	reserve, err := b.Reserve()
	if err != nil {
		return nil, err
	}
	o := &Outcome{}
	if !o.take(statements, reserve) {
		return o, ErrOtherAccount
	}
	entries, err := b.keep(o, statements, by)
	if err != nil {
		return nil, err
	}
	if err := b.handle(ctx, entries); err != nil {
		return nil, fmt.Errorf("bank import, to be done again: %w", err)
	}
	o.add()
	return o, nil
}

// take lists the statements, and tells whether any is ours.
func (o *Outcome) take(statements []sepa.Statement, reserve Reserve) (ours bool) {
	for _, s := range statements {
		line := Statement{
			ID: s.ID, Account: s.Account, Currency: s.Currency, From: Date(s.From), To: Date(s.To),
			Opening: shown(s.Opening), Closing: shown(s.Closing), Entries: len(s.Entries), Reason: foreign(s, reserve),
		}
		o.Statements = append(o.Statements, line)
		ours = ours || line.Reason == ""
	}
	return ours
}

// foreign is why a statement is not taken in, empty for one of ours. A
// statement without any amount may leave the currency out.
func foreign(s sepa.Statement, reserve Reserve) Reason {
	switch {
	case s.Account != string(reserve.IBAN):
		return OtherAccount
	case s.Currency != "EUR" && (s.Currency != "" || len(s.Entries) > 0):
		return OtherCurrency
	}
	return ""
}

func shown(balance decimal.NullDecimal) string {
	if !balance.Valid {
		return ""
	}
	return balance.Decimal.StringFixed(2)
}

// keep lists the entries of our statements, and puts those that are new on
// disk before anything is done with them.
func (b *Bank) keep(o *Outcome, statements []sepa.Statement, by record.ActorID) ([]*Entry, error) {
	known := map[ID]bool{}
	var kept, fresh []*Entry
	for i, s := range statements {
		if o.Statements[i].Reason != "" {
			continue
		}
		for _, said := range s.Entries {
			e := newEntry(said)
			if !said.Booked {
				e.Seen = b.node.Now().UTC()
				o.Entries = append(o.Entries, e)
				continue
			}
			e.ID = b.vault.HMAC16("bank entry", said.Fingerprint)
			if known[e.ID] {
				o.Repeated++
				continue
			}
			known[e.ID] = true
			found, err := b.read(rowKey(entryRow, e.ID), e)
			if err != nil {
				return nil, err
			}
			if e.stored = e.State; !found {
				e.State, e.stored, e.Seen = Kept, "", b.node.Now().UTC()
				fresh = append(fresh, e)
			}
			if e.open() {
				e.By = ID(by) // what is done with it now, this one is answerable for
			}
			kept = append(kept, e)
			o.Entries = append(o.Entries, e)
		}
	}
	return kept, b.keepFresh(fresh)
}

// keepFresh writes new entries: what the bank said first, so that no row is
// ever without it.
func (b *Bank) keepFresh(fresh []*Entry) error {
	docs := b.vault.NewBatch()
	for _, e := range fresh {
		docs.Put(b.subject, detailsDoc(e.ID), encode(e.Details))
	}
	if err := docs.Commit(); err != nil {
		return fmt.Errorf("keep bank entries: %w", err)
	}
	return b.save(fresh)
}

// add makes the totals.
func (o *Outcome) add() {
	for _, s := range States() {
		t := Total{State: s}
		for _, e := range o.Entries {
			if e.State != s {
				continue
			}
			t.Count++
			if e.New {
				t.New++
			}
			if e.Credit {
				t.In += e.Cents
			} else {
				t.Out += e.Cents
			}
		}
		if t.Count > 0 {
			o.Totals = append(o.Totals, t)
		}
	}
}

// resume finishes what was cut short. Entries that waited for a person may have
// been matched by hand without a note of it; those that are only kept were not
// looked at yet.
func (b *Bank) resume(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var open []*Entry
	s := b.node.Store().Snapshot()
	for _, state := range []State{Kept, Unmatched} {
		some, err := newest(s, state, Filter{Limit: 1 << 30})
		if err != nil {
			return errors.Join(err, s.Close())
		}
		open = append(open, some...)
	}
	if err := s.Close(); err != nil {
		return err
	}
	for _, e := range open {
		if err := b.loadDetails(e); err != nil {
			return err
		}
	}
	return b.handle(ctx, open)
}
