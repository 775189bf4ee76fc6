package web

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"grulden/internal/sepa"
)

// holds checks that the page has all these in its markup.
func (r reply) holds(texts ...string) reply {
	r.t.Helper()
	for _, text := range texts {
		if !strings.Contains(r.text, text) {
			r.t.Fatalf("the page does not hold %q:\n%s", text, r.text)
		}
	}
	return r
}

func TestAResidentGetsATransferToScanOrCopy(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 0)
	b := s.login(anna)
	b.page("/wallet").hides("topup")
	b.get("/topup").want(http.StatusConflict).shows("De bankrekening achter het tegoed is nog niet ingesteld.")
	s.setReserve()
	b.page("/wallet").holds(`href="/topup"`)
	b.page("/topup").shows("Hoeveel euro wilt u opladen?", "U kunt deze maand nog € 500,00 opladen.").holds("?amount=20.00")

	want := "BCD\n002\n1\nSCT\n\nStichting Grulden\nNL13TEST0123456789\nEUR12.50\n\n" + anna.Reference
	for _, typed := range []string{"12.50", "12,50", "%E2%82%AC+12,50"} {
		shown := b.page("/topup?amount=" + typed)
		shown.shows("NL13 TEST 0123 4567 89", "Stichting Grulden", inGroups(anna.Reference), "€ 12,50")
		shown.holds(`data-copy="NL13TEST0123456789"`, `data-copy="`+anna.Reference+`"`, `data-copy="12,50"`)
		code, err := drawQR(want, onScreen)
		if err != nil {
			t.Fatal(err)
		}
		shown.holds(code.Path)
	}
	picture := b.get("/topup/code.png?amount=12.50").want(http.StatusOK)
	file := filepath.Join(t.TempDir(), "code.png")
	if err := os.WriteFile(file, []byte(picture.text), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := readCodes(t, file); got != want {
		t.Errorf("the picture says %q, want %q", got, want)
	}
}

func TestATransferThatCannotBeTakenInIsNotOffered(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	anna := s.resident("Anna", 0)
	b := s.login(anna)
	for _, typed := range []string{"500.01", "0", "-5", "x", "1e9", "99999999999999999999"} {
		b.get("/topup?amount=" + typed).want(http.StatusUnprocessableEntity).hides("data-copy")
		b.get("/topup/code.png?amount=" + typed).want(http.StatusNotFound)
	}
	b.get("/topup?amount=500.01").shows("U kunt deze maand nog € 500,00 opladen. Kies een lager bedrag.")
	desk := s.desk()
	desk.upload(statement(t, sepa.SimBooking{Cents: 470_00, Credit: true, Reference: anna.Reference})).want(http.StatusOK)
	b.page("/topup").shows("nog € 30,00 opladen").holds("?amount=20.00").hides("?amount=50.00")
	desk.upload(statement(t, sepa.SimBooking{Cents: 30_00, Credit: true, Reference: anna.Reference, Text: "rest"})).want(http.StatusOK)
	b.page("/topup").shows("U kunt deze maand niet meer opladen.").hides("?amount=", "<form method=\"get\"")
}

func TestTheDeskPrintsATransferForSomebody(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	anna := s.resident("Anna", 0)
	desk, at := s.desk(), "/desk/people/"+anna.ID.String()
	desk.page(at).holds(at + "/topup")
	desk.page(at + "/topup").shows("Opladen voor Anna")
	desk.page(at+"/topup?amount=25").shows("€ 25,00", inGroups(anna.Reference)).holds(`id="print"`).hides("code.png")
	s.login(anna).get(at + "/topup").want(http.StatusForbidden)
	if body := desk.get("/desk/people/00000000000000000000000000000000/topup").want(http.StatusNotFound).text; strings.Contains(body, "RF") {
		t.Error("a reference of nobody")
	}
}
