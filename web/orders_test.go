package web

import (
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/ledger"
)

// paysCode pays what a page under /P/ asks, as the form on it says.
func (b *browser) paysCode(path string) reply {
	b.t.Helper()
	form := b.page(path).form(strings.SplitN(path, "?", 2)[0])
	return b.post(strings.SplitN(path, "?", 2)[0], form)
}

func TestAResidentReceivesWithTheirOwnCode(t *testing.T) {
	s := newSite(t, nil)
	anna, bram := s.resident("Anna Jansen", 0), s.resident("Bram", 5000)
	s.shop("Bakkerij De Kade")
	a, b := s.login(anna), s.login(bram)
	request, err := s.server.book.Personal(anna.Account, s.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	a.page("/receive").shows("Een bewoner", request.Code.Grouped()).hides("Jansen")
	address := "/P/" + request.Code.String()
	b.page(address).shows("Een bewoner", "Hoeveel wilt u betalen?").hides("Jansen")
	for _, bad := range []string{"Bakkerij de Kade", "bakkerijdekade", "<b>", "Anna\r\nbewoner", "Anna\u2028B", "Anna\u202e", "\u2066Anna", "Een hele lange naam met veel woorden"} {
		a.post("/receive/name", url.Values{"name": {bad}}).want(http.StatusUnprocessableEntity).shows("Kies een kortere naam")
	}
	a.page(a.post("/receive/name", url.Values{"name": {"Anna"}}).want(http.StatusSeeOther).to()).shows("De naam is bewaard.", "Anna, bewoner")
	b.page(address+"?amount=4,50").shows("Anna, bewoner", "4,50").hides("Jansen")
	receipt := b.paysCode(address + "?amount=4,50").want(http.StatusSeeOther).to()
	b.page(receipt).shows("Betaald", "aan Anna, bewoner", "Elke week of maand betalen", "Vraag het terug")
	a.page("/wallet").shows("U kunt nu uitgeven 4,50", "Een bewoner")
}

func TestAResidentReceivesAnAmount(t *testing.T) {
	s := newSite(t, nil)
	anna, bram := s.resident("Anna", 0), s.resident("Bram", 5000)
	a, b := s.login(anna), s.login(bram)
	a.post("/receive/amount", url.Values{"amount": {"veel"}}).want(http.StatusUnprocessableEntity).shows("Vul een bedrag in")
	shown := a.post("/receive/amount", url.Values{"amount": {"7,25"}}).want(http.StatusSeeOther).to()
	a.page(shown).shows("Laat dit scannen", "7,25")
	code := strings.TrimPrefix(shown, "/receive/")
	b.paysCode("/P/" + code).want(http.StatusSeeOther)
	a.page(shown).shows("BETAALD")
	b.get(shown).want(http.StatusNotFound)
	late := a.post("/receive/amount", url.Values{"amount": {"1"}}).want(http.StatusSeeOther).to()
	s.clock.add(11 * time.Minute)
	a.page(late).shows("Deze code is te oud")
	for range 40 {
		a.post("/receive/amount", url.Values{"amount": {"1"}})
	}
	a.post("/receive/amount", url.Values{"amount": {"1"}}).want(http.StatusTooManyRequests)
}

func TestAnAmountIsSharedByLink(t *testing.T) {
	s := newSite(t, nil)
	anna, bram, carla, dirk := s.resident("Anna", 0), s.resident("Bram", 5000), s.resident("Carla", 5000), s.resident("Dirk", 5000)
	a, b, c, d := s.login(anna), s.login(bram), s.login(carla), s.login(dirk)
	for what, form := range map[string]url.Values{
		"alone":      {"split": {"1"}, "amount": {"10"}, "people": {"1"}},
		"no number":  {"split": {"1"}, "amount": {"10"}, "people": {"veel"}},
		"no amount":  {"amount": {""}, "people": {"1"}},
		"a long one": {"amount": {"1"}, "people": {"1"}, "text": {strings.Repeat("x", 61)}},
	} {
		if r := a.post("/ask/new", form); r.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", what, r.status)
		}
	}
	mine := a.post("/ask/new", url.Values{"split": {"1"}, "amount": {"10,00"}, "people": {"3"}, "text": {"Soep"}}).want(http.StatusSeeOther).to()
	a.page(mine).shows("Soep", "3,33", "Ieder betaalt 3,33. Uw eigen deel is 3,34.", "0 van de 2 betaald")
	address := "/P/" + strings.TrimPrefix(mine, "/ask/")
	if to := a.get(address).want(http.StatusSeeOther).to(); to != mine {
		t.Errorf("the asker's own link leads to %q", to)
	}
	b.get(mine).want(http.StatusNotFound)
	receipt := b.page(address).shows("Soep", "Een bewoner", "3,33")
	paid := b.post(address, receipt.form(address)).want(http.StatusSeeOther).to()
	b.page(paid).shows("Soep", "Betaald")
	if to := b.get(address).want(http.StatusSeeOther).to(); to != paid {
		t.Errorf("opening it again leads to %q", to)
	}
	late := d.page(address).form(address)
	c.paysCode(address).want(http.StatusSeeOther)
	d.post(address, late).want(http.StatusConflict).shows("Er hebben al genoeg mensen betaald")
	d.get(address).want(http.StatusConflict).shows("Er hebben al genoeg mensen betaald")
	a.page(mine).shows("2 van de 2 betaald", "Iedereen heeft betaald.", "+3,33").hides("Bram", "Carla")
	a.page("/ask").shows("Soep", "2 van de 2 betaald")
	if got := s.spendable(anna); got != 666 {
		t.Errorf("Anna has %v", got)
	}
	other := a.post("/ask/new", url.Values{"amount": {"2"}, "people": {"5"}}).want(http.StatusSeeOther).to()
	a.page(a.post(other+"/stop", nil).want(http.StatusSeeOther).to()).shows("U hebt deze link gestopt.")
	b.get("/P/" + strings.TrimPrefix(other, "/ask/")).want(http.StatusGone).shows("Deze link werkt niet meer.")
	b.post(other+"/stop", nil).want(http.StatusNotFound)
}

