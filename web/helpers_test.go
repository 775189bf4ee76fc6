package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"grulden/internal/people"
	"grulden/ledger"
)

// invitation has somebody ask a helper, and gives its address.
func (s *site) invitation(b *browser, limit string) string {
	s.t.Helper()
	b.post("/helpers", url.Values{"name": {"Buurvrouw"}, "limit": {limit}, "pin": {pin}}).want(http.StatusSeeOther)
	_, link, ok := strings.Cut(b.page("/helpers").text, "/I/")
	if !ok {
		s.t.Fatal("no invitation on the page")
	}
	return "/I/" + link[:10]
}

// poster is the address of a shop's printed code.
func (s *site) poster(shop people.Person) string {
	s.t.Helper()
	request, err := s.server.till.Poster(shop.Account)
	if err != nil {
		s.t.Fatal(err)
	}
	return "/P/" + request.Code.String()
}

// give pays an amount on a poster, and gives the answer to the button.
func (b *browser) give(address, amount string) reply {
	b.t.Helper()
	return b.post(address, b.get(address+"?amount="+amount).form(address))
}

func TestANewcomerBecomesAHelperAndPays(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 10000), s.shop("Bakker")
	owner := s.login(anna)
	address := s.invitation(owner, "20,00")
	b := s.browser()
	form := b.page(address).shows("Wilt u Anna helpen?", "20,00 per dag").form(address + "/new")
	form.Set("name", "Bea")
	form.Set("pin", pin)
	form.Set("pin2", pin)
	welcome := b.post(address+"/new", form).want(http.StatusOK).shows("Schrijf deze code op")
	b.page("/helping").shows("U betaalt voor Anna", "20,00").hides("Uw tegoed")
	to := b.give(s.poster(bakker), "15,00").want(http.StatusSeeOther).to()
	b.page(to).shows("15,00", "U betaalt voor Anna")
	if left := s.spendable(anna); left != 8500 {
		t.Errorf("Anna has %v left, want 85.00", left)
	}
	b.page("/helping").shows("5,00")
	b.get(s.poster(bakker) + "?amount=5,01").shows("5,00").hides(`id="confirm"`)
	owner.page("/helpers").shows("Buurvrouw", "Vandaag gebruikt: 15,00", "Bakker", "15,00", "door Buurvrouw")
	owner.page("/history").shows("door Buurvrouw")
	s.login(bakker).page("/history").hides("Buurvrouw", "Bea", "Anna")

	b.get(address).want(http.StatusGone)
	s.browser().post(address+"/new", form).want(http.StatusGone)
	again := s.browser()
	code := strings.ReplaceAll(welcome.wordsOf("logincode"), "-", "")
	if to := again.post("/login", url.Values{"code": {code}, "pin": {pin}}).want(http.StatusSeeOther).to(); to != "/helping" {
		t.Errorf("the helper signs in to %q", to)
	}
	again.page("/helping").shows("U betaalt voor Anna")
}

func TestAHelperCannotPayBeyondTheLimitInAnyWay(t *testing.T) {
	s := newSite(t, nil)
	anna, bea, bakker := s.resident("Anna", 100000), s.resident("Bea", 5000), s.shop("Bakker")
	b := s.login(bea)
	b.post(s.invitation(s.login(anna), "20,00"), nil).want(http.StatusSeeOther)
	address := s.poster(bakker)
	form := b.get(address + "?amount=20,00").form(address)
	form.Set("amount", "20.01")
	b.post(address, form).want(http.StatusForbidden)
	form.Set("pin", pin) // the helper's own: a PIN that nobody asked for opens nothing
	b.post(address, form).want(http.StatusForbidden)
	b.get(address + "?amount=20,00").want(http.StatusOK).hides("1.000,00")
	b.give(address, "12,00").want(http.StatusSeeOther)
	b.post(address, b.get(address+"?amount=8,00").form(address)).want(http.StatusSeeOther)
	b.get(address + "?amount=0,01").hides(`id="confirm"`)
	if left := s.spendable(anna); left != 98000 {
		t.Errorf("Anna has %v left, want 980.00", left)
	}
	if own := s.spendable(bea); own != 5000 {
		t.Errorf("Bea has %v left, want all her own", own)
	}
	b.post("/helping", url.Values{"for": {""}}).want(http.StatusSeeOther)
	b.give(address, "3,00").want(http.StatusSeeOther)
	if own := s.spendable(bea); own != 4700 {
		t.Errorf("Bea paid for herself and has %v", own)
	}
}

