package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"

	"grulden/internal/bank"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/internal/sepa"
)

// desk is the browser of somebody at the desk.
func (s *site) desk() *browser {
	s.t.Helper()
	return s.login(s.add(people.Person{Role: people.Desk, Name: "Balie"}, 0))
}

// newPerson is the form for a new person, filled in.
func newPerson(b *browser, fields map[string]string) url.Values {
	form := b.page("/desk/people/new").form("/desk/people/new")
	form.Set("role", "resident")
	form.Set("language", "nl")
	form.Set("name", "Chaima")
	form.Set("pin", "8520")
	form.Set("pin2", "8520")
	for name, value := range fields {
		form.Set(name, value)
	}
	return form
}

func TestTheDeskAddsAResidentWhoCanSignInAtOnce(t *testing.T) {
	s := newSite(t, nil)
	desk := s.desk()
	form := newPerson(desk, nil)
	added := desk.post("/desk/people/new", form).want(http.StatusOK).shows("Chaima", "Bewoner", "U ziet deze code maar één keer.")
	code := added.wordsOf("logincode")
	again := desk.post("/desk/people/new", form).want(http.StatusUnprocessableEntity).shows("Dit formulier is al verstuurd.")
	again.hides(code)
	found := desk.page("/desk/people?q=chai").shows("Chaima")
	if n := strings.Count(found.words(), "Chaima"); n != 1 {
		t.Errorf("the form sent twice added %d people", n)
	}
	b := s.browser()
	b.post("/login", url.Values{"code": {code}, "pin": {"8520"}}).want(http.StatusSeeOther)
	b.page("/wallet").shows("0,00")
}

func TestTheDeskAddsAShopWithItsBankAccount(t *testing.T) {
	s := newSite(t, nil)
	desk := s.desk()
	desk.post("/desk/people/new", newPerson(desk, map[string]string{
		"role": "merchant", "shop": "Fietsenmaker", "address": "Voorbeeldstraat 9", "iban": "nl91abna0417164300", "language": "en",
	})).want(http.StatusOK).shows("Fietsenmaker", "Winkel", "Voorbeeldstraat 9", "NL91 ABNA 0417 1643 00")
}

func TestTheDeskIsToldWhatIsWrongWithAForm(t *testing.T) {
	s := newSite(t, nil)
	desk := s.desk()
	for _, tt := range []struct {
		field, value, want string
	}{
		{"name", "  ", "Vul een naam in."},
		{"pin", "8521", "De twee pincodes zijn niet gelijk."},
		{"role", "treasurer", "Kies bewoner of winkel."},
		{"role", "", "Kies bewoner of winkel."},
		{"role", "merchant", "Vul de naam van de winkel in."},
	} {
		r := desk.post("/desk/people/new", newPerson(desk, map[string]string{tt.field: tt.value}))
		r.want(http.StatusUnprocessableEntity).shows(tt.want).hides("8520")
	}
	desk.post("/desk/people/new", newPerson(desk, map[string]string{"pin": "1234", "pin2": "1234"})).
		want(http.StatusUnprocessableEntity).shows("Kies een andere pincode")
	desk.post("/desk/people/new", newPerson(desk, map[string]string{"role": "merchant", "shop": "X", "iban": "NL00"})).
		want(http.StatusUnprocessableEntity).shows("Deze IBAN klopt niet.")
	desk.post("/desk/people/new", newPerson(desk, map[string]string{"form": "x"})).want(http.StatusBadRequest)
	desk.page("/desk/people?q=chaima").shows("Niemand gevonden.")
}

func TestNothingTypedBecomesMarkupAnywhere(t *testing.T) {
	const evil = `<script>alert(1)</script>"'>`
	s := newSite(t, nil)
	desk := s.desk()
	anna := s.resident("Anna", 5000)
	added := desk.post("/desk/people/new", newPerson(desk, map[string]string{
		"role": "merchant", "name": evil, "shop": evil, "address": evil, "iban": "NL91ABNA0417164300",
	})).want(http.StatusOK)
	code, err := payreq.Parse(added.wordsOf("logincode"))
	if err != nil {
		t.Fatal(err)
	}
	shop, _, _, err := s.people.Login(code)
	if err != nil {
		t.Fatal(err)
	}
	s.pays(anna, shop, 1, 450)
	till := s.browser()
	till.post("/login", url.Values{"code": {code.String()}, "pin": {"8520"}}).want(http.StatusSeeOther)
	b := s.login(anna)
	poster := "/P/" + posterCode(t, till)
	for _, r := range []reply{
		added, desk.page("/desk/people"), desk.page("/desk/people?q=" + url.QueryEscape(evil)), desk.page("/desk/people/" + shop.ID.String()),
		till.page("/shop"), till.page("/shop/poster"), b.page("/wallet"), b.page("/history"), b.page(poster),
		b.get(poster + "?amount=" + url.QueryEscape(evil)), b.page("/receipt/01" + strings.Repeat("0", 30)),
		s.browser().page("/login?next=/" + url.QueryEscape(evil)), b.post("/pay", url.Values{"code": {evil}}),
	} {
		r.hides("<script>alert", `onerror`)
	}
}

