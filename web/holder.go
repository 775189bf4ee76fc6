package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"grulden/internal/bank"
	"grulden/internal/civil"
	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/ledger"
	"grulden/wallet"
	"grulden/web/page"
)

// How many lines lists show.
const (
	homeLines = 5
	pageLines = 50
)

// showWallet is a resident's home.
func (s *Server) showWallet(w http.ResponseWriter, r *http.Request, v visit) error {
	now, err := s.wallet.Home(v.purse.Account)
	if err != nil {
		return err
	}
	entries, _, err := s.wallet.History(v.purse.Account, 0, homeLines)
	if err != nil {
		return err
	}
	p := page.WalletPage{Base: s.base(r, v), At: v.lang.DateTime(inWijk(s.node.Now())), Spendable: v.lang.Money(int64(now.Spendable)), Blocked: now.Blocked}
	p.Loss, p.Else, p.Melts = lossText(p.Base, now.Loss)
	if p.Lines, err = s.lines(v, entries); err != nil {
		return err
	}
	if p.TopUp, err = s.canTopUp(); err != nil {
		return err
	}
	if p.Notes, err = s.notes(v); err != nil {
		return err
	}
	keys, err := s.signing(v, "")
	if err != nil {
		return err
	}
	p.Account, p.Devices, p.Here = keys.Account, keys.Devices, keys.Here
	return s.show(w, http.StatusOK, p)
}

// canTopUp tells whether the wijk has an account to send euros to.
func (s *Server) canTopUp() (bool, error) {
	_, err := s.bank.Reserve()
	if errors.Is(err, bank.ErrNoReserve) {
		return false, nil
	}
	return err == nil, err
}

// lossText is the one sentence on what melts and how it need not, and what
// comes off otherwise.
func lossText(b page.Base, l wallet.Loss) (text, otherwise string, melts bool) {
	switch {
	case !l.Some:
		return b.T("wallet.safe"), "", false
	case l.Amount == 0: // nothing that anybody need do something about
		return b.T("wallet.losscent"), "", false
	}
	text = b.T("wallet.spend", "day", b.Lang.ShortDate(l.Day.Time()), "amount", b.Lang.Money(int64(l.Spend)))
	if l.Tomorrow {
		text = b.T("wallet.spendnow", "amount", b.Lang.Money(int64(l.Spend)))
	}
	return text, b.T("wallet.loss", "amount", b.Lang.Money(int64(l.Amount))), true
}

// showHistory lists all payments, page by page.
func (s *Server) showHistory(w http.ResponseWriter, r *http.Request, v visit) error {
	before, err := before(r)
	if err != nil {
		return err
	}
	now, err := s.wallet.Home(v.purse.Account)
	if err != nil {
		return err
	}
	entries, older, err := s.wallet.History(v.purse.Account, before, pageLines)
	if err != nil {
		return err
	}
	p := page.HistoryPage{Base: s.base(r, v), Spendable: v.lang.Money(int64(now.Spendable))}
	if p.Lines, err = s.lines(v, entries); err != nil {
		return err
	}
	if older > 0 {
		p.Older = "/history?before=" + strconv.FormatUint(older, 10)
	}
	return s.show(w, http.StatusOK, p)
}

// before is where a page of history begins; zero: at the end.
func before(r *http.Request) (uint64, error) {
	text := r.URL.Query().Get("before")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, errBadForm
	}
	return n, nil
}

// looks says how each kind of entry is shown.
var looks = map[wallet.Kind]struct {
	icon string
	word page.Key // empty: the other party
}{
	wallet.Issued:   {"coin", "line.issue"},
	wallet.Granted:  {"gift", "line.grant"},
	wallet.Paid:     {"shop", ""},
	wallet.Refunded: {"back", "line.refund"},
	wallet.Redeemed: {"euro", "line.redeem"},
	wallet.Settled:  {"bank", "line.settle"},
	wallet.Rejected: {"back", "line.reject"},
	wallet.Reopened: {"bank", "line.reopen"},
}

// lines formats entries of a history for the visitor.
func (s *Server) lines(v visit, entries []wallet.Entry) ([]page.Line, error) {
	lines := make([]page.Line, len(entries))
	for i, e := range entries {
		look := looks[e.Kind]
		who, isShop, err := s.nameOf(v.lang, e.Other)
		if err != nil {
			return nil, err
		}
		line := page.Line{
			Icon: look.icon, Who: who, In: e.Amount > 0 && e.Kind != wallet.Settled && e.Kind != wallet.Reopened,
			When: whenText(v.lang, e.At, s.node.Now()), Amount: signed(v.lang, e), How: howText(v.lang, e),
		}
		if look.word != "" {
			line.Who = v.lang.Text(look.word, "who", who)
		}
		if e.Kind == wallet.Paid {
			line.Href = "/receipt/" + e.ID.String()
			if !isShop {
				line.Icon = "person"
			}
			if e.Helper != (record.ActorID{}) {
				helper, err := s.helperName(v, e.Helper)
				if err != nil {
					return nil, err
				}
				line.When += ", " + v.lang.Text("line.by", "who", helper)
			}
		}
		lines[i] = line
	}
	return lines, nil
}

// howText says how the holder authorised a payment that left; empty for others
// and for what nobody is told.
func howText(lang page.Lang, e wallet.Entry) string {
	key := page.Key("how." + e.How)
	if e.Kind != wallet.Paid || e.Amount > 0 || !page.Has(key) {
		return ""
	}
	return lang.Text(key)
}

