package report

import (
	"errors"
	"math/big"

	"grulden/demurrage"
	"grulden/ledger"
)

// errFacts says that an entry does not fit those before it.
var errFacts = errors.New("its facts do not fit the entries before it")

// fold is one pass through the entries of a ledger.
type fold struct {
	period Period
	state  *ledger.State // before the entry being looked at, then after it
	begun  bool          // there was an entry
	today  demurrage.Day
	stock  stock
	r      Report

	times    []int64                     // of each entry, in seconds
	since    map[ledger.LotID]int64      // since when a lot is held, where not since its entry
	pools    map[ledger.AccountID]*queue // each account's pool money by arrival
	waiting  map[ledger.ID][]movement    // what redemptions that wait took
	done     map[ledger.ID][]movement    // what those took that were settled: a bank may send money back
	moved    []movement                  // what the present entry took
	arena    []piece                     // its pieces
	payments []payment                   // between different owners
	parts    []part                      // theirs, one after the other
	first    int                         // the first payment in the period
	redeemed ages                        // what was paid out in the period
}

func newFold(p Period) *fold {
	return &fold{
		period:  p,
		state:   ledger.NewState(ledger.Head{}, nil),
		stock:   newStock(),
		since:   make(map[ledger.LotID]int64),
		pools:   make(map[ledger.AccountID]*queue),
		waiting: make(map[ledger.ID][]movement),
		done:    make(map[ledger.ID][]movement),
	}
}

// entry looks at the next entry: at what leaves while the state is still that
// of before, then at what arrives.
func (f *fold) entry(e *ledger.Entry) error {
	if e.Seq != uint64(len(f.times))+1 {
		return errFacts
	}
	f.times = append(f.times, e.Moment.At.Sec)
	if err := f.live(e.Moment.Day); err != nil {
		return err
	}
	if err := f.leave(e); err != nil {
		return err
	}
	plain := *e
	plain.Key = ledger.Key{} // nobody asks for keys here: the state need not keep them
	before, err := f.heldBeforeClosing(e)
	if err != nil {
		return err
	}
	if err := f.state.Apply(&plain); err != nil {
		return err
	}
	f.r.Entries = e.Seq
	return f.book(e, before)
}

// book books what an entry did, by its kind.
func (f *fold) book(e *ledger.Entry, before *big.Int) error {
	switch c := e.Command.(type) {
	case ledger.Issue:
		f.flow(&f.r.Issued, c.Amount, +1)
	case ledger.Grant:
		f.flow(&f.r.Granted, c.Amount, +1)
	case ledger.Pay:
		return f.paid(e, c)
	case ledger.Refund:
		return f.refunded(e, c)
	case ledger.Redeem:
		f.flow(&f.r.Requested, c.Amount, -1)
		f.waiting[c.ID] = keep(f.moved)
	case ledger.Settle:
		return f.settled(e, c.Of)
	case ledger.Reject:
		return f.rejected(e, c.Of)
	case ledger.Reopen:
		return f.reopened(e, c.Of)
	case ledger.Close:
		return f.closed(before)
	}
	f.arrive(e, nil)
	return nil
}

// within tells whether the present day is in the period. No day after it is
// ever looked at.
func (f *fold) within() bool { return f.today >= f.period.From }

// flow books an amount that came to holders (+1) or left them (−1).
func (f *fold) flow(sum *ledger.Cents, amount, sign ledger.Cents) {
	if f.within() {
		*sum += amount
		f.stock.nominal += sign * amount
	}
}

// paid books a payment. Between two accounts of one owner nothing happened but
// that money lies elsewhere.
func (f *fold) paid(e *ledger.Entry, c ledger.Pay) error {
	from, err := f.holder(c.From)
	if err != nil {
		return err
	}
	to, err := f.holder(c.To)
	if err != nil {
		return err
	}
	if from.owner == to.owner {
		f.arrive(e, f.moved)
		return nil
	}
	if !f.within() {
		f.first++
	}
	for _, pool := range []bool{true, false} { // a refund undoes the last first
		for _, m := range f.moved {
			if (m.row == rowConvertible) != pool {
				continue
			}
			for _, p := range m.pieces {
				f.parts = append(f.parts, part{piece: p, row: m.row})
			}
		}
	}
	f.payments = append(f.payments, payment{
		seq: e.Seq, at: e.Moment.At.Sec, from: from, to: to, end: len(f.parts),
	})
	f.arrive(e, nil)
	return nil
}

