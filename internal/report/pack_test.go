package report

import (
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"grulden/demurrage"
	"grulden/ledger"
)

// someWide is a number of any length.
func someWide(rng *rand.Rand) demurrage.Wide {
	switch rng.IntN(4) {
	case 0:
		return demurrage.Wide{Lo: uint64(rng.IntN(200))}
	case 1:
		return demurrage.Wide{Lo: rng.Uint64()}
	}
	return demurrage.Wide{Hi: rng.Uint64() >> rng.IntN(64), Lo: rng.Uint64()}
}

func someSum(rng *rand.Rand) (s sum) {
	for i := range rng.IntN(5) {
		s[i] = rng.Uint64()
	}
	return s
}

func someAges(rng *rand.Rand) ageSum { return ageSum{someSum(rng), someSum(rng)} }

func someBig(rng *rand.Rand) (b big.Int) {
	s := someSum(rng)
	b.Set(s.big())
	if rng.IntN(2) == 0 {
		b.Neg(&b)
	}
	return b
}

// someHolders are those of someBlock.
var someHolders = []holder{{owner: 1}, {owner: 2, role: 1}, {owner: 3}, {owner: 4, role: 2}, {owner: 4, role: 1}, {owner: 5}}

// someRoles and someFold are theirs.
var (
	someRoles = []string{residentRole, shopRole, "fund"}
	someFold  = &fold{holders: someHolders, roles: someRoles}
)

func (f *fold) addUpFor(t testing.TB, b *block) {
	t.Helper()
	if err := f.addUp(b); err != nil {
		t.Fatal(err)
	}
}

// someBlock is a block with all that can be in one, but for lists.
func someBlock(rng *rand.Rand) *block {
	b := new(block)
	for holder := range uint32(rng.IntN(len(someHolders) + 1)) {
		for c := range cell(rng.IntN(9)) {
			_ = b.deals.add(holder, 7*c, demurrage.WideOf(1+rng.Uint64N(1<<60)))
		}
	}
	for role := range rng.IntN(4) {
		*b.layOf(role), *b.heldOf(role) = someAges(rng), someSum(rng)
	}
	for range rng.IntN(20) {
		b.long.at(bin(rng.IntN(2000))).add(someWide(rng))
	}
	if err := someFold.addUp(b); err != nil {
		panic(err)
	}
	b.dropped = rng.IntN(5)
	b.redeemed = someAges(rng)
	b.stock, b.demurrage, b.rounding, b.left = someBig(rng), someBig(rng), someBig(rng), someBig(rng)
	return b
}

// cutShort wants a row that ends too early, or too late, to be refused.
func cutShort(t *testing.T, what string, row []byte, read func([]byte) error) {
	t.Helper()
	for n := range row {
		if read(row[:n:n]) == nil {
			t.Fatalf("%s: %d of its %d bytes are read as all", what, n, len(row))
		}
	}
	if read(append(row[:len(row):len(row)], 0)) == nil {
		t.Fatalf("%s: it is read with a byte more", what)
	}
}

func TestABlockComesBackAsItWas(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 11))
		b := someBlock(rng)
		row := b.pack()
		got, err := unpackBlock(row)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if again := got.pack(); string(again) != string(row) {
			t.Fatalf("seed %d: it is written\n%x and again\n%x", seed, row, again)
		}
		behind := b.deals.pack(someHolders)
		if err := got.deals.unpack(behind, someHolders, everybody); err != nil {
			t.Fatal(err)
		}
		for holder := range someHolders {
			for c := range cellCount {
				if got.deals.of(holder, c) != b.deals.of(holder, c) {
					t.Fatalf("seed %d: holder %d lost cell %d", seed, holder, c)
				}
			}
		}
		if got.totals.all(7) != b.totals.all(7) || got.dropped != b.dropped {
			t.Fatalf("seed %d: %v is not %v", seed, got, b)
		}
		if got.stock.Cmp(&b.stock) != 0 || got.rounding.Cmp(&b.rounding) != 0 || got.redeemed != b.redeemed {
			t.Fatalf("seed %d: %v is not %v", seed, got, b)
		}
		if seed%10 == 0 {
			cutShort(t, "a block", row, func(r []byte) error { _, err := unpackBlock(r); return err })
		}
	}
}

