package report

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/internal/sim"
	"grulden/ledger"
)

// periods are some of a history: all of it, and some between two of its entries.
func periods(records []*record.Record, rng *rand.Rand) []Period {
	first, last := records[0].Moment.Day, records[len(records)-1].Moment.Day
	all := []Period{{first, last}}
	for range 3 {
		i := rng.IntN(len(records))
		j := i + rng.IntN(len(records)-i)
		p := Period{records[i].Moment.Day, records[j].Moment.Day}
		if p.From > first && rng.IntN(2) == 0 {
			p.From--
		}
		all = append(all, p)
	}
	return all
}

func TestTheFiguresOfRandomHistoriesAreThoseOfASlowRecount(t *testing.T) {
	met := map[string]int{}
	for seed := range uint64(40) {
		records := history(t, seed, 160, names{})
		rng := rand.New(rand.NewPCG(seed, 1))
		for _, p := range periods(records, rng) {
			want := recountOf(t, records, p)
			for _, l := range reportOn(t, records, p, p.To).Lines() {
				if l.Key == "fund_start" || l.Key == "fund_rounding" || slices.Contains(derived, l.Key) {
					continue // these follow from the others: see the next test, and that of the figures of others
				}
				w := want[l.Key]
				if w == nil && strings.HasPrefix(l.Key, "volume_") {
					w = new(big.Rat)
				}
				if l.Value != "" && l.Exact != "0" {
					met[l.Key]++
				}
				if (w == nil) != (l.Value == "") || w != nil && w.RatString() != l.Exact {
					t.Fatalf("seed %d, %v to %v: %s is %q, want %v", seed, p.From, p.To, l.Key, l.Exact, w)
				}
			}
		}
	}
	for _, key := range []string{
		"refunded", "refunded_late", "rejected", "redemption_fees", "granted", "volume_hop_3", "volume_returned",
		"volume_same_day", "volume_convertible", "redeemed_age", "fund_left", "waiting",
	} {
		if met[key] < 5 {
			t.Errorf("only %d of the histories say anything about %s", met[key], key)
		}
	}
}

func TestTheBooksOfRandomHistoriesAddUpToTheGrain(t *testing.T) {
	for seed := range uint64(30) {
		records := history(t, seed, 150, names{})
		rng := rand.New(rand.NewPCG(seed, 2))
		for _, p := range periods(records, rng) {
			r := reportOn(t, records, p, p.To)
			fail := func(what string) { t.Fatalf("seed %d, %v to %v: %s", seed, p.From, p.To, what) }
			sum := new(big.Rat)
			for _, v := range append(slices.Clone(r.ByHop), r.Returned, r.SameDay, r.Convertible) {
				sum.Add(sum, v)
			}
			if sum.Cmp(ofCents(r.Volume)) != 0 {
				fail("the rows are not the volume")
			}
			stock := balance(r.StockStart, ofCents(r.Issued+r.Granted+r.Rejected-r.Requested), r.Rounding)
			if balance(stock, minus(r.Demurrage), minus(r.Left), minus(r.StockEnd)).Sign() != 0 {
				fail("what holders have does not follow from what happened")
			}
			fund := balance(r.FundStart, r.FundIncome(), minus(ofCents(r.Granted)), minus(r.Rounding))
			if fund.Cmp(r.FundEnd) != 0 {
				fail("the fund does not follow from what happened")
			}
			if limit := grainsLimit(records, p); r.Rounding.Cmp(minus(ofGrains(big.NewInt(1)))) < 0 || r.Rounding.Cmp(limit) > 0 {
				fail(fmt.Sprintf("the roundings are %v, not from nought to %v", r.Rounding, limit))
			}
		}
	}
}

// grainsLimit is a grain for each amount that an entry of the period turned into
// units, and one for the sum.
func grainsLimit(records []*record.Record, p Period) *big.Rat {
	n := int64(1)
	for _, r := range records {
		if p.From <= r.Moment.Day && r.Moment.Day <= p.To {
			n += int64(len(r.Facts.In) + 2*len(r.Facts.Out) + 1)
		}
	}
	return ofGrains(big.NewInt(n))
}

func balance(all ...*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for _, v := range all {
		sum.Add(sum, v)
	}
	return sum
}

func minus(v *big.Rat) *big.Rat { return new(big.Rat).Neg(v) }

// TestWhatCirculatesIsWhatTheSecondTellingSays asks the other telling of the
// rules for reserve, fund and escrow on some days.
func TestWhatCirculatesIsWhatTheSecondTellingSays(t *testing.T) {
	for seed := range uint64(25) {
		m := sim.New()
		for _, line := range sim.History(seed, 60) {
			if _, _, err := m.Line(line); err != nil && len(bytes.TrimSpace(line)) > 0 {
				t.Fatal(err)
			}
		}
		records := history(t, seed, 60, names{})
		for i := 0; i < len(records); i += 9 {
			day := records[i].Moment.Day
			s, err := m.Balances(day.String())
			if err != nil {
				t.Fatal(err)
			}
			want := new(big.Int).Sub(s.Reserve, s.Fund)
			want.Sub(want, s.Escrow)
			if got := reportOn(t, records, Period{day, day}, day).StockMean; got.Cmp(ofGrains(want)) != 0 {
				t.Fatalf("seed %d, %v: %v in circulation, want %v grains", seed, day, got, want)
			}
		}
	}
}

