package evaluation

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"

	"grulden/internal/journal"
	"grulden/internal/node"
	"grulden/internal/report"
	"grulden/internal/worth"
	"grulden/ledger"
)

// ErrNotOver says that no day of the period is over yet. What is printed of a day
// that goes on is another thing in an hour.
var ErrNotOver = errors.New("no day of this period is over yet")

// Evaluation is what is to be printed of a period.
type Evaluation struct {
	Inputs
	period  report.Period
	days    int // of it that the ledger lived
	verdict report.Verdict
	share   string // of what was paid with money that had been paid before
	lines   []report.Line
	tables  []report.Table

	answer string // of a public report
	rules  string // by which it shows and hides
}

// Make counts a period up to yesterday at the latest, for inside the foundation.
func Make(ctx context.Context, n *node.Node, figures *report.Keeper, p report.Period, lang string) (*Evaluation, error) {
	sectors, err := figures.Sectors()
	if err != nil {
		return nil, err
	}
	given := Inputs{Lang: lang, Wijk: n.Settings().Wijk, Coin: n.Settings().Coin, Sectors: sectors}
	sheet, err := worth.NewBook(n.Store()).Last()
	if err != nil {
		return nil, err
	}
	if sheet.Number > 0 {
		given.Worth = &sheet.Sheet
	}
	return build(ctx, n, figures, p, given)
}

// build makes a report with what is given and not in the journal.
func build(ctx context.Context, n *node.Node, figures *report.Keeper, p report.Period, given Inputs) (*Evaluation, error) {
	yesterday := n.Today() - 1
	if p.From > p.To {
		return nil, report.ErrPeriod
	}
	if p.From > yesterday {
		return nil, ErrNotOver
	}
	p.To = min(p.To, yesterday)
	if given.Lang != "en" {
		given.Lang = "nl" // the report has no other
	}
	if given.Sectors == nil {
		given.Sectors = map[ledger.OwnerID]string{} // nothing was said; nil would ask again
	}
	r, err := figures.Report(ctx, p, report.Options{Coin: given.Coin, Sectors: given.Sectors})
	if err != nil {
		return nil, err
	}
	if err := figures.Compare(ctx, r); err != nil {
		return nil, err
	}
	e := &Evaluation{
		Inputs: Inputs{
			Format: format, Program: cmp.Or(given.Program, Program()), Lang: given.Lang, Wijk: given.Wijk, Coin: r.Coin,
			From: r.Period.From.String(), To: r.Period.To.String(), Entries: r.Entries, Sectors: given.Sectors, Worth: given.Worth,
		},
		period: r.Period, days: r.Period.Days(), lines: r.Lines(), tables: r.Tables(),
	}
	verdict, share := r.Answer()
	e.verdict = verdict
	e.share = report.Column{Factor: 100}.Shown(report.Cell{Value: share}, given.Lang)
	e.Figures = shown(e.lines, e.tables)
	if e.Worth != nil {
		maps.Copy(e.Figures, shown(e.Worth.Reckon().Lines(), e.Worth.Tables()))
	}
	if e.Root, err = rootAt(n, r.Entries); err != nil {
		return nil, err
	}
	return e, nil
}

// rootAt is the root of the journal when it had so many entries.
func rootAt(n *node.Node, entries uint64) (root string, err error) {
	err = n.Read(func(v *node.View) error {
		if v.Journal().Size < entries {
			return journal.ErrGap
		}
		head, err := v.JournalAt(entries)
		root = hex.EncodeToString(head.Root[:])
		return err
	})
	if err != nil {
		return "", fmt.Errorf("the journal of %d entries: %w", entries, err)
	}
	return root, nil
}

// line finds a figure by its key.
func (e *Evaluation) line(key string) (report.Line, bool) {
	for _, l := range e.lines {
		if l.Key == key && l.Value != "" {
			return l, true
		}
	}
	return report.Line{}, false
}