// TestTheGroupsOfHoldersCanBeReadAlone: a row for each, and together they are all.
func TestTheGroupsOfHoldersCanBeReadAlone(t *testing.T) {
	for seed := range uint64(20) {
		d := someBlock(rand.New(rand.NewPCG(seed, 13))).deals
		_ = d.add(2, cellPayments, demurrage.WideOf(3))
		_ = d.add(1, cellReceipts, demurrage.WideOf(2))
		var all, acted, second deals
		for _, row := range new(groups).pack(&d, someHolders) {
			if err := all.unpack(row, someHolders, everybody); err != nil {
				t.Fatal(err)
			}
		}
		row := d.pack(someHolders)
		_ = acted.unpack(row, someHolders, theFew)
		_ = second.unpack(new(groups).pack(&d, someHolders)[groupOf(cellStock, 1)], someHolders, everybody)
		for number, h := range someHolders {
			for c := range cellCount {
				want := d.of(number, c)
				if all.of(number, c) != want {
					t.Fatalf("seed %d: holder %d lost cell %d", seed, number, c)
				}
				active := c == cellPayments || c == cellReceipts || c == cellComes || c == cellPasses || c == cellKeeps
				if got := acted.of(number, c); active && got != want || !active && !got.IsZero() {
					t.Fatalf("seed %d: holder %d was active with %v in cell %d", seed, number, got, c)
				}
				if got := second.of(number, c); (h.role == 1 && !active) && got != want || (h.role != 1 || active) && !got.IsZero() {
					t.Fatalf("seed %d: holder %d has %v in cell %d of the group", seed, number, got, c)
				}
			}
		}
		if err := new(deals).unpack(row, someHolders[:1], everybody); len(row) > 20 && err == nil {
			t.Fatal("holders nobody knows are read")
		}
	}
}

func TestListsAreJoinedInOrderAndAddedUp(t *testing.T) {
	a := edges{{1, 2, 500, 3}, {0, 7, 1, 1}, {2, 1, 1 << 50, 1}, {1, 2, 5, 1}}
	b := edges{{1, 2, -505, -4}, {1, 3, 9, 1}}
	got := joined([][]edge{inOrder(a), nil, inOrder(b), inOrder(edges{{1, 3, 1, 1}})})
	want := []edge{{0, 7, 1, 1}, {1, 2, 0, 0}, {1, 3, 10, 2}, {2, 1, 1 << 50, 1}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	row := packEdges(want)
	if back, err := unpackEdges(row); err != nil || !reflect.DeepEqual([]edge(back), want) {
		t.Errorf("%v, want %v: %v", back, want, err)
	}
	cutShort(t, "edges", row, func(r []byte) error { _, err := unpackEdges(r); return err })
}

// TestLongListsAreSortedAsShortOnesAre, byte by byte.
func TestLongListsAreSortedAsShortOnesAre(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 14))
	for _, most := range []int64{1, 200, 70_000, 1 << 40} {
		var list ages
		for i := range 3000 {
			list = append(list, age{rng.Int64N(most), demurrage.WideOf(uint64(i))}) // the worth tells which came first
		}
		want := slices.Clone(list)
		slices.SortStableFunc(want, func(a, b age) int { return int(a.seconds - b.seconds) })
		if got := byKey(list); !slices.Equal(got, want) {
			t.Errorf("times up to %d seconds are not in order", most)
		}
	}
	var paid edges
	for range 500 {
		paid = append(paid, edge{rng.Uint32N(300), rng.Uint32N(3), 1, 1})
	}
	got := inOrder(paid)
	count := 0
	for i, e := range got {
		if count += e.count; i > 0 && (got[i-1].from > e.from || got[i-1].from == e.from && got[i-1].to >= e.to) {
			t.Fatalf("%v stands after %v", e, got[i-1])
		}
	}
	if count != 500 {
		t.Errorf("%d payments of 500", count)
	}
}

