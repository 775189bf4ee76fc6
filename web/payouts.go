package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"grulden/internal/bank"
	"grulden/internal/foureyes"
	"grulden/internal/logbook"
	"grulden/internal/people"
	"grulden/ledger"
	"grulden/web/page"
)

// shownHash is how much of a file's hash people compare.
const shownHash = 24

// showPayout shows a payment file: what it pays, and who looked at it.
func (s *Server) showPayout(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.payoutPage(w, r, v, http.StatusOK, "")
}

func (s *Server) payoutPage(w http.ResponseWriter, r *http.Request, v visit, status int, problem page.Key) error {
	batch, file, err := s.bank.Look(r.PathValue("file"))
	if errors.Is(err, bank.ErrUnknownBatch) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	p := page.PayoutPage{
		Base: s.base(r, v), ID: batch.ID, Total: v.lang.Euro(int64(batch.Cents)), Pays: v.lang.Date(dayOf(batch.Pays)),
		Made: v.lang.DateTime(inWijk(batch.Made)), Hash: inGroups(batch.SHA256[:shownHash]),
		Draft: batch.State == bank.BatchDraft, Ready: batch.State == bank.BatchReady, Open: batch.Waiting > 0,
	}
	if problem != "" {
		p.Problem = p.T(problem)
	}
	for _, o := range file.Payments {
		p.Lines = append(p.Lines, page.PayoutLine{Name: o.Name, IBAN: inGroups(string(o.IBAN)), Text: o.Text, Amount: v.lang.Euro(o.Cents)})
	}
	if p.By, err = s.releasers(v.lang, batch); err != nil {
		return err
	}
	if p.Draft {
		if p.Two, err = s.bank.NeedsTwo(batch.ID); err != nil {
			return err
		}
		if p.Asked, err = openProposal(s.foureyes, kindPayout, func(_ *foureyes.Proposal, body payoutBody) bool { return body.Batch == batch.ID }); err != nil {
			return err
		}
	}
	return s.show(w, status, p)
}

// releasers tells who released a file; empty for one that nobody released.
func (s *Server) releasers(lang page.Lang, x bank.Batch) (string, error) {
	if x.State != bank.BatchReady {
		return "", nil
	}
	first, err := s.whoText(lang, people.ID(x.Releaser))
	if err != nil || x.Second == (bank.ID{}) {
		return lang.Text("payout.byone", "first", first), err
	}
	second, err := s.whoText(lang, people.ID(x.Second))
	return lang.Text("payout.bytwo", "first", first, "second", second), err
}

// whoText is the name of somebody of the office.
func (s *Server) whoText(lang page.Lang, id people.ID) (string, error) {
	p, ok, err := s.people.Person(id)
	if !ok {
		return lang.Text("payout.somebody"), err
	}
	return p.Name, err
}

// openProposal finds the address of the open proposal of a kind whose body fits;
// empty when there is none.
func openProposal[B any](d *foureyes.Desk, kind foureyes.Kind, fits func(*foureyes.Proposal, B) bool) (string, error) {
	all, err := d.Open()
	if err != nil {
		return "", err
	}
	for _, p := range all {
		var body B
		if p.Kind == kind && p.Into(&body) == nil && fits(p, body) {
			return "/desk/proposals/" + p.ID.String(), nil
		}
	}
	return "", nil
}

