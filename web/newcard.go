package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"grulden/internal/logbook"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/web/page"
)

// A card's code is shown to the volunteer who made the card, for a quarter of
// an hour. The session keeps whose cards those are and until when, not the codes.
const (
	sessionCard = "card"
	cardShown   = 15 * time.Minute
	cardsShown  = 30 // more new cards than anybody makes in that time
)

var errCardGone = errors.New("the code of this card is no longer shown")

// openCard lets this session see a person's new card, besides the others that
// it may still see.
func (s *Server) openCard(ctx context.Context, person people.Person) {
	until := s.node.Now().Add(cardShown)
	open := []string{person.ID.String() + " " + strconv.FormatInt(until.Unix(), 10)}
	for _, line := range strings.Split(s.sessions.GetString(ctx, sessionCard), "\n") {
		if _, until, ok := openedCard(line); ok && s.node.Now().Before(until) && len(open) < cardsShown {
			open = append(open, line)
		}
	}
	s.sessions.Put(ctx, sessionCard, strings.Join(open, "\n"))
}

// openedCard reads a line of what a session keeps: whose card, and until when.
func openedCard(line string) (id string, until time.Time, ok bool) {
	id, text, _ := strings.Cut(line, " ")
	unix, err := strconv.ParseInt(text, 10, 64)
	return id, time.Unix(unix, 0), err == nil
}

// cardOpen tells until when this session may see a person's new card.
func (s *Server) cardOpen(ctx context.Context, person people.Person) (until time.Time, ok bool) {
	for _, line := range strings.Split(s.sessions.GetString(ctx, sessionCard), "\n") {
		id, until, ok := openedCard(line)
		if ok && id == person.ID.String() {
			return until, s.node.Now().Before(until)
		}
	}
	return time.Time{}, false
}

// newCard finds the person in the address and the code on the card, if this
// session may see it.
func (s *Server) newCard(r *http.Request) (person people.Person, code payreq.Code, until time.Time, err error) {
	if person, err = s.memberOf(r); err != nil {
		return person, 0, until, err
	}
	until, ok := s.cardOpen(r.Context(), person)
	if !ok {
		return person, 0, until, errCardGone
	}
	code, _, ok, err = s.people.LoginOf(person.ID)
	if err == nil && !ok {
		err = errCardGone
	}
	return person, code, until, err
}

// showCard shows a new card to the desk.
func (s *Server) showCard(w http.ResponseWriter, r *http.Request, v visit) error {
	person, code, until, err := s.newCard(r)
	if err != nil {
		return err
	}
	p := page.CardPage{
		Base: s.oneTask(r, v), ID: person.ID.String(), Name: person.Title(), Code: code.Grouped(), Until: v.lang.Clock(inWijk(until)),
	}
	if p.QR, err = drawQR(payreq.CardLink(s.origin, code), onPaper); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

// cardPDF sends a new card as a sheet to print.
func (s *Server) cardPDF(w http.ResponseWriter, r *http.Request, _ visit) error {
	person, code, _, err := s.newCard(r)
	if err != nil {
		return err
	}
	sheet, err := drawCard(s.nobody(page.ParseLang(person.Lang)), s.origin, code)
	if err != nil {
		return err
	}
	return sendPDF(w, "kaart", sheet)
}

// loseCard ends a lost card at once, with every session begun with it, and
// makes a new one.
func (s *Server) loseCard(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	if err := s.record(r.Context(), v, person, logbook.Entry{Kind: actCardLost}); err != nil {
		return err
	}
	if _, _, err := s.people.NewCard(person.ID); err != nil {
		return err
	}
	s.openCard(r.Context(), person)
	return goTo(w, r, "/desk/people/"+person.ID.String()+"/lost")
}

// askLost asks which PIN goes with the new card.
func (s *Server) askLost(w http.ResponseWriter, r *http.Request, v visit) error {
	person, _, _, err := s.newCard(r)
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, page.LostPage{Base: s.oneTask(r, v), ID: person.ID.String(), Name: person.Title()})
}
