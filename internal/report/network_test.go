package report

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"grulden/demurrage"
	"grulden/ledger"
)

// cells reads a table as "row/column" → the value as a fraction.
func cells(t Table) map[string]string {
	all := make(map[string]string)
	for _, row := range t.Rows {
		for i, cell := range row.Cells {
			value := "-"
			if cell.Value != nil {
				value = cell.Value.RatString()
			}
			all[row.Key+"/"+t.Columns[i].Key] = value
		}
	}
	return all
}

func expectCells(t *testing.T, r *Report, key string, want map[string]string) {
	t.Helper()
	got := cells(table(t, r, key))
	for at, value := range want {
		if got[at] != value {
			t.Errorf("%s: %s is %q, want %s", key, at, got[at], value)
		}
	}
}

// example is the first economy of the examples, with A and B residents.
func example(t *testing.T) *wijk {
	p := still(5, 1)
	p.GraceDays = 0
	w := newWijk(t, "2026-01-05", p)
	w.open("a", "b", "C", "D", "E")
	w.issue(0, "a", 100)
	w.issue(0, "b", 60)
	w.pay(3, "a", "C", 40, "3")
	w.pay(6, "b", "C", 20, "4")
	w.pay(10, "C", "D", 30, "5")
	w.pay(12, "D", "a", 30, "6")
	w.pay(15, "a", "b", 50, "7")
	w.pay(24, "b", "a", 20, "9")
	w.pay(25, "C", "E", 10, "10")
	return w
}

// TestTheNetworkTablesOfTheExample: the figures that two other programs computed
// for the same payments, see internal/network.
func TestTheNetworkTablesOfTheExample(t *testing.T) {
	r := example(t).report(0, 29)
	expectCells(t, r, "network", map[string]string{
		"circulating/volume": "150", "circulating/share": "3/4", "one_way/share": "1/4", "imbalance/share": "1/5",
		"mutual/share": "1/5", "cycles_2/volume": "40", "cycles_3/volume": "90", "cycles_4/volume": "0", "cycles_5/volume": "0",
		"core/volume": "190", "core/share": "19/20",
	})
	expectCells(t, r, "network_shape", map[string]string{
		"nodes/count": "5", "core_nodes/share": "4/5", "edges/count": "7", "mutual_edges/count": "2", "mutual_edges/share": "2/7",
		"partners/correlation": "-5/7", "partners/count": "-",
	})
	expectCells(t, r, "concentration", map[string]string{
		"everybody/receivers": "5", "everybody/largest": "3/10", "everybody/three": "4/5", "everybody/hhi": "6/25",
		"shops/received": "100", "shops/largest": "3/5", "shops/three": "1", "shops/hhi": "23/50", // 60, 30, 10
	})
	expectCells(t, r, "gini", map[string]string{
		"received_all/gini": "6/25", "received_all/owners": "5",
		"paid/owners":         "4",    // 90, 40, 40, 30
		"paid/gini":           "9/40", // 2·(30 + 80 + 120 + 360) / (4·200) − 5/4
		"received_shops/gini": "1/3",  // 2·(10 + 60 + 180) / 300 − 4/3
		// a has 60, b 70, C 20, E 10 and D nothing
		"held/owners": "4", "held/gini": "11/32", // 2·(10 + 40 + 180 + 280) / (4·160) − 5/4
		"held_residents/owners": "2", "held_residents/gini": "1/26",
		"held_shops/owners": "2", "held_shops/gini": "1/6",
	})
	if s := table(t, r, "gini").Sentence.NL; !strings.Contains(s, "Gini van wat zij kregen 0,333: 0 is gelijk") {
		t.Error(s)
	}
	if s := table(t, r, "network").Sentence; s.NL != "Van elke 100 Grulden die betaald is, kan hoogstens 75 rond zijn gegaan." {
		t.Error(s.NL)
	}
}

// TestWhatSomebodyHoldsIsOnAllTheirAccounts: one of b's accounts has 10 and the other
// 20, so b has as much as a, but for a grain of rounding; what c was left with has
// melted to less than a cent.
func TestWhatSomebodyHoldsIsOnAllTheirAccounts(t *testing.T) {
	p := ledger.DefaultPolicy()
	p.GraceDays, p.Every = 0, demurrage.Daily
	w := newWijk(t, "2026-01-05", p)
	w.open("a", "b", "b/2", "c")
	w.do(0, ledger.Issue{To: w.names.Account("c"), Amount: 1})
	for to, euros := range map[string]ledger.Cents{"a": 30, "b": 10, "b/2": 20} {
		w.issue(40, to, euros)
	}
	expectCells(t, w.report(0, 40), "gini", map[string]string{
		"held/owners": "2", "held/gini": "1/12000000002", "held_residents/owners": "2", "held_shops/owners": "0", "held_shops/gini": "-", "received/owners": "0",
	})
	expectCells(t, w.report(0, 0), "gini", map[string]string{"held/owners": "1", "held/gini": "0"})
}

