package move

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/vault"
	"grulden/ledger"
)

// ErrFaults is returned for a plan that has faults: nothing was done.
var ErrFaults = errors.New("the lists have faults")

// Place is where a plan is carried out.
type Place struct {
	Node   *node.Node
	Vault  *vault.Vault
	People *people.Directory
}

// Done says what was carried out.
type Done struct {
	Added    int      `json:"added"`
	There    int      `json:"there"`    // were moved before
	Payments int      `json:"payments"` // kept with their payer and receiver
	Notes    []Remark `json:"notes,omitempty"`
	Opening  Opening  `json:"-"` // what is to be issued, by two people
}

// Opening is what members had when they moved.
type Opening struct {
	Total ledger.Cents  `json:"total"`
	Lines []OpeningLine `json:"lines"`
}

// OpeningLine is what one member had.
type OpeningLine struct {
	Person people.ID    `json:"person"`
	Cents  ledger.Cents `json:"cents"`
}

// Carry adds the members with their accounts and keeps their old payments.
// Whoever was added before is left as he is. What they have is in Done, to be
// issued after two people said so.
func Carry(ctx context.Context, at Place, p *Plan, auth record.Auth, progress func(done, of uint64)) (Done, error) {
	var done Done
	if len(p.Faults) > 0 {
		return done, ErrFaults
	}
	old := p.old(at)
	for i, m := range p.Members {
		id := at.id(m.Login)
		fresh, err := at.add(ctx, m, id, auth)
		if errors.Is(err, vault.ErrErased) {
			done.Notes = append(done.Notes, Remark{MembersFile, m.Line, Erased, ""})
			continue
		}
		if err != nil {
			return done, fmt.Errorf("move line %d: %w", m.Line, err)
		}
		if fresh {
			done.Added++
		} else {
			done.There++
		}
		if len(old[i]) > 0 {
			if err := at.keep(id, old[i]); err != nil {
				return done, err
			}
			done.Payments += len(old[i])
		}
		if m.Balance > 0 {
			done.Opening.Total += m.Balance
			done.Opening.Lines = append(done.Opening.Lines, OpeningLine{id, m.Balance})
		}
		progress(uint64(i)+1, uint64(len(p.Members)))
	}
	return done, nil
}

// id is a member's id here: always the same for the same login.
func (at Place) id(login string) people.ID {
	return people.ID(at.Vault.HMAC16("moved member", key(login)))
}

// add adds a member and opens the account, whichever of the two is still to be
// done.
func (at Place) add(ctx context.Context, m Member, id people.ID, auth record.Auth) (fresh bool, err error) {
	q := m.Person
	q.ID = id
	person, _, err := at.People.Add(q, "", at.Node.Now())
	if fresh = err == nil; errors.Is(err, people.ErrExists) {
		person, _, err = at.People.Person(id)
	}
	if err != nil {
		return false, err
	}
	var open bool
	if err := at.Node.Read(func(v *node.View) error {
		a, err := v.Account(person.Account)
		open = a != nil
		return err
	}); err != nil || open {
		return fresh, err
	}
	r, err := at.Node.Submit(ctx, node.Request{Auth: auth, Command: ledger.Open{Account: person.Account, Owner: person.Owner, Role: string(person.Role)}})
	if err == nil && r.Result != ledger.Applied {
		err = fmt.Errorf("the ledger refuses the account: %v", r.Result)
	}
	return fresh, err
}

// Old is a payment of before, as one of its two sides keeps it.
type Old struct {
	At     time.Time    `json:"at"`
	Cents  ledger.Cents `json:"cents"` // below nought: it went out
	Other  people.ID    `json:"other,omitzero"`
	Name   string       `json:"name,omitempty"` // of the other side, when that is no member here
	Text   string       `json:"text,omitempty"`
	Number string       `json:"number,omitempty"`
}

