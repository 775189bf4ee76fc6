package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"grulden/internal/people"
)

// token is a bearer token of somebody.
func (s *site) token(p people.Person) string {
	s.t.Helper()
	r := s.api("", "POST", "/api/v1/login", `{"code":"`+s.cards[p.ID].String()+`","pin":"`+pin+`"}`).want(http.StatusOK)
	return r.json()["token"].(string)
}

// api calls the API as a program does.
func (s *site) api(token, method, path, body string) reply {
	s.t.Helper()
	r, err := http.NewRequest(method, s.http.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return s.browser().do(r)
}

func (r reply) json() map[string]any {
	r.t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(r.text), &out); err != nil {
		r.t.Fatalf("%v\n%s", err, r.text)
	}
	return out
}

func TestAProgramPaysAndLooksBack(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	payer, shop := s.token(anna), s.token(bakker)
	asked := s.api(shop, "POST", "/api/v1/requests", `{"amount":"4.50"}`).want(http.StatusCreated).json()
	code := asked["code"].(string)
	if link := asked["link"].(string); link != strings.ToUpper(s.http.URL)+"/P/"+code {
		t.Errorf("the link is %q", link)
	}
	seen := s.api(payer, "GET", "/api/v1/requests/"+code, "").want(http.StatusOK).json()
	if seen["shop"] != "Bakker" || seen["amount"] != "4.50" || seen["state"] != "waiting" || seen["payment"] != asked["payment"] {
		t.Errorf("the payer sees %v", seen)
	}
	paid := s.api(payer, "POST", "/api/v1/payments", `{"code":"`+code+`"}`).want(http.StatusCreated)
	again := s.api(payer, "POST", "/api/v1/payments", `{"code":"`+code+`"}`).want(http.StatusOK)
	if paid.text != again.text || paid.json()["payment"] != asked["payment"] {
		t.Errorf("paying twice gives\n%s%s", paid.text, again.text)
	}
	for token, other := range map[string]string{payer: "Bakker", shop: "A resident"} {
		p := s.api(token, "GET", "/api/v1/payments/"+asked["payment"].(string), "").want(http.StatusOK).json()
		if p["other"] != other || p["incoming"] != (token == shop) || p["amount"] != "4.50" {
			t.Errorf("the payment with %s is %v", other, p)
		}
	}
	if state := s.api(shop, "GET", "/api/v1/requests/"+code, "").json()["state"]; state != "paid" {
		t.Errorf("the shop sees %q", state)
	}
	if state := s.api(s.token(s.resident("Bram", 0)), "GET", "/api/v1/requests/"+code, "").json()["state"]; state != "taken" {
		t.Errorf("another resident sees %q", state)
	}
	b := s.api(payer, "GET", "/api/v1/balance", "").want(http.StatusOK).json()
	if b["spendable"] != "45.50" || b["euros"] != nil || b["loss"] == nil {
		t.Errorf("balance %v", b)
	}
	h := s.api(payer, "GET", "/api/v1/history?limit=1", "").want(http.StatusOK).json()
	first := h["entries"].([]any)[0].(map[string]any)
	if first["amount"] != "-4.50" || first["kind"] != "payment" || first["other"] != "Bakker" || h["older"] == nil {
		t.Errorf("history %v", h)
	}
}

func TestAProgramPaysAPosterWithAnIDOfItsOwn(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	payer, code := s.token(anna), posterCode(t, s.login(bakker))
	body := func(amount, id string) string {
		return `{"code":"` + code + `","amount":"` + amount + `","payment":"` + id + `"}`
	}
	id := strings.Repeat("ab", 16)
	s.api(payer, "POST", "/api/v1/payments", body("2.50", "")).want(http.StatusBadRequest)
	paid := s.api(payer, "POST", "/api/v1/payments", body("2.50", id)).want(http.StatusCreated)
	if again := s.api(payer, "POST", "/api/v1/payments", body("2.50", id)).want(http.StatusOK); again.text != paid.text {
		t.Errorf("paying twice gives\n%s%s", paid.text, again.text)
	}
	other := s.api(payer, "POST", "/api/v1/payments", body("2.60", id)).want(http.StatusConflict).json()
	if other["code"] != "duplicate-id" {
		t.Errorf("another amount with the same id: %v", other)
	}
	if got := s.spendable(anna); got != 4750 {
		t.Errorf("Anna has %v, want 47.50", got)
	}
}