// signed writes an entry's amount with the sign it has for the holder. What a
// settled redemption paid out was euros.
func signed(lang page.Lang, e wallet.Entry) string {
	switch {
	case e.Kind == wallet.Settled, e.Kind == wallet.Reopened:
		return lang.Euro(int64(e.Amount))
	case e.Amount > 0:
		return "+" + lang.Money(int64(e.Amount))
	}
	return lang.Money(int64(e.Amount))
}

// nameOf is how one party sees another: a shop by its name, a resident by the
// name they chose to show.
func (s *Server) nameOf(lang page.Lang, account ledger.AccountID) (name string, isShop bool, err error) {
	if account == 0 {
		return "", false, nil
	}
	p, ok, err := s.people.ByAccount(account)
	switch {
	case err != nil:
		return "", false, err
	case !ok:
		if _, paper, err := s.coupons.OwnerOf(account); err != nil || paper {
			return lang.Text("line.coupon"), false, err
		}
		return lang.Text("line.unknown"), false, nil
	case p.Role == people.Merchant:
		return p.Title(), true, nil
	}
	return residentName(lang, p), false, nil
}

// whenText writes when something was by the clocks of the wijk, with the year
// once it is not this one.
func whenText(lang page.Lang, at, now time.Time) string {
	at = inWijk(at)
	if at.Year() != now.In(civil.Zone).Year() {
		return lang.Date(at) + ", " + lang.Clock(at)
	}
	return lang.DateTime(at)
}

// showReceipt shows a payment to one of its two parties.
func (s *Server) showReceipt(w http.ResponseWriter, r *http.Request, v visit) error {
	id, err := ledger.ParseID(r.PathValue("id"))
	if err != nil {
		return errNotFound
	}
	paid, ok, err := s.wallet.Receipt(v.purse.Account, id)
	if err != nil {
		return err
	}
	if !ok || v.help != nil && paid.Helper != v.auth().By {
		return errNotFound
	}
	p := page.ReceiptPage{
		Base: s.oneTask(r, v), In: paid.In, Amount: v.lang.Money(int64(paid.Amount)),
		When: v.lang.Moment(paid.At), Number: shortNumber(id), Home: home(v.person.Role),
		Account: accountText(v.purse.Account), Payment: id.String(),
	}
	if p.HasMark = civil.Day(paid.At) == s.node.Today(); p.HasMark {
		p.Mark = s.dayMark(paid.At)
	}
	p.Age, p.Ago = ageText(v.lang, s.node.Now().Sub(paid.At))
	if paid.Refunded > 0 {
		p.Refunded = v.lang.Money(int64(paid.Refunded))
	}
	if p.Who, _, err = s.nameOf(v.lang, paid.Other); err != nil {
		return err
	}
	if p.Confirm, err = s.confirmation(paid); err != nil {
		return err
	}
	if err := s.afterPaying(&p, v, paid); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

// afterPaying says what a payment was for, and what can be done with it: make
// it come again, or ask for it back.
func (s *Server) afterPaying(p *page.ReceiptPage, v visit, paid wallet.Receipt) (err error) {
	if p.Text, err = s.orders.TextOfPayment(paid.ID); err != nil {
		return err
	}
	if v.person.Role != people.Resident || v.help != nil {
		return nil
	}
	if !paid.In {
		payee, known, err := s.people.ByAccount(paid.Other)
		if err != nil {
			return err
		}
		if known {
			code, err := s.printedCode(payee)
			if err != nil {
				return err
			}
			p.Again = "/standing/new?code=" + code.String()
		}
	}
	if _, p.Asked, err = s.orders.Return(v.purse.Account, paid.ID); err != nil && !errors.Is(err, wallet.ErrNoReturn) {
		return err
	}
	may, err := s.orders.MayReturn(v.purse.Account, paid.ID)
	switch {
	case p.Asked:
		p.Return = "/return/" + paid.ID.String()
	case may:
		p.Return = "/return/" + paid.ID.String() + "/ask"
	}
	return err
}

// printedCode is the code by which somebody is paid again and again.
func (s *Server) printedCode(payee people.Person) (payreq.Code, error) {
	if payee.Role == people.Merchant {
		request, err := s.till.Poster(payee.Account)
		return request.Code, err
	}
	request, err := s.book.Personal(payee.Account, s.node.Now())
	return request.Code, err
}

// counted is how long after a payment its receipt says how long ago it was.
const counted = time.Hour

// ageText says how long ago something was, in seconds for scripts and in words.
func ageText(lang page.Lang, age time.Duration) (seconds, words string) {
	age = max(0, age.Round(time.Second))
	if age >= counted {
		return "", ""
	}
	n, unit := int(age/time.Second), "second"
	if n >= 60 {
		n, unit = n/60, "minute"
	}
	seconds = strconv.Itoa(int(age / time.Second))
	switch {
	case n == 0:
		return seconds, lang.Text("receipt.now")
	case unit == "minute" && n == 1:
		return seconds, lang.Text("receipt.minute")
	case unit == "minute":
		return seconds, lang.Text("receipt.minutes", "count", strconv.Itoa(n))
	case n == 1:
		return seconds, lang.Text("receipt.second")
	}
	return seconds, lang.Text("receipt.seconds", "count", strconv.Itoa(n))
}

// shortNumber is enough of an id for two people to see that they speak of the
// same payment.
func shortNumber(id ledger.ID) string {
	text := strings.ToUpper(id.String()[:8])
	return text[:4] + "-" + text[4:]
}

// isErr tells whether err is one of several.
func isErr(err error, any ...error) bool {
	for _, target := range any {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}
