package ledger

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"grulden/demurrage"
)

// drawPolicies makes policies that begin on days up to 120.
func drawPolicies(t *rapid.T) Policies {
	var ps Policies
	for i := range rapid.IntRange(1, 5).Draw(t, "policies") {
		p := Policy{
			From:      demurrage.Day(rapid.IntRange(1, 120).Draw(t, "from")),
			GraceDays: uint16(rapid.SampledFrom([]int{0, 1, 5, 30, 60}).Draw(t, "grace")),
			Hops:      uint8(rapid.IntRange(1, 5).Draw(t, "hops")),
			TermDays:  uint16(rapid.IntRange(1, 90).Draw(t, "term")),
		}
		if i == 0 {
			p.From = 0
		}
		ps = ps.with(p)
	}
	return ps
}

// TestRipeDayIsTheFirstDayTheRuleHolds goes through the days one by one.
func TestRipeDayIsTheFirstDayTheRuleHolds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ps := drawPolicies(rt)
		issued := demurrage.Day(rapid.IntRange(0, 100).Draw(rt, "issued"))
		l := &Lot{Trail: []Stop{{Owner: 1, Day: issued}}}
		since := issued
		for i := range rapid.IntRange(0, 5).Draw(rt, "hops") {
			since += demurrage.Day(rapid.IntRange(1, 20).Draw(rt, "days"))
			l.Trail = append(l.Trail, Stop{Owner: OwnerID(i + 2), Day: since})
		}
		want := since
		for ; ; want++ {
			p := ps.InForce(want)
			if l.Hops() >= int(p.Hops) || want-issued >= demurrage.Day(p.TermDays) {
				break
			}
		}
		if got, ok := ps.RipeDay(l); got != want || !ok {
			rt.Fatalf("convertible from %v, want %v (%+v, %+v)", got, want, ps, l.Trail)
		}
	})
}

// TestTheLatestPolicyReachedIsInForce goes through the policies one by one.
func TestTheLatestPolicyReachedIsInForce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ps := drawPolicies(rt)
		for day := demurrage.Day(0); day < 130; day++ {
			want := &ps[0]
			for i := range ps {
				if ps[i].From <= day {
					want = &ps[i]
				}
			}
			if ps.InForce(day) != want {
				rt.Fatalf("on %d %+v is in force, want %+v", day, ps.InForce(day), want)
			}
		}
	})
}

// TestNoticeReachesEveryMeltsFromDayGiven: the horizon is the latest of day +
// grace over all days so far.
func TestNoticeReachesEveryMeltsFromDayGiven(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ps := drawPolicies(rt)
		want := demurrage.Day(0)
		for today := demurrage.Day(0); today < 200; today++ {
			want = max(want, today+demurrage.Day(ps.InForce(today).GraceDays))
			if got := ps.horizon(today); got != want {
				rt.Fatalf("horizon of %v is %v, want %v", today, got, want)
			}
		}
	})
}

// TestFeeIsRoundedDown holds the fee against big integers.
func TestFeeIsRoundedDown(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := Policy{Fee: rapid.Uint32Range(0, demurrage.Billion-1).Draw(rt, "fee")}
		amount := Cents(rapid.Int64Range(1, int64(maxCents)).Draw(rt, "amount"))
		want := new(big.Int).Mul(big.NewInt(int64(amount)), big.NewInt(int64(p.Fee)))
		want.Div(want, big.NewInt(demurrage.Billion))
		if got := p.FeeOf(amount); want.Cmp(big.NewInt(int64(got))) != 0 || got >= amount && amount > 0 {
			rt.Fatalf("fee of %v at %d is %v, want %v", amount, p.Fee, got, want)
		}
	})
}

// TestPolicyLimits: each figure at both ends, and just beyond.
func TestPolicyLimits(t *testing.T) {
	set := func(change func(*Policy)) Command {
		p := DefaultPolicy()
		change(&p)
		return SetPolicy{Policy: p}
	}
	for name, c := range map[string]struct {
		policy Command
		want   Result
	}{
		"rate 0":              {set(func(p *Policy) { p.Rate = 0 }), Applied},
		"rate under 5 %":      {set(func(p *Policy) { p.Rate = 49_999_999 }), Applied},
		"rate of 5 %":         {set(func(p *Policy) { p.Rate = 50_000_000 }), BadCommand},
		"monthly":             {set(func(p *Policy) { p.Every = demurrage.Monthly }), Applied},
		"no such charge days": {set(func(p *Policy) { p.Every = 2 }), BadCommand},
		"grace 0":             {set(func(p *Policy) { p.GraceDays = 0 }), Applied},
		"grace 366":           {set(func(p *Policy) { p.GraceDays = 366 }), Applied},
		"grace 367":           {set(func(p *Policy) { p.GraceDays = 367 }), BadCommand},
		"no hops":             {set(func(p *Policy) { p.Hops = 0 }), BadCommand},
		"1 hop":               {set(func(p *Policy) { p.Hops = 1 }), Applied},
		"20 hops":             {set(func(p *Policy) { p.Hops = 20 }), Applied},
		"21 hops":             {set(func(p *Policy) { p.Hops = 21 }), BadCommand},
		"no term":             {set(func(p *Policy) { p.TermDays = 0 }), BadCommand},
		"term of a day":       {set(func(p *Policy) { p.TermDays = 1 }), Applied},
		"term of a century":   {set(func(p *Policy) { p.TermDays = 36_500 }), Applied},
		"longer term":         {set(func(p *Policy) { p.TermDays = 36_501 }), BadCommand},
		"fee under 100 %":     {set(func(p *Policy) { p.Fee = 999_999_999 }), Applied},
		"fee of 100 %":        {set(func(p *Policy) { p.Fee = 1_000_000_000 }), BadCommand},
		"nobody redeems":      {set(func(p *Policy) { p.Redeemers = nil }), Applied},
		"a role without name": {set(func(p *Policy) { p.Redeemers = []string{""} }), BadCommand},
	} {
		if _, r, err := Decide(NewState(Head{}, nil), Moment{}, Key{}, c.policy); r != c.want || err != nil {
			t.Errorf("%s: %v %v, want %v", name, r, err, c.want)
		}
	}
}

// TestDefaultPolicy: 0.0165 % a day after 30 days, five hops or a year, no fee, shops.
func TestDefaultPolicy(t *testing.T) {
	p := DefaultPolicy()
	if p.Rate != 165_000 || p.Every != demurrage.Daily || p.GraceDays != 30 || p.Hops != 5 ||
		p.TermDays != 365 || p.Fee != 0 || !p.MayRedeem("merchant") || p.MayRedeem("resident") {
		t.Errorf("%+v", p)
	}
}
