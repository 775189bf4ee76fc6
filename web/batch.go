package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"grulden/internal/record"
	"grulden/ledger"
	"grulden/wallet"
	"grulden/web/page"
)

// rowsShown is how many lines of a list of payments the page shows; those that
// are not paid come first.
const rowsShown = 200

// listBatches lists the lists of payments and takes a new one in.
func (s *Server) listBatches(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.batchesPage(w, r, v, http.StatusOK, "")
}

func (s *Server) batchesPage(w http.ResponseWriter, r *http.Request, v visit, status int, problem page.Key) error {
	all, err := s.orders.Batches(v.purse.ID)
	if err != nil {
		return err
	}
	p := page.BatchesPage{Base: s.base(r, v)}
	if problem != "" {
		p.Problem = p.T(problem)
	}
	for _, b := range all {
		_, sum := b.Good()
		p.Lists = append(p.Lists, page.BatchSummary{
			Href: "/batch/" + b.ID.String(), Name: b.Name, When: whenText(v.lang, b.MadeAt(), s.node.Now()),
			State: batchText(v.lang, b), Sum: v.lang.Money(int64(sum)),
		})
	}
	return s.show(w, status, p)
}

// batchText says how far a list is.
func batchText(lang page.Lang, b wallet.Batch) string {
	if !b.Started {
		return lang.Text("batch.notyet")
	}
	all, _ := b.Good()
	_, paid, sum := b.Done()
	return lang.Text("batch.done", "count", strconv.Itoa(paid), "all", strconv.Itoa(all), "amount", lang.Money(int64(sum)))
}

// takeBatch reads a list of payments and shows what would become of it.
func (s *Server) takeBatch(w http.ResponseWriter, r *http.Request, v visit) error {
	if !s.asks.Allow(v.person.ID.String(), s.node.Now()) {
		return errOften
	}
	name, file, err := readFile(r)
	if err != nil {
		return err
	}
	if name == "" {
		name = "lijst.csv"
	}
	id, err := s.orders.Prepare(v.purse, shortened(name, wallet.MaxText), file)
	if errors.Is(err, wallet.ErrBatchFile) {
		return s.batchesPage(w, r, v, http.StatusUnprocessableEntity, "batch.badfile")
	}
	if err != nil {
		return err
	}
	return goTo(w, r, "/batch/"+id.String())
}

// shortened is a text of at most so many characters.
func shortened(text string, most int) string {
	if all := []rune(text); len(all) > most {
		return string(all[:most])
	}
	return text
}

// showBatch shows a list of payments.
func (s *Server) showBatch(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.batchPage(w, r, v, http.StatusOK, "")
}

func (s *Server) batchPage(w http.ResponseWriter, r *http.Request, v visit, status int, problem string) error {
	b, err := s.batchAsked(r, v)
	if err != nil {
		return err
	}
	home, err := s.wallet.Home(v.purse.Account)
	if err != nil {
		return err
	}
	good, sum := b.Good()
	done, paid, paidSum := b.Done()
	p := page.BatchPage{
		Base: s.base(r, v), ID: b.ID.String(), Name: b.Name, State: page.BatchPreview, Problem: problem,
		Sum: v.lang.Money(int64(sum)), Has: v.lang.Money(int64(home.Spendable)), Short: sum > home.Spendable,
	}
	p.Good = p.T("batch.good", "count", strconv.Itoa(good))
	if bad := len(b.Lines) - good; bad > 0 {
		p.Bad = p.T("batch.bad", "count", strconv.Itoa(bad))
	}
	if b.Started {
		p.State = page.BatchRunning
		p.Done = p.T("batch.done", "count", strconv.Itoa(paid), "all", strconv.Itoa(good), "amount", v.lang.Money(int64(paidSum)))
		p.Percent = 100 * done / max(good, 1)
	}
	if b.Finished {
		p.State = page.BatchDone
	}
	p.Lines = batchLines(p.Base, b)
	if more := len(b.Lines) - len(p.Lines); more > 0 {
		p.More = p.T("batch.more", "count", strconv.Itoa(more))
	}
	return s.show(w, status, p)
}

