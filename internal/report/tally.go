package report

import (
	"cmp"
	"errors"
	"math/big"
	"slices"
	"sort"
	"time"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/ledger"
)

// payment is a payment between different owners.
type payment struct {
	seq      uint64
	at       int64 // in seconds
	from, to holder
	end      int // of its parts; they begin where those of the payment before end
}

// holder is an owner in the role of one of its accounts.
type holder struct {
	owner ledger.OwnerID
	role  string
}

// part is a piece of a payment, less what was refunded of it.
type part struct {
	piece
	row row
}

// partsOf is the parts of a payment, what a refund undoes first at the end.
func (f *fold) partsOf(i int) []part {
	begin := 0
	if i > 0 {
		begin = f.payments[i-1].end
	}
	return f.parts[begin:f.payments[i].end]
}

// findPayment finds a payment by the entry that made it.
func (f *fold) findPayment(seq uint64) (i int, ok bool) {
	i = sort.Search(len(f.payments), func(i int) bool { return f.payments[i].seq >= seq })
	return i, i < len(f.payments) && f.payments[i].seq == seq
}

// drop takes a worth off a payment, from its last part on, and gives what it
// took. It reports whether the payment had that much left.
func (f *fold) drop(i int, worth demurrage.Wide) (dropped []piece, whole bool) {
	parts := f.partsOf(i)
	for j := len(parts) - 1; j >= 0 && !worth.IsZero(); j-- {
		p := &parts[j]
		taken := p.piece
		if worth.Less(taken.worth) {
			taken.worth = worth
		}
		if !taken.worth.IsZero() {
			dropped = append(dropped, taken)
		}
		p.worth, _ = p.worth.Sub(taken.worth)
		worth, _ = worth.Sub(taken.worth)
	}
	return dropped, worth.IsZero()
}

// finish ends the period and makes the report.
func (f *fold) finish() (*Report, error) {
	r := &f.r
	r.Period = f.period
	if err := f.live(f.period.To); err != nil {
		return nil, err
	}
	x := f.state.Head().Index.Extended(f.today)
	if err := f.endDay(x); err != nil {
		return nil, err
	}
	r.Waiting = f.state.Head().Escrow
	f.finishStock()
	if err := f.finishPayments(); err != nil {
		return nil, err
	}
	r.RedeemedAge = f.redeemed.mean()
	if err := f.finishHeld(x); err != nil {
		return nil, err
	}
	days := big.NewInt(int64(r.Period.Days()))
	r.StockMean = ofGrains(f.stock.sum)
	r.StockMean.Quo(r.StockMean, new(big.Rat).SetInt(days))
	r.Velocity = ratio(new(big.Int).Mul(grains(r.Volume), big.NewInt(365)), f.stock.sum)
	r.ShareRedeemed = ratio(grains(r.PaidOut), grains(r.Issued))
	r.Multiplier = ratio(grains(r.Volume), grains(r.Issued))
	if r.Multiplier != nil {
		r.Multiplier.Add(r.Multiplier, big.NewRat(1, 1))
	}
	return r, nil
}

func (f *fold) finishStock() {
	r, s := &f.r, &f.stock
	r.StockStart, r.StockEnd = ofGrains(s.start), ofGrains(s.end)
	r.Demurrage, r.Left, r.Rounding = ofGrains(s.demurrage), ofGrains(s.left), ofGrains(s.rounding)
	r.FundStart = ofGrains(s.fund)
	r.FundEnd = ofGrains(new(big.Int).Sub(grains(f.state.Head().Supply()), s.end))
}

// finishPayments counts the payments of the period as refunds have left them.
func (f *fold) finishPayments() error {
	r := &f.r
	payers, receivers, both := owners{}, owners{}, owners{}
	var rows [rowCount]sum
	var lay ages
	var worth sum
	edges := make(map[[2]holder]*edge)
	for i := f.first; i < len(f.payments); i++ {
		p, counts := &f.payments[i], false
		var left sum
		for _, part := range f.partsOf(i) {
			if part.worth.IsZero() {
				continue
			}
			counts = true
			rows[part.row].add(part.worth)
			worth.add(part.worth)
			left.add(part.worth)
			lay.add(part.worth, p.at-part.since)
		}
		if counts {
			r.Payments++
			payers[p.from.owner], receivers[p.to.owner] = true, true
			both[p.from.owner], both[p.to.owner] = true, true
			e := edges[[2]holder{p.from, p.to}]
			if e == nil {
				e = new(edge)
				edges[[2]holder{p.from, p.to}] = e
			}
			e.count++
			e.cents += ledger.Cents(new(big.Int).Div(left.big(), ledger.Cents(1).Worth().Big()).Int64()) // whole: payments and refunds are
		}
	}
	r.Payers, r.Receivers, r.Participants = len(payers), len(receivers), len(both)
	volume := new(big.Int).Div(worth.big(), ledger.Cents(1).Worth().Big()) // whole: payments and refunds are
	if !volume.IsInt64() {
		return errors.New("the volume is too large to count")
	}
	r.Volume = ledger.Cents(volume.Int64())
	r.edges = sorted(edges)
	r.HoldingMean, r.HoldingMedian = lay.mean(), lay.median()
	r.Convertible, r.Returned, r.SameDay = ofWorth(&rows[rowConvertible]), ofWorth(&rows[rowReturned]), ofWorth(&rows[rowSameDay])
	last := int(f.state.Head().Policies.InForce(f.today).Hops)
	for k := last + 1; k <= ledger.MaxHops; k++ {
		if rows[k] != (sum{}) {
			last = k // under an earlier policy
		}
	}
	for k := 1; k <= last; k++ {
		r.ByHop = append(r.ByHop, ofWorth(&rows[k]))
	}
	return nil
}

