package node

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"grulden/demurrage"
	"grulden/internal/journal"
	"grulden/internal/store"
	"grulden/ledger"
)

// The files of a ledger, beside its store.
const (
	storeDir       = "store"
	checkpointFile = "checkpoint"  // the last signed head
	keyFile        = "signing.key" // with which checkpoints are signed
)

// ErrDamaged says that a ledger is not what it was when it was last signed.
// Nothing is changed; restore a backup, or ask somebody who can look into it.
var ErrDamaged = errors.New("the ledger is damaged")

// ErrHalfMade says that Init was interrupted. No ledger was ever in use there.
var ErrHalfMade = errors.New("the making of this ledger was interrupted: remove its directory and make it again")

// Init makes a new, empty ledger in a directory that holds none. The checkpoint
// comes last: without it, there is no ledger yet.
func Init(dir string, s Settings, o store.Options) error {
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails
	s.Ledger = hex.EncodeToString(id[:])
	if s.Limits == (Limits{}) {
		s.Limits = DefaultLimits()
	}
	if !s.Limits.Valid() {
		return ErrLimits
	}
	settings, err := encodeSettings(s)
	if err != nil {
		return err
	}
	files := filesIn(dir, o)
	if err := mustBeFree(files); err != nil {
		return err
	}
	if err := store.Init(storePath(dir), o); errors.Is(err, store.ErrExists) {
		return fmt.Errorf("%w: %s", ErrHalfMade, dir)
	} else if err != nil {
		return err
	}
	key, err := journal.CreateKey(files, keyFile, journal.Origin(s.Ledger))
	if err != nil {
		return err
	}
	if err := writeFirst(dir, settings, o); err != nil {
		return err
	}
	return journal.WriteCheckpoint(files, checkpointFile, key, journal.EmptyHead())
}

// mustBeFree refuses a place where a ledger is, or was begun.
func mustBeFree(files store.Files) error {
	if _, err := files.ReadFile(checkpointFile); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(store.ErrExists, err)
	}
	if _, err := files.ReadFile(keyFile); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(ErrHalfMade, err)
	}
	return nil
}

// writeFirst writes the first rows of a ledger.
func writeFirst(dir string, settings []byte, o store.Options) error {
	db, err := store.Open(storePath(dir), o)
	if err != nil {
		return err
	}
	b := db.NewBatch()
	defer b.Close()
	b.Set(settingsKey, settings)
	b.Set(headKey, headRow(&ledger.Head{}, journal.Step{Before: journal.EmptyHead(), After: journal.EmptyHead()}))
	return errors.Join(db.Commit(b), db.Close())
}

func filesIn(dir string, o store.Options) store.Files { return store.NewFiles(o.FS, dir) }

func storePath(dir string) string { return filepath.Join(dir, storeDir) }

func openStore(dir string, o store.Options) (*store.DB, store.Files, error) {
	db, err := store.Open(storePath(dir), o)
	if err != nil {
		return nil, store.Files{}, err
	}
	return db, filesIn(dir, o), nil
}

// found is what inspect found in a store.
type found struct {
	settings Settings
	key      *journal.Key
	log      *journal.Log
	head     ledger.Head
}

