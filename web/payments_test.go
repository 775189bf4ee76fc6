package web

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"grulden/internal/people"
	"grulden/ledger"
)

// sell has a till ask and a customer pay, and gives the payment's address.
func (s *site) sell(till, payer *browser, form url.Values) string {
	s.t.Helper()
	to := till.post("/till", form).want(http.StatusSeeOther).to()
	code := strings.TrimPrefix(to, "/till/")
	pay := payer.page("/P/" + code).form("/P/" + code)
	pay.Set("pin", pin)
	payer.post("/P/"+code, pay).want(http.StatusSeeOther)
	return strings.TrimSuffix(slipAddress(s.t, till.page(to)), "/slip")
}

func TestARefundAsksBeforeAndPressingTwiceGivesBackOnce(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	till, payer := s.login(bakker), s.login(anna)
	address := s.sell(till, payer, url.Values{"amount": {"12,50"}})
	till.page("/shop/payments").shows("Vandaag", "Met telefoon", "+12,50", "Baas van Bakker").hides("Anna")
	till.page(address).shows("12,50", "Geef alles terug: 12,50").hides("Anna")
	sure := till.post(address+"/refund", url.Values{"amount": {"4"}}).want(http.StatusOK).shows("Geeft u 4,00 terug aan de klant?")
	if got := s.spendable(anna); got != 3750 {
		t.Fatalf("Anna has %v before it was meant", got)
	}
	form := sure.form(address + "/refund")
	for range 2 {
		to := till.post(address+"/refund", form).want(http.StatusSeeOther).to()
		till.page(to).shows("Het bedrag is terug bij de klant.", "Hiervan is 4,00 terugbetaald.", "Geef alles terug: 8,50")
	}
	if got := s.spendable(anna); got != 4150 {
		t.Errorf("Anna has %v, want 41.50", got)
	}
	payer.page("/wallet").shows("Bakker gaf u 4,00 terug.")
	payer.page("/history").shows("Terugbetaald: Bakker", "+4,00")
	till.page("/history").shows("Terugbetaald: Een bewoner", "−4,00")
	till.page("/shop/payments").shows("4,00 terug")
}

func TestWhatCannotBeGivenBackIsSaidBeforeItIsAsked(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.shop("Bakker")
	till, payer := s.login(bakker), s.login(s.resident("Anna", 5000))
	address := s.sell(till, payer, url.Values{"amount": {"12,50"}})
	for _, amount := range []string{"12,51", "0", "x", ""} {
		till.post(address+"/refund", url.Values{"amount": {amount}}).hides("Geeft u")
	}
	s.submit(ledger.Pay{ID: ledger.ID{5}, From: bakker.Account, To: s.resident("Bram", 0).Account, Amount: 1000})
	form := till.post(address+"/refund", url.Values{"amount": {"12,50"}}).form(address + "/refund")
	till.post(address+"/refund", form).want(http.StatusConflict).shows("Uw winkel heeft nu niet genoeg Grulden.")
	form.Set("seal", "00")
	till.post(address+"/refund", form).want(http.StatusConflict)
	s.login(s.shop("Slager")).get(address).want(http.StatusNotFound)
}

func TestWhatMeltedIsSaidOnlyWhenItMatters(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.shop("Bakker")
	till, payer := s.login(bakker), s.login(s.resident("Anna", 5000))
	address := s.sell(till, payer, url.Values{"amount": {"45,00"}, "cash": {"5"}})
	till.post(address+"/refund", url.Values{"amount": {"40"}}).shows("€ 5,00 contant").hides("gesmolten")
	s.clock.add(70 * 24 * time.Hour)
	till = s.login(bakker)
	till.post(address+"/refund", url.Values{"amount": {"40"}}).shows("intussen 0,27 gesmolten")
}

func TestACashierGivesBackToo(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	kees := s.login(s.add(people.Person{Role: people.Cashier, Name: "Kees", Works: bakker.ID}, 0))
	address := s.sell(kees, s.login(anna), url.Values{"amount": {"12,50"}})
	form := kees.post(address+"/refund", url.Values{"amount": {"12,50"}}).form(address + "/refund")
	kees.post(address+"/refund", form).want(http.StatusSeeOther)
	if got := s.spendable(anna); got != 5000 {
		t.Errorf("Anna has %v, want all of it", got)
	}
	kees.page("/shop/day").shows("Kees", "12,50", "−12,50")
}

