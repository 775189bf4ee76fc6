package web

import (
	"net/http"
	"strings"

	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/web/page"
)

// listed is how many people a list shows before it asks for a name.
const listed = 100

// roleIcons are the pictograms of roles.
var roleIcons = map[people.Role]string{people.Merchant: "shop", people.Treasurer: "bank", people.Evaluator: "report", people.Desk: "key"}

// listPeople lists and searches people.
func (s *Server) listPeople(w http.ResponseWriter, r *http.Request, v visit) error {
	p := page.PeoplePage{Base: s.base(r, v), Query: r.URL.Query().Get("q")}
	if person, ok, err := s.byCard(r, p.Query); err != nil || ok {
		if err != nil {
			return err
		}
		return goTo(w, r, "/desk/people/"+person.ID.String()) // a scanner typed it
	}
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
	p, err := s.personPage(r, v, person)
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

// personPage is what the desk sees of a person: never a payment.
func (s *Server) personPage(r *http.Request, v visit, person people.Person) (page.PersonPage, error) {
	p := page.PersonPage{
		Base: s.base(r, v), ID: person.ID.String(), Name: person.Name, Role: roleKey(person.Role),
		IsShop: person.Role == people.Merchant, HasPurse: person.Role.HasPurse(),
		Shop: person.Shop, Address: person.Address, IBAN: inGroups(person.IBAN), Reference: inGroups(person.Reference),
		Details: page.Details{Name: person.Name, Shop: person.Shop, Address: person.Address, Contract: person.Contract},
	}
	if !p.HasPurse {
		return p, nil
	}
	now, err := s.wallet.Home(person.Account)
	if err != nil {
		return p, err
	}
	p.Tegoed, p.Blocked = v.lang.Money(int64(now.Spendable)), now.Blocked
	_, hash, _, err := s.people.LoginOf(person.ID)
	if err != nil {
		return p, err
	}
	p.NoPIN = hash == ""
	if p.Phones, err = s.phonesOf(v.lang, person); err != nil {
		return p, err
	}
	acts, err := s.logbook.About(person.ID, 0, logBrief)
	if err != nil {
		return p, err
	}
	for _, e := range acts {
		line, err := s.logLine(v, e, false)
		if err != nil {
			return p, err
		}
		p.Acts = append(p.Acts, line)
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
