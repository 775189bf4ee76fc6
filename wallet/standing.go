package wallet

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
)

// Bounds of standing orders.
const (
	MaxStanding  = 50 // of one person, at the same time
	noticeDays   = 3  // before each payment it is announced; the first one of a resident too
	maxRetries   = 3  // on the days after one on which there was not enough money
	maxLate      = 31 // days after which a payment that was missed is not made any more
	maxAhead     = 366
	keptEvents   = 30     // of each order
	signedWithin = 5 * 60 // seconds between a phone's signature and its arrival
)

// EndedAs is why a standing order pays no more.
type EndedAs string

// The ends of a standing order.
const (
	NotEnded EndedAs = ""
	Stopped  EndedAs = "stopped"  // by whom it is
	Finished EndedAs = "done"     // after its last day
	Closed   EndedAs = "closed"   // one of the accounts is closed
	Unsigned EndedAs = "unsigned" // the phone that signed it was removed
	NewCard  EndedAs = "card"     // no phone signed it, and the card or its PIN was replaced
)

// Happened is what became of one payment of a standing order.
type Happened string

// What can become of a payment of a standing order.
const (
	WasPaid    Happened = "paid"
	WasShort   Happened = "short"   // not enough money; it is tried again the next day
	WasFailed  Happened = "failed"  // not enough money, as often as it was tried
	WasSkipped Happened = "skipped" // the payer wanted to skip it
	WasMissed  Happened = "missed"  // the ledger was not reached for a month
)

// Event is what happened to the payment of one due day.
type Event struct {
	Due  demurrage.Day `json:"due"`
	On   demurrage.Day `json:"on"`
	What Happened      `json:"what"`
}

// Standing is an order to pay the same amount every week or month.
type Standing struct {
	record.Standing `json:"terms"`
	By              record.Auth   `json:"by"` // how the payer gave the order
	Text            string        `json:"text"`
	Next            demurrage.Day `json:"next"`  // the due day that comes next, or is being tried
	Tries           int           `json:"tries"` // of Next, that failed
	Retry           demurrage.Day `json:"retry"` // not before this day
	Ended           EndedAs       `json:"ended"`
	EndedOn         demurrage.Day `json:"endedOn"` // zero: it did not end by itself
	Serial          uint32        `json:"serial"`  // of the payer's card when the order was given
	Events          []Event       `json:"events"`  // the latest last
}

// place is where a standing order is kept, and when it has to be looked at.
type place struct {
	who people.ID
	due demurrage.Day
}

// place remembers when an order has to be looked at; o.mu is held, or nobody
// else knows o yet.
func (o *Orders) place(who people.ID, s Standing) {
	if s.Ended != NotEnded {
		delete(o.standing, s.ID)
		return
	}
	o.standing[s.ID] = place{who, max(s.Next, s.Retry)}
}

// nextDue is the first due day of an order after a day; ok is false when there
// is none.
func nextDue(s *record.Standing, after demurrage.Day) (day demurrage.Day, ok bool) {
	for day = max(after+1, s.First); day <= max(after+1, s.First)+31; day++ {
		if s.HasLast && day > s.Last {
			return 0, false
		}
		if s.IsDue(day) {
			return day, true
		}
	}
	return 0, false
}

// standingPurpose binds an id to the form for a standing order.
const standingPurpose = "standing"

// StandingForm makes the id of an order before its form is shown, so that a
// form that is sent twice makes one order, and a phone can sign it.
func (o *Orders) StandingForm(account ledger.AccountID) (id ledger.ID, seal string, err error) {
	return o.mint.New(account, standingPurpose)
}

// Begin starts a standing order of a holder who was asked for the PIN, within
// the limits of one payment made in that way. seal is that of its id, from
// StandingForm. A holder who signed it sets h.Auth.Proof, without its Standing.
func (o *Orders) Begin(who people.ID, h Holder, terms record.Standing, seal, text string) error {
	terms.From = h.Account
	if !o.mint.Valid(h.Account, standingPurpose, terms.ID, seal) {
		return ErrStale
	}
	if err := o.MayBegin(terms, text); err != nil {
		return err
	}
	first, _ := nextDue(&terms, terms.First-1)
	if err := o.checkMandate(h, &terms); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if known, err := o.get(who, standingDoc+terms.ID.String(), &Standing{}); known || err != nil {
		return err
	}
	if err := o.mayOrder(h, terms.Amount); err != nil {
		return err
	}
	if o.runs(who) >= MaxStanding {
		return ErrTooMany
	}
	payer, ok, err := o.people.Person(who)
	if err == nil && !ok {
		err = people.ErrNobody
	}
	if err != nil {
		return err
	}
	return o.keep(who, Standing{Standing: terms, By: h.Auth, Text: text, Next: first, Serial: payer.Serial})
}

// mayOrder holds the amount of an order against the limits, as a payment made
// now for which the PIN was asked. Its payments are not asked about any more.
func (o *Orders) mayOrder(h Holder, amount ledger.Cents) error {
	if wayOf(h.Auth) != asked {
		return ErrPINNeeded
	}
	return o.wallet.Allowed(h, amount)
}

