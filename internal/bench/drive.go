package bench

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// callersAtOnce is how many pay at the same moment.
const callersAtOnce = 64

// pace is how fast something went.
type pace struct {
	perSecond float64
	each      time.Duration // the time all callers together needed for one
	cpu       time.Duration // the processor time of it, of the whole process
	p50, p99  time.Duration // how long a caller waited
}

// drive lets callers work side by side until so many calls that count are
// done. Work tells whether its call counts.
func (b *bench) drive(callers, calls int, work func(caller int) (counts bool, err error)) (pace, error) {
	var left atomic.Int64
	left.Store(int64(calls))
	waits := make([][]time.Duration, callers)
	errs := make([]error, callers)
	var all sync.WaitGroup
	cpu, begin := cpuTime(), time.Now()
	for i := range callers {
		waits[i] = make([]time.Duration, 0, 2*calls/callers)
		all.Go(func() {
			for errs[i] == nil && b.ctx.Err() == nil && left.Add(-1) >= 0 {
				asked := time.Now()
				counts, err := work(i)
				errs[i] = err
				if counts {
					waits[i] = append(waits[i], time.Since(asked))
				} else {
					left.Add(1)
				}
			}
		})
	}
	all.Wait()
	took, cpu := time.Since(begin), cpuTime()-cpu
	if err := errors.Join(append(errs, b.ctx.Err())...); err != nil {
		return pace{}, fmt.Errorf("measure: %w", err)
	}
	sorted := slices.Concat(waits...)
	slices.Sort(sorted)
	n := len(sorted)
	return pace{
		perSecond: float64(n) / took.Seconds(), each: took / time.Duration(n), cpu: cpu / time.Duration(n),
		p50: sorted[n/2], p99: sorted[n*99/100],
	}, nil
}
