package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"grulden/internal/disclosure"
	"grulden/internal/foureyes"
	"grulden/internal/logbook"
	"grulden/internal/people"
	"grulden/internal/report"
	"grulden/ledger"
	"grulden/web/page"
)

// kindPublish is the proposal to publish figures: the body is the release.
const kindPublish foureyes.Kind = "publish"

// actFigures is the act of opening the figures as they are.
const actFigures logbook.Kind = "figures-seen"

// publishRoutes are about what everybody may see of the figures.
func publishRoutes() []route {
	return []route{
		{pattern: "GET /circulatie", roles: everybody, page: (*Server).showCirculation},
		{pattern: "GET /circulatie.json", roles: everybody, page: (*Server).releasesJSON},
		{pattern: "GET /circulatie/{file}", roles: everybody, page: (*Server).publicReport},
		{pattern: "GET /report/publish", roles: evaluator, page: (*Server).showPublish},
		{pattern: "POST /report/publish", roles: evaluator, page: (*Server).proposePublish},
	}
}

// publishProposals are what two people decide about publishing: the board, or the
// treasurer about what the evaluator asked for.
func (s *Server) publishProposals() map[foureyes.Kind]proposal {
	return map[foureyes.Kind]proposal{kindPublish: {Rule: foureyes.Rule{
		First: evaluator, Second: board, After: map[people.Role][]people.Role{people.Evaluator: treasurer},
		Check: s.checkPublish, Do: s.publish,
	}, told: toldPublish}}
}

// logFigures writes into the logbook that somebody opens the figures as they are,
// once for each day and period.
func (s *Server) logFigures(r *http.Request, v visit) error {
	p, err := s.monthsSeen(r)
	if err != nil {
		return err
	}
	facts := []logbook.Fact{{Name: "from", Value: p.From.String()}, {Name: "to", Value: p.To.String()}}
	_, err = s.logbook.Record(r.Context(), logbook.Entry{
		ID: actID(actFigures, fmt.Sprint(v.person.ID, s.node.Today(), facts)),
		By: v.person.ID, How: v.how, Kind: actFigures, Facts: facts,
	})
	return err
}

// monthsSeen are the months of the ledger that an address asks figures of; all of
// them where it asks for none that there are. Addresses can be made up without
// end, and every line of the logbook stays for ever: of months there are few.
func (s *Server) monthsSeen(r *http.Request) (p report.Period, err error) {
	all := report.Period{To: s.node.Today()}
	if all.From, err = s.releases.FirstDay(); err != nil {
		return p, err
	}
	if p, err = periodIn(r); err != nil {
		p = all // the page says what is wrong with it
	}
	p.From, p.To = max(p.From, all.From), min(p.To, all.To)
	if p.From > p.To {
		p = all
	}
	return report.Period{From: p.From.MonthBegin(), To: p.To.MonthEnd()}, nil
}

// opensFigures tells whether a page shows the figures as they are, with what would
// tell about somebody.
func opensFigures(rt route) bool {
	return strings.HasPrefix(rt.pattern, "GET /report")
}

// showCirculation tells everybody whether the money goes round, with what was
// published.
func (s *Server) showCirculation(w http.ResponseWriter, r *http.Request, v visit) error {
	all, err := s.releases.Releases()
	if err != nil && !errors.Is(err, disclosure.ErrBroken) {
		return err
	}
	p := page.CirculationPage{Base: s.base(r, v), Verdict: "circulation.none", Broken: err != nil}
	p.Periods = periodsTold(p.Base, all)
	for i := len(all) - 1; i >= 0; i-- {
		p.Releases = append(p.Releases, releaseTold(p.Base, all[i]))
	}
	if n := len(all); n > 0 {
		p.Verdict, p.Good = verdictOn(&all[n-1])
		p.Rules = rulesTold(p.Base, &all[n-1])
	}
	return s.show(w, http.StatusOK, p)
}

// verdictOn is the answer in one sentence: as report.Answer has it, of the figures
// that are shown.
func verdictOn(r *disclosure.Release) (verdict page.Key, good bool) {
	again := r.Figure("share_again")
	switch {
	case again == nil && r.Figure("passes") == nil:
		return "circulation.few", false
	case again == nil:
		return "circulation.counted", false
	case again.Sign() == 0:
		return "circulation.no", false
	case again.Num().Int64() < 50: // it is a whole number of per cents
		return "circulation.partly", false
	}
	return "circulation.yes", true
}

// rulesTold says by which rules a release shows and hides.
func rulesTold(b page.Base, r *disclosure.Release) string {
	return b.T(
		"circulation.rules", "owners", strconv.Itoa(r.Rules.Owners), "largest", strconv.Itoa(r.Rules.Largest),
		"round", b.Lang.Money(int64(r.Rules.Round)), "months", strconv.Itoa(r.Rules.Months),
	)
}

// figureWord is how a published figure is told.
type figureWord struct {
	key, icon  string
	word, help page.Key
	unit       page.Key
}

