package web

import (
	"errors"
	"net/http"
	"time"

	"grulden/demurrage"
	"grulden/internal/bank"
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
	for _, o := range payouts {
		line := redemptionLine(v, o)
		if o.Batch == "" {
			p.Waiting = append(p.Waiting, line)
			p.CanApprove = p.CanApprove || line.CanApprove
		} else {
			p.Approved = append(p.Approved, line)
		}
	}
	files, err := s.bank.Batches()
	if err != nil {
		return err
	}
	for _, f := range files[:min(len(files), shownFiles)] {
		p.Files = append(p.Files, page.PayoutFile{
			Href: "/desk/redemptions/files/" + f.ID, Name: f.ID + ".xml", When: v.lang.DateTime(inWijk(f.Made)),
			Total: v.lang.Euro(int64(f.Cents)), Open: f.Waiting > 0,
		})
	}
	return s.show(w, status, p)
}

// redemptionLine formats a redemption for the desk.
func redemptionLine(v visit, o *bank.Payout) page.Redemption {
	return page.Redemption{
		ID: o.Redemption.String(), Shop: o.Name, IBAN: inGroups(o.IBAN), When: v.lang.ShortDate(dayOf(o.Asked)),
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
	_, err := s.bank.Export(v.auth().By)
	switch {
	case errors.Is(err, bank.ErrNothingToPay):
		return s.redemptionsPage(w, r, v, http.StatusConflict, "redemptions.nothing")
	case errors.Is(err, bank.ErrNoReserve):
		return s.redemptionsPage(w, r, v, http.StatusConflict, "bank.noreserve")
	case err != nil:
		return err
	}
	return goTo(w, r, "/desk/redemptions?done=approved")
}

// payoutFile sends a payment file, the same bytes every time.
func (s *Server) payoutFile(w http.ResponseWriter, r *http.Request, _ visit) error {
	id := r.PathValue("file")
	file, err := s.bank.File(id)
	if errors.Is(err, bank.ErrUnknownBatch) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/xml")
	h.Set("Content-Disposition", `attachment; filename="`+id+`.xml"`) // a batch's id is letters, digits and hyphens
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(file) // a visitor who hung up is no error of ours
	return nil
}

// settle says that a redemption was paid. That cannot be undone, so the desk
// must say that it looked at the bank.
func (s *Server) settle(w http.ResponseWriter, r *http.Request, v visit) error {
	id, err := ledger.ParseID(r.PathValue("id"))
	if err != nil {
		return errNotFound
	}
	f, err := form(r, "checked")
	if err != nil {
		return err
	}
	if f[0] != "yes" {
		return s.redemptionsPage(w, r, v, http.StatusUnprocessableEntity, "redemptions.look")
	}
	err = s.bank.SettleByHand(r.Context(), id, v.auth())
	if errors.Is(err, bank.ErrNotApproved) {
		return s.redemptionsPage(w, r, v, http.StatusConflict, "reason.not-approved")
	}
	return s.decided(w, r, refusal(err), "settled")
}

// reject gives a redemption's money back to the shop. For one in a payment
// file, the desk must say that it saw at the bank that it was not paid.
func (s *Server) reject(w http.ResponseWriter, r *http.Request, v visit) error {
	id, err := ledger.ParseID(r.PathValue("id"))
	if err != nil {
		return errNotFound
	}
	f, err := form(r, "unpaid")
	if err != nil {
		return err
	}
	err = s.bank.Reject(r.Context(), id, v.auth(), bank.Refusal{Unpaid: f[0] == "yes"})
	if errors.Is(err, bank.ErrInBatch) {
		return s.redemptionsPage(w, r, v, http.StatusConflict, "redemptions.infile")
	}
	return s.decided(w, r, refusal(err), "rejected")
}

// decided goes back to the list after a decision.
func (s *Server) decided(w http.ResponseWriter, r *http.Request, err error, done string) error {
	if errors.Is(err, bank.ErrUnknownRedemption) {
		err = refused(ledger.UnknownRedemption)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/redemptions?done="+done)
}
