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
	arrived []arrived      // lots, added up
	byIssue map[uint64]int // the last of arrived by issue, once there are many
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

// arrived is a lot at its receiver.
type arrived struct {
	Lot
	from    LotID // the sender's lot it is a part of
	how     How
	earlier int // once there are many, the one before of the same issue, or −1
}

// few is how many parts a payment has nearly always: so many are made room for
// at once, and searched one by one.
const few = 4

func newPurse(v View, id AccountID, now Moment) (*purse, error) {
	h, err := v.Holding(id)
	if err != nil {
		return nil, err
	}
	return purseOf(v.Head(), h, now.Day)
}

func purseOf(head *Head, h *Holding, today demurrage.Day) (*purse, error) {
	p := &purse{head: head, account: h.Account, today: today, lots: h.Lots, pool: slices.Clone(h.Account.Pool)}
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

// spendingLine is the order in which a payment takes money (SPEC.md R10–R12).
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
// melts-from day, the charged part first (SPEC.md R33).
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
// (SPEC.md R28): what came by the payment, last part first; then pool and
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
// last one if it is worth more (SPEC.md R13, R14). It reports whether there was
// enough.
func (p *purse) take(line iter.Seq[part], need demurrage.Wide) (enough bool, err error) {
	for next := range line {
		if need.IsZero() {
			break
		}
		if p.out == nil {
			p.taken, p.out = make([]taken, 0, few), make([]Out, 0, few)
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

// byPayment is what a lot becomes when it is paid on (SPEC.md R20–R23).
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

// byRefund is what a lot becomes when it goes back (SPEC.md R29, R30).
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

// arrive lets what was taken arrive at another account (SPEC.md R15, R16).
func (p *purse) arrive(to *Account, becomes func(*Lot) arrival) error {
	p.credit = to
	p.arrived = make([]arrived, 0, len(p.taken))
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
		l := Lot{Units: units, Issue: t.lot.Issue, Melts: a.melts, Trail: a.trail}
		if err := p.addUp(arrived{Lot: l, from: t.lot.ID, how: a.how}); err != nil {
			return err
		}
	}
	return nil
}

// addUp adds an arriving lot to one of the same issue, trail, since and
// melts-from day, or lets it stand by itself.
func (p *purse) addUp(a arrived) error {
	if same := p.sameWay(&a.Lot); same != nil {
		sum, ok := same.Units.Add(a.Units)
		if !ok {
			return corrupt("an arriving lot overflows")
		}
		same.Units = sum
		return nil
	}
	p.arrived = append(p.arrived, a)
	if len(p.arrived) > few {
		p.remember(len(p.arrived) - 1)
	}
	return nil
}

// sameWay finds the lot among those arrived to which another is to be added.
func (p *purse) sameWay(l *Lot) *arrived {
	last := len(p.arrived) - 1
	if p.byIssue != nil {
		var seen bool
		if last, seen = p.byIssue[l.Issue]; !seen {
			return nil
		}
	}
	for i := last; i >= 0; {
		a := &p.arrived[i]
		if a.Lot.sameWay(l) {
			return a
		}
		if i--; p.byIssue != nil {
			i = a.earlier
		}
	}
	return nil
}

// remember notes an arrived lot by its issue; the first time, all before it too.
func (p *purse) remember(i int) {
	if p.byIssue == nil {
		p.byIssue = make(map[uint64]int, len(p.taken))
		for before := range i {
			p.remember(before)
		}
	}
	a := &p.arrived[i]
	a.earlier = -1
	if last, seen := p.byIssue[a.Issue]; seen {
		a.earlier = last
	}
	p.byIssue[a.Issue] = i
}

// facts writes down what the purse did. What arrives and is convertible at
// once belongs to the receiver's pool.
func (p *purse) facts() Facts {
	f := Facts{Debit: p.account.ID, DebitPrev: p.account.Last, Ripe: p.ripe, Out: p.out}
	if p.credit == nil {
		return f
	}
	f.Credit, f.CreditPrev = p.credit.ID, p.credit.Last
	f.In = slices.Grow(f.In, len(p.arrived)+len(p.poolIn))
	for i := range p.arrived {
		a := &p.arrived[i]
		in := In{How: a.how, Lot: a.from, Melts: a.Melts, Units: a.Units}
		if p.head.Policies.ripeDay(&a.Lot) <= p.today {
			in = In{How: Pooled, Melts: bucket(a.Melts, p.today), Units: a.Units}
		}
		f.In = append(f.In, in)
	}
	for _, a := range p.poolIn {
		f.In = append(f.In, In{How: Pooled, Melts: a.Melts, Units: a.Units})
	}
	return f
}
