package bank

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/shopspring/decimal"

	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/internal/store"
	"grulden/ledger"
)

// Outcome is what an import found and did.
type Outcome struct {
	Statements []Statement `json:"statements"`
	Entries    []*Entry    `json:"entries"`  // each once, in about the order of the file; of Import only
	Repeated   int         `json:"repeated"` // how many stood in this file once more
	Totals     []Total     `json:"totals"`   // by state, those without entries left out

	// Reconciliation is what the bank has now held against what it should have;
	// nil before the first statement.
	Reconciliation *Reconciliation `json:"reconciliation,omitempty"`
}

// Statement is one statement of the file. Of one that is not about the reserve
// account in euro the entries are kept, and nothing is done with them.
type Statement struct {
	Notice   bool   `json:"notice,omitempty"` // a notification, which has no balances
	ID       string `json:"id"`
	Account  string `json:"account"`
	Currency string `json:"currency"`
	From     Date   `json:"from,omitzero"`
	To       Date   `json:"to,omitzero"`
	Opening  string `json:"opening,omitempty"` // balance, in the currency
	Closing  string `json:"closing,omitempty"`
	Closes   Date   `json:"closes,omitzero"` // the day of the closing balance
	Entries  int    `json:"entries"`
	Reason   Reason `json:"reason,omitempty"` // why nothing was done with it
}

// AheadError says that a file tells of a day that is still to come.
type AheadError struct {
	Day, Today Date
}

// Error implements error.
func (e *AheadError) Error() string {
	return fmt.Sprintf("the file tells of %v, and today is %v", e.Day, e.Today)
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

// chunk is how many entries are taken in at a time. In between others may use
// the bank.
const chunk = 1000

// anySize reads a file of any length: what is in memory is a chunk, and a mark
// for each entry that was seen. Whoever lets strangers send files bounds them.
var anySize = sepa.Limits{Bytes: math.MaxInt64, Entries: math.MaxInt}

// Import is ImportFrom for a file in memory, and lists all its entries.
func (b *Bank) Import(ctx context.Context, file []byte, by record.ActorID) (*Outcome, error) {
	var all []*Entry
	o, err := b.ImportFrom(ctx, bytes.NewReader(file), by, func(e *Entry) error {
		all = append(all, e)
		return nil
	})
	if o != nil {
		o.Entries = all
	}
	return o, err
}

// ImportFrom takes in a bank statement (camt.053) or a notification (camt.054)
// of any length: it keeps every entry, issues Grulden for top-ups and settles
// the redemptions that were paid, each exactly once in whatever files an entry
// comes, and tells what became of each entry. Top-ups that wait for nothing but
// the next month are tried again.
//
// The file is read twice: a file that does not add up or is no statement is
// refused before anything of it is taken in (see sepa.Read), and so is one with
// a day that is still to come (*AheadError) and one without a statement of the
// reserve account (ErrOtherAccount, with an Outcome that lists them). After any later error what was done is done; importing the
// file again does the rest.
func (b *Bank) ImportFrom(ctx context.Context, file io.ReadSeeker, by record.ActorID, each func(*Entry) error) (*Outcome, error) {
	reserve, err := b.Reserve()
	if err != nil {
		return nil, err
	}
	i := &importer{
		bank: b, ctx: ctx, by: ID(by), reserve: reserve, today: Date(b.node.Today()), each: each,
		outcome: &Outcome{}, seen: map[ID]bool{}, totals: map[State]*Total{},
	}
	if err := sepa.Read(file, anySize, sepa.Visitor{Begin: i.list, Entry: i.count, End: i.closing}); err != nil {
		return nil, err
	}
	if !i.ours {
		return i.outcome, ErrOtherAccount
	}
	_, err = file.Seek(0, io.SeekStart)
	if err == nil {
		err = b.begin(i.outcome.Statements)
	}
	if err != nil {
		return nil, fmt.Errorf("bank import: %w", err)
	}
	err = sepa.Read(file, anySize, sepa.Visitor{Entry: i.take})
	if err == nil {
		err = i.flush()
	}
	if err == nil {
		err = i.retry()
	}
	if err == nil {
		err = b.retryKept(ctx)
	}
	if err == nil {
		i.outcome.Reconciliation, err = b.reconcile(i.outcome.Statements)
	}
	if err != nil {
		return nil, fmt.Errorf("bank import, to be done again: %w", err)
	}
	i.sum()
	return i.outcome, nil
}

// foreign is why a statement is not taken in, empty for one of ours. A
// statement without any amount may leave the currency out.
func foreign(s *sepa.Statement, reserve Reserve) Reason {
	switch {
	case s.Account != string(reserve.IBAN):
		return OtherAccount
	case s.Currency != euro && s.Currency != "":
		return OtherCurrency
	}
	return ""
}

// euro is the currency of the reserve.
const euro = "EUR"

func shown(balance decimal.NullDecimal) string {
	if !balance.Valid {
		return ""
	}
	return balance.Decimal.StringFixed(2)
}

// keepFresh writes new entries: what the bank said first, so that no row is
// ever without it.
func (b *Bank) keepFresh(fresh []*Entry, aliases map[ID]ID) error {
	docs := b.vault.NewBatch()
	for _, e := range fresh {
		docs.Put(b.subject, detailsDoc(e.ID), store.Row(e.Details))
	}
	if err := docs.Commit(); err != nil {
		return fmt.Errorf("keep bank entries: %w", err)
	}
	return b.saveWith(fresh, func(rows *store.Batch) {
		for _, e := range fresh {
			rows.Set(sameKey(e, e.ID), nil)
			rows.Set(toldKey(e.Notice), nil)
		}
		for from, to := range aliases {
			rows.Set(rowKey(aliasRow, from), store.Row(to))
		}
	})
}

// resume finishes what was cut short. Entries that waited for a person may have
// been matched by hand without a note of it; those that are only kept were not
// looked at yet.
func (b *Bank) resume(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	open, err := b.waitingEntries(Kept, Unmatched)
	if err != nil {
		return err
	}
	return b.handle(ctx, open)
}

// retryKept looks again at what waits for another entry, or for the fund to have
// a fee that goes back.
func (b *Bank) retryKept(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	kept, err := b.waitingEntries(Kept)
	if err != nil {
		return err
	}
	return b.handle(ctx, kept)
}

// waitingEntries are all entries in some states, with what the bank said.
func (b *Bank) waitingEntries(states ...State) (open []*Entry, err error) {
	s := b.node.Store().Snapshot()
	for _, state := range states {
		some, err := newest(s, state, Filter{Limit: 1 << 30})
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		open = append(open, some...)
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	for _, e := range open {
		if err := b.loadDetails(e); err != nil {
			return nil, err
		}
	}
	return open, nil
}
