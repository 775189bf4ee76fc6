package whatif

import (
	"context"
	"fmt"
	"io"
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
// scenario, all at the same time. The same model, rules and scenarios give the
// same outcome, to the last byte.
func Simulate(ctx context.Context, m Model, others []policy.Scenario, now ledger.Policy, progress func(done, of uint64)) (*Outcome, error) {
	first, err := demurrage.ParseDay(m.First)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	scenarios := append([]policy.Scenario{{Policy: now}}, others...)
	towns := make([]*town, len(scenarios))
	var working sync.WaitGroup
	var done atomic.Uint64
	var told sync.Mutex
	of := uint64(len(scenarios) * (m.DaysBefore + m.Days))
	for i, s := range scenarios {
		working.Go(func() {
			var err error
			towns[i], err = run(ctx, &m, s, nil, func() {
				told.Lock()
				defer told.Unlock()
				progress(done.Add(1), of)
			})
			if err != nil {
				cancel(err)
			}
		})
	}
	working.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	from := first + demurrage.Day(m.DaysBefore)
	to := from + demurrage.Day(m.Days) - 1
	previews := make([]*policy.Preview, len(others))
	for i := range others {
		if previews[i], err = policy.Compare(towns[0].world, towns[i+1].world, from, to); err != nil {
			return nil, err
		}
		previews[i].Entries = towns[0].world.State().Head().Seq
	}
	o := outcomeOf(previews, others, now)
	o.Model = &m
	return o, nil
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
