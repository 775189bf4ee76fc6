package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"grulden/internal/auth"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/vault"
	"grulden/ledger"
	"grulden/web/page"
)

// listed is how many people a list shows before it asks for a name.
const listed = 100

// roleIcons are the pictograms of roles.
var roleIcons = map[people.Role]string{people.Merchant: "shop", people.Treasurer: "bank", people.Evaluator: "report", people.Desk: "key"}

// listPeople lists and searches people.
func (s *Server) listPeople(w http.ResponseWriter, r *http.Request, v visit) error {
	p := page.PeoplePage{Base: s.base(r, v), Query: r.URL.Query().Get("q")}
	found, more, err := s.people.Search(p.Query, listed)
	if err != nil {
		return err
	}
	p.More = more
	err = s.node.Read(func(view *node.View) error {
		for _, f := range found {
			line := page.PersonLine{Href: "/desk/people/" + f.ID.String(), Name: f.Title(), Role: roleKey(f.Role), Icon: roleIcons[f.Role]}
			if line.Icon == "" {
				line.Icon = "person"
			}
			a, err := view.Account(f.Account)
			if err != nil {
				return err
			}
			line.Blocked = a != nil && a.Blocked
			p.People = append(p.People, line)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

// askPerson shows the form for a new person. The person's id is made here, so
// that the form sent twice adds one person.
func (s *Server) askPerson(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.show(w, http.StatusOK, page.NewPersonPage{
		Base: s.base(r, v), Form: people.NewID().String(), Role: string(people.Resident), Language: string(page.Dutch),
	})
}

// addPerson adds a resident or a shop and shows the code for the card, once.
func (s *Server) addPerson(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "form", "role", "name", "language", "shop", "address", "iban", "pin", "pin2")
	if err != nil {
		return err
	}
	id, ok := parsePersonID(f[0])
	if !ok {
		return errBadForm
	}
	p := page.NewPersonPage{Base: s.base(r, v), Form: f[0], Role: f[1], Name: f[2], Language: f[3], Shop: f[4], Address: f[5], IBAN: f[6]}
	hash, err := s.hashPIN(r.Context(), f[7], f[8])
	if err == nil && !people.Role(p.Role).HasPurse() {
		err = people.ErrRole // the desk adds no staff
	}
	if err != nil {
		return s.addFailed(w, p, err)
	}
	person, code, err := s.people.Add(people.Person{
		ID: id, Role: people.Role(p.Role), Name: p.Name, Lang: p.Language, Shop: p.Shop, Address: p.Address, IBAN: p.IBAN,
	}, hash, s.node.Now())
	if err != nil {
		return s.addFailed(w, p, err)
	}
	if err := s.openAccount(r.Context(), v, person); err != nil {
		return err
	}
	return s.showCard(w, r, v, person, code.Grouped(), "")
}

var errPINsDiffer = errors.New("the two PINs are not the same")

func (s *Server) hashPIN(ctx context.Context, pin, again string) (string, error) {
	if pin != again {
		return "", errPINsDiffer
	}
	ctx, cancel := context.WithTimeout(ctx, hashPatience)
	defer cancel()
	return s.hasher.Hash(ctx, pin)
}

// formProblems says which field an error belongs to, and what to tell there.
var formProblems = []struct {
	err   error
	field string
	text  page.Key
}{
	{errPINsDiffer, "pin", "form.pinsame"},
	{auth.ErrWeakPIN, "pin", "form.pin"},
	{people.ErrRole, "role", "form.role"},
	{people.ErrName, "name", "form.name"},
	{people.ErrShop, "shop", "form.shop"},
	{people.ErrIBAN, "iban", "form.iban"},
	{people.ErrExists, "", "form.again"},
	{vault.ErrErased, "", "form.erased"},
}

// addFailed shows the form again with what is wrong. PINs are typed anew.
func (s *Server) addFailed(w http.ResponseWriter, p page.NewPersonPage, err error) error {
	if p.Problems = problemsOf(p.Base, err); p.Problems == nil {
		return err
	}
	return s.show(w, http.StatusUnprocessableEntity, p)
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

// personOf finds the person in the address.
func (s *Server) personOf(r *http.Request) (people.Person, error) {
	id, ok := parsePersonID(r.PathValue("id"))
	if !ok {
		return people.Person{}, errNotFound
	}
	p, ok, err := s.people.Person(id)
	if err == nil && !ok {
		err = people.ErrNobody
	}
	return p, err
}

// showPerson shows a person to the desk.
func (s *Server) showPerson(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.personOf(r)
	if err != nil {
		return err
	}
	if err := s.ensureOpen(r.Context(), person); err != nil {
		return err
	}
	return s.showCard(w, r, v, person, "", "")
}

// showCard shows a person, and the code of a new card if there is one.
func (s *Server) showCard(w http.ResponseWriter, r *http.Request, v visit, person people.Person, code string, problem page.Key) error {
	p, err := s.personPage(r, v, person)
	if err != nil {
		return err
	}
	p.Code = code
	status := http.StatusOK
	if problem != "" {
		p.Problem, status = p.T(problem), http.StatusUnprocessableEntity
	}
	return s.show(w, status, p)
}

// personPage is what the desk sees of a person.
func (s *Server) personPage(r *http.Request, v visit, person people.Person) (page.PersonPage, error) {
	p := page.PersonPage{
		Base: s.base(r, v), ID: person.ID.String(), Name: person.Name, Role: roleKey(person.Role),
		IsShop: person.Role == people.Merchant, HasPurse: person.Role.HasPurse(),
		Shop: person.Shop, Address: person.Address, IBAN: inGroups(person.IBAN), Reference: inGroups(person.Reference),
		Details: page.Details{Name: person.Name, Shop: person.Shop, Address: person.Address, IBAN: inGroups(person.IBAN)},
	}
	if p.HasPurse {
		now, err := s.wallet.Home(person.Account)
		if err != nil {
			return p, err
		}
		p.Tegoed, p.Blocked = v.lang.Money(int64(now.Spendable)), now.Blocked
	}
	return p, nil
}

// inGroups writes a long number in groups of four, as banks print it.
func inGroups(text string) string {
	var groups []string
	for ; len(text) > 4; text = text[4:] {
		groups = append(groups, text[:4])
	}
	return strings.Join(append(groups, text), " ")
}

// renewLogin gives a person a new card and PIN. Only members get theirs here:
// a desk that could take over the login of the treasurer could do everything.
func (s *Server) renewLogin(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.personOf(r)
	if err != nil {
		return err
	}
	if !person.Role.HasPurse() {
		return errRole
	}
	f, err := form(r, "pin", "pin2")
	if err != nil {
		return err
	}
	hash, err := s.hashPIN(r.Context(), f[0], f[1])
	switch {
	case errors.Is(err, errPINsDiffer):
		return s.showCard(w, r, v, person, "", "form.pinsame")
	case errors.Is(err, auth.ErrWeakPIN):
		return s.showCard(w, r, v, person, "", "form.pin")
	case err != nil:
		return err
	}
	person, code, err := s.people.NewLogin(person.ID, hash)
	if err != nil {
		return err
	}
	return s.showCard(w, r, v, person, code.Grouped(), "")
}

// block keeps a person's account from paying.
func (s *Server) block(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.setBlocked(w, r, v, func(id ledger.AccountID) ledger.Command { return ledger.Block{Account: id} }, "blocked")
}

// unblock lets a person's account pay again.
func (s *Server) unblock(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.setBlocked(w, r, v, func(id ledger.AccountID) ledger.Command { return ledger.Unblock{Account: id} }, "unblocked")
}

func (s *Server) setBlocked(w http.ResponseWriter, r *http.Request, v visit, command func(ledger.AccountID) ledger.Command, done string) error {
	person, err := s.personOf(r)
	if err != nil {
		return err
	}
	if !person.Role.HasPurse() {
		return errNotFound
	}
	err = check(s.node.Submit(r.Context(), node.Request{Auth: v.auth(), Command: command(person.Account)}))
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/people/"+person.ID.String()+"?done="+done)
}