// TestPeriodsAddUp cuts a history in two: flows add up, and so does the volume
// but for refunds of the first part's payments in the second.
func TestPeriodsAddUp(t *testing.T) {
	for seed := range uint64(20) {
		records := history(t, seed, 150, names{})
		first, last := records[0].Moment.Day, records[len(records)-1].Moment.Day
		cut := records[len(records)/2].Moment.Day
		if cut == last {
			continue
		}
		all := reportOn(t, records, Always, last)
		a, b := reportOn(t, records, Period{first, cut}, last), reportOn(t, records, Period{cut + 1, last}, last)
		if all.Volume != a.Volume+b.Volume-b.RefundedLate || all.Refunded != a.Refunded+b.Refunded+b.RefundedLate {
			t.Fatalf("seed %d: volume %v and %v without %v are not %v", seed, a.Volume, b.Volume, b.RefundedLate, all.Volume)
		}
		if all.Issued != a.Issued+b.Issued || all.PaidOut != a.PaidOut+b.PaidOut ||
			balance(a.Demurrage, b.Demurrage).Cmp(all.Demurrage) != 0 || balance(a.Rounding, b.Rounding).Cmp(all.Rounding) != 0 {
			t.Fatalf("seed %d: flows do not add up", seed)
		}
		if a.StockEnd.Cmp(b.StockStart) != 0 || a.FundEnd.Cmp(b.FundStart) != 0 || b.StockEnd.Cmp(all.StockEnd) != 0 {
			t.Fatalf("seed %d: the second part does not begin where the first ended", seed)
		}
	}
}

func TestTheReportOfAPeriodThatIsOverNeverChanges(t *testing.T) {
	for seed := range uint64(20) {
		records := history(t, seed, 150, names{})
		cut := records[len(records)/2].Moment.Day
		n := len(records)
		for records[n-1].Moment.Day > cut {
			n--
		}
		p := Period{demurrage.MinDay, cut}
		then, now := text(t, reportOn(t, records[:n], p, cut)), text(t, reportOn(t, records, p, cut))
		if then != now {
			t.Fatalf("seed %d: the report up to %v was\n%s\nand became\n%s", seed, cut, then, now)
		}
	}
}

func TestAReportDoesNotDependOnWhoIsWho(t *testing.T) {
	for seed := range uint64(12) {
		one := reportOn(t, history(t, seed, 150, names{}), Always, 0)
		other := reportOn(t, history(t, seed, 150, names{salt: "other"}), Always, 0)
		if text(t, one) != text(t, other) {
			t.Fatalf("seed %d: other ids make another report", seed)
		}
	}
}

// text is all there is to read in a report.
func text(t testing.TB, r *Report) string {
	t.Helper()
	var b strings.Builder
	if err := errors.Join(r.WriteJSON(&b), r.WriteCSV(&b, "nl"), r.WriteText(&b, "en")); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEntriesThatDoNotFitAreRefused(t *testing.T) {
	w := newWijk(t, "2026-01-05", still(1, 365))
	w.open("a", "S")
	w.issue(0, "a", 100)
	w.pay(1, "a", "S", 40, "1")
	w.pay(2, "S", "a", 10, "2")
	w.redeem(3, "S", 10, "3")
	w.do(3, ledger.Settle{Of: w.names.ID("3")})
	for name, spoil := range map[string]func(r *record.Record) bool{
		"a gap":             func(r *record.Record) bool { r.Seq++; return true },
		"another amount":    func(r *record.Record) bool { return spoilPay(r, func(p *ledger.Pay) { p.Amount++ }) },
		"a payer not there": func(r *record.Record) bool { r.Facts.Debit++; return len(r.Facts.Out) > 0 },
		"a receiver not there": func(r *record.Record) bool {
			return spoilPay(r, func(p *ledger.Pay) { p.To++ })
		},
		"a lot not there": func(r *record.Record) bool {
			if len(r.Facts.Out) == 0 || r.Facts.Out[0].Lot.Seq == 0 {
				return false
			}
			r.Facts.Out = []ledger.Out{{Lot: ledger.LotID{Seq: 999}}}
			return true
		},
		"a ripe lot not there": func(r *record.Record) bool {
			r.Facts.Ripe = []ledger.LotID{{Seq: 999}}
			return len(r.Facts.Out) > 0
		},
		"more left than there was": func(r *record.Record) bool {
			if len(r.Facts.Out) == 0 {
				return false
			}
			r.Facts.Out = slices.Clone(r.Facts.Out)
			r.Facts.Out[0].Rest = demurrage.Wide{Hi: 1 << 40}
			return true
		},
		"a redemption not there": func(r *record.Record) bool {
			_, ok := r.Command.(ledger.Settle)
			r.Command = ledger.Settle{}
			return ok
		},
	} {
		tried := 0
		for i := range w.records {
			spoilt := slices.Clone(w.records)
			r := *spoilt[i]
			if !spoil(&r) {
				continue
			}
			tried++
			spoilt[i] = &r
			if _, err := FromRecords(context.Background(), walk(spoilt), Always, Options{}); err == nil {
				t.Errorf("%s in entry %d was not noticed", name, r.Seq)
			}
		}
		if tried == 0 {
			t.Errorf("%s was not tried", name)
		}
	}
}

// spoilPay changes a payment, if the entry is one.
func spoilPay(r *record.Record, change func(*ledger.Pay)) bool {
	p, ok := r.Command.(ledger.Pay)
	if ok {
		change(&p)
		r.Command = p
	}
	return ok
}