func TestALostCardIsReplacedAndTheMoneyStays(t *testing.T) {
	s := newSite(t, nil)
	desk, anna := s.desk(), s.resident("Anna", 5000)
	address := "/desk/people/" + anna.ID.String()
	form := desk.page(address).shows("Anna", "50,00", anna.Reference[:4]).form(address + "/login")
	form.Set("pin", "1111")
	form.Set("pin2", "1111")
	desk.post(address+"/login", form).want(http.StatusUnprocessableEntity).shows("Kies een andere pincode")
	form.Set("pin", "7391")
	desk.post(address+"/login", form).want(http.StatusUnprocessableEntity).shows("niet gelijk")
	form.Set("pin2", "7391")
	code := desk.post(address+"/login", form).want(http.StatusOK).wordsOf("logincode")
	desk.page(address).hides(code)
	b := s.browser()
	b.post("/login", url.Values{"code": {s.cards[anna.ID].String()}, "pin": {pin}}).want(http.StatusUnprocessableEntity)
	b.post("/login", url.Values{"code": {code}, "pin": {"7391"}}).want(http.StatusSeeOther)
	b.page("/wallet").shows("50,00")
}

func TestTheDeskCannotTakeOverStaff(t *testing.T) {
	s := newSite(t, nil)
	boss := s.add(people.Person{Role: people.Treasurer, Name: "Penningmeester"}, 0)
	s.desk().post("/desk/people/"+boss.ID.String()+"/login", url.Values{"pin": {"7391"}, "pin2": {"7391"}}).want(http.StatusForbidden)
	s.login(boss)
}

func TestTheDeskBlocksAndFreesACard(t *testing.T) {
	s := newSite(t, nil)
	desk, anna, bakker := s.desk(), s.resident("Anna", 5000), s.shop("Bakker")
	address := "/desk/people/" + anna.ID.String()
	b, code := s.login(anna), askFor(t, s.login(bakker), "1,00")
	form := b.page("/P/" + code).form("/P/" + code)
	to := desk.post(address+"/block", nil).want(http.StatusSeeOther).to()
	desk.page(to).shows("De kaart is geblokkeerd.", "Maak weer vrij")
	desk.page("/desk/people?q=anna").shows("Geblokkeerd")
	b.post("/P/"+code, form).want(http.StatusForbidden)
	desk.page(desk.post(address+"/unblock", nil).want(http.StatusSeeOther).to()).shows("De kaart werkt weer.")
	b.post("/P/"+code, form).want(http.StatusSeeOther)
	desk.post("/desk/people/"+strings.Repeat("a", 32)+"/block", nil).want(http.StatusNotFound)
	desk.get("/desk/people/nonsense").want(http.StatusNotFound)
}

// reserve is the account behind the coin in these tests.
const reserve = "NL13TEST0123456789"

// statement is a bank statement over the reserve account.
func statement(t *testing.T, bookings ...sepa.SimBooking) []byte {
	t.Helper()
	var b bytes.Buffer
	day := sepa.MakeDate(2026, time.March, 2)
	for i := range bookings {
		bookings[i].Day = day
	}
	err := sepa.WriteStatement(&b, sepa.SimStatement{
		Version: 8, ID: "S1", Account: reserve, Created: day.Time(), Bookings: bookings,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// upload sends a file as the desk's form does.
func (b *browser) upload(file []byte) reply {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "statement.xml")
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := part.Write(file); err != nil {
		b.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, b.base+"/desk/bank", &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(r)
}

func (s *site) setReserve() {
	s.t.Helper()
	if err := s.bank.SetReserve(bank.Reserve{IBAN: reserve, Name: "Stichting Grulden"}); err != nil {
		s.t.Fatal(err)
	}
}

func TestABankStatementTopsUpAndWhatHasNoReferenceIsMatchedByHand(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	desk, anna, bram := s.desk(), s.resident("Anna", 0), s.resident("Bram", 0)
	file := statement(t,
		sepa.SimBooking{Cents: 5000, Credit: true, Name: "A. Anna", Reference: anna.Reference},
		sepa.SimBooking{Cents: 2000, Credit: true, Name: "B. <b>Bram</b>", Text: "voor mij"},
	)
	desk.upload(file).want(http.StatusOK).shows("2 nieuwe regels gelezen. 1 keer tegoed opgeladen")
	again := desk.upload(file).want(http.StatusOK).shows("0 nieuwe regels gelezen. 0 keer tegoed opgeladen")
	if s.spendable(anna) != 5000 || s.spendable(bram) != 0 {
		t.Fatalf("Anna has %v and Bram %v", s.spendable(anna), s.spendable(bram))
	}
	again.shows("B. <b>Bram</b>", "voor mij", "geen kenmerk", "Opgeladen Anna").hides("<b>Bram")
	var entry string
	for n := range again.parse().Descendants() {
		if strings.HasPrefix(attr(n, "href"), "/desk/bank/") {
			entry = attr(n, "href")
		}
	}
	match := desk.page(entry+"?q=bra").shows("Voor wie is dit geld?", "20,00", "Bram")
	for range 2 {
		desk.post(entry+"/issue", match.form(entry+"/issue"))
	}
	desk.page("/desk/bank").shows("Alles is uitgezocht.")
	if s.spendable(bram) != 2000 {
		t.Errorf("Bram has %v, want 20.00 once", s.spendable(bram))
	}
	desk.post(entry+"/issue", url.Values{"person": {anna.ID.String()}}).want(http.StatusConflict).shows("al opgeladen")
	desk.post(entry+"/issue", url.Values{"person": {"x"}}).want(http.StatusBadRequest)
	desk.post(entry+"/issue", url.Values{"person": {strings.Repeat("a", 32)}}).want(http.StatusNotFound)
	desk.get(entry).want(http.StatusSeeOther)
	desk.get("/desk/bank/" + strings.Repeat("a", 32)).want(http.StatusNotFound)
}

func TestABadStatementIsRefusedInWords(t *testing.T) {
	s := newSite(t, nil)
	desk := s.desk()
	good := statement(t, sepa.SimBooking{Cents: 100, Credit: true, Name: "A", Text: "x"})
	desk.upload(good).want(http.StatusConflict).shows("nog niet ingesteld")
	desk.page("/desk/redemptions").shows("nog niet ingesteld")
	s.setReserve()
	desk.upload([]byte("<html>")).want(http.StatusUnprocessableEntity).shows("Dit bestand kunnen we niet lezen.")
	desk.upload(nil).want(http.StatusUnprocessableEntity)
	other := bytes.ReplaceAll(good, []byte(reserve), []byte("NL91ABNA0417164300"))
	desk.upload(other).want(http.StatusUnprocessableEntity).shows("van een andere rekening")
	desk.post("/desk/bank", url.Values{"file": {"x"}}).want(http.StatusBadRequest)
}

func TestAShopsEurosGoThroughTheBank(t *testing.T) {
	s := newSite(t, nil)
	s.setReserve()
	bakker := s.ripeShop(5000)
	desk, shop := s.desk(), s.login(bakker)
	ask := func(amount string) {
		form := shop.page("/shop/euros").form("/shop/euros")
		form.Set("amount", amount)
		shop.post("/shop/euros", form).want(http.StatusSeeOther)
	}
	ask("8,00")
	ask("3,00")
	ask("1,00")
	ids := redemptionIDs(desk.page("/desk/redemptions").shows("Bakker", "NL91 ABNA 0417 1643 00", "€ 8,00", "€ 3,00"))
	if len(ids) != 3 {
		t.Fatalf("%d redemptions wait, want 3", len(ids))
	}
	desk.post("/desk/redemptions/approve", nil).want(http.StatusUnprocessableEntity).shows("Er is niets om uit te betalen.")
	to := desk.post("/desk/redemptions/approve", url.Values{"id": ids[:2]}).want(http.StatusSeeOther).to()
	looked := url.Values{"checked": {"yes"}}
	list := desk.page(to).shows("Geef hem alleen terug als de bank niet heeft betaald.", "Ja, ik heb het bij de bank nagekeken", "Goedgekeurd. Download nu het bankbestand.", "€ 11,00")
	file := payoutFile(t, desk, list)
	for _, part := range []string{"pain.001.001.09", "8.00", "3.00", "NL91ABNA0417164300"} {
		if !strings.Contains(file, part) {
			t.Errorf("the file lacks %q", part)
		}
	}
	desk.post("/desk/redemptions/"+ids[2]+"/settle", looked).want(http.StatusConflict).shows("nog niet goedgekeurd")
	desk.post("/desk/redemptions/"+ids[0]+"/settle", nil).want(http.StatusUnprocessableEntity).shows("Kijk dit eerst na bij de bank.", "€ 8,00")
	desk.page(desk.post("/desk/redemptions/"+ids[0]+"/settle", looked).want(http.StatusSeeOther).to()).shows("De uitbetaling is afgerond.")
	desk.post("/desk/redemptions/"+ids[1]+"/reject", nil).want(http.StatusConflict).shows("staat in een bankbestand")
	before := s.spendable(bakker)
	desk.post("/desk/redemptions/"+ids[1]+"/reject", url.Values{"unpaid": {"yes"}}).want(http.StatusSeeOther)
	desk.page(desk.post("/desk/redemptions/"+ids[2]+"/reject", nil).want(http.StatusSeeOther).to()).shows("De aanvraag is afgewezen.")
	if back := s.spendable(bakker) - before; back != 400 {
		t.Errorf("the shop got %v back, want 4.00", back)
	}
	desk.post("/desk/redemptions/"+ids[0]+"/settle", looked)
	desk.post("/desk/redemptions/"+ids[0]+"/reject", nil).want(http.StatusNotFound).shows("Deze aanvraag wacht niet meer.")
	desk.get("/desk/redemptions/files/nothing").want(http.StatusNotFound)
	shop.page("/history").shows("Als euro’s uitbetaald", "€ 8,00", "Terug: geen euro’s geworden")
}

// redemptionIDs are the ids of the redemptions that can be approved.
func redemptionIDs(r reply) (ids []string) {
	for n := range r.parse().Descendants() {
		if n.Data == "input" && attr(n, "name") == "id" {
			ids = append(ids, attr(n, "value"))
		}
	}
	return ids
}

// payoutFile downloads the first payment file of the list.
func payoutFile(t *testing.T, desk *browser, list reply) string {
	t.Helper()
	for n := range list.parse().Descendants() {
		if strings.HasPrefix(attr(n, "href"), "/desk/redemptions/files/") {
			r := desk.get(attr(n, "href")).want(http.StatusOK)
			want := `attachment; filename="` + path.Base(attr(n, "href")) + `.xml"`
			if r.header.Get("Content-Disposition") != want || r.header.Get("Content-Type") != "application/xml" {
				t.Errorf("sent as %v", r.header)
			}
			return r.text
		}
	}
	t.Fatalf("no payment file in the list:\n%s", list.text)
	return ""
}

func TestEvaluatorsReadTheFiguresAsPageCSVAndJSON(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	s.pays(anna, bakker, 1, 1000)
	b := s.login(s.add(people.Person{Role: people.Evaluator, Name: "Onderzoeker"}, 0))
	page := b.page("/report").shows("Hoe gaat het rond?", "2 maart 2026 tot en met 2 maart 2026", "50,00", "10,00")
	page.hides("Anna", "Bakker")
	for _, ending := range []string{"csv", "json"} {
		r := b.page("/report." + ending + "?from=2026-03-01&to=2026-03-31")
		if !strings.Contains(r.text, "volume") || !strings.HasPrefix(r.header.Get("Content-Disposition"), "attachment;") {
			t.Errorf("%s: %v\n%.200s", ending, r.header, r.text)
		}
	}
	b.get("/report?from=2026-03-31&to=2026-03-01").want(http.StatusUnprocessableEntity).shows("Kies een eerste dag")
	b.page("/report?from=2030-01-01").shows("Er is nog niets te tellen.")
	b.get("/report?from=x").want(http.StatusBadRequest)
	b.get("/report.csv?from=2030-01-01").want(http.StatusNotFound)
}

func TestACommandOfThePagesSaysWhoGaveIt(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	b, code := s.login(anna), askFor(t, s.login(bakker), "1,00")
	b.post("/P/"+code, b.page("/P/"+code).form("/P/"+code)).want(http.StatusSeeOther)
	err := s.node.Read(func(v *node.View) error {
		r, err := v.Record(v.Head().Seq)
		if err == nil && (people.ID(r.Auth.By) != anna.ID || r.Auth.How != record.ByPIN) {
			t.Errorf("authorised by %+v, want Anna with her PIN", r.Auth)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
