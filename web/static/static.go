// Package static serves the few files that pages need besides their HTML:
// style, small ES modules for the live till, and the icon of the site.
// Everything lies in the program itself.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// files are written here; bundled is what the build makes of packages from npm,
// or nothing but a word about it.
//
//go:embed files bundled
var files embed.FS

// Assets are the static files, each known by its content.
type Assets struct {
	byName map[string]asset
}

type asset struct {
	content []byte
	kind    string        // media type
	version string        // start of the hash of the content
	packed  func() []byte // content as gzip has it, made when it is first asked for; nil: not smaller
}

// New gathers the embedded files and those given, such as the style sheet that
// the pages make together.
func New(more map[string][]byte) (*Assets, error) {
	content := make(map[string][]byte)
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) == ".txt" {
			return err
		}
		content[path.Base(name)], err = fs.ReadFile(files, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read static files: %w", err)
	}
	drawn, err := icons()
	if err != nil {
		return nil, err
	}
	maps.Copy(content, drawn)
	maps.Copy(content, more)
	a := &Assets{byName: make(map[string]asset)}
	for name := range content {
		if err := a.add(name, content, nil); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// kinds are written down here, because what a machine says about file name
// endings differs from one to the next.
var kinds = map[string]string{
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
	".wasm": "application/wasm",
}

// mention is how a script names another static file: './scan.js'.
var mention = regexp.MustCompile(`(['"])\./([\w-]+\.(?:js|wasm))['"]`)

// add makes an asset of the named content. Files that a script mentions come
// first, since it has to name them by the address of their content; above are
// the scripts that wait for this one.
func (a *Assets) add(name string, content map[string][]byte, above []string) error {
	if _, done := a.byName[name]; done {
		return nil
	}
	if slices.Contains(above, name) {
		return fmt.Errorf("static files need each other in a circle: %s", strings.Join(append(above, name), ", "))
	}
	text := content[name]
	if path.Ext(name) == ".js" {
		for _, m := range mention.FindAllSubmatch(text, -1) {
			other := string(m[2])
			if _, there := content[other]; !there {
				continue // what only a build with npm has
			}
			if err := a.add(other, content, append(slices.Clone(above), name)); err != nil {
				return err
			}
		}
		text = mention.ReplaceAllFunc(text, func(found []byte) []byte {
			m := mention.FindSubmatch(found)
			address, err := a.Address(string(m[2]))
			if err != nil {
				return found
			}
			return slices.Concat(m[1], []byte(address), m[1])
		})
	}
	kind, ok := kinds[path.Ext(name)]
	if !ok {
		kind = mime.TypeByExtension(path.Ext(name))
	}
	sum := sha256.Sum256(text)
	f := asset{content: text, kind: kind, version: hex.EncodeToString(sum[:6])}
	if kind != "image/png" {
		f.packed = sync.OnceValue(func() []byte { return pack(text) })
	}
	a.byName[name] = f
	return nil
}

// pack compresses content as far as gzip can; what it makes larger is left alone.
func pack(content []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(content); err != nil || w.Close() != nil || b.Len() >= len(content) {
		return nil
	}
	return b.Bytes()
}

// takesGzip tells whether a browser understands gzip.
func takesGzip(r *http.Request) bool {
	for _, coding := range strings.Split(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if strings.TrimSpace(name) == "gzip" {
			return strings.Trim(quality, " q=0.") != "" || quality == ""
		}
	}
	return false
}

// Content is the file of a name, for who puts something before it.
func (a *Assets) Content(name string) []byte { return a.byName[name].content }

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
	content := f.content
	h.Set("Content-Type", f.kind)
	h.Set("Vary", "Accept-Encoding")
	if f.packed != nil && takesGzip(r) {
		if packed := f.packed(); packed != nil {
			content = packed
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(content)))
	h.Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == f.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	tag := `W/"` + f.version + `"` // weak: packed or not, it is the same file
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		h.Del("Content-Length")
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	if r.Method != http.MethodHead {
		_, _ = w.Write(content) // a visitor who hung up is no error of ours
	}
	return true
}
