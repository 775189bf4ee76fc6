package fund

import (
	"crypto/rand"
	"encoding/binary"
	"maps"

	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

type batch = store.Batch

// newPurse draws the ids of a purse; they tell nothing.
func newPurse() Purse {
	var b [16]byte
	_, _ = rand.Read(b[:])
	return Purse{
		Account: ledger.AccountID(binary.BigEndian.Uint64(b[:8]) | 1),
		Owner:   ledger.OwnerID(binary.BigEndian.Uint64(b[8:]) | 1),
	}
}

// State is what the wijkfonds has, got and spent.
type State struct {
	Melted ledger.Cents // in hand from melting and fees; the ledger's wijkfonds
	Gifts  ledger.Cents // in hand from gifts

	// All that ever came in, by kind. Melting also has the less than a cent that
	// closed accounts left.
	FromMelting ledger.Cents
	FromFees    ledger.Cents
	FromGifts   ledger.Cents

	Promise Promise
	Spent   map[ID]Spending // by purpose; the zero ID: without one
}

// Spending is what was spent on a purpose.
type Spending struct {
	Cents  ledger.Cents `json:"cents"`
	Grants int          `json:"grants"`
}

// Promise is how much of what the wijkfonds spent was for people with money
// problems, and how much of it should be.
type Promise struct {
	Percent int          // at least so much
	Need    ledger.Cents // spent on purposes for them
	Other   ledger.Cents // spent on other purposes, or on none
}

// Spent is all that was spent.
func (p Promise) Spent() ledger.Cents { return p.Need + p.Other }

// Kept tells whether the promise is kept; nothing spent breaks none.
func (p Promise) Kept() bool { return p.Need*100 >= ledger.Cents(p.Percent)*p.Spent() }

// Breaks tells whether a grant for something else would break the promise.
func (p Promise) Breaks(amount ledger.Cents) bool {
	p.Other += amount
	return !p.Kept()
}

// Share is the figure itself in tenths of a per cent, rounded down so that it
// never looks better than it is; ok is false when nothing was spent.
func (p Promise) Share() (tenths int64, ok bool) {
	if p.Spent() <= 0 {
		return 0, false
	}
	return int64(p.Need * 1000 / p.Spent()), true
}

// Room is how much can be spent on something else before the promise breaks.
func (p Promise) Room() ledger.Cents {
	if p.Percent == 0 {
		return 1<<62 - 1
	}
	return max(0, p.Need*100/ledger.Cents(p.Percent)-p.Spent())
}

// State is the wijkfonds as it is now.
func (f *Fund) State() (State, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state()
}

// state adds what the journal has got since the last time. f.mu is held.
func (f *Fund) state() (State, error) {
	t, err := f.tallied()
	if err != nil {
		return State{}, err
	}
	purse, err := f.purse()
	if err != nil {
		return State{}, err
	}
	s := State{Promise: Promise{Percent: f.node.Rules().FundPromise}}
	day := f.node.Today()
	err = f.node.Read(func(v *node.View) error {
		err := v.Records(t.Seq+1, func(r *record.Record) error { return f.add(t, v, r, purse.Account) })
		if err != nil || len(v.Head().Policies) == 0 {
			return err
		}
		grains, negative, err := v.Head().Fund(day)
		if err != nil {
			return err
		}
		cents, _ := grains.Div(ledger.GrainsPerCent)
		if !negative {
			s.Melted = ledger.Cents(cents.Lo)
		}
		a, err := v.Account(purse.Account)
		if a == nil || err != nil {
			return err
		}
		b, err := v.Balance(purse.Account, day)
		s.Gifts = ledger.ShownCents(b.Worth)
		return err
	})
	if err != nil {
		return State{}, err
	}
	if t.Seq >= t.kept+keepEvery {
		if err := f.rows.Put(tallyKey, store.Row(t)); err != nil {
			return State{}, err
		}
		t.kept = t.Seq
	}
	t.into(&s)
	for id, spent := range s.Spent {
		p, err := f.Purpose(id)
		if err == nil && p.Need {
			s.Promise.Need += spent.Cents
		} else {
			s.Promise.Other += spent.Cents
		}
	}
	return s, nil
}

// keepEvery is after how many entries the tally is kept, so that it need not be
// counted from the first one on when the program starts.
const keepEvery = 1000

// tallied is the tally so far. f.mu is held.
func (f *Fund) tallied() (*tally, error) {
	if f.tally == nil {
		t := &tally{Spent: map[ID]Spending{}}
		if _, err := f.rows.Read(tallyKey, t); err != nil {
			return nil, err
		}
		t.kept = t.Seq
		f.tally = t
	}
	return f.tally, nil
}

// tally is what the journal says of the wijkfonds up to an entry.
type tally struct {
	Seq     uint64          `json:"seq"`
	Granted ledger.Cents    `json:"granted"` // from what melted and from fees
	Fees    ledger.Cents    `json:"fees"`
	Gifts   ledger.Cents    `json:"gifts"`
	Spent   map[ID]Spending `json:"spent"`

	kept uint64 // up to which entry it is on disk
}

// into tells the tally as a state. What melted follows: it is what is there, and
// what was spent of it, less what came from fees.
func (t *tally) into(s *State) {
	s.FromFees, s.FromGifts = t.Fees, t.Gifts
	s.FromMelting = s.Melted + t.Granted - t.Fees
	s.Spent = maps.Clone(t.Spent)
}

// add counts one entry.
func (f *Fund) add(t *tally, v *node.View, r *record.Record, purse ledger.AccountID) error {
	t.Seq = r.Seq
	switch c := r.Command.(type) {
	case ledger.Grant:
		t.Granted += c.Amount
		return f.spend(t, r.Key, c.Amount)
	case ledger.Pay:
		switch {
		case purse == 0:
		case c.From == purse:
			return f.spend(t, ledger.Key(c.ID), c.Amount)
		case c.To == purse:
			t.Gifts += c.Amount
		}
	case ledger.Refund: // a grant from the gifts that its receiver gave back
		p, err := v.Payment(c.Of)
		if p != nil && purse != 0 && p.From == purse {
			return f.giveBack(t, ledger.Key(c.Of), r.Facts.Amount)
		}
		return err
	case ledger.Issue:
		if purse != 0 && c.To == purse {
			t.Gifts += c.Amount
		}
	case ledger.Settle:
		return t.fee(v, c.Of, 1)
	case ledger.Reopen:
		return t.fee(v, c.Of, -1)
	}
	return nil
}

// spend counts a grant under its purpose, or under none when it has none here.
func (f *Fund) spend(t *tally, key ledger.Key, amount ledger.Cents) error {
	g, _, err := f.made(key)
	if err != nil {
		return err
	}
	s := t.Spent[g.Purpose]
	t.Spent[g.Purpose] = Spending{s.Cents + amount, s.Grants + 1}
	return nil
}

// giveBack takes what came back out of what was spent.
func (f *Fund) giveBack(t *tally, key ledger.Key, amount ledger.Cents) error {
	g, _, err := f.made(key)
	s := t.Spent[g.Purpose]
	t.Spent[g.Purpose] = Spending{s.Cents - amount, s.Grants}
	return err
}

// fee counts the fee of a redemption that was settled, or is so no more.
func (t *tally) fee(v *node.View, id ledger.ID, sign ledger.Cents) error {
	r, err := v.Redemption(id)
	if r != nil {
		t.Fees += sign * r.Fee
	}
	return err
}
