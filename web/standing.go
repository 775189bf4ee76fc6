package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/payreq"
	"grulden/internal/record"
	"grulden/ledger"
	"grulden/wallet"
	"grulden/web/page"
)

// listStanding lists payments that come again.
func (s *Server) listStanding(w http.ResponseWriter, r *http.Request, v visit) error {
	all, err := s.orders.Standing(v.purse.ID)
	if err != nil {
		return err
	}
	p := page.StandingsPage{Base: s.base(r, v)}
	for i := range all {
		line, err := s.standingLine(p.Base, &all[i])
		if err != nil {
			return err
		}
		if all[i].Ended == wallet.NotEnded {
			p.Running = append(p.Running, line)
		} else {
			p.Ended = append(p.Ended, line)
		}
	}
	return s.show(w, http.StatusOK, p)
}

func (s *Server) standingLine(b page.Base, st *wallet.Standing) (page.StandingLine, error) {
	face, err := s.face(b.Lang, st.To)
	line := page.StandingLine{
		ID: st.ID.String(), Icon: face.Icon, Who: face.Name, Amount: b.Lang.Money(int64(st.Amount)), Every: everyText(b, st),
		Text: st.Text, Due: st.Next.String(), Next: nextText(b, st),
	}
	if e, ok := st.LastEvent(); ok {
		line.Last = eventText(b, e)
		line.Warn = e.What == wallet.WasShort || e.What == wallet.WasFailed || e.What == wallet.WasMissed
	}
	return line, err
}

// everyText says how often, in words.
func everyText(b page.Base, st *wallet.Standing) string {
	first := st.First.Time()
	if st.Every == record.Weekly {
		return b.T("standing.onday", "day", b.Lang.Weekday(first))
	}
	if first.Day() > 28 {
		return b.T("standing.onlate", "date", strconv.Itoa(first.Day()))
	}
	return b.T("standing.ondate", "date", strconv.Itoa(first.Day()))
}

// nextText says what comes next, or why nothing does.
func nextText(b page.Base, st *wallet.Standing) string {
	switch st.Ended {
	case wallet.Stopped:
		return b.T("standing.wasstopped")
	case wallet.Finished:
		return b.T("standing.done")
	case wallet.Closed:
		return b.T("standing.closed")
	case wallet.Unsigned:
		return b.T("standing.unsigned")
	case wallet.NewCard:
		return b.T("standing.newcard")
	}
	if st.Tries > 0 {
		return b.T("standing.retry", "day", b.Lang.ShortDate(max(st.Next, st.Retry).Time()))
	}
	return b.T("standing.next", "day", b.Lang.ShortDate(st.Next.Time()))
}

// eventText says what became of a payment.
func eventText(b page.Base, e wallet.Event) string {
	keys := map[wallet.Happened]page.Key{
		wallet.WasPaid: "standing.waspaid", wallet.WasShort: "standing.wasshort", wallet.WasFailed: "standing.wasfailed",
		wallet.WasSkipped: "standing.wasskipped", wallet.WasMissed: "standing.wasmissed",
	}
	return b.T(keys[e.What], "day", b.Lang.ShortDate(e.Due.Time()))
}

// askStanding shows the form for a payment that comes again, or asks whom it
// goes to.
func (s *Server) askStanding(w http.ResponseWriter, r *http.Request, v visit) error {
	typed := r.URL.Query().Get("code")
	p := page.NewStandingPage{Base: s.base(r, v), Code: typed}
	if typed == "" {
		return s.show(w, http.StatusOK, p)
	}
	p, err := s.standingForm(r, v, typed)
	if err == nil {
		return s.show(w, http.StatusOK, p)
	}
	if !isErr(err, payreq.ErrNotCode, wallet.ErrUnknownCode, wallet.ErrSelf) {
		return err
	}
	a := answerTo(s.countUnknown(v, err))
	p.Problem = p.T(a.text)
	return s.show(w, a.status, p)
}