// TestMoneyBetweenKindsOfBusiness: C told that it sells food, D that it mends, E
// told nothing.
//
//	residents → residents 70   residents → food 60   food → repair 30
//	repair → residents 30      food → untold 10
func TestMoneyBetweenKindsOfBusiness(t *testing.T) {
	w := example(t)
	p := Period{w.zero, w.zero + 29}
	kinds := map[ledger.OwnerID]string{w.names.Owner("C"): "food", w.names.Owner("D"): "repair", w.names.Owner("E"): "", w.names.Owner("a"): "care"}
	r, err := FromRecords(t.Context(), walk(w.records), p, Options{Today: p.To, Sectors: kinds})
	if err != nil {
		t.Fatal(err)
	}
	flow := table(t, r, "sector_flow")
	var keys []string
	for _, row := range flow.Rows {
		keys = append(keys, row.Key)
	}
	if got := strings.Join(keys, " "); got != "residents>residents residents>food food>repair food>untold repair>residents" {
		t.Error(got)
	}
	expectCells(t, r, "sector_flow", map[string]string{
		"residents>residents/volume": "70", "residents>food/volume": "60", "residents>food/payments": "2", "residents>food/share": "3/10",
		"food>repair/volume": "30", "repair>residents/volume": "30", "food>untold/volume": "10",
	})
	expectCells(t, r, "sectors", map[string]string{
		"food/received": "60", "food/paid": "40", "food/shops": "1", "food/payments": "2", "food/share": "3/5",
		"repair/received": "30", "repair/paid": "30", "untold/received": "10", "untold/paid": "0", "untold/share": "1/10",
	})
	if s := table(t, r, "sectors").Sentence; s.EN != "Of every 100 Grulden that shops got, 40 came from another shop." {
		t.Error(s.EN)
	}
	if row := flow.Rows[1]; row.From.NL != "van: bewoners" || row.To.NL != "naar: winkel met eten en drinken" {
		t.Errorf("%v, %v", row.From, row.To)
	}
}

// TestACellNamesTheMostExposedOnBothSides: of what residents paid a and b made 40
// and 20, and C alone got it. So it is made of one owner, who made all of it.
func TestACellNamesTheMostExposedOnBothSides(t *testing.T) {
	r := example(t).report(0, 29)
	row := table(t, r, "sector_flow").Rows[1]
	if c := row.Cells[0]; row.Key != "residents>untold" {
		t.Errorf("the second row is %s", row.Key)
	} else if c.Owners != 1 || c.Top[0].Cmp(big.NewRat(60, 1)) != 0 || c.Top[1].Sign() != 0 {
		t.Errorf("%d owners, %v and %v", c.Owners, c.Top[0], c.Top[1])
	}
	if share := row.Cells[2]; share.Top[0].Cmp(big.NewRat(60, 200)) != 0 {
		t.Errorf("the largest has a share of %v", share.Top[0])
	}
	for _, row := range table(t, r, "concentration").Rows {
		if c := row.Cells; c[2].Owners != 1 || c[3].Owners != 3 {
			t.Errorf("%s: the largest is told of %d, three of %d", row.Key, c[2].Owners, c[3].Owners)
		}
	}
}

// TestTheFlowsBetweenGroupsAddUpToTheVolume, and what kinds of business got is
// what shops got, in any history.
func TestTheFlowsBetweenGroupsAddUpToTheVolume(t *testing.T) {
	for seed := range uint64(20) {
		r := reportOn(t, history(t, seed, 150, names{}), Always, 0)
		sum, shops := new(big.Rat), new(big.Rat)
		for _, row := range table(t, r, "sector_flow").Rows {
			sum.Add(sum, row.Cells[0].Value)
			for _, c := range row.Cells {
				if c.Owners < 1 || c.Top[0] != nil && c.Top[0].Cmp(c.Value) > 0 {
					t.Fatalf("seed %d: %s has %d owners, the largest with %v of %v", seed, row.Key, c.Owners, c.Top[0], c.Value)
				}
			}
		}
		if sum.Cmp(ofCents(r.Volume)) != 0 {
			t.Fatalf("seed %d: %v is not %v", seed, sum, r.Volume)
		}
		for _, row := range table(t, r, "sectors").Rows {
			shops.Add(shops, row.Cells[0].Value)
		}
		if want := ofCents(r.paid(toShop).sum); shops.Cmp(want) != 0 {
			t.Fatalf("seed %d: kinds of business got %v, shops %v", seed, shops, want)
		}
	}
}

