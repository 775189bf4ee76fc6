package web

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"grulden/internal/disclosure"
	"grulden/internal/foureyes"
	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
	"grulden/web/page"
)

// lively lets so many residents and shops live for three months.
func (s *site) lively(residents, shops int) {
	s.t.Helper()
	account := func(role string, i int) ledger.AccountID {
		id := ledger.AccountID(1_000_000 + i)
		s.submit(ledger.Open{Account: id, Owner: ledger.OwnerID(id), Role: role})
		return id
	}
	var sellers []ledger.AccountID
	for i := range shops {
		sellers = append(sellers, account("merchant", i))
	}
	for i := range residents {
		from := account("resident", shops+i)
		s.submit(ledger.Issue{To: from, Amount: 100_00})
		s.submit(ledger.Pay{ID: ledger.ID{1, byte(i)}, From: from, To: sellers[i%shops], Amount: 60_00})
	}
	for i, seller := range sellers {
		s.submit(ledger.Pay{ID: ledger.ID{2, byte(i)}, From: seller, To: sellers[(i+1)%shops], Amount: 20_00})
	}
	s.clock.add(125 * 24 * time.Hour) // from 2 March to 5 July
}

func (s *site) logged(kind logbook.Kind) (n int) {
	s.t.Helper()
	all, err := s.server.logbook.List(0, 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range all {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

func TestFiguresArePublishedByTwoAndThenForEverybody(t *testing.T) {
	s := newSite(t, nil)
	s.lively(20, 12)
	eva := s.member(people.Evaluator, "Eva")
	treasurer := s.add(people.Person{Role: people.Treasurer, Name: "Penning"}, 0)
	everybody := s.browser()
	everybody.page("/circulatie").shows("nog geen cijfers openbaar", "Wat zeggen deze cijfers niet?")
	draft := eva.page("/report/publish").shows("1 maart 2026", "30 juni 2026", "Dit ziet straks iedereen", "2.000 Grulden")
	form := draft.form("/report/publish")
	eva.post("/report/publish", form).want(http.StatusSeeOther)
	eva.page("/report/publish").shows("Dit wacht op een tweede mens")
	eva.post("/report/publish", form).want(http.StatusSeeOther)
	eva.post("/report/publish", url.Values{"form": {newFormID()}}).want(http.StatusSeeOther) // asked already
	if open, err := s.server.foureyes.Open(); err != nil || len(open) != 1 {
		t.Fatalf("%d proposals: %v", len(open), err)
	}
	everybody.page("/circulatie").hides("2.000")
	at := "/desk/proposals/" + s.first(kindPublish).ID.String()
	s.login(treasurer).page(at).shows("1 maart 2026", "2.000 Grulden", "wordt niet getoond")
	if p, err := s.agree(treasurer.ID); err != nil || p.State != foureyes.Done {
		t.Fatalf("%+v, %v", p, err)
	}
	public := everybody.page("/circulatie").shows(
		"Nieuw gemaakt", "2.000 Grulden", "Betaald", "1.440 Grulden", "minstens 10 mensen of bedrijven", "Controlecode", "Niet getoond", "dit gaat over 121 dagen",
	)
	public.hides("Eva", "Penning", "te groot deel")
	var file struct{ Releases []disclosure.Release }
	if err := json.Unmarshal([]byte(everybody.page("/circulatie.json").text), &file); err != nil || len(file.Releases) != 1 {
		t.Fatalf("%+v, %v", file, err)
	}
	if v := file.Releases[0].Figure("issued"); v == nil || v.FloatString(0) != "2000" {
		t.Errorf("issued in the file: %v", v)
	}
	eva.page("/report/publish").shows("nog niet voorbij", "1 oktober 2026")
	eva.post("/report/publish", url.Values{"form": {newFormID()}}).want(http.StatusConflict).shows("Er is niets gebeurd")
}

func TestFiguresAreCountedAgainOneAtATime(t *testing.T) {
	s := newSite(t, nil)
	noMonths, err := json.Marshal(disclosure.Release{})
	if err != nil {
		t.Fatal(err)
	}
	p := &foureyes.Proposal{Kind: kindPublish, Body: noMonths}
	gone, leave := context.WithCancel(t.Context())
	leave()
	err = s.server.oneAtATime(t.Context(), func() error { return s.server.checkPublish(gone, p) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("it did not wait for what else is made: %v", err)
	}
	if err := s.server.checkPublish(t.Context(), p); !errors.Is(err, disclosure.ErrMonths) {
		t.Errorf("when it is its turn: %v", err)
	}
}

func TestWhoProposesFiguresDoesNotPublishThem(t *testing.T) {
	s := newSite(t, nil)
	s.lively(12, 11)
	treasurer := s.member(people.Treasurer, "Penning")
	other := s.add(people.Person{Role: people.Treasurer, Name: "Tweede"}, 0)
	chair := s.add(people.Person{Role: people.Board, Name: "Voorzitter"}, 0)
	treasurer.post("/report/publish", treasurer.page("/report/publish").form("/report/publish")).want(http.StatusSeeOther)
	p := s.first(kindPublish)
	for _, who := range []people.ID{p.By, other.ID} {
		if _, err := s.agree(who); err == nil {
			t.Error("a treasurer approved what a treasurer proposed")
		}
	}
	s.clock.add(24 * time.Hour)
	if p, err := s.agree(chair.ID); err != nil || p.State != foureyes.Done {
		t.Errorf("%+v, %v", p, err)
	}
	s.login(s.resident("Anna", 0)).get("/report/publish").want(http.StatusForbidden)
}

func TestFewShopsMakeAPublicPageThatSaysSo(t *testing.T) {
	s := newSite(t, nil)
	s.lively(12, 3)
	chair := s.add(people.Person{Role: people.Board, Name: "Voorzitter"}, 0)
	treasurer := s.member(people.Treasurer, "Penning")
	draft := treasurer.page("/report/publish").shows("te weinig mensen of winkels")
	treasurer.post("/report/publish", draft.form("/report/publish")).want(http.StatusSeeOther)
	if _, err := s.agree(chair.ID); err != nil {
		t.Fatal(err)
	}
	s.browser().page("/circulatie").shows("Dat zeggen we hier niet", "Niet getoond").hides("780", "720", "te weinig")
}

func TestOpeningTheFiguresIsLoggedOnceADayAndPeriod(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	s.pays(anna, bakker, 1, 1000)
	s.clock.add(40 * 24 * time.Hour) // so that March is not all there is
	eva, piet := s.member(people.Evaluator, "Eva"), s.member(people.Treasurer, "Piet")
	seen := func(what string, want int) {
		t.Helper()
		if got := s.logged(actFigures); got != want {
			t.Errorf("%s: %d lines in the logbook, want %d", what, got, want)
		}
	}
	seen("nobody looked", 0)
	eva.page("/report")
	eva.page("/report")
	seen("twice on one day", 1)
	piet.page("/report")
	seen("somebody else", 2)
	eva.page("/report?from=2026-03-01&to=2026-03-31")
	seen("another period", 3)
	eva.page("/report.csv?from=2026-03-01&to=2026-03-31")
	seen("the same as a file", 3)
	s.clock.add(24 * time.Hour)
	eva.page("/report")
	seen("the next day", 4)
	s.login(anna).get("/report").want(http.StatusForbidden)
	s.browser().page("/circulatie")
	seen("who may not, and what is public", 4)
	s.member(people.Board, "Voorzitter").page("/desk/log").shows("Alle cijfers bekeken", "2026-03-01")
}

// Every line of the logbook is an entry of the journal, and stays for ever.
func TestMadeUpAddressesOfFiguresLeaveFewLines(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	s.pays(anna, bakker, 1, 1000)
	s.clock.add(60 * 24 * time.Hour) // from 2 March to 1 May
	eva := s.member(people.Evaluator, "Eva")
	before := s.node.Length()
	for i := range 20 {
		eva.get(fmt.Sprintf("/report?period=%d", i))
		eva.get(fmt.Sprintf("/report?from=%d", i))
		eva.get(fmt.Sprintf("/report?from=%d-01-01&to=%d-01-01", 1000+i, 3000+i))
		eva.get(fmt.Sprintf("/report?from=%d-01-01", 3000+i))
	}
	if got := s.logged(actFigures); got != 1 {
		t.Errorf("%d lines say that all figures were seen", got)
	}
	for i := range 20 {
		eva.get(fmt.Sprintf("/report?from=2026-03-%02d&to=2026-04-%02d", 2+i, 1+i))
	}
	if got, added := s.logged(actFigures), s.node.Length()-before; got != 2 || added > 2 {
		t.Errorf("%d lines and %d entries, want one more: March and April", got, added)
	}
}

// Stricter rules hold for what is published under them, once they count.
func TestTheWijkDecidesHowManyMakeAFigurePublic(t *testing.T) {
	s := newSite(t, nil)
	rules := s.node.Rules()
	s.browser().page("/rules").shows("ten minste 10 mensen of bedrijven")
	rules.Publishing.Owners, rules.Publishing.Months = 30, 6
	if err := s.node.SetRules(s.node.Today(), rules); err != nil {
		t.Fatal(err)
	}
	s.browser().page("/rules").shows("ten minste 30 mensen of bedrijven", "over 6 maanden of meer")
	s.lively(20, 12)
	treasurer := s.member(people.Treasurer, "Penning")
	treasurer.page("/report/publish").shows("nog niet voorbij", "1 oktober 2026")
	s.clock.add(90 * 24 * time.Hour)
	s.login(s.add(people.Person{Role: people.Treasurer, Name: "Tweede"}, 0)).page("/report/publish").
		shows("te weinig mensen of winkels", "1 maart 2026", "30 september 2026").hides("2.000 Grulden")
}

// publishes has the next figures published by two.
func (s *site) publishes() {
	s.t.Helper()
	treasurer := s.member(people.Treasurer, "Penning")
	treasurer.post("/report/publish", treasurer.page("/report/publish").form("/report/publish")).want(http.StatusSeeOther)
	if _, err := s.agree(s.add(people.Person{Role: people.Board, Name: "Voorzitter"}, 0).ID); err != nil {
		s.t.Fatal(err)
	}
}

func TestWhatIsToldApartIsInTheProposalOnThePageAndInTheReport(t *testing.T) {
	s := newSite(t, nil)
	s.lively(20, 12)
	eva := s.member(people.Evaluator, "Eva")
	eva.page("/report/publish").shows("Hoe vaak was het geld betaald dat er op de laatste dag was?", "1 keer", "60 %")
	s.publishes()
	rows := []string{"Hoe vaak was het geld betaald", "0 keer", "40 %", "Bij wie smolt geld?", "bewoners", "10 Grulden"}
	s.browser().page("/circulatie").shows(append(rows, "afgerond op 10", "Meer cijfers")...).
		hides("20 Grulden terug", "220") // what came back to few, and what would tell it
	s.browser().page("/circulatie/1.html").shows(append(rows[:1], "Deel", "bewoners")...)
}

func TestReleasesStandBesideEachOther(t *testing.T) {
	s := newSite(t, nil)
	s.lively(20, 12)
	s.publishes()
	s.browser().page("/circulatie").hides("Vergelijk de maanden")
	s.clock.add(92 * 24 * time.Hour)
	s.publishes()
	s.browser().page("/circulatie").shows("Vergelijk de maanden", "Van 1 juli 2026 tot en met 30 september 2026", "0 Grulden", "0,7 keer")
}

// What was taken away shows, and what is left stays to be read.
func TestAReleaseThatIsGoneShowsOnThePage(t *testing.T) {
	s := newSite(t, nil)
	s.lively(20, 12)
	s.publishes()
	s.browser().page("/circulatie").hides("weggehaald")
	sum := sha256.Sum256([]byte("grulden release 1\x002")) // the second is in the journal, and nowhere else
	_, err := s.node.Submit(t.Context(), node.Request{
		Auth: record.Auth{How: record.ByOperator}, Command: ledger.Note{About: logbook.Published}, Key: ledger.Key(sum[:16]),
	})
	if err != nil {
		t.Fatal(err)
	}
	s.browser().page("/circulatie").shows("veranderd of weggehaald", "2.000 Grulden")
	if text := s.browser().page("/circulatie.json").text; !strings.Contains(text, `"broken":true`) {
		t.Errorf("the file does not say so: %s", text)
	}
	s.browser().get("/circulatie/1.html").want(http.StatusOK)
	s.member(people.Evaluator, "Eva").get("/report/publish").want(http.StatusConflict).shows("Er is niets gebeurd")
}

// Every figure of a release has its words, and every reason too.
func TestEveryPublishedFigureHasItsWords(t *testing.T) {
	words := map[string]bool{}
	for _, w := range tableWords {
		for _, lang := range page.Languages() {
			if lang.Text(w.word) == string(w.word) || lang.Text(w.help) == string(w.help) {
				t.Errorf("%s has no words for the table %s", lang, w.key)
			}
		}
	}
	for _, f := range figureWords {
		words[f.key] = true
		for _, lang := range page.Languages() {
			for _, key := range []page.Key{f.word, f.help, f.unit} {
				if lang.Text(key) == string(key) {
					t.Errorf("%s has no words for %s", lang, key)
				}
			}
		}
	}
	s := newSite(t, nil)
	s.lively(12, 11)
	d, err := s.server.draftRelease(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range d.Figures {
		if table, _, apart := strings.Cut(f.Key, "."); apart {
			at := slices.IndexFunc(tableWords, func(w tableWord) bool { return w.key == table })
			if at < 0 || tableWords[at].rowText(f.Key).NL == "" || tableWords[at].rowText(f.Key).EN == "" {
				t.Errorf("no words for the row %s", f.Key)
			}
			continue
		}
		if part := strings.HasPrefix(f.Key, "paid_"); !words[f.Key] && !part {
			t.Errorf("%s is published and not told", f.Key)
		}
		delete(words, f.Key)
	}
	if len(words) > 0 {
		t.Errorf("told and never published: %s", fmt.Sprint(words))
	}
	for _, c := range d.Cells {
		if hiddenWords[c.Why] == "" {
			t.Errorf("no words for %q", c.Why)
		}
	}
}
