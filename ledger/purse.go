package ledger

import (
	"iter"
	"slices"

	"grulden/demurrage"
)

// purse is one account's money while a command takes some of it: a scratch
// copy, from which the facts are written. Lots that have become convertible
// join the pool before anything is taken.
type purse struct {
	head    *Head
	account *Account
	today   demurrage.Day
	lots    []*Lot // not convertible, in spending order
	pool    Amounts

	ripe    []LotID
	out     []Out
	taken   []taken
	arrived []*Lot         // what arrived as lots, added up
	from    []LotID        // the sender's lot behind each of arrived
	how     []How          // and what its arrival did to the trail
	byIssue map[uint64]int // the last of arrived by issue, once there are many
	earlier []int          // for each of arrived, the one before of the same issue
	poolIn  Amounts
	credit  *Account
}

// part is a lot, or the pool amount of one melts-from day.
type part struct {
	lot   *Lot // nil for pool money
	melts demurrage.Day
	units demurrage.Wide
}

// taken is a part, or a piece of one, that leaves.
type taken struct {
	part
	worth demurrage.Wide
	whole bool
}

func newPurse(v View, id AccountID, now Moment) (*purse, error) {
	h, err := v.Holding(id)
	if err != nil {
		return nil, err
	}
	p := &purse{head: v.Head(), account: h.Account, today: now.Day, lots: h.Lots, pool: slices.Clone(h.Account.Pool)}
	if err := p.pool.settle(p.today); err != nil || h.Ripe > p.today {
		return p, err
	}
	p.lots = nil
	for _, l := range h.Lots {
		if p.head.Policies.ripeDay(l) > p.today {
			p.lots = append(p.lots, l)
			continue
		}
		p.ripe = append(p.ripe, l.ID)
		if err := p.pool.add(bucket(l.Melts, p.today), l.Units); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// bucket is the melts-from day under which an amount is added up on a day.
func bucket(melts, today demurrage.Day) demurrage.Day {
	if melts <= today {
		return Charged
	}
	return melts
}

func (p *purse) policy() *Policy { return p.head.Policies.InForce(p.today) }

// spendingLine is the order in which a payment takes money (money.md §3.4).
// Where the payer may redeem, the pool comes after all lots; elsewhere it
// stands in line by melts-from day, lots first on the same day, and what is
// being charged stands where today does.
func (p *purse) spendingLine(mayRedeem bool) iter.Seq[part] {
	return func(yield func(part) bool) {
		pool := p.pool
		for _, l := range p.lots {
			for !mayRedeem && len(pool) > 0 && max(pool[0].Melts, p.today) < l.Melts {
				if !yield(part{nil, pool[0].Melts, pool[0].Units}) {
					return
				}
				pool = pool[1:]
			}
			if !yield(part{l, l.Melts, l.Units}) {
				return
			}
		}
		for _, a := range pool {
			if !yield(part{nil, a.Melts, a.Units}) {
				return
			}
		}
	}
}

// poolLine is the order in which a redemption takes convertible money: by
// melts-from day, the charged part first (money.md §4).
func (p *purse) poolLine() iter.Seq[part] {
	return func(yield func(part) bool) {
		for _, a := range p.pool {
			if !yield(part{nil, a.Melts, a.Units}) {
				return
			}
		}
	}
}

// refundLine is the order in which a refund takes the shop's money
// (money.md §3.7): what came by the payment, last part first; then pool and
// other lots, the pool before them if the customer had paid pool money.
func (p *purse) refundLine(paid *Payment) iter.Seq[part] {
	return func(yield func(part) bool) {
		var same, other []*Lot
		for _, l := range p.lots {
			if l.ID.Seq == paid.Seq {
				same = append(same, l)
			} else {
				other = append(other, l)
			}
		}
		if !yieldLatest(same, yield) {
			return
		}
		if paid.Pool {
			_ = p.yieldPool(yield) && yieldLatest(other, yield)
		} else {
			_ = yieldLatest(other, yield) && p.yieldPool(yield)
		}
	}
}

// yieldLatest yields lots, the latest arrival first.
func yieldLatest(lots []*Lot, yield func(part) bool) bool {
	slices.SortFunc(lots, func(a, b *Lot) int { return byArrival(b, a) })
	for _, l := range lots {
		if !yield(part{l, l.Melts, l.Units}) {
			return false
		}
	}
	return true
}

// yieldPool yields the pool, the latest melts-from day first and the charged
// part last.
func (p *purse) yieldPool(yield func(part) bool) bool {
	for _, a := range slices.Backward(p.pool) {
		if !yield(part{nil, a.Melts, a.Units}) {
			return false
		}
	}
	return true
}

// take takes parts in line until they are worth what is needed, and splits the
// last one if it is worth more (money.md §3.5). It reports whether there was
// enough.
func (p *purse) take(line iter.Seq[part], need demurrage.Wide) (enough bool, err error) {
	for next := range line {
		if need.IsZero() {
			break
		}
		out := Out{Melts: next.melts}
		if next.lot != nil {
			out = Out{Lot: next.lot.ID}
		}
		worth, ok := p.head.Index.Worth(next.units, next.melts, p.today)
		if !ok {
			return false, corrupt("the worth of a part of account %d overflows", p.account.ID)
		}
		left, whole := need.Sub(worth)
		if whole {
			p.taken = append(p.taken, taken{next, worth, true})
			need = left
		} else {
			stays, _ := worth.Sub(need)
			out.Rest = p.head.Index.Units(stays, next.melts, p.today)
			out.Pooled = next.lot != nil && stays.Less(demurrage.WideOf(demurrage.One))
			p.taken = append(p.taken, taken{next, need, false})
			need = demurrage.Wide{}
		}
		p.out = append(p.out, out)
	}
	return need.IsZero(), nil
}

// arrival is what a lot becomes at its receiver.
type arrival struct {
	how   How
	melts demurrage.Day
	trail []Stop
}

// byPayment is what a lot becomes when it is paid on (money.md §3.2).
func byPayment(l *Lot, from, to OwnerID, p *purse) arrival {
	if from == to {
		return arrival{Kept, l.Melts, l.Trail}
	}
	if i := l.stop(to); i >= 0 {
		return arrival{Kept, l.Trail[i].Melts, l.Trail}
	}
	if l.Hops() == 0 || l.Since() < p.today {
		stop := Stop{to, p.today, p.today + demurrage.Day(p.policy().GraceDays)}
		return arrival{Hopped, stop.Melts, withStop(l.Trail, stop)}
	}
	return arrival{Kept, l.Melts, l.Trail}
}

// withStop is a trail and one more owner; the trail itself stays as it is.
func withStop(trail []Stop, s Stop) []Stop {
	longer := make([]Stop, len(trail)+1)
	longer[copy(longer, trail)] = s
	return longer
}

// byRefund is what a lot becomes when it goes back (money.md §3.7).
func byRefund(l *Lot, customer, shop OwnerID) arrival {
	n := len(l.Trail)
	if n > 1 && l.Trail[n-1].Owner == shop && l.Trail[n-2].Owner == customer {
		return arrival{Undone, l.Trail[n-2].Melts, l.Trail[:n-1]}
	}
	if i := l.stop(customer); i >= 0 {
		return arrival{Kept, l.Trail[i].Melts, l.Trail}
	}
	return arrival{Kept, l.Melts, l.Trail}
}

// arrive lets what was taken arrive at another account (money.md §3.6).
func (p *purse) arrive(to *Account, becomes func(*Lot) arrival) error {
	p.credit = to
	for _, t := range p.taken {
		if t.lot == nil {
			units := t.units
			if !t.whole {
				units = p.head.Index.Units(t.worth, t.melts, p.today)
			}
			if err := p.poolIn.add(t.melts, units); err != nil {
				return err
			}
			continue
		}
		a := becomes(t.lot)
		units := t.units
		if !t.whole || a.melts != t.melts {
			units = p.head.Index.Units(t.worth, a.melts, p.today)
		}
		l := &Lot{Units: units, Issue: t.lot.Issue, Melts: a.melts, Trail: a.trail}
		if err := p.addUp(l, t.lot.ID, a.how); err != nil {
			return err
		}
	}
	return nil
}

// addUp adds an arriving lot to one of the same issue, trail, since and
// melts-from day, or lets it stand by itself.
func (p *purse) addUp(l *Lot, from LotID, how How) error {
	if p.byIssue == nil {
		p.byIssue = make(map[uint64]int, len(p.taken))
	}
	last, seen := p.byIssue[l.Issue]
	for i := last; seen && i >= 0; i = p.earlier[i] {
		if same := p.arrived[i]; same.sameWay(l) {
			sum, ok := same.Units.Add(l.Units)
			if !ok {
				return corrupt("an arriving lot overflows")
			}
			same.Units = sum
			return nil
		}
	}
	if !seen {
		last = -1
	}
	p.byIssue[l.Issue] = len(p.arrived)
	p.arrived, p.from, p.how = append(p.arrived, l), append(p.from, from), append(p.how, how)
	p.earlier = append(p.earlier, last)
	return nil
}

// facts writes down what the purse did. What arrives and is convertible at
// once belongs to the receiver's pool.
func (p *purse) facts() Facts {
	f := Facts{Debit: p.account.ID, DebitPrev: p.account.Last, Ripe: p.ripe, Out: p.out}
	if p.credit == nil {
		return f
	}
	f.Credit, f.CreditPrev = p.credit.ID, p.credit.Last
	for i, l := range p.arrived {
		in := In{How: p.how[i], Lot: p.from[i], Melts: l.Melts, Units: l.Units}
		if p.head.Policies.ripeDay(l) <= p.today {
			in = In{How: Pooled, Melts: bucket(l.Melts, p.today), Units: l.Units}
		}
		f.In = append(f.In, in)
	}
	for _, a := range p.poolIn {
		f.In = append(f.In, In{How: Pooled, Melts: a.Melts, Units: a.Units})
	}
	return f
}
