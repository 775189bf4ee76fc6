package bank

import (
	"errors"

	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// Money that came in and is nobody's goes back to the account that it came
// from, by an Order of two people, with the next payment file. The entry is
// Returning until the bank paid, then SentBack. When that money comes back too,
// it waits again.

// Errors of sending money back.
var (
	ErrNoSender = errors.New("the bank does not say from which account this money came")
	ErrSentBack = errors.New("this money goes back to its sender, or went back")
)

// orderOf is the id of the order that sends an entry back; after it came again,
// there is another one.
func orderOf(e *Entry) ID {
	id := ID(derive("grulden send back 1", ledger.ID(e.ID)))
	for range e.SentTimes {
		id = ID(derive("grulden send back 1", ledger.ID(id)))
	}
	return id
}

// CheckSendBack tells why an entry cannot be sent back: ErrUnknownEntry,
// ErrNotMatchable, ErrSentBack, ErrNoSender, or what a bank would refuse.
func (b *Bank) CheckSendBack(id ID) (*Entry, error) {
	e, err := b.Entry(id)
	if err != nil {
		return nil, err
	}
	switch {
	case e.State == Returning || e.State == SentBack:
		return e, ErrSentBack
	case e.State != Unmatched || !e.Credit || e.Currency != "":
		return e, ErrNotMatchable
	case e.IBAN == "" || e.Name == "":
		return e, ErrNoSender
	}
	reserve, err := b.Reserve()
	if err != nil {
		return e, err
	}
	o := &Order{ID: orderOf(e), Cents: e.Cents, Payee: sender(e)}
	return e, checkOrder(reserve, b.today(), o.payment())
}

// sender is whom the money of an entry goes back to.
func sender(e *Entry) *Payee {
	return &Payee{Name: e.Name, IBAN: e.IBAN, Text: "Terug: uw betaling van " + e.Day.String() + " kunnen wij niet plaatsen"}
}

// SendBack makes the order that sends an entry's money back to its sender. by
// asked for it, second agreed. Doing it twice makes one order, and so does a
// crash in between.
func (b *Bank) SendBack(id ID, by, second record.ActorID) (*Order, error) {
	e, err := b.Entry(id)
	if err != nil {
		return nil, err
	}
	if by == second {
		return nil, ErrSamePerson
	}
	if e.State != Returning && e.State != SentBack {
		if _, err := b.CheckSendBack(id); err != nil {
			return nil, err
		}
		if err := b.hold(e, second); err != nil {
			return nil, err
		}
	}
	return b.AddOrder(Order{ID: e.Order, Entry: e.ID, Cents: e.Cents, By: ID(by), Second: ID(second), Payee: sender(e)})
}

// hold takes an entry out of what can be matched, before its order is made: so
// that its money is never given to a person and to the sender.
func (b *Bank) hold(e *Entry, by record.ActorID) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	now, err := b.Entry(e.ID)
	if err != nil {
		return err
	}
	if now.State != Unmatched {
		return ErrNotMatchable
	}
	*e = *now
	e.State, e.Reason, e.Account, e.Order, e.By, e.ByHand = Returning, "", 0, orderOf(now), ID(by), true
	return b.save([]*Entry{e})
}

// senders are the entries whose money orders send back, as they are now that
// the orders are so.
func (b *Bank) senders(orders []*Order) (changed []*Entry, err error) {
	for _, o := range orders {
		if o.Entry == (ID{}) {
			continue
		}
		e, err := b.Entry(o.Entry)
		switch {
		case errors.Is(err, ErrUnknownEntry):
			continue // an order for something else
		case err != nil:
			return nil, err
		case e.Order != o.ID:
			continue
		case o.State == OrderPaid:
			e.State, e.Reason = SentBack, ""
		case o.State == OrderBack:
			e.State, e.Reason, e.Order = Unmatched, ReturnFailed, ID{}
			e.SentTimes++
		case o.State == OrderCancelled:
			e.State, e.Reason, e.Order = Unmatched, NoReference, ID{}
			e.SentTimes++
		}
		changed = append(changed, e)
	}
	return changed, nil
}

// putSenders adds entries to a batch of rows in their present state.
func putSenders(rows *store.Batch, changed []*Entry) {
	for _, e := range changed {
		e.put(rows)
	}
}