// holder is who has an account, and as what.
func (f *fold) holder(id ledger.AccountID) (holder, error) {
	a, err := f.state.Account(id)
	if err != nil || a == nil {
		return holder{}, errors.Join(errFacts, err)
	}
	return holder{a.Owner, a.Role}, nil
}

// refunded drops both legs: the payment loses the part that came back, and what
// came back has lain at the customer as if it had never left.
func (f *fold) refunded(e *ledger.Entry, c ledger.Refund) error {
	paid, _, err := f.state.Find(c.Of)
	if err != nil || paid == nil {
		return errors.Join(errFacts, err)
	}
	i, counted := f.findPayment(paid.Seq)
	if !counted { // between two accounts of one owner
		f.arrive(e, f.moved)
		return nil
	}
	amount := e.Facts.Amount
	if f.within() && i < f.first {
		f.r.RefundedLate += amount
	} else if f.within() {
		f.r.Refunded += amount
	}
	back, whole := f.drop(i, amount.Worth())
	if !whole {
		return errFacts
	}
	for i := range f.moved {
		m := &f.moved[i]
		m.pieces, back = split(back, m.worth)
	}
	f.arrive(e, f.moved)
	return nil
}

// settled books what a redemption paid out, and how old that was when asked for.
func (f *fold) settled(e *ledger.Entry, id ledger.ID) error {
	_, r, err := f.state.Find(id)
	if err != nil || r == nil {
		return errors.Join(errFacts, err)
	}
	if f.within() {
		f.r.PaidOut += r.Amount - r.Fee
		f.r.Fees += r.Fee
		asked := f.times[r.Seq-1]
		for _, m := range f.waiting[id] {
			for _, p := range m.pieces {
				f.redeemed.add(p.worth, asked-p.since)
			}
		}
	}
	f.done[id] = f.waiting[id]
	delete(f.waiting, id)
	f.arrive(e, nil)
	return nil
}

// reopened takes back that a redemption was paid out: its euros came back. How
// long its money had lain stays counted, for it was asked for then.
func (f *fold) reopened(e *ledger.Entry, id ledger.ID) error {
	_, r, err := f.state.Find(id)
	if err != nil || r == nil {
		return errors.Join(errFacts, err)
	}
	if f.within() {
		f.r.PaidOut -= r.Amount - r.Fee
		f.r.Fees -= r.Fee
	}
	f.waiting[id] = f.done[id]
	delete(f.done, id)
	f.arrive(e, nil)
	return nil
}

// rejected lets a redemption's money lie where it lay, as if never asked for.
func (f *fold) rejected(e *ledger.Entry, id ledger.ID) error {
	_, r, err := f.state.Find(id)
	if err != nil || r == nil {
		return errors.Join(errFacts, err)
	}
	f.flow(&f.r.Rejected, r.Amount, +1)
	back := f.waiting[id]
	delete(f.waiting, id)
	f.arrive(e, back)
	return nil
}

// heldBeforeClosing is what all holders have before an account is closed, nil
// for any other entry.
func (f *fold) heldBeforeClosing(e *ledger.Entry) (*big.Int, error) {
	if _, ok := e.Command.(ledger.Close); !ok {
		return nil, nil
	}
	return f.held(f.state.Head().Index, f.today)
}

// closed books what an account left to the fund.
func (f *fold) closed(before *big.Int) error {
	after, err := f.held(f.state.Head().Index, f.today)
	if err == nil && f.within() {
		f.stock.left.Add(f.stock.left, before.Sub(before, after))
	}
	return err
}
