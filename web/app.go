package web

import (
	"encoding/json"
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
			Name: s.languageCookie(), Value: string(lang), Path: "/", MaxAge: 365 * 24 * 60 * 60,
			HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(s.origin, "https:"),
		})
	}
	return goTo(w, r, localPath(f[1]))
}

// manifest says how the site looks as an app on the first screen of a telephone.
func (s *Server) manifest(w http.ResponseWriter, r *http.Request, v visit) error {
	lang := v.lang
	if tag := r.URL.Query().Get("lang"); tag != "" {
		lang = page.ParseLang(tag)
	}
	type icon struct {
		Src     string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type"`
		Purpose string `json:"purpose"`
	}
	icons := []icon{
		{"icon-192.png", "192x192", "image/png", "any"},
		{"icon-512.png", "512x512", "image/png", "any"},
		{"icon-full-512.png", "512x512", "image/png", "maskable"},
		{"coin.svg", "any", "image/svg+xml", "any"},
	}
	var err error
	for i := range icons {
		if icons[i].Src, err = s.assets.Address(icons[i].Src); err != nil {
			return err
		}
	}
	set := s.node.Settings()
	text, err := json.Marshal(map[string]any{
		"id": "/", "start_url": "/", "scope": "/", "display": "standalone",
		"name": set.Coin + " " + set.Wijk, "short_name": set.Coin, "description": s.nobody(lang).T("login.lead"),
		"lang": lang, "dir": lang.Dir(), "icons": icons, "background_color": "#f6f4ee", "theme_color": "#0b6147",
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/manifest+json")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(text) // a visitor who hung up is no error of ours
	return nil
}

// shell are the files that every page needs, and the page for when there is no
// net.
var shell = []string{"app.css", "coin.svg", "app.js", "speak.js", "offline.js", "nonet.js"}

// worker is the service worker of the site, with the addresses of the shell
// before it: when one of them changes, so does the worker, and browsers fetch
// the shell again.
func (s *Server) worker(w http.ResponseWriter, _ *http.Request, _ visit) error {
	var addresses []string
	for _, lang := range page.Languages() {
		addresses = append(addresses, "/offline?lang="+string(lang))
	}
	for _, name := range shell {
		address, err := s.assets.Address(name)
		if err != nil {
			return err
		}
		addresses = append(addresses, address)
	}
	list, err := json.Marshal(addresses)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write([]byte("const SHELL = " + string(list) + ";\n")) // a visitor who hung up is no error of ours
	_, _ = w.Write(s.assets.Content("sw.js"))
	return nil
}

// showOffline is the page that browsers keep for when there is no net. It is the
// same for everybody.
func (s *Server) showOffline(w http.ResponseWriter, r *http.Request, v visit) error {
	lang := v.lang
	if tag := r.URL.Query().Get("lang"); tag != "" {
		lang = page.ParseLang(tag)
	}
	return s.show(w, http.StatusOK, page.OfflinePage{Base: s.nobody(lang)})
}
