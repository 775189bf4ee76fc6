package tidy

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// ban is a text that may not stand in the tree. The patterns are put together
// from parts, so that they do not find themselves.
type ban struct {
	pattern  *regexp.Regexp
	unless   *regexp.Regexp // on the same line, makes it right
	examples bool           // also banned in testdata
	advice   string
}

var bans = []ban{
	{
		pattern: regexp.MustCompile(`\bTO` + `DO\b`), unless: regexp.MustCompile(`TO` + `DO\(?#\d+`),
		advice: "do it, or open an issue and write its number: TO" + "DO(#12)",
	},
	{pattern: regexp.MustCompile(`\bFIX` + `ME\b`), advice: "fix it before it lands"},
	{pattern: regexp.MustCompile(`\bXX` + `X\b`), advice: "say what is wrong, or mend it"},
	{
		pattern: regexp.MustCompile(`\b(test|it|describe)\.(skip|only|to` + `do)\b`),
		advice:  "a test that does not run proves nothing: mend it or take it out",
	},
	{
		pattern: regexp.MustCompile(`(^|[^\w.*/])/(work|tmp/grul` + `den|home|Users)/\w`), examples: true,
		advice: "a path of one machine: use a path from the root of the project",
	},
}

// foreign files are not ours to word.
var foreign = []string{"LICENSE", "go.sum", "package-lock.json"}

func checkWords(tr *tree) (faults []string) {
	for _, s := range tr.files {
		if slices.Contains(foreign, path.Base(s.path)) {
			continue
		}
		for i, line := range strings.Split(s.text, "\n") {
			for _, b := range bans {
				word := b.pattern.FindString(line)
				if word == "" || b.unless != nil && b.unless.MatchString(line) || s.testdata() && !b.examples {
					continue
				}
				faults = append(faults, fmt.Sprintf("%s:%d: %q: %s", s.path, i+1, strings.TrimSpace(word), b.advice))
			}
		}
	}
	return faults
}

// checkSkips finds Go tests that turn themselves off.
func checkSkips(tr *tree) (faults []string) {
	for _, s := range tr.goFiles(true) {
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if ok && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, sel.Sel.Name) {
				faults = append(faults, tr.at(call.Pos(), "a test that skips proves nothing: install what it needs in make test, or take it out"))
			}
			return true
		})
	}
	return faults
}

// document is a mention of one of our documents, wherever it stands.
var document = regexp.MustCompile(`[\w./-]*[\w-]+\.md\b`)

// checkMentions wants every document that is named anywhere to be there: a
// reader can open only what is in the project.
func checkMentions(tr *tree) (faults []string) {
	names := map[string]bool{}
	for _, s := range tr.files {
		names[path.Base(s.path)] = true
	}
	for _, s := range tr.files {
		if s.testdata() || slices.Contains(foreign, path.Base(s.path)) || s.dir() == "internal/tidy" {
			continue
		}
		for i, line := range strings.Split(s.text, "\n") {
			for _, name := range document.FindAllString(line, -1) {
				if !names[path.Base(name)] {
					faults = append(faults, fmt.Sprintf("%s:%d: %s is not in the project: name the rule in SPEC.md or a decision record", s.path, i+1, name))
				}
			}
		}
	}
	return faults
}

// link is a link of Markdown; its second group is where it leads.
var link = regexp.MustCompile(`\[[^\]]*\]\(([^)#\s]+)(#[^)\s]*)?\)`)

func checkLinks(tr *tree) (faults []string) {
	for _, s := range tr.files {
		if !strings.HasSuffix(s.path, ".md") {
			continue
		}
		for i, line := range strings.Split(s.text, "\n") {
			for _, m := range link.FindAllStringSubmatch(line, -1) {
				to := path.Join(s.dir(), m[1])
				if strings.Contains(m[1], ":") || exists(tr, to) {
					continue
				}
				faults = append(faults, fmt.Sprintf("%s:%d: the link leads nowhere: %s", s.path, i+1, m[1]))
			}
		}
	}
	return faults
}

// exists tells whether a file or folder is in the tree.
func exists(tr *tree, name string) bool {
	return slices.Contains(tr.binaries, name) || slices.ContainsFunc(tr.files, func(s *source) bool {
		return s.path == name || strings.HasPrefix(s.path, name+"/")
	})
}

