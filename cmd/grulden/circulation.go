package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"grulden/internal/circulation"
	"grulden/internal/report"
)

type circulationCmd struct {
	File    string            `arg:"" type:"existingfile" placeholder:"FILE.csv" help:"A list of transfers: id,day,type,source,target,amount (or time for day), in order of time; types issue, transfer, redeem, demurrage."`
	Rule    []string          `default:"fifo" enum:"fifo,lifo,mixed" help:"Which money a payer is taken to hand over: what came first, what came last, or of all the same fraction. Several give several."`
	From    string            `placeholder:"WHEN" help:"The begin of the window, as the list says when (default: its first row)."`
	To      string            `placeholder:"WHEN" help:"Its end; a day is a whole day (default: the last row)."`
	Network bool              `help:"Also tell how payments hang together; a minute for 100 000 pairs."`
	Opening bool              `help:"The list begins after the money did: what accounts lack they had before."`
	System  []string          `default:"FUND" placeholder:"ACCOUNT" help:"An account that is no user's: a fund, a treasury (default: FUND)."`
	Outside []string          `default:"BANK" placeholder:"ACCOUNT" help:"In a list without types: where money comes from and goes to (default: BANK)."`
	Columns map[string]string `placeholder:"OURS=HEADING" help:"A column under the heading that the list has for it: when=Date, source=From, also purpose and reverses (the id of the row that one undoes)."`
	Types   map[string]string `placeholder:"THEIRS=OURS" help:"A type of ours for a word of the list: STANDARD=transfer."`
	Sale    string            `placeholder:"PURPOSE" help:"The purpose that makes a transfer a final sale."`
	Comma   bool              `help:"Amounts are written 1.234,50."`
	Dates   string            `default:"" enum:",dmy,mdy" help:"Days are written 31-03-2026 (dmy) or 03/31/2026 (mdy)."`
	JSON    bool              `name:"json" help:"Print JSON, each figure with its definition."`
	Lang    string            `default:"en" enum:"nl,en" help:"The language of names and definitions."`
}

// ruleNames are titles of figures by rule.
var ruleNames = map[circulation.Rule]report.Text{
	circulation.FIFO:  {NL: "Als wat het eerst kwam het eerst gaat (fifo)", EN: "If what came first goes first (fifo)"},
	circulation.LIFO:  {NL: "Als wat het laatst kwam het eerst gaat (lifo)", EN: "If what came last goes first (lifo)"},
	circulation.Mixed: {NL: "Als van alles hetzelfde deel gaat (mixed)", EN: "If of all the same fraction goes (mixed)"},
}

// Run prints the figures of a list.
func (c *circulationCmd) Run(a *app) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	var rules []circulation.Rule
	for _, rule := range c.Rule {
		if r := circulation.Rule(rule); !slices.Contains(rules, r) {
			rules = append(rules, r)
		}
	}
	r, err := circulation.Analyse(a.ctx, file, circulation.Options{
		From: c.From, To: c.To, Rules: rules, System: c.System, Outside: c.Outside, Columns: c.Columns, Types: c.Types,
		Sale: c.Sale, Comma: c.Comma, Dates: circulation.Dates(c.Dates), Opening: c.Opening, Network: c.Network, Progress: a.progress("reading the list"),
	})
	var fault *circulation.Fault
	switch {
	case errors.As(err, &fault):
		return hint(err, "%s", fault.Do)
	case err != nil:
		return err
	case c.JSON:
		return c.json(a, r)
	}
	return c.text(a, r)
}

func (c *circulationCmd) text(a *app, r *circulation.Result) error {
	err := report.WriteLines(a.stdout, filepath.Base(c.File), r.Lines(), c.Lang)
	for _, p := range r.Paths {
		if err != nil {
			return err
		}
		title := ruleNames[p.Rule].In(c.Lang)
		if !p.Exact {
			title += report.Text{NL: ", op een fractie afgerond", EN: ", rounded by a fraction"}.In(c.Lang)
		}
		err = report.WriteLines(a.stdout, "\n"+title, r.PathLines(p), c.Lang)
	}
	return err
}

// jsonPath is the figures of a rule as JSON.
type jsonPath struct {
	Rule    circulation.Rule `json:"rule"`
	Exact   bool             `json:"exact"` // nothing was rounded
	Figures json.RawMessage  `json:"figures"`
}

func (c *circulationCmd) json(a *app, r *circulation.Result) error {
	var out struct {
		File    string          `json:"file"`
		Figures json.RawMessage `json:"figures"`
		Rules   []jsonPath      `json:"rules"`
	}
	var err error
	out.File = filepath.Base(c.File)
	if out.Figures, err = report.JSONLines(r.Lines()); err != nil {
		return err
	}
	for _, p := range r.Paths {
		figures, err := report.JSONLines(r.PathLines(p))
		if err != nil {
			return fmt.Errorf("rule %s: %w", p.Rule, err)
		}
		out.Rules = append(out.Rules, jsonPath{p.Rule, p.Exact, figures})
	}
	return a.json(out)
}
