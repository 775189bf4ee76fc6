package policy

import (
	"math/big"

	"grulden/demurrage"
	"grulden/internal/fund"
	"grulden/ledger"
)

// Figures are what one group lived through. Amounts in grains are exact; a
// negative Melted is what roundings gave.
type Figures struct {
	Held        *big.Int // grains, at the end
	Convertible *big.Int // of these, grains that could become euros
	Melted      *big.Int // grains that went to the wijkfonds because they lay still

	Spent    ledger.Cents // in payments
	Received ledger.Cents // from payments
	PaidOut  ledger.Cents // turned into euros, fees not counted
	Fees     ledger.Cents // paid for that
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

	WasPayments, WasRequests Lost // in a history nothing; in a made-up wijk what was only wished
}

// Fund is the wijkfonds in a preview.
type Fund struct {
	Was, Would *big.Int // grains at the end
	Grants     Lost
	WasGrants  Lost // as Group.WasPayments
}

// Whole is what only the wijk has, and no group of it.
type Whole struct {
	Reserve ledger.Cents // euros at the end
	Issued  ledger.Cents // in the period
	Volume  ledger.Cents // payments between different owners, less refunds
	Stock   *big.Int     // grains that all had together, added up over the ends of all days
	Hops    Hops
}

// Preview is what other rules would have meant.
type Preview struct {
	From, To   demurrage.Day
	Entries    uint64 // looked at
	Groups     []Group
	Fund       Fund
	Was, Would Whole
}

// Compare sets two worlds beside each other that both began to count on the day
// from: groups are cut as people did in the first of them.
func Compare(was, would *World, from, to demurrage.Day) (*Preview, error) {
	p := &Preview{From: from, To: to, Fund: Fund{Grants: would.grants, WasGrants: was.grants}}
	for _, side := range []struct {
		world *World
		whole *Whole
		fund  **big.Int
	}{{was, &p.Was, &p.Fund.Was}, {would, &p.Would, &p.Fund.Would}} {
		var err error
		if *side.whole, err = side.world.end(to); err != nil {
			return nil, err
		}
		if *side.fund, err = fundOf(side.world.state, to); err != nil {
			return nil, err
		}
	}
	var err error
	p.Groups, err = groups(was, would, to)
	return p, err
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
