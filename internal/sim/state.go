package sim

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"time"
)

// stop is one owner in a trail, with the day and the melts-from day of getting there.
type stop struct {
	owner string
	day   day
	melts day
}

// lot is Grulden that were issued together and passed through the same hands.
type lot struct {
	issue    int // the entry that issued it
	issueDay day
	trail    []stop // never changed in place
	melts    day
	units    *big.Int
	arrived  int // the entry that brought it to its holder
	part     int // its place among the parts of that entry
}

func (l *lot) hops() int  { return len(l.trail) - 1 }
func (l *lot) since() day { return l.trail[len(l.trail)-1].day }

// String writes a lot down whole, for comparing and for reading.
func (l *lot) String() string {
	return fmt.Sprintf("issue %d of %s, trail %v, melts from %s, %s units, arrived %d.%d",
		l.issue, l.issueDay, l.trail, l.melts, l.units, l.arrived, l.part)
}

// stopOf finds owner in the trail; -1 when the lot never counted a hop to them.
func (l *lot) stopOf(owner string) int {
	return slices.IndexFunc(l.trail, func(s stop) bool { return s.owner == owner })
}

// ripe tells whether a policy makes a lot convertible on day d.
func (l *lot) ripe(p policy, d day) bool {
	return l.hops() >= p.hops || d-l.issueDay >= day(p.term)
}

type account struct {
	name, owner, role string
	closed, blocked   bool
	lots              []*lot
	pool              map[day]*big.Int // units by melts-from day
}

// addPool puts units into the pool amount of their melts-from day.
func (a *account) addPool(melts day, units *big.Int) {
	if old := a.pool[melts]; old != nil {
		units = new(big.Int).Add(old, units)
	}
	if units.Sign() > 0 {
		a.pool[melts] = units
	}
}

// poolDays lists the melts-from days of the pool, earliest first.
func (a *account) poolDays() []day {
	var days []day
	for d := range a.pool {
		days = append(days, d)
	}
	slices.Sort(days)
	return days
}

// removeLot takes l out of the account.
func (a *account) removeLot(l *lot) {
	a.lots = slices.DeleteFunc(a.lots, func(x *lot) bool { return x == l })
}

// payment is an applied pay, kept for its refunds. Amounts are cents.
type payment struct {
	entry            int
	from, to         string
	amount, refunded int64
	tookPool         bool // some of it was pool money at the payer
}

// escrowed is one part of a redemption: a worth that stands still.
type escrowed struct {
	melts day
	worth *big.Int
}

type redemption struct {
	from        string
	amount, fee int64 // cents
	asked       day
	parts       []escrowed
	outcome     string // "" while it waits, then "settled" or "rejected"
}

// state is the whole ledger after some entry. It lives on one day at a time.
type state struct {
	entries int
	last    time.Time // of the last entry
	today   day
	cal     *calendar // nil until the first policy

	accounts    map[string]*account
	payments    map[string]payment
	redemptions map[string]redemption

	issued, redeemed, escrow *big.Int // grains
	roundings                int      // how often a worth was rounded up to units
	branches                 []string // what the newest entry made happen, for Reached
}

func newState() *state {
	return &state{
		accounts:    map[string]*account{},
		payments:    map[string]payment{},
		redemptions: map[string]redemption{},
		issued:      new(big.Int),
		redeemed:    new(big.Int),
		escrow:      new(big.Int),
	}
}

// copy makes a state that can be changed without the old one noticing.
func (s *state) copy() *state {
	next := *s
	next.branches = nil
	next.accounts = map[string]*account{}
	for name, a := range s.accounts {
		next.accounts[name] = a.copy()
	}
	next.payments = maps.Clone(s.payments)
	next.redemptions = maps.Clone(s.redemptions)
	return &next
}

func (a *account) copy() *account {
	twin := *a
	twin.lots = nil
	for _, l := range a.lots {
		same := *l
		twin.lots = append(twin.lots, &same)
	}
	twin.pool = maps.Clone(a.pool)
	return &twin
}

