package web

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"grulden/internal/people"
	"grulden/ledger"
	"grulden/web/page"
)

func TestEveryResultHasAStatusACodeAndWordsInEveryLanguage(t *testing.T) {
	if len(results) != len(ledger.Results()) {
		t.Errorf("%d results have an answer, there are %d", len(results), len(ledger.Results()))
	}
	seen := map[string]ledger.Result{}
	for _, r := range ledger.Results() {
		a, ok := results[r]
		if !ok {
			t.Errorf("%v has no answer", r)
			continue
		}
		if http.StatusText(a.status) == "" || (a.status < 400) != (r == ledger.Applied) {
			t.Errorf("%v has status %d", r, a.status)
		}
		if a.code != r.Code() {
			t.Errorf("%v has code %q, want %q", r, a.code, r.Code())
		}
		if !page.Has(a.text) {
			t.Errorf("%v has no words: %q", r, a.text)
		}
		if other, twice := seen[a.code]; twice {
			t.Errorf("%v and %v share the code %q", r, other, a.code)
		}
		seen[a.code] = r
		if got := answerTo(fmt.Errorf("pay: %w", refused(r))); got != a {
			t.Errorf("answerTo(%v) = %+v, want %+v", r, got, a)
		}
	}
}

func TestEveryOtherRefusalHasAStatusACodeAndWords(t *testing.T) {
	for _, e := range append(edges, struct {
		err    error
		answer answer
	}{errors.New("anything else"), fault}) {
		if http.StatusText(e.answer.status) == "" || e.answer.status < 400 || e.answer.code == "" || !page.Has(e.answer.text) {
			t.Errorf("%v looks like %+v", e.err, e.answer)
		}
		if !page.Has(headingOf(e.answer)) {
			t.Errorf("%v has no heading: %q", e.err, headingOf(e.answer))
		}
		if got := answerTo(fmt.Errorf("wrapped: %w", e.err)); got != e.answer {
			t.Errorf("answerTo(%v) = %+v, want %+v", e.err, got, e.answer)
		}
	}
}

func TestEveryRoleHasANameAndAPlaceToStart(t *testing.T) {
	for _, role := range people.Roles() {
		if !page.Has(roleKey(role)) {
			t.Errorf("%s has no name", role)
		}
		if len(places[role]) == 0 || home(role) == "/login" {
			t.Errorf("%s has nowhere to start", role)
		}
		for _, item := range places[role] {
			if !page.Has(item.Word) {
				t.Errorf("%s of %s has no words", item.Href, role)
			}
		}
	}
}

// TestEveryDeedHasItsNotice reads the handlers for what they report as done.
func TestEveryDeedHasItsNotice(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	deed := regexp.MustCompile(`done=([a-z]+)"|(?:decided|setBlocked)\(.*"([a-z]+)"\)`)
	found := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range deed.FindAllStringSubmatch(string(text), -1) {
			found++
			if key := page.Key("notice." + m[1] + m[2]); !page.Has(key) {
				t.Errorf("%s: no words for %q", file, key)
			}
		}
	}
	if found < 6 {
		t.Errorf("only %d deeds found", found)
	}
}

func TestTypedAmounts(t *testing.T) {
	for text, want := range map[string]ledger.Cents{
		"4,50": 450, "4.50": 450, " 4 ": 400, "4,5": 450, "€ 12,00": 1200, "0,01": 1, "1.234,50": 1234_50, "1.000.000,00": 1_000_000_00,
	} {
		if got, err := typedAmount(text); err != nil || got != want {
			t.Errorf("typedAmount(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "0", "0,00", "-1", "1.000", "1.00,00", "12.34.567,00", "1,000.00", "1,005", "4,50,", "x", "1e3", "١"} {
		if got, err := typedAmount(text); !errors.Is(err, ledger.ErrAmount) {
			t.Errorf("typedAmount(%q) = %v, %v; want a refusal", text, got, err)
		}
	}
}

func TestRedirectsStayOnThisSite(t *testing.T) {
	for target, want := range map[string]string{
		"/wallet":              "/wallet",
		"/P/ABC?amount=4,50":   "/P/ABC?amount=4,50",
		"":                     "/",
		"wallet":               "/",
		"//evil.example":       "/",
		"/\\evil.example":      "/",
		"https://evil.example": "/",
		"javascript:alert(1)":  "/",
		"/a\r\nSet-Cookie: x":  "/",
		"/%2f%2fevil.example":  "/%2f%2fevil.example",
		"http:/wallet":         "/",
		"/\tevil":              "/",
	} {
		if got := localPath(target); got != want {
			t.Errorf("localPath(%q) = %q, want %q", target, got, want)
		}
	}
}

func TestAddressesAreToldApartAndProxiesOnTheMachineAreBelieved(t *testing.T) {
	for _, tt := range []struct{ remote, forwarded, want string }{
		{"203.0.113.9:1234", "", "203.0.113.9"},
		{"203.0.113.9:1234", "198.51.100.1", "203.0.113.9"},
		{"127.0.0.1:1234", "198.51.100.1", "198.51.100.1"},
		{"127.0.0.1:1234", "1.2.3.4, 198.51.100.1", "198.51.100.1"},
		{"127.0.0.1:1234", "nonsense", "127.0.0.1"},
		{"[::1]:1234", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
		{"[2001:db8:1:2:aaaa::1]:99", "", "2001:db8:1:2::"},
		{"pipe", "", "pipe"},
	} {
		r := &http.Request{RemoteAddr: tt.remote, Header: http.Header{}}
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		if got := address(r); got != tt.want {
			t.Errorf("address(%s, %s) = %s, want %s", tt.remote, tt.forwarded, got, tt.want)
		}
	}
}

func TestPercentages(t *testing.T) {
	for billionths, want := range map[uint32]string{0: "", 10_000_000: "1\u00a0%", 25_000_000: "2,5\u00a0%", 1: "0,0000001\u00a0%"} {
		if got := percent(page.Dutch, billionths); got != want {
			t.Errorf("percent(%d) = %q, want %q", billionths, got, want)
		}
	}
}
