package policy

import (
	"math/big"

	"grulden/demurrage"
	"grulden/ledger"
)

// world is a ledger in memory, and what its accounts lived through since the
// period began.
type world struct {
	state  *ledger.State
	lives  map[ledger.AccountID]*life
	counts bool // the period has begun
}

// life is what one account lived through.
type life struct {
	start    *big.Int     // grains at the beginning
	in, out  ledger.Cents // everything that came and went
	turnover ledger.Cents // payments made and received
	spent    ledger.Cents
	paidOut  ledger.Cents
	fees     ledger.Cents
	payments Lost
	requests Lost
}

func newWorld() *world {
	return &world{state: ledger.NewState(ledger.Head{}, nil), lives: make(map[ledger.AccountID]*life)}
}

func (w *world) life(id ledger.AccountID) *life {
	l := w.lives[id]
	if l == nil {
		l = &life{start: new(big.Int)}
		w.lives[id] = l
	}
	return l
}

// follow carries the world forward by the facts of the journal.
func (w *world) follow(e *ledger.Entry) error {
	if err := w.count(e); err != nil {
		return err
	}
	return w.state.Apply(e)
}

// decide decides a command in this world, with ids and moment of the journal.
func (w *world) decide(e *ledger.Entry) (ledger.Result, error) {
	facts, result, err := ledger.Decide(w.state, e.Moment, e.Key, e.Command)
	if err != nil || result != ledger.Applied {
		return result, err
	}
	return result, w.follow(&ledger.Entry{
		Seq: w.state.Head().Seq + 1, Moment: e.Moment, Key: e.Key, Command: e.Command, Facts: facts,
	})
}

// begin takes down what every account has at the end of a day.
func (w *world) begin(day demurrage.Day) error {
	w.counts = true
	head := w.state.Head()
	return w.state.Accounts(func(h *ledger.Holding) error {
		b, err := ledger.BalanceOf(head, h, day)
		w.life(h.Account.ID).start = ledger.Grains(b.Worth).Big()
		return err
	})
}

// count takes down what an entry that is about to be applied moves.
func (w *world) count(e *ledger.Entry) error {
	if !w.counts {
		return nil
	}
	switch c := e.Command.(type) {
	case ledger.Issue:
		w.life(c.To).in += c.Amount
	case ledger.Grant:
		w.life(c.To).in += c.Amount
	case ledger.Pay:
		from, to := w.life(c.From), w.life(c.To)
		from.move(to, c.Amount)
		from.spent += c.Amount
		from.turnover += c.Amount
		to.turnover += c.Amount
	case ledger.Refund:
		w.life(e.Facts.Debit).move(w.life(e.Facts.Credit), e.Facts.Amount)
		w.life(e.Facts.Credit).spent -= e.Facts.Amount
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

func (l *life) move(to *life, amount ledger.Cents) {
	l.out += amount
	to.in += amount
}

// redeemed counts what became of a redemption.
func (w *world) redeemed(id ledger.ID, count func(*life, *ledger.Redemption)) error {
	_, r, err := w.state.Find(id)
	if err == nil && r != nil {
		count(w.life(r.Account), r)
	}
	return err
}

// figures adds up accounts at the end of a day. What melted is what somebody
// began with and got, less what left and what is there.
func (w *world) figures(ids []ledger.AccountID, day demurrage.Day) (Figures, error) {
	f := Figures{Held: new(big.Int), Convertible: new(big.Int), Melted: new(big.Int)}
	head := w.state.Head()
	for _, id := range ids {
		h, err := w.state.Holding(id)
		if err != nil {
			return f, err
		}
		l := w.life(id)
		f.Spent += l.spent
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
