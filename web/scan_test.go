package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAScannedCodeLeadsToAPaymentOrACard(t *testing.T) {
	s := newSite(t, func(c *Config) { c.BaseURL = "https://grulden.example" })
	b := s.login(s.resident("Anna", 0))
	const good = "0000000012" // its last symbol checks the others
	for text, to := range map[string]string{
		good:                                     "/P/" + good,
		" 00000-00012 ":                          "/P/" + good,
		"O0000-000I2":                            "/P/" + good,
		"HTTPS://GRULDEN.EXAMPLE/P/" + good:      "/P/" + good,
		"https://grulden.example/p/00000-00012/": "/P/" + good,
		"HTTPS://GRULDEN.EXAMPLE/C/" + good:      "/C/" + good,
		s.http.URL + "/c/" + good:                "/C/" + good,
	} {
		if r := b.post("/pay", url.Values{"code": {text}}).want(http.StatusSeeOther); r.to() != to {
			t.Errorf("%q leads to %q, want %q", text, r.to(), to)
		}
	}
	for _, text := range []string{"0000000013", "BAKKER", "", strings.Repeat("0", 50)} {
		b.post("/pay", url.Values{"code": {text}}).want(http.StatusUnprocessableEntity).shows("Deze code klopt niet")
	}
}

func TestACodeOfAnotherSiteIsNeverOpened(t *testing.T) {
	s := newSite(t, func(c *Config) { c.BaseURL = "https://grulden.example" })
	b := s.login(s.resident("Anna", 0))
	for _, text := range []string{
		"https://evil.example/P/0000000012",
		"https://grulden.example.evil.example/P/0000000012",
		"https://grulden.example@evil.example/P/0000000012",
		"https://grulden.example/logout",
		"https://grulden.example/P/0000000012/more",
		"ftp://grulden.example/P/0000000012",
		"javascript:alert(1)//grulden.example/P/0000000012",
		"WIFI:S:cafe;T:WPA;P:0000000012;;",
		"mailto:0000000012",
		"https://[grulden.example/P/0000000012",
	} {
		r := b.post("/pay", url.Values{"code": {text}}).want(http.StatusUnprocessableEntity)
		r.shows("Deze QR-code is niet van Grulden in De Hoogte. We openen hem niet.")
	}
}

func TestOnlyPagesWithTheScannerMayRunWebAssembly(t *testing.T) {
	s := newSite(t, nil)
	b := s.login(s.resident("Anna", 0))
	with := []string{b.page("/pay").header.Get("Content-Security-Policy")}
	with = append(with, b.post("/pay", url.Values{"code": {"x"}}).header.Get("Content-Security-Policy"))
	for _, csp := range with {
		if !strings.Contains(csp, "script-src 'self' 'wasm-unsafe-eval';") || strings.Contains(csp, "'unsafe-eval'") {
			t.Errorf("the page with the scanner has the policy %q", csp)
		}
	}
	for _, path := range []string{"/wallet", "/login", "/static/app.css", "/P/0000000012"} {
		if csp := b.get(path).header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") {
			t.Errorf("%s has the policy %q", path, csp)
		}
	}
}
