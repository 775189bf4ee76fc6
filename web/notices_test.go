package web

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"grulden/internal/notice"
	"grulden/internal/people"
	"grulden/ledger"
	"grulden/web/page"
)

// postOffice is a real mail server on this machine that keeps what it is given.
type postOffice struct {
	mu    sync.Mutex
	mails []string // header and body
}

// NewSession implements smtp.Backend.
func (p *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return p, nil }

// What smtp.Session asks for.
func (p *postOffice) Reset()                               {}
func (p *postOffice) Logout() error                        { return nil }
func (p *postOffice) Mail(string, *smtp.MailOptions) error { return nil }
func (p *postOffice) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (p *postOffice) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mails = append(p.mails, string(text))
	return err
}

func (p *postOffice) last(t *testing.T) (*mail.Message, string) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.mails) == 0 {
		t.Fatal("no e-mail came")
	}
	m, err := mail.ReadMessage(strings.NewReader(p.mails[len(p.mails)-1]))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	return m, string(body)
}

// withMail makes a site that sends e-mail to a post office.
func withMail(t *testing.T) (*site, *postOffice) {
	t.Helper()
	office := new(postOffice)
	server := smtp.NewServer(office)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	mailer, err := notice.NewMailer(notice.MailConfig{Server: "smtp://" + l.Addr().String(), From: "Grulden <post@wijk.test>"})
	if err != nil {
		t.Fatal(err)
	}
	return newSite(t, func(c *Config) { c.Mail = mailer }), office
}

// tell follows the journal and sends what waits, as the server does by itself.
func (s *site) tell() {
	s.t.Helper()
	if err := s.notices.Follow(); err != nil {
		s.t.Fatal(err)
	}
	if err := s.notices.Deliver(context.Background(), s.server.means(http.DefaultClient)); err != nil {
		s.t.Fatal(err)
	}
}

func TestEveryKindOfNoticeHasItsWordsAndItsPictogram(t *testing.T) {
	for kind := range noticeIcons {
		for _, lang := range page.Languages() {
			b := page.Base{Lang: lang, Coin: "Grulden", Wijk: "De Hoogte"}
			title, text := told(b, notice.Notice{Kind: kind, Facts: map[string]string{notice.FactAmount: "1250", notice.FactDay: "2026-06-01", notice.FactAct: "what-nobody-knows"}})
			if strings.Contains(title+text, "told.") || strings.ContainsAny(title+text, "{}") {
				t.Errorf("%s %s: %q, %q", lang, kind, title, text)
			}
			if strings.ContainsAny(title, "0123456789") {
				t.Errorf("%s %s: the title %q stands on a locked screen and has a figure", lang, kind, title)
			}
		}
	}
	for _, kind := range []notice.Kind{
		notice.TopUp, notice.Issued, notice.Granted, notice.PaidOut, notice.CameBack, notice.Rejected,
		notice.Blocked, notice.Unblocked, notice.Act, notice.Standing, notice.Policy,
	} {
		if noticeIcons[kind] == "" {
			t.Errorf("%s has no pictogram", kind)
		}
	}
}

func TestWhatSomebodyIsToldStandsInTheAppAndIsNewOnce(t *testing.T) {
	s := newSite(t, nil)
	anna, bert := s.resident("Anna", 12_50), s.resident("Bert", 0)
	s.submit(ledger.Block{Account: anna.Account})
	s.tell()
	b := s.login(anna)
	b.page("/wallet").shows("U heeft 2 nieuwe berichten.")
	b.page("/notices").shows("Nieuw", "U kunt nu niet betalen", "U kreeg 12,50 Grulden.")
	if words := b.page("/notices").words(); strings.Contains(words, "Nieuw") {
		t.Errorf("what was read is still new: %s", words)
	}
	b.page("/wallet").hides("nieuw bericht", "nieuwe berichten")
	s.login(bert).page("/notices").shows("Er zijn nog geen berichten.")
}

func TestSomebodyGetsEmailAfterTypingTheCodeThatCame(t *testing.T) {
	s, office := withMail(t)
	anna := s.resident("Anna", 0)
	b := s.login(anna)
	wrong := b.post("/notices/email", url.Values{"address": {"geen adres"}}).want(http.StatusUnprocessableEntity)
	wrong.shows("Dit is geen e-mailadres.")
	form := b.page("/notices/how").form("/notices/email")
	form.Set("address", "anna@buurt.test")
	b.post("/notices/email", form).want(http.StatusSeeOther)
	s.tell()
	m, body := office.last(t)
	if to, subject := m.Header.Get("To"), m.Header.Get("Subject"); to != "<anna@buurt.test>" || subject != "Uw code Grulden" {
		t.Errorf("the code went to %s as %q", to, subject)
	}
	code := regexp.MustCompile(`\d{6}`).FindString(body)
	b.page("/notices/how").shows("Wij stuurden een code naar", "anna@buurt.test").hides(code)
	b.post("/notices/code", url.Values{"code": {"1"}}).want(http.StatusUnprocessableEntity).shows("Deze code klopt niet")
	b.post("/notices/code", url.Values{"code": {code}}).want(http.StatusSeeOther)
	b.page("/notices/how").shows("Wij mailen u op", "anna@buurt.test")

	s.submit(ledger.Issue{To: anna.Account, Amount: 12_50})
	s.tell()
	m, body = office.last(t)
	if subject := m.Header.Get("Subject"); subject != "Er kwam tegoed bij" || !strings.Contains(body, "12,50 Grulden") || !strings.Contains(body, "/notices") {
		t.Errorf("%q:\n%s", subject, body)
	}
	if strings.Contains(body, "Anna") || strings.Contains(s.log.String(), "buurt.test") {
		t.Error("a name stands in the e-mail, or the address in the log")
	}
	b.post("/notices/email/stop", nil).want(http.StatusSeeOther)
	before := len(office.mails)
	s.submit(ledger.Issue{To: anna.Account, Amount: 1_00})
	s.tell()
	if len(office.mails) != before {
		t.Error("an e-mail came after it was no longer wanted")
	}
}

