package web

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"grulden/internal/people"
	"grulden/internal/whatif"
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
		"Stel: deze regels golden al van", "Wat dit niet laat zien", "De kolom ‘Zoals het was’ is geteld.", "Wij nemen aan dat iedereen precies hetzelfde deed.",
		"Na 3 keer betalen kan het euro’s worden", "Elke maand gaat er 1", "De hele wijk", "Zoals het was",
		"Euro’s in de reserve", "100,00", "Betaald: 1e keer dat het telt", "Mocht euro’s worden door betalen", "Nu: Na 5 keer betalen van hand tot hand",
	).hides("Anna", "Korenbloem", "Bewoners", "Iedereen samen", "Uw eigen regels")
	if strings.Count(seen.words(), "Wat dit niet laat zien") != 1 {
		t.Error("what it does not show is said more than once, or not at all")
	}
	back := evaluator.page("/whatif?" + f.Encode())
	for value, here := range map[string]bool{"three": true, "month": true, "seven": false, "newest": false, "history": true, "usual": false, "own": false} {
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
	f := typedInto(board.page("/whatif"), "/whatif/seen", map[string]string{"grace": "10", "spending": "newest-first", "on": "usual"})
	f.Del("rules")
	f.Del("model")
	board.page("/whatif/seen?"+f.Encode()).shows(
		"Dit gebeurt in een verzonnen wijk", "Deze wijk is verzonnen", "Niets hiervan is gemeten", "50 bewoners (gebruikt het elke week)", "Dit is één worp van de dobbelstenen.", "Uw eigen regels", "Nieuw geld blijft 10 dagen evenveel waard.",
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

// asksWith sends the form of the page as a browser does, perhaps with a file.
func (b *browser) asksWith(f url.Values, file string) reply {
	b.t.Helper()
	return b.sendForm("/whatif/seen", f, "wijk.json", []byte(file))
}

// season is a made-up wijk of thirty that lives for a few weeks.
const season = `{"seed": 40, "days_before": 10, "days": 20,
	"residents": [{"name": "Onze <straat>", "count": 20, "tops_up": "50.00", "below": "20.00", "every_days": 7, "payments_per_week": 3, "least": "2.50", "most": "20.00"}],
	"shops": [{"count": 10, "draws": 1, "suppliers": 2, "buys": "40%", "redeems": "50%"}]}`

// TestAnEvaluatorMakesUpAWijk: the field begins with a model that is ready, what is
// wrong is said with its field, and the answer comes with what was taken for
// granted. The same can be had as a file and be changed, and nothing is kept.
func TestAnEvaluatorMakesUpAWijk(t *testing.T) {
	s := newSite(t, nil)
	s.resident("Anna", 10_00)
	evaluator := s.member(people.Evaluator, "Onderzoeker")
	form := evaluator.page("/whatif?start=young").shows("Zelf een wijk verzinnen", "Een verzonnen wijk: net begonnen", "Wij bewaren dit niet.", "Hoe vaak iemand per week wil betalen.", `"uses it now and then"`)
	if !ticked(form, "own") || ticked(form, "young") || ticked(evaluator.page("/whatif"), "own") {
		t.Error("whoever begins with a wijk has not chosen their own, or has without it")
	}
	f := url.Values{"on": {"own"}, "rules": {"three"}, "worlds": {"1"}, "model": {`{"residents": [{"name": "vaak", "count": 20, "tops_up": 50}]}`}}
	wrong := evaluator.asksWith(f, "").want(http.StatusUnprocessableEntity).
		shows("Deze wijk kan niet: residents, groep 1 (\"vaak\"): tops_up: schrijf een bedrag tussen aanhalingstekens", "\"tops_up\": 50")
	if !ticked(wrong, "own") || !ticked(wrong, "three") {
		t.Error("what was chosen is not chosen still")
	}
	f.Set("model", season)
	seen := evaluator.asksWith(f, "").want(http.StatusOK).shows(
		"Het is geen voorspelling.", "Elk getal over gewoonten is een aanname.", "Niets hiervan is gemeten.", "20 bewoners (Onze <straat>)", "10 winkels",
		"Dit is één worp van de dobbelstenen.", "Op weg naar euro’s", "Betaald: 5e keer dat het telt", "Mocht euro’s worden door betalen",
	).hides("Anna", "De geschiedenis")
	again := seen.form("/whatif/seen")
	again.Set("as", "json")
	var told struct {
		Worlds int
		Model  whatif.Model
	}
	if err := json.Unmarshal([]byte(evaluator.post("/whatif/seen", again).want(http.StatusOK).text), &told); err != nil || told.Model.Seed != 40 || told.Model.Residents[0].Count != 20 {
		t.Errorf("%+v, %v", told, err)
	}
	again.Set("as", "csv")
	evaluator.post("/whatif/seen", again).want(http.StatusOK).shows("De regels van nu", "ripe_hops")
	again.Set("as", "form")
	evaluator.post("/whatif/seen", again).want(http.StatusOK).shows("Onze <straat>", "Waarop wilt u ze proberen?")
	if strings.Contains(evaluator.page("/whatif").text, "straat") {
		t.Error("the model was kept")
	}
	evaluator.page("/desk/log").hides("straat")
}

// TestAFileIsTriedWhateverElseWasChosen, in several worlds; what fits into an
// address goes there.
func TestAFileIsTriedWhateverElseWasChosen(t *testing.T) {
	s := newSite(t, nil)
	s.resident("Anna", 10_00)
	board := s.member(people.Board, "Voorzitter")
	f := url.Values{"on": {"history"}, "rules": {"three", "seven"}, "worlds": {"10"}, "model": {"not looked at"}}
	seen := board.asksWith(f, season).want(http.StatusOK).shows(
		"Dezelfde wijk leefde 10 keer, elke keer met andere dobbelstenen (seed 40 tot en met 49).", "in 9 van de 10 werelden", "Dik: in 9 of meer van de 10 werelden",
		"× meer,", "× minder", "geen duidelijk verschil",
	).hides("één worp")
	if chosen := seen.form("/whatif/seen"); chosen.Get("model") != season || chosen.Get("worlds") != "10" || chosen.Has("file") {
		t.Errorf("%v", chosen)
	}
	at := board.asksWith(f, "").want(http.StatusSeeOther).to()
	if at != "/whatif/seen?on=history&rules=three&rules=seven&worlds=10" {
		t.Errorf("sent to %s", at)
	}
	board.page(at).shows("Stel: deze regels golden al van", "Dit jaar is één keer gebeurd. Of een verschil toeval is, ziet u hier niet.").hides("werelden", "seed")
	for as, want := range map[string]string{"csv": "/whatif.csv?", "json": "/whatif.json?", "form": "/whatif?"} {
		f.Set("as", as)
		if at := board.asksWith(f, "").want(http.StatusSeeOther).to(); !strings.HasPrefix(at, want) || strings.Contains(at, "as=") || strings.Contains(at, "model=") {
			t.Errorf("%s is sent to %s", as, at)
		}
	}
	f.Set("as", "exe")
	board.asksWith(f, "").want(http.StatusBadRequest)
}

// TestAWijkThatIsTooMuchForAPageIsRefusedInWords, and so is one that nobody knows, a
// file beyond the bound, and one's own as an address that cannot be read.
func TestAWijkThatIsTooMuchForAPageIsRefusedInWords(t *testing.T) {
	s := newSite(t, nil)
	s.resident("Anna", 10_00)
	evaluator := s.member(people.Evaluator, "Onderzoeker")
	f := url.Values{"on": {"own"}, "rules": {"three"}, "worlds": {"30"}, "model": {`{"days": 3000, "residents": [{"count": 9000, "payments_per_week": 9, "least": "1.00", "most": "2.00"}]}`}}
	evaluator.asksWith(f, "").want(http.StatusUnprocessableEntity).shows("Dit is hier te veel om uit te rekenen.", "minder dagen")
	f.Set("as", "csv")
	evaluator.asksWith(f, "").want(http.StatusUnprocessableEntity)
	f.Del("as")
	f.Set("worlds", "1") // one world that does not fit into memory beside itself
	f.Set("model", `{"residents": [{"count": 700, "payments_per_week": 9, "least": "1.00", "most": "2.00"}]}`)
	evaluator.asksWith(f, "").want(http.StatusUnprocessableEntity).shows("Dit is hier te veel om uit te rekenen.")
	evaluator.asksWith(f, strings.Repeat(" ", whatif.MaxFile+1)).want(http.StatusUnprocessableEntity).shows("Deze wijk kan niet: het is te groot. Het kan hoogstens 64 kB zijn.")
	evaluator.asksWith(f, strings.Repeat(" ", maxModelForm)).want(http.StatusRequestEntityTooLarge)
	evaluator.asksWith(url.Values{"on": {"own"}, "rules": {"three"}}, "").want(http.StatusUnprocessableEntity).shows("er staat niets. Begin met het voorbeeld.", `"payout_days": 3`)
	evaluator.get("/whatif/seen?on=mars&rules=three").want(http.StatusUnprocessableEntity).shows("Deze wijk kennen wij niet.")
	evaluator.get("/whatif.csv?on=own&rules=three&model=%7B").want(http.StatusNotFound)
	evaluator.post("/language", url.Values{"to": {"en"}, "back": {"/whatif"}}).want(http.StatusSeeOther)
	f.Set("model", `{"day": 3}`)
	evaluator.asksWith(f, "").want(http.StatusUnprocessableEntity).shows(`This neighbourhood cannot be: the field "day" is not known: look at its spelling, or take it out.`)
	s.login(s.resident("Bram", 0)).asksWith(f, "").want(http.StatusForbidden)
}

// TestTheLastQuestionOfAPersonIsTheOneThatCounts: an earlier one ends, others go on,
// and whoever goes away or waits too long is not reckoned for.
func TestTheLastQuestionOfAPersonIsTheOneThatCounts(t *testing.T) {
	a := newTrying()
	first, _ := a.begin(t.Context(), people.ID{1})
	other, done := a.begin(t.Context(), people.ID{2})
	second, end := a.begin(t.Context(), people.ID{1})
	if !errors.Is(context.Cause(first), errReplaced) || other.Err() != nil || second.Err() != nil {
		t.Errorf("%v, %v, %v", context.Cause(first), other.Err(), second.Err())
	}
	if until, bounded := second.Deadline(); !bounded || time.Until(until) > writeTimeout {
		t.Error("the connection ends before the question does")
	}
	gone, leave := context.WithCancel(t.Context())
	third, _ := a.begin(gone, people.ID{3})
	leave()
	if third.Err() == nil {
		t.Error("whoever went away is still reckoned for")
	}
	end()
	done()
	if len(a.last) != 1 { // the third never ended by itself
		t.Errorf("%d are remembered", len(a.last))
	}

	s := newSite(t, nil).server
	q := url.Values{"on": {"own"}, "rules": {"three"}, "model": {season}}
	r := httptest.NewRequestWithContext(gone, http.MethodGet, "/whatif/seen?"+q.Encode(), nil)
	if _, _, err := s.outcome(r, visit{lang: "nl", person: people.Person{ID: people.ID{1}}}, q); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	s.trying.turn <- struct{}{} // somebody else's takes long
	before := make(chan error)
	go func() {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/whatif/seen", nil)
		_, _, err := s.outcome(r, visit{lang: "nl", person: people.Person{ID: people.ID{1}}}, q)
		before <- err
	}()
	for waiting := false; !waiting; runtime.Gosched() {
		s.trying.mu.Lock()
		waiting = s.trying.last[people.ID{1}] != nil
		s.trying.mu.Unlock()
	}
	_, end = s.trying.begin(t.Context(), people.ID{1})
	defer end()
	if err := <-before; !errors.Is(err, errReplaced) || whatIfProblem("nl", err) == "" {
		t.Error(err)
	}
}
