package node

import (
	"errors"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"grulden/demurrage"
)

func TestRulesCountFromTheirDay(t *testing.T) {
	o := initLedger(t, vfs.NewMem(), newClock())
	n := mustOpen(t, o)
	today := n.Today()
	if n.Rules() != DefaultRules() {
		t.Fatalf("a new wijk has %+v", n.Rules())
	}
	first, later := DefaultRules(), DefaultRules()
	first.TopUpMonth, later.TopUpMonth = 100_00, 50_00
	if err := n.SetRules(today, first); err != nil {
		t.Fatal(err)
	}
	if err := n.SetRules(today+30, later); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[demurrage.Day]Rules{-1: DefaultRules(), 0: first, 29: first, 30: later, 300: later} {
		if got := n.RulesOn(today + day); got != want {
			t.Errorf("day %d: %+v", day, got)
		}
	}
	if ahead := n.RulesAhead(); len(ahead) != 1 || ahead[0].From != today+30 || ahead[0].Rules != later {
		t.Errorf("ahead: %+v", ahead)
	}
	if err := n.SetRules(today, later); !errors.Is(err, ErrRulesAgo) {
		t.Errorf("today's rules could be changed: %v", err)
	}
	bad := later
	bad.RewardYear = bad.RewardMonth - 1
	if err := n.SetRules(today+40, bad); !errors.Is(err, ErrRules) {
		t.Errorf("%v", err)
	}
	later.FundPromise = 80
	if err := n.SetRules(today+30, later); err != nil {
		t.Fatal(err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	again := mustOpen(t, o)
	if got := again.RulesAhead(); len(got) != 1 || got[0].Rules != later || again.Rules() != first {
		t.Errorf("after opening again: %+v", got)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestRulesFromBeforeFiguresWerePublishedHaveTheDefaults(t *testing.T) {
	old := Rules{TopUpMonth: 1, NameCheckDays: 1, PainVersion: 9}
	if !old.Valid() || old.whole().Publishing != DefaultPublishing() {
		t.Errorf("%+v", old.whole())
	}
	for _, change := range []func(*Publishing){
		func(p *Publishing) { p.Owners = 4 },
		func(p *Publishing) { p.Percent = 9 },
		func(p *Publishing) { p.Largest = 51 },
		func(p *Publishing) { p.Round = 0 },
		func(p *Publishing) { p.Months = 0 },
	} {
		r := DefaultRules()
		if change(&r.Publishing); r.Valid() {
			t.Errorf("%+v protects nobody", r.Publishing)
		}
	}
	strict := DefaultRules()
	strict.Publishing = Publishing{Owners: 30, Percent: 50, Largest: 20, Round: 100_00, Months: 12}
	if !strict.Valid() || strict.whole() != strict {
		t.Error("stricter rules are rules too")
	}
}
