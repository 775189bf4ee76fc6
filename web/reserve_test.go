package web

import (
	"encoding/xml"
	"net/http"
	"strings"
	"testing"
	"time"

	"grulden/internal/books"
	"grulden/internal/people"
	"grulden/internal/sepa"
	"grulden/ledger"
	"grulden/web/page"
)

func (s *site) staffer(role people.Role) *browser {
	s.t.Helper()
	return s.login(s.add(people.Person{Role: role, Name: "Iemand " + string(role)}, 0))
}

func TestWithoutABankStatementNobodySaysThatThereAreEuros(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	visitor := s.browser()
	visitor.page("/reserve").shows("Er zijn nog geen Grulden.")
	s.resident("Anna", 50_00)
	visitor.page("/reserve").shows("Dat weten we nog niet.", "Grulden van bewoners en winkels", "€ 50,00", "Er is nog geen afschrift", "Wat bewijst deze bladzijde niet?").hides("%")
	visitor.page("/reserve/poster").shows("Dat weten we nog niet.", "/reserve")
	visitor.page("/shops").shows("Is er een euro voor elke Grulden?")
}

func TestTheReserveIsToldByTheBanksOwnStatement(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	anna := s.resident("Anna", 0)
	s.desk().upload(statement(t,
		sepa.SimBooking{Cents: 5000, Credit: true, Name: "A. Anna", Reference: anna.Reference},
		sepa.SimBooking{Cents: 700, Credit: true, Name: "Wie", Text: "geen idee"},
	))
	visitor := s.browser()
	visitor.page("/reserve").shows("Ja. Voor elke Grulden is er een euro.", "100,0 %", "afschrift van", "€ 57,00", "Ontvangen, maar we weten nog niet van wie", "€ 7,00", "zijn er geen euro’s betaald")
	visitor.page("/reserve/poster").shows("Ja. Voor elke Grulden is er een euro.", "100,0 %")
	s.submit(ledger.Issue{To: anna.Account, Amount: 1})
	visitor.page("/reserve").shows("Nee. Er zijn te weinig euro’s.", "Er mist € 0,01.", "99,9 %").hides("Ja.")
	visitor.page("/reserve/poster").shows("Nee. Er zijn te weinig euro’s.")
}

func TestTheBooksAndTheAuditFindGruldenWithoutEuros(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	anna := s.resident("Anna", 0)
	s.desk().upload(statement(t, sepa.SimBooking{Cents: 5000, Credit: true, Name: "A. Anna", Reference: anna.Reference}))
	evaluator := s.staffer(people.Evaluator)
	evaluator.page("/audit").shows("Ja. Alles is uitgelegd.")
	evaluator.page("/books").shows("BLimBanRba", "Grulden van bewoners en winkels", "€ 50,00").hides("Hier moet niets staan")
	s.submit(ledger.Issue{To: anna.Account, Amount: 40_00})
	evaluator.page("/audit").shows("Zonder goede uitleg: 1.", "Er is geen bewijs dat hier euro’s voor zijn.", "€ 40,00", "de beheerder van de computer")
	evaluator.page("/books").shows("Uitgegeven zonder bewijs", "Hier moet niets staan. Zoek uit waarom.")
}

func TestTheBooksCanBeTakenAway(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	anna := s.resident("Anna", 0)
	s.desk().upload(statement(t, sepa.SimBooking{Cents: 5000, Credit: true, Name: "A. Anna", Reference: anna.Reference}))
	treasurer := s.staffer(people.Treasurer)
	csv := treasurer.get("/books.csv").want(http.StatusOK).text
	if !strings.Contains(csv, ";1100;Bank (reserve);BLimBanRba;50,00;;") || strings.Contains(csv, "Anna") {
		t.Errorf("the table is %s", csv)
	}
	if journal := treasurer.get("/books.journal?from=2026-01-01&to=2026-12-31").want(http.StatusOK).text; !strings.Contains(journal, "balans:1100 Bank reserve  50.00 EUR") {
		t.Errorf("the journal is %s", journal)
	}
	var file struct {
		Name string `xml:"company>companyName"`
	}
	if err := xml.Unmarshal([]byte(treasurer.get("/books.xaf").want(http.StatusOK).text), &file); err != nil || file.Name != "Stichting Grulden" {
		t.Errorf("the audit file is of %q: %v", file.Name, err)
	}
	treasurer.get("/books.xaf?from=2025-12-01&to=2026-03-01").want(http.StatusSeeOther)
	treasurer.page("/books?from=2025-12-01&to=2026-03-01&badyear=1").shows("Dit bestand gaat over dagen in één jaar.")
	treasurer.get("/books?from=gisteren").want(http.StatusBadRequest)
}

func TestTheNetworkIsAClosedListWithDatesAndAreas(t *testing.T) {
	s := newSite(t, nil)
	desk, shop := s.desk(), s.shop("Bakker =1+1")
	anna := s.resident("Anna", 50_00)
	s.submit(ledger.Pay{ID: ledger.ID{1}, From: anna.Account, To: shop.Account, Amount: 12_50})
	desk.page("/network").shows("Bakker =1+1", "Er hoeft niets gemeld te worden.", "€ 12,50 van € 1.000.000,00", "zonder postcode: 1.")
	at := "/desk/people/" + shop.ID.String()
	form := desk.page(at).form(at + "/details")
	form.Set("address", "Voorbeeldstraat 1, 9716 AB Groningen")
	form.Set("contract", "2026-02-01")
	desk.post(at+"/details", form).want(http.StatusSeeOther)
	desk.page("/network").shows("9716", "1 februari 2026").hides("zonder postcode")
	form.Set("contract", "ooit")
	desk.post(at+"/details", form).want(http.StatusBadRequest)
	if csv := desk.get("/network.csv").want(http.StatusOK).text; !strings.Contains(csv, "Bakker =1+1;;9716;2026-02-01") {
		t.Errorf("the list is %s", csv)
	}
	s.clock.add(time.Hour)
	s.submit(ledger.Pay{ID: ledger.ID{2}, From: anna.Account, To: shop.Account, Amount: 7_50})
	desk.page("/network").shows("€ 20,00 van", "Aantal betalingen: 2.")
}

func TestEveryFindingOfAnAuditHasWords(t *testing.T) {
	for _, lang := range page.Languages() {
		for _, what := range books.Whats() {
			if key := page.Key("what." + string(what)); lang.Text(key) == string(key) {
				t.Errorf("%s has no words for %s", lang, key)
			}
		}
		for _, why := range books.Whys() {
			if key := page.Key("because." + string(why)); lang.Text(key) == string(key) {
				t.Errorf("%s has no words for %s", lang, key)
			}
		}
		for _, tie := range []books.TieName{books.TieSum, books.TieSupply, books.TieAsked, books.TieBank, books.TieCover} {
			if key := page.Key("tie." + string(tie)); lang.Text(key) == string(key) {
				t.Errorf("%s has no words for %s", lang, key)
			}
		}
	}
}
