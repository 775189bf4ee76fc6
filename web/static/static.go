// Package static serves the few files that pages need besides their HTML:
// style, small ES modules for the live till, and the icon of the site.
// Everything lies in the program itself.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
)

//go:embed files/*
var files embed.FS

// Assets are the static files, each known by its content.
type Assets struct {
	byName map[string]asset
}

type asset struct {
	content []byte
	kind    string // media type
	version string // start of the hash of the content
}

// New gathers the embedded files and those given, such as the style sheet that
// the pages make together.
func New(more map[string][]byte) (*Assets, error) {
	a := &Assets{byName: make(map[string]asset)}
	entries, err := fs.ReadDir(files, "files")
	if err != nil {
		return nil, fmt.Errorf("list static files: %w", err)
	}
	for _, e := range entries {
		content, err := fs.ReadFile(files, "files/"+e.Name())
		if err != nil {
			return nil, fmt.Errorf("read static file: %w", err)
		}
		a.add(e.Name(), content)
	}
	for name, content := range more {
		a.add(name, content)
	}
	return a, nil
}

// kinds are written down here, because what a machine says about file name
// endings differs from one to the next.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

func (a *Assets) add(name string, content []byte) {
	kind, ok := kinds[path.Ext(name)]
	if !ok {
		kind = mime.TypeByExtension(path.Ext(name))
	}
	sum := sha256.Sum256(content)
	a.byName[name] = asset{content, kind, hex.EncodeToString(sum[:6])}
}

// Address is where pages find a file. It changes with the content, so that a
// browser may keep what it has for ever.
func (a *Assets) Address(name string) (string, error) {
	f, ok := a.byName[name]
	if !ok {
		return "", fmt.Errorf("no static file %q", name)
	}
	return "/static/" + name + "?v=" + f.version, nil
}

// Serve answers with the file of the name in the path, and tells whether there
// is one.
func (a *Assets) Serve(w http.ResponseWriter, r *http.Request, name string) bool {
	f, ok := a.byName[name]
	if !ok {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Content-Length", strconv.Itoa(len(f.content)))
	h.Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == f.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("ETag", `"`+f.version+`"`)
	if r.Header.Get("If-None-Match") == `"`+f.version+`"` {
		h.Del("Content-Length")
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	if r.Method != http.MethodHead {
		_, _ = w.Write(f.content) // a visitor who hung up is no error of ours
	}
	return true
}
