package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"grulden/internal/auth"
	"grulden/internal/people"
	"grulden/web/page"
)

// The two questions to a browser about passkeys, as the session remembers
// which one was asked.
const (
	askedNew  = "new "
	askedShow = "show "
)

// halfSigned finds who has given code and PIN and must show a second factor.
func (s *Server) halfSigned(r *http.Request) (people.Person, error) {
	ctx := r.Context()
	id, ok := parsePersonID(s.sessions.GetString(ctx, sessionHalf))
	if !ok {
		return people.Person{}, errSignedOut
	}
	p, ok, err := s.people.Person(id)
	if err != nil {
		return people.Person{}, err
	}
	if !ok || s.sessions.GetString(ctx, sessionSerial) != serialText(p) {
		return people.Person{}, errSignedOut
	}
	return p, nil
}

// askSecond shows the second step of signing in.
func (s *Server) askSecond(w http.ResponseWriter, r *http.Request, v visit) error {
	if _, err := s.halfSigned(r); errors.Is(err, errSignedOut) {
		return goTo(w, r, "/login")
	}
	return s.showSecond(w, r, v, http.StatusOK, "")
}

func (s *Server) showSecond(w http.ResponseWriter, r *http.Request, v visit, status int, problem string) error {
	person, err := s.halfSigned(r)
	if err != nil {
		return err
	}
	f, err := s.factorsOf(person.ID)
	if err != nil {
		return err
	}
	v.lang = page.ParseLang(person.Lang)
	return s.show(w, status, page.SecondPage{
		Base: s.base(r, v), App: f.Secret != "", Passkey: len(f.Passkeys) > 0 && s.passkeys != nil, Problem: problem,
	})
}

// takeSecond looks at the code of an app and ends signing in.
func (s *Server) takeSecond(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.halfSigned(r)
	if errors.Is(err, errSignedOut) {
		return goTo(w, r, "/login")
	}
	if err != nil {
		return err
	}
	f, err := form(r, "otp")
	if err != nil {
		return err
	}
	next := s.sessions.GetString(r.Context(), sessionNext)
	if err := s.spendCode(r, person, f[0]); err != nil {
		text, status, ok := codeProblem(page.ParseLang(person.Lang), err)
		if !ok {
			return err
		}
		return s.showSecond(w, r, v, status, text)
	}
	return s.enterWith(w, r, person, factorCode, next)
}

// codeProblem says in words what is wrong with a code or a PIN; ok is false
// for what is not about that.
func codeProblem(lang page.Lang, err error) (text string, status int, ok bool) {
	var wait mustWait
	switch {
	case errors.As(err, &wait) && wait > 0:
		return lang.Text("second.wait", "time", waitText(lang, time.Duration(wait))), http.StatusTooManyRequests, true
	case isErr(err, auth.ErrCode, auth.ErrPasskey, auth.ErrPasskeys, errWrongPIN, errLastFactor, errNoName):
		a := answerTo(err)
		return lang.Text(a.text), a.status, true
	}
	return "", 0, false
}

// enterWith begins a session for somebody who has shown a second factor.
func (s *Server) enterWith(w http.ResponseWriter, r *http.Request, p people.Person, factor, next string) error {
	ctx := r.Context()
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	pinned := s.sessions.GetString(ctx, sessionPinned)
	s.remember(ctx, p, usePages)
	s.sessions.Put(ctx, sessionFactor, factor)
	if factor == factorCode {
		s.sessions.Put(ctx, sessionPinned, pinned)
	}
	return s.arrive(w, r, p, next)
}

// askPasskey gives a browser the question to show a passkey.
func (s *Server) askPasskey(w http.ResponseWriter, r *http.Request, _ visit) error {
	if s.passkeys == nil {
		return errNotFound
	}
	if !s.logins.Allow(address(r), s.node.Now()) {
		return errOften
	}
	options, state, err := s.passkeys.Ask()
	if err != nil {
		return err
	}
	s.sessions.Put(r.Context(), sessionAsked, askedShow+state)
	return sendOptions(w, options)
}

func sendOptions(w http.ResponseWriter, options []byte) error {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(options) // a visitor who hung up is no error of ours
	return nil
}

// asked takes a question out of the session: an answer counts once.
func (s *Server) asked(r *http.Request, question string) string {
	state, ok := strings.CutPrefix(s.sessions.PopString(r.Context(), sessionAsked), question)
	if !ok {
		return ""
	}
	return state
}

// loginPasskey signs in with a passkey alone: it is in somebody's hands and
// was opened by a finger, a face or a PIN.
func (s *Server) loginPasskey(w http.ResponseWriter, r *http.Request, v visit) error {
	if s.passkeys == nil {
		return errNotFound
	}
	f, err := form(r, "answer", "next")
	if err != nil {
		return err
	}
	if !s.logins.Allow(address(r), s.node.Now()) {
		return errOften
	}
	next := f[1]
	if half := s.sessions.GetString(r.Context(), sessionNext); half != "" {
		next = half
	}
	keeper, used, err := s.passkeys.Take(s.asked(r, askedShow), []byte(f[0]), s.keeper)
	if err == nil {
		err = s.changeFactors(keeper.ID, func(f *auth.Factors) error { return f.Keep(used) })
	}
	if errors.Is(err, auth.ErrPasskey) {
		s.logFault(r, answerTo(err), err)
		p := page.LoginPage{Base: s.base(r, v), Next: localPath(next), Passkeys: true}
		p.Problem = p.T("login.passkeywrong")
		return s.show(w, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	person, err := s.staffMember(keeper.ID)
	if err != nil {
		return err
	}
	return s.enterWith(w, r, person, factorPasskey, next)
}

// keeper finds the person whose id a passkey carries.
func (s *Server) keeper(id [16]byte) (auth.Keeper, error) {
	p, err := s.staffMember(people.ID(id))
	if err != nil {
		return auth.Keeper{}, auth.ErrPasskey
	}
	f, err := s.factorsOf(p.ID)
	return auth.Keeper{ID: id, Name: p.Title(), Factors: f}, err
}

// staffMember finds somebody who may have second factors.
func (s *Server) staffMember(id people.ID) (people.Person, error) {
	p, ok, err := s.people.Person(id)
	if err == nil && (!ok || !hasFactors(p.Role)) {
		err = people.ErrNobody
	}
	return p, err
}
