package journal

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrBehind: the journal has fewer records than a checkpoint that was signed
// for it: it is an older copy, or its end was lost.
var ErrBehind = errors.New("journal is behind its signed checkpoint")

// ErrForked: the journal has other records than those a checkpoint was signed
// for: history was changed, or it is the journal of another ledger.
var ErrForked = errors.New("journal contradicts its signed checkpoint")

// Log is the seam between the node and its journal: append, read, head. Today
// entries go into the node's own store; a replicated journal can take the place
// of this type. Append and Head belong to one goroutine, Read to any.
type Log struct {
	tree  Tree
	salts Salts
	read  ReadFunc
}

// Open opens the journal that read gives entries of. Head is what the store
// says of it, checkpoint the last one signed. It returns ErrMismatch when head
// and records disagree, ErrBehind or ErrForked when records and checkpoint do,
// and ErrGap when a record is missing. It reads about 3·log₂(size) entries,
// however long the journal; a full walk is the work of a verifier.
func Open(head, checkpoint Head, read ReadFunc) (*Log, error) {
	tree, err := LoadTree(head.Size, read)
	if err != nil {
		return nil, err
	}
	if got := tree.Head(); got != head {
		return nil, fmt.Errorf("%w: head says %v, records say %v", ErrMismatch, head, got)
	}
	if extra, err := read(head.Size + 1); err != nil {
		return nil, fmt.Errorf("read record %d: %w", head.Size+1, err)
	} else if extra != nil {
		return nil, fmt.Errorf("%w: head ends at record %d, but there is a next one", ErrMismatch, head.Size)
	}
	if err := CheckExtends(head, checkpoint, read); err != nil {
		return nil, err
	}
	return &Log{tree: *tree, read: read}, nil
}

// CheckExtends tells whether the journal with this head has all the records, and
// the same ones, as when the older head was true: ErrBehind or ErrForked if not.
func CheckExtends(head, older Head, read ReadFunc) error {
	if older.Size > head.Size {
		return fmt.Errorf("%w: it has %d records, the checkpoint %d", ErrBehind, head.Size, older.Size)
	}
	root, err := tlog.TreeHash(int64(older.Size), HashReader(read))
	if err != nil {
		return err
	}
	if root != older.Root {
		return fmt.Errorf("%w: at %d records", ErrForked, older.Size)
	}
	return nil
}

// Append adds a record. The caller stores the entry under seq, in one batch with
// the state that the record leads to.
func (l *Log) Append(record []byte) (seq uint64, entry []byte) {
	entry = l.tree.Append(l.salts.Next(), record)
	return l.tree.size, entry
}

// Head is the head after the last Append.
func (l *Log) Head() Head { return l.tree.Head() }

// Read reads the entry of one record and checks it against its own leaf hash.
// It returns ErrGap when there is none.
func (l *Log) Read(seq uint64) (Entry, error) { return readEntry(seq, l.read) }
