package web

import (
	"archive/zip"
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"grulden/internal/evaluation"
	"grulden/internal/people"
)

// TestTheEvaluationReportIsOneThatCanBeChecked downloads page, sheets and data as
// an evaluator does, and has page and sheets made again from the ledger.
func TestTheEvaluationReportIsOneThatCanBeChecked(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	s.pays(anna, bakker, 1, 1000)
	s.clock.add(72 * time.Hour)
	b := s.login(s.add(people.Person{Role: people.Evaluator, Name: "Onderzoeker"}, 0))
	if home := b.page("/report").shows("Verslag als pdf", "Alle gegevens"); !strings.Contains(home.text, `href="/report/evaluation.pdf?from=2026-03-02&amp;to=2026-03-05"`) {
		t.Error("the answer does not lead to the report")
	}
	const days = "?from=2026-03-01&to=2026-03-31"
	for ending, kind := range map[string]string{"html": "text/html; charset=utf-8", "pdf": "application/pdf"} {
		r := b.get("/report/evaluation." + ending + days).want(http.StatusOK)
		r.hides("Anna", "Bakker", "Onderzoeker")
		if r.header.Get("Content-Type") != kind || r.header.Get("Cache-Control") != "no-store" || !strings.Contains(r.header.Get("Content-Disposition"), `"grulden-2026-03-02-2026-03-04.`+ending) {
			t.Errorf("%s is sent as %v", ending, r.header)
		}
		check, err := evaluation.Verify(context.Background(), s.node, s.server.sums, []byte(r.text))
		if err != nil || !check.Same || !check.Journal {
			t.Errorf("%s: %+v, %v", ending, check, err)
		}
	}
	page := b.get("/report/evaluation.html"+days).shows("Loopt het rond?", "Vertrouwelijk", "10,00 Grulden betaald", "Wat dit verslag niet laat zien")
	if csp := page.header.Get("Content-Security-Policy"); csp != evaluation.Policy() {
		t.Errorf("the page may do %q", csp)
	}
	r := b.get("/report/data.zip" + days).want(http.StatusOK)
	z, err := zip.NewReader(bytes.NewReader([]byte(r.text)), int64(len(r.text)))
	if err != nil {
		t.Fatal(err)
	}
	names := ""
	for _, f := range z.File {
		names += f.Name + " "
	}
	for _, want := range []string{"datapackage.json", "data/daily.csv", "data/daily.parquet", "data/figures.json", ".xlsx"} {
		if !strings.Contains(names, want) {
			t.Errorf("no %s among %s", want, names)
		}
	}
}

func TestThereIsNoEvaluationReportOfDaysThatAreNotOver(t *testing.T) {
	s := newSite(t, nil)
	s.resident("Anna", 5000)
	b := s.login(s.add(people.Person{Role: people.Evaluator, Name: "Onderzoeker"}, 0))
	for _, file := range []string{"evaluation.html", "evaluation.pdf", "data.zip"} {
		if strings.Contains(b.page("/report").text, "/report/"+file) {
			t.Errorf("the answer leads to %s on the first day", file)
		}
		b.get("/report/" + file).want(http.StatusNotFound) // the first day goes on
		b.get("/report/" + file + "?from=2030-01-01").want(http.StatusNotFound)
		b.get("/report/" + file + "?from=x").want(http.StatusBadRequest)
	}
}
