package web

import (
	"errors"
	"net/http"
	"strconv"

	"grulden/internal/bank"
	"grulden/internal/foureyes"
	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/rewards"
	"grulden/ledger"
	"grulden/wallet"
	"grulden/web/page"
)

// Who handles money for many people, and who looks at it.
var (
	treasurers = []people.Role{people.Treasurer, people.Board}
	sourceful  = []people.Role{people.Treasurer, people.Board, people.Evaluator}
)

// sourceRoutes are about money for many people.
func sourceRoutes() []route {
	return []route{
		{pattern: "GET /desk/sources", roles: sourceful, page: (*Server).showSources},
		{pattern: "POST /desk/sources", roles: treasurers, page: (*Server).addSource},
		{pattern: "GET /desk/sources/{id}", roles: treasurers, page: (*Server).showSource},
		{pattern: "POST /desk/sources/{id}/fill", roles: treasurers, page: (*Server).fillSource},
		{pattern: "POST /desk/sources/{id}/lists", roles: treasurers, page: (*Server).takeList, body: wallet.MaxBatchBytes + maxForm},
		{pattern: "GET /desk/lists/{id}", roles: treasurers, page: (*Server).showList},
		{pattern: "POST /desk/lists/{id}", roles: treasurers, page: (*Server).proposeList},
		{pattern: "GET /desk/lists/{id}/result.csv", roles: treasurers, page: (*Server).listResult},
		{pattern: "GET /desk/issue", roles: treasurers, page: (*Server).askIssue},
		{pattern: "POST /desk/issue", roles: treasurers, page: (*Server).proposeIssue},
		{pattern: "GET /received", roles: holders, page: (*Server).showReceived},
		{pattern: "GET /desk/people/{id}/received", roles: desk, page: (*Server).showReceivedOf},
	}
}

func mayFill(v visit) bool { return v.person.Role == people.Treasurer || v.person.Role == people.Board }

// showSources lists the sources.
func (s *Server) showSources(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.sourcesPage(w, r, v, http.StatusOK, page.SourcesPage{Form: newFormID()})
}

func (s *Server) sourcesPage(w http.ResponseWriter, r *http.Request, v visit, status int, p page.SourcesPage) error {
	p.Base, p.May = s.base(r, v), mayFill(v)
	all, err := s.rewards.Sources()
	if err != nil {
		return err
	}
	for _, src := range all {
		p.Sources = append(p.Sources, page.SourceLine{
			Name: src.Name, Kind: kindKey(src.Kind),
			In: v.lang.Euro(int64(src.In)), Left: v.lang.Euro(int64(src.Left())),
		})
		if p.May {
			p.Sources[len(p.Sources)-1].Href = "/desk/sources/" + src.ID.String()
		}
	}
	for i, kind := range rewards.Kinds() {
		p.Kinds = append(p.Kinds, page.SourceKind{Value: string(kind), Word: kindKey(kind), Chosen: i == 0})
	}
	if p.Bare, err = s.bareIssues(v); err != nil {
		return err
	}
	return s.show(w, status, p)
}

func kindKey(kind rewards.Kind) page.Key { return page.Key("kind." + string(kind)) }

// addSource adds a source.
func (s *Server) addSource(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "id", "name", "kind")
	if err != nil {
		return err
	}
	id, err := bank.ParseID(f[0])
	if err != nil {
		return errBadForm
	}
	err = s.rewards.AddSource(id, f[1], rewards.Kind(f[2]), v.auth())
	if isErr(err, rewards.ErrName, rewards.ErrKind) {
		a := answerTo(err)
		return s.sourcesPage(w, r, v, a.status, page.SourcesPage{Form: f[0], Typed: f[1], Problem: v.lang.Text(a.text)})
	}
	if err == nil {
		_, err = s.logbook.Record(r.Context(), logbook.Entry{
			ID: ledger.ID(id), By: v.person.ID, How: v.how, Kind: "source-added", Facts: []logbook.Fact{{Name: "source", Value: f[1]}},
		})
	}
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/sources/"+id.String()+"?done=sourceadded")
}

// sourceOf finds the source in the address.
func (s *Server) sourceOf(r *http.Request) (rewards.Source, error) {
	id, err := bank.ParseID(r.PathValue("id"))
	if err != nil {
		return rewards.Source{}, errNotFound
	}
	return s.rewards.Source(id)
}

// showSource shows one source.
func (s *Server) showSource(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.sourcePage(w, r, v, http.StatusOK, "")
}

