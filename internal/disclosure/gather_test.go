package disclosure

import (
	"math/big"
	"testing"

	"grulden/internal/node"
	"grulden/internal/report"
	"grulden/ledger"
)

var testRules = node.DefaultPublishing()

func TestPaymentsAreCountedByDirection(t *testing.T) {
	edge := func(from, to ledger.OwnerID, fromRole, toRole string, amount ledger.Cents, count int) report.Edge {
		return report.Edge{From: from, To: to, FromRole: fromRole, ToRole: toRole, Amount: amount, Count: count}
	}
	g := &gathered{}
	g.payments([]report.Edge{
		edge(1, 10, "resident", "merchant", 50_00, 2),
		edge(2, 10, "resident", "merchant", 30_00, 1),
		edge(10, 11, "merchant", "merchant", 20_00, 1),
		edge(11, 1, "merchant", "resident", 5_00, 1),
		edge(1, 2, "resident", "resident", 1_00, 1),
		edge(1, 12, "resident", "club", 4_00, 1),
	})
	want := map[string]struct {
		value      int64
		from, to   int
		top, toTop int64
	}{
		"volume":               {110, 4, 5, 55, 80},
		"paid_residents_shops": {80, 2, 1, 50, 80},
		"paid_shops_shops":     {20, 1, 1, 20, 20},
		"paid_shops_residents": {5, 1, 1, 5, 5},
		"paid_residents":       {1, 1, 1, 1, 1},
		"paid_other":           {4, 1, 1, 4, 4},
		"paid_to_shops":        {100, 3, 2, 50, 80},
		"payments":             {7, 4, 5, 4, 3},
	}
	seen := 0
	for _, c := range g.cells {
		w, ok := want[c.Key]
		if !ok {
			continue
		}
		seen++
		from, to := c.Sides[0], c.Sides[1]
		if c.Value.Cmp(number(w.value)) != 0 || from.Owners != w.from || to.Owners != w.to ||
			from.Top[0].Cmp(number(w.top)) != 0 || to.Top[0].Cmp(number(w.toTop)) != 0 {
			t.Errorf("%s: %v by %d to %d, the largest %v and %v", c.Key, c.Value, from.Owners, to.Owners, from.Top[0], to.Top[0])
		}
	}
	if seen != len(want) {
		t.Errorf("%d of %d sums", seen, len(want))
	}
	sum := new(big.Rat)
	for _, i := range g.relations[0].Parts {
		sum.Add(sum, g.cells[i].Value)
	}
	if sum.Cmp(g.cells[g.relations[0].Total].Value) != 0 {
		t.Errorf("the directions are %v together", sum)
	}
}