func TestAProgramAsksForEurosOnce(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.ripeShop(1000)
	token, body := s.token(bakker), `{"id":"`+strings.Repeat("cd", 16)+`","amount":"8.00"}`
	b := s.api(token, "GET", "/api/v1/balance", "").want(http.StatusOK).json()
	if b["euros"].(map[string]any)["now"] != s.spendable(bakker).String() {
		t.Errorf("balance %v", b)
	}
	s.api(token, "POST", "/api/v1/redemptions", body).want(http.StatusCreated)
	s.api(token, "POST", "/api/v1/redemptions", body).want(http.StatusOK)
	more := `{"id":"` + strings.Repeat("ef", 16) + `","amount":"8.00"}`
	if p := s.api(token, "POST", "/api/v1/redemptions", more).want(http.StatusConflict).json(); p["code"] != "not-convertible" {
		t.Errorf("asking for more than there is: %v", p)
	}
}

func TestWhatAProgramSendsMustBeExact(t *testing.T) {
	s := newSite(t, nil)
	shop := s.token(s.shop("Bakker"))
	for body, want := range map[string]int{
		`{"amount":"4.50","tip":"1.00"}`:     http.StatusBadRequest, // unknown field
		`{"amount":"4.50"}{"amount":"1.00"}`: http.StatusBadRequest, // something after it
		`{"amount":4.50}`:                    http.StatusBadRequest, // a number is not an amount
		`["4.50"]`:                           http.StatusBadRequest,
		`{`:                                  http.StatusBadRequest,
		`{"amount":"4,50"}`:                  http.StatusUnprocessableEntity,
		`{"amount":"0.00"}`:                  http.StatusUnprocessableEntity,
		`{}`:                                 http.StatusUnprocessableEntity,
		`"` + strings.Repeat("x", maxForm+1) + `"`: http.StatusRequestEntityTooLarge,
	} {
		r := s.api(shop, "POST", "/api/v1/requests", body).want(want)
		if kind := r.header.Get("Content-Type"); kind != "application/problem+json" {
			t.Errorf("%.30s: answered as %s", body, kind)
		}
		p := r.json()
		if p["status"] != float64(want) || p["title"] != http.StatusText(want) || p["code"] == "" || p["detail"] == "" || p["type"] != "about:blank" {
			t.Errorf("%.30s: %v", body, p)
		}
	}
	r, err := http.NewRequest("POST", s.http.URL+"/api/v1/requests", strings.NewReader(`{"amount":"4.50"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+shop)
	s.browser().do(r).want(http.StatusBadRequest) // a form could be sent by another site; JSON cannot
}

func TestTokensAndCookiesAreNotInterchangeable(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 0)
	b, token := s.login(anna), s.token(anna)
	if r := b.get("/api/v1/balance"); r.status != http.StatusUnauthorized || r.header.Get("WWW-Authenticate") == "" {
		t.Errorf("a cookie opens the API: %d %v", r.status, r.header)
	}
	cookie := b.client.Jar.Cookies(mustURL(t, s.http.URL))[0].Value
	s.api(cookie, "GET", "/api/v1/balance", "").want(http.StatusUnauthorized)
	thief := s.browser()
	thief.client.Jar.SetCookies(mustURL(t, s.http.URL), []*http.Cookie{{Name: "grulden", Value: token}})
	thief.get("/wallet").want(http.StatusSeeOther)
}

func TestATokenEndsWithLogout(t *testing.T) {
	s := newSite(t, nil)
	token := s.token(s.resident("Anna", 0))
	s.api(token, "POST", "/api/v1/logout", "").want(http.StatusNoContent)
	s.api(token, "GET", "/api/v1/balance", "").want(http.StatusUnauthorized)
}

func TestUnknownAddressesOfTheAPIAnswerAsTheAPIDoes(t *testing.T) {
	s := newSite(t, nil)
	r := s.api("", "GET", "/api/v2/everything", "").want(http.StatusNotFound)
	if p := r.json(); p["code"] != "not-found" {
		t.Errorf("answered %v", p)
	}
}

func TestWrongPINsOfProgramsAreCountedToo(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 0)
	body := func(pin string) string { return `{"code":"` + s.cards[anna.ID].String() + `","pin":"` + pin + `"}` }
	for range 5 {
		s.api("", "POST", "/api/v1/login", body("9999")).want(http.StatusUnprocessableEntity)
	}
	if r := s.api("", "POST", "/api/v1/login", body(pin)).want(http.StatusTooManyRequests); r.header.Get("Retry-After") == "" {
		t.Error("nobody says when to try again")
	}
}
