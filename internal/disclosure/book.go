package disclosure

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"

	"grulden/demurrage"
	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/report"
	"grulden/internal/store"
	"grulden/ledger"
)

// Why there is no release.
var (
	ErrMonths  = errors.New("a release is about whole months that are over, and enough of them")
	ErrOverlap = errors.New("another release is about a day of this one, or a later day: they could be subtracted")
	ErrChanged = errors.New("these are not the figures that were proposed")
	ErrBroken  = errors.New("a release is not as it was published")
)

// Book keeps what was published. It may be used from many goroutines.
type Book struct {
	node   *node.Node
	keeper *report.Keeper
	rows   store.Space

	mu sync.Mutex // held while a release is added
}

// Open opens the book of a ledger. The keeper counts the figures.
func Open(n *node.Node, k *report.Keeper) *Book {
	return &Book{node: n, keeper: k, rows: n.Store().Space(store.Releases)}
}

// Releases are all that were published, the first of them first. The error is
// ErrBroken when one of them was changed or taken away since; with it come those
// that are as they were.
func (b *Book) Releases() (all []Release, err error) {
	err = b.node.Read(func(v *node.View) error {
		all, err = b.releases(v)
		return err
	})
	return all, err
}

// releases hold what is kept against the journal: each release has its entry there,
// and there is no further one. The last may not have its entry yet: then it is
// being published.
func (b *Book) releases(v *node.View) (all []Release, err error) {
	err = b.rows.Scan(nil, func(_, row []byte) error {
		var r Release
		if err := store.ParseRow(row, &r); err != nil {
			return err
		}
		before := ""
		if len(all) > 0 {
			before = all[len(all)-1].Hash
		}
		if r.Number != len(all)+1 || r.Before != before || r.Hash != r.hash() {
			return fmt.Errorf("%w: number %d", ErrBroken, len(all)+1)
		}
		all = append(all, r)
		return nil
	})
	for i := range all {
		in, wrong := entered(v, &all[i])
		if wrong == nil && !in && i < len(all)-1 {
			wrong = fmt.Errorf("%w: number %d is not in the journal", ErrBroken, i+1)
		}
		if wrong != nil || !in {
			return all[:i], errors.Join(err, wrong)
		}
	}
	if more, problem := v.Used(keyOf(len(all) + 1)); more > 0 || problem != nil {
		err = errors.Join(err, problem, fmt.Errorf("%w: number %d is in the journal alone", ErrBroken, len(all)+1))
	}
	return all, err
}

// entryOf is what of a release stands in the journal, so that nobody can change it
// or take it away.
func entryOf(r *Release) (ledger.Note, error) {
	note := ledger.Note{About: logbook.Published}
	hash, err := hex.DecodeString(r.Hash)
	copy(note.Digest[:], hash)
	return note, err
}

// keyOf is the key of the entry of a release: there is one for each number.
func keyOf(number int) ledger.Key {
	sum := sha256.Sum256(fmt.Appendf(nil, "grulden release 1\x00%d", number))
	return ledger.Key(sum[:16])
}

// entered tells whether a release has its entry in the journal. The error is
// ErrBroken where the entry is of another one.
func entered(v *node.View, r *Release) (bool, error) {
	seq, err := v.Used(keyOf(r.Number))
	if err != nil || seq == 0 {
		return false, err
	}
	entry, err := v.Record(seq)
	if err != nil {
		return false, err
	}
	if want, err := entryOf(r); err != nil || entry.Command != ledger.Command(want) {
		return false, fmt.Errorf("%w: number %d is not what the journal says", ErrBroken, r.Number)
	}
	return true, nil
}

// Draft is a release that was not published yet, and why figures are hidden in it.
type Draft struct {
	Release
	Cells []Cell // as they are: for those who may see the figures
}

// Draft makes the release of some months. The error is ErrMonths or ErrOverlap
// when there can be none.
func (b *Book) Draft(ctx context.Context, p report.Period) (*Draft, error) {
	return b.draft(ctx, p, b.node.Rules().Publishing)
}

