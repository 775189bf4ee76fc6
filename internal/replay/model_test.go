package replay

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"reflect"
	"testing"

	"grulden/demurrage"
	"grulden/internal/sim"
	"grulden/ledger"
)

// To run thousands, or one again:
//
//	go test ./internal/replay -run SlowModel -histories=5000 -seed=1000 -timeout=2h
//	go test ./internal/replay -run SlowModel -histories=1 -seed=1234
var (
	histories = flag.Int("histories", fewHistories, "how many random histories to compare")
	firstSeed = flag.Uint64("seed", 0, "the seed of the first of them")
	length    = flag.Int("lines", 0, "how many lines each has; 0 for 60 to 300 by turns")
)

// TestLedgerAgreesWithTheSlowModel lives through random histories with the
// ledger and with the second telling of its rules, and wants the same answer to
// every line and the same balances on days past, present and to come.
func TestLedgerAgreesWithTheSlowModel(t *testing.T) {
	for seed := *firstSeed; seed < *firstSeed+uint64(*histories); seed++ {
		if err := newContest(seed).run(); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
}

// contest is one history told to both.
type contest struct {
	lines [][]byte
	fast  *Memory
	slow  *sim.Model
	told  [][]byte        // the lines that were applied
	days  []demurrage.Day // and their days
}

// newContest writes a history. Lengths and kinds go round with the seed.
func newContest(seed uint64) *contest {
	n := 60 + 80*int(seed%4)
	if *length > 0 {
		n = *length
	}
	c := &contest{fast: NewMemory(), slow: sim.New()}
	if seed%3 == 0 {
		c.lines = sim.HistoryWithBlocks(seed, n)
	} else {
		c.lines = sim.History(seed, n)
	}
	return c
}

func (c *contest) run() error {
	for i, line := range c.lines {
		if err := c.tell(line); err != nil {
			return fmt.Errorf("line %d %s: %w", i+1, line, err)
		}
	}
	return c.compareDays()
}

// tell tells one line to both and compares the answers.
func (c *contest) tell(line []byte) error {
	before := c.fast.State.Head().Seq
	result, err := c.fast.Line(line)
	if err != nil {
		return err
	}
	refusal, blank, err := c.slow.Line(line)
	if err != nil {
		return err
	}
	applied := c.fast.State.Head().Seq > before
	if want := refusal == "" && !blank; applied != want {
		return fmt.Errorf("the ledger says %v, the model %q (blank %t)", result, refusal, blank)
	}
	if refusal != "" && refusal != result.Code() {
		return fmt.Errorf("the ledger says %v, the model %s", result, refusal)
	}
	if !applied {
		return nil
	}
	c.told = append(c.told, line)
	c.days = append(c.days, c.fast.State.Head().Moment.Day)
	return errors.Join(c.fast.State.Check(), c.slow.Check())
}

// compareDays compares the balances of some days: the first, two between, the
// last and days to come.
func (c *contest) compareDays() error {
	if len(c.days) == 0 {
		return nil
	}
	last := c.days[len(c.days)-1]
	for _, day := range []demurrage.Day{
		c.days[0], c.days[len(c.days)/3], c.days[len(c.days)/3*2], last - 1, last, last + 1, last + 40, last + 500,
	} {
		if day < c.days[0] {
			continue
		}
		if err := c.compareDay(day, last); err != nil {
			return fmt.Errorf("balances of %v: %w", day, err)
		}
	}
	return nil
}

func (c *contest) compareDay(day, last demurrage.Day) error {
	m := c.fast
	if day < last {
		m = c.fold(day)
	}
	ours, err := m.Balances(day)
	if err != nil {
		return err
	}
	theirs, err := c.slow.Balances(day.String())
	if err != nil {
		return err
	}
	a, b := plain(ours), plain(theirs)
	if !reflect.DeepEqual(a, b) {
		return fmt.Errorf("\nledger %s\nmodel  %s", text(ours), text(theirs))
	}
	return nil
}

// fold replays the applied lines up to the end of a day.
func (c *contest) fold(until demurrage.Day) *Memory {
	m := NewMemory()
	for i, line := range c.told {
		if c.days[i] > until {
			break
		}
		if result, err := m.Line(line); result != ledger.Applied || err != nil {
			panic(fmt.Sprintf("%s was applied, and now %v %v", line, result, err))
		}
	}
	return m
}

func text(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings, big integers, lists and maps
	}
	return data
}

// plain is a value as JSON knows it, with its numbers as written.
func plain(v any) (a any) {
	d := json.NewDecoder(bytes.NewReader(text(v)))
	d.UseNumber()
	if err := d.Decode(&a); err != nil {
		panic(err) // it was written just now
	}
	return a
}

// TestHistoriesReachEveryResult keeps the comparison worth something: what no
// history meets is not compared.
func TestHistoriesReachEveryResult(t *testing.T) {
	met := map[ledger.Result]int{}
	for seed := range uint64(60) {
		c := newContest(seed)
		for _, line := range c.lines {
			result, err := c.fast.Line(line)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			met[result]++
		}
	}
	for _, r := range ledger.Results() {
		if r > ledger.NotConvertible { // of devices: no rule of the coin, and the slow model knows none
			break
		}
		if met[r] == 0 && r != ledger.AlreadyApplied { // the replay format has no keys
			t.Errorf("no line is answered with %v", r)
		}
	}
}
