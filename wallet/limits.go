package wallet

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/ledger"
)

// ErrPINNeeded says that a payment is beyond what goes without a PIN: with one
// it may be made.
var ErrPINNeeded = errors.New("the payment needs the PIN of its payer")

// ErrOverLimit says that a payment cannot be made in this way, PIN or not.
type ErrOverLimit struct {
	Limit ledger.Cents // the limit that it would pass
	Left  ledger.Cents // what can still be paid at once in this way
	Day   bool         // the limit is of a day, and not of a payment
}

// Error implements error.
func (e ErrOverLimit) Error() string {
	return fmt.Sprintf("beyond a limit of %v: %v is left", e.Limit, e.Left)
}

// spent is what left an account on one day, as far as limits ask about it.
// What was given back does not make room: who pays and takes back all day long
// is not who the limits are for.
type spent struct {
	day   demurrage.Day
	seq   uint64 // the last entry that is counted
	noPIN ledger.Cents
	card  ledger.Cents
	by    map[record.ActorID]ledger.Cents // by helpers
}

// The limits of a wijk (node.Limits) bound what may leave one account, by the way
// in which its owner proved to be the owner. A payment beyond them is asked for
// in another way, not forbidden.

// gate lets payments from one account through one at a time, so that two of
// them cannot pass a limit together. What it remembers of the day spares it to
// read the day's entries again; it can be forgotten at any time.
type gate struct{ lanes [256]lane }

// lane is the gate of the accounts that share a number.
type lane struct {
	turn chan struct{} // holds one token while nobody is inside
	mu   sync.Mutex    // guards days, for those who only ask
	days map[ledger.AccountID]spent
}

// remembered is how many accounts a lane remembers the day of.
const remembered = 256

func newGate() *gate {
	g := &gate{}
	for i := range g.lanes {
		g.lanes[i].turn = make(chan struct{}, 1)
		g.lanes[i].turn <- struct{}{}
		g.lanes[i].days = make(map[ledger.AccountID]spent)
	}
	return g
}

func (g *gate) lane(id ledger.AccountID) *lane { return &g.lanes[(id>>8^id)&255] }

// enter waits for the turn of an account. leave must be called once after it.
func (l *lane) enter(ctx context.Context) error {
	select {
	case <-l.turn:
		return nil
	case <-ctx.Done():
		return node.ErrBusy
	}
}

func (l *lane) leave() { l.turn <- struct{}{} }

// Allowed tells what stands between a holder and a payment of amount: nil,
// ErrPINNeeded or an ErrOverLimit. Pay asks the same again, under its lock.
func (w *Wallet) Allowed(h Holder, amount ledger.Cents) error {
	return w.node.Read(func(v *node.View) error { return w.allowed(v, h, amount) })
}

func (w *Wallet) allowed(v *node.View, h Holder, amount ledger.Cents) error {
	way := wayOf(h.Auth)
	if way == free {
		return nil
	}
	a, err := v.Account(h.Account)
	if a == nil || err != nil {
		return err // the ledger says what is wrong with an account that is not there
	}
	today, err := w.gate.lane(a.ID).today(v, a, w.node.Today())
	if err != nil {
		return err
	}
	card, err := byCard(v, h.Auth, a, w.node.Now().Unix())
	if err != nil {
		return err
	}
	return within(w.node.Settings().Limits, h, way, card, today, amount)
}

// within holds an amount against what left already.
func within(l node.Limits, h Holder, w way, card bool, today spent, amount ledger.Cents) error {
	if left := h.Cap - today.by[h.By]; w == helped && amount > left {
		return ErrOverLimit{Limit: h.Cap, Left: max(left, 0), Day: true}
	}
	if left := l.CardDay - today.card; card && amount > left {
		return ErrOverLimit{Limit: l.CardDay, Left: max(left, 0), Day: true}
	}
	if card && amount > l.Card {
		return ErrOverLimit{Limit: l.Card, Left: l.Card}
	}
	if w == unasked && (amount > l.NoPIN || amount > l.NoPINDay-today.noPIN) {
		return ErrPINNeeded
	}
	return nil
}

// way is what the limits make of how a payment was authorised.
type way uint8

const (
	free    way = iota // agreed to beforehand, or by the wijk itself
	unasked            // no PIN was asked for this payment
	asked              // the PIN was asked
	helped             // somebody else paid
)

func wayOf(a record.Auth) way {
	switch a.How {
	case record.ByPIN, record.ByToken, record.ByPasskey, record.ByDevice:
		return unasked
	case record.ByPINNow, record.ByDevicePIN, record.ByCard:
		return asked
	case record.ByHelper:
		return helped
	}
	return free
}

// byCard tells whether nothing but card and PIN stands behind an authority: a
// thief who has both can do no more than this, not in a browser and not with a
// phone of his own. Shops pay their suppliers from a session that began with a
// card, so they are held to the PIN alone. at is the time in Unix seconds.
func byCard(v *node.View, auth record.Auth, a *ledger.Account, at int64) (bool, error) {
	switch auth.How {
	case record.ByCard:
		return true, nil
	case record.ByPIN, record.ByToken, record.ByPINNow:
		return a.Role != shopRole, nil
	case record.ByStanding: // held against the limits when it was ordered, and counted when it is paid
		return auth.Proof == nil && a.Role != shopRole, nil
	case record.ByDevice, record.ByDevicePIN:
		if auth.Proof == nil || a.Role == shopRole {
			return false, nil
		}
		return isNew(v, a, auth.Proof.Device, at)
	}
	return false, nil
}

// shopRole is the role of a shop's account in the ledger.
const shopRole = "merchant"

// dayPage is how many entries are read at a time to add up a day.
const dayPage = 64

// today adds up what left an account today, from where it was added up last.
func (l *lane) today(v *node.View, a *ledger.Account, day demurrage.Day) (spent, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.days[a.ID]
	if s.day != day {
		s = spent{day: day}
	}
	known := s.seq
	for before, more := uint64(0), a.Last > known; more; {
		records, err := v.History(a.ID, before, dayPage)
		if err != nil {
			return spent{}, err
		}
		more = len(records) == dayPage
		for _, r := range records {
			if r.Seq <= known || r.Moment.Day < day {
				more = false
				break
			}
			if err := s.add(v, a, r); err != nil {
				return spent{}, err
			}
			before = r.Seq
		}
	}
	s.seq = max(s.seq, a.Last)
	if len(l.days) >= remembered {
		clear(l.days)
	}
	l.days[a.ID] = s
	return s, nil
}

// add counts an entry, if it is a payment that left the account.
func (s *spent) add(v *node.View, a *ledger.Account, r *record.Record) error {
	pay, ok := r.Command.(ledger.Pay)
	if !ok || pay.From != a.ID {
		return nil
	}
	switch wayOf(r.Auth) {
	case unasked:
		s.noPIN += pay.Amount
	case helped:
		by := maps.Clone(s.by) // whoever was told before keeps what was so then
		if by == nil {
			by = make(map[record.ActorID]ledger.Cents)
		}
		by[r.Auth.By] += pay.Amount
		s.by = by
	}
	card, err := byCard(v, r.Auth, a, r.Moment.At.Sec)
	if card {
		s.card += pay.Amount
	}
	return err
}
