package policy

import (
	"context"
	"errors"
	"iter"
	"sync"

	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/ledger"
)

// Year is how many days a preview looks back on, today included.
const Year = 365

// ErrNothing says that a ledger has no entries to look back on.
var ErrNothing = errors.New("the ledger has no history to try other rules on")

// Records are the entries of a ledger in order, as node.View.All gives them.
type Records = iter.Seq2[*record.Record, error]

// Scenario is other rules, and in which order payments would take money.
type Scenario struct {
	Name   string
	Policy ledger.Policy
	Order  ledger.Order
}

// Try decides the history of a ledger again under another policy, which holds
// from a year before today, or from the ledger's first day if that is later or
// within a year and its first grace. progress is called now and then.
func Try(ctx context.Context, all Records, other ledger.Policy, today demurrage.Day, progress func(done uint64)) (*Preview, error) {
	previews, err := TryAll(ctx, all, []Scenario{{Policy: other}}, today, progress)
	if err != nil {
		return nil, err
	}
	return previews[0], nil
}

// TryAll is Try for several scenarios at once, each beside the wijk as it was.
// Each has a goroutine; the journal is read once.
func TryAll(ctx context.Context, all Records, others []Scenario, today demurrage.Day, progress func(done uint64)) ([]*Preview, error) {
	trials := []*trial{{from: today - Year + 1, world: NewWorld(ledger.MeltsFirst)}}
	for i := range others {
		trials = append(trials, &trial{other: &others[i], from: today - Year + 1, world: NewWorld(ledger.MeltsFirst)})
	}
	done, err := tell(ctx, all, trials, progress)
	if err != nil {
		return nil, err
	}
	if done == 0 {
		return nil, ErrNothing
	}
	for _, t := range trials {
		if err := t.finish(); err != nil {
			return nil, err
		}
	}
	previews := make([]*Preview, len(others))
	for i, t := range trials[1:] {
		if previews[i], err = Compare(trials[0].world, t.world, t.from, today); err != nil {
			return nil, err
		}
		previews[i].Entries = done
	}
	return previews, nil
}

// atOnce is how many entries are handed to the trials together, so that they
// rarely wait for each other.
const atOnce = 1024

// tell tells every trial the same entries, each in its own goroutine.
func tell(ctx context.Context, all Records, trials []*trial, progress func(uint64)) (done uint64, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var working sync.WaitGroup
	ways := make([]chan []*ledger.Entry, len(trials))
	for i, t := range trials {
		ways[i] = make(chan []*ledger.Entry, 4)
		working.Go(func() {
			for batch := range ways[i] { // to the end also after a fault: nobody waits for us
				for _, e := range batch {
					if ctx.Err() == nil {
						if err := t.entry(e); err != nil {
							cancel(err)
						}
					}
				}
			}
		})
	}
	batch := make([]*ledger.Entry, 0, atOnce)
	send := func() {
		for _, way := range ways {
			way <- batch
		}
		batch = make([]*ledger.Entry, 0, atOnce)
		progress(done)
	}
	for r, fault := range all {
		if fault != nil {
			cancel(fault)
		}
		if ctx.Err() != nil {
			break
		}
		batch = append(batch, &r.Entry)
		if done++; len(batch) == atOnce {
			send()
		}
	}
	send()
	for _, way := range ways {
		close(way)
	}
	working.Wait()
	return done, context.Cause(ctx)
}

// trial is a world that is told a history: as it was, or as it would have been
// had other rules been announced in time.
type trial struct {
	other     *Scenario     // nil: as it was
	from      demurrage.Day // the first day on which the other rules hold
	world     *World
	announced bool // the other policy is known
	begun     bool // the period has begun
}

// entry tells the world the next command.
func (t *trial) entry(e *ledger.Entry) error {
	day := e.Moment.Day
	first, policy := e.Command.(ledger.SetPolicy)
	if policy && t.world.state.Head().Index == nil {
		return t.first(e, first)
	}
	if day >= t.from-ledger.MaxGrace-1 {
		if err := t.announce(); err != nil {
			return err
		}
	}
	if day >= t.from {
		if err := t.begin(); err != nil {
			return err
		}
	}
	switch {
	case !t.announced:
		return t.world.follow(e)
	case policy:
		return nil // the other one holds until today
	}
	_, _, err := t.world.Decide(e)
	return err
}

// first begins the world. A ledger too young for an announcement in time has
// the other policy from its first day on.
func (t *trial) first(e *ledger.Entry, c ledger.SetPolicy) error {
	young := e.Moment.Day+demurrage.Day(c.Policy.GraceDays) >= t.from
	if !young || t.other == nil {
		if err := t.world.follow(e); err != nil || !young {
			return err
		}
		t.from = e.Moment.Day
		return t.begin()
	}
	t.from, t.announced = e.Moment.Day, true
	again := *e
	c.Policy = t.other.Policy
	again.Command = c
	if err := t.set(&again); err != nil {
		return err
	}
	return t.begin()
}

// announce sets the other policy, as long before it holds as any grace can ask,
// and in the place of each one that was to follow.
func (t *trial) announce() error {
	if t.other == nil || t.announced {
		return nil
	}
	t.announced = true
	head := t.world.state.Head()
	now := head.Moment
	now.Day = max(now.Day, t.from-ledger.MaxGrace-1)
	later := []demurrage.Day{t.from}
	for _, p := range head.Policies {
		if p.From > t.from {
			later = append(later, p.From)
		}
	}
	for _, from := range later {
		c := ledger.SetPolicy{Policy: t.other.Policy, HasFrom: true}
		c.Policy.From = from
		if err := t.set(&ledger.Entry{Moment: now, Command: c}); err != nil {
			return err
		}
	}
	return nil
}

// set sets a policy, or says that it cannot be.
func (t *trial) set(e *ledger.Entry) error {
	_, result, err := t.world.Decide(e)
	if err == nil && result != ledger.Applied {
		err = &RefusedError{result}
	}
	return err
}

// RefusedError says that the ledger could not take the other policy at all.
type RefusedError struct{ Result ledger.Result }

// Error names the rule.
func (e *RefusedError) Error() string { return "these rules cannot be set: " + e.Result.Code() }

// begin takes down what everybody had at the end of the day before the period.
// From there on payments take money in the scenario's order.
func (t *trial) begin() error {
	if t.begun {
		return nil
	}
	t.begun = true
	if t.other != nil {
		t.world.order = t.other.Order
	}
	return t.world.Begin(t.from - 1)
}

// finish is for a ledger in which nothing has happened for long.
func (t *trial) finish() error {
	if err := t.announce(); err != nil {
		return err
	}
	return t.begin()
}
