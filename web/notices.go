package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"grulden/internal/notice"
	"grulden/internal/people"
	"grulden/web/page"
)

// noticeRoutes are about what people are told.
func noticeRoutes() []route {
	return []route{
		{pattern: "GET /notices", roles: holders, page: (*Server).listNotices},
		{pattern: "GET /notices/how", roles: holders, page: (*Server).askTelling},
		{pattern: "POST /notices/email", roles: holders, page: (*Server).takeEmail},
		{pattern: "POST /notices/code", roles: holders, page: (*Server).takeEmailCode},
		{pattern: "POST /notices/email/stop", roles: holders, page: (*Server).dropEmail},
		{pattern: "POST /notices/phone", roles: holders, page: (*Server).tellPhone},
		{pattern: "POST /notices/phone/stop", roles: holders, page: (*Server).tellNoPhone},
		{pattern: "POST /notices/letters", roles: holders, page: (*Server).wantLetters},
		{pattern: "GET /desk/letters", roles: desk, page: (*Server).listLetters},
		{pattern: "GET /desk/letters.pdf", roles: desk, page: (*Server).lettersPDF},
		{pattern: "POST /desk/letters", roles: desk, page: (*Server).printedLetters},
	}
}

// listNotices lists what somebody was told, which is then read.
func (s *Server) listNotices(w http.ResponseWriter, r *http.Request, v visit) error {
	all, err := s.notices.Of(v.person.ID)
	if err != nil {
		return err
	}
	p := page.NoticesPage{Base: s.base(r, v)}
	for _, k := range all {
		line := page.NoticeLine{Icon: noticeIcons[k.Kind], When: v.lang.DateTime(inWijk(k.At)), New: k.Seen.IsZero()}
		line.Title, line.Text = told(p.Base, k.Notice)
		p.Notices = append(p.Notices, line)
	}
	if err := s.notices.Saw(v.person.ID, all); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, p)
}

// noticeNotes say on the first page that there is something to read.
func noticeNotes(s *Server, v visit) (notes []page.Note, err error) {
	all, err := s.notices.Of(v.person.ID)
	if err != nil {
		return nil, err
	}
	fresh := 0
	for _, k := range all {
		if k.Seen.IsZero() {
			fresh++
		}
	}
	text := v.lang.Text("notices.many", "count", strconv.Itoa(fresh))
	switch fresh {
	case 0:
		return nil, nil
	case 1:
		text = v.lang.Text("notices.one")
	}
	return []page.Note{{Icon: "mail", Text: text, Href: "/notices", Word: "notices.look"}}, nil
}

// tellProblems says in words why a way to be told was refused.
var tellProblems = []struct {
	err  error
	text page.Key
}{
	{notice.ErrEmail, "tellme.bademail"},
	{notice.ErrCode, "tellme.badcode"},
	{notice.ErrBusy, "tellme.often"},
	{notice.ErrPhone, "tellme.badphone"},
}

// askTelling shows how somebody is told, and what else can be chosen.
func (s *Server) askTelling(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.tellingPage(w, r, v, nil, "")
}

// tellingPage shows the ways of being told, after one was refused for a reason.
func (s *Server) tellingPage(w http.ResponseWriter, r *http.Request, v visit, refused error, typed string) error {
	chosen, err := s.notices.Settings(v.person.ID)
	if err != nil {
		return err
	}
	p := page.TellMePage{Base: s.base(r, v), Mails: s.mailer != nil, Email: chosen.Email, Asked: chosen.Asked, Typed: typed, Letters: !chosen.NoLetters}
	if p.PushKey, err = s.notices.PushKey(); err != nil {
		return err
	}
	switch n := len(chosen.Phones); n {
	case 0:
	case 1:
		p.Phones = p.T("tellme.phoneone")
	default:
		p.Phones = p.T("tellme.phones", "count", strconv.Itoa(n))
	}
	if refused == nil {
		return s.show(w, http.StatusOK, p)
	}
	for _, problem := range tellProblems {
		if errors.Is(refused, problem.err) {
			p.Problem = p.T(problem.text)
			return s.show(w, http.StatusUnprocessableEntity, p)
		}
	}
	return refused
}

