// Package cash keeps the cash box of the community centre: euros that people
// bring to the desk and get Grulden for, the daily count, and the cash that is
// on its way to the bank.
//
// The box is a book of its own. Every movement has a number without gaps, and
// what ought to lie in the box after it. A count that comes out otherwise is a
// movement too: the difference is booked and stays to be seen, and nobody can
// make it vanish by counting again. Cash that left for the bank stays in
// transit until an entry of a bank statement shows it, and the person who
// carried it is not the one who says that it arrived.
//
// A movement is on disk before anything follows from it, and what a crash cut
// short is finished when the box is opened. Each movement is in the journal too:
// a top-up as an issue, any other as an act of the logbook. The package refuses to
// change or remove a movement.
package cash

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"grulden/demurrage"
	"grulden/internal/bank"
	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
)

// Errors of this package. A rule of the coin that says no is a *bank.Refused.
var (
	ErrAmount     = errors.New("an amount in cash lies between one cent and the largest that the desk takes")
	ErrNobody     = errors.New("this person has no purse")
	ErrShort      = errors.New("there is not so much in the cash box")
	ErrPieces     = errors.New("a count says how many there are of each note and coin")
	ErrUnknown    = errors.New("there is no such movement of cash")
	ErrArrived    = errors.New("this cash arrived before")
	ErrDirection  = errors.New("the bank entry goes the other way")
	ErrSamePerson = errors.New("who carried the cash does not say that it arrived")
	ErrOtherUse   = errors.New("this id was used for another movement")
)

// ID names a movement. Who asks for it makes the ID beforehand, so that asking
// twice does it once.
type ID = bank.ID

// Kind is what a movement is.
type Kind string

// The kinds of movements.
const (
	TopUp   Kind = "topup"   // somebody brought euros and got Grulden
	Counted Kind = "counted" // the box was counted; Cents is the difference
	Left    Kind = "left"    // cash left for the bank, or came from it
	Arrived Kind = "arrived" // an entry of the bank shows cash that had left
)

// Movement is one line of the box. Nothing in it is personal.
type Movement struct {
	ID     ID        `json:"id"`
	Number uint64    `json:"number"` // counts from one, without gaps; of a receipt, its number
	Kind   Kind      `json:"kind"`
	At     time.Time `json:"at"`
	Day    bank.Date `json:"day"`
	By     people.ID `json:"by"`
	How    string    `json:"how"` // By authorised it, as the journal tells it

	Cents   ledger.Cents `json:"cents"`             // that the box gained; negative: lost
	Transit ledger.Cents `json:"transit,omitempty"` // that what is on its way to the bank gained; negative: lost
	// Difference is what was found to be too much, or, negative, too little: of
	// a count or an arrival.
	Difference ledger.Cents `json:"difference,omitempty"`

	Account ledger.AccountID `json:"account,omitempty,string"` // of a top-up: who got the Grulden
	Seq     uint64           `json:"seq,omitempty"`            // of a top-up: the entry in the journal
	Pieces  []Pieces         `json:"pieces,omitempty"`         // of a count
	Of      ID               `json:"of,omitzero"`              // of an arrival: the movement that left
	Entry   ID               `json:"entry,omitzero"`           // of an arrival: the bank's entry

	Box       ledger.Cents `json:"box"`        // what ought to be in the box after it
	InTransit ledger.Cents `json:"in_transit"` // what is on its way after it
	Done      bool         `json:"done"`       // all that follows from it was done

	Why string `json:"-"` // what the person said of it; sealed
}

// Balance is what the box ought to hold, and what is known of it.
type Balance struct {
	Box         ledger.Cents // in the box
	Transit     ledger.Cents // on its way to the bank; negative: fetched there and not yet on a statement
	Differences ledger.Cents // all that was ever found too much, less what was too little
	Last        *Movement    // nil: none yet
	LastCount   *Movement    // nil: never counted
}

