// Package sample makes a sample wijk: residents and shops that exist nowhere,
// with half a year of payments through the real ledger, so that somebody new
// can look around, and a bank statement to take in. The same seed gives the
// same history.
//
// Theory. What happened in a wijk is explained by its bank and its people, and an
// audit finds what is not. So the sample sets the ledger's clock back and lives
// through the half year: a bank tells each week who brought euros in and which
// shops it paid, and two people decide what two people must. Only payments, which
// nobody has to explain, are handed to the ledger with a time.
package sample

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"grulden/demurrage"
	"grulden/internal/bank"
	"grulden/internal/civil"
	"grulden/internal/foureyes"
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

// Clock is the clock of the ledger while the sample is made: it stands still until
// it is moved.
type Clock struct {
	at    atomic.Pointer[time.Time]
	until time.Time
}

// NewClock makes the clock of a sample whose history ends the day before until. It
// stands at the first day.
func NewClock(until time.Time) *Clock {
	c := &Clock{until: until}
	c.set(opening(civil.Day(until) - days))
	return c
}

// Now is where the clock stands.
func (c *Clock) Now() time.Time { return *c.at.Load() }

func (c *Clock) set(at time.Time) { c.at.Store(&at) }

// Parts are the parts of an empty ledger that the sample lives in. All kinds of
// proposals must be registered at the desk.
type Parts struct {
	Node     *node.Node
	Clock    *Clock // by which the node was opened
	People   *people.Directory
	Bank     *bank.Bank
	FourEyes *foureyes.Desk
}

// Wijk is a sample wijk while it is made.
type Wijk struct {
	Logins []Login // one of each role, and all of the office

	Parts
	ctx       context.Context
	hash      string
	random    *rand.Rand
	residents []*purse
	shops     []*purse
	pending   []*node.Pending
	last      time.Time
	account   account              // what its bank knows
	purposes  []grant              // what the wijkfonds gives for
	office    map[string]people.ID // who works there, by name
}

// purse is one account, with what the sample believes is in it.
type purse struct {
	person people.Person
	iban   sepa.IBAN // from which a resident tops up
	cents  ledger.Cents
}

// Make makes the sample in an empty ledger; then the clock stands at its present.
// pinHash is the hash of PIN.
func Make(ctx context.Context, parts Parts, pinHash string, seed uint64, progress func(done, of uint64)) (*Wijk, error) {
	until := parts.Clock.until
	w := &Wijk{Parts: parts, office: make(map[string]people.ID), ctx: ctx, hash: pinHash, random: rand.New(rand.NewPCG(seed, 1))}
	first := civil.Day(until) - days
	err := w.begin(first)
	for d := demurrage.Day(0); d < days && err == nil; d++ {
		err = w.live(first+d, int(d))
		progress(uint64(d)+1, days)
	}
	if err == nil { // and this is left for the office
		err = w.ask(opening(first + days - 1).Add(11 * time.Hour))
	}
	if err == nil {
		err = w.at(until)
	}
	return w, err
}

// begin sets up the wijk on its first day, and has its bank tell who brought the
// first euros in.
func (w *Wijk) begin(first demurrage.Day) error {
	if err := w.at(opening(first)); err != nil {
		return err
	}
	if err := w.apply(w.last, record.Auth{How: record.ByOperator}, ledger.SetPolicy{Policy: ledger.DefaultPolicy()}); err != nil {
		return err
	}
	if err := w.settle(); err != nil {
		return err
	}
	if err := w.openAccount(); err != nil {
		return err
	}
	w.topUps(0, workday(first-1))
	return w.takeIn(w.last.Add(time.Minute))
}

// at moves the clock: what follows happens then.
func (w *Wijk) at(at time.Time) error {
	if err := w.flush(); err != nil {
		return err
	}
	if at.Before(w.last) {
		at = w.last
	}
	w.Clock.set(at)
	w.last = at.Add(time.Second) // the ledger counts on by itself for a moment
	return nil
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
		p.BankName, p.Vouched, p.NameCheck = trade.name, true, people.NameCheck{On: w.Node.Now(), Result: people.NameMatches}
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
	p, _, ok, err := w.People.Login(w.Logins[helper].Code)
	if err != nil || !ok {
		return fmt.Errorf("the sample has no helper: %w", err)
	}
	i, err := w.People.Invite(w.residents[0].person.ID, "Buurvrouw", 20_00, w.last)
	if err != nil {
		return err
	}
	_, err = w.People.Accept(i.Code, p.ID, w.last)
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
	p, code, err := w.People.Add(p, w.hash, w.last)
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
	*to = append(*to, &purse{person: p, iban: sepa.IBAN(madeUpIBAN(5000 + len(*to)))})
	return w.apply(w.last, record.Auth{How: record.ByOperator}, ledger.Open{Account: p.Account, Owner: p.Owner, Role: string(p.Role)})
}

// apply hands in a command at a time of the past.
func (w *Wijk) apply(at time.Time, by record.Auth, cmd ledger.Command) error {
	if at.Before(w.last) {
		at = w.last
	}
	w.last = at
	for len(w.pending) >= 1000 {
		if err := w.flush(); err != nil {
			return err
		}
	}
	p, err := w.Node.Send(node.Request{Auth: by, Command: cmd, Moment: civil.Moment(at)})
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

// auth is somebody who signed in.
func auth(p people.ID) record.Auth {
	return record.Auth{By: record.ActorID(p), How: record.ByPIN}
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
	if weekday == time.Wednesday && n > 0 {
		if err := w.bankDay(morning, day, n); err != nil {
			return err
		}
	}
	if err := w.payments(morning); err != nil {
		return err
	}
	evening := morning.Add(10 * time.Hour)
	switch weekday {
	case time.Wednesday:
		return w.grant(evening, n)
	case time.Thursday:
		return w.ask(evening)
	case time.Friday:
		return w.payOut(evening)
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
	if err := w.apply(at, auth(from.person.ID), ledger.Pay{ID: id, From: from.person.Account, To: to.person.Account, Amount: amount}); err != nil {
		return err
	}
	if w.random.IntN(100) > 0 || to.person.Role != people.Merchant {
		return nil
	}
	from.cents += amount
	to.cents -= amount
	return w.apply(at.Add(time.Minute), auth(to.person.ID), ledger.Refund{Of: id, All: true})
}

// ask has shops ask for the euros that they may have.
func (w *Wijk) ask(at time.Time) error {
	if err := w.flush(); err != nil {
		return err
	}
	day := civil.Day(at)
	for _, s := range w.shops {
		var free ledger.Cents
		err := w.Node.Read(func(v *node.View) error {
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
		amount := (free / 2) - (free/2)%100
		s.cents -= amount
		if err := w.apply(at, auth(s.person.ID), ledger.Redeem{ID: w.id(), From: s.person.Account, Amount: amount}); err != nil {
			return err
		}
	}
	return w.flush()
}