// standingForm is the form for a payment to whom a code is.
func (s *Server) standingForm(r *http.Request, v visit, typed string) (page.NewStandingPage, error) {
	p := page.NewStandingPage{Base: s.base(r, v), Code: typed}
	if s.codes.Spent(v.person.ID.String(), s.node.Now()) {
		return p, errOften
	}
	to, err := s.payeeOf(v, typed)
	if err != nil {
		return p, err
	}
	face, err := s.face(v.lang, to)
	if err != nil {
		return p, err
	}
	least, err := s.orders.FirstDay(v.purse.Account)
	p.Payee, p.First, p.Least = &face, least.String(), least.String()
	return p, err
}

// payeeOf finds who is paid by a code.
func (s *Server) payeeOf(v visit, typed string) (ledger.AccountID, error) {
	code, err := payreq.Parse(typed)
	if err != nil {
		return 0, err
	}
	request, ok, err := s.book.Find(code)
	switch {
	case err != nil:
		return 0, err
	case !ok:
		return 0, wallet.ErrUnknownCode
	case request.Shop == v.purse.Account:
		return 0, wallet.ErrSelf
	}
	return request.Shop, nil
}

// standingFields are the fields of the form, in the order of standingTyped.
var standingFields = []string{"code", "amount", "every", "first", "last", "text"}

// standingTyped is what was filled in for a payment that comes again.
type standingTyped struct{ code, amount, every, first, last, text string }

func typedStanding(f []string) standingTyped {
	return standingTyped{f[0], f[1], f[2], f[3], f[4], f[5]}
}

// terms reads what was filled in.
func (s *Server) terms(v visit, t standingTyped) (terms record.Standing, err error) {
	terms = record.Standing{From: v.purse.Account, Every: record.Weekly}
	if terms.To, err = s.payeeOf(v, t.code); err != nil {
		return terms, err
	}
	if terms.Amount, err = typedAmount(t.amount); err != nil {
		return terms, err
	}
	if t.every == "month" {
		terms.Every = record.Monthly
	}
	if terms.First, err = demurrage.ParseDay(t.first); err != nil {
		return terms, wallet.ErrDay
	}
	if t.last != "" {
		terms.HasLast = true
		if terms.Last, err = demurrage.ParseDay(t.last); err != nil {
			return terms, wallet.ErrDay
		}
	}
	return terms, s.orders.MayBegin(terms, t.text)
}

// checkStanding shows once more what comes again, with the button that begins
// it.
func (s *Server) checkStanding(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, standingFields...)
	if err != nil {
		return err
	}
	t := typedStanding(f)
	p, err := s.standingForm(r, v, t.code)
	if err != nil {
		return s.countUnknown(v, err)
	}
	terms, err := s.terms(v, t)
	if err != nil {
		if !isErr(err, ledger.ErrAmount, wallet.ErrDay, wallet.ErrText) {
			return err
		}
		a := answerTo(err)
		p.Amount, p.Month, p.First, p.Last, p.Text, p.Problem = t.amount, t.every == "month", t.first, t.last, t.text, p.T(a.text)
		return s.show(w, a.status, p)
	}
	var seal string
	if terms.ID, seal, err = s.orders.StandingForm(v.purse.Account); err != nil {
		return err
	}
	return s.confirmStanding(w, r, v, http.StatusOK, t, terms, seal, "")
}

