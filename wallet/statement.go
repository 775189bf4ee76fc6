package wallet

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/ledger"
)

// ErrNoStatement is returned for a month before the account was opened or after
// the present one.
var ErrNoStatement = errors.New("there is no statement of that month")

// Statement is one month of an account. Opening, the amounts of the lines, and
// Melted taken off, make Closing to the cent.
type Statement struct {
	First, Last demurrage.Day // the month; of the present one, until today
	Open        bool          // the month is not over
	Opening     ledger.Cents  // as it was shown at the end of the day before First
	Lines       []Entry       // what moved money, oldest first
	// Melted is what demurrage took in the month. Below zero, it is a cent by
	// which roundings favoured the holder.
	Melted  ledger.Cents
	Closing ledger.Cents // as it was shown at the end of Last
	Earlier bool         // the account was there in the month before
}

// Statement makes the statement of a month. It reads the account's own entries
// from the first on, so it costs more the longer the account exists.
func (w *Wallet) Statement(id ledger.AccountID, year int, month time.Month) (Statement, error) {
	s := Statement{
		First: civilDay(year, month, 1), Last: civilDay(year, month+1, 1) - 1,
	}
	today := w.node.Today()
	if s.Last >= today {
		s.Last, s.Open = today, true
	}
	err := w.node.Read(func(v *node.View) error {
		a, err := v.Account(id)
		if err != nil {
			return err
		}
		if a == nil || s.First > today || s.Last < a.Opened {
			return ErrNoStatement
		}
		s.Earlier = s.First > a.Opened
		return s.fill(v, id)
	})
	if err != nil {
		return Statement{}, fmt.Errorf("make a statement: %w", err)
	}
	return s, nil
}

// fill carries the account forward to the beginning of the month, and then
// through it.
func (s *Statement) fill(v *node.View, id ledger.AccountID) error {
	entries, err := entriesOf(v, id)
	if err != nil {
		return err
	}
	past, index := ledger.NewPast(id), v.Head().Index
	begun := false
	begin := func() error {
		if begun {
			return nil
		}
		begun = true
		worth, err := past.Worth(index, s.First-1)
		s.Opening = ledger.ShownCents(worth)
		return err
	}
	moved := ledger.Cents(0)
	for _, seq := range entries {
		r, err := v.Record(seq)
		if err != nil {
			return err
		}
		if r.Moment.Day > s.Last {
			break
		}
		if r.Moment.Day >= s.First {
			line, shown, err := entryOf(v, id, r)
			if err := errors.Join(err, begin()); err != nil {
				return err
			}
			if shown {
				s.Lines = append(s.Lines, line)
				moved += line.moved()
			}
		}
		if err := past.Apply(&r.Entry); err != nil {
			return err
		}
	}
	if err := begin(); err != nil {
		return err
	}
	worth, err := past.Worth(index, s.Last)
	s.Closing = ledger.ShownCents(worth)
	s.Melted = s.Opening + moved - s.Closing
	return err
}

// moved is by how much an entry changed what its account has.
func (e Entry) moved() ledger.Cents {
	if e.Kind == Settled || e.Kind == Reopened {
		return 0 // it moved when euros were asked for
	}
	return e.Amount
}

// entriesOf lists the entries of an account, oldest first.
func entriesOf(v *node.View, id ledger.AccountID) (seqs []uint64, err error) {
	const page = 2000 // records at once
	for before := uint64(0); ; {
		records, err := v.History(id, before, page)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			seqs = append(seqs, r.Seq)
			before = r.Seq
		}
		if len(records) < page {
			slices.Reverse(seqs)
			return seqs, nil
		}
	}
}

// civilDay is a day of the calendar; months beyond December belong to the next
// year.
func civilDay(year int, month time.Month, day int) demurrage.Day {
	return demurrage.CivilDay(time.Date(year, month, day, 12, 0, 0, 0, civil.Zone))
}

// civilTime is when a record was made, by the clocks of the wijk.
func civilTime(r *record.Record) time.Time { return r.Moment.At.Time().In(civil.Zone) }