func (s *Server) sourcePage(w http.ResponseWriter, r *http.Request, v visit, status int, problem page.Key) error {
	src, err := s.sourceOf(r)
	if err != nil {
		return err
	}
	p := page.SourcePage{
		Base: s.base(r, v), ID: src.ID.String(), Name: src.Name, Kind: kindKey(src.Kind), May: mayFill(v),
		In: v.lang.Euro(int64(src.In)), Paid: v.lang.Euro(int64(src.Paid)), Left: v.lang.Euro(int64(src.Left())),
	}
	if problem != "" {
		p.Problem = p.T(problem)
	}
	if p.Filled, err = s.filled(v, src.ID); err != nil {
		return err
	}
	if p.May {
		if p.Open, err = s.bankEntries(v, shownEntries, bank.Unmatched); err != nil {
			return err
		}
	}
	lists, err := s.rewards.Lists(src.ID)
	for _, l := range lists {
		p.Lists = append(p.Lists, page.SourceList{
			Href: "/desk/lists/" + l.ID.String(), Name: l.Name, When: whenText(v.lang, inWijk(l.Made), s.node.Now()),
			State: s.listState(v.lang, l), Sum: v.lang.Euro(int64(l.Sum)),
		})
	}
	if err != nil {
		return err
	}
	return s.show(w, status, p)
}

// filled are the bank entries that filled a source.
func (s *Server) filled(v visit, source bank.ID) (all []page.BankEntry, err error) {
	ids, err := s.rewards.Entries(source)
	for _, id := range ids {
		e, err := s.bank.Entry(id)
		if err != nil {
			return nil, err
		}
		shown, err := s.bankEntry(v, e)
		if err != nil {
			return nil, err
		}
		all = append(all, shown)
	}
	return all, err
}

// fillSource assigns a bank entry to a source.
func (s *Server) fillSource(w http.ResponseWriter, r *http.Request, v visit) error {
	src, err := s.sourceOf(r)
	if err != nil {
		return err
	}
	f, err := form(r, "entry")
	if err != nil {
		return err
	}
	entry, err := bank.ParseID(f[0])
	if err != nil {
		return errBadForm
	}
	if err := s.rewards.Fill(src.ID, entry, v.auth()); err != nil {
		return err
	}
	_, err = s.logbook.Record(r.Context(), logbook.Entry{
		ID: ledger.ID(entry), By: v.person.ID, How: v.how, Kind: "source-filled",
		Facts: []logbook.Fact{{Name: "source", Value: src.Name}, {Name: "entry", Value: entry.String()}},
	})
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/sources/"+src.ID.String()+"?done=filled")
}

// takeList reads a list and shows what would become of it.
func (s *Server) takeList(w http.ResponseWriter, r *http.Request, v visit) error {
	src, err := s.sourceOf(r)
	if err != nil {
		return err
	}
	name, file, err := readFile(r)
	if err != nil {
		return err
	}
	if name == "" {
		name = "lijst.csv"
	}
	read, err := s.orders.ReadList(file)
	if errors.Is(err, wallet.ErrBatchFile) {
		return s.sourcePage(w, r, v, http.StatusUnprocessableEntity, "batch.badfile")
	}
	if err != nil {
		return err
	}
	var lines []rewards.Line
	for _, l := range read {
		lines = append(lines, rewards.Line{Row: l.Row, Ref: l.Ref, To: l.To, Amount: l.Amount, Text: shortened(l.Text, wallet.MaxText)})
	}
	id, _ := bank.ParseID(newFormID())
	if _, err := s.rewards.Prepare(id, src.ID, shortened(name, wallet.MaxText), lines, v.auth()); err != nil {
		return err
	}
	return goTo(w, r, "/desk/lists/"+id.String())
}

// listOf finds the list in the address.
func (s *Server) listOf(r *http.Request) (*rewards.List, error) {
	id, err := bank.ParseID(r.PathValue("id"))
	if err != nil {
		return nil, errNotFound
	}
	return s.rewards.List(id)
}

// showList shows a list: what would become of it, how far it is, or what became
// of it.
func (s *Server) showList(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.listPage(w, r, v, http.StatusOK, "", "")
}

