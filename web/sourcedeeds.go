package web

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"grulden/demurrage"
	"grulden/internal/bank"
	"grulden/internal/foureyes"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/rewards"
	"grulden/ledger"
	"grulden/wallet"
	"grulden/web/page"
)

// listBody is what a second person agrees on when a list is to be paid. The digest
// is over all of its lines.
type listBody struct {
	List   bank.ID      `json:"list"`
	Source string       `json:"source"`
	File   string       `json:"file"`
	Count  int          `json:"count"`
	Sum    ledger.Cents `json:"sum"`
	Digest string       `json:"digest"`
}

// issueBody is what a second person agrees on when Grulden are to be made without
// euros.
type issueBody struct {
	Account ledger.AccountID `json:"account,string"`
	Amount  ledger.Cents     `json:"amount"`
}

// sourceProposals are what needs two people here.
func (s *Server) sourceProposals() map[foureyes.Kind]proposal {
	return map[foureyes.Kind]proposal{
		"list": {
			Rule: foureyes.Rule{First: treasurers, Second: treasurers, Check: s.checkList, Do: s.startList}, told: s.listTold,
		},
		"issue": {
			Rule: foureyes.Rule{First: treasurers, Second: treasurers, Do: s.bareIssue}, told: s.issueTold,
		},
	}
}

// checkList refuses a list that could not be paid.
func (s *Server) checkList(_ context.Context, p *foureyes.Proposal) error {
	var body listBody
	if err := p.Into(&body); err != nil {
		return err
	}
	l, err := s.rewards.List(body.List)
	if err == nil && l.Digest != body.Digest {
		err = foureyes.ErrChanged
	}
	if err != nil {
		return err
	}
	return s.rewards.Check(body.List)
}

// startList has a list paid that two people agreed on.
func (s *Server) startList(_ context.Context, p *foureyes.Proposal) error {
	var body listBody
	if err := p.Into(&body); err != nil {
		return err
	}
	err := s.rewards.Start(body.List, p.Auth())
	if isErr(err, rewards.ErrShort, rewards.ErrEmpty, rewards.ErrUnknown) {
		return foureyes.Impossible(err)
	}
	s.kickOrders()
	return err
}

func (s *Server) listTold(lang page.Lang, p *foureyes.Proposal) ([]page.Told, error) {
	var body listBody
	err := p.Into(&body)
	return []page.Told{
		{What: lang.Text("fact.source"), Value: body.Source},
		{What: lang.Text("fact.file"), Value: body.File},
		{What: lang.Text("fact.count"), Value: strconv.Itoa(body.Count)},
		{What: lang.Text("fact.sum"), Value: lang.Euro(int64(body.Sum))},
		{What: lang.Text("fact.digest"), Value: body.Digest},
	}, err
}

// bareIssue makes Grulden without euros, once.
func (s *Server) bareIssue(ctx context.Context, p *foureyes.Proposal) error {
	var body issueBody
	if err := p.Into(&body); err != nil {
		return err
	}
	err := check(s.node.Submit(ctx, node.Request{
		Auth: p.Auth(), Command: ledger.Issue{To: body.Account, Amount: body.Amount}, Key: p.Key(),
	}))
	var rule refused
	if errors.As(err, &rule) {
		return foureyes.Impossible(err)
	}
	return err
}

func (s *Server) issueTold(lang page.Lang, p *foureyes.Proposal) ([]page.Told, error) {
	var body issueBody
	err := p.Into(&body)
	return []page.Told{
		{What: lang.Text("fact.for"), Value: s.titleOf(lang, body.Account)},
		{What: lang.Text("fact.issued"), Value: lang.Money(int64(body.Amount))},
	}, err
}

// everProposed is more proposals than a wijk makes.
const everProposed = 1 << 30

// bareIssues are all Grulden that were made without euros, the newest first.
func (s *Server) bareIssues(v visit) (all []page.SourceBare, err error) {
	found, err := s.foureyes.List(everProposed)
	for _, p := range found {
		if p.Kind != "issue" || p.State != foureyes.Done {
			continue
		}
		var body issueBody
		line := page.SourceBare{
			When: v.lang.Date(inWijk(p.Decided)), Why: p.Why, Who: s.nobody(v.lang).T("bare.someone"), Amount: "?",
			By: v.lang.Text("bare.by", "first", s.whoActed(v.lang, p.By), "second", s.whoActed(v.lang, p.Second)),
		}
		if len(p.Body) > 0 { // not erased
			if err := p.Into(&body); err != nil {
				return nil, err
			}
			line.Amount = v.lang.Money(int64(body.Amount))
			if mayFill(v) { // an evaluator learns no names
				line.Who = s.titleOf(v.lang, body.Account)
			}
		}
		all = append(all, line)
	}
	return all, err
}

