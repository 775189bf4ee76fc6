package report

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"grulden/demurrage"
)

func TestSpansBeginOnTheirDay(t *testing.T) {
	for _, c := range []struct {
		days, seconds int64
		span, lag     cell
	}{
		{0, 0, 0, 0},
		{0, 86_399, 0, 0},
		{1, 0, 1, 1},
		{2, 0, 1, 2},
		{2, 86_399, 1, 2},
		{3, 0, 1, 3},
		{6, 0, 1, 4},
		{7, -1, 1, 4},
		{7, 0, 2, 4},
		{11, 0, 2, 5},
		{29, 86_399, 2, 5},
		{30, 0, 3, 5},
		{90, 0, 4, 5},
		{180, 0, 5, 5},
		{365, -1, 5, 5},
		{365, 0, 6, 5},
		{100_000, 0, 6, 5},
	} {
		seconds := c.days*secondsPerDay + c.seconds
		if spanOf(seconds) != c.span || lagOf(seconds) != c.lag {
			t.Errorf("%d seconds are in span %d and lag %d, want %d and %d", seconds, spanOf(seconds), lagOf(seconds), c.span, c.lag)
		}
	}
}

// TestCellsDoNotOverlap: each kind of cell has its own numbers.
func TestCellsDoNotOverlap(t *testing.T) {
	flows := []struct {
		name        string
		first, many cell
	}{
		{"rows", cellRow, cell(rowCount)},
		{"ended", cellEnded, spanCount},
		{"got", cellGot, cell(rowCount)},
		{"got after", cellGotAfter, spanCount},
		{"received", cellReceived, 1},
		{"payments", cellPayments, 1},
		{"receipts", cellReceipts, 1},
		{"issued", cellIssued, 1},
		{"granted", cellGranted, 1},
		{"asked", cellAsked, 1},
		{"rejected", cellRejected, 1},
		{"paid out", cellPaidOut, 1},
		{"fees", cellFees, 1},
		{"returned", cellReturned, 1},
		{"unfeed", cellUnfeed, 1},
		{"refunded", cellRefunded, 1},
		{"melted", cellMelted, 1},
		{"by hops", cellByHops, spanCount},
		{"by age", cellByAge, spanCount},
		{"exit hop", cellExitHop, maxHops + 1},
		{"exit age", cellExitAge, spanCount},
		{"lag", cellLag, lagCount},
		{"to", cellTo, maxRoles},
		{"own", cellOwn, maxRoles},
		{"stock", cellStock, 1},
		{"comes", cellComes, 1},
		{"passes", cellPasses, 1},
		{"keeps", cellKeeps, 1},
	}
	next := cell(0)
	for _, f := range flows {
		if f.first != next {
			t.Errorf("%s begin at %d, want %d", f.name, f.first, next)
		}
		next = f.first + f.many
	}
	if next != cellCount {
		t.Errorf("there are %d cells, want %d", cellCount, next)
	}
	if cellByHop != cellLife+maxHops+1 || cellLain <= cellAged || cellUnused != cellLain+spanCount || heldCells != cellUnused+maxRoles {
		t.Error("cells of what is held overlap")
	}
}

// TestBinsAreNarrowAndInOrder: no bin is wider than a sixty-fourth of its times.
func TestBinsAreNarrowAndInOrder(t *testing.T) {
	before, began := bin(0), int64(0)
	check := func(s int64) {
		b := binOf(s)
		if b < before {
			t.Fatalf("%d seconds are in bin %d, less than before in bin %d", s, b, before)
		}
		if b != before {
			before, began = b, s
		} else if width := s - began; s >= 64 && width*64 > began {
			t.Fatalf("the bin of %d seconds reaches to %d", began, s)
		}
	}
	for s := range int64(100_000) {
		check(s)
	}
	for s := int64(100_000); s < math.MaxInt64/2; s += s/200 + 1 {
		check(s)
	}
	if binOf(-5) != 0 || binOf(math.MaxInt64) < before {
		t.Error("the ends are in no bin")
	}
}

func TestDealsAddUpByHolderAndCell(t *testing.T) {
	one := demurrage.WideOf(1)
	var d deals
	for range 3 {
		if err := d.add(2, cellIssued, one); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(d.add(0, cellIssued, one), d.add(2, cellFees, one), d.add(5, cellFees, demurrage.Wide{})); err != nil {
		t.Fatal(err)
	}
	if d.of(2, cellIssued).Lo != 3 || d.of(0, cellIssued).Lo != 1 || !d.of(1, cellIssued).IsZero() || !d.of(99, 0).IsZero() {
		t.Errorf("%v", d)
	}
	first, other := holder{owner: 1}, holder{owner: 2, role: 1}
	b := block{deals: d}
	f := &fold{roles: someRoles, holders: []holder{other, other, first, other, other, other}}
	if err := f.addUp(&b); err != nil {
		t.Fatal(err)
	}
	if all := b.totals.all(cellIssued); all != (sum{4}) || *b.totals.of(cellIssued, 0) != (sum{3}) || *b.totals.of(cellIssued, 1) != (sum{1}) {
		t.Errorf("all issued %v", b.totals[cellIssued])
	}
	if err := d.sub(2, cellIssued, demurrage.WideOf(2)); err != nil || d.of(2, cellIssued) != one {
		t.Errorf("%v, %v", d.of(2, cellIssued), err)
	}
	for _, bad := range []error{d.sub(2, cellIssued, demurrage.WideOf(2)), d.sub(2, cellLag, one), d.sub(9, cellIssued, one)} {
		if !errors.Is(bad, errRows) {
			t.Errorf("more was taken away than there was: %v", bad)
		}
	}
	most := demurrage.Wide{Hi: math.MaxUint64, Lo: math.MaxUint64}
	if err := errors.Join(d.add(7, cellFees, most), d.add(7, cellFees, one)); !errors.Is(err, errTooLarge) {
		t.Errorf("too much was added: %v", err)
	}
}

// TestBlocksAddUpInAnyOrder: days make the same month whichever comes first, and
// what was added can be taken away.
func TestBlocksAddUpInAnyOrder(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 31))
		blocks := []*block{someBlock(rng), someBlock(rng), someBlock(rng)}
		one, other := new(block), new(block)
		for i := range blocks {
			if err := errors.Join(one.plus(blocks[i]), other.plus(blocks[len(blocks)-1-i])); err != nil {
				t.Fatal(err)
			}
		}
		if string(one.pack()) != string(other.pack()) || string(one.deals.pack(someHolders)) != string(other.deals.pack(someHolders)) {
			t.Fatalf("seed %d: the order matters", seed)
		}
	}
}

