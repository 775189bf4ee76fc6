// Package rewards gives out money of the municipality or a fund to many people:
// sources that bank entries fill, and lists of whom they pay.
//
// A source is a purse on paper. What came in is what bank entries were assigned
// to it; what went out is what lists paid; a list that is more than what is left
// is refused whole. A list is previewed, proposed by one person and approved by
// another, and then issued line by line, each once, however often it is cut
// short. Rewards for volunteers have a limit a month and a year, as the wijk's
// rules say on that day: a line that would go over it is refused before it is
// paid, and the others are paid.
//
// What somebody got stays countable by source and year. The package does not
// know who may do what, and refuses to issue anything that two people did not
// agree on.
package rewards

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"grulden/demurrage"
	"grulden/internal/bank"
	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/internal/vault"
	"grulden/ledger"
)

// Errors of this package.
var (
	ErrName    = errors.New("a source needs a name of at most 60 characters")
	ErrKind    = errors.New("no such kind of money")
	ErrUnknown = errors.New("there is no such source or list")
	ErrCredit  = errors.New("only money that came in fills a source")
	ErrShort   = errors.New("the source has not so much left")
	ErrEmpty   = errors.New("no line of the list can be paid")
	ErrTwo     = errors.New("a list is paid when two people agreed on it")
	ErrStarted = errors.New("the list was started before")
)

// ID names a source or a list.
type ID = bank.ID

// Kind is what sort of money a source gives.
type Kind string

// The kinds of money.
const (
	Reward  Kind = "reward"  // for volunteers; limited by the month and the year
	Gift    Kind = "gift"    // to everybody or to some
	Support Kind = "support" // for people with little money
)

// Kinds lists every kind.
func Kinds() []Kind { return []Kind{Reward, Gift, Support} }

// maxName is the longest name of a source, in characters.
const maxName = 60

// Source is money that somebody gave for many people.
type Source struct {
	ID   ID        `json:"id"`
	Name string    `json:"name"`
	Kind Kind      `json:"kind"`
	Made time.Time `json:"made"`
	By   ID        `json:"by"`

	In   ledger.Cents `json:"-"` // that came in
	Paid ledger.Cents `json:"-"` // that was given
	Held ledger.Cents `json:"-"` // for lists that are being paid
}

// Left is what can still be given.
func (s Source) Left() ledger.Cents { return s.In - s.Paid - s.Held }

// Given is one thing that somebody got from a source.
type Given struct {
	Day    bank.Date        `json:"day"`
	Cents  ledger.Cents     `json:"cents"`
	Source ID               `json:"source"`
	Kind   Kind             `json:"kind"`
	List   ID               `json:"list"`
	Row    int              `json:"row"`
	Seq    uint64           `json:"seq"` // the entry in the journal
	To     ledger.AccountID `json:"to,string"`
}

// Book keeps sources and lists. Its methods may be called from many goroutines.
type Book struct {
	node    *node.Node
	vault   *vault.Vault
	bank    *bank.Bank
	rows    store.Space
	subject vault.Subject // whose key seals what lists say

	mu      sync.Mutex // held over every change
	running sync.Mutex // held while lists are paid
}

// The keys of the book's space, by their first byte:
//
//	k                     subject of the sealed lists
//	s source              source
//	e source entry        bank entry that fills it: its cents
//	l list                list, without its lines
//	o list                what became of its lines
//	g account day list row  what somebody got
//
// The lines of a list are sealed in the vault.
const (
	sourceRow  = 's'
	entryRow   = 'e'
	listRow    = 'l'
	outcomeRow = 'o'
	givenRow   = 'g'
)

var subjectKey = []byte("k")

// New opens the book of a ledger.
func New(n *node.Node, v *vault.Vault, b *bank.Bank) (*Book, error) {
	book := &Book{node: n, vault: v, bank: b, rows: n.Store().Space(store.Rewards)}
	found, err := book.rows.Read(subjectKey, &book.subject)
	if err == nil && !found {
		book.subject = vault.NewSubject()
		err = book.rows.Put(subjectKey, store.Row(book.subject))
	}
	if err != nil {
		return nil, fmt.Errorf("open the book of rewards: %w", err)
	}
	return book, nil
}

func rowKey(kind byte, ids ...ID) []byte {
	key := []byte{kind}
	for _, id := range ids {
		key = append(key, id[:]...)
	}
	return key
}

// givenKey is where something that somebody got lies.
func givenKey(g Given) []byte {
	key := binary.BigEndian.AppendUint64([]byte{givenRow}, uint64(g.To))
	key = binary.BigEndian.AppendUint32(key, uint32(g.Day))
	return binary.BigEndian.AppendUint32(append(key, g.List[:]...), uint32(g.Row))
}

