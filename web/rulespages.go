package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/internal/foureyes"
	"grulden/internal/fund"
	"grulden/internal/node"
	"grulden/internal/people"
	coinpolicy "grulden/internal/policy"
	"grulden/ledger"
	"grulden/web/page"
)

// rulers propose rules; the board is always one of the two.
var rulers = []people.Role{people.Treasurer, people.Board, people.Administrator}

// Refusals of a form with rules.
var (
	errBadDay   = errors.New("rules cannot begin on this day")
	errBadRules = errors.New("these rules cannot be set")
)

// badFigure says which figure cannot be read.
type badFigure struct{ label page.Key }

// Error names the figure.
func (e badFigure) Error() string {
	return "this figure of the rules cannot be read: " + string(e.label)
}

// rulesRoutes are about the rules of coin and wijk.
func rulesRoutes() []route {
	return []route{
		{pattern: "GET /rules", roles: everybody, page: (*Server).showRules},
		{pattern: "GET /desk/rules/{kind}", roles: rulers, page: (*Server).askRules},
		{pattern: "GET /desk/rules/{kind}/try", roles: rulers, page: (*Server).tryRules},
		{pattern: "POST /desk/rules/{kind}", roles: rulers, page: (*Server).proposeRules},
	}
}

// rulesDraft is other rules, as a form has them: those of the coin, or those of
// the wijk.
type rulesDraft struct {
	coin    bool
	title   page.Key
	kind    foureyes.Kind
	path    string
	from    demurrage.Day
	policy  ledger.Policy
	rules   node.Rules
	figures []figure
}

// draftOf begins with the rules of today.
func (s *Server) draftOf(r *http.Request, lang page.Lang) (d rulesDraft, err error) {
	switch r.PathValue("kind") {
	case "coin":
		d = rulesDraft{coin: true, title: "rules.coin", kind: "policy", path: "/desk/rules/coin"}
		if d.policy, err = s.policyNow(); err != nil {
			return d, err
		}
	case "wijk":
		d = rulesDraft{title: "rules.wijk", kind: "rules", path: "/desk/rules/wijk", rules: s.node.Rules()}
	default:
		return d, errNotFound
	}
	d.from, err = s.earliest(d.coin)
	return d, err
}

// bind makes the fields of a draft, which change it.
func (d *rulesDraft) bind(lang page.Lang) {
	if d.coin {
		d.figures = coinFigures(lang, &d.policy)
	} else {
		d.figures = wijkFigures(lang, &d.rules)
	}
}

// earliest is the first day on which other rules can begin.
func (s *Server) earliest(coin bool) (day demurrage.Day, err error) {
	day = s.node.Today() + 1
	if !coin {
		return day, nil
	}
	err = s.node.Read(func(v *node.View) error {
		if len(v.Head().Policies) == 0 {
			return nil
		}
		now := s.momentAfter(v)
		day, err = coinpolicy.Earliest(v, now)
		return err
	})
	return day, err
}

// momentAfter is now, and never before the last entry.
func (s *Server) momentAfter(v *node.View) ledger.Moment {
	now, last := civil.Moment(s.node.Now()), v.Head().Moment
	if now.At.Before(last.At) {
		return last
	}
	now.Day = s.node.Today()
	return now
}

// askRules shows the form.
func (s *Server) askRules(w http.ResponseWriter, r *http.Request, v visit) error {
	d, err := s.draftOf(r, v.lang)
	if err != nil {
		return err
	}
	d.bind(v.lang)
	return s.rulesForm(w, r, v, http.StatusOK, &d, "")
}

func (s *Server) rulesForm(w http.ResponseWriter, r *http.Request, v visit, status int, d *rulesDraft, problem string) error {
	first, err := s.earliest(d.coin)
	if err != nil {
		return err
	}
	p := page.RulesFormPage{
		Base: s.base(r, v), Title: d.title, Help: "rules.wijkhelp", Action: d.path + "/try", From: d.from.String(),
		Earliest: v.lang.Date(first.Time()), Fields: fields(d.figures), Problem: problem,
		Other: "/desk/rules/coin", OtherKey: "rules.tocoin",
	}
	if d.coin {
		p.Help, p.Other, p.OtherKey = "rules.coinhelp", "/desk/rules/wijk", "rules.towijk"
	}
	return s.show(w, status, p)
}

// typedRules reads what was filled in, and checks whether it can be set.
func (s *Server) typedRules(r *http.Request, lang page.Lang, typed url.Values) (*rulesDraft, error) {
	d, err := s.draftOf(r, lang)
	if err != nil {
		return nil, err
	}
	d.bind(lang)
	if bad := fillIn(d.figures, typed); bad != "" {
		return &d, badFigure{bad}
	}
	if d.from, err = demurrage.ParseDay(typed.Get("from")); err != nil {
		return &d, errBadDay
	}
	if d.coin {
		d.policy.From = d.from
		return &d, s.settable(d.policy)
	}
	return &d, s.rulesSettable(d.from, d.rules)
}

