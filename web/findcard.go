package web

import (
	"net/http"
	"net/url"
	"strings"

	"grulden/internal/payreq"
	"grulden/internal/people"
	"grulden/web/page"
)

// askFindCard asks for somebody's card, to find them by it.
func (s *Server) askFindCard(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.show(w, http.StatusOK, page.FindCardPage{Base: s.base(r, v)})
}

// findCard shows whose card was scanned or typed. Nobody gets in by it: the PIN
// is not asked, and nothing is shown that the desk does not see anyway.
func (s *Server) findCard(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "card")
	if err != nil {
		return err
	}
	person, ok, err := s.byCard(r, f[0])
	if err != nil {
		return err
	}
	if !ok {
		p := page.FindCardPage{Base: s.base(r, v)}
		p.Problem = p.T("findcard.none")
		return s.show(w, http.StatusUnprocessableEntity, p)
	}
	return goTo(w, r, "/desk/people/"+person.ID.String())
}

// byCard finds whose card a scanner read, or somebody typed: the link on it, or
// its code. ok is false for what is nobody's card.
func (s *Server) byCard(r *http.Request, text string) (p people.Person, ok bool, err error) {
	text = strings.TrimSpace(text)
	if link, err := url.Parse(text); err == nil && link.Host != "" {
		rest, card := strings.CutPrefix(strings.ToUpper(link.Path), "/C/")
		if !card || !s.ownHost(r, link.Host) {
			return people.Person{}, false, nil
		}
		text = rest
	}
	code, err := payreq.Parse(text)
	if err != nil {
		return people.Person{}, false, nil // not a code: nobody's card
	}
	p, _, ok, err = s.people.Login(code)
	return p, ok, err
}