// askIssue asks for whom Grulden are to be made without euros, and how many.
func (s *Server) askIssue(w http.ResponseWriter, r *http.Request, v visit) error {
	p := page.BareIssuePage{Base: s.oneTask(r, v), Query: r.URL.Query().Get("q")}
	if id, ok := parsePersonID(r.URL.Query().Get("person")); ok {
		person, ok, err := s.people.Person(id)
		if err == nil && (!ok || !person.Role.HasPurse()) {
			err = people.ErrNobody
		}
		if err != nil {
			return err
		}
		p.ID, p.Person, p.Name = newFormID(), id.String(), person.Title()
		return s.show(w, http.StatusOK, p)
	}
	found, more, err := s.people.Search(p.Query, listed)
	p.More = more
	for _, f := range found {
		if f.Role.HasPurse() {
			p.People = append(p.People, page.PersonLine{Href: "/desk/issue?person=" + f.ID.String(), Name: f.Title(), Role: roleKey(f.Role), Icon: "person"})
		}
	}
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

// proposeIssue asks a second person to say yes to Grulden without euros.
func (s *Server) proposeIssue(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "id", "person", "amount", "why")
	if err != nil {
		return err
	}
	id, err := bank.ParseID(f[0])
	whom, ok := parsePersonID(f[1])
	if err != nil || !ok {
		return errBadForm
	}
	person, ok, err := s.people.Person(whom)
	if err == nil && (!ok || !person.Role.HasPurse()) {
		err = people.ErrNobody
	}
	if err != nil {
		return err
	}
	again := func(key page.Key) error {
		return s.show(w, http.StatusUnprocessableEntity, page.BareIssuePage{
			Base: s.oneTask(r, v), ID: f[0], Person: f[1], Name: person.Title(), Typed: f[2], Why: f[3], Problem: v.lang.Text(key),
		})
	}
	amount, err := typedAmount(f[2])
	if err != nil {
		return again("cash.badamount")
	}
	if f[3] == "" {
		return again("sourcelist.nowhy")
	}
	_, err = s.foureyes.Propose(r.Context(), v.person.ID, foureyes.Draft{
		ID: ledger.ID(id), Kind: "issue", Person: person.ID, Why: shortened(f[3], longestWhy), Body: issueBody{person.Account, amount},
	})
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/sources?done=proposed")
}

// listResult sends what became of a list, as CSV.
func (s *Server) listResult(w http.ResponseWriter, r *http.Request, v visit) error {
	l, err := s.listOf(r)
	if err != nil {
		return err
	}
	if !l.Finished {
		return errNotFound
	}
	b := s.base(r, v)
	rows := [][]string{{b.T("batch.row"), b.T("batch.who"), b.T("batch.amount"), b.T("batch.text"), b.T("batch.fate")}}
	for _, line := range l.Lines {
		rows = append(rows, []string{
			strconv.Itoa(line.Row), wallet.Harmless(line.Ref), strings.Replace(line.Amount.String(), ".", ",", 1), wallet.Harmless(line.Text), fateText(b, line.Fate, s.node.Rules()),
		})
	}
	download(w, "text/csv; charset=utf-8", "gekregen.csv")
	if _, err := io.WriteString(w, "\xef\xbb\xbf"); err != nil {
		return fmt.Errorf("send a result: %w", err)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	return out.WriteAll(rows)
}

// showReceived shows somebody what they got from sources in a year.
func (s *Server) showReceived(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.receivedPage(w, r, v, v.purse, "/received", "/wallet")
}

// showReceivedOf shows the desk what somebody got.
func (s *Server) showReceivedOf(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.personOf(r)
	if err == nil && !person.Role.HasPurse() {
		err = errNotFound
	}
	if err != nil {
		return err
	}
	at := "/desk/people/" + person.ID.String()
	return s.receivedPage(w, r, v, person, at+"/received", at)
}

func (s *Server) receivedPage(w http.ResponseWriter, r *http.Request, v visit, person people.Person, here, back string) error {
	today := s.node.Today()
	year := today.Time().Year()
	if text := r.URL.Query().Get("year"); text != "" {
		var err error
		if year, err = strconv.Atoi(text); err != nil || year < 2000 || year > today.Time().Year() {
			return errNotFound
		}
	}
	p := page.ReceivedPage{Base: s.base(r, v), Who: person.Title(), Year: strconv.Itoa(year), Back: back}
	p.Earlier = here + "?year=" + strconv.Itoa(year-1)
	if year < today.Time().Year() {
		p.Later = here + "?year=" + strconv.Itoa(year+1)
	}
	first := demurrage.CivilDay(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC))
	last := demurrage.CivilDay(time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC))
	got, err := s.rewards.Of(person.Account, first, last)
	if err != nil {
		return err
	}
	if err := s.fillReceived(&p, got); err != nil {
		return err
	}
	if month, year, err := s.rewards.Rewarded(person.Account); err != nil {
		return err
	} else if p.Later == "" && year > 0 {
		rules := s.node.Rules()
		p.Month = p.T("received.month", "amount", v.lang.Money(int64(month)), "most", v.lang.Money(int64(rules.RewardMonth)))
		p.InYear = p.T("received.year", "amount", v.lang.Money(int64(year)), "most", v.lang.Money(int64(rules.RewardYear)))
	}
	return s.show(w, http.StatusOK, p)
}

// fillReceived adds up what somebody got by source, and lists it.
func (s *Server) fillReceived(p *page.ReceivedPage, got []rewards.Given) error {
	var order []bank.ID
	sums := map[bank.ID]ledger.Cents{}
	names := map[bank.ID]rewards.Source{}
	for _, g := range got {
		if _, known := names[g.Source]; !known {
			src, err := s.rewards.Source(g.Source)
			if err != nil {
				return err
			}
			names[g.Source] = src
			order = append(order, g.Source)
		}
		sums[g.Source] += g.Cents
		p.Lines = append(p.Lines, page.ReceivedLine{
			When: p.Lang.ShortDate(demurrage.Day(g.Day).Time()), Source: names[g.Source].Name, Amount: p.Lang.Money(int64(g.Cents)),
		})
	}
	for _, id := range order {
		p.Sums = append(p.Sums, page.ReceivedSum{Source: names[id].Name, Kind: kindKey(names[id].Kind), Amount: p.Lang.Money(int64(sums[id]))})
	}
	return nil
}
