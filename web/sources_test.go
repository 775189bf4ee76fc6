package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"grulden/internal/bank"
	"grulden/internal/foureyes"
	"grulden/internal/people"
)

// pot lets a treasurer make a source that has so many cents.
func (s *site) pot(treasurer *browser, kind string, cents int64) (at string) {
	s.t.Helper()
	f := treasurer.page("/desk/sources").form("/desk/sources")
	f.Set("name", "Gemeente Voorbeeld")
	f.Set("kind", kind)
	at, _, _ = strings.Cut(treasurer.post("/desk/sources", f).want(http.StatusSeeOther).to(), "?")
	s.storting(cents)
	open := treasurer.page(at).shows("Hoort hier nog geld bij?", "STORTING")
	treasurer.post(at+"/fill", open.form(at+"/fill")).want(http.StatusSeeOther)
	return at
}

// sayYes lets somebody approve what waits.
func (s *site) sayYes(by people.Person) []*foureyes.Proposal {
	s.t.Helper()
	open, err := s.server.foureyes.Open()
	for _, p := range open {
		if _, err := s.server.foureyes.Approve(s.t.Context(), by.ID, p.ID, p.Hash); err != nil {
			s.t.Fatal(err)
		}
	}
	if err == nil {
		err = s.server.rewards.Run(s.t.Context())
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return open
}

func TestAListOfRewardsIsPreviewedProposedApprovedAndPaid(t *testing.T) {
	s := newSite(t, nil)
	who := s.add(people.Person{Role: people.Treasurer, Name: "Theo"}, 0)
	board := s.add(people.Person{Role: people.Board, Name: "Bea"}, 0)
	treasurer := s.login(who)
	anna, ben := s.resident("Anna", 0), s.resident("Ben", 0)
	at := s.pot(treasurer, "reward", 300_00)
	treasurer.page(at).shows("€ 300,00", "Vergoeding voor vrijwilligers")
	file := "kenmerk;bedrag;tekst\n" + anna.Reference + ";200,00;mei\n" + ben.Reference + ";25;mei\n" + anna.Reference + ";10,01;extra\nniemand;5;x\n"
	list := treasurer.sendFile(at+"/lists", []byte(file)).want(http.StatusSeeOther).to()
	treasurer.page(list).shows("€ 225,00", "te veel vergoeding in deze maand: niet meer dan 210,00", "Er gebeurt pas iets als een tweede persoon ja zegt")
	treasurer.post(list, url.Values{}).want(http.StatusUnprocessableEntity).shows("waarom")
	treasurer.post(list, url.Values{"why": {"vrijwilligers mei"}}).want(http.StatusSeeOther)
	treasurer.page(list).shows("wacht op een tweede persoon").hides("Anna")
	open, err := s.server.foureyes.Open()
	if err != nil || len(open) != 1 {
		t.Fatalf("%d proposals: %v", len(open), err)
	}
	if _, err := s.server.foureyes.Approve(t.Context(), who.ID, open[0].ID, open[0].Hash); err == nil {
		t.Fatal("who proposed a list approved it")
	}
	told, err := s.server.proposals()["list"].told("nl", open[0])
	if err != nil || len(told) != 5 || told[3].Value != "€\u00a0225,00" {
		t.Fatalf("the second person is told %v: %v", told, err)
	}
	s.sayYes(board)
	s.sayYes(board)
	treasurer.page(list).shows("2 van de 2")
	csv := treasurer.page(list + "/result.csv").text
	if strings.Count(csv, "\r\n") != 5 || !strings.Contains(csv, ";200,00;mei;betaald") {
		t.Fatalf("the result is %q", csv)
	}
	if s.spendable(anna) != 200_00 || s.spendable(ben) != 25_00 {
		t.Fatalf("Anna has %v, Ben %v", s.spendable(anna), s.spendable(ben))
	}
	treasurer.page(at).shows("€ 75,00", "€ 225,00")
	s.login(anna).page("/received").shows("Gekregen in 2026", "Gemeente Voorbeeld", "200,00", "Vergoeding deze maand: 200,00 van 210,00")
	s.login(anna).page("/received?year=2025").shows("niets uit een pot")
}

func TestAListOverItsPotOrNoListIsToldAndPaysNothing(t *testing.T) {
	s := newSite(t, nil)
	treasurer := s.login(s.add(people.Person{Role: people.Treasurer, Name: "Theo"}, 0))
	anna := s.resident("Anna", 0)
	at := s.pot(treasurer, "gift", 10_00)
	treasurer.sendFile(at+"/lists", []byte{0, 1}).want(http.StatusUnprocessableEntity)
	list := treasurer.sendFile(at+"/lists", []byte(anna.Reference+";10,01;x\n")).want(http.StatusSeeOther).to()
	treasurer.post(list, url.Values{"why": {"cadeau"}}).want(http.StatusConflict).shows("niet genoeg in deze pot")
	if s.spendable(anna) != 0 {
		t.Fatalf("Anna has %v", s.spendable(anna))
	}
	treasurer.post("/desk/sources", url.Values{"id": {newFormID()}, "name": {""}, "kind": {"gift"}}).want(http.StatusUnprocessableEntity).shows("Geef de pot een naam")
}

func TestGruldenWithoutEurosNeedTwoPeopleAndStayInRed(t *testing.T) {
	s := newSite(t, nil)
	treasurer := s.login(s.add(people.Person{Role: people.Treasurer, Name: "Theo"}, 0))
	board := s.add(people.Person{Role: people.Board, Name: "Bea"}, 0)
	anna := s.resident("Anna", 0)
	f := treasurer.page("/desk/issue?person=" + anna.ID.String()).shows("bijna nooit").form("/desk/issue")
	f.Set("amount", "12,50")
	treasurer.post("/desk/issue", f).want(http.StatusUnprocessableEntity).shows("waarom")
	f.Set("why", "verloren bon")
	treasurer.post("/desk/issue", f).want(http.StatusSeeOther)
	treasurer.page("/desk/sources").hides("verloren bon")
	for range 2 {
		s.sayYes(board)
	}
	if s.spendable(anna) != 12_50 {
		t.Fatalf("Anna has %v", s.spendable(anna))
	}
	evaluator := s.login(s.add(people.Person{Role: people.Evaluator, Name: "Eva"}, 0))
	evaluator.page("/desk/sources").shows("zonder euro’s", "12,50", "verloren bon", "Theo en Bea").hides("Anna")
	treasurer.page("/desk/sources").shows("Anna", "12,50")
	if e, err := s.bank.Entries(bank.Filter{}); err != nil || len(e) != 0 {
		t.Fatalf("%d bank entries: %v", len(e), err)
	}
}
