package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"grulden/internal/auth"
	"grulden/internal/people"
)

// SecondFactor says who must show more than a code and a PIN.
type SecondFactor int

// The policies. Who has set up a second factor must show it under either.
const (
	FactorRequired SecondFactor = iota // shops' owners and staff must set one up
	FactorOptional                     // they may
)

// staffDay is how long a session of the desk or the treasurer lasts at most: a
// day, as their screens stand in a public place.
const staffDay = 24 * time.Hour

// hasFactors tells whether people of a role can have a second factor: those
// who handle the money of others, or see it.
func hasFactors(role people.Role) bool {
	switch role {
	case people.Merchant, people.Desk, people.Treasurer, people.Evaluator, people.Board, people.Administrator:
		return true
	}
	return false
}

// factorsOf reads somebody's second factors.
func (s *Server) factorsOf(id people.ID) (auth.Factors, error) {
	doc, err := s.people.Factors(id)
	if err != nil {
		return auth.Factors{}, err
	}
	return auth.ParseFactors(doc)
}

// changeFactors changes somebody's second factors, one change at a time.
func (s *Server) changeFactors(id people.ID, change func(*auth.Factors) error) error {
	return s.people.ChangeFactors(id, func(doc []byte) ([]byte, error) {
		f, err := auth.ParseFactors(doc)
		if err != nil {
			return nil, err
		}
		if err := change(&f); err != nil {
			return nil, err
		}
		return f.Encode()
	})
}

// checkFactor looks at the second factor of a session: who has one and has not
// shown it is not signed in, however the session came about; who needs one and
// has none is half way.
func (s *Server) checkFactor(ctx context.Context, v *visit) error {
	if !hasFactors(v.person.Role) {
		return nil
	}
	if s.tooOld(ctx, v.person) {
		v.person, v.signedIn = people.Person{}, false
		return nil
	}
	if s.sessions.GetString(ctx, sessionFactor) != "" {
		return nil
	}
	f, err := s.factorsOf(v.person.ID)
	if err != nil {
		return err
	}
	if f.Any() {
		v.person, v.signedIn = people.Person{}, false
		return nil
	}
	v.halfway = s.factorNeeded
	return nil
}

// tooOld tells whether a session of the desk or the treasurer is over.
func (s *Server) tooOld(ctx context.Context, p people.Person) bool {
	if p.Role != people.Desk && p.Role != people.Treasurer {
		return false
	}
	since, err := time.Parse(time.RFC3339, s.sessions.GetString(ctx, sessionSince))
	return err != nil || s.node.Now().Sub(since) >= staffDay
}

// enter begins a session for somebody whose code and PIN were right, and goes
// on to where they wanted to be, or to the second step of signing in.
func (s *Server) enter(w http.ResponseWriter, r *http.Request, p people.Person, next string) error {
	ctx := r.Context()
	if err := s.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("begin a session: %w", err)
	}
	if hasFactors(p.Role) {
		f, err := s.factorsOf(p.ID)
		if err != nil {
			return err
		}
		if f.Any() {
			s.forget(ctx)
			s.sessions.Put(ctx, sessionHalf, p.ID.String())
			s.sessions.Put(ctx, sessionSerial, serialText(p))
			s.sessions.Put(ctx, sessionNext, next)
			s.markPIN(ctx)
			return goTo(w, r, "/login/second")
		}
	}
	s.remember(ctx, p, usePages)
	s.markPIN(ctx)
	return s.arrive(w, r, p, next)
}

// arrive ends signing in.
func (s *Server) arrive(w http.ResponseWriter, r *http.Request, p people.Person, next string) error {
	http.SetCookie(w, &http.Cookie{
		Name: s.languageCookie(), Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: strings.HasPrefix(s.origin, "https:"),
	})
	if next = localPath(next); next == "/" {
		next = home(p.Role)
	}
	return goTo(w, r, next)
}

// remember writes into the session who it belongs to, and nothing of whom it
// belonged to before.
func (s *Server) remember(ctx context.Context, p people.Person, use string) {
	s.forget(ctx)
	s.sessions.Put(ctx, sessionPerson, p.ID.String())
	s.sessions.Put(ctx, sessionSerial, serialText(p))
	s.sessions.Put(ctx, sessionUse, use)
	s.sessions.Put(ctx, sessionSince, s.node.Now().UTC().Format(time.RFC3339))
}

// pinFresh is how long after signing in by card and PIN a session may make a
// phone a wallet without the PIN again.
const pinFresh = 10 * time.Minute

// markPIN notes in a session that card and PIN were shown now.
func (s *Server) markPIN(ctx context.Context) {
	s.sessions.Put(ctx, sessionPinned, s.node.Now().UTC().Format(time.RFC3339))
}

// freshPIN tells whether card and PIN were shown for a session moments ago.
func (s *Server) freshPIN(ctx context.Context) bool {
	at, err := time.Parse(time.RFC3339, s.sessions.GetString(ctx, sessionPinned))
	return err == nil && s.node.Now().Sub(at) <= pinFresh
}

// forget takes everything out of a session.
func (s *Server) forget(ctx context.Context) {
	for _, key := range s.sessions.Keys(ctx) {
		s.sessions.Remove(ctx, key)
	}
}

// spendCode accepts a code of somebody's app, once. Wrong ones count as tries,
// apart from wrong PINs: only who has card and PIN gets here.
func (s *Server) spendCode(r *http.Request, p people.Person, code string) error {
	return s.tryCode(r, p, func(f *auth.Factors) error { return f.Spend(code, s.node.Now()) })
}

// tryCode counts a try of an app's code and makes a change that looks at it.
func (s *Server) tryCode(r *http.Request, p people.Person, change func(*auth.Factors) error) error {
	now := s.node.Now()
	if !s.logins.Allow(address(r), now) {
		return errOften
	}
	key := auth.Key(s.vault.HMAC16("tries of codes", p.ID.String()))
	if wait, err := s.tries.Begin(key, now); err != nil {
		return err
	} else if wait > 0 {
		return mustWait(wait)
	}
	if err := s.changeFactors(p.ID, change); err != nil {
		return err
	}
	return s.tries.Clear(key)
}
