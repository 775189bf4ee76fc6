package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"grulden/internal/foureyes"
	"grulden/internal/move"
	"grulden/internal/people"
	"grulden/internal/record"
)

// twoToDecide are an administrator and somebody of the board.
func (s *site) twoToDecide() (admin, board *browser, boardOne people.Person) {
	s.t.Helper()
	a := s.add(people.Person{Role: people.Administrator, Name: "Beheerder Ada"}, 0)
	boardOne = s.add(people.Person{Role: people.Board, Name: "Bestuurder Bo"}, 0)
	return s.login(a), s.login(boardOne), boardOne
}

// asksRole has somebody ask for a change of the office, and gives the proposal's address.
func (b *browser) asksRole(do, id string, fields map[string]string) string {
	b.t.Helper()
	form := url.Values{"do": {do}, "form": {id}, "why": {"nodig"}, "language": {"nl"}, "role": {""}, "name": {""}}
	for name, value := range fields {
		form.Set(name, value)
	}
	return b.post("/desk/team", form).want(http.StatusSeeOther).to()
}

func TestSomebodyComesToTheOfficeByTwoPeople(t *testing.T) {
	s := newSite(t, nil)
	admin, board, _ := s.twoToDecide()
	id := admin.page("/desk/team").form("/desk/team").Get("form")
	at := admin.asksRole(roleAdd, people.NewID().String(), map[string]string{"role": "treasurer", "name": "Penning Piet"})
	if id == "" {
		t.Error("the form has no id of its own")
	}
	admin.page(at).shows("Penning Piet", "Penningmeester", "U vroeg dit zelf", "Bestuur")
	hash := board.page(at).shows("Beheerder Ada", "Penning Piet", "nodig").form(at + "/approve")
	admin.post(at+"/approve", hash).want(http.StatusForbidden)
	board.post(at+"/approve", url.Values{"hash": {strings.Repeat("0", 64)}}).want(http.StatusConflict).shows("anders dan u zag")
	board.page("/desk/proposals").shows("Wacht op u", "Wie hier werkt")
	board.post(at+"/approve", hash).want(http.StatusSeeOther)
	board.post(at+"/approve", hash).want(http.StatusSeeOther) // pressed twice
	board.page(at).shows("Goedgekeurd en gedaan", "Bestuurder Bo")

	found, _, err := s.people.Search("Penning Piet", 5)
	if err != nil || len(found) != 1 || found[0].Role != people.Treasurer {
		t.Fatalf("%+v, %v", found, err)
	}
	pad := "/desk/team/" + found[0].ID.String() + "/pin"
	other := s.login(s.add(people.Person{Role: people.Board, Name: "Bestuurder Cas"}, 0))
	other.get(pad).want(http.StatusForbidden).shows("niet aan u")
	admin.get(pad).want(http.StatusForbidden)
	admin.post(pad, url.Values{"pin": {pin}, "pin2": {pin}}).want(http.StatusForbidden) // who asked could be a made-up colleague
	board.post(pad, url.Values{"pin": {"1234"}, "pin2": {"1234"}}).want(http.StatusUnprocessableEntity)
	board.post(pad, url.Values{"pin": {pin}, "pin2": {"9999"}}).want(http.StatusUnprocessableEntity)
	code := board.post(pad, url.Values{"pin": {pin}, "pin2": {pin}}).want(http.StatusOK).wordsOf("logincode")
	if !s.signsIn(code, pin) {
		t.Error("the new treasurer cannot sign in")
	}
	board.get(pad).want(http.StatusForbidden) // a login is handed out once
	other.page("/desk/log").shows("Bestuurder Bo (Bestuur)")
	board.page("/desk/log").shows("Kaart uitgedeeld, met een zelf gekozen pincode: Penning Piet", "door uzelf", "Goedgekeurd: Wie hier werkt")
}

func TestNobodyChangesTheOfficeAlone(t *testing.T) {
	s := newSite(t, nil)
	_, board, bo := s.twoToDecide()
	at := board.asksRole(roleAdd, people.NewID().String(), map[string]string{"role": "board", "name": "Stroman"})
	open, err := s.server.foureyes.Open()
	if err != nil || len(open) != 1 {
		t.Fatalf("%d proposals wait (%v)", len(open), err)
	}
	board.post(at+"/approve", url.Values{"hash": {open[0].Hash}}).want(http.StatusForbidden).shows("U vroeg dit zelf")
	for role, name := range map[people.Role]string{people.Desk: "D", people.Treasurer: "T", people.Evaluator: "E"} {
		one := s.login(s.add(people.Person{Role: role, Name: name}, 0))
		one.post("/desk/team", url.Values{}).want(http.StatusForbidden)
		one.post(at+"/approve", url.Values{"hash": {"x"}}).want(http.StatusForbidden)
	}
	if found, _, err := s.people.Search("Stroman", 5); err != nil || len(found) != 0 {
		t.Errorf("%+v was added (%v)", found, err)
	}
	admin := s.login(s.add(people.Person{Role: people.Administrator, Name: "Ada Twee"}, 0))
	admin.post("/desk/team", url.Values{"do": {roleStop}, "form": {bo.ID.String()}, "why": {"weg"}, "role": {""}, "name": {""}, "language": {""}}).
		want(http.StatusConflict).shows("laatste van het bestuur")
	admin.post("/desk/team", url.Values{"do": {roleAdd}, "form": {people.NewID().String()}, "why": {"x"}, "role": {"merchant"}, "name": {"Winkel"}, "language": {"nl"}}).
		want(http.StatusUnprocessableEntity)
}

