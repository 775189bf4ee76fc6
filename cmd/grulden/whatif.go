package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"grulden/internal/node"
	"grulden/internal/policy"
	"grulden/internal/whatif"
	"grulden/ledger"
)

type whatifCmd struct {
	Data      string `env:"GRULDEN_DATA" type:"path" placeholder:"DIR" help:"The folder of the ledger whose history is tried; with --model, whose rules of today are the first to be tried."`
	MasterKey string `type:"path" placeholder:"FILE" help:"The key to names and bank accounts (default: master.key in the folder of the ledger)."`
	Policy    string `type:"existingfile" placeholder:"FILE" help:"The other rules, one scenario or a list of them, in JSON (docs/whatif.md)."`
	History   bool   `xor:"what,show" help:"Try them on what really happened in the last year (default)."`
	Model     string `xor:"what,show" type:"existingfile" placeholder:"FILE" help:"Try them on a made-up wijk, in JSON (docs/whatif.md)."`
	Preset    string `xor:"what" placeholder:"NAME" help:"Try them on a made-up wijk that is ready: usual, young or close (docs/whatif.md)."`
	Seeds     int    `default:"1" placeholder:"N" help:"Let the made-up wijk live so many times with other dice, 1 to 100, and print the median, the lowest and the highest."`
	Example   bool   `xor:"show" help:"Print the usual made-up wijk, or that of --preset, to begin a file with."`
	Replay    bool   `xor:"form" help:"Print no figures but what happens in the made-up wijk under the rules of today, in the replay format."`
	JSON      bool   `name:"json" xor:"form" help:"Print JSON, with rules, model and definitions."`
	CSV       bool   `name:"csv" xor:"form" help:"Print CSV."`
	Lang      string `default:"en" enum:"nl,en" help:"The language of names and definitions."`
}

// Run prints what other rules would mean.
func (c *whatifCmd) Run(a *app) error {
	if c.Example {
		e := json.NewEncoder(a.stdout)
		e.SetIndent("", "  ")
		m, err := c.model()
		if err != nil {
			return err
		}
		return e.Encode(m)
	}
	if c.Policy == "" && !c.Replay {
		return hint(errors.New("which other rules? There is no --policy"), "write the rules into a file as docs/whatif.md says, and add --policy FILE")
	}
	if c.Seeds != 1 && (!c.madeUp() || c.Replay) {
		return hint(errors.New("a history happened once and has no seed"), "leave --seeds out, or add --model FILE or --preset usual for a made-up wijk")
	}
	if c.Data != "" {
		return a.on(withKey{inData{c.Data}, c.MasterKey}, func(l *opened) error { return c.try(a, l) })
	}
	if !c.madeUp() && !c.Replay {
		return hint(errors.New("whose history? There is no --data"), "add --data DIR, or --model FILE or --preset usual for a made-up wijk")
	}
	return c.try(a, nil)
}

// madeUp tells whether the rules are tried on a made-up wijk.
func (c *whatifCmd) madeUp() bool { return c.Model != "" || c.Preset != "" }

// try tries the rules; without a ledger on a model, beside the default rules.
func (c *whatifCmd) try(a *app, l *opened) error {
	now := ledger.DefaultPolicy()
	if l != nil {
		err := l.node.Read(func(v *node.View) error {
			if policies := v.Head().Policies; len(policies) > 0 {
				now = *policies.InForce(l.node.Today())
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	var o *whatif.Outcome
	m, err := c.model()
	switch {
	case err != nil:
	case c.Replay:
		err = whatif.WriteHistory(a.ctx, a.stdout, m, now)
	default:
		o, err = c.outcome(a, l, m, now)
	}
	switch {
	case errors.Is(err, whatif.ErrScenarios), errors.Is(err, whatif.ErrModel):
		return hint(err, "correct the file; docs/whatif.md describes every field")
	case err != nil || c.Replay:
		return err
	case c.JSON:
		return o.WriteJSON(a.stdout)
	case c.CSV:
		return o.WriteCSV(a.stdout, c.Lang)
	}
	return o.WriteText(a.stdout, c.Lang)
}

// model is the wijk of the file; without one, of the preset or of the usual model.
func (c *whatifCmd) model() (m whatif.Model, err error) {
	if c.Preset != "" {
		p, known := whatif.PresetOf(c.Preset)
		if !known {
			err = hint(fmt.Errorf("there is no made-up wijk %q", c.Preset), "give --preset usual, young or close")
		}
		return p.Model, err
	}
	if c.Model == "" {
		return whatif.DefaultModel(), nil
	}
	err = reading(c.Model, func(f *os.File) (err error) {
		m, err = whatif.ReadModel(f)
		return err
	})
	return m, err
}

func (c *whatifCmd) outcome(a *app, l *opened, m whatif.Model, now ledger.Policy) (o *whatif.Outcome, err error) {
	var others []policy.Scenario
	if err := reading(c.Policy, func(f *os.File) (err error) {
		others, err = whatif.ReadScenarios(f, now)
		return err
	}); err != nil {
		return nil, err
	}
	if c.madeUp() {
		return whatif.Simulate(a.ctx, m, c.Seeds, others, now, a.progress("living the days"))
	}
	progress := a.progress("deciding the journal again")
	err = l.node.Read(func(v *node.View) error {
		of := v.Head().Seq
		o, err = whatif.OfHistory(a.ctx, v.All(), others, now, l.node.Today(), func(done uint64) { progress(done, of) })
		return err
	})
	return o, err
}

// reading opens a file for as long as it is read.
func reading(name string, read func(*os.File) error) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(read(f), f.Close())
}
