package web

import (
	"context"
	"errors"

	"grulden/internal/bank"
	"grulden/internal/foureyes"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/ledger"
	"grulden/web/page"
)

// What about euros on their way out takes two people.
const (
	kindIBAN         foureyes.Kind = "iban"           // a new or another bank account of somebody
	kindPayout       foureyes.Kind = "payout"         // a payment file
	kindSettleByHand foureyes.Kind = "settle-by-hand" // that the bank paid, before a statement shows it
	kindRejectSent   foureyes.Kind = "reject-sent"    // that the bank did not pay what is in a file
	kindBankCosts    foureyes.Kind = "bank-costs"     // that a debit is what the bank takes
)

// The bodies of these proposals: all that will be done.
type (
	ibanBody struct {
		IBAN   string           `json:"iban"`
		Holder string           `json:"holder"`
		Check  people.NameCheck `json:"name_check,omitzero"`
		// What was on file when it was proposed.
		WasIBAN   string `json:"iban_before,omitempty"`
		WasHolder string `json:"holder_before,omitempty"`
	}
	payoutBody struct {
		Batch  string       `json:"batch"`
		SHA256 string       `json:"sha256"` // of the file
		Cents  ledger.Cents `json:"cents"`
		Count  int          `json:"count"`
		Pays   bank.Date    `json:"pays"`
	}
	redemptionOut struct {
		Redemption bank.ID      `json:"redemption"`
		Cents      ledger.Cents `json:"cents"` // in euro
	}
	costsBody struct {
		Entry bank.ID      `json:"entry"`
		Cents ledger.Cents `json:"cents"`
		Day   bank.Date    `json:"day"`
	}
)

// payoutProposals are the kinds of this area.
func (s *Server) payoutProposals() map[foureyes.Kind]proposal {
	second := []people.Role{people.Treasurer, people.Board}
	rule := func(first []people.Role, check, do func(context.Context, *foureyes.Proposal) error) foureyes.Rule {
		return foureyes.Rule{First: first, Second: second, Check: check, Do: do}
	}
	return map[foureyes.Kind]proposal{
		kindIBAN:         {rule(money, checkIBAN, s.doIBAN), s.toldIBAN},
		kindPayout:       {rule(money, s.checkPayout, s.doPayout), s.toldPayout},
		kindSettleByHand: {rule(money, nil, s.doSettle), s.toldRedemption},
		kindRejectSent:   {rule(money, nil, s.doRejectSent), s.toldRedemption},
		kindBankCosts:    {rule([]people.Role{people.Treasurer}, nil, s.doCosts), s.toldCosts},
	}
}

func (b ibanBody) account() people.BankAccount {
	return people.BankAccount{IBAN: b.IBAN, Name: b.Holder, Check: b.Check}
}

func checkIBAN(_ context.Context, p *foureyes.Proposal) error {
	var body ibanBody
	if err := p.Into(&body); err != nil {
		return err
	}
	_, err := people.CheckBankAccount(body.account())
	return err
}

func (s *Server) doIBAN(_ context.Context, p *foureyes.Proposal) error {
	var body ibanBody
	if err := p.Into(&body); err != nil {
		return foureyes.Impossible(err)
	}
	_, err := s.people.SetBankAccount(p.Person, body.account())
	if isErr(err, people.ErrNobody, people.ErrRole, people.ErrIBAN) {
		err = foureyes.Impossible(err)
	}
	return err
}

func (s *Server) toldIBAN(lang page.Lang, p *foureyes.Proposal) ([]page.Told, error) {
	var body ibanBody
	err := p.Into(&body)
	was, holder := lang.Text("account.none"), body.WasHolder
	if body.WasIBAN != "" {
		was = inGroups(body.WasIBAN)
	}
	if holder == "" {
		holder = "–"
	}
	return []page.Told{
		{What: lang.Text("account.wasiban"), Value: was},
		{What: lang.Text("account.newiban"), Value: inGroups(body.IBAN)},
		{What: lang.Text("account.washolder"), Value: holder},
		{What: lang.Text("account.newholder"), Value: body.Holder},
		{What: lang.Text("account.check"), Value: checkText(lang, body.Check)},
	}, err
}

// checkPayout refuses a file that is not the one that was shown.
func (s *Server) checkPayout(_ context.Context, p *foureyes.Proposal) error {
	var body payoutBody
	if err := p.Into(&body); err != nil {
		return err
	}
	batch, _, err := s.bank.Look(body.Batch)
	if err == nil && (batch.SHA256 != body.SHA256 || batch.Cents != body.Cents) {
		err = foureyes.ErrChanged
	}
	return err
}

