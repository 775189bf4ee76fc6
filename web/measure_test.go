package web

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// metrics is what a Prometheus is told.
func (s *site) metrics() string {
	w := httptest.NewRecorder()
	s.server.Metrics().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

func TestOperationsAreToldByRouteAndNothingOfPersons(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna Dekker", 100_00)
	b := s.login(anna)
	b.page("/wallet")
	b.get("/P/BRKP-8Z4T").want(http.StatusNotFound)
	b.get("/no/such/Anna").want(http.StatusNotFound)
	b.get("/report").want(http.StatusForbidden)
	text := s.metrics()
	for _, want := range []string{
		`grulden_http_requests_total{class="2xx",route="GET /wallet"} 1`,
		`grulden_http_requests_total{class="4xx",route="GET /P/{code}"} 1`,
		`grulden_http_requests_total{class="4xx",route="elsewhere"} 1`,
		`grulden_http_requests_total{class="4xx",route="GET /report"} 1`,
		`grulden_http_request_seconds_count{route="POST /login"} 1`,
		"grulden_live_lines 0", "grulden_outbox_email 0",
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("no line %s", want)
		}
	}
	for _, secret := range []string{"Anna", "Dekker", "BRKP", "10000", anna.ID.String(), "100.00"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q of a person or payment is told", secret)
		}
	}
	for _, label := range regexp.MustCompile(`route="([^"]*)"`).FindAllStringSubmatch(text, -1) {
		known := label[1] == "elsewhere"
		for _, rt := range routes() {
			known = known || rt.pattern == label[1]
		}
		if !known {
			t.Errorf("route %q is none of the program's", label[1])
		}
	}
	b.get("/metrics").want(http.StatusNotFound) // never where visitors are
}

func TestAnAnswerThatBreaksIsMeasuredAsAFault(t *testing.T) {
	s := newSite(t, nil)
	broken := s.server.recoverer(s.server.measured("GET /broken", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("x") })))
	silent := s.server.measured("GET /silent", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	early := s.server.measured("GET /early", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusTeapot)
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
	}))
	for _, h := range []http.Handler{broken, silent, early} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	}
	for _, want := range []string{`class="5xx",route="GET /broken"} 1`, `class="2xx",route="GET /silent"} 1`, `class="4xx",route="GET /early"} 1`} {
		if !strings.Contains(s.metrics(), want) {
			t.Errorf("no line with %s", want)
		}
	}
}