// Box is the cash box. Its methods may be called from many goroutines.
type Box struct {
	node    *node.Node
	vault   *vault.Vault
	people  *people.Directory
	bank    *bank.Bank
	logbook *logbook.Book
	rows    store.Space
	subject vault.Subject // whose key seals what people said

	mu sync.Mutex // held over every change
}

// The keys of the box's space, by their first byte:
//
//	m number     movement
//	n id         its number
//	t id         cash that left and has not arrived; no value
//	d            sum of all differences
//	s            subject of the sealed texts
const (
	movementRow = 'm'
	numberRow   = 'n'
	transitRow  = 't'
)

var (
	differencesKey = []byte("d")
	subjectKey     = []byte("s")
)

func movementKey(number uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{movementRow}, number)
}

func rowKey(kind byte, id ID) []byte { return append([]byte{kind}, id[:]...) }

// New opens the cash box of a ledger, and finishes a movement that was cut
// short.
func New(n *node.Node, v *vault.Vault, p *people.Directory, b *bank.Bank, l *logbook.Book) (*Box, error) {
	box := &Box{node: n, vault: v, people: p, bank: b, logbook: l, rows: n.Store().Space(store.Cash)}
	found, err := box.rows.Read(subjectKey, &box.subject)
	if err == nil && !found {
		box.subject = vault.NewSubject()
		err = box.rows.Put(subjectKey, store.Row(box.subject))
	}
	if err == nil {
		_, err = box.ready(context.Background())
	}
	if err != nil {
		return nil, fmt.Errorf("open the cash box: %w", err)
	}
	return box, nil
}

// latest is the latest movement of which fits says yes, nil when there is none.
func (b *Box) latest(fits func(*Movement) bool) (found *Movement, err error) {
	s := b.node.Store().Snapshot()
	defer func() { err = errors.Join(err, s.Close()) }()
	all := []byte{store.Cash, movementRow}
	err = s.ScanBack(all, store.End(all), func(_, row []byte) error {
		m := &Movement{}
		if err := store.ParseRow(row, m); err != nil {
			return err
		}
		if !fits(m) {
			return nil
		}
		found = m
		return store.Stop
	})
	return found, err
}

func (b *Box) last() (*Movement, error) { return b.latest(func(*Movement) bool { return true }) }

// ready finishes the latest movement when it was cut short, and returns it.
// Movements are made one after the other, so no other can be unfinished. b.mu
// is held, or nobody else has the box yet.
func (b *Box) ready(ctx context.Context) (*Movement, error) {
	last, err := b.last()
	if err != nil || last == nil || last.Done {
		return last, err
	}
	if err := b.finish(ctx, last); err != nil && !isRefusal(err) {
		return nil, err
	}
	return b.last()
}

// add makes a movement the next of the box and does what follows from it. Why
// is sealed before.
func (b *Box) add(ctx context.Context, m *Movement, by record.Auth) (*Movement, error) {
	m.By, m.How = people.ID(by.By), by.How
	last, err := b.ready(ctx)
	if err != nil {
		return nil, err
	}
	now := b.node.Now().UTC()
	m.Number, m.At, m.Day = 1, now, bank.Date(b.node.Today())
	if last != nil {
		m.Number, m.Box, m.InTransit = last.Number+1, last.Box, last.InTransit
	}
	m.Box += m.Cents
	m.InTransit += m.Transit
	if m.Why != "" {
		if err := b.vault.Put(b.subject, whyDoc(m.ID), []byte(m.Why)); err != nil {
			return nil, fmt.Errorf("keep a movement of cash: %w", err)
		}
	}
	if err := b.write(m); err != nil {
		return nil, err
	}
	return m, b.finish(ctx, m)
}

