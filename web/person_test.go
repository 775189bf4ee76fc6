package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"grulden/internal/people"
	"grulden/ledger"
)

func TestTheDeskChangesTheDetailsOfAShop(t *testing.T) {
	s := newSite(t, nil)
	desk, bakker := s.desk(), s.shop("Bakker")
	address := "/desk/people/" + bakker.ID.String()
	form := desk.page(address).form(address + "/details")
	form.Set("iban", reserve) // which is not for one person to change
	form.Set("shop", " ")
	desk.post(address+"/details", form).want(http.StatusUnprocessableEntity).shows("Vul de naam van de winkel in.")
	form.Set("shop", "Banketbakker")
	form.Set("name", "Nieuwe baas")
	form.Set("address", "Voorbeeldstraat 3")
	desk.page(desk.post(address+"/details", form).want(http.StatusSeeOther).to()).
		shows("De gegevens zijn aangepast.", "Banketbakker", "Nieuwe baas", "Voorbeeldstraat 3", "NL91 ABNA 0417 1643 00")
	s.login(bakker)
	boss := s.add(people.Person{Role: people.Treasurer, Name: "Penningmeester"}, 0)
	for _, deed := range []string{"/details", "/erase"} {
		desk.post("/desk/people/"+boss.ID.String()+deed, url.Values{"name": {"X"}, "sure": {"yes"}}).want(http.StatusForbidden)
	}
}

func TestTheDeskErasesAPersonWhoHasNothingLeft(t *testing.T) {
	s := newSite(t, nil)
	desk, anna, bakker := s.desk(), s.resident("Anna", 5000), s.shop("Bakker")
	b := s.login(anna)
	address, sure := "/desk/people/"+anna.ID.String(), url.Values{"sure": {"yes"}}
	desk.post(address+"/erase", nil).want(http.StatusUnprocessableEntity).shows("Zet eerst het vinkje.", "Anna")
	desk.post(address+"/erase", sure).want(http.StatusConflict).shows("Er staat nog tegoed op", "Anna")
	s.pays(anna, bakker, 1, 5000)
	desk.page(desk.post(address+"/erase", sure).want(http.StatusSeeOther).to()).shows("De gegevens zijn gewist.").hides("Anna")
	desk.get(address).want(http.StatusNotFound)
	if to := b.get("/wallet").want(http.StatusSeeOther).to(); !strings.HasPrefix(to, "/login") {
		t.Errorf("the erased person is sent to %q, want the login page", to)
	}
	s.login(bakker).page("/history").shows("Onbekend", "50,00")
}

func TestAShopWhoseRedemptionWaitsIsNotErased(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.ripeShop(5000)
	desk := s.desk()
	s.submit(ledger.Redeem{ID: ledger.ID{9}, From: bakker.Account, Amount: s.spendable(bakker)})
	address := "/desk/people/" + bakker.ID.String()
	desk.post(address+"/erase", url.Values{"sure": {"yes"}}).want(http.StatusConflict).shows("wacht nog een uitbetaling", "Bakker")
	desk.page(address)
}

func TestABlockedHolderIsSentToTheDeskAndCannotPay(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	b, till := s.login(anna), s.login(bakker)
	address, poster := "/P/"+askFor(t, till, "4,50"), "/P/"+posterCode(t, till)
	s.submit(ledger.Block{Account: anna.Account})
	for _, path := range []string{"/wallet", "/pay", address, poster, poster + "?amount=4,50"} {
		r := b.page(path).shows("Uw kaart is geblokkeerd.", "Ga naar de balie")
		for _, action := range []string{"/pay", address, poster} {
			if r.hasForm(action) {
				t.Errorf("%s still has a form for %s", path, action)
			}
		}
		r.hides(`class="button big"`)
	}
}

func TestTheFormOfAnErasedPersonSentAgainIsToldClearly(t *testing.T) {
	s := newSite(t, nil)
	desk := s.desk()
	form := languageForm(desk, map[string]string{"name": "Anna"})
	desk.post("/desk/people/new", form).want(http.StatusSeeOther)
	id := form.Get("form")
	desk.post("/desk/people/"+id+"/erase", url.Values{"sure": {"yes"}}).want(http.StatusSeeOther)
	desk.post("/desk/people/new", form).want(http.StatusUnprocessableEntity).shows("gewist", "nieuw formulier")
	desk.get("/desk/people/" + id).want(http.StatusNotFound)
}