func TestTheDayReportShowsTheDay(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.shop("Bakker")
	till, payer := s.login(bakker), s.login(s.resident("Anna", 9000))
	s.sell(till, payer, url.Values{"amount": {"12,10"}, "vat210": {"12,10"}})
	address := s.sell(till, payer, url.Values{"amount": {"15"}, "cash": {"5"}, "vat90": {"10"}})
	form := till.post(address+"/refund", url.Values{"amount": {"3"}}).form(address + "/refund")
	till.post(address+"/refund", form).want(http.StatusSeeOther)
	day := till.page("/shop/day").shows(
		"2 maart 2026", "nog niet voorbij", "Ontvangen (2) 22,10", "Teruggegeven (1) −3,00", "Samen 19,10", "Contant erbij, in euro’s € 5,00",
		"21 % € 12,10 € 2,10", "9 % € 8,00 € 0,66", "Geen tarief ingevuld € 4,00", "Baas van Bakker 2 22,10 −3,00", "12:00 – 12:00",
	)
	day.hides("Anna", "Dag erna")
	s.clock.add(24 * time.Hour)
	till = s.login(bakker)
	till.page("/shop/day?day=2026-03-02").shows("Samen 19,10", "Dag erna").hides("nog niet voorbij")
	till.page("/shop/day").shows("Ontvangen (0) 0,00")
	till.get("/shop/day?day=2026-03-04").want(http.StatusBadRequest)
	till.get("/shop/day?day=gisteren").want(http.StatusBadRequest)
}

func TestTheDaysFilesAddUpToTheDay(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.shop("Bakker")
	staff := s.add(people.Person{Role: people.Cashier, Name: "=1+1", Works: bakker.ID}, 0)
	till, payer := s.login(staff), s.login(s.resident("Anna", 9000))
	s.sell(till, payer, url.Values{"amount": {"12,10"}, "vat210": {"12,10"}})
	address := s.sell(till, payer, url.Values{"amount": {"15"}, "cash": {"5"}, "vat90": {"10"}})
	form := till.post(address+"/refund", url.Values{"amount": {"3"}}).form(address + "/refund")
	till.post(address+"/refund", form).want(http.StatusSeeOther)

	file := till.page("/shop/day.csv")
	text, marked := strings.CutPrefix(file.text, "\ufeff")
	if !marked || !strings.Contains(file.header.Get("Content-Disposition"), "kassa-2026-03-02.csv") {
		t.Errorf("the file starts %.10q and is called %s", file.text, file.header.Get("Content-Disposition"))
	}
	read := csv.NewReader(strings.NewReader(text))
	read.Comma = ';'
	rows, err := read.ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if got := strings.Join(rows[2][3:9], "|"); !strings.HasPrefix(got, "Met telefoon|") || !strings.HasSuffix(got, "|10,00|5,00|0,00|10,00") {
		t.Errorf("second payment: %s of %v", got, rows[0])
	}
	if rows[3][3] != "Terugbetaling" || rows[3][5] != "-3,00" || rows[3][9] != "'=1+1" {
		t.Errorf("refund: %q", rows[3])
	}

	book, err := excelize.OpenReader(bytes.NewReader([]byte(till.page("/shop/day.xlsx").text)))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	list, err := book.GetRows("Betalingen", excelize.Options{RawCellValue: true})
	if err != nil || len(list) != 4 {
		t.Fatalf("%d rows, %v", len(list), err)
	}
	cents := 0.0
	for _, row := range list[1:] {
		amount, err := strconv.ParseFloat(row[5], 64)
		if err != nil {
			t.Fatal(err)
		}
		cents += amount * 100
	}
	if sum, err := book.GetCellValue("Dag", "B6", excelize.Options{RawCellValue: true}); err != nil || sum != "19.1" || int(cents+0.5) != 1910 {
		t.Errorf("the sheet says %s (%v), its rows %v cents; want 19.10", sum, err, cents)
	}
	if name, err := book.GetCellFormula("Betalingen", "J2"); err != nil || name != "" {
		t.Errorf("a name became the formula %q (%v)", name, err)
	}
}
