package web

import (
	"context"
	"errors"
	"math"
	"net/http"
	"slices"

	"grulden/internal/foureyes"
	"grulden/internal/logbook"
	"grulden/internal/people"
	"grulden/web/page"
)

// The people of the office come and go by two people: the administrator or the
// board asks, and somebody of the board approves. A new login gets its PIN from
// its owner, at the screen of who approved it: never of who asked, who could
// otherwise make up a colleague and be two people.

// kindRole is the proposal to change who works in the office.
const kindRole foureyes.Kind = "role"

// actLogin is the act of letting somebody of the office choose a PIN.
const actLogin logbook.Kind = "staff-login"

// officeRoles are the roles that are given by two people.
var officeRoles = []people.Role{people.Desk, people.Treasurer, people.Board, people.Administrator, people.Evaluator}

// What can be done to somebody of the office.
const (
	roleAdd   = "add"
	roleStop  = "stop"  // the login ends
	roleLogin = "login" // a new card and PIN; whatever was stopped works again
)

// roleBody is all that a change of the office's people does.
type roleBody struct {
	Do     string      `json:"do"`
	Person people.ID   `json:"person"`
	Role   people.Role `json:"role"`
	Name   string      `json:"name"`
	Lang   string      `json:"lang,omitempty"`
}

// Errors of changes of the office's people.
var (
	errLastBoard = errors.New("somebody of the board must stay")
	errHandOut   = errors.New("this login is handed out by who approved it, once")
)

func (s *Server) roleProposals() map[foureyes.Kind]proposal {
	return map[foureyes.Kind]proposal{
		kindRole: {Rule: foureyes.Rule{First: admins, Second: board, Check: s.checkRole, Do: s.doRole}, told: toldRole},
	}
}

// checkRole refuses a change that cannot be made.
func (s *Server) checkRole(_ context.Context, p *foureyes.Proposal) error {
	var b roleBody
	if err := p.Into(&b); err != nil {
		return err
	}
	if !slices.Contains(officeRoles, b.Role) {
		return people.ErrRole
	}
	if b.Do == roleAdd {
		return people.Check(people.Person{ID: b.Person, Role: b.Role, Name: b.Name, Lang: b.Lang})
	}
	person, ok, err := s.people.Person(b.Person)
	if err != nil || !ok || person.Role != b.Role {
		return errors.Join(err, people.ErrNobody)
	}
	if b.Do != roleStop || b.Role != people.Board {
		return nil
	}
	all, err := s.people.Everybody()
	others := slices.ContainsFunc(all, func(q people.Person) bool {
		return q.Role == people.Board && q.ID != b.Person && !q.Stopped
	})
	if err == nil && !others {
		err = errLastBoard
	}
	return err
}

// doRole makes a change that two people agreed to.
func (s *Server) doRole(_ context.Context, p *foureyes.Proposal) error {
	var b roleBody
	if err := p.Into(&b); err != nil {
		return foureyes.Impossible(err)
	}
	switch b.Do {
	case roleAdd:
		_, _, err := s.people.Add(people.Person{ID: b.Person, Role: b.Role, Name: b.Name, Lang: b.Lang}, "", s.node.Now())
		if errors.Is(err, people.ErrExists) {
			err = nil // done before
		}
		return err
	case roleStop:
		return s.people.Stop(b.Person, true)
	}
	if _, _, err := s.people.SetPIN(b.Person, ""); err != nil {
		return err
	}
	if _, _, err := s.people.NewCard(b.Person); err != nil {
		return err
	}
	return s.people.Stop(b.Person, false)
}

func toldRole(lang page.Lang, p *foureyes.Proposal) ([]page.Told, error) {
	var b roleBody
	err := p.Into(&b)
	return []page.Told{
		{What: lang.Text("team.what"), Value: lang.Text(map[string]page.Key{roleAdd: "team.doadd", roleStop: "team.dostop", roleLogin: "team.dologin"}[b.Do])},
		{What: lang.Text("newperson.name"), Value: b.Name},
		{What: lang.Text("person.role"), Value: lang.Text(roleKey(b.Role))},
	}, err
}

// showTeam lists the people of the office, and asks for one more.
func (s *Server) showTeam(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.teamPage(w, r, v, http.StatusOK, page.TeamPage{Form: people.NewID().String()})
}

// teamPage fills in the page; p has what was typed and what is wrong.
func (s *Server) teamPage(w http.ResponseWriter, r *http.Request, v visit, status int, p page.TeamPage) error {
	all, err := s.people.Everybody()
	if err != nil {
		return err
	}
	p.Base, p.Changes = s.base(r, v), slices.Contains(admins, v.person.Role)
	for _, role := range officeRoles {
		p.Roles = append(p.Roles, page.TeamRole{Value: string(role), Word: roleKey(role), Chosen: string(role) == p.Role})
		for _, q := range all {
			if q.Role != role {
				continue
			}
			line, err := s.teamLine(v, q)
			if err != nil {
				return err
			}
			p.Team = append(p.Team, line)
		}
	}
	return s.show(w, status, p)
}

