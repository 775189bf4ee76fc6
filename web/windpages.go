package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"grulden/demurrage"
	"grulden/internal/foureyes"
	"grulden/internal/fund"
	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/winddown"
	"grulden/ledger"
	"grulden/web/page"
)

// enders see how the coin ends; the board decides that it does.
var enders = []people.Role{people.Treasurer, people.Board}

// windRoutes are about the end of the coin.
func windRoutes() []route {
	treasurer := []people.Role{people.Treasurer}
	return []route{
		{pattern: "GET /desk/stop", roles: enders, page: (*Server).showWind},
		{pattern: "POST /desk/stop", roles: enders, page: (*Server).proposeWind},
		{pattern: "POST /desk/stop/ask", roles: treasurer, page: (*Server).windAsk},
		{pattern: "POST /desk/stop/close", roles: treasurer, page: (*Server).windClose},
		{pattern: "GET /desk/stop/statements", roles: enders, page: (*Server).showFinals},
	}
}

// agreeing is how many days the board has to agree: the earliest day moves on
// with every day.
const agreeing = 7

// endRoles are the roles of accounts that turn everything into euros in the end.
var endRoles = []string{string(people.Merchant), string(people.Resident), fund.Role}

// endRules are the rules of the wijk from the last day on: nobody can top up more
// than a cent, which nobody does.
func endRules(r node.Rules) node.Rules {
	r.TopUpMonth = 1
	return r
}

// windProposals are the decision to end the coin.
func (s *Server) windProposals() map[foureyes.Kind]proposal {
	return map[foureyes.Kind]proposal{"wind-down": {
		Rule: foureyes.Rule{First: enders, Second: board, Check: s.checkRules, Do: s.setLast}, told: s.toldRules,
	}}
}

// setLast sets the last policy, and the rule that nobody tops up any more.
func (s *Server) setLast(ctx context.Context, p *foureyes.Proposal) error {
	var b rulesBody
	if err := p.Into(&b); err != nil {
		return foureyes.Impossible(err)
	}
	if err := s.setRules(ctx, p); err != nil {
		return err
	}
	rules := endRules(s.node.RulesOn(b.From))
	return s.setWijkRules(rulesBody{From: b.From, Rules: &rules})
}

// showWind shows how far the end is, and the next step.
func (s *Server) showWind(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.windPage(w, r, v, http.StatusOK, "")
}

func (s *Server) windPage(w http.ResponseWriter, r *http.Request, v visit, status int, problem page.Key) error {
	plan, err := winddown.New(s.node, s.people, s.coupons).Plan()
	if err != nil {
		return err
	}
	p := page.WindPage{Base: s.base(r, v), Form: people.NewID().String()}
	if problem != "" {
		p.Problem = p.T(problem)
	}
	if err := s.nextStep(&p, plan); err != nil {
		return err
	}
	group := func(g winddown.Group) string {
		return p.T("wind.group", "count", strconv.Itoa(g.Count), "sum", v.lang.Money(int64(g.Sum)))
	}
	p.Facts = append(
		p.Facts,
		page.Told{What: p.T("wind.open"), Value: strconv.Itoa(plan.Open)},
		page.Told{What: p.T("wind.held"), Value: group(plan.Held)},
		page.Told{What: p.T("wind.waiting"), Value: group(plan.Waiting)},
		page.Told{What: p.T("wind.bank"), Value: group(plan.Bank)},
		page.Told{What: p.T("wind.hand"), Value: group(plan.ByHand)},
		page.Told{What: p.T("wind.nobody"), Value: group(plan.Nobody)},
		page.Told{What: p.T("wind.paper"), Value: group(plan.Paper)},
		page.Told{What: p.T("wind.fund"), Value: v.lang.Money(int64(plan.Fund))},
		page.Told{What: p.T("wind.reserve"), Value: v.lang.Euro(int64(plan.Reserve))},
	)
	for _, f := range plan.Finals {
		if f.Person.IBAN == "" && f.Person.Account != 0 {
			p.ByHand = append(p.ByHand, page.FundLine{Icon: "person", What: f.Person.Title(), Sum: v.lang.Euro(int64(f.Cents))})
		}
	}
	return s.show(w, status, p)
}

