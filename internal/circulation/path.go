package circulation

import (
	"math/big"
	"slices"
)

// Rule is which money a payer is taken to hand over.
type Rule string

// The rules.
const (
	FIFO  Rule = "fifo"  // what came first
	LIFO  Rule = "lifo"  // what came last
	Mixed Rule = "mixed" // of everything the same fraction
)

// Path is what a rule makes of the way of the money. Amounts are in coins, and
// those by hops have at [k] what was handed over k times since it was issued.
type Path struct {
	Rule   Rule
	Exact  bool // whether nothing was rounded
	Capped int  // from so many hops on all stands together; 0 for never

	Lay    *big.Rat // Σ amount × days at the payer, over transfers
	Median *big.Rat // days within which half of V was handed on; nil for not known

	Hops     []*big.Rat // value making its k-th transfer
	Redeemed []*big.Rat // what became euros
	Melted   []*big.Rat // what demurrage took
	Other    []*big.Rat // what system accounts got
	Rest     []*big.Rat // what users hold at the end

	ExitHops *big.Rat // Σ amount × hops, over all that left
	ExitDays *big.Rat // Σ amount × days since it was issued, over all that left
}

// tracker follows money under a rule. Amounts are units, times microseconds;
// an account never hands over more than it has.
type tracker interface {
	// enter puts new money into an account.
	enter(to int, amount, at int64)
	// pay moves money from one account to another, one hop on.
	pay(from, to int, amount, at int64, counts bool)
	// carry moves money as if it had lain where it comes to all the time.
	carry(from, to int, amount int64)
	// leave takes money out by one of the exits.
	leave(from int, amount, at int64, by exit, counts bool)
	// path tells what became of it all.
	path() *Path
}

// exit is a way out.
type exit int

const (
	byRedeem exit = iota
	byDemurrage
	bySystem
	exits
)

// lots follows each piece of money that came at one time. The oldest stand
// first; what is taken is taken from the front, or from the end.
type lots struct {
	last    bool // newest first
	held    []pile
	taken   []piece
	lay     area
	age     area
	hops    []int64
	out     [exits][]int64
	lasting map[int64]int64 // how long it lay at payers → how much
}

// piece is an amount with one history.
type piece struct {
	since  int64 // when it came
	born   int64 // when it was issued
	amount int64
	hops   int
}

// pile is the pieces of an account. Those before the first are gone.
type pile struct {
	pieces []piece
	first  int
}

func newLots(last bool) *lots { return &lots{last: last, lasting: make(map[int64]int64)} }

func (l *lots) pile(account int) *pile {
	if missing := account + 1 - len(l.held); missing > 0 {
		l.held = append(l.held, make([]pile, missing)...)
	}
	return &l.held[account]
}

func (l *lots) enter(to int, amount, at int64) {
	l.pile(to).add(piece{since: at, born: at, amount: amount})
}

// add puts a piece behind those that came before it or with it.
func (p *pile) add(a piece) {
	i := len(p.pieces)
	for i > p.first && p.pieces[i-1].since > a.since {
		i--
	}
	if i > p.first {
		if b := &p.pieces[i-1]; b.since == a.since && b.born == a.born && b.hops == a.hops {
			b.amount += a.amount
			return
		}
	}
	p.pieces = slices.Insert(p.pieces, i, a)
}

// take takes an amount from an account. The pieces stay in their order and are
// good until the next call.
func (l *lots) take(account int, amount int64) []piece {
	p := l.pile(account)
	if l.last {
		l.taken = p.takeLast(l.taken[:0], amount)
		return l.taken
	}
	l.taken = l.taken[:0]
	for amount > 0 {
		a := &p.pieces[p.first]
		part := *a
		part.amount = min(a.amount, amount)
		amount -= part.amount
		l.taken = append(l.taken, part)
		if a.amount -= part.amount; a.amount == 0 {
			p.first++
		}
	}
	if p.first > len(p.pieces)/2 {
		p.pieces = slices.Delete(p.pieces, 0, p.first)
		p.first = 0
	}
	return l.taken
}

func (p *pile) takeLast(taken []piece, amount int64) []piece {
	i := len(p.pieces)
	for amount > 0 {
		i--
		amount -= p.pieces[i].amount
	}
	taken = append(taken, p.pieces[i:]...)
	if amount == 0 {
		p.pieces = p.pieces[:i]
		return taken
	}
	p.pieces = p.pieces[:i+1] // what is too much stays
	p.pieces[i].amount = -amount
	taken[0].amount += amount
	return taken
}

func (l *lots) pay(from, to int, amount, at int64, counts bool) {
	taken, target := l.take(from, amount), l.pile(to)
	for _, a := range taken {
		if counts {
			l.lay.add(a.amount, at-a.since)
			l.lasting[at-a.since] += a.amount
			l.hops = tally(l.hops, a.hops+1, a.amount)
		}
		a.since = at
		a.hops++
		target.add(a)
	}
}

func (l *lots) carry(from, to int, amount int64) {
	taken, target := l.take(from, amount), l.pile(to)
	for _, a := range taken {
		target.add(a)
	}
}

func (l *lots) leave(from int, amount, at int64, by exit, counts bool) {
	for _, a := range l.take(from, amount) {
		if counts {
			l.age.add(a.amount, at-a.born)
			l.out[by] = tally(l.out[by], a.hops, a.amount)
		}
	}
}

// tally adds an amount to the count of its hops.
func tally(counts []int64, hops int, amount int64) []int64 {
	if missing := hops + 1 - len(counts); missing > 0 {
		counts = append(counts, make([]int64, missing)...)
	}
	counts[hops] += amount
	return counts
}

func (l *lots) path() *Path {
	p := &Path{
		Rule: FIFO, Exact: true, Lay: l.lay.coinDays(), ExitDays: l.age.coinDays(), Hops: allCoins(l.hops),
		Redeemed: allCoins(l.out[byRedeem]), Melted: allCoins(l.out[byDemurrage]), Other: allCoins(l.out[bySystem]),
	}
	if l.last {
		p.Rule = LIFO
	}
	var rest []int64
	for _, h := range l.held {
		for _, a := range h.pieces[h.first:] {
			rest = tally(rest, a.hops, a.amount)
		}
	}
	p.Rest = allCoins(rest)
	p.ExitHops = new(big.Rat)
	for _, out := range [][]*big.Rat{p.Redeemed, p.Melted, p.Other} {
		for k, amount := range out {
			p.ExitHops.Add(p.ExitHops, times(amount, big.NewRat(int64(k), 1)))
		}
	}
	var spells []spell
	for lay, amount := range l.lasting {
		spells = append(spells, spell{lay, big.NewInt(amount)})
	}
	p.Median = median(spells)
	return p
}

func allCoins(units []int64) []*big.Rat {
	all := make([]*big.Rat, len(units))
	for i, u := range units {
		all[i] = coins(u)
	}
	return all
}

// spell is how long an amount lay.
type spell struct {
	micros int64
	amount *big.Int
}

// median is the shortest time within which half of an amount was handed on, in
// days; nil for none.
func median(spells []spell) *big.Rat {
	slices.SortFunc(spells, func(a, b spell) int { return int(min(max(a.micros-b.micros, -1), 1)) })
	left := new(big.Int) // twice what is not yet passed, less all of it
	for _, s := range spells {
		left.Add(left, s.amount)
	}
	for _, s := range spells {
		left.Sub(left, s.amount).Sub(left, s.amount)
		if left.Sign() <= 0 {
			return days(s.micros)
		}
	}
	return nil
}