// release lets a payment file go to the bank, or asks a second person to look.
func (s *Server) release(w http.ResponseWriter, r *http.Request, v visit) error {
	batch, file, err := s.bank.Look(r.PathValue("file"))
	if errors.Is(err, bank.ErrUnknownBatch) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	err = s.bank.Release(batch.ID, v.person.ID, people.ID{})
	if errors.Is(err, bank.ErrTwoPeople) {
		body := payoutBody{Batch: batch.ID, SHA256: batch.SHA256, Cents: batch.Cents, Count: len(file.Payments), Pays: batch.Pays}
		return proposeOnce(s, w, r, v, foureyes.Draft{Kind: kindPayout, Body: body}, func(b payoutBody) bool { return b.Batch == batch.ID })
	}
	switch {
	case errors.Is(err, bank.ErrTooLate):
		return s.payoutPage(w, r, v, http.StatusConflict, "payout.late")
	case errors.Is(err, bank.ErrPayeeMoved):
		return s.payoutPage(w, r, v, http.StatusConflict, "payout.moved")
	case errors.Is(err, bank.ErrVoid):
		return s.payoutPage(w, r, v, http.StatusConflict, "payout.isvoid")
	case err != nil:
		return err
	}
	if err := s.logPayout(r.Context(), v, batch.ID, actReleased); err != nil {
		return err
	}
	return goTo(w, r, "/desk/payouts/"+batch.ID+"?done=released")
}

// logPayout enters in the logbook that somebody made or alone released a payment
// file, once. Two people who released it are there already.
func (s *Server) logPayout(ctx context.Context, v visit, id string, kind logbook.Kind) error {
	batch, file, err := s.bank.Look(id)
	if err != nil || kind == actReleased && (people.ID(batch.Releaser) != v.person.ID || batch.Second != bank.ID{}) {
		return err
	}
	_, err = s.logbook.Record(ctx, logbook.Entry{
		ID: actID(kind, batch.ID), By: v.person.ID, How: v.how, Kind: kind, Facts: []logbook.Fact{
			{Name: "count", Value: strconv.Itoa(len(file.Payments))}, {Name: "sum", Value: batch.Cents.String()}, {Name: "hash", Value: batch.SHA256},
		},
	})
	return err
}

// discard makes a draft void.
func (s *Server) discard(w http.ResponseWriter, r *http.Request, v visit) error {
	err := s.bank.Discard(r.PathValue("file"))
	switch {
	case errors.Is(err, bank.ErrUnknownBatch):
		return errNotFound
	case errors.Is(err, bank.ErrReleased):
		return s.payoutPage(w, r, v, http.StatusConflict, "payout.wasreleased")
	case err != nil:
		return err
	}
	return goTo(w, r, "/desk/redemptions?done=discarded")
}

// propose keeps a proposal and shows it.
func (s *Server) propose(w http.ResponseWriter, r *http.Request, v visit, d foureyes.Draft) error {
	p, err := s.foureyes.Propose(r.Context(), v.person.ID, d)
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/proposals/"+p.ID.String())
}

// proposeOnce is propose, and shows the proposal about the same person that waits
// already when its body is the same: a form that was sent twice.
func proposeOnce[B any](s *Server, w http.ResponseWriter, r *http.Request, v visit, d foureyes.Draft, same func(B) bool) error {
	open, err := openProposal(s.foureyes, d.Kind, func(p *foureyes.Proposal, b B) bool { return p.Person == d.Person && same(b) })
	if err != nil {
		return err
	}
	if open != "" {
		return goTo(w, r, open)
	}
	return s.propose(w, r, v, d)
}

// waitingPayout finds a redemption that waits.
func (s *Server) waitingPayout(r *http.Request) (*bank.Payout, error) {
	id, err := ledger.ParseID(r.PathValue("id"))
	if err != nil {
		return nil, errNotFound
	}
	all, err := s.bank.Payouts()
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if p.Redemption == bank.ID(id) {
			return p, nil
		}
	}
	return nil, refused(ledger.UnknownRedemption)
}

// weeklyRun drafts the payment file of the week, once its time has come.
func (s *Server) weeklyRun() {
	batch, err := s.bank.WeeklyRun()
	if err != nil {
		s.log.Error("weekly run", "error", err)
	} else if batch != nil {
		s.log.Info("weekly run", "batch", batch.ID, "payments", len(batch.Redemptions)+len(batch.Orders))
	}
}
