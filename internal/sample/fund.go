package sample

import (
	"time"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/internal/foureyes"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/ledger"
)

// grant is a purpose of the wijkfonds, and what is given for it at a time.
type grant struct {
	id    people.ID
	name  string
	need  bool // it is for people with money problems
	cents ledger.Cents
	times int // so many people get it
}

// grantBody is what two people agree to of a grant.
type grantBody struct {
	Purpose people.ID        `json:"purpose"`
	Name    string           `json:"name"`
	Need    bool             `json:"need"`
	To      ledger.AccountID `json:"to,string"`
	Cents   ledger.Cents     `json:"cents"`
}

// grant has two people give something away from the wijkfonds, every four weeks.
// They agree on the purposes first.
func (w *Wijk) grant(at time.Time, n int) error {
	if n%28 >= 7 || n < 84 {
		return nil
	}
	if err := w.at(at); err != nil {
		return err
	}
	if w.purposes == nil {
		w.purposes = []grant{
			{sampleID("need"), "Boodschappen voor wie weinig geld heeft", true, 5_00, 2},
			{sampleID("feast"), "Buurtfeest", false, 4_00, 1},
		}
		for _, p := range w.purposes {
			body := map[string]any{"name": p.name, "need": p.need}
			if err := w.two(foureyes.Draft{ID: foureyes.ID(p.id), Kind: "purpose", Body: body, Why: "Besproken in de vergadering."}, treasurer, board); err != nil {
				return err
			}
		}
	}
	for _, p := range w.purposes {
		if !p.need && n < days-28 {
			continue
		}
		for range p.times {
			if has, err := w.fund(civil.Day(at)); err != nil || has < p.cents {
				return err
			}
			to := w.one(w.residents)
			to.cents += p.cents
			body := grantBody{p.id, p.name, p.need, to.person.Account, p.cents}
			if err := w.two(foureyes.Draft{Kind: "grant", Person: to.person.ID, Body: body, Why: "Besproken in de vergadering."}, treasurer, board); err != nil {
				return err
			}
		}
	}
	return nil
}

// fund is what the wijkfonds has.
func (w *Wijk) fund(day demurrage.Day) (has ledger.Cents, err error) {
	err = w.Node.Read(func(v *node.View) error {
		grains, negative, err := v.Head().Fund(day)
		if cents, _ := grains.Div(ledger.GrainsPerCent); !negative {
			has = ledger.Cents(cents.Lo)
		}
		return err
	})
	return has, err
}
