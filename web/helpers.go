package web

import (
	"errors"
	"net/http"

	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/wallet"
	"grulden/web/page"
)

// helperActs is how far back a person sees what helpers did, in payments of
// the account.
const helperActs = 200

// helped is whose helpers a page is about: the visitor's own, or at the desk
// those of the person in the address, who sits in front of it.
func (s *Server) helped(r *http.Request, v visit) (owner people.Person, address string, err error) {
	if r.PathValue("id") == "" {
		return v.person, "/helpers", nil
	}
	owner, err = s.personOf(r)
	if err == nil && owner.Role != people.Resident {
		err = errNotFound
	}
	return owner, "/desk/people/" + owner.ID.String() + "/helpers", err
}

// showHelpers lists who helps somebody, what they did, and how to ask another.
func (s *Server) showHelpers(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.helpersPage(w, r, v, http.StatusOK, page.HelpersPage{})
}

// helpersPage fills in the page; p has what was typed and what is wrong.
func (s *Server) helpersPage(w http.ResponseWriter, r *http.Request, v visit, status int, p page.HelpersPage) error {
	owner, address, err := s.helped(r, v)
	if err != nil {
		return err
	}
	helpers, open, err := s.people.Helpers(owner.ID, s.node.Now())
	if err != nil {
		return err
	}
	p.Base, p.Address, p.Full = s.base(r, v), address, len(helpers)+len(open) >= people.MaxHelpers
	if owner.ID != v.person.ID {
		p.Owner, p.Back = owner.Name, "/desk/people/"+owner.ID.String()
	}
	for _, given := range helpers {
		line, err := s.helperLine(v, owner, given)
		if err != nil {
			return err
		}
		p.Helpers = append(p.Helpers, line)
	}
	for _, i := range open {
		line := page.InviteLine{
			Code: i.Code.String(), Grouped: i.Code.Grouped(), Name: i.Name, Link: payreq.InviteLink(s.origin, i.Code),
			Limit: v.lang.Money(int64(i.Limit)), Until: v.lang.ShortDate(inWijk(i.Until)),
		}
		if line.QR, err = drawQR(line.Link, onScreen); err != nil {
			return err
		}
		p.Invitations = append(p.Invitations, line)
	}
	if owner.ID == v.person.ID {
		if p.Acts, err = s.helperActs(v); err != nil {
			return err
		}
	}
	return s.show(w, status, p)
}

// helperLine is what an owner sees of a helper.
func (s *Server) helperLine(v visit, owner people.Person, given people.Help) (line page.HelperLine, err error) {
	left, err := s.leftToday(helperHolder(owner, given))
	if err != nil {
		return line, err
	}
	return page.HelperLine{
		ID: given.Helper.String(), Name: given.Name, Limit: v.lang.Money(int64(given.Limit)), Typed: v.lang.Input(int64(given.Limit)),
		Used: v.lang.Money(int64(max(given.Limit-left, 0))), Since: v.lang.Date(inWijk(given.Since)),
	}, nil
}

// helperActs lists what helpers paid from the visitor's own account.
func (s *Server) helperActs(v visit) ([]page.Line, error) {
	entries, _, err := s.wallet.History(v.purse.Account, 0, helperActs)
	if err != nil {
		return nil, err
	}
	var acts []wallet.Entry
	for _, e := range entries {
		if e.Helper != (record.ActorID{}) {
			acts = append(acts, e)
		}
	}
	return s.lines(v, acts)
}

// helperName is what an owner calls a helper; of one who stopped, just that.
func (s *Server) helperName(v visit, helper record.ActorID) (string, error) {
	given, ok, err := s.people.HelpOf(v.purse.ID, people.ID(helper))
	if err != nil || !ok {
		return v.lang.Text("line.helper"), err
	}
	return given.Name, nil
}

// helpProblem shows the page again with what is wrong, or passes the error on.
func (s *Server) helpProblem(w http.ResponseWriter, r *http.Request, v visit, p page.HelpersPage, err error) error {
	switch {
	case isErr(err, people.ErrName, people.ErrHelpLimit, people.ErrHelpers):
		a := answerTo(err)
		p.Problem = v.lang.Text(a.text)
		return s.helpersPage(w, r, v, a.status, p)
	}
	text, status, ok := codeProblem(v.lang, err)
	if !ok {
		return err
	}
	p.Problem = text
	return s.helpersPage(w, r, v, status, p)
}

// inviteHelper makes an invitation. It lets somebody spend, so it takes the
// owner's PIN, at the desk too.
func (s *Server) inviteHelper(w http.ResponseWriter, r *http.Request, v visit) error {
	owner, address, err := s.helped(r, v)
	if err != nil {
		return err
	}
	f, err := form(r, "name", "limit", "pin")
	if err != nil {
		return err
	}
	typed := page.HelpersPage{Name: f[0], Limit: f[1]}
	limit, err := typedAmount(f[1])
	if err != nil {
		return s.helpProblem(w, r, v, typed, people.ErrHelpLimit)
	}
	if err = s.checkPIN(r.Context(), owner, f[2]); err == nil {
		_, err = s.people.Invite(owner.ID, f[0], limit, s.node.Now())
	}
	if err != nil {
		return s.helpProblem(w, r, v, typed, err)
	}
	return goTo(w, r, address+"?done=invited")
}

// limitHelper changes what a helper may pay a day. Less needs no PIN.
func (s *Server) limitHelper(w http.ResponseWriter, r *http.Request, v visit) error {
	owner, address, err := s.helped(r, v)
	if err != nil {
		return err
	}
	f, err := form(r, "helper", "limit", "pin")
	if err != nil {
		return err
	}
	helper, ok := parsePersonID(f[0])
	if !ok {
		return errBadForm
	}
	limit, err := typedAmount(f[1])
	if err != nil {
		return s.helpProblem(w, r, v, page.HelpersPage{}, people.ErrHelpLimit)
	}
	given, ok, err := s.people.HelpOf(owner.ID, helper)
	if err != nil || !ok {
		return errors.Join(err, errNotFound)
	}
	if limit > given.Limit {
		err = s.checkPIN(r.Context(), owner, f[2])
	}
	if err == nil {
		err = s.people.LimitHelp(owner.ID, helper, limit)
	}
	if err != nil {
		return s.helpProblem(w, r, v, page.HelpersPage{}, err)
	}
	return goTo(w, r, address+"?done=helplimit")
}

// stopHelper ends somebody's helping at once.
func (s *Server) stopHelper(w http.ResponseWriter, r *http.Request, v visit) error {
	owner, address, err := s.helped(r, v)
	if err != nil {
		return err
	}
	f, err := form(r, "helper")
	if err != nil {
		return err
	}
	helper, ok := parsePersonID(f[0])
	if !ok {
		return errBadForm
	}
	if err := s.people.StopHelp(owner.ID, helper); err != nil && !errors.Is(err, people.ErrNobody) {
		return err
	}
	return goTo(w, r, address+"?done=helpstopped")
}

// uninvite takes back an invitation.
func (s *Server) uninvite(w http.ResponseWriter, r *http.Request, v visit) error {
	owner, address, err := s.helped(r, v)
	if err != nil {
		return err
	}
	f, err := form(r, "code")
	if err != nil {
		return err
	}
	code, err := payreq.Parse(f[0])
	if err != nil {
		return errBadForm
	}
	if err := s.people.Uninvite(owner.ID, code); err != nil && !errors.Is(err, people.ErrNobody) {
		return err
	}
	return goTo(w, r, address+"?done=uninvited")
}
