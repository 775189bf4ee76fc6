package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"

	"grulden/demurrage"
	"grulden/internal/node"
	coinpolicy "grulden/internal/policy"
	"grulden/internal/whatif"
	"grulden/ledger"
	"grulden/web/page"
)

// whatIfRoutes are for who wonders about the rules and decides nothing.
func whatIfRoutes() []route {
	return []route{
		{pattern: "GET /whatif", roles: auditors, page: (*Server).askWhatIf},
		{pattern: "GET /whatif/seen", roles: auditors, page: (*Server).showWhatIf},
		{pattern: "GET /whatif.csv", roles: auditors, page: (*Server).whatIfCSV},
		{pattern: "GET /whatif.json", roles: auditors, page: (*Server).whatIfJSON},
	}
}

// onModel is a made-up wijk, among what other rules can be tried on.
const onModel = "model"

// triedOn is what other rules can be tried on, the usual one first.
var triedOn = []struct {
	name              string
	label, help, lead page.Key
}{
	{"history", "whatif.history", "whatif.historyhelp", "whatif.onhistory"},
	{onModel, "whatif.model", "whatif.modelhelp", "whatif.onmodel"},
}

// orderWords are the orders in which a payment could take money.
var orderWords = map[ledger.Order]page.Key{
	ledger.MeltsFirst: "order.melts-first", ledger.OldestFirst: "order.oldest-first",
	ledger.NewestFirst: "order.newest-first", ledger.RipestFirst: "order.ripest-first",
}

// wellKnown are other rules that people ask about, each one change away from
// those of today.
var wellKnown = []struct {
	name   string
	label  page.Key
	change func(*coinpolicy.Scenario)
}{
	{"three", "whatif.three", func(s *coinpolicy.Scenario) { s.Policy.Hops = 3 }},
	{"seven", "whatif.seven", func(s *coinpolicy.Scenario) { s.Policy.Hops = 7 }},
	{"month", "whatif.month", func(s *coinpolicy.Scenario) { s.Policy.Rate, s.Policy.Every = 10_000_000, demurrage.Monthly }},
	{"grace", "whatif.grace", func(s *coinpolicy.Scenario) { s.Policy.GraceDays = 0 }},
	{"newest", "whatif.newest", func(s *coinpolicy.Scenario) { s.Order = ledger.NewestFirst }},
}

// errNoRules says that no other rules were chosen.
var errNoRules = errors.New("no other rules were chosen to be tried")

// question is what somebody asks of the page.
type question struct {
	on      int      // of triedOn
	known   []string // of wellKnown
	now     ledger.Policy
	own     coinpolicy.Scenario
	figures []figure
	others  []coinpolicy.Scenario
}

// questionOf begins with the rules of today.
func (s *Server) questionOf(v visit) (*question, error) {
	now, err := s.policyNow()
	if err != nil {
		return nil, err
	}
	q := &question{now: now, own: coinpolicy.Scenario{Name: v.lang.Text("whatif.mine"), Policy: now}}
	options := []page.RuleOption{}
	for _, o := range ledger.Orders() {
		options = append(options, page.RuleOption{Value: o.String(), Label: orderWords[o]})
	}
	order := choice("spending", "field.spending", q.own.Order.String(), func(text string) {
		if i := slices.IndexFunc(ledger.Orders(), func(o ledger.Order) bool { return o.String() == text }); i >= 0 {
			q.own.Order = ledger.Orders()[i]
		}
	}, options...)
	order.Help = "whatif.nolaw"
	q.figures = append(coinFigures(v.lang, &q.own.Policy), order)
	return q, nil
}

// read takes what was chosen. What makes no difference is not tried.
func (q *question) read(lang page.Lang, typed url.Values) error {
	q.on = 0
	if typed.Get("on") == onModel {
		q.on = 1
	}
	q.known = typed["rules"]
	for _, k := range wellKnown {
		if s := (coinpolicy.Scenario{Name: lang.Text(k.label), Policy: q.now}); slices.Contains(q.known, k.name) {
			k.change(&s)
			q.add(s)
		}
	}
	if typed.Has("hops") { // one's own were on the form
		if bad := fillIn(q.figures, typed); bad != "" {
			return badFigure{bad}
		}
		if whatif.Settable(q.own.Policy) != nil {
			return errBadRules
		}
		q.add(q.own)
	}
	if len(q.others) == 0 {
		return errNoRules
	}
	return nil
}

