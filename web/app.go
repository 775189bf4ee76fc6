package web

import (
	"net/http"
	"strings"

	"grulden/internal/people"
	"grulden/web/page"
)

// askLanguage shows all languages, for when there are more than fit at the top
// of a page.
func (s *Server) askLanguage(w http.ResponseWriter, r *http.Request, v visit) error {
	return s.show(w, http.StatusOK, page.LanguagePage{
		Base: s.base(r, v), Back: localPath(r.URL.Query().Get("back")),
	})
}

// language switches the language: for good for who is signed in, in a cookie
// for other visitors.
func (s *Server) language(w http.ResponseWriter, r *http.Request, v visit) error {
	f, err := form(r, "to", "back")
	if err != nil {
		return err
	}
	lang := page.ParseLang(f[0])
	if v.signedIn {
		if _, err := s.people.Update(v.person.ID, func(p *people.Person) { p.Lang = string(lang) }); err != nil {
			return err
		}
	} else {
		http.SetCookie(w, &http.Cookie{
			Name: languageName, Value: string(lang), Path: "/", MaxAge: 365 * 24 * 60 * 60,
			HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(s.origin, "https:"),
		})
	}
	return goTo(w, r, localPath(f[1]))
}
