package policy

import (
	"math/big"

	"grulden/demurrage"
	"grulden/ledger"
)

// World is a ledger in memory, and what its accounts lived through since it
// began to count.
type World struct {
	state  *ledger.State
	order  ledger.Order
	lives  map[ledger.AccountID]*life
	grants Lost
	counts bool          // the period has begun
	from   demurrage.Day // its first day
	whole  Whole         // of the period so far
	seen   demurrage.Day // the last day whose end is in whole.Stock

	portions map[ledger.ID][]portion // what the payments of the period are made of
}

// life is what one account lived through.
type life struct {
	start    *big.Int     // grains at the beginning
	in, out  ledger.Cents // everything that came and went
	spent    ledger.Cents
	received ledger.Cents
	turnover ledger.Cents // payments made and received, also those that came back
	paidOut  ledger.Cents
	fees     ledger.Cents
	payments Lost
	requests Lost
}

// NewWorld is an empty ledger whose payments take money in an order.
func NewWorld(order ledger.Order) *World {
	w := &World{state: ledger.NewState(ledger.Head{}, nil), order: order, lives: make(map[ledger.AccountID]*life), portions: make(map[ledger.ID][]portion)}
	w.whole.Stock = new(big.Int)
	return w
}

// State is the ledger itself, to look at.
func (w *World) State() *ledger.State { return w.state }

func (w *World) life(id ledger.AccountID) *life {
	l := w.lives[id]
	if l == nil {
		l = &life{start: new(big.Int)}
		w.lives[id] = l
	}
	return l
}

// follow carries the world forward by the facts of an entry.
func (w *World) follow(e *ledger.Entry) error {
	if err := w.pass(e.Moment.Day - 1); err != nil {
		return err
	}
	if err := w.count(e); err != nil {
		return err
	}
	return w.state.Apply(e)
}

// Decide decides an entry's command in this world, with its moment and key, and
// gives the entry that it became here. What is refused is counted as lost.
func (w *World) Decide(e *ledger.Entry) (*ledger.Entry, ledger.Result, error) {
	facts, result, err := ledger.DecideIn(w.order, w.state, e.Moment, e.Key, e.Command)
	if err != nil {
		return nil, result, err
	}
	if result != ledger.Applied {
		w.lost(e.Command)
		return nil, result, nil
	}
	here := &ledger.Entry{Seq: w.state.Head().Seq + 1, Moment: e.Moment, Key: e.Key, Command: e.Command, Facts: facts}
	return here, result, w.follow(here)
}

// Begin begins to count, with what every account has at the end of a day.
func (w *World) Begin(day demurrage.Day) error {
	w.counts, w.from, w.seen = true, day+1, day
	head := w.state.Head()
	return w.state.Accounts(func(h *ledger.Holding) error {
		b, err := ledger.BalanceOf(head, h, day)
		w.life(h.Account.ID).start = ledger.Grains(b.Worth).Big()
		return err
	})
}

// pass adds up what all have at the end of each day that is over.
func (w *World) pass(until demurrage.Day) error {
	if !w.counts {
		return nil
	}
	for head := w.state.Head(); w.seen < until; {
		w.seen++
		held, err := head.Holders.Worth(head.Index, w.seen)
		if err != nil {
			return err
		}
		w.whole.Stock.Add(w.whole.Stock, held.CeilDiv(demurrage.One).Big())
	}
	return nil
}

// end is what the wijk as a whole has lived through at the end of a day.
func (w *World) end(day demurrage.Day) (Whole, error) {
	err := w.pass(day)
	if err != nil {
		return w.whole, err
	}
	whole := w.whole
	whole.Reserve = w.state.Head().Reserve()
	whole.Hops, err = w.lying(day)
	return whole, err
}

