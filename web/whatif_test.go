package web

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"grulden/internal/people"
	"grulden/ledger"
)

// TestAnEvaluatorTriesOtherRulesOnTheLastYear: what is asked on the form is
// answered with what it does not show, in the tables of a wijk too small for
// groups, and nobody is named.
func TestAnEvaluatorTriesOtherRulesOnTheLastYear(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 100_00), s.shop("De Korenbloem")
	s.submit(ledger.Pay{ID: ledger.ID{1}, From: anna.Account, To: bakker.Account, Amount: 40_00})
	s.clock.add(60 * 24 * time.Hour)
	evaluator := s.member(people.Evaluator, "Onderzoeker")
	form := evaluator.page("/whatif").shows("Wat als de regels anders waren?", "Op ons eigen laatste jaar", "Na 3 keer betalen", "Zelf regels invullen")
	f := typedInto(form, "/whatif/seen", map[string]string{"spending": "melts-first"})
	f["rules"] = []string{"three", "month"}
	seen := evaluator.page("/whatif/seen?"+f.Encode()).shows(
		"Stel: deze regels golden al van", "Wat dit niet laat zien", "Wij nemen aan dat iedereen precies hetzelfde deed.",
		"Na 3 keer betalen kan het euro’s worden", "Elke maand gaat er 1", "De hele wijk", "Zoals het was",
		"Euro’s in de reserve", "100,00", "Nu: Na 5 keer betalen van hand tot hand",
	).hides("Anna", "Korenbloem", "Bewoners", "Iedereen samen", "Uw eigen regels")
	if strings.Count(seen.words(), "Wat dit niet laat zien") != 1 {
		t.Error("what it does not show is said more than once, or not at all")
	}
	back := evaluator.page("/whatif?" + f.Encode())
	for value, here := range map[string]bool{"three": true, "month": true, "seven": false, "newest": false, "history": true, "model": false} {
		if got := ticked(back, value); got != here {
			t.Errorf("back from the answer, %s is chosen: %v", value, got)
		}
	}
}

// ticked tells whether an answer of the form is chosen.
func ticked(r reply, value string) bool {
	for n := range r.parse().Descendants() {
		if n.Data != "input" || attr(n, "value") != value {
			continue
		}
		for _, a := range n.Attr {
			if a.Key == "checked" {
				return true
			}
		}
	}
	return false
}

// TestOnesOwnRulesAreTriedOnAMadeUpWijk: any figure and another order of
// spending, and the same as files.
func TestOnesOwnRulesAreTriedOnAMadeUpWijk(t *testing.T) {
	s := newSite(t, nil)
	board := s.member(people.Board, "Voorzitter")
	f := typedInto(board.page("/whatif"), "/whatif/seen", map[string]string{"grace": "10", "spending": "newest-first", "on": "model"})
	f.Del("rules")
	board.page("/whatif/seen?"+f.Encode()).shows(
		"Dit gebeurt in een verzonnen wijk", "Deze wijk is verzonnen", "Uw eigen regels", "Nieuw geld blijft 10 dagen evenveel waard.",
		"Wat iemand het laatst kreeg", "Nu: Wat het eerst smelt", "Iedereen samen (144)", "Bewoners die weinig betaalden en kregen (40)", "Winkels die veel",
	)
	lines, err := csv.NewReader(strings.NewReader(board.page("/whatif.csv?" + f.Encode()).text)).ReadAll()
	if err != nil || len(lines) < 100 || lines[1][4] != "De regels van nu" || lines[2][4] != "Uw eigen regels" {
		t.Errorf("%d lines, %v", len(lines), err)
	}
	var told struct {
		Model     *struct{ Seed uint64 }
		Scenarios []struct {
			Spending string
			Grace    int `json:"grace_days"`
		}
	}
	if err := json.Unmarshal([]byte(board.page("/whatif.json?"+f.Encode()).text), &told); err != nil || told.Model == nil || told.Model.Seed != 1 || len(told.Scenarios) != 2 ||
		told.Scenarios[1].Spending != "newest-first" || told.Scenarios[1].Grace != 10 || told.Scenarios[0].Grace != 30 {
		t.Errorf("%+v, %v", told, err)
	}
}