// choice goes back to the ways of being told, or says there what was wrong.
func (s *Server) choice(w http.ResponseWriter, r *http.Request, v visit, err error, typed string) error {
	if err != nil {
		return s.tellingPage(w, r, v, err, typed)
	}
	return goTo(w, r, "/notices/how?done=told")
}

// takeEmail sends a code to an address.
func (s *Server) takeEmail(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "address")
	if err != nil {
		return err
	}
	if s.mailer == nil {
		return errNotFound
	}
	if err := s.notices.AskEmail(v.person.ID, f[0]); err != nil {
		return s.tellingPage(w, r, v, err, f[0])
	}
	return goTo(w, r, "/notices/how")
}

// takeEmailCode has an address used from now on.
func (s *Server) takeEmailCode(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "code")
	if err != nil {
		return err
	}
	return s.choice(w, r, v, s.notices.ConfirmEmail(v.person.ID, f[0]), "")
}

// dropEmail forgets an address.
func (s *Server) dropEmail(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.choice(w, r, v, s.notices.NoEmail(v.person.ID), "")
}

// tellPhone has a browser told.
func (s *Server) tellPhone(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "endpoint", "p256dh", "auth")
	if err != nil {
		return err
	}
	return s.choice(w, r, v, s.notices.AddPhone(v.person.ID, notice.Phone{Endpoint: f[0], P256dh: f[1], Auth: f[2]}), "")
}

// tellNoPhone has no browser told any more.
func (s *Server) tellNoPhone(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.choice(w, r, v, s.notices.NoPhones(v.person.ID), "")
}

// wantLetters says whether letters are wanted.
func (s *Server) wantLetters(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "wanted")
	if err != nil {
		return err
	}
	return s.choice(w, r, v, s.notices.WantLetters(v.person.ID, f[0] == "yes"), "")
}

// listLetters shows the desk what is to be printed.
func (s *Server) listLetters(w http.ResponseWriter, r *http.Request, v visit) error {
	all, err := s.notices.Letters()
	if err != nil {
		return err
	}
	p := page.LettersPage{Base: s.base(r, v)}
	var last time.Time
	for _, l := range all {
		line := page.LetterLine{Icon: "person", Who: l.Who.Title(), When: v.lang.DateTime(inWijk(l.At))}
		if l.Who.Role == people.Merchant {
			line.Icon = "shop"
		}
		line.What, _ = told(p.Base, l.Notice)
		p.Letters = append(p.Letters, line)
		if l.At.After(last) {
			last = l.At
		}
	}
	p.UpTo = last.Format(time.RFC3339Nano)
	switch len(all) {
	case 0:
	case 1:
		p.Count = p.T("letters.one")
	default:
		p.Count = p.T("letters.count", "count", strconv.Itoa(len(all)))
	}
	return s.show(w, http.StatusOK, p)
}

// lettersPDF is all letters to print, each in the language of its reader.
func (s *Server) lettersPDF(w http.ResponseWriter, r *http.Request, v visit) error {
	all, err := s.notices.Letters()
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return errNotFound
	}
	var papers []notice.Paper
	for _, l := range all {
		b := s.nobody(page.ParseLang(l.Who.Lang))
		title, text := told(b, l.Notice)
		address := []string{l.Who.Title()}
		if l.Who.Address != "" {
			address = append(address, l.Who.Address)
		}
		papers = append(papers, notice.Paper{
			Sender: b.Coin + " " + b.Wijk, Address: address, Day: b.Lang.Date(inWijk(l.At)),
			Text: notice.Text{Title: title, Lines: []string{b.T("told.hello", "who", l.Who.Name), text, b.T("told.from")}},
		})
	}
	b := s.base(r, v)
	file, err := notice.DrawLetters(string(v.lang), b.T("letters.title"), papers)
	if err != nil {
		return err
	}
	return sendPDF(w, b.T("letters.name"), file)
}

// printedLetters takes the letters that are on paper off the pile.
func (s *Server) printedLetters(w http.ResponseWriter, r *http.Request, _ visit) error {
	f, err := form(r, "upto")
	if err != nil {
		return err
	}
	upTo, err := time.Parse(time.RFC3339Nano, f[0])
	if err != nil {
		return errBadForm
	}
	if err := s.notices.Printed(upTo); err != nil {
		return err
	}
	return goTo(w, r, "/desk/letters?done=printed")
}