// AddSource adds a source; the same id adds it once.
func (b *Book) AddSource(id ID, name string, kind Kind, by record.Auth) error {
	name = strings.Join(strings.Fields(name), " ")
	switch {
	case name == "" || len([]rune(name)) > maxName:
		return ErrName
	case !slices.Contains(Kinds(), kind):
		return ErrKind
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if found, err := b.rows.Read(rowKey(sourceRow, id), &Source{}); err != nil || found {
		return err
	}
	return b.rows.Put(rowKey(sourceRow, id), store.Row(Source{ID: id, Name: name, Kind: kind, Made: b.node.Now().UTC(), By: ID(by.By)}))
}

// Fill assigns a bank entry to a source: money that came in for many people, and
// so is nobody's top-up. The bank keeps what it was assigned to, so that a crash
// in between is mended by asking again.
func (b *Book) Fill(source, entry ID, by record.Auth) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, err := b.source(source); err != nil {
		return err
	}
	e, err := b.bank.Entry(entry)
	if err != nil {
		return err
	}
	if !e.Credit {
		return ErrCredit
	}
	if e, err = b.bank.Assign(entry, bank.ForSource, source, by); err != nil {
		return err
	}
	return b.rows.Put(rowKey(entryRow, source, entry), store.Row(e.Cents))
}

// Source finds a source with what it has, or ErrUnknown.
func (b *Book) Source(id ID) (Source, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.source(id)
}

func (b *Book) source(id ID) (s Source, err error) {
	found, err := b.rows.Read(rowKey(sourceRow, id), &s)
	if err != nil || !found {
		return s, orUnknown(err)
	}
	err = b.rows.Scan(rowKey(entryRow, id), func(_, row []byte) error {
		var cents ledger.Cents
		err := store.ParseRow(row, &cents)
		s.In += cents
		return err
	})
	if err != nil {
		return s, err
	}
	lists, err := b.heads(id)
	for _, l := range lists {
		s.Paid += l.Paid
		if l.Started && !l.Finished {
			s.Held += l.Sum - l.Paid
		}
	}
	return s, err
}

func orUnknown(err error) error {
	if err == nil {
		return ErrUnknown
	}
	return err
}

// Sources lists the sources, the newest first.
func (b *Book) Sources() (all []Source, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ids []ID
	err = b.rows.Scan([]byte{sourceRow}, func(key, _ []byte) error {
		ids = append(ids, ID(key[1:]))
		return nil
	})
	for _, id := range ids {
		s, err := b.source(id)
		if err != nil {
			return nil, fmt.Errorf("list sources: %w", err)
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Source) int { return b.Made.Compare(a.Made) })
	return all, err
}

// Entries are the bank entries that filled a source.
func (b *Book) Entries(source ID) (ids []ID, err error) {
	err = b.rows.Scan(rowKey(entryRow, source), func(key, _ []byte) error {
		ids = append(ids, ID(key[len(key)-len(ID{}):]))
		return nil
	})
	return ids, err
}

// Unspent is what all sources together have and nobody got yet: euros at the bank
// that no Grulden stand for.
func (b *Book) Unspent() (sum ledger.Cents, err error) {
	all, err := b.Sources()
	for _, s := range all {
		sum += s.In - s.Paid
	}
	return sum, err
}

// Of lists what an account got from sources from day to day, both included, the
// oldest first.
func (b *Book) Of(account ledger.AccountID, from, to demurrage.Day) (all []Given, err error) {
	prefix := binary.BigEndian.AppendUint64([]byte{givenRow}, uint64(account))
	err = b.rows.Scan(prefix, func(_, row []byte) error {
		var g Given
		err := store.ParseRow(row, &g)
		if day := demurrage.Day(g.Day); from <= day && day <= to {
			all = append(all, g)
		}
		return err
	})
	slices.SortStableFunc(all, func(a, b Given) int { return cmp.Compare(a.Day, b.Day) })
	return all, err
}

// rewarded is what an account got as rewards in the month and in the year of a
// day, up to that day.
func (b *Book) rewarded(account ledger.AccountID, day demurrage.Day) (month, year ledger.Cents, err error) {
	t := day.Time()
	first := day - demurrage.Day(t.Day()) + 1
	all, err := b.Of(account, day-demurrage.Day(t.YearDay())+1, day)
	for _, g := range all {
		if g.Kind != Reward {
			continue
		}
		year += g.Cents
		if demurrage.Day(g.Day) >= first {
			month += g.Cents
		}
	}
	return month, year, err
}

// Rewarded is what an account got as rewards this month and this year.
func (b *Book) Rewarded(account ledger.AccountID) (month, year ledger.Cents, err error) {
	return b.rewarded(account, b.node.Today())
}
