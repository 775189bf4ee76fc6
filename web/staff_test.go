package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// hire has a shop make a login for somebody, and gives the code.
func (b *browser) hire(name string) string {
	b.t.Helper()
	form := b.page("/shop/staff").form("/shop/staff")
	form.Set("name", name)
	form.Set("pin", pin)
	form.Set("pin2", pin)
	r := b.post("/shop/staff", form).want(http.StatusOK).shows("De code van "+name, "Schrijf deze code op")
	return strings.ReplaceAll(r.wordsOf("logincode"), "-", "")
}

func (s *site) enter(code string) (*browser, reply) {
	s.t.Helper()
	b := s.browser()
	return b, b.post("/login", url.Values{"code": {code}, "pin": {pin}})
}

func TestACashierMadeByTheShopChargesAndSeesNothingElse(t *testing.T) {
	s := newSite(t, nil)
	shop, anna := s.shop("Bakker"), s.resident("Anna", 5000)
	owner := s.login(shop)
	code := owner.hire("Kees")
	kees, r := s.enter(code)
	if to := r.want(http.StatusSeeOther).to(); to != "/till" {
		t.Fatalf("a cashier begins at %q, want the till", to)
	}
	request := kees.post("/till", url.Values{"amount": {"4,50"}}).want(http.StatusSeeOther).to()
	paycode := strings.TrimPrefix(request, "/till/")
	payer := s.login(anna)
	payer.post("/P/"+paycode, payer.page("/P/"+paycode).shows("Bakker").form("/P/"+paycode)).want(http.StatusSeeOther)
	kees.page(request).shows("4,50", "BETAALD")
	for _, path := range []string{"/shop", "/history", "/shop/euros", "/shop/staff", "/safe", "/pay", "/wallet", "/helpers"} {
		kees.get(path).want(http.StatusForbidden)
	}
	kees.post("/shop/euros", url.Values{"amount": {"1,00"}}).want(http.StatusForbidden)
	token := s.api("", "POST", "/api/v1/login", `{"code":"`+code+`","pin":"`+pin+`"}`).want(http.StatusOK).json()["token"].(string)
	for _, path := range []string{"/api/v1/balance", "/api/v1/history"} {
		s.api(token, "GET", path, "").want(http.StatusForbidden)
	}
	s.api(token, "POST", "/api/v1/redemptions", `{"amount":"1.00","id":"`+strings.Repeat("a", 32)+`"}`).want(http.StatusForbidden)
}

func TestACashierWhoIsShutOutOrRemovedIsOutAtOnce(t *testing.T) {
	s := newSite(t, nil)
	shop := s.shop("Bakker")
	owner := s.login(shop)
	code := owner.hire("Kees")
	kees, _ := s.enter(code)
	kees.page("/till")
	all, err := s.people.Staff(shop.ID)
	if err != nil || len(all) != 1 {
		t.Fatalf("staff %v, %v", all, err)
	}
	address := "/shop/staff/" + all[0].ID.String()
	owner.post(address+"/stop", nil).want(http.StatusSeeOther)
	kees.get("/till").want(http.StatusSeeOther)
	_, r := s.enter(code)
	r.want(http.StatusUnprocessableEntity).shows("werkt nu niet")
	owner.page("/shop/staff").shows("Laat weer toe")
	owner.post(address+"/start", nil).want(http.StatusSeeOther)
	if to := kees.get("/till").want(http.StatusSeeOther).to(); !strings.HasPrefix(to, "/login") {
		t.Errorf("the session from before goes on to %q", to)
	}
	kees, _ = s.enter(code)
	kees.page("/till")
	owner.post(address+"/remove", nil).want(http.StatusSeeOther)
	if to := kees.get("/till").want(http.StatusSeeOther).to(); !strings.HasPrefix(to, "/login") {
		t.Errorf("a removed cashier is sent to %q", to)
	}
	_, r = s.enter(code)
	r.want(http.StatusUnprocessableEntity).shows("horen niet bij elkaar")
}

func TestAShopChangesOnlyItsOwnStaff(t *testing.T) {
	s := newSite(t, nil)
	bakker, slager := s.shop("Bakker"), s.shop("Slager")
	owner, other := s.login(bakker), s.login(slager)
	code := owner.hire("Kees")
	all, err := s.people.Staff(bakker.ID)
	if err != nil {
		t.Fatal(err)
	}
	address := "/shop/staff/" + all[0].ID.String()
	for _, what := range []string{"/stop", "/start", "/remove", "/login"} {
		other.post(address+what, url.Values{"pin": {pin}, "pin2": {pin}}).want(http.StatusNotFound)
	}
	other.post("/shop/staff/"+bakker.ID.String()+"/remove", nil).want(http.StatusNotFound)
	other.page("/shop/staff").hides("Kees")
	fresh := owner.post(address+"/login", url.Values{"pin": {"7391"}, "pin2": {"7391"}}).want(http.StatusOK).wordsOf("logincode")
	if _, r := s.enter(code); r.status != http.StatusUnprocessableEntity {
		t.Error("the old code still works")
	}
	b := s.browser()
	b.post("/login", url.Values{"code": {fresh}, "pin": {"7391"}}).want(http.StatusSeeOther)
	owner.post(address+"/login", url.Values{"pin": {"1234"}, "pin2": {"1234"}}).want(http.StatusUnprocessableEntity).shows("Kees")
	owner.post("/shop/staff", url.Values{"form": {strings.Repeat("ab", 16)}, "pin": {pin}, "pin2": {pin}}).want(http.StatusUnprocessableEntity)
}
