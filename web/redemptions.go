package web

import (
	"errors"
	"net/http"
	"time"

	"grulden/demurrage"
	"grulden/internal/bank"
	"grulden/internal/foureyes"
	"grulden/ledger"
	"grulden/web/page"
)

// shownFiles is how many payment files the list shows.
const shownFiles = 20

// dayOf is a civil day as an instant, for its calendar fields.
func dayOf(d bank.Date) time.Time { return demurrage.Day(d).Time() }

// showRedemptions lists the redemptions that wait and the files made for them.
func (s *Server) showRedemptions(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.redemptionsPage(w, r, v, http.StatusOK, "")
}

func (s *Server) redemptionsPage(w http.ResponseWriter, r *http.Request, v visit, status int, problem page.Key) error {
	p := page.RedemptionsPage{Base: s.base(r, v)}
	payouts, err := s.bank.Payouts()
	if errors.Is(err, bank.ErrNoReserve) {
		problem, err = "bank.noreserve", nil
	}
	if err != nil {
		return err
	}
	if problem != "" {
		p.Problem = p.T(problem)
	}
	files, err := s.bank.Batches()
	if err != nil {
		return err
	}
	sent := map[string]bank.BatchState{}
	for _, f := range files {
		sent[f.ID] = f.State
	}
	for _, o := range payouts {
		line := redemptionLine(v, o)
		if line.Person, err = s.accountPageOf(o); err != nil {
			return err
		}
		if sent[o.Batch] == bank.BatchDraft {
			continue // it is on the page of its draft
		}
		if o.Batch == "" {
			p.Waiting = append(p.Waiting, line)
			p.CanApprove = p.CanApprove || line.CanApprove
		} else {
			p.Approved = append(p.Approved, line)
		}
	}
	p.Files = payoutFiles(v.lang, files)
	return s.show(w, status, p)
}

// payoutFiles are the last payment files, without those that are void.
func payoutFiles(lang page.Lang, files []bank.Batch) (shown []page.PayoutFile) {
	for _, f := range files[:min(len(files), shownFiles)] {
		if f.State == bank.BatchVoid {
			continue
		}
		shown = append(shown, page.PayoutFile{
			Href: "/desk/payouts/" + f.ID, Name: lang.DateTime(inWijk(f.Made)), State: fileState(f),
			Total: lang.Euro(int64(f.Cents)), Open: f.Waiting > 0, Draft: f.State == bank.BatchDraft,
		})
	}
	return shown
}

// fileState says how far a payment file is.
func fileState(x bank.Batch) page.Key {
	switch {
	case x.State == bank.BatchDraft:
		return "payout.draft"
	case x.Waiting > 0:
		return "redemptions.fileopen"
	}
	return "redemptions.filedone"
}

// accountPageOf is the address of the page on which the payee's bank account is.
func (s *Server) accountPageOf(o *bank.Payout) (string, error) {
	p, known, err := s.people.ByAccount(o.Account)
	if !known {
		return "", err
	}
	return "/desk/people/" + p.ID.String() + "/account", err
}

// redemptionLine formats a redemption for the desk.
func redemptionLine(v visit, o *bank.Payout) page.Redemption {
	return page.Redemption{
		ID: o.Redemption.String(), Shop: o.Title, IBAN: inGroups(o.IBAN), When: v.lang.ShortDate(dayOf(o.Asked)),
		Holder: o.Name, Check: checkText(v.lang, o.Check),
		Amount: v.lang.Money(int64(o.Amount)), Payout: v.lang.Euro(int64(o.Cents)),
		// What only lacks approval, or has it, goes into the next file.
		CanApprove: o.Problem == "" || o.Problem == bank.NotApproved,
		Why:        problemText(v.lang, o),
	}
}

// problemText says why a redemption cannot be paid; that it lacks approval
// goes without saying.
func problemText(lang page.Lang, o *bank.Payout) string {
	if o.Problem == bank.NotApproved {
		return ""
	}
	return reasonText(lang, o.Problem)
}

