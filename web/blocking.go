package web

import (
	"errors"
	"net/http"
	"slices"

	"grulden/internal/logbook"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/ledger"
	"grulden/web/page"
)

// maxNote is the longest note in somebody’s own words, in characters.
const maxNote = 200

// otherReason is the reason that needs words.
const otherReason = "other"

// The reasons to block somebody, and to end that.
var (
	blockReasons = []page.Reason{
		{Value: "stolen", Icon: "card", Word: "why.stolen"},
		{Value: "odd", Icon: "warning", Word: "why.odd"},
		{Value: "asked", Icon: "person", Word: "why.asked"},
		{Value: "left", Icon: "leave", Word: "why.left"},
		{Value: otherReason, Icon: "question", Word: "why.other"},
	}
	freeReasons = []page.Reason{
		{Value: "solved", Icon: "check", Word: "why.solved"},
		{Value: "asked", Icon: "person", Word: "why.asked"},
		{Value: otherReason, Icon: "question", Word: "why.other"},
	}
)

// blockPage is the question why.
func (s *Server) blockPage(r *http.Request, v visit, person people.Person, free bool) page.BlockPage {
	p := page.BlockPage{Base: s.oneTask(r, v), ID: person.ID.String(), Name: person.Title(), Free: free, Reasons: blockReasons}
	if free {
		p.Reasons = freeReasons
	}
	return p
}

// askBlock asks why somebody is to be blocked.
func (s *Server) askBlock(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.askWhy(w, r, v, false)
}

// askUnblock asks why a block is to end.
func (s *Server) askUnblock(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.askWhy(w, r, v, true)
}

func (s *Server) askWhy(w http.ResponseWriter, r *http.Request, v visit, free bool) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, s.blockPage(r, v, person, free))
}

// block keeps a person's account from paying.
func (s *Server) block(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.setBlocked(w, r, v, false)
}

// unblock lets a person's account pay again.
func (s *Server) unblock(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.setBlocked(w, r, v, true)
}

func (s *Server) setBlocked(w http.ResponseWriter, r *http.Request, v visit, free bool) error {
	person, err := s.memberOf(r)
	if err != nil {
		return err
	}
	f, err := form(r, "why", "note")
	if err != nil {
		return err
	}
	p := s.blockPage(r, v, person, free)
	p.Note = f[1]
	if !choose(&p, f[0]) {
		p.Problem = p.T("block.choose")
	} else if f[0] == otherReason && f[1] == "" {
		p.NoteSays = p.T("block.explain")
	} else if len([]rune(f[1])) > maxNote {
		p.NoteSays = p.T("block.long")
	}
	if p.Problem != "" || p.NoteSays != "" {
		return s.show(w, http.StatusUnprocessableEntity, p)
	}
	act, command, done := logbook.Entry{Kind: actBlocked, Why: f[0], Note: f[1]}, ledger.Command(ledger.Block{Account: person.Account}), "blocked"
	if free {
		act.Kind, command, done = actUnblocked, ledger.Unblock{Account: person.Account}, "unblocked"
	}
	if blocked, err := s.isBlocked(person); err != nil {
		return err
	} else if blocked != free { // the form was sent twice
		return goTo(w, r, "/desk/people/"+person.ID.String()+"?done="+done)
	}
	if err := s.record(r.Context(), v, person, act); err != nil {
		return err
	}
	if err := check(s.node.Submit(r.Context(), node.Request{Auth: v.auth(), Command: command})); err != nil {
		return err
	}
	return goTo(w, r, "/desk/people/"+person.ID.String()+"?done="+done)
}

// isBlocked tells whether somebody's account is blocked.
func (s *Server) isBlocked(person people.Person) (blocked bool, err error) {
	err = s.node.Read(func(view *node.View) error {
		a, err := view.Account(person.Account)
		blocked = a != nil && a.Blocked
		return err
	})
	return blocked, err
}

// choose marks the chosen reason, and tells whether there is such a one.
func choose(p *page.BlockPage, why string) (known bool) {
	reasons := make([]page.Reason, len(p.Reasons))
	for i, reason := range p.Reasons {
		reason.Chosen = reason.Value == why
		known = known || reason.Chosen
		reasons[i] = reason
	}
	p.Reasons = reasons
	return known
}

// listBlocked lists who is blocked, so that the desk can call them.
func (s *Server) listBlocked(w http.ResponseWriter, r *http.Request, v visit) error {
	all, err := s.people.Everybody()
	if err != nil {
		return err
	}
	var blocked []people.Person
	err = s.node.Read(func(view *node.View) error {
		for _, person := range all {
			if !person.Role.HasPurse() {
				continue
			}
			a, err := view.Account(person.Account)
			if err != nil {
				return err
			}
			if a != nil && a.Blocked {
				blocked = append(blocked, person)
			}
		}
		return nil
	})
	p := page.BlockedPage{Base: s.base(r, v)}
	for _, person := range blocked {
		line, lineErr := s.blockedLine(v.lang, person)
		err = errors.Join(err, lineErr)
		p.People = append(p.People, line)
	}
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

// blockedLine says of a blocked person who did it, when and why. An account may
// also have been blocked before such things were kept.
func (s *Server) blockedLine(lang page.Lang, person people.Person) (page.BlockedLine, error) {
	line := page.BlockedLine{Href: "/desk/people/" + person.ID.String(), Name: person.Title(), Icon: "lock", When: lang.Text("blocked.old")}
	acts, err := s.logbook.About(person.ID, 0, logShown)
	if err != nil {
		return line, err
	}
	i := slices.IndexFunc(acts, func(e logbook.Entry) bool { return e.Kind == actBlocked })
	if i < 0 {
		return line, nil
	}
	act := acts[i]
	who, err := s.staffName(lang, act.By)
	line.Why, line.When = whyText(lang, act), lang.Text("blocked.when", "when", lang.Date(inWijk(act.At)), "who", who)
	for _, reason := range blockReasons {
		if reason.Value == act.Why {
			line.Icon = reason.Icon
		}
	}
	return line, err
}
