package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/ledger"
)

func TestACardAndItsPINOpenTheWallet(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 5000)
	b := s.browser()
	if to := b.get("/").want(http.StatusSeeOther).to(); to != "/login" {
		t.Fatalf("the start leads to %q", to)
	}
	form := b.page("/login?next=/history").form("/login")
	form.Set("code", strings.ToLower(s.cards[anna.ID].Grouped()))
	form.Set("pin", pin)
	if to := b.post("/login", form).want(http.StatusSeeOther).to(); to != "/history" {
		t.Errorf("after login to %q, want where the visitor was going", to)
	}
	b.page("/wallet").shows("50,00", "Uitloggen")
	if to := b.get("/").want(http.StatusSeeOther).to(); to != "/wallet" {
		t.Errorf("the start leads to %q", to)
	}
}

func TestTheCodeOfACardMayComeWithTheAddress(t *testing.T) {
	s := newSite(t, nil)
	code := s.cards[s.resident("Anna", 0).ID]
	form := s.browser().page("/login?code=" + code.String()).form("/login")
	if form.Get("code") != code.Grouped() {
		t.Errorf("the field holds %q, want %q", form.Get("code"), code.Grouped())
	}
	s.browser().page("/login?code=%3Cscript%3E").hides("<script>")
}

func TestAWrongPINAndAnUnknownCardGetTheSameAnswer(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 0)
	unknown, err := payreq.NewCode(strings.NewReader("\x01\x02\x03\x04\x05\x06\x07\x08"))
	if err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	wrong := b.post("/login", url.Values{"code": {s.cards[anna.ID].String()}, "pin": {"9999"}}).want(http.StatusUnprocessableEntity)
	nobody := b.post("/login", url.Values{"code": {unknown.String()}, "pin": {"9999"}}).want(http.StatusUnprocessableEntity)
	noCode := b.post("/login", url.Values{"code": {"x"}, "pin": {"9999"}}).want(http.StatusUnprocessableEntity)
	wrong.shows("Deze code en pincode horen niet bij elkaar.").hides("9999")
	if wrong.words() != nobody.words() || wrong.words() != noCode.words() {
		t.Errorf("the answers differ:\n%s\n%s\n%s", wrong.words(), nobody.words(), noCode.words())
	}
}

func TestFiveWrongPINsAndThenEvenTheRightOneMustWait(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 0)
	for _, code := range []string{s.cards[anna.ID].String(), "0000000012", "nonsense"} {
		b := s.browser()
		for range 5 {
			b.post("/login", url.Values{"code": {code}, "pin": {"9999"}}).want(http.StatusUnprocessableEntity)
		}
		b.post("/login", url.Values{"code": {code}, "pin": {pin}}).want(http.StatusTooManyRequests).shows("over 5 minuten")
	}
	s.clock.add(5 * time.Minute)
	s.login(anna)
}

func TestTriesAreBoundedPerAddress(t *testing.T) {
	s := newSite(t, func(c *Config) {
		c.Limits = Limits{LoginEvery: time.Minute, LoginBurst: 2, CodeEvery: time.Minute, CodeBurst: 2, Hashes: 1}
	})
	b := s.browser()
	for _, code := range []string{"a", "b"} {
		b.post("/login", url.Values{"code": {code}, "pin": {"9999"}}).want(http.StatusUnprocessableEntity)
	}
	b.post("/login", url.Values{"code": {"c"}, "pin": {"9999"}}).want(http.StatusTooManyRequests).shows("Even wachten")
	s.clock.add(time.Minute)
	b.post("/login", url.Values{"code": {"d"}, "pin": {"9999"}}).want(http.StatusUnprocessableEntity)
}

func TestEveryLoginGetsASessionOfItsOwn(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 0)
	b := s.login(anna)
	token := func() string {
		for _, c := range b.client.Jar.Cookies(mustURL(t, s.http.URL)) {
			if c.Name == "grulden" {
				return c.Value
			}
		}
		return ""
	}
	first := token()
	b.post("/login", url.Values{"code": {s.cards[anna.ID].String()}, "pin": {pin}}).want(http.StatusSeeOther)
	if second := token(); second == first || second == "" {
		t.Errorf("the second login kept the session %q", second)
	}
	old := s.browser()
	old.client.Jar.SetCookies(mustURL(t, s.http.URL), []*http.Cookie{{Name: "grulden", Value: first}})
	old.get("/wallet").want(http.StatusSeeOther)
}

func mustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestLogout(t *testing.T) {
	s := newSite(t, nil)
	b := s.login(s.resident("Anna", 0))
	jar := b.client.Jar.Cookies(mustURL(t, s.http.URL))
	b.post("/logout", nil).want(http.StatusSeeOther)
	b.get("/wallet").want(http.StatusSeeOther)
	b.client.Jar.SetCookies(mustURL(t, s.http.URL), jar) // whoever kept the cookie
	b.get("/wallet").want(http.StatusSeeOther)
}

func TestANewCardEndsTheSessionsOfTheOldOne(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 0)
	b, token := s.login(anna), s.token(anna)
	if _, _, err := s.people.NewCard(anna.ID); err != nil {
		t.Fatal(err)
	}
	b.get("/wallet").want(http.StatusSeeOther)
	s.api(token, "GET", "/api/v1/balance", "").want(http.StatusUnauthorized)
}

func TestAnErasedPersonIsSignedOut(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 0)
	b := s.login(anna)
	if err := s.people.Erase(anna.ID); err != nil {
		t.Fatal(err)
	}
	b.get("/wallet").want(http.StatusSeeOther)
}

func TestTheLanguageSwitchHoldsBeforeAndAfterLogin(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 0)
	b := s.browser()
	form := b.page("/login?next=/pay").form("/language")
	if to := b.post("/language", form).want(http.StatusSeeOther).to(); to != "/login?next=/pay" {
		t.Errorf("back to %q", to)
	}
	b.page("/login").shows("Code on your card")
	b = s.login(anna)
	b.page("/wallet").shows("U kunt nu uitgeven")
	b.post("/language", b.page("/wallet").form("/language")).want(http.StatusSeeOther)
	b.page("/wallet").shows("You can spend now")
	s.login(anna).page("/wallet").shows("You can spend now") // it is hers on every device
}

func TestAnAccountThatWasNotOpenedYetIsOpenedAtLogin(t *testing.T) {
	s := newSite(t, nil)
	p := people.Person{ID: people.NewID(), Role: people.Resident, Name: "Anna"}
	p, code, err := s.people.Add(p, s.hash, s.clock.Now()) // and then the power fails
	if err != nil {
		t.Fatal(err)
	}
	s.cards[p.ID] = code
	s.login(p).page("/wallet").shows("0,00")
	s.submit(ledger.Issue{To: p.Account, Amount: 100})
}

func TestTheCookieIsHostBoundOnHTTPS(t *testing.T) {
	s := newSite(t, func(c *Config) { c.BaseURL = "https://grulden.example" })
	anna := s.resident("Anna", 0)
	r := s.browser().post("/login", url.Values{"code": {s.cards[anna.ID].String()}, "pin": {pin}}).want(http.StatusSeeOther)
	cookie := ""
	for _, c := range r.header.Values("Set-Cookie") {
		if strings.HasPrefix(c, "__Host-grulden=") {
			cookie = c
		}
	}
	for _, part := range []string{"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("the cookie %q lacks %s", cookie, part)
		}
	}
}

func TestTheLogHoldsNothingPersonal(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna Geheim", 5000)
	bakker := s.shop("Bakkerij Zwijgzaam")
	b, till := s.login(anna), s.login(bakker)
	s.browser().post("/login", url.Values{"code": {s.cards[anna.ID].String()}, "pin": {"9753"}})
	code := askFor(t, till, "4,50")
	page := b.page("/P/" + code)
	b.post("/P/"+code, page.form("/P/"+code)).want(http.StatusSeeOther)
	b.get("/P/" + code)
	b.get("/receipt/nonsense")
	b.post("/P/"+code, url.Values{"payment": {"x"}})
	till.post("/shop/euros", url.Values{"amount": {"999"}, "payment": {strings.Repeat("a", 32)}, "seal": {"x"}})
	log := s.log.String()
	if !strings.Contains(log, "request refused") {
		t.Fatalf("the log says nothing:\n%s", log)
	}
	for _, secret := range []string{
		"Geheim", "Zwijgzaam", pin, "9753", s.cards[anna.ID].String(), s.cards[bakker.ID].String(), code, bakker.IBAN, anna.Reference,
	} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q:\n%s", secret, log)
		}
	}
}
