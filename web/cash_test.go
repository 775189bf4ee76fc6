package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"grulden/internal/bank"
	"grulden/internal/cash"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/sepa"
	"grulden/web/page"
)

func TestTheDeskTakesCashAgainstAReceipt(t *testing.T) {
	s := newSite(t, nil)
	desk := s.login(s.add(people.Person{Role: people.Desk, Name: "Fatma"}, 0))
	anna := s.resident("Anna", 0)
	desk.page("/desk/cash").shows("€ 0,00", "nog nooit geteld")
	desk.page("/desk/cash/take?q=ann").shows("Anna")
	ask := desk.page("/desk/cash/take?person="+anna.ID.String()).shows("Hoeveel euro brengt Anna?", "€ 500,00")
	f := ask.form("/desk/cash/take")
	f.Set("amount", "50")
	f.Del("counted")
	desk.post("/desk/cash/take", f).want(http.StatusUnprocessableEntity).shows("zet het vinkje")
	f.Set("counted", "yes")
	for range 2 { // the second time by mistake
		to := desk.post("/desk/cash/take", f).want(http.StatusSeeOther).to()
		desk.page(to).shows("Bon 1", "€ 50,00", "Anna", "Fatma", "Bewaar deze bon")
	}
	if got := s.spendable(anna); got != 50_00 {
		t.Fatalf("Anna has %v", got)
	}
	f = desk.page("/desk/cash/take?person=" + anna.ID.String()).shows("€ 450,00").form("/desk/cash/take")
	f.Set("amount", "450,01")
	desk.post("/desk/cash/take", f).want(http.StatusConflict).shows("Geef het geld terug")
	f.Set("amount", "een tientje")
	desk.post("/desk/cash/take", f).want(http.StatusUnprocessableEntity).shows("geen bedrag")
	now := page.Dutch.Clock(inWijk(s.clock.Now()))
	desk.page("/desk/cash").shows("€ 50,00", "Anna bracht geld", now+", door Fatma")
	desk.page("/desk/people/" + anna.ID.String()).shows("Contant geld aangenomen")
	s.tell()
	s.login(anna).page("/notices").shows("U kreeg 50,00 Grulden").hides("De balie deed iets voor u")
}

func TestACountShowsItsDifferenceToEveryTreasurer(t *testing.T) {
	s := newSite(t, nil)
	desk := s.login(s.add(people.Person{Role: people.Desk, Name: "Fatma"}, 0))
	treasurer := s.login(s.add(people.Person{Role: people.Treasurer, Name: "Theo"}, 0))
	count := func(fields map[string]string) reply {
		f := desk.page("/desk/cash/count").hides("50,50").form("/desk/cash/count")
		for name, value := range fields {
			f.Set(name, value)
		}
		return desk.post("/desk/cash/count", f)
	}
	count(map[string]string{"p2000": "2", "p50": "1"}).want(http.StatusSeeOther)
	treasurer.page("/desk/cash").shows("verschil +€ 40,50", "Alle verschillen")
	count(map[string]string{"p2000": "-2"}).want(http.StatusUnprocessableEntity).shows("heel getal")
	for range 5 {
		count(map[string]string{"p2000": "2", "p50": "1"}).want(http.StatusSeeOther)
	}
	treasurer.page("/desk/cash").shows("het klopte", "steeds dezelfde persoon", "Alle verschillen tot nu toe samen: +€ 40,50")
}

func TestWhoCarriedTheCashDoesNotSayThatItArrived(t *testing.T) {
	s := newSite(t, nil)
	who := s.add(people.Person{Role: people.Desk, Name: "Fatma"}, 0)
	desk := s.login(who)
	treasurer := s.login(s.add(people.Person{Role: people.Treasurer, Name: "Theo"}, 0))
	by := record.Auth{By: record.ActorID(who.ID), How: record.ByPIN}
	if _, err := s.cash.TakeIn(t.Context(), cash.ID{9}, s.resident("Anna", 0).ID, 300_00, by); err != nil {
		t.Fatal(err)
	}
	f := desk.page("/desk/cash/bank").form("/desk/cash/bank")
	f.Set("way", "to")
	f.Set("amount", "400")
	desk.post("/desk/cash/bank", f).want(http.StatusConflict).shows("niet zo veel in de kas")
	f.Set("amount", "250")
	desk.post("/desk/cash/bank", f).want(http.StatusSeeOther)
	left, err := s.cash.InTransit()
	if err != nil || len(left) != 1 {
		t.Fatalf("%d in transit: %v", len(left), err)
	}
	s.storting(250_00)
	at := "/desk/cash/transit/" + left[0].ID.String()
	desk.page(at).shows("Laat een collega")
	g := treasurer.page(at).shows("€ 250,00", "STORTING").form(at)
	desk.post(at, g).want(http.StatusForbidden).shows("Laat een collega")
	treasurer.post(at, g).want(http.StatusSeeOther)
	treasurer.post(at, url.Values{"id": {newFormID()}, "entry": g["entry"]}).want(http.StatusConflict).shows("stond al op een afschrift")
	if text := treasurer.page("/desk/cash").shows("€ 50,00", "Staat op het afschrift").words(); strings.Contains(text, "Onderweg") {
		t.Fatal("the cash is still on its way:", text)
	}
}

// storting lets the bank show cash that was paid in.
func (s *site) storting(cents int64) {
	s.t.Helper()
	reserve := bank.Reserve{IBAN: "NL69TEST0000000001", Name: "Stichting Voorbeeld"}
	if err := s.bank.SetReserve(reserve); err != nil {
		s.t.Fatal(err)
	}
	var file bytes.Buffer
	err := sepa.WriteStatement(&file, sepa.SimStatement{
		Version: 8, Account: reserve.IBAN, ID: "S1", Sequence: 1, Created: s.clock.Now(), Opening: 100_00,
		Bookings: []sepa.SimBooking{{Cents: cents, Credit: true, Day: sepa.Date(s.node.Today()), Text: "STORTING"}},
	})
	if err == nil {
		_, err = s.bank.Import(s.t.Context(), file.Bytes(), record.ActorID{})
	}
	if err != nil {
		s.t.Fatal(err)
	}
}
