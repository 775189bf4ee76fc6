package cash

import (
	"errors"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/ledger"
)

// ErrOverMonth says that a top-up would be more than the wijk allows one person
// in a month, at the bank and in cash together.
var ErrOverMonth = errors.New("more than may be topped up in a month")

// Room is how much more may be topped up this month.
func (b *Box) Room(account ledger.AccountID) (room ledger.Cents, err error) {
	most := b.node.Rules().TopUpMonth
	if most == 0 {
		return MaxCents, nil
	}
	today := b.node.Today()
	err = b.node.Read(func(v *node.View) error {
		had, err := v.ToppedUp(account, today-demurrage.Day(today.Time().Day())+1)
		room = min(max(0, most-had), MaxCents)
		return err
	})
	return room, err
}

// withinMonth refuses a top-up that would be too much for this month.
func (b *Box) withinMonth(m *Movement) error {
	room, err := b.Room(m.Account)
	if err == nil && m.Cents > room {
		err = ErrOverMonth
	}
	return err
}
