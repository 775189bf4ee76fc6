package rewards

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"grulden/demurrage"
	"grulden/internal/bank"
	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/store"
	"grulden/ledger"
)

// Fate is what is to become of a line, or what became of it: a word below, or
// the code of the ledger's refusal.
type Fate string

// The fates of a line.
const (
	Good      Fate = "good"       // will be paid
	Paid      Fate = "paid"       // was paid
	Nobody    Fate = "unknown"    // nobody has this code or reference
	Twice     Fate = "twice"      // an earlier line is the same
	BadAmount Fate = "amount"     // the amount cannot be read
	OverMonth Fate = "over-month" // more than somebody may get as reward in a month
	OverYear  Fate = "over-year"  // or in a year
)

// Line is one line of a list.
type Line struct {
	Row    int              `json:"row"` // of the file
	Ref    string           `json:"ref"` // code or reference, as it was typed
	To     ledger.AccountID `json:"to,string"`
	Amount ledger.Cents     `json:"amount"`
	Text   string           `json:"text"`
	Fate   Fate             `json:"fate"`

	was Fate // before the list was started
}

// List is a list of whom a source pays. When it is read its lines have the fate
// that is known now.
type List struct {
	ID       ID           `json:"id"`
	Source   ID           `json:"source"`
	Kind     Kind         `json:"kind"`
	Name     string       `json:"-"` // of the file
	Made     time.Time    `json:"made"`
	By       record.Auth  `json:"by"`  // who prepared it; once it is started, who approved it
	Sum      ledger.Cents `json:"sum"` // of the good lines
	Count    int          `json:"count"`
	Paid     ledger.Cents `json:"paid"` // so far
	Started  bool         `json:"started"`
	Finished bool         `json:"finished"`
	Digest   string       `json:"digest"` // SHA-256 of all lines, in hexadecimal

	Lines []Line `json:"-"`
}

// sealedList is what lies in the vault.
type sealedList struct {
	Name  string `json:"name"`
	Lines []Line `json:"lines"`
}

// Dealt counts the good lines that are dealt with, and those of them paid.
func (l List) Dealt() (dealt, paid int) {
	for _, line := range l.Lines {
		if line.was != Good || line.Fate == Good {
			continue
		}
		dealt++
		if line.Fate == Paid {
			paid++
		}
	}
	return dealt, paid
}

func listDoc(id ID) string { return "rewards list/" + id.String() }

// Prepare keeps a list and says what would become of each line. Nothing is paid.
// The same id prepares once.
func (b *Book) Prepare(id, source ID, name string, lines []Line, by record.Auth) (*List, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s, err := b.source(source)
	if err != nil {
		return nil, err
	}
	if l, err := b.list(id); !errors.Is(err, ErrUnknown) {
		return l, err
	}
	l := &List{ID: id, Source: source, Kind: s.Kind, Name: name, Made: b.node.Now().UTC(), By: by, Lines: lines}
	if err := b.judge(l); err != nil {
		return nil, err
	}
	doc := store.Row(sealedList{name, l.Lines})
	l.Digest = fmt.Sprintf("%x", sha256.Sum256(doc))
	if err := b.vault.Put(b.subject, listDoc(id), doc); err != nil {
		return nil, fmt.Errorf("keep a list: %w", err)
	}
	return l, b.rows.Put(rowKey(listRow, id), store.Row(l))
}

// judge says of each line what would become of it today.
func (b *Book) judge(l *List) error {
	type same struct {
		to     ledger.AccountID
		amount ledger.Cents
		text   string
	}
	seen := map[same]bool{}
	limits := b.newLimits(l.Kind)
	for i := range l.Lines {
		line := &l.Lines[i]
		key := same{line.To, line.Amount, line.Text}
		switch {
		case line.To == 0:
			line.Fate = Nobody
		case line.Amount <= 0:
			line.Fate = BadAmount
		case seen[key]:
			line.Fate = Twice
		default:
			var err error
			if line.Fate, err = limits.fate(*line); err != nil {
				return err
			}
		}
		seen[key] = true
		if line.Fate == Good {
			l.Sum += line.Amount
			l.Count++
			if err := limits.add(*line); err != nil {
				return err
			}
		}
	}
	return nil
}

// limits count what people got as rewards while a list is gone through.
type limits struct {
	book  *Book
	on    bool
	day   demurrage.Day
	rules node.Rules
	got   map[ledger.AccountID][2]ledger.Cents // in the month and in the year
}

func (b *Book) newLimits(kind Kind) *limits {
	today := b.node.Today()
	return &limits{b, kind == Reward, today, b.node.RulesOn(today), map[ledger.AccountID][2]ledger.Cents{}}
}

