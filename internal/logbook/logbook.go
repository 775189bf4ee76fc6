package logbook

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
)

// Kind is what sort of act it was: 1 to 32 small letters, digits and hyphens. It
// stands in the journal in the clear.
type Kind string

// Published is what an entry of the journal is about that no line of the logbook
// belongs to: figures were published (internal/disclosure).
const Published = "published"

// Fact is one thing that belongs to an act, such as an amount. Its name is a key
// of the pages' texts.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Entry is one act.
type Entry struct {
	ID      ledger.ID        // makes that it is entered once among those of its kind; drawn when nought
	Seq     uint64           // of its entry in the journal
	At      time.Time        // by the journal
	By      people.ID        // who did it; nought: the program, or the machine's operator
	How     string           // as in record.Auth; ByPIN when empty and somebody did it, else ByOperator
	Kind    Kind             //
	Person  people.ID        // whom it is about; nought: the wijk
	Account ledger.AccountID // whose history it stands in; nought: nobody's
	Why     string           // one of a list of reasons, or in the words of who did it
	Note    string
	Facts   []Fact
	Erased  bool // the words went with the person
}

// Fact is the value of a fact, empty when there is none of that name.
func (e Entry) Fact(name string) string {
	for _, f := range e.Facts {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// words are what is sealed of an act; the journal has the digest of their JSON.
type words struct {
	Salt  []byte `json:"salt"`
	Why   string `json:"why,omitempty"`
	Note  string `json:"note,omitempty"`
	Facts []Fact `json:"facts,omitempty"`
}

// line is what is known of an act without the words.
type line struct {
	ID      ledger.ID        `json:"id"`
	Seq     uint64           `json:"seq,omitempty"` // nought while it waits for its entry
	At      time.Time        `json:"at,omitzero"`
	By      people.ID        `json:"by,omitzero"`
	How     string           `json:"how"`
	Kind    Kind             `json:"kind"`
	Person  people.ID        `json:"person,omitzero"`
	Account ledger.AccountID `json:"account,omitempty"`
	Digest  []byte           `json:"digest"`
}

// Refused is the error of an act that the ledger does not take, such as one about
// an account it does not know.
type Refused struct{ Result ledger.Result }

// Error implements error.
func (r *Refused) Error() string {
	return "the ledger refused an entry of the logbook: " + r.Result.Code()
}

// Book is the logbook of a ledger. Its methods may be called from many goroutines.
type Book struct {
	node  *node.Node
	vault *vault.Vault
	rows  store.Space
	own   vault.Subject // seals what is about the wijk, or about somebody erased

	mu sync.Mutex // held while an act is entered: an id is entered once
}

// The keys of the logbook's space, by their first byte:
//
//	o                  subject of acts about the wijk
//	w id               act that waits for its entry: line
//	i id               act that has its entry: its seq
//	n seq              line
//	p person seq       no value
var ownKey = []byte("o")

const (
	waitingRow = 'w'
	idRow      = 'i'
	lineRow    = 'n'
	personRow  = 'p'
)

// New opens the logbook of a ledger, and enters what waited when the program was
// last stopped.
func New(n *node.Node, v *vault.Vault) (*Book, error) {
	b := &Book{node: n, vault: v, rows: n.Store().Space(store.Logbook)}
	row, found, err := b.rows.Get(ownKey)
	switch {
	case err != nil:
		return nil, fmt.Errorf("open logbook: %w", err)
	case found && len(row) == len(b.own):
		b.own = vault.Subject(row)
	default:
		b.own = vault.NewSubject()
		if err := b.rows.Put(ownKey, b.own[:]); err != nil {
			return nil, fmt.Errorf("open logbook: %w", err)
		}
	}
	var waiting []line
	err = b.rows.Scan([]byte{waitingRow}, func(_, row []byte) error {
		var l line
		err := json.Unmarshal(row, &l)
		waiting = append(waiting, l)
		return err
	})
	for _, l := range waiting {
		_, failed := b.enter(context.Background(), l)
		if refused := (*Refused)(nil); errors.As(failed, &refused) {
			failed = nil // it was never told that it was entered
		}
		err = errors.Join(err, failed)
	}
	if err != nil {
		return nil, fmt.Errorf("open logbook: %w", err)
	}
	return b, nil
}

// ErrTaken says that another act of this kind has the id.
var ErrTaken = errors.New("another act of this kind has this id")

// idOf is the id under which an act is kept: no act can stand in the place of one
// of another kind, nor its key in that of any other command, whoever chose the id.
func idOf(kind Kind, id ledger.ID) ledger.ID {
	sum := sha256.Sum256(fmt.Appendf(nil, "grulden act 1\x00%s\x00%s", kind, id[:]))
	return ledger.ID(sum[:16])
}

// Record enters an act, and returns it as it is once its entry is on disk. An act
// with the id of an earlier one of its kind is that one, and is not entered again;
// ErrTaken when that one was by somebody else or about somebody else. The error is
// *Refused when the ledger does not take it; then nothing was entered.
func (b *Book) Record(ctx context.Context, e Entry) (Entry, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e.ID == (ledger.ID{}) {
		_, _ = rand.Read(e.ID[:]) // never fails
	}
	e.ID = idOf(e.Kind, e.ID)
	seq, found, err := b.seqOf(e.ID)
	if err != nil {
		return Entry{}, err
	}
	if !found {
		l, err := b.prepare(e)
		if err != nil {
			return Entry{}, fmt.Errorf("logbook: %w", err)
		}
		if seq, err = b.enter(ctx, l); err != nil {
			return Entry{}, err
		}
	}
	l, err := b.lineAt(seq)
	if err != nil {
		return Entry{}, err
	}
	if l.By != e.By || l.Person != e.Person || l.Account != e.Account {
		return Entry{}, ErrTaken
	}
	return b.entry(l)
}

func (b *Book) seqOf(id ledger.ID) (seq uint64, found bool, err error) {
	row, found, err := b.rows.Get(append([]byte{idRow}, id[:]...))
	if err != nil || !found {
		return 0, false, err
	}
	return binary.BigEndian.Uint64(row), true, nil
}

// prepare seals the words of an act and marks that it waits.
func (b *Book) prepare(e Entry) (line, error) {
	row, found, err := b.rows.Get(append([]byte{waitingRow}, e.ID[:]...))
	if err != nil || found {
		var l line
		return l, errors.Join(err, json.Unmarshal(row, &l))
	}
	if e.How == "" {
		if e.How = record.ByPIN; e.By == (people.ID{}) {
			e.How = record.ByOperator
		}
	}
	w := words{Salt: make([]byte, 16), Why: e.Why, Note: e.Note, Facts: e.Facts}
	_, _ = rand.Read(w.Salt) // never fails
	doc, err := json.Marshal(w)
	if err != nil {
		return line{}, err
	}
	subject := e.Person
	if e.Person == (people.ID{}) {
		subject = b.own
	}
	err = b.vault.Put(subject, docName(e.ID), doc)
	if errors.Is(err, vault.ErrErased) {
		err = b.vault.Put(b.own, docName(e.ID), doc)
	}
	if err != nil {
		return line{}, err
	}
	digest := sha256.Sum256(doc)
	l := line{ID: e.ID, By: e.By, How: e.How, Kind: e.Kind, Person: e.Person, Account: e.Account, Digest: digest[:]}
	row, err = json.Marshal(l)
	if err != nil {
		return line{}, err
	}
	return l, b.rows.Put(append([]byte{waitingRow}, e.ID[:]...), row)
}

func docName(id ledger.ID) string { return "logbook/" + id.String() }

// enter makes the entry of an act that waits, and its line.
func (b *Book) enter(ctx context.Context, l line) (seq uint64, err error) {
	waiting := append([]byte{waitingRow}, l.ID[:]...)
	r, err := b.node.Submit(ctx, node.Request{
		Auth:    record.Auth{By: record.ActorID(l.By), How: l.How},
		Command: ledger.Note{Account: l.Account, About: string(l.Kind), Digest: ledger.Digest(l.Digest)},
		Key:     ledger.Key(l.ID),
	})
	switch {
	case err != nil:
		return 0, fmt.Errorf("logbook: %w", err)
	case r.Result != ledger.Applied && !r.Repeat:
		return 0, errors.Join(b.rows.Delete(waiting), &Refused{r.Result})
	}
	l.Seq, l.At = r.Seq, r.Moment.At.Time()
	row, err := json.Marshal(l)
	if err != nil {
		return 0, err
	}
	return l.Seq, b.rows.Update(func(rows *store.Batch) {
		rows.Set(seqKey(lineRow, l.Seq), row)
		rows.Set(append([]byte{idRow}, l.ID[:]...), binary.BigEndian.AppendUint64(nil, l.Seq))
		if l.Person != (people.ID{}) {
			rows.Set(personKey(l.Person, l.Seq), nil)
		}
		rows.Delete(waiting)
	})
}

// seqKey and personKey count backwards, so that a scan begins with the newest.
func seqKey(kind byte, seq uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{kind}, math.MaxUint64-seq)
}

func personKey(person people.ID, seq uint64) []byte {
	key := append([]byte{personRow}, person[:]...)
	return binary.BigEndian.AppendUint64(key, math.MaxUint64-seq)
}

func (b *Book) lineAt(seq uint64) (l line, err error) {
	row, found, err := b.rows.Get(seqKey(lineRow, seq))
	if err == nil && !found {
		err = fmt.Errorf("logbook: there is no line %d", seq)
	}
	if err != nil {
		return l, err
	}
	return l, json.Unmarshal(row, &l)
}

// doc is the sealed words of an act, nil when they were erased.
func (b *Book) doc(l line) ([]byte, error) {
	for _, subject := range []vault.Subject{l.Person, b.own} {
		if subject == (vault.Subject{}) {
			continue
		}
		doc, found, err := b.vault.Get(subject, docName(l.ID))
		if found || err != nil {
			return doc, err
		}
	}
	return nil, nil
}

// entry is a line with its words.
func (b *Book) entry(l line) (Entry, error) {
	e := Entry{ID: l.ID, Seq: l.Seq, At: l.At, By: l.By, How: l.How, Kind: l.Kind, Person: l.Person, Account: l.Account}
	doc, err := b.doc(l)
	if err != nil {
		return e, fmt.Errorf("logbook, line %d: %w", l.Seq, err)
	}
	if doc == nil {
		e.Erased = true
		return e, nil
	}
	var w words
	if err := json.Unmarshal(doc, &w); err != nil {
		return e, fmt.Errorf("logbook, line %d: %w", l.Seq, err)
	}
	e.Why, e.Note, e.Facts = w.Why, w.Note, w.Facts
	return e, nil
}

// List lists acts, the newest first, at most limit of them, and of those only
// the ones before an entry of the journal when before is not nought.
func (b *Book) List(before uint64, limit int) ([]Entry, error) {
	return b.list([]byte{lineRow}, before, limit)
}

// About is List for the acts about one person.
func (b *Book) About(person people.ID, before uint64, limit int) ([]Entry, error) {
	return b.list(append([]byte{personRow}, person[:]...), before, limit)
}

func (b *Book) list(prefix []byte, before uint64, limit int) (all []Entry, err error) {
	var seqs []uint64
	err = b.rows.Scan(prefix, func(key, _ []byte) error {
		seq := math.MaxUint64 - binary.BigEndian.Uint64(key[len(prefix):])
		if before == 0 || seq < before {
			seqs = append(seqs, seq)
		}
		if len(seqs) >= limit {
			return store.Stop
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, seq := range seqs {
		l, err := b.lineAt(seq)
		if err != nil {
			return nil, err
		}
		e, err := b.entry(l)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}
