package report

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// derived are the figures that are worked out from others, by their keys.
var derived = []string{
	"velocity_income", "inverse_velocity", "effective_stock", "effective_share", "moved_share", "lm3", "pass_on", "leakage",
	"demurrage_yield",
}

// wantDerived compares them; percents are of a hundred, and empty is no value.
func wantDerived(t *testing.T, r *Report, want ...string) {
	t.Helper()
	var got []string
	for _, key := range derived {
		i := slices.IndexFunc(r.Lines(), func(l Line) bool { return l.Key == key })
		if i < 0 {
			t.Fatalf("there is no %s", key)
		}
		l := r.Lines()[i]
		got = append(got, l.Exact)
		if key != "effective_stock" && l.Caveat == (Text{}) {
			t.Errorf("%s does not say what it does not show", key)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("derived are %q, want %q", got, want)
	}
}

// TestFiguresOfOthersAreWorkedOutByHand: in the street 120 are paid in 14 days, 110 of
// them to shops, after 350 coin-days; 160 are issued and 30 become euros; the stock
// of all days is 2090.
func TestFiguresOfOthersAreWorkedOutByHand(t *testing.T) {
	wantDerived(
		t, street(t).report(0, 13),
		"365/19", "876/7", "25", "3500/209", "300/13", "27/16", "80", "5", "0",
	)
	t.Run("where nothing is paid there is no value but nought", func(t *testing.T) {
		wantDerived(t, street(t).report(0, 1), "0", "", "", "", "0", "1", "", "", "0")
	})
}

// TestFiguresOfOthersFollowFromTheCounted in random histories: from the other lines,
// from who paid whom, and from the table of what is held.
func TestFiguresOfOthersFollowFromTheCounted(t *testing.T) {
	for seed := range uint64(15) {
		records := history(t, seed, 160, names{})
		for _, p := range periods(records, rand.New(rand.NewPCG(seed, 5))) {
			r := reportOn(t, records, p, p.To)
			f := exact(t, r)
			volume, redeemed := f["volume"], new(big.Rat).Add(f["redeemed"], f["redemption_fees"])
			days := whole(r.Period.Days())
			held := new(big.Rat).Mul(f["stock_mean"], days)
			life := table(t, r, "life")
			moved, known := new(big.Rat), new(big.Rat)
			for i, row := range life.Rows {
				if row.Key == "by_age" {
					continue
				}
				known.Add(known, row.Cells[0].Value)
				if i > 0 {
					moved.Add(moved, row.Cells[0].Value)
				}
			}
			sales := ofCents(r.paid(toShop).sum)
			for key, want := range map[string][2]*big.Rat{ // a fraction each
				"velocity_income": {new(big.Rat).Mul(sales, whole(365)), held},
				"moved_share":     {moved.Mul(moved, whole(100)), known},
				"lm3":             {r.firstHops(f["issued"]), f["issued"]},
				"pass_on":         {new(big.Rat).Mul(volume, whole(100)), new(big.Rat).Add(volume, redeemed)},
				"leakage":         {new(big.Rat).Add(volume, redeemed), redeemed},
				"demurrage_yield": {new(big.Rat).Mul(f["fund_demurrage"], whole(36500)), held},
			} {
				if w := over(want[0], want[1]); (w == nil) != (f[key] == nil) || w != nil && w.Cmp(f[key]) != 0 {
					t.Fatalf("seed %d, %v to %v: %s is %v, want %v", seed, p.From, p.To, key, f[key], w)
				}
			}
			if h := f["holding_mean"]; h != nil {
				if got := new(big.Rat).Mul(f["inverse_velocity"], h); got.Cmp(whole(365)) != 0 {
					t.Fatalf("seed %d: h × 1/h is %v days", seed, got)
				}
				share := new(big.Rat).Mul(f["velocity"], h) // V·T·h / (M·T), an exact identity
				if share.Mul(share, big.NewRat(100, 365)); share.Cmp(f["effective_share"]) != 0 {
					t.Fatalf("seed %d: the effective share is %v, want %v", seed, f["effective_share"], share)
				}
			}
		}
	}
}

// exact are the exact values of all lines by their keys, nil for none.
func exact(t *testing.T, r *Report) map[string]*big.Rat {
	t.Helper()
	all := make(map[string]*big.Rat)
	for _, l := range r.Lines() {
		if l.Exact == "" {
			continue
		}
		value, ok := new(big.Rat).SetString(l.Exact)
		if !ok {
			t.Fatalf("%s is %q", l.Key, l.Exact)
		}
		all[l.Key] = value
	}
	return all
}

// TestABriefReportHasEveryTableThatAsksNotWhom, and the others only the whole one.
func TestABriefReportHasEveryTableThatAsksNotWhom(t *testing.T) {
	records := history(t, 1, 160, names{})
	brief, err := FromRecords(t.Context(), walk(records), Always, Options{Brief: true})
	if err != nil {
		t.Fatal(err)
	}
	whole := reportOn(t, records, Always, 0)
	for _, key := range TableKeys() {
		if got, want := len(brief.Tables(key)) == 1, !AskWhom(key); got != want {
			t.Errorf("a brief report has %s: %v, want %v", key, got, want)
		}
		if len(whole.Tables(key)) != 1 {
			t.Errorf("a whole report has no %s", key)
		}
	}
}

// TestWhoIsBehindChangesNoNumber: a report that knows it has the same values as one
// that does not.
func TestWhoIsBehindChangesNoNumber(t *testing.T) {
	for seed := range uint64(6) {
		records := history(t, seed, 120, names{})
		for _, p := range periods(records, rand.New(rand.NewPCG(seed, 5))) {
			known := reportOn(t, records, p, p.To)
			plain, err := FromRecords(t.Context(), walk(records), p, Options{Today: p.To})
			if err != nil {
				t.Fatal(err)
			}
			want, got := known.Tables(), plain.Tables()
			for i := range want {
				for j, row := range want[i].Rows {
					for k, c := range row.Cells {
						if have := got[i].Rows[j].Cells[k].Value; (have == nil) != (c.Value == nil) || have != nil && have.Cmp(c.Value) != 0 {
							t.Fatalf("seed %d: %s, %s, column %d is %v, with owners %v", seed, want[i].Key, row.Key, k, have, c.Value)
						}
					}
				}
			}
		}
	}
}
