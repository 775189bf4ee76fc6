package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"grulden/internal/foureyes"
	"grulden/internal/people"
	"grulden/internal/sepa"
)

// melted is a site on which about 10.00 lies in the wijkfonds.
func melted(t *testing.T) (*site, people.Person) {
	t.Helper()
	s := newSite(t, nil)
	anna := s.resident("Anna", 2_000_00)
	s.clock.add(62 * 24 * time.Hour) // thirty days of grace, then about half a cent per Grulden a month
	return s, anna
}

func (s *site) member(role people.Role, name string) *browser {
	s.t.Helper()
	return s.login(s.add(people.Person{Role: role, Name: name}, 0))
}

// agree has somebody agree to the one open proposal, as it is shown.
func (s *site) agree(by people.ID) (*foureyes.Proposal, error) {
	s.t.Helper()
	open, err := s.server.foureyes.Open()
	if err != nil || len(open) != 1 {
		s.t.Fatalf("%d open proposals, %v", len(open), err)
	}
	return s.server.foureyes.Approve(s.t.Context(), by, open[0].ID, open[0].Hash)
}

// purpose makes a purpose by two people and returns its id.
func (s *site) purpose(first *browser, second people.ID, name, need string) string {
	s.t.Helper()
	f := first.page("/desk/fund").form("/desk/fund/purposes")
	f.Set("name", name)
	f.Set("need", need)
	first.post("/desk/fund/purposes", f).want(http.StatusSeeOther)
	if _, err := s.agree(second); err != nil {
		s.t.Fatal(err)
	}
	all, err := s.server.fund.Purposes()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, p := range all {
		if p.Name == name {
			return p.ID.String()
		}
	}
	s.t.Fatalf("no purpose %q", name)
	return ""
}