func (s *Server) doPayout(ctx context.Context, p *foureyes.Proposal) error {
	var body payoutBody
	err := p.Into(&body)
	if err == nil {
		err = s.checkPayout(ctx, p)
	}
	if err == nil {
		err = s.bank.Release(body.Batch, p.By, p.Second)
	}
	if isErr(err, bank.ErrTooLate, bank.ErrPayeeMoved, bank.ErrVoid, bank.ErrUnknownBatch, bank.ErrSamePerson, foureyes.ErrChanged) {
		err = foureyes.Impossible(err)
	}
	return err
}

func (s *Server) toldPayout(lang page.Lang, p *foureyes.Proposal) ([]page.Told, error) {
	var body payoutBody
	if err := p.Into(&body); err != nil {
		return nil, err
	}
	told := []page.Told{
		{What: lang.Text("payout.total"), Value: lang.Euro(int64(body.Cents))},
		{What: lang.Text("payout.pays"), Value: lang.Date(dayOf(body.Pays))},
		{What: lang.Text("payout.filehash"), Value: inGroups(body.SHA256[:min(len(body.SHA256), shownHash)])},
	}
	_, file, err := s.bank.Look(body.Batch)
	if err != nil {
		return told, err
	}
	for _, o := range file.Payments {
		told = append(told, page.Told{What: o.Name, Value: inGroups(string(o.IBAN)) + " · " + lang.Euro(o.Cents)})
	}
	return told, nil
}

// ended makes the error of a command impossible that a rule refused for good.
func ended(err error) error {
	if refusal := (*bank.Refused)(nil); errors.As(err, &refusal) || errors.Is(err, bank.ErrUnknownRedemption) {
		return foureyes.Impossible(err)
	}
	return err
}

func (s *Server) doSettle(ctx context.Context, p *foureyes.Proposal) error {
	var body redemptionOut
	if err := p.Into(&body); err != nil {
		return foureyes.Impossible(err)
	}
	err := s.bank.SettleByHand(ctx, ledger.ID(body.Redemption), p.Auth())
	if errors.Is(err, bank.ErrNotApproved) {
		return foureyes.Impossible(err)
	}
	return ended(err)
}

func (s *Server) doRejectSent(ctx context.Context, p *foureyes.Proposal) error {
	var body redemptionOut
	if err := p.Into(&body); err != nil {
		return foureyes.Impossible(err)
	}
	err := s.bank.Reject(ctx, ledger.ID(body.Redemption), p.Auth(), bank.Refusal{Reason: p.Why, Unpaid: true})
	if errors.Is(err, bank.ErrUnknownRedemption) && s.isRejected(ledger.ID(body.Redemption)) {
		return nil // it was done, and the note of it was cut short
	}
	return ended(err)
}

// isRejected tells whether a redemption was rejected.
func (s *Server) isRejected(id ledger.ID) (is bool) {
	err := s.node.Read(func(v *node.View) error {
		r, err := v.Redemption(id)
		is = r != nil && r.Progress == ledger.Rejected
		return err
	})
	return is && err == nil
}

func (s *Server) toldRedemption(lang page.Lang, p *foureyes.Proposal) ([]page.Told, error) {
	var body redemptionOut
	err := p.Into(&body)
	return []page.Told{{What: lang.Text("payout.amount"), Value: lang.Euro(int64(body.Cents))}}, err
}

func (s *Server) doCosts(_ context.Context, p *foureyes.Proposal) error {
	var body costsBody
	if err := p.Into(&body); err != nil {
		return foureyes.Impossible(err)
	}
	_, err := s.bank.Assign(body.Entry, bank.ForCosts, bank.ID{}, p.Auth())
	if isErr(err, bank.ErrAssigned, bank.ErrNotMatchable, bank.ErrUnknownEntry) {
		err = foureyes.Impossible(err)
	}
	return err
}

func (s *Server) toldCosts(lang page.Lang, p *foureyes.Proposal) ([]page.Told, error) {
	var body costsBody
	if err := p.Into(&body); err != nil {
		return nil, err
	}
	e, err := s.bank.Entry(body.Entry)
	if err != nil {
		return nil, err
	}
	return []page.Told{
		{What: lang.Text("payout.amount"), Value: lang.Euro(int64(body.Cents))},
		{What: lang.Text("costs.day"), Value: lang.Date(dayOf(body.Day))},
		{What: lang.Text("costs.to"), Value: e.Name},
		{What: lang.Text("costs.says"), Value: shorten(e.Text, noteLength)},
	}, nil
}
