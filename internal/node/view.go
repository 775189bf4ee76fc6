package node

import (
	"fmt"
	"iter"
	"slices"

	"grulden/demurrage"
	"grulden/internal/journal"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// View is the ledger at one moment, on disk and unchanging.
type View struct {
	rows
	snapshot *store.Snapshot
	head     ledger.Head
	step     journal.Step
}

// Read calls fn with the ledger as it is now, on disk. The view is valid during
// the call only.
func (n *Node) Read(fn func(*View) error) error { return n.look(n.db.Snapshot(), fn) }

// Peek is Read without a wait for what is being synced: the view may show
// entries that a power cut would still undo. It is for checks before a command
// is handed in, which comes to disk after whatever they saw. What is told to
// people comes from Read.
func (n *Node) Peek(fn func(*View) error) error { return n.look(n.db.Newest(), fn) }

func (n *Node) look(s *store.Snapshot, fn func(*View) error) error {
	v, err := n.view(s)
	if err == nil {
		err = fn(v)
	}
	if closing := s.Close(); err == nil {
		err = closing
	}
	return err
}

func (n *Node) view(s *store.Snapshot) (*View, error) {
	v := &View{rows: rows{s}, snapshot: s}
	row, ok, err := s.Get(headKey)
	if err != nil || !ok {
		return nil, damaged("its head is missing", err)
	}
	var policies int
	if v.head, v.step, policies, err = readHead(row); err != nil {
		return nil, err
	}
	known := n.known.Load()
	if known == nil || len(known.policies) != policies || !known.covers(&v.head) {
		ps, err := v.policies(policies)
		if err != nil {
			return nil, err
		}
		known = &knownPolicies{ps, indexOf(ps, v.head.Moment.Day)}
	}
	v.head.Policies, v.head.Index = known.policies, known.index
	return v, nil
}

// covers tells whether the policies known are surely those of a head: one that
// replaces another of the same first day leaves their number as it is.
func (k *knownPolicies) covers(h *ledger.Head) bool {
	return len(k.policies) == 0 || k.policies[len(k.policies)-1].From <= h.Moment.Day
}

// Head is the state that is not any account's. It must not be changed.
func (v *View) Head() *ledger.Head { return &v.head }

// Journal is the size and root of the journal.
func (v *View) Journal() journal.Head { return v.step.After }

// JournalAt is the size and root that the journal had when it was so long. It
// returns journal.ErrGap when it never was.
func (v *View) JournalAt(size uint64) (journal.Head, error) {
	tree, err := journal.LoadTree(size, v.entry)
	if err != nil {
		return journal.Head{}, err
	}
	return tree.Head(), nil
}

// Holding is an account with its lots in spending order, nil if it was never
// opened.
func (v *View) Holding(id ledger.AccountID) (*ledger.Holding, error) {
	a, lots, err := v.holding(id)
	if a == nil || err != nil {
		return nil, err
	}
	return ledger.NewHolding(a, lots), nil
}

// ErrUnknown says that there is no such account, payment or entry.
var ErrUnknown = fmt.Errorf("there is no such thing in the ledger")

// Balance is what an account is worth at the end of a day, today or later.
func (v *View) Balance(id ledger.AccountID, day demurrage.Day) (ledger.Balance, error) {
	h, err := v.Holding(id)
	if err != nil {
		return ledger.Balance{}, err
	}
	if h == nil {
		return ledger.Balance{}, ErrUnknown
	}
	return ledger.BalanceOf(&v.head, h, day)
}

// Payment finds a payment, nil if there is none with the id.
func (v *View) Payment(id ledger.ID) (*ledger.Payment, error) {
	p, _, err := v.Find(id)
	return p, err
}

// Redemption finds a redemption, nil if there is none with the id.
func (v *View) Redemption(id ledger.ID) (*ledger.Redemption, error) {
	_, r, err := v.Find(id)
	return r, err
}

// OpenRedemptions are those that wait, in the order of their requests.
func (v *View) OpenRedemptions() (open []*ledger.Redemption, err error) {
	prefix := []byte{store.Redemptions}
	err = v.Scan(prefix, store.End(prefix), func(key, _ []byte) error {
		r, err := v.Redemption(ledger.ID(key[1:]))
		if err == nil && r == nil {
			err = fmt.Errorf("%w: redemption %x", errRow, key[1:])
		}
		open = append(open, r)
		return err
	})
	slices.SortFunc(open, func(a, b *ledger.Redemption) int { return int(a.Seq) - int(b.Seq) })
	return open, err
}

// Accounts calls fn for every account, in the order of their ids.
func (v *View) Accounts(fn func(*ledger.Account) error) error {
	prefix := []byte{store.Accounts}
	return v.Scan(prefix, store.End(prefix), func(key, row []byte) error {
		id := ledger.AccountID(number(key[1:]))
		a, err := readAccount(id, row)
		if err != nil {
			return err
		}
		return fn(a)
	})
}

// Record reads one entry and checks it against its own leaf of the tree.
func (v *View) Record(seq uint64) (*record.Record, error) {
	row, err := v.entry(seq)
	if err != nil {
		return nil, err
	}
	if row == nil {
		return nil, ErrUnknown
	}
	return openEntry(seq, row)
}

func openEntry(seq uint64, row []byte) (*record.Record, error) {
	e, err := journal.ParseEntry(row)
	if err != nil {
		return nil, fmt.Errorf("record %d: %w", seq, err)
	}
	if err := e.Check(seq); err != nil {
		return nil, err
	}
	return record.Decode(e.Record)
}

// Records calls fn for the entries from one on, in order. The first error of fn
// ends the walk and is returned, except store.Stop.
func (v *View) Records(from uint64, fn func(*record.Record) error) error {
	return v.walk(from, record.Decode, fn)
}

// Each is Records for those who keep nothing of what they see, in half the time:
// each record is read into the memory of the one before. It is valid during its
// call only, with its facts and its proof; its command may be kept. It is not for
// a ledger.State, which keeps what a redemption promised.
func (v *View) Each(from uint64, fn func(*record.Record) error) error {
	var d record.Decoder
	return v.walk(from, d.Decode, fn)
}

// walk calls fn for the entries from one on, as decode reads them.
func (v *View) walk(from uint64, decode func([]byte) (*record.Record, error), fn func(*record.Record) error) error {
	next := max(from, 1)
	return v.Scan(journalKey(next), store.End([]byte{store.Journal}), func(key, row []byte) error {
		seq := number(key[1:])
		if seq != next {
			return fmt.Errorf("%w: record %d", journal.ErrGap, next)
		}
		next++
		e, err := journal.ParseEntry(row)
		if err != nil {
			return fmt.Errorf("record %d: %w", seq, err)
		}
		r, err := decode(e.Record)
		if err != nil {
			return err
		}
		return fn(r)
	})
}

// All is Records from the first one on, as a sequence. An error is the last
// thing it yields.
func (v *View) All() iter.Seq2[*record.Record, error] {
	return func(yield func(*record.Record, error) bool) {
		err := v.Records(1, func(r *record.Record) error {
			if !yield(r, nil) {
				return store.Stop
			}
			return nil
		})
		if err != nil {
			yield(nil, err)
		}
	}
}

// History is the entries that touched an account, the latest first, at most
// limit of them and only those before an entry (nought: from the last on). It
// follows the links from entry to entry.
func (v *View) History(id ledger.AccountID, before uint64, limit int) (all []*record.Record, err error) {
	a, err := v.Account(id)
	if err != nil {
		return nil, err
	}
	if a == nil {
		return nil, ErrUnknown
	}
	seq := a.Last
	if before > 0 { // mostly the last entry of the page before
		r, err := v.Record(before)
		if err == nil && (r.Facts.Debit == id || r.Facts.Credit == id) {
			seq = previous(r, id)
		}
	}
	for seq > 0 && len(all) < limit {
		r, err := v.Record(seq)
		if err != nil {
			return nil, err
		}
		if before == 0 || seq < before {
			all = append(all, r)
		}
		seq = previous(r, id)
	}
	return all, nil
}

// previous is the entry that touched an account before this one.
func previous(r *record.Record, id ledger.AccountID) uint64 {
	switch id {
	case r.Facts.Debit:
		return r.Facts.DebitPrev
	case r.Facts.Credit:
		return r.Facts.CreditPrev
	}
	return 0 // the entry that opened it
}
