package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"grulden/demurrage"
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

// standingForm is the form for a payment to whom a code is. The id of the order
// is made here, before the button is shown.
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
	id, seal, err := s.orders.StandingForm(v.purse.Account)
	today := s.node.Today().String()
	p.Payee, p.First, p.Least, p.ID, p.Seal = &face, today, today, id.String(), seal
	p.Ledger, p.From, p.To = s.node.Settings().Ledger, accountHex(v.purse.Account), accountHex(to)
	return p, err
}

// accountHex is an account as it stands in what a phone signs.
func accountHex(a ledger.AccountID) string {
	text := strconv.FormatUint(uint64(a), 16)
	for len(text) < 16 {
		text = "0" + text
	}
	return text
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

// takeStanding begins a payment that comes again.
func (s *Server) takeStanding(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "code", "id", "seal", "amount", "every", "first", "last", "text", "pin")
	if err != nil {
		return err
	}
	p, err := s.standingForm(r, v, f[0])
	if err != nil {
		return s.countUnknown(v, err)
	}
	p.Amount, p.Month, p.First, p.Last, p.Text = f[3], f[4] == "month", f[5], f[6], f[7]
	if err = s.beginStanding(r, v, f); err == nil {
		return goTo(w, r, "/standing?done=standing")
	}
	var wait mustWait
	if !errors.As(err, &wait) && !isErr(err, ledger.ErrAmount, errWrongPIN, wallet.ErrDay, wallet.ErrText, wallet.ErrTooMany, wallet.ErrStale) {
		return err
	}
	a := answerTo(err)
	p.Problem = p.T(a.text)
	if wait > 0 {
		p.Problem = p.T("login.wait", "time", waitText(v.lang, time.Duration(wait)))
	}
	return s.show(w, a.status, p)
}

// beginStanding reads the form and begins the order.
func (s *Server) beginStanding(r *http.Request, v visit, f []string) error {
	to, err := s.payeeOf(v, f[0])
	if err != nil {
		return err
	}
	terms := record.Standing{To: to, Every: record.Weekly}
	if terms.ID, err = ledger.ParseID(f[1]); err != nil {
		return errBadForm
	}
	if terms.Amount, err = typedAmount(f[3]); err != nil {
		return err
	}
	if f[4] == "month" {
		terms.Every = record.Monthly
	}
	if terms.First, err = demurrage.ParseDay(f[5]); err != nil {
		return wallet.ErrDay
	}
	if f[6] != "" {
		terms.HasLast = true
		if terms.Last, err = demurrage.ParseDay(f[6]); err != nil {
			return wallet.ErrDay
		}
	}
	if err := s.checkPIN(r.Context(), r, v.person, f[8]); err != nil {
		return err
	}
	h := v.holder()
	h.Auth.How = record.ByPINNow
	return s.orders.Begin(v.purse.ID, h, terms, f[2], f[7])
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
