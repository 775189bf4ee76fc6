package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestWhoSendsMoreThanAPersonDoesMustWait(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Limits = Limits{ActEvery: time.Minute, ActBurst: 3} })
	anna, bea := s.login(s.resident("Anna", 0)), s.resident("Bea", 0)
	for range 3 {
		anna.post("/helping", url.Values{"for": {""}}).want(http.StatusSeeOther)
	}
	anna.post("/helping", url.Values{"for": {""}}).want(http.StatusTooManyRequests).shows("te vaak achter elkaar")
	anna.page("/wallet") // looking is free
	b := s.login(bea)
	b.post("/helping", url.Values{"for": {""}}).want(http.StatusSeeOther) // one person does not hold back another
	s.clock.add(time.Minute)
	anna.post("/helping", url.Values{"for": {""}}).want(http.StatusSeeOther)
}

func TestProgramsAreHeldBackToo(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Limits = Limits{ActEvery: time.Minute, ActBurst: 3} })
	token := s.token(s.shop("Bakker"))
	for range 3 {
		s.api(token, "POST", "/api/v1/requests", `{"amount":"1.00"}`).want(http.StatusCreated)
	}
	s.api(token, "POST", "/api/v1/requests", `{"amount":"1.00"}`).want(http.StatusTooManyRequests).shows(`"too-often"`)
}

func TestUploadsAreHeldBackMoreThanForms(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Limits = Limits{UploadEvery: time.Minute, UploadBurst: 2} })
	desk := s.desk()
	for range 2 {
		if r := desk.upload([]byte("x")); r.status == http.StatusTooManyRequests {
			t.Fatal("held back too early")
		}
	}
	desk.upload([]byte("x")).want(http.StatusTooManyRequests)
	desk.post("/logout", nil).want(http.StatusSeeOther)
}

func TestCookiesAreBoundToTheHostOnHTTPS(t *testing.T) {
	s := newSite(t, func(c *Config) { c.BaseURL = "https://grulden.example" })
	anna := s.resident("Anna", 0)
	b := s.browser()
	seen := map[string]bool{}
	for _, r := range []reply{
		b.post("/language", url.Values{"to": {"en"}, "back": {"/login"}}),
		b.post("/login", url.Values{"code": {s.cards[anna.ID].String()}, "pin": {pin}}),
		b.post("/logout", nil),
	} {
		for _, c := range r.header.Values("Set-Cookie") {
			name, rest, _ := strings.Cut(c, "=")
			seen[name] = true
			for _, part := range []string{"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} {
				if !strings.Contains(rest, part) {
					t.Errorf("cookie %s lacks %s: %s", name, part, rest)
				}
			}
			if !strings.HasPrefix(name, "__Host-") || strings.Contains(rest, "Domain") {
				t.Errorf("cookie %s is not bound to the host", name)
			}
		}
	}
	if !seen["__Host-grulden"] || !seen["__Host-language"] {
		t.Errorf("cookies %v", seen)
	}
}

// TestEveryRouteHasItsSecurityHeaders asks every address of the site.
func TestEveryRouteHasItsSecurityHeaders(t *testing.T) {
	s := newSite(t, nil)
	b := s.browser()
	for _, rt := range routes() {
		method, path, _ := strings.Cut(rt.pattern, " ")
		path = strings.NewReplacer("{$}", "", "{code}", "0000000012", "{id}", strings.Repeat("a", 32), "{payment}", strings.Repeat("a", 32), "{file}", "x").Replace(path)
		r, err := http.NewRequest(method, s.http.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		h := b.do(r).header
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "'unsafe-inline'") || strings.Contains(csp, "'unsafe-eval'") {
			t.Errorf("%s: policy %q", rt.pattern, csp)
		}
		if strings.Contains(csp, "'wasm-unsafe-eval'") && !rt.scans {
			t.Errorf("%s may run WebAssembly and has no scanner", rt.pattern)
		}
		if p := h.Get("Permissions-Policy"); !strings.Contains(p, "camera=(self)") || !strings.Contains(p, "geolocation=()") || strings.Contains(p, "*") {
			t.Errorf("%s: permissions %q", rt.pattern, p)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", rt.pattern, name, got, want)
			}
		}
	}
}
