package web

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"grulden/internal/people"
	"grulden/ledger"
)

// at is where the desk sees a person.
func at(p people.Person) string { return "/desk/people/" + p.ID.String() }

// signsIn tells whether a card's code and a PIN open the pages.
func (s *site) signsIn(code, pin string) bool {
	s.t.Helper()
	return s.browser().post("/login", url.Values{"code": {code}, "pin": {pin}}).status == http.StatusSeeOther
}

func TestALostCardIsReplacedAtOnceAndTheMoneyStays(t *testing.T) {
	s := newSite(t, nil)
	desk, anna := s.desk(), s.resident("Anna", 5000)
	phone := s.login(anna)
	old := s.cards[anna.ID].String()
	desk.page(at(anna)).shows("Anna", "50,00", anna.Reference[:4], "Kaart kwijt").hides(old)
	to := desk.post(at(anna)+"/lost", nil).want(http.StatusSeeOther).to()
	desk.page(to).shows("De oude kaart werkt niet meer", "Weet u uw pincode nog?")
	if s.signsIn(old, pin) {
		t.Error("the lost card still works")
	}
	phone.get("/wallet").want(http.StatusSeeOther)
	code := desk.page(at(anna) + "/card").wordsOf("logincode")
	if !s.signsIn(code, pin) {
		t.Error("the new card does not work with the PIN from before")
	}
	if got := s.spendable(anna); got != 5000 {
		t.Errorf("after a new card there is %v", got)
	}
	desk.page(at(anna)).shows("Nieuwe kaart: de oude was kwijt", "2 maart 2026, 12:00, door uzelf")
}

func TestWithANewCardAnotherPINCanBeChosen(t *testing.T) {
	s := newSite(t, nil)
	desk, anna := s.desk(), s.resident("Anna", 0)
	desk.post(at(anna)+"/lost", nil).want(http.StatusSeeOther)
	choosePIN(desk, at(anna), "7391", "7391")
	desk.page(at(anna) + "/pin/ready").shows("Uw pincode is klaar")
	code := desk.page(at(anna) + "/card").wordsOf("logincode")
	if s.signsIn(code, pin) || !s.signsIn(code, "7391") {
		t.Error("the card does not work with the PIN just chosen, or works with the one before")
	}
}

func TestAForgottenPINIsChosenAnewOnTheSameCard(t *testing.T) {
	s := newSite(t, nil)
	desk, anna := s.desk(), s.resident("Anna", 0)
	phone, code := s.login(anna), s.cards[anna.ID].String()
	for range 6 {
		s.signsIn(code, "9999") // now the card must wait
	}
	choosePIN(desk, at(anna), "7391", "7391")
	ready := desk.page(at(anna) + "/pin/ready")
	if !strings.Contains(ready.text, `href="`+at(anna)+`?done=pin"`) {
		t.Errorf("the pad does not lead back to the person:\n%s", ready.text)
	}
	phone.get("/wallet").want(http.StatusSeeOther)
	if s.signsIn(code, pin) || !s.signsIn(code, "7391") {
		t.Error("the same card does not work with the PIN just chosen, or works with the one before")
	}
	desk.page(at(anna)).shows("Nieuwe pincode gekozen aan de balie").hides(code)
	desk.get(at(anna) + "/card").want(http.StatusGone).shows("niet meer te zien")
}

