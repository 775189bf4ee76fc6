package main

import (
	"errors"
	"slices"

	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/people"
)

// alone lets a command change what two people of the office should decide.
type alone struct {
	Alone string `placeholder:"WHY" help:"Change it without a second person all the same; why is kept in the logbook."`
}

// allowed refuses a change that the office can decide, unless there is a reason
// why one person makes it.
func (c alone) allowed(l *opened) error {
	two, err := l.officeDecides()
	if err != nil || !two || c.Alone != "" {
		return err
	}
	return hint(errors.New("two people decide about this: there is a board"),
		"propose it in the office, under Regels; if that cannot be: --alone WHY")
}

// officeDecides tells whether the office can do it with two people: the coin has
// rules, one of the board can agree, and another of board or treasurers propose.
func (l *opened) officeDecides() (bool, error) {
	ruled, err := l.ruled()
	if err != nil || !ruled {
		return false, err
	}
	all, err := l.people.Everybody()
	if err != nil {
		return false, err
	}
	count := func(roles ...people.Role) (n int) {
		for _, p := range all {
			if !p.Stopped && slices.Contains(roles, p.Role) {
				n++
			}
		}
		return n
	}
	return count(people.Board) > 0 && count(people.Board, people.Treasurer) > 1, nil
}

// ruled tells whether the coin has rules.
func (l *opened) ruled() (ruled bool, err error) {
	err = l.node.Read(func(v *node.View) error {
		ruled = len(v.Head().Policies) > 0
		return nil
	})
	return ruled, err
}

// note enters in the logbook what the machine's operator did and why, once the coin
// has rules: before that there is no journal to enter it in, and nobody's money.
func (l *opened) note(a *app, kind logbook.Kind, why string, facts ...logbook.Fact) error {
	ruled, err := l.ruled()
	if err != nil || !ruled {
		return err
	}
	_, err = l.logbook.Record(a.ctx, logbook.Entry{Kind: kind, Why: why, Facts: facts})
	return err
}
