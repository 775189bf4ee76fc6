package web

import (
	"net/http"

	"grulden/internal/bank"
	"grulden/internal/foureyes"
	"grulden/web/page"
)

// shownComparisons is how many earlier comparisons the page shows.
const shownComparisons = 12

// showReconcile holds what the bank has against what it should have.
func (s *Server) showReconcile(w http.ResponseWriter, r *http.Request, v visit) error {
	now, err := s.bank.Reconcile()
	if err != nil {
		return err
	}
	p := page.ReconcilePage{Base: s.base(r, v)}
	if now != nil {
		p.Known = true
		p.Last, p.Day = v.lang.Euro(int64(now.Last.Cents)), v.lang.Date(dayOf(now.Last.Day))
		p.Now, p.Expected = v.lang.Euro(int64(now.Last.Cents+now.Since)), v.lang.Euro(int64(now.Expected))
		p.Difference, p.Wrong = v.lang.Euro(int64(now.Difference)), now.Difference != 0
		p.Gap, p.Missing = v.lang.Euro(int64(now.Gap)), now.Gap != 0
		for _, part := range now.Parts {
			if part.Cents != 0 {
				p.Parts = append(p.Parts, page.Part{
					Word: page.Key("bankpart." + string(part.Name)), Amount: v.lang.Euro(int64(part.Cents)), Wrong: part.Name == bank.NotAskedFor,
				})
			}
		}
	}
	earlier, err := s.bank.Reconciliations(shownComparisons)
	if err != nil {
		return err
	}
	for _, e := range earlier {
		p.Earlier = append(p.Earlier, page.Comparison{
			When: v.lang.DateTime(inWijk(e.At)), Day: v.lang.ShortDate(dayOf(e.Last.Day)),
			Bank: v.lang.Euro(int64(e.Last.Cents)), Difference: v.lang.Euro(int64(e.Difference)), Wrong: e.Difference != 0,
		})
	}
	if p.Debits, err = s.bankEntries(v, shownEntries, bank.Unexplained); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

// proposeCosts proposes to call a debit what the bank takes for its work.
func (s *Server) proposeCosts(w http.ResponseWriter, r *http.Request, v visit) error {
	id, err := bank.ParseID(r.PathValue("id"))
	if err != nil {
		return errNotFound
	}
	e, err := s.bank.Entry(id)
	if isErr(err, bank.ErrUnknownEntry) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	if e.Credit || e.Explained() {
		return errBadForm
	}
	open, err := openProposal(s.foureyes, kindBankCosts, func(_ *foureyes.Proposal, body costsBody) bool { return body.Entry == id })
	if err != nil {
		return err
	}
	if open != "" {
		return goTo(w, r, open)
	}
	return s.propose(w, r, v, foureyes.Draft{Kind: kindBankCosts, Body: costsBody{id, e.Cents, e.Day}})
}
