package disclosure

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/report"
	"grulden/ledger"
)

// doings are what each owner added to the sums of a period that are no payments.
// They only tell how large a part the largest have: the sums are the report's.
type doings struct {
	period report.Period
	owner  map[ledger.AccountID]ledger.OwnerID
	issued parts
	asked  parts
	held   []parts // at the end of each month of the period
	month  demurrage.Day
}

// parts are what owners added to a sum, each in a unit of its own.
type parts map[ledger.OwnerID]*big.Int

func (p parts) add(owner ledger.OwnerID, amount *big.Int) {
	if amount.Sign() <= 0 {
		return
	}
	if p[owner] == nil {
		p[owner] = new(big.Int)
	}
	p[owner].Add(p[owner], amount)
}

// side is the parts of a sum whose value is another unit's, or a mean: the shares
// stay as they are.
func (p parts) side(value *big.Rat) Side {
	s, sum := Side{Owners: len(p)}, new(big.Int)
	var top [2]*big.Int
	for _, amount := range p {
		sum.Add(sum, amount)
		switch {
		case top[0] == nil || amount.Cmp(top[0]) > 0:
			top = [2]*big.Int{amount, top[0]}
		case top[1] == nil || amount.Cmp(top[1]) > 0:
			top[1] = amount
		}
	}
	for i, amount := range top {
		if amount != nil {
			s.Top[i] = new(big.Rat).SetFrac(amount, sum)
			s.Top[i].Mul(s.Top[i], value)
		}
	}
	return s
}

// errPast ends the walk after the last day of the period.
var errPast = errors.New("after the period")

// doingsOf reads what every owner did from the journal, once from its begin.
// It stops when the context is done: nobody waits for the rest any more.
func doingsOf(ctx context.Context, v *node.View, p report.Period) (*doings, error) {
	d := &doings{
		period: p, owner: make(map[ledger.AccountID]ledger.OwnerID),
		issued: make(parts), asked: make(parts), month: endOfMonth(p.From),
	}
	state := ledger.NewState(ledger.Head{}, nil)
	err := v.Records(1, func(r *record.Record) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := d.close(state, min(r.Moment.Day, p.To+1)); err != nil {
			return err
		}
		if r.Moment.Day > p.To {
			return errPast
		}
		plain := r.Entry
		plain.Key = ledger.Key{} // nobody asks for keys here
		d.take(&plain)
		return state.Apply(&plain)
	})
	if err != nil && !errors.Is(err, errPast) {
		return nil, fmt.Errorf("who made up the figures: %w", err)
	}
	return d, d.close(state, p.To+1)
}

// take books what an entry says an owner did.
func (d *doings) take(e *ledger.Entry) {
	if c, ok := e.Command.(ledger.Open); ok {
		d.owner[c.Account] = c.Owner
	}
	if e.Moment.Day < d.period.From {
		return
	}
	switch c := e.Command.(type) {
	case ledger.Issue:
		d.issued.add(d.owner[c.To], big.NewInt(int64(c.Amount)))
	case ledger.Redeem:
		d.asked.add(d.owner[c.From], big.NewInt(int64(c.Amount)))
	}
}

// close looks at what everybody has at the end of each month before a day.
func (d *doings) close(state *ledger.State, day demurrage.Day) error {
	for ; d.month < day; d.month = endOfMonth(d.month + 1) {
		if state.Head().Index == nil {
			continue
		}
		x, held := state.Head().Index.Extended(d.month), make(parts)
		err := state.Accounts(func(h *ledger.Holding) error {
			worth := new(big.Int)
			for _, l := range h.Lots {
				w, _ := x.Worth(l.Units, l.Melts, d.month)
				worth.Add(worth, w.Big())
			}
			for _, a := range h.Account.Pool {
				w, _ := x.Worth(a.Units, a.Melts, d.month)
				worth.Add(worth, w.Big())
			}
			held.add(h.Account.Owner, worth)
			return nil
		})
		if err != nil {
			return err
		}
		d.held = append(d.held, held)
	}
	return nil
}

// endOfMonth is the last day of a day's month.
func endOfMonth(d demurrage.Day) demurrage.Day {
	for !(d + 1).FirstOfMonth() {
		d++
	}
	return d
}