// runs counts the orders of a person that have not ended; o.mu is held.
func (o *Orders) runs(who people.ID) (n int) {
	for _, p := range o.standing {
		if p.who == who {
			n++
		}
	}
	return n
}

// FirstDay is the earliest day on which an order of an account can begin. For
// residents that leaves time to announce the first payment; who stole a card or
// a phone cannot be paid at once.
func (o *Orders) FirstDay(account ledger.AccountID) (day demurrage.Day, err error) {
	day = o.node.Today()
	err = o.node.Read(func(v *node.View) error {
		a, err := v.Account(account)
		if err == nil && (a == nil || a.Role != shopRole) {
			day += noticeDays
		}
		return err
	})
	return day, err
}

// MayBegin tells what is wrong with the terms of an order, before its payer is
// asked to confirm them.
func (o *Orders) MayBegin(terms record.Standing, text string) error {
	least, err := o.FirstDay(terms.From)
	_, due := nextDue(&terms, terms.First-1)
	switch {
	case err != nil:
		return err
	case terms.To == terms.From:
		return ErrSelf
	case terms.Amount <= 0:
		return ledger.ErrAmount
	case len([]rune(text)) > MaxText:
		return ErrText
	case !due || terms.First < least || terms.First > o.node.Today()+maxAhead || terms.Every != record.Weekly && terms.Every != record.Monthly:
		return ErrDay
	}
	return nil
}

// checkMandate checks the signature under an order, if a phone made one, as the
// ledger will do at each payment.
func (o *Orders) checkMandate(h Holder, terms *record.Standing) error {
	proof := h.Auth.Proof
	if proof == nil {
		return nil
	}
	if late := o.node.Now().Unix() - proof.At; late < -signedWithin || late > signedWithin {
		return node.ErrSignature
	}
	terms.At = proof.At
	return o.node.Read(func(v *node.View) error {
		a, err := v.Account(h.Account)
		if a == nil || err != nil {
			return errors.Join(err, ErrUnknownOrder)
		}
		device := a.Device(proof.Device)
		if device == nil || !record.Verify(device.Key, record.StandingMessage(o.node.Settings().Ledger, *terms), proof.Sig) {
			return node.ErrSignature
		}
		return nil
	})
}

// keep writes an order; o.mu is held.
func (o *Orders) keep(who people.ID, s Standing) error {
	if n := len(s.Events) - keptEvents; n > 0 {
		s.Events = s.Events[n:]
	}
	if err := o.put(who, standingDoc+s.ID.String(), s); err != nil {
		return err
	}
	o.place(who, s)
	return nil
}

// change changes a running order of a person.
func (o *Orders) change(who people.ID, id ledger.ID, how func(*Standing)) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	var s Standing
	ok, err := o.get(who, standingDoc+id.String(), &s)
	if err == nil && !ok {
		err = ErrUnknownOrder
	}
	if err != nil || s.Ended != NotEnded {
		return err
	}
	how(&s)
	return o.keep(who, s)
}

// Stop ends a standing order. Stopping it again changes nothing.
func (o *Orders) Stop(who people.ID, id ledger.ID) error {
	return o.change(who, id, func(s *Standing) { s.Ended = Stopped })
}

// SkipOnce leaves out the payment of one due day, if that is the next one: a form
// that is sent twice skips once.
func (o *Orders) SkipOnce(who people.ID, id ledger.ID, due demurrage.Day) error {
	return o.change(who, id, func(s *Standing) {
		if s.Next == due {
			s.over(WasSkipped, o.node.Today())
		}
	})
}

// over notes what became of the payment that came next, and goes on to the one
// after it.
func (s *Standing) over(what Happened, today demurrage.Day) {
	s.Events = append(s.Events, Event{Due: s.Next, On: today, What: what})
	s.Tries, s.Retry = 0, 0
	next, ok := nextDue(&s.Standing, s.Next)
	if !ok {
		s.Ended = Finished
		return
	}
	s.Next = next
}

// end notes that an order pays no more.
func (s *Standing) end(as EndedAs, today demurrage.Day) { s.Ended, s.EndedOn = as, today }

// outlived ends an order that was given with a card and its PIN only, once
// either was replaced: whoever stole them gave it, perhaps.
func (o *Orders) outlived(who people.ID, s *Standing) (ended bool, err error) {
	if s.Ended != NotEnded || s.By.Proof != nil {
		return false, nil
	}
	payer, ok, err := o.people.Person(who)
	if err != nil || !ok || payer.Serial == s.Serial {
		return false, err
	}
	s.end(NewCard, o.node.Today())
	return true, nil
}

// Standing lists a person's standing orders: those that run by the day of their
// next payment, then those that ended. Those that outlived a card end here.
func (o *Orders) Standing(who people.ID) (all []Standing, err error) {
	all, err = o.list(who)
	for i := range all {
		ended, fault := o.outlived(who, &all[i])
		if fault == nil && ended {
			fault = o.change(who, all[i].ID, func(s *Standing) { s.end(NewCard, o.node.Today()) })
		}
		err = errors.Join(err, fault)
	}
	if err != nil {
		return nil, fmt.Errorf("list standing orders: %w", err)
	}
	slices.SortStableFunc(all, func(a, b Standing) int {
		if c := cmp.Compare(btoi(a.Ended != NotEnded), btoi(b.Ended != NotEnded)); c != 0 {
			return c
		}
		return cmp.Compare(max(a.Next, a.Retry), max(b.Next, b.Retry))
	})
	return all, nil
}

