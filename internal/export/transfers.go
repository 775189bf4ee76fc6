package export

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/big"
	"strconv"

	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/ledger"
)

// The accounts of a list of transfers that are nobody's.
const (
	bankName = "BANK" // where euros come from and go to
	fundName = "FUND" // the wijkfonds
)

// Transfers writes a ledger as a list of transfers, the form that any list can
// be analysed in: who gave how much to whom on which day, and no coin. Owners go
// by role and number, in the order in which they came, and never by name. What
// melted is a row for each owner on each day that something did.
//
// It differs from the ledger in three things. A redemption counts on the day it
// was asked for, and its fee is a payment to the fund. Each owner's balance is
// whole grains, and what roundings give to holders comes when something melts.
// A refund undoes the payment that it is of.
func Transfers(w io.Writer, records iter.Seq2[*record.Record, error]) error {
	l := &transfers{
		out: csv.NewWriter(w), state: ledger.NewState(ledger.Head{}, nil), roles: make(map[string]int),
		owners: make(map[ledger.OwnerID]*holder), accounts: make(map[ledger.AccountID]*holder),
	}
	l.write("id", "day", "type", "source", "target", "amount", "reverses")
	for r, err := range records {
		if err != nil {
			return err
		}
		if err := l.melt(r.Moment.Day); err != nil {
			return err
		}
		if err := l.book(r); err != nil {
			return fmt.Errorf("entry %d: %w", r.Seq, err)
		}
	}
	l.out.Flush()
	return l.out.Error()
}

// transfers is a list while it is written.
type transfers struct {
	out      *csv.Writer
	state    *ledger.State
	day      string
	roles    map[string]int // how many have come
	owners   map[ledger.OwnerID]*holder
	accounts map[ledger.AccountID]*holder
	order    []*holder
}

// holder is an owner in the list.
type holder struct {
	name   string
	grains *big.Int // what the rows so far add up to
	worth  *big.Int // what the ledger says, while it is asked
}

func (l *transfers) write(fields ...string) { _ = l.out.Write(fields) } // Transfers asks for the error at the end

// row writes a row of a kind between two accounts; nothing for nought.
func (l *transfers) row(id, kind, source, target string, grains *big.Int, reverses string) {
	if grains.Sign() > 0 {
		l.write(id, l.day, kind, source, target, decimal(grains), reverses)
	}
}

// comes and goes write a row to an owner or from one.
func (l *transfers) comes(id, kind, source string, to *holder, grains *big.Int, reverses string) {
	l.row(id, kind, source, to.name, grains, reverses)
	to.grains.Add(to.grains, grains)
}

func (l *transfers) goes(id, kind string, from *holder, target string, grains *big.Int, reverses string) {
	if lack := new(big.Int).Sub(grains, from.grains); lack.Sign() > 0 { // a grain that roundings gave
		l.comes(id+"-rounding", "transfer", fundName, from, lack, "")
	}
	l.row(id, kind, from.name, target, grains, reverses)
	from.grains.Sub(from.grains, grains)
}

// melt writes what melted on each day up to one, before anything else happens on it.
func (l *transfers) melt(today demurrage.Day) error {
	head := l.state.Head()
	if head.Seq > 0 {
		index := head.Index.Extended(today)
		for d := head.Moment.Day + 1; d <= today; d++ {
			if index.At(d) == index.At(d-1) {
				continue
			}
			l.day = d.String()
			if err := l.melted(head, d); err != nil {
				return err
			}
		}
	}
	l.day = today.String()
	return nil
}

func (l *transfers) melted(head *ledger.Head, day demurrage.Day) error {
	for _, o := range l.order {
		o.worth.SetInt64(0)
	}
	err := l.state.Accounts(func(h *ledger.Holding) error {
		b, err := ledger.BalanceOf(head, h, day)
		o := l.accounts[h.Account.ID]
		o.worth.Add(o.worth, ledger.Grains(b.Worth).Big())
		return err
	})
	for _, o := range l.order {
		lost := new(big.Int).Sub(o.grains, o.worth)
		if lost.Sign() > 0 {
			l.goes("melt-"+l.day+"-"+o.name, "demurrage", o, fundName, lost, "")
		}
	}
	return err
}

