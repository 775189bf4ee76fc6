package web

import (
	"errors"
	"net/http"

	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
	"grulden/wallet"
	"grulden/web/page"
)

// askCode shows the place to type a code that cannot be scanned.
func (s *Server) askCode(w http.ResponseWriter, r *http.Request, v visit) error {
	now, err := s.wallet.Home(v.purse.Account)
	if err != nil {
		return err
	}
	p := page.PayCodePage{Base: s.base(r, v), Blocked: now.Blocked}
	if p.Blocked {
		p.Problem = p.T("wallet.blocked")
	}
	return s.show(w, http.StatusOK, p)
}

// takeCode leads from a typed code to its payment.
func (s *Server) takeCode(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "code")
	if err != nil {
		return err
	}
	address, err := s.read(r, f[0])
	if err != nil {
		p := page.PayCodePage{Base: s.base(r, v), Code: f[0]}
		p.Problem = p.T(answerTo(err).text)
		return s.show(w, http.StatusUnprocessableEntity, p)
	}
	return goTo(w, r, address)
}

// parseCode reads the code in the address, unless this person asked for too
// many codes that do not exist.
func (s *Server) parseCode(r *http.Request, v visit) (payreq.Code, error) {
	if s.codes.Spent(v.person.ID.String(), s.node.Now()) {
		return 0, errOften
	}
	code, err := payreq.Parse(r.PathValue("code"))
	return code, s.countUnknown(v, err)
}

// countUnknown counts an error against the person if it says that a code does
// not exist.
func (s *Server) countUnknown(v visit, err error) error {
	if isErr(err, wallet.ErrUnknownCode, payreq.ErrNotCode) {
		s.codes.Allow(v.person.ID.String(), s.node.Now())
	}
	return err
}

// showPay shows what a code asks for. Its payment id is made here, before the
// button is shown.
func (s *Server) showPay(w http.ResponseWriter, r *http.Request, v visit) error {
	code, err := s.parseCode(r, v)
	if err != nil {
		return err
	}
	typed := r.URL.Query().Get("amount")
	amount, amountErr := typedAmount(typed)
	offer, err := s.wallet.Offer(v.purse.Account, code, amount)
	if err != nil {
		return s.countUnknown(v, err)
	}
	if offer.State == wallet.OwnCode && offer.Kind == payreq.ByLink {
		return goTo(w, r, "/ask/"+code.String())
	}
	if offer.State == wallet.PaidByPayer {
		return goTo(w, r, "/receipt/"+offer.Payment.String())
	}
	p, status, err := s.payPage(r, v, offer)
	if err != nil {
		return err
	}
	if offer.State == wallet.AskAmount && typed != "" && !offer.Blocked {
		p.Typed, p.Problem, status = typed, p.T(answerTo(amountErr).text), http.StatusUnprocessableEntity
	}
	return s.show(w, status, p)
}

// payPage fills in the page for an offer, and says with which status.
func (s *Server) payPage(r *http.Request, v visit, o wallet.Offer) (page.PayPage, int, error) {
	p := page.PayPage{
		Base: s.oneTask(r, v), Code: o.Code.String(), Spendable: v.lang.Money(int64(o.Spendable)),
		Account: accountText(v.purse.Account), Attempt: o.Attempt, Again: "/P/" + o.Code.String(),
	}
	if v.help != nil {
		p.Spendable = "" // what a helper may spend is said above, and is less
	}
	if o.Printed && o.Amount > 0 {
		p.Again += "?amount=" + o.Amount.String()
	}
	var err error
	if p.Payee, err = s.face(v.lang, o.Shop); err != nil {
		return p, 0, err
	}
	if p.Sign, err = s.signing(v, ""); err != nil {
		return p, 0, err
	}
	if p.Text, err = s.orders.TextOf(o.Code); err != nil {
		return p, 0, err
	}
	if o.Amount > 0 {
		p.Amount = v.lang.Money(int64(o.Amount))
	}
	if o.Recent != nil && v.help == nil {
		p.Recent = &page.RecentPayment{
			Amount: v.lang.Money(int64(-o.Recent.Amount)), When: v.lang.Clock(o.Recent.At), Href: "/receipt/" + o.Recent.ID.String(),
		}
	}
	refusals := map[wallet.State]answer{
		wallet.PaidByOther: {http.StatusConflict, "", "pay.taken"},
		wallet.Expired:     {http.StatusGone, "", "pay.expired"},
		wallet.OwnCode:     {http.StatusConflict, "", "pay.own"},
	}
	if o.State == wallet.AskAmount && v.person.Role == people.Resident && v.help == nil {
		p.Often = "/standing/new?code=" + p.Code
	}
	if o.Kind == payreq.ByLink {
		refusals[wallet.PaidByOther] = answer{http.StatusConflict, "", "link.taken"}
		refusals[wallet.Expired] = answer{http.StatusGone, "", "link.expired"}
	}
	if a, refusal := refusals[o.State]; refusal {
		p.Problem = p.T(a.text)
		return p, a.status, nil
	}
	switch {
	case o.Blocked:
		p.Blocked, p.Problem = true, p.T("wallet.blocked")
	case o.State != wallet.Payable:
	case o.Amount > o.Spendable:
		p.Problem = p.T("pay.short")
	default:
		err = s.offerButton(&p, v, o)
	}
	return p, http.StatusOK, err
}

// offerButton gives the page its button, with a field for the PIN where the
// limits ask for it. Beyond the limits there is no button.
func (s *Server) offerButton(p *page.PayPage, v visit, o wallet.Offer) error {
	h := v.holder()
	if v.device != (ledger.DeviceID{}) && h.Auth.How != record.ByHelper {
		h.Auth.How, h.Auth.Proof = record.ByDevice, &record.Proof{Device: v.device}
	}
	err := s.wallet.Allowed(h, o.Amount)
	var over wallet.ErrOverLimit
	switch {
	case errors.As(err, &over):
		p.Problem = overText(v, over)
		return nil
	case errors.Is(err, wallet.ErrPINNeeded):
		p.AsksPIN = true
	case err != nil:
		return err
	}
	p.Payment, p.Value, p.Seal = o.Payment.String(), o.Amount.String(), o.Seal
	p.Sign.Message = s.payMessage(ledger.Pay{ID: o.Payment, From: v.purse.Account, To: o.Shop, Amount: o.Amount})
	return nil
}

// overText says how much can still be paid, and how.
func overText(v visit, over wallet.ErrOverLimit) string {
	left, limit := v.lang.Money(int64(over.Left)), v.lang.Money(int64(over.Limit))
	byPhone := v.device != ledger.DeviceID{}
	switch {
	case v.purse.ID != v.person.ID:
		return v.lang.Text("pay.overhelp", "left", left)
	case over.Day && byPhone:
		return v.lang.Text("pay.newday", "left", left)
	case over.Day:
		return v.lang.Text("pay.overday", "left", left)
	case byPhone:
		return v.lang.Text("pay.newpay", "limit", limit)
	}
	return v.lang.Text("pay.overpay", "limit", limit)
}
