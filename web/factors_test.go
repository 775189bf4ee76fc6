package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"grulden/internal/people"
)

func required(c *Config) { c.SecondFactor = FactorRequired }

// onLocalhost is a site whose address takes passkeys.
func onLocalhost(c *Config) {
	required(c)
	c.BaseURL = strings.Replace(c.BaseURL, "127.0.0.1", "localhost", 1)
}

// app is somebody's authenticator app.
type app struct {
	s      *site
	secret string
}

// code is what the app shows now; each test waits half a minute between two.
func (a app) code() string {
	a.s.t.Helper()
	code, err := totp.GenerateCode(a.secret, a.s.clock.Now())
	if err != nil {
		a.s.t.Fatal(err)
	}
	return code
}

// setUpApp has somebody who is half way set up an app.
func (s *site) setUpApp(b *browser) app {
	s.t.Helper()
	a := app{s, strings.ReplaceAll(b.page("/safe").wordsOf("secret"), " ", "")}
	if to := b.post("/safe/app", url.Values{"otp": {a.code()}}).want(http.StatusSeeOther).to(); to != "/safe?done=safe" {
		s.t.Fatalf("after the app was set up to %q", to)
	}
	s.clock.add(time.Minute)
	return a
}

func TestStaffMustSetUpASecondFactorBeforeAnythingElse(t *testing.T) {
	s := newSite(t, required)
	for _, role := range []people.Role{people.Merchant, people.Desk, people.Treasurer, people.Evaluator} {
		b := s.login(s.add(people.Person{Role: role, Name: "Iemand", Shop: "Winkel"}, 0))
		for _, path := range []string{"/", home(role), "/till", "/report", "/desk/people"} {
			r := b.get(path)
			if path == "/" {
				r = b.get(r.want(http.StatusSeeOther).to())
			}
			if to := r.to(); to != "/safe" && r.status != http.StatusForbidden {
				t.Errorf("%s gets %s: %d, %q", role, path, r.status, to)
			}
		}
		b.page("/safe").shows("Zet veilig inloggen aan").hides("Betalen")
		s.setUpApp(b)
		b.page(home(role))
	}
	for _, role := range []people.Role{people.Resident, people.Cashier, people.Helper} {
		b := s.login(s.add(people.Person{Role: role, Name: "Iemand"}, 0))
		if to := b.get("/").to(); to == "/safe" {
			t.Errorf("%s is asked for a second factor", role)
		}
		b.get("/safe").want(http.StatusForbidden)
	}
}

func TestStaffSignInWithCodePINAndApp(t *testing.T) {
	s := newSite(t, required)
	desk := s.add(people.Person{Role: people.Desk, Name: "Balie"}, 0)
	before := s.login(desk)
	a := s.setUpApp(before)
	b := s.login(desk)
	if to := b.get("/desk/people").want(http.StatusSeeOther).to(); !strings.HasPrefix(to, "/login") {
		t.Errorf("with code and PIN only to %q, want the login page", to)
	}
	b.page("/login/second").shows("Code van 6 cijfers")
	b.post("/login/second", url.Values{"otp": {"000000"}}).want(http.StatusUnprocessableEntity).shows("Deze code is niet goed")
	code := a.code()
	if to := b.post("/login/second", url.Values{"otp": {code}}).want(http.StatusSeeOther).to(); to != "/desk/people" {
		t.Errorf("after the code to %q", to)
	}
	b.page("/desk/people")
	again := s.login(desk)
	again.post("/login/second", url.Values{"otp": {code}}).want(http.StatusUnprocessableEntity).shows("al een keer gebruikt")
	again.get("/desk/people").want(http.StatusSeeOther)
}