func TestAWrongPaymentIsReturnedByAgreement(t *testing.T) {
	s := newSite(t, nil)
	anna, bram, shop := s.resident("Anna", 5000), s.resident("Bram", 0), s.shop("Bakker")
	a, b := s.login(anna), s.login(bram)
	s.pays(anna, bram, 1, 1000)
	s.pays(anna, shop, 2, 1000)
	id := ledger.ID{1}
	s.submit(ledger.Pay{ID: ledger.ID{7}, From: bram.Account, To: shop.Account, Amount: 100})
	var address string
	for _, n := range a.page("/history").links() {
		if strings.HasPrefix(n, "/receipt/01") || strings.Contains(n, id.String()) {
			address = n
		}
	}
	if address == "" {
		t.Fatal("the history has no receipt of the payment")
	}
	ask := "/return/" + strings.TrimPrefix(address, "/receipt/")
	a.page(address).shows("Verkeerd betaald? Vraag het terug")
	a.page(ask+"/ask").shows("Wat ging er mis?", "Verkeerde persoon")
	a.post(ask+"/ask", url.Values{"reason": {"boos"}}).want(http.StatusConflict)
	a.page(a.post(ask+"/ask", url.Values{"reason": {"person"}}).want(http.StatusSeeOther).to()).shows("De ander moet nog antwoorden.")
	a.page("/wallet").shows("U hebt dit teruggevraagd.")
	b.page("/wallet").shows("vraagt het terug. Vindt u dat goed?")
	b.page(ask).shows("Verkeerde persoon", "Dan gaat dit bedrag van uw tegoed af.")
	a.post(ask, url.Values{"answer": {"yes"}}).want(http.StatusConflict)
	b.post(ask, url.Values{"answer": {"misschien"}}).want(http.StatusBadRequest)
	b.post(ask, url.Values{"answer": {"yes"}}).want(http.StatusConflict).shows("U hebt niet genoeg om dit terug te geven.")
	s.submit(ledger.Issue{To: bram.Account, Amount: 500})
	for range 2 {
		b.page(b.post(ask, url.Values{"answer": {"yes"}}).want(http.StatusSeeOther).to()).shows("U hebt het geld teruggegeven.")
	}
	a.page(ask).shows("U hebt het geld terug.")
	if got := s.spendable(anna); got != 4000 {
		t.Errorf("Anna has %v", got)
	}
	s.login(s.resident("Carla", 0)).get(ask).want(http.StatusNotFound)
}

