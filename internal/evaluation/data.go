package evaluation

import (
	"fmt"

	"grulden/internal/dataset"
)

// Data is the figures of the report for other programs.
func (e *Evaluation) Data() *dataset.Set {
	s := &dataset.Set{
		Name: "grulden-" + e.From + "-" + e.To, Title: e.say("title") + " " + e.say("about"), About: e.say("confidential"),
		Version: e.Program, Source: fmt.Sprintf("journal, %d entries, root %s", e.Entries, e.Root),
		Tables: []dataset.Table{dataset.Figures(e.lines, e.Lang)},
	}
	for _, t := range e.tables {
		s.Tables = append(s.Tables, dataset.Of(t, e.Lang))
	}
	return s
}
