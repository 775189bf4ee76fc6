package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"grulden/demurrage"
	"grulden/internal/foureyes"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/ledger"
)

// typedInto is the form of an address with some figures changed.
func typedInto(r reply, action string, changes map[string]string) url.Values {
	r.t.Helper()
	f := url.Values{}
	for name, values := range r.form(action) {
		f[name] = values
	}
	for _, node := range []string{"every", "merchants", "residents", "between", "payoutday"} {
		f.Del(node) // radio buttons: a browser sends the chosen one
	}
	for n := range r.parse().Descendants() {
		if n.Data == "input" && attr(n, "type") == "radio" {
			for _, a := range n.Attr {
				if a.Key == "checked" {
					f.Set(attr(n, "name"), attr(n, "value"))
				}
			}
		}
	}
	for name, value := range changes {
		f.Set(name, value)
	}
	return f
}

// TestNewRulesOfTheCoinAreTriedDecidedAnnouncedAndTakeEffect is the whole way:
// what they would have done, the board's agreement, the lines in app, till and
// on paper, and the day on which they hold.
func TestNewRulesOfTheCoinAreTriedDecidedAnnouncedAndTakeEffect(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 100_00), s.shop("De Korenbloem")
	s.submit(ledger.Pay{ID: ledger.ID{1}, From: anna.Account, To: bakker.Account, Amount: 40_00})
	s.clock.add(60 * 24 * time.Hour)
	chair := s.add(people.Person{Role: people.Board, Name: "Voorzitter"}, 0)
	treasurer := s.member(people.Treasurer, "Penningmeester")

	form := treasurer.page("/desk/rules/coin").shows("Dat kan vanaf 1 juni 2026")
	f := typedInto(form, "/desk/rules/coin/try", map[string]string{"rate": "1", "every": "month", "hops": "1"})
	seen := treasurer.page("/desk/rules/coin/try?"+f.Encode()).
		shows("Wat had dit gedaan?", "Iedereen samen (2)", "Gesmolten", "Betalingen die niet konden").hides("Anna", "Korenbloem")
	send := seen.form("/desk/rules/coin")
	treasurer.post("/desk/rules/coin", send).want(http.StatusUnprocessableEntity) // without a reason
	send.Set("why", "Er ligt te veel geld stil")
	treasurer.post("/desk/rules/coin", send).want(http.StatusSeeOther)

	open, err := s.server.foureyes.Open()
	if err != nil || len(open) != 1 {
		t.Fatal(len(open), err)
	}
	told, err := s.server.proposals()["policy"].told("nl", open[0])
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, line := range told {
		all = append(all, line.What+" "+line.Value)
	}
	for _, want := range []string{"1\u00a0juni 2026", "Nieuw Daarna gaat er op de eerste dag van elke maand 1\u00a0% af", "Het jaar hiervoor: Iedereen samen (2)"} {
		if !strings.Contains(strings.Join(all, "\n"), want) {
			t.Errorf("the second person does not see %q:\n%s", want, strings.Join(all, "\n"))
		}
	}
	anyone, till := s.login(anna), s.login(bakker)
	anyone.page("/wallet").hides("nieuwe regels")
	if p, err := s.agree(chair.ID); err != nil || p.State != foureyes.Done {
		t.Fatal(p, err)
	}
	for _, r := range []reply{anyone.page("/wallet"), till.page("/till"), till.page("/shop")} {
		r.shows("Vanaf 1 juni 2026 gelden nieuwe regels.", "Lees wat er verandert")
	}
	s.browser().page("/rules").shows("Vanaf 1 juni 2026", "Nu: Daarna gaat er elke dag 0,0165 % af", "Na 1 keer betalen").hides("Anna")

	s.clock.add(40 * 24 * time.Hour)
	anyone.page("/wallet").hides("nieuwe regels")
	s.browser().page("/rules").shows("op de eerste dag van elke maand 1 % af")
	if now, err := s.server.policyNow(); err != nil || now.Hops != 1 || now.Every != demurrage.Monthly {
		t.Errorf("%+v, %v", now, err)
	}
}