// old gives every member's own payments, by its place in the plan. The other
// side is kept by id, so that a name that is erased is gone everywhere.
func (p *Plan) old(at Place) [][]Old {
	all := make([][]Old, len(p.Members))
	side := func(mine, other string, cents ledger.Cents, q Payment) {
		i, ok := p.find(mine)
		if !ok {
			return
		}
		o := Old{At: q.At, Cents: cents, Text: q.Text, Number: q.Number}
		if j, member := p.find(other); member {
			o.Other = at.id(p.Members[j].Login)
		} else {
			o.Name = other
		}
		all[i] = append(all[i], o)
	}
	for _, q := range p.Payments {
		side(q.From, q.To, -q.Cents, q)
		side(q.To, q.From, q.Cents, q)
	}
	return all
}

const oldDoc = "payments before the move"

func (at Place) keep(id people.ID, all []Old) error {
	doc, err := json.Marshal(all)
	if err != nil {
		return fmt.Errorf("write old payments: %w", err)
	}
	return at.Vault.Put(id, oldDoc, doc)
}

// History gives somebody's payments of before the move; none for most.
func History(v *vault.Vault, id people.ID) (all []Old, err error) {
	doc, ok, err := v.Get(id, oldDoc)
	if err != nil || !ok {
		return nil, err
	}
	if err := json.Unmarshal(doc, &all); err != nil {
		return nil, fmt.Errorf("read old payments: %w", err)
	}
	return all, nil
}

// RefusedError says which lines of an opening cannot be issued, each with why.
type RefusedError struct {
	Lines []string
	Done  int // lines that were issued all the same
}

// Error names every line.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("%d lines were issued; not issued: %s", e.Done, strings.Join(e.Lines, "; "))
}

func (e *RefusedError) add(line int, why string) {
	e.Lines = append(e.Lines, fmt.Sprintf("line %d: %s", line+1, why))
}

// Issue issues what members had. Each gets it once, however often an opening
// with the same member is approved. All lines are looked at first: when one cannot
// be issued, because its member or account is gone or got another amount before,
// nobody gets anything, and the plan is to be made again (*RefusedError).
func Issue(ctx context.Context, at Place, o Opening, auth record.Auth) error {
	accounts := make([]ledger.AccountID, len(o.Lines))
	refused := &RefusedError{}
	for i, line := range o.Lines {
		account, why, err := at.issuable(line)
		if err != nil {
			return fmt.Errorf("issue what members had: %w", err)
		}
		if accounts[i] = account; why != "" {
			refused.add(i, why)
		}
	}
	if len(refused.Lines) > 0 {
		return refused
	}
	for i, line := range o.Lines {
		r, err := at.Node.Submit(ctx, node.Request{Auth: auth, Key: at.key(line.Person), Command: ledger.Issue{To: accounts[i], Amount: line.Cents}})
		if err != nil {
			return err
		}
		if r.Result == ledger.Applied || r.Result == ledger.AlreadyApplied {
			refused.Done++
		} else {
			refused.add(i, r.Result.Code())
		}
	}
	if len(refused.Lines) > 0 {
		return refused
	}
	return nil
}

// key makes that a member's balance is issued once.
func (at Place) key(id people.ID) ledger.Key {
	return ledger.Key(at.Vault.HMAC16("moved balance", id.String()))
}

// issuable finds the account of a line, or why it gets nothing.
func (at Place) issuable(line OpeningLine) (id ledger.AccountID, why string, err error) {
	person, ok, err := at.People.Person(line.Person)
	if err != nil || !ok {
		return 0, people.ErrNobody.Error(), err
	}
	err = at.Node.Read(func(v *node.View) error {
		a, err := v.Account(person.Account)
		switch {
		case err != nil:
			return err
		case a == nil:
			why = ledger.UnknownAccount.Code()
			return nil
		case a.Closed:
			why = ledger.AccountClosed.Code()
			return nil
		}
		all, err := v.History(a.ID, 0, math.MaxInt)
		for _, r := range all {
			if was, is := r.Command.(ledger.Issue); is && r.Key == at.key(line.Person) && was.Amount != line.Cents {
				why = "got " + was.Amount.String() + " before"
			}
		}
		return err
	})
	return person.Account, why, err
}
