// Package wallet is what a holder can do: see what there is to spend and what
// would melt, look back, and pay what a code asks.
//
// It translates between people's questions and the ledger. It knows no rule of
// the coin (the ledger decides) and no page.
package wallet

import (
	"fmt"
	"sync"
	"time"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/record"
	"grulden/ledger"
)

// Wallet serves every holder of one ledger.
type Wallet struct {
	node *node.Node
	book *payreq.Book
	mint *payreq.Mint
	gate *gate

	links [64]sync.Mutex // by code: two payers must not take the last place at once
}

// New makes a Wallet over a running ledger, with the limits of its wijk.
func New(n *node.Node, book *payreq.Book, mint *payreq.Mint) *Wallet {
	return &Wallet{node: n, book: book, mint: mint, gate: newGate()}
}

// Holder is who acts: an account, and how its owner proved to be the owner.
type Holder struct {
	Account ledger.AccountID
	Auth    record.Auth
	// Of a helper: who it is, and how much the owner lets this helper pay a day.
	By  record.ActorID
	Cap ledger.Cents

	attempt ledger.ID // of the page by which the holder pays; see attempt.go
}

// Home is what a holder sees first.
type Home struct {
	Spendable ledger.Cents // can be paid now
	Loss      Loss
	Blocked   bool   // may not pay
	Seq       uint64 // the ledger's last entry when this was read
}

// Loss is what comes off on the first day on which anything does, if nothing
// is spent before.
type Loss struct {
	Some     bool // false: nothing that could be paid comes off for now
	Day      demurrage.Day
	Tomorrow bool         // Day is the day after today
	Amount   ledger.Cents // in what is shown; zero: less than a cent
	Spend    ledger.Cents // the least that, spent before Day, lets that day take nothing
}

// Home reads a holder's account as it is now.
func (w *Wallet) Home(id ledger.AccountID) (Home, error) {
	var home Home
	today := w.node.Today()
	err := w.node.Read(func(v *node.View) error {
		home.Seq = v.Head().Seq
		h, err := v.Holding(id)
		if err != nil || h == nil {
			return err
		}
		home.Blocked = h.Account.Blocked
		now, err := ledger.BalanceOf(v.Head(), h, today)
		if err != nil {
			return err
		}
		home.Spendable = ledger.ShownCents(now.Worth)
		home.Loss, err = firstLoss(v.Head(), h, now)
		return err
	})
	if err != nil {
		return Home{}, fmt.Errorf("read a wallet: %w", err)
	}
	return home, nil
}

// firstLoss is what melts first of a holding, in what is shown.
func firstLoss(head *ledger.Head, h *ledger.Holding, now ledger.Balance) (Loss, error) {
	m, melts, err := ledger.MeltingOf(head, h, now.Day)
	if err != nil || !melts || m.Spend == 0 {
		return Loss{}, err
	}
	then, err := ledger.BalanceOf(head, h, m.Day)
	if err != nil {
		return Loss{}, err
	}
	return Loss{
		Some: true, Day: m.Day, Spend: m.Spend, Tomorrow: m.Day == now.Day+1,
		Amount: ledger.ShownCents(now.Worth) - ledger.ShownCents(then.Worth),
	}, nil
}

// Kind is what an entry in a history was.
type Kind uint8

// The kinds of entries that move a holder's money, or end a redemption.
const (
	Issued   Kind = iota // topped up with euros
	Granted              // from the wijkfonds
	Paid                 // a payment, out or in
	Refunded             // a payment given back, out or in
	Redeemed             // asked to become euros
	Settled              // became euros
	Rejected             // did not become euros and came back
	Reopened             // had become euros, which the bank sent back: it waits again
)

// Entry is one line of a holder's history.
type Entry struct {
	Seq    uint64
	At     time.Time
	Kind   Kind
	Other  ledger.AccountID // the other party; zero: none
	Amount ledger.Cents     // below zero: it left. Of Settled: what was paid out, which moved before
	ID     ledger.ID        // of the payment or redemption, if it has one
	Helper record.ActorID   // who paid for the holder; zero: the holder
	How    string           // how it was authorised: a word of package record
}

// History gives the latest entries of an account before a sequence number
// (zero: from the last on), newest first, at most limit. before is where older
// ones go on; zero: there are none.
func (w *Wallet) History(id ledger.AccountID, before uint64, limit int) (entries []Entry, older uint64, err error) {
	err = w.node.Read(func(v *node.View) error {
		var err error
		entries, older, err = history(v, id, before, limit)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read a history: %w", err)
	}
	return entries, older, nil
}

func history(v *node.View, id ledger.AccountID, before uint64, limit int) (entries []Entry, older uint64, err error) {
	if a, err := v.Account(id); a == nil || err != nil {
		return nil, 0, err
	}
	records, err := v.History(id, before, limit)
	if err != nil {
		return nil, 0, err
	}
	for _, r := range records {
		e, shown, err := entryOf(v, id, r)
		if err != nil {
			return nil, 0, err
		}
		if shown {
			entries = append(entries, e)
		}
	}
	if len(records) == limit {
		older = records[limit-1].Seq
	}
	return entries, older, nil
}

// entryOf reads a record as a line of id's history; shown is false for those
// that move no money, such as a block.
func entryOf(v *node.View, id ledger.AccountID, r *record.Record) (e Entry, shown bool, err error) {
	e = Entry{Seq: r.Seq, At: civilTime(r), How: r.Auth.How}
	switch c := r.Command.(type) {
	case ledger.Issue:
		e.Kind, e.Amount = Issued, c.Amount
	case ledger.Grant:
		e.Kind, e.Amount = Granted, c.Amount
	case ledger.Pay:
		e.Kind, e.ID = Paid, c.ID
		e.Other, e.Amount = between(id, c.From, c.To, c.Amount)
		e.Helper = helperOf(id, c, r)
	case ledger.Refund:
		e.Kind, e.ID = Refunded, c.Of
		e.Other, e.Amount = between(id, r.Facts.Debit, r.Facts.Credit, r.Facts.Amount)
	case ledger.Redeem:
		e.Kind, e.ID, e.Amount = Redeemed, c.ID, -c.Amount
	case ledger.Settle:
		e.Kind, e.ID = Settled, c.Of
		e.Amount, err = redeemed(v, c.Of, true)
	case ledger.Reopen:
		e.Kind, e.ID = Reopened, c.Of
		e.Amount, err = redeemed(v, c.Of, true)
	case ledger.Reject:
		e.Kind, e.ID = Rejected, c.Of
		e.Amount, err = redeemed(v, c.Of, false)
	default:
		return Entry{}, false, nil
	}
	return e, true, err
}

// helperOf is the helper who made a payment, for its payer alone to know.
func helperOf(id ledger.AccountID, c ledger.Pay, r *record.Record) record.ActorID {
	if r.Auth.How == record.ByHelper && c.From == id {
		return r.Auth.By
	}
	return record.ActorID{}
}

// between gives the other party of a movement and its amount as id sees it.
func between(id, from, to ledger.AccountID, amount ledger.Cents) (ledger.AccountID, ledger.Cents) {
	if id == from {
		return to, -amount
	}
	return from, amount
}

// redeemed is the amount of a redemption, after its fee or before.
func redeemed(v *node.View, id ledger.ID, paidOut bool) (ledger.Cents, error) {
	r, err := v.Redemption(id)
	if err != nil || r == nil {
		return 0, err
	}
	if paidOut {
		return r.Amount - r.Fee, nil
	}
	return r.Amount, nil
}
