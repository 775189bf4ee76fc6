package web

import (
	"context"

	"grulden/internal/foureyes"
	"grulden/web/page"
)

// proposal is one kind of what needs four eyes: who may propose and approve it
// and what doing it means, and how it is told to the second person.
type proposal struct {
	foureyes.Rule
	// told lists all that will be done, in the reader's language.
	told func(lang page.Lang, p *foureyes.Proposal) ([]page.Told, error)
}

// proposals are all kinds, by the area that they belong to. The title of a kind is
// the text "proposal.<kind>".
func (s *Server) proposals() map[foureyes.Kind]proposal {
	all := make(map[foureyes.Kind]proposal)
	for _, area := range []map[foureyes.Kind]proposal{s.bankInProposals(), s.fundProposals(), s.payoutProposals(), s.sourceProposals(), s.roleProposals(), s.moveProposals(), s.rulesProposals(), s.correctionProposals(), s.windProposals(), s.publishProposals()} {
		for kind, p := range area {
			all[kind] = p
		}
	}
	return all
}

// registerProposals tells the desk of proposals what can be proposed, and finishes
// what was approved and then cut short. What still fails is tried again when the
// second person presses the button again.
func (s *Server) registerProposals() error {
	for kind, p := range s.proposals() {
		s.foureyes.Register(kind, p.Rule)
	}
	if err := s.foureyes.Resume(context.Background()); err != nil {
		s.log.Error("proposals that were approved are not done yet", "error", err)
	}
	return nil
}
