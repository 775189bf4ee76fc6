package web

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"grulden/internal/record"

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

// TestEverybodyReadsTheReportOnWhatWasPublished, and who has the ledger finds out
// whether it is that.
func TestEverybodyReadsTheReportOnWhatWasPublished(t *testing.T) {
	s := newSite(t, nil)
	s.lively(20, 12)
	next, err := s.server.releases.Next()
	if err != nil {
		t.Fatal(err)
	}
	draft, err := s.server.releases.Draft(context.Background(), next)
	if err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	b.get("/circulatie/1.html").want(http.StatusNotFound)
	release, err := s.server.releases.Publish(t.Context(), draft.Release, record.Auth{How: record.ByOperator})
	if err != nil {
		t.Fatal(err)
	}
	if page := b.page("/circulatie"); !strings.Contains(page.text, `href="/circulatie/1.pdf"`) {
		t.Error("the page does not lead to the report")
	}
	for _, lang := range []string{"nl", "en"} {
		words := PublishedWords(&release, s.node.Settings().Wijk, lang)
		e, err := evaluation.Public(context.Background(), s.node, s.server.sums, words, lang)
		if err != nil {
			t.Fatal(err)
		}
		page, err := e.HTML()
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"ertrouwelijk", "onfidential", `"entries"`, `"sectors"`, "eriode ervoor", "eriod before", "/before"} {
			if bytes.Contains(page, []byte(secret)) {
				t.Errorf("%s: what is for everybody says %s", lang, secret)
			}
		}
		check := func(file []byte) *evaluation.Check {
			t.Helper()
			if _, err := evaluation.Verify(context.Background(), s.node, s.server.sums, file); !errors.Is(err, evaluation.ErrPublic) {
				t.Errorf("checked as one for inside: %v", err)
			}
			c, err := evaluation.VerifyPublic(context.Background(), s.node, s.server.sums, words, file)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		if c := check(page); !c.Same || !c.Journal {
			t.Errorf("%s: %+v", lang, c)
		}
		forged := bytes.Replace(page, []byte(`"issued":"2000"`), []byte(`"issued":"9000"`), 1)
		if c := check(forged); c.Same || len(c.Differences) != 1 || c.Differences[0].Ledger != "2000" {
			t.Errorf("%s, forged: %+v", lang, c)
		}
	}
	page := b.get("/circulatie/1.html").want(http.StatusOK).shows("Nieuw gemaakt", "2.000", "minstens 10 mensen of bedrijven", "Wat dit verslag niet laat zien", release.Hash)
	if page.header.Get("Content-Security-Policy") != evaluation.Policy() {
		t.Error("the page may do more than it needs")
	}
	if sheets := b.get("/circulatie/1.pdf").want(http.StatusOK); !strings.HasPrefix(sheets.text, "%PDF-") {
		t.Error("no sheets")
	}
	for _, wrong := range []string{"0.html", "2.pdf", "1.csv", "1", "x.html", "-1.html"} {
		b.get("/circulatie/" + wrong).want(http.StatusNotFound)
	}
}
