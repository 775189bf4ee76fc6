package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"grulden/internal/payreq"
	"grulden/internal/record"
	"grulden/ledger"
	"grulden/merchant"
	"grulden/wallet"
	"grulden/web/page"
)

// A customer without a telephone pays by card at the till, in three steps on
// three addresses: the card is read, the customer sees the amount, the customer
// types the PIN. The card's code is in no address, no log and no page.

// cardsAtHand remembers, in memory only and for a few minutes, which card lies
// at which till while its holder looks at the amount and types the PIN.
type cardsAtHand struct {
	mu    sync.Mutex
	cards map[payreq.Code]cardAtHand // by the request that is to be paid
}

type cardAtHand struct {
	code  string
	until time.Time
}

// Bounds of the cards at hand.
const (
	cardWait = 3 * time.Minute // for a customer who looks for glasses
	maxCards = 10_000
)

// put remembers a card. Old ones go when there are many.
func (c *cardsAtHand) put(request payreq.Code, card string, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cards == nil || len(c.cards) >= maxCards {
		fresh := make(map[payreq.Code]cardAtHand)
		for request, card := range c.cards {
			if now.Before(card.until) && len(fresh) < maxCards/2 {
				fresh[request] = card
			}
		}
		c.cards = fresh
	}
	c.cards[request] = cardAtHand{card, now.Add(cardWait)}
}

// get finds the card at a till, and keeps it a while longer.
func (c *cardsAtHand) get(request payreq.Code, now time.Time) (card string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.cards[request]
	if !ok || !now.Before(at.until) {
		delete(c.cards, request)
		return "", false
	}
	c.cards[request] = cardAtHand{at.code, now.Add(cardWait)}
	return at.code, true
}

// forget forgets the card at a till.
func (c *cardsAtHand) forget(request payreq.Code) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.cards, request)
}

// waitingFor finds the request in the address while it can still be paid;
// another one has its own page to go to, and ok is false.
func (s *Server) waitingFor(w http.ResponseWriter, r *http.Request, v visit) (status merchant.Status, ok bool, err error) {
	status, err = s.statusOf(r, v)
	if err != nil || status.State == merchant.Waiting {
		return status, err == nil, err
	}
	s.cards.forget(status.Code)
	return status, false, goTo(w, r, "/till/"+status.Code.String())
}

// readCard shows the camera, and the field to type a card's code.
func (s *Server) readCard(w http.ResponseWriter, r *http.Request, v visit) error {
	status, ok, err := s.waitingFor(w, r, v)
	if !ok {
		return err
	}
	return s.show(w, http.StatusOK, s.cardPage(r, v, status))
}

func (s *Server) cardPage(r *http.Request, v visit, status merchant.Status) page.CardReadPage {
	return page.CardReadPage{Base: s.oneTask(r, v), Code: status.Code.String(), Amount: v.lang.Money(int64(status.Amount))}
}

// takeCard remembers the card that was read. Whether there is such a card is
// not said before the PIN; only what cannot be the code of any card is refused.
func (s *Server) takeCard(w http.ResponseWriter, r *http.Request, v visit) error {
	status, ok, err := s.waitingFor(w, r, v)
	if !ok {
		return err
	}
	f, err := form(r, "card")
	if err != nil {
		return err
	}
	card, err := cardCode(f[0])
	if err != nil {
		p := s.cardPage(r, v, status)
		p.Problem = p.T("card.nocode")
		return s.show(w, http.StatusUnprocessableEntity, p)
	}
	s.cards.put(status.Code, card.String(), s.node.Now())
	return goTo(w, r, "/till/"+status.Code.String()+"/card/show")
}

// cardCode reads a card's code as it was scanned or typed. The code of a till
// or a poster is not one.
func cardCode(text string) (payreq.Code, error) {
	if strings.Contains(strings.ToUpper(text), "/P/") {
		return 0, payreq.ErrNotCode
	}
	return payreq.Parse(text)
}

// atHand finds the request in the address and the card that lies at it. Without
// a card it begins afresh, and ok is false.
func (s *Server) atHand(w http.ResponseWriter, r *http.Request, v visit) (status merchant.Status, card string, ok bool, err error) {
	status, ok, err = s.waitingFor(w, r, v)
	if !ok {
		return status, "", false, err
	}
	card, ok = s.cards.get(status.Code, s.node.Now())
	if !ok {
		return status, "", false, goTo(w, r, "/till/"+status.Code.String()+"/card")
	}
	return status, card, true, nil
}

// showAmount shows the customer what is to be paid, before any PIN is asked: in
// digits, as notes and coins, and to be read aloud.
func (s *Server) showAmount(w http.ResponseWriter, r *http.Request, v visit) error {
	status, _, ok, err := s.atHand(w, r, v)
	if !ok {
		return err
	}
	p := page.CardShowPage{
		Base: s.oneTask(r, v), Code: status.Code.String(), Amount: v.lang.Money(int64(status.Amount)),
		Cash: cashText(v.lang, status.Cash), Shop: v.purse.Title(),
	}
	p.Money = inMoney(p.Base, status.Amount)
	p.Say = p.T("card.say", "amount", spoken(p.Base, status.Amount), "shop", p.Shop)
	for _, lang := range v.lang.Others() {
		b := p.Base
		b.Lang = lang
		p.Speech = append(p.Speech, page.Speech{Lang: lang, Text: b.T("card.say", "amount", spoken(b, status.Amount), "shop", p.Shop), Word: lang.Text("card.listen")})
	}
	return s.show(w, http.StatusOK, p)
}