// settable tells whether the ledger would take a policy now.
func (s *Server) settable(p ledger.Policy) error {
	return s.node.Read(func(v *node.View) error {
		now := s.momentAfter(v)
		_, result, err := ledger.Decide(v, now, ledger.Key{}, ledger.SetPolicy{Policy: p, HasFrom: true})
		switch {
		case err != nil || result == ledger.Applied:
			return err
		case result == ledger.PolicyTooSoon:
			return errBadDay
		}
		return errBadRules
	})
}

func (s *Server) rulesSettable(from demurrage.Day, r node.Rules) error {
	switch {
	case from <= s.node.Today():
		return errBadDay
	case !r.Valid():
		return errBadRules
	}
	return nil
}

// rulesProblem is what is wrong with a form of rules, in words; empty for other
// errors.
func rulesProblem(lang page.Lang, err error) string {
	var bad badFigure
	switch {
	case errors.As(err, &bad):
		return lang.Text("rules.bad", "field", lang.Text(bad.label))
	case isErr(err, errBadDay, errBadRules, fund.ErrText):
		return lang.Text(answerTo(err).text)
	}
	return ""
}

// tryRules shows what other rules would have done.
func (s *Server) tryRules(w http.ResponseWriter, r *http.Request, v visit) error {
	d, err := s.typedRules(r, v.lang, r.URL.Query())
	if problem := rulesProblem(v.lang, err); problem != "" {
		return s.rulesForm(w, r, v, http.StatusUnprocessableEntity, d, problem)
	}
	if err != nil {
		return err
	}
	seen, err := s.foresee(r.Context(), d)
	if err != nil {
		return err
	}
	return s.tryPage(w, r, v, http.StatusOK, d, seen, page.RulesTryPage{Form: people.NewID().String()})
}

func (s *Server) tryPage(w http.ResponseWriter, r *http.Request, v visit, status int, d *rulesDraft, seen foreseen, p page.RulesTryPage) error {
	p.Base, p.Title, p.From = s.base(r, v), d.title, v.lang.Date(d.from.Time())
	body, err := s.rulesBody(d, seen)
	if err != nil {
		return err
	}
	p.Changes = body.changes(p.Base)
	p.Period = p.T("rules.period", "from", v.lang.Date(seen.From.Time()), "to", v.lang.Date(seen.To.Time()))
	p.Groups = seen.told(v.lang)
	p.Fields = append(fields(d.figures), page.RuleField{Name: "from", Value: d.from.String()})
	p.Action, p.Back = d.path, d.path
	return s.show(w, status, p)
}

// proposeRules asks a second person to agree to other rules, with what they would
// have done.
func (s *Server) proposeRules(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "form", "why")
	if err != nil {
		return err
	}
	id, err := ledger.ParseID(f[0])
	if err != nil {
		return errBadForm
	}
	d, err := s.typedRules(r, v.lang, r.PostForm)
	if problem := rulesProblem(v.lang, err); problem != "" {
		return s.rulesForm(w, r, v, http.StatusUnprocessableEntity, d, problem)
	}
	if err != nil {
		return err
	}
	seen, err := s.foresee(r.Context(), d)
	if err != nil {
		return err
	}
	body, err := s.rulesBody(d, seen)
	if err != nil {
		return err
	}
	why, err := fund.Text(f[1])
	if err == nil {
		_, err = s.foureyes.Propose(r.Context(), v.person.ID, foureyes.Draft{ID: id, Kind: d.kind, Body: body, Why: why})
	}
	if problem := rulesProblem(v.lang, err); problem != "" {
		return s.tryPage(w, r, v, http.StatusUnprocessableEntity, d, seen, page.RulesTryPage{Form: f[0], Why: f[1], Problem: problem})
	}
	if err != nil {
		return err
	}
	return goTo(w, r, d.path+"?done=proposed")
}

// foresee tries a draft on the journal. One thing that reads the whole journal is
// made at a time.
func (s *Server) foresee(ctx context.Context, d *rulesDraft) (seen foreseen, err error) {
	select {
	case s.reporting <- struct{}{}:
		defer func() { <-s.reporting }()
	case <-ctx.Done():
		return seen, ctx.Err()
	}
	err = s.node.Read(func(v *node.View) error {
		if d.coin {
			p, err := coinpolicy.Try(ctx, v.All(), d.policy, s.node.Today(), func(uint64) {})
			if err == nil {
				seen = foreseenOf(p)
			}
			return err
		}
		e, err := coinpolicy.TryRules(v.All(), d.rules.TopUpMonth, ownTopUp, s.node.Today())
		seen = foreseen{From: e.From, To: e.To, Wijk: &effect{TopUps: e.TopUps}}
		if !d.rules.ResidentsPay {
			seen.Wijk.Between = e.Between
		}
		return err
	})
	return seen, err
}
