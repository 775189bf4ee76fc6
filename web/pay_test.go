package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"grulden/internal/payreq"
	"grulden/ledger"
	"grulden/merchant"
	"grulden/wallet"
	"grulden/web/page"
)

// askFor types an amount into a till and gives the code it shows.
func askFor(t *testing.T, till *browser, amount string) string {
	t.Helper()
	to := till.post("/till", url.Values{"amount": {amount}}).want(http.StatusSeeOther).to()
	return path.Base(to)
}

// posterCode is the code printed on a shop's poster.
func posterCode(t *testing.T, till *browser) string {
	t.Helper()
	_, after, _ := strings.Cut(till.page("/shop/poster").words(), "typ deze code: ")
	return strings.ReplaceAll(after[:len("ABCDE-FGHJK")], "-", "")
}

func TestAResidentPaysWhatTheTillAsks(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	b, till := s.login(anna), s.login(bakker)
	code := askFor(t, till, "4,50")
	shown := b.page("/p/" + strings.ToLower(code))
	shown.shows("U betaalt aan", "Bakker", "Voorbeeldstraat 1", "4,50", "U kunt nu 50,00 Grulden uitgeven.")
	to := b.post("/P/"+code, shown.form("/P/"+code)).want(http.StatusSeeOther).to()
	b.page(to).shows("Betaald", "4,50", "aan Bakker")
	till.page("/till/"+code).shows("BETAALD", "4,50")
	if got := s.spendable(anna); got != 4550 {
		t.Errorf("Anna has %v, want 45.50", got)
	}
	if got := s.spendable(bakker); got != 450 {
		t.Errorf("the shop has %v, want 4.50", got)
	}
	till.page(to).shows("Ontvangen", "van Een bewoner").hides("Anna")
	if again := b.get("/P/" + code).want(http.StatusSeeOther).to(); again != to {
		t.Errorf("the paid code leads to %q, want the receipt", again)
	}
}

func TestWhoIsNotSignedInComesBackToThePaymentAfterLogin(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	code := askFor(t, s.login(bakker), "4,50")
	b := s.browser()
	login := b.get("/P/" + code).want(http.StatusSeeOther).to()
	form := b.page(login).form("/login")
	form.Set("code", s.cards[anna.ID].String())
	form.Set("pin", pin)
	b.page(b.post("/login", form).want(http.StatusSeeOther).to()).shows("Bakker", "4,50")
}

func TestAPosterAsksForTheAmountFirst(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	b := s.login(anna)
	address := "/P/" + posterCode(t, s.login(bakker))
	first := b.page(address)
	first.shows("Bakker", "Hoeveel wilt u betalen?")
	if form := first.form(address); form.Has("payment") {
		t.Error("there is a payment before there is an amount")
	}
	b.get(address + "?amount=abc").want(http.StatusUnprocessableEntity).shows("Vul een bedrag in")
	second := b.page(address + "?amount=2,50")
	second.shows("Bakker", "2,50", "Ja, betaal 2,50")
	to := b.post(address, second.form(address)).want(http.StatusSeeOther).to()
	b.page(to).shows("Betaald", "2,50")
	b.page(address).shows("U hebt hier zojuist al 2,50 betaald")
	third := b.page(address + "?amount=1")
	b.post(address, third.form(address)).want(http.StatusSeeOther) // a poster is not used up
	if got := s.spendable(bakker); got != 350 {
		t.Errorf("the shop has %v, want 3.50", got)
	}
	s.clock.add(5 * time.Minute)
	b.page(address).hides("zojuist")
}

// TestFiftyPressesPayOnce sends one confirm form fifty times at once, as
// double taps, reloads and retries do.
func TestFiftyPressesPayOnce(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	b, till := s.login(anna), s.login(bakker)
	poster := "/P/" + posterCode(t, till)
	for _, address := range []string{"/P/" + askFor(t, till, "4,50"), poster} {
		before := s.spendable(anna)
		shown := address
		if address == poster {
			shown += "?amount=4,50"
		}
		form := b.page(shown).form(address)
		ends := make(chan string, 50)
		var all sync.WaitGroup
		for range cap(ends) {
			all.Go(func() {
				r := b.post(address, form)
				ends <- http.StatusText(r.status) + " " + r.to()
			})
		}
		all.Wait()
		close(ends)
		first := <-ends
		if !strings.HasPrefix(first, "See Other /receipt/") {
			t.Fatalf("a press ended on %q", first)
		}
		for end := range ends {
			if end != first {
				t.Errorf("one press ended on %q, another on %q", first, end)
			}
		}
		if paid := before - s.spendable(anna); paid != 450 {
			t.Errorf("paid %v, want 4.50 once", paid)
		}
	}
	if got := s.spendable(bakker); got != 900 {
		t.Errorf("the shop has %v, want 9.00", got)
	}
}

