package report

import (
	"cmp"
	"context"
	"errors"
	"sync"

	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// The bounds of a keeper's work.
const (
	readAtOnce = 100_000 // entries read in one view of the ledger
	writeAfter = 800_000 // entries after which the sums are written when a day ends
)

// Keeper makes reports on a ledger that goes on growing. It keeps a row for each
// day that is over in the ledger's store, and reads of the journal only what came
// after. It may be asked from many goroutines; each report waits for the one
// before. There must be one keeper only for a ledger.
type Keeper struct {
	n       *node.Node
	mu      sync.Mutex
	sectors Sectors
	f       *fold // nil before the first report, and after a failure
	// written is the last entry behind the rows that were written.
	written uint64

	readAtOnce, writeAfter uint64 // for tests: the bounds above
}

// OpenKeeper keeps the sums of a ledger. It is quick: what has to be read is read
// when the first report is asked for, or by Follow.
func OpenKeeper(n *node.Node) (*Keeper, error) {
	return &Keeper{n: n, readAtOnce: readAtOnce, writeAfter: writeAfter}, nil
}

// Close waits for the report being made. The keeper must not be used again: what
// it kept is in the store since the last day ended.
func (k *Keeper) Close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.f = nil
	return nil
}

// Follow reads what is new in the journal, so that the next report is quick.
func (k *Keeper) Follow(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.mending(func() error { return k.follow(ctx, Options{}) })
}

// Report reports on a period up to the latest entry. The name of the coin and
// the present day are the ledger's, where the options do not say them.
func (k *Keeper) Report(ctx context.Context, p Period, o Options) (r *Report, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := ctx.Err(); err != nil { // whoever asked is gone
		return nil, err
	}
	if o.Sectors == nil && k.sectors != nil {
		if o.Sectors, err = k.sectors(); err != nil {
			return nil, err
		}
	}
	o.Coin = cmp.Or(o.Coin, k.n.Settings().Coin)
	o.Today = cmp.Or(o.Today, k.n.Today())
	err = k.mending(func() error {
		if err := k.follow(ctx, o); err != nil {
			return err
		}
		r, err = k.f.report(p, o)
		return err
	})
	return r, err
}

// mending does something, and once more from nothing where what was kept turns out
// to be damaged: all of it follows from the journal.
func (k *Keeper) mending(do func() error) error {
	err := do()
	if !errors.Is(err, errRows) {
		return err
	}
	if err := k.empty(); err != nil {
		return err
	}
	return do()
}

// empty throws away what was kept.
func (k *Keeper) empty() error {
	k.f = nil
	r := kept(k.n.Store())
	if err := r.empty(k.n.Store()); err != nil {
		return err
	}
	k.f, k.written = newFold(r, nil), 0
	return nil
}

// Edges are the payments between different owners in a period, by payer and
// receiver.
func (k *Keeper) Edges(p Period) ([]Edge, error) {
	r, err := k.Report(context.Background(), p, Options{})
	if err != nil {
		return nil, err
	}
	return r.Edges(), nil
}

// follow folds what is new.
func (k *Keeper) follow(ctx context.Context, o Options) error {
	if k.f == nil {
		if err := k.load(); err != nil {
			return err
		}
	}
	for more := true; more; {
		err := k.n.Read(func(v *node.View) (err error) {
			more, err = k.read(ctx, v, o)
			return err
		})
		if err != nil {
			if !errors.As(err, new(stopped)) {
				k.f = nil // it may stand in the middle of an entry
			}
			return err
		}
	}
	return nil
}

// read folds some of what a view shows. It reports whether there is more.
func (k *Keeper) read(ctx context.Context, v *node.View, o Options) (more bool, err error) {
	head := v.Head()
	o.Entries = head.Seq
	end := k.f.seq + k.readAtOnce
	k.f.find = func(id ledger.ID) (uint64, error) {
		p, err := v.Payment(id)
		if p == nil || err != nil {
			return 0, err
		}
		return p.Seq, nil
	}
	k.f.rows.over = func(f *fold) error {
		if f.today < head.Moment.Day && f.seq-k.written < k.writeAfter {
			return nil
		}
		return k.write()
	}
	err = v.Each(k.f.seq+1, func(r *record.Record) error {
		if r.Seq > end {
			more = true
			return store.Stop
		}
		return k.f.next(ctx, &r.Entry, o)
	})
	if err == nil && !more && o.Progress != nil {
		o.Progress(o.Entries, o.Entries)
	}
	return more, err
}

// load takes up what was kept. What another version kept is removed, and what was
// kept of entries that the journal does not have.
func (k *Keeper) load() error {
	r := kept(k.n.Store())
	row, found, err := r.get([]byte{keyVersion})
	if err != nil {
		return err
	}
	if !found || len(row) != 1 || row[0] != version {
		return k.empty()
	}
	f := newFold(r, nil)
	if found, err := f.load(); !found && err == nil || errors.Is(err, errRows) {
		return k.empty()
	} else if err != nil {
		return err
	}
	if ahead, err := k.isAhead(f); err != nil {
		return err
	} else if ahead {
		return k.empty()
	}
	k.f, k.written = f, f.seq
	return nil
}

// isAhead tells whether a fold knows entries that the journal does not have: the
// journal is an older copy, or another one.
func (k *Keeper) isAhead(f *fold) (ahead bool, err error) {
	err = k.n.Read(func(v *node.View) error {
		ahead = f.seq > v.Head().Seq
		return nil
	})
	return ahead, err
}

// write writes the sums up to the day that begins.
func (k *Keeper) write() error {
	if err := k.f.save(); err != nil {
		return err
	}
	k.written = k.f.seq
	return k.f.rows.write(k.n.Store())
}
