package web

import (
	"encoding/csv"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"grulden/demurrage"
	"grulden/internal/people"
	"grulden/internal/report"
	"grulden/web/page"
)

// circulation is a wijk of some residents and a shop, and an evaluator of it.
func circulation(t *testing.T, residents int) (s *site, all []people.Person, shop people.Person, evaluator *browser) {
	t.Helper()
	s = newSite(t, nil)
	for i := range residents {
		all = append(all, s.resident(fmt.Sprintf("Bewoner %d", i+1), 5000))
	}
	return s, all, s.shop("Bakker"), s.login(s.add(people.Person{Role: people.Evaluator, Name: "Onderzoeker"}, 0))
}

func TestTheAnswerFollowsFromWhatWasPaidAgain(t *testing.T) {
	s, all, shop, evaluator := circulation(t, 10)
	evaluator.page("/report").shows("Dat is nog niet te zeggen.", "In deze tijd is er niets betaald.")
	s.pays(all[0], shop, 1, 1000)
	evaluator.page("/report").shows("Dat is nog niet te zeggen.", "Er deden minder dan 10 mensen en winkels mee.")
	for i, anna := range all[1:] {
		s.pays(anna, shop, byte(2+i), 1000)
	}
	evaluator.page("/report").shows("Nee, nog niet.", "was 0 al eerder betaald", "0,20 keer", "betaling 1 begon 100,00", "11", "10 betaalden en 1 kregen betaald")
	s.clock.add(24 * time.Hour)
	s.pays(shop, all[0], 20, 50)
	evaluator.page("/report").shows("Voor een deel.", "was minder dan 1 al eerder betaald")
	s.pays(shop, all[1], 21, 9950)
	evaluator.page("/report").shows("Ja, het geld loopt rond.", "was 50 al eerder betaald")
}

func TestRoundingMakesNoNoughtAndNoHundred(t *testing.T) {
	b := page.Base{Lang: page.Dutch}
	for share, want := range map[string]string{
		"0": "0", "1/1000": "minder dan 1", "1/100": "1", "145/1000": "15", "99/100": "99", "999/1000": "meer dan 99", "1": "100", "5/2": "250",
	} {
		r, _ := new(big.Rat).SetString(share)
		if got := outOf100(b, r); got != want {
			t.Errorf("%s: %s of a hundred, want %s", share, got, want)
		}
	}
}

// TestAFigureSaysWhatItWasInThePeriodBefore: 20 a day, then 30 the next day; and the
// page of all days says that there is nothing before them.
func TestAFigureSaysWhatItWasInThePeriodBefore(t *testing.T) {
	s, all, shop, evaluator := circulation(t, 2)
	s.pays(all[0], shop, 1, 2000)
	s.clock.add(24 * time.Hour)
	s.pays(all[0], shop, 2, 1500)
	s.pays(all[1], shop, 3, 1500)
	day := s.node.Today()
	at := "?from=" + day.String() + "&to=" + day.String()
	before := "Vergeleken met de periode ervoor: " + (report.Period{From: day - 1, To: day - 1}).Text().NL + "."
	evaluator.page("/report"+at).shows(before, "Ervoor: 0,20 keer", "Ervoor: 2 (+50,0 %)", "Ervoor: 0,00 (gelijk)")
	evaluator.page("/report/flow"+at).shows(before, "30,00", "Ervoor: 20,00 (+50,0 %)", "keer per jaar)")
	evaluator.page("/report/figures"+at).shows(before, "Ervoor: 100,0 (gelijk)")
	for _, path := range []string{"/report", "/report/flow", "/report/figures"} {
		evaluator.page(path).shows("Er is geen periode ervoor om mee te vergelijken.").hides("Ervoor:")
	}
	evaluator.page("/report/network" + at).hides("Vergeleken") // it has no single figures
	if csv := evaluator.get("/report.csv" + at).text; strings.Contains(csv, "more_unit") {
		t.Error("the file of the page has another form")
	}
}

