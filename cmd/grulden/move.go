package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"grulden/internal/foureyes"
	"grulden/internal/move"
	"grulden/internal/people"
	"grulden/internal/record"
)

type moveCmd struct {
	withKey
	Members  string   `arg:"" type:"existingfile" placeholder:"MEMBERS.csv" help:"The members with their balances, as Cyclos exports them."`
	Payments string   `type:"existingfile" placeholder:"PAYMENTS.csv" help:"Their payments of before, to be kept for them to read."`
	Shops    []string `placeholder:"GROUP" help:"A group whose members are shops (those with words like business or winkel are known)."`
	By       string   `placeholder:"NAME" help:"The treasurer who asks that the balances be issued; the board approves it on the pages."`
	CarryOut bool     `help:"Add the members. Without it, only tell what would be done."`
	JSON     bool     `help:"Print the report as JSON."`
}

// moveReport is what a move would do, or did.
type moveReport struct {
	Residents int           `json:"residents"`
	Shops     int           `json:"shops"`
	Total     string        `json:"total"` // euros that must be in the reserve for it
	Payments  int           `json:"payments"`
	Faults    []move.Remark `json:"faults,omitempty"`
	Notes     []move.Remark `json:"notes,omitempty"`
	Done      *move.Done    `json:"done,omitempty"`
}

// Run tells what a move would do, and does it when asked to.
func (c *moveCmd) Run(a *app) error {
	return a.on(c.withKey, func(l *opened) error {
		plan, err := c.read()
		if err != nil {
			return hint(err, "export users and payments as CSV; the headings that are known stand in docs/operating.md")
		}
		report := newMoveReport(plan)
		if c.CarryOut && len(plan.Faults) == 0 {
			place := move.Place{Node: l.node, Vault: l.vault, People: l.people}
			done, err := move.Carry(a.ctx, place, plan, record.Auth{How: record.ByOperator}, a.progress("moving"))
			if err != nil {
				return hint(err, "run it again: whoever was moved stays as he is")
			}
			report.Done = &done
			if c.By != "" {
				if err := c.propose(a, l, place, done.Opening); err != nil {
					return err
				}
			}
		}
		if err := c.tell(a, report); err != nil {
			return err
		}
		if len(plan.Faults) > 0 {
			return hint(fmt.Errorf("%d lines cannot be moved, so nothing was", len(plan.Faults)), "correct them in the file, or settle a debt in the old program first")
		}
		return nil
	})
}

// propose asks, for the treasurer, that the balances be issued. The same balances
// are asked for once.
func (c *moveCmd) propose(a *app, l *opened, place move.Place, o move.Opening) error {
	all, err := l.people.Everybody()
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(p people.Person) bool { return p.Role != people.Treasurer || p.Name != c.By })
	if len(all) != 1 {
		return hint(fmt.Errorf("%d treasurers have the name %q", len(all), c.By), "add one: grulden person --role treasurer --name NAME")
	}
	if !slices.Contains(l.foureyes.Kinds(), move.Kind) {
		l.foureyes.Register(move.Kind, place.Rule())
	}
	text, err := json.Marshal(o)
	if err != nil {
		return err
	}
	p, err := l.foureyes.Propose(a.ctx, all[0].ID, foureyes.Draft{
		ID: foureyes.ID(l.vault.HMAC16("opening", string(text))), Kind: move.Kind, Body: o, Why: "balances that members had before they moved here",
	})
	if err == nil {
		a.note("asked: %v for %d members; somebody of the board, or another treasurer, approves it on the pages (%s)", o.Total, len(o.Lines), p.Hash[:24])
	}
	return err
}

// read reads the files.
func (c *moveCmd) read() (*move.Plan, error) {
	members, err := readList(c.Members)
	if err != nil {
		return nil, err
	}
	var payments []byte
	if c.Payments != "" {
		if payments, err = readList(c.Payments); err != nil {
			return nil, err
		}
	}
	return move.Read(members, payments, move.Options{Shops: c.Shops})
}

// readList reads a file, but not one that is too large to be a list.
func readList(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(file, move.MaxBytes+1))
	return text, errors.Join(err, file.Close())
}

func newMoveReport(p *move.Plan) moveReport {
	r := moveReport{Total: p.Total().String(), Payments: len(p.Payments), Faults: p.Faults, Notes: p.Notes}
	for _, m := range p.Members {
		if m.Person.Shop != "" {
			r.Shops++
		} else {
			r.Residents++
		}
	}
	return r
}

// tell prints the report.
func (c *moveCmd) tell(a *app, r moveReport) error {
	if c.JSON {
		return a.json(r)
	}
	a.say("%d residents and %d shops with %s together; %d payments of before\n", r.Residents, r.Shops, r.Total, r.Payments)
	for _, f := range r.Faults {
		a.say("WRONG   %s line %d: %s %s\n", f.File, f.Line, f.Why, f.Value)
	}
	for _, n := range r.Notes {
		a.say("note    %s line %d: %s %s\n", n.File, n.Line, n.Why, n.Value)
	}
	switch {
	case r.Done != nil:
		a.say("moved: %d added, %d were there, %d payments kept\n", r.Done.Added, r.Done.There, r.Done.Payments)
		for _, n := range r.Done.Notes {
			a.say("note    line %d: %s\n", n.Line, n.Why)
		}
	case len(r.Faults) == 0:
		a.note("nothing was changed; carry it out with --carry-out")
	}
	return nil
}
