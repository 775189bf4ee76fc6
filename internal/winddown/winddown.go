// Package winddown ends a coin: everybody's Grulden become euros, everybody is
// paid, and nothing is left over.
//
// The law of the coin stays as it is. Two people set a last policy: nothing
// melts, everything is convertible a day after it was issued, and everybody may
// ask for euros. From the day on which it holds, each account asks for all it
// has; that freezes the coin, for nobody has a cent left to pay with. The bank
// pays all of them with one file, those without a bank account are paid by hand,
// and accounts are closed. Less than a cent of each falls to the wijkfonds, as
// ever. Money that is set aside for paper coupons asks for nothing: it goes to the
// shop that books the coupon or back to its owner, and then they ask for it. No
// coupon is printed once the end was decided, so that takes 44 days at most, and
// nothing is closed before. What the wijkfonds has once all accounts are closed is a whole number of
// cents: two people give it to a new account, and it leaves like the rest.
//
// Every step can be done again: a second time does what the first left undone.
// The package pays nobody and decides nothing.
package winddown

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"grulden/demurrage"
	"grulden/internal/coupon"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
)

// Errors of this package.
var (
	ErrNotYet = errors.New("the last rules of the coin do not hold yet")
	ErrPaper  = errors.New("money for paper coupons is still set aside: nothing is closed before it came back")
)

// Policy is the last policy of a coin, from a day on: for accounts of these roles.
func Policy(from demurrage.Day, roles []string) ledger.Policy {
	return ledger.Policy{From: from, Hops: 1, TermDays: 1, Redeemers: roles}
}

// Group is accounts and what they have or get together.
type Group struct {
	Count int
	Sum   ledger.Cents
}

func (g *Group) add(sum ledger.Cents) {
	g.Count++
	g.Sum += sum
}

// Final is what one account gets in the end.
type Final struct {
	Account ledger.AccountID
	Person  people.Person // zero: nobody is known for it
	Cents   ledger.Cents  // in its purse and on its way together
	Waiting ledger.Cents  // of that, asked for and not paid yet
}

// Plan is how far a wind-down is.
type Plan struct {
	Last    bool // the last policy holds today
	Held    Group
	Waiting Group // redemptions that wait for the bank
	Bank    Group // accounts that are paid by the bank
	ByHand  Group // accounts of people without a bank account
	Nobody  Group // accounts of which nobody is known
	Paper   Group // accounts on which money for paper coupons is set aside
	Open    int   // accounts that are not closed
	Fund    ledger.Cents
	Reserve ledger.Cents // that must be at the bank and in the cash box now
	Finals  []Final
}

// Over tells whether nothing is left.
func (p *Plan) Over() bool { return p.Open == 0 && p.Reserve == 0 }

// WindDown ends one coin.
type WindDown struct {
	node   *node.Node
	people *people.Directory
	papers *coupon.Book
}

// New is the wind-down of a ledger; nothing is done yet.
func New(n *node.Node, p *people.Directory, papers *coupon.Book) *WindDown {
	return &WindDown{node: n, people: p, papers: papers}
}

// Plan tells how far it is, without changing anything.
func (w *WindDown) Plan() (*Plan, error) {
	p := &Plan{}
	day := w.node.Today()
	err := w.node.Read(func(v *node.View) error {
		head := v.Head()
		if len(head.Policies) == 0 {
			return ErrNotYet
		}
		p.Last, p.Reserve = head.Policies.InForce(day).Ends(), head.Reserve()
		grains, negative, err := head.Fund(day)
		if err != nil {
			return err
		}
		if cents, _ := grains.Div(ledger.GrainsPerCent); !negative {
			p.Fund = ledger.Cents(cents.Lo)
		}
		waiting := make(map[ledger.AccountID]ledger.Cents)
		open, err := v.OpenRedemptions()
		if err != nil {
			return err
		}
		for _, r := range open {
			waiting[r.Account] += r.Amount - r.Fee
			p.Waiting.add(r.Amount - r.Fee)
		}
		return v.Accounts(func(a *ledger.Account) error { return w.final(p, v, a, waiting[a.ID]) })
	})
	return p, err
}

