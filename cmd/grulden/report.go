package main

import (
	"fmt"

	"grulden/demurrage"
	"grulden/internal/report"
)

type reportCmd struct {
	withKey
	From string `placeholder:"DAY" help:"The first day, YYYY-MM-DD (default: the ledger's first)."`
	To   string `placeholder:"DAY" help:"The last day (default: today)."`
	JSON bool   `name:"json" xor:"form" help:"Print JSON, each figure with its definition."`
	CSV  bool   `name:"csv" xor:"form" help:"Print CSV."`

	Compare bool `help:"Print beside each figure what it was in the period before: as many days, or as many months if they are whole."`
	reportFiles
	Lang string `default:"en" enum:"nl,en" help:"The language of names and definitions."`
}

// Run prints the figures of a period.
func (c *reportCmd) Run(a *app) error {
	period := report.Always
	for _, end := range []struct {
		flag, text string
		day        *demurrage.Day
	}{{"--from", c.From, &period.From}, {"--to", c.To, &period.To}} {
		if end.text == "" {
			continue
		}
		day, err := demurrage.ParseDay(end.text)
		if err != nil {
			return fmt.Errorf("%s: %w", end.flag, err)
		}
		*end.day = day
	}
	return a.on(c.withKey, func(l *opened) error {
		if c.asked() {
			return c.run(a, l, period, c.Lang)
		}
		r, err := l.figures.Report(a.ctx, period, report.Options{Progress: a.progress("reading the journal")})
		if err == nil && c.Compare {
			err = compare(a, l, r)
		}
		switch {
		case err != nil:
			return err
		case c.JSON:
			return r.WriteJSON(a.stdout)
		case c.CSV:
			return r.WriteCSV(a.stdout, c.Lang)
		}
		return r.WriteText(a.stdout, c.Lang)
	})
}

// compare puts the figures of the period before beside a report, or says why not.
func compare(a *app, l *opened, r *report.Report) error {
	if err := l.figures.Compare(a.ctx, r); err != nil {
		return err
	}
	if r.Before() == nil {
		p := r.Period.Before()
		a.note("nothing to compare with: the ledger did not live all days from %s to %s", p.From, p.To)
	}
	return nil
}