// TestTheFundKeepsItsPromise lets a treasurer give for soup, try a feast, and
// the board override with a reason that everybody then reads.
func TestTheFundKeepsItsPromise(t *testing.T) {
	s, anna := melted(t)
	chair := s.add(people.Person{Role: people.Board, Name: "Voorzitter"}, 0)
	second := s.add(people.Person{Role: people.Treasurer, Name: "Tweede penningmeester"}, 0)
	treasurer := s.member(people.Treasurer, "Penningmeester")
	nobody := s.browser()
	nobody.page("/wijkfonds").shows("Er is nog niets uitgegeven", "ten minste 90 %")

	soup := s.purpose(treasurer, chair.ID, "Soep op woensdag", "yes")
	feast := s.purpose(treasurer, chair.ID, "Buurtfeest", "no")
	grant := func(purpose, amount, public string) reply {
		t.Helper()
		ask := treasurer.page("/desk/fund/grant?purpose=" + purpose + "&person=" + anna.ID.String())
		f := ask.form("/desk/fund/grant")
		f.Set("amount", amount)
		f.Set("why", "Gezin van vier")
		f.Set("public", public)
		return treasurer.post("/desk/fund/grant", f)
	}
	before := s.spendable(anna)
	grant(soup, "3,60", "").want(http.StatusSeeOther)
	if s.spendable(anna) != before {
		t.Fatal("one person gave money from the wijkfonds")
	}
	if p, err := s.agree(second.ID); err != nil || p.State != foureyes.Done {
		t.Fatal(p, err)
	}
	if got := s.spendable(anna) - before; got != 3_60 {
		t.Fatalf("she got %v", got)
	}
	nobody.page("/wijkfonds").shows("Onze belofte: ten minste 90 %", "100 % ging naar mensen met geldzorgen", "Soep op woensdag", "3,60").hides("Anna", "Gezin van vier", "Buurtfeest")

	grant(feast, "1,00", "").want(http.StatusConflict).shows("Dit breekt de belofte van het fonds")
	grant(feast, "1,00", "De tent was al besteld").want(http.StatusSeeOther)
	if _, err := s.agree(second.ID); !strings.Contains(errText(err), "may not") {
		t.Fatalf("a treasurer overrides the promise: %v", err)
	}
	if p, err := s.agree(chair.ID); err != nil || p.State != foureyes.Done {
		t.Fatal(p, err)
	}
	nobody.page("/wijkfonds").shows("Maar 78,2 % ging naar mensen met geldzorgen", "De tent was al besteld", "Uitgegeven: 4,60")
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestTheFundPagesSayWhatIsWrong(t *testing.T) {
	s, anna := melted(t)
	chair := s.add(people.Person{Role: people.Board, Name: "Voorzitter"}, 0)
	treasurer := s.member(people.Treasurer, "Penningmeester")
	soup := s.purpose(treasurer, chair.ID, "Soep", "yes")
	form := url.Values{"form": {people.NewID().String()}, "purpose": {soup}, "person": {anna.ID.String()}, "amount": {"9.999,00"}, "why": {"x"}}
	treasurer.post("/desk/fund/grant", form).want(http.StatusConflict).shows("Zoveel zit er niet in het fonds")
	form.Set("amount", "nul")
	treasurer.post("/desk/fund/grant", form).want(http.StatusUnprocessableEntity)
	form.Set("amount", "1,00")
	form.Set("why", "  ")
	treasurer.post("/desk/fund/grant", form).want(http.StatusUnprocessableEntity).shows("Schrijf hier iets op")
	form.Set("purpose", people.NewID().String())
	treasurer.post("/desk/fund/grant", form).want(http.StatusNotFound)
	treasurer.post("/desk/fund/purposes", url.Values{"form": {people.NewID().String()}, "name": {strings.Repeat("x", 201)}, "need": {"yes"}}).want(http.StatusUnprocessableEntity)
	treasurer.post("/desk/fund/purposes", url.Values{"form": {people.NewID().String()}, "name": {"x"}}).want(http.StatusBadRequest)

	treasurer.post("/desk/fund/purposes/"+soup+"/end", nil).want(http.StatusSeeOther)
	treasurer.page("/desk/fund").hides("/desk/fund/grant?purpose=" + soup)
	acts, err := s.server.logbook.List(0, 1)
	if err != nil || len(acts) != 1 || acts[0].Kind != "purpose-ended" || acts[0].Fact("purpose") != "Soep" {
		t.Errorf("%+v, %v", acts, err)
	}
	if all, err := s.server.foureyes.Open(); err != nil || len(all) != 0 {
		t.Errorf("%d proposals were made, %v", len(all), err)
	}
}

// TestAProposalOfAGrantIsHeldAgainstThePromiseAgain: two grants that each would
// keep it break it together; the second one ends there.
func TestAProposalOfAGrantIsHeldAgainstThePromiseAgain(t *testing.T) {
	s, anna := melted(t)
	chair := s.add(people.Person{Role: people.Board, Name: "Voorzitter"}, 0)
	other := s.add(people.Person{Role: people.Treasurer, Name: "Ander"}, 0)
	treasurer := s.member(people.Treasurer, "Penningmeester")
	soup := s.purpose(treasurer, chair.ID, "Soep", "yes")
	feast := s.purpose(treasurer, chair.ID, "Feest", "no")
	give := func(purpose, amount string) {
		t.Helper()
		f := url.Values{"form": {people.NewID().String()}, "purpose": {purpose}, "person": {anna.ID.String()}, "amount": {amount}, "why": {"x"}}
		treasurer.post("/desk/fund/grant", f).want(http.StatusSeeOther)
	}
	give(soup, "3,60")
	if _, err := s.agree(other.ID); err != nil {
		t.Fatal(err)
	}
	give(feast, "0,40")
	give(feast, "0,40")
	open, err := s.server.foureyes.Open()
	if err != nil || len(open) != 2 {
		t.Fatal(len(open), err)
	}
	if _, err := s.server.foureyes.Approve(t.Context(), chair.ID, open[0].ID, open[0].Hash); err != nil {
		t.Fatal(err)
	}
	if _, err := s.server.foureyes.Approve(t.Context(), chair.ID, open[1].ID, open[1].Hash); err == nil {
		t.Fatal("the promise was broken by two grants that each kept it")
	}
	if state, err := s.server.fund.State(); err != nil || state.Promise.Need != 3_60 || state.Promise.Other != 40 {
		t.Errorf("%+v, %v", state, err)
	}
	told, err := s.server.proposals()["grant"].told("nl", open[1])
	if err != nil || len(told) != 4 || told[0].Value != "Anna" || told[1].Value != "0,40" || told[3].Value != "Voor iets anders" {
		t.Errorf("%+v, %v", told, err)
	}
}

// TestAGiftAtTheBankIsAGiftToTheFund, one for one, and never twice.
func TestAGiftAtTheBankIsAGiftToTheFund(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	treasurer := s.member(people.Treasurer, "Penningmeester")
	list := treasurer.upload(statement(t, sepa.SimBooking{Cents: 2_500_00, Credit: true, Name: "Gulle Gever", Text: "voor het wijkfonds"}))
	var entry string
	for n := range list.parse().Descendants() {
		if strings.HasPrefix(attr(n, "href"), "/desk/bank/") {
			entry = attr(n, "href")
		}
	}
	s.resident("Anna", 0)
	form := treasurer.page(entry).hides("Laad op").form(entry + "/gift")
	treasurer.page(entry+"?q=anna").shows("Anna", "Laad op")
	form.Del("sure")
	treasurer.post(entry+"/gift", form).want(http.StatusBadRequest)
	treasurer.page("/desk/log").hides("gift voor het wijkfonds")
	form.Set("sure", "yes")
	treasurer.page(treasurer.post(entry+"/gift", form).to()).shows("Het geld is nu een gift", "Gulle Gever", "Gift aan het wijkfonds").hides("Onbekend")
	for range 2 {
		treasurer.post(entry+"/gift", form)
	}
	if n := strings.Count(treasurer.page("/desk/log").shows("Bedrag", "2.500,00").words(), "gift voor het wijkfonds"); n != 1 {
		t.Errorf("the gift is %d times in the logbook", n)
	}
	s.browser().page("/wijkfonds").shows("In het wijkfonds zit nu 2.500,00", "Giften", "2.500,00").hides("Gulle Gever")
	now, err := s.server.books().Reserve()
	if err != nil || now.Fund != 2_500_00 || now.Holders != 0 {
		t.Errorf("the reserve has %v in the wijkfonds and %v elsewhere: %v", now.Fund, now.Holders, err)
	}
	desk := s.desk()
	if desk.post(entry+"/gift", form).status != http.StatusForbidden {
		t.Error("the desk gave money away")
	}
}

// first is the latest proposal of a kind.
func (s *site) first(kind foureyes.Kind) *foureyes.Proposal {
	s.t.Helper()
	all, err := s.server.foureyes.List(100)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, p := range all {
		if p.Kind == kind {
			return p
		}
	}
	s.t.Fatalf("no proposal of kind %q", kind)
	return nil
}
