package report

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"grulden/demurrage"
	"grulden/ledger"
)

// slowQueue is a pool as one long list in no order.
type slowQueue []arrival

func (s slowQueue) units(melts, today demurrage.Day) (n uint64) {
	for _, a := range s {
		if bucket(a.melts, today) == melts {
			n += a.units.Lo
		}
	}
	return n
}

// take takes from the list, the earliest first.
func (s *slowQueue) take(melts, today demurrage.Day, units uint64) (taken []arrival) {
	slices.SortStableFunc(*s, func(a, b arrival) int { return int(a.since - b.since) })
	for i := range *s {
		a := &(*s)[i]
		if bucket(a.melts, today) != melts || units == 0 {
			continue
		}
		n := min(units, a.units.Lo)
		got := *a
		got.units, got.melts = demurrage.WideOf(n), melts
		taken = append(taken, got)
		a.units.Lo -= n
		units -= n
	}
	*s = slices.DeleteFunc(*s, func(a arrival) bool { return a.units.IsZero() })
	return taken
}

// TestAPoolGivesWhatCameFirst holds a pool against a list that is searched.
func TestAPoolGivesWhatCameFirst(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 21))
		var p pool
		var slow slowQueue
		today := demurrage.Day(100)
		for i := range 120 {
			if rng.IntN(8) == 0 {
				today += demurrage.Day(rng.IntN(6))
			}
			p.settle(today)
			if rng.IntN(5) < 3 {
				melts := today + demurrage.Day(rng.IntN(9)) - 2
				a := arrival{melts, int64(1000*i - 1000*rng.IntN(40) + i), demurrage.WideOf(1 + rng.Uint64N(50)), origin{issued: demurrage.Day(i)}}
				slow = append(slow, a)
				a.melts = bucket(melts, today)
				p.add(a)
				continue
			}
			melts := bucket(today+demurrage.Day(rng.IntN(6))-1, today)
			have := slow.units(melts, today)
			if got := p.units(melts).Lo; got != have {
				t.Fatalf("seed %d: %d units of %v, want %d", seed, got, melts, have)
			}
			units := rng.Uint64N(have + 1)
			var got []arrival
			p.take(melts, demurrage.WideOf(units), func(a arrival) { got = append(got, a) })
			if want := slow.take(melts, today, units); !reflect.DeepEqual(got, want) {
				t.Fatalf("seed %d: took %v, want %v", seed, got, want)
			}
		}
	}
}

func TestNothingIsNotAdded(t *testing.T) {
	var p pool
	p.add(arrival{since: 5})
	if len(p) > 0 {
		t.Errorf("%v", p)
	}
}

func TestUnitsOfAllAreAddedUpByDay(t *testing.T) {
	var as amounts
	for _, x := range []struct {
		melts demurrage.Day
		units uint64
	}{{50, 1}, {40, 2}, {50, 4}, {60, 8}, {ledger.Charged, 16}} {
		if !as.add(x.melts, demurrage.WideOf(x.units)) {
			t.Fatal("it does not fit")
		}
	}
	as.settle(45)
	as.settle(45)
	want := amounts{{Melts: ledger.Charged, Units: demurrage.WideOf(18)}, {Melts: 50, Units: demurrage.WideOf(5)}, {Melts: 60, Units: demurrage.WideOf(8)}}
	if !reflect.DeepEqual(as, want) {
		t.Errorf("%v, want %v", as, want)
	}
	if as.sub(50, demurrage.WideOf(6)) {
		t.Error("more was taken than there was")
	}
	if !as.sub(60, demurrage.WideOf(8)) || as.sub(99, demurrage.WideOf(1)) {
		t.Error("what is there cannot be taken, or what is not there can")
	}
}

func TestLotsStandByMeltsFromDay(t *testing.T) {
	p := &purse{}
	for i, melts := range []demurrage.Day{30, 10, 20, 20, 40, 5} {
		p.keep(lot{id: ledger.LotID{Seq: uint64(i)}, melts: melts})
	}
	order := func() (seqs []uint64) {
		for _, l := range p.lots {
			seqs = append(seqs, l.id.Seq)
		}
		return seqs
	}
	if got := order(); !slices.Equal(got, []uint64{5, 1, 2, 3, 0, 4}) {
		t.Errorf("the order is %v", got)
	}
	p.drop(p.lot(ledger.LotID{Seq: 5}))
	p.drop(p.lot(ledger.LotID{Seq: 3}))
	if got := order(); !slices.Equal(got, []uint64{1, 2, 0, 4}) || p.lot(ledger.LotID{Seq: 3}) >= 0 {
		t.Errorf("the order is %v", got)
	}
}

func TestATrailKnowsWhoHadItAndSinceWhen(t *testing.T) {
	f := newFold(inMemory(), nil)
	root := f.starts(stop{owner: 1, day: 10, melts: 40})
	second := f.goes(root, stop{owner: 2, day: 12, melts: 42})
	third, other := f.goes(second, stop{owner: 3, day: 13, melts: 43}), f.goes(second, stop{owner: 4, day: 14, melts: 44})
	if third.began != 10 || root.began != 10 || third.since != 13 || third.hops != 2 || root.hops != 0 {
		t.Errorf("%v", third)
	}
	if third.find(2).melts != 42 || third.find(1).day != 10 || third.find(4) != nil || second.find(3) != nil || other.find(4).day != 14 {
		t.Error("the stops are not found")
	}
	if back := third.back(); back.hops != 1 || back.since != 12 || back.last != second.last || back.find(3) != nil || back.find(1) == nil {
		t.Errorf("one stop back it is %v", back)
	}
	for owner := range ledger.OwnerID(2000) { // more than there are marks
		if got := third.find(owner); (got != nil) != (1 <= owner && owner <= 3) {
			t.Errorf("owner %d: %v", owner, got)
		}
	}
}
