package circulation

import (
	"context"
	"maps"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"

	"grulden/internal/report"
)

// every is all rules, in the order of the expected values.
var every = []Rule{FIFO, LIFO, Mixed}

func analyse(t testing.TB, list string, o Options) *Result {
	t.Helper()
	r, err := Analyse(context.Background(), strings.NewReader(list), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func example(t testing.TB, name string, o Options) *Result {
	t.Helper()
	list, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return analyse(t, string(list), o)
}

// exact is figures by their keys, as fractions; shares are not in per cent.
func exact(lines []report.Line) map[string]string {
	all := make(map[string]string)
	for _, l := range lines {
		value, ok := new(big.Rat).SetString(l.Exact)
		if !ok {
			all[l.Key] = "-"
			continue
		}
		if l.Unit == percent.unit {
			value.Quo(value, big.NewRat(100, 1))
		}
		all[l.Key] = value.RatString()
	}
	return all
}

// expect compares figures with lines of "key value". Hops that are not listed
// must be nought.
func expect(t *testing.T, lines []report.Line, want string) {
	t.Helper()
	got := exact(lines)
	listed := make(map[string]bool)
	for _, line := range strings.Split(strings.TrimSpace(want), "\n") {
		key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		listed[key] = true
		if got[key] != value {
			t.Errorf("%s is %q, want %q", key, got[key], value)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		for _, hops := range []string{"hop_volume_", "exit_hops_", "rest_hops_"} {
			if strings.HasPrefix(key, hops) && !listed[key] {
				t.Errorf("%s is %s, want nought", key, got[key])
			}
		}
	}
}

// TestTheFirstWorkedExampleIsReproduced: eleven rows in thirty days. Each value
// was computed by two other programs, first and last in first out by hand, too.
func TestTheFirstWorkedExampleIsReproduced(t *testing.T) {
	r := example(t, "exA.csv", Options{To: "30", Rules: every, Network: true})
	expect(t, r.Lines(), `
		days 30
		issued 160
		redeemed 50
		demurrage 0
		outstanding 110
		volume 200
		M_avg 451/3
		V_period 600/451
		V_year 7300/451
		forwarding_r 4/5
		leak_multiplier 5
		pass_on_share 3/4
		pass_on_multiplier 4
		realised_multiplier 9/4
		vol_per_issued 5/4
		retention_end 11/16
		user_retention 3/4
		edges 7
		nodes 5
		recip_binary 2/7
		recip_weighted 1/5
		scc_largest_nodes 4
		scc_largest_node_share 4/5
		vol_inside_largest_scc 19/20
		vol_inside_any_scc 19/20
		cycle_vol_2 40
		cycle_vol_3 90
		cycle_vol_4 0
		cycle_vol_5 0
		cycle_share_le5 13/20
		max_circular_share 3/4
		net_imbalance_share 1/5
		gini_balance 32/55
		gini_held 10/33
		gini_income 6/25
		accounts 5`)
	if got := r.Balances; !slices.EqualFunc(got, []int64{60, 40, 0, 0, 10}, func(b *big.Rat, n int64) bool { return b.Cmp(big.NewRat(n, 1)) == 0 }) {
		t.Errorf("the balances are %v", got)
	}
	expect(t, r.PathLines(r.Paths[0]), `
		mean_hold_days 193/20
		V_inv_period 600/193
		M_eff 193/3
		M_eff_frac 193/451
		hop_volume_1 130
		hop_volume_2 40
		hop_volume_3 30
		LM3 33/16
		exit_hops_0 20
		exit_hops_1 30
		mean_hops_exit 3/5
		mean_age_exit 121/5
		share_exit_ge5 0
		rest_hops_0 10
		rest_hops_1 60
		rest_hops_2 10
		rest_hops_3 30
		share_rest_ge5 0
		med_hold 7`)
	expect(t, r.PathLines(r.Paths[1]), `
		mean_hold_days 31/5
		V_inv_period 150/31
		M_eff 124/3
		M_eff_frac 124/451
		hop_volume_1 80
		hop_volume_2 40
		hop_volume_3 30
		hop_volume_4 30
		hop_volume_5 20
		LM3 7/4
		exit_hops_1 40
		exit_hops_4 10
		mean_hops_exit 8/5
		mean_age_exit 121/5
		share_exit_ge5 0
		rest_hops_0 80
		rest_hops_2 10
		rest_hops_5 20
		share_rest_ge5 2/11
		med_hold 3`)
	expect(t, r.PathLines(r.Paths[2]), `
		mean_hold_days 233/30
		V_inv_period 900/233
		M_eff 466/9
		M_eff_frac 466/1353
		hop_volume_1 920/9
		hop_volume_2 1280/27
		hop_volume_3 30
		hop_volume_4 50/3
		hop_volume_5 100/27
		LM3 209/108
		exit_hops_0 40/3
		exit_hops_1 280/9
		exit_hops_4 50/9
		mean_hops_exit 16/15
		mean_age_exit 121/5
		share_exit_ge5 0
		rest_hops_0 400/9
		rest_hops_1 640/27
		rest_hops_2 470/27
		rest_hops_3 40/3
		rest_hops_4 200/27
		rest_hops_5 100/27
		med_hold 6`)
}

// TestTheSecondWorkedExampleIsReproduced: one percent melts on days 30 and 60,
// and the second is the last moment of the list, so it counts.
func TestTheSecondWorkedExampleIsReproduced(t *testing.T) {
	r := example(t, "exB.csv", Options{Rules: every, Network: true})
	expect(t, r.Lines(), `
		days 60
		issued 100
		redeemed 0
		demurrage 199/100
		outstanding 9801/100
		volume 70
		M_avg 199/2
		V_period 140/199
		V_year 2555/597
		forwarding_r 7000/7199
		leak_multiplier 7199/199
		redeem_multiplier -
		pass_on_share 1
		realised_multiplier 17/10
		vol_per_issued 7/10
		retention_end 9801/10000
		demurrage_yield 1/50
		edges 2
		nodes 2
		recip_binary 1
		recip_weighted 4/7
		scc_largest_nodes 2
		scc_largest_node_share 1
		vol_inside_largest_scc 1
		vol_inside_any_scc 1
		cycle_vol_2 40
		cycle_vol_3 0
		cycle_share_le5 4/7
		max_circular_share 4/7
		net_imbalance_share 3/7
		gini_balance 20/99
		gini_income 3/14`)
	const same = `
		mean_hold_days 135/7
		V_inv_period 28/9
		M_eff 45/2
		M_eff_frac 45/199
		hop_volume_1 50
		hop_volume_2 20
		LM3 17/10
		mean_age_exit 8940/199
		share_exit_ge5 0
		med_hold 15`
	for i, differ := range []string{`
		exit_hops_0 239/200
		exit_hops_1 159/200
		mean_hops_exit 159/398
		rest_hops_0 9761/200
		rest_hops_1 5841/200
		rest_hops_2 20`, `
		exit_hops_0 1/2
		exit_hops_1 159/200
		exit_hops_2 139/200
		mean_hops_exit 437/398
		rest_hops_0 99/2
		rest_hops_1 5841/200
		rest_hops_2 3861/200`, `
		exit_hops_0 199/200
		exit_hops_1 159/200
		exit_hops_2 1/5
		mean_hops_exit 239/398
		rest_hops_0 9801/200
		rest_hops_1 5841/200
		rest_hops_2 99/5`} {
		expect(t, r.PathLines(r.Paths[i]), same+differ)
	}
}

// TestIncomeVelocityCountsSalesOnly: of the first example only two rows are
// final purchases, 60 coins: 60 / (451/3).
func TestIncomeVelocityCountsSalesOnly(t *testing.T) {
	list, err := os.ReadFile("testdata/exA.csv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(list)), "\n")
	for i := range lines {
		lines[i] += "," + map[int]string{0: "purpose", 3: "sale", 4: "sale", 5: "wages"}[i]
	}
	r := analyse(t, strings.Join(lines, "\n"), Options{To: "30", Sale: "sale"})
	expect(t, r.Lines(), "income_volume 60\nincome_velocity_period 180/451\nvolume 200")
	if _, told := exact(example(t, "exA.csv", Options{To: "30"}).Lines())["income_volume"]; told {
		t.Error("sales are counted though nobody says which they are")
	}
}

// TestMultipliersOfThePaperExamples: LM3 of 10 000 of which 6 000 and then 3 000
// stay, and the sums that a French group prints as 369, 125 and 480.
func TestMultipliersOfThePaperExamples(t *testing.T) {
	if got := LM3(big.NewRat(10_000, 1), big.NewRat(6_000, 1), big.NewRat(3_000, 1)); got.RatString() != "19/10" {
		t.Errorf("LM3 is %v, want 1.9", got)
	}
	if got := LM3(new(big.Rat), big.NewRat(1, 1), big.NewRat(1, 1)); got != nil {
		t.Errorf("LM3 of nothing is %v", got)
	}
	for _, c := range []struct {
		share int64 // per cent
		terms int
		want  string
	}{{80, 6, "368.928"}, {20, 6, "124.992"}, {98, 5, "480.396"}} {
		if got := Rounds(big.NewRat(100, 1), big.NewRat(c.share, 100), c.terms).FloatString(3); got != c.want {
			t.Errorf("100 at %d %% in %d terms are %s, want %s", c.share, c.terms, got, c.want)
		}
	}
}

// TestBenchmarksOfOthersAreOurFormulas: the Chiemgauer's 2009 in the terms of
// the report: paid 4.0 million, redeemed 1 239 260, issued 1 304 994.
func TestBenchmarksOfOthersAreOurFormulas(t *testing.T) {
	r := analyse(t, `day,type,source,target,amount
0,issue,x,a,1304994
1,transfer,a,b,1304994
2,transfer,b,a,1304994
3,transfer,a,b,1304994
4,transfer,b,a,85018
5,redeem,b,x,1219976
6,redeem,a,x,19284
365,issue,x,a,0.01
`, Options{})
	got := exact(r.Lines())
	for key, want := range map[string]string{"pass_on_multiplier": "3.23", "vol_per_issued": "3.07"} {
		value, _ := new(big.Rat).SetString(got[key])
		if value.FloatString(2) != want {
			t.Errorf("%s is %s, want %s", key, value.FloatString(4), want)
		}
	}
}
