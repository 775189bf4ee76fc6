package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"grulden/internal/bank"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
)

// ripeShop is a shop whose cents can become euros now, because they are as old
// as the term; some of them melted meanwhile.
func (s *site) ripeShop(cents ledger.Cents) people.Person {
	s.t.Helper()
	bakker := s.shop("Bakker")
	s.submit(ledger.Issue{To: bakker.Account, Amount: cents})
	s.clock.add(365 * 24 * time.Hour)
	bakker, err := s.people.SetNameCheck(bakker.ID, bakker.IBAN, people.NameCheck{On: s.clock.Now(), Result: people.NameMatches})
	if err != nil {
		s.t.Fatal(err)
	}
	return bakker
}

func TestTheTillRefusesWhatIsNoAmount(t *testing.T) {
	s := newSite(t, nil)
	till := s.login(s.shop("Bakker"))
	till.page("/till").shows("Hoeveel betaalt de klant?")
	for _, amount := range []string{"", "0", "-1", "x", "1.000", "4,567"} {
		till.post("/till", url.Values{"amount": {amount}}).want(http.StatusUnprocessableEntity).shows("Vul een bedrag in")
	}
}

func TestTheQRCodeHoldsTheLinkInUpperCase(t *testing.T) {
	s := newSite(t, nil)
	till := s.login(s.shop("Bakker"))
	code := askFor(t, till, "4,50")
	page := till.page("/till/"+code).shows("4,50", code[:5]+"-"+code[5:], "Deze code werkt tot 12:10.")
	want, err := drawQR(strings.ToUpper(s.http.URL)+"/P/"+code, onScreen)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.text, want.Path) {
		t.Error("the page does not show the QR code of the link")
	}
	if !strings.Contains(page.text, `<noscript><meta http-equiv="refresh"`) {
		t.Error("without JavaScript the page is never refreshed")
	}
}

func TestAQRCodeIsDrawnModuleByModule(t *testing.T) {
	qr, err := drawQR("HTTPS://GRULDEN.EXAMPLE/P/0000000012", onScreen)
	if err != nil {
		t.Fatal(err)
	}
	if qr.Size != 25+8 && qr.Size != 29+8 {
		t.Errorf("%d modules, want a small code with a quiet zone of 4", qr.Size)
	}
	// The three corners start with seven dark modules, four in from the edge.
	for _, part := range []string{"M4 4h7v1h-7z"} {
		if !strings.HasPrefix(qr.Path, part) {
			t.Errorf("the drawing starts %.40q, want %q", qr.Path, part)
		}
	}
	if strings.Contains(qr.Path, "M0 ") || strings.Contains(qr.Path, " 0h") {
		t.Error("something is drawn in the quiet zone")
	}
	if _, err := drawQR(strings.Repeat("x", 5000), onScreen); err == nil {
		t.Error("a text that no QR code holds was drawn")
	}
}

func TestAShopHasOnePosterWithItsNameAndCode(t *testing.T) {
	s := newSite(t, nil)
	till := s.login(s.shop("Bakker <b>Bol</b>"))
	page := till.page("/shop/poster").shows("Bakker <b>Bol</b>", "Voorbeeldstraat 1", "Betaal hier met Grulden")
	page.hides("<b>Bol</b>")
	if _, err := payreq.Parse(posterCode(t, till)); err != nil {
		t.Error(err)
	}
	if first, second := posterCode(t, till), posterCode(t, till); first != second {
		t.Errorf("the poster has the code %s and then %s", first, second)
	}
}

func TestTheShopSeesItsDay(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 9000), s.shop("Bakker")
	pay := func(id byte, amount ledger.Cents) {
		s.submit(ledger.Pay{ID: ledger.ID{id}, From: anna.Account, To: bakker.Account, Amount: amount})
	}
	pay(1, 1000)
	s.clock.add(24 * time.Hour)
	pay(2, 450)
	pay(3, 500)
	s.submit(ledger.Refund{Of: ledger.ID{3}, Amount: 100})
	s.login(bakker).page("/shop").shows("Vandaag ontvangen 8,50 Grulden 2 betalingen", "18,50", "Een bewoner").hides("Anna")
}

func TestTheShopSeesWhatCanBecomeEurosAndWhyTheRestCannot(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.shop("Bakker")
	s.submit(ledger.Issue{To: bakker.Account, Amount: 5000})
	s.clock.add(340 * 24 * time.Hour) // ripe in 25 days, by its term
	anna := s.resident("Anna", 3000)
	s.submit(ledger.Pay{ID: ledger.ID{1}, From: anna.Account, To: bakker.Account, Amount: 3000})
	s.login(bakker).page("/shop/euros").shows(
		"Nu kan er nog niets euro’s worden.",
		"kan euro’s worden vanaf 2 maart 2027.",
		"€ 30,00 kan euro’s worden na nog 4 betalingen, of vanaf",
	)
}

