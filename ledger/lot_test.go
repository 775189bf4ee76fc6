package ledger

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"grulden/demurrage"
)

// TestAmountsAgreeWithBigIntegers holds Amounts against a map of big integers:
// adding, taking away, adding up what is being charged, and the worth.
func TestAmountsAgreeWithBigIntegers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := demurrage.NewIndex(100, demurrage.Terms{Rate: rapid.SampledFrom([]demurrage.Rate{0, 165_000, 49_999_999}).Draw(rt, "rate")})
		var as Amounts
		plain := map[demurrage.Day]*big.Int{}
		today := demurrage.Day(100)
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			melts := today + demurrage.Day(rapid.IntRange(1, 5).Draw(rt, "melts"))
			units := demurrage.Wide{Hi: rapid.Uint64Range(0, 1<<40).Draw(rt, "hi"), Lo: rapid.Uint64().Draw(rt, "lo")}
			has := plain[melts]
			if has == nil {
				has = new(big.Int)
			}
			switch rapid.IntRange(0, 3).Draw(rt, "what") {
			case 0:
				err := as.sub(melts, units)
				if fits := has.Cmp(units.Big()) >= 0; fits != (err == nil) {
					rt.Fatalf("%v − %v: %v", has, units, err)
				} else if fits {
					plain[melts] = new(big.Int).Sub(has, units.Big())
				}
			case 1:
				today += demurrage.Day(rapid.IntRange(0, 4).Draw(rt, "days"))
				if err := as.settle(today); err != nil {
					rt.Fatal(err)
				}
				plain = settled(plain, today)
			default:
				if err := as.add(melts, units); err != nil {
					rt.Fatal(err)
				}
				plain[melts] = new(big.Int).Add(has, units.Big())
			}
			sameAmounts(rt, as, plain, x, today)
		}
	})
}

// settled adds up what is being charged on a day, the plain way.
func settled(plain map[demurrage.Day]*big.Int, today demurrage.Day) map[demurrage.Day]*big.Int {
	next := map[demurrage.Day]*big.Int{Charged: new(big.Int)}
	for melts, units := range plain {
		if melts <= today {
			next[Charged].Add(next[Charged], units)
		} else {
			next[melts] = units
		}
	}
	return next
}

func sameAmounts(t *rapid.T, as Amounts, plain map[demurrage.Day]*big.Int, x *demurrage.Index, today demurrage.Day) {
	worth := new(big.Int)
	kinds := 0
	for melts, units := range plain {
		if units.Sign() == 0 {
			continue
		}
		kinds++
		if as.of(melts).Big().Cmp(units) != 0 {
			t.Fatalf("%v of %v, want %v", as.of(melts), melts, units)
		}
		index := new(big.Int).SetUint64(x.At(max(melts, today)))
		worth.Add(worth, index.Mul(index, units))
	}
	if len(as) != kinds || !slices.IsSortedFunc(as, func(a, b Amount) int { return int(a.Melts) - int(b.Melts) }) {
		t.Fatalf("%v, want %d kinds in order", as, kinds)
	}
	got, err := as.Worth(x, today)
	if fits := worth.BitLen() <= 128; fits != (err == nil) || fits && got.Big().Cmp(worth) != 0 {
		t.Fatalf("worth %v (%v), want %v", got, err, worth)
	}
}

// TestAmountsThatOverflowAreCorrupt: units never wrap.
func TestAmountsThatOverflowAreCorrupt(t *testing.T) {
	most := demurrage.Wide{Hi: 1<<64 - 1, Lo: 1<<64 - 1}
	as := Amounts{{5, most}}
	if err := as.add(5, demurrage.WideOf(1)); err == nil {
		t.Error("units of one day wrapped")
	}
	as = Amounts{{5, most}, {6, demurrage.WideOf(1)}}
	if err := as.settle(6); err == nil {
		t.Error("units being charged wrapped")
	}
	if _, err := (Amounts{{5, most}}).Worth(demurrage.NewIndex(1, demurrage.Terms{}), 1); err == nil {
		t.Error("a worth wrapped")
	}
}

