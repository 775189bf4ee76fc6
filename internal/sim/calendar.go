package sim

import (
	"math/big"
	"time"
	_ "time/tzdata" // the civil day must not depend on what a machine has installed
)

// day counts civil days since 1970-01-01.
type day int

const (
	secondsPerDay = 86400
	dayLayout     = "2006-01-02"
)

// firstDay and lastDay bound the days that the replay format can name.
var (
	firstDay = dayOfDate(time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC))
	lastDay  = dayOfDate(time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC))
)

// amsterdam is where the days begin and end.
var amsterdam = mustLoad("Europe/Amsterdam")

func mustLoad(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic("sim: " + err.Error()) // the zone data is compiled in
	}
	return zone
}

// dayOfDate reads the calendar date that t shows in its own zone.
func dayOfDate(t time.Time) day {
	midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	return day(midnight.Unix() / secondsPerDay) // exact: midnights are multiples, before 1970 too
}

// civilDay is the day in Europe/Amsterdam on which t falls.
func civilDay(t time.Time) day { return dayOfDate(t.In(amsterdam)) }

// start is the instant at which day d begins in Europe/Amsterdam.
func (d day) start() time.Time {
	t := d.midnight()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, amsterdam)
}

func (d day) midnight() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

func (d day) String() string { return d.midnight().Format(dayLayout) }

// parseDay reads YYYY-MM-DD in the years 0001–9999.
func parseDay(text string) (day, bool) {
	if !dayPattern.MatchString(text) {
		return 0, false
	}
	t, err := time.Parse(dayLayout, text)
	if err != nil {
		return 0, false
	}
	d := dayOfDate(t)
	return d, firstDay <= d && d <= lastDay
}

// policy is what an operator may decide. Rate and fee are in billionths.
type policy struct {
	from      day
	rate      int64
	monthly   bool
	grace     int
	hops      int
	term      int
	fee       int64
	redeemers []string
}

func (p policy) mayRedeem(role string) bool {
	for _, r := range p.redeemers {
		if r == role {
			return true
		}
	}
	return false
}

func (p policy) charges(d day) bool { return !p.monthly || d.midnight().Day() == 1 }

// calendar is the policies of a ledger and the index that follows from them. A
// calendar never changes: a new policy makes a new one. Only its memo grows.
type calendar struct {
	first    day // the ledger's first day
	policies []policy
	memo     []*big.Int // the index of first, first+1, …
}

var (
	one      = big.NewInt(1)
	billion  = big.NewInt(1e9)
	scale    = big.NewInt(1e18) // the first index, and the worth of one grain
	centSize = big.NewInt(1e6)  // grains in a cent
)

// with adds p, or puts it in the place of the policy with the same first day.
func (c *calendar) with(p policy) (next *calendar, replaced bool) {
	next = &calendar{first: c.first}
	for _, old := range c.policies {
		if old.from == p.from {
			replaced = true
			continue
		}
		next.policies = append(next.policies, old)
	}
	next.policies = append(next.policies, p)
	return next, replaced
}

// inForce is the policy with the latest first day that d has reached.
func (c *calendar) inForce(d day) policy {
	best := c.policies[0]
	for _, p := range c.policies {
		if p.from <= d && (best.from > d || p.from > best.from) {
			best = p
		}
	}
	return best
}

// index is the number by which units are worth grains on day d, which must not lie before the first day.
func (c *calendar) index(d day) *big.Int {
	if len(c.memo) == 0 {
		c.memo = append(c.memo, scale)
	}
	for day(len(c.memo)) <= d-c.first {
		last := c.memo[len(c.memo)-1]
		c.memo = append(c.memo, c.after(last, c.first+day(len(c.memo))))
	}
	return c.memo[d-c.first]
}

// after is the index of day d when it was last on the day before.
func (c *calendar) after(last *big.Int, d day) *big.Int {
	p := c.inForce(d)
	if !p.charges(d) {
		return last
	}
	next := new(big.Int).Mul(last, big.NewInt(1e9-p.rate))
	next.Div(next, billion)
	if next.Sign() == 0 {
		return one
	}
	return next
}

// horizon is the latest melts-from day that any day up to today can have given.
func (c *calendar) horizon(today day) day {
	latest := today
	for d := c.first; d <= today; d++ {
		if m := d + day(c.inForce(d).grace); m > latest {
			latest = m
		}
	}
	return latest
}
