package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestMetricsAreToldOnTheirOwnAddressUntilTheEnd(t *testing.T) {
	var notes bytes.Buffer
	s := site{app: &app{ctx: context.Background(), stderr: &notes}, metrics: freeAddress(t)}
	done, err := s.serveMetrics(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "up 1") }))
	if err != nil {
		t.Fatal(err)
	}
	for path, status := range map[string]int{"/metrics": http.StatusOK, "/": http.StatusNotFound, "/debug/pprof/": http.StatusNotFound} {
		r, err := http.Get("http://" + s.metrics + path)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Body.Close(); err != nil || r.StatusCode != status {
			t.Errorf("%s: status %d, %v", path, r.StatusCode, err)
		}
	}
	if _, err := s.serveMetrics(http.NotFoundHandler()); err == nil || !strings.Contains(err.Error(), "--metrics") {
		t.Errorf("an address that is taken: %v", err)
	}
	done()
	if r, err := http.Get("http://" + s.metrics + "/metrics"); err == nil {
		_ = r.Body.Close()
		t.Error("it is told after the end")
	}
	if notes.Len() != 0 {
		t.Errorf("a note about the machine's own address: %s", &notes)
	}
}

func TestMetricsForAWholeNetworkAreSaidToBeSo(t *testing.T) {
	var notes bytes.Buffer
	s := site{app: &app{ctx: context.Background(), stderr: &notes}, metrics: "0.0.0.0:0"}
	done, err := s.serveMetrics(http.NotFoundHandler())
	if err != nil {
		t.Fatal(err)
	}
	done()
	if !strings.Contains(notes.String(), "without a password") {
		t.Errorf("nothing is said: %q", &notes)
	}
	s.metrics = ""
	if done, err = s.serveMetrics(nil); err != nil {
		t.Fatal(err)
	}
	done()
}
