package bank

import (
	"math"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/ledger"
)

// How much one person may top up in a calendar month is a rule of the wijk
// (node.Rules.TopUpMonth). It is looked at before the Grulden are issued, and
// counts what came by bank and in cash. What is over it waits, whole, with the
// reason; the first file of a month with room for it tries again.

// rooms is how much more may be issued to each account, while several entries
// are judged before the first of them is issued.
type rooms struct {
	view  *node.View
	rules node.Rules
	today demurrage.Day
	left  map[ledger.AccountID]ledger.Cents
}

// judge lets an entry wait that is to be issued and more than there is room for.
func (r *rooms) judge(e *Entry) error {
	if e.State != Kept || e.Account == 0 {
		return nil
	}
	left, known := r.left[e.Account]
	if !known {
		var err error
		if left, err = r.of(e.Account); err != nil {
			return err
		}
		if r.left == nil {
			r.left = map[ledger.AccountID]ledger.Cents{}
		}
	}
	if e.Cents > left {
		e.State, e.Reason = Unmatched, OverLimit
	} else {
		left -= e.Cents
	}
	r.left[e.Account] = left
	return nil
}

// of is the room that an account has by what the journal shows.
func (r *rooms) of(account ledger.AccountID) (ledger.Cents, error) {
	if r.rules.TopUpMonth == 0 {
		return math.MaxInt64, nil
	}
	a, err := r.view.Account(account)
	if err != nil || a != nil && !people.Role(a.Role).HasPurse() { // it is no person's: gifts to the wijkfonds
		return math.MaxInt64, err
	}
	had, err := r.view.ToppedUp(account, r.today-demurrage.Day(r.today.Time().Day())+1)
	return max(0, r.rules.TopUpMonth-had), err
}

// Room is how much more an account may be topped up this month.
func (b *Bank) Room(account ledger.AccountID) (room ledger.Cents, err error) {
	err = b.node.Read(func(v *node.View) (err error) {
		r := rooms{view: v, rules: b.node.Rules(), today: b.node.Today()}
		room, err = r.of(account)
		return err
	})
	return room, err
}
