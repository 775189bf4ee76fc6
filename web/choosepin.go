package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"grulden/internal/auth"
	"grulden/internal/logbook"
	"grulden/internal/people"
	"grulden/web/page"
)

// A person chooses a PIN at the desk, twice, on a page of their own. Between
// the two the volunteer's session holds the hash of the first, and no page ever
// holds a digit.

// sessionPIN is where a session keeps whose PIN is half chosen: the person's id,
// a space and the hash of the first time.
const sessionPIN = "chosen"

// askTurn asks the volunteer to turn the screen.
func (s *Server) askTurn(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	s.sessions.Remove(r.Context(), sessionPIN)
	return s.show(w, http.StatusOK, page.TurnPage{Base: s.oneTask(r, v), ID: person.ID.String(), Name: person.Title()})
}

// choosePage is the pad in the person's own language, with nobody's name on it.
func (s *Server) choosePage(person people.Person) page.PINPage {
	return page.PINPage{Base: s.nobody(page.ParseLang(person.Lang)), ID: person.ID.String()}
}

// choosePIN shows the pad for the first time; sent back from the second time,
// with what went wrong.
func (s *Server) choosePIN(w http.ResponseWriter, r *http.Request, _ visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	p := s.choosePage(person)
	if r.URL.Query().Has("differ") {
		p.Problem = p.T("pin.differ")
	}
	return s.show(w, http.StatusOK, p)
}

// takePIN takes the PIN of the first time.
func (s *Server) takePIN(w http.ResponseWriter, r *http.Request, _ visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	f, err := form(r, "pin")
	if err != nil {
		return err
	}
	hash, err := s.hashPIN(r.Context(), f[0])
	if errors.Is(err, auth.ErrWeakPIN) {
		p := s.choosePage(person)
		p.Problem = p.T("pin.weak")
		return s.show(w, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	s.sessions.Put(r.Context(), sessionPIN, person.ID.String()+" "+hash)
	return goTo(w, r, "/desk/people/"+person.ID.String()+"/pin/again")
}

func (s *Server) hashPIN(ctx context.Context, pin string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, hashPatience)
	defer cancel()
	return s.hasher.Hash(ctx, pin)
}

// chosen is the hash of a person's first time; empty when there was none.
func (s *Server) chosen(ctx context.Context, person people.Person) string {
	hash, ok := strings.CutPrefix(s.sessions.GetString(ctx, sessionPIN), person.ID.String()+" ")
	if !ok {
		return ""
	}
	return hash
}

// choosePINAgain shows the pad for the second time.
func (s *Server) choosePINAgain(w http.ResponseWriter, r *http.Request, _ visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	if s.chosen(r.Context(), person) == "" {
		return goTo(w, r, "/desk/people/"+person.ID.String()+"/pin/choose")
	}
	p := s.choosePage(person)
	p.Again = true
	return s.show(w, http.StatusOK, p)
}

// takePINAgain takes the PIN of the second time. When it is the same, it is the
// person's PIN from now on, and wrong tries from before are forgotten.
func (s *Server) takePINAgain(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	f, err := form(r, "pin")
	if err != nil {
		return err
	}
	here := "/desk/people/" + person.ID.String() + "/pin/"
	hash := s.chosen(r.Context(), person)
	if hash == "" {
		return goTo(w, r, here+"choose")
	}
	ctx, cancel := context.WithTimeout(r.Context(), hashPatience)
	defer cancel()
	same, err := s.hasher.Check(ctx, hash, f[0])
	if err != nil {
		return err
	}
	s.sessions.Remove(ctx, sessionPIN)
	if !same {
		return goTo(w, r, here+"choose?differ")
	}
	if err := s.setPIN(r.Context(), v, person, hash); err != nil {
		return err
	}
	return goTo(w, r, here+"ready")
}

// setPIN gives a person the chosen PIN. Who had none gets a card now.
func (s *Server) setPIN(ctx context.Context, v visit, person people.Person, hash string) error {
	_, before, _, err := s.people.LoginOf(person.ID)
	if err != nil {
		return err
	}
	if err := s.record(ctx, v, person, logbook.Entry{Kind: actPIN}); err != nil {
		return err
	}
	_, code, err := s.people.SetPIN(person.ID, hash)
	if err != nil {
		return err
	}
	if err := s.tries.Clear(auth.Key(s.vault.HMAC16("tries", code.String()))); err != nil {
		return err
	}
	if before == "" {
		s.openCard(ctx, person)
	}
	return nil
}

// pinReady tells the person to give the screen back.
func (s *Server) pinReady(w http.ResponseWriter, r *http.Request, _ visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	next := "/desk/people/" + person.ID.String()
	if _, open := s.cardOpen(r.Context(), person); open {
		next += "/card"
	} else {
		next += "?done=pin"
	}
	return s.show(w, http.StatusOK, page.PINReadyPage{Base: s.nobody(page.ParseLang(person.Lang)), Next: next})
}
