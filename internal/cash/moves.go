package cash

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"grulden/internal/bank"
	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// MaxCents is the largest sum that moves at once.
const MaxCents ledger.Cents = 100_000_00

// TakeIn takes euros in and issues as many Grulden to a person. The id is that
// of the receipt: the same one twice takes in once. ErrOverMonth when it would be
// more than the wijk allows in a month; *bank.Refused when a rule of the coin
// forbids it. Then nothing was taken in.
func (b *Box) TakeIn(ctx context.Context, id ID, person people.ID, cents ledger.Cents, by record.Auth) (*Movement, error) {
	p, ok, err := b.people.Person(person)
	switch {
	case err != nil:
		return nil, err
	case !ok || !p.Role.HasPurse():
		return nil, ErrNobody
	case cents < 1 || cents > MaxCents:
		return nil, ErrAmount
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	done, err := b.before(ctx, id, func(m *Movement) bool {
		return m.Kind == TopUp && m.Account == p.Account && m.Cents == cents
	})
	if done != nil || err != nil {
		return done, err
	}
	return b.add(ctx, &Movement{ID: id, Kind: TopUp, Cents: cents, Account: p.Account}, by)
}

// Pieces are notes or coins of one kind.
type Pieces struct {
	Cents ledger.Cents `json:"cents"` // that one of them is worth
	Count int64        `json:"count"`
}

// Faces are the notes and coins of the euro in cents, the largest first.
func Faces() []ledger.Cents {
	return []ledger.Cents{500_00, 200_00, 100_00, 50_00, 20_00, 10_00, 5_00, 2_00, 1_00, 50, 20, 10, 5, 2, 1}
}

// maxPieces is more notes or coins of one kind than any box holds.
const maxPieces = 1_000_000

// Count writes down what lies in the box. What it is too much or too little is
// booked as a difference, with why as far as anybody knows.
func (b *Box) Count(ctx context.Context, id ID, pieces []Pieces, why string, by record.Auth) (*Movement, error) {
	var found ledger.Cents
	for i, p := range pieces {
		twice := slices.ContainsFunc(pieces[:i], func(q Pieces) bool { return q.Cents == p.Cents })
		if twice || !slices.Contains(Faces(), p.Cents) || p.Count < 0 || p.Count > maxPieces {
			return nil, ErrPieces
		}
		found += p.Cents * ledger.Cents(p.Count)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	done, err := b.before(ctx, id, func(m *Movement) bool { return m.Kind == Counted && slices.Equal(m.Pieces, pieces) })
	if done != nil || err != nil {
		return done, err
	}
	last, err := b.last()
	if err != nil {
		return nil, err
	}
	m := &Movement{ID: id, Kind: Counted, Pieces: pieces, Why: why, Cents: found}
	if last != nil {
		m.Cents -= last.Box
	}
	m.Difference = m.Cents
	return b.add(ctx, m, by)
}

// Leave notes cash that leaves the box for the bank, or, below nought, that was
// fetched from the bank for the box. It is in transit until Arrive.
func (b *Box) Leave(ctx context.Context, id ID, cents ledger.Cents, why string, by record.Auth) (*Movement, error) {
	if cents == 0 || cents > MaxCents || cents < -MaxCents {
		return nil, ErrAmount
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	done, err := b.before(ctx, id, func(m *Movement) bool { return m.Kind == Left && m.Transit == cents })
	if done != nil || err != nil {
		return done, err
	}
	last, err := b.last()
	if err != nil {
		return nil, err
	}
	if cents > 0 && (last == nil || last.Box < cents) {
		return nil, ErrShort
	}
	return b.add(ctx, &Movement{ID: id, Kind: Left, Cents: -cents, Transit: cents, Why: why}, by)
}

// Arrive notes that an entry of the bank shows cash that had left. When the bank
// counted otherwise than the desk, the difference is booked. ErrSamePerson when
// by is who carried it; ErrDirection when the entry goes the other way;
// bank.ErrNotMatchable when the entry is explained already.
func (b *Box) Arrive(ctx context.Context, id, of, entry ID, by record.Auth) (*Movement, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	done, err := b.before(ctx, id, func(m *Movement) bool { return m.Kind == Arrived && m.Of == of && m.Entry == entry })
	if done != nil || err != nil {
		return done, err
	}
	left, err := b.Movement(of)
	if err != nil {
		return nil, err
	}
	e, err := b.bank.Entry(entry)
	if err != nil {
		return nil, err
	}
	_, waits, err := b.rows.Get(rowKey(transitRow, of))
	seen := e.Cents
	if !e.Credit {
		seen = -seen
	}
	switch {
	case err != nil:
		return nil, err
	case left.Kind != Left:
		return nil, ErrUnknown
	case !waits:
		return nil, ErrArrived
	case left.By == people.ID(by.By):
		return nil, ErrSamePerson
	case e.Credit != (left.Transit > 0):
		return nil, ErrDirection
	case e.Explained():
		return nil, bank.ErrNotMatchable
	}
	m := &Movement{ID: id, Kind: Arrived, Of: of, Entry: entry, Transit: -left.Transit, Difference: seen - left.Transit}
	return b.add(ctx, m, by)
}

// InTransit lists the cash that has left and has not arrived, the oldest first.
func (b *Box) InTransit() (all []*Movement, err error) {
	var ids []ID
	err = b.rows.Scan([]byte{transitRow}, func(key, _ []byte) error {
		ids = append(ids, ID(key[1:]))
		return nil
	})
	for _, id := range ids {
		m, err := b.Movement(id)
		if err != nil {
			return nil, fmt.Errorf("list cash in transit: %w", err)
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b *Movement) int { return int(a.Number) - int(b.Number) })
	return all, err
}

// finish does what follows from a movement and notes that it was done. When a
// rule forbids it, the movement is taken back.
func (b *Box) finish(ctx context.Context, m *Movement) error {
	var err error
	switch m.Kind {
	case TopUp:
		err = b.issue(ctx, m)
	case Arrived:
		_, err = b.bank.Assign(m.Entry, bank.ForCash, m.Of, b.auth(m))
	}
	if isRefusal(err) {
		return errors.Join(err, b.undo(m))
	}
	if err != nil {
		return err
	}
	if err := b.log(ctx, m); err != nil {
		return err
	}
	m.Done = true
	if err := b.rows.Update(func(rows *store.Batch) { rows.Set(movementKey(m.Number), store.Row(m)) }); err != nil {
		return fmt.Errorf("keep a movement of cash: %w", err)
	}
	return nil
}

// log enters a movement in the logbook, once; a top-up as about who brought it.
func (b *Box) log(ctx context.Context, m *Movement) error {
	e := logbook.Entry{
		ID: ledger.ID(m.ID), By: m.By, How: m.How, Kind: logbook.Kind("cash-" + m.Kind), Why: m.Why,
		Facts: []logbook.Fact{{Name: "number", Value: strconv.FormatUint(m.Number, 10)}, {Name: "amount", Value: m.Cents.String()}},
	}
	if m.Kind == TopUp {
		about, _, err := b.people.ByAccount(m.Account)
		if err != nil {
			return err
		}
		e.Person, e.Account = about.ID, m.Account
	} else { // what the box holds is not for whom an act is about
		e.Facts = append(
			e.Facts, logbook.Fact{Name: "transit", Value: m.Transit.String()},
			logbook.Fact{Name: "difference", Value: m.Difference.String()}, logbook.Fact{Name: "box", Value: m.Box.String()},
		)
	}
	_, err := b.logbook.Record(ctx, e)
	if err != nil {
		return fmt.Errorf("enter a movement of cash in the logbook: %w", err)
	}
	return nil
}

func (b *Box) auth(m *Movement) record.Auth { return record.Auth{By: record.ActorID(m.By), How: m.How} }

// isRefusal tells whether a movement can never be finished.
func isRefusal(err error) bool {
	var refused *bank.Refused
	return errors.As(err, &refused) || errors.Is(err, ErrOverMonth) ||
		errors.Is(err, bank.ErrNotMatchable) || errors.Is(err, bank.ErrAssigned)
}

// issue makes the Grulden of a top-up, once.
func (b *Box) issue(ctx context.Context, m *Movement) error {
	key := issueKey(m.ID)
	var seq uint64
	err := b.node.Read(func(v *node.View) (err error) {
		seq, err = v.Used(key)
		return err
	})
	if err != nil {
		return err
	}
	if seq != 0 { // issued before, and the note of it was cut short
		m.Seq = seq
		return nil
	}
	var r node.Receipt
	err = b.node.TopUp(func() error {
		if err := b.withinMonth(m); err != nil {
			return err
		}
		r, err = b.node.Submit(ctx, node.Request{Auth: b.auth(m), Command: ledger.Issue{To: m.Account, Amount: m.Cents}, Key: key})
		return err
	})
	if err == nil && r.Result != ledger.Applied {
		err = &bank.Refused{Result: r.Result}
	}
	m.Seq = r.Seq
	return err
}

// issueKey is the ledger's key of the issue that a top-up leads to.
func issueKey(id ID) ledger.Key {
	sum := sha256.Sum256(append([]byte("grulden cash 1\x00"), id[:]...))
	return ledger.Key(sum[:16])
}
