package web

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"grulden/internal/people"
	"grulden/internal/worth"
	"grulden/web/page"
)

// fills fills in a line of the sheet as a browser does: what stands in the form
// already, and what is typed.
func (b *browser) fills(at string, typed map[string]string) reply {
	form := b.page(at).form("/worth/line")
	for name, text := range typed {
		form.Set(name, text)
	}
	return b.post("/worth/line", form)
}

// money and people of a sheet: 1000 that went in, and ten people who each gained
// 300, of whom half would have gained it anyway.
var (
	subsidy = map[string]string{"what": "Subsidie", "who": "De gemeente", "kind": "euros", "quantity": "1", "price": "1.000,00", "source": "Besluit van maart"}
	contact = map[string]string{
		"what": "Contact", "kind": "contacts", "quantity": "10", "quantity-least": "5", "quantity-most": "20",
		"proxy": "300", "deadweight": "50", "attribution": "0", "years": "1", "source": "Gesprekken",
	}
)

func (b *browser) fillsSheet() {
	b.t.Helper()
	b.fills("/worth/line?part=inputs", subsidy).want(http.StatusSeeOther)
	b.fills("/worth/line?part=outcomes", contact).want(http.StatusSeeOther)
}

func TestTheEvaluatorFillsInWhatItWasWorthAndReadsTheAnswer(t *testing.T) {
	s := newSite(t, nil)
	b := s.staffer(people.Evaluator)
	b.page("/worth").shows("Er is nog niets ingevuld", "Stap 1.", "Regel erbij").hides("Stap 5.", "Bewaard op")
	if to := b.fills("/worth/line?part=inputs", subsidy).to(); to != "/worth?done=worthsaved" {
		t.Errorf("after saving: %q", to)
	}
	b.fills("/worth/line?part=head&line=0", map[string]string{"title": "Het eerste jaar", "from": "2026-01-01", "to": "2026-03-31"}).want(http.StatusSeeOther)
	b.page("/worth").shows("Het eerste jaar", "1 januari 2026", "31 maart 2026", "Er is nog niet ingevuld wat er veranderde.").hides("0,00 euro op")
	b.fills("/worth/line?part=outcomes", contact).want(http.StatusSeeOther)
	b.page("/worth").shows(
		"Volgens dit blad bracht elke euro die erin ging waarschijnlijk 1,50 euro op: ten minste 0,75 en ten hoogste 3,00.",
		"1. Subsidie", "De gemeente", "1.000 euro", "10 (ten minste 5, ten hoogste 20)", "50 %", "Gesprekken",
		"Stap 5.", "Welke aanname telt het meest?", "Stap 6.", "Bewaard op 2 maart 2026", "door: Onderzoeker", "Dit is versie 3.",
		"Er staan geen uren van vrijwilligers bij de kosten.", "Dit is niet gemeten.")
	b.fills("/worth/line?part=outcomes&line=0", map[string]string{"deadweight": "100"}).want(http.StatusSeeOther)
	b.page("/worth").shows("waarschijnlijk 0,00 euro op").hides("waarschijnlijk 1,50")
}

func TestADoubleCountIsSaidBeforeTheAnswerIsBelieved(t *testing.T) {
	s := newSite(t, nil)
	b := s.staffer(people.Treasurer)
	b.fillsSheet()
	b.page("/worth").hides("Dit telt dubbel")
	b.page("/desk").shows("Wat is het waard?")
	for _, kind := range []string{"turnover", "multiplier"} {
		b.fills("/worth/line?part=outcomes", map[string]string{"what": kind, "kind": kind, "quantity": "1", "proxy": "100", "years": "1"}).want(http.StatusSeeOther)
	}
	b.page("/worth").shows("Dit telt dubbel: een vermenigvuldiger", "Omzet is nog geen opbrengst.")
}

func TestWhatIsWrongStandsBesideItsFieldAndNothingIsSaved(t *testing.T) {
	s := newSite(t, nil)
	b := s.staffer(people.Evaluator)
	for name, c := range map[string]struct{ typed, said string }{
		"what":        {"", "Vul dit in."},
		"quantity":    {"1.234", "Dit is geen getal."},
		"deadweight":  {"101", "Dit getal kan niet."},
		"years":       {"1,5", "Dit getal kan niet."},
		"kind":        {"goud", "Kies een van de soorten."},
		"proxy-least": {"400", "Zet eerst het minste"},
		"source":      {strings.Repeat("x", worth.MaxWords+1), "Dit is te lang."},
	} {
		form := b.page("/worth/line?part=outcomes").form("/worth/line")
		for field, text := range contact {
			form.Set(field, text)
		}
		form.Set(name, c.typed)
		b.post("/worth/line", form).want(http.StatusUnprocessableEntity).shows(c.said, "Er klopt iets nog niet.")
	}
	b.fills("/worth/line?part=projects", map[string]string{"day": "31-12-2026", "what": "Bankje", "who": "De buurt"}).want(http.StatusUnprocessableEntity).shows("Dit is geen dag.")
	b.page("/worth").shows("Er is nog niets ingevuld")
	if last, err := s.server.worth.Last(); err != nil || last.Number != 0 {
		t.Errorf("sheet %d is there, %v", last.Number, err)
	}
}