// add adds a scenario that differs from today's rules and from those chosen.
func (q *question) add(s coinpolicy.Scenario) {
	same := func(other coinpolicy.Scenario) bool {
		return other.Order == s.Order && samePolicy(other.Policy, s.Policy)
	}
	if !same(coinpolicy.Scenario{Policy: q.now}) && !slices.ContainsFunc(q.others, same) {
		q.others = append(q.others, s)
	}
}

// samePolicy tells whether two policies are the same rules.
func samePolicy(a, b ledger.Policy) bool {
	redeemers := slices.Equal(a.Redeemers, b.Redeemers)
	a.Redeemers, b.Redeemers = nil, nil
	return redeemers && reflect.DeepEqual(a, b)
}

// askWhatIf shows the form.
func (s *Server) askWhatIf(w http.ResponseWriter, r *http.Request, v visit) error {
	q, err := s.questionOf(v)
	if err != nil {
		return err
	}
	q.known = []string{"three", "month"}
	if r.URL.Query().Has("on") { // back from an answer
		q.known = nil
		_ = q.read(v.lang, r.URL.Query()) // what is wrong is said when it is asked again
	}
	return s.whatIfForm(w, r, v, http.StatusOK, q, "")
}

func (s *Server) whatIfForm(w http.ResponseWriter, r *http.Request, v visit, status int, q *question, problem string) error {
	p := page.WhatIfPage{
		Base: s.base(r, v), Problem: problem, Fields: fields(q.figures),
		Opened: q.own.Order != 0 || !samePolicy(q.own.Policy, q.now),
	}
	for i, on := range triedOn {
		p.On = append(p.On, page.WhatIfChoice{Value: on.name, Here: q.on == i, Label: p.T(on.label), Help: p.T(on.help)})
	}
	for _, k := range wellKnown {
		c := page.WhatIfChoice{Value: k.name, Label: p.T(k.label), Here: slices.Contains(q.known, k.name)}
		if k.name == "newest" {
			c.Help = p.T("whatif.nolaw")
		}
		p.Rules = append(p.Rules, c)
	}
	return s.show(w, status, p)
}

// outcome reckons what was asked. Like a report, one at a time.
func (s *Server) outcome(r *http.Request, v visit) (q *question, o *whatif.Outcome, err error) {
	if q, err = s.questionOf(v); err != nil {
		return nil, nil, err
	}
	if err := q.read(v.lang, r.URL.Query()); err != nil {
		return q, nil, err
	}
	err = s.oneAtATime(r.Context(), func() error {
		if triedOn[q.on].name == onModel {
			o, err = whatif.Simulate(r.Context(), whatif.DefaultModel(), 1, q.others, q.now, func(_, _ uint64) {})
			return err
		}
		return s.node.Read(func(view *node.View) error {
			o, err = whatif.OfHistory(r.Context(), view.All(), q.others, q.now, s.node.Today(), func(uint64) {})
			return err
		})
	})
	return q, o, err
}

