package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"grulden/internal/bank"
	"grulden/internal/foureyes"
	"grulden/internal/people"
	"grulden/internal/sepa"
	"grulden/web/page"
)

// asks lets a shop ask for euros.
func (b *browser) asks(amount string) {
	b.t.Helper()
	form := b.page("/shop/euros").form("/shop/euros")
	form.Set("amount", amount)
	b.post("/shop/euros", form).want(http.StatusSeeOther)
}

func TestALargePaymentFileGoesToTheBankWhenTwoPeopleSawIt(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	bakker := s.ripeShop(900_00)
	first, second := s.desk(), s.add(people.Person{Role: people.Board, Name: "Bestuurder"}, 0)
	s.login(bakker).asks("700,00")
	ids := redemptionIDs(first.page("/desk/redemptions"))
	at := first.post("/desk/redemptions/approve", url.Values{"id": ids}).want(http.StatusSeeOther).to()
	first.page(at).shows("Het gaat om veel geld.", "€ 700,00", "Controlecode van het bestand").hides("Download het bankbestand")
	file := strings.TrimPrefix(at, "/desk/payouts/")
	first.get("/desk/redemptions/files/" + file).want(http.StatusNotFound)
	first.post(at+"/release", nil).want(http.StatusSeeOther)
	first.page(at).shows("Dit bestand wacht op een tweede persoon.")
	first.get("/desk/redemptions/files/" + file).want(http.StatusNotFound)

	open, err := s.server.foureyes.Open()
	if err != nil || len(open) != 1 {
		t.Fatalf("%d proposals, %v", len(open), err)
	}
	told, err := s.server.proposals()[open[0].Kind].told(page.Dutch, open[0])
	if err != nil || len(told) != 4 || told[0].Value != "€\u00a0700,00" || !strings.Contains(told[3].Value, "NL91 ABNA 0417 1643 00") {
		t.Errorf("the second person is told %+v, %v", told, err)
	}
	if _, err := s.server.foureyes.Approve(t.Context(), open[0].By, open[0].ID, open[0].Hash); !errors.Is(err, foureyes.ErrRole) && !errors.Is(err, foureyes.ErrSamePerson) {
		t.Errorf("who asked approved: %v", err)
	}
	if p, err := s.agree(second.ID); err != nil || p.State != foureyes.Done {
		t.Fatalf("%+v, %v", p, err)
	}
	first.page(at).shows("Dit bestand mag naar de bank.", "Nagekeken door Balie en Bestuurder")
	first.get("/desk/redemptions/files/" + file).want(http.StatusOK)
	first.post(at+"/discard", nil).want(http.StatusConflict).shows("Weggooien kan niet meer.")
	first.get("/desk/payouts/GR-1").want(http.StatusNotFound)
}

func TestADraftThatCannotBePaidAnyMoreIsThrownAway(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	bakker := s.ripeShop(900_00)
	desk := s.desk()
	s.login(bakker).asks("700,00")
	ids := url.Values{"id": redemptionIDs(desk.page("/desk/redemptions"))}
	at := desk.post("/desk/redemptions/approve", ids).want(http.StatusSeeOther).to()
	desk.post(at+"/release", nil).want(http.StatusSeeOther)
	desk.post(at+"/discard", nil).want(http.StatusSeeOther)
	desk.page(at).shows("Dit bestand is weggegooid.")
	second := s.add(people.Person{Role: people.Board, Name: "Bestuurder"}, 0)
	if p, err := s.agree(second.ID); err == nil || p.State != foureyes.Failed {
		t.Errorf("a void file was released: %+v, %v", p, err)
	}
	again := desk.post("/desk/redemptions/approve", ids).want(http.StatusSeeOther).to()
	if again == at {
		t.Error("the new file is the old one")
	}
}

func TestABankAccountIsPaidOnceTwoPeopleLookedAtIt(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	desk, second := s.desk(), s.add(people.Person{Role: people.Treasurer, Name: "Penningmeester"}, 0)
	anna := s.resident("Anna", 0)
	at := "/desk/people/" + anna.ID.String() + "/account"
	desk.page(at).shows("Er is nog geen rekening bekend.")
	typed := url.Values{"iban": {"NL00"}, "holder": {"A. Anders"}, "answer": {"match"}}
	desk.post(at, typed).want(http.StatusUnprocessableEntity).shows("Deze IBAN klopt niet.")
	typed.Set("iban", "nl91 abna 0417 1643 00")
	typed.Set("iban", reserve)
	desk.post(at, typed).want(http.StatusUnprocessableEntity).shows("Dit is de rekening van de stichting zelf.")
	typed.Set("iban", "nl91 abna 0417 1643 00")
	typed.Set("answer", "none")
	desk.post(at, typed).want(http.StatusUnprocessableEntity).shows("van iemand anders is")
	typed.Set("answer", "close")
	typed.Set("holder", " ")
	desk.post(at, typed).want(http.StatusUnprocessableEntity).shows("Vul de naam in zoals de bank hem heeft.")
	typed.Set("holder", "A. Anders")
	desk.post(at, typed).want(http.StatusUnprocessableEntity).shows("Schrijf kort op waarom.")
	typed.Set("why", "zij wil geld terug")
	to := desk.post(at, typed).want(http.StatusSeeOther).to()
	s.login(second).page(to).shows("IBAN die we nu hebben", "Er is nog geen rekening bekend.", "Nieuwe IBAN", "NL91 ABNA 0417 1643 00", "zij wil geld terug")
	desk.page(at).shows("Er is nog geen rekening bekend.", "wacht op een tweede persoon")
	if p, err := s.agree(second.ID); err != nil || p.State != foureyes.Done {
		t.Fatalf("%+v, %v", p, err)
	}
	desk.page(at).shows("NL91 ABNA 0417 1643 00", "A. Anders", "Bijna: ik heb de namen zelf vergeleken", "Ja, door twee mensen")
	desk.post("/desk/people/"+anna.ID.String()+"/namecheck", url.Values{"answer": {"none"}}).want(http.StatusSeeOther)
	desk.page(at).shows("Nee, de rekening is van iemand anders")
	typed.Set("iban", "NL42TEST0000000002")
	other := desk.post(at, typed).want(http.StatusSeeOther).to()
	s.login(second).page(other).shows("IBAN die we nu hebben", "NL91 ABNA 0417 1643 00", "Nieuwe IBAN", "NL42 TEST 0000 0000 02")
	desk.post("/desk/people/"+anna.ID.String()+"/namecheck", url.Values{"answer": {"yes"}}).want(http.StatusBadRequest)
	desk.post("/desk/people/"+second.ID.String()+"/account", typed).want(http.StatusForbidden)
	acts, err := s.server.logbook.About(anna.ID, 0, 10)
	if err != nil || len(acts) < 4 {
		t.Errorf("acts about Anna: %+v, %v", acts, err)
	}
}