// fate is whether a line can be paid within the limits.
func (l *limits) fate(line Line) (Fate, error) {
	got, err := l.of(line.To)
	switch {
	case err != nil:
		return "", err
	case !l.on:
		return Good, nil
	case got[0]+line.Amount > l.rules.RewardMonth:
		return OverMonth, nil
	case got[1]+line.Amount > l.rules.RewardYear:
		return OverYear, nil
	}
	return Good, nil
}

// of is what somebody got so far.
func (l *limits) of(account ledger.AccountID) (got [2]ledger.Cents, err error) {
	got, known := l.got[account]
	if known || !l.on {
		return got, nil
	}
	got[0], got[1], err = l.book.rewarded(account, l.day)
	l.got[account] = got
	return got, err
}

// add counts a line that is paid.
func (l *limits) add(line Line) error {
	got, err := l.of(line.To)
	l.got[line.To] = [2]ledger.Cents{got[0] + line.Amount, got[1] + line.Amount}
	return err
}

// heads are the lists of a source without their lines, the newest first.
func (b *Book) heads(source ID) (all []*List, err error) {
	err = b.rows.Scan([]byte{listRow}, func(_, row []byte) error {
		l := &List{}
		if err := store.ParseRow(row, l); err != nil {
			return err
		}
		if source == (ID{}) || l.Source == source {
			all = append(all, l)
		}
		return nil
	})
	slices.SortFunc(all, func(a, b *List) int { return b.Made.Compare(a.Made) })
	return all, err
}

// Lists are the lists of a source, the newest first, with their lines.
func (b *Book) Lists(source ID) ([]*List, error) {
	all, err := b.heads(source)
	for i := range all {
		var failed error
		all[i], failed = b.list(all[i].ID)
		err = errors.Join(err, failed)
	}
	return all, err
}

// List finds a list with what became of its lines so far, or ErrUnknown.
func (b *Book) List(id ID) (*List, error) { return b.list(id) }

func (b *Book) list(id ID) (*List, error) {
	l := &List{}
	found, err := b.rows.Read(rowKey(listRow, id), l)
	if err != nil || !found {
		return nil, orUnknown(err)
	}
	doc, ok, err := b.vault.Get(b.subject, listDoc(id))
	if err != nil || !ok {
		return nil, fmt.Errorf("a list has no lines: %w", orUnknown(err))
	}
	if fmt.Sprintf("%x", sha256.Sum256(doc)) != l.Digest {
		return nil, errors.New("a list is not as it was prepared")
	}
	var sealed sealedList
	if err := json.Unmarshal(doc, &sealed); err != nil {
		return nil, fmt.Errorf("read a list: %w", err)
	}
	l.Name, l.Lines = sealed.Name, sealed.Lines
	became := map[int]Fate{}
	if _, err := b.rows.Read(rowKey(outcomeRow, id), &became); err != nil {
		return nil, err
	}
	for i := range l.Lines {
		l.Lines[i].was = l.Lines[i].Fate
	}
	for i, fate := range became { // map order does not matter: each line once
		l.Lines[i].Fate = fate
	}
	return l, nil
}

// Check tells whether a list can be started: ErrShort when its source has not
// enough left, ErrEmpty, ErrStarted.
func (b *Book) Check(id ID) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, err := b.startable(id)
	return err
}

func (b *Book) startable(id ID) (*List, error) {
	l, err := b.list(id)
	if err != nil {
		return nil, err
	}
	s, err := b.source(l.Source)
	switch {
	case err != nil:
	case l.Started:
		err = ErrStarted
	case l.Count == 0:
		err = ErrEmpty
	case l.Sum > s.Left():
		err = ErrShort
	}
	return l, err
}

