package circulation

import (
	"math/big"
	"slices"
)

// mostHops is from how many hops on mixed money stands together: under this rule
// a trace of everything goes everywhere, and the list of hops would not end.
const mostHops = 32

// finest is how many bits the divisor of mixed amounts may have.
const finest = 256

// mostSpells bounds the work for the median, in parts of accounts looked at.
const mostSpells = 1_000_000

// mixture follows money that is handed over in the same fraction of all there
// is. It keeps for each account how much has which hops, and the sums that the
// means need; all of it in whole shares, of which a unit has as many as the
// rows so far asked for.
type mixture struct {
	shares *big.Int // of a unit
	exact  bool
	begun  bool
	zero   int64 // the time from which sums count
	held   []content
	moved  content // what is on its way
	spells int     // looked at so far; beyond mostSpells nobody knows the median

	lay     *big.Int // Σ shares × microseconds
	age     *big.Int
	steps   *big.Int
	hops    content
	out     [exits]content
	lasting map[int64]*big.Int
	a, b    big.Int // for reckoning
}

// content is what an account has, or what went one way.
type content struct {
	total    int64                 // units
	hops     [mostHops + 1]big.Int // shares by hops
	steps    big.Int               // Σ shares × hops
	since    big.Int               // Σ shares × time of arrival
	born     big.Int               // Σ shares × time of issue
	arrivals []arrival
}

// arrival is what is left of what came at one time.
type arrival struct {
	at     int64
	shares *big.Int
}

func newMixture() *mixture {
	return &mixture{
		shares: big.NewInt(1), exact: true, lay: new(big.Int), age: new(big.Int), steps: new(big.Int),
		lasting: make(map[int64]*big.Int),
	}
}

func (m *mixture) account(i int) *content {
	if missing := i + 1 - len(m.held); missing > 0 {
		m.held = append(m.held, make([]content, missing)...)
	}
	return &m.held[i]
}

// numbers calls fn for each number of a content that is divided when it is.
func (c *content) numbers(fn func(*big.Int)) {
	for k := range c.hops {
		if c.hops[k].Sign() != 0 {
			fn(&c.hops[k])
		}
	}
	fn(&c.steps)
	fn(&c.since)
	fn(&c.born)
	for i := range c.arrivals {
		fn(c.arrivals[i].shares)
	}
}

// ofUnits is units in shares, good until the next call.
func (m *mixture) ofUnits(units int64) *big.Int { return m.a.Mul(m.b.SetInt64(units), m.shares) }

func (m *mixture) enter(to int, amount, at int64) {
	if !m.begun {
		m.begun, m.zero = true, at
	}
	c, when := m.account(to), big.NewInt(at-m.zero)
	shares := new(big.Int).Set(m.ofUnits(amount))
	c.total += amount
	c.hops[0].Add(&c.hops[0], shares)
	c.since.Add(&c.since, m.a.Mul(shares, when))
	c.born.Add(&c.born, m.a.Mul(shares, when))
	m.arrive(c, at, shares)
}

// arrive keeps what came at a time, while the median is sought.
func (m *mixture) arrive(c *content, at int64, shares *big.Int) {
	if m.spells > mostSpells {
		return
	}
	i := len(c.arrivals)
	for i > 0 && c.arrivals[i-1].at > at {
		i--
	}
	if i > 0 && c.arrivals[i-1].at == at {
		c.arrivals[i-1].shares.Add(c.arrivals[i-1].shares, shares)
		return
	}
	c.arrivals = slices.Insert(c.arrivals, i, arrival{at, new(big.Int).Set(shares)})
}

// take takes an amount from an account, of everything the same fraction, and
// leaves it in moved.
func (m *mixture) take(from int, amount int64) {
	c, out := m.account(from), &m.moved
	part, of := new(big.Int).SetInt64(amount), new(big.Int).SetInt64(c.total)
	common := new(big.Int).GCD(nil, nil, part, of)
	part.Quo(part, common)
	of.Quo(of, common)
	m.refine(c, of)
	wanted := new(big.Int).Set(m.ofUnits(amount))
	most := 0
	for k := range c.hops {
		m.portion(&out.hops[k], &c.hops[k], part, of)
		wanted.Sub(wanted, &out.hops[k])
		if c.hops[k].Cmp(&c.hops[most]) > 0 {
			most = k
		}
	}
	out.hops[most].Add(&out.hops[most], wanted) // what roundings left behind
	c.hops[most].Sub(&c.hops[most], wanted)
	m.portion(&out.steps, &c.steps, part, of)
	m.portion(&out.since, &c.since, part, of)
	m.portion(&out.born, &c.born, part, of)
	m.takeArrivals(c, part, of)
	out.total = amount
	c.total -= amount
}

// portion moves part / of of a number.
func (m *mixture) portion(to, from, part, of *big.Int) {
	if from.Sign() == 0 {
		to.SetInt64(0)
		return
	}
	to.QuoRem(m.a.Mul(from, part), of, &m.b)
	m.exact = m.exact && m.b.Sign() == 0
	from.Sub(from, to)
}

