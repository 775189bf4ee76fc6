package web

import (
	"errors"
	"net/http"

	"grulden/demurrage"
	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/ledger"
	"grulden/wallet"
	"grulden/web/page"
)

// memberOf finds the resident or shop in the address. Staff are not for the
// desk to change.
func (s *Server) memberOf(r *http.Request) (people.Person, error) {
	person, err := s.personOf(r)
	if err == nil && !person.Role.HasPurse() {
		err = errRole
	}
	return person, err
}

// changeDetails changes what is on file about a resident or a shop.
func (s *Server) changeDetails(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	f, err := form(r, "name", "shop", "address", "contract")
	if err != nil {
		return err
	}
	typed := page.Details{Name: f[0], Shop: f[1], Address: f[2], Contract: f[3]}
	if _, err := demurrage.ParseDay(typed.Contract); err != nil && typed.Contract != "" {
		return errBadForm
	}
	change := func(p *people.Person) {
		p.Name, p.Shop, p.Address, p.Contract = typed.Name, typed.Shop, typed.Address, typed.Contract
	}
	changed := person
	change(&changed)
	if err = people.Check(changed); err == nil {
		err = s.record(r.Context(), v, person, logbook.Entry{Kind: actDetails, Facts: changedFacts(person, typed)})
	}
	if err == nil {
		_, err = s.people.Update(person.ID, change)
	}
	if err == nil {
		return goTo(w, r, "/desk/people/"+person.ID.String()+"?done=changed")
	}
	p, pageErr := s.personPage(r, v, person)
	if pageErr != nil {
		return pageErr
	}
	p.Details = typed
	if p.Problems = problemsOf(p.Base, err); p.Problems == nil {
		return err
	}
	return s.show(w, http.StatusUnprocessableEntity, p)
}

// changedFacts are what somebody at the desk wants to be on file from now on,
// where that is something else.
func changedFacts(p people.Person, typed page.Details) (facts []logbook.Fact) {
	for _, f := range []struct{ name, before, after string }{
		{"name", p.Name, typed.Name}, {"shop", p.Shop, typed.Shop}, {"address", p.Address, typed.Address}, {"contract", p.Contract, typed.Contract},
	} {
		if f.before != f.after {
			facts = append(facts, logbook.Fact{Name: f.name, Value: f.before + " → " + f.after})
		}
	}
	return facts
}

// erase closes a person's account and destroys what is on file. The ledger
// refuses while there is something on the account or a redemption waits. An
// account that is closed already is one that an earlier try got that far with.
func (s *Server) erase(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	f, err := form(r, "sure")
	if err != nil {
		return err
	}
	if f[0] != "yes" {
		return s.eraseFailed(w, r, v, person, http.StatusUnprocessableEntity, "person.notsure")
	}
	clear, err := s.coupons.Clear(r.Context(), person.Account, v.auth())
	if err != nil {
		return err
	}
	if !clear {
		return s.eraseFailed(w, r, v, person, http.StatusConflict, "person.papers")
	}
	err = check(s.node.Submit(r.Context(), node.Request{Auth: v.auth(), Command: ledger.Close{Account: person.Account}}))
	switch {
	case errors.Is(err, refused(ledger.NotEmpty)):
		return s.eraseFailed(w, r, v, person, http.StatusConflict, "person.notempty")
	case err != nil && !isErr(err, refused(ledger.UnknownAccount), refused(ledger.AccountClosed)):
		return err
	}
	if err := s.record(r.Context(), v, person, logbook.Entry{Kind: actErased}); err != nil {
		return err
	}
	if err := s.erasePerson(person.ID); err != nil {
		return err
	}
	return goTo(w, r, "/desk/people?done=erased")
}

// erasePerson destroys what is on file about somebody.
func (s *Server) erasePerson(id people.ID) error {
	err := s.people.Erase(id)
	if errors.Is(err, people.ErrTraces) {
		s.log.Warn("erased; the last old files go at the next start", "error", err)
		return nil
	}
	return err
}

// eraseFailed shows a person again, with why nothing was erased.
func (s *Server) eraseFailed(w http.ResponseWriter, r *http.Request, v visit, person people.Person, status int, problem page.Key) error {
	p, err := s.personPage(r, v, person)
	if err != nil {
		return err
	}
	p.Problem, p.Erasing = p.T(problem), true
	return s.show(w, status, p)
}

// phonesOf lists a person's phones for the desk: what they are, and since when.
func (s *Server) phonesOf(lang page.Lang, person people.Person) (lines []page.DeviceLine, err error) {
	all, err := s.wallet.Devices(person.Account)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		file, err := s.people.Device(person.ID, d.ID)
		if err != nil {
			return nil, err
		}
		line := page.DeviceLine{ID: deviceText(d.ID), Name: file.Name, Since: whenText(lang, d.Since, s.node.Now())}
		if line.Name == "" {
			line.Name = lang.Text("device.other")
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// losePhone takes a lost phone away from a person's account.
func (s *Server) losePhone(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	id, ok := readDevice(r.PathValue("device"))
	if !ok {
		return errNotFound
	}
	h := wallet.Holder{Account: person.Account, Auth: v.auth()}
	if err := s.record(r.Context(), v, person, logbook.Entry{Kind: actPhoneGone}); err != nil {
		return err
	}
	if err := s.retire(r.Context(), h, person.ID, id); err != nil {
		return err
	}
	return goTo(w, r, "/desk/people/"+person.ID.String()+"?done=retired")
}
