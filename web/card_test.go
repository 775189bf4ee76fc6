package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
	"grulden/web/page"
)

// cardAt brings somebody's card to the screen for the PIN of a new request,
// and gives its address.
func (s *site) cardAt(till *browser, amount string, card payreq.Code) string {
	s.t.Helper()
	to := till.post("/till", url.Values{"amount": {amount}, "with": {"card"}}).want(http.StatusSeeOther).to()
	if !strings.HasSuffix(to, "/card") {
		s.t.Fatalf("the till goes to %s, want the card", to)
	}
	shown := till.post(to, url.Values{"card": {card.String()}}).want(http.StatusSeeOther).to()
	if shown != to+"/show" {
		s.t.Fatalf("the card leads to %s, want %s/show", shown, to)
	}
	till.page(shown)
	return to + "/pin"
}

func TestACardAtTheTillPaysOnceHoweverOftenItIsSent(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	till := s.login(bakker)
	address := s.cardAt(till, "12,50", s.cards[anna.ID])
	till.page(address).shows("12,50", "Typ uw pincode").hides("Anna")
	for range 2 {
		to := till.post(address, url.Values{"pin": {pin}}).want(http.StatusSeeOther).to()
		till.page(to).shows("BETAALD", "12,50").hides("Anna")
	}
	if got := s.spendable(anna); got != 3750 {
		t.Errorf("Anna has %v left, want 37.50", got)
	}
	if how := s.lastEntry().Auth; how.How != record.ByCard || how.By != record.ActorID(anna.ID) {
		t.Errorf("the journal says %+v, want Anna by card", how)
	}
}

// lastEntry is the last entry of the ledger.
func (s *site) lastEntry() (last *record.Record) {
	s.t.Helper()
	err := s.node.Read(func(v *node.View) (err error) {
		last, err = v.Record(v.Head().Seq)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return last
}

func TestTheCodeOfACardIsInNoAddressPageOrLog(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 5000)
	till := s.login(s.shop("Bakker"))
	address := s.cardAt(till, "4,50", s.cards[anna.ID])
	code := s.cards[anna.ID]
	for _, text := range []string{address, till.page(strings.TrimSuffix(address, "pin") + "show").text, till.page(address).text} {
		if strings.Contains(text, code.String()) || strings.Contains(text, code.Grouped()) {
			t.Errorf("the code of the card stands in %.200s", text)
		}
	}
	till.post(address, url.Values{"pin": {"0000"}}).want(http.StatusUnprocessableEntity).hides(code.String())
	till.post(address, url.Values{"pin": {pin}}).want(http.StatusSeeOther)
	if strings.Contains(s.log.String(), code.String()) {
		t.Error("the code of the card is in the log")
	}
}

func TestAVisitorOnTheSameAddressHoldsUpNoTill(t *testing.T) {
	s := newSite(t, nil)
	anna, till, visitor := s.resident("Anna", 5000), s.login(s.shop("Bakker")), s.browser()
	for i := range 31 {
		visitor.post("/login", url.Values{"code": {"kaart " + strconv.Itoa(i)}, "pin": {"9999"}})
	}
	visitor.post("/login", url.Values{"code": {"kaart"}, "pin": {"9999"}}).want(http.StatusTooManyRequests)
	for range 40 {
		till.post(s.cardAt(till, "0,10", s.cards[anna.ID]), url.Values{"pin": {pin}}).want(http.StatusSeeOther)
	}
	if got := s.spendable(anna); got != 4600 {
		t.Errorf("Anna has %v left, want 46.00", got)
	}
}

func TestATillWithTooManyWrongPINsSaysThatNothingWasPaid(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Limits = Limits{PINEvery: time.Minute, PINBurst: 1} })
	anna, till, other := s.resident("Anna", 5000), s.login(s.shop("Bakker")), s.login(s.shop("Slager"))
	address := s.cardAt(till, "4,50", s.cards[anna.ID])
	till.post(address, url.Values{"pin": {"9999"}}).want(http.StatusUnprocessableEntity)
	till.post(address, url.Values{"pin": {pin}}).want(http.StatusTooManyRequests).shows("Er is nu niets betaald.", "Wacht even").hides("We weten nog niet")
	other.post(s.cardAt(other, "1", s.cards[anna.ID]), url.Values{"pin": {pin}}).want(http.StatusSeeOther)
	s.clock.add(time.Minute)
	till.post(address, url.Values{"pin": {pin}}).want(http.StatusSeeOther)
}

func TestAnUnknownCardIsAnsweredLikeAWrongPIN(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 5000)
	till := s.login(s.shop("Bakker"))
	answers := map[string]bool{}
	for _, card := range []payreq.Code{s.cards[anna.ID], 12345} {
		address := s.cardAt(till, "4,50", card)
		for i := range 6 {
			r := till.post(address, url.Values{"pin": {"0000"}})
			words := strings.ReplaceAll(r.words(), strings.Split(address, "/")[2], "CODE")
			answers[http.StatusText(r.status)+words] = true
			if i < 5 {
				r.want(http.StatusUnprocessableEntity).shows("horen niet bij elkaar")
			} else {
				r.want(http.StatusTooManyRequests).shows("Niet betaald", "minu")
			}
		}
	}
	if len(answers) != 2 { // a wrong PIN, and the wait
		t.Errorf("%d different answers for a known and an unknown card, want the same 2", len(answers))
	}
	if got := s.spendable(anna); got != 5000 {
		t.Errorf("Anna has %v, want all of it", got)
	}
}