// figureWords are the figures in the order of reading. What is not among them is
// not shown on the page, but stands in the file.
var figureWords = []figureWord{
	{"passes", "repeat", "figure.passes", "figure.passeshelp", "circulation.times"},
	{"share_again", "repeat", "figure.share_again", "figure.share_againhelp", "circulation.percent"},
	{"volume", "pay", "figure.volume", "figure.volumehelp", "circulation.coins"},
	{"payments", "list", "figure.payments", "figure.paymentshelp", "circulation.number"},
	{"residents", "person", "figure.residents", "figure.residentshelp", "circulation.number"},
	{"shops", "shop", "figure.shops", "figure.shopshelp", "circulation.number"},
	{"stock", "coin", "figure.stock", "figure.stockhelp", "circulation.coins"},
	{"per_issued", "coin", "figure.per_issued", "figure.per_issuedhelp", "circulation.times"},
	{"ripe", "check", "figure.ripe", "figure.ripehelp", "circulation.coins"},
	{"melted", "clock", "figure.melted", "figure.meltedhelp", "circulation.coins"},
	{"velocity", "clock", "figure.velocity", "figure.velocityhelp", "circulation.times"},
	{"paid_residents_shops", "shop", "figure.paid_residents_shops", "figure.paid_residents_shopshelp", "circulation.coins"},
	{"paid_shops_shops", "shop", "figure.paid_shops_shops", "figure.paid_shops_shopshelp", "circulation.coins"},
	{"paid_shops_residents", "person", "figure.paid_shops_residents", "figure.paid_shops_residentshelp", "circulation.coins"},
	{"paid_residents", "people", "figure.paid_residents", "figure.paid_residentshelp", "circulation.coins"},
	{"issued", "add", "figure.issued", "figure.issuedhelp", "circulation.coins"},
	{"asked", "euro", "figure.asked", "figure.askedhelp", "circulation.coins"},
	{"share_asked", "euro", "figure.share_asked", "figure.share_askedhelp", "circulation.percent"},
}

// So many figures and tables are told first, and the others to who opens them.
const (
	firstFigures = 7
	firstTables  = 2
)

// hiddenWords say why a figure would not be shown, to who proposes a release.
var hiddenWords = map[disclosure.Reason]page.Key{
	disclosure.Shown: "publish.follows", disclosure.Unjudged: "publish.unknown", disclosure.Few: "publish.few",
	disclosure.Large: "publish.large", disclosure.Guess: "publish.guess", disclosure.Rest: "publish.rest",
	disclosure.Flow: "publish.flow",
}

// releaseTold tells a release in words.
func releaseTold(b page.Base, r disclosure.Release) page.CirculationRelease {
	told := page.CirculationRelease{
		Period: b.T("circulation.period", "from", b.Lang.Date(r.From.Time()), "to", b.Lang.Date(r.To.Time())),
		Made:   b.T("circulation.made", "number", strconv.Itoa(r.Number), "day", b.Lang.Date(r.Made.Time()), "hash", inGroups(r.Hash[:hashShown])),
	}
	at := "/circulatie/" + strconv.Itoa(r.Number)
	told.Files = []page.File{{Href: at + ".html", Name: b.T("report.filepage")}, {Href: at + ".pdf", Name: b.T("report.filepdf")}}
	if r.Days < int(r.To-r.From)+1 {
		told.Made = b.T("circulation.days", "days", strconv.Itoa(r.Days)) + " " + told.Made
	}
	var hidden []string
	for i, f := range figureWords {
		value := f.shown(b, &r)
		if value == "" {
			hidden = append(hidden, b.T(f.word))
			continue
		}
		line := page.CirculationLine{Icon: f.icon, Word: b.T(f.word), Value: value, Help: b.T(f.help)}
		if i < firstFigures {
			told.Lines = append(told.Lines, line)
		} else {
			told.More = append(told.More, line)
		}
		if f.key == "passes" {
			told.Passes = b.T("circulation.passes", "times", value)
		}
	}
	tables, untold := tablesTold(b, &r)
	first := min(firstTables, len(tables))
	told.Tables, told.MoreTables = tables[:first], tables[first:]
	told.MoreWord, told.About = b.T("circulation.more"), roundedTold(b, &r)
	if hidden = append(hidden, untold...); len(hidden) > 0 {
		told.Hidden = b.T("circulation.hidden", "what", strings.Join(hidden, "; "))
	}
	return told
}

// shown is a figure as the language writes it, with its unit; empty where it is
// hidden.
func (w figureWord) shown(b page.Base, r *disclosure.Release) string {
	for _, f := range r.Figures {
		if f.Key == w.key && f.Value != "" {
			value := b.T(w.unit, "number", report.Line{Value: f.Value}.Shown(string(b.Lang)))
			if f.Value != "0" && w.unit == "circulation.number" {
				value = b.T("circulation.nearly", "what", value) // it is rounded
			}
			return value
		}
	}
	return ""
}

