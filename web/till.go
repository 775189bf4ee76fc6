package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"grulden/internal/payreq"
	"grulden/ledger"
	"grulden/merchant"
	"grulden/web/page"
)

// askAmount shows the till's keypad.
func (s *Server) askAmount(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.showTill(w, r, v, nil, "")
}

// showTill shows the keypad, with what was typed before and what is wrong with it.
func (s *Server) showTill(w http.ResponseWriter, r *http.Request, v visit, typed map[string]string, problem page.Key) error {
	_, secret, err := s.tillSecret(v.purse)
	if err != nil {
		return err
	}
	p := page.TillPage{Base: s.base(r, v), Typed: typed["amount"], Cash: typed["cash"], Secret: secret}
	status := http.StatusOK
	if problem != "" {
		p.Problem, status = p.T(problem), http.StatusUnprocessableEntity
	}
	p.Open = p.Cash != ""
	for _, permille := range merchant.Rates(s.node.Now()) {
		f := page.VATField{Name: vatName(permille), Rate: rateText(v.lang, permille)}
		f.Typed = typed[f.Name]
		p.OpenVAT = p.OpenVAT || f.Typed != ""
		p.VAT = append(p.VAT, f)
	}
	return s.show(w, status, p)
}

// vatName is the form's field for a rate of VAT.
func vatName(permille uint16) string { return "vat" + strconv.Itoa(int(permille)) }

// rateText writes a rate of VAT in thousandths as a percentage.
func rateText(lang page.Lang, permille uint16) string {
	return strings.TrimSuffix(strconv.Itoa(int(permille/10))+lang.Text("base.point")+strconv.Itoa(int(permille%10)), lang.Text("base.point")+"0") + "\u00a0%"
}

// takeAmount makes a payment request for the typed amount, and goes on to the
// QR code or, if the customer has a card at hand, to reading it.
func (s *Server) takeAmount(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "amount", "cash", "with")
	if err != nil {
		return err
	}
	typed := map[string]string{"amount": f[0], "cash": f[1]}
	charge := merchant.Charge{By: v.auth().By}
	charge.Total, err = typedAmount(f[0])
	if err == nil && f[1] != "" {
		charge.Cash, err = typedAmount(f[1])
	}
	for _, permille := range merchant.Rates(s.node.Now()) {
		name := vatName(permille)
		typed[name] = strings.TrimSpace(r.PostForm.Get(name))
		if err == nil && typed[name] != "" {
			line := payreq.VATLine{Permille: permille}
			line.Amount, err = typedAmount(typed[name])
			charge.VAT = append(charge.VAT, line)
		}
	}
	var request payreq.Request
	if err == nil {
		request, err = s.till.Charge(v.purse.Account, charge)
	}
	switch {
	case isErr(err, ledger.ErrAmount, merchant.ErrCash, merchant.ErrVAT):
		return s.showTill(w, r, v, typed, answerTo(err).text)
	case err != nil:
		return err
	}
	next := "/till/" + request.Code.String()
	if f[2] == "card" {
		next += "/card"
	}
	return goTo(w, r, next)
}

// statusOf finds the request of this shop in the address.
func (s *Server) statusOf(r *http.Request, v visit) (merchant.Status, error) {
	code, err := payreq.Parse(r.PathValue("code"))
	if err != nil {
		return merchant.Status{}, err
	}
	status, ok, err := s.till.Status(v.purse.Account, code)
	if err == nil && !ok {
		err = errNotFound
	}
	return status, err
}

// justPaid is how long after a payment a page that shows it still sounds.
const justPaid = 10 * time.Second

// showRequest shows the QR code of a request until it is paid or expires.
func (s *Server) showRequest(w http.ResponseWriter, r *http.Request, v visit) error {
	status, err := s.statusOf(r, v)
	if err != nil {
		return err
	}
	p := page.RequestPage{
		Base: s.oneTask(r, v), Amount: v.lang.Money(int64(status.Amount)), Cash: cashText(v.lang, status.Cash),
		Code: status.Code.String(), Grouped: status.Code.Grouped(), Payment: status.Payment.String(), Seq: status.Seq,
		Slip: "/shop/payments/" + status.Payment.String() + "/slip", Mark: s.dayMark(s.node.Now()),
	}
	switch status.State {
	case merchant.Paid:
		p.State, p.PaidAt, p.Mark = page.Paid, atText(v.lang, status.PaidAt), s.dayMark(status.PaidAt)
		p.Fresh = s.node.Now().Sub(status.PaidAt) < justPaid
	case merchant.Expired:
		p.State = page.Expired
	default:
		p.State, p.Until = page.Waiting, v.lang.Clock(inWijk(status.Expires))
		p.Left = int(status.Left/time.Second) + 1
		if p.QR, err = drawQR(payreq.Link(s.origin, status.Code), onScreen); err != nil {
			return err
		}
	}
	return s.show(w, http.StatusOK, p)
}

// cashText is the part in cash as shown; none is empty.
func cashText(lang page.Lang, cash ledger.Cents) string {
	if cash == 0 {
		return ""
	}
	return lang.Euro(int64(cash))
}

func atText(lang page.Lang, at time.Time) string {
	return lang.Text("request.at", "time", lang.Clock(inWijk(at)))
}

// showSlip shows a payment as a receipt to print. It names no customer.
func (s *Server) showSlip(w http.ResponseWriter, r *http.Request, v visit) error {
	sale, _, err := s.saleOf(r, v)
	if err != nil {
		return err
	}
	p := page.SlipPage{
		Base: s.oneTask(r, v), Shop: v.purse.Title(), Address: v.purse.Address, Amount: v.lang.Money(int64(sale.Amount)),
		Cash: cashText(v.lang, sale.Request.Cash), When: v.lang.Date(sale.At) + ", " + v.lang.Clock(sale.At), Number: shortNumber(sale.Payment),
	}
	if sale.Request.Cash > 0 {
		p.Total = v.lang.Euro(int64(sale.Amount + sale.Request.Cash))
	}
	if sale.Refunded > 0 {
		p.Refunded = v.lang.Money(int64(sale.Refunded))
	}
	for _, l := range merchant.VATOf(sale.Request.VAT) {
		p.VAT = append(p.VAT, page.VATSum{
			Rate: rateText(v.lang, l.Permille), Amount: v.lang.Euro(int64(l.Amount)), VAT: v.lang.Euro(int64(l.VAT)),
		})
	}
	return s.show(w, http.StatusOK, p)
}

// saleOf finds the payment of this shop in the address, and what melted of it.
func (s *Server) saleOf(r *http.Request, v visit) (merchant.Sale, ledger.Cents, error) {
	id, err := ledger.ParseID(r.PathValue("id"))
	if err != nil {
		return merchant.Sale{}, 0, errNotFound
	}
	sale, melted, ok, err := s.till.Sale(v.purse.Account, id)
	if err == nil && !ok {
		err = errNotFound
	}
	return sale, melted, err
}
