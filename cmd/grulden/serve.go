package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"grulden/internal/node"
	"grulden/internal/notice"
	"grulden/web"
)

type serveCmd struct {
	withKey
	Listen  string `default:"127.0.0.1:8080" placeholder:"ADDRESS" help:"The address to listen on."`
	URL     string `placeholder:"URL" help:"The public address, as it stands in QR codes (default: http://localhost and the port)."`
	Factor  string `name:"second-factor" default:"required" enum:"required,optional" help:"Must shops and staff sign in with a passkey or an app's code besides their PIN? required or optional."`
	Mail    string `placeholder:"URL" help:"The mail server: smtps://user@host:465, or smtp://user@host:587. Without one, nobody is told anything by e-mail."`
	From    string `name:"mail-from" placeholder:"ADDRESS" help:"The sender of e-mail, such as 'Grulden De Hoogte <post@example.org>'."`
	Secret  string `name:"mail-password" type:"path" placeholder:"FILE" help:"A file with the password of the user of the mail server."`
	Metrics string `placeholder:"ADDRESS" help:"Tell a Prometheus on this address how machine and program are doing (127.0.0.1:9464). Off without it."`
	Now     string `hidden:"" placeholder:"TIME" help:"Pretend it is this time (RFC 3339) when starting: for rehearsals, never for a real ledger."`
}

// Run serves a ledger until it is told to stop.
func (c *serveCmd) Run(a *app) error {
	if err := a.pretend(c.Now); err != nil {
		return err
	}
	mailer, err := c.mailer()
	if err != nil {
		return err
	}
	l, err := openLedger(c.withKey, a.clock)
	if err != nil {
		return err
	}
	s := site{app: a, ledger: l, data: c.Data, url: c.URL, mail: mailer, metrics: c.Metrics}
	if c.Factor == "optional" {
		s.factor = web.FactorOptional
	}
	return s.serve(c.Listen, nil)
}

// mailer is what sends e-mail, nil when there is no mail server.
func (c *serveCmd) mailer() (*notice.Mailer, error) {
	if c.Mail == "" {
		return nil, nil
	}
	config := notice.MailConfig{Server: c.Mail, From: c.From}
	if c.Secret != "" {
		text, err := os.ReadFile(c.Secret)
		if err != nil {
			return nil, fmt.Errorf("--mail-password: %w", err)
		}
		config.Password = strings.TrimSpace(string(text))
	}
	m, err := notice.NewMailer(config)
	if err != nil {
		return nil, hint(err, "--mail smtps://user@mail.example.org:465 --mail-from 'Grulden <post@example.org>' --mail-password FILE")
	}
	return m, nil
}

// pretend sets the clock of a rehearsal: it starts at a time and goes on from
// there. Time in a ledger never goes back, so a real one must not be rehearsed on.
func (a *app) pretend(now string) error {
	if now == "" {
		return nil
	}
	start, err := time.Parse(time.RFC3339, now)
	if err != nil {
		return fmt.Errorf("--now: %w", err)
	}
	began := time.Now()
	a.clock = func() time.Time { return start.Add(time.Since(began)) }
	a.note("a rehearsal: the clock says %s", now)
	return nil
}

// site is a ledger that is being served.
type site struct {
	app    *app
	ledger *opened
	data   string
	url    string
	demo   bool
	factor web.SecondFactor
	mail   *notice.Mailer // nil: no e-mail is sent

	metrics string // the address for a Prometheus; empty: none is answered
}

// serve serves pages and commands until the app's context ends, and then
// closes the ledger. ready is told the public address.
func (s *site) serve(address string, ready func(url string)) (err error) {
	defer func() {
		if closing := s.ledger.close(); err == nil {
			err = closing
		}
	}()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return hint(err, "choose another address: --listen 127.0.0.1:8081, or for the demo: --port 8081")
	}
	defer listener.Close()
	if s.url == "" {
		_, port, err := net.SplitHostPort(listener.Addr().String())
		if err != nil {
			return err
		}
		s.url = "http://localhost:" + port
	}
	log := slog.New(slog.NewJSONHandler(s.app.stderr, nil))
	config := s.ledger.config()
	config.BaseURL, config.Log, config.Demo, config.SecondFactor = s.url, log, s.demo, s.factor
	config.Mail = s.mail
	server, err := web.New(config)
	if err != nil {
		return err
	}
	unmeasure, err := s.serveMetrics(server.Metrics())
	if err != nil {
		return err
	}
	defer unmeasure()
	ctx, stop := context.WithCancel(s.app.ctx)
	defer stop()
	if err := s.app.listen(ctx, s.data, s.ledger); err != nil {
		return fmt.Errorf("listening for commands: %w", err)
	}
	err = s.ledger.node.Read(func(v *node.View) error {
		if len(v.Head().Policies) == 0 {
			s.app.note("the coin has no rules yet, so nobody can be added\nhint: grulden policy --data %s --set", s.data)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if ready != nil {
		ready(s.url)
	} else {
		s.app.note("serving %s on %s; Ctrl-C ends it", s.data, s.url)
	}
	return server.Serve(s.app.ctx, listener)
}