func TestWhatIsNoCardIsRefusedBeforeThePIN(t *testing.T) {
	s := newSite(t, nil)
	till := s.login(s.shop("Bakker"))
	to := till.post("/till", url.Values{"amount": {"4,50"}, "with": {"card"}}).to()
	for _, card := range []string{"", "BAKKER", "https://example.org", payreq.Link(s.http.URL, 77), "0000000013"} {
		till.post(to, url.Values{"card": {card}}).want(http.StatusUnprocessableEntity).shows("niet de code van een kaart")
	}
	for _, card := range []string{payreq.CardLink(s.http.URL, 77), payreq.Code(77).Grouped()} {
		till.post(to, url.Values{"card": {card}}).want(http.StatusSeeOther)
	}
}

func TestACardThatCannotPayIsToldWhy(t *testing.T) {
	s := newSite(t, nil)
	poor, blocked, bakker := s.resident("Anna", 100), s.resident("Bram", 5000), s.shop("Bakker")
	staff := s.add(people.Person{Role: people.Desk, Name: "Balie"}, 0)
	s.submit(ledger.Block{Account: blocked.Account})
	till := s.login(bakker)
	for _, tt := range []struct {
		card people.Person
		want string
	}{
		{poor, "niet genoeg op deze kaart"},
		{blocked, "geblokkeerd"},
		{bakker, "van deze winkel zelf"},
		{staff, "kunt u niet betalen"},
	} {
		address := s.cardAt(till, "4,50", s.cards[tt.card.ID])
		till.post(address, url.Values{"pin": {pin}}).shows("Niet betaald", tt.want, "Andere kaart")
		again := till.get(address).want(http.StatusSeeOther).to()
		if !strings.HasSuffix(again, "/card") {
			t.Errorf("%s: the card is still at hand: %s", tt.want, again)
		}
	}
	if got := s.spendable(bakker); got != 0 {
		t.Errorf("the shop got %v", got)
	}
}

func TestACardPaysNoMoreThanItsLimits(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 50000)
	till := s.login(s.shop("Bakker"))
	for _, tt := range []struct {
		amount string
		want   string
	}{
		{"50,01", "per keer hoogstens 50,00"},
		{"50", ""},
		{"50", ""},
		{"45", ""},
		{"5,01", "Vandaag kan nog 5,00"},
		{"5", ""},
		{"0,01", "Dat is vandaag al op"},
	} {
		address := s.cardAt(till, tt.amount, s.cards[anna.ID])
		r := till.post(address, url.Values{"pin": {pin}})
		if tt.want != "" {
			r.shows("Niet betaald", tt.want)
		} else {
			r.want(http.StatusSeeOther)
		}
	}
	if got := s.spendable(anna); got != 35000 {
		t.Errorf("Anna has %v, want 350.00", got)
	}
}

func TestACardIsForgottenAfterAWhile(t *testing.T) {
	s := newSite(t, nil)
	till := s.login(s.shop("Bakker"))
	address := s.cardAt(till, "4,50", s.cards[s.resident("Anna", 5000).ID])
	s.clock.add(cardWait)
	if to := till.get(address).want(http.StatusSeeOther).to(); !strings.HasSuffix(to, "/card") {
		t.Errorf("after %v the PIN is still asked: %s", cardWait, to)
	}
	s.clock.add(10 * time.Minute)
	if to := till.get(address).want(http.StatusSeeOther).to(); strings.Contains(to, "/card") {
		t.Errorf("an expired request leads to %s", to)
	}
}

func TestCardsAtHandAreBounded(t *testing.T) {
	var c cardsAtHand
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for i := range 3 * maxCards {
		c.put(payreq.Code(i), "X", now)
	}
	if len(c.cards) > maxCards {
		t.Errorf("%d cards are remembered, want %d at most", len(c.cards), maxCards)
	}
	if _, ok := c.get(payreq.Code(3*maxCards-1), now); !ok {
		t.Error("the newest card is forgotten")
	}
}

func TestAnotherShopSeesNothingOfACard(t *testing.T) {
	s := newSite(t, nil)
	till, other := s.login(s.shop("Bakker")), s.login(s.shop("Slager"))
	address := s.cardAt(till, "4,50", s.cards[s.resident("Anna", 5000).ID])
	other.get(address).want(http.StatusNotFound)
	other.post(address, url.Values{"pin": {pin}}).want(http.StatusNotFound)
}

