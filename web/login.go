package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"grulden/internal/auth"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/ledger"
	"grulden/web/page"
)

// mustWait is the error for a card with too many wrong PINs.
type mustWait time.Duration

func (w mustWait) Error() string { return "too many wrong PINs: wait " + time.Duration(w).String() }

// hashPatience is how long a login waits for its turn to be checked.
const hashPatience = 10 * time.Second

// holderOfCard checks a card's code and PIN, and makes no session. The answer
// for a code that does not exist is the same as for a wrong PIN, takes as long,
// and leads to the same wait, so that nobody can find out which codes there are.
func (s *Server) holderOfCard(ctx context.Context, codeText, pin string) (people.Person, error) {
	code, err := payreq.Parse(codeText)
	known := err == nil
	name := codeText
	if known {
		name = code.String()
	}
	var p people.Person
	err = s.tryPIN(ctx, name, pin, func() (hash string, err error) {
		if known {
			p, hash, _, err = s.people.Login(code)
		}
		return hash, err
	})
	if err == nil && p.Stopped {
		err = errStopped
	}
	if err != nil {
		return people.Person{}, err
	}
	return p, nil
}

// holderAtTill is holderOfCard at the till of a shop. It is counted for that
// shop, whatever a visitor on the same network does.
func (s *Server) holderAtTill(ctx context.Context, shop people.Person, codeText, pin string) (p people.Person, err error) {
	err = s.countPIN("shop "+accountText(shop.Account), func() error {
		p, err = s.holderOfCard(ctx, codeText, pin)
		return err
	})
	return p, err
}

// checkPIN checks the PIN of somebody who is signed in already, against the
// same count of wrong tries as the card's.
func (s *Server) checkPIN(ctx context.Context, p people.Person, pin string) error {
	return s.countPIN("person "+p.ID.String(), func() error {
		code, hash, ok, err := s.people.LoginOf(p.ID)
		if err != nil {
			return err
		}
		if !ok {
			return errSignedOut
		}
		return s.tryPIN(ctx, code.String(), pin, func() (string, error) { return hash, nil })
	})
}

// countPIN counts a PIN that is looked at for a shop or a person, unless it is
// right.
func (s *Server) countPIN(key string, look func() error) error {
	if !s.pins.Allow(key, s.node.Now()) {
		return errOften
	}
	err := look()
	if err == nil {
		s.pins.GiveBack(key, s.node.Now())
	}
	return err
}

// tryPIN counts a try for a card, and looks the hash up and at the PIN only
// when that is allowed.
func (s *Server) tryPIN(ctx context.Context, card, pin string, find func() (hash string, err error)) error {
	key := auth.Key(s.vault.HMAC16("tries", card))
	if wait, err := s.tries.Begin(key, s.node.Now()); err != nil || wait > 0 {
		return errors.Join(err, mustWait(wait))
	}
	hash, err := find()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, hashPatience)
	defer cancel()
	right, err := s.hasher.Check(ctx, hash, pin)
	if err != nil {
		return err
	}
	if !right {
		return errWrongPIN
	}
	return s.tries.Clear(key)
}

// signIn checks a card's code and PIN, and sees to it that the account is open.
func (s *Server) signIn(r *http.Request, codeText, pin string) (people.Person, error) {
	if !s.logins.Allow(address(r), s.node.Now()) {
		return people.Person{}, errOften
	}
	p, err := s.holderOfCard(r.Context(), codeText, pin)
	if err != nil {
		return people.Person{}, err
	}
	return p, s.ensureOpen(r.Context(), p)
}

// ensureOpen opens a person's account in the ledger if a power cut came
// between adding the person and opening the account.
func (s *Server) ensureOpen(ctx context.Context, p people.Person) error {
	if !p.Role.HasPurse() {
		return nil
	}
	var open bool
	err := s.node.Read(func(v *node.View) error {
		a, err := v.Account(p.Account)
		open = a != nil || len(v.Head().Policies) == 0
		return err
	})
	if err != nil || open {
		return err
	}
	return s.openAccount(ctx, visit{}, p)
}

