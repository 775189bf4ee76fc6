package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"grulden/internal/payreq"
	"grulden/ledger"
	"grulden/wallet"
	"grulden/web/page"
)

// linksShown is how many links the list shows.
const linksShown = 30

// listAsks lists the visitor's requests by link.
func (s *Server) listAsks(w http.ResponseWriter, r *http.Request, v visit) error {
	links, err := s.orders.Links(v.purse, linksShown)
	if err != nil {
		return err
	}
	p := page.AsksPage{Base: s.base(r, v)}
	for _, a := range links {
		line := page.AskLine{
			Href: "/ask/" + a.Code.String(), Text: a.Text, Amount: v.lang.Money(int64(a.Amount)),
			Count: countText(v.lang, a), When: whenText(v.lang, inWijk(a.Made), s.node.Now()), Over: a.Over,
		}
		if line.Text == "" {
			line.Text = p.T("ask.title")
		}
		p.Links = append(p.Links, line)
	}
	return s.show(w, http.StatusOK, p)
}

// countText says how many of those who were asked have paid.
func countText(lang page.Lang, a wallet.Asked) string {
	return lang.Text("ask.count", "paid", strconv.Itoa(len(a.Paid)), "all", strconv.Itoa(a.Times))
}

// askAsk shows the form for a request by link, or for sharing an amount.
func (s *Server) askAsk(w http.ResponseWriter, r *http.Request, v visit) error {
	p := page.AskPage{Base: s.base(r, v), Split: r.URL.Query().Get("split") != "", People: "1"}
	if p.Split {
		p.People = ""
	}
	return s.show(w, http.StatusOK, p)
}

// takeAsk makes a request by link.
func (s *Server) takeAsk(w http.ResponseWriter, r *http.Request, v visit) error {
	if !s.asks.Allow(v.person.ID.String(), s.node.Now()) {
		return errOften
	}
	f, err := form(r, "split", "amount", "people", "text")
	if err != nil {
		return err
	}
	request, err := s.makeAsk(v, f[0] != "", f[1], f[2], f[3])
	if err == nil {
		return goTo(w, r, "/ask/"+request.Code.String())
	}
	if !isErr(err, ledger.ErrAmount, wallet.ErrPeople, wallet.ErrText, wallet.ErrTooMany) {
		return err
	}
	a := answerTo(err)
	p := page.AskPage{Base: s.base(r, v), Split: f[0] != "", Amount: f[1], People: f[2], Text: f[3]}
	p.Problem = p.T(a.text)
	return s.show(w, a.status, p)
}

func (s *Server) makeAsk(v visit, split bool, amountText, peopleText, text string) (payreq.Request, error) {
	amount, err := typedAmount(amountText)
	if err != nil {
		return payreq.Request{}, err
	}
	count, err := strconv.Atoi(peopleText)
	if err != nil {
		return payreq.Request{}, wallet.ErrPeople
	}
	if split {
		return s.orders.SplitByLink(v.purse, amount, count, text)
	}
	return s.orders.AskByLink(v.purse, amount, count, text)
}

// showAsked shows one request by link to who made it.
func (s *Server) showAsked(w http.ResponseWriter, r *http.Request, v visit) error {
	code, err := payreq.Parse(r.PathValue("code"))
	if err != nil {
		return err
	}
	a, ok, err := s.orders.Asked(v.purse, code)
	if err != nil {
		return err
	}
	if !ok {
		return errNotFound
	}
	p := page.AskedPage{
		Base: s.base(r, v), Code: code.String(), Text: a.Text, Amount: v.lang.Money(int64(a.Amount)), Count: countText(v.lang, a),
		Link: strings.ToLower(payreq.Link(s.origin, code)), Grouped: code.Grouped(), Until: v.lang.Date(inWijk(a.Expires)), Over: a.Over,
	}
	if a.Total > 0 {
		own := a.Total - a.Amount*ledger.Cents(a.People-1)
		p.Split = p.T("ask.splitis", "total", v.lang.Money(int64(a.Total)), "people", strconv.Itoa(a.People),
			"each", v.lang.Money(int64(a.Amount)), "own", v.lang.Money(int64(own)))
	}
	switch {
	case len(a.Paid) >= a.Times:
		p.State = "ask.allpaid"
	case a.Stopped:
		p.State = "ask.stopped"
	default:
		p.State = "ask.expired"
	}
	if p.Paid, err = s.paidLines(v, a); err != nil {
		return err
	}
	if p.QR, err = drawQR(p.Link, onScreen); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

// paidLines are the payments on a link, by the names that their payers show.
func (s *Server) paidLines(v visit, a wallet.Asked) (lines []page.Line, err error) {
	for _, paid := range a.Paid {
		who, _, err := s.nameOf(v.lang, paid.Payer)
		if err != nil {
			return nil, err
		}
		lines = append(lines, page.Line{
			Icon: "person", Who: who, When: whenText(v.lang, paid.At, s.node.Now()), In: true,
			Amount: "+" + v.lang.Money(int64(a.Amount)), Href: "/receipt/" + paid.Payment.String(),
		})
	}
	return lines, nil
}

// stopAsk ends a request by link.
func (s *Server) stopAsk(w http.ResponseWriter, r *http.Request, v visit) error {
	code, err := payreq.Parse(r.PathValue("code"))
	if err != nil {
		return err
	}
	err = s.orders.StopLink(v.purse, code)
	if errors.Is(err, wallet.ErrUnknownOrder) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	return goTo(w, r, "/ask/"+code.String())
}