func TestALoginThatIsRenewedOrStoppedEndsAtOnceAndItsOwnerSeesIt(t *testing.T) {
	s := newSite(t, nil)
	admin, board, _ := s.twoToDecide()
	piet := s.add(people.Person{Role: people.Treasurer, Name: "Penning Piet"}, 0)
	mine := s.login(piet)
	mine.page("/desk/redemptions")
	at := admin.asksRole(roleStop, piet.ID.String(), nil)
	mine.page("/desk/redemptions") // nothing happens before it is approved
	board.post(at+"/approve", board.page(at).form(at+"/approve")).want(http.StatusSeeOther)
	mine.get("/desk/redemptions").want(http.StatusSeeOther)
	at = admin.asksRole(roleLogin, piet.ID.String(), nil)
	board.post(at+"/approve", board.page(at).form(at+"/approve")).want(http.StatusSeeOther)
	code := board.post("/desk/team/"+piet.ID.String()+"/pin", url.Values{"pin": {"5173"}, "pin2": {"5173"}}).want(http.StatusOK).wordsOf("logincode")
	again := s.browser()
	again.post("/login", url.Values{"code": {code}, "pin": {"5173"}}).want(http.StatusSeeOther)
	again.page("/acts").shows("Wat is er met mijn rekening gedaan", "Kaart uitgedeeld", "Bestuurder Bo (Bestuur)", "Gevraagd: Wie hier werkt")
}

func TestAProposalCanBeRefusedOrTakenBackAndThenNothingHappens(t *testing.T) {
	s := newSite(t, nil)
	admin, board, _ := s.twoToDecide()
	ask := func(name string) string {
		return admin.asksRole(roleAdd, people.NewID().String(), map[string]string{"role": "desk", "name": name})
	}
	refused, back := ask("Eerste"), ask("Tweede")
	hash := board.page(refused).form(refused + "/approve")
	board.post(refused+"/refuse", url.Values{"why": {"ken ik niet"}}).want(http.StatusSeeOther)
	board.page(refused).shows("Afgekeurd", "ken ik niet")
	board.post(refused+"/approve", hash).want(http.StatusConflict).shows("al over beslist")
	board.post(back+"/withdraw", nil).want(http.StatusForbidden)
	admin.post(back+"/withdraw", nil).want(http.StatusSeeOther)
	board.page(back).shows("Ingetrokken")
	for _, name := range []string{"Eerste", "Tweede"} {
		if found, _, err := s.people.Search(name, 5); err != nil || len(found) != 0 {
			t.Errorf("%s is there (%v)", name, err)
		}
	}
	s.desk().page("/desk/proposals").hides("Wie hier werkt") // not the desk's business
	s.login(s.resident("Anna", 0)).get("/desk/proposals").want(http.StatusForbidden)
}

func TestPeopleSeeWhatTheDeskDidAboutThemAndEvaluatorsNoNames(t *testing.T) {
	s := newSite(t, nil)
	desk, anna := s.desk(), s.resident("Anna Voorbeeld", 0)
	mine := s.login(anna)
	mine.page("/acts").shows("Niemand heeft iets met uw rekening gedaan")
	desk.post("/desk/people/"+anna.ID.String()+"/block", url.Values{"why": {"odd"}, "note": {"gek bedrag"}}).want(http.StatusSeeOther)
	mine.page("/acts").shows("Geblokkeerd", "Er klopt iets niet: gek bedrag", "Balie (Balie)", "Nummer")
	s.login(s.resident("Bram", 0)).page("/acts").hides("Geblokkeerd", "gek bedrag")
	eva := s.login(s.add(people.Person{Role: people.Evaluator, Name: "Eva"}, 0))
	eva.page("/desk/log").shows("Geblokkeerd", "door Balie").hides("Anna", "gek bedrag", "Balie (Balie)")
	admin, board, _ := s.twoToDecide()
	admin.page("/desk/log").hides("Geblokkeerd")
	board.page("/desk/log").shows("Geblokkeerd: Anna Voorbeeld", "gek bedrag")
	if strings.Contains(s.log.String(), "gek bedrag") {
		t.Error("a note of the desk is in the program's log")
	}
}

func TestAnOpeningIsIssuedOnceTheBoardApproves(t *testing.T) {
	s := newSite(t, nil)
	_, board, _ := s.twoToDecide()
	piet := s.add(people.Person{Role: people.Treasurer, Name: "Penning Piet"}, 0)
	anna := s.resident("Anna Voorbeeld", 0)
	p, err := s.server.foureyes.Propose(t.Context(), piet.ID, foureyes.Draft{
		Kind: move.Kind, Body: move.Opening{Total: 1012_50, Lines: []move.OpeningLine{{Person: anna.ID, Cents: 1012_50}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	at := "/desk/proposals/" + p.ID.String()
	s.login(piet).post(at+"/approve", url.Values{"hash": {p.Hash}}).want(http.StatusForbidden)
	if got := s.spendable(anna); got != 0 {
		t.Errorf("Anna has %v before anybody approved it", got)
	}
	form := board.page(at).shows("Anna Voorbeeld", "1.012,50", "Staan deze euro’s op de rekening").form(at + "/approve")
	board.post(at+"/approve", form).want(http.StatusSeeOther)
	if got := s.spendable(anna); got != 1012_50 {
		t.Errorf("Anna has %v", got)
	}
	if last := s.lastEntry(); last.Auth.How == record.ByOperator {
		t.Errorf("the last entry is authorised by %+v", last.Auth)
	}
	bad := move.Opening{Total: 2, Lines: []move.OpeningLine{{Person: anna.ID, Cents: 1}}}
	if _, err := s.server.foureyes.Propose(t.Context(), piet.ID, foureyes.Draft{Kind: move.Kind, Body: bad}); !errors.Is(err, move.ErrEmpty) {
		t.Errorf("an opening whose lines are not its total: %v", err)
	}
}
