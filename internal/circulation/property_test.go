package circulation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
)

// figuresOf is all figures of a list, those of rules under the rule's name.
func figuresOf(t testing.TB, list string, o Options) map[string]string {
	t.Helper()
	o.Rules = every
	r := analyse(t, list, o)
	all := exact(r.Lines())
	for _, p := range r.Paths {
		for key, value := range exact(r.PathLines(p)) {
			all[string(p.Rule)+" "+key] = value
		}
	}
	return all
}

// TestWindowsSideBySideAddUp: what flowed in the parts is what flowed in the
// whole, under every rule, and each part ends with what the next begins with.
func TestWindowsSideBySideAddUp(t *testing.T) {
	for seed := range uint64(12) {
		list, _ := random(seed, 40, 20, FIFO)
		end := analyse(t, list, Options{}).Days.RatString()
		for _, cut := range []string{"7", "13.5", "20"} {
			whole := analyse(t, list, Options{From: "0", To: end, Rules: every})
			first := analyse(t, list, Options{From: "0", To: cut, Rules: every})
			second := analyse(t, list, Options{From: cut, To: end, Rules: every})
			for what, sum := range map[string]func(*Result) *big.Rat{
				"issued": func(r *Result) *big.Rat { return r.Issued }, "volume": func(r *Result) *big.Rat { return r.Volume },
				"redeemed": func(r *Result) *big.Rat { return r.Redeemed }, "melted": func(r *Result) *big.Rat { return r.Melted },
				"stock × days": func(r *Result) *big.Rat { return r.StockDays }, "days": func(r *Result) *big.Rat { return r.Days },
			} {
				if got, want := plus(sum(first), sum(second)), sum(whole); got.Cmp(want) != 0 {
					t.Errorf("seed %d cut at %s: %s is %v in parts, %v in all\n%s", seed, cut, what, got, want, list)
				}
			}
			for i, p := range whole.Paths {
				a, b := first.Paths[i], second.Paths[i]
				if got := plus(a.Lay, b.Lay); got.Cmp(p.Lay) != 0 {
					t.Errorf("seed %d cut at %s, %s: money lay %v in parts, %v in all", seed, cut, p.Rule, got, p.Lay)
				}
				for k := range p.Hops {
					if got := plus(at(a.Hops, k), at(b.Hops, k)); got.Cmp(p.Hops[k]) != 0 {
						t.Errorf("seed %d cut at %s, %s: hop %d is %v in parts, %v in all", seed, cut, p.Rule, k, got, p.Hops[k])
					}
				}
				if !slices.EqualFunc(b.Rest, p.Rest, func(x, y *big.Rat) bool { return x.Cmp(y) == 0 }) {
					t.Errorf("seed %d cut at %s, %s: the rest is %v, in all %v", seed, cut, p.Rule, b.Rest, p.Rest)
				}
			}
		}
	}
}

// TestNamesAndTheSizeOfTheCoinTellNothing: other names in another alphabetical
// order, and every amount a hundred times as large, leave all ratios and times as
// they were.
func TestNamesAndTheSizeOfTheCoinTellNothing(t *testing.T) {
	amounts := []string{"issued", "redeemed", "demurrage", "outstanding", "M_avg", "volume", "M_eff", "cycle_vol_", "hop_volume_", "exit_hops_", "exit_redeemed_", "rest_hops_"}
	hundred := big.NewRat(100, 1)
	for seed := range uint64(12) {
		list, _ := random(seed, 30, 20, FIFO)
		before := figuresOf(t, list, Options{Network: true})
		renamed := strings.NewReplacer(",a,", ",zoë,", ",b,", ",Ya,", ",c,", ",\"x, y\",", ",d,", ",1,").Replace(list)
		renamed = strings.NewReplacer(",a,", ",zoë,", ",b,", ",Ya,", ",c,", ",\"x, y\",", ",d,", ",1,").Replace(renamed)
		larger := strings.ReplaceAll(strings.TrimSuffix(renamed, "\n"), "\n", "00\n") + "00\n"
		larger = strings.Replace(larger, "amount00\n", "amount\n", 1)
		for key, value := range figuresOf(t, larger, Options{Network: true}) {
			plain := key[strings.LastIndex(key, " ")+1:] // without its rule
			if slices.ContainsFunc(amounts, func(a string) bool { return plain == a || strings.HasSuffix(a, "_") && strings.HasPrefix(plain, a) }) {
				amount, _ := new(big.Rat).SetString(value)
				value = amount.Quo(amount, hundred).RatString()
			}
			if value != before[key] {
				t.Errorf("seed %d: %s is %s, was %s", seed, key, value, before[key])
			}
		}
	}
}

