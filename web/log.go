package web

import (
	"context"
	"crypto/sha256"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"grulden/demurrage"
	"grulden/internal/logbook"
	"grulden/internal/people"
	"grulden/ledger"
	"grulden/web/page"
)

// logShown is how many acts a page of the logbook shows, and logBrief how many
// stand on a person's page.
const (
	logShown = 50
	logBrief = 5
)

// The acts of the desk.
const (
	actBlocked   logbook.Kind = "blocked"
	actUnblocked logbook.Kind = "unblocked"
	actCardLost  logbook.Kind = "card-lost"     // and replaced
	actPIN       logbook.Kind = "pin-chosen"    // in person, at the desk
	actPhoneGone logbook.Kind = "phone-removed" // a lost one
	actDetails   logbook.Kind = "details"       // what is on file was changed
	actAdded     logbook.Kind = "person-added"
	actErased    logbook.Kind = "person-erased"
	actExported  logbook.Kind = "data-exported"
	actGift      logbook.Kind = "gift-booked"     // money at the bank is for the wijkfonds
	actPaidOut   logbook.Kind = "payout-made"     // a payment file
	actReleased  logbook.Kind = "payout-released" // by one person
)

// actIcons are the pictograms of acts; others have that of the logbook.
var actIcons = map[logbook.Kind]string{
	actBlocked: "lock", actUnblocked: "check", actCardLost: "card", actPIN: "key", actPhoneGone: "cross", actDetails: "person",
	actAdded: "add", actErased: "cross", actExported: "download", actLogin: "key", actCorrection: "again", actFigures: "report",
	"proposed": "eyes", "approved": "check", "done": "check", "refused": "cross", "withdrawn": "back", "failed": "warning",
}

// actID is the id of an act of which there is one about a subject.
func actID(kind logbook.Kind, subject string) ledger.ID {
	sum := sha256.Sum256([]byte("grulden act 1\x00" + string(kind) + "\x00" + subject))
	return ledger.ID(sum[:16])
}

// record enters in the logbook what somebody at the desk does about a person. It
// comes before the deed: whatever stops between the two, nothing is done that
// its subject does not see.
func (s *Server) record(ctx context.Context, v visit, person people.Person, e logbook.Entry) error {
	if person.Role.HasPurse() {
		if err := s.ensureOpen(ctx, person); err != nil {
			return err
		}
		e.Account = person.Account
	}
	e.By, e.How, e.Person = v.person.ID, v.how, person.ID
	_, err := s.logbook.Record(ctx, e)
	return err
}

// showLog shows the logbook to the office.
func (s *Server) showLog(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.logPage(w, r, v, page.LogPage{Base: s.base(r, v)}, "/desk/log", func(before uint64) ([]logbook.Entry, error) {
		return s.logSeen(v, before)
	})
}

// logSeen lists the acts that the visitor's role sees, the newest first: the
// board and the evaluator all of them, the administrator what is not about
// residents and shops, others what is.
func (s *Server) logSeen(v visit, before uint64) (seen []logbook.Entry, err error) {
	for len(seen) <= logShown {
		some, err := s.logbook.List(before, logShown+1)
		if err != nil || len(some) == 0 {
			return seen, err
		}
		for _, e := range some {
			before = e.Seq
			ok, err := s.seesAct(v, e)
			if err != nil {
				return nil, err
			}
			if ok {
				seen = append(seen, e)
			}
		}
	}
	return seen, nil
}

func (s *Server) seesAct(v visit, e logbook.Entry) (bool, error) {
	role := v.person.Role
	if role == people.Board || role == people.Evaluator || e.By == v.person.ID || e.Person == (people.ID{}) {
		return true, nil
	}
	about, ok, err := s.people.Person(e.Person)
	if err != nil || !ok {
		return false, err
	}
	return about.Role.HasPurse() == (role != people.Administrator), nil
}

// showPersonLog shows the desk what was done about one person.
func (s *Server) showPersonLog(w http.ResponseWriter, r *http.Request, v visit) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	p := page.LogPage{Base: s.base(r, v), Who: person.Title()}
	return s.logPage(w, r, v, p, "/desk/people/"+person.ID.String()+"/log", func(before uint64) ([]logbook.Entry, error) {
		return s.logbook.About(person.ID, before, logShown+1)
	})
}

// showOwnLog shows somebody what was done about their own account.
func (s *Server) showOwnLog(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.logPage(w, r, v, page.LogPage{Base: s.base(r, v), Mine: true}, "/acts", func(before uint64) ([]logbook.Entry, error) {
		return s.logbook.About(v.person.ID, before, logShown+1)
	})
}