func (b *Book) draft(ctx context.Context, p report.Period, rules node.Publishing) (*Draft, error) {
	d := &Draft{Release: Release{
		From: Date(p.From), To: Date(p.To), Made: Date(b.node.Today()), Rules: rules, Coin: b.node.Settings().Coin,
	}}
	first, err := b.FirstDay()
	if err != nil {
		return nil, err
	}
	if !wholeMonths(p, first, rules.Months) || p.To >= b.node.Today() {
		return nil, ErrMonths
	}
	before, err := b.Releases()
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(before, func(r Release) bool { return !d.follows(&r) }) {
		return nil, ErrOverlap
	}
	g, err := b.gather(ctx, p, rules)
	if err != nil {
		return nil, err
	}
	if d.Cells, err = b.guarded(ctx, before, &d.Release, g); err != nil {
		return nil, err
	}
	d.Days = g.report.Period.Days()
	d.Figures = figures(rules, d.Cells, d.Days)
	return d, nil
}

// wholeMonths tells whether a period is of whole months, so many or more of which
// the ledger lived from their first day on.
func wholeMonths(p report.Period, first demurrage.Day, least int) bool {
	if !p.From.FirstOfMonth() || !(p.To + 1).FirstOfMonth() || p.From > p.To {
		return false
	}
	months := 0
	for day := p.From; day <= p.To; day = day.MonthEnd() + 1 {
		if day >= first {
			months++
		}
	}
	return months >= least
}

// FirstDay is the day of the first entry; today in an empty ledger.
func (b *Book) FirstDay() (day demurrage.Day, err error) {
	day = b.node.Today()
	err = b.node.Read(func(v *node.View) error {
		if v.Head().Seq == 0 {
			return nil
		}
		r, err := v.Record(1)
		if err == nil {
			day = r.Moment.Day
		}
		return err
	})
	return day, err
}

// Check tells whether a release can be published as it was proposed: its figures
// are counted again.
func (b *Book) Check(ctx context.Context, r Release) error {
	d, err := b.Draft(ctx, r.Period())
	if err != nil {
		return err
	}
	if d.Days != r.Days || d.Rules != r.Rules || !slices.Equal(d.Figures, r.Figures) {
		return ErrChanged
	}
	return nil
}

// Publish adds a release to the book once and for ever, and enters it in the
// journal; the same one again is the one that is there.
func (b *Book) Publish(ctx context.Context, r Release, by record.Auth) (Release, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	before, err := b.Releases()
	if err != nil {
		return Release{}, err
	}
	for _, o := range before {
		switch {
		case o.From == r.From && o.To == r.To && slices.Equal(o.Figures, r.Figures):
			return o, nil
		case !r.follows(&o):
			return Release{}, ErrOverlap
		}
	}
	r.Number, r.Before = len(before)+1, ""
	if len(before) > 0 {
		r.Before = before[len(before)-1].Hash
	}
	r.Hash = r.hash()
	if err := b.rows.Put(binary.BigEndian.AppendUint32(nil, uint32(r.Number)), store.Row(r)); err != nil {
		return Release{}, err
	}
	note, err := entryOf(&r)
	if err != nil {
		return Release{}, err
	}
	done, err := b.node.Submit(ctx, node.Request{Auth: by, Command: note, Key: keyOf(r.Number)})
	if err == nil && done.Result != ledger.Applied {
		err = fmt.Errorf("enter a release: %s", done.Result.Code())
	}
	return r, err
}

// Next are the whole months after the latest release, as many as the rules ask for
// at least; the first ones of the ledger when there is no release.
func (b *Book) Next() (next report.Period, err error) {
	all, err := b.Releases()
	if err != nil {
		return next, err
	}
	for _, r := range all {
		next.From = max(next.From, demurrage.Day(r.To)+1)
	}
	first, err := b.FirstDay()
	if next.From == 0 {
		next.From = first.MonthBegin()
	}
	months := b.node.Rules().Publishing.Months
	for next.To = next.From.MonthEnd(); !wholeMonths(next, first, months); next.To = (next.To + 1).MonthEnd() {
	}
	return next, err
}