func TestAQuestionThatCannotBeTriedIsRefusedInWords(t *testing.T) {
	s := newSite(t, nil)
	s.resident("Anna", 10_00)
	evaluator := s.member(people.Evaluator, "Onderzoeker")
	own := typedInto(evaluator.page("/whatif"), "/whatif/seen", nil)
	own.Del("rules")
	with := func(name, value string) url.Values {
		f := url.Values{}
		for key, values := range own {
			f[key] = values
		}
		f.Set(name, value)
		return f
	}
	for _, c := range []struct {
		f    url.Values
		says string
	}{
		{url.Values{}, "Kies ten minste één regel"},
		{own, "Kies ten minste één regel"}, // today's rules
		{url.Values{"rules": {"unheard-of"}}, "Kies ten minste één regel"},
		{with("rate", "veel"), "Wat gaat eraf?"},
		{with("rate", "5"), "kan de munt niet werken"},
		{with("hops", "0"), "kan de munt niet werken"},
		{with("spending", "mixed"), "Welk geld gaat eerst?"},
	} {
		evaluator.get("/whatif/seen?" + c.f.Encode()).want(http.StatusUnprocessableEntity).shows(c.says)
		evaluator.get("/whatif.csv?" + c.f.Encode()).want(http.StatusNotFound)
	}
	s.browser().get("/whatif").want(http.StatusSeeOther)
}

// TestWhatIsChosenTwiceIsTriedOnce: one's own rules that are those of a tick are
// not a second scenario, nor are well-known rules that hold already.
func TestWhatIsChosenTwiceIsTriedOnce(t *testing.T) {
	now := ledger.DefaultPolicy()
	now.Redeemers = nil
	s := newSite(t, nil)
	s.resident("Anna", 10_00)
	v := visit{lang: "nl"}
	q, err := s.server.questionOf(v)
	if err != nil {
		t.Fatal(err)
	}
	typed := url.Values{"rules": {"three", "three"}, "spending": {"melts-first"}}
	for _, f := range q.figures {
		typed.Set(f.Name, f.Value)
	}
	typed.Set("hops", "3")
	typed.Set("spending", "melts-first")
	if err := q.read("nl", typed); err != nil || len(q.others) != 1 || q.others[0].Policy.Hops != 3 {
		t.Errorf("%+v, %v", q.others, err)
	}
	empty := now
	empty.Redeemers = []string{}
	if !samePolicy(now, empty) || samePolicy(now, ledger.DefaultPolicy()) {
		t.Error("nobody may redeem is one rule, however it is written")
	}
}

// TestTheAnswerIsInTheLanguageOfTheVisitor, the names of rules and the figures
// with their decimals too.
func TestTheAnswerIsInTheLanguageOfTheVisitor(t *testing.T) {
	s := newSite(t, nil)
	s.resident("Anna", 1234_50)
	treasurer := s.member(people.Treasurer, "Penningmeester")
	treasurer.page("/desk").shows("Wat als")
	treasurer.page("/whatif/seen?rules=seven&rules=newest").shows("1.234,50", "Na 7 keer betalen kan het euro’s worden", "Het nieuwste geld gaat eerst", "Wat iemand het laatst kreeg")
	treasurer.post("/language", url.Values{"to": {"en"}, "back": {"/whatif"}}).want(http.StatusSeeOther)
	treasurer.page("/whatif").shows("What if the rules were others?", "A real coin cannot do this here")
	treasurer.page("/whatif/seen?rules=seven&rules=newest").shows("1,234.50", "Euros after 7 payments", "The newest money goes first", "As it was",
		"Everybody is taken to have done exactly what they did.", "Euros in the reserve", "Velocity of transfer").hides("Zoals het was")
}

// TestWhatTakesACoreWaitsItsTurn: a second one begins when the first is ready, a
// fault passes the turn on as well, and who goes away stops waiting.
func TestWhatTakesACoreWaitsItsTurn(t *testing.T) {
	s := newSite(t, nil).server
	first, second := make(chan struct{}), make(chan struct{})
	var order []string
	done := make(chan error, 2)
	go func() {
		done <- s.oneAtATime(t.Context(), func() error {
			close(first)
			<-second
			order = append(order, "first")
			return errBadForm
		})
	}()
	<-first
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := s.oneAtATime(gone, func() error { t.Error("it was let in"); return nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	go func() {
		done <- s.oneAtATime(t.Context(), func() error {
			order = append(order, "second")
			return nil
		})
	}()
	close(second)
	if a, b := <-done, <-done; !errors.Is(a, errBadForm) && !errors.Is(b, errBadForm) || strings.Join(order, " ") != "first second" {
		t.Errorf("%v: %v, %v", order, a, b)
	}
}