func TestThePadRefusesAWeakPINAndTwoThatDiffer(t *testing.T) {
	s := newSite(t, nil)
	desk, anna := s.desk(), s.resident("Anna", 0)
	for _, weak := range []string{"", "123", "1234", "9876", "1111", "12a4"} {
		desk.post(at(anna)+"/pin/choose", url.Values{"pin": {weak}}).want(http.StatusUnprocessableEntity).
			shows("Deze pincode kan niet.").hides("value=")
	}
	to := choosePIN(desk, at(anna), "7391", "7392").to()
	desk.page(to).shows("Dat was niet dezelfde pincode.", "Kies uw pincode").hides("7391", "7392")
	// What was chosen first is forgotten: the second time cannot be repeated alone.
	if to := desk.post(at(anna)+"/pin/again", url.Values{"pin": {"7391"}}).to(); to != at(anna)+"/pin/choose" {
		t.Errorf("the second time alone leads to %s", to)
	}
	desk.get(at(anna) + "/pin/again").want(http.StatusSeeOther)
	if !s.signsIn(s.cards[anna.ID].String(), pin) {
		t.Error("the PIN changed though nothing was chosen")
	}
}

func TestThePadOfOnePersonSetsNobodyElsesPIN(t *testing.T) {
	s := newSite(t, nil)
	desk, anna, bram := s.desk(), s.resident("Anna", 0), s.resident("Bram", 0)
	desk.post(at(anna)+"/pin/choose", url.Values{"pin": {"7391"}}).want(http.StatusSeeOther)
	desk.post(at(bram)+"/pin/again", url.Values{"pin": {"7391"}}).want(http.StatusSeeOther)
	if !s.signsIn(s.cards[bram.ID].String(), pin) {
		t.Error("Bram's PIN is another one now")
	}
}

func TestThePadSpeaksThePersonsLanguageAndNamesNobody(t *testing.T) {
	s := newSite(t, nil)
	desk := s.desk()
	anna := s.add(people.Person{Role: people.Resident, Name: "Anna", Lang: "en"}, 0)
	desk.page(at(anna)+"/pin").shows("Draai het scherm", "Anna")
	desk.page(at(anna)+"/pin/choose").shows("Choose your PIN").hides("Anna", "Balie", "Uitloggen")
	desk.post(at(anna)+"/pin/choose", url.Values{"pin": {"7391"}}).want(http.StatusSeeOther)
	desk.page(at(anna)+"/pin/again").shows("Your PIN once more").hides("Anna", "Balie", "7391")
	desk.post(at(anna)+"/pin/again", url.Values{"pin": {"7391"}}).want(http.StatusSeeOther)
	desk.page(at(anna)+"/pin/ready").shows("Your PIN is ready").hides("Anna", "Balie")
}

func TestACardIsShownForAQuarterOfAnHourToWhoMadeIt(t *testing.T) {
	s := newSite(t, nil)
	desk, other, anna, bram := s.desk(), s.desk(), s.resident("Anna", 0), s.resident("Bram", 0)
	desk.get(at(anna) + "/card").want(http.StatusGone)
	desk.post(at(anna)+"/lost", nil).want(http.StatusSeeOther)
	code := desk.page(at(anna) + "/card").wordsOf("logincode")
	desk.post("/language", url.Values{"to": {"en"}, "back": {at(anna) + "/card"}}).want(http.StatusSeeOther)
	if again := desk.page(at(anna) + "/card").shows("The card is ready").wordsOf("logincode"); again != code {
		t.Errorf("in another language the code is %s, want %s", again, code)
	}
	for _, ending := range []string{"/card", "/card.pdf", "/lost"} {
		other.get(at(anna) + ending).want(http.StatusGone).hides(code)
		desk.get(at(bram) + ending).want(http.StatusGone)
	}
	desk.post(at(bram)+"/lost", nil).want(http.StatusSeeOther)
	desk.page(at(bram) + "/card").hides(code)
	s.clock.add(cardShown - time.Second)
	desk.page(at(anna) + "/card")
	s.clock.add(time.Second)
	desk.get(at(anna) + "/card").want(http.StatusGone).hides(code)
	desk.get(at(anna) + "/card.pdf").want(http.StatusGone)
}

