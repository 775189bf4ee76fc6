// Package sample makes a sample wijk: residents and shops that exist nowhere,
// with half a year of payments through the real ledger, so that somebody new
// can look around, and a bank statement to take in. The same seed gives the
// same history.
package sample

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/ledger"
)

// The size of the sample.
const (
	residents = 120
	days      = 26 * 7
)

// PIN is what everybody in the sample signs in with.
const PIN = "246810"

// Login is how to sign in as somebody.
type Login struct {
	Role people.Role `json:"role"`
	Name string      `json:"name"`
	Code payreq.Code `json:"code"`
}

// Wijk is a sample wijk while it is made.
type Wijk struct {
	Logins []Login // one of each role, and all of the office

	ctx       context.Context
	node      *node.Node
	people    *people.Directory
	hash      string
	random    *rand.Rand
	residents []*purse
	shops     []*purse
	pending   []*node.Pending
	last      time.Time
	waiting   []ledger.ID // redemptions of the week before
	paid      []paid
	office    map[string]people.ID // who works there, by name
}

// paid is a redemption that the bank paid on a day.
type paid struct {
	redemption ledger.ID
	on         demurrage.Day
}

// purse is one account, with what the sample believes is in it.
type purse struct {
	person people.Person
	cents  ledger.Cents
}

// Make makes the sample in an empty ledger; its history ends the day before
// until. pinHash is the hash of PIN.
func Make(ctx context.Context, n *node.Node, d *people.Directory, pinHash string, seed uint64, until time.Time, progress func(done, of uint64)) (*Wijk, error) {
	w := &Wijk{office: make(map[string]people.ID), ctx: ctx, node: n, people: d, hash: pinHash, random: rand.New(rand.NewPCG(seed, 1))}
	first := civil.Day(until) - days
	w.last = opening(first)
	if err := w.apply(w.last, ledger.SetPolicy{Policy: ledger.DefaultPolicy()}); err != nil {
		return nil, err
	}
	if err := w.settle(); err != nil {
		return nil, err
	}
	for d := range demurrage.Day(days) {
		if err := w.live(first+d, int(d)); err != nil {
			return nil, err
		}
		progress(uint64(d)+1, days)
	}
	return w, w.flush()
}

// opening is eight in the morning of a day.
func opening(d demurrage.Day) time.Time {
	t := d.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), 8, 0, 0, 0, civil.Zone)
}

// settle adds everybody.
func (w *Wijk) settle() error {
	for i := range residents {
		p := people.Person{Role: people.Resident, Name: fmt.Sprintf("Bewoner %d", i+1)}
		if err := w.add(p, &w.residents); err != nil {
			return err
		}
	}
	for i, trade := range trades {
		p := people.Person{Role: people.Merchant, Name: "Eigenaar van " + trade.name, Shop: trade.name, IBAN: madeUpIBAN(1000 + i)}
		p.BankName, p.Vouched, p.NameCheck = trade.name, true, people.NameCheck{On: w.node.Now(), Result: people.NameMatches}
		p.Address, _ = address(i)
		if err := w.add(p, &w.shops); err != nil {
			return err
		}
	}
	if err := w.profiles(); err != nil {
		return err
	}
	for _, p := range []people.Person{
		{Role: people.Desk, Name: "Balie"},
		{Role: people.Treasurer, Name: "Penningmeester"},
		{Role: people.Treasurer, Name: "Tweede penningmeester"},
		{Role: people.Board, Name: "Bestuurslid"},
		{Role: people.Administrator, Name: "Beheerder"},
		{Role: people.Evaluator, Name: "Onderzoeker"},
		{Role: people.Cashier, Name: "Kassahulp", Works: w.shops[0].person.ID},
		{Role: people.Helper, Name: "Buurvrouw"},
	} {
		if err := w.add(p, nil); err != nil {
			return err
		}
	}
	if err := w.befriend(); err != nil {
		return err
	}
	return w.flush()
}

// befriend has the helper help the first resident.
func (w *Wijk) befriend() error {
	helper := slices.IndexFunc(w.Logins, func(l Login) bool { return l.Role == people.Helper })
	p, _, ok, err := w.people.Login(w.Logins[helper].Code)
	if err != nil || !ok {
		return fmt.Errorf("the sample has no helper: %w", err)
	}
	i, err := w.people.Invite(w.residents[0].person.ID, "Buurvrouw", 20_00, w.last)
	if err != nil {
		return err
	}
	_, err = w.people.Accept(i.Code, p.ID, w.last)
	return err
}

// madeUpIBAN is a valid number at a bank that is none.
func madeUpIBAN(n int) string {
	for check := 2; ; check++ {
		if iban, err := sepa.ParseIBAN(fmt.Sprintf("NL%02dTEST%010d", check, n)); err == nil {
			return string(iban)
		}
	}
}

func (w *Wijk) add(p people.Person, to *[]*purse) error {
	p.ID, p.Lang = people.NewID(), "nl"
	p, code, err := w.people.Add(p, w.hash, w.last)
	if err != nil {
		return err
	}
	if to == nil || !slices.ContainsFunc(w.Logins, func(l Login) bool { return l.Role == p.Role }) {
		w.Logins = append(w.Logins, Login{p.Role, p.Title(), code})
	}
	if to == nil {
		w.office[p.Name] = p.ID
		return nil
	}
	*to = append(*to, &purse{person: p})
	return w.apply(w.last, ledger.Open{Account: p.Account, Owner: p.Owner, Role: string(p.Role)})
}

