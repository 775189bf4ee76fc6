package web

import (
	"errors"
	"net/http"
	"time"

	"grulden/internal/payreq"
	"grulden/internal/record"
	"grulden/ledger"
	"grulden/wallet"
)

// A payment is confirmed by a form. A phone with our script sends the form by
// itself and asks for JSON, so that it can send it again when the net is bad,
// and ask what became of it; every answer but silence is final then. Without
// the script the browser sends it and is shown a page.

// payAnswer is what a script hears of a payment.
type payAnswer struct {
	State string `json:"state"`          // paid, open, stopped or refused
	To    string `json:"to,omitempty"`   // the receipt of what was paid
	Code  string `json:"code,omitempty"` // why it was refused, for the script
	Text  string `json:"text,omitempty"` // and for the payer
	Now   int64  `json:"now"`            // the server's clock, in Unix seconds
}

// wantsJSON tells whether a script sent the request.
func wantsJSON(r *http.Request) bool { return r.Header.Get("Accept") == "application/json" }

func (s *Server) sendAnswer(w http.ResponseWriter, status int, a payAnswer) error {
	a.Now = s.node.Now().Unix()
	s.sendJSON(w, "application/json", status, a)
	return nil
}

// confirmed is the form of a confirmed payment.
type confirmed struct {
	order wallet.Order
	pin   string
	proof *record.Proof
}

// confirmedForm reads it.
func confirmedForm(r *http.Request, code payreq.Code) (c confirmed, err error) {
	f, err := form(r, "payment", "amount", "seal", "attempt", "pin", "device", "at", "sig")
	if err != nil {
		return c, err
	}
	c.order = wallet.Order{Code: code, Seal: f[2], Attempt: f[3], Sealed: true}
	c.pin = f[4]
	if c.order.Payment, err = ledger.ParseID(f[0]); err != nil {
		return c, errBadForm
	}
	if c.order.Amount, err = ledger.ParseCents(f[1]); err != nil {
		return c, err
	}
	c.proof, err = signature(f[5], f[6], f[7])
	return c, err
}

// pay makes the payment that was confirmed. However often the same form is
// sent, it ends on the same receipt.
func (s *Server) pay(w http.ResponseWriter, r *http.Request, v visit) error {
	code, err := s.parseCode(r, v)
	if err != nil {
		return err
	}
	c, err := confirmedForm(r, code)
	if err != nil {
		return err
	}
	h, err := s.payer(r, v, c.pin, c.proof)
	if err != nil {
		return s.payFailed(w, r, v, c.order, err)
	}
	id, receipt, err := s.wallet.Pay(r.Context(), h, c.order)
	if err = check(receipt, err); err != nil {
		return s.payFailed(w, r, v, c.order, s.countUnknown(v, err))
	}
	if c.proof != nil {
		s.usedDevice(r, v, c.proof.Device)
	}
	to := "/receipt/" + id.String()
	if wantsJSON(r) {
		return s.sendAnswer(w, http.StatusOK, payAnswer{State: "paid", To: to})
	}
	return goTo(w, r, to)
}

// payer is the holder who confirmed a payment. A PIN that was filled in must be
// right, whether it was asked for or not; a session of a device must sign.
// Helpers pay as helpers, whatever else they send.
func (s *Server) payer(r *http.Request, v visit, pin string, proof *record.Proof) (wallet.Holder, error) {
	h := v.holder()
	if h.Auth.How == record.ByHelper {
		return h, nil
	}
	if v.device != (ledger.DeviceID{}) && proof == nil {
		return h, errUnsigned
	}
	if pin != "" {
		if err := s.checkPIN(r.Context(), v.person, pin); err != nil {
			return h, err
		}
		h.Auth.How = record.ByPINNow
	}
	if proof != nil {
		h.Auth.Proof = proof
		h.Auth.How = record.ByDevice
		if pin != "" {
			h.Auth.How = record.ByDevicePIN
		}
	}
	return h, nil
}

