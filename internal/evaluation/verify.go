package evaluation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"grulden/internal/node"
	"grulden/internal/report"
	"grulden/internal/tagged"
)

// Difference is a figure that a report shows otherwise than the ledger has it.
// An empty one is not there.
type Difference struct{ Key, Report, Ledger string }

// Check is what came out when a report was made again.
type Check struct {
	Inputs  Inputs // of the report that was checked
	Program string // that checked it
	Same    bool   // byte for byte, whatever version it says made it

	Journal     bool         // the journal is the one that the report follows from
	Root        string       // of this journal at the same length; empty when it is shorter
	Differences []Difference // by key
	Passages    []Passage    // where the file reads otherwise than what is made again
}

// Verify makes a report again and compares.
func Verify(ctx context.Context, n *node.Node, figures *report.Keeper, file []byte) (*Check, error) {
	in, pdf, err := Read(file)
	if err != nil {
		return nil, err
	}
	period, err := in.Period()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoReport, err)
	}
	if in.Public {
		return nil, ErrPublic
	}
	c := &Check{Inputs: *in, Program: Program()}
	if root, err := rootAt(n, in.Entries); err == nil {
		c.Root, c.Journal = root, root == in.Root
	}
	e, err := build(ctx, n, figures, period, *in)
	if err != nil {
		return nil, err
	}
	c.Journal = c.Journal && e.Entries == in.Entries
	return c, c.compare(e, file, pdf)
}

// ErrPublic says that a report is one for everybody, which VerifyPublic checks.
var ErrPublic = errors.New("this report is about what was published")

// VerifyPublic makes a report for everybody again, of what was published by the
// number that it names.
func VerifyPublic(ctx context.Context, n *node.Node, figures *report.Keeper, p Published, file []byte) (*Check, error) {
	in, pdf, err := Read(file)
	if err != nil {
		return nil, err
	}
	p.Wijk = in.Wijk
	e, err := Public(ctx, n, figures, p, in.Lang)
	if err != nil {
		return nil, err
	}
	e.Program = in.Program
	c := &Check{Inputs: *in, Program: Program(), Root: e.Root, Journal: e.Root == in.Root}
	return c, c.compare(e, file, pdf)
}

// compare holds a file against what it should be.
func (c *Check) compare(e *Evaluation, file []byte, pdf bool) error {
	again := e.HTML
	if pdf {
		again = e.PDF
	}
	now, err := again()
	if err != nil {
		return err
	}
	c.Same = bytes.Equal(now, file)
	c.Differences = differences(c.Inputs.Figures, e.Figures)
	if !c.Same {
		c.Passages, err = passages(file, now, pdf)
	}
	if errors.Is(err, tagged.ErrUnread) {
		err = nil // somebody else's program wrote it: that it differs is told all the same
	}
	return err
}

// differences lists the figures that are not the same in both.
func differences(then, now map[string]string) (all []Difference) {
	both := maps.Clone(then)
	if both == nil {
		both = make(map[string]string)
	}
	maps.Copy(both, now)
	for _, key := range slices.Sorted(maps.Keys(both)) {
		if then[key] != now[key] {
			all = append(all, Difference{key, then[key], now[key]})
		}
	}
	return all
}