func TestWithoutAMailServerNobodyIsAskedForAnAddress(t *testing.T) {
	s := newSite(t, nil)
	b := s.login(s.resident("Anna", 0))
	b.page("/notices/how").hides(`name="address"`)
	b.post("/notices/email", url.Values{"address": {"anna@buurt.test"}}).want(http.StatusNotFound)
}

func TestABrowserIsToldOnlyAtAnAddressOfAPushService(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 0)
	b := s.login(anna)
	if key := attr(b.page("/notices/how").byID("tellhere"), "data-key"); len(key) != 87 {
		t.Errorf("the page gives browsers the key %q", key)
	}
	const key, secret = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "BTBZMqHH6r4Tts7J_aSIgg"
	for name, f := range map[string]url.Values{
		"without TLS":  {"endpoint": {"http://push.example.test/1"}, "p256dh": {key}, "auth": {secret}},
		"a wrong key":  {"endpoint": {"https://push.example.test/1"}, "p256dh": {"AAAA"}, "auth": {secret}},
		"no secret":    {"endpoint": {"https://push.example.test/1"}, "p256dh": {key}, "auth": {""}},
		"with a login": {"endpoint": {"https://a:b@push.example.test/1"}, "p256dh": {key}, "auth": {secret}},
	} {
		b.post("/notices/phone", f).want(http.StatusUnprocessableEntity).shows("Kies e-mail")
		if chosen, err := s.notices.Settings(anna.ID); err != nil || len(chosen.Phones) != 0 {
			t.Errorf("%s is on file (%v)", name, err)
		}
	}
	for range 2 {
		b.post("/notices/phone", url.Values{"endpoint": {"https://push.example.test/1"}, "p256dh": {key}, "auth": {secret}}).want(http.StatusSeeOther)
	}
	b.page("/notices/how").shows("Een telefoon krijgt bericht.")
	b.post("/notices/phone/stop", nil).want(http.StatusSeeOther)
	b.page("/notices/how").hides("telefoon krijgt bericht")
}

func TestTheDeskPrintsTheLettersOfWhoReadNothing(t *testing.T) {
	s := newSite(t, nil)
	anna, bert, cor := s.resident("Anna", 0), s.resident("Bert", 0), s.resident("Cor", 0)
	s.login(cor).post("/notices/letters", url.Values{"wanted": {"no"}}).want(http.StatusSeeOther)
	b := s.login(s.add(people.Person{Role: people.Desk, Name: "Balie"}, 0))
	b.get("/desk/letters.pdf").want(http.StatusNotFound)
	for _, p := range []people.Person{anna, bert, cor} {
		s.submit(ledger.Block{Account: p.Account})
	}
	s.tell()
	s.login(bert).page("/notices")
	pile := b.page("/desk/letters").shows("Er is een brief te printen.", "Anna", "U kunt nu niet betalen").hides("Bert", "Cor")
	pdf := b.get("/desk/letters.pdf").want(http.StatusOK)
	if !strings.HasPrefix(pdf.text, "%PDF-") || pdf.header.Get("Cache-Control") != "no-store" {
		t.Errorf("not a letter that stays here: %v", pdf.header)
	}
	form := pile.form("/desk/letters")
	s.submit(ledger.Unblock{Account: anna.Account})
	s.tell()
	b.post("/desk/letters", form).want(http.StatusSeeOther)
	b.page("/desk/letters").shows("U kunt weer betalen").hides("U kunt nu niet betalen")
	b.post("/desk/letters", url.Values{"upto": {"gisteren"}}).want(http.StatusBadRequest)
}

func TestTheServerTellsPeopleByItselfAndStops(t *testing.T) {
	s := newSite(t, nil)
	anna := s.resident("Anna", 12_50)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.server.Serve(ctx, l) }()
	for start := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		all, err := s.notices.Of(anna.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) == 1 {
			break
		}
		if time.Since(start) > 10*time.Second {
			t.Fatalf("%d notices, want one", len(all))
		}
	}
	stop()
	if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