func TestTimesComeBackInOrderAndAddedUp(t *testing.T) {
	one, two := demurrage.WideOf(1), demurrage.Wide{Hi: 2, Lo: 5}
	as := ages{{300, one}, {0, two}, {300, two}, {7, one}}
	got, err := unpackAges(packAges(inOrder(as)))
	if err != nil {
		t.Fatal(err)
	}
	want := ages{{0, two}, {7, one}, {300, demurrage.Wide{Hi: 2, Lo: 6}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	cutShort(t, "times", packAges(want), func(r []byte) error { _, err := unpackAges(r); return err })
	r, day := inMemory(), demurrage.Day(9)
	key := levelKey(keyAges, keyDay, day)
	r.put(key, packBins(want))
	var bins []bin
	var all ages
	read := func(in bin, row []byte) error {
		some, err := unpackAges(row)
		bins, all = append(bins, in), append(all, some...)
		return err
	}
	if err := r.eachBin(day, read); err != nil || !reflect.DeepEqual(all, want) || !reflect.DeepEqual(bins, []bin{0, 7, binOf(300)}) {
		t.Errorf("%v in %v: %v", all, bins, err)
	}
	cutShort(t, "bins", packBins(want), func(row []byte) error {
		r.put(key, row)
		return r.eachBin(day, func(bin, []byte) error { return nil })
	})
}

func TestAPaymentComesBackFromAmongOthers(t *testing.T) {
	r := inMemory()
	var row packer
	pays := []payment{
		{seq: 130, day: -5, at: -400_000, from: 3, to: 900},
		{seq: 131, day: 20_000, at: 1_728_000_000, from: 1, to: 2},
	}
	parts := [][]part{
		{{since: -500_000, worth: demurrage.WideOf(7), row: rowSameDay}},
		{{since: 1_700_000_000, worth: demurrage.Wide{Hi: 1}, row: 3}, {since: 1_728_000_000, worth: demurrage.WideOf(1), row: rowConvertible}},
	}
	for i := range pays {
		row.payment(&pays[i], parts[i])
	}
	r.put(seqKey(keyPayments, 130/chunk), row)
	for i := range pays {
		p, got, err := r.payment(pays[i].seq)
		if err != nil || p == nil {
			t.Fatal(p, err)
		}
		want := pays[i]
		if *p != want || !reflect.DeepEqual(got, parts[i]) {
			t.Errorf("%+v %+v, want %+v %+v", *p, got, want, parts[i])
		}
	}
	if p, _, err := r.payment(132); p != nil || err != nil {
		t.Errorf("an entry that is no payment: %v, %v", p, err)
	}
	if p, _, err := r.payment(9_999); p != nil || err != nil {
		t.Errorf("a row that is not there: %v, %v", p, err)
	}
	left := []part{{since: 5, worth: demurrage.WideOf(3), row: 1}}
	if err := r.refunded(&pays[1], left); err != nil {
		t.Fatal(err)
	}
	if _, got, err := r.payment(130); err != nil || !reflect.DeepEqual(got, parts[0]) {
		t.Errorf("after a refund of another: %v, %v", got, err)
	}
	if _, got, err := r.payment(131); err != nil || !reflect.DeepEqual(got, left) {
		t.Errorf("after a refund: %v, %v", got, err)
	}
	r.put(seqKey(keyPayments, 130/chunk), row[:len(row)-1])
	if _, _, err := r.payment(131); err == nil || r.refunded(&pays[1], left) == nil {
		t.Error("a broken row is read")
	}
}

func TestTheEndOfADayComesBack(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 12))
		e := &ending{
			seq: rng.Uint64(), supply: -5, escrow: ledger.Cents(rng.Int64()), made: 17, held: someBig(rng), roles: make([]roleEnd, rng.IntN(3)),
		}
		for range rng.IntN(8) {
			s := stat{total: someSum(rng), owners: 1 + rng.IntN(1000), top: [2]demurrage.Wide{someWide(rng), someWide(rng)}}
			e.cells[rng.IntN(int(heldCells))], *e.ofMonth(rng.IntN(300)) = s, s
		}
		for i := range e.roles {
			e.roles[i] = roleEnd{accounts: rng.IntN(50), unused: rng.IntN(9), held: stat{total: someSum(rng), owners: 3}, lies: someAges(rng)}
		}
		row := e.pack()
		got, err := unpackEnding(row)
		if err != nil {
			t.Fatal(err)
		}
		if got.held.Cmp(&e.held) != 0 {
			t.Fatalf("%v, want %v", &got.held, &e.held)
		}
		got.held, e.held = big.Int{}, big.Int{}
		if !reflect.DeepEqual(got, e) {
			t.Fatalf("seed %d: %+v, want %+v", seed, got, e)
		}
		if seed < 3 {
			cutShort(t, "the end of a day", row, func(r []byte) error { _, err := unpackEnding(r); return err })
		}
	}
}