// edge is what one holder paid another.
type edge struct {
	cents ledger.Cents
	count int
}

// sorted is edges in the order of payers and receivers.
func sorted(edges map[[2]holder]*edge) []Edge {
	all := make([]Edge, 0, len(edges))
	for way, e := range edges { // map order does not matter: sorted below
		all = append(all, Edge{way[0].owner, way[1].owner, way[0].role, way[1].role, e.cents, e.count})
	}
	slices.SortFunc(all, func(a, b Edge) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.FromRole, b.FromRole), cmp.Compare(a.ToRole, b.ToRole))
	})
	return all
}

// owners is a set of them.
type owners map[ledger.OwnerID]bool

// finishHeld asks how old what everybody holds is at the end of the last day.
func (f *fold) finishHeld(x *demurrage.Index) error {
	var lies ages
	end := endOf(f.today)
	err := f.state.Accounts(func(h *ledger.Holding) error {
		for _, l := range h.Lots {
			worth, ok := x.Worth(l.Units, l.Melts, f.today)
			if !ok {
				return errFacts
			}
			lies.add(worth, end-f.heldSince(l.ID))
		}
		pool := h.Account.Pool
		var units demurrage.Wide
		for _, a := range *f.pool(h.Account.ID) {
			worth, ok := x.Worth(a.units, a.melts, f.today)
			units, _ = units.Add(a.units)
			if !ok {
				return errFacts
			}
			lies.add(worth, end-a.since)
		}
		for _, a := range pool {
			units, _ = units.Sub(a.Units)
		}
		if !units.IsZero() {
			return errFacts
		}
		return nil
	})
	f.r.HeldAge = lies.mean()
	return err
}

// endOf is the instant at which a day of the wijk ends, in seconds.
func endOf(day demurrage.Day) int64 {
	year, month, date := day.Time().Date()
	return time.Date(year, month, date+1, 0, 0, 0, 0, civil.Zone).Unix()
}

// age is worth and how long it lay, in seconds.
type age struct {
	seconds int64
	worth   demurrage.Wide
}

// ages is how long amounts lay.
type ages []age

func (as *ages) add(worth demurrage.Wide, seconds int64) {
	*as = append(*as, age{max(seconds, 0), worth})
}

// mean is Σ(worth × days) / Σ worth, nil for none.
func (as ages) mean() *big.Rat {
	var products, total sum
	for _, a := range as {
		products.addTimes(a.worth, uint64(a.seconds))
		total.add(a.worth)
	}
	divisor := total.big()
	return ratio(products.big(), divisor.Mul(divisor, big.NewInt(secondsPerDay)))
}

// median is the shortest time that half of the worth did not exceed, in days,
// nil for none.
func (as ages) median() *big.Rat {
	slices.SortFunc(as, func(a, b age) int { return cmp.Compare(a.seconds, b.seconds) })
	var total, twice sum
	for _, a := range as {
		total.add(a.worth)
	}
	for _, a := range as {
		twice.addTimes(a.worth, 2)
		if !twice.less(&total) {
			return big.NewRat(a.seconds, secondsPerDay)
		}
	}
	return nil
}

const secondsPerDay = 24 * 60 * 60

// ratio is a / b, nil if b is nought.
func ratio(a, b *big.Int) *big.Rat {
	if b.Sign() == 0 {
		return nil
	}
	return new(big.Rat).SetFrac(a, b)
}

// ofGrains, ofWorth and ofCents are amounts in Grulden.
func ofGrains(g *big.Int) *big.Rat { return new(big.Rat).SetFrac(g, grains(100)) }

func ofWorth(w *sum) *big.Rat {
	return new(big.Rat).SetFrac(w.big(), ledger.Cents(100).Worth().Big())
}

func ofCents(c ledger.Cents) *big.Rat { return big.NewRat(int64(c), 100) }
