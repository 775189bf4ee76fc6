package web

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"grulden/internal/people"
)

// handset is a phone: a browser, and a key that signs what a page says.
type handset struct {
	*browser
	id  string
	key ed25519.PrivateKey
}

// enrol makes a browser a wallet, as enrol.js does.
func enrol(t *testing.T, b *browser, name string) *handset {
	t.Helper()
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	form := b.page("/devices/new").form("/devices/new")
	form.Set("alg", "Ed25519")
	form.Set("key", base64.RawURLEncoding.EncodeToString(public))
	form.Set("name", name)
	if to := b.post("/devices/new", form).want(http.StatusSeeOther).to(); !strings.Contains(to, "done=enrolled") {
		t.Fatalf("enrolling leads to %q", to)
	}
	return &handset{browser: b, id: form.Get("device"), key: key}
}

// sign puts a signature into the form on a pay page, as sign.js does.
func (h *handset) sign(r reply, address string) url.Values {
	h.t.Helper()
	form := r.form(address)
	at := attr(r.byID("pay"), "data-now")
	form.Set("device", h.id)
	form.Set("at", at)
	form.Set("sig", base64.RawURLEncoding.EncodeToString(ed25519.Sign(h.key, []byte(attr(r.byID("confirm"), "data-message")+at+"\n"))))
	return form
}

// ask sends a form as a script does, and gives the answer.
func (b *browser) ask(method, path string, form url.Values) (a payAnswer, status int) {
	b.t.Helper()
	r, err := http.NewRequest(method, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	answer := b.do(r)
	if err := json.Unmarshal([]byte(answer.text), &a); err != nil {
		b.t.Fatalf("%s %s: %d, no JSON:\n%s", method, path, answer.status, answer.text)
	}
	return a, answer.status
}

func TestACardsLinkLooksTheSameWhetherThereIsSuchACardOrNot(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 0)
	real := s.cards[anna.ID]
	known := s.browser().page("/C/"+real.String()).shows("Is dit uw kaart?", real.Grouped()).hides("Anna")
	unknown := s.browser().page("/c/0000000012").shows("Is dit uw kaart?")
	same := func(r reply, code string) string {
		grouped := code[:5] + "-" + code[5:]
		text := strings.NewReplacer(code, "CODE", grouped, "CODE", strings.ToLower(code), "CODE").Replace(r.text)
		return strings.NewReplacer("/c/CODE", "/C/CODE").Replace(text)
	}
	if a, b := same(known, real.String()), same(unknown, "0000000012"); a != b {
		t.Errorf("the pages differ:\n%s\n%s", a, b)
	}
	s.browser().get("/C/nonsense").want(http.StatusNotFound).shows("Dit is geen code van een kaart.")
}

func TestACardsLinkSignsInWithThePINOnly(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 0)
	b := s.browser()
	form := b.page("/C/" + s.cards[anna.ID].String()).form("/login")
	form.Set("pin", "9999")
	b.post("/login", form).want(http.StatusUnprocessableEntity).shows("horen niet bij elkaar")
	form.Set("pin", pin)
	to := b.post("/login", form).want(http.StatusSeeOther).to()
	b.page(to).shows("Maak van deze telefoon uw portemonnee")
	if to := b.get("/C/" + s.cards[anna.ID].String()).want(http.StatusSeeOther).to(); to != "/devices/new" {
		t.Errorf("one's own card leads to %q", to)
	}
}

// enrolForm is what enrol.js sends for a new phone.
func enrolForm(t *testing.T, id string) url.Values {
	t.Helper()
	public, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return url.Values{"device": {strings.Repeat(id, 16)}, "alg": {"Ed25519"}, "key": {base64.RawURLEncoding.EncodeToString(public)}, "name": {"Nieuw"}}
}