// Start has a list paid that two people agreed on; by is the second of them.
// Starting it again changes nothing. Run pays it.
func (b *Book) Start(id ID, by record.Auth) error {
	if by.How != record.ByTwo {
		return ErrTwo
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	l, err := b.startable(id)
	if errors.Is(err, ErrStarted) {
		return nil
	}
	if err != nil {
		return err
	}
	l.Started, l.By = true, by
	return b.rows.Put(rowKey(listRow, id), store.Row(l))
}

// atOnce is how many lines are handed to the ledger before the first is waited
// for.
const atOnce = 100

// Run pays the lists that were started, and goes on where an earlier call or an
// earlier server stopped. No line is paid twice. What the ledger has already is
// noted first, of all lists, so that it counts for the limits of each.
func (b *Book) Run(ctx context.Context) error {
	b.running.Lock()
	defer b.running.Unlock()
	heads, err := b.heads(ID{})
	for _, noting := range []bool{true, false} {
		if err != nil {
			break
		}
		for _, l := range heads {
			if l.Started && !l.Finished && ctx.Err() == nil {
				err = errors.Join(err, b.pay(ctx, l.ID, noting))
			}
		}
	}
	return err
}

// pay pays one list, or only notes of it what the ledger has already.
func (b *Book) pay(ctx context.Context, id ID, noting bool) error {
	l, err := b.list(id)
	if err != nil {
		return err
	}
	became := map[int]Fate{}
	var todo []int
	for i, line := range l.Lines {
		if line.Fate != Good {
			continue
		}
		if sent, err := b.sent(l, line); err != nil {
			return err
		} else if sent || !noting {
			todo = append(todo, i)
		}
	}
	if noting && len(todo) == 0 {
		return nil
	}
	if _, err := b.rows.Read(rowKey(outcomeRow, id), &became); err != nil {
		return err
	}
	limits := b.newLimits(l.Kind)
	for chunk := range slices.Chunk(todo, atOnce) {
		if ctx.Err() != nil {
			return nil
		}
		if err := b.payChunk(l, chunk, limits, became); err != nil {
			return fmt.Errorf("pay a list of a source: %w", err)
		}
	}
	return b.keep(l, became, nil, !noting)
}

// payKey is the ledger's key of a line: always the same, so that it is paid once.
func (l *List) payKey(line Line) ledger.Key {
	sum := sha256.Sum256(fmt.Appendf(nil, "grulden-reward 1\n%v\n%d", l.ID, line.Row))
	return ledger.Key(sum[:16])
}

// payChunk pays some lines and notes what became of them in one step. After an
// error the lines stay open, for the next time.
func (b *Book) payChunk(l *List, lines []int, limits *limits, became map[int]Fate) error {
	sent := map[int]*node.Pending{}
	for _, i := range lines {
		line := l.Lines[i]
		fate, err := b.fateNow(l, line, limits)
		if err != nil {
			return err
		}
		if fate != Good {
			became[i] = fate
			continue
		}
		if err := limits.add(line); err != nil {
			return err
		}
		p, err := b.node.Send(node.Request{Auth: l.By, Command: ledger.Issue{To: line.To, Amount: line.Amount}, Key: l.payKey(line)})
		if err != nil {
			return err
		}
		sent[i] = p
	}
	var given []Given
	for _, i := range lines {
		p, ok := sent[i]
		if !ok {
			continue
		}
		r, err := p.Wait()
		if err != nil {
			return err
		}
		became[i] = Fate(r.Result.Code())
		if r.Result != ledger.Applied {
			continue
		}
		became[i] = Paid
		day := r.Moment.Day
		if r.Repeat {
			if day, err = b.dayOf(r.Seq); err != nil {
				return err
			}
		}
		line := l.Lines[i]
		l.Paid += line.Amount
		given = append(given, Given{bank.Date(day), line.Amount, l.Source, l.Kind, l.ID, line.Row, r.Seq, line.To})
	}
	return b.keep(l, became, given, false)
}

// fateNow is what is to become of a line. One that the ledger has already is
// paid, whatever the limits say by now.
func (b *Book) fateNow(l *List, line Line, limits *limits) (fate Fate, err error) {
	if sent, err := b.sent(l, line); err != nil || sent {
		return Good, err
	}
	return limits.fate(line)
}

// sent tells whether the ledger has a line already.
func (b *Book) sent(l *List, line Line) (sent bool, err error) {
	err = b.node.Read(func(v *node.View) error {
		seq, err := v.Used(l.payKey(line))
		sent = seq != 0
		return err
	})
	return sent, err
}

// dayOf is the day of an entry in the journal.
func (b *Book) dayOf(seq uint64) (day demurrage.Day, err error) {
	err = b.node.Read(func(v *node.View) error {
		r, err := v.Record(seq)
		if err == nil {
			day = r.Moment.Day
		}
		return err
	})
	return day, err
}

// keep writes what became of lines, and what people got, in one step.
func (b *Book) keep(l *List, became map[int]Fate, given []Given, finished bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	l.Finished = finished
	return b.rows.Update(func(rows *store.Batch) {
		for _, g := range given {
			rows.Set(givenKey(g), store.Row(g))
		}
		rows.Set(rowKey(outcomeRow, l.ID), store.Row(became))
		rows.Set(rowKey(listRow, l.ID), store.Row(l))
	})
}
