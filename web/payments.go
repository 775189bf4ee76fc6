package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
	"grulden/merchant"
	"grulden/web/page"
)

// listPayments lists what came in at a shop, today first, page by page.
func (s *Server) listPayments(w http.ResponseWriter, r *http.Request, v visit) error {
	before, err := before(r)
	if err != nil {
		return err
	}
	sales, older, err := s.till.Sales(v.purse.Account, before, pageLines)
	if err != nil {
		return err
	}
	p := page.PaymentsPage{Base: s.base(r, v)}
	for _, sale := range sales {
		day := sale.At.Format(time.DateOnly)
		if n := len(p.Days); n == 0 || p.Days[n-1].Day != day {
			p.Days = append(p.Days, page.PaymentsDay{Day: day, Heading: s.dayText(v.lang, sale.At), Href: "/shop/day?day=" + day})
		}
		line, err := s.saleLine(v, sale)
		if err != nil {
			return err
		}
		last := &p.Days[len(p.Days)-1]
		last.Lines = append(last.Lines, line)
	}
	if older > 0 {
		p.Older = "/shop/payments?before=" + strconv.FormatUint(older, 10)
	}
	return s.show(w, http.StatusOK, p)
}

// dayText names a day: today by that word.
func (s *Server) dayText(lang page.Lang, at time.Time) string {
	if at.Format(time.DateOnly) == inWijk(s.node.Now()).Format(time.DateOnly) {
		return lang.Text("payments.today")
	}
	return lang.Date(at)
}

// saleLine formats a payment for a shop's list. It names no customer.
func (s *Server) saleLine(v visit, sale merchant.Sale) (page.Line, error) {
	way := wayOf(sale)
	line := page.Line{
		Icon: way.icon, Who: v.lang.Text(way.word), When: v.lang.Clock(sale.At), In: true,
		Amount: "+" + v.lang.Money(int64(sale.Amount)), Href: "/shop/payments/" + sale.Payment.String(),
	}
	name, err := s.cashierName(v.lang, record.ActorID(sale.Request.By))
	if err != nil {
		return line, err
	}
	if name != "" {
		line.When += " · " + name
	}
	if sale.Refunded > 0 {
		line.When += " · " + v.lang.Text("payments.back", "amount", v.lang.Money(int64(sale.Refunded)))
	}
	return line, nil
}

// way is how a customer paid, as a picture and in words.
type way struct {
	icon string
	word page.Key
}

func wayOf(sale merchant.Sale) way {
	switch {
	case sale.How == record.ByCard:
		return way{"card", "payments.card"}
	case sale.How == record.ByStanding:
		return way{"repeat", "payments.standing"}
	case sale.How == record.ByBatch:
		return way{"list", "payments.batch"}
	case sale.Request.Kind == payreq.Poster:
		return way{"print", "payments.poster"}
	}
	return way{"qr", "payments.phone"}
}

// cashierName is the name of who works at the shop; empty for nobody, and for
// who is no longer on file.
func (s *Server) cashierName(lang page.Lang, by record.ActorID) (string, error) {
	if by == (record.ActorID{}) {
		return "", nil
	}
	p, ok, err := s.people.Person(people.ID(by))
	switch {
	case err != nil:
		return "", err
	case !ok:
		return lang.Text("payments.gone"), nil
	}
	return p.Name, nil
}

// showPayment shows one payment, and how to give it back.
func (s *Server) showPayment(w http.ResponseWriter, r *http.Request, v visit) error {
	p, _, err := s.refundPage(r, v)
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

func (s *Server) refundPage(r *http.Request, v visit) (page.RefundPage, merchant.Sale, error) {
	sale, melted, err := s.saleOf(r, v)
	if err != nil {
		return page.RefundPage{}, sale, err
	}
	line, err := s.saleLine(v, sale)
	p := page.RefundPage{
		Base: s.base(r, v), ID: sale.Payment.String(), Amount: v.lang.Money(int64(sale.Amount)), Line: line,
		Day: s.dayText(v.lang, sale.At), Number: shortNumber(sale.Payment), Cash: cashText(v.lang, sale.Request.Cash),
	}
	if sale.Left() > 0 {
		p.Left = v.lang.Money(int64(sale.Left()))
		p.Value = v.lang.Input(int64(sale.Left()))
	}
	if sale.Refunded > 0 {
		p.Refunded = v.lang.Money(int64(sale.Refunded))
	}
	if melted > 0 {
		p.Melted = v.lang.Money(int64(melted))
	}
	return p, sale, err
}

// refund asks first whether it is meant, and then gives back. The key behind
// the second button makes that sending it twice gives back once.
func (s *Server) refund(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "amount", "sure", "key", "seal")
	if err != nil {
		return err
	}
	p, sale, err := s.refundPage(r, v)
	if err != nil {
		return err
	}
	amount, err := typedAmount(f[0])
	if err == nil && amount > sale.Left() && f[1] != "yes" {
		err = refused(ledger.RefundTooLarge)
	}
	if err != nil {
		return s.refundFailed(w, p, f[0], err)
	}
	order := merchant.Refund{Of: sale.Payment, Amount: amount, Seal: f[3]}
	if f[1] != "yes" {
		if order.Key, order.Seal, err = s.till.RefundForm(v.purse.Account, sale.Payment); err != nil {
			return err
		}
		return s.askRefund(w, p, v, order)
	}
	key, err := ledger.ParseID(f[2])
	if err != nil {
		return errBadForm
	}
	order.Key = ledger.Key(key)
	err = check(s.till.Refund(r.Context(), merchant.Holder{Account: v.purse.Account, Auth: v.auth()}, order))
	switch {
	case errors.Is(err, merchant.ErrUnsure):
		p.Problem = p.T("refund.unsure")
		return s.askRefund(w, p, v, order)
	case err != nil:
		return s.refundFailed(w, p, f[0], err)
	}
	return goTo(w, r, "/shop/payments/"+p.ID+"?done=refunded")
}

// askRefund asks whether it is meant.
func (s *Server) askRefund(w http.ResponseWriter, p page.RefundPage, v visit, o merchant.Refund) error {
	p.Nav = nil
	p.Give, p.Value = v.lang.Money(int64(o.Amount)), o.Amount.String()
	p.Key, p.Seal = ledger.ID(o.Key).String(), o.Seal
	return s.show(w, http.StatusOK, p)
}

// refundFailed shows the payment again, with why nothing was given back.
func (s *Server) refundFailed(w http.ResponseWriter, p page.RefundPage, typed string, err error) error {
	var rule refused
	if !errors.As(err, &rule) && !errors.Is(err, ledger.ErrAmount) {
		return err
	}
	a := answerTo(err)
	p.Typed, p.Problem = typed, p.T(a.text)
	if ledger.Result(rule) == ledger.InsufficientBalance {
		p.Problem = p.T("refund.short")
	}
	return s.show(w, a.status, p)
}
