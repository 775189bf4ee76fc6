package page

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func newRenderer(t *testing.T) *Renderer {
	t.Helper()
	r, err := New(func(name string) (string, error) { return "/static/" + name, nil })
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// evil is what somebody could type where a name is asked.
const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}'`

func TestEveryPageIsTriedInSomeState(t *testing.T) {
	tried := map[string]bool{}
	for _, v := range States(Dutch, evil) {
		tried[v.name()] = true
	}
	for name := range newRenderer(t).pages {
		if !tried[name] {
			t.Errorf("no state of page %q is tried", name)
		}
	}
}

// eachPage renders every page in every state and language.
func eachPage(t *testing.T, check func(t *testing.T, text []byte, doc *html.Node)) {
	t.Helper()
	r := newRenderer(t)
	for _, lang := range append(Languages(), Trial) {
		for name, v := range States(lang, evil) {
			t.Run(fmt.Sprintf("%s %s", lang, name), func(t *testing.T) {
				text, err := r.Render(v)
				if err != nil {
					t.Fatal(err)
				}
				doc, err := html.Parse(bytes.NewReader(text))
				if err != nil {
					t.Fatal(err)
				}
				check(t, text, doc)
			})
		}
	}
}

func each(n *html.Node, tag string, do func(*html.Node)) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && (tag == "" || d.Data == tag) {
			do(d)
		}
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func content(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

func TestNothingTypedBecomesMarkup(t *testing.T) {
	eachPage(t, func(t *testing.T, text []byte, doc *html.Node) {
		each(doc, "", func(n *html.Node) {
			if n.Data == "img" && !strings.HasPrefix(attr(n, "src"), "/shops/pictures/") || n.Data == "script" && !strings.HasPrefix(attr(n, "src"), "/static/") {
				t.Errorf("<%s> came in from what was typed", n.Data)
			}
		})
	})
}

func TestNothingIsInline(t *testing.T) {
	eachPage(t, func(t *testing.T, text []byte, doc *html.Node) {
		each(doc, "", func(n *html.Node) {
			if n.Data == "style" || n.Data == "script" && n.FirstChild != nil {
				t.Errorf("inline <%s>", n.Data)
			}
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
				}
			}
		})
		if bytes.Contains(text, []byte("javascript:")) {
			t.Error("a javascript: address")
		}
	})
}

func TestEveryPageIsWellBuilt(t *testing.T) {
	eachPage(t, func(t *testing.T, text []byte, doc *html.Node) {
		ids := map[string]bool{}
		shown := 0
		each(doc, "", func(n *html.Node) {
			if id := attr(n, "id"); id != "" {
				if ids[id] {
					t.Errorf("two elements have the id %q", id)
				}
				ids[id] = true
			}
			if n.Data == "h1" && !hidden(n) {
				shown++
			}
			if (n.Data == "button" || n.Data == "a") && content(n) == "" && attr(n, "aria-label") == "" {
				t.Errorf("<%s %v> has no words", n.Data, n.Attr)
			}
		})
		if shown != 1 {
			t.Errorf("%d visible headings of the first level, want 1", shown)
		}
		checkLabels(t, doc, ids)
		if bytes.Contains(text, []byte("ZgotmplZ")) {
			t.Error("a value was unsafe where it stands")
		}
	})
}

// checkLabels wants a label on every field, and every reference to lead
// somewhere.
func checkLabels(t *testing.T, doc *html.Node, ids map[string]bool) {
	labels := map[string]bool{}
	each(doc, "label", func(n *html.Node) {
		labels[attr(n, "for")] = true
		if f := attr(n, "for"); f != "" && !ids[f] {
			t.Errorf("a label for %q, which is not there", f)
		}
	})
	each(doc, "", func(n *html.Node) {
		for _, name := range []string{"aria-describedby", "aria-labelledby"} {
			for _, id := range strings.Fields(attr(n, name)) {
				if !ids[id] {
					t.Errorf("%s=%q leads nowhere", name, id)
				}
			}
		}
		if n.Data != "input" || slices.Contains([]string{"hidden", "radio", "checkbox"}, attr(n, "type")) {
			return
		}
		if !labels[attr(n, "id")] {
			t.Errorf("the field %q has no label", attr(n, "name"))
		}
	})
}

func hidden(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		for _, a := range n.Attr {
			if a.Key == "hidden" {
				return true
			}
		}
	}
	return false
}

func TestPagesAreInTheLanguageAskedFor(t *testing.T) {
	eachPage(t, func(t *testing.T, text []byte, doc *html.Node) {
		var lang string
		each(doc, "html", func(n *html.Node) {
			lang = attr(n, "lang")
			if dir := attr(n, "dir"); dir != "ltr" && dir != "rtl" || (dir == "rtl") != (lang == string(Trial)) {
				t.Errorf("dir=%q", dir)
			}
		})
		if !strings.HasPrefix(strings.TrimPrefix(t.Name(), "TestPagesAreInTheLanguageAskedFor/"), lang+"_") {
			t.Errorf("lang=%q", lang)
		}
	})
}

func TestAnUnknownPageIsAnError(t *testing.T) {
	r := newRenderer(t)
	delete(r.pages, "wallet")
	if _, err := r.Render(WalletPage{}); err == nil {
		t.Error("a page without a template was rendered")
	}
}

func TestTheStyleSheetHasTheSharedPartFirst(t *testing.T) {
	css, err := CSS()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(css, []byte("/* Grulden")) || !bytes.Contains(css, []byte(".keypad")) {
		t.Errorf("style sheet starts %q", css[:40])
	}
	if strings.Count(string(css), "{") != strings.Count(string(css), "}") {
		t.Error("braces do not match")
	}
}

// TestColoursAreReadable holds each pair of text and background colour against
// the 4.5 to 1 of WCAG 2.2 (1.4.3), in light and in dark; edges of fields need
// 3 to 1 (1.4.11).
func TestColoursAreReadable(t *testing.T) {
	css, err := CSS()
	if err != nil {
		t.Fatal(err)
	}
	roots := regexp.MustCompile(`(?s):root \{(.*?)\}`).FindAllSubmatch(css, -1)
	if len(roots) != 2 {
		t.Fatalf("%d sets of colours, want light and dark", len(roots))
	}
	pairs := []struct {
		text, ground string
		least        float64
	}{
		{"ink", "paper", 4.5},
		{"ink", "card", 4.5},
		{"ink", "tint", 4.5},
		{"ink", "line", 4.5},
		{"soft", "paper", 4.5},
		{"soft", "card", 4.5},
		{"brand", "paper", 4.5},
		{"brand", "card", 4.5},
		{"brand", "tint", 4.5},
		{"brand-ink", "brand", 4.5},
		{"bad", "bad-tint", 4.5},
		{"bad", "paper", 4.5},
		{"bad", "card", 4.5},
		{"warm", "warm-tint", 4.5},
		{"warm", "paper", 3},
		{"edge", "paper", 3},
		{"edge", "card", 3},
		{"focus", "paper", 3},
		{"focus", "card", 3},
	}
	for i, root := range roots {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]+);`).FindAllSubmatch(root[1], -1) {
			colours[string(m[1])] = string(m[2])
		}
		for _, p := range pairs {
			if got := contrast(t, colours[p.text], colours[p.ground]); got < p.least {
				t.Errorf("set %d: %s on %s has a contrast of %.2f, want %.1f", i, p.text, p.ground, got, p.least)
			}
		}
	}
}