// batchLines are the first lines of a list, those that are not paid before the
// others.
func batchLines(b page.Base, list wallet.Batch) (lines []page.BatchLine) {
	for _, bad := range []bool{true, false} {
		for i, line := range list.Lines {
			outcome := list.Outcomes[i]
			if len(lines) == rowsShown || bad == (outcome == wallet.OutcomeGood || outcome == wallet.OutcomePaid) {
				continue
			}
			l := page.BatchLine{Row: strconv.Itoa(line.Row), Ref: line.Ref, Text: line.Text, Fate: outcomeText(b, outcome), Bad: bad}
			if line.Amount > 0 {
				l.Amount = b.Lang.Money(int64(line.Amount))
			}
			lines = append(lines, l)
		}
	}
	return lines
}

// outcomeText says what becomes of a line, or what became of it. Who is meant
// is not said: an organisation learns no names here.
func outcomeText(b page.Base, outcome wallet.Outcome) string {
	words := map[wallet.Outcome]page.Key{
		wallet.OutcomeGood: "outcome.good", wallet.OutcomePaid: "outcome.paid", wallet.OutcomeUnknown: "outcome.unknown",
		wallet.OutcomeOwn: "outcome.own", wallet.OutcomeTwice: "outcome.twice", wallet.OutcomeAmount: "outcome.amount",
		wallet.OutcomeText: "outcome.text", wallet.Outcome(ledger.AccountClosed.Code()): "outcome.closed",
		wallet.Outcome(ledger.InsufficientBalance.Code()): "outcome.short", wallet.Outcome(ledger.AccountBlocked.Code()): "outcome.blocked",
	}
	if key, ok := words[outcome]; ok {
		return b.T(key)
	}
	return b.T("outcome.refused")
}

func (s *Server) batchAsked(r *http.Request, v visit) (wallet.Batch, error) {
	id, err := ledger.ParseID(r.PathValue("id"))
	if err != nil {
		return wallet.Batch{}, errNotFound
	}
	b, err := s.orders.Batch(v.purse.ID, id)
	if errors.Is(err, wallet.ErrUnknownOrder) {
		err = errNotFound
	}
	return b, err
}

// payBatch has a list paid, with the PIN.
func (s *Server) payBatch(w http.ResponseWriter, r *http.Request, v visit) error {
	b, err := s.batchAsked(r, v)
	if err != nil {
		return err
	}
	f, err := form(r, "pin")
	if err != nil {
		return err
	}
	if err = s.checkPIN(r.Context(), v.person, f[0]); err == nil {
		h := v.holder()
		h.Auth.How = record.ByPINNow
		err = s.orders.StartBatch(v.purse.ID, h, b.ID)
	}
	var wait mustWait
	switch {
	case err == nil:
		s.kickOrders()
		return goTo(w, r, "/batch/"+b.ID.String())
	case errors.As(err, &wait):
		text := v.lang.Text("login.wait", "time", waitText(v.lang, time.Duration(wait)))
		return s.batchPage(w, r, v, http.StatusTooManyRequests, text)
	case isErr(err, errWrongPIN, wallet.ErrBatchShort, wallet.ErrBatchFile):
		a := answerTo(err)
		return s.batchPage(w, r, v, a.status, v.lang.Text(a.text))
	}
	return err
}

// batchResult sends what became of a list, as CSV.
func (s *Server) batchResult(w http.ResponseWriter, r *http.Request, v visit) error {
	b, err := s.batchAsked(r, v)
	if err != nil {
		return err
	}
	if !b.Finished {
		return errNotFound
	}
	base := s.base(r, v)
	heads := make([]string, 0, 6)
	for _, key := range []page.Key{"batch.row", "batch.who", "batch.amount", "batch.text", "batch.fate", "batch.payment"} {
		heads = append(heads, base.T(key))
	}
	download(w, "text/csv; charset=utf-8", "betaald.csv")
	return b.Write(w, heads, func(o wallet.Outcome) string { return outcomeText(base, o) })
}
