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
		{pattern: "POST /whatif/seen", roles: auditors, page: (*Server).tryWhatIf, body: maxModelForm},
		{pattern: "GET /whatif.csv", roles: auditors, page: (*Server).whatIfCSV},
		{pattern: "GET /whatif.json", roles: auditors, page: (*Server).whatIfJSON},
	}
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
	on      string // what the rules are tried on: onHistory, onOwn, or a preset
	model   whatif.Model
	text    string // of one's own model
	worlds  int
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
	q := &question{on: onHistory, worlds: 1, now: now, own: coinpolicy.Scenario{Name: v.lang.Text("whatif.mine"), Policy: now}}
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
	fault := q.readModel(typed)
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
	switch {
	case fault != nil:
		return fault
	case len(q.others) == 0:
		return errNoRules
	case q.on == onHistory:
		return nil
	}
	if world := q.model.Work() * (1 + len(q.others)); world > maxAtOnce || world*q.worlds > maxWork {
		return errTooMuch
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
	if err := q.startText(r.URL.Query().Get("start")); err != nil {
		return err
	}
	p := page.WhatIfPage{
		Base: s.base(r, v), Problem: problem, Fields: fields(q.figures),
		Opened: q.own.Order != 0 || !samePolicy(q.own.Policy, q.now),
	}
	p.On, p.Worlds = q.grounds(p.Base), q.dice(p.Base)
	p.Text, p.OwnModel = q.text, q.on == onOwn
	for _, f := range whatif.Fields() {
		p.About = append(p.About, page.WhatIfChoice{Value: f.Name, Help: f.Is.In(string(v.lang))})
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

// outcome reckons what was asked.
func (s *Server) outcome(r *http.Request, v visit, typed url.Values) (q *question, o *whatif.Outcome, err error) {
	if q, err = s.questionOf(v); err != nil {
		return nil, nil, err
	}
	if err := q.read(v.lang, typed); err != nil {
		return q, nil, err
	}
	ctx, done := s.trying.begin(r.Context(), v.person.ID)
	defer done()
	err = s.inTurn(ctx, s.trying.turn, func() error {
		if q.on != onHistory {
			o, err = whatif.Simulate(ctx, q.model, q.worlds, q.others, q.now, func(_, _ uint64) {})
			return err
		}
		return s.node.Read(func(view *node.View) error {
			o, err = whatif.OfHistory(ctx, view.All(), q.others, q.now, s.node.Today(), func(uint64) {})
			return err
		})
	})
	return q, o, err
}

// oneAtATime does what takes a whole core for a while, after whoever came before.
func (s *Server) oneAtATime(ctx context.Context, work func() error) error {
	return s.inTurn(ctx, s.reporting, work)
}

// inTurn does one thing at a time of those that share a token.
func (s *Server) inTurn(ctx context.Context, turn chan struct{}, work func() error) error {
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
		return work()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// showWhatIf shows scenarios beside each other.
func (s *Server) showWhatIf(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.answerWhatIf(w, r, v, r.URL.Query())
}

func (s *Server) answerWhatIf(w http.ResponseWriter, r *http.Request, v visit, typed url.Values) error {
	q, o, err := s.outcome(r, v, typed)
	if problem := whatIfProblem(v.lang, err); problem != "" {
		return s.whatIfForm(w, r, v, http.StatusUnprocessableEntity, q, problem)
	}
	if err != nil {
		return err
	}
	p := page.WhatIfSeenPage{Base: s.base(r, v), First: o.First().In(string(v.lang)), Chosen: chosen(typed)}
	p.Same, p.Bold = p.T("whatif.same"), p.T("whatif.bold")
	if o.Worlds > 1 {
		p.Same, p.Bold = p.T("whatif.unsure"), p.T("whatif.sure", "chance", strconv.Itoa(whatif.Chance(o.Worlds)), "worlds", strconv.Itoa(o.Worlds))
	}
	p.Lead = p.T(leadOf(q.on), "from", v.lang.Date(o.From.Time()), "to", v.lang.Date(o.To.Time()))
	for _, c := range o.Caveats() {
		p.Caveats = append(p.Caveats, c.In(string(v.lang)))
	}
	if o.Model != nil {
		for _, a := range o.Model.Assumed() {
			p.Assumed = append(p.Assumed, a.In(string(v.lang)))
		}
	}
	p.Scenarios, p.Tables = q.told(p.Base, o), besides(p.Base, o)
	return s.show(w, http.StatusOK, p)
}

// whatIfProblem is what is wrong with a question, in words; empty for other errors.
func whatIfProblem(lang page.Lang, err error) string {
	var fault *whatif.Fault
	if errors.As(err, &fault) {
		return lang.Text("whatif.wrong", "says", fault.Says.In(string(lang)))
	}
	if isErr(err, errNoRules, errTooMuch, errReplaced, errNoModel, coinpolicy.ErrNothing) {
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
		rows := slices.Concat(o.Wijk, o.Hops)
		if len(o.Groups) > 0 {
			rows = append(rows, o.Groups[0].Rows...)
		}
		for _, row := range rows {
			if !slices.Contains([]string{"reserve", "fund", "volume", "ripe_hops", "ripe_age", "paid_out", "payments_refused"}, row.Key) {
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
			line := page.WhatIfRow{Label: row.Label.In(lang), Help: row.Definition.In(lang)}
			if unit := row.Unit.In(lang); unit != "" {
				line.Label += " (" + unit + ")"
			}
			names := []string{o.First().In(lang)}
			for _, s := range o.Scenarios[1:] {
				names = append(names, s.Name)
			}
			for i, name := range names {
				line.Cells = append(line.Cells, cellOf(b, &row, i, name))
			}
			t.Rows = append(t.Rows, line)
		}
		return t
	}
	all := []page.WhatIfTable{table(b.T("whatif.wijk"), o.Wijk), table(whatif.HopsTitle.In(lang), o.Hops)}
	for i := range o.Groups {
		g := &o.Groups[i]
		all = append(all, table(g.Title().In(lang)+" ("+strconv.Itoa(g.Accounts)+")", g.Rows))
	}
	return all
}

// cellOf is a figure under one scenario, and of several worlds how it lies in them.
func cellOf(b page.Base, row *whatif.Row, i int, name string) page.WhatIfCell {
	c := page.WhatIfCell{Name: name, Value: row.Shown(i, string(b.Lang)), Moved: row.Leans(i) != 0}
	if row.Spreads == nil || row.Values[i] == nil {
		return c
	}
	low, high := row.Range(i, string(b.Lang))
	if low != high {
		c.Range = b.T("whatif.range", "low", low, "high", high)
	}
	if s := row.Spreads[i]; s.More+s.Less > 0 {
		c.Count = b.T("whatif.count", "more", strconv.Itoa(s.More), "less", strconv.Itoa(s.Less))
	}
	return c
}
