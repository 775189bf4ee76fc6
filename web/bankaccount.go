package web

import (
	"net/http"
	"slices"

	"grulden/internal/foureyes"
	"grulden/internal/logbook"
	"grulden/internal/people"
	"grulden/web/page"
)

// actNameCheck is that somebody asked a bank whether name and IBAN belong
// together.
const actNameCheck logbook.Kind = "name-check"

// checkText tells what a bank answered last, and when.
func checkText(lang page.Lang, c people.NameCheck) string {
	if c.Result == "" {
		return lang.Text("account.unchecked")
	}
	return lang.Text("account.checked", "answer", lang.Text(answerKey(c.Result)), "day", lang.Date(inWijk(c.On)))
}

func answerKey(r people.CheckResult) page.Key { return page.Key("account.answer." + string(r)) }

// showAccount shows where somebody's euros go to.
func (s *Server) showAccount(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	p, err := s.accountPage(r, v, person)
	if err != nil {
		return err
	}
	p.TypedHolder = person.BankName
	if !person.Vouched { // what was typed when the person was added
		p.TypedIBAN = inGroups(person.IBAN)
	}
	return s.show(w, http.StatusOK, p)
}

func (s *Server) accountPage(r *http.Request, v visit, person people.Person) (page.AccountPage, error) {
	p := page.AccountPage{
		Base: s.base(r, v), ID: person.ID.String(), Name: person.Title(), IBAN: inGroups(person.IBAN),
		Holder: person.BankName, Vouched: person.Vouched, Check: checkText(v.lang, person.NameCheck),
		Wrong: person.NameCheck.Result == people.NameDiffers,
	}
	for _, answer := range people.CheckResults() {
		p.Answers = append(p.Answers, page.Answer{Value: string(answer), Word: answerKey(answer)})
	}
	var err error
	p.Asked, err = openProposal(s.foureyes, kindIBAN, func(one *foureyes.Proposal, _ ibanBody) bool { return one.Person == person.ID })
	return p, err
}

// proposeAccount proposes a bank account: a second person looks at it before
// euros go there.
func (s *Server) proposeAccount(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	f, err := form(r, "iban", "holder", "answer", "why")
	if err != nil {
		return err
	}
	body := ibanBody{IBAN: f[0], Holder: f[1], Check: s.nameCheck(v, f[2])}
	account, wrong := people.CheckBankAccount(body.account())
	field, text := "", page.Key("")
	switch {
	case isErr(wrong, people.ErrIBAN):
		field, text = "iban", "form.iban"
	case isErr(wrong, people.ErrHolder):
		field, text = "holder", "account.needholder"
	case s.isReserve(account.IBAN):
		field, text = "iban", "account.reserve"
	case body.Check.Result == people.NameDiffers:
		field, text = "answer", "account.differs"
	case wrong != nil:
		return errBadForm
	case f[3] == "":
		field, text = "why", "account.needwhy"
	default:
		body.IBAN, body.Holder, body.WasIBAN, body.WasHolder = account.IBAN, account.Name, person.IBAN, person.BankName
		return proposeOnce(s, w, r, v, foureyes.Draft{Kind: kindIBAN, Person: person.ID, Body: body, Why: shortened(f[3], longestWhy)}, func(b ibanBody) bool {
			return b.IBAN == body.IBAN && b.Holder == body.Holder && b.Check.Result == body.Check.Result
		})
	}
	p, err := s.accountPage(r, v, person)
	if err != nil {
		return err
	}
	p.TypedIBAN, p.TypedHolder, p.TypedAnswer, p.TypedWhy = f[0], f[1], f[2], f[3]
	p.Problems = map[string]string{field: p.T(text)}
	return s.show(w, http.StatusUnprocessableEntity, p)
}

// isReserve tells whether an account is the foundation's own: what is paid to it
// is paid to nobody.
func (s *Server) isReserve(iban string) bool {
	own, err := s.bank.Reserve()
	return err == nil && iban == string(own.IBAN)
}

// nameCheck is the answer that a bank gave just now.
func (s *Server) nameCheck(v visit, answer string) people.NameCheck {
	if answer == "" {
		return people.NameCheck{}
	}
	return people.NameCheck{On: s.node.Now(), Result: people.CheckResult(answer), By: v.person.ID}
}

// checkName keeps the bank's answer about the account that is on file. Without
// it, or with one that is too old, nothing is paid there.
func (s *Server) checkName(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	f, err := form(r, "answer")
	if err != nil {
		return err
	}
	c := s.nameCheck(v, f[0])
	if person.IBAN == "" || !slices.Contains(people.CheckResults(), c.Result) {
		return errBadForm
	}
	// Entered before it is kept: nothing is done that its subject does not see.
	_, err = s.logbook.Record(r.Context(), logbook.Entry{
		By: v.person.ID, How: v.auth().How, Kind: actNameCheck, Person: person.ID,
		Facts: []logbook.Fact{{Name: "answer", Value: f[0]}},
	})
	if err != nil {
		return err
	}
	if _, err := s.people.SetNameCheck(person.ID, person.IBAN, c); isErr(err, people.ErrCheckResult, people.ErrNoAccount) {
		return errBadForm
	} else if err != nil {
		return err
	}
	return goTo(w, r, "/desk/people/"+person.ID.String()+"/account?done=changed")
}
