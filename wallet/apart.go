package wallet

import (
	"errors"

	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/ledger"
)

// ErrApart says that the wijk does not let residents pay each other.
var ErrApart = errors.New("residents may not pay each other")

// apart refuses a payment between two residents while the wijk does not let them
// pay each other. It is no rule of the coin: the ledger would take it.
func apart(n *node.Node, v *node.View, from, to ledger.AccountID) error {
	if n.Rules().ResidentsPay {
		return nil
	}
	for _, id := range []ledger.AccountID{from, to} {
		a, err := v.Account(id)
		if err != nil || a == nil || a.Role != string(people.Resident) {
			return err
		}
	}
	return ErrApart
}

// apartNow is apart by itself. A payment that was made before stays so.
func apartNow(n *node.Node, pay ledger.Pay) error {
	return n.Peek(func(v *node.View) error {
		made, err := v.Payment(pay.ID)
		if made != nil || err != nil {
			return err
		}
		return apart(n, v, pay.From, pay.To)
	})
}
