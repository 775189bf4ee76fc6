package sim

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// Check tells which invariant of the coin does not hold after the newest entry:
// those of the state, and those of the step that led to it. Call it after every
// line to have every step looked at. It does not fold the lines again: see
// CheckRefold.
func (m *Model) Check() error {
	if len(m.log) == 0 {
		return nil
	}
	checks := []func() error{
		m.checkEntries, m.checkTotals, m.checkFund, m.checkAccounts, m.checkTrails, m.checkRipeness,
		m.checkNotice, m.checkDays, m.checkBooks, m.checkParties, m.checkLineage, m.checkPools,
	}
	for _, check := range checks {
		if err := check(); err != nil {
			return fmt.Errorf("after entry %d (%s): %w", len(m.log), m.newest.kind, err)
		}
	}
	return nil
}

// CheckRefold folds all applied lines again and compares the states to the last unit.
func (m *Model) CheckRefold() error {
	if len(m.log) == 0 {
		return nil
	}
	again, err := m.upTo(m.state.today)
	if err != nil {
		return err
	}
	if got, want := again.describe(), m.state.describe(); got != want {
		return fmt.Errorf("folded again:\n%s\nbut was:\n%s", got, want)
	}
	return nil
}

// describe writes down everything that a state is made of.
func (s *state) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d entries, %s, %s, issued %s redeemed %s escrow %s\n",
		s.entries, s.last, s.today, s.issued, s.redeemed, s.escrow)
	for _, name := range s.names() {
		a := s.accounts[name]
		fmt.Fprintf(&b, "%s: %s %s closed %t blocked %t\n", name, a.owner, a.role, a.closed, a.blocked)
		for _, l := range a.inOrder() {
			fmt.Fprintf(&b, "  %s\n", l)
		}
		for _, melts := range a.poolDays() {
			fmt.Fprintf(&b, "  pool %s %s\n", melts, a.pool[melts])
		}
	}
	return b.String()
}

func (m *Model) checkEntries() error {
	if m.state.entries != len(m.log) {
		return fmt.Errorf("%d entries but %d lines", m.state.entries, len(m.log))
	}
	if n := len(m.log); n > 1 && m.log[n-1].cmd.at.Before(m.log[n-2].cmd.at) {
		return errors.New("time ran backwards")
	}
	return nil
}

// checkTotals counts what was issued, paid out and is awaited from the entries.
func (m *Model) checkTotals() error {
	issued, redeemed, escrow := new(big.Int), new(big.Int), new(big.Int)
	for _, entry := range m.log {
		if entry.cmd.kind == "issue" {
			cents, _ := parseCents(entry.cmd.amount)
			issued.Add(issued, grainsOf(cents))
		}
	}
	for _, r := range m.state.redemptions {
		switch r.outcome {
		case "":
			escrow.Add(escrow, grainsOf(r.amount))
		case "settled":
			redeemed.Add(redeemed, grainsOf(r.amount-r.fee))
		}
	}
	s := m.state
	if issued.Cmp(s.issued) != 0 || redeemed.Cmp(s.redeemed) != 0 || escrow.Cmp(s.escrow) != 0 {
		return fmt.Errorf("issued %s redeemed %s escrow %s, by the entries %s %s %s",
			s.issued, s.redeemed, s.escrow, issued, redeemed, escrow)
	}
	return nil
}

// checkFund: roundings alone may bring the fund below zero, each by under a grain.
func (m *Model) checkFund() error {
	fund := m.state.fund()
	if new(big.Int).Add(fund, big.NewInt(int64(m.state.roundings))).Sign() < 0 {
		return fmt.Errorf("fund %s after %d roundings", fund, m.state.roundings)
	}
	return nil
}

func (m *Model) checkAccounts() error {
	shown := new(big.Int)
	for _, name := range m.state.names() {
		a := m.state.accounts[name]
		if a.closed && len(a.lots)+len(a.pool) > 0 {
			return fmt.Errorf("closed account %s holds money", name)
		}
		for melts, units := range a.pool {
			if units.Sign() <= 0 {
				return fmt.Errorf("%s: %s units in the pool of %s", name, units, melts)
			}
		}
		for _, l := range a.lots {
			if l.units.Sign() <= 0 {
				return fmt.Errorf("%s: lot of %s units", name, l.units)
			}
		}
		shown.Add(shown, grains(m.state.accountWorth(a)))
	}
	shown.Add(shown, big.NewInt(int64(len(m.state.accounts))))
	if len(m.state.accounts) > 0 && shown.Cmp(ceilDiv(m.state.holdersWorth(), scale)) < 0 {
		return errors.New("balances shown miss a grain an account or more")
	}
	for id, p := range m.state.payments {
		if p.refunded < 0 || p.refunded > p.amount {
			return fmt.Errorf("payment %s: %d of %d refunded", id, p.refunded, p.amount)
		}
	}
	return nil
}

