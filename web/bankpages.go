package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"

	"grulden/internal/bank"
	"grulden/internal/logbook"
	"grulden/internal/people"
	"grulden/internal/sepa"
	"grulden/ledger"
	"grulden/web/page"
)

// shownEntries is how many finished bank entries the list shows, and shownOdd
// how many of those that somebody must look at.
const (
	shownEntries = 20
	shownOdd     = 1000
)

// refusal turns the bank's way of saying that a rule forbids something into
// the one that answers.go knows.
func refusal(err error) error {
	var r *bank.Refused
	if errors.As(err, &r) {
		return refused(r.Result)
	}
	return err
}

// showBank lists what the bank statements brought in.
func (s *Server) showBank(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.bankPage(w, r, v, http.StatusOK, "", "")
}

func (s *Server) bankPage(w http.ResponseWriter, r *http.Request, v visit, status int, imported string, problem page.Key, pairs ...string) error {
	p := page.BankPage{Base: s.base(r, v), Imported: imported}
	if problem != "" {
		p.Problem = p.T(problem, pairs...)
	}
	var err error
	if p.Open, err = s.bankEntries(v, 0, bank.Unmatched, bank.Kept); err != nil {
		return err
	}
	if p.Odd, err = s.bankEntries(v, shownOdd, bank.Unexplained, bank.Foreign, bank.Returned, bank.Whole); err != nil {
		return err
	}
	for i := range p.Odd {
		p.Odd[i].Bad = true
	}
	if p.Back, err = s.bankEntries(v, shownEntries, bank.Returning, bank.SentBack); err != nil {
		return err
	}
	if p.Done, err = s.bankEntries(v, shownEntries, bank.Issued); err != nil {
		return err
	}
	return s.show(w, status, p)
}

// bankEntries formats the latest entries in some states; a limit of nought is
// the bank's own.
func (s *Server) bankEntries(v visit, limit int, states ...bank.State) ([]page.BankEntry, error) {
	entries, err := s.bank.Entries(bank.Filter{States: states, Limit: limit})
	if err != nil {
		return nil, err
	}
	out := make([]page.BankEntry, len(entries))
	for i, e := range entries {
		if out[i], err = s.bankEntry(v, e); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// noteLength is how much of a payment's text a list shows, in characters.
const noteLength = 60

func (s *Server) bankEntry(v visit, e *bank.Entry) (page.BankEntry, error) {
	out := page.BankEntry{
		ID: e.ID.String(), Date: v.lang.ShortDate(dayOf(e.Day)), Amount: v.lang.Euro(int64(e.Cents)),
		From: e.Name, Note: shorten(e.Text, noteLength), Why: reasonText(v.lang, e.Reason), Waits: e.State == bank.Unmatched,
	}
	cents := int64(e.Cents)
	if !e.Credit {
		cents = -cents
	}
	if out.Amount = v.lang.Euro(cents); e.Currency != "" {
		out.Amount = e.Currency + "\u00a0" + v.lang.Money(cents)
	}
	if out.Why == "" {
		out.Why = stateText(v.lang, e.State)
	}
	if out.Note == "" && len(e.References) > 0 {
		out.Note = e.References[0]
	}
	if e.Account == 0 {
		return out, nil
	}
	p, ok, err := s.people.ByAccount(e.Account)
	if err == nil && !ok {
		if gift, err := s.fund.Owns(e.Account); err != nil || gift {
			out.Who, out.Why = out.From, v.lang.Text("bank.isgift")
			return out, err
		}
	}
	if out.Who = p.Title(); !ok {
		out.Who = v.lang.Text("line.unknown")
	}
	return out, err
}

func shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-1]) + "…"
}

// reasonKeys say in words why a bank entry or a redemption is where it is.
var reasonKeys = map[bank.Reason]page.Key{
	bank.NoReference:        "reason.no-reference",
	bank.UnknownReference:   "reason.unknown-reference",
	bank.SeveralReferences:  "reason.several-references",
	bank.NotAsked:           "reason.not-asked",
	bank.UnknownPayout:      "reason.unknown-payout",
	bank.OtherAmount:        "reason.other-amount",
	bank.OtherAccount:       "reason.other-account",
	bank.OtherCurrency:      "reason.other-currency",
	bank.RejectedRedemption: "reason.rejected",
	bank.PaidTwice:          "reason.paid-twice",
	bank.KeyTaken:           "reason.key-taken",
	bank.PartOfBatch:        "reason.part-of-batch",
	bank.Reversal:           "reason.reversal",
	bank.Return:             "reason.return",
	bank.PayoutNotSeen:      "reason.payout-not-seen",
	bank.OverLimit:          "reason.over-limit",
	bank.ReturnFailed:       "reason.return-failed",
	bank.InParts:            "reason.in-parts",
	bank.InSum:              "reason.in-sum",
	bank.NotApproved:        "reason.not-approved",
	bank.NoPayee:            "reason.no-payee",
	bank.NotVouched:         "reason.not-vouched",
	bank.NoNameCheck:        "reason.no-name-check",
	bank.OldNameCheck:       "reason.old-name-check",
	bank.NameDiffers:        "reason.name-differs",
	bank.NoIBAN:             "reason.no-iban",
	bank.BadPayee:           "reason.bad-payee",
}