// inspect takes up a store's state and checks it in a time that does not depend
// on the length of the journal: the tree against the head, both against the
// signed checkpoint, accounts against the head, and samples all over the journal
// against gaps. A whole walk is Verify's work.
func inspect(db *store.DB, files store.Files) (*found, error) {
	r := rows{db}
	if err := r.mustBeMade(files); err != nil {
		return nil, err
	}
	row, ok, err := r.Get(settingsKey)
	if err != nil || !ok {
		return nil, damaged("its settings are missing", err)
	}
	f := &found{}
	if f.settings, err = decodeSettings(row); err != nil {
		return nil, err
	}
	if f.key, err = journal.LoadKey(files, keyFile, journal.Origin(f.settings.Ledger)); err != nil {
		return nil, err
	}
	checkpoint, err := journal.ReadCheckpoint(files, checkpointFile, f.key)
	if err != nil {
		return nil, damaged("its signed checkpoint cannot be read", err)
	}
	if row, ok, err = r.Get(headKey); err != nil || !ok {
		return nil, damaged("its head is missing", err)
	}
	head, step, policies, err := readHead(row)
	if err != nil {
		return nil, damaged("its head cannot be read", err)
	}
	f.head = head
	if f.log, err = journal.Open(step.After, checkpoint, r.entry); err != nil {
		return nil, damaged("its journal", err)
	}
	if f.head.Policies, err = r.policies(policies); err != nil {
		return nil, damaged("its policies", err)
	}
	f.head.Index = indexOf(f.head.Policies, f.head.Moment.Day)
	if err := r.checkAccounts(&f.head); err != nil {
		return nil, damaged("its accounts", err)
	}
	if err := r.sample(f.head.Seq); err != nil {
		return nil, damaged("its journal", err)
	}
	return f, nil
}

// mustBeMade refuses a ledger whose making was interrupted.
func (r rows) mustBeMade(files store.Files) error {
	if _, err := files.ReadFile(checkpointFile); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	first, err := r.entry(1)
	if first == nil && err == nil {
		err = ErrHalfMade
	}
	return err
}

func damaged(what string, err error) error {
	if err == nil {
		return fmt.Errorf("%w: %s", ErrDamaged, what)
	}
	return fmt.Errorf("%w: %s: %w", ErrDamaged, what, err)
}

// indexOf makes the index that policies lead to, ready for a day and a year on.
func indexOf(ps ledger.Policies, today demurrage.Day) *demurrage.Index {
	if len(ps) == 0 {
		return nil
	}
	var x *demurrage.Index
	for _, p := range ps {
		terms := demurrage.Terms{From: p.From, Rate: p.Rate, Every: p.Every}
		if x == nil {
			x = demurrage.NewIndex(p.From, terms)
		} else {
			x = x.With(terms)
		}
	}
	return x.Extended(today + 2*ledger.MaxGrace)
}

// checkAccounts holds the accounts against the head's count and guard.
func (r rows) checkAccounts(head *ledger.Head) error {
	var count, sum uint64
	prefix := []byte{store.Accounts}
	err := r.Scan(prefix, store.End(prefix), func(key, row []byte) error {
		count++
		sum ^= guard(key, row)
		return nil
	})
	if err == nil && (count != head.Accounts || sum != head.Guard) {
		err = fmt.Errorf("%w: the %d accounts are not the %d that were written", errRow, count, head.Accounts)
	}
	return err
}

// samples is how many entries are looked for at opening. A table of the store
// that went missing takes a range of entries with it. The store itself notices
// one that it knows of; this is for one that it forgot. More samples would find
// shorter ranges, but each reads two tables of a long journal and opening is to
// take as long as for a short one; finding any gap is Verify's work.
const samples = 16

// sample looks for entries spread over the journal, and for what each led to.
func (r rows) sample(size uint64) error {
	for i := range min(size, samples) {
		seq := size - i*size/min(size, samples)
		entry, err := r.entry(seq)
		if err != nil {
			return err
		}
		if err := r.checkEntry(seq, entry); err != nil {
			return err
		}
	}
	return nil
}

// checkEntry checks an entry by itself, and that what it led to is there.
func (r rows) checkEntry(seq uint64, row []byte) error {
	if row == nil {
		return fmt.Errorf("%w: record %d", journal.ErrGap, seq)
	}
	rec, err := openEntry(seq, row)
	if err != nil {
		return err
	}
	if pay, ok := rec.Command.(ledger.Pay); ok {
		p, _, err := r.Find(pay.ID)
		if err == nil && (p == nil || p.Seq != seq) {
			err = fmt.Errorf("%w: payment %v", errRow, pay.ID)
		}
		return err
	}
	return nil
}
