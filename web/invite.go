package web

import (
	"context"
	"errors"
	"net/http"

	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/web/page"
)

// invitation finds the invitation in the address. Who tries too many that do
// not exist must wait.
func (s *Server) invitation(r *http.Request) (people.Person, people.Invitation, error) {
	from := "address " + address(r)
	if s.codes.Spent(from, s.node.Now()) {
		return people.Person{}, people.Invitation{}, errOften
	}
	code, err := payreq.Parse(r.PathValue("code"))
	if err != nil {
		err = people.ErrNoInvitation
	}
	var owner people.Person
	var i people.Invitation
	if err == nil {
		owner, i, err = s.people.Invited(code, s.node.Now())
	}
	if errors.Is(err, people.ErrNoInvitation) {
		s.codes.Allow(from, s.node.Now())
	}
	return owner, i, err
}

// showInvitation asks whoever opens an invitation whether they want to help.
func (s *Server) showInvitation(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.invitePage(w, r, v, http.StatusOK, page.InvitePage{Form: people.NewID().String()})
}

// invitePage fills in the page; p has what was typed and what is wrong.
func (s *Server) invitePage(w http.ResponseWriter, r *http.Request, v visit, status int, p page.InvitePage) error {
	owner, i, err := s.invitation(r)
	if err != nil {
		return err
	}
	p.Base, p.Owner, p.Limit = s.oneTask(r, v), owner.Name, v.lang.Money(int64(i.Limit))
	p.Address = "/I/" + i.Code.String()
	p.Path = p.Address
	switch {
	case !v.signedIn:
		p.Asks = page.AskNewcomer
	case v.person.ID == owner.ID:
		p.Asks = page.AskNobody
		p.Problem = p.T("invite.self")
	case canHelp(v.person.Role):
		p.Asks = page.AskMember
	default:
		p.Asks = page.AskNobody
		p.Problem = p.T("invite.role", "role", v.lang.Text(roleKey(v.person.Role)))
	}
	return s.show(w, status, p)
}

func canHelp(role people.Role) bool { return role == people.Resident || role == people.Helper }

// acceptInvitation makes who is signed in a helper.
func (s *Server) acceptInvitation(w http.ResponseWriter, r *http.Request, v visit) error {
	_, i, err := s.invitation(r)
	switch {
	case err != nil:
		return err
	case !v.signedIn:
		return errSignedOut
	case !canHelp(v.person.Role):
		return errRole
	}
	given, err := s.people.Accept(i.Code, v.person.ID, s.node.Now())
	if err != nil {
		return err
	}
	s.sessions.Put(r.Context(), sessionActing, given.Owner.String())
	return goTo(w, r, "/helping?done=helping")
}

// joinAsHelper makes a login for somebody who has none and takes the
// invitation. The code of the new login is shown, once.
func (s *Server) joinAsHelper(w http.ResponseWriter, r *http.Request, v visit) error {
	if v.signedIn {
		return s.acceptInvitation(w, r, v)
	}
	_, i, err := s.invitation(r)
	if err != nil {
		return err
	}
	f, err := form(r, "form", "name", "pin", "pin2")
	if err != nil {
		return err
	}
	id, ok := parsePersonID(f[0])
	if !ok {
		return errBadForm
	}
	if !s.logins.Allow(address(r), s.node.Now()) {
		return errOften
	}
	hash, err := s.hashSame(r.Context(), f[2], f[3])
	var person people.Person
	var code payreq.Code
	if err == nil {
		person, code, err = s.people.Add(people.Person{ID: id, Role: people.Helper, Name: f[1], Lang: string(v.lang)}, hash, s.node.Now())
	}
	if err != nil {
		p := page.InvitePage{Form: f[0], Name: f[1]}
		if p.Problems = problemsOf(s.nobody(v.lang), err); p.Problems == nil {
			return err
		}
		return s.invitePage(w, r, v, http.StatusUnprocessableEntity, p)
	}
	given, err := s.people.Accept(i.Code, person.ID, s.node.Now())
	if err != nil {
		return errors.Join(err, s.erasePerson(person.ID)) // somebody else was first
	}
	return s.welcomeHelper(w, r, person, code, given)
}

var errPINsDiffer = errors.New("the two PINs are not the same")

// hashSame hashes a PIN that was typed twice.
func (s *Server) hashSame(ctx context.Context, pin, again string) (string, error) {
	if pin != again {
		return "", errPINsDiffer
	}
	return s.hashPIN(ctx, pin)
}

// welcomeHelper signs a new helper in and shows the code to sign in with.
func (s *Server) welcomeHelper(w http.ResponseWriter, r *http.Request, person people.Person, code payreq.Code, given people.Help) error {
	ctx := r.Context()
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.remember(ctx, person, usePages)
	s.sessions.Put(ctx, sessionActing, given.Owner.String())
	v := visit{person: person, purse: person, signedIn: true, lang: page.ParseLang(person.Lang)}
	return s.showLogin(w, r, v, page.NewLoginPage{Name: person.Name, Next: "/helping"}, code)
}

// showLogin shows the code of a new login, once, with a QR code that a
// telephone's camera opens.
func (s *Server) showLogin(w http.ResponseWriter, r *http.Request, v visit, p page.NewLoginPage, code payreq.Code) (err error) {
	p.Base, p.Code = s.oneTask(r, v), code.Grouped()
	if p.QR, err = drawQR(payreq.CardLink(s.origin, code), onPaper); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}
