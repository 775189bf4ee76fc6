package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"grulden/internal/people"
)

func TestEveryRouteSaysWhoMayUseIt(t *testing.T) {
	known := append(people.Roles(), anyone)
	seen := map[string]bool{}
	for _, rt := range routes() {
		if len(rt.roles) == 0 {
			t.Errorf("%s has no role", rt.pattern)
		}
		for _, role := range rt.roles {
			if !slices.Contains(known, role) {
				t.Errorf("%s is for %q, which is no role", rt.pattern, role)
			}
		}
		answers := 0
		for _, set := range []bool{rt.page != nil, rt.api != nil, rt.live != nil} {
			if set {
				answers++
			}
		}
		if answers != 1 {
			t.Errorf("%s has %d handlers, want one", rt.pattern, answers)
		}
		method, _, ok := strings.Cut(rt.pattern, " ")
		if !ok || method != http.MethodGet && method != http.MethodPost {
			t.Errorf("%s names no method", rt.pattern)
		}
		if seen[rt.pattern] {
			t.Errorf("%s is there twice", rt.pattern)
		}
		seen[rt.pattern] = true
	}
}

// TestOnlyTheRightRolesGetThrough calls every route as everybody: nobody, and
// one person of each role.
func TestOnlyTheRightRolesGetThrough(t *testing.T) {
	s := newSite(t, nil)
	visitors := map[people.Role]*browser{anyone: s.browser()}
	tokens := map[people.Role]string{}
	for _, role := range people.Roles() {
		p := s.add(people.Person{Role: role, Name: "Iemand", Shop: "Winkel"}, 0)
		visitors[role] = s.login(p)
		tokens[role] = s.token(p)
	}
	for _, rt := range routes() {
		method, path, _ := strings.Cut(rt.pattern, " ")
		path = strings.NewReplacer(
			"{$}", "", "{code}", "0000000012", "{id}", strings.Repeat("a", 32), "{payment}", strings.Repeat("a", 32), "{file}", "x",
		).Replace(path)
		if strings.HasSuffix(path, "/logout") {
			continue // it would end the visit; TestLogout sees to it
		}
		for role, b := range visitors {
			r, err := http.NewRequest(method, s.http.URL+path, strings.NewReader(url.Values{}.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if rt.api != nil {
				r.Header.Set("Authorization", "Bearer "+tokens[role])
			}
			checkAdmission(t, rt, role, b.do(r))
		}
	}
}

func checkAdmission(t *testing.T, rt route, role people.Role, r reply) {
	t.Helper()
	who := fmt.Sprintf("%s as %s", rt.pattern, role)
	if r.status >= http.StatusInternalServerError {
		t.Errorf("%s: %d\n%s", who, r.status, r.text)
	}
	may := slices.Contains(rt.roles, anyone) || slices.Contains(rt.roles, role)
	refusedAs := http.StatusForbidden
	if role == anyone {
		refusedAs = http.StatusSeeOther // to the login page
		if rt.page == nil {
			refusedAs = http.StatusUnauthorized
		}
	}
	toLogin := strings.HasPrefix(r.to(), "/login?next=")
	switch {
	case rt.helps && role == people.Helper && r.to() == "/helping": // to choose whom to help
	case !may && r.status != refusedAs:
		t.Errorf("%s: %d, want %d", who, r.status, refusedAs)
	case !may && refusedAs == http.StatusSeeOther && !toLogin:
		t.Errorf("%s: sent to %q, want the login page", who, r.to())
	case may && (r.status == http.StatusUnauthorized || r.status == http.StatusForbidden || toLogin):
		t.Errorf("%s: %d, but this role may", who, r.status)
	}
}

func TestEveryAnswerHasItsSecurityHeaders(t *testing.T) {
	s := newSite(t, func(c *Config) { c.BaseURL = "https://grulden.example" })
	b := s.browser()
	for _, path := range []string{"/login", "/nowhere", "/static/app.css", "/api/v1/balance", "/api/nowhere", "/healthz"} {
		h := b.get(path).header
		csp := h.Get("Content-Security-Policy")
		for _, part := range []string{
			"default-src 'none'", "script-src 'self';", "style-src 'self';", "form-action 'self'", "base-uri 'none'",
			"frame-ancestors 'none'", "connect-src 'self' wss://grulden.example;",
		} {
			if !strings.Contains(csp, part) {
				t.Errorf("%s: the policy %q lacks %q", path, csp, part)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
			t.Errorf("%s: the policy %q lets too much through", path, csp)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
	if h := b.get("/login").header; h.Get("Cache-Control") != "no-store" {
		t.Errorf("a page may be kept: %q", h.Get("Cache-Control"))
	}
}

func TestAFormFromAnotherSiteIsRefused(t *testing.T) {
	s := newSite(t, nil)
	b := s.login(s.resident("Anna", 0))
	for _, header := range []string{"Origin: https://evil.example", "Sec-Fetch-Site: cross-site"} {
		r, err := http.NewRequest(http.MethodPost, s.http.URL+"/logout", nil)
		if err != nil {
			t.Fatal(err)
		}
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
		b.do(r).want(http.StatusForbidden).shows("Dit formulier kwam van een andere website.")
	}
	b.page("/wallet") // still signed in
}

func TestUnknownPagesAndLargeBodiesAreAnsweredInWords(t *testing.T) {
	s := newSite(t, nil)
	b := s.login(s.resident("Anna", 0))
	b.get("/nowhere").want(http.StatusNotFound).shows("Deze pagina bestaat niet")
	b.post("/wallet", nil).want(http.StatusNotFound)
	b.post("/pay", url.Values{"code": {strings.Repeat("x", maxForm+1)}}).want(http.StatusRequestEntityTooLarge).shows("Te groot")
}

func TestAPanicShowsAPageAndTheServerLivesOn(t *testing.T) {
	s := newSite(t, nil)
	h := s.server.recoverer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a mistake") }))
	s.http.Config.Handler = h
	s.browser().get("/").want(http.StatusInternalServerError).shows("Er ging iets mis").hides("a mistake")
	if !strings.Contains(s.log.String(), "a mistake") {
		t.Error("the log does not say what happened")
	}
}

func TestABaseURLWithoutHostOrWithAPathIsRefused(t *testing.T) {
	s := newSite(t, nil)
	for _, base := range []string{"", "grulden.example", "ftp://grulden.example", "https://grulden.example/path", "https://"} {
		c := Config{Node: s.node, People: s.people, Vault: s.server.vault, Bank: s.bank, Cash: s.cash, BaseURL: base}
		if _, err := New(c); err == nil {
			t.Errorf("base URL %q was taken", base)
		}
	}
}
