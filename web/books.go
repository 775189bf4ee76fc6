package web

import (
	"io"
	"net/http"
	"strconv"

	"grulden/demurrage"
	"grulden/internal/books"
	"grulden/internal/node"
	"grulden/internal/people"
	"grulden/internal/record"
	"grulden/web/page"
)

// showBooks shows what stands on each account, and whether it agrees with the
// ledger, the bank and the box.
func (s *Server) showBooks(w http.ResponseWriter, r *http.Request, v visit) error {
	from, to, err := s.bookDays(r)
	if err != nil {
		return err
	}
	var end *books.Close
	var ties []books.Tie
	err = s.withBooks(r, to, func(src *books.Sources) (err error) {
		if end, err = books.Post(src, nil); err == nil {
			ties = end.Ties(src)
		}
		return err
	})
	if err != nil {
		return err
	}
	p := page.BooksPage{Base: s.base(r, v), From: from.String(), To: to.String(), Day: dayText(v.lang, end.Day)}
	if r.URL.Query().Has("badyear") {
		p.Problem = p.T("books.badyear")
	}
	for _, a := range books.Chart() {
		p.Accounts = append(p.Accounts, bookLine(v.lang, a, end))
	}
	for _, a := range end.Alarms() {
		p.Alarms = append(p.Alarms, bookLine(v.lang, a, end))
	}
	for _, t := range ties {
		p.Ties = append(p.Ties, page.TieLine{Word: page.Key("tie." + string(t.Name)), Books: euros(v.lang, t.Books), Other: euros(v.lang, t.Other), Holds: t.Holds()})
	}
	query := "?from=" + p.From + "&to=" + p.To
	p.Files = []page.FileLink{
		{Href: "/books.xaf" + query, Name: "XAF", Help: "books.xaf"},
		{Href: "/books.csv" + query, Name: "CSV", Help: "books.csv"},
		{Href: "/books.journal" + query, Name: "hledger", Help: "books.hledger"},
	}
	return s.show(w, http.StatusOK, p)
}

// bookLine is an account with its amount on the side where it stands.
func bookLine(lang page.Lang, a books.Account, end *books.Close) page.BookLine {
	line := page.BookLine{Number: a.Number, Name: a.Name, RGS: a.RGS}
	if lang == page.English {
		line.Name = a.English
	}
	switch cents := end.Balances[a.Number]; {
	case cents > 0:
		line.Debit = euros(lang, cents)
	case cents < 0:
		line.Credit = euros(lang, -cents)
	}
	return line
}

// bookDays are the days of the books that were asked for: this year until today,
// where the address does not say.
func (s *Server) bookDays(r *http.Request) (from, to demurrage.Day, err error) {
	if to, err = dayIn(r, "to", s.node.Today()); err != nil {
		return 0, 0, err
	}
	first, err := demurrage.ParseDay(to.String()[:4] + "-01-01")
	if err != nil {
		return 0, 0, err
	}
	from, err = dayIn(r, "from", first)
	return from, to, err
}

// withBooks gathers the sources of the books up to a day. Like reports, books are
// made one at a time: each reads the whole journal.
func (s *Server) withBooks(r *http.Request, to demurrage.Day, fn func(*books.Sources) error) error {
	return s.oneAtATime(r.Context(), func() error {
		return s.node.Read(func(view *node.View) error {
			src, err := s.books().Sources(view)
			if err != nil {
				return err
			}
			src.Today = min(src.Today, to)
			return fn(src)
		})
	})
}

// booksCSV, booksJournal and booksXAF send the books as files.
func (s *Server) booksCSV(w http.ResponseWriter, r *http.Request, _ visit) error {
	return s.bookFile(w, r, "text/csv; charset=utf-8", "csv", func(out io.Writer, src *books.Sources, from demurrage.Day) error {
		_, _ = io.WriteString(out, "\ufeff") // a visitor who hung up is no error of ours
		_, err := books.CSV(out, src, from)
		return err
	})
}

func (s *Server) booksJournal(w http.ResponseWriter, r *http.Request, _ visit) error {
	return s.bookFile(w, r, "text/plain; charset=utf-8", "journal", func(out io.Writer, src *books.Sources, from demurrage.Day) error {
		_, err := books.Ledgered(out, src, from)
		return err
	})
}