func TestTheDeskCannotTakeOverStaff(t *testing.T) {
	s := newSite(t, nil)
	boss := s.add(people.Person{Role: people.Treasurer, Name: "Penningmeester"}, 0)
	desk := s.desk()
	for _, ending := range []string{"/pin/choose", "/pin/again", "/lost", "/block"} {
		desk.post(at(boss)+ending, url.Values{"pin": {"7391"}, "why": {"odd"}}).want(http.StatusForbidden)
	}
	for _, ending := range []string{"/pin", "/pin/choose", "/card", "/card.pdf"} {
		desk.get(at(boss) + ending).want(http.StatusForbidden)
	}
	s.login(boss)
}

func TestTheDeskBlocksAndFreesACardWithAReason(t *testing.T) {
	s := newSite(t, nil)
	desk, anna, bakker := s.desk(), s.resident("Anna", 5000), s.shop("Bakker")
	b, code := s.login(anna), askFor(t, s.login(bakker), "1,00")
	form := b.page("/P/" + code).form("/P/" + code)
	desk.page(at(anna)+"/block").shows("Waarom blokkeert u Anna?", "Kaart of telefoon gestolen")
	desk.post(at(anna)+"/block", nil).want(http.StatusUnprocessableEntity).shows("Kies waarom.")
	desk.post(at(anna)+"/block", url.Values{"why": {"solved"}}).want(http.StatusUnprocessableEntity)
	desk.post(at(anna)+"/block", url.Values{"why": {"other"}}).want(http.StatusUnprocessableEntity).shows("Schrijf kort op wat er is.")
	desk.post(at(anna)+"/block", url.Values{"why": {"odd"}, "note": {strings.Repeat("x", maxNote+1)}}).
		want(http.StatusUnprocessableEntity).shows("te lang")
	desk.page("/desk/blocked").shows("Niemand is geblokkeerd.")
	to := desk.post(at(anna)+"/block", url.Values{"why": {"stolen"}, "note": {"tas weg"}}).want(http.StatusSeeOther).to()
	desk.page(to).shows("De kaart is geblokkeerd.", "Maak weer vrij")
	desk.page("/desk/people?q=anna").shows("Geblokkeerd")
	desk.page("/desk/blocked").shows("Anna", "Kaart of telefoon gestolen: tas weg", "Geblokkeerd op 2 maart 2026 door Balie")
	b.post("/P/"+code, form).want(http.StatusForbidden)
	desk.page(at(anna) + "/unblock").shows("Waarom maakt u Anna weer vrij?")
	desk.page(desk.post(at(anna)+"/unblock", url.Values{"why": {"solved"}}).want(http.StatusSeeOther).to()).
		shows("De kaart werkt weer.", "Het is opgelost")
	desk.page("/desk/blocked").shows("Niemand is geblokkeerd.")
	b.post("/P/"+code, form).want(http.StatusSeeOther)
	desk.post("/desk/people/"+strings.Repeat("a", 32)+"/block", nil).want(http.StatusNotFound)
	desk.get("/desk/people/nonsense").want(http.StatusNotFound)
}

func TestTheDeskTakesALostPhoneOff(t *testing.T) {
	s := newSite(t, nil)
	desk, anna := s.desk(), s.resident("Anna", 0)
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := private.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	phone := ledger.DeviceID{7}
	s.submit(ledger.Enrol{Account: anna.Account, Device: phone, Alg: ledger.P256, Key: key})
	remove := at(anna) + "/devices/" + deviceText(phone) + "/remove"
	if !desk.page(at(anna)).shows("Telefoons", "Telefoon kwijt").hasForm(remove) {
		t.Fatal("the phone cannot be taken off")
	}
	desk.page(desk.post(remove, nil).want(http.StatusSeeOther).to()).shows("De telefoon is weggehaald.", "Telefoon weggehaald")
	if has, err := s.server.wallet.HasDevice(anna.Account, phone); has || err != nil {
		t.Errorf("the phone may still pay: %v, %v", has, err)
	}
	desk.post(at(anna)+"/devices/x/remove", nil).want(http.StatusNotFound)
}