// count takes down what an entry that is about to be applied moves.
func (w *World) count(e *ledger.Entry) error {
	if !w.counts {
		return nil
	}
	if err := w.joined(e); err != nil {
		return err
	}
	switch c := e.Command.(type) {
	case ledger.Issue:
		w.life(c.To).in += c.Amount
		w.whole.Issued += c.Amount
	case ledger.Grant:
		w.life(c.To).in += c.Amount
	case ledger.Pay:
		from, to := w.life(c.From), w.life(c.To)
		from.turnover += c.Amount
		to.turnover += c.Amount
		from.move(to, c.Amount)
		other, err := w.paid(c.From, c.To, c.Amount)
		if other == 0 {
			return err
		}
		return w.paidBy(e, c, other)
	case ledger.Refund:
		w.life(e.Facts.Debit).move(w.life(e.Facts.Credit), e.Facts.Amount)
		other, err := w.paid(e.Facts.Credit, e.Facts.Debit, -e.Facts.Amount)
		if other == 0 {
			return err
		}
		return w.undone(c.Of, e.Facts.Amount)
	case ledger.Redeem:
		w.life(c.From).out += c.Amount
	case ledger.Settle:
		return w.redeemed(c.Of, func(l *life, r *ledger.Redemption) {
			l.paidOut += r.Amount - r.Fee
			l.fees += r.Fee
		})
	case ledger.Reopen:
		return w.redeemed(c.Of, func(l *life, r *ledger.Redemption) {
			l.paidOut -= r.Amount - r.Fee
			l.fees -= r.Fee
		})
	case ledger.Reject:
		return w.redeemed(c.Of, func(l *life, r *ledger.Redemption) { l.in += r.Amount })
	}
	return nil
}

// lost counts a command that was an entry, or was meant to be, and is refused.
func (w *World) lost(cmd ledger.Command) {
	if !w.counts {
		return
	}
	switch c := cmd.(type) {
	case ledger.Grant:
		w.grants.add(c.Amount)
	case ledger.Pay:
		w.life(c.From).payments.add(c.Amount)
	case ledger.Redeem:
		w.life(c.From).requests.add(c.Amount)
	}
}

func (l *life) move(to *life, amount ledger.Cents) {
	l.out += amount
	to.in += amount
}

// paid counts a payment, or with less than nought its refund. It gives whom it was
// paid to; nought for a payment between accounts of one owner, which is no volume.
func (w *World) paid(from, to ledger.AccountID, amount ledger.Cents) (other ledger.OwnerID, err error) {
	w.life(from).spent += amount
	w.life(to).received += amount
	a, err := w.state.Account(from)
	if err != nil {
		return 0, err
	}
	b, err := w.state.Account(to)
	if err != nil || a.Owner == b.Owner {
		return 0, err
	}
	w.whole.Volume += amount
	return b.Owner, nil
}

// redeemed counts what became of a redemption.
func (w *World) redeemed(id ledger.ID, count func(*life, *ledger.Redemption)) error {
	_, r, err := w.state.Find(id)
	if err == nil && r != nil {
		count(w.life(r.Account), r)
	}
	return err
}

// figures adds up accounts at the end of a day. What melted is what somebody
// began with and got, less what left and what is there.
func (w *World) figures(ids []ledger.AccountID, day demurrage.Day) (Figures, error) {
	f := Figures{Held: new(big.Int), Convertible: new(big.Int), Melted: new(big.Int)}
	head := w.state.Head()
	for _, id := range ids {
		h, err := w.state.Holding(id)
		if err != nil {
			return f, err
		}
		l := w.life(id)
		f.Spent += l.spent
		f.Received += l.received
		f.PaidOut += l.paidOut
		f.Fees += l.fees
		moved := big.NewInt(int64(l.in - l.out))
		f.Melted.Add(f.Melted, l.start).Add(f.Melted, moved.Mul(moved, big.NewInt(ledger.GrainsPerCent)))
		if h == nil {
			continue
		}
		b, err := ledger.BalanceOf(head, h, day)
		if err != nil {
			return f, err
		}
		held := ledger.Grains(b.Worth).Big()
		f.Held.Add(f.Held, held)
		f.Melted.Sub(f.Melted, held)
		f.Convertible.Add(f.Convertible, ledger.Grains(b.Convertible).Big())
	}
	return f, nil
}
