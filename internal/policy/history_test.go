package policy

import (
	"context"
	"math/big"
	"slices"
	"strings"
	"testing"

	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/internal/report"
	"grulden/ledger"
)

func tryAll(t *testing.T, all []*record.Record, others []Scenario, today demurrage.Day) []*Preview {
	t.Helper()
	previews, err := TryAll(context.Background(), func(yield func(*record.Record, error) bool) {
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
	}, others, today, func(uint64) {})
	if err != nil {
		t.Fatal(err)
	}
	return previews
}

// TestScenariosBesideEachOtherAreWhatEachIsAlone: those that run at the same
// time do not touch each other, and their order is that in which they were asked.
func TestScenariosBesideEachOtherAreWhatEachIsAlone(t *testing.T) {
	for seed := range uint64(8) {
		all := told(t, onePolicy(seed))
		same, today := policyOf(t, all), all[len(all)-1].Moment.Day+90
		several := []Scenario{{Policy: other()}, {Policy: same, Order: ledger.NewestFirst}, {Policy: same}, {Policy: other(), Order: ledger.RipestFirst}}
		for i, p := range tryAll(t, all, several, today) {
			alone := tryAll(t, all, several[i:i+1], today)[0]
			if text(t, p) != text(t, alone) {
				t.Errorf("seed %d, scenario %d: %s\nalone %s", seed, i, text(t, p), text(t, alone))
			}
		}
	}
}

// TestAnotherSpendingOrderRipensOtherMoney: Bram has 5.00 of his own and 5.00
// that passed one hand, and pays the baker 5.00. By the law his own goes first, and
// nothing has passed two hands; the other way round 5.00 may become euros.
func TestAnotherSpendingOrderRipensOtherMoney(t *testing.T) {
	lines := []string{
		`{"kind":"policy","at":"2026-01-01T00:00:00Z","rate":"0%","hops":2,"term_days":365}`,
		`{"kind":"open","at":"2026-01-01T08:00:00Z","account":"anna","role":"resident"}`,
		`{"kind":"open","at":"2026-01-01T08:00:00Z","account":"bram","role":"resident"}`,
		`{"kind":"open","at":"2026-01-01T08:00:00Z","account":"bakker","role":"merchant"}`,
		`{"kind":"issue","at":"2026-01-05T09:00:00Z","to":"bram","amount":"5.00"}`,
		`{"kind":"issue","at":"2026-01-05T09:00:00Z","to":"anna","amount":"5.00"}`,
		`{"kind":"pay","at":"2026-01-06T10:00:00Z","from":"anna","to":"bram","amount":"5.00","id":"p1"}`,
		`{"kind":"pay","at":"2026-01-07T10:00:00Z","from":"bram","to":"bakker","amount":"5.00","id":"p2"}`,
	}
	all := told(t, lines)
	var several []Scenario
	for _, o := range ledger.Orders() {
		several = append(several, Scenario{Policy: policyOf(t, all), Order: o})
	}
	for i, p := range tryAll(t, all, several, day(t, "2026-02-10")) {
		want := ledger.Cents(0)
		if o := several[i].Order; o == ledger.NewestFirst || o == ledger.RipestFirst {
			want = 5_00
		}
		g := p.Groups[0]
		if g.Was.Convertible.Sign() != 0 || g.Would.Convertible.Cmp(want.Grains().Big()) != 0 {
			t.Errorf("%v: %v convertible, want %v", several[i].Order, g.Would.Convertible, want)
		}
		if g.Would.Spent != 10_00 || g.Would.Received != 10_00 || p.Would.Volume != 10_00 || p.Would.Issued != 10_00 || p.Would.Reserve != 10_00 {
			t.Errorf("%v: %+v, %+v", several[i].Order, g.Would, p.Would)
		}
	}
}

