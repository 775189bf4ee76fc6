package web

import (
	"net/http"
	"net/url"
	"testing"

	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
)

func TestAMistakeIsCorrectedByTwoPeopleAndBothSidesAreTold(t *testing.T) {
	s := newSite(t, nil)
	desk := s.desk()
	piet := s.login(s.add(people.Person{Role: people.Treasurer, Name: "Penning Piet"}, 0))
	wrong, right := s.resident("Anna Verkeerd", 5000), s.resident("Anna Goed", 0)
	page := "/desk/people/" + wrong.ID.String() + "/correct"
	form := desk.page(page + "?q=anna").shows("Anna Goed").form(page)
	form.Set("to", right.ID.String())
	form.Set("amount", "60,00")
	form.Set("why", "verkeerde Anna opgeladen")
	desk.post(page, form).want(http.StatusConflict)
	form.Set("amount", "50,00")
	at := desk.post(page, form).want(http.StatusSeeOther).to()
	if again := desk.post(page, form).want(http.StatusSeeOther).to(); again != at {
		t.Error("the form sent twice asked twice")
	}
	desk.post(at+"/approve", url.Values{"hash": {"x"}}).want(http.StatusForbidden)
	if s.spendable(wrong) != 5000 || s.spendable(right) != 0 {
		t.Error("money moved before a second person approved it")
	}
	hash := piet.page(at).shows("Anna Verkeerd", "Anna Goed", "50,00", "verkeerde Anna opgeladen").form(at + "/approve")
	for range 2 {
		piet.post(at+"/approve", hash).want(http.StatusSeeOther)
	}
	if got, gone := s.spendable(right), s.spendable(wrong); got != 5000 || gone != 0 {
		t.Errorf("after the correction: %v and %v", gone, got)
	}
	s.login(wrong).page("/acts").shows("Fout hersteld", "verkeerde Anna opgeladen", "Ging eraf: 50,00", "Penning Piet")
	s.login(right).page("/acts").shows("Fout hersteld", "Kwam erbij: 50,00").hides("Anna Verkeerd")
	s.login(wrong).page("/history").shows("50,00")
}

func TestACorrectionThatCannotBeMadeMovesNothing(t *testing.T) {
	s := newSite(t, nil)
	desk, anna, bram := s.desk(), s.resident("Anna", 5000), s.resident("Bram", 0)
	piet := s.login(s.add(people.Person{Role: people.Treasurer, Name: "Piet"}, 0))
	page := "/desk/people/" + anna.ID.String() + "/correct"
	send := func(to, amount, why string) reply {
		return desk.post(page, url.Values{"form": {people.NewID().String()}, "q": {"a"}, "to": {to}, "amount": {amount}, "why": {why}})
	}
	send(bram.ID.String(), "veel", "x").want(http.StatusUnprocessableEntity)
	send(bram.ID.String(), "1,00", "").want(http.StatusUnprocessableEntity).shows("Schrijf op wat er fout ging")
	send(anna.ID.String(), "1,00", "x").want(http.StatusConflict)
	send("", "1,00", "x").want(http.StatusUnprocessableEntity).shows("Kies wie het geld moet krijgen")
	send(people.NewID().String(), "1,00", "x").want(http.StatusNotFound)

	at := send(bram.ID.String(), "50,00", "x").want(http.StatusSeeOther).to()
	hash := piet.page(at).form(at + "/approve")
	s.submit(ledger.Block{Account: anna.Account})
	piet.post(at+"/approve", hash).want(http.StatusSeeOther)
	piet.page(at).shows("Goedgekeurd, maar het lukte niet")
	if s.spendable(bram) != 0 || s.lastEntry().Auth.How == record.ByTwo {
		t.Error("a correction that failed moved something")
	}
}
