package wallet

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"grulden/internal/civil"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/ledger"
)

// Bounds of requests by link.
const (
	LinkLife  = 30 * 24 * time.Hour // a link can be paid for so long
	MaxPeople = 100                 // that can share an amount or pay one link
	maxLinks  = 50                  // of one person that can be paid at the same time
)

// ErrPeople is returned for a number of people that cannot share an amount.
var ErrPeople = errors.New("the number of people is not one that can share this amount")

// Share splits a total among people, the asker among them: each other pays
// each, and the asker bears own, which is each and the cents that cannot be
// split. total = each × (people − 1) + own.
func Share(total ledger.Cents, people int) (each, own ledger.Cents, err error) {
	if people < 2 || people > MaxPeople {
		return 0, 0, ErrPeople
	}
	each = total / ledger.Cents(people)
	if each <= 0 {
		return 0, 0, ledger.ErrAmount
	}
	return each, total - each*ledger.Cents(people-1), nil
}

// linkNote is what a person wrote with a link.
type linkNote struct {
	Text   string       `json:"text"`
	Total  ledger.Cents `json:"total,omitempty"`  // of an amount that is shared
	People int          `json:"people,omitempty"` // that share it, the asker among them
}

// Asked is a request by link, as who made it sees it.
type Asked struct {
	payreq.Request
	Text   string
	Total  ledger.Cents // of an amount that is shared; zero: each pays Amount
	People int          // that share it, the asker among them
	Paid   []PaidLink   // in the order of payment
	Over   bool         // nobody can pay it any more: too old, stopped, or all have paid
}

// PaidLink is one payment on a link.
type PaidLink struct {
	Payer   ledger.AccountID
	Payment ledger.ID
	At      time.Time
	seq     uint64
}

// AskByLink makes a link that as many people as times can pay once each.
func (o *Orders) AskByLink(who people.Person, amount ledger.Cents, times int, text string) (payreq.Request, error) {
	if times < 1 || times > MaxPeople {
		return payreq.Request{}, ErrPeople
	}
	return o.link(who, amount, times, linkNote{Text: text})
}

// SplitByLink makes a link by which the others pay their shares of a total.
func (o *Orders) SplitByLink(who people.Person, total ledger.Cents, people int, text string) (payreq.Request, error) {
	each, _, err := Share(total, people)
	if err != nil {
		return payreq.Request{}, err
	}
	return o.link(who, each, people-1, linkNote{Text: text, Total: total, People: people})
}

func (o *Orders) link(who people.Person, amount ledger.Cents, times int, note linkNote) (payreq.Request, error) {
	if len([]rune(note.Text)) > MaxText {
		return payreq.Request{}, ErrText
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	links, err := o.book.Links(who.Account)
	if err != nil {
		return payreq.Request{}, err
	}
	now, running := o.node.Now(), 0
	for _, l := range links {
		if !l.Expired(now) {
			running++
		}
	}
	if running >= maxLinks {
		return payreq.Request{}, ErrTooMany
	}
	r, err := o.book.Make(payreq.Request{
		Kind: payreq.ByLink, Shop: who.Account, Amount: amount, Times: times, Made: now, Expires: now.Add(LinkLife), By: who.ID,
	})
	if err != nil {
		return payreq.Request{}, err
	}
	return r, o.put(who.ID, linkDoc+r.Code.String(), note)
}

// Asked finds a link of a person; ok is false when the code is not one.
func (o *Orders) Asked(who people.Person, code payreq.Code) (a Asked, ok bool, err error) {
	r, found, err := o.book.Find(code)
	if err != nil || !found || r.Kind != payreq.ByLink || r.Shop != who.Account {
		return Asked{}, false, err
	}
	a, err = o.asked(who, r)
	return a, err == nil, err
}

// Links lists the links of a person, the newest first, at most limit.
func (o *Orders) Links(who people.Person, limit int) (all []Asked, err error) {
	links, err := o.book.Links(who.Account)
	if err != nil {
		return nil, err
	}
	for _, r := range links[:min(limit, len(links))] {
		a, err := o.asked(who, r)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

func (o *Orders) asked(who people.Person, r payreq.Request) (Asked, error) {
	var note linkNote
	if _, err := o.get(who.ID, linkDoc+r.Code.String(), &note); err != nil {
		return Asked{}, err
	}
	a := Asked{Request: r, Text: note.Text, Total: note.Total, People: note.People}
	claims, err := o.book.Claims(r.Code)
	if err != nil {
		return Asked{}, err
	}
	err = o.node.Read(func(v *node.View) error {
		for _, c := range claims {
			p, err := v.Payment(c.Payment)
			if err != nil {
				return err
			}
			if p == nil {
				continue
			}
			rec, err := v.Record(p.Seq)
			if err != nil {
				return err
			}
			a.Paid = append(a.Paid, PaidLink{c.Payer, c.Payment, rec.Moment.At.Time().In(civil.Zone), p.Seq})
		}
		return nil
	})
	if err != nil {
		return Asked{}, fmt.Errorf("read who paid a link: %w", err)
	}
	slices.SortFunc(a.Paid, func(x, y PaidLink) int { return cmp.Compare(x.seq, y.seq) })
	a.Over = r.Expired(o.node.Now()) || len(a.Paid) >= r.Times
	return a, nil
}

// TextOf is what the asker wrote with a link; empty for other codes.
func (o *Orders) TextOf(code payreq.Code) (string, error) {
	r, ok, err := o.book.Find(code)
	if err != nil || !ok || r.Kind != payreq.ByLink {
		return "", err
	}
	var note linkNote
	_, err = o.get(r.By, linkDoc+code.String(), &note)
	return note.Text, err
}

// TextOfPayment is what the asker wrote with the link that a payment answers;
// empty for other payments.
func (o *Orders) TextOfPayment(id ledger.ID) (string, error) {
	r, ok, err := o.book.OfPayment(id)
	if err != nil || !ok {
		return "", err
	}
	return o.TextOf(r.Code)
}

// StopLink ends a link of a person: nobody can pay it any more.
func (o *Orders) StopLink(who people.Person, code payreq.Code) error {
	r, ok, err := o.book.Find(code)
	if err == nil && (!ok || r.Kind != payreq.ByLink || r.Shop != who.Account) {
		err = ErrUnknownOrder
	}
	if err != nil {
		return err
	}
	return o.book.Stop(code)
}