// TestWhateverTheListTheFiguresKeepTheirBounds.
func TestWhateverTheListTheFiguresKeepTheirBounds(t *testing.T) {
	one, three := big.NewRat(1, 1), big.NewRat(3, 1)
	between := func(name string, low, x, high *big.Rat) {
		if x != nil && (x.Cmp(low) < 0 || x.Cmp(high) > 0) {
			t.Errorf("%s is %v, not from %v to %v", name, x, low, high)
		}
	}
	for seed := range uint64(20) {
		list, _ := random(seed, 35, 30, FIFO)
		r := analyse(t, list, Options{Rules: every, Network: true})
		zero := new(big.Rat)
		between("the share handed on", zero, r.forwarding(), one)
		between("reciprocity", zero, r.Network.MutualShare(), r.Network.CirculatingShare())
		between("the core", zero, r.Network.CoreVolumeShare(), r.Network.ReturnableShare())
		between("what circulates", zero, r.Network.CirculatingShare(), r.Network.ReturnableShare())
		between("circulation", zero, plus(r.Network.CirculatingShare(), r.Network.ImbalanceShare()), one)
		if got := plus(r.Issued, neg(r.left())); got.Cmp(r.Stock) != 0 {
			t.Errorf("seed %d: issued less what left is %v, in circulation is %v", seed, got, r.Stock)
		}
		if got := plus(r.Balances...); got.Cmp(r.Stock) != 0 {
			t.Errorf("seed %d: balances add up to %v, in circulation is %v", seed, got, r.Stock)
		}
		if got := plus(r.Received...); got.Cmp(r.Volume) != 0 {
			t.Errorf("seed %d: receipts add up to %v, the volume is %v", seed, got, r.Volume)
		}
		for _, p := range r.Paths {
			between(string(p.Rule)+": LM3", one, LM3(r.Issued, at(p.Hops, 1), at(p.Hops, 2)), three)
			for k := 2; k < len(p.Hops); k++ {
				between(fmt.Sprint(p.Rule, ": what moved again at hop ", k), zero, p.Hops[k], p.Hops[k-1])
			}
		}
	}
}

// TestMoneyThatCameTogetherStaysTogether: what came at one time with one history
// is one piece, however often it was split; and what came earlier stands first,
// also when it comes later.
func TestMoneyThatCameTogetherStaysTogether(t *testing.T) {
	var p pile
	for _, a := range []piece{
		{since: 5, born: 1, amount: 10, hops: 1},
		{since: 5, born: 1, amount: 3, hops: 1},
		{since: 9, born: 1, amount: 4, hops: 1},
		{since: 7, born: 2, amount: 6, hops: 2},
		{since: 5, born: 1, amount: 2, hops: 1},
		{since: 5, born: 3, amount: 1, hops: 1},
	} {
		p.add(a)
	}
	want := []piece{{5, 1, 15, 1}, {5, 3, 1, 1}, {7, 2, 6, 2}, {9, 1, 4, 1}}
	if !slices.Equal(p.pieces, want) {
		t.Fatalf("the pieces are %v, want %v", p.pieces, want)
	}
	for _, c := range []struct {
		last        bool
		taken, left []piece
	}{
		{false, []piece{{5, 1, 15, 1}, {5, 3, 1, 1}, {7, 2, 4, 2}}, []piece{{7, 2, 2, 2}, {9, 1, 4, 1}}},
		{true, []piece{{5, 1, 9, 1}, {5, 3, 1, 1}, {7, 2, 6, 2}, {9, 1, 4, 1}}, []piece{{5, 1, 6, 1}}},
	} {
		l := newLots(c.last)
		l.pile(0).pieces = slices.Clone(want)
		if taken := l.take(0, 20); !slices.Equal(taken, c.taken) {
			t.Errorf("taken are %v, want %v", taken, c.taken)
		}
		if left := l.held[0].pieces[l.held[0].first:]; !slices.Equal(left, c.left) {
			t.Errorf("left are %v, want %v", left, c.left)
		}
	}
}

// TestTheMedianIsLeftOutWhenItIsTooMuchWork, and nothing else with it.
func TestTheMedianIsLeftOutWhenItIsTooMuchWork(t *testing.T) {
	list, c := random(3, 60, 20, Mixed)
	full := analyse(t, list, Options{Rules: []Rule{Mixed}}).Paths[0]
	w, err := newWalk(&Options{Rules: []Rule{Mixed}})
	if err != nil {
		t.Fatal(err)
	}
	w.trackers[0].(*mixture).spells = mostSpells - 20 // as if so much was done before
	in, err := newReader(strings.NewReader(list), w.o)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.through(in, w.row, func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	tired := w.trackers[0].path()
	if tired.Median != nil || full.Median == nil || full.Median.Cmp(c.median()) != 0 {
		t.Errorf("the medians are %v and %v, want none and %v", tired.Median, full.Median, c.median())
	}
	if tired.Lay.Cmp(full.Lay) != 0 || plus(tired.Rest...).Cmp(plus(full.Rest...)) != 0 || !tired.Exact {
		t.Error("other figures changed with it")
	}
}

// FuzzAnyFileIsReadOrRefused: with a line and with what to do.
func FuzzAnyFileIsReadOrRefused(f *testing.F) {
	f.Add([]byte(heading+"1,0,issue,x,a,100,,\n2,1,transfer,a,b,5,sale,\n3,1,transfer,b,a,5,,2\n"), false)
	f.Add([]byte("day;source;target;amount\n2026-01-01;BANK;a;1.000,50\n2026-01-02;a;b;1,00\n"), true)
	f.Add([]byte("time,type,source,target,amount\n2026-01-01T00:00:00Z,issue,x,a,3\n"), false)
	f.Fuzz(func(t *testing.T, list []byte, comma bool) {
		r, err := Analyse(context.Background(), bytes.NewReader(list), Options{
			Rules: every, Outside: []string{"BANK"}, Opening: true, Comma: comma, Sale: "sale", Network: true,
		})
		var fault *Fault
		switch {
		case errors.As(err, &fault):
			if fault.Line < 1 || fault.What == "" || fault.Do == "" {
				t.Errorf("refused with %+v", fault)
			}
		case err != nil:
			t.Errorf("refused with %v", err)
		default:
			for _, p := range r.Paths {
				if plus(p.Hops...).Cmp(r.Volume) != 0 || plus(p.Rest...).Cmp(r.Stock) != 0 {
					t.Errorf("%s does not add up", p.Rule)
				}
				r.PathLines(p)
			}
			r.Lines()
		}
	})
}
