package policy

import (
	"context"
	"errors"
	"iter"
	"math/big"

	"grulden/demurrage"
	"grulden/internal/fund"
	"grulden/internal/record"
	"grulden/ledger"
)

// Year is how many days a preview looks back on, today included.
const Year = 365

// ErrNothing says that a ledger has no entries to look back on.
var ErrNothing = errors.New("the ledger has no history to try other rules on")

// Records are the entries of a ledger in order, as node.View.All gives them.
type Records = iter.Seq2[*record.Record, error]

// Figures are what one group lived through. Amounts in grains are exact; a
// negative Melted is what roundings gave.
type Figures struct {
	Held        *big.Int // grains, at the end
	Convertible *big.Int // of these, grains that could become euros
	Melted      *big.Int // grains that went to the wijkfonds because they lay still

	Spent   ledger.Cents // in payments
	PaidOut ledger.Cents // turned into euros, fees not counted
	Fees    ledger.Cents // paid for that
}

// Lost is what happened and would not have: the other rules do not allow it, or
// somebody would have had too little.
type Lost struct {
	Count int
	Sum   ledger.Cents
}

// Group is accounts of one role and of about the same turnover.
type Group struct {
	Role     string // empty: all accounts together
	Part, Of int    // the Part-th of Of, the smallest turnover first
	Accounts int

	Was, Would Figures // by the rules as they were, and by the others
	Payments   Lost    // payments from these accounts
	Requests   Lost    // requests to turn money into euros
}

// Fund is the wijkfonds in a preview.
type Fund struct {
	Was, Would *big.Int // grains at the end
	Grants     Lost
}

// Preview is what other rules would have meant.
type Preview struct {
	From, To demurrage.Day
	Entries  uint64 // looked at
	Groups   []Group
	Fund     Fund
}

// Try decides the history of a ledger again under another policy, which holds
// from a year before today, or from the ledger's first day if that is later or
// within a year and its first grace. progress is called now and then.
func Try(ctx context.Context, all Records, other ledger.Policy, today demurrage.Day, progress func(done uint64)) (*Preview, error) {
	t := &trial{other: other, from: today - Year + 1, was: newWorld(), would: newWorld()}
	var done uint64
	for r, err := range all {
		if err == nil && done%4096 == 0 {
			err = ctx.Err()
			progress(done)
		}
		if err != nil {
			return nil, err
		}
		if err := t.entry(&r.Entry); err != nil {
			return nil, err
		}
		done++
	}
	if done == 0 {
		return nil, ErrNothing
	}
	if err := t.begin(today); err != nil {
		return nil, err
	}
	p := &Preview{From: t.from, To: today, Entries: done, Fund: Fund{Grants: t.grants}}
	var err error
	if p.Fund.Was, err = fundOf(t.was.state, today); err != nil {
		return nil, err
	}
	if p.Fund.Would, err = fundOf(t.would.state, today); err != nil {
		return nil, err
	}
	p.Groups, err = t.groups(today)
	return p, err
}

// trial is two worlds that are told the same history: one as it was, and one
// in which the other policy was announced in time.
type trial struct {
	other      ledger.Policy
	from       demurrage.Day // the first day on which the other policy holds
	was, would *world
	announced  bool // the other policy is known in the second world
	begun      bool // the period has begun
	grants     Lost
}

// entry tells both worlds the next command.
func (t *trial) entry(e *ledger.Entry) error {
	day := e.Moment.Day
	if first, ok := e.Command.(ledger.SetPolicy); ok && t.would.state.Head().Index == nil {
		return t.first(e, first)
	}
	if !t.announced && day >= t.from-ledger.MaxGrace-1 {
		if err := t.announce(); err != nil {
			return err
		}
	}
	if day >= t.from {
		if err := t.begin(t.from - 1); err != nil {
			return err
		}
	}
	if err := t.was.follow(e); err != nil {
		return err
	}
	if !t.announced {
		return t.would.follow(e)
	}
	if _, policy := e.Command.(ledger.SetPolicy); policy {
		return nil // the other one holds until today
	}
	result, err := t.would.decide(e)
	if err == nil && result != ledger.Applied {
		t.lost(e.Command)
	}
	return err
}

