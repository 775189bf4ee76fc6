package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"grulden/internal/fund"
	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/ledger"
	"grulden/web/page"
)

// spenders propose what the wijkfonds gives, and agree to it.
var spenders = []people.Role{people.Treasurer, people.Board}

// fundRoutes are about the wijkfonds.
func fundRoutes() []route {
	return []route{
		{pattern: "GET /wijkfonds", roles: everybody, page: (*Server).showFund},
		{pattern: "GET /desk/fund", roles: spenders, page: (*Server).showSpending},
		{pattern: "POST /desk/fund/purposes", roles: spenders, page: (*Server).proposePurpose},
		{pattern: "POST /desk/fund/purposes/{id}/end", roles: spenders, page: (*Server).endPurpose},
		{pattern: "GET /desk/fund/grant", roles: spenders, page: (*Server).askGrant},
		{pattern: "POST /desk/fund/grant", roles: spenders, page: (*Server).proposeGrant},
		{pattern: "POST /desk/bank/{id}/gift", roles: []people.Role{people.Treasurer}, page: (*Server).takeGift},
	}
}

// showFund shows everybody what the wijkfonds has, got and spent.
func (s *Server) showFund(w http.ResponseWriter, r *http.Request, v visit) error {
	state, err := s.fund.State()
	if err != nil {
		return err
	}
	money := func(c ledger.Cents) string { return v.lang.Money(int64(c)) }
	p := page.FundPage{
		Base: s.base(r, v), InHand: money(state.Melted + state.Gifts), Spent: money(state.Promise.Spent()),
		Share: share(v.lang, state.Promise), Promised: v.lang.Percent(int64(state.Promise.Percent) * 10), Kept: state.Promise.Kept(),
	}
	p.Income = incomeLines(p.Base, state)
	if p.Purposes, err = s.purposeLines(v.lang, state, func(p fund.Purpose) bool { return state.Spent[p.ID].Grants > 0 }); err != nil {
		return err
	}
	if loose := state.Spent[fund.ID{}]; loose.Grants > 0 {
		p.Purposes = append(p.Purposes, page.PurposeLine{
			Name: p.T("fund.nopurpose"), For: "purpose.without", Bad: true, Sum: money(loose.Cents), Count: times(v.lang, loose.Grants),
		})
	}
	if p.Breaks, err = s.breakLines(v.lang); err != nil {
		return err
	}
	var seq uint64
	err = s.node.Read(func(view *node.View) error {
		seq = view.Head().Seq
		return nil
	})
	p.As = p.T("fund.as", "when", v.lang.DateTime(inWijk(s.node.Now())), "count", strconv.FormatUint(seq, 10))
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

// incomeLines are what came in, by kind.
func incomeLines(b page.Base, state fund.State) (lines []page.FundLine) {
	for _, line := range []struct {
		icon       string
		what, help page.Key
		sum        ledger.Cents
	}{
		{"drop", "fund.melting", "fund.meltinghelp", state.FromMelting},
		{"shop", "fund.fees", "fund.feeshelp", state.FromFees},
		{"gift", "fund.gifts", "fund.giftshelp", state.FromGifts},
	} {
		if line.sum != 0 {
			lines = append(lines, page.FundLine{Icon: line.icon, What: b.T(line.what), Help: b.T(line.help), Sum: b.Lang.Money(int64(line.sum))})
		}
	}
	return lines
}

// share is the promise's figure as a text, empty while nothing was spent.
func share(lang page.Lang, p fund.Promise) string {
	tenths, ok := p.Share()
	if !ok {
		return ""
	}
	return lang.Percent(tenths)
}

func times(lang page.Lang, n int) string {
	return lang.Text("fund.times", "count", strconv.Itoa(n))
}

// purposeLines are the purposes that are wanted, those for people with money
// worries first.
func (s *Server) purposeLines(lang page.Lang, state fund.State, wanted func(fund.Purpose) bool) (lines []page.PurposeLine, err error) {
	all, err := s.fund.Purposes()
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b fund.Purpose) int {
		if a.Need != b.Need {
			if a.Need {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	for _, p := range all {
		if wanted(p) {
			lines = append(lines, purposeLine(lang, p, state.Spent[p.ID]))
		}
	}
	return lines, nil
}

func purposeLine(lang page.Lang, p fund.Purpose, spent fund.Spending) page.PurposeLine {
	return page.PurposeLine{
		ID: p.ID.String(), Name: p.Name, For: forWhom(p.Need), Need: p.Need, Ended: p.Ended,
		Sum: lang.Money(int64(spent.Cents)), Count: times(lang, spent.Grants),
	}
}

func forWhom(need bool) page.Key {
	if need {
		return "purpose.need"
	}
	return "purpose.other"
}

// breakLines are the grants that broke the promise, the latest first.
func (s *Server) breakLines(lang page.Lang) (lines []page.BreakLine, err error) {
	all, err := s.promiseBreaks()
	if err != nil {
		return nil, err
	}
	for _, g := range slices.Backward(all) {
		p, err := s.fund.Purpose(g.Purpose)
		if err != nil {
			return nil, err
		}
		lines = append(lines, page.BreakLine{
			When: lang.Date(inWijk(g.At)), Purpose: p.Name, Why: g.Why, Sum: lang.Money(int64(g.Cents)),
		})
	}
	return lines, nil
}

// showSpending shows where money can be given from the wijkfonds.
func (s *Server) showSpending(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.spendingPage(w, r, v, http.StatusOK, page.SpendingPage{Form: people.NewID().String()})
}

func (s *Server) spendingPage(w http.ResponseWriter, r *http.Request, v visit, status int, p page.SpendingPage) error {
	state, err := s.fund.State()
	if err != nil {
		return err
	}
	p.Base = s.base(r, v)
	p.InHand, p.Room = v.lang.Money(int64(state.Melted+state.Gifts)), v.lang.Money(int64(min(state.Promise.Room(), state.Melted+state.Gifts)))
	p.Share, p.Promised, p.Kept = share(v.lang, state.Promise), v.lang.Percent(int64(state.Promise.Percent)*10), state.Promise.Kept()
	if p.Purposes, err = s.purposeLines(v.lang, state, func(p fund.Purpose) bool { return !p.Ended }); err != nil {
		return err
	}
	return s.show(w, status, p)
}

// endPurpose stops a purpose: nothing more is given for it.
func (s *Server) endPurpose(w http.ResponseWriter, r *http.Request, v visit) error {
	var id fund.ID
	if id.UnmarshalText([]byte(r.PathValue("id"))) != nil {
		return errNotFound
	}
	p, err := s.fund.Purpose(id)
	if err != nil {
		return err
	}
	if err := s.fund.EndPurpose(id); err != nil {
		return err
	}
	_, err = s.logbook.Record(r.Context(), logbook.Entry{
		By: v.person.ID, How: v.how, Kind: "purpose-ended", Facts: []logbook.Fact{{Name: "purpose", Value: p.Name}},
	})
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/fund?done=purposeended")
}

// askGrant asks who gets a grant, and then how much.
func (s *Server) askGrant(w http.ResponseWriter, r *http.Request, v visit) error {
	q := r.URL.Query()
	p := page.GrantPage{Query: q.Get("q"), Form: people.NewID().String()}
	return s.grantPage(w, r, v, http.StatusOK, p, q.Get("purpose"), q.Get("person"))
}

func (s *Server) grantPage(w http.ResponseWriter, r *http.Request, v visit, status int, p page.GrantPage, purpose, who string) error {
	var id fund.ID
	if id.UnmarshalText([]byte(purpose)) != nil {
		return errNotFound
	}
	chosen, err := s.fund.Purpose(id)
	if err != nil {
		return err
	}
	state, err := s.fund.State()
	if err != nil {
		return err
	}
	p.Base, p.Purpose = s.base(r, v), purposeLine(v.lang, chosen, state.Spent[id])
	p.InHand, p.Promised = v.lang.Money(int64(state.Melted+state.Gifts)), v.lang.Percent(int64(state.Promise.Percent)*10)
	p.Breaks = p.Breaks || !chosen.Need && state.Promise.Breaks(1)
	if person, ok := parsePersonID(who); ok {
		if p.Who, err = s.receiverLine(person); err != nil {
			return err
		}
		return s.show(w, status, p)
	}
	if p.People, p.More, err = s.receivers(p.Query); err != nil {
		return err
	}
	return s.show(w, status, p)
}

// receivers are the people found who can get a grant; nobody before one was
// looked for.
func (s *Server) receivers(query string) (lines []page.PersonLine, more bool, err error) {
	if query == "" {
		return nil, false, nil
	}
	found, more, err := s.people.Search(query, listed)
	if err != nil {
		return nil, false, err
	}
	for _, f := range found {
		if !f.Role.HasPurse() {
			continue
		}
		line, err := s.receiverLine(f.ID)
		if err != nil {
			return nil, false, err
		}
		lines = append(lines, line)
	}
	return lines, more, nil
}

// receiverLine is somebody who can get a grant.
func (s *Server) receiverLine(id people.ID) (page.PersonLine, error) {
	p, ok, err := s.people.Person(id)
	if err == nil && (!ok || !p.Role.HasPurse()) {
		err = people.ErrNobody
	}
	line := page.PersonLine{Href: id.String(), Name: p.Title(), Role: roleKey(p.Role), Icon: roleIcons[p.Role]}
	if line.Icon == "" {
		line.Icon = "person"
	}
	return line, err
}

// takeGift turns money at the bank that is for nobody in particular into a gift
// to the wijkfonds, one for one.
func (s *Server) takeGift(w http.ResponseWriter, r *http.Request, v visit) error {
	entry, err := s.entryOf(r)
	if err != nil {
		return err
	}
	f, err := form(r, "sure")
	if err == nil && f[0] != "yes" {
		err = errBadForm
	}
	if err != nil {
		return err
	}
	purse, err := s.fund.Purse(r.Context(), v.auth())
	if err != nil {
		return err
	}
	if err := s.bank.CheckMatch(entry, purse); err != nil { // before anything is entered as a gift
		return s.matchRefused(w, r, v, err)
	}
	_, err = s.logbook.Record(r.Context(), logbook.Entry{
		ID: actID(actGift, entry.ID.String()), By: v.person.ID, How: v.how, Kind: actGift,
		Facts: []logbook.Fact{{Name: "issued", Value: entry.Cents.String()}, {Name: "entry", Value: entry.Day.String()}},
	})
	if err != nil {
		return err
	}
	if _, err := s.bank.MatchByHand(r.Context(), entry.ID, purse, v.auth()); err != nil {
		return refusal(err)
	}
	return goTo(w, r, "/desk/bank?done=gifted")
}

// isFundProblem tells whether a grant or purpose was refused for a reason that its
// form can say.
func isFundProblem(err error) bool {
	return isErr(err, fund.ErrPromise, fund.ErrShort, fund.ErrText, fund.ErrPurpose, fund.ErrAmount, ledger.ErrAmount) && !errors.Is(err, errBadForm)
}
