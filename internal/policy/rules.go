package policy

import (
	"time"

	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/ledger"
)

// Effect is what other rules of the wijk would have stopped within a year.
type Effect struct {
	From, To demurrage.Day
	TopUps   Lost // that went over the limit of a person and month
	Between  Lost // payments between residents
}

// month is one account in one calendar month.
type month struct {
	account ledger.AccountID
	year    int
	month   time.Month
}

// TryRules looks which top-ups of the last year were beyond a limit per person
// and calendar month (nought: none is), and what residents paid each other.
// How tells of each issue whether it was a person's own top-up.
func TryRules(all Records, limit ledger.Cents, own func(how string) bool, today demurrage.Day) (Effect, error) {
	e := Effect{From: today - Year + 1, To: today}
	residents := make(map[ledger.AccountID]bool)
	got := make(map[month]ledger.Cents)
	for r, err := range all {
		if err != nil {
			return e, err
		}
		if c, ok := r.Command.(ledger.Open); ok && c.Role == "resident" {
			residents[c.Account] = true
		}
		if r.Moment.Day >= e.From {
			e.count(r, limit, own, residents, got)
		}
	}
	return e, nil
}

func (e *Effect) count(r *record.Record, limit ledger.Cents, own func(string) bool, residents map[ledger.AccountID]bool, got map[month]ledger.Cents) {
	switch c := r.Command.(type) {
	case ledger.Issue:
		t := r.Moment.Day.Time()
		m := month{c.To, t.Year(), t.Month()}
		if !own(r.Auth.How) {
			return
		}
		if limit > 0 && got[m]+c.Amount > limit {
			e.TopUps.add(c.Amount)
			return
		}
		got[m] += c.Amount
	case ledger.Pay:
		if residents[c.From] && residents[c.To] {
			e.Between.add(c.Amount)
		}
	}
}