// book writes one entry.
func (l *transfers) book(r *record.Record) error {
	id := strconv.FormatUint(r.Seq, 10)
	if c, closes := r.Command.(ledger.Close); closes {
		if err := l.closes(id, c.Account, r.Moment.Day); err != nil {
			return err
		}
	}
	if err := l.state.Apply(&r.Entry); err != nil {
		return err
	}
	switch c := r.Command.(type) {
	case ledger.Open:
		l.opens(c)
	case ledger.Issue:
		l.comes(id, "issue", bankName, l.accounts[c.To], grains(c.Amount), "")
	case ledger.Grant:
		l.comes(id, "transfer", fundName, l.accounts[c.To], grains(c.Amount), "")
	case ledger.Pay:
		l.pays(id, l.accounts[c.From], l.accounts[c.To], c.Amount, "")
	case ledger.Refund:
		paid, _, err := l.state.Find(c.Of)
		if err != nil || paid == nil {
			return errors.Join(errUnknown, err)
		}
		l.pays(id, l.accounts[r.Facts.Debit], l.accounts[r.Facts.Credit], r.Facts.Amount, strconv.FormatUint(paid.Seq, 10))
	case ledger.Redeem:
		return l.redeems(id, c.ID, false)
	case ledger.Reject:
		return l.redeems(id, c.Of, true)
	}
	return nil
}

// errUnknown is an entry about something that is not in the ledger.
var errUnknown = errors.New("it is about nothing that the ledger knows")

func grains(c ledger.Cents) *big.Int { return c.Grains().Big() }

func (l *transfers) opens(c ledger.Open) {
	o := l.owners[c.Owner]
	if o == nil {
		l.roles[c.Role]++
		o = &holder{name: fmt.Sprintf("%s-%d", c.Role, l.roles[c.Role]), grains: new(big.Int), worth: new(big.Int)}
		l.owners[c.Owner], l.order = o, append(l.order, o)
	}
	l.accounts[c.Account] = o
}

// pays is a payment, or a refund of one. Between two accounts of one owner
// nothing happened.
func (l *transfers) pays(id string, from, to *holder, amount ledger.Cents, reverses string) {
	if from == to {
		return
	}
	l.goes(id, "transfer", from, to.name, grains(amount), reverses)
	to.grains.Add(to.grains, grains(amount))
}

// redeems is a redemption asked for, or one that was rejected and comes back.
func (l *transfers) redeems(id string, of ledger.ID, back bool) error {
	_, r, err := l.state.Find(of)
	if err != nil || r == nil {
		return errors.Join(errUnknown, err)
	}
	o, asked := l.accounts[r.Account], strconv.FormatUint(r.Seq, 10)
	if back {
		l.comes(id, "redeem", bankName, o, grains(r.Amount-r.Fee), asked)
		l.comes(id+"-fee", "transfer", fundName, o, grains(r.Fee), "")
		return nil
	}
	l.goes(id, "redeem", o, bankName, grains(r.Amount-r.Fee), "")
	l.goes(id+"-fee", "transfer", o, fundName, grains(r.Fee), "")
	return nil
}

// closes is what an account that is closed leaves to the fund.
func (l *transfers) closes(id string, account ledger.AccountID, day demurrage.Day) error {
	h, err := l.state.Holding(account)
	if err != nil || h == nil {
		return errors.Join(errUnknown, err)
	}
	b, err := ledger.BalanceOf(l.state.Head(), h, day)
	if err == nil {
		l.goes(id, "transfer", l.accounts[account], fundName, ledger.Grains(b.Worth).Big(), "")
	}
	return err
}