func TestWrongAppCodesCountAsTries(t *testing.T) {
	s := newSite(t, required)
	desk := s.add(people.Person{Role: people.Desk, Name: "Balie"}, 0)
	a := s.setUpApp(s.login(desk))
	b := s.login(desk)
	for range 5 {
		b.post("/login/second", url.Values{"otp": {"000000"}}).want(http.StatusUnprocessableEntity)
	}
	b.post("/login/second", url.Values{"otp": {a.code()}}).want(http.StatusTooManyRequests).shows("over 5 minuten")
	s.clock.add(5 * time.Minute)
	b.post("/login/second", url.Values{"otp": {a.code()}}).want(http.StatusSeeOther)
}

func TestASecondFactorEndsSessionsThatHaveNotShownIt(t *testing.T) {
	s := newSite(t, nil)
	shop := s.shop("Bakker")
	old, b := s.login(shop), s.login(shop)
	old.page("/shop")
	a := app{s, strings.ReplaceAll(b.page("/safe").wordsOf("secret"), " ", "")}
	b.post("/safe/app", url.Values{"otp": {a.code()}, "pin": {"9999"}}).want(http.StatusUnprocessableEntity).shows("horen niet bij elkaar")
	b.post("/safe/app", url.Values{"otp": {a.code()}, "pin": {pin}}).want(http.StatusSeeOther)
	b.page("/shop")
	if to := old.get("/shop").want(http.StatusSeeOther).to(); !strings.HasPrefix(to, "/login") {
		t.Errorf("the older session goes on to %q", to)
	}
}

func TestTheSecretForAnAppIsTheSessionsOwn(t *testing.T) {
	s := newSite(t, nil)
	shop := s.shop("Bakker")
	left, b := s.login(shop), s.login(shop)
	seen := app{s, strings.ReplaceAll(left.page("/safe").wordsOf("secret"), " ", "")}
	own := app{s, strings.ReplaceAll(b.page("/safe").wordsOf("secret"), " ", "")}
	if seen == own {
		t.Fatal("two sessions are shown the same secret")
	}
	if again := strings.ReplaceAll(b.page("/safe").wordsOf("secret"), " ", ""); again != own.secret {
		t.Error("the secret changes while an app takes it")
	}
	b.post("/safe/app", url.Values{"otp": {seen.code()}, "pin": {pin}}).want(http.StatusUnprocessableEntity)
	b.post("/safe/app", url.Values{"otp": {own.code()}, "pin": {pin}}).want(http.StatusSeeOther)
	s.clock.add(time.Minute)
	next := s.login(shop)
	next.post("/login/second", url.Values{"otp": {seen.code()}}).want(http.StatusUnprocessableEntity)
	next.post("/login/second", url.Values{"otp": {own.code()}}).want(http.StatusSeeOther)
	b.post("/safe/remove", url.Values{"passkey": {""}, "pin": {pin}}).want(http.StatusSeeOther)
	if fresh := strings.ReplaceAll(b.page("/safe").wordsOf("secret"), " ", ""); fresh == own.secret {
		t.Error("a secret that was in use is offered again")
	}
	other := s.login(s.shop("Slager"))
	before := other.page("/safe").wordsOf("secret")
	other.post("/logout", nil).want(http.StatusSeeOther)
	if to := other.get("/safe").want(http.StatusSeeOther).to(); !strings.HasPrefix(to, "/login") || before == "" {
		t.Errorf("after signing out /safe leads to %q", to)
	}
}

func TestTheLastSecondFactorStaysWhereOneIsNeeded(t *testing.T) {
	s := newSite(t, required)
	b := s.login(s.shop("Bakker"))
	s.setUpApp(b)
	b.post("/safe/remove", url.Values{"passkey": {""}, "pin": {pin}}).want(http.StatusConflict).shows("uw enige manier")
	b.post("/safe/remove", url.Values{"passkey": {"abcd"}, "pin": {pin}}).want(http.StatusNotFound)
	b.page("/shop")

	free := newSite(t, nil)
	f := free.login(free.shop("Bakker"))
	a := app{free, strings.ReplaceAll(f.page("/safe").wordsOf("secret"), " ", "")}
	f.post("/safe/app", url.Values{"otp": {a.code()}, "pin": {pin}}).want(http.StatusSeeOther)
	f.post("/safe/remove", url.Values{"passkey": {""}, "pin": {pin}}).want(http.StatusSeeOther)
	f.page("/safe").shows("Met een app die codes maakt")
}

