package sim

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"time"
)

// History writes n lines of the replay format, the same for the same seed: a small
// neighbourhood with a bent for edges. A model runs along while it is written, so
// that amounts fall on balances, lots, funds and the cents beside them, and days on
// the turns of graces, terms and policies. About three lines in ten are refused.
// Every line is JSON or blank.
func History(seed uint64, n int) [][]byte { return newAuthor(seed, false).write(n) }

// HistoryWithBlocks is History with block and unblock commands among the others;
// these are not part of the replay format.
func HistoryWithBlocks(seed uint64, n int) [][]byte { return newAuthor(seed, true).write(n) }

// Format joins lines to a JSON Lines file.
func Format(lines [][]byte) []byte {
	var file bytes.Buffer
	for _, line := range lines {
		file.Write(line)
		file.WriteByte('\n')
	}
	return file.Bytes()
}

// author writes one history.
type author struct {
	rng    *rand.Rand
	m      *Model
	temper temper
	blocks bool
	lines  [][]byte

	at   time.Time // of the line being written
	then *state    // the model's state, brought to the day of that line

	plan  []planned // what a story begun will say next
	ids   int       // ids made so far
	paid  []string  // payments, as applied
	asked []string  // redemptions, as applied
}

// planned is a next step of a story: how many days later, and what.
type planned struct {
	days int
	tell func() draft
}

// temper is what makes one history different from another.
type temper struct {
	people []person
	rates  []string
	graces []int
	terms  []int
	hops   []int
	rich   bool // amounts near the largest that can be written
	pace   int  // 0: mostly one day; 1: days and weeks; 2: months as well
	busy   int  // steps that stay on the same day, in a hundred, besides the usual ones
	faults int  // lines spoiled, in a hundred
}

// person is an account that a history may open.
type person struct{ account, owner, role string }

func newAuthor(seed uint64, blocks bool) *author {
	a := &author{rng: rand.New(rand.NewPCG(seed, 0x6772756c64656e)), m: New(), blocks: blocks}
	rates := [][]string{
		{"0.0165%", "0.0165%", "0%"},
		{"0.5%", "1%", "0.0165%"},
		{"0%", "0.0000001%", "00.5%"},
		{"4.99%", "4.9999999%", "2.5%"},
		{"0.0165%", "0.5%", "3.3333333%", "4.99%", "0%"},
	}
	graces := [][]int{{30, 30, 10}, {0, 1, 2}, {3, 5, 10, 0}, {0, 7, 40}, {2, 40, 366}}
	terms := [][]int{{365, 400}, {365, 30, 60}, {1, 2, 3, 14}, {60, 100, 36500}}
	hops := [][]int{{5, 5, 4, 6}, {3, 4, 5}, {2, 3}, {1, 2, 5}, {6, 20, 20}}
	a.temper = temper{
		people: a.people(3 + a.rng.IntN(10)),
		rates:  oneOf(a, rates), graces: oneOf(a, graces), terms: oneOf(a, terms), hops: oneOf(a, hops),
		rich: a.chance(5), pace: a.rng.IntN(3), busy: oneOf(a, []int{0, 20, 60}), faults: 4 + a.rng.IntN(6),
	}
	years := []int{2026, 2026, 2024, 2027, 1999, 2037, 2099}
	a.at = time.Date(oneOf(a, years), time.Month(1+a.rng.IntN(12)), 1+a.rng.IntN(31),
		a.rng.IntN(24), a.rng.IntN(60), a.rng.IntN(60), 0, time.UTC)
	a.then = a.m.state
	return a
}

// people invents the accounts; about a third share their owner with another.
func (a *author) people(n int) []person {
	names := []string{
		"anna", "bakker", "molen", "bram", "fietsenmaker", "chaima", "groenteman", "dewi",
		"zoë", "kapper", "buurthuis", "Anna",
	}
	var list []person
	for i := range n {
		p := person{account: names[i], owner: names[i], role: "resident"}
		if i%2 == 1 {
			p.role = "merchant"
		} else if a.chance(15) {
			p.role = oneOf(a, []string{"club", "merchant", "Merchant"})
		}
		switch {
		case i > 0 && a.chance(25):
			p.owner = oneOf(a, list).owner
		case a.chance(10):
			p.owner = oneOf(a, []string{"familie", names[(i+1)%n]})
		}
		list = append(list, p)
	}
	return list
}

// chance is true in percent of a hundred cases.
func (a *author) chance(percent int) bool { return a.rng.IntN(100) < percent }

func oneOf[T any](a *author, options []T) T { return options[a.rng.IntN(len(options))] }

// write makes n lines.
func (a *author) write(n int) [][]byte {
	for range a.rng.IntN(3) {
		a.say(a.tellOpen()) // refused: nothing comes before the first policy
	}
	for a.m.state.cal == nil { // a first policy may be spoiled
		a.say(a.tellPolicy())
	}
	for i := range a.temper.people {
		if i < 2 || a.chance(75) {
			a.say(a.tellOpenOf(a.temper.people[i]))
		}
	}
	for len(a.lines) < n {
		a.step()
	}
	return a.lines[:n]
}

// step writes one line: the next of a plan, or something new.
func (a *author) step() {
	if a.chance(1) {
		a.put([]byte(oneOf(a, []string{"", " ", "\t \r"})))
		return
	}
	if len(a.plan) > 0 {
		next := a.plan[0]
		a.plan = a.plan[1:]
		a.wait(next.days)
		a.say(next.tell())
		return
	}
	a.tick()
	a.say(a.tellSomething())
}