func TestAStandingPaymentIsMadeSkippedAndStopped(t *testing.T) {
	s := newSite(t, nil)
	anna, tuin := s.resident("Anna", 5000), s.shop("Volkstuin")
	a := s.login(anna)
	code := posterCode(t, s.login(tuin))
	a.page("/standing").shows("U hebt geen vaste betalingen.")
	a.get("/standing/new?code=niets").want(http.StatusNotFound).shows("Deze code klopt niet.")
	form := a.page("/standing/new?code="+code).shows("Volkstuin", "Hoeveel, elke keer?").form("/standing/new")
	form.Set("amount", "12,50")
	form.Set("text", "Huur")
	form.Set("first", "2026-02-01")
	a.post("/standing/new", form).want(http.StatusUnprocessableEntity).shows("Kies een eerste dag die over drie dagen of later is")
	form.Set("first", "2026-03-11")
	form = a.post("/standing/new", form).want(http.StatusOK).shows("Volkstuin", "12,50", "elke week op woensdag", "vanaf 11 maart 2026").form("/standing")
	for wrong, why := range map[string]string{"0000": "horen niet bij elkaar", "": "Vul uw pincode in."} {
		form.Set("pin", wrong)
		if r := a.post("/standing", form).shows(why); r.status < 400 {
			t.Errorf("the PIN %q begins it", wrong)
		}
	}
	form.Set("pin", pin)
	for range 2 {
		a.post("/standing", form).want(http.StatusSeeOther)
	}
	a.page("/standing").shows("Volkstuin", "12,50", "elke week op woensdag", "Huur", "De volgende keer is 11 maart.")
	s.clock.add(6 * 24 * time.Hour)
	a.page("/wallet").shows("Op 11 maart betaalt u 12,50 aan Volkstuin.")
	s.clock.add(3 * 24 * time.Hour)
	s.runOrders()
	s.runOrders()
	if got := s.spendable(tuin); got != 1250 {
		t.Errorf("the shop has %v, want one payment", got)
	}
	a.page("/history").shows("Volkstuin", "vaste betaling")
	list := a.page("/standing").shows("Betaald voor 11 maart.", "De volgende keer is 18 maart.")
	skip, stop := "", ""
	for _, action := range list.actions() {
		if strings.HasSuffix(action, "/skip") {
			skip = action
		} else if strings.HasSuffix(action, "/stop") {
			stop = action
		}
	}
	form = list.form(skip)
	for range 2 {
		a.post(skip, form).want(http.StatusSeeOther)
	}
	a.page("/standing").shows("Overgeslagen: 18 maart.", "De volgende keer is 25 maart.")
	s.login(s.resident("Bram", 0)).post(stop, nil).want(http.StatusNotFound)
	s.pays(anna, tuin, 3, 3000)
	s.clock.add(14 * 24 * time.Hour)
	s.runOrders()
	a.page("/wallet").shows("Er was niet genoeg tegoed voor 12,50 aan Volkstuin.")
	a.page(a.post(stop, nil).want(http.StatusSeeOther).to()).shows("Gestopt. Er wordt niets meer betaald.", "U hebt deze betaling gestopt.")
}

func TestAStandingPaymentIsBoundedAndEndsWithTheCard(t *testing.T) {
	s := newSite(t, nil)
	anna, tuin := s.resident("Anna", 9000), s.shop("Volkstuin")
	a, till := s.login(anna), s.login(tuin)
	begin := func(amount string) reply {
		form := a.page("/standing/new?code=" + posterCode(t, till)).form("/standing/new")
		form.Set("amount", amount)
		form = a.post("/standing/new", form).want(http.StatusOK).form("/standing")
		form.Set("pin", pin)
		return a.post("/standing", form)
	}
	begin("50,01").want(http.StatusForbidden).shows("50,00")
	begin("12,50").want(http.StatusSeeOther)
	s.clock.add(3 * 24 * time.Hour)
	s.runOrders()
	till.page("/shop/payments").shows("Vaste betaling").hides("Via de poster")
	till.page("/shop/day").shows("Vaste betaling").hides("Via de poster")
	if csv := till.get("/shop/day.csv").want(http.StatusOK).text; !strings.Contains(csv, "Vaste betaling") {
		t.Errorf("the list of the day has no word for it: %s", csv)
	}
	_, code, err := s.people.NewCard(anna.ID)
	if err != nil {
		t.Fatal(err)
	}
	s.cards[anna.ID] = code
	a = s.login(anna)
	a.page("/wallet").shows("De vaste betaling van 12,50 aan Volkstuin is gestopt. De kaart of de pincode is vervangen.")
	a.page("/standing").shows("Gestopt. De kaart of de pincode is vervangen. Zet de vaste betaling opnieuw aan.")
	s.clock.add(7 * 24 * time.Hour)
	s.runOrders()
	if got := s.spendable(tuin); got != 1250 {
		t.Errorf("the shop has %v, want the one payment before the new card", got)
	}
}