// A package that speaks of these has taken on somebody else's work.
var foreignWords = map[string]struct {
	pattern *regexp.Regexp
	advice  string
}{
	"demurrage":        {regexp.MustCompile(`(?i)account|payment|owner`), "the arithmetic knows days and units, nobody's account"},
	"ledger":           {regexp.MustCompile(`(?i)http|iban|pebble|phone|session`), "the ledger knows random ids and rules, no person, page or disk"},
	"internal/journal": {regexp.MustCompile(`(?i)balance|cents|grain|payment`), "the journal knows bytes, not money"},
	"internal/store":   {regexp.MustCompile(`(?i)balance|cents|grain`), "the store knows keys, not their meaning"},
}

// checkForeignWords looks at the names in the code; comments may say what a
// package does not know.
func checkForeignWords(tr *tree) (faults []string) {
	for _, s := range tr.goFiles(false) {
		foreign, listed := foreignWords[s.dir()]
		if !listed {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if name, ok := n.(*ast.Ident); ok && foreign.pattern.MatchString(name.Name) {
				faults = append(faults, tr.at(name.Pos(), "%s: %s", name.Name, foreign.advice))
			}
			return true
		})
	}
	return faults
}

func TestPackagesMindTheirOwnWords(t *testing.T) {
	mustHold(t, checkForeignWords)
	mustFind(t, checkForeignWords, map[string]string{
		"ledger/l.go": "// No IBAN here.\npackage ledger\n\nvar ownerIBAN string\n",
		"web/w.go":    "package web\n\nvar ownerIBAN string\n",
	}, "ledger/l.go:4: ownerIBAN: the ledger knows")
}

func TestNoForbiddenWords(t *testing.T) {
	mustHold(t, checkWords)
	mustFind(t, checkWords, map[string]string{
		"a/a.go": "package a\n\n// TO" + "DO: later\n// TO" + "DO(#12): with an issue\n// FIX" + "ME\n// XX" + "X\n",
		"a/a.mjs": "test.sk" + "ip('x')\nimport '/wo" + "rk/x'\n'https://example.org/work/x'\n'net" + "work/work/x'\n" +
			"cat /tmp/grul" + "den/x\n",
		"a/testdata/b.xml": "<BIC>ABNANL2AXX" + "X</BIC> XX" + "X /wo" + "rk/x\n",
		"LICENSE":          "XX" + "X\n",
	},
		`a/a.go:3: "TO`+`DO": do it`,
		`a/a.go:5: "FIX`+`ME": fix it`,
		`a/a.go:6: "XX`+`X": say what is wrong`,
		`a/a.mjs:1: "test.sk`+`ip": a test that does not run`,
		`a/a.mjs:2: "'/wo`+`rk/x": a path of one machine`,
		`a/a.mjs:5: "/tmp/grul`+`den/x": a path of one machine`,
		`a/testdata/b.xml:1: "/wo`+`rk/x": a path of one machine`,
	)
}

func TestNoTestSkips(t *testing.T) {
	mustHold(t, checkSkips)
	mustFind(t, checkSkips, map[string]string{
		"a/a_test.go": "package a\n\nfunc TestX(t *testing.T) {\n\tt.Skip()\n}\n",
	}, "a/a_test.go:4: a test that skips")
}

func TestNamedDocumentsExist(t *testing.T) {
	mustHold(t, checkMentions)
	mustFind(t, checkMentions, map[string]string{
		"SPEC.md": "see docs/decisions/0001-go.md and notes.md\n", "docs/decisions/0001-go.md": "", "a/a.go": "// SPEC.md §2\npackage a\n",
	}, "SPEC.md:1: notes.md is not in the project")
}

func TestLinksLeadSomewhere(t *testing.T) {
	mustHold(t, checkLinks)
	mustFind(t, checkLinks, map[string]string{
		"docs/a.md": "[up](../SPEC.md#r1) [folder](decisions) [web](https://example.org) [gone](b.md)\n", "SPEC.md": "", "docs/decisions/1.md": "",
	}, "docs/a.md:1: the link leads nowhere: b.md")
}
