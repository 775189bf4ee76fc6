package main

import (
	"fmt"

	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/ledger"
)

type limitsCmd struct {
	withKey
	alone
	NoPIN    string `name:"no-pin" placeholder:"25.00" help:"Up to this much a person pays without being asked for the PIN; 0: it is always asked."`
	NoPINDay string `name:"no-pin-day" placeholder:"100.00" help:"And all such payments of one day together."`
	Card     string `placeholder:"50.00" help:"Up to this much is paid with a card at a till; 0: not at all."`
	CardDay  string `placeholder:"150.00" help:"And all such payments of one day together."`
}

// Run shows the limits, and changes those that are given.
func (c *limitsCmd) Run(a *app) error {
	return a.on(c.withKey, func(l *opened) error {
		s := l.node.Settings()
		if err := c.into(&s.Limits); err != nil {
			return err
		}
		if s.Limits != l.node.Settings().Limits {
			if err := c.set(a, l, s); err != nil {
				return err
			}
		}
		a.say("without PIN    %9v a payment, %9v a day, for each account\n", s.Limits.NoPIN, s.Limits.NoPINDay)
		a.say("card at a till %9v a payment, %9v a day\n", s.Limits.Card, s.Limits.CardDay)
		return nil
	})
}

// set changes the limits. Nothing else tells of it, so that the logbook comes first.
func (c *limitsCmd) set(a *app, l *opened, s node.Settings) error {
	if !s.Limits.Valid() {
		return hint(node.ErrLimits, "set both: --no-pin 25.00 --no-pin-day 100.00")
	}
	if err := c.allowed(l); err != nil {
		return err
	}
	if err := l.note(a, "operator-limits", c.Alone, logbook.Fact{Name: "limits", Value: fmt.Sprint(s.Limits)}); err != nil {
		return err
	}
	return l.node.SetSettings(s)
}

// into changes the limits that are given on the command line.
func (c *limitsCmd) into(l *node.Limits) error {
	for _, f := range []struct {
		name, text string
		limit      *ledger.Cents
	}{
		{"--no-pin", c.NoPIN, &l.NoPIN},
		{"--no-pin-day", c.NoPINDay, &l.NoPINDay},
		{"--card", c.Card, &l.Card},
		{"--card-day", c.CardDay, &l.CardDay},
	} {
		switch f.text {
		case "":
			continue
		case "0", "0.00":
			*f.limit = 0
			continue
		}
		amount, err := ledger.ParseCents(f.text)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		*f.limit = amount
	}
	return nil
}
