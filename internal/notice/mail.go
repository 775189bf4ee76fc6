package notice

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// mailTimeout bounds the talk with the mail server.
const mailTimeout = 30 * time.Second

// MailConfig is how e-mail is sent.
type MailConfig struct {
	// Server is smtps://user@host:465 (TLS from the start) or smtp://user@host:587,
	// which becomes TLS before anything is said, except on this same machine.
	Server   string
	Password string // of the user; without a user: none
	From     string // the sender: an address, or a name and <an address>
	TLS      *tls.Config
}

// Mailer sends e-mail by one mail server.
type Mailer struct {
	host    string
	options []mail.Option
	from    string
	domain  string // of the sender, for the ids of messages
}

// NewMailer checks how e-mail is to be sent; it connects to nothing yet.
func NewMailer(c MailConfig) (*Mailer, error) {
	u, err := url.Parse(c.Server)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || strings.Trim(u.Path, "/") != "" {
		return nil, fmt.Errorf("mail server %q must be smtp:// or smtps:// and a host", u.Redacted())
	}
	probe := mail.NewMsg()
	if err := probe.From(c.From); err != nil {
		return nil, fmt.Errorf("sender of e-mail: %w", err)
	}
	_, domain, _ := strings.Cut(probe.GetFrom()[0].Address, "@")
	m := &Mailer{host: u.Hostname(), from: c.From, domain: domain}
	policy, port := mail.TLSMandatory, 587
	if ip := net.ParseIP(m.host); m.host == "localhost" || ip != nil && ip.IsLoopback() {
		policy = mail.TLSOpportunistic
	}
	m.options = append(m.options, mail.WithTimeout(mailTimeout), mail.WithTLSPolicy(policy), mail.WithoutNoop())
	if u.Scheme == "smtps" {
		port = 465
		m.options = append(m.options, mail.WithSSL())
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, fmt.Errorf("port of the mail server: %w", err)
		}
	}
	m.options = append(m.options, mail.WithPort(port))
	if c.TLS != nil {
		m.options = append(m.options, mail.WithTLSConfig(c.TLS))
	}
	if name := u.User.Username(); name != "" {
		m.options = append(m.options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(name), mail.WithPassword(c.Password))
	}
	return m, nil
}

// send sends one e-mail. The same id gives the same message id, by which a mail
// program knows a second copy.
func (m *Mailer) send(ctx context.Context, to, id string, t Text) error {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := errors.Join(msg.From(m.from), msg.To(to)); err != nil {
		return &refusal{why: "the address is not one", forGood: true}
	}
	msg.SetMessageIDWithValue(id + "@" + m.domain)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetDate()
	msg.Subject(t.Title)
	body := strings.Join(t.Lines, "\n\n")
	if t.Link != "" {
		body += "\n\n" + t.Link
	}
	msg.SetBodyString(mail.TypeTextPlain, body+"\n")
	client, err := mail.NewClient(m.host, m.options...)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		return mailRefusal(err)
	}
	return nil
}

// mailRefusal says why an e-mail was not taken, without the address: only a
// number of the server's.
func mailRefusal(err error) error {
	var e *mail.SendError
	if !errors.As(err, &e) {
		return &refusal{why: "the mail server was not reached, or not safely"}
	}
	code := e.ErrorCode()
	return &refusal{why: fmt.Sprintf("the mail server said %d", code), forGood: code >= 500 && !e.IsTemp()}
}
