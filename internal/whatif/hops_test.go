package whatif

import (
	"context"
	"math/big"
	"strings"
	"testing"

	"grulden/demurrage"
	"grulden/internal/policy"
	"grulden/internal/record"
	"grulden/internal/report"
	"grulden/ledger"
)

// TestHopsAreThoseOfTheReport lets a made-up wijk live under several rules, and
// asks the report about the entries of each: what was paid by counted payment, and
// what became convertible, is the same to the last fraction.
func TestHopsAreThoseOfTheReport(t *testing.T) {
	m := tiny()
	m.Residents[0].Neighbours = 40 * onePercent
	scenarios := []policy.Scenario{
		like(func(p *ledger.Policy) { p.Hops, p.TermDays = 3, 60 }),
		like(func(p *ledger.Policy) {
			p.Rate, p.Every, p.GraceDays, p.Hops, p.TermDays = 10_000_000, demurrage.Monthly, 0, 7, 45
		}),
	}
	scenarios = append(scenarios, policy.Scenario{Policy: scenarios[0].Policy, Order: ledger.NewestFirst})
	o := simulate(t, m, scenarios...)
	ripe := 0
	for i, s := range o.Scenarios {
		if i == 0 {
			continue
		}
		r := reportOn(t, m, s, report.Period{From: o.From, To: o.To})
		want := map[string]*big.Rat{"hop_convertible": r.Convertible, "hop_returned": r.Returned, "hop_same_day": r.SameDay, "ripe_hops": new(big.Rat), "ripe_age": new(big.Rat)}
		for k, paid := range r.ByHop {
			want[hopKey(k+1)] = paid
		}
		for _, row := range r.Tables("to_convertible")[0].Rows {
			want["ripe_hops"].Add(want["ripe_hops"], row.Cells[0].Value)
			want["ripe_age"].Add(want["ripe_age"], row.Cells[1].Value)
		}
		for _, row := range o.Hops {
			paid := want[row.Key]
			if paid == nil {
				paid = new(big.Rat)
			}
			if row.Values[i].Cmp(paid) != 0 {
				t.Errorf("scenario %d, %s: %s, and the report has %s", i, row.Key, row.Values[i].FloatString(6), paid.FloatString(6))
			}
		}
		if want["ripe_hops"].Sign() > 0 && want["ripe_age"].Sign() > 0 {
			ripe++
		}
	}
	if ripe < 2 {
		t.Error("next to nothing became convertible")
	}
}

