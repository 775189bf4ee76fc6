package evaluation

import (
	"context"

	"grulden/internal/node"
	"grulden/internal/report"
)

// Published is what was published of some months, in words. It is all that a
// report for everybody says of the figures.
type Published struct {
	Number int    // from one on
	Hash   string // of the release
	Period report.Period
	Coin   string
	Wijk   string
	Answer string // in one sentence
	Rules  string // by which figures are shown and hidden
	Lines  []report.Line
	Tables []report.Table
}

// Public is the report for everybody on what was published. How many entries the
// journal has is not in it: that would tell more than the rounded figures.
func Public(ctx context.Context, n *node.Node, figures *report.Keeper, p Published, lang string) (*Evaluation, error) {
	if lang != "en" {
		lang = "nl" // the report has no other
	}
	r, err := figures.Report(ctx, p.Period, report.Options{})
	if err != nil {
		return nil, err
	}
	root, err := rootAt(n, r.Entries)
	if err != nil {
		return nil, err
	}
	return &Evaluation{
		Inputs: Inputs{
			Format: format, Program: Program(), Lang: lang, Wijk: p.Wijk, Coin: p.Coin, Public: true,
			From: p.Period.From.String(), To: p.Period.To.String(), Root: root, Release: p.Number, ReleaseHash: p.Hash,
			Figures: shown(p.Lines, p.Tables),
		},
		period: p.Period, days: r.Period.Days(), lines: p.Lines, tables: p.Tables, answer: p.Answer, rules: p.Rules,
	}, nil
}
