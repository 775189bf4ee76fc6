package notice

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
)

// mailServer is a real SMTP server on this machine that keeps what it is given.
type mailServer struct {
	mu     sync.Mutex
	mails  []received
	refuse error // for every recipient, while it is set
	logins int
}

type received struct {
	to string
	*mail.Message
	body string
}

type mailSession struct {
	server *mailServer
	to     string
}

func (s *mailServer) NewSession(*smtp.Conn) (smtp.Session, error) {
	return &mailSession{server: s}, nil
}

func (m *mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }
func (m *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, password string) error {
		if name != "wijk" || password != "geheim" {
			return errors.New("wrong password")
		}
		m.server.logins++
		return nil
	}), nil
}
func (m *mailSession) Reset()                               {}
func (m *mailSession) Logout() error                        { return nil }
func (m *mailSession) Mail(string, *smtp.MailOptions) error { return nil }
func (m *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	m.to = to
	m.server.mu.Lock()
	defer m.server.mu.Unlock()
	return m.server.refuse
}

func (m *mailSession) Data(r io.Reader) error {
	msg, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(quotedprintable.NewReader(msg.Body))
	m.server.mu.Lock()
	defer m.server.mu.Unlock()
	m.server.mails = append(m.server.mails, received{m.to, msg, string(body)})
	return err
}

func (s *mailServer) got() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mails
}

func (s *mailServer) refuseWith(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = err
}

// startMail starts a mail server that asks for TLS and a password, and gives a
// mailer for it.
func startMail(t *testing.T) (*mailServer, *Mailer) {
	t.Helper()
	certified := httptest.NewTLSServer(nil) // for its certificate
	t.Cleanup(certified.Close)
	backend := new(mailServer)
	s := smtp.NewServer(backend)
	s.TLSConfig = &tls.Config{Certificates: certified.TLS.Certificates}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	roots := x509.NewCertPool()
	roots.AddCert(certified.Certificate())
	m, err := NewMailer(MailConfig{
		Server: "smtp://wijk@" + l.Addr().String(), Password: "geheim", From: "Grulden Voorbeeld <post@wijk.test>",
		TLS: &tls.Config{RootCAs: roots, ServerName: "example.com"},
	})
	must(t, err)
	return backend, m
}

// confirmed gives a person an e-mail address, as that person would do it.
func confirmed(t *testing.T, w *wijk, p people.Person, server *mailServer, m *Mailer, address string) {
	t.Helper()
	must(t, w.post.AskEmail(p.ID, address))
	must(t, w.post.Deliver(ctx, means(m, nil)))
	all := server.got()
	last := all[len(all)-1]
	if last.to != address || last.Header.Get("Subject") != "Uw code" {
		t.Fatalf("the code went to %s as %s", last.to, last.Header.Get("Subject"))
	}
	must(t, w.post.ConfirmEmail(p.ID, strings.TrimSpace(last.body)))
}

func TestNoticesGoByEmailToAConfirmedAddressOnly(t *testing.T) {
	w := newWijk(t)
	anna := w.person(people.Resident, "Anna")
	server, m := startMail(t)
	must(t, w.post.AskEmail(anna.ID, "anna@buurt.test"))
	w.do(ledger.Issue{To: anna.Account, Amount: 50_00}, record.ByBank)
	must(t, w.post.Follow())
	must(t, w.post.Deliver(ctx, means(m, nil)))
	if all := server.got(); len(all) != 1 || all[0].Header.Get("Subject") != "Uw code" {
		t.Fatalf("%d e-mails before the address was confirmed, want the code only", len(all))
	}
	confirmed(t, w, anna, server, m, "anna@buurt.test")
	w.do(ledger.Issue{To: anna.Account, Amount: 7_00}, record.ByBank)
	must(t, w.post.Follow())
	for range 2 {
		must(t, w.post.Deliver(ctx, means(m, nil)))
	}
	all := server.got()
	if len(all) != 3 || server.logins == 0 {
		t.Fatalf("%d e-mails, want two codes and one notice", len(all))
	}
	got := all[2]
	if got.to != "anna@buurt.test" || got.Header.Get("Subject") != "Bericht topup" || !strings.Contains(got.body, "700") ||
		got.Header.Get("Auto-Submitted") != "auto-generated" || !strings.HasSuffix(got.Header.Get("Message-ID"), "@wijk.test>") {
		t.Errorf("%v %v:\n%s", got.to, got.Header, got.body)
	}
}

