package report

import (
	"math/big"
	"strings"
	"testing"
)

// table finds one of a report's tables.
func table(t testing.TB, r *Report, key string) Table {
	t.Helper()
	for _, table := range r.Tables() {
		if table.Key == key {
			return table
		}
	}
	t.Fatalf("there is no table %s", key)
	return Table{}
}

func TestEveryTableHasItsWordsAndACellForEachColumn(t *testing.T) {
	seen := map[string]bool{}
	for _, table := range small(t).Tables() {
		if seen[table.Key] || table.Version == 0 || len(table.Rows) == 0 {
			t.Errorf("%s stands there twice, has no version or no rows", table.Key)
		}
		seen[table.Key] = true
		words := []Text{table.Title, table.Sentence, table.Definition, table.Caveat}
		for _, c := range table.Columns {
			words = append(words, c.Label)
			if c.Factor == 0 {
				t.Errorf("%s: column %s has no factor", table.Key, c.Key)
			}
		}
		for _, row := range table.Rows {
			if len(row.Cells) != len(table.Columns) {
				t.Errorf("%s: row %s has %d cells for %d columns", table.Key, row.Key, len(row.Cells), len(table.Columns))
			}
			words = append(words, row.Label)
		}
		for _, text := range words {
			if text.NL == "" || text.EN == "" || strings.ContainsAny(text.NL+text.EN, "{}") {
				t.Errorf("%s: %q, %q", table.Key, text.NL, text.EN)
			}
		}
	}
}

// TestAChartDrawsWhatItsTableIsAbout: a Gini, and not how many it is of; the
// numbers of a row in the chart are those of the same columns in the table.
func TestAChartDrawsWhatItsTableIsAbout(t *testing.T) {
	want := map[string]string{
		"over_time": "stock_mean volume payments velocity issued redeemed demurrage", "money_flow": "amount",
		"hops": "volume", "life": "held", "to_convertible": "by_hops by_age", "exit_hops": "redeemed", "exit_age": "redeemed",
		"redemption_lag": "redeemed", "holding": "ended held", "holding_by_role": "mean age",
		"cohorts": "after_0 after_1 after_3 after_6 after_12", "groups": "held_mean paid received melted_share velocity",
		"stuck": "shops kept", "pressure": "more shops held all", "never_spent": "never held", "network": "volume", "network_shape": "share",
		"concentration": "largest three", "gini": "gini", "sectors": "received paid", "sector_flow": "volume", "retention": "again_1",
	}
	for _, table := range small(t).Tables() {
		drawn := table.Drawn()
		var keys []string
		for _, c := range drawn.Columns {
			keys = append(keys, c.Key)
		}
		if got := strings.Join(keys, " "); got != want[table.Key] {
			t.Errorf("%s draws %s, want %s", table.Key, got, want[table.Key])
		}
		for i, row := range drawn.Rows {
			at := 0
			for j, c := range table.Columns {
				if !c.Aside {
					if row.Cells[at] != table.Rows[i].Cells[j] {
						t.Errorf("%s: row %s draws another number as %s", table.Key, row.Key, c.Key)
					}
					at++
				}
			}
			if len(row.Cells) != at {
				t.Errorf("%s: row %s draws %d numbers of %d", table.Key, row.Key, len(row.Cells), at)
			}
		}
	}
}

func TestTheHopsAddUpToTheVolume(t *testing.T) {
	for seed := range uint64(20) {
		r := reportOn(t, history(t, seed, 150, names{}), Always, 0)
		sum := new(big.Rat)
		for _, row := range table(t, r, "hops").Rows {
			sum.Add(sum, row.Cells[0].Value)
		}
		if sum.Cmp(ofCents(r.Volume)) != 0 {
			t.Fatalf("seed %d: %v is not %v", seed, sum, r.Volume)
		}
	}
}