// stateText says in words where an entry is that has no reason of its own.
func stateText(lang page.Lang, state bank.State) string {
	switch state {
	case bank.Whole:
		return lang.Text("reason.whole")
	case bank.Returning:
		return lang.Text("reason.returning")
	case bank.SentBack:
		return lang.Text("reason.sent-back")
	}
	return ""
}

// reasonText is a reason in words: one of the bank's, or a result of the ledger.
func reasonText(lang page.Lang, reason bank.Reason) string {
	if reason == "" {
		return ""
	}
	if key, ok := reasonKeys[reason]; ok {
		return lang.Text(key)
	}
	if reason == bank.Reason(ledger.AccountBlocked.Code()) {
		return lang.Text("people.blocked")
	}
	return lang.Text("reason.other")
}

// upload takes in a bank statement.
func (s *Server) upload(w http.ResponseWriter, r *http.Request, v visit) error {
	file, err := readUpload(r)
	if err != nil {
		return err
	}
	outcome, err := s.bank.Import(r.Context(), file, v.auth().By)
	var sums *sepa.BalanceError
	var ahead *bank.AheadError
	switch {
	case errors.As(err, &ahead):
		return s.bankPage(w, r, v, http.StatusUnprocessableEntity, "", "bank.ahead", "day", v.lang.Date(dayOf(ahead.Day)))
	case errors.Is(err, bank.ErrNoReserve):
		return s.bankPage(w, r, v, http.StatusConflict, "", "bank.noreserve")
	case errors.Is(err, bank.ErrOtherAccount):
		return s.bankPage(w, r, v, http.StatusUnprocessableEntity, "", "bank.otheraccount")
	case errors.As(err, &sums):
		return s.bankPage(w, r, v, http.StatusUnprocessableEntity, "", "bank.sums", sumsOf(v.lang, sums)...)
	case err != nil && answerTo(err) != fault:
		return err
	case err != nil:
		s.logFault(r, answer{http.StatusUnprocessableEntity, "bad-statement", "bank.badfile"}, err)
		return s.bankPage(w, r, v, http.StatusUnprocessableEntity, "", "bank.badfile")
	}
	fresh := 0
	for _, t := range outcome.Totals {
		fresh += t.New
	}
	if err := s.logImport(r, v, file, fresh); err != nil {
		return err
	}
	text := v.lang.Text(
		"bank.imported", "count", strconv.Itoa(fresh),
		"issued", strconv.Itoa(outcome.Total(bank.Issued).New), "settled", strconv.Itoa(outcome.Total(bank.Settled).New),
	)
	return s.bankPage(w, r, v, http.StatusOK, text, "")
}

// logImport enters in the logbook who took in which file.
func (s *Server) logImport(r *http.Request, v visit, file []byte, fresh int) error {
	sum := sha256.Sum256(file)
	_, err := s.logbook.Record(r.Context(), logbook.Entry{
		By: v.person.ID, How: v.how, Kind: "statement-imported",
		Facts: []logbook.Fact{{Name: "count", Value: strconv.Itoa(fresh)}, {Name: "filedigest", Value: hex.EncodeToString(sum[:])}},
	})
	return err
}

// sumsOf are the figures of a statement that does not add up.
func sumsOf(lang page.Lang, e *sepa.BalanceError) []string {
	opening, entries, closing := e.Opening.Shift(2).IntPart(), e.Entries.Shift(2).IntPart(), e.Closing.Shift(2).IntPart()
	return []string{
		"opening", lang.Euro(opening), "entries", lang.Euro(entries), "should", lang.Euro(opening + entries), "closing", lang.Euro(closing),
	}
}

// readUpload reads the one file of a form into memory: a statement is full of
// personal data and must not land in a temporary folder.
func readUpload(r *http.Request) ([]byte, error) {
	_, file, err := readFile(r)
	return file, err
}