func TestAShopAsksForEurosAndPressingTwiceAsksOnce(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.ripeShop(1000)
	b := s.login(bakker)
	page := b.page("/shop/euros").shows("kan nu euro’s worden.", "eindigt op 4300")
	form := page.form("/shop/euros")
	had := s.spendable(bakker)
	form.Set("amount", "8,00")
	for range 2 {
		to := b.post("/shop/euros", form).want(http.StatusSeeOther).to()
		b.page(to).shows("Uw aanvraag is verstuurd naar de balie.", "Wacht op de balie", "€ 8,00")
	}
	if got := had - s.spendable(bakker); got != 800 {
		t.Errorf("asked for %v, want 8.00 once", got)
	}
	form = b.page("/shop/euros").form("/shop/euros")
	form.Set("amount", "900")
	b.post("/shop/euros", form).want(http.StatusConflict).shows("Zoveel kan nu nog geen euro’s worden.")
	form.Set("amount", "x")
	b.post("/shop/euros", form).want(http.StatusUnprocessableEntity).shows("Vul een bedrag in")
	form.Set("seal", "00")
	form.Set("amount", "1")
	b.post("/shop/euros", form).want(http.StatusConflict)
}

func TestAShopWithoutIBANIsToldWhatToDo(t *testing.T) {
	s := newSite(t, nil)
	p := s.add(people.Person{Role: people.Merchant, Name: "Baas", Shop: "Kapper"}, 1000)
	s.clock.add(365 * 24 * time.Hour)
	b := s.login(p)
	page := b.page("/shop/euros").shows("We weten uw IBAN nog niet.")
	if page.hasForm("/shop/euros") {
		t.Error("there is a form although there is no IBAN")
	}
	b.post("/shop/euros", url.Values{"amount": {"1"}}).want(http.StatusConflict)
}

func TestAFeeIsSaidBeforehand(t *testing.T) {
	s := newSite(t, nil)
	policy := ledger.DefaultPolicy()
	policy.Fee, policy.From = 25_000_000, s.node.Today()+60
	s.submit(ledger.SetPolicy{Policy: policy, HasFrom: true})
	s.login(s.ripeShop(1000)).page("/shop/euros").shows("Er gaat 2,5 % af voor het wijkfonds.")
}

func TestTheShopsHomeSaysInOneLineWhatBecomesEurosWhen(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.ripeShop(8400)
	had := s.spendable(bakker)
	s.submit(ledger.Issue{To: bakker.Account, Amount: 3100})
	anna := s.resident("Anna", 2000)
	s.submit(ledger.Pay{ID: ledger.ID{1}, From: anna.Account, To: bakker.Account, Amount: 2000})
	lang := s.login(bakker)
	lang.page("/shop").shows("€ " + strings.Replace(had.String(), ".", ",", 1) + " kan nu, € 20,00 na nog 4 betalingen, € 31,00 na nog 5 betalingen")
}

func TestTheShopSeesHowFarItsRequestForEurosIs(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.ripeShop(8400)
	b := s.login(bakker)
	form := b.page("/shop/euros").form("/shop/euros")
	form.Set("amount", "8,00")
	b.post("/shop/euros", form).want(http.StatusSeeOther)
	b.page("/shop").shows("Uw aanvragen", "Wacht op de balie", "€ 8,00")
	if err := s.bank.SetReserve(bank.Reserve{Name: "Stichting", IBAN: "NL20INGB0001234567"}); err != nil {
		t.Fatal(err)
	}
	id, err := ledger.ParseID(form.Get("payment"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.bank.Approve(id, record.ActorID{1}); err != nil {
		t.Fatal(err)
	}
	b.page("/shop").shows("Goedgekeurd", "€ 8,00")
	if _, err := s.bank.Export(record.ActorID{1}); err != nil {
		t.Fatal(err)
	}
	b.page("/shop").shows("Verstuurd naar de bank", "€ 8,00")
	b.page("/shop/euros").shows("Verstuurd naar de bank")
}

func TestTheShopsHomeNamesOtherShopsToSpendAt(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.shop("Bakker")
	till := s.login(bakker)
	till.page("/shop").hides("Of geef het uit in de wijk")
	for _, name := range []string{"Kapper", "Slager", "Kaasboer", "Fietsenmaker"} {
		s.shop(name)
	}
	for range 5 {
		page := s.login(bakker).page("/shop")
		section := page.words()
		_, section, found := strings.Cut(section, "Of geef het uit in de wijk")
		section, _, _ = strings.Cut(section, "Alle winkels")
		named := 0
		for _, name := range []string{"Kapper", "Slager", "Kaasboer", "Fietsenmaker"} {
			named += strings.Count(section, name)
		}
		if !found || named != namedShops || strings.Contains(section, "Bakker") {
			t.Errorf("%d others are named in %q, want %d", named, section, namedShops)
		}
		s.clock.add(24 * time.Hour)
	}
}
