package whatif

import (
	"context"
	"errors"
	"math/big"
	"testing"

	"grulden/demurrage"
	"grulden/internal/policy"
	"grulden/internal/record"
	"grulden/ledger"
)

// lived is the history of a made-up wijk, as a ledger would have it.
func lived(t *testing.T, m Model, now ledger.Policy) (all []*record.Record) {
	t.Helper()
	_, err := run(context.Background(), &m, policy.Scenario{Policy: now}, func(e *ledger.Entry) {
		all = append(all, &record.Record{Entry: *e})
	}, func() {})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func ofHistory(t *testing.T, all []*record.Record, today demurrage.Day, others ...policy.Scenario) *Outcome {
	t.Helper()
	o, err := OfHistory(context.Background(), func(yield func(*record.Record, error) bool) {
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
	}, others, ledger.DefaultPolicy(), today, func(uint64) {})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestWhatAModelLivedIsTheHistoryItWrote: a made-up wijk that is taken for a
// history has been what the model says it was. Only the wishes that came to
// nothing are not in a journal.
func TestWhatAModelLivedIsTheHistoryItWrote(t *testing.T) {
	m := tiny()
	m.DaysBefore, m.Days = 0, 120
	now := ledger.DefaultPolicy()
	now.Hops, now.Fee = 3, 10_000_000
	other := like(func(p *ledger.Policy) { p.Hops = 6 })
	model := simulateUnder(t, m, now, other)
	history := ofHistory(t, lived(t, m, now), monday+demurrage.Day(m.Days)-1, other)
	if model.From != history.From || model.To != history.To || model.Entries != history.Entries || len(model.Groups) != len(history.Groups) {
		t.Fatalf("%v to %v, %d entries, %d groups; of the history %v to %v, %d, %d", model.From, model.To, model.Entries, len(model.Groups),
			history.From, history.To, history.Entries, len(history.Groups))
	}
	compared := 0
	for i, s := range model.sections() {
		for j := range s.rows {
			row, same := &s.rows[j], &history.sections()[i].rows[j]
			if row.Key == "payments_refused" || row.Key == "payments_refused_sum" || row.Key == "requests_refused" || row.Key == "requests_refused_sum" || row.Key == "grants_refused" {
				continue
			}
			compared++
			if row.value(0) != same.value(0) || (row.Values[0] == nil) != (same.Values[0] == nil) || row.Values[0] != nil && row.Values[0].Cmp(same.Values[0]) != 0 {
				t.Errorf("%s, %s: %s, and in the history %s", s.key, row.Key, row.value(0), same.value(0))
			}
		}
	}
	if compared < 30 {
		t.Errorf("only %d figures were compared", compared)
	}
}

func simulateUnder(t *testing.T, m Model, now ledger.Policy, others ...policy.Scenario) *Outcome {
	t.Helper()
	o, err := Simulate(context.Background(), m, 1, others, now, func(_, _ uint64) {})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestPeopleOfAHistoryAreHeldToWhatTheyDid: with more payments asked for before
// money may become euros, requests are lost; with fewer, nobody asks for more.
func TestPeopleOfAHistoryAreHeldToWhatTheyDid(t *testing.T) {
	m := tiny()
	m.DaysBefore, m.Days = 0, 120
	now := ledger.DefaultPolicy()
	now.Hops = 3
	all := lived(t, m, now)
	o := ofHistory(t, all, monday+119,
		like(func(p *ledger.Policy) { p.Hops = 7 }),
		like(func(p *ledger.Policy) { p.Hops = 2 }),
		policy.Scenario{Name: "newest", Policy: now, Order: ledger.NewestFirst})
	rows := o.Groups[0].Rows
	was := value(t, rows, "paid_out", 0)
	if was.Sign() == 0 || value(t, rows, "requests_refused", 0).Sign() != 0 {
		t.Fatalf("paid out %v", was)
	}
	for _, c := range []struct {
		key              string
		seven, two, last int // beside what was: 1 more, 0 the same, -1 less
	}{
		{"spent", 0, 0, 0},
		{"issued", 0, 0, 0},
		{"paid_out", -1, 0, -1},
		{"requests_refused", 1, 0, 1},
		{"convertible", -1, 1, 1},
		{"held", 1, -1, 1}, // what is in the pool keeps its melts-from day from hand to hand
	} {
		for i, want := range []int{c.seven, c.two, c.last} {
			from := rows
			if c.key == "issued" {
				from = o.Wijk
			}
			if got := value(t, from, c.key, i+1).Cmp(value(t, from, c.key, 0)); got != want {
				t.Errorf("%s under %d: %v, was %v", c.key, i+1, value(t, from, c.key, i+1), value(t, from, c.key, 0))
			}
		}
	}
	if o.Model != nil || len(o.Caveats()) < 3 || o.First().NL != "Zoals het was" {
		t.Errorf("%+v", o.First())
	}
}

// TestTheReserveIsWhatEverybodyHas: in every scenario, on a history or on a
// model, the euros of the reserve are what all hold and the wijkfonds. Nobody asks
// for euros here, so that nothing waits; each purse is rounded by under a grain.
func TestTheReserveIsWhatEverybodyHas(t *testing.T) {
	m := tiny()
	m.DaysBefore, m.Days = 0, 100
	for i := range m.Shops {
		m.Shops[i].Redeems = 0
	}
	others := []policy.Scenario{like(func(p *ledger.Policy) { p.GraceDays, p.Rate = 0, 3_000_000 })}
	for _, o := range ledger.Orders() {
		s := like(func(p *ledger.Policy) { p.Hops = 2 })
		s.Order = o
		others = append(others, s)
	}
	all := lived(t, m, ledger.DefaultPolicy())
	for name, o := range map[string]*Outcome{"model": simulate(t, m, others...), "history": ofHistory(t, all, monday+99, others...)} {
		for i := range o.Scenarios {
			rest := new(big.Rat).Add(value(t, o.Groups[0].Rows, "held", i), value(t, o.Wijk, "fund", i))
			rest.Sub(value(t, o.Wijk, "reserve", i), rest)
			if rest.Sign() < 0 || rest.Cmp(big.NewRat(31, 100*ledger.GrainsPerCent)) >= 0 {
				t.Errorf("%s, %d: %v of the reserve is nobody's", name, i, rest)
			}
		}
	}
}

func TestNothingIsTriedOnAnEmptyLedger(t *testing.T) {
	_, err := OfHistory(context.Background(), func(func(*record.Record, error) bool) {}, []policy.Scenario{like(func(*ledger.Policy) {})}, ledger.DefaultPolicy(), monday, func(uint64) {})
	if !errors.Is(err, policy.ErrNothing) {
		t.Error(err)
	}
}