// say dates the draft, perhaps spoils it, writes it and lets the model judge it.
func (a *author) say(d draft) {
	if d == nil {
		d = draft{{"kind", `"transfer"`}}
	}
	d = d.with("at", a.quote(a.instant(a.at)))
	if a.chance(a.temper.faults) {
		d = a.spoil(d)
	}
	line := a.decorate(d).line()
	if a.chance(1) {
		line = []byte(oneOf(a, []string{`[]`, `"pay"`, `17`, `null`, `true`, `{}`, `[{"kind":"pay"}]`}))
	}
	if a.put(line) == "" {
		a.follow(a.m.newest)
	}
}

// put writes a line down and gives it to the model.
func (a *author) put(line []byte) (refusal string) {
	refusal, _, err := a.m.Line(line)
	if err != nil {
		panic(fmt.Sprintf("sim: wrote %s: %v", line, err))
	}
	a.lines = append(a.lines, line)
	return refusal
}

// follow remembers what was applied, and may make a story of it.
func (a *author) follow(c *command) {
	switch c.kind {
	case "pay":
		a.paid = append(a.paid, c.id)
		if len(a.plan) == 0 {
			a.planAfterPay(c)
		}
	case "redeem":
		a.asked = append(a.asked, c.id)
	}
}

// planAfterPay now and then passes the money on, sends it back, or refunds it.
func (a *author) planAfterPay(c *command) {
	days := func() int { return oneOf(a, []int{0, 0, 1, 1, 1, 3}) }
	switch n := a.rng.IntN(100); {
	case n < 14: // through many hands
		seen := []string{c.from, c.to}
		for range 1 + a.rng.IntN(8) {
			from := seen[len(seen)-1]
			to := a.accountBut(seen...)
			seen = append(seen, to)
			a.plan = append(a.plan, planned{days(), func() draft { return a.tellPay(from, to, c.amount) }})
		}
	case n < 22: // there and back
		from, to := c.to, c.from
		for range 1 + a.rng.IntN(4) {
			f, t := from, to
			a.plan = append(a.plan, planned{days(), func() draft { return a.tellPay(f, t, c.amount) }})
			from, to = to, from
		}
	case n < 34: // undone, in one or more pieces
		for range 1 + a.rng.IntN(3) {
			a.plan = append(a.plan, planned{days(), func() draft { return a.tellRefundOf(c.id) }})
		}
	}
}

// tick moves the clock: by nothing, a little, to an edge, or far. Now and then a
// line is dated before the last entry.
func (a *author) tick() {
	now := a.m.state.last
	if a.chance(a.temper.busy) {
		a.wait(0)
		return
	}
	switch n := a.rng.IntN(100); {
	case n < 22:
		a.setClock(now)
	case n < 40:
		a.setClock(now.Add(time.Duration(a.rng.Int64N(60e9))))
	case n < 54:
		a.setClock(now.Add(time.Duration(1+a.rng.IntN(12*3600)) * time.Second))
	case n < 66:
		a.setClock(a.nearStart(a.m.state.today + 1))
	case n < 82:
		a.wait(1)
	case n < 90:
		a.wait(2 + a.rng.IntN(4*(1+2*a.temper.pace)))
	case n < 96:
		a.setClock(a.nearStart(a.turningDay()))
	case n < 98:
		a.wait(a.longWait())
	default:
		a.setClock(now.Add(-time.Duration(1 + a.rng.Int64N(3e9))))
	}
}

func (a *author) longWait() int {
	longest := []int{20, 90, 500}[a.temper.pace]
	return 1 + a.rng.IntN(longest)
}

// wait moves the clock some days on, to any time of that day.
func (a *author) wait(days int) {
	now := a.m.state.last
	if days > 0 {
		now = (a.m.state.today + day(days)).start().Add(time.Duration(a.rng.IntN(86000)) * time.Second)
	} else if a.chance(50) {
		now = now.Add(time.Duration(a.rng.IntN(3000)) * time.Second)
	}
	a.setClock(now)
}

// nearStart is an instant at the edge between day d and the day before.
func (a *author) nearStart(d day) time.Time {
	edge := oneOf(a, []time.Duration{-time.Second, -1, 0, 0, 1, time.Second, 90 * time.Minute, 3 * time.Hour})
	if t := d.start().Add(edge); !t.Before(a.m.state.last) {
		return t
	}
	return a.m.state.last
}

// turningDay is a day to come on which something changes by itself.
func (a *author) turningDay() day {
	s := a.m.state
	days := []day{s.today + 1}
	if s.cal == nil {
		return days[0]
	}
	month := s.today.midnight().AddDate(0, 1, 0)
	days = append(days, dayOfDate(month)-day(month.Day()-1), a.nextClockChange())
	for _, p := range s.cal.policies {
		days = append(days, p.from, p.from) // twice: else policies rarely come into force
	}
	for _, name := range s.names() {
		for _, l := range s.accounts[name].lots {
			days = append(days, l.melts, l.melts+1, l.issueDay+day(s.cal.inForce(s.today).term))
		}
	}
	var ahead []day
	for _, d := range days {
		if d > s.today && d < s.today+500 {
			ahead = append(ahead, d)
		}
	}
	return oneOf(a, ahead)
}

// nextClockChange is the next day without 24 hours, of at least a year's look ahead.
func (a *author) nextClockChange() day {
	d := a.m.state.today + 1
	for d < a.m.state.today+366 && (d+1).start().Sub(d.start()) == 24*time.Hour {
		d++
	}
	return d
}

// setClock dates the line being written and looks at the state of that day.
func (a *author) setClock(t time.Time) {
	a.at = t
	a.then = a.m.state.copy()
	if a.then.cal != nil {
		a.then.advance(civilDay(t))
	}
}
