package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"grulden/internal/coupon"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
)

// coupons has somebody make coupons, and returns the codes.
func (s *site) madeCoupons(who people.Person) (codes []string) {
	s.t.Helper()
	all, err := s.server.coupons.Of(who.Account)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range all {
		codes = append(codes, c.Code.Grouped())
	}
	return codes
}

func TestAPaperDayFromThePrinterToTheDesk(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 50_00), s.shop("Bakker")
	desk := s.login(s.add(people.Person{Role: people.Desk, Name: "Fatma"}, 0))
	at := "/desk/people/" + anna.ID.String() + "/coupons"
	f := desk.page(at).shows("Papieren bonnen voor Anna", "50,00").form(at)
	f.Set("c500", "2")
	f.Set("c1000", "1")
	f.Set("pin", "9999")
	desk.post(at, f).want(http.StatusUnprocessableEntity)
	f.Set("pin", pin)
	for range 2 { // the second time by mistake
		desk.post(at, f).want(http.StatusSeeOther)
	}
	made := desk.page(at).shows("Print de bonnen", "3 bonnen, samen 20,00")
	sheet := regexp.MustCompile(`/desk/coupons/[0-9a-f]{32}/sheet.pdf`).FindString(made.text)
	if pdf := desk.get(sheet).want(http.StatusOK).text; !strings.HasPrefix(pdf, "%PDF-") {
		t.Fatal("the sheet is no PDF")
	}
	if got := s.spendable(anna); got >= 30_00 || got < 29_00 {
		t.Fatalf("Anna can still spend %v", got)
	}
	codes := s.madeCoupons(anna)

	desk.page("/desk/coupons").shows("Welke winkel brengt bonnen?", "Bakker")
	book := url.Values{"shop": {bakker.ID.String()}, "do": {"pay"}, "codes": {strings.Join(append(codes[:2:2], codes[0], "zomaar", "0000000012"), "\n")}}
	desk.post("/desk/coupons", book).want(http.StatusOK).
		shows("Nu geboekt: 10,00", "al eerder geboekt", "betaald aan Bakker", "geen code van een bon")
	if got := s.spendable(bakker); got != 10_00 {
		t.Fatalf("the shop has %v", got)
	}
	desk.post("/desk/people/"+anna.ID.String()+"/erase", url.Values{"sure": {"yes"}}).want(http.StatusConflict).shows("nog papieren bonnen")
	desk.post("/desk/coupons", url.Values{"do": {"back"}, "codes": {codes[2]}}).want(http.StatusOK).shows("weer op uw kaart")
	if got := s.spendable(anna); got != 40_00 {
		t.Fatalf("Anna has %v", got)
	}
	s.login(anna).page("/history").shows("Papieren bonnen")
	s.login(bakker).page("/shop/payments").shows("Papieren bonnen")
}

func TestAShopBooksItsOwnCouponsAndAResidentPrintsOnlyTheirOwn(t *testing.T) {
	s := newSite(t, nil)
	anna, ben, bakker := s.resident("Anna", 50_00), s.resident("Ben", 0), s.shop("Bakker")
	own := s.login(anna)
	f := own.page("/coupons").form("/coupons")
	f.Set("pin", pin)
	own.post("/coupons", f).want(http.StatusUnprocessableEntity).shows("Kies 1 tot 24 bonnen")
	f.Set("c2000", "2")
	own.post("/coupons", f).want(http.StatusSeeOther)
	again := own.page("/coupons").form("/coupons")
	again.Set("pin", pin)
	again.Set("c2000", "1")
	own.post("/coupons", again).want(http.StatusConflict)
	s.tell()
	own.page("/notices").hides("De balie deed iets voor u")
	sheet := regexp.MustCompile(`/coupons/[0-9a-f]{32}/sheet.pdf`).FindString(own.page("/coupons").text)
	own.get(sheet).want(http.StatusOK)
	s.login(ben).get(sheet).want(http.StatusNotFound)

	all, err := s.server.coupons.Of(anna.Account)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d coupons: %v", len(all), err)
	}
	text := s.server.coupons.Text(all[0])
	shop := s.login(bakker)
	shop.page("/shop/coupons").shows("Bonnen boeken voor Bakker")
	shop.post("/shop/coupons", url.Values{"codes": {strings.Replace(text, "/2000/", "/9000/", 1)}}).want(http.StatusOK).shows("niet echt", "Nu geboekt: 0,00")
	shop.post("/shop/coupons", url.Values{"codes": {text}}).want(http.StatusOK).shows("Nu geboekt: 20,00")
	shop.post("/shop/coupons", url.Values{"codes": {strings.Repeat("x\n", maxCodes+1)}}).want(http.StatusUnprocessableEntity).shows("te veel regels")
	if got := s.spendable(bakker); got != 20_00 {
		t.Fatalf("the shop has %v", got)
	}
	if found, err := s.server.coupons.Coupon(all[0].Code); err != nil || found.State != coupon.Paid {
		t.Fatalf("%+v: %v", found, err)
	}
}

func TestPrintedCouponsCanBeReadAgain(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna Voorbeeld", 50_00)
	_, err := s.server.coupons.Print(t.Context(), coupon.ID{1}, anna.ID, []ledger.Cents{5_00, 10_00, 2_00}, record.Auth{By: record.ActorID(anna.ID), How: record.ByPINNow})
	if err != nil {
		t.Fatal(err)
	}
	_, all, err := s.server.coupons.Sheet(coupon.ID{1})
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := drawCoupons(s.server.nobody("nl"), anna.Name, all, s.server.coupons.Text)
	if err != nil {
		t.Fatal(err)
	}
	file, _ := printed(t, sheet, 200)
	read, said := readCodes(t, file), words(t, sheet)
	for _, c := range all {
		if text := s.server.coupons.Text(c); !strings.Contains(read, text) {
			t.Errorf("the code %q cannot be read:\n%s", text, read)
		}
		for _, want := range []string{c.Code.Grouped(), "Voor Anna Voorbeeld", "Geldig tot en met 1 april 2026", "Werkt een keer"} {
			if !strings.Contains(said, want) {
				t.Errorf("the sheet does not say %q:\n%s", want, said)
			}
		}
	}
}

func TestTheDeskChoosesFromAllShopsWhoBringsCoupons(t *testing.T) {
	s := newSite(t, nil)
	for i := range 2 * listed {
		s.add(people.Person{Role: people.Resident, Name: "Bewoner " + strconv.Itoa(i)}, 0)
	}
	s.shop("Zadelmaker")
	s.shop("Kapper")
	s.desk().page("/desk/coupons").shows("Zadelmaker", "Kapper").hides("Bewoner", "Er zijn er meer")
}