// list reads a person's standing orders, in the order of their ids.
func (o *Orders) list(who people.ID) (all []Standing, err error) {
	err = o.vault.DocsNamed(who, standingDoc, func(_ string, doc []byte) error {
		var s Standing
		if err := json.Unmarshal(doc, &s); err != nil {
			return err
		}
		all = append(all, s)
		return nil
	})
	return all, err
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Announced tells whether the next payment is so near that its payer is told.
func (s *Standing) Announced(today demurrage.Day) bool {
	return s.Ended == NotEnded && max(s.Next, s.Retry) <= today+noticeDays
}

// LastEvent is the latest event; ok is false when there was none.
func (s *Standing) LastEvent() (e Event, ok bool) {
	if len(s.Events) == 0 {
		return Event{}, false
	}
	return s.Events[len(s.Events)-1], true
}

// RunDue makes the payments of all standing orders that are due. It may be
// called at any time and as often as one likes: the id of a payment follows
// from the order and its due day, so each is made once, whatever happened to an
// earlier call.
func (o *Orders) RunDue(ctx context.Context) error {
	today := o.node.Today()
	o.mu.Lock()
	var due []ledger.ID
	for id, p := range o.standing {
		if p.due <= today {
			due = append(due, id)
		}
	}
	o.mu.Unlock()
	slices.SortFunc(due, func(a, b ledger.ID) int { return slices.Compare(a[:], b[:]) })
	var errs []error
	for _, id := range due {
		if ctx.Err() != nil {
			break
		}
		errs = append(errs, o.runOrder(ctx, id, today))
	}
	return errors.Join(errs...)
}

// runOrder makes the payments of one order that are due.
func (o *Orders) runOrder(ctx context.Context, id ledger.ID, today demurrage.Day) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	p, known := o.standing[id]
	if !known {
		return nil // it was stopped meanwhile
	}
	var s Standing
	ok, err := o.get(p.who, standingDoc+id.String(), &s)
	if err != nil {
		return err
	}
	if !ok {
		delete(o.standing, id) // its payer was erased
		return nil
	}
	ended, err := o.outlived(p.who, &s)
	if err != nil {
		return err
	}
	if ended {
		return o.keep(p.who, s)
	}
	for s.Ended == NotEnded && max(s.Next, s.Retry) <= today {
		if err := o.payOnce(ctx, &s, today); err != nil {
			return err
		}
		if err := o.keep(p.who, s); err != nil {
			return err
		}
	}
	return nil
}

// payOnce makes the payment that is due, and notes what became of it.
func (o *Orders) payOnce(ctx context.Context, s *Standing, today demurrage.Day) error {
	pay := ledger.Pay{ID: record.StandingPayment(s.ID, s.Next), From: s.From, To: s.To, Amount: s.Amount}
	if today-s.Next > maxLate {
		made, err := made(o.node, pay.ID)
		if err == nil && made {
			s.over(WasPaid, today)
		} else if err == nil {
			s.over(WasMissed, today)
		}
		return err
	}
	if err := apartNow(o.node, pay); errors.Is(err, ErrApart) {
		s.over(WasMissed, today)
		return nil
	} else if err != nil {
		return err
	}
	receipt, err := o.deliver(ctx, node.Request{Auth: s.auth(), Command: pay})
	switch {
	case errors.Is(err, node.ErrSignature):
		s.end(Unsigned, today)
	case err != nil:
		return fmt.Errorf("pay a standing order: %w", err)
	case receipt.Result == ledger.Applied:
		s.over(WasPaid, today)
	case receipt.Result == ledger.InsufficientBalance || receipt.Result == ledger.AccountBlocked:
		s.short(today)
	default: // an account is closed; that does not mend itself
		s.end(Closed, today)
	}
	return nil
}

// auth is how a payment of the order is authorised: by the order, and by the
// phone that signed it if one did.
func (s *Standing) auth() record.Auth {
	auth := s.By
	auth.How = record.ByStanding
	if auth.Proof != nil {
		proof, terms := *auth.Proof, s.Standing
		terms.At, terms.Due = proof.At, s.Next
		proof.Standing = &terms
		auth.Proof = &proof
	}
	return auth
}

// short notes that there was not enough money, and whether it is tried again.
func (s *Standing) short(today demurrage.Day) {
	if s.Tries++; s.Tries > maxRetries {
		s.over(WasFailed, today)
		return
	}
	s.Events = append(s.Events, Event{Due: s.Next, On: today, What: WasShort})
	s.Retry = today + 1
}

// made tells whether the ledger has a payment with this id.
func made(n *node.Node, id ledger.ID) (made bool, err error) {
	err = n.Read(func(v *node.View) error {
		p, err := v.Payment(id)
		made = p != nil
		return err
	})
	return made, err
}