// TestTheTablesOfKindsAreThoseOfAListOfPayments: each shop of a random history
// tells a kind by chance, and the flows are added up one edge at a time.
func TestTheTablesOfKindsAreThoseOfAListOfPayments(t *testing.T) {
	for seed := range uint64(10) {
		r := reportOn(t, history(t, seed, 150, names{}), Always, 0)
		rng := rand.New(rand.NewPCG(seed, 4))
		r.sectors = map[ledger.OwnerID]string{}
		for _, e := range r.edges {
			r.sectors[e.From] = []string{"food", "care", "", "smuggling"}[rng.IntN(4)]
		}
		want, got := map[string]ledger.Cents{}, map[string]ledger.Cents{}
		for _, e := range r.edges {
			from, to := kindByHand(r, e.From, e.FromRole), kindByHand(r, e.To, e.ToRole)
			want[from+">"+to] += e.Amount
			got[to] += e.Amount
		}
		rows := table(t, r, "sector_flow").Rows
		if len(rows) != len(want) {
			t.Fatalf("seed %d: %d flows, want %d", seed, len(rows), len(want))
		}
		for _, row := range rows {
			if row.Cells[0].Value.Cmp(ofCents(want[row.Key])) != 0 {
				t.Errorf("seed %d: %s is %v, want %v", seed, row.Key, row.Cells[0].Value, want[row.Key])
			}
		}
		for _, row := range table(t, r, "sectors").Rows {
			if row.Cells[0].Value.Cmp(ofCents(got[row.Key])) != 0 {
				t.Errorf("seed %d: %s got %v, want %v", seed, row.Key, row.Cells[0].Value, got[row.Key])
			}
		}
	}
}

func kindByHand(r *Report, owner ledger.OwnerID, role string) string {
	kind := r.sectors[owner]
	switch {
	case role == "resident":
		return "residents"
	case role != "merchant":
		return "others"
	case kind == "food" || kind == "care":
		return kind
	}
	return "untold"
}

// TestTheWordsOfTheNetworkAreShort: no sentence that stands beside a figure has
// more words than the pages allow themselves.
func TestTheWordsOfTheNetworkAreShort(t *testing.T) {
	for key, w := range networkTexts {
		for _, text := range []string{w.label.NL, w.definition.NL} {
			for sentence := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(".:?!", r) }) {
				if n := len(strings.Fields(sentence)); n > 20 {
					t.Errorf("%s: a sentence of %d words: %s", key, n, sentence)
				}
			}
		}
	}
}

// TestAPeriodWithoutPaymentsHasTablesWithoutNumbers: a divisor of nought is no
// reason to fail.
func TestAPeriodWithoutPaymentsHasTablesWithoutNumbers(t *testing.T) {
	r := example(t).report(0, 2)
	expectCells(t, r, "network", map[string]string{"circulating/volume": "0", "circulating/share": "-"})
	expectCells(t, r, "concentration", map[string]string{"shops/receivers": "0", "shops/hhi": "-"})
	expectCells(t, r, "gini", map[string]string{"received/gini": "-"})
	if s := table(t, r, "network").Sentence.EN; !strings.Contains(s, "at most – can have gone round") {
		t.Error(s)
	}
}

func TestTheKeeperAsksForTheKindsOfBusiness(t *testing.T) {
	w, d := example(t), newDisk(t)
	d.take(w.records)
	k := d.keeper()
	k.Ask(func() (map[ledger.OwnerID]string, error) {
		return map[ledger.OwnerID]string{w.names.Owner("C"): "food"}, nil
	})
	r, err := k.Report(t.Context(), Always, Options{})
	if err != nil {
		t.Fatal(err)
	}
	expectCells(t, r, "sectors", map[string]string{"food/received": "60", "untold/received": "40"})
	r, err = k.Report(t.Context(), Always, Options{Sectors: map[ledger.OwnerID]string{w.names.Owner("D"): "care"}})
	if err != nil {
		t.Fatal(err)
	}
	expectCells(t, r, "sectors", map[string]string{"care/received": "30", "untold/received": "70"})
	broken := errors.New("the disk is broken")
	k.Ask(func() (map[ledger.OwnerID]string, error) { return nil, broken })
	if _, err := k.Report(t.Context(), Always, Options{}); !errors.Is(err, broken) {
		t.Errorf("%v, want %v", err, broken)
	}
}
