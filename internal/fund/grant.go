package fund

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// Draft is a grant that somebody proposes.
type Draft struct {
	To      ledger.AccountID
	Purpose ID
	Cents   ledger.Cents
	Why     string // why the promise may be broken; empty: it may not
}

// Check tells whether a grant could be made now: ErrPurpose, ErrAmount,
// ErrText, ErrShort or ErrPromise say why not.
func (f *Fund) Check(d Draft) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err := f.check(d)
	return err
}

// check makes the row of a grant. f.mu is held.
func (f *Fund) check(d Draft) (Grant, error) {
	g := Grant{Purpose: d.Purpose, Cents: d.Cents}
	p, err := f.Purpose(d.Purpose)
	switch {
	case err != nil:
		return g, err
	case p.Ended:
		return g, ErrPurpose
	case d.Cents <= 0:
		return g, ErrAmount
	}
	g.Need = p.Need
	state, err := f.state()
	if err != nil {
		return g, err
	}
	switch {
	case state.Gifts >= d.Cents: // what was given is meant to be given on
		g.Gifts = true
	case state.Melted < d.Cents:
		return g, ErrShort
	}
	if p.Need || !state.Promise.Breaks(d.Cents) {
		return g, nil
	}
	if d.Why == "" {
		return g, ErrPromise
	}
	g.Why, err = Text(d.Why)
	return g, err
}

// Give makes a grant, once for each key: doing it again gives the grant that
// was made. The key is that of the two people's agreement, who are by.
func (f *Fund) Give(ctx context.Context, key ledger.Key, d Draft, by record.Auth) (Grant, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g, found, err := f.made(key)
	switch {
	case err != nil:
		return g, err
	case found && (g.Purpose != d.Purpose || g.Cents != d.Cents):
		return g, ErrUsed
	case !found:
		if g, err = f.check(d); err != nil {
			return g, err
		}
		if err := f.begin(key, &g); err != nil {
			return g, err
		}
	}
	return f.finish(ctx, g, d.To, by)
}

// made finds a grant by its key.
func (f *Fund) made(key ledger.Key) (g Grant, found bool, err error) {
	var number uint64
	if found, err = f.rows.Read(numberKey(key), &number); err != nil || !found {
		return g, false, err
	}
	found, err = f.rows.Read(grantKey(number), &g)
	return g, found, err
}

// begin keeps a grant before the ledger hears of it.
func (f *Fund) begin(key ledger.Key, g *Grant) error {
	all, err := f.Grants()
	if err != nil {
		return err
	}
	g.Number, g.Key, g.At = 1, key, f.node.Now().UTC()
	if len(all) > 0 {
		g.Number = all[len(all)-1].Number + 1
	}
	return f.rows.Update(func(rows *batch) {
		rows.Set(grantKey(g.Number), store.Row(g))
		rows.Set(numberKey(key), store.Row(g.Number))
	})
}

// finish has the ledger make the grant, and notes the entry. One that the ledger
// refuses was never made.
func (f *Fund) finish(ctx context.Context, g Grant, to ledger.AccountID, by record.Auth) (Grant, error) {
	if g.Seq != 0 {
		return g, nil
	}
	request := node.Request{Auth: by, Command: ledger.Grant{To: to, Amount: g.Cents}, Key: g.Key}
	if g.Gifts {
		purse, err := f.purse()
		if err != nil {
			return g, err
		}
		request = node.Request{Auth: by, Command: ledger.Pay{ID: ledger.ID(g.Key), From: purse.Account, To: to, Amount: g.Cents}}
	}
	r, err := f.node.Submit(ctx, request)
	if err != nil {
		return g, fmt.Errorf("make a grant: %w", err)
	}
	if r.Result != ledger.Applied {
		err := f.rows.Update(func(rows *batch) {
			rows.Delete(grantKey(g.Number))
			rows.Delete(numberKey(g.Key))
		})
		return g, errors.Join(&Refused{r.Result}, err)
	}
	g.Seq = r.Seq
	return g, f.rows.Put(grantKey(g.Number), store.Row(g))
}

// Purse is the gifts' account in the ledger.
type Purse struct {
	Account ledger.AccountID `json:"account,string"`
	Owner   ledger.OwnerID   `json:"owner,string"`
}

// purse is the gifts' account; nought when nothing was given yet.
func (f *Fund) purse() (p Purse, err error) {
	_, err = f.rows.Read(purseKey, &p)
	return p, err
}

// Owns tells whether an account is that of the gifts.
func (f *Fund) Owns(account ledger.AccountID) (bool, error) {
	p, err := f.purse()
	return account != 0 && p.Account == account, err
}

// Account is the gifts' account in the ledger; nought before the first gift.
func (f *Fund) Account() (ledger.AccountID, error) {
	p, err := f.purse()
	return p.Account, err
}

// Purse gives the gifts' account, and opens it the first time.
func (f *Fund) Purse(ctx context.Context, by record.Auth) (ledger.AccountID, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, err := f.purse()
	if err != nil {
		return 0, err
	}
	if p.Account == 0 {
		p = newPurse()
		row, err := json.Marshal(p)
		if err != nil {
			return 0, err
		}
		if err := f.rows.Put(purseKey, row); err != nil {
			return 0, err
		}
	}
	r, err := f.node.Submit(ctx, node.Request{Auth: by, Command: ledger.Open{Account: p.Account, Owner: p.Owner, Role: Role}})
	if err == nil && r.Result != ledger.Applied && r.Result != ledger.AccountExists {
		err = &Refused{r.Result}
	}
	return p.Account, err
}
