package network

import (
	"context"
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// exampleA is a small economy whose figures two other programs have computed:
// A-C 40, B-C 20, C-D 30, D-A 30, A-B 50, B-A 20, C-E 10.
var exampleA = []Edge{{0, 2, 40}, {1, 2, 20}, {2, 3, 30}, {3, 0, 30}, {0, 1, 50}, {1, 0, 20}, {2, 4, 10}}

func of(t *testing.T, edges []Edge) *Figures {
	t.Helper()
	f, err := Of(context.Background(), edges, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func rats(amounts ...int64) (r []*big.Rat) {
	for _, a := range amounts {
		r = append(r, big.NewRat(a, 1))
	}
	return r
}

func same(t *testing.T, name string, got *big.Rat, want string) {
	t.Helper()
	text := "-"
	if got != nil {
		text = got.RatString()
	}
	if text != want {
		t.Errorf("%s is %s, want %s", name, text, want)
	}
}

// TestTheNetworkOfTheFirstExample: D pays A 30 that A pays on to C, 10 of them
// by B. A round trip of A and B takes 20; what is left of A-B, 30, may still go
// A-B-C-D-A. So at most 150 of 200 goes round: 20 on A-B-C-D-A, 10 on A-C-D-A,
// 20 on A-B-A. Peeled in order: 20 on A-B-A, then 30 on A-C-D-A, then nothing.
func TestTheNetworkOfTheFirstExample(t *testing.T) {
	f := of(t, exampleA)
	if f.Nodes != 5 || f.Edges != 7 || f.Volume != 200 || f.CoreNodes != 4 || f.CoreVolume != 190 {
		t.Errorf("%+v", f)
	}
	if f.Circulating != 150 || f.Imbalance != 40 || f.Peeled != [6]int64{2: 40, 3: 90} {
		t.Errorf("%d circulates, %d is net, %d peeled", f.Circulating, f.Imbalance, f.Peeled)
	}
	same(t, "reciprocity", f.Reciprocity(), "2/7")
	same(t, "reciprocity by weight", f.MutualShare(), "1/5")
	same(t, "core by nodes", f.CoreNodeShare(), "4/5")
	same(t, "core by volume", f.CoreVolumeShare(), "19/20")
	same(t, "what can come back", f.ReturnableShare(), "19/20")
	same(t, "circulation", f.CirculatingShare(), "3/4")
	same(t, "net imbalance", f.ImbalanceShare(), "1/5")
	same(t, "cycles up to five", f.PeeledShare(), "13/20")
	// Six pairs; partners A 3, B 2, C 4, D 2, E 1: 12 ends, Σd² = 34, Σd³ = 108,
	// Σdd' = 88: (12·88 − 34²) / (12·108 − 34²) = −100/140.
	same(t, "assortativity", f.Assortativity, "-5/7")
}

func TestTheNetworkOfTheSecondExample(t *testing.T) {
	f := of(t, []Edge{{1, 2, 50}, {2, 1, 20}})
	if f.Nodes != 2 || f.Edges != 2 || f.CoreNodes != 2 || f.Peeled != [6]int64{2: 40} {
		t.Errorf("%+v", f)
	}
	same(t, "reciprocity", f.Reciprocity(), "1")
	same(t, "reciprocity by weight", f.MutualShare(), "4/7")
	same(t, "core by volume", f.CoreVolumeShare(), "1")
	same(t, "circulation", f.CirculatingShare(), "4/7")
	same(t, "net imbalance", f.ImbalanceShare(), "3/7")
	same(t, "cycles up to five", f.PeeledShare(), "4/7")
	same(t, "assortativity", f.Assortativity, "-")
}

func TestANetworkWithoutPaymentsHasNoShares(t *testing.T) {
	f := of(t, []Edge{{7, 7, 100}}) // to oneself: dropped
	if *f != (Figures{}) {
		t.Errorf("%+v", f)
	}
	for _, r := range []*big.Rat{f.Reciprocity(), f.MutualShare(), f.CoreNodeShare(), f.CirculatingShare(), f.PeeledShare()} {
		same(t, "a share of nothing", r, "-")
	}
}

// TestACoreIsCountedByNodesAndThenByVolume: two pairs, one of which pays more.
func TestACoreIsCountedByNodesAndThenByVolume(t *testing.T) {
	f := of(t, []Edge{{1, 2, 5}, {2, 1, 5}, {2, 3, 900}, {3, 4, 6}, {4, 3, 6}})
	if f.CoreNodes != 2 || f.CoreVolume != 12 || f.Returnable != 22 {
		t.Errorf("%d nodes with %d, %d in both pairs", f.CoreNodes, f.CoreVolume, f.Returnable)
	}
	same(t, "what can come back", f.ReturnableShare(), "11/461")
}

func TestEdgesThatCannotBeAreRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		want error
		edge []Edge
	}{
		{"nought", ErrWeight, []Edge{{1, 2, 0}}},
		{"less", ErrWeight, []Edge{{1, 2, -5}}},
		{"too much", ErrLarge, []Edge{{1, 2, math.MaxInt64 / 8}, {2, 1, 1}}},
	} {
		if _, err := Of(context.Background(), c.edge, nil); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	f := of(t, []Edge{{1, 2, math.MaxInt64 / 16}, {2, 1, math.MaxInt64 / 16}})
	same(t, "all of the most there can be", f.CirculatingShare(), "1")
}

func TestALongComputationSaysHowFarItIsAndCanBeStopped(t *testing.T) {
	edges := random(rand.New(rand.NewPCG(1, 1)), 2000, 6000, 1000)
	var seen []uint64
	if _, err := Of(context.Background(), edges, func(done, of uint64) { seen = append(seen, done, of) }); err != nil {
		t.Fatal(err)
	}
	whole := seen[len(seen)-1]
	for i := 0; i < len(seen); i += 2 {
		if seen[i+1] != whole || i > 0 && seen[i] < seen[i-2] {
			t.Fatalf("%d of %d", seen[i], seen[i+1])
		}
	}
	if seen[len(seen)-2] != whole || len(seen) < 20 {
		t.Errorf("ends with %d of %d after %d reports", seen[len(seen)-2], whole, len(seen)/2)
	}
	ctx, stop := context.WithCancel(context.Background())
	if _, err := Of(ctx, edges, func(uint64, uint64) { stop() }); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

func TestWhoPaidInBothWindowsIsActiveAgain(t *testing.T) {
	first := []Edge{{0, 2, 40}, {1, 2, 20}, {2, 3, 30}, {3, 0, 30}}
	then := []Edge{{0, 1, 50}, {1, 0, 20}, {2, 4, 10}, {3, 3, 5}} // to oneself is not active
	if active, again := Again(first, then); active != 4 || again != 3 {
		t.Errorf("%d of %d", again, active)
	}
	if active, again := Again(nil, then); active != 0 || again != 0 {
		t.Errorf("of nobody %d of %d", again, active)
	}
}

func TestGiniOfTheExamples(t *testing.T) {
	same(t, "balances of the first", Gini(rats(60, 40, 0, 0, 10)), "32/55")
	same(t, "receipts of the first", Gini(rats(50, 50, 60, 30, 10)), "6/25")
	second := []*big.Rat{big.NewRat(13761, 200), big.NewRat(5841, 200)}
	same(t, "balances of the second", Gini(second), "20/99")
	same(t, "receipts of the second", Gini(rats(20, 50)), "3/14")
	same(t, "all the same", Gini(rats(3, 3, 3)), "0")
	same(t, "one has all", Gini(rats(0, 0, 0, 8)), "3/4")
	same(t, "nothing", Gini(rats(0, 0)), "-")
	if second[0].RatString() != "13761/200" {
		t.Error("the amounts were changed")
	}
}

// TestConcentrationOfTheFirstExample: C got 60 of 200, A and B 50 each.
func TestConcentrationOfTheFirstExample(t *testing.T) {
	c := Concentrated(rats(50, 50, 60, 30, 10, 0))
	same(t, "the largest", c.Largest, "3/10")
	same(t, "the largest three", c.Three, "4/5")
	same(t, "HHI", c.HHI, "6/25") // (60² + 50² + 50² + 30² + 10²) / 200²
	if c.Hands != 5 {
		t.Errorf("%d hands", c.Hands)
	}
	same(t, "HHI of one", Concentrated(rats(7)).HHI, "1")
	same(t, "HHI of nobody", Concentrated(nil).HHI, "-")
}

// TestAChainOfPaymentsMayBeLong: everybody pays the next, all around, and the
// first a little less.
func TestAChainOfPaymentsMayBeLong(t *testing.T) {
	const n = 20_000
	edges := []Edge{{n - 1, 0, 3}}
	for i := range n - 1 {
		edges = append(edges, Edge{i, i + 1, 4})
	}
	f := of(t, edges)
	if f.CoreNodes != n || f.Circulating != 3*n || f.Imbalance != 1 || f.PeeledShare().Sign() != 0 {
		t.Errorf("%+v", f)
	}
}

// random is a network where a few get much, as shops do.
func random(r *rand.Rand, nodes, edges int, most int64) (all []Edge) {
	for range edges {
		from, to := r.IntN(nodes), r.IntN(nodes)
		if r.IntN(2) == 0 {
			to = to * to / nodes
		}
		all = append(all, Edge{from, to, 1 + r.Int64N(most)})
	}
	return all
}

// TestOrderIsNoMatter: the figures of edges in any order, and in parts, are the
// same; and apart from the cycles peeled, so are those of other numbers.
func TestOrderIsNoMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 40 {
		edges := random(r, 30, 150, 40)
		want := of(t, edges)
		var other []Edge
		for _, e := range edges {
			if e.Weight > 1 {
				other = append(other, Edge{e.From, e.To, e.Weight - 1})
			}
			other = append(other, Edge{e.From, e.To, 1})
		}
		r.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		got := of(t, other)
		alike(t, got, want)
		if got.Peeled != want.Peeled {
			t.Fatalf("peeled %v and %v", got.Peeled, want.Peeled)
		}
		names := r.Perm(30)
		for i := range other {
			other[i].From, other[i].To = 7*names[other[i].From]-50, 7*names[other[i].To]-50
		}
		got = of(t, other)
		alike(t, got, want)
		if got.Peeled[2] != want.Peeled[2] {
			t.Fatalf("pairs peeled %d and %d", got.Peeled[2], want.Peeled[2])
		}
	}
}

// alike compares all but what was peeled.
func alike(t *testing.T, got, want *Figures) {
	t.Helper()
	same(t, "assortativity", got.Assortativity, want.Assortativity.RatString())
	a, b := *got, *want
	a.Assortativity, b.Assortativity, a.Peeled, b.Peeled = nil, nil, [6]int64{}, [6]int64{}
	if a != b {
		t.Fatalf("%+v\n%+v", a, b)
	}
}

// TestWhatIsPeeledCirculatesAndWhatCirculatesIsBalanced are the bounds that hold
// for any payments.
func TestWhatIsPeeledCirculatesAndWhatCirculatesIsBalanced(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for i := range 200 {
		f := of(t, random(r, 2+r.IntN(60), 1+r.IntN(300), 1+r.Int64N(1000)))
		peeled := f.Peeled[2] + f.Peeled[3] + f.Peeled[4] + f.Peeled[5]
		for _, c := range []struct {
			name        string
			less, equal int64
		}{
			{"mutual payments are pairs peeled", f.Mutual, f.Peeled[2]},
			{"pairs peeled are mutual payments", f.Peeled[2], f.Mutual},
			{"what is peeled goes round", peeled, f.Circulating},
			{"what is net does not go round", f.Circulating, f.Volume - f.Imbalance},
			{"edges both ways are edges", int64(f.MutualEdges), int64(f.Edges)},
			{"the core can come back", f.CoreVolume, f.Returnable},
			{"what goes round can come back", f.Circulating, f.Returnable},
			{"what can come back is a part", f.Returnable, f.Volume},
		} {
			if c.less > c.equal {
				t.Fatalf("network %d: %s: %d > %d", i, c.name, c.less, c.equal)
			}
		}
		if a := f.Assortativity; a != nil && new(big.Rat).Abs(a).Cmp(big.NewRat(1, 1)) > 0 {
			t.Fatalf("network %d: assortativity %s", i, a)
		}
	}
}

func TestEveryNetworkIsCountedAsByHand(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for i := range 300 {
		nodes := 2 + r.IntN(8)
		edges := random(r, nodes, r.IntN(4*nodes), 1+r.Int64N(30))
		w := make([][]int64, nodes)
		for n := range w {
			w[n] = make([]int64, nodes)
		}
		for _, e := range edges {
			if e.From != e.To {
				w[e.From][e.To] += e.Weight
			}
		}
		f := of(t, edges)
		if want := cancelled(w); f.Circulating != want {
			t.Fatalf("network %d: %d circulates, want %d: %v", i, f.Circulating, want, edges)
		}
		if want := peeledByHand(w); f.Peeled != want {
			t.Fatalf("network %d: peeled %v, want %v: %v", i, f.Peeled, want, edges)
		}
	}
}

// TestTheShapeIsThatOfAllPairs: who reaches whom by the way of Warshall, and the
// correlation by its definition, over a list of all ends.
func TestTheShapeIsThatOfAllPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	for i := range 200 {
		nodes := 2 + r.IntN(9)
		edges := random(r, nodes, 1+r.IntN(2*nodes), 20)
		reach := make([][]bool, nodes)
		for n := range reach {
			reach[n] = make([]bool, nodes)
		}
		paid := make(map[[2]int]int64)
		for _, e := range edges {
			if e.From != e.To {
				reach[e.From][e.To] = true
				paid[[2]int{e.From, e.To}] += e.Weight
			}
		}
		f := of(t, edges)
		same(t, "the correlation", f.Assortativity, correlationByHand(paid))
		for by := range nodes {
			for from := range nodes {
				for to := range nodes {
					reach[from][to] = reach[from][to] || reach[from][by] && reach[by][to]
				}
			}
		}
		size, volume := coreByHand(reach, paid)
		if f.Nodes > 0 && size == 0 {
			size = 1 // nobody gets back to himself
		}
		var returnable int64
		for pair, weight := range paid {
			if reach[pair[1]][pair[0]] {
				returnable += weight
			}
		}
		if f.Returnable != returnable {
			t.Fatalf("network %d: %d can come back, want %d: %v", i, f.Returnable, returnable, edges)
		}
		if f.Edges != len(paid) || f.CoreNodes != size || f.CoreVolume != volume {
			t.Fatalf("network %d: %d edges, a core of %d with %d; want %d, %d, %d: %v",
				i, f.Edges, f.CoreNodes, f.CoreVolume, len(paid), size, volume, edges)
		}
	}
}

// coreByHand is the largest group around any node: those it reaches that reach it.
func coreByHand(reach [][]bool, paid map[[2]int]int64) (size int, volume int64) {
	for n := range reach {
		members, inside := 0, int64(0)
		for other := range reach {
			if reach[n][other] && reach[other][n] {
				members++
			}
		}
		for pair, amount := range paid {
			if reach[n][pair[0]] && reach[pair[0]][n] && reach[n][pair[1]] && reach[pair[1]][n] {
				inside += amount
			}
		}
		if members > size || members == size && inside > volume {
			size, volume = members, inside
		}
	}
	return size, volume
}

// correlationByHand is Pearson's: the covariance of the two ends over their
// variance, over all ends of pairs that paid each other either way.
func correlationByHand(paid map[[2]int]int64) string {
	var ends [][2]int
	partners := make(map[int]int64)
	for pair := range paid {
		if _, both := paid[[2]int{pair[1], pair[0]}]; both && pair[0] > pair[1] {
			continue
		}
		ends = append(ends, pair, [2]int{pair[1], pair[0]})
		partners[pair[0]]++
		partners[pair[1]]++
	}
	if len(ends) == 0 {
		return "-"
	}
	mean, n := new(big.Rat), big.NewRat(int64(len(ends)), 1)
	for _, e := range ends {
		mean.Add(mean, big.NewRat(partners[e[0]], 1))
	}
	mean.Quo(mean, n)
	from := func(node int) *big.Rat { return new(big.Rat).Sub(big.NewRat(partners[node], 1), mean) }
	together, alone := new(big.Rat), new(big.Rat)
	for _, e := range ends {
		together.Add(together, new(big.Rat).Mul(from(e[0]), from(e[1])))
		alone.Add(alone, new(big.Rat).Mul(from(e[0]), from(e[0])))
	}
	if alone.Sign() == 0 {
		return "-"
	}
	return together.Quo(together, alone).RatString()
}

// TestGiniIsHalfTheMeanDifferenceOfAllPairs: the definition in words, summed up
// pair by pair; and HHI is between that of equal hands and that of a single one.
func TestGiniIsHalfTheMeanDifferenceOfAllPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for range 200 {
		var amounts []*big.Rat
		sum, difference := new(big.Rat), new(big.Rat)
		for range 1 + r.IntN(12) {
			amounts = append(amounts, big.NewRat(1+r.Int64N(50), 1+r.Int64N(3)))
		}
		for _, x := range amounts {
			sum.Add(sum, x)
			for _, y := range amounts {
				gap := new(big.Rat).Sub(x, y)
				difference.Add(difference, gap.Abs(gap))
			}
		}
		n := big.NewRat(int64(len(amounts)), 1)
		want := difference.Quo(difference, n.Mul(n, sum))
		same(t, "Gini", Gini(amounts), want.Mul(want, big.NewRat(1, 2)).RatString())
		c := Concentrated(amounts)
		if c.Hands != len(amounts) || c.HHI.Cmp(big.NewRat(1, int64(c.Hands))) < 0 || c.HHI.Cmp(c.Largest) > 0 || c.Three.Cmp(c.Largest) < 0 {
			t.Fatalf("%v: %+v", amounts, c)
		}
	}
}

