package web

import (
	"errors"
	"sync"
	"testing"

	"grulden/internal/sepa"
	"grulden/ledger"
)

func TestWhatEverybodyMayAskForIsWorkedOutOnceForAllWhoWait(t *testing.T) {
	var k kept[int]
	works, changes := 0, uint64(1)
	ask := func() int {
		n, err := k.at(func() stamp { return stamp{changes: changes} }, func() (int, error) {
			works++
			return works, nil
		})
		if err != nil {
			t.Error(err)
		}
		return n
	}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { ask() })
	}
	all.Wait()
	if works != 1 {
		t.Errorf("50 visits at once: worked out %d times", works)
	}
	changes++
	for range 2 {
		if n := ask(); n != 2 {
			t.Errorf("after a change: worked out %d times, want 2", n)
		}
	}
	changes++
	broken := errors.New("broken")
	if _, err := k.at(func() stamp { return stamp{changes: changes} }, func() (int, error) { return 0, broken }); !errors.Is(err, broken) || ask() != 3 {
		t.Error("a fault is kept as if it were a figure")
	}
}

func TestVisitorsOfTheReserveReadNoBankRowsUntilAFileComesIn(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	anna, visitor, desk := s.resident("Anna", 0), s.browser(), s.desk()
	desk.upload(statement(t, sepa.SimBooking{Cents: 5000, Credit: true, Name: "A. Anna", Reference: anna.Reference}))
	pages := []string{"/reserve", "/reserve/poster"}
	for _, at := range pages {
		visitor.page(at).shows("€ 50,00")
	}
	known := &s.server.figures.euros
	known.value.Bank += 1_00 // what is told shows where it comes from
	for range 2 {
		for _, at := range pages {
			visitor.page(at).shows("€ 51,00")
		}
	}
	s.submit(ledger.Issue{To: anna.Account, Amount: 3_00}) // the ledger's figure is of now
	visitor.page("/reserve").shows("€ 53,00", "€ 51,00")
	s.setReserve()
	desk.upload(statement(t, sepa.SimBooking{Cents: 700, Credit: true, Name: "Wie", Text: "geen idee"}))
	for _, at := range pages {
		visitor.page(at).hides("€ 51,00", "€ 58,00")
	}
	visitor.page("/reserve").shows("Ontvangen, maar we weten nog niet van wie", "€ 7,00")
}

func TestThePayoutClockSeesARequestAtTheNextVisit(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	bakker, visitor := s.ripeShop(900_00), s.browser()
	visitor.page("/reserve").hides("wacht")
	s.login(bakker).asks("70,00")
	visitor.page("/reserve").shows("wacht")
}