// TestResidentsMayBeKeptApartByTheWijk: the switch is decided by two people, said
// beforehand, and then a payment between residents is refused in words.
func TestResidentsMayBeKeptApartByTheWijk(t *testing.T) {
	s := newSite(t, nil)
	anna, bram := s.resident("Anna", 100_00), s.resident("Bram", 0)
	chair := s.add(people.Person{Role: people.Board, Name: "Voorzitter"}, 0)
	office := s.member(people.Administrator, "Beheerder")
	f := typedInto(office.page("/desk/rules/wijk"), "/desk/rules/wijk/try", map[string]string{"between": "no", "topup": "80,00"})
	send := office.page("/desk/rules/wijk/try?"+f.Encode()).
		shows("Bewoners kunnen elkaar niet betalen.", "Nu: Bewoners kunnen elkaar betalen.", "Opladen dat moest wachten").form("/desk/rules/wijk")
	send.Set("why", "Dat vroeg de toezichthouder")
	office.page(office.post("/desk/rules/wijk", send).want(http.StatusSeeOther).to()).shows("Dat vroeg de toezichthouder", "Nu moet een tweede mens het goedkeuren")
	if _, err := s.agree(chair.ID); err != nil {
		t.Fatal(err)
	}
	asker, payer := s.login(bram), s.login(anna)
	asked := asker.post("/ask/new", url.Values{"amount": {"5,00"}, "people": {"1"}, "text": {"koffie"}}).want(http.StatusSeeOther)
	code := strings.TrimPrefix(asked.to(), "/ask/")
	payer.page("/P/" + code).shows("5,00")
	payer.page("/wallet").shows("gelden nieuwe regels")
	s.clock.add(24 * time.Hour)
	payer.get("/P/" + code).want(http.StatusForbidden).shows("Bewoners kunnen elkaar nu niet betalen.")
	if s.spendable(anna) != 100_00 {
		t.Error("money moved")
	}
	s.browser().page("/rules").shows("U kunt per maand tot 80,00 opladen.", "Bewoners kunnen elkaar niet betalen.")
}

func TestRulesThatCannotBeAreRefusedInWords(t *testing.T) {
	s := newSite(t, nil)
	s.resident("Anna", 10_00)
	chair := s.member(people.Board, "Voorzitter")
	coin := chair.page("/desk/rules/coin")
	wijk := chair.page("/desk/rules/wijk")
	for _, c := range []struct {
		page    reply
		action  string
		changes map[string]string
		says    string
	}{
		{coin, "/desk/rules/coin/try", map[string]string{"from": "2026-03-03"}, "Die dag is te vroeg"},
		{coin, "/desk/rules/coin/try", map[string]string{"from": "morgen"}, "Die dag is te vroeg"},
		{coin, "/desk/rules/coin/try", map[string]string{"rate": "5"}, "kan de munt niet werken"},
		{coin, "/desk/rules/coin/try", map[string]string{"rate": "veel"}, "Wat gaat eraf?"},
		{coin, "/desk/rules/coin/try", map[string]string{"hops": "300"}, "Na hoeveel keer betalen"},
		{coin, "/desk/rules/coin/try", map[string]string{"hops": "0"}, "kan de munt niet werken"},
		{coin, "/desk/rules/coin/try", map[string]string{"every": "week"}, "Wanneer gaat het eraf?"},
		{wijk, "/desk/rules/wijk/try", map[string]string{"topup": "-1"}, "Hoeveel mag iemand per maand opladen"},
		{wijk, "/desk/rules/wijk/try", map[string]string{"promise": "101"}, "kan de munt niet werken"},
		{wijk, "/desk/rules/wijk/try", map[string]string{"payoutday": "0"}, "Op welke dag"},
		{wijk, "/desk/rules/wijk/try", map[string]string{"owners": "2"}, "kan de munt niet werken"},
		{wijk, "/desk/rules/wijk/try", map[string]string{"largest": "51"}, "kan de munt niet werken"},
		{wijk, "/desk/rules/wijk/try", map[string]string{"months": "geen"}, "Over hoeveel maanden"},
		{wijk, "/desk/rules/wijk/try", map[string]string{"from": "2026-03-02"}, "Die dag is te vroeg"},
	} {
		f := typedInto(c.page, c.action, c.changes)
		chair.get(c.action + "?" + f.Encode()).want(http.StatusUnprocessableEntity).shows(c.says)
	}
	chair.get("/desk/rules/water").want(http.StatusNotFound)
	f := typedInto(coin, "/desk/rules/coin/try", nil)
	if r := chair.page("/desk/rules/coin/try?" + f.Encode()).shows("Dit zijn de regels van nu."); r.hasForm("/desk/rules/coin") {
		t.Error("nothing can be proposed")
	}
}