// cancelled is the largest circulation by another way (Klein 1967): as long as
// there is a loop of arcs to fill (worth one a unit) and arcs to empty again
// (worth minus one) that is worth something, fill it.
func cancelled(w [][]int64) (volume int64) {
	n := len(w)
	c := make([][]int64, n)
	for i := range c {
		c[i] = make([]int64, n)
	}
	for {
		loop := worthwhile(w, c)
		if loop == nil {
			return volume
		}
		for i, from := range loop { // one unit at a time: slow and plain
			to := loop[(i+1)%len(loop)]
			if c[from][to] < w[from][to] {
				c[from][to]++
				volume++
			} else {
				c[to][from]--
				volume--
			}
		}
	}
}

// worthwhile finds a loop by Bellman and Ford, nil if there is none.
func worthwhile(w, c [][]int64) (loop []int) {
	n := len(w)
	best, by := make([]int, n), make([]int, n)
	for round := range n + 1 {
		for from := range n {
			for to := range n {
				gain := 0
				if c[from][to] < w[from][to] {
					gain = 1
				} else if c[to][from] > 0 {
					gain = -1
				}
				if gain == 0 || best[from]+gain <= best[to] {
					continue
				}
				best[to], by[to] = best[from]+gain, from
				if round < n {
					continue
				}
				at := to
				for range n {
					at = by[at] // now surely on a loop
				}
				for next := by[at]; len(loop) == 0 || loop[0] != at; next = by[next] {
					loop = append([]int{next}, loop...)
				}
				return loop
			}
		}
	}
	return nil
}