func TestOfTwoPayersOfOneCodeOnePays(t *testing.T) {
	s := newSite(t, nil)
	anna, bram, bakker := s.resident("Anna", 5000), s.resident("Bram", 5000), s.shop("Bakker")
	till := s.login(bakker)
	browsers := []*browser{s.login(anna), s.login(bram)}
	for range 10 {
		address := "/P/" + askFor(t, till, "1,00")
		before := s.spendable(anna) + s.spendable(bram)
		forms, replies := make([]url.Values, 2), make([]reply, 2)
		for i, b := range browsers {
			forms[i] = b.page(address).form(address) // both stand before the button
		}
		var all sync.WaitGroup
		for i, b := range browsers {
			all.Go(func() { replies[i] = b.post(address, forms[i]) })
		}
		all.Wait()
		paid, taken := 0, 0
		for _, r := range replies {
			switch r.status {
			case http.StatusSeeOther:
				paid++
			case http.StatusConflict:
				taken++
				r.shows("Deze code is al gebruikt.")
				if r.hasForm(address) {
					t.Error("there is still a button to pay")
				}
			}
		}
		if paid != 1 || taken != 1 {
			t.Fatalf("%d paid and %d were told that the code is taken, want one each", paid, taken)
		}
		if got := before - s.spendable(anna) - s.spendable(bram); got != 100 {
			t.Fatalf("together they paid %v, want 1.00", got)
		}
	}
}

func TestAnExpiredCodeCannotBePaid(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	b, till := s.login(anna), s.login(bakker)
	code := askFor(t, till, "4,50")
	form := b.page("/P/" + code).form("/P/" + code)
	s.clock.add(merchant.RequestLife)
	b.post("/P/"+code, form).want(http.StatusGone).shows("Deze code is te oud. Er is niets betaald.")
	if b.get("/P/" + code).want(http.StatusGone).hasForm("/P/" + code) {
		t.Error("there is still a button to pay")
	}
	till.page("/till/" + code).shows("Deze code is te oud")
	if got := s.spendable(anna); got != 5000 {
		t.Errorf("Anna has %v, want 50.00", got)
	}
}

func TestWhoPaidInTimeSeesTheReceiptAlsoAfterTheCodeExpired(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	b, till := s.login(anna), s.login(bakker)
	code := askFor(t, till, "4,50")
	form := b.page("/P/" + code).form("/P/" + code)
	to := b.post("/P/"+code, form).want(http.StatusSeeOther).to()
	s.clock.add(2 * merchant.RequestLife)
	if again := b.post("/P/"+code, form).want(http.StatusSeeOther).to(); again != to {
		t.Errorf("the same form ends on %q, want %q", again, to)
	}
	till.page("/till/" + code).shows("BETAALD")
}

func TestRefusalsSayWhatToDoNext(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 300), s.shop("Bakker")
	b, till := s.login(anna), s.login(bakker)
	code := askFor(t, till, "4,50")
	shown := b.page("/P/" + code).shows("U hebt niet genoeg Grulden voor deze betaling.")
	if shown.hasForm("/P/" + code) {
		t.Error("there is a button although there is too little")
	}
	sneaky := url.Values{"payment": {strings.Repeat("a", 32)}, "amount": {"0.01"}, "seal": {""}}
	b.post("/P/"+code, sneaky).want(http.StatusConflict).shows("Deze pagina is te oud. Er is niets betaald.")
	first, second := "/P/"+askFor(t, till, "2"), "/P/"+askFor(t, till, "2")
	forms := []url.Values{b.page(first).form(first), b.page(second).form(second)}
	b.post(first, forms[0]).want(http.StatusSeeOther)
	b.post(second, forms[1]).want(http.StatusConflict).shows("U hebt niet genoeg Grulden.", "2,00")
	till.get("/P/" + code).want(http.StatusConflict).shows("Dit is uw eigen code.")
	b.get("/P/0000000012").want(http.StatusNotFound).shows("Deze code kennen we niet.")
	b.get("/P/nonsense").want(http.StatusNotFound).shows("Deze code klopt niet.")
	b.post("/pay", url.Values{"code": {"nonsense"}}).want(http.StatusUnprocessableEntity).shows("Deze code klopt niet.")
	if to := b.post("/pay", url.Values{"code": {strings.ToLower(code)}}).want(http.StatusSeeOther).to(); to != "/P/"+code {
		t.Errorf("a typed code leads to %q", to)
	}
	third := "/P/" + askFor(t, till, "1")
	late := b.page(third).form(third)
	s.submit(ledger.Block{Account: anna.Account})
	b.post(third, late).want(http.StatusForbidden).shows("Uw kaart is geblokkeerd.")
	b.page("/wallet").shows("Uw kaart is geblokkeerd.")
}

