package static

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func newAssets(t *testing.T) *Assets {
	t.Helper()
	a, err := New(map[string][]byte{"app.css": []byte("body{}")})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAFileIsKeptForEverUnderTheAddressOfItsContent(t *testing.T) {
	a := newAssets(t)
	address, err := a.Address("app.css")
	if err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]string{
		address:               "public, max-age=31536000, immutable",
		"/static/app.css":     "no-cache",
		"/static/app.css?v=0": "no-cache",
	} {
		w := httptest.NewRecorder()
		if !a.Serve(w, httptest.NewRequest("GET", target, nil), "app.css") || w.Body.String() != "body{}" {
			t.Fatalf("%s: %d %q", target, w.Code, w.Body)
		}
		if got := w.Header().Get("Cache-Control"); got != want {
			t.Errorf("%s: Cache-Control %q, want %q", target, got, want)
		}
	}
}

func TestABrowserThatHasTheFileGetsItNotAgain(t *testing.T) {
	a, w := newAssets(t), httptest.NewRecorder()
	a.Serve(w, httptest.NewRequest("GET", "/static/app.css", nil), "app.css")
	again := httptest.NewRequest("GET", "/static/app.css", nil)
	again.Header.Set("If-None-Match", w.Header().Get("ETag"))
	w = httptest.NewRecorder()
	if a.Serve(w, again, "app.css"); w.Code != 304 || w.Body.Len() != 0 {
		t.Errorf("status %d with %d bytes, want 304 with none", w.Code, w.Body.Len())
	}
}

// TestScriptsFindEachOtherByContent puts addresses that never change their
// content into scripts, so that an old script never meets a new one.
func TestScriptsFindEachOtherByContent(t *testing.T) {
	make := func(leaf string) (*Assets, string) {
		a, err := New(map[string][]byte{
			"top.js": []byte(`import { x } from './leaf.js'; const none = "./none.js";`), "leaf.js": []byte(leaf),
		})
		if err != nil {
			t.Fatal(err)
		}
		address, err := a.Address("top.js")
		if err != nil {
			t.Fatal(err)
		}
		return a, address
	}
	a, before := make("export const x = 1;")
	leaf, err := a.Address("leaf.js")
	if err != nil {
		t.Fatal(err)
	}
	want := "import { x } from '" + leaf + `'; const none = "./none.js";`
	if got := string(a.byName["top.js"].content); got != want {
		t.Errorf("the script became %q, want %q", got, want)
	}
	if _, after := make("export const x = 2;"); after == before {
		t.Error("the address of a script is the same though what it imports changed")
	}
	if _, err := New(map[string][]byte{"one.js": []byte("import './two.js'"), "two.js": []byte("import './one.js'")}); err == nil {
		t.Error("scripts in a circle were taken")
	}
}

func TestUnknownFilesAreNotServed(t *testing.T) {
	a := newAssets(t)
	for _, name := range []string{"", "nothing.js", "../static.go", "files"} {
		if a.Serve(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), name) {
			t.Errorf("%q was served", name)
		}
		if address, err := a.Address(name); err == nil {
			t.Errorf("%q has the address %q", name, address)
		}
	}
}

func TestEveryFileHasAMediaType(t *testing.T) {
	for name, f := range newAssets(t).byName {
		if f.kind == "" || strings.HasPrefix(f.kind, "application/octet") {
			t.Errorf("%s is served as %q", name, f.kind)
		}
	}
}