// TestSpendingOrder is the order of lots, one line for each thing that decides.
func TestSpendingOrder(t *testing.T) {
	stop := func(owner OwnerID, day demurrage.Day) Stop { return Stop{owner, day, day + 30} }
	first := []*Lot{
		{ID: LotID{9, 0}, Melts: 10, Issue: 9, Trail: []Stop{stop(1, 9), stop(2, 9)}}, // melts first
		{ID: LotID{8, 0}, Melts: 20, Issue: 8, Trail: []Stop{stop(1, 8)}},             // fewest hops
		{ID: LotID{7, 0}, Melts: 20, Issue: 7, Trail: []Stop{stop(1, 3), stop(2, 9)}}, // issue day
		{ID: LotID{6, 0}, Melts: 20, Issue: 5, Trail: []Stop{stop(1, 4), stop(2, 9)}}, // earlier issue
		{ID: LotID{3, 9}, Melts: 20, Issue: 6, Trail: []Stop{stop(1, 4), stop(2, 9)}}, // earlier arrival
		{ID: LotID{4, 0}, Melts: 20, Issue: 6, Trail: []Stop{stop(1, 4), stop(2, 9)}}, // order of leaving
		{ID: LotID{4, 1}, Melts: 20, Issue: 6, Trail: []Stop{stop(1, 4), stop(2, 9)}},
	}
	for i := range first[1:] {
		if spendingOrder(first[i], first[i+1]) >= 0 || spendingOrder(first[i+1], first[i]) <= 0 {
			t.Errorf("%d does not come before %d", i, i+1)
		}
	}
	mixed := []*Lot{first[3], first[6], first[0], first[5], first[1], first[4], first[2]}
	slices.SortFunc(mixed, spendingOrder)
	if !slices.Equal(mixed, first) {
		t.Error("sorting does not bring the order back")
	}
}

// newAlley is a ledger of a few residents where nothing rounds, and a way to pay.
func newAlley(t *testing.T, residents AccountID) (*bench, func(from, to AccountID, amount Cents)) {
	b := &bench{TB: t, state: NewState(Head{}, nil), now: Moment{Day: 100}}
	p := DefaultPolicy()
	p.Rate = 0
	b.must(SetPolicy{Policy: p})
	for a := AccountID(1); a <= residents; a++ {
		b.must(Open{a, OwnerID(a), "resident"})
	}
	serial := byte(0)
	return b, func(from, to AccountID, amount Cents) {
		b.Helper()
		serial++
		b.must(Pay{ID{serial}, from, to, amount})
	}
}

// TestPartsOfManyWaysArriveAsOneLotEach: twelve parts of one issue that came by
// six ways, by turns, arrive as six lots.
func TestPartsOfManyWaysArriveAsOneLotEach(t *testing.T) {
	b, pay := newAlley(t, 9)
	b.must(Issue{1, 1_200})
	for between := AccountID(2); between <= 7; between++ {
		pay(1, between, 200)
	}
	b.now.Day++
	for range 2 {
		for between := AccountID(2); between <= 7; between++ {
			pay(between, 8, 100)
		}
	}
	b.now.Day++
	pay(8, 9, 1_200)
	h, _ := b.state.Holding(9)
	for i, l := range h.Lots {
		worth, _ := b.state.Head().Index.Worth(l.Units, l.Melts, b.now.Day)
		if ShownCents(worth) != 200 || l.Trail[1].Owner != OwnerID(i+2) || l.ID.Part != uint32(i) {
			t.Errorf("lot %d is %v by way of %d", i, ShownCents(worth), l.Trail[1].Owner)
		}
	}
	if len(h.Lots) != 6 {
		t.Errorf("%d lots", len(h.Lots))
	}
}

// TestPartsOfOneWayArriveAsOneLot: many parts of three issues that came by two
// ways each arrive as six lots, in the order in which the first of each left.
func TestPartsOfOneWayArriveAsOneLot(t *testing.T) {
	b, pay := newAlley(t, 4)
	for range 3 {
		b.must(Issue{1, 100})
	}
	for range 6 {
		pay(1, 3, 25) // half of each issue takes the way round
		pay(1, 2, 25)
	}
	b.now.Day++
	for range 6 {
		pay(3, 2, 25)
	}
	if h, _ := b.state.Holding(2); len(h.Lots) != 12 {
		t.Fatalf("%d lots before they are paid on", len(h.Lots))
	}
	b.now.Day++
	pay(2, 4, 300)
	h, _ := b.state.Holding(4)
	type way struct {
		issue uint64
		hops  int
	}
	byArrivalOrder := slices.Clone(h.Lots)
	slices.SortFunc(byArrivalOrder, byArrival)
	var got []way
	for _, l := range byArrivalOrder {
		worth, _ := b.state.Head().Index.Worth(l.Units, l.Melts, b.now.Day)
		if ShownCents(worth) != 50 {
			t.Errorf("a lot of %v", ShownCents(worth))
		}
		got = append(got, way{l.Issue, l.Hops()})
	}
	if want := []way{{6, 2}, {7, 2}, {8, 2}, {6, 3}, {7, 3}, {8, 3}}; !slices.Equal(got, want) {
		t.Errorf("arrived as %v, want %v", got, want)
	}
}
