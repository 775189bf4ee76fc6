package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"grulden/internal/coupon"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/winddown"
	"grulden/ledger"
)

// TestTheCoinIsEndedStepByStep: two people decide, everybody reads it beforehand,
// on the day all euros are asked for and nobody can pay or top up any more.
func TestTheCoinIsEndedStepByStep(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	anna, shop := s.resident("Anna", 40_00), s.shop("De Korenbloem")
	chair := s.add(people.Person{Role: people.Board, Name: "Voorzitter"}, 0)
	keeper := s.add(people.Person{Role: people.Treasurer, Name: "Penningmeester"}, 0)
	treasurer := s.login(keeper)
	yes := url.Values{"sure": {"yes"}}

	treasurer.post("/desk/stop/ask", yes).want(http.StatusConflict).shows("Dat kan nu niet")
	treasurer.post("/desk/stop/close", yes).want(http.StatusConflict)
	f := treasurer.page("/desk/stop").shows("Iedereen krijgt dan al zijn geld terug", "40,00").form("/desk/stop")
	treasurer.post("/desk/stop", f).want(http.StatusUnprocessableEntity) // without a reason
	f.Set("why", "De wijk gaat verder zonder munt")
	f.Set("sure", "yes")
	treasurer.post("/desk/stop", f).want(http.StatusSeeOther)
	s.clock.add(3 * 24 * time.Hour)
	if _, err := s.agree(chair.ID); err != nil {
		t.Fatal(err)
	}
	payer := s.login(anna)
	payer.page("/wallet").shows("gelden nieuwe regels")
	s.browser().page("/rules").shows("Winkels en bewoners kunnen er dan euro’s van maken.", "Geld wordt niet minder als het stil ligt.", "U kunt per maand tot 0,01 opladen.")
	treasurer = s.login(keeper)
	treasurer.page("/desk/stop").shows("De laatste regels gaan in")

	s.clock.add(36 * 24 * time.Hour)
	treasurer = s.login(keeper)
	treasurer.page("/desk/stop").shows("Vraag nu voor iedereen alle euro’s aan", "Wie heeft geen bank?", "Anna")
	treasurer.post("/desk/stop/ask", nil).want(http.StatusBadRequest)
	treasurer.post("/desk/stop/ask", yes).want(http.StatusSeeOther)
	if got := s.spendable(anna); got != 0 {
		t.Errorf("Anna can still spend %v", got)
	}
	if room, err := s.bank.Room(shop.Account); err != nil || room > 1 {
		t.Errorf("a shop can still top up %v, %v", room, err)
	}
	treasurer.page("/desk/stop").shows("Betaal nu iedereen uit")
	treasurer.page("/desk/stop/statements").shows("Anna", "Met de hand, bij de balie.")
	treasurer.post("/desk/stop/close", yes).want(http.StatusSeeOther) // the shop, which has nothing
	acts, err := s.server.logbook.List(0, 2)
	if err != nil || len(acts) != 2 || acts[0].Kind != "wind-closed" || acts[1].Kind != "wind-asked" || acts[1].Fact("count") != "1" {
		t.Errorf("%+v, %v", acts, err)
	}
	told, err := s.server.proposals()["wind-down"].told("nl", s.first("wind-down"))
	if err != nil || len(told) < 3 || !strings.Contains(told[0].Value, "april") {
		t.Errorf("%+v, %v", told, err)
	}
}

// TestNoCouponIsPrintedOnceTheEndWasDecided, and the page of the end waits for
// those that are out.
func TestNoCouponIsPrintedOnceTheEndWasDecided(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	anna := s.resident("Anna", 40_00)
	own := record.Auth{By: record.ActorID(anna.ID), How: record.ByPINNow}
	if _, err := s.server.coupons.Print(t.Context(), coupon.ID{1}, anna.ID, []ledger.Cents{10_00}, own); err != nil {
		t.Fatal(err)
	}
	s.submit(ledger.SetPolicy{Policy: winddown.Policy(s.node.Today()+31, endRoles), HasFrom: true})
	mine := s.login(anna)
	f := mine.page("/coupons").form("/coupons")
	f.Set("c500", "1")
	f.Set("pin", pin)
	mine.post("/coupons", f).want(http.StatusConflict).shows("Er komen geen nieuwe bonnen")
	s.clock.add(31 * 24 * time.Hour)
	treasurer := s.login(s.add(people.Person{Role: people.Treasurer, Name: "Penningmeester"}, 0))
	yes := url.Values{"sure": {"yes"}}
	treasurer.post("/desk/stop/ask", yes).want(http.StatusSeeOther)
	treasurer.post("/desk/stop/close", yes).want(http.StatusConflict).shows("Op papieren bonnen")
	all, err := s.bank.Payouts()
	if err != nil || len(all) != 1 || all[0].Account != anna.Account {
		t.Errorf("%+v wait to be paid, want what Anna has herself (%v)", all, err)
	}
}