// TestWhatGoesThroughShopsIsAddedUpOnce, however often the totals are made.
func TestWhatGoesThroughShopsIsAddedUpOnce(t *testing.T) {
	b := new(block)
	for holder, c := range []cell{cellReceived, cellReceived, cellRow + 2, cellRow, cellIssued} { // 1 and 4 are shops
		if err := errors.Join(b.deals.add(uint32(holder), c, demurrage.WideOf(5)), b.deals.add(uint32(holder), cellStock, demurrage.WideOf(9))); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(b.deals.add(4, cellAsked, demurrage.WideOf(3)), b.deals.add(4, cellRow+cell(rowSameDay), demurrage.WideOf(4))); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		someFold.addUpFor(t, b)
		for c, want := range map[cell][2]uint64{cellComes: {5, 5}, cellPasses: {0, 7}, cellKeeps: {9, 9}} {
			if one, four := b.deals.of(1, c), b.deals.of(4, c); one.Lo != want[0] || four.Lo != want[1] || b.totals.all(c) != (sum{want[0] + want[1]}) {
				t.Errorf("cell %d has %v and %v, want %v", c, one, four, want)
			}
		}
	}
}

func TestWhatRefundsDropIsTakenAway(t *testing.T) {
	worth := demurrage.WideOf(40)
	full, gone, rest := new(block), new(block), new(block)
	for _, b := range []*block{full, gone, rest} {
		if err := errors.Join(b.deals.add(1, cellRow+2, worth), b.deals.add(3, cellReceived, worth)); err != nil {
			t.Fatal(err)
		}
		b.layOf(1).add(worth, 500)
		someFold.addUpFor(t, b)
	}
	full.long.at(binOf(500)).add(worth)
	rest.long.at(binOf(500)).add(worth)
	gone.exact.add(worth, 500)
	if err := gone.deals.add(1, cellRefunded, worth); err != nil { // says how much came back, and is no part of the volume
		t.Fatal(err)
	}
	someFold.addUpFor(t, gone)
	if err := errors.Join(full.plus(full), full.minus(gone)); err != nil {
		t.Fatal(err)
	}
	if string(full.pack()) != string(rest.pack()) || string(full.deals.pack(someHolders)) != string(rest.deals.pack(someHolders)) {
		t.Errorf("%+v, want %+v", full, rest)
	}
}

// TestSumsAreThoseOfBigNumbers holds the sums of 256 bits against math/big.
func TestSumsAreThoseOfBigNumbers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 41))
	for range 500 {
		a, b, w := someSum(rng), someSum(rng), someWide(rng)
		a[3], b[3] = a[3]>>2, b[3]>>2 // no overflow
		plus, twice := a, a.twice()
		plus.plus(&b)
		if want := new(big.Int).Add(a.big(), b.big()); plus.big().Cmp(want) != 0 {
			t.Fatalf("%v + %v is %v", a.big(), b.big(), plus.big())
		}
		if want := new(big.Int).Lsh(a.big(), 1); twice.big().Cmp(want) != 0 {
			t.Fatalf("twice %v is %v", a.big(), twice.big())
		}
		plus.minus(&b)
		if plus != a {
			t.Fatalf("%v + %v − %v is %v", a, b, b, plus)
		}
		plus.add(w)
		plus.sub(w)
		if plus != a {
			t.Fatalf("%v + %v − %v is %v", a, w, w, plus)
		}
		if a.less(&b) != (a.big().Cmp(b.big()) < 0) {
			t.Fatalf("%v < %v is %t", a, b, a.less(&b))
		}
	}
}

func TestOwnersAreToldFromAmounts(t *testing.T) {
	var s stat
	for _, n := range []uint64{5, 50, 7, 40, 50} {
		s.add(demurrage.WideOf(n))
	}
	if s.total != (sum{152}) || s.owners != 5 || s.top != [2]demurrage.Wide{demurrage.WideOf(50), demurrage.WideOf(50)} {
		t.Errorf("%+v", s)
	}
}

func TestAnAmountThatDoesNotFitIsNoCents(t *testing.T) {
	if n, err := cents(sum{}); n != 0 || err != nil {
		t.Errorf("%v, %v", n, err)
	}
	if _, err := cents(sum{0, 0, 1 << 40}); !errors.Is(err, errTooLarge) {
		t.Errorf("far too much is %v", err)
	}
}