func TestAPaymentIDOfSomebodyElsesMakingIsRefused(t *testing.T) {
	s := newSite(t, nil)
	anna, bram, bakker := s.resident("Anna", 5000), s.resident("Bram", 5000), s.shop("Bakker")
	address := "/P/" + posterCode(t, s.login(bakker))
	stolen := s.login(bram).page(address + "?amount=2,50").form(address)
	b := s.login(anna)
	b.post(address, stolen).want(http.StatusConflict).shows("Deze pagina is te oud. Er is niets betaald.")
	b.post(address, url.Values{"payment": {strings.Repeat("a", 32)}, "amount": {"2.50"}, "seal": {""}}).want(http.StatusConflict)
	b.post(address, url.Values{"payment": {"x"}, "amount": {"2.50"}}).want(http.StatusBadRequest)
	if got := s.spendable(anna); got != 5000 {
		t.Errorf("Anna has %v, want 50.00", got)
	}
}

func TestTheFormSurvivesALoginInBetween(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	address := "/P/" + posterCode(t, s.login(bakker))
	b := s.login(anna)
	form := b.page(address + "?amount=2,50").form(address)
	first := b.post(address, form).want(http.StatusSeeOther).to()
	b.post("/logout", nil)
	again := s.login(anna).post(address, form).want(http.StatusSeeOther).to()
	if again != first || s.spendable(anna) != 4750 {
		t.Errorf("ended on %q and then %q, with %v left", first, again, s.spendable(anna))
	}
}

func TestGuessingCodesIsHeldBack(t *testing.T) {
	s := newSite(t, func(c *Config) {
		c.Limits = Limits{LoginEvery: time.Second, LoginBurst: 100, CodeEvery: time.Minute, CodeBurst: 3, Hashes: 1}
	})
	anna, bram, bakker := s.resident("Anna", 5000), s.resident("Bram", 5000), s.shop("Bakker")
	b := s.login(anna)
	code := askFor(t, s.login(bakker), "4,50")
	for range 10 {
		b.page("/P/" + code) // codes that exist are not counted
	}
	for range 3 {
		b.get("/P/0000000012").want(http.StatusNotFound)
	}
	b.get("/P/" + code).want(http.StatusTooManyRequests)
	s.login(bram).page("/P/" + code)
	s.clock.add(time.Minute)
	b.page("/P/" + code)
}

func TestAReceiptIsForItsTwoPartiesOnly(t *testing.T) {
	s := newSite(t, nil)
	anna, bram, bakker, kapper := s.resident("Anna", 5000), s.resident("Bram", 5000), s.shop("Bakker"), s.shop("Kapper")
	b := s.login(anna)
	code := askFor(t, s.login(bakker), "4,50")
	to := b.post("/P/"+code, b.page("/P/"+code).form("/P/"+code)).want(http.StatusSeeOther).to()
	s.login(bram).get(to).want(http.StatusNotFound)
	s.login(kapper).get(to).want(http.StatusNotFound)
	s.login(kapper).get("/till/" + code).want(http.StatusNotFound)
	b.page(to)
	id, err := ledger.ParseID(path.Base(to))
	if err != nil {
		t.Fatal(err)
	}
	s.submit(ledger.Refund{Of: id, Amount: 150})
	b.page(to).shows("Hiervan is 1,50 terugbetaald.")
	b.page("/history").shows("Terugbetaald: Bakker", "+1,50")
}