func TestAPhoneEnrolsNoOtherPhone(t *testing.T) {
	s := newSite(t, nil)
	phone := enrol(t, s.login(s.resident("Anna", 0)), "Mijn telefoon")
	form := enrolForm(t, "ab")
	phone.post("/devices/new", form).want(http.StatusForbidden).shows("Met deze telefoon kunt u al betalen")
	form.Set("pin", pin)
	phone.post("/devices/new", form).want(http.StatusForbidden)
	phone.page("/devices").hides("Nieuw")
}

func TestAPhoneIsEnrolledWithThePINShownMomentsAgo(t *testing.T) {
	s := newSite(t, nil)
	b := s.login(s.resident("Anna", 0))
	s.clock.add(pinFresh)
	b.page("/devices/new").hides("Uw pincode")
	s.clock.add(time.Second)
	b.page("/devices/new").shows("Uw pincode")
	form := enrolForm(t, "ab")
	b.post("/devices/new", form).want(http.StatusForbidden).shows("hebben we uw pincode nodig", "Uw pincode")
	form.Set("pin", "9999")
	b.post("/devices/new", form).want(http.StatusUnprocessableEntity).shows("horen niet bij elkaar")
	b.page("/devices").hides("Nieuw")
	form.Set("pin", pin)
	b.post("/devices/new", form).want(http.StatusSeeOther)
	b.page("/devices").shows("Nieuw")
}

func TestAPINBeforeASecondFactorIsAsOldAsItIs(t *testing.T) {
	s := newSite(t, required)
	shop := s.shop("Bakker")
	a := s.setUpApp(s.login(shop))
	b := s.login(shop)
	s.clock.add(pinFresh - time.Minute)
	b.post("/login/second", url.Values{"otp": {a.code()}}).want(http.StatusSeeOther)
	b.page("/devices/new").hides("Uw pincode")
	s.clock.add(2 * time.Minute)
	b.post("/devices/new", enrolForm(t, "ab")).want(http.StatusForbidden)
}

func TestAShopThatScansACustomersCardIsSentToTheTill(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 0), s.shop("Bakker")
	r := s.login(bakker).page("/C/" + s.cards[anna.ID].String()).shows("Dit is de kaart van een klant")
	if r.hasForm("/login") {
		t.Error("a customer's PIN is asked for on a page of the shop")
	}
}

func TestStaffHaveNoWalletToMake(t *testing.T) {
	s := newSite(t, nil)
	balie := s.add(people.Person{Role: people.Desk, Name: "Balie"}, 0)
	if to := s.login(balie).get("/devices/new").want(http.StatusSeeOther).to(); to != home(people.Desk) {
		t.Errorf("the desk is led to %q", to)
	}
}

func TestASessionOfAPhoneMustSign(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	phone, till := enrol(t, s.login(anna), "Mijn telefoon"), s.login(bakker)
	address := "/P/" + askFor(t, till, "4,50")
	shown := phone.page(address)
	plain := shown.form(address)
	phone.post(address, plain).want(http.StatusForbidden).shows("Deze telefoon kon de betaling niet tekenen.")
	wrong := phone.sign(shown, address)
	wrong.Set("at", strconv.FormatInt(s.clock.Now().Unix()-1, 10))
	phone.post(address, wrong).want(http.StatusForbidden)
	if got := s.spendable(anna); got != 5000 {
		t.Fatalf("Anna has %v, want 50.00", got)
	}
	to := phone.post(address, phone.sign(phone.page(address), address)).want(http.StatusSeeOther).to()
	phone.page(to).shows("Betaald", "4,50")
	phone.page("/history").shows("met uw telefoon")
}

func TestAnotherSessionBecomesThePhonesByItsFirstSignature(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	phone, till := enrol(t, s.login(anna), ""), s.login(bakker)
	fresh := &handset{browser: s.login(anna), id: phone.id, key: phone.key}
	first, second := "/P/"+askFor(t, till, "1"), "/P/"+askFor(t, till, "1")
	fresh.post(first, fresh.sign(fresh.page(first), first)).want(http.StatusSeeOther)
	fresh.post(second, fresh.page(second).form(second)).want(http.StatusForbidden)
	other := s.login(anna)
	other.post("/devices/here", url.Values{"device": {phone.id}}).want(http.StatusNoContent)
	other.post(second, other.page(second).form(second)).want(http.StatusForbidden)
	other.post("/devices/here", url.Values{"device": {strings.Repeat("0", 32)}}).want(http.StatusNotFound)
}

