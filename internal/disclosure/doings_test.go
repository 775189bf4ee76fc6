package disclosure

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"grulden/internal/node"
	"grulden/internal/report"
	"grulden/ledger"
)

var testRules = node.DefaultPublishing()

func (w *wijk) doings(p report.Period) *doings {
	w.t.Helper()
	var d *doings
	err := w.Read(func(v *node.View) (err error) {
		d, err = doingsOf(w.t.Context(), v, p)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

func (p parts) sum() *big.Int {
	sum := new(big.Int)
	for _, amount := range p {
		sum.Add(sum, amount)
	}
	return sum
}

func TestWhatOwnersDidAddsUpToTheReport(t *testing.T) {
	w := newWijk(t, 12, 5)
	r := rand.New(rand.NewPCG(11, 1))
	w.quarter(r, 3)
	p := w.quarter(r, 2)
	w.quarter(r, 4) // after the period
	k, err := report.OpenKeeper(w.Node)
	if err != nil {
		t.Fatal(err)
	}
	figures, err := k.Report(t.Context(), p, report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := w.doings(p)
	if got := d.issued.sum().Int64(); got != int64(figures.Issued) || got == 0 {
		t.Errorf("issued to owners %d, in the report %v", got, figures.Issued)
	}
	if got := d.asked.sum().Int64(); got != int64(figures.Requested) || len(d.asked) != 2 {
		t.Errorf("asked by %d owners: %d, in the report %v", len(d.asked), got, figures.Requested)
	}
	if len(d.held) != 3 {
		t.Fatalf("%d months", len(d.held))
	}
	held := new(big.Rat).SetFrac(d.held[2].sum(), ledger.Cents(100).Worth().Big())
	if off := held.Sub(held, figures.StockEnd); off.Abs(off).Cmp(big.NewRat(1, 100)) > 0 {
		t.Errorf("what owners hold at the end is %v off the report's", off)
	}
}

func TestWhoHasTwoAccountsIsOneOwner(t *testing.T) {
	w := newWijk(t, 10, 2)
	p := report.Period{From: w.Today(), To: endOfMonth(w.Today())}
	w.do(ledger.Open{Account: 90, Owner: 1, Role: "resident"})
	w.do(ledger.Issue{To: 1, Amount: 30_00})
	w.do(ledger.Issue{To: 90, Amount: 30_00})
	w.do(ledger.Issue{To: 2, Amount: 40_00})
	w.now = w.now.AddDate(0, 2, 0)
	d := w.doings(p)
	side := d.issued.side(big.NewRat(100, 1))
	if side.Owners != 2 || side.Top[0].Cmp(big.NewRat(60, 1)) != 0 || side.Top[1].Cmp(big.NewRat(40, 1)) != 0 {
		t.Errorf("%d owners, the largest %v and %v", side.Owners, side.Top[0], side.Top[1])
	}
	if len(d.held) != 1 || len(d.held[0]) != 2 {
		t.Errorf("held at the end of %d months, by %d", len(d.held), len(d.held[0]))
	}
	side = d.held[0].side(big.NewRat(50, 1)) // a mean: the shares stay
	if side.Top[0].Cmp(big.NewRat(30, 1)) != 0 {
		t.Errorf("of a mean of 50, the largest has %v", side.Top[0])
	}
}

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

// Of a part of a sum nobody knows who made it: whatever they did, the part is no
// worse than it is judged.
func TestAPartIsJudgedByTheWorstItCanBe(t *testing.T) {
	safe, unsafe := 0, 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 8))
		var whole, inPart []int64
		for range 5 + r.IntN(40) {
			x := 1 + r.Int64N(30)
			whole = append(whole, x)
			inPart = append(inPart, r.Int64N(x+1))
		}
		all, part := cellOf("all", whole...), cellOf("part", inPart...)
		worst := all.Sides[0].part(part.Value)
		if worst.Owners > part.Sides[0].Owners || worst.Top[0].Cmp(part.Sides[0].Top[0]) < 0 {
			t.Fatalf("seed %d: %+v is taken to be %+v", seed, part.Sides[0], worst)
		}
		if judge(testRules, part.Value, []Side{worst}) != Shown {
			unsafe++
			continue
		}
		safe++
		if why := judge(testRules, part.Value, part.Sides); why != Shown {
			t.Fatalf("seed %d: a part is shown, and is %s", seed, why)
		}
	}
	if safe < 20 || unsafe < 20 {
		t.Errorf("%d shown and %d hidden: too few to tell", safe, unsafe)
	}
	if none := (Side{}).part(number(3)); none.Owners != 0 {
		t.Errorf("%+v", none)
	}
}