// confirmStanding is the page with the button.
func (s *Server) confirmStanding(w http.ResponseWriter, r *http.Request, v visit, status int, t standingTyped, terms record.Standing, seal, problem string) error {
	face, err := s.face(v.lang, terms.To)
	if err != nil {
		return err
	}
	message := record.StandingMessage(s.node.Settings().Ledger, terms)
	sign, err := s.signing(v, strings.TrimSuffix(string(message), "0\n"))
	if err != nil {
		return err
	}
	p := page.ConfirmStandingPage{
		Base: s.oneTask(r, v), Payee: face, Amount: v.lang.Money(int64(terms.Amount)), Text: t.text,
		Sign: sign, Problem: problem, Back: "/standing/new?code=" + url.QueryEscape(t.code),
	}
	p.Every = everyText(p.Base, &wallet.Standing{Standing: terms})
	first := v.lang.Date(terms.First.Time())
	p.Period = p.T("standing.from", "first", first)
	if terms.HasLast {
		p.Period = p.T("standing.until", "first", first, "last", v.lang.Date(terms.Last.Time()))
	}
	for i, value := range []string{t.code, t.amount, t.every, t.first, t.last, t.text} {
		p.Fields = append(p.Fields, page.Field{Name: standingFields[i], Value: value})
	}
	p.Fields = append(p.Fields, page.Field{Name: "id", Value: terms.ID.String()}, page.Field{Name: "seal", Value: seal})
	return s.show(w, status, p)
}

// takeStanding begins a payment that comes again: with the PIN, and signed by
// the phone where there is one.
func (s *Server) takeStanding(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, append(slices.Clone(standingFields), "id", "seal", "pin", "device", "at", "sig")...)
	if err != nil {
		return err
	}
	t, seal := typedStanding(f), f[7]
	terms, err := s.terms(v, t)
	if err != nil {
		return s.countUnknown(v, err)
	}
	if terms.ID, err = ledger.ParseID(f[6]); err != nil {
		return errBadForm
	}
	proof, err := signature(f[9], f[10], f[11])
	if err != nil {
		return err
	}
	if err = s.beginStanding(r, v, terms, proof, seal, f[8], t.text); err == nil {
		return goTo(w, r, "/standing?done=standing")
	}
	var wait mustWait
	var over wallet.ErrOverLimit
	if !errors.As(err, &wait) && !errors.As(err, &over) && !isErr(err, errWrongPIN, errUnsigned, wallet.ErrPINNeeded, wallet.ErrTooMany, wallet.ErrStale, node.ErrSignature) {
		return err
	}
	a := answerTo(err)
	problem := v.lang.Text(a.text)
	switch {
	case wait > 0:
		problem = v.lang.Text("login.wait", "time", waitText(v.lang, time.Duration(wait)))
	case a.code == "over-limit":
		problem = overText(v, over)
	}
	return s.confirmStanding(w, r, v, a.status, t, terms, seal, problem)
}

// beginStanding begins an order, with the PIN and perhaps the signature of a
// phone.
func (s *Server) beginStanding(r *http.Request, v visit, terms record.Standing, proof *record.Proof, seal, pin, text string) error {
	h, err := s.payer(r, v, pin, proof)
	if err != nil {
		return err
	}
	return s.orders.Begin(v.purse.ID, h, terms, seal, text)
}

// stopStanding ends a payment that comes again.
func (s *Server) stopStanding(w http.ResponseWriter, r *http.Request, v visit) error {
	id, err := ledger.ParseID(r.PathValue("id"))
	if err != nil {
		return errNotFound
	}
	return s.standingChanged(w, r, s.orders.Stop(v.purse.ID, id), "stopped")
}

// skipStanding leaves out the next payment.
func (s *Server) skipStanding(w http.ResponseWriter, r *http.Request, v visit) error {
	id, err := ledger.ParseID(r.PathValue("id"))
	if err != nil {
		return errNotFound
	}
	f, err := form(r, "due")
	if err != nil {
		return err
	}
	due, err := demurrage.ParseDay(f[0])
	if err != nil {
		return errBadForm
	}
	return s.standingChanged(w, r, s.orders.SkipOnce(v.purse.ID, id, due), "skipped")
}

func (s *Server) standingChanged(w http.ResponseWriter, r *http.Request, err error, deed string) error {
	if errors.Is(err, wallet.ErrUnknownOrder) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	return goTo(w, r, "/standing?done="+deed)
}