// TestAHelperOnlyPays calls every route in the name of another.
func TestAHelperOnlyPays(t *testing.T) {
	s := newSite(t, nil)
	anna, bea := s.resident("Anna", 5000), s.resident("Bea", 5000)
	b := s.login(bea)
	b.post(s.invitation(s.login(anna), "20,00"), nil).want(http.StatusSeeOther)
	may := map[string]bool{}
	for _, rt := range routes() {
		if rt.helps || rt.helping {
			may[rt.pattern] = true
		}
		if rt.page == nil || rt.helps || rt.helping || rt.roles[0] == anyone {
			continue
		}
		method, path, _ := strings.Cut(rt.pattern, " ")
		path = strings.NewReplacer("{$}", "", "{code}", "0000000012", "{id}", strings.Repeat("a", 32), "{file}", "x").Replace(path)
		r, err := http.NewRequest(method, s.http.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.do(r); got.to() != "/helping" {
			t.Errorf("%s: %d to %q, want to be sent to whom is helped", rt.pattern, got.status, got.to())
		}
	}
	want := []string{"GET /pay", "POST /pay", "GET /P/{code}", "GET /p/{code}", "POST /P/{code}", "GET /P/{code}/state", "POST /P/{code}/stop", "GET /receipt/{id}", "GET /helping", "POST /helping"}
	for _, pattern := range want {
		delete(may, pattern)
	}
	if len(may) > 0 {
		t.Errorf("a helper may also %v: think, then add it here", may)
	}
}

func TestAHelperSeesOnlyReceiptsOfTheirOwnPayments(t *testing.T) {
	s := newSite(t, nil)
	anna, bea, bakker := s.resident("Anna", 5000), s.resident("Bea", 5000), s.shop("Bakker")
	owner := s.login(anna)
	secret := owner.give(s.poster(bakker), "7,00").want(http.StatusSeeOther).to()
	b := s.login(bea)
	b.post(s.invitation(owner, "20,00"), nil).want(http.StatusSeeOther)
	b.get(secret).want(http.StatusNotFound)
	address := s.poster(bakker)
	b.get(address + "?amount=7,00").want(http.StatusOK).hides(secret)
	mine := b.give(address, "2,00").want(http.StatusSeeOther).to()
	b.page(mine).shows("2,00")
	owner.page(mine).shows("2,00")
}

func TestTheOwnerStopsAHelperAtOnce(t *testing.T) {
	s := newSite(t, nil)
	anna, bea, bakker := s.resident("Anna", 5000), s.resident("Bea", 0), s.shop("Bakker")
	owner, b := s.login(anna), s.login(bea)
	b.post(s.invitation(owner, "20,00"), nil).want(http.StatusSeeOther)
	address := s.poster(bakker)
	form := b.get(address + "?amount=2,00").form(address)
	owner.post("/helpers/stop", url.Values{"helper": {bea.ID.String()}}).want(http.StatusSeeOther)
	if r := b.post(address, form); r.status == http.StatusSeeOther && strings.HasPrefix(r.to(), "/receipt/") {
		t.Error("a helper who was stopped paid")
	}
	if left := s.spendable(anna); left != 5000 {
		t.Errorf("Anna has %v left", left)
	}
	b.page("/helping").shows("U helpt nu niemand").hides("Anna")
}

func TestALimitIsRaisedWithThePINOnly(t *testing.T) {
	s := newSite(t, nil)
	anna, bea := s.resident("Anna", 5000), s.resident("Bea", 0)
	owner := s.login(anna)
	owner.post("/helpers", url.Values{"name": {"Bea"}, "limit": {"20,00"}, "pin": {"9999"}}).want(http.StatusUnprocessableEntity).shows("horen niet bij elkaar")
	owner.post("/helpers", url.Values{"name": {"Bea"}, "limit": {"1000,00"}, "pin": {pin}}).want(http.StatusUnprocessableEntity).shows("hoogstens 250,00")
	s.login(bea).post(s.invitation(owner, "20,00"), nil).want(http.StatusSeeOther)
	limit := func(amount, pin string) reply {
		return owner.post("/helpers/limit", url.Values{"helper": {bea.ID.String()}, "limit": {amount}, "pin": {pin}})
	}
	limit("10,00", "").want(http.StatusSeeOther)
	limit("10,01", "").want(http.StatusUnprocessableEntity)
	limit("30,00", pin).want(http.StatusSeeOther)
	if given, _, err := s.people.HelpOf(anna.ID, bea.ID); err != nil || given.Limit != ledger.Cents(3000) {
		t.Errorf("limit %v, %v", given.Limit, err)
	}
}

func TestTheDeskAsksAHelperWithTheOwnersPIN(t *testing.T) {
	s := newSite(t, nil)
	anna, bea, bakker := s.resident("Anna", 5000), s.resident("Bea", 0), s.shop("Bakker")
	desk := s.desk()
	address := "/desk/people/" + anna.ID.String() + "/helpers"
	desk.page(address).shows("Helpers van Anna", "die hier zelf bij is")
	ask := url.Values{"name": {"Bea"}, "limit": {"20,00"}, "pin": {"9999"}}
	desk.post(address, ask).want(http.StatusUnprocessableEntity)
	ask.Set("pin", pin)
	desk.post(address, ask).want(http.StatusSeeOther)
	_, link, _ := strings.Cut(desk.page(address).text, "/I/")
	b := s.login(bea)
	b.post("/I/"+link[:10], nil).want(http.StatusSeeOther)
	b.give(s.poster(bakker), "2,00").want(http.StatusSeeOther)
	desk.page(address).hides("Bakker")
	desk.post(address+"/stop", url.Values{"helper": {bea.ID.String()}}).want(http.StatusSeeOther)
	desk.page(address).shows("nog geen helper")
	desk.get("/desk/people/" + bakker.ID.String() + "/helpers").want(http.StatusNotFound)
}

func TestInvitationsCannotBeGuessedQuickly(t *testing.T) {
	s := newSite(t, nil)
	b := s.browser()
	for range DefaultLimits().CodeBurst {
		b.get("/I/0000000012").want(http.StatusGone)
	}
	b.get("/I/0000000012").want(http.StatusTooManyRequests)
}

func TestAnInvitationOfOthersIsNotForShops(t *testing.T) {
	s := newSite(t, nil)
	owner := s.login(s.resident("Anna", 0))
	address := s.invitation(owner, "20,00")
	owner.page(address).shows("Dit is uw eigen vraag")
	owner.post(address, nil).want(http.StatusConflict)
	shop := s.login(s.shop("Bakker"))
	shop.page(address).shows("ingelogd als")
	shop.post(address, nil).want(http.StatusForbidden)
	if to := s.browser().post(address, nil).want(http.StatusSeeOther).to(); !strings.HasPrefix(to, "/login") {
		t.Errorf("nobody is sent to %q", to)
	}
	owner.post("/helpers/uninvite", url.Values{"code": {strings.TrimPrefix(address, "/I/")}}).want(http.StatusSeeOther)
	shop.get(address).want(http.StatusGone)
}
