package web

import (
	"errors"
	"net/http"
	"time"

	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/ledger"
	"grulden/merchant"
	"grulden/web/page"
)

// showReceive shows a resident's own code.
func (s *Server) showReceive(w http.ResponseWriter, r *http.Request, v visit) error {
	p, err := s.receivePage(r, v)
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

func (s *Server) receivePage(r *http.Request, v visit) (page.ReceivePage, error) {
	request, err := s.book.Personal(v.purse.Account, s.node.Now())
	if err != nil {
		return page.ReceivePage{}, err
	}
	p := page.ReceivePage{Base: s.base(r, v), Name: residentName(v.lang, v.purse), Grouped: request.Code.Grouped(), Typed: v.purse.Shown}
	p.QR, err = drawQR(payreq.Link(s.origin, request.Code), onScreen)
	return p, err
}

// residentName is how a resident looks to others: by the name they chose to
// show, or as nothing but a resident.
func residentName(lang page.Lang, p people.Person) string {
	if p.Shown == "" {
		return lang.Text("line.resident")
	}
	return lang.Text("line.shown", "who", p.Shown)
}

// nameMyself changes the name that others see.
func (s *Server) nameMyself(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "name")
	if err != nil {
		return err
	}
	err = s.people.Show(v.purse.ID, f[0])
	if err == nil {
		return goTo(w, r, "/receive?done=named")
	}
	if !errors.Is(err, people.ErrShown) {
		return err
	}
	p, pageErr := s.receivePage(r, v)
	if pageErr != nil {
		return pageErr
	}
	p.Typed, p.Problem = f[0], p.T("receive.badname")
	return s.show(w, http.StatusUnprocessableEntity, p)
}

// askReceive asks how much is to be received.
func (s *Server) askReceive(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.show(w, http.StatusOK, page.ReceiveAmountPage{Base: s.base(r, v)})
}

// takeReceive makes a code for the typed amount.
func (s *Server) takeReceive(w http.ResponseWriter, r *http.Request, v visit) error {
	if !s.asks.Allow(v.person.ID.String(), s.node.Now()) {
		return errOften
	}
	f, err := form(r, "amount")
	if err != nil {
		return err
	}
	amount, err := typedAmount(f[0])
	if err == nil && amount <= 0 {
		err = ledger.ErrAmount
	}
	if err != nil {
		p := page.ReceiveAmountPage{Base: s.base(r, v), Typed: f[0]}
		p.Problem = p.T(answerTo(err).text)
		return s.show(w, http.StatusUnprocessableEntity, p)
	}
	now := s.node.Now()
	request, err := s.book.Ask(v.purse.Account, amount, now, merchant.RequestLife)
	if err != nil {
		return err
	}
	return goTo(w, r, "/receive/"+request.Code.String())
}

// showReceiving shows a code for an amount until it is paid or expires.
func (s *Server) showReceiving(w http.ResponseWriter, r *http.Request, v visit) error {
	code, err := payreq.Parse(r.PathValue("code"))
	if err != nil {
		return err
	}
	status, ok, err := s.till.Status(v.purse.Account, code)
	if err != nil {
		return err
	}
	if !ok {
		return errNotFound
	}
	p := page.ReceivingPage{
		Base: s.oneTask(r, v), Amount: v.lang.Money(int64(status.Amount)),
		Code: code.String(), Grouped: code.Grouped(), Payment: status.Payment.String(), Seq: status.Seq,
	}
	switch status.State {
	case merchant.Paid:
		p.State, p.PaidAt = page.Paid, atText(v.lang, status.PaidAt)
	case merchant.Expired:
		p.State = page.Expired
	default:
		p.State, p.Until = page.Waiting, v.lang.Clock(inWijk(status.Expires))
		p.Left = int(status.Left/time.Second) + 1
		if p.QR, err = drawQR(payreq.Link(s.origin, code), onScreen); err != nil {
			return err
		}
	}
	return s.show(w, http.StatusOK, p)
}