// TestRulesThatCameTooLateEndThere: between proposal and agreement the day went by.
func TestRulesThatCameTooLateEndThere(t *testing.T) {
	s := newSite(t, nil)
	s.resident("Anna", 10_00)
	chair := s.add(people.Person{Role: people.Board, Name: "Voorzitter"}, 0)
	treasurer := s.member(people.Treasurer, "Penningmeester")
	f := typedInto(treasurer.page("/desk/rules/wijk"), "/desk/rules/wijk/try", map[string]string{"topup": "0"})
	send := treasurer.page("/desk/rules/wijk/try?" + f.Encode()).form("/desk/rules/wijk")
	send.Set("why", "x")
	treasurer.post("/desk/rules/wijk", send).want(http.StatusSeeOther)
	s.clock.add(48 * time.Hour)
	if _, err := s.agree(chair.ID); err == nil {
		t.Fatal("rules began in the past")
	}
	if len(s.node.Settings().Rules) != 0 {
		t.Error("rules were set")
	}
}

// TestNewLimitsOfPayingTakeTwoPeopleAndHoldAtOnce: the second person sees what they
// are and what they become, and everybody reads them.
func TestNewLimitsOfPayingTakeTwoPeopleAndHoldAtOnce(t *testing.T) {
	s := newSite(t, nil)
	s.resident("Anna", 10_00)
	chair := s.add(people.Person{Role: people.Board, Name: "Voorzitter"}, 0)
	treasurer := s.member(people.Treasurer, "Penningmeester")
	before := s.node.Settings().Limits
	const action = "/desk/rules/limits"
	treasurer.page("/desk/rules/wijk").shows("De grenzen van betalen veranderen")
	form := treasurer.page(action).hides("Vanaf welke dag?")
	f := typedInto(form, action+"/try", map[string]string{"nopin": "0", "card": "12,50"})
	seen := treasurer.page(action+"/try?"+f.Encode()).
		shows("Bij elke betaling hoort een pincode.", "Nu: Tot 25,00 betaalt u zonder pincode", "Zodra een tweede mens").hides("Stel:", "Het wijkfonds")
	send := seen.form(action)
	send.Set("why", "Er zijn kaarten gestolen")
	treasurer.post(action, send).want(http.StatusSeeOther)
	if s.node.Settings().Limits != before {
		t.Fatal("one person changed them")
	}
	open, err := s.server.foureyes.Open()
	if err != nil || len(open) != 1 || open[0].Kind != payLimits {
		t.Fatal(open, err)
	}
	s.login(chair).page("/desk/proposals/"+open[0].ID.String()).
		shows("Nieuwe grenzen van betalen", "Met een kaart betaalt u tot 50,00", "Met een kaart betaalt u tot 12,50, en tot 150,00 op een dag.", "Er zijn kaarten gestolen")
	if p, err := s.agree(chair.ID); err != nil || p.State != foureyes.Done {
		t.Fatal(p, err)
	}
	want := node.Limits{NoPIN: 0, NoPINDay: before.NoPINDay, Card: 12_50, CardDay: before.CardDay}
	if got := s.node.Settings().Limits; got != want {
		t.Errorf("they are %+v, want %+v", got, want)
	}
	s.browser().page("/rules").shows("Bij elke betaling hoort een pincode.", "tot 12,50")
}

// TestLimitsThatChangedMeanwhileAreLookedAtAgain: the second person would have agreed
// to another change than the one that is made.
func TestLimitsThatChangedMeanwhileAreLookedAtAgain(t *testing.T) {
	s := newSite(t, nil)
	s.resident("Anna", 10_00)
	chair := s.add(people.Person{Role: people.Board, Name: "Voorzitter"}, 0)
	treasurer := s.member(people.Treasurer, "Penningmeester")
	const action = "/desk/rules/limits"
	for _, c := range []struct{ name, value, says string }{
		{"nopin", "200", "niet meer zijn dan voor een hele dag"},
		{"card", "veel", "Tot hoeveel betaalt iemand met een kaart"},
	} {
		f := typedInto(treasurer.page(action), action+"/try", map[string]string{c.name: c.value})
		treasurer.get(action + "/try?" + f.Encode()).want(http.StatusUnprocessableEntity).shows(c.says)
	}
	s.member(people.Administrator, "Beheerder").get(action).want(http.StatusForbidden)

	f := typedInto(treasurer.page(action), action+"/try", map[string]string{"card": "10,00"})
	send := treasurer.page(action + "/try?" + f.Encode()).form(action)
	send.Set("why", "x")
	treasurer.post(action, send).want(http.StatusSeeOther)
	settings := s.node.Settings()
	settings.Limits.NoPIN = 1_00
	if err := s.node.SetSettings(settings); err != nil {
		t.Fatal(err)
	}
	if _, err := s.agree(chair.ID); !errors.Is(err, foureyes.ErrChanged) {
		t.Fatalf("it was agreed to: %v", err)
	}
	if got := s.node.Settings().Limits; got != settings.Limits {
		t.Errorf("they are %+v", got)
	}
}