func (m *mixture) takeArrivals(c *content, part, of *big.Int) {
	out := &m.moved
	out.arrivals = out.arrivals[:0]
	if m.spells += len(c.arrivals); m.spells > mostSpells {
		c.arrivals, m.lasting = nil, nil
		return
	}
	for i := range c.arrivals {
		a := arrival{c.arrivals[i].at, new(big.Int)}
		m.portion(a.shares, c.arrivals[i].shares, part, of)
		if a.shares.Sign() != 0 {
			out.arrivals = append(out.arrivals, a)
		}
	}
	c.arrivals = slices.DeleteFunc(c.arrivals, func(a arrival) bool { return a.shares.Sign() == 0 })
}

// refine cuts every share into as many as it takes to divide an account, as
// long as that is not too fine.
func (m *mixture) refine(c *content, of *big.Int) {
	if m.shares.BitLen() >= finest || of.Cmp(big.NewInt(1)) == 0 {
		return
	}
	common := new(big.Int).Set(of)
	c.numbers(func(n *big.Int) { common.GCD(nil, nil, common, m.a.Abs(n)) })
	factor := common.Quo(of, common)
	if factor.Cmp(big.NewInt(1)) == 0 || m.shares.BitLen()+factor.BitLen() > finest {
		return
	}
	cut := func(n *big.Int) { n.Mul(n, factor) }
	for i := range m.held {
		m.held[i].numbers(cut)
	}
	m.hops.numbers(cut)
	for i := range m.out {
		m.out[i].numbers(cut)
	}
	for _, n := range m.lasting {
		cut(n)
	}
	for _, n := range []*big.Int{m.shares, m.lay, m.age, m.steps} {
		cut(n)
	}
}

func (m *mixture) pay(from, to int, amount, at int64, counts bool) {
	m.take(from, amount)
	c, out, when := m.account(to), &m.moved, big.NewInt(at-m.zero)
	shares := new(big.Int).Set(m.ofUnits(amount))
	arrived := new(big.Int).Mul(shares, when)
	for k := range out.hops {
		next := min(k+1, mostHops)
		c.hops[next].Add(&c.hops[next], &out.hops[k])
		if counts {
			m.hops.hops[next].Add(&m.hops.hops[next], &out.hops[k])
		}
	}
	if counts {
		m.lay.Add(m.lay, arrived).Sub(m.lay, &out.since)
		m.lasted(at)
	}
	c.steps.Add(&c.steps, &out.steps).Add(&c.steps, shares)
	c.since.Add(&c.since, arrived)
	c.born.Add(&c.born, &out.born)
	c.total += amount
	m.arrive(c, at, shares)
}

// lasted counts how long what is on its way had lain.
func (m *mixture) lasted(at int64) {
	for _, a := range m.moved.arrivals {
		if m.lasting[at-a.at] == nil {
			m.lasting[at-a.at] = new(big.Int)
		}
		m.lasting[at-a.at].Add(m.lasting[at-a.at], a.shares)
	}
}

func (m *mixture) carry(from, to int, amount int64) {
	m.take(from, amount)
	c, out := m.account(to), &m.moved
	for k := range out.hops {
		c.hops[k].Add(&c.hops[k], &out.hops[k])
	}
	c.steps.Add(&c.steps, &out.steps)
	c.since.Add(&c.since, &out.since)
	c.born.Add(&c.born, &out.born)
	c.total += amount
	for _, a := range out.arrivals {
		m.arrive(c, a.at, a.shares)
	}
}

func (m *mixture) leave(from int, amount, at int64, by exit, counts bool) {
	m.take(from, amount)
	if !counts {
		return
	}
	out := &m.moved
	for k := range out.hops {
		m.out[by].hops[k].Add(&m.out[by].hops[k], &out.hops[k])
	}
	m.steps.Add(m.steps, &out.steps)
	m.age.Add(m.age, m.b.Mul(m.ofUnits(amount), big.NewInt(at-m.zero))).Sub(m.age, &out.born)
}

func (m *mixture) path() *Path {
	p := &Path{
		Rule: Mixed, Exact: m.exact, Capped: mostHops, Lay: m.coinDays(m.lay), ExitDays: m.coinDays(m.age),
		ExitHops: m.coins(m.steps), Hops: m.byHops(&m.hops),
		Redeemed: m.byHops(&m.out[byRedeem]), Melted: m.byHops(&m.out[byDemurrage]), Other: m.byHops(&m.out[bySystem]),
	}
	var rest content
	for i := range m.held {
		for k := range rest.hops {
			rest.hops[k].Add(&rest.hops[k], &m.held[i].hops[k])
		}
	}
	p.Rest = m.byHops(&rest)
	var spells []spell
	for lay, shares := range m.lasting {
		spells = append(spells, spell{lay, shares})
	}
	p.Median = median(spells)
	return p
}

// coins is shares as coins.
func (m *mixture) coins(shares *big.Int) *big.Rat {
	return new(big.Rat).SetFrac(shares, new(big.Int).Mul(m.shares, big.NewInt(unit)))
}

func (m *mixture) coinDays(shareMicros *big.Int) *big.Rat {
	return times(m.coins(shareMicros), big.NewRat(1, microsPerDay))
}

// byHops is coins by hops, as far as there are any.
func (m *mixture) byHops(c *content) []*big.Rat {
	var all []*big.Rat
	for k := range c.hops {
		if c.hops[k].Sign() != 0 {
			for len(all) <= k {
				all = append(all, new(big.Rat))
			}
			all[k] = m.coins(&c.hops[k])
		}
	}
	return all
}
