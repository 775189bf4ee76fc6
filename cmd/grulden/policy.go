package main

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"grulden/demurrage"
	"grulden/internal/export"
	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/replay"
	"grulden/ledger"
)

type policyCmd struct {
	withKey
	alone
	Set       bool     `help:"Announce new rules, from the day --from on; the first ones are valid at once."`
	From      string   `placeholder:"DAY" help:"The first day of the new rules; it must lie after every grace given so far."`
	Rate      string   `default:"0.0165%" help:"What melts on each charge day."`
	Every     string   `default:"day" enum:"day,month" help:"Charge days: every day, or the first of every month."`
	GraceDays uint16   `default:"30" help:"Days that new money keeps its worth (0-366)."`
	Hops      uint8    `default:"5" help:"Counted payments until money may become euros (1-20)."`
	TermDays  uint16   `default:"365" help:"Days from issue after which it may in any case (1-36500)."`
	Fee       string   `default:"0%" help:"Of a redemption, for the wijkfonds."`
	Redeemers []string `default:"merchant" help:"Roles that may turn Grulden into euros."`
}

// Run shows the policies, or sets one.
func (c *policyCmd) Run(a *app) error {
	return a.on(c.withKey, func(l *opened) error {
		if c.Set {
			if err := c.set(a, l); err != nil {
				return err
			}
		}
		return l.node.Read(func(v *node.View) error { return a.policies(v.Head(), l.node.Today()) })
	})
}

func (c *policyCmd) set(a *app, l *opened) error {
	p := ledger.Policy{GraceDays: c.GraceDays, Hops: c.Hops, TermDays: c.TermDays, Redeemers: c.Redeemers}
	rate, err := replay.ParsePercent(c.Rate)
	if err != nil {
		return fmt.Errorf("--rate: %w", err)
	}
	if p.Fee, err = replay.ParsePercent(c.Fee); err != nil {
		return fmt.Errorf("--fee: %w", err)
	}
	p.Rate = demurrage.Rate(rate)
	if c.Every == "month" {
		p.Every = demurrage.Monthly
	}
	if c.From != "" {
		if p.From, err = demurrage.ParseDay(c.From); err != nil {
			return fmt.Errorf("--from: %w", err)
		}
	}
	if err := c.allowed(l); err != nil {
		return err
	}
	r, err := l.node.Submit(a.ctx, node.Request{
		Auth: record.Auth{How: record.ByOperator}, Command: ledger.SetPolicy{Policy: p, HasFrom: c.From != ""},
	})
	if err != nil {
		return err
	}
	switch r.Result {
	case ledger.Applied:
		return l.note(a, "operator-policy", c.Alone, logbook.Fact{Name: "policyfrom", Value: c.From})
	case ledger.PolicyTooSoon:
		return hint(errors.New("that is too soon: money in people's hands was promised its grace under the present rules"),
			"choose a later day: at the earliest the day after today plus the grace in force")
	}
	if c.From == "" {
		return hint(errors.New("there are rules already, so new ones need the day from which they hold"), "add --from DAY, after every grace given so far")
	}
	return hint(fmt.Errorf("the ledger refuses these rules (%v): a figure is beyond its limits, such as a rate of 5 %% or more", r.Result), "grulden policy --help")
}

// policies prints the rules and from when they hold.
func (a *app) policies(h *ledger.Head, today demurrage.Day) error {
	if len(h.Policies) == 0 {
		return hint(errors.New("there are no rules yet"), "grulden policy --data DIR --set")
	}
	current := h.Policies.InForce(today)
	for i := range h.Policies {
		p := &h.Policies[i]
		when := "was in force"
		switch {
		case p == current:
			when = "in force"
		case p.From > today:
			when = "announced"
		}
		every := "every day"
		if p.Every == demurrage.Monthly {
			every = "on the first of the month"
		}
		a.say("from %v (%s): %s %s after %d days' grace; euros after %d payments or %d days, fee %s, for %s\n",
			p.From, when, export.Percent(uint32(p.Rate)), every, p.GraceDays, p.Hops, p.TermDays,
			export.Percent(p.Fee), strings.Join(p.Redeemers, ", "))
	}
	first := h.Index.First()
	melts := first + demurrage.Day(h.Policies.InForce(first).GraceDays)
	now, then := h.Index.At(max(today, melts)), h.Index.At(melts)
	worth := new(big.Rat).SetFrac(new(big.Int).SetUint64(now), new(big.Int).SetUint64(then))
	a.say("a Grulden made on the first day, %v, that lay still is worth %s today\n", first, worth.FloatString(4))
	return nil
}
