package web

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"grulden/demurrage"
	"grulden/internal/report"
	"grulden/web/page"
)

// topic is one question about the circulation, and the figures that answer it.
type topic struct {
	path   string
	icon   string
	title  page.Key
	lead   page.Key
	lines  []string // keys of figures that are one number
	tables []string // keys of tables
}

// topics are the questions, in the order of asking. A table that none of them names
// is under the first.
var topics = []topic{
	{
		"flow", "repeat", "report.flow", "report.flowlead",
		[]string{"volume", "payments", "payers", "receivers", "participants", "stock_mean", "velocity", "velocity_income", "holding_mean", "holding_median", "inverse_velocity", "effective_stock", "effective_share", "moved_share"},
		[]string{"over_time", "money_flow", "holding", "holding_by_role"},
	},
	{
		"five", "finger", "report.five", "report.fivelead",
		[]string{"multiplier", "lm3", "pass_on", "leakage", "share_redeemed", "volume_returned", "volume_same_day", "volume_convertible", "redeemed_age"},
		[]string{"hops", "life", "to_convertible", "exit_hops", "exit_age"},
	},
	{
		"stuck", "clock", "report.stuck", "report.stucklead",
		[]string{"held_age", "waiting", "fund_demurrage"},
		[]string{"stuck", "pressure", "never_spent", "groups", "redemption_lag"},
	},
	{
		"network", "people", "report.network", "report.networklead",
		nil,
		[]string{"network", "network_shape", "concentration", "gini", "sectors", "sector_flow"},
	},
	{
		"stays", "coin", "report.stays", "report.stayslead",
		[]string{"stock_start", "stock_end", "issued", "redeemed"},
		[]string{"cohorts", "retention"},
	},
}

// reportSpan is what a page is asked about: the figures of a period, or a reason why
// there are none.
type reportSpan struct {
	figures *report.Report // nil: there are none
	head    page.ReportHead
	asked   string // the period as it stood in the address; empty: all
	status  int
}

// reportOn makes the figures that a page is about, brief or with who paid whom, and
// the top of the page.
func (s *Server) reportOn(r *http.Request, v visit, here string, brief bool) (at reportSpan, err error) {
	at.status = http.StatusOK
	from, to := r.URL.Query().Get("from"), r.URL.Query().Get("to")
	at.head = page.ReportHead{Base: s.base(r, v), Here: here, From: from, To: to}
	for i, place := range at.head.Nav { // all these pages are in one place
		at.head.Nav[i].Here = place.Href == "/report"
	}
	if from+to != "" {
		at.asked = "?" + url.Values{"from": {from}, "to": {to}}.Encode()
	}
	at.choose(s.node.Today())
	at.link()
	at.figures, err = s.report(r, brief)
	switch {
	case errors.Is(err, report.ErrNothing):
		at.figures, at.head.Problem, err = nil, at.head.T("report.nothing"), nil
	case errors.Is(err, report.ErrPeriod):
		at.figures, at.head.Problem, err = nil, at.head.T("report.badperiod"), nil
		at.status = http.StatusUnprocessableEntity
	case err == nil:
		p := at.figures.Period
		at.head.From, at.head.To = p.From.String(), p.To.String()
		at.head.Period = at.head.T("report.period", "from", dayText(v.lang, p.From), "to", dayText(v.lang, p.To))
	}
	return at, err
}

// files is the period of the figures, for the address of a file: it gives the
// same figures tomorrow.
func (at *reportSpan) files() string { return "?from=" + at.head.From + "&to=" + at.head.To }

// choose offers the periods that are often asked for: the parts of the year that
// today is in, and the last quarter that is over.
func (at *reportSpan) choose(today demurrage.Day) {
	now := today.Time()
	first := func(month int) demurrage.Day {
		return demurrage.CivilDay(time.Date(now.Year(), time.Month(month), 1, 0, 0, 0, 0, time.UTC))
	}
	add := func(word page.Key, asked string) {
		at.head.Choices = append(at.head.Choices, page.SpanChoice{Href: at.head.Here + asked, Word: word, Here: asked == at.asked})
	}
	m := int(now.Month())
	quarter, half := (m-1)/3*3+1, (m-1)/6*6+1
	for _, c := range []struct {
		word  page.Key
		month int // the first; those of the year before are under one
		many  int
	}{
		{"report.month", m, 1},
		{"report.quarter", quarter, 3},
		{"report.before", quarter - 3, 3},
		{"report.half", half, 6},
		{"report.year", 1, 12},
	} {
		add(c.word, "?from="+first(c.month).String()+"&to="+(first(c.month+c.many)-1).String())
	}
	add("report.always", "")
}

// link leads to the other pages, about the same period.
func (at *reportSpan) link() {
	add := func(path, icon string, word page.Key) {
		at.head.Topics = append(at.head.Topics, page.NavItem{Href: path + at.asked, Icon: icon, Word: word, Here: path == at.head.Here})
	}
	add("/report", "recycle", "report.title")
	for _, t := range topics {
		add("/report/"+t.path, t.icon, t.title)
	}
	add("/report/map", "map", "report.map")
	add("/report/figures", "list", "report.all")
}

// compare puts the period before beside the figures, and says so at the top.
func (s *Server) compare(r *http.Request, at *reportSpan) error {
	if at.figures == nil {
		return nil
	}
	if err := s.sums.Compare(r.Context(), at.figures); err != nil {
		return err
	}
	at.head.Compared = at.head.T("report.alone")
	if before := at.figures.Before(); before != nil {
		at.head.Compared = at.head.T("report.compared", "period", before.Period.Text().In(string(at.head.Lang)))
	}
	return nil
}

// earlier says what a figure was in the period before; empty where that is not known.
func earlier(b page.Base, c *report.Change) string {
	if c == nil {
		return ""
	}
	lang := string(b.Lang)
	if more := c.More(lang); more != "" {
		return b.T("report.thenmore", "value", c.Shown(lang), "more", more)
	}
	return b.T("report.then", "value", c.Shown(lang))
}
