package ledger

import (
	"slices"
	"sort"

	"grulden/demurrage"
)

// Policy is all that an operator may change about the coin. It is an entry in
// the ledger like any other, and nothing is recomputed backwards.
type Policy struct {
	From      demurrage.Day   // the first day it is in force
	Rate      demurrage.Rate  // per charge day, under 5 %
	Every     demurrage.Every // which days are charge days
	GraceDays uint16          // 0–366: how long new money keeps its worth
	Hops      uint8           // 1–20: counted transactions until convertible
	TermDays  uint16          // 1–36 500: days from issue until convertible
	Fee       uint32          // of a redemption, in billionths
	Redeemers []string        // roles that may turn Grulden into euros
}

// The limits of a policy (SPEC.md R64).
const (
	MaxRate  = demurrage.Rate(50_000_000) // 5 %, not reached
	MaxGrace = 366
	MaxHops  = 20
	MaxTerm  = 36_500
)

// DefaultPolicy is the wijk's own: 0.0165 % a day after 30 days' grace, five
// hops or a year, no fee, shops may redeem.
func DefaultPolicy() Policy {
	return Policy{Rate: 165_000, GraceDays: 30, Hops: 5, TermDays: 365, Redeemers: []string{"merchant"}}
}

// valid tells whether every figure is within its limits.
func (p *Policy) valid() bool {
	return p.Rate < MaxRate && p.Every <= demurrage.Monthly && p.GraceDays <= MaxGrace &&
		1 <= p.Hops && p.Hops <= MaxHops && 1 <= p.TermDays && p.TermDays <= MaxTerm &&
		p.Fee < demurrage.Billion && !slices.Contains(p.Redeemers, "")
}

// MayRedeem tells whether the policy lets a role redeem.
func (p *Policy) MayRedeem(role string) bool { return slices.Contains(p.Redeemers, role) }

// FeeOf is what a redemption costs: ⌊amount × fee⌋ cents.
func (p *Policy) FeeOf(amount Cents) Cents {
	fee, _ := demurrage.Mul64(uint64(amount), uint64(p.Fee)).Div(demurrage.Billion)
	return Cents(fee.Lo)
}

func (p *Policy) terms() demurrage.Terms {
	return demurrage.Terms{From: p.From, Rate: p.Rate, Every: p.Every}
}

// Policies are those of a ledger, by their first day. It is never changed in
// place: with gives a new one.
type Policies []Policy

// InForce is the policy with the latest first day reached on d. There must be
// at least one.
func (ps Policies) InForce(d demurrage.Day) *Policy {
	last := len(ps) - 1
	for last > 0 && ps[last].From > d { // there are few, and the last is asked for most
		last--
	}
	return &ps[last]
}

// Ends tells whether a policy ends a coin: nothing melts, nothing is kept back and
// all is convertible a day after it was issued.
func (p *Policy) Ends() bool { return p.Rate == 0 && p.TermDays == 1 && p.Fee == 0 }

// with is the policies and one more, which replaces one of the same first day.
func (ps Policies) with(p Policy) Policies {
	i := sort.Search(len(ps), func(i int) bool { return ps[i].From >= p.From })
	if i < len(ps) && ps[i].From == p.From {
		ps = slices.Clone(ps)
		ps[i] = p
		return ps
	}
	return slices.Insert(slices.Clone(ps), i, p)
}

// horizon is the latest melts-from day that can have been given up to today:
// the latest of d + (grace in force on d) over all days d (SPEC.md R41). A new
// policy begins after it, because the index must be known that far ahead.
func (ps Policies) horizon(today demurrage.Day) demurrage.Day {
	latest := today
	for i := range ps {
		last := today
		if i+1 < len(ps) {
			last = min(today, ps[i+1].From-1)
		}
		if ps[i].From <= last {
			latest = max(latest, last+demurrage.Day(ps[i].GraceDays))
		}
	}
	return latest
}

// never is after every day: what is not convertible under the policies known.
const never = demurrage.MaxDay + 1

// RipeDay is the first day on which a lot is convertible (SPEC.md R25): its
// hops reach those of the policy in force on that day, or its issue day is the
// term or more before. ok is false while no policy known so far makes it so.
func (ps Policies) RipeDay(l *Lot) (day demurrage.Day, ok bool) {
	day = ps.ripeDay(l)
	return day, day < never
}

func (ps Policies) ripeDay(l *Lot) demurrage.Day { return ps.Ripe(l.Hops(), l.Issued(), l.Since()) }

// Ripe is RipeDay of a lot with so many hops, the last of them on a day since
// then; it is after MaxDay while no policy makes it so.
func (ps Policies) Ripe(hops int, issued, since demurrage.Day) demurrage.Day {
	for i := range ps {
		end := never
		if i+1 < len(ps) {
			end = ps[i+1].From
		}
		from := max(ps[i].From, since)
		if hops < int(ps[i].Hops) {
			from = max(from, issued+demurrage.Day(ps[i].TermDays))
		}
		if from < end {
			return from
		}
	}
	return never
}