func TestAPhoneThatIsTakenAwayIsSignedOut(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 5000)
	lost := enrol(t, s.login(anna), "Oude telefoon")
	s.clock.add(time.Hour)
	kept := enrol(t, s.login(anna), "Nieuwe telefoon")
	list := kept.page("/devices").shows("Oude telefoon", "Nieuwe telefoon", "Deze telefoon")
	remove := "/devices/" + lost.id + "/remove"
	if !list.hasForm(remove) {
		t.Fatal("there is no way to take the old phone away")
	}
	kept.post(remove, nil).want(http.StatusUnprocessableEntity).shows("Zet eerst een vinkje.")
	lost.page("/wallet")
	kept.page(kept.post(remove, url.Values{"sure": {"yes"}}).want(http.StatusSeeOther).to()).hides("Oude telefoon")
	if to := lost.get("/wallet").want(http.StatusSeeOther).to(); !strings.HasPrefix(to, "/login") {
		t.Errorf("the phone that was taken away is led to %q", to)
	}
	kept.page("/wallet")
}

func TestAPhoneIsNotTakenAwayBySomebodyElse(t *testing.T) {
	s := newSite(t, nil)
	anna, bram := s.resident("Anna", 5000), s.resident("Bram", 5000)
	phone := enrol(t, s.login(anna), "")
	s.login(bram).post("/devices/"+phone.id+"/remove", url.Values{"sure": {"yes"}}).want(http.StatusSeeOther)
	phone.page("/wallet")
	phone.page("/devices").shows("Deze telefoon")
}

func TestOtherPhonesAreToldOfANewOneForAWeek(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 5000)
	first := enrol(t, s.login(anna), "Eerste")
	s.clock.add(2 * tellNew)
	first.page("/wallet").hides("telefoon bij gekomen")
	second := enrol(t, s.login(anna), "Tweede")
	first.page("/wallet").shows("een telefoon bij gekomen: Tweede. Was u dat niet?")
	second.page("/wallet").hides("telefoon bij gekomen")
	s.clock.add(tellNew + time.Minute)
	for n := range first.page("/wallet").parse().Descendants() {
		if n.Type == html.TextNode && strings.Contains(n.Data, "Tweede") {
			t.Error("after a week it is still told")
		}
	}
}

func TestTheJournalHoldsNoNameOfAPhone(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 5000)
	phone := enrol(t, s.login(anna), "Telefoon van Anna de Wit")
	phone.page("/devices").shows("Telefoon van Anna de Wit")
	if err := s.people.Erase(anna.ID); err != nil {
		t.Fatal(err)
	}
	d, err := s.people.Device(anna.ID, [16]byte{})
	if err != nil || d.Name != "" {
		t.Errorf("after erasing: %+v, %v", d, err)
	}
	if strings.Contains(s.log.String(), "Wit") || strings.Contains(s.log.String(), phone.id) {
		t.Error("the log names the phone")
	}
}

// TestAnOrderThatAProxyHeldBackPaysNothingAfterNotPaid: the payer heard "not
// paid", and then the order arrives that was sent first.
func TestAnOrderThatAProxyHeldBackPaysNothingAfterNotPaid(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	till := s.login(bakker)
	for name, phone := range map[string]*handset{"without a phone": {browser: s.login(anna)}, "signed": enrol(t, s.login(anna), "")} {
		address := "/P/" + askFor(t, till, "4,50")
		held := phone.page(address).form(address)
		if phone.key != nil {
			held = phone.sign(phone.page(address), address)
		}
		if a, _ := phone.ask(http.MethodGet, address+"/state?payment="+held.Get("payment"), nil); a.State != "open" {
			t.Errorf("%s, before: %+v", name, a)
		}
		if a, _ := phone.ask(http.MethodPost, address+"/stop", held); a.State != "stopped" {
			t.Errorf("%s, given up: %+v", name, a)
		}
		if a, status := phone.ask(http.MethodPost, address, held); a.Code != "given-up" || status != http.StatusConflict {
			t.Errorf("%s, the order that came late: %d %+v", name, status, a)
		}
		if got := s.spendable(anna); got != 5000 {
			t.Errorf("%s: Anna has %v, want 50.00", name, got)
		}
		phone.page(address).shows("4,50", "Ja, betaal 4,50") // and may be paid all the same
	}
}

