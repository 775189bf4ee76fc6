// Package bench measures how fast a ledger is on the machine it runs on, and
// how near that comes to what the machine could do.
//
// Speed in figures says little: machines differ, and a machine differs from
// itself an hour later. So everything that is compared is measured in one run,
// in turns, and the aims are ratios: the ledger against the bare store that
// writes the same bytes, payments over HTTP against payments without, a ledger
// of a million records against one of ten thousand. Of all rounds the median
// counts; the lowest and highest tell how restless the machine was.
//
// One figure is for people and not for comparing: how long a shop waits from a
// customer's pressing of the button until its own screen says "paid".
//
// Every payment goes the way it goes in a wijk: through the one writer, under
// all rules, synced before it is told. See wijk for who pays whom.
//
// It measures and does not judge: whether an aim is met is data, not an error.
package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"grulden/internal/node"
	"grulden/ledger"
)

// Options are what to measure and where.
type Options struct {
	// Dir is where the ledgers are made, on the disk to be measured; about 2 GB
	// must be free. They are removed at the end.
	Dir string
	// Progress tells how far a part of the measurement is. Optional.
	Progress func(part string) func(done, of uint64)
	// HTTP pays over HTTP; without it that part is left out. Optional.
	HTTP HTTPPay
	// Tills are paid over HTTP; without them that part is left out. Optional.
	Tills Tills
	// Sizes is how much is measured. Optional: Full.
	Sizes Sizes
}

// HTTPPay starts the web server on a ledger, on loopback, and signs in the
// holder of each of the payers' accounts. Pay makes one payment of payer i over
// HTTP and returns when the answer is there; payers pay side by side, each in
// his own goroutine. The ids are for pay to make.
type HTTPPay func(ctx context.Context, n *node.Node, payers []ledger.AccountID) (pay func(i int, to ledger.AccountID, amount ledger.Cents) error, stop func() error, err error)

// Sizes is how much is measured.
type Sizes struct {
	Rounds   int    // of everything that is measured in turns
	Accounts int    // that pay in the measurement of speed
	Warm     uint64 // records before it begins
	Payments int    // in each round
	Requests int    // over HTTP, in each round
	Lengths  [3]uint64
	Samples  int // payments to find the cost of one, at each length and in each round
	Opens    int // of the shortest and the longest ledger
	Tills    int // that are paid at the same moment
	Bursts   int // how often
	Year     int // payments of a year whose sums are measured besides; nought for none
}

// Full is what the aims are about.
var Full = Sizes{
	Rounds: 5, Accounts: 10_000, Warm: 250_000, Payments: 40_000, Requests: 10_000,
	Lengths: [3]uint64{10_000, 100_000, 1_000_000}, Samples: 10_000, Opens: 9,
	Tills: 50, Bursts: 60,
}

// TenMillion is a year of them.
const TenMillion = 10_000_000

// Quick is enough to see that everything still works.
var Quick = Sizes{
	Rounds: 1, Accounts: 200, Warm: 1_000, Payments: 500, Requests: 200,
	Lengths: [3]uint64{1_000, 2_000, 4_000}, Samples: 200, Opens: 2,
	Tills: 5, Bursts: 2, Year: 2_000,
}

// Result is everything that was measured.
type Result struct {
	Machine      Machine       `json:"machine"`
	Began        time.Time     `json:"began"`
	Seconds      float64       `json:"seconds"`
	Measurements []Measurement `json:"measurements"`
	Aims         []Aim         `json:"aims"`
}

// Measurement is one figure.
type Measurement struct {
	Part  string  `json:"part"` // a to i
	Name  string  `json:"name"`
	What  string  `json:"what"`
	Value float64 `json:"value"` // the median of all rounds
	Unit  string  `json:"unit"`
	Low   float64 `json:"low,omitempty"` // of all rounds, if there were several
	High  float64 `json:"high,omitempty"`
}

// Aim is a figure that was aimed at, and the one that was reached. A ratio is
// the median of the ratios of each round.
type Aim struct {
	Name    string  `json:"name"`
	What    string  `json:"what"`
	Value   float64 `json:"value"`
	AtLeast float64 `json:"at_least,omitempty"`
	AtMost  float64 `json:"at_most,omitempty"`
	Met     bool    `json:"met"`
}

// Run measures everything. It takes some minutes.
func Run(ctx context.Context, o Options) (result *Result, err error) {
	if o.Progress == nil {
		o.Progress = func(string) func(_, _ uint64) { return func(_, _ uint64) {} }
	}
	if o.Sizes == (Sizes{}) {
		o.Sizes = Full
	}
	dir, err := os.MkdirTemp(o.Dir, "grulden-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a place to measure in: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &bench{Options: o, ctx: ctx, dir: dir, result: &Result{Machine: machine(dir), Began: time.Now().UTC().Truncate(time.Second)}}
	begin := time.Now()
	if err := b.speed(); err != nil {
		return nil, err
	}
	if err := b.length(); err != nil {
		return nil, err
	}
	if err := b.tills(); err != nil {
		return nil, err
	}
	if err := b.year(); err != nil {
		return nil, err
	}
	b.result.Seconds = round(time.Since(begin).Seconds())
	return b.result, nil
}

// bench is a run under way.
type bench struct {
	Options
	ctx    context.Context
	dir    string
	result *Result
}

// place is a directory for one ledger or store.
func (b *bench) place(name string) string { return filepath.Join(b.dir, name) }

// tell notes a figure that was measured in some rounds.
func (b *bench) tell(part, name, what, unit string, rounds ...float64) {
	m := Measurement{Part: part, Name: name, What: what, Unit: unit, Value: round(median(rounds))}
	if len(rounds) > 1 {
		m.Low, m.High = round(slices.Min(rounds)), round(slices.Max(rounds))
	}
	b.result.Measurements = append(b.result.Measurements, m)
}

// aimAtLeast and aimAtMost note what was aimed at.
func (b *bench) aimAtLeast(name, what string, least float64, rounds ...float64) {
	value := median(rounds)
	b.result.Aims = append(b.result.Aims, Aim{Name: name, What: what, Value: round(value), AtLeast: least, Met: value >= least})
}

func (b *bench) aimAtMost(name, what string, most float64, rounds ...float64) {
	value := median(rounds)
	b.result.Aims = append(b.result.Aims, Aim{Name: name, What: what, Value: round(value), AtMost: most, Met: value <= most})
}

// median is the middle one of some figures, the lower of two.
func median(figures []float64) float64 {
	if len(figures) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(figures))[(len(figures)-1)/2]
}

// round leaves four figures that count.
func round(f float64) float64 {
	if f == 0 {
		return 0
	}
	scale := math.Pow10(3 - int(math.Floor(math.Log10(math.Abs(f)))))
	return math.Round(f*scale) / scale
}

// ratios divides the figures of each round.
func ratios(over, under []float64) []float64 {
	all := make([]float64, len(over))
	for i := range over {
		all[i] = over[i] / under[i]
	}
	return all
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }
func millis(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }
