package web

import (
	"bytes"
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"

	"grulden/internal/bank"
	"grulden/internal/foureyes"
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

// newPerson goes through the steps to a new card, up to the pad, and gives the
// address of the person. fields change what is typed.
func newPerson(desk *browser, fields map[string]string) (address string) {
	desk.t.Helper()
	to := desk.post("/desk/people/new", languageForm(desk, fields)).want(http.StatusSeeOther).to()
	return strings.TrimSuffix(to, "/pin")
}

// nameForm is the step of the name, filled in.
func nameForm(desk *browser, fields map[string]string) url.Values {
	desk.t.Helper()
	role := "resident"
	if fields["role"] == "merchant" {
		role = "merchant"
	}
	form := desk.page("/desk/people/new?role=" + role).form("/desk/people/new")
	form.Set("name", "Chaima")
	for name, value := range fields {
		if name != "language" {
			form.Set(name, value)
		}
	}
	return form
}

// languageForm is the last step, filled in.
func languageForm(desk *browser, fields map[string]string) url.Values {
	desk.t.Helper()
	form := desk.post("/desk/people/new", nameForm(desk, fields)).want(http.StatusOK).form("/desk/people/new")
	form.Set("language", "nl")
	if fields["language"] != "" {
		form.Set("language", fields["language"])
	}
	return form
}

// choosePIN has a person choose a PIN on the pad.
func choosePIN(desk *browser, address, first, second string) reply {
	desk.t.Helper()
	desk.post(address+"/pin/choose", url.Values{"pin": {first}}).want(http.StatusSeeOther)
	return desk.post(address+"/pin/again", url.Values{"pin": {second}}).want(http.StatusSeeOther)
}

func TestTheDeskAddsAResidentWhoCanSignInAtOnce(t *testing.T) {
	s := newSite(t, nil)
	desk := s.desk()
	form := languageForm(desk, nil)
	address := strings.TrimSuffix(desk.post("/desk/people/new", form).want(http.StatusSeeOther).to(), "/pin")
	desk.page(address+"/pin").shows("Draai het scherm", "Chaima kiest nu zelf een pincode.")
	choosePIN(desk, address, "8520", "8520")
	desk.page(address+"/pin/ready").shows("Uw pincode is klaar", "Geef het scherm nu terug").hides("Chaima", "Balie")
	code := desk.page(address+"/card").shows("De kaart is klaar", "Chaima", "tot 12:15").wordsOf("logincode")
	desk.page(desk.post("/desk/people/new", form).want(http.StatusSeeOther).to()).shows("Chaima", "Bewoner").hides(code)
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
	address := newPerson(desk, map[string]string{
		"role": "merchant", "shop": "Fietsenmaker", "address": "Voorbeeldstraat 9", "iban": "nl91abna0417164300", "language": "en",
	})
	desk.page(address).shows("Fietsenmaker", "Winkel", "Voorbeeldstraat 9", "NL91 ABNA 0417 1643 00", "Er is nog geen pincode.")
	desk.page(address + "/pin/choose").shows("Choose your PIN")
}

func TestTheDeskIsToldWhatIsWrongWithAForm(t *testing.T) {
	s := newSite(t, nil)
	desk := s.desk()
	for _, tt := range []struct {
		field, value, want string
	}{
		{"name", "  ", "Vul een naam in."},
		{"role", "treasurer", "Kies bewoner of winkel."},
		{"role", "", "Kies bewoner of winkel."},
		{"shop", " ", "Vul de naam van de winkel in."},
		{"iban", "NL00", "Deze IBAN klopt niet."},
	} {
		fields := map[string]string{"role": "merchant", "shop": "Fietsenmaker"}
		form := nameForm(desk, fields)
		form.Set(tt.field, tt.value)
		desk.post("/desk/people/new", form).want(http.StatusUnprocessableEntity).shows(tt.want)
	}
	desk.post("/desk/people/new", nameForm(desk, map[string]string{"form": "x"})).want(http.StatusBadRequest)
	desk.page("/desk/people?q=chaima").shows("Niemand gevonden.")
}

func TestNothingTypedBecomesMarkupAnywhere(t *testing.T) {
	const evil = `<script>alert(1)</script>"'>`
	s := newSite(t, nil)
	desk := s.desk()
	anna := s.resident("Anna", 5000)
	address := newPerson(desk, map[string]string{
		"role": "merchant", "name": evil, "shop": evil, "address": evil, "iban": "NL91ABNA0417164300",
	})
	choosePIN(desk, address, "8520", "8520")
	added := desk.page(address + "/card")
	code, err := payreq.Parse(added.wordsOf("logincode"))
	if err != nil {
		t.Fatal(err)
	}
	note := url.Values{"why": {"other"}, "note": {evil}}
	desk.post(address+"/block", note).want(http.StatusSeeOther)
	blocked := desk.page("/desk/blocked")
	desk.post(address+"/unblock", note).want(http.StatusSeeOther)
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
		added, blocked, desk.page(address), desk.page(address + "/pin"), desk.page(address + "/block"), desk.page(address + "/lost"),
		desk.page("/desk/people"), desk.page("/desk/people?q=" + url.QueryEscape(evil)),
		till.page("/shop"), till.page("/shop/poster"), b.page("/wallet"), b.page("/history"), b.page(poster),
		b.get(poster + "?amount=" + url.QueryEscape(evil)), b.page("/receipt/01" + strings.Repeat("0", 30)),
		s.browser().page("/login?next=/" + url.QueryEscape(evil)), b.post("/pay", url.Values{"code": {evil}}),
	} {
		r.hides("<script>alert", `onerror`)
	}
}

// reserve is the account behind the coin in these tests.
const reserve = "NL13TEST0123456789"

// statement is a bank statement over the reserve account.
func statement(t *testing.T, bookings ...sepa.SimBooking) []byte {
	t.Helper()
	var b bytes.Buffer
	day := sepa.MakeDate(2026, time.March, 2)
	for i := range bookings {
		bookings[i].Day = max(day, bookings[i].Day)
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
	return b.sendForm("/desk/bank", nil, "statement.xml", file)
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
	again.shows("B. <b>Bram</b>", "voor mij", "geen kenmerk", "Opgeladen of gift Anna").hides("<b>Bram")
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
	ahead := statement(t, sepa.SimBooking{Cents: 100, Credit: true, Name: "A", Text: "x", Day: sepa.MakeDate(2026, time.March, 3)})
	desk.upload(ahead).want(http.StatusUnprocessableEntity).shows("een dag die nog moet komen: 3 maart 2026", "Er is niets van gelezen")
	desk.page("/desk/bank").shows("Alles is uitgezocht.")
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
	file := payoutFile(t, desk, desk.page(to).shows("Goedgekeurd. Download nu het bankbestand.", "€ 11,00", "€ 8,00", "Bakker"))
	desk.page("/desk/redemptions").shows("Geef hem alleen terug als de bank niet heeft betaald.", "Ja, ik heb het bij de bank nagekeken", "€ 11,00")
	for _, part := range []string{"pain.001.001.09", "8.00", "3.00", "NL91ABNA0417164300"} {
		if !strings.Contains(file, part) {
			t.Errorf("the file lacks %q", part)
		}
	}
	desk.post("/desk/redemptions/"+ids[2]+"/settle", looked).want(http.StatusConflict).shows("nog niet goedgekeurd")
	desk.post("/desk/redemptions/"+ids[0]+"/settle", nil).want(http.StatusUnprocessableEntity).shows("Kijk dit eerst na bij de bank.", "€ 8,00")
	for range 2 { // the same is proposed once
		desk.post("/desk/redemptions/"+ids[0]+"/settle", looked).want(http.StatusSeeOther)
	}
	second := s.add(people.Person{Role: people.Treasurer, Name: "Tweede"}, 0).ID
	if p, err := s.agree(second); err != nil || p.State != foureyes.Done {
		t.Fatalf("%+v, %v", p, err)
	}
	desk.post("/desk/redemptions/"+ids[1]+"/reject", nil).want(http.StatusConflict).shows("staat in een bankbestand")
	before := s.spendable(bakker)
	desk.post("/desk/redemptions/"+ids[1]+"/reject", url.Values{"unpaid": {"yes"}}).want(http.StatusSeeOther)
	if p, err := s.agree(second); err != nil || p.State != foureyes.Done {
		t.Fatalf("%+v, %v", p, err)
	}
	desk.page(desk.post("/desk/redemptions/"+ids[2]+"/reject", nil).want(http.StatusSeeOther).to()).shows("De aanvraag is afgewezen.")
	if back := s.spendable(bakker) - before; back != 400 {
		t.Errorf("the shop got %v back, want 4.00", back)
	}
	desk.post("/desk/redemptions/"+ids[0]+"/settle", looked).want(http.StatusNotFound)
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
	page := b.page("/report/figures").shows("Alle cijfers", "2 maart 2026 tot en met 2 maart 2026", "50,00", "10,00")
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

func TestTheDeskFindsSomebodyByTheirCard(t *testing.T) {
	s := newSite(t, nil)
	desk := s.desk()
	anna := s.resident("Anna", 0)
	card, address := s.cards[anna.ID], "/desk/people/"+anna.ID.String()
	for _, text := range []string{card.Grouped(), strings.ToLower(card.String()), s.server.origin + "/C/" + card.String()} {
		if to := desk.post("/desk/people/card", url.Values{"card": {text}}).want(http.StatusSeeOther).to(); to != address {
			t.Errorf("the card %q leads to %s", text, to)
		}
		if to := desk.get("/desk/people?q=" + url.QueryEscape(text)).want(http.StatusSeeOther).to(); to != address {
			t.Errorf("the card %q typed by a scanner leads to %s", text, to)
		}
	}
	for _, text := range []string{"AAAAA-AAAAA", "anna", "https://elders.example/C/" + card.String()} {
		desk.post("/desk/people/card", url.Values{"card": {text}}).want(http.StatusUnprocessableEntity).shows("Deze kaart is van niemand")
	}
	if strings.Contains(s.log.String(), card.String()) {
		t.Error("the code of a card is in the log")
	}
}
