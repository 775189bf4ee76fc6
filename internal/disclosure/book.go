package disclosure

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"sync"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/report"
	"grulden/internal/store"
)

// Why there is no release.
var (
	ErrMonths  = errors.New("a release is about whole months that are over, and enough of them")
	ErrOverlap = errors.New("another release is about a day of this one: they could be subtracted")
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
// ErrBroken when one of them was changed or taken away since.
func (b *Book) Releases() (all []Release, err error) {
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
	return all, err
}

// Draft is a release that was not published yet, and why figures are hidden in it.
type Draft struct {
	Release
	Cells []Cell // as they are: for those who may see the figures
}

// Draft makes the release of some months. The error is ErrMonths or ErrOverlap
// when there can be none.
func (b *Book) Draft(ctx context.Context, p report.Period) (*Draft, error) {
	rules := b.node.Rules().Publishing
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
	if slices.ContainsFunc(before, func(r Release) bool { return r.overlaps(&d.Release) }) {
		return nil, ErrOverlap
	}
	g, err := b.gather(ctx, p)
	if err != nil {
		return nil, err
	}
	d.Cells = Protect(rules, g.cells, g.relations)
	if err := b.guardStock(ctx, before, d, g); err != nil {
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
	for day := p.From; day <= p.To; day = endOfMonth(day) + 1 {
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

// guardStock hides the stock of a draft when it could be subtracted from that of
// earlier releases, so that what somebody took out in between is known.
func (b *Book) guardStock(ctx context.Context, before []Release, d *Draft, g *gathered) error {
	at := slices.IndexFunc(d.Cells, func(c Cell) bool { return c.Key == "stock" })
	if d.Cells[at].Why != Shown {
		return nil
	}
	asked := slices.IndexFunc(d.Cells, func(c Cell) bool { return c.Key == "asked" })
	first, err := b.FirstDay()
	if err != nil {
		return err
	}
	all := append(slices.Clone(before), d.Release)
	slices.SortFunc(all, func(x, y Release) int { return int(x.From - y.From) })
	for len(all) > 0 {
		run := 1
		for run < len(all) && all[run].From == all[run-1].To+1 {
			run++
		}
		var flows []flow
		for _, r := range all[:run] {
			figures, shown, secret := g.report, true, d.Cells[asked].Why != Shown
			if r.Number != 0 {
				shown, secret = r.Figure("stock") != nil, r.Figure("asked") == nil
				if figures, err = b.keeper.Report(ctx, r.Period(), report.Options{Owners: true}); err != nil {
					return err
				}
			}
			f := flowOf(figures, shown, secret)
			f.fresh = demurrage.Day(r.From) <= first
			flows = append(flows, f)
		}
		if givesAway(d.Rules, flows) {
			d.Cells[at].Why = Rest
		}
		all = all[run:]
	}
	return nil
}

// flowOf is how a period changed what all have.
func flowOf(r *report.Report, shown, secret bool) flow {
	in := new(big.Rat).Add(grulden(r.Issued+r.Granted+r.Rejected), r.Rounding)
	return flow{
		in: in, out: grulden(r.Requested), melted: new(big.Rat).Add(r.Demurrage, r.Left),
		mean: r.StockMean, shown: shown, secret: secret,
	}
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

// Publish adds a release to the book once and for ever; the same one again is the
// one that is there.
func (b *Book) Publish(r Release) (Release, error) {
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
		case o.overlaps(&r):
			return Release{}, ErrOverlap
		}
	}
	r.Number, r.Before = len(before)+1, ""
	if len(before) > 0 {
		r.Before = before[len(before)-1].Hash
	}
	r.Hash = r.hash()
	return r, b.rows.Put(binary.BigEndian.AppendUint32(nil, uint32(r.Number)), store.Row(r))
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
		for next.From = first; !next.From.FirstOfMonth(); next.From-- {
		}
	}
	months := b.node.Rules().Publishing.Months
	for next.To = endOfMonth(next.From); !wholeMonths(next, first, months); next.To = endOfMonth(next.To + 1) {
	}
	return next, err
}