// askPIN shows the PIN pad.
func (s *Server) askPIN(w http.ResponseWriter, r *http.Request, v visit) error {
	status, _, ok, err := s.atHand(w, r, v)
	if !ok {
		return err
	}
	return s.show(w, http.StatusOK, s.pinPage(r, v, status))
}

func (s *Server) pinPage(r *http.Request, v visit, status merchant.Status) page.CardPINPage {
	return page.CardPINPage{
		Base: s.oneTask(r, v), Code: status.Code.String(), Amount: v.lang.Money(int64(status.Amount)), Shop: v.purse.Title(), Again: true,
	}
}

// payByCard pays from the card at the till, if the PIN is right. The payment's
// id is the request's own, so sending the form twice pays once.
func (s *Server) payByCard(w http.ResponseWriter, r *http.Request, v visit) error {
	status, card, ok, err := s.atHand(w, r, v)
	if !ok {
		return err
	}
	f, err := form(r, "pin")
	if err != nil {
		return err
	}
	holder, err := s.holderAtTill(r.Context(), v.purse, card, f[0])
	if err == nil && !holder.Role.HasPurse() {
		err = errNoPurse
	}
	if err == nil {
		err = s.ensureOpen(r.Context(), holder)
	}
	if err == nil {
		auth := record.Auth{By: record.ActorID(holder.ID), How: record.ByCard}
		_, receipt, payErr := s.wallet.Pay(r.Context(), wallet.Holder{Account: holder.Account, Auth: auth}, wallet.Order{Code: status.Code})
		err = check(receipt, payErr)
	}
	if err != nil {
		return s.cardFailed(w, r, v, status, err)
	}
	s.cards.forget(status.Code)
	return goTo(w, r, "/till/"+status.Code.String())
}

// errNoPurse is returned for the card of somebody who holds no money, such as
// staff.
var errNoPurse = errors.New("this card belongs to nobody who holds money")

// cardFailed says why nothing was paid. After a wrong PIN, or when the ledger
// did not answer, the customer may type the PIN again; paying twice cannot
// happen, because the payment's id stays the same.
func (s *Server) cardFailed(w http.ResponseWriter, r *http.Request, v visit, status merchant.Status, failure error) error {
	p := s.pinPage(r, v, status)
	a := answerTo(failure)
	var rule refused
	var wait mustWait
	var over wallet.ErrOverLimit
	switch {
	case errors.As(failure, &wait) && wait > 0:
		p.Problem, p.Again = p.T("login.wait", "time", waitText(v.lang, time.Duration(wait))), false
		a.status = http.StatusTooManyRequests
	case errors.Is(failure, errWrongPIN):
		p.Problem = p.T("card.wrong")
	case errors.Is(failure, errNoPurse):
		p.Problem, p.Again = p.T("card.nopurse"), false
		a.status = http.StatusConflict
	case errors.Is(failure, wallet.ErrUnsure), errors.Is(failure, context.DeadlineExceeded):
		p.Problem = p.T("card.unsure")
		w.Header().Set("Retry-After", "2")
	case errors.Is(failure, errOften):
		p.Problem = p.T("card.often")
		w.Header().Set("Retry-After", "2")
	case errors.As(failure, &over):
		p.Problem, p.Again = cardOverText(v, over), false
	case errors.As(failure, &rule):
		p.Problem, p.Again = p.T(cardRefusal(ledger.Result(rule), a.text)), false
	default:
		return failure
	}
	s.logFault(r, a, failure)
	if !p.Again {
		s.cards.forget(status.Code)
	}
	return s.show(w, a.status, p)
}

// cardRefusal says a rule's refusal to two people at a counter: the words for a
// wallet speak to its owner alone.
func cardRefusal(result ledger.Result, otherwise page.Key) page.Key {
	switch result {
	case ledger.InsufficientBalance:
		return "card.short"
	case ledger.AccountBlocked:
		return "card.blocked"
	case ledger.SameAccount:
		return "card.own"
	case ledger.DuplicateID:
		return "card.taken"
	}
	return otherwise
}

// cardOverText says that a card cannot pay so much, and how much it can.
func cardOverText(v visit, over wallet.ErrOverLimit) string {
	left, limit := v.lang.Money(int64(over.Left)), v.lang.Money(int64(over.Limit))
	switch {
	case over.Day && over.Left > 0:
		return v.lang.Text("card.overday", "limit", limit, "left", left)
	case over.Day:
		return v.lang.Text("card.overdone", "limit", limit)
	}
	return v.lang.Text("card.over", "limit", limit)
}
