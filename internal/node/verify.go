package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"

	"grulden/internal/journal"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// Finding says what is wrong with a ledger and at which entry.
type Finding struct {
	Seq uint64 // nought if it is not any entry's
	Err error
}

// Error says at which entry, and what.
func (f *Finding) Error() string {
	if f.Seq == 0 {
		return f.Err.Error()
	}
	return fmt.Sprintf("record %d: %v", f.Seq, f.Err)
}

// Unwrap gives the cause.
func (f *Finding) Unwrap() error { return f.Err }

// Verified is what a verification went through without finding anything.
type Verified struct {
	Records  uint64 // decided again, each with the same facts
	Batches  uint64 // whose roots are those of the tree
	Accounts uint64 // whose rows are those that the journal leads to
	Payments uint64
	Signed   uint64       // of the payments; each signature fits a device that was in use
	Journal  journal.Head // size and root, the same as signed
}

// Verify walks the whole journal of a ledger that is not being written to: the
// tree over the entries, gaps, every command decided again and its facts
// compared, the roots that batches name, the signed checkpoint, and at the end
// every row of the state. Progress is called now and then. The error is a
// *Finding for what is wrong with the ledger.
func Verify(ctx context.Context, dir string, o store.Options, progress func(done, of uint64)) (Verified, error) {
	db, files, err := openStore(dir, o)
	if err != nil {
		return Verified{}, err
	}
	f, err := inspect(db, files)
	if err != nil {
		return Verified{}, errors.Join(&Finding{Err: err}, db.Close())
	}
	w := &walk{rows: rows{db}, head: f.head, end: f.log.Head(), progress: progress}
	w.proofs = newProofs(f.settings.Ledger)
	w.traces = newTraces(w.rows, w.end.Size)
	w.state = ledger.NewState(ledger.Head{}, w.traces)
	v, err := w.run(ctx)
	return v, errors.Join(err, db.Close())
}

// walk is one verification under way.
type walk struct {
	rows
	head     ledger.Head
	end      journal.Head
	state    *ledger.State
	traces   *traces
	tree     journal.Tree
	batches  uint64
	facts    []byte // of the last entry, as they must be written
	proofs   *proofs
	progress func(done, of uint64)
}

func (w *walk) run(ctx context.Context) (Verified, error) {
	err := w.journal(ctx)
	if bad := w.proofs.wait(); bad != nil && !comesBefore(err, bad) {
		return Verified{}, bad
	}
	if err != nil {
		return Verified{}, err
	}
	w.forget()
	if err := w.compareRows(); err != nil {
		return Verified{}, &Finding{Err: err}
	}
	if err := w.check(); err != nil {
		return Verified{}, &Finding{Err: err}
	}
	w.progress(w.end.Size, w.end.Size)
	return Verified{
		Records: w.tree.Size(), Batches: w.batches, Accounts: w.head.Accounts,
		Payments: w.proofs.payments, Signed: w.proofs.signed, Journal: w.end,
	}, nil
}

// After so many entries the state forgets payments, while what it knows of them
// is still in the processor's cache, and progress is told.
const (
	forgetEvery = 16
	tellEvery   = 4096
)

// journal walks the entries, and beside them the batches they came in.
func (w *walk) journal(ctx context.Context) error {
	next, stop := iter.Pull2(w.steps)
	defer stop()
	step, err, more := next()
	if err != nil {
		return err
	}
	prefix := []byte{store.Journal}
	err = w.Scan(prefix, store.End(prefix), func(key, row []byte) error {
		seq := w.tree.Size() + 1
		if number(key[1:]) != seq {
			return &Finding{seq, journal.ErrGap}
		}
		if err := w.again(seq, row); err != nil {
			return &Finding{seq, err}
		}
		if seq%forgetEvery == 0 {
			w.forget()
		}
		if seq%tellEvery == 0 {
			w.progress(seq, w.end.Size)
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
		if !more || step.After.Size != seq {
			return nil
		}
		if step.After.Root != w.tree.Root() {
			return &Finding{seq, errors.New("its batch names another root than the tree has")}
		}
		w.batches++
		step, err, more = next()
		return err
	})
	if err != nil {
		return err
	}
	if got := w.tree.Head(); got != w.end {
		return &Finding{w.tree.Size(), fmt.Errorf("%w: head says %v, records say %v", journal.ErrMismatch, w.end, got)}
	}
	if more {
		return &Finding{step.After.Size, errors.New("its batch is not one of the journal")}
	}
	return nil
}

// forget keeps what the state need not hold.
func (w *walk) forget() {
	changes, batch := w.state.TakeChanges()
	w.traces.take(&changes)
	w.state.Forget(batch, math.MaxInt)
}

// check proves the invariants on the state that was led to. For that it needs
// the redemptions again.
func (w *walk) check() error {
	for id := range w.traces.redemptions {
		if _, _, err := w.state.Find(id); err != nil {
			return err
		}
	}
	return w.state.Check()
}

// again decides the command of one entry once more.
func (w *walk) again(seq uint64, row []byte) error {
	e, err := journal.ParseEntry(row)
	if err != nil {
		return err
	}
	if err := w.tree.Replay(e); err != nil {
		return err
	}
	r, facts, err := record.DecodeCommand(e.Record)
	if err != nil {
		return err
	}
	if r.Seq != seq {
		return fmt.Errorf("it calls itself record %d", r.Seq)
	}
	found, result, err := ledger.Decide(w.state, r.Moment, r.Key, r.Command)
	if err != nil {
		return err
	}
	if result != ledger.Applied {
		return fmt.Errorf("the rules refuse it: %v", result)
	}
	w.facts = record.AppendFacts(w.facts[:0], &found)
	if !bytes.Equal(w.facts, facts) {
		return errors.New("the rules lead to other facts than it tells")
	}
	r.Facts = found
	if err := w.proofs.take(w.state, r); err != nil {
		return err
	}
	return w.state.Apply(&r.Entry)
}

// steps yields what each batch did to the journal. Each begins where the one
// before ended, and the last one ends where the journal does.
func (w *walk) steps(yield func(journal.Step, error) bool) {
	before := journal.EmptyHead()
	prefix := stepKey(0)[:2]
	err := w.Scan(prefix, store.End(prefix), func(_, row []byte) error {
		s, err := journal.ParseStep(row)
		if err != nil {
			return err
		}
		if s.Before != before || s.After.Size == before.Size {
			return &Finding{before.Size + 1, errors.New("its batch does not begin where the one before ended")}
		}
		before = s.After
		if !yield(s, nil) {
			return store.Stop
		}
		return nil
	})
	if err == nil && before != w.end {
		err = &Finding{before.Size, errors.New("the last batch is not the head")}
	}
	if err != nil {
		var f *Finding
		if !errors.As(err, &f) {
			err = &Finding{Err: err}
		}
		yield(journal.Step{}, err)
	}
}

// compareHead holds the head against the one that the journal led to.
func (w *walk) compareHead() error {
	ours, stored := *w.state.Head(), w.head
	step := journal.Step{After: w.end}
	ours.Guard = stored.Guard // over the rows, which were compared
	if !bytes.Equal(headRow(&ours, step), headRow(&stored, step)) {
		return fmt.Errorf("%w: the head is not what the journal leads to", errRow)
	}
	return nil
}