func TestAnAccountAndARedemptionComeBack(t *testing.T) {
	f := newFold(inMemory(), nil)
	root := f.starts(stop{owner: 4, day: 10, melts: 40})
	both := f.goes(root, stop{owner: 5, day: 12, melts: 42})
	p := &purse{id: 77, holder: 3, closed: true, paid: true, lots: []lot{
		{id: ledger.LotID{Seq: 9, Part: 1}, units: demurrage.WideOf(6), melts: 40, ripe: demurrage.MaxDay + 1, since: -8, trail: root},
		{id: ledger.LotID{Seq: 10}, units: demurrage.Wide{Hi: 3}, melts: 42, ripe: 375, aged: true, since: 1 << 40, trail: both},
	}}
	p.pool.add(arrival{ledger.Charged, 5, demurrage.WideOf(2), origin{issued: -3, hops: 5}})
	p.pool.add(arrival{60, 7, demurrage.WideOf(9), origin{issued: 3, hops: 2, aged: true}})
	p.pool.add(arrival{60, 6, demurrage.WideOf(1), origin{issued: 4}})
	row := p.pack()
	got, err := unpackPurse(77, row)
	if err != nil || !reflect.DeepEqual(got, p) {
		t.Errorf("%+v, want %+v: %v", got, p, err)
	}
	cutShort(t, "an account", row, func(r []byte) error { _, err := unpackPurse(77, r); return err })
	asked := &redemption{holder: 2, amount: 500, fee: 5, at: 99, moved: []movement{{
		melts: 60, lands: 60, pooled: true, worth: demurrage.WideOf(12),
		pieces: []piece{{since: 4, worth: demurrage.WideOf(12), origin: origin{issued: 2, hops: 20, aged: true}}},
	}}}
	row = asked.pack()
	back, err := unpackRedemption(row)
	if err != nil || !reflect.DeepEqual(back, asked) {
		t.Errorf("%+v, want %+v: %v", back, asked, err)
	}
	cutShort(t, "a redemption", row, func(r []byte) error { _, err := unpackRedemption(r); return err })
}

func TestKeysAreInTheOrderOfDays(t *testing.T) {
	before := ""
	for _, d := range []demurrage.Day{demurrage.MinDay, -1, 0, 1, 20_000, demurrage.MaxDay} {
		key := dayKey(keyDay, d)
		if string(key) <= before {
			t.Errorf("the key of %v comes before that of a day before", d)
		}
		if got := dayOf(key[1:]); got != d {
			t.Errorf("%v comes back as %v", d, got)
		}
		before = string(key)
	}
}

func TestRowsInMemoryAreWalkedInOrderAndForgottenWhenDeleted(t *testing.T) {
	r := inMemory()
	for _, key := range []string{"b2", "a1", "b1", "c"} {
		r.put([]byte(key), []byte(key))
	}
	r.put([]byte("b1"), nil)
	r.put([]byte("b3"), []byte("b3"))
	var met []string
	err := r.walk([]byte("a2"), []byte("c"), func(key, val []byte) error {
		if string(key) != string(val) {
			t.Errorf("%s has %s", key, val)
		}
		met = append(met, string(key))
		return nil
	})
	if err != nil || !reflect.DeepEqual(met, []string{"b2", "b3"}) {
		t.Errorf("met %v, %v", met, err)
	}
	if _, ok, err := r.read([]byte("b1")); ok || err != nil {
		t.Errorf("a deleted row is there: %v, %v", ok, err)
	}
	if err := r.walk(nil, []byte("z"), func(_, _ []byte) error { return errRows }); err != errRows {
		t.Errorf("the walk ended with %v", err)
	}
}