func (s *Server) booksXAF(w http.ResponseWriter, r *http.Request, _ visit) error {
	from, to, err := s.bookDays(r)
	if err != nil {
		return err
	}
	if from.String()[:4] != to.String()[:4] || from > to { // the file knows one year
		return goTo(w, r, "/books?badyear=1&from="+from.String()+"&to="+to.String())
	}
	set := s.node.Settings()
	company := books.Company{Name: set.Wijk, Software: "Grulden", Made: s.node.Today()}
	if reserve, err := s.bank.Reserve(); err == nil {
		company.Name = reserve.Name
	}
	return s.bookFile(w, r, "application/xml", "xaf", func(out io.Writer, src *books.Sources, from demurrage.Day) error {
		_, err := books.AuditFile(out, src, from, company)
		return err
	})
}

// bookFile sends the books of the days asked for.
func (s *Server) bookFile(w http.ResponseWriter, r *http.Request, kind, ending string, write func(io.Writer, *books.Sources, demurrage.Day) error) error {
	from, to, err := s.bookDays(r)
	if err != nil {
		return err
	}
	return s.withBooks(r, to, func(src *books.Sources) error {
		download(w, kind, "boeken-"+from.String()+"-"+to.String()+"."+ending)
		return write(w, src, from)
	})
}

// shownFindings is how many findings a page shows.
const shownFindings = 100

// showAudit shows what explains every euro, and first what nothing explains.
func (s *Server) showAudit(w http.ResponseWriter, r *http.Request, v visit) error {
	p := page.AuditPage{Base: s.base(r, v)}
	var audit *books.Audit
	var found []books.Finding
	more := 0
	err := s.withBooks(r, demurrage.MaxDay, func(src *books.Sources) (err error) {
		audit, err = books.Examine(src, func(f books.Finding) error {
			switch {
			case f.Grade == books.Good:
			case len(found) >= shownFindings:
				more++
			default:
				found = append(found, f)
			}
			return nil
		})
		return err
	})
	if err != nil {
		return err
	}
	for _, f := range found {
		line := s.auditLine(v.lang, f)
		if f.Grade == books.Red {
			p.Red = append(p.Red, line)
		} else {
			p.Look = append(p.Look, line)
		}
	}
	p.Day, p.Good = dayText(v.lang, audit.Day), audit.Red() == 0
	s.auditWords(&p, audit, more)
	return s.show(w, http.StatusOK, p)
}

// auditWords fills in the answer and the sums.
func (s *Server) auditWords(p *page.AuditPage, audit *books.Audit, more int) {
	switch {
	case audit.Red() > 0:
		p.Verdict = p.T("audit.bad", "red", strconv.Itoa(audit.Red()))
	case audit.Look() > 0:
		p.Verdict = p.T("audit.goodbut", "look", strconv.Itoa(audit.Look()))
	default:
		p.Verdict = p.T("audit.good")
	}
	if more > 0 {
		p.More = p.T("audit.more", "count", strconv.Itoa(more))
	}
	for _, what := range books.Whats() {
		sum := audit.Sums[what]
		p.Sums = append(p.Sums, page.AuditSum{
			Word: page.Key("what." + string(what)), Count: strconv.Itoa(sum.Count), Amount: euros(p.Lang, sum.Cents),
			Look: strconv.Itoa(sum.Look), Red: strconv.Itoa(sum.Red), Bad: sum.Red > 0,
		})
	}
}

// auditLine tells one finding.
func (s *Server) auditLine(lang page.Lang, f books.Finding) page.AuditLine {
	line := page.AuditLine{
		Day: dayText(lang, f.Day), What: page.Key("what." + string(f.What)), Why: page.Key("because." + string(f.Why)),
		Amount: euros(lang, f.Cents), Ref: f.Ref,
	}
	if f.Seq > 0 {
		line.Ref = strconv.FormatUint(f.Seq, 10)
		line.By = lang.Text("audit.machine")
	}
	if f.By != (record.ActorID{}) {
		line.By = s.whoActed(lang, people.ID(f.By))
	}
	return line
}
