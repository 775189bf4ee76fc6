package web

import (
	"strconv"

	"grulden/internal/foureyes"
	"grulden/internal/move"
	"grulden/web/page"
)

// moveProposals are the openings of a wijk that moved here: what its members had.
func (s *Server) moveProposals() map[foureyes.Kind]proposal {
	place := move.Place{Node: s.node, Vault: s.vault, People: s.people}
	return map[foureyes.Kind]proposal{move.Kind: {Rule: place.Rule(), told: s.toldOpening}}
}

// toldOpening tells who gets what, each of them.
func (s *Server) toldOpening(lang page.Lang, p *foureyes.Proposal) ([]page.Told, error) {
	var o move.Opening
	if err := p.Into(&o); err != nil {
		return nil, err
	}
	told := []page.Told{
		{What: lang.Text("opening.total"), Value: "€ " + lang.Money(int64(o.Total))},
		{What: lang.Text("opening.members"), Value: strconv.Itoa(len(o.Lines))},
		{What: lang.Text("opening.check"), Value: lang.Text("opening.checktext")},
	}
	for _, line := range o.Lines {
		person, ok, err := s.people.Person(line.Person)
		if err != nil {
			return nil, err
		}
		name := person.Title()
		if !ok {
			name = lang.Text("proposals.some")
		}
		told = append(told, page.Told{What: name, Value: lang.Money(int64(line.Cents))})
	}
	return told, nil
}
