package sim

import (
	"cmp"
	"math/big"
	"slices"
)

// source is what a payment may take next: one lot, or (lot nil) the pool amount
// of one melts-from day.
type source struct {
	lot   *lot
	melts day
}

// moved is a part that has left its holder and has not arrived yet.
type moved struct {
	lot   *lot // a copy, with the trail it had; nil for pool money
	melts day
	worth *big.Int
	units *big.Int // only when taken whole and still with the melts-from day it had
}

// chargePool adds up all pool money that is already being charged: from now on it
// is worth the same whatever its melts-from day was, and it is one part.
func (s *state) chargePool(a *account) {
	for _, melts := range a.poolDays() {
		if melts < s.today {
			if a.pool[s.today] != nil {
				s.note(ChargedPoolJoined)
			}
			units := a.pool[melts]
			delete(a.pool, melts)
			a.addPool(s.today, units)
		}
	}
}

func (a *account) poolSources() []source {
	var list []source
	for _, melts := range a.poolDays() {
		list = append(list, source{melts: melts})
	}
	return list
}

func lotSources(lots []*lot) []source {
	var list []source
	for _, l := range lots {
		list = append(list, source{lot: l, melts: l.melts})
	}
	return list
}

// payOrder is the order in which a payment takes an account's money.
func (s *state) payOrder(a *account) []source {
	s.chargePool(a)
	line := append(lotSources(a.inOrder()), a.poolSources()...)
	if s.cal.inForce(s.today).mayRedeem(a.role) {
		return line
	}
	slices.SortStableFunc(line, func(x, y source) int {
		return cmp.Or(
			cmp.Compare(s.turn(x), s.turn(y)),
			cmp.Compare(x.melts, y.melts),
		)
	})
	return line
}

// turn ranks a source where the pool stands in line: charged lots, then the
// charged pool, then all the rest by melts-from day. The stable sort keeps lots
// before pool money of the same day.
func (s *state) turn(x source) int {
	switch {
	case x.melts > s.today:
		return 2
	case x.lot == nil:
		return 1
	default:
		return 0
	}
}

// refundOrder is the order in which a refund of p takes the shop's money.
func (s *state) refundOrder(shop *account, p payment) []source {
	s.chargePool(shop)
	var brought, others []*lot
	for _, l := range shop.lots {
		if l.arrived == p.entry {
			brought = append(brought, l)
		} else {
			others = append(others, l)
		}
	}
	newestFirst := func(x, y *lot) int {
		return cmp.Or(cmp.Compare(y.arrived, x.arrived), cmp.Compare(y.part, x.part))
	}
	slices.SortFunc(brought, newestFirst)
	slices.SortFunc(others, newestFirst)
	pool := shop.poolSources()
	slices.Reverse(pool) // latest melts-from day first; the charged part has the earliest
	line := lotSources(brought)
	if p.tookPool {
		return append(append(line, pool...), lotSources(others)...)
	}
	return append(append(line, lotSources(others)...), pool...)
}

// take removes parts from a, in the order of line, that are together worth want.
// The account must have that much.
func (s *state) take(a *account, line []source, want *big.Int) []moved {
	var parts []moved
	for _, src := range line {
		if want.Sign() == 0 {
			break
		}
		part := s.takeWhole(a, src)
		if part.worth.Cmp(want) > 0 {
			s.putBack(a, src, new(big.Int).Sub(part.worth, want))
			part.worth, part.units = want, nil
		}
		want = new(big.Int).Sub(want, part.worth)
		parts = append(parts, part)
	}
	if want.Sign() != 0 {
		panic("sim: took more than an account has")
	}
	return parts
}

func (s *state) takeWhole(a *account, src source) moved {
	if src.lot == nil {
		units := a.pool[src.melts]
		delete(a.pool, src.melts)
		return moved{melts: src.melts, units: units, worth: s.worth(units, src.melts)}
	}
	a.removeLot(src.lot)
	l := *src.lot
	return moved{lot: &l, melts: l.melts, units: l.units, worth: s.worth(l.units, l.melts)}
}

// putBack leaves the rest of a split with its holder. Of a lot, less than a grain
// is not kept apart: it joins the pool.
func (s *state) putBack(a *account, src source, rest *big.Int) {
	units := s.unitsFor(rest, src.melts)
	switch {
	case src.lot == nil:
		s.note(PoolSplit)
		a.addPool(src.melts, units)
	case rest.Cmp(scale) < 0:
		s.note(CrumbJoinsPool)
		a.addPool(src.melts, units)
	default:
		s.note(LotSplit)
		src.lot.units = units
		a.lots = append(a.lots, src.lot)
	}
}

// arrive hands the parts to their receiver. Parts of one entry with the same history
// become one lot, in the place of the first.
func (s *state) arrive(to *account, parts []moved) {
	var fresh []*lot
	for i, part := range parts {
		units := part.units
		if units == nil {
			units = s.unitsFor(part.worth, part.melts)
		}
		if part.lot == nil {
			to.addPool(part.melts, units)
			continue
		}
		l := part.lot
		l.melts, l.units, l.arrived, l.part = part.melts, units, s.entries, i
		twin := slices.IndexFunc(fresh, func(x *lot) bool { return sameHistory(x, l) })
		if twin < 0 {
			fresh = append(fresh, l)
			continue
		}
		s.note(PartsJoined)
		fresh[twin].units = new(big.Int).Add(fresh[twin].units, l.units)
	}
	to.lots = append(to.lots, fresh...)
	s.ripen()
}

func sameHistory(x, y *lot) bool {
	return x.issue == y.issue && x.melts == y.melts && slices.Equal(x.trail, y.trail)
}

// renew gives a part another melts-from day; its units must then be counted anew.
func (m *moved) renew(melts day) {
	if m.melts != melts {
		m.melts, m.units = melts, nil
	}
}

// pass changes a part when it is paid: only new hands on a new day count a hop and
// renew the grace; what comes back to an owner is as old as it was.
func (s *state) pass(m *moved, from, to string) {
	if m.lot == nil {
		return
	}
	if from == to {
		s.note(BetweenOwnAccounts)
		return
	}
	if i := m.lot.stopOf(to); i >= 0 {
		s.note(BackInTrail)
		m.renew(m.lot.trail[i].melts)
		return
	}
	if m.lot.hops() > 0 && m.lot.since() == s.today {
		s.note(SameDaySecondOwner)
		return
	}
	s.note(HopGained)
	if m.lot.hops() == 4 {
		s.note(FifthHop)
	}
	melts := s.today + day(s.cal.inForce(s.today).grace)
	m.lot.trail = append(slices.Clone(m.lot.trail), stop{owner: to, day: s.today, melts: melts})
	m.renew(melts)
}

// undo changes a part when a shop refunds it: the hop to the shop is taken back, and
// what else the customer's owner had before is as old as it was.
func (s *state) undo(m *moved, shop, customer string) {
	if m.lot == nil {
		return
	}
	trail := m.lot.trail
	last := len(trail) - 1
	if last > 0 && trail[last].owner == shop && trail[last-1].owner == customer {
		s.note(RefundLosesHop)
		m.lot.trail = slices.Clone(trail[:last])
		m.renew(trail[last-1].melts)
		return
	}
	if i := m.lot.stopOf(customer); i >= 0 {
		s.note(RefundTakesUpDay)
		m.renew(trail[i].melts)
		return
	}
	s.note(RefundChangesHolder)
}