func TestTwoWhoFillInAtOnceDoNotOverwriteEachOther(t *testing.T) {
	s := newSite(t, nil)
	eva, piet := s.staffer(people.Evaluator), s.staffer(people.Treasurer)
	eva.fillsSheet()
	stale := piet.page("/worth/line?part=outcomes&line=0").form("/worth/line")
	gone := piet.page("/worth/line?part=outcomes&line=0").form("/worth/remove")
	eva.fills("/worth/line?part=outcomes&line=0", map[string]string{"proxy": "600"}).want(http.StatusSeeOther)
	piet.post("/worth/line", stale).want(http.StatusConflict).shows("Iemand anders veranderde dit blad net.")
	piet.post("/worth/remove", gone).want(http.StatusConflict)
	eva.page("/worth").shows("waarschijnlijk 3,00 euro op")
}

func TestEarlierSheetsStayReadableAndChangesStandInTheLogbook(t *testing.T) {
	s := newSite(t, nil)
	b := s.staffer(people.Evaluator)
	b.fillsSheet()
	b.post("/worth/remove", b.page("/worth/line?part=outcomes&line=0").form("/worth/remove")).want(http.StatusSeeOther)
	b.page("/worth").hides("Contact").shows("Dit is versie 3.", "Versie 2,")
	b.page("/worth?number=2").shows("Contact", "Dit is een oude versie.", "waarschijnlijk 1,50 euro op").hides("Verander", "Regel erbij")
	b.get("/worth?number=9").want(http.StatusNotFound)
	b.get("/worth?number=x").want(http.StatusNotFound)
	acts, err := s.server.logbook.List(0, 10)
	if err != nil || len(acts) < 3 {
		t.Fatalf("%d acts, %v", len(acts), err)
	}
	if a := acts[0]; a.Kind != actWorth || a.Fact("sheet") != "3" || len(a.Fact("sheetdigest")) != 64 {
		t.Errorf("the last act is %+v", a)
	}
	b.page("/desk/log").shows("Blad ‘wat is het waard’ veranderd")
}

func TestTheFileOfASheetIsReadByTheProgram(t *testing.T) {
	s := newSite(t, nil)
	b := s.staffer(people.Evaluator)
	b.fillsSheet()
	for path, outcomes := range map[string]int{"/worth.json": 1, "/worth.json?number=1": 0} {
		file := b.get(path).want(http.StatusOK)
		sheet, err := worth.Read(strings.NewReader(file.text))
		if err != nil || len(sheet.Outcomes) != outcomes || len(sheet.Inputs) != 1 {
			t.Errorf("%s: %v\n%s", path, err, file.text)
		}
	}
	if sheet, err := worth.Read(strings.NewReader(b.get("/worth.json").text)); err != nil || sheet.Reckon().Ratio.Mid.FloatString(2) != "1.50" {
		t.Errorf("it comes to %v, %v", sheet.Reckon().Ratio.Mid, err)
	}
}

func TestLinesThatAreNotThereAreNotFound(t *testing.T) {
	s := newSite(t, nil)
	b := s.staffer(people.Evaluator)
	for _, path := range []string{"/worth/line", "/worth/line?part=gold", "/worth/line?part=inputs&line=0", "/worth/line?part=inputs&line=-1", "/worth/line?part=inputs&line=x"} {
		b.get(path).want(http.StatusNotFound)
	}
	head := b.page("/worth/line?part=head&line=0").form("/worth/line")
	b.post("/worth/remove", head).want(http.StatusBadRequest)
	sheet := worth.Sheet{}
	for range worth.MaxLines {
		sheet.Stakeholders = append(sheet.Stakeholders, worth.Stakeholder{Who: "x"})
	}
	if _, err := s.server.worth.Save(sheet, 0, [16]byte{}, s.clock.Now()); err != nil {
		t.Fatal(err)
	}
	b.get("/worth/line?part=stakeholders").want(http.StatusConflict).shows("Er zijn al 40 regels.")
	b.page("/worth").hides("part=stakeholders&quot;")
}

// Every field and every part has its help where the catalogue promises one, and
// nothing that can be wrong is without words.
func TestTheWordsOfTheSheetAreThoseOfItsFields(t *testing.T) {
	sheet, fields := worth.Sheet{}, map[string]bool{}
	for _, part := range worth.Parts {
		if part != worth.Head {
			sheet.Add(part)
		}
		fields[string(part)] = true
		for _, f := range sheet.Fields(part, 0) {
			fields[f.Name] = true
		}
	}
	for _, part := range worth.Parts {
		if !page.Has(page.Key("worthhelp." + string(part))) {
			t.Errorf("part %s has no help", part)
		}
	}
	for _, name := range []string{"discount", "price", "year", "proxy", "deadweight", "attribution", "displacement", "dropoff", "source", "factor", "footprint"} {
		if !fields[name] || !page.Has(page.Key("worthhelp."+name)) {
			t.Errorf("help for %s, which is a field: %v", name, fields[name])
		}
	}
	var problem *worth.Problem
	for _, err := range worth.Problems((&worth.Sheet{From: "x", Inputs: []worth.Input{{Kind: "x"}}}).Check()) {
		if !errors.As(err, &problem) || worthProblems[problem.Err] == "" {
			t.Errorf("no words for %v", err)
		}
	}
}