func TestAPhoneSignsAStandingPaymentOnceForAll(t *testing.T) {
	s := newSite(t, nil)
	anna, tuin := s.resident("Anna", 5000), s.shop("Volkstuin")
	phone := enrol(t, s.login(anna), "Mijn telefoon")
	form := phone.page("/standing/new?code=" + posterCode(t, s.login(tuin))).form("/standing/new")
	form.Set("amount", "12,50")
	form.Set("every", "month")
	shown := phone.post("/standing/new", form).want(http.StatusOK).shows("elke maand op de 5e")
	form = shown.form("/standing")
	phone.post("/standing", form).want(http.StatusForbidden).shows("Deze telefoon kon de betaling niet tekenen.")
	signed := func(message string) url.Values {
		at := attr(shown.byID("mandate"), "data-now")
		form.Set("device", phone.id)
		form.Set("at", at)
		form.Set("sig", base64.RawURLEncoding.EncodeToString(ed25519.Sign(phone.key, []byte(message+at+"\n"))))
		return form
	}
	message := attr(shown.byID("mandate"), "data-message")
	form.Set("pin", pin)
	phone.post("/standing", signed(strings.Replace(message, "\n1250\n", "\n1\n", 1))).want(http.StatusForbidden)
	for wrong, why := range map[string]string{"0000": "horen niet bij elkaar", "": "Vul uw pincode in."} {
		form.Set("pin", wrong)
		if r := phone.post("/standing", signed(message)).shows(why); r.status < 400 {
			t.Errorf("the PIN %q begins it on a phone", wrong)
		}
	}
	form.Set("pin", pin)
	phone.post("/standing", signed(message)).want(http.StatusSeeOther)
	s.clock.add(3 * 24 * time.Hour)
	s.runOrders()
	s.clock.add(31 * 24 * time.Hour)
	s.runOrders()
	if got := s.spendable(tuin); got != 2499 { // the first one lost less than a cent on 2 April
		t.Errorf("the shop has %v, want two payments", got)
	}
	err := s.node.Read(func(v *node.View) error {
		records, err := v.History(tuin.Account, 0, 2)
		for _, r := range records {
			if r.Auth.How != record.ByStanding || r.Auth.Proof == nil || r.Auth.Proof.Standing == nil {
				t.Errorf("the journal has %+v", r.Auth)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	other := enrol(t, s.login(anna), "Andere telefoon")
	other.post("/devices/"+phone.id+"/remove", url.Values{"sure": {"yes"}}).want(http.StatusSeeOther)
	s.clock.add(31 * 24 * time.Hour)
	s.runOrders()
	other.page("/standing").shows("Gestopt: de telefoon waarmee u dit goedkeurde, is weg.")
}

func TestProgramsSeeNoNameOfAResident(t *testing.T) {
	s := newSite(t, nil)
	anna, bram := s.resident("Anna Jansen", 0), s.resident("Bram", 5000)
	request, err := s.server.book.Personal(anna.Account, s.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	seen := s.api(s.token(bram), "GET", "/api/v1/requests/"+request.Code.String(), "").want(http.StatusOK)
	if strings.Contains(seen.text, "Jansen") || !strings.Contains(seen.text, "Een bewoner") {
		t.Errorf("a program sees %s", seen.text)
	}
}

func TestStatementsArePagesForPrinting(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	s.pays(anna, bakker, 1, 1000)
	a := s.login(anna)
	a.page("/statement").shows("Overzicht van maart 2026", "Deze maand is nog niet voorbij.", "Betaald aan Bakker", "−10,00", "Nu 40,00")
	s.clock.add(60 * 24 * time.Hour)
	april := a.page("/statement?month=2026-04").shows("Begin van de maand 40,00", "Er zijn deze maand geen betalingen.", "Eraf voor de wijk", "Einde van de maand 39,80")
	april.shows("−0,20")
	a.page("/statement?month=2026-03").shows("Einde van de maand 40,00").hides("Eraf voor de wijk")
	s.login(bakker).page("/statement?month=2026-03").shows("Een bewoner", "+10,00", "Einde van de maand 10,00")
	for _, month := range []string{"2026-02", "2026-06", "straks", "2026-13"} {
		a.get("/statement?month=" + month).want(http.StatusNotFound)
	}
}

// runOrders does what the server does every few seconds.
func (s *site) runOrders() {
	s.t.Helper()
	if err := s.server.orders.RunDue(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// links are the addresses of all links on a page.
func (r reply) links() (all []string) {
	for n := range r.parse().Descendants() {
		if n.Data == "a" {
			all = append(all, attr(n, "href"))
		}
	}
	return all
}

// actions are where the forms on a page go.
func (r reply) actions() (all []string) {
	for n := range r.parse().Descendants() {
		if n.Data == "form" {
			all = append(all, attr(n, "action"))
		}
	}
	return all
}