// reportOn is the report on what a made-up wijk lived under a scenario.
func reportOn(t *testing.T, m Model, s policy.Scenario, p report.Period) *report.Report {
	t.Helper()
	var all []*record.Record
	if _, err := run(context.Background(), &m, s, func(e *ledger.Entry) { all = append(all, &record.Record{Entry: *e}) }, func() {}); err != nil {
		t.Fatal(err)
	}
	r, err := report.FromRecords(context.Background(), func(fn func(*record.Record) error) error {
		for _, one := range all {
			if err := fn(one); err != nil {
				return err
			}
		}
		return nil
	}, p, report.Options{Today: p.To})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestHopsAddUpToWhatWasPaid in every scenario, in a made-up wijk and in a history,
// and there are rows up to the most hops that any of them asks.
func TestHopsAddUpToWhatWasPaid(t *testing.T) {
	m := tiny()
	m.DaysBefore, m.Days = 0, 100
	others := []policy.Scenario{like(func(p *ledger.Policy) { p.Hops = 1 }), like(func(p *ledger.Policy) { p.Hops, p.TermDays = 9, 30 })}
	for _, o := range ledger.Orders() {
		s := like(func(p *ledger.Policy) { p.Hops = 2 })
		s.Order = o
		others = append(others, s)
	}
	for name, o := range map[string]*Outcome{"model": simulate(t, m, others...), "history": ofHistory(t, lived(t, m, ledger.DefaultPolicy()), monday+99, others...)} {
		for i := range o.Scenarios {
			sum := new(big.Rat)
			for _, row := range o.Hops {
				if strings.HasPrefix(row.Key, "hop_") {
					sum.Add(sum, row.Values[i])
				}
			}
			if volume := value(t, o.Wijk, "volume", i); sum.Cmp(volume) != 0 || volume.Sign() == 0 {
				t.Errorf("%s, %d: %v by hops, %v paid", name, i, sum, volume)
			}
		}
		if value(t, o.Hops, hopKey(9), 2).Sign() < 0 || len(o.Hops) != 9+3+2 {
			t.Errorf("%s: %d rows", name, len(o.Hops))
		}
		if value(t, o.Hops, hopKey(2), 1).Sign() != 0 {
			t.Errorf("%s: after one payment money is convertible, and %v made its second", name, value(t, o.Hops, hopKey(2), 1))
		}
	}
}

// TestTheFiveTransactionRuleByHand: of a hundred that goes from hand to hand through
// three others, the second and third payments count on other days, and after two
// hops it may become euros.
func TestTheFiveTransactionRuleByHand(t *testing.T) {
	m := lone()
	m.Days = 10
	town := found(t, m, func(p *ledger.Policy) { p.Rate, p.Hops = 0, 2 })
	if err := town.world.Begin(monday - 1); err != nil {
		t.Fatal(err)
	}
	town.gets(t, 1, 100_00)
	for day, to := range []ledger.AccountID{2, 3, 4, 1} {
		town.morning(monday + demurrage.Day(day))
		if _, err := town.try(ledger.Pay{ID: town.id(), From: []ledger.AccountID{1, 2, 3, 4}[day], To: to, Amount: 100_00}); err != nil {
			t.Fatal(err)
		}
	}
	p, err := policy.Compare(town.world, town.world, monday, monday+9)
	if err != nil {
		t.Fatal(err)
	}
	got := ofHops(&p.Would.Hops)
	for key, want := range map[string]int64{hopKey(1): 100, hopKey(2): 100, hopKey(3): 0, "hop_convertible": 200, "hop_returned": 0, "ripe_hops": 100, "ripe_age": 0} {
		if got[key].Cmp(big.NewRat(want, 1)) != 0 {
			t.Errorf("%s is %v, want %d", key, got[key], want)
		}
	}
}

// TestRulesAreSaidInWords in either language, with numbers as each writes them.
func TestRulesAreSaidInWords(t *testing.T) {
	for _, c := range []struct {
		change func(*ledger.Policy)
		order  ledger.Order
		nl, en string
	}{
		{
			func(*ledger.Policy) {}, ledger.MeltsFirst,
			"Per dag smelt 0,0165\u00a0%, niet in de eerste 30 dagen. Euro’s na 5 keer betalen of 365 dagen. Om euro’s vragen: winkels. Dat kost 0\u00a0%. Eerst gaat wat het eerst smelt.",
			"0.0165% melts each day, not in the first 30 days. Euros after 5 counted payments or 365 days. May ask for euros: shops. That costs 0%. What melts first goes first.",
		},
		{
			func(p *ledger.Policy) {
				p.Rate, p.Every, p.GraceDays, p.Hops, p.TermDays, p.Fee, p.Redeemers = 12_500_000, demurrage.Monthly, 0, 3, 90, 20_000_000, []string{"resident", "merchant"}
			}, ledger.NewestFirst,
			"Per maand smelt 1,25\u00a0%, vanaf de eerste dag. Euro’s na 3 keer betalen of 90 dagen. Om euro’s vragen: bewoners, winkels. Dat kost 2\u00a0%. Eerst gaat wat iemand het laatst kreeg.",
			"1.25% melts each month, from the first day on. Euros after 3 counted payments or 90 days. May ask for euros: residents, shops. That costs 2%. What somebody got last goes first.",
		},
		{
			func(p *ledger.Policy) { p.Rate, p.Redeemers = 0, nil }, ledger.OldestFirst,
			"Er smelt niets. Euro’s na 5 keer betalen of 365 dagen. Niemand mag om euro’s vragen. Eerst gaat wat iemand het eerst kreeg.",
			"Nothing melts. Euros after 5 counted payments or 365 days. Nobody may ask for euros. What somebody got first goes first.",
		},
	} {
		s := like(c.change)
		s.Order = c.order
		if got := wordsOf(&s); got.NL != c.nl || got.EN != c.en {
			t.Errorf("%q\n%q", got.NL, got.EN)
		}
	}
	for _, o := range ledger.Orders() {
		if w := orderWords[o.String()]; w.NL == "" || w.EN == "" {
			t.Errorf("no words for %v", o)
		}
	}
}
