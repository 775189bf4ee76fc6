package node

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"grulden/demurrage"
	"grulden/ledger"
)

// Rules are what a wijk has decided about the work around the coin: how much a
// person may bring in, when shops are paid, what two people must look at. They
// are dated, so that what counts on a day can be looked up for ever, and are no
// rules of the coin: the ledger does not know them.
type Rules struct {
	TopUpMonth    ledger.Cents `json:"top_up_month"`    // that one person may bring in as euros in a calendar month; nought: any amount
	RewardMonth   ledger.Cents `json:"reward_month"`    // that a volunteer may get as reward in a calendar month
	RewardYear    ledger.Cents `json:"reward_year"`     // the same in a calendar year
	PayoutDay     time.Weekday `json:"payout_day"`      // on which shops are paid each week
	PayoutHour    int          `json:"payout_hour"`     // until which, on that day, a request is paid with it: 0 to 24
	FourEyesAbove ledger.Cents `json:"four_eyes_above"` // payouts that together are more need a second person
	NameCheckDays int          `json:"name_check_days"` // for which the check of a name at a bank holds
	PainVersion   int          `json:"pain_version"`    // of the payment file the bank takes: 9, or 3
	ResidentsPay  bool         `json:"residents_pay"`   // whether residents may pay each other
	FundPromise   int          `json:"fund_promise"`    // of what the wijkfonds spends, per cent for people with money problems
	Publishing    Publishing   `json:"publishing,omitzero"`
}

// Publishing is what a figure must be before everybody may see it.
type Publishing struct {
	Owners  int          `json:"owners"`  // people or businesses that a sum is at least made of
	Percent int          `json:"percent"` // p of the p%-rule: nobody who knows their own part comes so near to another's
	Largest int          `json:"largest"` // what one of them adds at most, per cent of the sum
	Round   ledger.Cents `json:"round"`   // sums are rounded to it
	Months  int          `json:"months"`  // that a figure is at least about
}

// DefaultPublishing follows the handbooks on disclosure control, on the careful
// side: a wijk is small.
func DefaultPublishing() Publishing {
	return Publishing{Owners: 10, Percent: 25, Largest: 50, Round: 10_00, Months: 3}
}

// Valid tells whether rules protect anybody: they may be stricter than the
// defaults, and hardly looser.
func (p Publishing) Valid() bool {
	return 5 <= p.Owners && p.Owners <= 1000 && 10 <= p.Percent && p.Percent <= 100 &&
		10 <= p.Largest && p.Largest <= 50 && 1_00 <= p.Round && p.Round <= 1000_00 && 1 <= p.Months && p.Months <= 12
}

// DatedRules are rules and the first day on which they count.
type DatedRules struct {
	From  demurrage.Day `json:"from"`
	Rules Rules         `json:"rules"`
}

// DefaultRules are those of a wijk that has decided nothing yet. The rewards are
// what Dutch law left untaxed in 2025 (Wet LB 1964, art. 2 lid 6).
func DefaultRules() Rules {
	return Rules{
		TopUpMonth: 500_00, RewardMonth: 210_00, RewardYear: 2_100_00,
		PayoutDay: time.Friday, PayoutHour: 12, FourEyesAbove: 500_00, NameCheckDays: 365,
		PainVersion: 9, ResidentsPay: true, FundPromise: 90, Publishing: DefaultPublishing(),
	}
}

// Valid tells whether rules can be kept to.
func (r Rules) Valid() bool {
	return r.TopUpMonth >= 0 && 0 <= r.RewardMonth && r.RewardMonth <= r.RewardYear &&
		time.Sunday <= r.PayoutDay && r.PayoutDay <= time.Saturday && 0 <= r.PayoutHour && r.PayoutHour <= 24 &&
		r.FourEyesAbove >= 0 && r.NameCheckDays > 0 && (r.PainVersion == 9 || r.PainVersion == 3) &&
		0 <= r.FundPromise && r.FundPromise <= 100 && r.whole().Publishing.Valid()
}

// Refusals of SetRules.
var (
	ErrRules    = errors.New("these rules cannot be kept to")
	ErrRulesAgo = errors.New("rules count from a day after today")
)

// RulesOn are the rules that count on a day.
func (n *Node) RulesOn(day demurrage.Day) Rules {
	rules := DefaultRules()
	for _, d := range n.Settings().Rules { // by day
		if d.From <= day {
			rules = d.Rules
		}
	}
	return rules.whole()
}

// whole puts in what rules lack that were decided before there was such a rule.
func (r Rules) whole() Rules {
	if r.Publishing == (Publishing{}) {
		r.Publishing = DefaultPublishing()
	}
	return r
}

// Rules are those that count today.
func (n *Node) Rules() Rules { return n.RulesOn(n.Today()) }

// RulesAhead are those that will count from a later day on, the first of them
// first.
func (n *Node) RulesAhead() []DatedRules {
	ahead := slices.Clone(n.Settings().Rules)
	for i := range ahead {
		ahead[i].Rules = ahead[i].Rules.whole()
	}
	return slices.DeleteFunc(ahead, func(d DatedRules) bool { return d.From <= n.Today() })
}

// SetRules makes rules count from a day on, in the place of those that were to
// count from that same day. Rules of the past are never changed: the day is after
// today, except for a wijk that has none yet. It returns when they are on disk.
func (n *Node) SetRules(from demurrage.Day, r Rules) error {
	if !r.Valid() {
		return ErrRules
	}
	return n.changeSettings(func(s *Settings) error {
		if from <= n.Today() && len(s.Rules) > 0 {
			return ErrRulesAgo
		}
		s.Rules = slices.DeleteFunc(slices.Clone(s.Rules), func(d DatedRules) bool { return d.From == from })
		s.Rules = append(s.Rules, DatedRules{from, r})
		slices.SortFunc(s.Rules, func(a, b DatedRules) int { return cmp.Compare(a.From, b.From) })
		return nil
	})
}