func TestACodeForAnAddressWorksOnceAndIsNotGuessed(t *testing.T) {
	w := newWijk(t)
	anna := w.person(people.Resident, "Anna")
	if err := w.post.AskEmail(anna.ID, "Anna <anna@buurt.test>"); !errors.Is(err, ErrEmail) {
		t.Errorf("an address with a name: %v", err)
	}
	must(t, w.post.AskEmail(anna.ID, "anna@buurt.test"))
	s, err := w.post.Settings(anna.ID)
	must(t, err)
	for range codeTries {
		if err := w.post.ConfirmEmail(anna.ID, "12345"); !errors.Is(err, ErrCode) {
			t.Fatalf("a wrong code: %v", err)
		}
	}
	if err := w.post.ConfirmEmail(anna.ID, s.Code); !errors.Is(err, ErrCode) {
		t.Errorf("the right code after %d wrong ones: %v", codeTries, err)
	}
	for range codesADay - 1 {
		must(t, w.post.AskEmail(anna.ID, "anna@buurt.test"))
	}
	if err := w.post.AskEmail(anna.ID, "anna@buurt.test"); !errors.Is(err, ErrBusy) {
		t.Errorf("a code too many: %v", err)
	}
	s, err = w.post.Settings(anna.ID)
	must(t, err)
	w.clock.add(codeFor + time.Minute)
	if err := w.post.ConfirmEmail(anna.ID, s.Code); !errors.Is(err, ErrCode) {
		t.Errorf("a code that is too old: %v", err)
	}
}

func TestEmailIsTriedAgainEverMoreSlowlyAndThenPrinted(t *testing.T) {
	w := newWijk(t)
	anna := w.person(people.Resident, "Anna")
	server, m := startMail(t)
	confirmed(t, w, anna, server, m, "anna@buurt.test")
	server.refuseWith(&smtp.SMTPError{Code: 451, Message: "mailbox anna@buurt.test busy"})
	w.do(ledger.Block{Account: anna.Account})
	must(t, w.post.Follow())
	err := w.post.Deliver(ctx, means(m, nil))
	if err == nil || strings.Contains(err.Error(), "anna") || !strings.Contains(err.Error(), "451") {
		t.Errorf("the error for the log is %v, want the number and no address", err)
	}
	if err := w.post.Deliver(ctx, means(m, nil)); err != nil {
		t.Errorf("tried again at once: %v", err)
	}
	w = w.powerCut()
	tries := 1
	for hours := 0; hours < 80; hours++ {
		if w.letters() != "" {
			break
		}
		w.clock.add(time.Hour)
		if w.post.Deliver(ctx, means(m, nil)) != nil {
			tries++
		}
	}
	if got := w.letters(); got != "Anna blocked" || tries < 5 || tries > 20 {
		t.Errorf("after %d tries there is to print: %q", tries, got)
	}
}

func TestAMailServerWithoutTLSIsTrustedOnThisMachineOnly(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	backend := new(mailServer)
	s := smtp.NewServer(backend)
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	_, port, err := net.SplitHostPort(l.Addr().String())
	must(t, err)
	for host, want := range map[string]bool{"127.0.0.1": true, "localhost.": false} { // by a name that is not known as this machine's
		m, err := NewMailer(MailConfig{Server: "smtp://" + net.JoinHostPort(host, port), From: "post@wijk.test"})
		must(t, err)
		if err := m.send(ctx, "anna@buurt.test", "1", Text{Title: "x"}); (err == nil) != want {
			t.Errorf("%s: %v", host, err)
		}
	}
}