// write puts a new movement on disk, with what can be found by it.
func (b *Box) write(m *Movement) error {
	return b.change(m.Difference, func(rows *store.Batch) {
		rows.Set(movementKey(m.Number), store.Row(m))
		rows.Set(rowKey(numberRow, m.ID), store.Row(m.Number))
		switch m.Kind {
		case Left:
			rows.Set(rowKey(transitRow, m.ID), nil)
		case Arrived:
			rows.Delete(rowKey(transitRow, m.Of))
		}
	})
}

// undo takes back the latest movement, of which nothing followed because a rule
// forbids it: the desk still has the money in its hand.
func (b *Box) undo(m *Movement) error {
	return b.change(-m.Difference, func(rows *store.Batch) {
		rows.Delete(movementKey(m.Number))
		rows.Delete(rowKey(numberRow, m.ID))
		if m.Kind == Arrived {
			rows.Set(rowKey(transitRow, m.Of), nil)
		}
	})
}

// change writes rows, and what it adds to the differences.
func (b *Box) change(difference ledger.Cents, fill func(*store.Batch)) error {
	var sum ledger.Cents
	if _, err := b.rows.Read(differencesKey, &sum); err != nil {
		return err
	}
	err := b.rows.Update(func(rows *store.Batch) {
		fill(rows)
		rows.Set(differencesKey, store.Row(sum+difference))
	})
	if err != nil {
		return fmt.Errorf("keep a movement of cash: %w", err)
	}
	return nil
}

// before finds a movement that was asked for before, nil when it was not; with
// ErrOtherUse when what was asked then was something else.
func (b *Box) before(ctx context.Context, id ID, same func(*Movement) bool) (*Movement, error) {
	if _, err := b.ready(ctx); err != nil {
		return nil, err
	}
	m, err := b.Movement(id)
	if errors.Is(err, ErrUnknown) {
		return nil, nil
	}
	if err == nil && !same(m) {
		err = ErrOtherUse
	}
	return m, err
}

// Movement finds a movement by its id, or ErrUnknown.
func (b *Box) Movement(id ID) (*Movement, error) {
	var number uint64
	found, err := b.rows.Read(rowKey(numberRow, id), &number)
	if err != nil || !found {
		return nil, orUnknown(err)
	}
	m := &Movement{}
	if found, err = b.rows.Read(movementKey(number), m); err != nil || !found {
		return nil, orUnknown(err)
	}
	return m, b.loadWhy(m)
}

func orUnknown(err error) error {
	if err == nil {
		return ErrUnknown
	}
	return err
}

func (b *Box) loadWhy(m *Movement) error {
	why, _, err := b.vault.Get(b.subject, whyDoc(m.ID))
	m.Why = string(why)
	return err
}

func whyDoc(id ID) string { return "cash why/" + id.String() }

// Movements lists what happened on the days from and to, both included, in the
// order in which it happened. Zero days are no bound.
func (b *Box) Movements(from, to demurrage.Day) (all []*Movement, err error) {
	err = b.rows.Scan([]byte{movementRow}, func(_, row []byte) error {
		m := &Movement{}
		if err := json.Unmarshal(row, m); err != nil {
			return err
		}
		day := demurrage.Day(m.Day)
		if (from == 0 || from <= day) && (to == 0 || day <= to) {
			all = append(all, m)
		}
		return nil
	})
	for _, m := range all {
		err = errors.Join(err, b.loadWhy(m))
	}
	if err != nil {
		return nil, fmt.Errorf("list movements of cash: %w", err)
	}
	return all, nil
}

// Balance is what ought to be in the box and on its way now.
func (b *Box) Balance() (Balance, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var now Balance
	last, err := b.last()
	if err != nil || last == nil {
		return now, err
	}
	now.Box, now.Transit, now.Last = last.Box, last.InTransit, last
	if _, err := b.rows.Read(differencesKey, &now.Differences); err != nil {
		return now, err
	}
	now.LastCount, err = b.latest(func(m *Movement) bool { return m.Kind == Counted })
	return now, err
}

// Changes counts what was written since the start about the box.
func (b *Box) Changes() uint64 { return b.node.Store().Changes(store.Cash) }