func TestANewCardForgetsTheSecondFactor(t *testing.T) {
	s := newSite(t, required)
	shop := s.shop("Bakker")
	s.setUpApp(s.login(shop))
	_, code, err := s.people.NewCard(shop.ID)
	if err != nil {
		t.Fatal(err)
	}
	s.cards[shop.ID] = code
	b := s.login(shop)
	if to := b.get("/shop").want(http.StatusSeeOther).to(); to != "/safe" {
		t.Errorf("with the new card to %q, want to set up a second factor", to)
	}
}

func TestTheDeskSignsInAnewEachDay(t *testing.T) {
	s := newSite(t, nil)
	desk, shop := s.desk(), s.login(s.shop("Bakker"))
	s.clock.add(staffDay - time.Second)
	desk.page("/desk/people")
	s.clock.add(time.Second)
	desk.get("/desk/people").want(http.StatusSeeOther)
	shop.page("/shop")
}

func TestATokenNeedsTheSecondFactor(t *testing.T) {
	s := newSite(t, required)
	shop := s.shop("Bakker")
	card := `{"code":"` + s.cards[shop.ID].String() + `","pin":"` + pin + `"`
	s.api("", "POST", "/api/v1/login", card+`}`).want(http.StatusForbidden).shows(`"second-factor"`)
	a := s.setUpApp(s.login(shop))
	s.api("", "POST", "/api/v1/login", card+`}`).want(http.StatusForbidden)
	s.api("", "POST", "/api/v1/login", card+`,"otp":"000000"}`).want(http.StatusUnprocessableEntity).shows(`"wrong-otp"`)
	otp := `,"otp":"` + a.code() + `"}`
	s.api("", "POST", "/api/v1/login", card+otp).want(http.StatusOK).shows(`"merchant"`)
	s.api("", "POST", "/api/v1/login", card+otp).want(http.StatusUnprocessableEntity)
	anna := s.resident("Anna", 0)
	s.api("", "POST", "/api/v1/login", `{"code":"`+s.cards[anna.ID].String()+`","pin":"`+pin+`"}`).want(http.StatusOK)
}

func TestSecretsOfAppsAreSealed(t *testing.T) {
	s := newSite(t, required)
	a := s.setUpApp(s.login(s.shop("Bakker")))
	if err := s.node.Store().Flush(); err != nil {
		t.Fatal(err)
	}
	for _, space := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		err := s.node.Store().Space(space).Scan(nil, func(key, row []byte) error {
			if bytes.Contains(row, []byte(a.secret)) {
				t.Errorf("the secret lies open in space %q", space)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPasskeyIsAskedForWhereBrowsersMakeThem(t *testing.T) {
	s := newSite(t, onLocalhost)
	b := s.browser()
	b.page("/login").shows("Log in met vinger of gezicht")
	b.post("/login/passkey/options", nil).want(http.StatusOK).shows(`"challenge"`)
	b.post("/login/passkey", url.Values{"answer": {"{}"}}).want(http.StatusUnprocessableEntity).shows("kennen we hier niet")
	shop := s.login(s.shop("Bakker"))
	shop.post("/safe/passkey/options", nil).want(http.StatusOK).shows(`"challenge"`)
	shop.post("/safe/passkey", url.Values{"answer": {"{}"}, "name": {"telefoon"}}).want(http.StatusUnprocessableEntity)
	shop.post("/safe/passkey", url.Values{"answer": {"{}"}}).want(http.StatusUnprocessableEntity).shows("een korte naam")
	plain := newSite(t, nil)
	plain.browser().page("/login").hides("Log in met vinger of gezicht")
	plain.browser().post("/login/passkey/options", nil).want(http.StatusNotFound)
}