func (s *Server) teamLine(v visit, q people.Person) (page.TeamLine, error) {
	_, hash, _, err := s.people.LoginOf(q.ID)
	line := page.TeamLine{ID: q.ID.String(), Name: q.Name, Role: roleKey(q.Role), Icon: roleIcons[q.Role], Stopped: q.Stopped, NoPIN: hash == "", Self: q.ID == v.person.ID}
	if line.Icon == "" {
		line.Icon = "person"
	}
	if err == nil && line.NoPIN {
		line.HandsOut, err = s.handsOut(v, q.ID)
	}
	return line, err
}

// handsOut tells whether the visitor approved somebody's newest login.
func (s *Server) handsOut(v visit, id people.ID) (bool, error) {
	all, err := s.foureyes.List(math.MaxInt)
	if err != nil {
		return false, err
	}
	for _, p := range all {
		var b roleBody
		if p.Kind != kindRole || p.State != foureyes.Done || p.Into(&b) != nil || b.Person != id || b.Do == roleStop {
			continue
		}
		return v.person.ID == p.Second, nil
	}
	return false, nil
}

// proposeRole asks for a change of the office's people.
func (s *Server) proposeRole(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "form", "do", "role", "name", "language", "why")
	if err != nil {
		return err
	}
	id, ok := parsePersonID(f[0])
	if !ok {
		return errBadForm
	}
	draft := foureyes.Draft{Kind: kindRole, Why: shortened(f[5], maxNote)}
	body := roleBody{Do: f[1], Person: id, Role: people.Role(f[2]), Name: f[3], Lang: f[4]}
	if body.Do == roleAdd {
		draft.ID = foureyes.ID(id) // the form sent twice asks once
	} else {
		person, ok, err := s.people.Person(id)
		if err != nil || !ok || body.Do != roleStop && body.Do != roleLogin {
			return errors.Join(err, errBadForm)
		}
		draft.Person, body.Role, body.Name, body.Lang = id, person.Role, person.Name, person.Lang
	}
	draft.Body = body
	if body.Do != roleAdd {
		return proposeOnce(s, w, r, v, draft, func(b roleBody) bool { return b.Do == body.Do })
	}
	p, err := s.foureyes.Propose(r.Context(), v.person.ID, draft)
	if err == nil {
		return goTo(w, r, "/desk/proposals/"+p.ID.String())
	}
	again := page.TeamPage{Form: f[0], Name: f[3], Role: f[2], Why: f[5]}
	if again.Problems = problemsOf(s.base(r, v), err); again.Problems == nil {
		return err
	}
	return s.teamPage(w, r, v, http.StatusUnprocessableEntity, again)
}

// memberOfTeam finds somebody whose login the visitor hands out now.
func (s *Server) memberOfTeam(r *http.Request, v visit) (people.Person, error) {
	person, err := s.personOf(r)
	if err != nil {
		return person, err
	}
	line, err := s.teamLine(v, person)
	if err == nil && !line.HandsOut {
		err = errHandOut
	}
	return person, err
}

// askTeamPIN lets somebody of the office choose a PIN.
func (s *Server) askTeamPIN(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.memberOfTeam(r, v)
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, page.TeamLoginPage{Base: s.oneTask(r, v), ID: person.ID.String(), Name: person.Name})
}

// takeTeamPIN gives somebody of the office the PIN they chose, and shows the code
// of the login once.
func (s *Server) takeTeamPIN(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.memberOfTeam(r, v)
	if err != nil {
		return err
	}
	f, err := form(r, "pin", "pin2")
	if err != nil {
		return err
	}
	hash, err := s.hashSame(r.Context(), f[0], f[1])
	if err != nil {
		p := page.TeamLoginPage{Base: s.oneTask(r, v), ID: person.ID.String(), Name: person.Name}
		if p.Problem = problemsOf(p.Base, err)["pin"]; p.Problem == "" {
			return err
		}
		return s.show(w, http.StatusUnprocessableEntity, p)
	}
	if err := s.record(r.Context(), v, person, logbook.Entry{Kind: actLogin}); err != nil {
		return err
	}
	_, code, err := s.people.SetPIN(person.ID, hash)
	if err != nil {
		return err
	}
	return s.showLogin(w, r, v, page.NewLoginPage{Name: person.Name, Next: "/desk/team"}, code)
}
