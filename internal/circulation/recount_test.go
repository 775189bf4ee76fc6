package circulation

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// fate is what is known of a coin.
type fate struct{ since, born, hops int64 }

// recount follows every single coin of a list, or every fraction of one, in the
// slowest way there is.
type recount struct {
	rule    Rule
	coins   map[string][]fate            // each coin, the first to come first
	parts   map[string]map[fate]*big.Rat // under the mixed rule
	lay     *big.Rat
	hops    map[int64]*big.Rat
	exits   map[int64]*big.Rat
	age     *big.Rat
	lasting map[int64]*big.Rat
}

func newRecount(rule Rule) *recount {
	return &recount{
		rule: rule, coins: make(map[string][]fate), parts: make(map[string]map[fate]*big.Rat), lay: new(big.Rat), age: new(big.Rat),
		hops: make(map[int64]*big.Rat), exits: make(map[int64]*big.Rat), lasting: make(map[int64]*big.Rat),
	}
}

// put adds coins to an account: each, or all as one part.
func (c *recount) put(name string, f fate, amount *big.Rat) {
	if c.rule != Mixed {
		for range amount.Num().Int64() {
			c.coins[name] = append(c.coins[name], f)
		}
		return
	}
	if c.parts[name] == nil {
		c.parts[name] = make(map[fate]*big.Rat)
	}
	note(c.parts[name], f, amount)
}

func note[K comparable](m map[K]*big.Rat, key K, amount *big.Rat) {
	if m[key] == nil {
		m[key] = new(big.Rat)
	}
	m[key].Add(m[key], amount)
}

// take takes coins from an account and calls fn for each, or for each part.
func (c *recount) take(name string, n int, fn func(fate, *big.Rat)) {
	one := big.NewRat(1, 1)
	has := c.coins[name]
	var taken []fate
	switch c.rule {
	case FIFO:
		taken, c.coins[name] = slices.Clone(has[:n]), has[n:]
	case LIFO:
		taken, c.coins[name] = slices.Clone(has[len(has)-n:]), has[:len(has)-n]
	case Mixed:
		all := new(big.Rat)
		for _, amount := range c.parts[name] {
			all.Add(all, amount)
		}
		share := new(big.Rat).Quo(big.NewRat(int64(n), 1), all)
		for f, amount := range c.parts[name] {
			part := new(big.Rat).Mul(amount, share)
			amount.Sub(amount, part)
			fn(f, part)
		}
	}
	for _, f := range taken {
		fn(f, one)
	}
}

func (c *recount) pay(from, to string, n int, at int64) {
	type moved struct {
		fate
		amount *big.Rat
	}
	var all []moved
	c.take(from, n, func(f fate, amount *big.Rat) {
		c.lay.Add(c.lay, times(amount, big.NewRat(at-f.since, 1)))
		note(c.lasting, at-f.since, amount)
		note(c.hops, f.hops+1, amount)
		all = append(all, moved{fate{at, f.born, f.hops + 1}, amount})
	})
	for _, m := range all {
		c.put(to, m.fate, m.amount)
	}
}

func (c *recount) leave(from string, n int, at int64) {
	c.take(from, n, func(f fate, amount *big.Rat) {
		note(c.exits, f.hops, amount)
		c.age.Add(c.age, times(amount, big.NewRat(at-f.born, 1)))
	})
}

// rest is what is left, by hops.
func (c *recount) rest() map[int64]*big.Rat {
	rest := make(map[int64]*big.Rat)
	for _, coins := range c.coins {
		for _, f := range coins {
			note(rest, f.hops, big.NewRat(1, 1))
		}
	}
	for _, parts := range c.parts {
		for f, amount := range parts {
			note(rest, f.hops, amount)
		}
	}
	return rest
}

// median is by the book: the least time within which half was handed on.
func (c *recount) median() *big.Rat {
	all := new(big.Rat)
	var spells []int64
	for lay, amount := range c.lasting {
		all.Add(all, amount)
		spells = append(spells, lay)
	}
	slices.Sort(spells)
	within := new(big.Rat)
	for _, lay := range spells {
		if within.Add(within, c.lasting[lay]); plus(within, within).Cmp(all) >= 0 {
			return big.NewRat(lay, 1)
		}
	}
	return nil
}