func (m *Model) checkTrails() error {
	for _, a := range m.state.accounts {
		for _, l := range a.lots {
			if err := m.checkTrail(l, a.owner); err != nil {
				return fmt.Errorf("%s: lot %s: %w", a.name, l, err)
			}
		}
	}
	return nil
}

func (m *Model) checkTrail(l *lot, holder string) error {
	known := map[day]bool{}
	for i, s := range l.trail {
		known[s.melts] = true
		if l.stopOf(s.owner) != i {
			return errors.New("an owner is in the trail twice")
		}
		if s.melts != s.day+day(m.state.cal.inForce(s.day).grace) {
			return fmt.Errorf("stop at %s melts from another day than its grace says", s.owner)
		}
		if s.day > m.state.today || i == 1 && s.day < l.issueDay || i > 1 && s.day <= l.trail[i-1].day {
			return errors.New("hops are not on different days, in order")
		}
	}
	if l.trail[0].day != l.issueDay {
		return errors.New("the trail does not start at the issue")
	}
	if i := l.stopOf(holder); i >= 0 && l.trail[i].melts != l.melts || !known[l.melts] {
		return errors.New("melts-from day is not the holder's")
	}
	return nil
}

// checkRipeness looks, for every lot, at each day since it came to its holder.
func (m *Model) checkRipeness() error {
	for _, a := range m.state.accounts {
		for _, l := range a.lots {
			for d := m.log[l.arrived-1].day; d <= m.state.today; d++ {
				if l.ripe(m.state.cal.inForce(d), d) {
					return fmt.Errorf("%s: lot %s is convertible since %s", a.name, l, d)
				}
			}
		}
	}
	return nil
}

// checkNotice: a new policy leaves the index as it was for every day that an
// amount may melt from.
func (m *Model) checkNotice() error {
	old, now := m.before.cal, m.state.cal
	if old == now || old == nil {
		return nil
	}
	last := now.horizon(m.state.today)
	for d := now.first; d <= last; d++ {
		if old.index(d).Cmp(now.index(d)) != 0 {
			return fmt.Errorf("the index of %s changed", d)
		}
	}
	return nil
}

// onTheDay is the state before the newest entry, brought to the day of that entry.
func (m *Model) onTheDay() *state {
	s := m.before.copy()
	if s.cal == nil {
		s.cal = m.state.cal
	}
	s.advance(m.state.today)
	return s
}

// checkDays compares both ends of the days that passed before the newest entry.
func (m *Model) checkDays() error {
	if m.before.entries == 0 {
		return nil
	}
	then, now := m.before, m.onTheDay()
	for _, name := range then.names() {
		old, a := then.accounts[name], now.accounts[name]
		was, is := then.accountWorth(old), now.accountWorth(a)
		if is.Cmp(was) > 0 {
			return fmt.Errorf("%s: %s grew to %s by itself", name, was, is)
		}
		if inGrace(then, old, now.today) != inGrace(now, a, now.today) {
			return fmt.Errorf("%s: an amount changed within its grace", name)
		}
		if cmp := old.cmpUnits(a); cmp != 0 {
			return fmt.Errorf("%s: units changed by themselves", name)
		}
	}
	return nil
}

// inGrace is the worth of an account's money that is not charged up to day d.
func inGrace(s *state, a *account, d day) string {
	sum := new(big.Int)
	for _, l := range a.lots {
		if l.melts >= d {
			sum.Add(sum, s.worth(l.units, l.melts))
		}
	}
	for melts, units := range a.pool {
		if melts >= d {
			sum.Add(sum, s.worth(units, melts))
		}
	}
	return sum.String()
}

func (a *account) cmpUnits(b *account) int {
	sum := func(x *account) *big.Int {
		total := new(big.Int)
		for _, l := range x.lots {
			total.Add(total, l.units)
		}
		for _, units := range x.pool {
			total.Add(total, units)
		}
		return total
	}
	return sum(a).Cmp(sum(b))
}

// checkLineage: a lot comes from a lot with the same trail; by a payment also from
// one with a hop less, by a refund from one with a hop more.
func (m *Model) checkLineage() error {
	var old []*lot
	for _, a := range m.onTheDay().accounts {
		old = append(old, a.lots...)
	}
	for _, a := range m.state.accounts {
		for _, l := range a.lots {
			fresh := m.newest.kind == "issue" || m.newest.kind == "grant"
			born := fresh && l.issue == m.state.entries && l.hops() == 0
			if !born && !slices.ContainsFunc(old, func(x *lot) bool { return m.descends(l, x) }) {
				return fmt.Errorf("%s: lot %s comes from nowhere", a.name, l)
			}
		}
	}
	return nil
}

func (m *Model) descends(l, from *lot) bool {
	if l.issue != from.issue {
		return false
	}
	switch now, then := l.trail, from.trail; {
	case slices.Equal(now, then):
		return true
	case m.newest.kind == "pay":
		return slices.Equal(now[:len(now)-1], then)
	case m.newest.kind == "refund":
		return slices.Equal(now, then[:len(then)-1])
	default:
		return false
	}
}