// TestAChartStandsAsATableAndAsAFile holds the cells of a page, which the chart is
// drawn from, against the file beside them.
func TestAChartStandsAsATableAndAsAFile(t *testing.T) {
	s, all, shop, evaluator := circulation(t, 2)
	s.pays(all[0], shop, 1, 1234)
	five := evaluator.page("/report/five?from=2026-01-01&to=2026-12-31").shows("12,34", "Hoe geteld", "Versie 1 van deze uitleg.")
	var cells []string
	var file string
	for n := range five.byID("hops").Descendants() {
		if n.Type == html.ElementNode && n.Data == "td" {
			cells = append(cells, attr(n, "data-value"))
		}
		if strings.HasPrefix(attr(n, "href"), "/report/table/hops.csv") {
			file = attr(n, "href")
		}
	}
	if file != "/report/table/hops.csv?from=2026-03-02&to=2026-03-02" {
		t.Fatalf("the file is at %q, want the days that the figures are about", file)
	}
	r := evaluator.page(file)
	if got := r.header.Get("Content-Disposition"); got != `attachment; filename="grulden-hops-2026-03-02-2026-03-02.csv"` {
		t.Errorf("sent as %s", got)
	}
	rows, err := csv.NewReader(strings.NewReader(r.text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var filed []string
	for _, row := range rows[1:] {
		filed = append(filed, row[4:len(row)-1]...)
	}
	if !slices.Equal(cells, filed) || !slices.Contains(cells, "12.34") {
		t.Errorf("the page has %q, the file %q", cells, filed)
	}
	for _, path := range []string{"/report/nothing", "/report/table/nothing.csv", "/report/table/hops", "/report/table/hops.csv?from=2030-01-01"} {
		evaluator.get(path).want(http.StatusNotFound)
	}
	for _, path := range []string{"/report/flow", "/report/map", "/report/figures"} {
		evaluator.page(path + "?from=2030-01-01").shows("Er is nog niets te tellen.")
		evaluator.get(path + "?from=2026-03-31&to=2026-03-01").want(http.StatusUnprocessableEntity).shows("Kies een eerste dag")
	}
}

func TestEveryTableHasOneQuestion(t *testing.T) {
	for _, key := range report.TableKeys() {
		var in []string
		for _, q := range topics {
			if slices.Contains(q.keys(), key) {
				in = append(in, q.path)
			}
		}
		if len(in) != 1 {
			t.Errorf("table %q is on the pages %q, want one", key, in)
		}
	}
}

func TestThePeriodsToChooseAreThoseOfTheCalendar(t *testing.T) {
	for _, tt := range []struct {
		today string
		want  []string
	}{
		{"2026-02-28", []string{"2026-02-01 2026-02-28", "2026-01-01 2026-03-31", "2025-10-01 2025-12-31", "2026-01-01 2026-06-30", "2026-01-01 2026-12-31"}},
		{"2028-12-31", []string{"2028-12-01 2028-12-31", "2028-10-01 2028-12-31", "2028-07-01 2028-09-30", "2028-07-01 2028-12-31", "2028-01-01 2028-12-31"}},
	} {
		today, err := demurrage.ParseDay(tt.today)
		if err != nil {
			t.Fatal(err)
		}
		at := reportSpan{head: page.ReportHead{Here: "/x"}, asked: "?from=" + strings.Replace(tt.want[1], " ", "&to=", 1)}
		at.choose(today)
		for i, c := range at.head.Choices {
			want := "/x"
			if i < len(tt.want) {
				want += "?from=" + strings.Replace(tt.want[i], " ", "&to=", 1)
			}
			if c.Href != want || c.Here != (i == 1) {
				t.Errorf("on %s: %s leads to %s, chosen %t, want %s", tt.today, c.Word, c.Href, c.Here, want)
			}
		}
	}
}

func TestTheMapOfPaymentsShowsShopsAndNobodyElse(t *testing.T) {
	s, all, bakker, evaluator := circulation(t, 2)
	kapper, leeg := s.shop("Kapper"), s.shop("Leeg")
	s.setMap()
	s.setProfile(bakker, func(p *people.Profile) { p.Place = people.Place{Known: true, Lon: 5000, Lat: 3000} })
	s.setProfile(leeg, func(p *people.Profile) { p.Place = people.Place{Known: true, Lon: 5000, Lat: 3000} })
	s.pays(all[0], bakker, 1, 3000)
	s.pays(all[1], kapper, 2, 750)
	s.pays(all[1], all[0], 3, 250)
	r := evaluator.page("/report/map").shows("30,00", "75,0 %", "7,50", "18,8 %", "1 van deze winkels staan niet op de kaart", "Alleen voor wie dit mag zien")
	r.hides("Leeg", "Bewoner 1", "Bewoner 2")
	if rings := strings.Count(r.text, `r="`+strconv.Itoa(widest)+`"`); rings != 1 {
		t.Errorf("%d rings of the widest, want one around the shop that was paid most", rings)
	}
	for _, other := range []people.Person{all[0], bakker} {
		s.login(other).get("/report/map").want(http.StatusForbidden)
	}
	s.desk().get("/report/map").want(http.StatusForbidden)
}

// TestTheRingsOfTheMapHaveTheSurfaceOfTheAmount: a quarter of the money is half as
// wide.
func TestTheRingsOfTheMapHaveTheSurfaceOfTheAmount(t *testing.T) {
	if ring(400, 400) != widest || ring(100, 400) != widest/2 || ring(0, 400) != 0 {
		t.Errorf("rings of %d, %d and %d", ring(400, 400), ring(100, 400), ring(0, 400))
	}
}

func TestAHiddenNumberIsNotOnThePage(t *testing.T) {
	at := reportSpan{figures: &report.Report{}, head: page.ReportHead{Base: page.Base{Lang: page.Dutch}}}
	table := report.Table{
		Key: "secret", Chart: report.Bars, Columns: []report.Column{{Key: "a"}},
		Rows: []report.Row{{Cells: []report.Cell{{Value: big.NewRat(4711, 1), Hidden: true}}}},
	}
	cell := at.figure(page.Dutch, table).Rows[0].Cells[0]
	if !cell.Hidden || cell.Value != "" || cell.Shown != "–" {
		t.Errorf("the hidden cell is %+v", cell)
	}
}