// TestTheWijkAsAWholeIsWhatTheReportSays holds volume with the hops it is made of,
// issue, mean stock and what became convertible in the period against the report on
// the same entries.
func TestTheWijkAsAWholeIsWhatTheReportSays(t *testing.T) {
	seen := map[int]bool{}
	for seed := range uint64(15) {
		all := told(t, onePolicy(seed))
		last := all[len(all)-1].Moment.Day
		for _, today := range []demurrage.Day{last, last + 40, (all[0].Moment.Day+last)/2 + Year} {
			today = max(today, last)
			p := try(t, all, policyOf(t, all), today)
			r, err := report.FromRecords(context.Background(), func(fn func(*record.Record) error) error {
				for _, one := range all {
					if err := fn(one); err != nil {
						return err
					}
				}
				return nil
			}, report.Period{From: p.From, To: p.To}, report.Options{Today: today})
			if err != nil {
				t.Fatal(seed, today, err)
			}
			mean := new(big.Rat).SetFrac(p.Was.Stock, big.NewInt(100*ledger.GrainsPerCent*int64(r.Period.Days())))
			if mean.Cmp(r.StockMean) != 0 || p.Was.Issued != r.Issued || p.Was.Volume != r.Volume-r.RefundedLate {
				t.Errorf("seed %d, %v to %v: mean %v, issued %v, volume %v; the report has %v, %v, %v − %v", seed, p.From, p.To,
					mean, p.Was.Issued, p.Was.Volume, r.StockMean, r.Issued, r.Volume, r.RefundedLate)
			}
			if got, want := hopsOf(&p.Was.Hops), hopsOfReport(r); !slices.Equal(got, want) {
				t.Errorf("seed %d, %v to %v: %v; the report has %v", seed, p.From, p.To, got, want)
			} else {
				for i, figure := range got {
					seen[i] = seen[i] || strings.Trim(figure, "0.") != ""
				}
			}
		}
	}
	for _, i := range []int{0, 1, 2, 3, int(WayReturned), int(WaySameDay), int(wayCount), int(wayCount) + 1, int(wayCount) + 2} {
		if !seen[i] {
			t.Errorf("figure %d is nought in every history", i)
		}
	}
}

// hopsOf are the figures of hops as fractions of a Grulden.
func hopsOf(h *Hops) (all []string) {
	add := func(w demurrage.Wide) {
		all = append(all, new(big.Rat).SetFrac(w.Big(), demurrage.Mul64(demurrage.One, 100*ledger.GrainsPerCent).Big()).RatString())
	}
	for _, paid := range h.Paid {
		add(paid)
	}
	add(h.ByHops)
	add(h.ByAge)
	return append(all, h.Late.String())
}

// hopsOfReport are the same of a report.
func hopsOfReport(r *report.Report) []string {
	all := []string{r.Convertible.RatString()}
	for k := range ledger.MaxHops {
		paid := "0"
		if k < len(r.ByHop) {
			paid = r.ByHop[k].RatString()
		}
		all = append(all, paid)
	}
	hops, age := new(big.Rat), new(big.Rat)
	for _, row := range r.Tables("to_convertible")[0].Rows {
		hops.Add(hops, row.Cells[0].Value)
		age.Add(age, row.Cells[1].Value)
	}
	return append(all, r.Returned.RatString(), r.SameDay.RatString(), hops.RatString(), age.RatString(), r.RefundedLate.String())
}

// TestALedgerThatSleptIsTriedAsWell: nothing happened for over a year, and the
// melting of that year is reckoned by both rules. 1 % on each of twelve firsts
// of a month leaves 100.00 × 0.99¹².
func TestALedgerThatSleptIsTriedAsWell(t *testing.T) {
	p := try(t, told(t, small), ledger.Policy{Rate: 10_000_000, Every: demurrage.Monthly, Hops: 5, TermDays: 365}, day(t, "2028-06-10"))
	held := p.Groups[0].Would.Held.Int64()
	if p.Groups[0].Was.Melted.Sign() != 0 || held < 88_63_84_87_10 || held > 88_63_84_87_30 {
		t.Errorf("melted %v by the rules that were, %d left by the others", p.Groups[0].Was.Melted, held)
	}
}