// openAccount opens a person's account in the ledger, once.
func (s *Server) openAccount(ctx context.Context, v visit, p people.Person) error {
	err := check(s.node.Submit(ctx, node.Request{
		Auth:    v.auth(),
		Command: ledger.Open{Account: p.Account, Owner: p.Owner, Role: string(p.Role)},
	}))
	if errors.Is(err, refused(ledger.AccountExists)) {
		return nil
	}
	return err
}

// start leads to where the visitor's role begins.
func (s *Server) start(w http.ResponseWriter, r *http.Request, v visit) error {
	if !v.signedIn {
		return goTo(w, r, "/login")
	}
	return goTo(w, r, home(v.person.Role))
}

// askLogin shows the login form. The code may come with the address, as a
// card's own QR code does.
func (s *Server) askLogin(w http.ResponseWriter, r *http.Request, v visit) error {
	q := r.URL.Query()
	p := page.LoginPage{Base: s.base(r, v), Next: localPath(q.Get("next")), Passkeys: s.passkeys != nil}
	if code, err := payreq.Parse(q.Get("code")); err == nil {
		p.Code = code.Grouped()
	}
	return s.show(w, http.StatusOK, p)
}

// login signs in and goes on to where the visitor wanted to be.
func (s *Server) login(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "code", "pin", "next")
	if err != nil {
		return err
	}
	person, err := s.signIn(r, f[0], f[1])
	if err != nil {
		return s.loginFailed(w, r, v, err, f[0], f[2])
	}
	return s.enter(w, r, person, f[2])
}

// loginFailed shows the form again. It keeps the code, never the PIN.
func (s *Server) loginFailed(w http.ResponseWriter, r *http.Request, v visit, err error, code, next string) error {
	p := page.LoginPage{Base: s.base(r, v), Next: localPath(next), Code: code, Passkeys: s.passkeys != nil}
	var wait mustWait
	switch {
	case errors.As(err, &wait) && wait > 0:
		p.Problem = p.T("login.wait", "time", waitText(v.lang, time.Duration(wait)))
		return s.show(w, http.StatusTooManyRequests, p)
	case isErr(err, errWrongPIN, errStopped):
		p.Problem = p.T(answerTo(err).text)
		return s.show(w, http.StatusUnprocessableEntity, p)
	case errors.Is(err, context.DeadlineExceeded):
		p.Problem = p.T("login.busy")
		return s.show(w, http.StatusServiceUnavailable, p)
	}
	return err
}

// waitText says how long to wait, rounded up.
func waitText(lang page.Lang, wait time.Duration) string {
	minutes := int((wait + time.Minute - 1) / time.Minute)
	switch {
	case minutes <= 1:
		return lang.Text("login.minute")
	case minutes < 120:
		return lang.Text("login.minutes", "count", strconv.Itoa(minutes))
	}
	return lang.Text("login.hours", "count", strconv.Itoa((minutes+59)/60))
}

// logout ends the session.
func (s *Server) logout(w http.ResponseWriter, r *http.Request, _ visit) error {
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return goTo(w, r, "/login")
}

// localPath keeps a redirect on this site: anything but a plain path becomes "/".
func localPath(target string) string {
	u, err := url.Parse(target)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || u.Opaque != "" ||
		!strings.HasPrefix(u.Path, "/") || strings.HasPrefix(target, "//") || strings.ContainsAny(target, "\\\r\n\t") {
		return "/"
	}
	return u.RequestURI()
}

// asset serves a static file.
func (s *Server) asset(w http.ResponseWriter, r *http.Request, _ visit) error {
	if !s.assets.Serve(w, r, r.PathValue("file")) {
		return errNotFound
	}
	return nil
}

// health tells a watchdog that the ledger can be read.
func (s *Server) health(w http.ResponseWriter, _ *http.Request, _ visit) error {
	if err := s.node.Read(func(*node.View) error { return nil }); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("ok\n")) // a visitor who hung up is no error of ours
	return nil
}
