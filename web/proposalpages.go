package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"grulden/internal/foureyes"
	"grulden/internal/people"
	"grulden/ledger"
	"grulden/web/page"
)

// proposalsShown is how many decided proposals the list shows, and hashShown how
// much of a hash people compare: nobody finds another body that begins so.
const (
	proposalsShown = 50
	hashShown      = 24
)

// proposalStates are the pictograms and words of how far a proposal is.
var proposalStates = map[foureyes.State]page.NavItem{
	foureyes.Open:      {Icon: "eyes", Word: "proposals.state.open"},
	foureyes.Approved:  {Icon: "clock", Word: "proposals.state.approved"},
	foureyes.Done:      {Icon: "check", Word: "proposals.state.done"},
	foureyes.Refused:   {Icon: "cross", Word: "proposals.state.refused"},
	foureyes.Withdrawn: {Icon: "back", Word: "proposals.state.withdrawn"},
	foureyes.Failed:    {Icon: "warning", Word: "proposals.state.failed"},
}

// listProposals lists what waits for a second person, and what was decided.
func (s *Server) listProposals(w http.ResponseWriter, r *http.Request, v visit) error {
	all, err := s.foureyes.List(10 * proposalsShown)
	if err != nil {
		return err
	}
	p := page.ProposalsPage{Base: s.base(r, v)}
	for _, one := range all {
		if !s.seesProposal(v, one) {
			continue
		}
		line, err := s.proposalLine(v.lang, one)
		if err != nil {
			return err
		}
		switch {
		case one.State == foureyes.Open && s.decides(v, one) == "":
			p.Mine = append(p.Mine, line)
		case one.State == foureyes.Open:
			p.Others = append(p.Others, line)
		case len(p.Done) < proposalsShown:
			p.Done = append(p.Done, line)
		}
	}
	return s.show(w, http.StatusOK, p)
}

// seesProposal tells whether a proposal is the visitor's business: the board
// sees all, others what their role may propose or approve.
func (s *Server) seesProposal(v visit, p *foureyes.Proposal) bool {
	role := v.person.Role
	return role == people.Board || s.foureyes.MayPropose(role, p.Kind) || s.foureyes.MayApprove(role, p.Kind)
}

// decides tells why the visitor cannot decide about an open proposal; empty when
// they can.
func (s *Server) decides(v visit, p *foureyes.Proposal) page.Key {
	switch {
	case v.person.ID == p.By:
		return "proposals.own"
	case v.person.ID == p.Person:
		return "proposals.owncase"
	case !slices.Contains(s.seconds(p), v.person.Role):
		return "proposals.role"
	}
	return ""
}

func (s *Server) proposalLine(lang page.Lang, p *foureyes.Proposal) (line page.ProposalLine, err error) {
	state := proposalStates[p.State]
	line = page.ProposalLine{Href: "/desk/proposals/" + p.ID.String(), Icon: state.Icon, What: proposalWhat(lang, p), State: lang.Text(state.Word)}
	if line.About, _, err = s.proposalAbout(lang, p); err != nil {
		return line, err
	}
	line.By, err = s.proposalBy(lang, p)
	return line, err
}

// proposalWhat says in a word what is proposed.
func proposalWhat(lang page.Lang, p *foureyes.Proposal) string {
	if key := page.Key("proposal." + string(p.Kind)); page.Has(key) {
		return lang.Text(key)
	}
	return lang.Text("proposal.other")
}

// proposalAbout is the name of whom a proposal is about; empty for the wijk.
func (s *Server) proposalAbout(lang page.Lang, p *foureyes.Proposal) (name string, known bool, err error) {
	if p.Person == (people.ID{}) {
		return "", false, nil
	}
	person, ok, err := s.people.Person(p.Person)
	if err != nil || !ok {
		return lang.Text("proposals.some"), false, err
	}
	return person.Title(), person.Role.HasPurse(), nil
}

func (s *Server) proposalBy(lang page.Lang, p *foureyes.Proposal) (string, error) {
	who, err := s.staffName(lang, p.By)
	return lang.Text("proposals.bywhen", "who", who, "when", dayAndTime(lang, p.At)), err
}

// showProposal shows a proposal to whoever has to look at it.
func (s *Server) showProposal(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.proposalPage(w, r, v, http.StatusOK, "")
}

