package web

import (
	"context"
	"errors"
	"net/http"

	"grulden/internal/foureyes"
	"grulden/internal/fund"
	"grulden/internal/people"
	"grulden/ledger"
	"grulden/web/page"
)

// purposeBody is what a second person agrees to of a new purpose.
type purposeBody struct {
	Name string `json:"name"`
	Need bool   `json:"need"`
}

// grantBody is what a second person agrees to of a grant. For whom the purpose is
// stands in it, so that it is part of what was agreed to.
type grantBody struct {
	Purpose fund.ID          `json:"purpose"`
	Name    string           `json:"name"`
	Need    bool             `json:"need"`
	To      ledger.AccountID `json:"to,string"`
	Cents   ledger.Cents     `json:"cents"`
	Public  string           `json:"public,omitempty"` // why the promise may break
}

func (g grantBody) draft() fund.Draft {
	return fund.Draft{To: g.To, Purpose: g.Purpose, Cents: g.Cents, Why: g.Public}
}

// fundProposals are what two people decide about the wijkfonds. Only the board
// may go against the promise.
func (s *Server) fundProposals() map[foureyes.Kind]proposal {
	return map[foureyes.Kind]proposal{
		"purpose":        {Rule: foureyes.Rule{First: spenders, Second: spenders, Check: checkPurpose, Do: s.makePurpose}, told: toldPurpose},
		"grant":          {Rule: foureyes.Rule{First: spenders, Second: spenders, Check: s.checkGrant, Do: s.makeGrant}, told: s.toldGrant},
		"grant-override": {Rule: foureyes.Rule{First: spenders, Second: board, Check: s.checkGrant, Do: s.makeGrant}, told: s.toldGrant},
	}
}

func checkPurpose(_ context.Context, p *foureyes.Proposal) error {
	var b purposeBody
	if err := p.Into(&b); err != nil {
		return err
	}
	_, err := fund.Text(b.Name)
	return err
}

func (s *Server) makePurpose(_ context.Context, p *foureyes.Proposal) error {
	var b purposeBody
	if err := p.Into(&b); err != nil {
		return foureyes.Impossible(err)
	}
	return s.fund.AddPurpose(fund.Purpose{ID: fund.ID(p.ID), Name: b.Name, Need: b.Need})
}

func toldPurpose(lang page.Lang, p *foureyes.Proposal) ([]page.Told, error) {
	var b purposeBody
	err := p.Into(&b)
	return []page.Told{
		{What: lang.Text("grant.factpurpose"), Value: b.Name},
		{What: lang.Text("grant.factfor"), Value: lang.Text(forWhom(b.Need))},
	}, err
}

func (s *Server) checkGrant(_ context.Context, p *foureyes.Proposal) error {
	var b grantBody
	if err := p.Into(&b); err != nil {
		return err
	}
	if p.Kind == "grant" {
		b.Public = ""
	}
	return s.fund.Check(b.draft())
}

// makeGrant makes a grant that two people agreed to. What was right when they
// agreed may be so no more: then it ends there.
func (s *Server) makeGrant(ctx context.Context, p *foureyes.Proposal) error {
	var b grantBody
	if err := p.Into(&b); err != nil {
		return foureyes.Impossible(err)
	}
	if p.Kind == "grant" {
		b.Public = ""
	}
	_, err := s.fund.Give(ctx, p.Key(), b.draft(), p.Auth())
	var refused *fund.Refused
	if isFundProblem(err) || isErr(err, fund.ErrUsed) || errors.As(err, &refused) {
		return foureyes.Impossible(err)
	}
	return err
}

func (s *Server) toldGrant(lang page.Lang, p *foureyes.Proposal) ([]page.Told, error) {
	var b grantBody
	if err := p.Into(&b); err != nil {
		return nil, err
	}
	who, _, err := s.people.Person(p.Person)
	told := []page.Told{
		{What: lang.Text("grant.factwho"), Value: who.Title()},
		{What: lang.Text("grant.factamount"), Value: lang.Money(int64(b.Cents))},
		{What: lang.Text("grant.factpurpose"), Value: b.Name},
		{What: lang.Text("grant.factfor"), Value: lang.Text(forWhom(b.Need))},
	}
	if b.Public != "" {
		told = append(told, page.Told{What: lang.Text("grant.factpublic"), Value: b.Public})
	}
	return told, err
}

// proposePurpose asks a second person for a new purpose.
func (s *Server) proposePurpose(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "form", "name", "need")
	if err != nil {
		return err
	}
	id, err := ledger.ParseID(f[0])
	if err != nil || f[2] != "yes" && f[2] != "no" {
		return errBadForm
	}
	draft := foureyes.Draft{ID: id, Kind: "purpose", Body: purposeBody{f[1], f[2] == "yes"}}
	_, err = s.foureyes.Propose(r.Context(), v.person.ID, draft)
	if isFundProblem(err) {
		a := answerTo(err)
		p := page.SpendingPage{Form: f[0], Name: f[1], Problem: v.lang.Text(a.text)}
		return s.spendingPage(w, r, v, a.status, p)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/fund?done=proposed")
}

// proposeGrant asks a second person to agree to a grant.
func (s *Server) proposeGrant(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "form", "purpose", "person", "amount", "why", "public")
	if err != nil {
		return err
	}
	err = s.draftGrant(r.Context(), v, f)
	if isFundProblem(err) {
		a := answerTo(err)
		p := page.GrantPage{Form: f[0], Amount: f[3], Why: f[4], Public: f[5], Problem: v.lang.Text(a.text), Breaks: isErr(err, fund.ErrPromise) || f[5] != ""}
		return s.grantPage(w, r, v, a.status, p, f[1], f[2])
	}
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/fund?done=proposed")
}

// draftGrant reads the form of a grant and proposes it. One with a reason that
// everybody can read is the board's to agree to.
func (s *Server) draftGrant(ctx context.Context, v visit, f []string) error {
	id, err := ledger.ParseID(f[0])
	var purpose fund.ID
	who, ok := parsePersonID(f[2])
	if err != nil || !ok || purpose.UnmarshalText([]byte(f[1])) != nil {
		return errBadForm
	}
	amount, err := typedAmount(f[3])
	if err != nil {
		return err
	}
	chosen, err := s.fund.Purpose(purpose)
	if err != nil {
		return err
	}
	person, found, err := s.people.Person(who)
	if err == nil && (!found || !person.Role.HasPurse()) {
		err = people.ErrNobody
	}
	if err != nil {
		return err
	}
	why, err := fund.Text(f[4])
	if err != nil {
		return err
	}
	body := grantBody{Purpose: purpose, Name: chosen.Name, Need: chosen.Need, To: person.Account, Cents: amount, Public: f[5]}
	draft := foureyes.Draft{ID: id, Kind: "grant", Person: who, Body: body, Why: why}
	if f[5] != "" {
		draft.Kind = "grant-override"
	}
	_, err = s.foureyes.Propose(ctx, v.person.ID, draft)
	return err
}
