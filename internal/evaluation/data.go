package evaluation

import (
	"context"
	"fmt"

	"grulden/internal/dataset"
	"grulden/internal/report"
)

// Data is the figures of the report for other programs, and those of each day.
func (e *Evaluation) Data(ctx context.Context, figures *report.Keeper) (*dataset.Set, error) {
	days, err := e.daily(ctx, figures)
	if err != nil {
		return nil, err
	}
	return e.set(days), nil
}

// set puts tables together.
func (e *Evaluation) set(days dataset.Table) *dataset.Set {
	s := &dataset.Set{
		Name: "grulden-" + e.From + "-" + e.To, Title: e.say("title") + " " + e.say("about"), About: e.say("confidential"),
		Version: e.Program, Source: fmt.Sprintf("journal, %d entries, root %s", e.Entries, e.Root),
		Tables: []dataset.Table{days, dataset.Figures(e.lines, e.Lang)},
	}
	for _, t := range e.tables {
		s.Tables = append(s.Tables, dataset.Of(t, e.Lang))
	}
	return s
}
