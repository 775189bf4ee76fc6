package page

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// physical is CSS that says left or right where a language may run the other
// way: write margin-inline-start, text-align: start, inset-inline-end.
var physical = regexp.MustCompile(`(?:^|[;{\s])((?:[a-z-]+-)?(?:left|right)(?:-[a-z]+)?\s*:|(?:float|clear|text-align|caption-side)\s*:\s*(?:left|right))`)

// sides is a short form with four values, of which the second is the right and
// the fourth the left.
var sides = regexp.MustCompile(`(?:^|[;{\s])(?:margin|padding|inset|border-width|border-radius)\s*:\s*([^\s;}]+) ([^\s;}]+) ([^\s;}]+) ([^\s;}]+)\s*[;}]`)

// sideways finds what in a style sheet does not turn with the language.
func sideways(css string) (faults []string) {
	for _, m := range physical.FindAllStringSubmatch(css, -1) {
		faults = append(faults, strings.TrimSpace(m[1]))
	}
	for _, m := range sides.FindAllStringSubmatch(css, -1) {
		if m[2] != m[4] {
			faults = append(faults, strings.TrimSpace(m[0]))
		}
	}
	return faults
}

func TestStylesTurnWithTheLanguage(t *testing.T) {
	names, err := fs.Glob(files, "*/*.css")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		css, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range sideways(string(css)) {
			t.Errorf("%s: %q does not turn for a language from right to left: use margin-inline-start, text-align: start and the like", name, fault)
		}
	}
	wrong := "a { left: 0; } b{margin-right:1px;border-top-left-radius: 0} c { text-align: right } d { padding: 0 1px 0 2px; }"
	if got := sideways(wrong); len(got) != 5 {
		t.Errorf("of five faults these were found: %q", got)
	}
	if got := sideways(".right { color: red; text-align: start; padding: 1px 2px 3px 2px; margin-inline-start: 0 } .left{}"); len(got) != 0 {
		t.Errorf("good style was refused: %q", got)
	}
}

// TestEveryPageCanBeReadAloud wants a main sentence on every page: an element
// that is marked with data-speak and has words.
func TestEveryPageCanBeReadAloud(t *testing.T) {
	eachPage(t, func(t *testing.T, text []byte, doc *html.Node) {
		spoken := 0
		each(doc, "", func(n *html.Node) {
			for _, a := range n.Attr {
				if a.Key == "data-speak" && (strings.TrimSpace(a.Val) != "" || content(n) != "") {
					spoken++
				}
			}
		})
		if spoken == 0 {
			t.Error("mark the main sentence with data-speak")
		}
	})
}

// TestNamesOfStatesAreAddresses: the gallery and its pictures are found by them.
func TestNamesOfStatesAreAddresses(t *testing.T) {
	seen := map[string]string{}
	for name := range States(Dutch, evil) {
		slug := Slug(name)
		if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(slug) {
			t.Errorf("%q has the address %q: use small letters, digits and single spaces", name, slug)
		}
		if other, twice := seen[slug]; twice {
			t.Errorf("%q and %q have the same address", name, other)
		}
		seen[slug] = name
	}
}

func TestTheLanguagesToChooseAreNamedInThemselves(t *testing.T) {
	for _, lang := range Languages() {
		if lang.Name() == "" || lang.Dir() == "" || languages[lang].months[11] == "" || catalogue[lang] == nil {
			t.Errorf("%s is not whole", lang)
		}
		if others := lang.Others(); len(others) != len(Languages())-1 || slices.Contains(others, lang) {
			t.Errorf("%s changes to %v", lang, others)
		}
	}
	if ParseLang(string(Trial)) != Dutch {
		t.Error("people can choose the language of the tests")
	}
}

func TestTheTrialLanguageIsLongerAndLeavesHolesAlone(t *testing.T) {
	for key, text := range dutch {
		if got := Trial.Text(key); len(got) < len(text)+2 || !slices.Equal(holes(got), holes(text)) {
			t.Errorf("%q became %q", text, got)
		}
	}
	if got := Trial.Text("no.such.text"); got != "no.such.text" {
		t.Errorf("got %q", got)
	}
}