// usedDevice notes when a device was used, and takes the session for the
// device's from then on.
func (s *Server) usedDevice(r *http.Request, v visit, id ledger.DeviceID) {
	if v.device != id {
		s.sessions.Put(r.Context(), sessionDevice, deviceText(id))
	}
	if err := s.people.UsedDevice(v.person.ID, id, s.node.Now()); err != nil {
		s.log.Error("note that a device was used", "error", err) // the payment is made all the same
	}
}

// unanswered tells whether it is not known what became of a payment.
func unanswered(a answer) bool { return a.status >= http.StatusInternalServerError }

// payFailed shows the payment again with what is wrong. Where the ledger did
// not answer, the button stays, with the same id: pressing it pays at most once.
func (s *Server) payFailed(w http.ResponseWriter, r *http.Request, v visit, order wallet.Order, failure error) error {
	a := s.answer(failure)
	if wantsJSON(r) {
		s.logFault(r, a, failure)
		return s.sendAnswer(w, a.status, payAnswer{State: "refused", Code: a.code, Text: s.failureText(v, a, failure)})
	}
	unsure := errors.Is(failure, wallet.ErrUnsure)
	if !unsure && (unanswered(a) || isErr(failure, errOften, wallet.ErrUnknownCode, wallet.ErrStale)) {
		return failure
	}
	offer, err := s.wallet.Offer(v.purse.Account, order.Code, order.Amount)
	if err != nil {
		return err
	}
	p, _, err := s.payPage(r, v, offer)
	if err != nil {
		return err
	}
	s.logFault(r, a, failure)
	p.Problem = s.failureText(v, a, failure)
	switch {
	case unsure:
		p.Payment, p.Value, p.Seal, p.Attempt = order.Payment.String(), order.Amount.String(), order.Seal, order.Attempt
		w.Header().Set("Retry-After", "2")
	case isErr(failure, errWrongPIN, wallet.ErrPINNeeded):
		p.AsksPIN = p.Payment != ""
	default:
		p.Payment = ""
	}
	return s.show(w, a.status, p)
}

// failureText says why nothing was paid.
func (s *Server) failureText(v visit, a answer, failure error) string {
	var wait mustWait
	var over wallet.ErrOverLimit
	switch {
	case errors.As(failure, &wait):
		return v.lang.Text("login.wait", "time", waitText(v.lang, time.Duration(wait)))
	case errors.As(failure, &over):
		return overText(v, over)
	case errors.Is(failure, errWrongPIN):
		return v.lang.Text("pay.wrongpin")
	}
	return s.nobody(v.lang).T(a.text)
}

// payState tells a script whether a payment was made. What is open may still
// be made.
func (s *Server) payState(w http.ResponseWriter, r *http.Request, v visit) error {
	id, err := ledger.ParseID(r.URL.Query().Get("payment"))
	if err != nil {
		return errBadForm
	}
	paid, err := s.wallet.PaidBy(v.purse.Account, id)
	if err != nil {
		return err
	}
	if paid {
		return s.sendAnswer(w, http.StatusOK, payAnswer{State: "paid", To: "/receipt/" + id.String()})
	}
	return s.sendAnswer(w, http.StatusOK, payAnswer{State: "open"})
}

// stopPay gives an attempt to pay up for good, unless it paid.
func (s *Server) stopPay(w http.ResponseWriter, r *http.Request, v visit) error {
	code, err := payreq.Parse(r.PathValue("code"))
	if err != nil {
		return err
	}
	f, err := form(r, "payment", "attempt")
	if err != nil {
		return err
	}
	id, err := ledger.ParseID(f[0])
	if err != nil {
		return errBadForm
	}
	paid, err := s.wallet.GiveUp(r.Context(), v.purse.Account, code, f[1], id)
	if err != nil {
		return err
	}
	if paid {
		return s.sendAnswer(w, http.StatusOK, payAnswer{State: "paid", To: "/receipt/" + id.String()})
	}
	return s.sendAnswer(w, http.StatusOK, payAnswer{State: "stopped"})
}