// apply hands in a command at a time of the past.
func (w *Wijk) apply(at time.Time, cmd ledger.Command) error {
	if at.Before(w.last) {
		at = w.last
	}
	w.last = at
	for len(w.pending) >= 1000 {
		if err := w.flush(); err != nil {
			return err
		}
	}
	p, err := w.node.Send(node.Request{Auth: record.Auth{How: record.ByReplay}, Command: cmd, Moment: civil.Moment(at)})
	w.pending = append(w.pending, p)
	return err
}

// flush waits for what was handed in. A payment may be refused: in the sample
// as in life, somebody now and then has less than he thought.
func (w *Wijk) flush() error {
	for _, p := range w.pending {
		if _, err := p.Wait(); err != nil {
			return err
		}
	}
	w.pending = w.pending[:0]
	return w.ctx.Err()
}

func (w *Wijk) id() (id ledger.ID) {
	binary.BigEndian.PutUint64(id[:], w.random.Uint64())
	binary.BigEndian.PutUint64(id[8:], w.random.Uint64())
	return id
}

// live lets one day pass.
func (w *Wijk) live(day demurrage.Day, n int) error {
	morning := opening(day)
	weekday := day.Time().Weekday()
	if weekday == time.Sunday {
		return nil
	}
	if weekday == time.Monday {
		if err := w.topUps(morning, n); err != nil {
			return err
		}
	}
	if err := w.payments(morning); err != nil {
		return err
	}
	switch weekday {
	case time.Tuesday:
		w.settleRedemptions(morning.Add(10 * time.Hour))
	case time.Friday:
		return w.friday(morning.Add(10 * time.Hour))
	}
	return nil
}

// topUps brings euros in: a part of the residents tops up each week, and in the
// first weeks more of them do.
func (w *Wijk) topUps(at time.Time, n int) error {
	for _, r := range w.residents {
		if w.random.IntN(100) >= max(12, 60-n) {
			continue
		}
		amount := ledger.Cents(500 * (1 + w.random.IntN(8)))
		r.cents += amount
		if err := w.apply(at, ledger.Issue{To: r.person.Account, Amount: amount}); err != nil {
			return err
		}
	}
	return nil
}

// payments are a day's: residents at shops, shops at suppliers, shops to
// residents who helped, and neighbours among themselves.
func (w *Wijk) payments(morning time.Time) error {
	count := 26 + w.random.IntN(12)
	for i := range count {
		at := morning.Add(time.Duration(i) * 9 * time.Hour / time.Duration(count))
		var from, to *purse
		switch dice := w.random.IntN(100); {
		case dice < 58:
			from, to = w.one(w.residents), w.favourite()
		case dice < 76:
			from, to = w.one(w.shops), w.one(w.residents)
		case dice < 92:
			from, to = w.one(w.shops), w.favourite()
		default:
			from, to = w.one(w.residents), w.one(w.residents)
		}
		if err := w.pay(at, from, to); err != nil {
			return err
		}
	}
	return nil
}

func (w *Wijk) one(of []*purse) *purse { return of[w.random.IntN(len(of))] }

// favourite is a shop, the first ones more often than the last.
func (w *Wijk) favourite() *purse {
	return w.shops[min(w.random.IntN(len(w.shops)), w.random.IntN(len(w.shops)))]
}

func (w *Wijk) pay(at time.Time, from, to *purse) error {
	amount := ledger.Cents(150 + 5*w.random.IntN(400))
	if from.person.Role == people.Merchant {
		amount = min(3*amount, from.cents/2)
	}
	if from == to || amount < 50 || from.cents < amount {
		return nil
	}
	from.cents -= amount
	to.cents += amount
	id := w.id()
	if err := w.apply(at, ledger.Pay{ID: id, From: from.person.Account, To: to.person.Account, Amount: amount}); err != nil {
		return err
	}
	if w.random.IntN(100) > 0 || to.person.Role != people.Merchant {
		return nil
	}
	from.cents += amount
	to.cents -= amount
	return w.apply(at.Add(time.Minute), ledger.Refund{Of: id, All: true})
}

// friday is the day on which shops turn into euros what they may. What is asked
// for in the last week is left for the desk.
func (w *Wijk) friday(at time.Time) error {
	if err := w.flush(); err != nil {
		return err
	}
	day := civil.Day(at)
	for _, s := range w.shops {
		var free ledger.Cents
		err := w.node.Read(func(v *node.View) error {
			b, err := v.Balance(s.person.Account, day)
			free, s.cents = ledger.ShownCents(b.Convertible), ledger.ShownCents(b.Worth)
			return err
		})
		if err != nil {
			return err
		}
		if free < 20_00 || w.random.IntN(3) > 0 {
			continue
		}
		id, amount := w.id(), (free/2)-(free/2)%100
		s.cents -= amount
		w.waiting = append(w.waiting, id)
		if err := w.apply(at, ledger.Redeem{ID: id, From: s.person.Account, Amount: amount}); err != nil {
			return err
		}
	}
	return nil
}

// settleRedemptions has the bank pay what was asked for on Friday: the ledger
// hears of it from the statement that Bank takes in.
func (w *Wijk) settleRedemptions(at time.Time) {
	for _, id := range w.waiting {
		w.paid = append(w.paid, paid{id, civil.Day(at)})
	}
	w.waiting = nil
}