func TestAShopIsToldThatItsPayoutCameBackAndHowLongOthersWait(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	bakker := s.ripeShop(100_00)
	desk, shop := s.desk(), s.login(bakker)
	shop.page("/shop/euros").hides("12 weken")
	shop.asks("8,00")
	shop.asks("5,00")
	at := desk.post("/desk/redemptions/approve", url.Values{"id": redemptionIDs(desk.page("/desk/redemptions"))}).to()
	desk.page("/desk/log").shows("Bestand voor de bank gemaakt", "13,00")
	f, err := sepa.ReadPayments(strings.NewReader(payoutFile(t, desk, desk.page(at))), sepa.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	s.clock.add(4 * 24 * time.Hour)
	desk, shop = s.desk(), s.login(bakker) // who signed in days ago signs in again
	paid := sepa.BookPayments(f, f.ExecutionDate)
	desk.upload(statement(t, paid[0], paid[1], paid[0].Returned(f.ExecutionDate, "AC04"))).want(http.StatusOK)
	shop.page("/shop/euros").shows("De bank stuurde € 8,00 terug", "de rekening is gesloten", "meestal", "Winkels wachtten de laatste 12 weken")
	desk.page("/desk/reconcile").shows("De bank heeft tot op de cent wat er moet zijn.")
}

func TestWhatTheBankTakesIsCalledCostsByTwoPeople(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	boss, second := s.member(people.Treasurer, "Penningmeester"), s.add(people.Person{Role: people.Board, Name: "Bestuurder"}, 0)
	boss.page("/desk/reconcile").shows("Er is nog geen afschrift ingelezen.")
	boss.upload(statement(t, sepa.SimBooking{Cents: 12_95, Name: "Bank", Text: "kosten"})).want(http.StatusOK)
	p := boss.page("/desk/reconcile").shows("Weggegaan zonder vraag", "12,95", "Dit zijn bankkosten")
	entries, err := s.bank.Entries(bank.Filter{})
	if err != nil || len(entries) != 1 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	to := "/desk/reconcile/" + entries[0].ID.String() + "/costs"
	form := p.form(to)
	s.desk().post(to, form).want(http.StatusForbidden)
	boss.post(to, form).want(http.StatusSeeOther)
	boss.post(to, form).want(http.StatusSeeOther)
	if p, err := s.agree(second.ID); err != nil || p.State != foureyes.Done {
		t.Fatalf("%+v, %v", p, err)
	}
	boss.page("/desk/reconcile").shows("Kosten van de bank", "tot op de cent").hides("Dit zijn bankkosten")
	boss.post(to, form).want(http.StatusBadRequest)
	boss.post("/desk/reconcile/x/costs", form).want(http.StatusNotFound)
}

func TestTheFileOfTheWeekWaitsForPeople(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	bakker := s.ripeShop(100_00)
	s.server.weeklyRun() // before the first cut-off
	s.login(bakker).asks("8,00")
	s.clock.add(7 * 24 * time.Hour)
	s.server.weeklyRun()
	s.server.weeklyRun()
	files, err := s.bank.Batches()
	if err != nil || len(files) != 1 || files[0].State != bank.BatchDraft {
		t.Fatalf("files %+v, %v", files, err)
	}
	desk, at := s.desk(), "/desk/payouts/"+files[0].ID
	desk.page("/desk/redemptions").shows("wacht op u: kijk het na")
	desk.page(at).shows("Het klopt: vrijgeven voor de bank")
	desk.page(desk.post(at+"/release", nil).want(http.StatusSeeOther).to()).shows("Nagekeken. Download nu het bankbestand.", "Nagekeken door Balie")
	desk.post(at+"/release", nil).want(http.StatusSeeOther)
	if n := strings.Count(desk.page("/desk/log").shows("Samen", "8,00").words(), "vrijgegeven, door één mens"); n != 1 {
		t.Errorf("one release is %d times in the logbook", n)
	}
}

func TestEveryPartOfWhatTheBankShouldHaveHasAWord(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	if _, err := s.bank.Import(t.Context(), statement(t), [16]byte{}); err != nil {
		t.Fatal(err)
	}
	now, err := s.bank.Reconcile()
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range now.Parts {
		if !page.Has(page.Key("bankpart." + string(part.Name))) {
			t.Errorf("no word for %q", part.Name)
		}
	}
	for _, answer := range people.CheckResults() {
		if !page.Has(answerKey(answer)) {
			t.Errorf("no word for %q", answer)
		}
	}
}
