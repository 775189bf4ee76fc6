package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"grulden/internal/auth"
	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/ledger"
	"grulden/web"
)

type personCmd struct {
	withKey
	Role    string `required:"" enum:"resident,merchant,desk,treasurer,board,administrator,evaluator" placeholder:"ROLE" help:"resident, merchant, desk, treasurer, board, administrator or evaluator."`
	Name    string `required:"" help:"The person's name."`
	Shop    string `help:"The shop's name, for a merchant."`
	Address string `help:"The shop's address."`
	IBAN    string `name:"iban" help:"Where euros are paid to."`
	Holder  string `help:"The holder's name, exactly as the bank has it (default: the shop's)."`
	Check   string `enum:",match,close,not-possible" default:"" placeholder:"ANSWER" help:"What the bank answered when asked whether name and IBAN belong together: match, close or not-possible. Without it two people look at the account first."`
	Lang    string `default:"nl" enum:"nl,en" help:"The language of their pages."`
	Renew   bool   `help:"Instead of adding somebody, give the one with this role and name a new code and PIN; second factors are forgotten."`
}

// Run adds a person, or renews a login, and prints the code and the PIN, once.
func (c *personCmd) Run(a *app) error {
	return a.on(c.withKey, func(l *opened) error {
		if c.Renew {
			return c.renew(a, l)
		}
		p := people.Person{
			ID: people.NewID(), Role: people.Role(c.Role), Name: c.Name, Lang: c.Lang,
			Shop: c.Shop, Address: c.Address, IBAN: c.IBAN,
		}
		if c.IBAN != "" {
			iban, err := sepa.ParseIBAN(c.IBAN)
			if err != nil {
				return err
			}
			p.IBAN, p.BankName = string(iban), cmp.Or(c.Holder, c.Shop, c.Name)
			if c.Check != "" {
				p.Vouched, p.NameCheck = true, people.NameCheck{On: l.node.Now(), Result: people.CheckResult(c.Check)}
			}
		}
		pin, err := newPIN()
		if err != nil {
			return err
		}
		p, code, err := l.addPerson(a.ctx, p, pin)
		if err != nil {
			return err
		}
		if err := l.told(a.ctx, p, "person-added"); err != nil {
			return err
		}
		if p.Vouched { // which takes two people everywhere else
			if err := l.told(a.ctx, p, "account-set"); err != nil {
				return err
			}
		}
		a.say("code %v\nPIN  %s\n", code, pin)
		if p.Reference != "" {
			a.say("for top-ups by bank: %s\n", sepa.Grouped(p.Reference))
		}
		a.note("this is shown once; write it down for %s", p.Title())
		return nil
	})
}

// renew gives somebody who is there already a new code and PIN.
func (c *personCmd) renew(a *app, l *opened) error {
	all, err := l.people.Everybody()
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(p people.Person) bool { return p.Role != people.Role(c.Role) || p.Name != c.Name })
	if len(all) != 1 {
		return hint(fmt.Errorf("%d people have this role and this name", len(all)), "role and name must be as they were given when this person was added")
	}
	pin, err := newPIN()
	if err != nil {
		return err
	}
	hash, err := l.pinHash(a.ctx, pin)
	if err != nil {
		return err
	}
	if err := l.told(a.ctx, all[0], "staff-login"); err != nil {
		return err
	}
	if _, _, err := l.people.SetPIN(all[0].ID, hash); err != nil {
		return err
	}
	_, code, err := l.people.NewCard(all[0].ID)
	if err != nil {
		return err
	}
	a.say("code %v\nPIN  %s\n", code, pin)
	a.note("this is shown once; the old code, PIN and second factors of %s no longer work", all[0].Title())
	return nil
}

// told enters in the logbook what was done at the machine itself: its subject and
// the board see it.
func (l *opened) told(ctx context.Context, p people.Person, kind logbook.Kind) error {
	_, err := l.logbook.Record(ctx, logbook.Entry{Kind: kind, Person: p.ID, Account: p.Account})
	return err
}

// newPIN draws six digits that are not the first a thief would try.
func newPIN() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(900_000))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%06d", 100_000+n.Int64()), nil
}

// pinHash hashes a PIN as the pages do.
func (l *opened) pinHash(ctx context.Context, pin string) (string, error) {
	hasher, err := auth.NewHasher(web.Pepper(l.vault), 1, rand.Reader)
	if err != nil {
		return "", err
	}
	return hasher.Hash(ctx, pin)
}

func (l *opened) addPerson(ctx context.Context, p people.Person, pin string) (people.Person, payreq.Code, error) {
	hash, err := l.pinHash(ctx, pin)
	if errors.Is(err, auth.ErrWeakPIN) {
		return p, 0, hint(err, "try again: another PIN is drawn")
	}
	if err != nil {
		return p, 0, err
	}
	p, code, err := l.people.Add(p, hash, l.node.Now())
	if err != nil || !p.Role.HasPurse() {
		return p, code, err
	}
	r, err := l.node.Submit(ctx, node.Request{
		Auth:    record.Auth{How: record.ByOperator},
		Command: ledger.Open{Account: p.Account, Owner: p.Owner, Role: string(p.Role)},
	})
	if err == nil && r.Result == ledger.NoPolicy {
		err = hint(errors.New("the coin has no rules yet, so no account can be opened"), "grulden policy --data DIR --set")
	} else if err == nil && r.Result != ledger.Applied {
		err = fmt.Errorf("the ledger refuses the account: %v", r.Result)
	}
	if err != nil {
		return p, code, errors.Join(err, l.people.Erase(p.ID))
	}
	return p, code, nil
}
