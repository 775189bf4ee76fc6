package web

import (
	"errors"
	"net/http"
	"time"

	"grulden/ledger"
	"grulden/wallet"
	"grulden/web/page"
)

// reasons are the pictures of why a payment should come back.
var reasons = map[wallet.Reason]page.Choice{
	"person": {Value: "person", Icon: "people", Word: "return.person"},
	"amount": {Value: "amount", Icon: "coin", Word: "return.amount"},
	"twice":  {Value: "twice", Icon: "repeat", Word: "return.twice"},
	"other":  {Value: "other", Icon: "warning", Word: "return.other"},
}

// askReturn asks why a payment should come back, or offers it as its receiver.
func (s *Server) askReturn(w http.ResponseWriter, r *http.Request, v visit) error {
	p, err := s.askBackPage(r, v)
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

func (s *Server) askBackPage(r *http.Request, v visit) (page.AskBackPage, error) {
	id, err := ledger.ParseID(r.PathValue("id"))
	if err != nil {
		return page.AskBackPage{}, errNotFound
	}
	paid, ok, err := s.wallet.Receipt(v.purse.Account, id)
	if err == nil {
		var may bool
		if may, err = s.orders.MayReturn(v.purse.Account, id); err == nil && !(ok && may) {
			err = errNotFound
		}
	}
	if err != nil {
		return page.AskBackPage{}, err
	}
	p := page.AskBackPage{
		Base: s.oneTask(r, v), ID: id.String(), Offer: paid.In, Amount: v.lang.Money(int64(paid.Amount)),
		When: whenText(v.lang, paid.At, s.node.Now()),
	}
	for _, reason := range wallet.Reasons() {
		p.Reasons = append(p.Reasons, reasons[reason])
	}
	p.Who, _, err = s.nameOf(v.lang, paid.Other)
	return p, err
}

// takeReturn asks a payment back, or offers it.
func (s *Server) takeReturn(w http.ResponseWriter, r *http.Request, v visit) error {
	if !s.asks.Allow(v.person.ID.String(), s.node.Now()) {
		return errOften
	}
	f, err := form(r, "reason")
	if err != nil {
		return err
	}
	p, err := s.askBackPage(r, v)
	if err != nil {
		return err
	}
	id, _ := ledger.ParseID(p.ID) // written by askBackPage
	if err = s.orders.AskBack(v.holder(), id, wallet.Reason(f[0])); err == nil {
		return goTo(w, r, "/return/"+p.ID)
	}
	if !isErr(err, wallet.ErrAskedTwice, wallet.ErrNoReturn) {
		return err
	}
	a := answerTo(err)
	p.Problem = p.T(a.text)
	return s.show(w, a.status, p)
}

// showReturn shows where the return of a payment stands.
func (s *Server) showReturn(w http.ResponseWriter, r *http.Request, v visit) error {
	p, err := s.returnPage(r, v)
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

func (s *Server) returnPage(r *http.Request, v visit) (page.ReturnPage, error) {
	id, err := ledger.ParseID(r.PathValue("id"))
	if err != nil {
		return page.ReturnPage{}, errNotFound
	}
	back, ok, err := s.orders.Return(v.purse.Account, id)
	if errors.Is(err, wallet.ErrNoReturn) || err == nil && !ok {
		err = errNotFound
	}
	if err != nil {
		return page.ReturnPage{}, err
	}
	paid, _, err := s.wallet.Receipt(v.purse.Account, id)
	if err != nil {
		return page.ReturnPage{}, err
	}
	p := page.ReturnPage{
		Base: s.oneTask(r, v), ID: id.String(), State: string(back.State), Reason: reasons[back.Reason],
		Amount: v.lang.Money(int64(back.Amount)), When: whenText(v.lang, paid.At, s.node.Now()),
		Question: returnText(v, back),
	}
	if back.State == wallet.ReturnOpen {
		p.Answer, p.Pays = back.Answerer() == v.purse.Account, back.Receiver == v.purse.Account
		p.Until = v.lang.ShortDate(inWijk(back.At.Add(30 * 24 * time.Hour)))
	}
	return p, nil
}

// returnText says in one sentence where a return stands for the visitor.
func returnText(v visit, back wallet.Return) string {
	asker := back.Asker() == v.purse.Account
	keys := map[wallet.ReturnState][4]page.Key{ // asked: by me, by the other; offered: by me, by the other
		wallet.ReturnOpen:    {"return.iasked", "return.theyasked", "return.ioffered", "return.theyoffered"},
		wallet.ReturnAgreed:  {"return.iback", "return.theyback", "return.theyback", "return.iback"},
		wallet.ReturnRefused: {"return.theysaidno", "return.isaidno", "return.theysaidno", "return.isaidno"},
		wallet.ReturnExpired: {"return.late", "return.late", "return.late", "return.late"},
	}
	i := 0
	if back.Offered {
		i = 2
	}
	if !asker {
		i++
	}
	return v.lang.Text(keys[back.State][i])
}

// answerReturn agrees to a return, or refuses it.
func (s *Server) answerReturn(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "answer")
	if err != nil {
		return err
	}
	p, err := s.returnPage(r, v)
	if err != nil {
		return err
	}
	if f[0] != "yes" && f[0] != "no" {
		return errBadForm
	}
	id, _ := ledger.ParseID(p.ID) // written by returnPage
	err = check(s.orders.Answer(r.Context(), v.holder(), id, f[0] == "yes"))
	if err == nil {
		return goTo(w, r, "/return/"+p.ID)
	}
	var rule refused
	if !errors.As(err, &rule) && !isErr(err, wallet.ErrNoReturn, wallet.ErrUnsure) {
		return err
	}
	a := answerTo(err)
	p.Problem = p.T(a.text)
	if errors.Is(err, refused(ledger.InsufficientBalance)) && p.Pays {
		p.Problem = p.T("return.short")
	}
	return s.show(w, a.status, p)
}