// approve approves the chosen redemptions and makes a payment file of them.
func (s *Server) approve(w http.ResponseWriter, r *http.Request, v visit) error {
	if _, err := form(r); err != nil {
		return err
	}
	chosen := r.PostForm["id"]
	for _, text := range chosen {
		id, err := ledger.ParseID(text)
		if err != nil {
			return errBadForm
		}
		if err := s.bank.Approve(id, v.auth().By); err != nil && !errors.Is(err, bank.ErrUnknownRedemption) {
			return err
		}
	}
	if len(chosen) == 0 {
		return s.redemptionsPage(w, r, v, http.StatusUnprocessableEntity, "redemptions.nothing")
	}
	x, err := s.bank.Export(v.auth().By)
	switch {
	case errors.Is(err, bank.ErrNothingToPay):
		return s.redemptionsPage(w, r, v, http.StatusConflict, "redemptions.nothing")
	case errors.Is(err, bank.ErrNoReserve):
		return s.redemptionsPage(w, r, v, http.StatusConflict, "bank.noreserve")
	case err != nil:
		return err
	}
	if err := s.logPayout(r.Context(), v, x.Batch.ID, actPaidOut); err != nil {
		return err
	}
	if x.Batch.State == bank.BatchDraft {
		return goTo(w, r, "/desk/payouts/"+x.Batch.ID)
	}
	return goTo(w, r, "/desk/payouts/"+x.Batch.ID+"?done=approved")
}

// payoutFile sends a payment file, the same bytes every time.
func (s *Server) payoutFile(w http.ResponseWriter, r *http.Request, _ visit) error {
	id := r.PathValue("file")
	file, err := s.bank.File(id)
	if isErr(err, bank.ErrUnknownBatch, bank.ErrNotReleased) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	download(w, "application/xml", id+".xml") // a batch's id is letters, digits and hyphens
	_, _ = w.Write(file)                      // a visitor who hung up is no error of ours
	return nil
}

// settle proposes to call a redemption paid that no statement shows yet. The
// desk must say that it looked at the bank, and a second person looks again.
func (s *Server) settle(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "checked")
	if err != nil {
		return err
	}
	o, err := s.waitingPayout(r)
	switch {
	case err != nil:
		return err
	case f[0] != "yes":
		return s.redemptionsPage(w, r, v, http.StatusUnprocessableEntity, "redemptions.look")
	case o.Batch == "" && o.Approved == nil:
		return s.redemptionsPage(w, r, v, http.StatusConflict, "reason.not-approved")
	}
	return s.proposeAbout(w, r, v, kindSettleByHand, o)
}

// proposeAbout proposes something about a redemption. The same is proposed once.
func (s *Server) proposeAbout(w http.ResponseWriter, r *http.Request, v visit, kind foureyes.Kind, o *bank.Payout) error {
	same := func(_ *foureyes.Proposal, body redemptionOut) bool { return body.Redemption == o.Redemption }
	if open, err := openProposal(s.foureyes, kind, same); err != nil || open != "" {
		return errors.Join(err, goTo(w, r, open))
	}
	payee, _, err := s.people.ByAccount(o.Account)
	if err != nil {
		return err
	}
	return s.propose(w, r, v, foureyes.Draft{Kind: kind, Person: payee.ID, Body: redemptionOut{o.Redemption, o.Cents}})
}

// reject gives a redemption's money back to the shop. For one in a payment
// file, the desk must say that it saw at the bank that it was not paid, and a
// second person looks again.
func (s *Server) reject(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "unpaid")
	if err != nil {
		return err
	}
	o, err := s.waitingPayout(r)
	switch {
	case err != nil:
		return err
	case o.Batch != "" && f[0] == "yes":
		return s.proposeAbout(w, r, v, kindRejectSent, o)
	case o.Batch != "":
		return s.redemptionsPage(w, r, v, http.StatusConflict, "redemptions.infile")
	}
	if err := refusal(s.bank.Reject(r.Context(), ledger.ID(o.Redemption), v.auth(), bank.Refusal{})); err != nil {
		return err
	}
	return goTo(w, r, "/desk/redemptions?done=rejected")
}
