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
