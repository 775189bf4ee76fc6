package web

import (
	"net/http"

	"grulden/internal/people"
	"grulden/web/page"
)

// showStaff lists who works in a shop, and asks for one more.
func (s *Server) showStaff(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.staffPage(w, r, v, http.StatusOK, page.StaffPage{Form: people.NewID().String()})
}

// staffPage fills in the page; p has what was typed and what is wrong.
func (s *Server) staffPage(w http.ResponseWriter, r *http.Request, v visit, status int, p page.StaffPage) error {
	staff, err := s.people.Staff(v.person.ID)
	if err != nil {
		return err
	}
	p.Base = s.base(r, v)
	for _, c := range staff {
		p.Staff = append(p.Staff, page.StaffLine{ID: c.ID.String(), Name: c.Name, Stopped: c.Stopped})
	}
	return s.show(w, status, p)
}

// addStaff makes a login for somebody who works in the shop, with a PIN that
// this person chose, and shows its code once.
func (s *Server) addStaff(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "form", "name", "language", "pin", "pin2")
	if err != nil {
		return err
	}
	id, ok := parsePersonID(f[0])
	if !ok {
		return errBadForm
	}
	hash, err := s.hashSame(r.Context(), f[3], f[4])
	if err == nil {
		p := people.Person{ID: id, Role: people.Cashier, Name: f[1], Lang: f[2], Works: v.person.ID}
		person, code, addErr := s.people.Add(p, hash, s.node.Now())
		if addErr == nil {
			return s.showLogin(w, r, v, page.NewLoginPage{Name: person.Name, Next: "/shop/staff"}, code)
		}
		err = addErr
	}
	p := page.StaffPage{Form: f[0], Name: f[1], Language: f[2]}
	if p.Problems = problemsOf(s.base(r, v), err); p.Problems == nil {
		return err
	}
	return s.staffPage(w, r, v, http.StatusUnprocessableEntity, p)
}

// cashierOf finds somebody who works in the visitor's shop.
func (s *Server) cashierOf(r *http.Request, v visit) (people.Person, error) {
	p, err := s.personOf(r)
	if err == nil && (p.Role != people.Cashier || p.Works != v.person.ID) {
		err = people.ErrNobody
	}
	return p, err
}

// stopStaff shuts a cashier out, and letStaff in again.
func (s *Server) stopStaff(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.setStopped(w, r, v, true, "staffstopped")
}

func (s *Server) letStaff(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.setStopped(w, r, v, false, "staffin")
}

func (s *Server) setStopped(w http.ResponseWriter, r *http.Request, v visit, stopped bool, done string) error {
	p, err := s.cashierOf(r, v)
	if err != nil {
		return err
	}
	if err := s.people.Stop(p.ID, stopped); err != nil {
		return err
	}
	return goTo(w, r, "/shop/staff?done="+done)
}

// removeStaff ends a cashier's login for good. What the journal keeps names
// nobody.
func (s *Server) removeStaff(w http.ResponseWriter, r *http.Request, v visit) error {
	p, err := s.cashierOf(r, v)
	if err != nil {
		return err
	}
	if err := s.erasePerson(p.ID); err != nil {
		return err
	}
	return goTo(w, r, "/shop/staff?done=staffgone")
}

// renewStaff gives a cashier a new code and PIN.
func (s *Server) renewStaff(w http.ResponseWriter, r *http.Request, v visit) error {
	p, err := s.cashierOf(r, v)
	if err != nil {
		return err
	}
	f, err := form(r, "pin", "pin2")
	if err != nil {
		return err
	}
	hash, err := s.hashSame(r.Context(), f[0], f[1])
	if err != nil {
		again := page.StaffPage{Form: people.NewID().String(), Renewing: p.ID.String()}
		problems := problemsOf(s.base(r, v), err)
		if problems == nil {
			return err
		}
		again.Problem = problems["pin"]
		return s.staffPage(w, r, v, http.StatusUnprocessableEntity, again)
	}
	if _, _, err := s.people.SetPIN(p.ID, hash); err != nil {
		return err
	}
	p, code, err := s.people.NewCard(p.ID)
	if err != nil {
		return err
	}
	return s.showLogin(w, r, v, page.NewLoginPage{Name: p.Name, Next: "/shop/staff"}, code)
}