func TestAScriptHearsTheSameOfAPaymentHoweverItAsks(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 8000), s.shop("Bakker")
	phone, till := enrol(t, s.login(anna), ""), s.login(bakker)
	address := "/P/" + askFor(t, till, "30")
	shown := phone.page(address)
	form := phone.sign(shown, address)
	if a, status := phone.ask(http.MethodPost, address, form); a.State != "refused" || a.Code != "pin-needed" || status != http.StatusForbidden {
		t.Errorf("without the PIN: %d %+v", status, a)
	}
	form.Set("pin", "9999")
	if a, _ := phone.ask(http.MethodPost, address, form); a.Code != "wrong-pin" || !strings.Contains(a.Text, "Er is niets betaald") {
		t.Errorf("with a wrong one: %+v", a)
	}
	form.Set("pin", pin)
	want := "/receipt/" + form.Get("payment")
	for range 2 {
		if a, _ := phone.ask(http.MethodPost, address, form); a.State != "paid" || a.To != want || a.Now != s.clock.Now().Unix() {
			t.Errorf("paid: %+v", a)
		}
	}
	for _, path := range []string{"/state?payment=" + form.Get("payment"), "/stop"} {
		method := map[bool]string{true: http.MethodPost, false: http.MethodGet}[path == "/stop"]
		if a, _ := phone.ask(method, address+path, form); a.State != "paid" || a.To != want {
			t.Errorf("%s: %+v", path, a)
		}
	}
	if a, _ := s.login(s.resident("Bram", 100)).ask(http.MethodGet, address+"/state?payment="+form.Get("payment"), nil); a.State != "open" {
		t.Errorf("somebody else hears %+v", a)
	}
	phone.page("/history").shows("met uw telefoon en pincode")
}

func TestAnOldSignatureIsRefusedForGood(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 8000), s.shop("Bakker")
	phone := enrol(t, s.login(anna), "")
	address := "/P/" + askFor(t, s.login(bakker), "3")
	form := phone.sign(phone.page(address), address)
	s.clock.add(2*time.Minute + time.Second)
	if a, status := phone.ask(http.MethodPost, address, form); a.Code != "late" || status != http.StatusConflict {
		t.Errorf("after two minutes: %d %+v", status, a)
	}
}

func TestAPhoneHasAnAccountsMostDevicesAtMost(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 0)
	for range 8 {
		enrol(t, s.login(anna), "")
	}
	b := s.login(anna)
	form := b.page("/devices/new").form("/devices/new")
	form.Set("alg", "Ed25519")
	form.Set("key", base64.RawURLEncoding.EncodeToString(make([]byte, 32)))
	b.post("/devices/new", form).want(http.StatusConflict).shows("U hebt al acht telefoons.")
	for field, bad := range map[string]string{"alg": "RSA", "key": "!", "device": "12"} {
		broken := url.Values{"device": form["device"], "alg": form["alg"], "key": form["key"], "name": {"x"}}
		broken.Set(field, bad)
		b.post("/devices/new", broken).want(http.StatusBadRequest)
	}
}

func TestAPhoneIsNamedAfterItsKind(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Linux; Android 11; moto g(9)) Chrome/120.0 Mobile":    "Android-telefoon",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604": "iPhone",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64)":                         "Windows-computer",
		"": "Telefoon",
	} {
		if got := deviceName("nl", agent); got != want {
			t.Errorf("%q is called %q, want %q", agent, got, want)
		}
	}
}