// peeledByHand lists all cycles of each length in order, and takes them off.
func peeledByHand(w [][]int64) (volume [6]int64) {
	left := make([][]int64, len(w))
	for i := range w {
		left[i] = slices.Clone(w[i])
	}
	var extend func(cycle []int, length int)
	extend = func(cycle []int, length int) {
		if len(cycle) < length {
			for next := cycle[0] + 1; next < len(w); next++ {
				if !slices.Contains(cycle, next) {
					extend(append(slices.Clone(cycle), next), length)
				}
			}
			return
		}
		least := int64(math.MaxInt64)
		for i, from := range cycle {
			least = min(least, left[from][cycle[(i+1)%length]])
		}
		for i, from := range cycle {
			left[from][cycle[(i+1)%length]] -= least
		}
		volume[length] += least * int64(length)
	}
	for length := 2; length <= 5; length++ {
		for first := range w {
			extend([]int{first}, length)
		}
	}
	return volume
}

// BenchmarkHundredThousandEdges is of as many payments among few and among many,
// and of two shapes that no wijk has but that are slow: streets of which each
// leads two ways on, and a single ring.
func BenchmarkHundredThousandEdges(b *testing.B) {
	const edges, side = 100_000, 224
	r := rand.New(rand.NewPCG(1, 2))
	streets, ring := make([]Edge, 0, edges), make([]Edge, edges)
	for i := range ring {
		ring[i] = Edge{i, (i + 1) % edges, 1 + r.Int64N(1_000_000)}
	}
	for i := range side * side {
		x, y := i%side, i/side
		streets = append(streets, Edge{i, y*side + (x+1)%side, 1 + r.Int64N(1_000_000)})
		streets = append(streets, Edge{i, (y+1)%side*side + x, 1 + r.Int64N(500_000)})
	}
	for _, c := range []struct {
		name  string
		edges []Edge
	}{
		{"2000 nodes", random(r, 2_000, edges, 100_000)},
		{"10000 nodes", random(r, 10_000, edges, 100_000)},
		{"40000 nodes", random(r, 40_000, edges, 100_000)},
		{"streets", streets},
		{"ring", ring},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				f, err := Of(context.Background(), c.edges, nil)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(f.Circulating)/float64(f.Volume), "circulating")
			}
		})
	}
}