func TestThePartInCashIsNotedAndSeenByBoth(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	till, payer := s.login(bakker), s.login(anna)
	to := till.post("/till", url.Values{"amount": {"17,50"}, "cash": {"5"}, "vat90": {"10"}}).want(http.StatusSeeOther).to()
	till.page(to).shows("12,50 Grulden", "Plus € 5,00 contant.")
	code := strings.TrimPrefix(to, "/till/")
	form := payer.page("/P/" + code).form("/P/" + code)
	payer.post("/P/"+code, form).want(http.StatusSeeOther)
	paid := till.page(to).shows("BETAALD", "Plus € 5,00 contant.")
	slip := till.page(slipAddress(t, paid)).shows("€ 17,50", "12,50", "Contant € 5,00", "Btw 9 % over € 10,00 € 0,83")
	slip.hides("Anna")
	for _, form := range []url.Values{
		{"amount": {"5"}, "cash": {"5"}},
		{"amount": {"5"}, "cash": {"x"}},
		{"amount": {"5"}, "vat210": {"3"}, "vat90": {"2,01"}},
	} {
		r := till.post("/till", form).want(http.StatusUnprocessableEntity)
		if r.byID("problem") == nil {
			t.Errorf("%v: no problem is shown", form)
		}
	}
}

// slipAddress is where a paid request offers its receipt.
func slipAddress(t *testing.T, r reply) string {
	t.Helper()
	for n := range r.parse().Descendants() {
		if strings.HasSuffix(attr(n, "href"), "/slip") {
			return attr(n, "href")
		}
	}
	t.Fatal("no receipt is offered")
	return ""
}

func TestAnAmountIsLaidOutInFewNotesAndCoins(t *testing.T) {
	b := page.Base{Lang: page.Dutch, Coin: "Grulden"}
	for _, tt := range []struct {
		cents  ledger.Cents
		pieces int
		words  string
		say    string
	}{
		{1, 1, "1 keer een munt van 1 cent", "1 cent"},
		{1250, 3, "1 keer een briefje van 10 euro, 1 keer een munt van 2 euro, 1 keer een munt van 50 cent", "12 Grulden en 50 cent"},
		{4000, 2, "2 keer een briefje van 20 euro", "40 Grulden"},
		{8888, 12, "1 keer een briefje van 50 euro", "88 Grulden en 88 cent"},
		{123400, 5, "24 keer een briefje van 50 euro, 1 keer een briefje van 20 euro, 1 keer een briefje van 10 euro, 2 keer een munt van 2 euro", "1234 Grulden"},
	} {
		m := inMoney(b, tt.cents)
		if len(m.Pieces) != tt.pieces || !strings.HasPrefix(m.Words, tt.words) {
			t.Errorf("%v: %d pieces, %q; want %d, %q", tt.cents, len(m.Pieces), m.Words, tt.pieces, tt.words)
		}
		if got := spoken(b, tt.cents); got != tt.say {
			t.Errorf("%v is said as %q, want %q", tt.cents, got, tt.say)
		}
	}
}

func TestTheNotesAndCoinsAddUpToTheAmount(t *testing.T) {
	for cents := ledger.Cents(1); cents < 30_000; cents++ {
		left := cents
		for _, p := range denominations {
			left -= left / p.cents * p.cents
		}
		if left != 0 {
			t.Fatalf("%v: %v is left over", cents, left)
		}
	}
	for i, p := range denominations[1:] {
		if p.cents >= denominations[i].cents {
			t.Errorf("%v comes after %v", p.cents, denominations[i].cents)
		}
	}
}

func TestACashierChargesAndSeesNoBalance(t *testing.T) {
	s := newSite(t, nil)
	bakker := s.shop("Bakker")
	s.submit(ledger.Issue{To: bakker.Account, Amount: 987_65})
	kees := s.login(s.add(people.Person{Role: people.Cashier, Name: "Kees", Works: bakker.ID}, 0))
	code := askFor(t, kees, "4,50")
	kees.page("/till/" + code).shows("4,50").hides("987")
	for _, path := range []string{"/shop", "/shop/euros", "/history", "/pay", "/wallet"} {
		kees.get(path).want(http.StatusForbidden)
	}
	request, ok, err := s.server.book.Find(mustCode(t, code))
	if err != nil || !ok || request.Shop != bakker.Account || request.By == [16]byte(bakker.ID) || request.By == [16]byte{} {
		t.Errorf("request %+v, %v, %v: want the shop's, by Kees", request, ok, err)
	}
}

func TestACashierHearsWhatTheShopGets(t *testing.T) {
	s := newSite(t, nil)
	anna, bakker := s.resident("Anna", 5000), s.shop("Bakker")
	kees := s.login(s.add(people.Person{Role: people.Cashier, Name: "Kees", Works: bakker.ID}, 0))
	line := kees.mustHear(s.submit(ledger.Issue{To: anna.Account, Amount: 100}).Seq)
	s.submit(ledger.Pay{ID: ledger.ID{9}, From: anna.Account, To: bakker.Account, Amount: 450})
	if m := next(t, line); m.Amount != "4,50" || m.Payment == "" {
		t.Errorf("heard %+v", m)
	}
}

func mustCode(t *testing.T, text string) payreq.Code {
	t.Helper()
	code, err := payreq.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return code
}
