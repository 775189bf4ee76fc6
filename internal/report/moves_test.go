package report

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"grulden/demurrage"
	"grulden/ledger"
)

func worthOf64(n uint64) demurrage.Wide { return demurrage.WideOf(n) }

func TestARefundTakesThePartsFromTheEnd(t *testing.T) {
	parts := func() []part {
		return []part{{since: 1, worth: worthOf64(5)}, {since: 2, worth: worthOf64(0)}, {since: 3, worth: worthOf64(7)}}
	}
	for _, c := range []struct {
		worth uint64
		gone  []part
		left  [3]uint64
		whole bool
	}{
		{0, nil, [3]uint64{5, 0, 7}, true},
		{6, []part{{since: 3, worth: worthOf64(6)}}, [3]uint64{5, 0, 1}, true},
		{7, []part{{since: 3, worth: worthOf64(7)}}, [3]uint64{5, 0, 0}, true},
		{9, []part{{since: 3, worth: worthOf64(7)}, {since: 1, worth: worthOf64(2)}}, [3]uint64{3, 0, 0}, true},
		{12, []part{{since: 3, worth: worthOf64(7)}, {since: 1, worth: worthOf64(5)}}, [3]uint64{0, 0, 0}, true},
		{13, []part{{since: 3, worth: worthOf64(7)}, {since: 1, worth: worthOf64(5)}}, [3]uint64{0, 0, 0}, false},
	} {
		of := parts()
		gone, whole := drop(of, worthOf64(c.worth))
		if whole != c.whole || !reflect.DeepEqual(gone, c.gone) {
			t.Errorf("of %d: dropped %v, %t", c.worth, gone, whole)
		}
		for i, left := range c.left {
			if of[i].worth.Lo != left {
				t.Errorf("of %d: %d left of part %d, want %d", c.worth, of[i].worth.Lo, i, left)
			}
		}
	}
}

func TestPiecesAreSplitWhereTheWorthEnds(t *testing.T) {
	all := func() []piece { return []piece{{since: 1, worth: worthOf64(4)}, {since: 2, worth: worthOf64(6)}} }
	for _, c := range []struct {
		worth       uint64
		front, rest []piece
	}{
		{3, []piece{{since: 1, worth: worthOf64(3)}}, []piece{{since: 1, worth: worthOf64(1)}, {since: 2, worth: worthOf64(6)}}},
		{4, []piece{{since: 1, worth: worthOf64(4)}}, []piece{{since: 2, worth: worthOf64(6)}}},
		{7, []piece{{since: 1, worth: worthOf64(4)}, {since: 2, worth: worthOf64(3)}}, []piece{{since: 2, worth: worthOf64(3)}}},
		{10, []piece{{since: 1, worth: worthOf64(4)}, {since: 2, worth: worthOf64(6)}}, nil},
	} {
		front, rest := split(all(), worthOf64(c.worth))
		if !reflect.DeepEqual(front, c.front) || len(rest) != len(c.rest) || len(rest) > 0 && !reflect.DeepEqual(rest, c.rest) {
			t.Errorf("at %d: %v and %v, want %v and %v", c.worth, front, rest, c.front, c.rest)
		}
	}
}

// TestNothingIsLostOnAShelf: units are put down by since and by origin, all of
// them, and each since gets what it is worth.
func TestNothingIsLostOnAShelf(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 51))
		f := newFold(inMemory(), nil)
		f.today = 10
		f.index = demurrage.NewIndex(0, demurrage.Terms{})
		var lie, from []piece
		total := uint64(0)
		byOrigin := map[origin]uint64{}
		for range 1 + rng.IntN(6) {
			n := 1 + rng.Uint64N(9)
			o := origin{issued: demurrage.Day(rng.IntN(3)), hops: uint8(rng.IntN(2))}
			from = append(from, piece{worth: demurrage.Mul64(n, demurrage.One), origin: o})
			byOrigin[o] += n
			total += n
		}
		bySince := map[int64]uint64{}
		for rest := total; rest > 0; {
			n := min(rest, 1+rng.Uint64N(9))
			since := int64(rng.IntN(4))
			lie = append(lie, piece{since: since, worth: demurrage.Mul64(n, demurrage.One)})
			bySince[since] += n
			rest -= n
		}
		p := new(purse)
		f.shelve(p, ledger.Charged, worthOf64(total), lie, from)
		gotSince, gotOrigin := map[int64]uint64{}, map[origin]uint64{}
		for i, a := range p.pool {
			if i > 0 && a.since < p.pool[i-1].since {
				t.Fatalf("seed %d: out of order: %v", seed, p.pool)
			}
			gotSince[a.since] += a.units.Lo
			gotOrigin[a.origin] += a.units.Lo
		}
		if units := p.pool.units(ledger.Charged).Lo; units != total || !reflect.DeepEqual(gotSince, bySince) || !reflect.DeepEqual(gotOrigin, byOrigin) {
			t.Fatalf("seed %d: %d units, %v and %v; want %d, %v and %v", seed, units, gotSince, gotOrigin, total, bySince, byOrigin)
		}
	}
}

func TestPiecesOfOneTimeAreAddedUp(t *testing.T) {
	got := sameSince([]piece{{since: 1, worth: worthOf64(1)}, {since: 1, worth: worthOf64(2)}, {since: 2, worth: worthOf64(3)}, {since: 1, worth: worthOf64(4)}})
	want := []piece{{since: 1, worth: worthOf64(3)}, {since: 2, worth: worthOf64(3)}, {since: 1, worth: worthOf64(4)}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if total(want).Lo != 10 {
		t.Errorf("together %v", total(want))
	}
}

// TestMovementsThatAreKeptAreNoParts of what the next entry overwrites.
func TestMovementsThatAreKeptAreNoParts(t *testing.T) {
	f := newFold(inMemory(), nil)
	f.moved = append(f.moved, movement{worth: worthOf64(5), pieces: f.pieces(piece{since: 7, worth: worthOf64(5)})})
	kept := keep(f.moved)
	f.moved, f.arena = f.moved[:0], f.arena[:0]
	f.moved = append(f.moved, movement{worth: worthOf64(9), pieces: f.pieces(piece{since: 8, worth: worthOf64(9)})})
	if kept[0].worth.Lo != 5 || kept[0].pieces[0].since != 7 {
		t.Errorf("%+v", kept)
	}
}
