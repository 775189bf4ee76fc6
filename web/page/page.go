// Package page turns plain view structs into HTML.
//
// A page is one struct and one directory: web/page/pay/pay.tmpl with
// web/page/pay/pay.css beside it. The structs hold text that is already
// formatted; templates choose and repeat, they never count or compare money.
// The package knows no other part of the program.
package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
)

//go:embed */*.tmpl */*.css icon/*.svg
var files embed.FS

// View is a page that can be rendered: a struct that embeds Base and names its
// template's directory.
type View interface {
	name() string
	lang() Lang
}

// Renderer holds the parsed templates. It is safe for concurrent use.
type Renderer struct {
	pages  map[string]*template.Template
	shared *template.Template
}

// New parses every template, so that a broken one stops the program at its
// start and not at a visit. asset turns the name of a static file into the
// address that pages use for it.
func New(asset func(name string) (string, error)) (*Renderer, error) {
	icons, err := readIcons()
	if err != nil {
		return nil, err
	}
	funcs := template.FuncMap{
		"asset": asset,
		"icon": func(name string) (template.HTML, error) {
			svg, ok := icons[name]
			if !ok {
				return "", fmt.Errorf("no icon %q", name)
			}
			return svg, nil
		},
	}
	shared, err := template.New("shared").Funcs(funcs).Option("missingkey=error").ParseFS(files, "shared/*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("parse shared templates: %w", err)
	}
	r := &Renderer{pages: make(map[string]*template.Template), shared: template.Must(shared.Clone())}
	matches, err := fs.Glob(files, "*/*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	for _, file := range matches {
		dir := path.Dir(file)
		if dir == "shared" {
			continue
		}
		set, err := template.Must(shared.Clone()).ParseFS(files, file)
		if err != nil {
			return nil, fmt.Errorf("parse page %s: %w", dir, err)
		}
		r.pages[dir] = set
	}
	return r, nil
}

// Render writes the page for v into memory, so that a failing template never
// leaves half a page with the visitor.
func (r *Renderer) Render(v View) ([]byte, error) {
	set, ok := r.pages[v.name()]
	if !ok {
		return nil, fmt.Errorf("no page %q", v.name())
	}
	var b bytes.Buffer
	if err := set.ExecuteTemplate(&b, "layout", v); err != nil {
		return nil, fmt.Errorf("render page %s: %w", v.name(), err)
	}
	return b.Bytes(), nil
}

// Map draws a map of the wijk as a picture of its own.
func (r *Renderer) Map(m WijkMap) ([]byte, error) {
	var b bytes.Buffer
	if err := r.shared.ExecuteTemplate(&b, "mapfile", m); err != nil {
		return nil, fmt.Errorf("draw the map: %w", err)
	}
	return b.Bytes(), nil
}

// CSS is the style sheet of all pages together: the shared one, then each
// page's own.
func CSS() ([]byte, error) {
	matches, err := fs.Glob(files, "*/*.css")
	if err != nil {
		return nil, fmt.Errorf("list style sheets: %w", err)
	}
	var shared, own bytes.Buffer
	for _, file := range matches {
		text, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, fmt.Errorf("read style sheet: %w", err)
		}
		if path.Dir(file) == "shared" {
			shared.Write(text)
		} else {
			own.Write(text)
		}
	}
	return append(shared.Bytes(), own.Bytes()...), nil
}

// readIcons reads the pictograms. They go into the page itself, so that they
// take the colour of the text beside them and need no request of their own.
func readIcons() (map[string]template.HTML, error) {
	matches, err := fs.Glob(files, "icon/*.svg")
	if err != nil {
		return nil, fmt.Errorf("list icons: %w", err)
	}
	icons := make(map[string]template.HTML)
	for _, file := range matches {
		text, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, fmt.Errorf("read icon: %w", err)
		}
		// The words beside an icon say the same, so screen readers skip it.
		name := strings.TrimSuffix(path.Base(file), ".svg")
		svg := strings.Replace(strings.TrimSpace(string(text)), "<svg ", `<svg class="icon icon-`+name+`" aria-hidden="true" focusable="false" `, 1)
		icons[name] = template.HTML(svg)
	}
	return icons, nil
}

// LangOf is the language that a page is in.
func LangOf(v View) Lang { return v.lang() }