// first begins both worlds. A ledger too young for an announcement in time has
// the other policy from its first day on.
func (t *trial) first(e *ledger.Entry, c ledger.SetPolicy) error {
	if err := t.was.follow(e); err != nil {
		return err
	}
	if e.Moment.Day+demurrage.Day(c.Policy.GraceDays) < t.from {
		return t.would.follow(e)
	}
	t.from, t.announced = e.Moment.Day, true
	again := *e
	c.Policy = t.other
	again.Command = c
	if _, err := t.would.decide(&again); err != nil {
		return err
	}
	return t.begin(t.from)
}

// announce sets the other policy in the second world, as long before it holds
// as any grace can ask, and in the place of each one that was to follow.
func (t *trial) announce() error {
	t.announced = true
	head := t.would.state.Head()
	now := head.Moment
	now.Day = max(now.Day, t.from-ledger.MaxGrace-1)
	later := []demurrage.Day{t.from}
	for _, p := range head.Policies {
		if p.From > t.from {
			later = append(later, p.From)
		}
	}
	for _, from := range later {
		c := ledger.SetPolicy{Policy: t.other, HasFrom: true}
		c.Policy.From = from
		result, err := t.would.decide(&ledger.Entry{Moment: now, Command: c})
		if err != nil {
			return err
		}
		if result != ledger.Applied {
			return &RefusedError{result}
		}
	}
	return nil
}

// RefusedError says that the ledger could not take the other policy at all.
type RefusedError struct{ Result ledger.Result }

// Error names the rule.
func (e *RefusedError) Error() string { return "these rules cannot be set: " + e.Result.Code() }

// begin takes down what everybody had at the end of the day before the period.
func (t *trial) begin(day demurrage.Day) error {
	if t.begun {
		return nil
	}
	t.begun = true
	if err := t.was.begin(day); err != nil {
		return err
	}
	return t.would.begin(day)
}

// lost counts a command that was an entry and would not have been.
func (t *trial) lost(cmd ledger.Command) {
	switch c := cmd.(type) {
	case ledger.Grant:
		t.grants.add(c.Amount)
	case ledger.Pay:
		t.would.life(c.From).payments.add(c.Amount)
	case ledger.Redeem:
		t.would.life(c.From).requests.add(c.Amount)
	}
}

func (l *Lost) add(amount ledger.Cents) {
	l.Count++
	l.Sum += amount
}

// fundOf is what the wijkfonds has, in grains, below nought for a fund that
// never had more than roundings. Gifts count as the wijkfonds tells them: in
// whole cents.
func fundOf(s *ledger.State, day demurrage.Day) (*big.Int, error) {
	melted, negative, err := s.Head().Fund(day)
	if err != nil {
		return nil, err
	}
	grains := melted.Big()
	if negative {
		grains.Neg(grains)
	}
	return grains, s.Accounts(func(h *ledger.Holding) error {
		if h.Account.Role != fund.Role {
			return nil
		}
		b, err := ledger.BalanceOf(s.Head(), h, day)
		grains.Add(grains, ledger.ShownCents(b.Worth).Grains().Big())
		return err
	})
}

// Earliest is the first day from which a policy can hold that is set today:
// after every melts-from day that was given so far.
func Earliest(v ledger.View, now ledger.Moment) (demurrage.Day, error) {
	c := ledger.SetPolicy{Policy: ledger.DefaultPolicy(), HasFrom: true}
	for c.Policy.From = now.Day + 1; ; c.Policy.From++ {
		_, result, err := ledger.Decide(v, now, ledger.Key{}, c)
		if err != nil || result != ledger.PolicyTooSoon {
			return c.Policy.From, err
		}
	}
}