// random writes a list of a few accounts, at most so much at a time, and follows
// it at the same time.
func random(seed uint64, rows, most int, rule Rule) (string, *recount) {
	chance := rand.New(rand.NewPCG(seed, 5))
	c := newRecount(rule)
	balance := make(map[string]int)
	var list strings.Builder
	list.WriteString("day,type,source,target,amount\n")
	names := []string{"a", "b", "c", "d"}
	at := int64(0)
	for range rows {
		at += int64(chance.IntN(3))
		from, to := names[chance.IntN(4)], names[chance.IntN(4)]
		switch what := chance.IntN(10); {
		case what < 2 || balance[from] == 0 || from == to:
			n := 1 + chance.IntN(most)
			balance[to] += n
			c.put(to, fate{at, at, 0}, big.NewRat(int64(n), 1))
			fmt.Fprintf(&list, "%d,issue,x,%s,%d\n", at, to, n)
		case what < 8:
			n := 1 + chance.IntN(balance[from])
			balance[from] -= n
			balance[to] += n
			c.pay(from, to, n, at)
			fmt.Fprintf(&list, "%d,transfer,%s,%s,%d\n", at, from, to, n)
		default:
			n := 1 + chance.IntN(balance[from])
			balance[from] -= n
			c.leave(from, n, at)
			fmt.Fprintf(&list, "%d,%s,%s,x,%d\n", at, []string{"redeem", "demurrage"}[chance.IntN(2)], from, n)
		}
	}
	return list.String(), c
}

// TestEveryCoinCountedOneByOneGivesTheSame on random lists, under each rule.
func TestEveryCoinCountedOneByOneGivesTheSame(t *testing.T) {
	for seed := range uint64(40) {
		for _, rule := range every {
			list, c := random(seed, 30, 20, rule)
			r := analyse(t, list, Options{Rules: []Rule{rule}})
			p := r.Paths[0]
			if !p.Exact {
				t.Fatalf("seed %d: %s was rounded", seed, rule)
			}
			same := func(what string, got, want *big.Rat) {
				if (got == nil) != (want == nil) || got != nil && got.Cmp(want) != 0 {
					t.Fatalf("seed %d, %s: %s is %v, want %v\n%s", seed, rule, what, got, want, list)
				}
			}
			same("Σ amount × days", p.Lay, c.lay)
			same("age at exit", p.ExitDays, c.age)
			same("median", p.Median, c.median())
			for k := range int64(31) {
				same(fmt.Sprint("volume by hop ", k), at(p.Hops, int(k)), plus(orNought(c.hops[k])))
				same(fmt.Sprint("exit by hop ", k), at(p.exits(), int(k)), plus(orNought(c.exits[k])))
				same(fmt.Sprint("rest by hop ", k), at(p.Rest, int(k)), plus(orNought(c.rest()[k])))
			}
			same("the hops together", plus(p.Hops...), r.Volume)
			same("the rest together", plus(p.Rest...), r.Stock)
			same("issued", plus(r.Stock, plus(p.exits()...)), r.Issued)
		}
	}
}

func orNought(x *big.Rat) *big.Rat {
	if x == nil {
		return new(big.Rat)
	}
	return x
}

// TestWhatIsRoundedAddsUp: a long list under the mixed rule asks for more than
// its divisor may have. It says so, nothing is lost, and what is told is within
// a hair of the truth.
func TestWhatIsRoundedAddsUp(t *testing.T) {
	list, c := random(7, 60, 1_000_003, Mixed)
	r := analyse(t, list, Options{Rules: []Rule{Mixed}})
	p := r.Paths[0]
	if p.Exact {
		t.Fatal("nothing was rounded: the list is too short to try it")
	}
	if got := plus(p.Hops...); got.Cmp(r.Volume) != 0 {
		t.Errorf("the hops add up to %v, the volume is %v", got.FloatString(40), r.Volume)
	}
	if got := plus(plus(p.Rest...), plus(p.exits()...)); got.Cmp(r.Issued) != 0 {
		t.Errorf("what is left and what left add up to %v, issued was %v", got.FloatString(40), r.Issued)
	}
	hair := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), 200))
	near := func(what string, got, want *big.Rat) {
		off := new(big.Rat).Sub(got, want)
		if off.Abs(off).Cmp(hair) > 0 {
			t.Errorf("%s is off by %s", what, off.FloatString(70))
		}
	}
	near("Σ amount × days", p.Lay, c.lay)
	near("age at exit", p.ExitDays, c.age)
	for k := range 20 {
		near(fmt.Sprint("volume by hop ", k), at(p.Hops, k), orNought(c.hops[int64(k)]))
	}
}

// TestTheEffectiveBalanceIsAnIdentity: V·h / (M·T) = V_T·h, whatever the list.
func TestTheEffectiveBalanceIsAnIdentity(t *testing.T) {
	for seed := range uint64(10) {
		list, _ := random(seed, 40, 20, FIFO)
		r := analyse(t, list, Options{Rules: every})
		for _, p := range r.Paths {
			got := exact(r.PathLines(p))
			frac, _ := new(big.Rat).SetString(got["M_eff_frac"])
			h, _ := new(big.Rat).SetString(got["mean_hold_days"])
			if want := times(over(r.Volume, r.StockDays), h); frac.Cmp(want) != 0 {
				t.Errorf("seed %d, %s: %v, want %v", seed, p.Rule, frac, want)
			}
		}
	}
}