// final adds one account to the plan.
func (w *WindDown) final(p *Plan, v *node.View, a *ledger.Account, waiting ledger.Cents) error {
	if a.Closed {
		return nil
	}
	b, err := v.Balance(a.ID, w.node.Today())
	if err != nil {
		return err
	}
	person, known, err := w.people.ByAccount(a.ID)
	if err != nil {
		return fmt.Errorf("look up whose account it is: %w", err)
	}
	f := Final{Account: a.ID, Person: person, Cents: ledger.ShownCents(b.Worth) + waiting, Waiting: waiting}
	p.Open++
	if f.Cents == 0 {
		return nil
	}
	if _, paper, err := w.papers.OwnerOf(a.ID); err != nil || paper {
		p.Paper.add(f.Cents)
		return err
	}
	if f.Cents > waiting {
		p.Held.add(f.Cents - waiting)
	}
	switch {
	case !known:
		p.Nobody.add(f.Cents)
	case person.IBAN == "":
		p.ByHand.add(f.Cents)
	default:
		p.Bank.add(f.Cents)
	}
	p.Finals = append(p.Finals, f)
	return nil
}

// Ask has every account ask for all it has in whole cents. An account that is
// blocked is let go first: its owner is owed the money. It returns what was asked
// for now; what cannot be asked for yet, such as a grant of today, waits for the
// next time.
func (w *WindDown) Ask(ctx context.Context, by record.Auth) (asked Group, err error) {
	if err := w.papers.Sweep(ctx); err != nil { // what is too old to be booked comes back first
		return asked, fmt.Errorf("take old coupons back: %w", err)
	}
	p, err := w.Plan()
	if err != nil {
		return asked, err
	}
	if !p.Last {
		return asked, ErrNotYet
	}
	for _, f := range p.Finals {
		request, blocked, err := w.request(f.Account)
		if err != nil {
			return asked, err
		}
		if request.Amount == 0 {
			continue
		}
		if blocked {
			if err := w.must(ctx, by, ledger.Unblock{Account: f.Account}); err != nil {
				return asked, err
			}
		}
		if err := w.must(ctx, by, request); err != nil {
			return asked, err
		}
		asked.add(request.Amount)
	}
	return asked, nil
}

// request is what an account can ask for now. Its id follows from the account and
// from how many such requests came back before, so that none is made twice.
func (w *WindDown) request(id ledger.AccountID) (c ledger.Redeem, blocked bool, err error) {
	c.From = id
	err = w.node.Read(func(v *node.View) error {
		a, err := v.Account(id)
		if a == nil || err != nil {
			return err
		}
		blocked = a.Blocked
		b, err := v.Balance(id, w.node.Today())
		if err != nil {
			return err
		}
		c.Amount = ledger.ShownCents(b.Convertible)
		for n := uint64(0); ; n++ {
			c.ID = requestID(id, n)
			before, err := v.Redemption(c.ID)
			if before == nil || err != nil {
				return err
			}
		}
	})
	return c, blocked, err
}

func requestID(account ledger.AccountID, n uint64) ledger.ID {
	text := binary.BigEndian.AppendUint64([]byte("grulden wind-down 1\x00"), uint64(account))
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(text, n))
	return ledger.ID(sum[:16])
}

// RefusedError says that the ledger refused a step.
type RefusedError struct{ Result ledger.Result }

// Error names the rule.
func (e *RefusedError) Error() string {
	return "the ledger refused a step of the wind-down: " + e.Result.Code()
}

func (w *WindDown) must(ctx context.Context, by record.Auth, cmd ledger.Command) error {
	r, err := w.node.Submit(ctx, node.Request{Auth: by, Command: cmd})
	if err == nil && r.Result != ledger.Applied {
		err = &RefusedError{r.Result}
	}
	return err
}

// Close closes every account that has nothing left and waits for nothing. ErrPaper
// while coupons are out: a shop must be able to book them, their owner to get them
// back.
func (w *WindDown) Close(ctx context.Context, by record.Auth) (closed int, err error) {
	if p, err := w.Plan(); err != nil || p.Last && p.Paper.Count > 0 {
		return 0, cmp.Or(err, ErrPaper)
	}
	var empty []ledger.AccountID
	err = w.node.Read(func(v *node.View) error {
		if policies := v.Head().Policies; len(policies) == 0 || !policies.InForce(w.node.Today()).Ends() {
			return ErrNotYet
		}
		return v.Accounts(func(a *ledger.Account) error {
			b, err := v.Balance(a.ID, w.node.Today())
			if !a.Closed && a.OpenRedemptions == 0 && ledger.ShownCents(b.Worth) == 0 {
				empty = append(empty, a.ID)
			}
			return err
		})
	})
	for _, id := range empty {
		if err := w.must(ctx, by, ledger.Close{Account: id}); err != nil {
			return closed, err
		}
		closed++
	}
	return closed, err
}
