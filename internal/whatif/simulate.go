package whatif

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"grulden/demurrage"
	"grulden/internal/export"
	"grulden/internal/policy"
	"grulden/internal/record"
	"grulden/ledger"
)

// OfHistory sets scenarios beside what really happened in the year before today,
// or since the ledger's first day.
func OfHistory(ctx context.Context, all policy.Records, others []policy.Scenario, now ledger.Policy, today demurrage.Day, progress func(done uint64)) (*Outcome, error) {
	previews, err := policy.TryAll(ctx, all, others, today, progress)
	if err != nil {
		return nil, err
	}
	return outcomeOf(previews, others, now), nil
}

// Simulate lets a model wijk live under the rules of today and under each
// scenario; in several worlds, with the model's seed and those that follow it. The
// same model, rules, scenarios and number of worlds give the same outcome, to the
// last byte.
func Simulate(ctx context.Context, m Model, worlds int, others []policy.Scenario, now ledger.Policy, progress func(done, of uint64)) (*Outcome, error) {
	if err := Worlds(worlds); err != nil {
		return nil, err
	}
	first, err := demurrage.ParseDay(m.First)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	t := &tries{
		model: m, others: others, now: now, from: first + demurrage.Day(m.DaysBefore),
		scenarios: append([]policy.Scenario{{Policy: now}}, others...), worlds: make([]world, worlds),
	}
	var told sync.Mutex
	done, of := uint64(0), uint64(len(t.scenarios)*worlds*(m.DaysBefore+m.Days))
	day := func() {
		told.Lock()
		defer told.Unlock()
		done++
		progress(done, of)
	}
	next := atomic.Int64{}
	var working sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		working.Go(func() {
			for ctx.Err() == nil {
				n := int(next.Add(1)) - 1
				if n >= worlds*len(t.scenarios) {
					return
				}
				if err := t.live(ctx, n/len(t.scenarios), n%len(t.scenarios), day); err != nil {
					cancel(err)
				}
			}
		})
	}
	working.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	all := make([]*Outcome, worlds)
	for i := range all {
		all[i] = t.worlds[i].outcome
	}
	o := together(all)
	o.Model = &m
	return o, nil
}

// Worlds tells whether so many seeds can be tried at once.
func Worlds(n int) error {
	if n < 1 || n > MaxWorlds {
		return fmt.Errorf("%w: %d seeds were asked for, and 1 to %d can be", ErrModel, n, MaxWorlds)
	}
	return nil
}

// tries are the scenarios of a model in several worlds.
type tries struct {
	model     Model
	others    []policy.Scenario
	now       ledger.Policy
	scenarios []policy.Scenario // today's rules and the others
	from      demurrage.Day
	worlds    []world
}

// world is one seed. Its towns are let go when all of them have lived.
type world struct {
	sync.Mutex
	towns   []*town
	lived   int
	outcome *Outcome
}

// live lets a world live under one scenario. The last to do so sets them beside
// each other.
func (t *tries) live(ctx context.Context, n, scenario int, day func()) error {
	m := t.model
	m.Seed += uint64(n)
	lived, err := run(ctx, &m, t.scenarios[scenario], nil, day)
	if err != nil {
		return err
	}
	w := &t.worlds[n]
	w.Lock()
	defer w.Unlock()
	if w.towns == nil {
		w.towns = make([]*town, len(t.scenarios))
	}
	w.towns[scenario] = lived
	if w.lived++; w.lived < len(t.scenarios) {
		return nil
	}
	previews := make([]*policy.Preview, len(t.others))
	for i := range t.others {
		if previews[i], err = policy.Compare(w.towns[0].world, w.towns[i+1].world, t.from, t.from+demurrage.Day(m.Days)-1); err != nil {
			return err
		}
		previews[i].Entries = w.towns[0].world.State().Head().Seq
	}
	w.outcome, w.towns = outcomeOf(previews, t.others, t.now), nil
	return nil
}

// WriteHistory writes in the replay format what happens in a model wijk under
// some rules, so that a real ledger can take it up and be asked about it.
func WriteHistory(ctx context.Context, w io.Writer, m Model, now ledger.Policy) error {
	people, _ := m.count()
	name := func(id ledger.AccountID) (string, error) {
		if int(id) <= people {
			return fmt.Sprintf("resident %d", id), nil
		}
		return fmt.Sprintf("shop %d", int(id)-people), nil
	}
	return export.Lines(w, func(yield func(*record.Record, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		wanted := true
		_, err := run(ctx, &m, policy.Scenario{Policy: now}, func(e *ledger.Entry) {
			if wanted = wanted && yield(&record.Record{Entry: *e}, nil); !wanted {
				stop()
			}
		}, func() {})
		if err != nil && wanted {
			yield(nil, err)
		}
	}, name)
}

// run lets a town live all its days.
func run(ctx context.Context, m *Model, s policy.Scenario, tell func(*ledger.Entry), day func()) (*town, error) {
	first, err := demurrage.ParseDay(m.First)
	if err != nil {
		return nil, err
	}
	t, err := newTown(m, s, first, tell)
	if err != nil {
		return nil, err
	}
	for n := range m.DaysBefore + m.Days {
		if n == m.DaysBefore {
			if err := t.world.Begin(first + demurrage.Day(n) - 1); err != nil {
				return nil, err
			}
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := t.live(first+demurrage.Day(n), n); err != nil {
			return nil, err
		}
		day()
	}
	return t, nil
}
