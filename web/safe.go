package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	"grulden/internal/auth"
	"grulden/web/page"
)

var (
	errHalfway    = errors.New("a second factor must be set up first")
	errNeedFactor = errors.New("a second factor must be shown")
	errLastFactor = errors.New("the last second factor stays")
	errNoName     = errors.New("a passkey needs a name")
)

// maxPasskeyName is the longest name of a passkey, in bytes.
const maxPasskeyName = 60

// showSafe shows how somebody signs in: passkeys, an app, and what can be added.
func (s *Server) showSafe(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.safePage(w, r, v, http.StatusOK, "")
}

func (s *Server) safePage(w http.ResponseWriter, r *http.Request, v visit, status int, problem string) error {
	f, err := s.factorsOf(v.person.ID)
	if err != nil {
		return err
	}
	p := page.SafePage{
		Base: s.base(r, v), First: v.halfway, CanPasskey: s.passkeys != nil && len(f.Passkeys) < auth.MaxPasskeys,
		App: f.Secret != "", Home: home(v.person.Role), Problem: problem,
	}
	for _, k := range f.Passkeys {
		p.Passkeys = append(p.Passkeys, page.PasskeyLine{ID: k.ID(), Name: k.Name, Added: v.lang.Date(inWijk(k.Added))})
	}
	if !p.App {
		if err := s.offerApp(r.Context(), v, &p); err != nil {
			return err
		}
	}
	return s.show(w, status, p)
}

// offerApp puts a secret for an app on the page: the same one in this session,
// until a code proves that an app has it.
func (s *Server) offerApp(ctx context.Context, v visit, p *page.SafePage) error {
	if s.sessions.GetString(ctx, sessionOffer) == "" {
		s.sessions.Put(ctx, sessionOffer, rand.Text())
	}
	secret, address, err := auth.Offer(s.offered(ctx, v), strings.TrimSpace(p.Coin+" "+p.Wijk), v.person.Title())
	if err != nil {
		return err
	}
	p.Secret = inGroups(secret)
	p.QR, err = drawQR(address, onScreen)
	return err
}

// offered is the secret that was put on a page of this session; nil: none was.
// It follows from something random in the session and the key outside the
// store, so that the stored session does not hold it.
func (s *Server) offered(ctx context.Context, v visit) []byte {
	offer := s.sessions.GetString(ctx, sessionOffer)
	if offer == "" {
		return nil
	}
	name := v.person.ID.String() + " " + offer
	begin, end := s.vault.HMAC16("offered secret", name), s.vault.HMAC16("offered secret, end", name)
	return append(begin[:], end[:]...)[:auth.OfferedSize]
}

// safeFailed shows the page again with what is wrong, or passes the error on.
func (s *Server) safeFailed(w http.ResponseWriter, r *http.Request, v visit, err error) error {
	text, status, ok := codeProblem(v.lang, err)
	if !ok {
		return err
	}
	return s.safePage(w, r, v, status, text)
}

// mayChange wants the PIN again, except right after the first sign-in: an open
// screen that somebody left must not be enough to add a second factor.
func (s *Server) mayChange(r *http.Request, v visit, pin string) error {
	if v.halfway {
		return nil
	}
	return s.checkPIN(r.Context(), v.person, pin)
}

// changed marks the session as one that has shown a second factor.
func (s *Server) changed(w http.ResponseWriter, r *http.Request, factor string) error {
	ctx := r.Context()
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, sessionFactor, factor)
	return goTo(w, r, "/safe?done=safe")
}

// confirmApp takes an app into use once it shows the right code.
func (s *Server) confirmApp(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "otp", "pin")
	if err != nil {
		return err
	}
	if err = s.mayChange(r, v, f[1]); err == nil {
		err = s.tryCode(r, v.person, func(x *auth.Factors) error { return x.Confirm(s.offered(r.Context(), v), f[0], s.node.Now()) })
	}
	if err != nil {
		return s.safeFailed(w, r, v, err)
	}
	s.sessions.Remove(r.Context(), sessionOffer)
	return s.changed(w, r, factorCode)
}

// askNewPasskey gives a browser the question to make a passkey. What is wrong
// comes as words, for the script to show.
func (s *Server) askNewPasskey(w http.ResponseWriter, r *http.Request, v visit) error {
	if s.passkeys == nil {
		return errNotFound
	}
	f, err := form(r, "pin")
	if err != nil {
		return err
	}
	if err := s.mayChange(r, v, f[0]); err != nil {
		text, status, ok := codeProblem(v.lang, err)
		if !ok {
			return err
		}
		http.Error(w, text, status)
		return nil
	}
	factors, err := s.factorsOf(v.person.ID)
	if err != nil {
		return err
	}
	options, state, err := s.passkeys.AskNew(auth.Keeper{ID: v.person.ID, Name: v.person.Title(), Factors: factors})
	if err != nil {
		return err
	}
	s.sessions.Put(r.Context(), sessionAsked, askedNew+state)
	return sendOptions(w, options)
}

// addPasskey keeps a passkey that the browser made.
func (s *Server) addPasskey(w http.ResponseWriter, r *http.Request, v visit) error {
	if s.passkeys == nil {
		return errNotFound
	}
	f, err := form(r, "answer", "name")
	if err != nil {
		return err
	}
	name := strings.ToValidUTF8(f[1], "")
	if name == "" || len(name) > maxPasskeyName {
		return s.safeFailed(w, r, v, errNoName)
	}
	keeper := auth.Keeper{ID: v.person.ID, Name: v.person.Title()}
	made, err := s.passkeys.TakeNew(keeper, s.asked(r, askedNew), []byte(f[0]), name, s.node.Now())
	if err == nil {
		err = s.changeFactors(v.person.ID, func(x *auth.Factors) error { return x.Keep(made) })
	}
	if err != nil {
		return s.safeFailed(w, r, v, err)
	}
	return s.changed(w, r, factorPasskey)
}

// dropFactor removes a passkey or the app. The last one stays where one is
// needed.
func (s *Server) dropFactor(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "passkey", "pin")
	if err != nil {
		return err
	}
	if err = s.mayChange(r, v, f[1]); err == nil {
		err = s.changeFactors(v.person.ID, func(x *auth.Factors) error {
			if f[0] == "" {
				x.Secret, x.Used = "", 0
			} else if !x.Drop(f[0]) {
				return errNotFound
			}
			if s.factorNeeded && !x.Any() {
				return errLastFactor
			}
			return nil
		})
	}
	if err != nil {
		return s.safeFailed(w, r, v, err)
	}
	return goTo(w, r, "/safe?done=safe")
}
