package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"grulden/internal/people"
	"grulden/merchant"
)

// payPoster pays a shop's poster and gives the receipt's address.
func (s *site) payPoster(till, payer *browser, amount string) string {
	s.t.Helper()
	code := posterCode(s.t, till)
	form := payer.page("/P/" + code + "?amount=" + url.QueryEscape(amount)).form("/P/" + code)
	return payer.post("/P/"+code, form).want(http.StatusSeeOther).to()
}

// send posts JSON and gives what came back.
func (b *browser) send(path, body string) reply {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.base+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	return b.do(r)
}

func TestAReceiptProvesAPaymentToATillWithoutANet(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.shop("Bakker")
	till, payer := s.login(bakker), s.login(s.resident("Anna", 5000))
	kees := s.login(s.add(people.Person{Role: people.Cashier, Name: "Kees", Works: bakker.ID}, 0))
	address := s.payPoster(till, payer, "4,50")
	shown := strings.ReplaceAll(payer.page(address).wordsOf("confirmcode"), " ", "")

	var given struct {
		Name   string `json:"name"`
		Secret []byte `json:"secret"`
	}
	if err := json.Unmarshal([]byte(kees.send("/till/offline/secret", "").want(http.StatusOK).text), &given); err != nil {
		t.Fatal(err)
	}
	sale, _, err := s.server.till.Sales(bakker.Account, 0, 1)
	if err != nil || len(sale) != 1 {
		t.Fatal(sale, err)
	}
	if want := merchant.Confirmation(merchant.Secret(given.Secret), sale[0].Payment, 450, sale[0].At); shown != want {
		t.Errorf("the receipt shows %s, the till's secret makes %s", shown, want)
	}
	kees.page("/till/offline").shows("Kassa zonder internet")
	if !strings.Contains(kees.page("/till").text, given.Name) {
		t.Error("the till does not know which secret it needs")
	}

	note := func(code string, cents int) string {
		return fmt.Sprintf(`{"code":%q,"cents":%d,"at":%d}`, code, cents, s.clock.Now().Unix())
	}
	answer := kees.send("/till/offline/compare", `{"noted":[`+note(shown, 450)+`,`+note(shown, 450)+`,`+note("123456789", 450)+`]}`).want(http.StatusOK)
	if want := `{"found":[true,false,false]}`; strings.TrimSpace(answer.text) != want {
		t.Errorf("compared: %s, want %s", answer.text, want)
	}
	s.clock.add(confirmable + time.Second)
	if payer.page(address).byID("confirmcode") != nil {
		t.Error("a code that no till takes any more is still shown")
	}
}

func TestOnlyAPaymentToAPosterShowsACode(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.shop("Bakker")
	till, payer := s.login(bakker), s.login(s.resident("Anna", 5000))
	address := s.sell(till, payer, url.Values{"amount": {"4,50"}})
	id := address[strings.LastIndex(address, "/")+1:]
	if payer.page("/receipt/"+id).byID("confirmcode") != nil {
		t.Error("a payment that the till asked for shows a code")
	}
	mine := s.payPoster(till, payer, "3,00")
	if payer.page(mine).byID("confirmcode") == nil {
		t.Error("a payment to the poster shows no code")
	}
	if till.page(mine).byID("confirmcode") != nil {
		t.Error("the shop sees the code too")
	}
}

// tillKnows is the secret that a shop's tills have now, and its name.
func (s *site) tillKnows(shop people.Person) (merchant.Secret, string) {
	s.t.Helper()
	secret, name, err := s.server.tillSecret(shop)
	if err != nil {
		s.t.Fatal(err)
	}
	return secret, name
}

func TestATillThatWasStolenKnowsNothingOfUseAfterANewCard(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.shop("Bakker")
	was, name := s.tillKnows(bakker)
	other := bakker
	other.Serial++
	if secret, renamed := s.tillKnows(other); secret == was || renamed == name {
		t.Error("the secret stays the same with a new card")
	}
	if secret, _ := s.tillKnows(s.shop("Slager")); secret == was {
		t.Error("two shops share a secret")
	}
}

func TestACashierWhoLeftKnowsNoSecretOfTheTills(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.shop("Bakker")
	owner := s.login(bakker)
	owner.hire("Kees")
	owner.hire("Truus")
	all, err := s.people.Staff(bakker.ID)
	if err != nil || len(all) != 2 {
		t.Fatalf("staff %v, %v", all, err)
	}
	for _, ending := range []string{"/stop", "/remove"} {
		was, name := s.tillKnows(bakker)
		owner.post("/shop/staff/"+all[0].ID.String()+ending, nil).want(http.StatusSeeOther)
		if secret, renamed := s.tillKnows(bakker); secret == was || renamed == name {
			t.Errorf("after %s the tills share the same secret", ending)
		}
		all = all[1:]
	}
}

func TestComparingTakesNoNonsense(t *testing.T) {
	s := newSite(t, nil)
	till := s.login(s.shop("Bakker"))
	many := `{"noted":[` + strings.Repeat(`{"code":"1","cents":1,"at":1},`, merchant.MaxNoted) + `{"code":"1","cents":1,"at":1}]}`
	for _, body := range []string{"", "[]", "{", `{"noted":1}`, many} {
		till.send("/till/offline/compare", body).want(http.StatusBadRequest)
	}
	s.login(s.resident("Anna", 0)).send("/till/offline/secret", "").want(http.StatusForbidden)
	s.browser().send("/till/offline/secret", "").want(http.StatusSeeOther)
}
