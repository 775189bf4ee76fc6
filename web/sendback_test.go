package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"grulden/internal/bank"
	"grulden/internal/people"
	"grulden/internal/sepa"
	"grulden/web/page"
)

// waits is the bank entry that waits to be matched.
func (s *site) waits() *bank.Entry {
	s.t.Helper()
	all, err := s.bank.Entries(bank.Filter{States: []bank.State{bank.Unmatched}})
	if err != nil || len(all) != 1 {
		s.t.Fatalf("%d entries wait, %v", len(all), err)
	}
	return all[0]
}

func TestWhoseMoneyItMayBeIsShownAndConfirmedByAPerson(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	anna, bram := s.resident("Anna de Vries", 0), s.resident("Bram Jansen", 0)
	desk := s.desk()
	desk.upload(statement(t,
		sepa.SimBooking{Cents: 10_00, Credit: true, Name: "A de Vries", IBAN: "NL42TEST0000000002", Reference: anna.Reference},
		sepa.SimBooking{Cents: 20_00, Credit: true, Name: "A de Vries", IBAN: "NL42TEST0000000002", Text: "nog eens"},
	)).want(http.StatusOK)
	entry := s.waits()
	shown := desk.page("/desk/bank/"+entry.ID.String()).shows("Misschien is het van", "Anna de Vries", "laadde eerder op van deze rekening · dezelfde naam bij de bank")
	if maybe, _, _ := strings.Cut(shown.words(), "Of zoek iemand anders"); strings.Contains(maybe, "Bram") {
		t.Error("Bram is suggested")
	}
	if s.spendable(anna) != 10_00 {
		t.Fatal("a suggestion alone moved money")
	}
	desk.post("/desk/bank/"+entry.ID.String()+"/issue", url.Values{"person": {anna.ID.String()}}).want(http.StatusSeeOther)
	if s.spendable(anna) != 30_00 || s.spendable(bram) != 0 {
		t.Errorf("Anna has %v, Bram %v", s.spendable(anna), s.spendable(bram))
	}
	s.login(anna).page("/acts").shows("Opgeladen met geld van de bank", "€ 20,00")
}

func TestMoneyOverTheMonthsLimitWaitsAndSaysSo(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	anna, desk := s.resident("Anna", 0), s.desk()
	desk.upload(statement(t, sepa.SimBooking{Cents: 500_01, Credit: true, Name: "A. Anna", IBAN: "NL42TEST0000000002", Reference: anna.Reference})).want(http.StatusOK)
	entry := s.waits()
	desk.page("/desk/bank").shows("meer dan in deze maand mag")
	desk.page("/desk/bank/"+entry.ID.String()).shows("Dit geld is van Anna. Het is meer dan in deze maand mag.", "Stuur het geld terug")
	desk.post("/desk/bank/"+entry.ID.String()+"/issue", url.Values{"person": {anna.ID.String()}}).want(http.StatusConflict).
		shows("Dit is meer dan deze persoon in deze maand mag opladen.")
	if s.spendable(anna) != 0 {
		t.Error("it was issued")
	}
}

func TestMoneyIsSentBackByTwoPeople(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	desk, first := s.desk(), s.login(s.add(people.Person{Role: people.Treasurer, Name: "Penning"}, 0))
	desk.upload(statement(t, sepa.SimBooking{Cents: 20_00, Credit: true, Name: "Iemand Anders", IBAN: "NL42TEST0000000002", Text: "geen idee"})).want(http.StatusOK)
	entry := s.waits()
	at := "/desk/bank/" + entry.ID.String()
	desk.post(at+"/back", url.Values{"why": {" "}}).want(http.StatusUnprocessableEntity).shows("Schrijf op waarom het geld terug gaat.")
	for range 2 { // the second time nothing more is asked
		first.post(at+"/back", url.Values{"why": {"niemand kent de afzender"}}).want(http.StatusSeeOther)
	}
	open, err := s.server.foureyes.Open()
	if err != nil || len(open) != 1 {
		t.Fatalf("%d proposals, %v", len(open), err)
	}
	desk.page(at).shows("Iemand heeft al gevraagd om dit geld terug te sturen.")
	told, err := s.server.proposals()["return-money"].told(page.Dutch, open[0])
	if err != nil || len(told) != 4 || told[0].Value != "Iemand Anders" || told[1].Value != "NL42 TEST 0000 0000 02" || told[2].Value != "€\u00a020,00" {
		t.Fatalf("%+v, %v", told, err)
	}
	approve := "/desk/proposals/" + open[0].ID.String() + "/approve"
	first.post(approve, url.Values{"hash": {open[0].Hash}}).want(http.StatusForbidden)
	desk.post(approve, url.Values{"hash": {open[0].Hash}}).want(http.StatusForbidden)
	board := s.login(s.add(people.Person{Role: people.Board, Name: "Bestuur"}, 0))
	board.post(approve, url.Values{"hash": {open[0].Hash}}).want(http.StatusSeeOther)
	orders, err := s.bank.Orders(bank.OrderWaiting)
	if err != nil || len(orders) != 1 || orders[0].Cents != 20_00 || orders[0].IBAN != "NL42TEST0000000002" {
		t.Fatalf("%+v, %v", orders, err)
	}
	desk.page("/desk/bank").shows("Terug naar wie het stuurde", "Iemand Anders", "gaat terug")
	first.post(at+"/back", url.Values{"why": {"nog eens"}}).want(http.StatusConflict)
}

func TestWhatDoesNotFitIsInRedAndAFileThatDoesNotAddUpShowsWhy(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	desk := s.desk()
	good := statement(t,
		sepa.SimBooking{Cents: 45_00, Name: "Wie Weet", IBAN: "NL42TEST0000000002", Text: "zomaar"},
		sepa.SimBooking{Cents: 7_00, Credit: true, Currency: "USD", Name: "Dollar Man"},
	)
	desk.upload([]byte(strings.Replace(string(good), `<Amt Ccy="EUR">0.00<`, `<Amt Ccy="EUR">9.00<`, 1))).want(http.StatusUnprocessableEntity).
		shows("Begin € 9,00 en de regels samen € −45,00 maakt € −36,00. Maar de bank schrijft aan het einde € −45,00.")
	desk.page("/desk/bank").hides("Wie Weet")
	desk.upload(good).want(http.StatusOK)
	acts, err := s.server.logbook.List(0, 10)
	if err != nil || len(acts) != 1 || acts[0].Kind != "statement-imported" || acts[0].Facts[0].Value != "2" {
		t.Errorf("the logbook has %+v, %v", acts, err)
	}
	desk.page("/desk/bank").shows("Let op", "Wie Weet", "€ −45,00", "Dollar Man", "USD 7,00").holds(`class="odd"`)
}