// nextStep finds what comes next, and the button for it.
func (s *Server) nextStep(p *page.WindPage, plan *winddown.Plan) error {
	from, decided, err := s.lastRules()
	if err != nil {
		return err
	}
	switch {
	case plan.Over():
		p.Next = "wind.over"
	case plan.Last && plan.Held.Count > 0:
		p.Next, p.Action, p.Button, p.Sure = "wind.asknow", "/desk/stop/ask", "wind.ask", "wind.sureask"
	case plan.Last && plan.Waiting.Count > 0:
		p.Next = "wind.paynow"
	case plan.Last && plan.Paper.Count > 0: // what came back or was booked is asked for with the same button
		p.Next, p.Action, p.Button, p.Sure = "wind.papernow", "/desk/stop/ask", "wind.ask", "wind.sureask"
	case plan.Last && plan.Open > 0:
		p.Next, p.Action, p.Button, p.Sure = "wind.closenow", "/desk/stop/close", "wind.close", "wind.sureclose"
	case plan.Last:
		p.Next = "wind.restnow"
	case decided:
		p.Next = "wind.wait"
		p.Facts = append(p.Facts, page.Told{What: p.T("wind.from"), Value: p.Lang.Date(from.Time())})
	default:
		p.Next, p.Action, p.Button, p.Sure, p.Asks = "wind.begin", "/desk/stop", "wind.propose", "wind.sureend", true
	}
	return nil
}

// lastRules finds a last policy that was decided and does not hold yet.
func (s *Server) lastRules() (from demurrage.Day, decided bool, err error) {
	all, err := s.ahead()
	for _, d := range all {
		if d.policy != nil && d.policy.Ends() {
			return d.from, true, err
		}
	}
	return 0, false, err
}

// proposeWind asks the board to agree that the coin ends.
func (s *Server) proposeWind(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "form", "why", "sure")
	if err != nil {
		return err
	}
	id, err := ledger.ParseID(f[0])
	why, textErr := fund.Text(f[1])
	if err != nil || textErr != nil || f[2] != "yes" {
		return s.windPage(w, r, v, http.StatusUnprocessableEntity, "grant.text")
	}
	d := &rulesDraft{kind: coinRules}
	if d.from, err = s.earliest(coinRules); err != nil {
		return err
	}
	d.from += agreeing
	d.policy = winddown.Policy(d.from, slices.Sorted(slices.Values(endRoles)))
	seen, err := s.foresee(r.Context(), d)
	if err != nil {
		return err
	}
	body, err := s.rulesBody(d, seen)
	if err == nil {
		_, err = s.foureyes.Propose(r.Context(), v.person.ID, foureyes.Draft{ID: id, Kind: "wind-down", Body: body, Why: why})
	}
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/stop?done=proposed")
}

// windAsk asks for all euros of everybody.
func (s *Server) windAsk(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.windStep(w, r, v, "wind-asked", "asked", func(ctx context.Context, d *winddown.WindDown) (int, error) {
		g, err := d.Ask(ctx, v.auth())
		return g.Count, err
	})
}

// windClose closes all that is empty.
func (s *Server) windClose(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.windStep(w, r, v, "wind-closed", "allclosed", func(ctx context.Context, d *winddown.WindDown) (int, error) {
		return d.Close(ctx, v.auth())
	})
}

// windStep does one step and enters it in the logbook.
func (s *Server) windStep(w http.ResponseWriter, r *http.Request, v visit, act logbook.Kind, done string, step func(context.Context, *winddown.WindDown) (int, error)) error {
	f, err := form(r, "sure")
	if err != nil {
		return err
	}
	if f[0] != "yes" {
		return errBadForm
	}
	n, err := step(r.Context(), winddown.New(s.node, s.people, s.coupons))
	if isErr(err, winddown.ErrNotYet, winddown.ErrPaper) {
		return s.windPage(w, r, v, http.StatusConflict, "wind.later")
	}
	if err != nil {
		return err
	}
	_, err = s.logbook.Record(r.Context(), logbook.Entry{
		By: v.person.ID, How: v.how, Kind: act, Facts: []logbook.Fact{{Name: "count", Value: strconv.Itoa(n)}},
	})
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/stop?done="+done)
}

// showFinals shows everybody's last statement, to be printed.
func (s *Server) showFinals(w http.ResponseWriter, r *http.Request, v visit) error {
	plan, err := winddown.New(s.node, s.people, s.coupons).Plan()
	if err != nil {
		return err
	}
	p := page.FinalsPage{Base: s.base(r, v)}
	for _, f := range plan.Finals {
		line := page.FinalLine{Who: f.Person.Title(), Sum: v.lang.Euro(int64(f.Cents)), How: p.T("wind.tohand")}
		if iban := f.Person.IBAN; len(iban) > 4 {
			line.How = p.T("wind.tobank", "end", iban[len(iban)-4:])
		}
		if f.Person.Account != 0 {
			p.Finals = append(p.Finals, line)
		}
	}
	return s.show(w, http.StatusOK, p)
}
