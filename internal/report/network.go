package report

import (
	"context"
	"math/big"
	"slices"
	"strconv"

	"grulden/internal/network"
	"grulden/ledger"
)

// networkMakers make the tables that tell how the payments of the period hang
// together, and in how few hands they end.
var networkMakers = []maker{
	{"network", (*Report).roundTable},
	{"network_shape", (*Report).shapeTable},
	{"concentration", (*Report).concentrationTable},
	{"gini", (*Report).giniTable},
	{"sectors", (*Report).sectorTable},
	{"sector_flow", (*Report).sectorFlowTable},
	{"retention", (*Report).retentionTable},
}

// network are the figures of the graph of payments, made once; nil where more was
// paid than can be counted twice.
func (r *Report) network() *network.Figures {
	if r.graph == nil {
		r.graph, _ = network.Of(context.Background(), r.nodes(), nil)
	}
	return r.graph
}

// nodes are the edges between owners, numbered in the order of their numbers in
// the ledger.
func (r *Report) nodes() []network.Edge {
	var all []ledger.OwnerID
	for _, e := range r.edges {
		all = append(all, e.From, e.To)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	edges := make([]network.Edge, len(r.edges))
	for i, e := range r.edges {
		from, _ := slices.BinarySearch(all, e.From)
		to, _ := slices.BinarySearch(all, e.To)
		edges[i] = network.Edge{From: from, To: to, Weight: int64(e.Amount)}
	}
	return edges
}

// side is what each owner added to a sum: as payer, or as receiver.
type side map[ledger.OwnerID]ledger.Cents

// largest are the two largest of a side.
func (s side) largest() (first, second ledger.Cents) {
	for _, amount := range s {
		if amount > first {
			first, second = amount, first
		} else {
			second = max(second, amount)
		}
	}
	return first, second
}

// flow is money that some paid others.
type flow struct {
	sum               ledger.Cents
	payments          int
	payers, receivers side
}

func (f *flow) add(e Edge) {
	if f.payers == nil {
		f.payers, f.receivers = side{}, side{}
	}
	f.sum += e.Amount
	f.payments += e.Count
	f.payers[e.From] += e.Amount
	f.receivers[e.To] += e.Amount
}

// cell is the sum. Its two sides made it together and each of them could be told
// about: so it has no more owners than the smaller side, and its largest are
// those of either.
func (f *flow) cell() Cell {
	first, second := f.payers.largest()
	third, fourth := f.receivers.largest()
	first, second = max(first, third), max(second, fourth)
	return Cell{
		Value: ofCents(f.sum), Owners: min(len(f.payers), len(f.receivers)),
		Top: [2]*big.Rat{ofCents(first), ofCents(min(second, f.sum-first))},
	}
}

// of is a cell as a share of a sum.
func (c Cell) of(sum ledger.Cents) Cell { return c.share(ofCents(sum)) }

// paid is the money on those edges that a filter lets through.
func (r *Report) paid(through func(Edge) bool) *flow {
	f := new(flow)
	for _, e := range r.edges {
		if through(e) {
			f.add(e)
		}
	}
	return f
}

// toShop tells whether a payment went to a shop.
func toShop(e Edge) bool { return e.ToRole == shopRole }

func everything(Edge) bool { return true }

// roundTable is how much of the volume can have gone round.
func (r *Report) roundTable() Table {
	f := r.network()
	if f == nil {
		return Table{}
	}
	t := r.table(
		"network", Bars,
		r.column("volume", Text{"Bedrag", "Amount"}, money, false),
		r.column("share", Text{"Deel van alles", "Share of all"}, percent, false).aside(),
	)
	owners := r.paid(everything).cell().Owners
	add := func(key string, amount int64, pairs ...string) {
		c := Cell{Value: ofCents(ledger.Cents(amount)), Owners: owners} // whose money it was nobody can say
		t.Rows = append(t.Rows, Row{Key: key, Label: networkTexts[key].label.fill(pairs...), Cells: []Cell{c, c.of(r.Volume)}})
	}
	add("circulating", f.Circulating)
	add("one_way", f.Volume-f.Circulating)
	add("imbalance", f.Imbalance)
	add("mutual", f.Mutual)
	for n := 2; n <= network.LongestCycle; n++ {
		add("cycles", f.Peeled[n], "{n}", strconv.Itoa(n))
		t.Rows[len(t.Rows)-1].Key += "_" + strconv.Itoa(n)
	}
	add("core", f.CoreVolume)
	return r.filled(t, "{share}", shownShare(f.CirculatingShare()))
}

// shapeTable is who can be reached along payments.
func (r *Report) shapeTable() Table {
	f := r.network()
	if f == nil {
		return Table{}
	}
	t := r.table(
		"network_shape", Bars,
		r.column("count", Text{"Aantal", "Number"}, count, false).aside(),
		r.column("share", Text{"Deel", "Share"}, percent, false),
		r.column("correlation", Text{"Samenhang (−1 tot 1)", "Correlation (−1 to 1)"}, index, false).aside(),
	)
	add := func(key string, n int, share, correlation *big.Rat) {
		cells := []Cell{{Value: whole(n), Owners: f.Nodes}, {Value: share, Owners: f.Nodes}, {Value: correlation, Owners: f.Nodes}}
		if key == "partners" {
			cells[0].Value = nil
		}
		t.Rows = append(t.Rows, Row{Key: key, Label: networkTexts[key].label, Cells: cells})
	}
	add("nodes", f.Nodes, nil, nil)
	add("core_nodes", f.CoreNodes, f.CoreNodeShare(), nil)
	add("edges", f.Edges, nil, nil)
	add("mutual_edges", f.MutualEdges, f.Reciprocity(), nil)
	add("partners", 0, nil, f.Assortativity)
	return r.filled(t, "{share}", shownShare(f.CoreNodeShare()))
}

// concentrationTable is in how few hands the volume ends.
func (r *Report) concentrationTable() Table {
	t := r.table(
		"concentration", Bars,
		r.column("receivers", Text{"Ontvangers", "Receivers"}, count, false).aside(),
		r.column("received", Text{"Ontvangen", "Received"}, money, false).aside(),
		r.column("largest", Text{"De grootste", "The largest"}, percent, false),
		r.column("three", Text{"De grootste drie", "The largest three"}, percent, false),
		r.column("hhi", Text{"HHI (0 tot 1)", "HHI (0 to 1)"}, index, false).aside(),
	)
	var three *big.Rat
	for _, to := range []struct {
		key     string
		through func(Edge) bool
	}{{"everybody", everything}, {"shops", toShop}} {
		got := r.paid(to.through)
		c := network.Concentrated(got.receivers.amounts())
		first, second := got.receivers.largest()
		squares := [2]*big.Rat{square(over(ofCents(first), ofCents(got.sum))), square(over(ofCents(second), ofCents(got.sum)))}
		three = c.Three
		t.Rows = append(t.Rows, Row{Key: to.key, Label: networkTexts["to_"+to.key].label, Cells: []Cell{
			{Value: whole(c.Hands), Owners: c.Hands},
			got.cell(),
			{Value: c.Largest, Owners: min(c.Hands, 1)},
			{Value: c.Three, Owners: min(c.Hands, 3)},
			{Value: c.HHI, Owners: c.Hands, Top: squares},
		}})
	}
	return r.filled(t, "{share}", shownShare(three))
}

// giniTable is how unequal what people receive, pay and hold is, each time with
// whose amounts they are.
func (r *Report) giniTable() Table {
	t := r.table(
		"gini", Bars,
		r.column("owners", Text{"Hoeveel", "How many"}, count, false).aside(),
		r.column("gini", Text{"Gini (0 tot 1)", "Gini (0 to 1)"}, index, false),
	)
	add := func(key string, of []*big.Rat) *big.Rat {
		gini := network.Gini(of)
		t.Rows = append(t.Rows, Row{Key: key, Label: networkTexts[key].label, Cells: []Cell{
			{Value: whole(len(of)), Owners: len(of)}, {Value: gini, Owners: len(of)},
		}})
		return gini
	}
	all := r.paid(everything)
	both := side{}
	for owner := range all.payers {
		both[owner] = all.receivers[owner]
	}
	for owner, amount := range all.receivers {
		both[owner] = amount
	}
	add("received_all", both.amounts())
	add("received", all.receivers.amounts())
	gini := add("received_shops", r.paid(toShop).receivers.amounts())
	add("paid", all.payers.amounts())
	add("paid_residents", r.paid(func(e Edge) bool { return e.FromRole == residentRole }).payers.amounts())
	add("held", r.balances(anybody))
	add("held_residents", r.balances(r.role(residentRole)))
	add("held_shops", r.balances(r.role(shopRole)))
	t.say("{gini}", shown(gini, index.decimals))
	return r.filled(t)
}

// amounts are those of a side, in no order.
func (s side) amounts() []*big.Rat {
	all := make([]*big.Rat, 0, len(s))
	for _, amount := range s { // no order is needed: what is done with them has its own
		all = append(all, ofCents(amount))
	}
	return all
}

// index is a number between two bounds.
var index = scale{Text{"", ""}, 3, 1, true}

// Roles that accounts have in the ledger.
const (
	residentRole = "resident"
	shopRole     = "merchant"
)

func square(x *big.Rat) *big.Rat {
	if x == nil {
		return nil
	}
	return new(big.Rat).Mul(x, x)
}
