package bank

import (
	"errors"

	"grulden/internal/record"
)

// Purpose is what a bank entry was assigned to by a person.
type Purpose string

// The purposes.
const (
	ForCash   Purpose = "cash"   // cash that was brought to the bank, or fetched there
	ForSource Purpose = "source" // money of a municipality or a fund, for many people
	ForCosts  Purpose = "costs"  // what the bank takes for its work
)

// ErrAssigned says that a bank entry was assigned to something else before.
var ErrAssigned = errors.New("this bank entry was assigned to something else before")

// Assign notes what an entry is that explains itself in no other way: money
// that came in and is nobody's top-up, or money that left and no redemption
// asked for. Doing it twice is no error; ErrAssigned when it was assigned to
// something else, ErrNotMatchable when it is explained already. It moves no
// money: what follows from it is for the caller to do, also after a crash.
func (b *Bank) Assign(id ID, purpose Purpose, of ID, by record.Auth) (*Entry, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e, err := b.Entry(id)
	if err != nil {
		return nil, err
	}
	switch {
	case e.State == Assigned && (e.Purpose != purpose || e.Of != of):
		return e, ErrAssigned
	case e.State == Assigned:
		return e, nil
	case e.Explained():
		return e, ErrNotMatchable
	}
	e.State, e.Reason, e.Account = Assigned, "", 0
	e.Purpose, e.Of, e.By, e.ByHand = purpose, of, ID(by.By), true
	return e, b.save([]*Entry{e})
}

// Explained tells whether it is known what an entry is, so that it cannot be
// assigned to anything any more.
func (e *Entry) Explained() bool {
	if e.Credit {
		return e.State != Unmatched
	}
	return e.State != Unexplained || e.Redemption != ID{} || e.Batch != ""
}