// logPage fills in a page of the logbook.
func (s *Server) logPage(w http.ResponseWriter, r *http.Request, v visit, p page.LogPage, at string, list func(before uint64) ([]logbook.Entry, error)) error {
	before, err := strconv.ParseUint(r.URL.Query().Get("before"), 10, 64)
	if err != nil {
		before = 0
	}
	all, err := list(before)
	if err != nil {
		return err
	}
	if len(all) > logShown {
		all = all[:logShown]
		p.More = at + "?before=" + strconv.FormatUint(all[logShown-1].Seq, 10)
	}
	for _, e := range all {
		line, err := s.logLine(v, e, !p.Mine && p.Who == "")
		if err != nil {
			return err
		}
		p.Lines = append(p.Lines, line)
	}
	return s.show(w, http.StatusOK, p)
}

// logLine says one act in words. An evaluator learns what was done by which
// role, and nobody's name.
func (s *Server) logLine(v visit, e logbook.Entry, name bool) (line page.LogLine, err error) {
	lang := v.lang
	line = page.LogLine{Icon: actIcons[e.Kind], What: actText(lang, e), Erased: e.Erased, Proof: lang.Text("log.proof", "number", strconv.FormatUint(e.Seq, 10))}
	if line.Icon == "" {
		line.Icon = "list"
	}
	blind := v.person.Role == people.Evaluator && !slices.Contains([]people.ID{e.By, e.Person}, v.person.ID)
	who, err := s.actor(v, e, blind)
	if err != nil {
		return line, err
	}
	line.By = lang.Text("log.by", "when", dayAndTime(lang, e.At), "who", who)
	if blind {
		return line, nil
	}
	line.Why = whyText(lang, e)
	for _, f := range e.Facts {
		if key := page.Key("fact." + f.Name); f.Name != "proposal" && page.Has(key) {
			line.Facts = append(line.Facts, page.Told{What: lang.Text(key), Value: factText(lang, f)})
		}
	}
	if !name || e.Person == (people.ID{}) {
		return line, nil
	}
	about, ok, err := s.people.Person(e.Person)
	if err != nil || !ok {
		return line, err
	}
	line.Who = about.Title()
	if about.Role.HasPurse() && slices.Contains(desk, v.person.Role) {
		line.Href = "/desk/people/" + about.ID.String()
	}
	return line, nil
}

// actText says what was done.
func actText(lang page.Lang, e logbook.Entry) string {
	text := lang.Text("act.other")
	if key := page.Key("act." + string(e.Kind)); page.Has(key) {
		text = lang.Text(key)
	}
	if kind := e.Fact("proposal"); kind != "" {
		what := page.Key("proposal." + kind)
		if !page.Has(what) {
			what = "proposal.other"
		}
		text += ": " + lang.Text(what)
	}
	return text
}

// sumFacts and dayFacts are the facts that are an amount or a day.
var (
	sumFacts = []string{"taken", "given", "amount", "transit", "difference", "box", "sum", "issued"}
	dayFacts = []string{"entry", "policyfrom", "contract"}
)

// factText is a fact as people read it; a hash needs no more than its beginning.
func factText(lang page.Lang, f logbook.Fact) string {
	if f.Name == "hash" && len(f.Value) > hashShown {
		return inGroups(f.Value[:hashShown])
	}
	if sum, below := strings.CutPrefix(f.Value, "-"); slices.Contains(sumFacts, f.Name) {
		if sum == ledger.Cents(0).String() {
			return lang.Money(0)
		}
		if cents, err := ledger.ParseCents(sum); err == nil {
			if below {
				cents = -cents
			}
			return lang.Money(int64(cents))
		}
	}
	if day, err := demurrage.ParseDay(f.Value); err == nil && slices.Contains(dayFacts, f.Name) {
		return lang.Date(day.Time())
	}
	return f.Value
}

// actor says who did something: by name and role, or by role alone.
func (s *Server) actor(v visit, e logbook.Entry, blind bool) (string, error) {
	lang := v.lang
	if e.By == (people.ID{}) {
		return lang.Text("log.operator"), nil
	}
	if e.By == v.person.ID {
		return lang.Text("log.yourself"), nil
	}
	p, ok, err := s.people.Person(e.By)
	if err != nil || !ok {
		return lang.Text("log.gone"), err
	}
	if blind {
		return lang.Text(roleKey(p.Role)), nil
	}
	return lang.Text("log.who", "who", p.Name, "role", lang.Text(roleKey(p.Role))), nil
}

// whyText is the reason for an act: one of a list, or in words, or both.
func whyText(lang page.Lang, e logbook.Entry) string {
	why := e.Why
	if key := page.Key("why." + why); page.Has(key) {
		why = lang.Text(key)
	}
	switch {
	case why == "" || e.Why == otherReason && e.Note != "":
		return e.Note
	case e.Note == "":
		return why
	}
	return why + ": " + e.Note
}

// staffName is who did something, also when that person has left.
func (s *Server) staffName(lang page.Lang, id people.ID) (string, error) {
	p, ok, err := s.people.Person(id)
	if err != nil || !ok {
		return lang.Text("log.gone"), err
	}
	return p.Name, nil
}

// dayAndTime writes a moment with its year: a logbook is read long after.
func dayAndTime(lang page.Lang, at time.Time) string {
	at = inWijk(at)
	return lang.Date(at) + ", " + lang.Clock(at)
}