func (s *Server) listPage(w http.ResponseWriter, r *http.Request, v visit, status int, typed string, problem page.Key) error {
	l, err := s.listOf(r)
	if err != nil {
		return err
	}
	src, err := s.rewards.Source(l.Source)
	if err != nil {
		return err
	}
	dealt, paid := l.Dealt()
	p := page.SourceListPage{
		Base: s.base(r, v), ID: l.ID.String(), Name: l.Name, Source: src.Name, Back: "/desk/sources/" + src.ID.String(),
		State: "preview", Sum: v.lang.Euro(int64(l.Sum)), Left: v.lang.Euro(int64(src.Left())),
		May: v.person.Role != people.Evaluator, Typed: typed, Percent: 100 * dealt / max(l.Count, 1),
	}
	if problem != "" {
		p.Problem = p.T(problem)
	}
	p.Good = p.T("batch.good", "count", strconv.Itoa(l.Count))
	if bad := len(l.Lines) - l.Count; bad > 0 {
		p.Bad = p.T("batch.bad", "count", strconv.Itoa(bad))
	}
	p.Done = p.T("batch.done", "count", strconv.Itoa(paid), "all", strconv.Itoa(l.Count), "amount", v.lang.Money(int64(l.Paid)))
	switch {
	case l.Finished:
		p.State = "done"
	case l.Started:
		p.State = "running"
	case s.proposed(l):
		p.State = "waiting"
	}
	p.Lines = sourceLines(p.Base, l, s.node.Rules())
	if more := len(l.Lines) - len(p.Lines); more > 0 {
		p.More = p.T("batch.more", "count", strconv.Itoa(more))
	}
	return s.show(w, status, p)
}

// proposed tells whether a list waits for a second person.
func (s *Server) proposed(l *rewards.List) bool {
	p, err := s.foureyes.Proposal(ledger.ID(l.ID))
	return err == nil && p.State == foureyes.Open
}

// listState says how far a list is.
func (s *Server) listState(lang page.Lang, l *rewards.List) string {
	_, paid := l.Dealt()
	switch {
	case l.Started:
		return lang.Text("batch.done", "count", strconv.Itoa(paid), "all", strconv.Itoa(l.Count), "amount", lang.Money(int64(l.Paid)))
	case s.proposed(l):
		return lang.Text("sourcelist.waiting")
	}
	return lang.Text("sourcelist.notyet")
}

// sourceLines are the first lines of a list, those that are not paid before the
// others.
func sourceLines(b page.Base, l *rewards.List, limits node.Rules) (lines []page.BatchLine) {
	for _, bad := range []bool{true, false} {
		for _, line := range l.Lines {
			if len(lines) == rowsShown || bad == (line.Fate == rewards.Good || line.Fate == rewards.Paid) {
				continue
			}
			shown := page.BatchLine{Row: strconv.Itoa(line.Row), Ref: line.Ref, Text: line.Text, Fate: fateText(b, line.Fate, limits), Bad: bad}
			if line.Amount > 0 {
				shown.Amount = b.Lang.Money(int64(line.Amount))
			}
			lines = append(lines, shown)
		}
	}
	return lines
}

// fateText says what becomes of a line, or what became of it.
func fateText(b page.Base, fate rewards.Fate, limits node.Rules) string {
	switch fate {
	case rewards.OverMonth:
		return b.T("fate.over-month", "limit", b.Lang.Money(int64(limits.RewardMonth)))
	case rewards.OverYear:
		return b.T("fate.over-year", "limit", b.Lang.Money(int64(limits.RewardYear)))
	}
	return outcomeText(b, wallet.Outcome(fate)) // the other words are those of an organisation's list
}

// proposeList asks a second person to say yes to a list.
func (s *Server) proposeList(w http.ResponseWriter, r *http.Request, v visit) error {
	l, err := s.listOf(r)
	if err != nil {
		return err
	}
	f, err := form(r, "why")
	if err != nil {
		return err
	}
	if f[0] == "" {
		return s.listPage(w, r, v, http.StatusUnprocessableEntity, "", "sourcelist.nowhy")
	}
	src, err := s.rewards.Source(l.Source)
	if err == nil {
		_, err = s.foureyes.Propose(r.Context(), v.person.ID, foureyes.Draft{
			ID: ledger.ID(l.ID), Kind: "list", Why: shortened(f[0], longestWhy),
			Body: listBody{List: l.ID, Source: src.Name, File: l.Name, Count: l.Count, Sum: l.Sum, Digest: l.Digest},
		})
	}
	if isErr(err, rewards.ErrShort, rewards.ErrEmpty, rewards.ErrStarted) {
		a := answerTo(err)
		return s.listPage(w, r, v, a.status, f[0], a.text)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, "/desk/lists/"+l.ID.String()+"?done=proposed")
}
