package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"grulden/demurrage"
	"grulden/internal/payreq"
	"grulden/ledger"
	"grulden/merchant"
	"grulden/web/page"
)

// showShop is a shop's home.
func (s *Server) showShop(w http.ResponseWriter, r *http.Request, v visit) error {
	shop := v.purse.Account
	now, err := s.wallet.Home(shop)
	if err != nil {
		return err
	}
	today, err := s.till.Today(shop)
	if err != nil {
		return err
	}
	outlook, err := s.till.Outlook(shop)
	if err != nil {
		return err
	}
	entries, _, err := s.wallet.History(shop, 0, 2*homeLines)
	if err != nil {
		return err
	}
	p := page.ShopPage{
		Base: s.base(r, v), Today: v.lang.Money(int64(today.Total)), Count: today.Count,
		Spendable: v.lang.Money(int64(outlook.Spendable)), Seq: now.Seq,
	}
	p.Euros = euroOutlook(p.Base, outlook)
	if p.Waiting, err = s.underWay(v); err != nil {
		return err
	}
	if p.Others, err = s.otherShops(v); err != nil {
		return err
	}
	if p.Lines, err = s.lines(v, entries); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

// namedShops is how many shops a shop's home names to spend at.
const namedShops = 3

// otherShops are some where this one can spend what it has: those that are open
// first, and others every day.
func (s *Server) otherShops(v visit) ([]page.ShopLine, error) {
	shops, err := s.openShops("")
	if err != nil {
		return nil, err
	}
	var open, closed []page.ShopLine
	now := inWijk(s.node.Now())
	for i := range shops {
		shop := shops[(i+now.YearDay())%len(shops)]
		if shop.Person.Account == v.purse.Account {
			continue
		}
		if line := shopLine(v.lang, shop, now); line.IsOpen {
			open = append(open, line)
		} else {
			closed = append(closed, line)
		}
	}
	all := append(open, closed...)
	return all[:min(len(all), namedShops)], nil
}

// euroOutlook formats what can become euros, and when the rest can.
func euroOutlook(b page.Base, o merchant.Outlook) page.EuroOutlook {
	e := page.EuroOutlook{Now: b.Lang.Euro(int64(o.Now)), Some: o.Now > 0}
	for _, l := range o.Later {
		e.Later = append(e.Later, page.LaterEuro{Amount: b.Lang.Euro(int64(l.Amount)), Why: laterText(b, l)})
	}
	e.Line = euroLine(b, o)
	return e
}

// euroLine says the same in one line: so much now, so much from a day on, so
// much after some payments. It is empty when there is nothing at all.
func euroLine(b page.Base, o merchant.Outlook) string {
	var parts []string
	if o.Now > 0 {
		parts = append(parts, b.T("euros.line", "amount", b.Lang.Euro(int64(o.Now))))
	}
	for _, l := range o.Later {
		amount := b.Lang.Euro(int64(l.Amount))
		switch {
		case l.Needs == 0:
			parts = append(parts, b.T("euros.lineday", "amount", amount, "day", b.Lang.ShortDate(l.Day.Time())))
		case l.Needs == 1:
			parts = append(parts, b.T("euros.lineone", "amount", amount))
		default:
			parts = append(parts, b.T("euros.linehops", "amount", amount, "count", strconv.Itoa(l.Needs)))
		}
	}
	return strings.Join(parts, ", ")
}

func laterText(b page.Base, l merchant.Later) string {
	count, day := strconv.Itoa(l.Needs), b.Lang.Date(l.Day.Time())
	switch {
	case l.Needs == 0:
		return b.T("euros.day", "day", day)
	case l.Day == 0 && l.Needs == 1:
		return b.T("euros.ohop")
	case l.Day == 0:
		return b.T("euros.ohops", "count", count)
	case l.Needs == 1:
		return b.T("euros.one", "day", day)
	}
	return b.T("euros.hops", "count", count, "day", day)
}

// showPoster shows the sheet with the printed code.
func (s *Server) showPoster(w http.ResponseWriter, r *http.Request, v visit) error {
	request, err := s.till.Poster(v.purse.Account)
	if err != nil {
		return err
	}
	p := page.PosterPage{
		Base: s.base(r, v), Shop: v.purse.Title(), Address: v.purse.Address,
		Grouped: request.Code.Grouped(), Link: payreq.Link(s.origin, request.Code),
	}
	if p.QR, err = drawQR(p.Link, onPaper); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

// askEuros shows what can become euros and the form to ask for them.
func (s *Server) askEuros(w http.ResponseWriter, r *http.Request, v visit) error {
	p, outlook, err := s.redeemPage(r, v)
	if err != nil {
		return err
	}
	p.Typed = v.lang.Input(int64(outlook.Now))
	return s.show(w, http.StatusOK, p)
}

// redeemPage fills in all but the typed amount. The id behind the button is
// made here, before it is shown.
func (s *Server) redeemPage(r *http.Request, v visit) (page.RedeemPage, merchant.Outlook, error) {
	shop := v.purse.Account
	outlook, err := s.till.Outlook(shop)
	if err != nil {
		return page.RedeemPage{}, outlook, err
	}
	p := page.RedeemPage{Base: s.base(r, v), IBAN: lastDigits(v.purse.IBAN), Fee: percent(v.lang, outlook.Fee)}
	p.Euros = euroOutlook(p.Base, outlook)
	if outlook.Now > 0 && outlook.May {
		id, seal, err := s.till.RedeemForm(shop)
		if err != nil {
			return p, outlook, err
		}
		p.Payment, p.Seal = id.String(), seal
	}
	if p.Waiting, err = s.underWay(v); err != nil {
		return p, outlook, err
	}
	if p.Clock, err = s.clockText(v.lang); err != nil {
		return p, outlook, err
	}
	p.Back, err = s.backText(v)
	return p, outlook, err
}

// clockText tells how long shops waited for their euros lately; empty when none
// was paid.
func (s *Server) clockText(lang page.Lang) (string, error) {
	c, err := s.payoutClock()
	if err != nil || c.Paid == 0 {
		return "", err
	}
	return lang.Text("redeem.clock", "days", strconv.Itoa(c.Median), "most", strconv.Itoa(c.Slowest)), nil
}

// returnDays is how long a shop is told of a payout that came back.
const returnDays = 30

// backText tells a shop of its payouts that came back, and why.
func (s *Server) backText(v visit) (told []string, err error) {
	all, err := s.bank.PayoutReturns(v.purse.Account)
	for _, r := range all {
		if demurrage.Day(r.Day)+returnDays < s.node.Today() {
			break
		}
		why := page.Key("bankcode." + r.Code)
		if !page.Has(why) {
			why = "bankcode.other"
		}
		told = append(told, v.lang.Text("redeem.back",
			"amount", v.lang.Euro(int64(r.Cents)), "day", v.lang.ShortDate(dayOf(r.Day)), "why", v.lang.Text(why)))
	}
	return told, err
}

// underWay lists the shop's requests for euros, and how far each is.
func (s *Server) underWay(v visit) (lines []page.Redemption, err error) {
	waiting, err := s.till.Waiting(v.purse.Account)
	if err != nil {
		return nil, err
	}
	for _, w := range waiting {
		line := page.Redemption{
			State: "redeem.asked", When: whenText(v.lang, w.Asked, s.node.Now()), Payout: v.lang.Euro(int64(w.Payout)),
		}
		approved, sent, err := s.bank.Progress(w.ID)
		switch {
		case err != nil:
			return nil, err
		case sent:
			line.State = "redeem.sent"
		case approved:
			line.State = "redeem.approved"
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// lastDigits is enough of an IBAN for its owner to recognise it.
func lastDigits(iban string) string {
	if len(iban) < 4 {
		return ""
	}
	return iban[len(iban)-4:]
}

// percent writes billionths as a percentage; none is empty.
func percent(lang page.Lang, billionths uint32) string {
	if billionths == 0 {
		return ""
	}
	decimals := strings.TrimRight(fmt.Sprintf("%07d", billionths%10_000_000), "0")
	text := strconv.FormatUint(uint64(billionths/10_000_000), 10)
	if decimals != "" {
		text += lang.Text("base.point") + decimals
	}
	return text + "\u00a0%"
}

// takeEuros asks for euros.
func (s *Server) takeEuros(w http.ResponseWriter, r *http.Request, v visit) error {
	if v.purse.IBAN == "" {
		return errNoIBAN
	}
	f, err := form(r, "payment", "amount", "seal")
	if err != nil {
		return err
	}
	id, err := ledger.ParseID(f[0])
	if err != nil {
		return errBadForm
	}
	amount, err := typedAmount(f[1])
	if err == nil {
		h := merchant.Holder{Account: v.purse.Account, Auth: v.auth()}
		err = check(s.till.RedeemSealed(r.Context(), h, id, f[2], amount))
	}
	if err == nil {
		return goTo(w, r, "/shop/euros?done=redeemed")
	}
	var rule refused
	if !errors.As(err, &rule) && !isErr(err, ledger.ErrAmount, merchant.ErrUnsure) {
		return err
	}
	p, _, pageErr := s.redeemPage(r, v)
	if pageErr != nil {
		return pageErr
	}
	a := answerTo(err)
	p.Typed, p.Problem = f[1], p.T(a.text)
	if errors.Is(err, merchant.ErrUnsure) {
		p.Payment, p.Seal = f[0], f[2] // the same id: asking again asks at most once
	}
	return s.show(w, a.status, p)
}
