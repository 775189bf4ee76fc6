package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"

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
	Records  uint64       // decided again, each with the same facts
	Batches  uint64       // whose roots are those of the tree
	Accounts uint64       // whose rows are those that the journal leads to
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
	w := &walk{rows: rows{db}, head: f.head, end: f.log.Head(), state: ledger.NewState(ledger.Head{}, nil), progress: progress}
	v, err := w.run(ctx)
	return v, errors.Join(err, db.Close())
}

// walk is one verification under way.
type walk struct {
	rows
	head     ledger.Head
	end      journal.Head
	state    *ledger.State
	tree     journal.Tree
	batches  uint64
	progress func(done, of uint64)
}

func (w *walk) run(ctx context.Context) (Verified, error) {
	steps, err := w.steps()
	if err != nil {
		return Verified{}, err
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
		if seq%4096 == 0 {
			w.progress(seq, w.end.Size)
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
		return w.checkStep(&steps)
	})
	if err != nil {
		return Verified{}, err
	}
	if got := w.tree.Head(); got != w.end {
		return Verified{}, &Finding{w.tree.Size(), fmt.Errorf("%w: head says %v, records say %v", journal.ErrMismatch, w.end, got)}
	}
	if err := w.compareRows(); err != nil {
		return Verified{}, &Finding{Err: err}
	}
	if err := w.state.Check(); err != nil {
		return Verified{}, &Finding{Err: err}
	}
	w.progress(w.end.Size, w.end.Size)
	return Verified{w.tree.Size(), w.batches, w.head.Accounts, w.end}, nil
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
	again, err := record.EncodeFacts(&found)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, facts) {
		return errors.New("the rules lead to other facts than it tells")
	}
	r.Facts = found
	return w.state.Apply(&r.Entry)
}

// steps reads the roots that batches name, by the last entry of each.
func (w *walk) steps() (steps []journal.Step, err error) {
	prefix := stepKey(0)[:2]
	err = w.Scan(prefix, store.End(prefix), func(_, row []byte) error {
		s, err := journal.ParseStep(row)
		steps = append(steps, s)
		return err
	})
	if err != nil {
		return nil, &Finding{Err: err}
	}
	before := journal.EmptyHead()
	for _, s := range steps {
		if s.Before != before {
			return nil, &Finding{before.Size + 1, errors.New("its batch does not begin where the one before ended")}
		}
		before = s.After
	}
	if before != w.end {
		return nil, &Finding{before.Size, errors.New("the last batch is not the head")}
	}
	return steps, nil
}

// checkStep compares the tree with the batch that ends here, if one does.
func (w *walk) checkStep(steps *[]journal.Step) error {
	if s := *steps; len(s) > 0 && s[0].After.Size == w.tree.Size() {
		if s[0].After.Root != w.tree.Root() {
			return &Finding{w.tree.Size(), errors.New("its batch names another root than the tree has")}
		}
		*steps = s[1:]
		w.batches++
	}
	return nil
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