func (s *Server) proposalPage(w http.ResponseWriter, r *http.Request, v visit, status int, problem page.Key) error {
	one, err := s.proposalAsked(r, v)
	if err != nil {
		return err
	}
	state := proposalStates[one.State]
	p := page.ProposalPage{
		Base: s.base(r, v), ID: one.ID.String(), What: proposalWhat(v.lang, one), Why: one.Why, Hash: one.Hash, HashShown: inGroups(one.Hash[:hashShown]),
		State: v.lang.Text(state.Word), Icon: state.Icon, Good: one.State == foureyes.Done, Answer: one.Answer,
	}
	if problem != "" {
		p.Problem = p.T(problem)
	}
	if p.By, err = s.proposalBy(v.lang, one); err != nil {
		return err
	}
	var known bool
	if p.About, known, err = s.proposalAbout(v.lang, one); err != nil {
		return err
	}
	if known && slices.Contains(desk, v.person.Role) {
		p.AboutHref = "/desk/people/" + one.Person.String()
	}
	if len(one.Body) == 0 {
		p.Facts = []page.Told{{What: p.T("proposals.erased")}}
	} else if p.Facts, err = s.told(v.lang, one); err != nil {
		return err
	}
	if err := s.proposalDecision(&p, v, one); err != nil {
		return err
	}
	return s.show(w, status, p)
}

// told lists all that a proposal will do, in the reader's language.
func (s *Server) told(lang page.Lang, p *foureyes.Proposal) ([]page.Told, error) {
	kind, ok := s.proposals()[p.Kind]
	if !ok || kind.told == nil {
		return nil, nil
	}
	return kind.told(lang, p)
}

// proposalDecision says what the visitor can decide, or what was decided.
func (s *Server) proposalDecision(p *page.ProposalPage, v visit, one *foureyes.Proposal) error {
	if one.State != foureyes.Open {
		who := one.Second
		if one.State == foureyes.Withdrawn {
			who = one.By
		}
		name, err := s.staffName(v.lang, who)
		p.Decided = v.lang.Text("proposals.bywhen", "who", name, "when", dayAndTime(v.lang, one.Decided))
		p.Approves = one.State == foureyes.Approved && s.decides(v, one) == "" // doing it broke off: go on
		return err
	}
	p.Withdraws = v.person.ID == one.By
	why := s.decides(v, one)
	if p.Approves = why == ""; !p.Approves {
		p.Cannot = p.T(why, "roles", s.approvers(v.lang, one))
	}
	return nil
}

// seconds are the roles that may approve a proposal; none when who made it
// cannot be read.
func (s *Server) seconds(p *foureyes.Proposal) []people.Role {
	roles, err := s.foureyes.Seconds(p)
	if err != nil {
		return nil
	}
	return roles
}

// approvers names the roles that may approve a proposal.
func (s *Server) approvers(lang page.Lang, p *foureyes.Proposal) string {
	seconds := s.seconds(p)
	var names []string
	for _, role := range people.Roles() {
		if slices.Contains(seconds, role) {
			names = append(names, lang.Text(roleKey(role)))
		}
	}
	return strings.Join(names, ", ")
}

// proposalAsked finds the proposal in the address.
func (s *Server) proposalAsked(r *http.Request, v visit) (*foureyes.Proposal, error) {
	id, err := ledger.ParseID(r.PathValue("id"))
	if err != nil {
		return nil, errNotFound
	}
	p, err := s.foureyes.Proposal(id)
	if errors.Is(err, foureyes.ErrUnknown) {
		err = errNotFound
	}
	if err == nil && !s.seesProposal(v, p) {
		err = errRole
	}
	return p, err
}

// approveProposal approves what was shown, and has it done.
func (s *Server) approveProposal(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "hash")
	if err != nil {
		return err
	}
	return s.decide(w, r, v, func(ctx context.Context, id foureyes.ID) error {
		_, err := s.foureyes.Approve(ctx, v.person.ID, id, f[0])
		return err
	})
}

// refuseProposal says no, and why.
func (s *Server) refuseProposal(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "why")
	if err != nil {
		return err
	}
	return s.decide(w, r, v, func(ctx context.Context, id foureyes.ID) error {
		return s.foureyes.Refuse(ctx, v.person.ID, id, shortened(f[0], maxNote))
	})
}

// withdrawProposal takes back what the visitor proposed.
func (s *Server) withdrawProposal(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.decide(w, r, v, func(ctx context.Context, id foureyes.ID) error {
		return s.foureyes.Withdraw(ctx, v.person.ID, id)
	})
}

// decide lets the visitor decide, and shows the proposal as it is then.
func (s *Server) decide(w http.ResponseWriter, r *http.Request, v visit, how func(context.Context, foureyes.ID) error) error {
	p, err := s.proposalAsked(r, v)
	if err != nil {
		return err
	}
	err = how(r.Context(), p.ID)
	if now, readErr := s.foureyes.Proposal(p.ID); err != nil && readErr == nil && now.State == foureyes.Failed {
		err = nil // its page says that it failed
	}
	if a := answerTo(err); err != nil && a != fault {
		return s.proposalPage(w, r, v, a.status, a.text)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/proposals/"+p.ID.String())
}