func TestANearlyFullDiskRefusesPaymentsAndSaysSo(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	b, code := s.login(anna), askFor(t, s.login(bakker), "4,50")
	token := s.token(anna)
	form := b.page("/P/" + code).form("/P/" + code)
	s.fillDisk()
	r := b.post("/P/"+code, form).want(http.StatusServiceUnavailable).shows("Er is niets gebeurd.")
	if r.header.Get("Retry-After") == "" {
		t.Error("nobody says when to try again")
	}
	p := s.api(token, "POST", "/api/v1/payments", `{"code":"`+code+`"}`).want(http.StatusServiceUnavailable).json()
	if p["code"] != "disk-low" {
		t.Errorf("a program is told %v", p)
	}
	b.page("/wallet").shows("50,00")
}

// TestWithoutAnAnswerTheSameButtonStays shows what a payer sees when the
// ledger did not answer in time: pressing again must send the same id.
func TestWithoutAnAnswerTheSameButtonStays(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	b := s.login(anna)
	code, err := payreq.Parse(posterCode(t, s.login(bakker)))
	if err != nil {
		t.Fatal(err)
	}
	address := "/P/" + code.String()
	form := b.page(address + "?amount=4,50").form(address)
	id, err := ledger.ParseID(form.Get("payment"))
	if err != nil {
		t.Fatal(err)
	}
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, address, nil)
	v := visit{person: anna, signedIn: true, lang: page.Dutch}
	order := wallet.Order{Code: code, Amount: 450, Payment: id, Seal: form.Get("seal"), Attempt: form.Get("attempt"), Sealed: true}
	if err := s.server.payFailed(w, r, v, order, wallet.ErrUnsure); err != nil {
		t.Fatal(err)
	}
	shown := reply{t, w.Code, w.Header(), w.Body.String()}.want(http.StatusGatewayTimeout).shows("u betaalt nooit dubbel")
	if again := shown.form(address); again.Encode() != form.Encode() {
		t.Errorf("the button sends\n%v\nbefore it sent\n%v", again, form)
	}
}

func TestALargePaymentAsksForThePINInTheSameForm(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 20000), s.shop("Bakker")
	b, till := s.login(anna), s.login(bakker)
	address := "/P/" + askFor(t, till, "25,01")
	shown := b.page(address).shows("Bakker", "25,01", "Uw pincode")
	form := shown.form(address)
	b.post(address, form).want(http.StatusForbidden).shows("Voor dit bedrag hebben we uw pincode nodig.")
	form.Set("pin", "4072")
	again := b.post(address, form).want(http.StatusUnprocessableEntity).shows("25,01", "Deze pincode klopt niet.").form(address)
	if again.Get("payment") != form.Get("payment") || again.Get("pin") != "" {
		t.Errorf("after a wrong PIN the form is %v", again)
	}
	again.Set("pin", pin)
	to := b.post(address, again).want(http.StatusSeeOther).to()
	b.page(to).shows("Betaald", "25,01")
	small := "/P/" + askFor(t, till, "25,00")
	if b.page(small).form(small).Has("pin") {
		t.Error("the PIN is asked for 25.00")
	}
}

func TestWrongPINsAtAPaymentCountAsThoseOfTheCard(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 20000), s.shop("Bakker")
	b, till := s.login(anna), s.login(bakker)
	address := "/P/" + askFor(t, till, "30")
	form := b.page(address).form(address)
	for range 5 {
		form.Set("pin", "4072")
		b.post(address, form).want(http.StatusUnprocessableEntity)
	}
	form.Set("pin", pin)
	b.post(address, form).want(http.StatusTooManyRequests).shows("te vaak een verkeerde pincode").hides(`name="pin"`)
	s.browser().post("/login", url.Values{"code": {s.cards[anna.ID].String()}, "pin": {pin}}).want(http.StatusTooManyRequests)
	if got := s.spendable(anna); got != 20000 {
		t.Errorf("Anna has %v, want 200.00", got)
	}
}

func TestBeyondTheLimitsThereIsNoButton(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 40000), s.shop("Bakker")
	b, till := s.login(anna), s.login(bakker)
	address := "/P/" + askFor(t, till, "50,01")
	b.page(address).shows("ten hoogste 50,00 per keer").hides(`id="confirm"`)
	for range 3 {
		address = "/P/" + askFor(t, till, "49,00")
		form := b.page(address).form(address)
		form.Set("pin", pin)
		b.post(address, form).want(http.StatusSeeOther)
	}
	address = "/P/" + askFor(t, till, "3,01")
	b.page(address).shows("vandaag nog 3,00 betalen").hides(`id="confirm"`)
}
