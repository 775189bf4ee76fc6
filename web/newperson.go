package web

import (
	"errors"
	"net/http"
	"slices"

	"grulden/internal/auth"
	"grulden/internal/logbook"
	"grulden/internal/people"
	"grulden/internal/vault"
	"grulden/web/page"
)

// askPerson begins a new card: the role, and then the name. The person's id is
// made here, so that the form sent twice adds one person.
func (s *Server) askPerson(w http.ResponseWriter, r *http.Request, v visit) error {
	p := page.NewPersonPage{Base: s.oneTask(r, v), Step: page.AskRole}
	if role := people.Role(r.URL.Query().Get("role")); role.HasPurse() {
		p.Step, p.Role, p.IsShop = page.AskName, string(role), role == people.Merchant
		p.Form = people.NewID().String()
	}
	return s.show(w, http.StatusOK, p)
}

// addPerson takes the name and asks for the language; with the language it adds
// the resident or the shop. The PIN comes after that, from the person.
func (s *Server) addPerson(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "form", "role", "name", "shop", "address", "iban", "language")
	if err != nil {
		return err
	}
	id, ok := parsePersonID(f[0])
	if !ok {
		return errBadForm
	}
	typed := people.Person{ID: id, Role: people.Role(f[1]), Name: f[2], Shop: f[3], Address: f[4], IBAN: f[5], Lang: f[6]}
	p := page.NewPersonPage{
		Base: s.oneTask(r, v), Step: page.AskName, Form: f[0], Role: f[1], IsShop: typed.Role == people.Merchant,
		Name: f[2], Shop: f[3], Address: f[4], IBAN: f[5],
	}
	if err = people.Check(typed); err == nil && !typed.Role.HasPurse() {
		err = people.ErrRole // the desk adds no staff
	}
	if err != nil {
		if p.Problems = problemsOf(p.Base, err); p.Problems == nil {
			return err
		}
		return s.show(w, http.StatusUnprocessableEntity, p)
	}
	if !slices.Contains(page.Languages(), page.Lang(typed.Lang)) {
		p.Step = page.AskLanguage
		return s.show(w, http.StatusOK, p)
	}
	return s.add(w, r, v, typed, p)
}

// add adds a person without a PIN yet, and leads on to the pad.
func (s *Server) add(w http.ResponseWriter, r *http.Request, v visit, typed people.Person, p page.NewPersonPage) error {
	person, _, err := s.people.Add(typed, "", s.node.Now())
	if errors.Is(err, people.ErrExists) {
		return goTo(w, r, "/desk/people/"+typed.ID.String()) // sent twice: this is whom it added
	}
	if p.Problems = problemsOf(p.Base, err); p.Problems != nil {
		p.Step = page.AskName
		return s.show(w, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	if err := s.openAccount(r.Context(), v, person); err != nil {
		return err
	}
	if err := s.record(r.Context(), v, person, logbook.Entry{Kind: actAdded}); err != nil {
		return err
	}
	return goTo(w, r, "/desk/people/"+person.ID.String()+"/pin")
}

// formProblems says which field an error belongs to, and what to tell there.
var formProblems = []struct {
	err   error
	field string
	text  page.Key
}{
	{people.ErrRole, "role", "form.role"},
	{people.ErrName, "name", "form.name"},
	{people.ErrShop, "shop", "form.shop"},
	{people.ErrIBAN, "iban", "form.iban"},
	{people.ErrExists, "", "form.again"},
	{errPINsDiffer, "pin", "pin.differ"},
	{auth.ErrWeakPIN, "pin", "pin.weak"},
	{vault.ErrErased, "", "form.erased"},
}

// problemsOf says under which field to tell what about an error; nil if it is
// not about what was typed.
func problemsOf(b page.Base, err error) map[string]string {
	for _, f := range formProblems {
		if errors.Is(err, f.err) {
			return map[string]string{f.field: b.T(f.text)}
		}
	}
	return nil
}
