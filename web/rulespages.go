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

	errBadLimits = errors.New("these limits cannot be set")
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

// The kinds of proposals about rules: of the coin, of the wijk, and up to how much
// is paid without PIN or by card.
const (
	coinRules foureyes.Kind = "policy"
	wijkRules foureyes.Kind = "rules"
	payLimits foureyes.Kind = "limits"
)

// rulesDraft is other rules of one kind, as a form has them.
type rulesDraft struct {
	title   page.Key
	help    page.Key
	ask     page.Key // how the way to its form is called
	kind    foureyes.Kind
	path    string
	from    demurrage.Day // nought: as soon as they are agreed to
	policy  ledger.Policy
	rules   node.Rules
	limits  node.Limits
	figures []figure
}

// ruleForms are the forms for other rules, by the last part of their address.
var ruleForms = map[string]rulesDraft{
	"coin":   {kind: coinRules, title: "rules.coin", help: "rules.coinhelp", ask: "rules.tocoin"},
	"wijk":   {kind: wijkRules, title: "rules.wijk", help: "rules.wijkhelp", ask: "rules.towijk"},
	"limits": {kind: payLimits, title: "rules.limits", help: "rules.limitshelp", ask: "rules.tolimits"},
}

// draftOf begins with the rules of today.
func (s *Server) draftOf(r *http.Request, v visit) (d rulesDraft, err error) {
	name := r.PathValue("kind")
	d, ok := ruleForms[name]
	if !ok {
		return d, errNotFound
	}
	if !s.foureyes.MayPropose(v.person.Role, d.kind) {
		return d, foureyes.ErrRole
	}
	d.path, d.rules, d.limits = "/desk/rules/"+name, s.node.Rules(), s.node.Settings().Limits
	if d.policy, err = s.policyNow(); err == nil {
		d.from, err = s.earliest(d.kind)
	}
	return d, err
}

// bind makes the fields of a draft, which change it.
func (d *rulesDraft) bind(lang page.Lang) {
	switch d.kind {
	case coinRules:
		d.figures = coinFigures(lang, &d.policy)
	case wijkRules:
		d.figures = wijkFigures(lang, &d.rules)
	case payLimits:
		d.figures = limitFigures(lang, &d.limits)
	}
}

// earliest is the first day on which other rules can begin; nought for those that
// hold at once.
func (s *Server) earliest(kind foureyes.Kind) (day demurrage.Day, err error) {
	switch kind {
	case payLimits:
		return 0, nil
	case wijkRules:
		return s.node.Today() + 1, nil
	}
	day = s.node.Today() + 1
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
	d, err := s.draftOf(r, v)
	if err != nil {
		return err
	}
	d.bind(v.lang)
	return s.rulesForm(w, r, v, http.StatusOK, &d, "")
}

func (s *Server) rulesForm(w http.ResponseWriter, r *http.Request, v visit, status int, d *rulesDraft, problem string) error {
	first, err := s.earliest(d.kind)
	if err != nil {
		return err
	}
	p := page.RulesFormPage{
		Base: s.base(r, v), Title: d.title, Help: d.help, Action: d.path + "/try",
		Fields: fields(d.figures), Problem: problem,
	}
	if first != 0 {
		p.From, p.Earliest = d.from.String(), v.lang.Date(first.Time())
	}
	for _, name := range []string{"coin", "wijk", "limits"} {
		if to := ruleForms[name]; to.kind != d.kind && s.foureyes.MayPropose(v.person.Role, to.kind) {
			p.Others = append(p.Others, page.RulesOther{Href: "/desk/rules/" + name, Label: to.ask})
		}
	}
	return s.show(w, status, p)
}

// typedRules reads what was filled in, and checks whether it can be set.
func (s *Server) typedRules(r *http.Request, v visit, typed url.Values) (*rulesDraft, error) {
	d, err := s.draftOf(r, v)
	if err != nil {
		return nil, err
	}
	d.bind(v.lang)
	if bad := fillIn(d.figures, typed); bad != "" {
		return &d, badFigure{bad}
	}
	if d.kind == payLimits {
		return &d, limitsSettable(d.limits)
	}
	if d.from, err = demurrage.ParseDay(typed.Get("from")); err != nil {
		return &d, errBadDay
	}
	if d.kind == coinRules {
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
	case isErr(err, errBadDay, errBadRules, errBadLimits, fund.ErrText):
		return lang.Text(answerTo(err).text)
	}
	return ""
}

// tryRules shows what other rules would have done.
func (s *Server) tryRules(w http.ResponseWriter, r *http.Request, v visit) error {
	d, err := s.typedRules(r, v, r.URL.Query())
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
	p.Base, p.Title, p.Begin = s.base(r, v), d.title, v.lang.Text("rules.atonce")
	body, err := s.rulesBody(d, seen)
	if err != nil {
		return err
	}
	p.Changes = body.changes(p.Base)
	p.Groups, p.Fields = seen.told(v.lang), fields(d.figures)
	if d.from != 0 {
		p.Begin = p.T("rules.from", "day", v.lang.Date(d.from.Time()))
		p.Period = p.T("rules.period", "from", v.lang.Date(seen.From.Time()), "to", v.lang.Date(seen.To.Time()))
		p.Fields = append(p.Fields, page.RuleField{Name: "from", Value: d.from.String()})
	}
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
	d, err := s.typedRules(r, v, r.PostForm)
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
	var asked *foureyes.Proposal
	if err == nil {
		asked, err = s.foureyes.Propose(r.Context(), v.person.ID, foureyes.Draft{ID: id, Kind: d.kind, Body: body, Why: why})
	}
	if problem := rulesProblem(v.lang, err); problem != "" {
		return s.tryPage(w, r, v, http.StatusUnprocessableEntity, d, seen, page.RulesTryPage{Form: f[0], Why: f[1], Problem: problem})
	}
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/proposals/"+asked.ID.String()+"?done=proposed")
}

// foresee tries a draft on the journal. One thing that reads the whole journal is
// made at a time. The journal does not say who showed a PIN, so that limits are
// not tried.
func (s *Server) foresee(ctx context.Context, d *rulesDraft) (seen foreseen, err error) {
	if d.kind == payLimits {
		return seen, nil
	}
	err = s.oneAtATime(ctx, func() error {
		return s.node.Read(func(v *node.View) error {
			if d.kind == coinRules {
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
	})
	return seen, err
}