// releasesJSON sends all releases for a program.
func (s *Server) releasesJSON(w http.ResponseWriter, _ *http.Request, _ visit) error {
	all, err := s.releases.Releases()
	broken := errors.Is(err, disclosure.ErrBroken)
	if err != nil && !broken {
		return err
	}
	told := map[string]any{"releases": all}
	if broken {
		told["broken"] = true
	}
	s.sendJSON(w, "application/json", http.StatusOK, told)
	return nil
}

// showPublish shows what could be published next, and why the rest is hidden.
func (s *Server) showPublish(w http.ResponseWriter, r *http.Request, v visit) error {
	p := page.PublishPage{Base: s.base(r, v), Form: newFormID()}
	next, err := s.releases.Next()
	if err != nil {
		return err
	}
	p.Period = p.T("circulation.period", "from", v.lang.Date(next.From.Time()), "to", v.lang.Date(next.To.Time()))
	if next.To >= s.node.Today() {
		p.Wait = p.T("publish.wait", "day", v.lang.Date((next.To + 1).Time()))
		return s.show(w, http.StatusOK, p)
	}
	open, err := openProposal(s.foureyes, kindPublish, func(*foureyes.Proposal, disclosure.Release) bool { return true })
	if err != nil {
		return err
	}
	p.Asked = open != ""
	d, err := s.draftRelease(r.Context())
	if err != nil {
		return err
	}
	reasons := make(map[string]disclosure.Reason)
	for _, c := range d.Cells {
		reasons[c.Key] = c.Why
	}
	for _, f := range figureWords {
		line := page.PublishLine{Word: f.word, Value: f.shown(p.Base, &d.Release)}
		if line.Value == "" {
			line.Why = hiddenWords[reasons[f.key]]
		}
		p.Lines = append(p.Lines, line)
	}
	p.Tables, _ = tablesTold(p.Base, &d.Release)
	p.Rules = rulesTold(p.Base, &d.Release)
	return s.show(w, http.StatusOK, p)
}

// draftRelease makes the next release. One thing that reads the whole journal is
// made at a time.
func (s *Server) draftRelease(ctx context.Context) (d *disclosure.Draft, err error) {
	err = s.oneAtATime(ctx, func() error {
		next, err := s.releases.Next()
		if err == nil {
			d, err = s.releases.Draft(ctx, next)
		}
		return err
	})
	return d, err
}

// proposePublish asks a second person to publish the next release.
func (s *Server) proposePublish(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "form")
	if err != nil {
		return err
	}
	id, err := ledger.ParseID(f[0])
	if err != nil {
		return errBadForm
	}
	open, err := openProposal(s.foureyes, kindPublish, func(*foureyes.Proposal, disclosure.Release) bool { return true })
	if err != nil {
		return err
	}
	if open == "" {
		d, err := s.draftRelease(r.Context())
		if err != nil {
			return err
		}
		_, err = s.foureyes.Propose(r.Context(), v.person.ID, foureyes.Draft{ID: id, Kind: kindPublish, Body: d.Release})
		if err != nil {
			return err
		}
	}
	return goTo(w, r, "/report/publish?done=proposed")
}

// checkPublish counts the figures again, so that nobody publishes others. It takes
// as long as the draft did, and waits its turn like it.
func (s *Server) checkPublish(ctx context.Context, p *foureyes.Proposal) error {
	var r disclosure.Release
	if err := p.Into(&r); err != nil {
		return err
	}
	err := s.oneAtATime(ctx, func() error { return s.releases.Check(ctx, r) })
	if errors.Is(err, disclosure.ErrChanged) {
		err = foureyes.ErrChanged
	}
	return err
}

func (s *Server) publish(ctx context.Context, p *foureyes.Proposal) error {
	var r disclosure.Release
	if err := p.Into(&r); err != nil {
		return foureyes.Impossible(err)
	}
	_, err := s.releases.Publish(ctx, r, p.Auth())
	if errors.Is(err, disclosure.ErrOverlap) {
		err = foureyes.Impossible(err)
	}
	return err
}

// toldPublish lists every figure that will be published, and which will not.
func toldPublish(lang page.Lang, p *foureyes.Proposal) ([]page.Told, error) {
	var r disclosure.Release
	if err := p.Into(&r); err != nil {
		return nil, err
	}
	b := page.Base{Lang: lang, Coin: r.Coin}
	told := []page.Told{{What: b.T("publish.about"), Value: b.T("circulation.period", "from", lang.Date(r.From.Time()), "to", lang.Date(r.To.Time()))}}
	for _, f := range figureWords {
		value := f.shown(b, &r)
		if value == "" {
			value = b.T("publish.hidden")
		}
		told = append(told, page.Told{What: b.T(f.word), Value: value})
	}
	tables, hidden := tablesTold(b, &r)
	for _, what := range hidden {
		told = append(told, page.Told{What: what, Value: b.T("publish.hidden")})
	}
	for _, t := range tables {
		for _, row := range t.Rows {
			told = append(told, page.Told{What: t.Title + " " + row.Word, Value: row.Told()})
		}
	}
	return told, nil
}
