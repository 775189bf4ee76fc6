package web

import (
	"net/http"
	"slices"

	"grulden/web/page"
)

// The gallery of /dev/states is there in the demo alone: every page in every
// state, with nobody's data, for who builds or translates.

// galleryLangs are the languages of the gallery.
func galleryLangs() []page.Lang { return append(page.Languages(), page.Trial) }

// typed is what people in the gallery are called, unless another name is given.
const typed = "Groentewinkel De Korenbloem"

// showStates lists the states of all pages.
func (s *Server) showStates(w http.ResponseWriter, r *http.Request, v visit) error {
	if !s.demo {
		return errNotFound
	}
	p := page.StatesPage{Base: s.oneTask(r, v)}
	names := make([]string, 0, len(page.States(v.lang, typed)))
	for name := range page.States(v.lang, typed) {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		state := page.State{Name: name, Slug: page.Slug(name)}
		for _, lang := range galleryLangs() {
			state.Links = append(state.Links, page.StateLink{Lang: lang, Href: "/dev/states/" + string(lang) + "/" + state.Slug})
		}
		p.States = append(p.States, state)
	}
	return s.show(w, http.StatusOK, p)
}

// showState shows one page in one state. The name that is typed in it can be
// given, to see what a long one does.
func (s *Server) showState(w http.ResponseWriter, r *http.Request, _ visit) error {
	lang := page.Lang(r.PathValue("lang"))
	if !s.demo || !slices.Contains(galleryLangs(), lang) {
		return errNotFound
	}
	who := r.URL.Query().Get("typed")
	if who == "" {
		who = typed
	}
	for name, view := range page.States(lang, who) {
		if page.Slug(name) == r.PathValue("state") {
			allowReader(w.Header())
			return s.show(w, http.StatusOK, view)
		}
	}
	return errNotFound
}