// names lists the accounts in alphabetical order.
func (s *state) names() []string {
	var names []string
	for name := range s.accounts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// advance lives through the days up to d, each with its ripening. It never goes back.
func (s *state) advance(d day) {
	if s.entries == 0 {
		s.today = d // the ledger's first day
	}
	for s.today < d {
		s.today++
		s.ripen()
	}
}

// ripen moves every lot that is convertible today to its holder's pool.
func (s *state) ripen() {
	p := s.cal.inForce(s.today)
	for _, a := range s.accounts {
		a.lots = slices.DeleteFunc(a.lots, func(l *lot) bool {
			if !l.ripe(p, s.today) {
				return false
			}
			s.note(s.ripeBranch(l, p))
			a.addPool(l.melts, l.units)
			return true
		})
	}
}

func (s *state) ripeBranch(l *lot, p policy) string {
	switch {
	case l.hops() < p.hops:
		return RipeByTerm
	case l.since() == s.today:
		return RipeByHop
	default:
		return RipeByPolicy
	}
}

// index is what a unit with this melts-from day is worth today.
func (s *state) index(melts day) *big.Int { return s.cal.index(max(s.today, melts)) }

// worth of units with this melts-from day, today.
func (s *state) worth(units *big.Int, melts day) *big.Int {
	return new(big.Int).Mul(units, s.index(melts))
}

// unitsFor is the units that are worth at least w today: rounded up, for the holder.
func (s *state) unitsFor(w *big.Int, melts day) *big.Int {
	s.roundings++
	return ceilDiv(w, s.index(melts))
}

func ceilDiv(a, b *big.Int) *big.Int {
	q, rest := new(big.Int).DivMod(a, b, new(big.Int))
	if rest.Sign() > 0 {
		q.Add(q, one)
	}
	return q
}

func (s *state) lotsWorth(a *account) *big.Int {
	sum := new(big.Int)
	for _, l := range a.lots {
		sum.Add(sum, s.worth(l.units, l.melts))
	}
	return sum
}

func (s *state) poolWorth(a *account) *big.Int {
	sum := new(big.Int)
	for melts, units := range a.pool {
		sum.Add(sum, s.worth(units, melts))
	}
	return sum
}

// accountWorth is everything the account holds, today.
func (s *state) accountWorth(a *account) *big.Int {
	return new(big.Int).Add(s.lotsWorth(a), s.poolWorth(a))
}

// holdersWorth is everything that all accounts hold, today.
func (s *state) holdersWorth() *big.Int {
	sum := new(big.Int)
	for _, a := range s.accounts {
		sum.Add(sum, s.accountWorth(a))
	}
	return sum
}

// fund is the wijkfonds in grains: what is there but nobody holds.
func (s *state) fund() *big.Int {
	supply := new(big.Int).Sub(s.issued, s.redeemed)
	supply.Sub(supply, s.escrow)
	return supply.Sub(supply, ceilDiv(s.holdersWorth(), scale))
}

// grainsOf turns cents into grains.
func grainsOf(cents int64) *big.Int { return new(big.Int).Mul(big.NewInt(cents), centSize) }

// worthOf turns cents into a worth.
func worthOf(cents int64) *big.Int { return new(big.Int).Mul(grainsOf(cents), scale) }

// inOrder lists the lots as a payment takes them: what melts first, then the
// least travelled, then the oldest.
func (a *account) inOrder() []*lot {
	sorted := slices.Clone(a.lots)
	slices.SortFunc(sorted, func(x, y *lot) int {
		return cmp.Or(
			cmp.Compare(x.melts, y.melts),
			cmp.Compare(x.hops(), y.hops()),
			cmp.Compare(x.issueDay, y.issueDay),
			cmp.Compare(x.issue, y.issue),
			cmp.Compare(x.arrived, y.arrived),
			cmp.Compare(x.part, y.part),
		)
	})
	return sorted
}