// readFile reads the file of a form, and what it is called where it came from.
func readFile(r *http.Request) (name string, file []byte, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return "", nil, errBadForm
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return "", nil, badBody(err)
		}
		if part.FormName() != "file" {
			continue
		}
		file, err := io.ReadAll(part)
		if err != nil {
			return "", nil, badBody(err)
		}
		return part.FileName(), file, nil
	}
}

// showEntry shows a bank entry that waits, and people it may be for.
func (s *Server) showEntry(w http.ResponseWriter, r *http.Request, v visit) error {
	entry, err := s.entryOf(r)
	if err != nil {
		return err
	}
	p := page.MatchPage{Base: s.base(r, v), Query: r.URL.Query().Get("q"), Gift: v.person.Role == people.Treasurer}
	if p.Entry, err = s.bankEntry(v, entry); err != nil {
		return err
	}
	if entry.State != bank.Unmatched {
		return goTo(w, r, "/desk/bank")
	}
	if err := s.fillMatch(&p, entry); err != nil {
		return err
	}
	if p.Query == "" { // nobody's name is on the page before one was looked for
		return s.show(w, http.StatusOK, p)
	}
	found, more, err := s.people.Search(p.Query, listed)
	if err != nil {
		return err
	}
	p.More = more
	for _, f := range found {
		if f.Role.HasPurse() {
			p.People = append(p.People, page.PersonLine{Href: f.ID.String(), Name: f.Title(), Role: roleKey(f.Role)})
		}
	}
	return s.show(w, http.StatusOK, p)
}

// fillMatch fills in what is known about money that waits.
func (s *Server) fillMatch(p *page.MatchPage, entry *bank.Entry) (err error) {
	if p.Maybe, err = s.suggestions(p.Lang, entry); err != nil {
		return err
	}
	if p.Going, err = s.sendsBack(entry.ID); err != nil {
		return err
	}
	if entry.Reason == bank.OverLimit {
		p.Limit = p.T("match.limit", "who", p.Entry.Who)
	}
	_, err = s.bank.CheckSendBack(entry.ID)
	if err == nil {
		p.Sender = entry.Name
	}
	if errors.Is(err, bank.ErrUnknownEntry) {
		return errNotFound
	}
	return nil // money that cannot go back only has no form for it
}

// entryOf finds the bank entry in the address.
func (s *Server) entryOf(r *http.Request) (*bank.Entry, error) {
	id, err := bank.ParseID(r.PathValue("id"))
	if err != nil {
		return nil, errNotFound
	}
	e, err := s.bank.Entry(id)
	if errors.Is(err, bank.ErrUnknownEntry) {
		err = errNotFound
	}
	return e, err
}

// issue tops up a person from a bank entry, once.
func (s *Server) issue(w http.ResponseWriter, r *http.Request, v visit) error {
	entry, err := s.entryOf(r)
	if err != nil {
		return err
	}
	f, err := form(r, "person")
	if err != nil {
		return err
	}
	id, ok := parsePersonID(f[0])
	if !ok {
		return errBadForm
	}
	person, ok, err := s.people.Person(id)
	if err == nil && (!ok || !person.Role.HasPurse()) {
		err = people.ErrNobody
	}
	if err != nil {
		return err
	}
	if err := s.matched(r, v, entry, person); err != nil {
		return s.matchRefused(w, r, v, err)
	}
	return goTo(w, r, "/desk/bank?done=issued")
}

// matched enters in the logbook that an entry is somebody's, and issues it; of
// what cannot be issued nothing is entered.
func (s *Server) matched(r *http.Request, v visit, entry *bank.Entry, person people.Person) error {
	if err := s.bank.CheckMatch(entry, person.Account); err != nil {
		return err
	}
	err := s.record(r.Context(), v, person, logbook.Entry{
		ID: entry.MatchID(person.Account), Kind: "topup-matched", Facts: []logbook.Fact{
			{Name: "issued", Value: v.lang.Euro(int64(entry.Cents))}, {Name: "entry", Value: entry.Day.String()},
		},
	})
	if err == nil {
		_, err = s.bank.MatchByHand(r.Context(), entry.ID, person.Account, v.auth())
	}
	return err
}

// matchRefused says on the list that an entry is somebody's already.
func (s *Server) matchRefused(w http.ResponseWriter, r *http.Request, v visit, err error) error {
	if isErr(err, bank.ErrAlreadyIssued, bank.ErrNotMatchable) {
		return s.bankPage(w, r, v, http.StatusConflict, "", "bank.already")
	}
	return refusal(err)
}
