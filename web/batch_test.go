package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// sendList uploads a list of payments.
func (b *browser) sendList(file string) reply {
	b.t.Helper()
	return b.sendForm("/batch", nil, "dank.csv", []byte(file))
}

func TestAnOrganisationPaysAListOfPeople(t *testing.T) {
	s := newSite(t, nil)
	club, anna, bram := s.shop("Buurthuis"), s.resident("Anna Jansen", 2000), s.resident("Bram de Vries", 0)
	s.pays(anna, club, 1, 2000)
	request, err := s.server.book.Personal(anna.Account, s.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	b := s.login(club)
	b.sendList("zomaar wat").want(http.StatusUnprocessableEntity).shows("Dit bestand kunnen we niet lezen.")
	dear := b.sendList(bram.Reference + ";30;Dank").want(http.StatusSeeOther).to()
	b.page(dear).shows("U hebt niet genoeg voor deze hele lijst.")
	address := b.sendList("code;bedrag;tekst\n" + request.Code.Grouped() + ";5,00;Soep\n" + bram.Reference + ";2.50;Koffie\n" +
		bram.Reference + ";2,50;Koffie\nZZZ;1;x\n").want(http.StatusSeeOther).to()
	b.get(dear).want(http.StatusNotFound)
	b.page(address).shows("Aantal betalingen: 2.", "Dit betalen we niet: 2.", "niet gevonden", "staat er dubbel in", "Betaal samen 7,50").
		hides("Anna", "Jansen", "Bram", "Vries")
	b.post(address, url.Values{"pin": {"0000"}}).want(http.StatusUnprocessableEntity).shows("horen niet bij elkaar")
	b.get(address + "/result.csv").want(http.StatusNotFound)
	for range 2 {
		b.post(address, url.Values{"pin": {pin}}).want(http.StatusSeeOther)
	}
	b.page(address).shows("0 van de 2 betaald", "We zijn bezig.")
	if err := s.server.orders.RunBatches(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.page(address).shows("2 van de 2 betaald, samen 7,50.")
	file := b.get(address + "/result.csv").want(http.StatusOK)
	for _, want := range []string{"Regel;Code of kenmerk;Bedrag", ";5,00;Soep;betaald;", "niet gevonden"} {
		if !strings.Contains(string(file.text), want) {
			t.Errorf("the file has no %q:\n%s", want, file.text)
		}
	}
	b.page("/batch").shows("dank.csv", "2 van de 2 betaald")
	b.page("/history").shows("Een bewoner", "uit een lijst")
	if a, c := s.spendable(anna), s.spendable(bram); a != 500 || c != 250 {
		t.Errorf("they have %v and %v", a, c)
	}
	s.login(s.shop("Bakker")).get(address).want(http.StatusNotFound)
	s.login(anna).get("/batch").want(http.StatusForbidden)
}