// oneAtATime does what takes a whole core for a while, after whoever came before.
func (s *Server) oneAtATime(ctx context.Context, work func() error) error {
	select {
	case s.reporting <- struct{}{}:
		defer func() { <-s.reporting }()
		return work()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// showWhatIf shows scenarios beside each other.
func (s *Server) showWhatIf(w http.ResponseWriter, r *http.Request, v visit) error {
	q, o, err := s.outcome(r, v)
	if problem := whatIfProblem(v.lang, err); problem != "" {
		return s.whatIfForm(w, r, v, http.StatusUnprocessableEntity, q, problem)
	}
	if err != nil {
		return err
	}
	p := page.WhatIfSeenPage{
		Base: s.base(r, v), First: o.First().In(string(v.lang)),
		CSV: "/whatif.csv?" + r.URL.RawQuery, JSON: "/whatif.json?" + r.URL.RawQuery, Back: "/whatif?" + r.URL.RawQuery,
	}
	p.Lead = p.T(triedOn[q.on].lead, "from", v.lang.Date(o.From.Time()), "to", v.lang.Date(o.To.Time()))
	for _, c := range o.Caveats() {
		p.Caveats = append(p.Caveats, c.In(string(v.lang)))
	}
	p.Scenarios, p.Tables = q.told(p.Base, o), besides(p.Base, o)
	return s.show(w, http.StatusOK, p)
}

// whatIfProblem is what is wrong with a question, in words; empty for other errors.
func whatIfProblem(lang page.Lang, err error) string {
	if isErr(err, errNoRules, coinpolicy.ErrNothing) {
		return lang.Text(answerTo(err).text)
	}
	return rulesProblem(lang, err)
}

// told says of each scenario what its rules are, and the first of what they do.
func (q *question) told(b page.Base, o *whatif.Outcome) (all []page.WhatIfScenario) {
	lang := string(b.Lang)
	lines := func(s coinpolicy.Scenario) []page.RuleLine {
		order := page.RuleLine{Icon: "list", Text: b.T(orderWords[s.Order])}
		return append(coinLines(b, &s.Policy), order)
	}
	for i, other := range q.others {
		s := page.WhatIfScenario{Name: other.Name, Changes: changed(lines(coinpolicy.Scenario{Policy: q.now}), lines(other))}
		rows := slices.Clone(o.Wijk)
		if len(o.Groups) > 0 {
			rows = append(rows, o.Groups[0].Rows...)
		}
		for _, row := range rows {
			if !slices.Contains([]string{"reserve", "fund", "volume", "paid_out", "payments_refused"}, row.Key) {
				continue
			}
			s.Told = append(s.Told, page.RuleChange{
				What: row.Label.In(lang), Was: row.Shown(0, lang), Would: row.Shown(i+1, lang), More: row.Leans(i+1) != 0,
			})
		}
		all = append(all, s)
	}
	return all
}

// besides are the tables: the wijk, and each group that is large enough.
func besides(b page.Base, o *whatif.Outcome) []page.WhatIfTable {
	lang := string(b.Lang)
	table := func(title string, rows []whatif.Row) (t page.WhatIfTable) {
		t.Title = title
		for _, row := range rows {
			line := page.WhatIfRow{Label: row.Label.In(lang), Help: row.Definition.In(lang), Was: row.Shown(0, lang)}
			if unit := row.Unit.In(lang); unit != "" {
				line.Label += " (" + unit + ")"
			}
			for i, s := range o.Scenarios[1:] {
				line.Cells = append(line.Cells, page.WhatIfCell{Name: s.Name, Value: row.Shown(i+1, lang), Moved: row.Leans(i+1) != 0})
			}
			t.Rows = append(t.Rows, line)
		}
		return t
	}
	all := []page.WhatIfTable{table(b.T("whatif.wijk"), o.Wijk)}
	for i := range o.Groups {
		g := &o.Groups[i]
		all = append(all, table(g.Title().In(lang)+" ("+strconv.Itoa(g.Accounts)+")", g.Rows))
	}
	return all
}

// whatIfCSV sends the same for a spreadsheet.
func (s *Server) whatIfCSV(w http.ResponseWriter, r *http.Request, v visit) error {
	o, err := s.whatIfFile(w, r, v, "text/csv; charset=utf-8", "csv")
	if err != nil {
		return err
	}
	_ = o.WriteCSV(w, string(v.lang)) // a visitor who hung up is no error of ours
	return nil
}

// whatIfJSON sends the same for a program.
func (s *Server) whatIfJSON(w http.ResponseWriter, r *http.Request, v visit) error {
	o, err := s.whatIfFile(w, r, v, "application/json", "json")
	if err != nil {
		return err
	}
	_ = o.WriteJSON(w) // a visitor who hung up is no error of ours
	return nil
}

// whatIfFile reckons and sets the headers of a download.
func (s *Server) whatIfFile(w http.ResponseWriter, r *http.Request, v visit, kind, ending string) (*whatif.Outcome, error) {
	_, o, err := s.outcome(r, v)
	if whatIfProblem(v.lang, err) != "" {
		return nil, errNotFound
	}
	if err == nil {
		h := w.Header()
		h.Set("Content-Type", kind)
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Disposition", `attachment; filename="grulden-whatif-`+o.From.String()+`-`+o.To.String()+`.`+ending+`"`)
	}
	return o, err
}
