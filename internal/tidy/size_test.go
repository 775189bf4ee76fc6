package tidy

import (
	"fmt"
	"go/ast"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Lengths in lines, from the first to the last. A typical function has 15, a
// typical file 150: these are the ends, not the aim.
const (
	maxFunction = 70
	maxHandler  = 40 // a handler translates; rules live below it
	maxMain     = 10
	maxFile     = 600
)

// longFunctions is the ratchet: functions that were too long when the rule
// came, by "file function", with the length they have now. A number here may
// only fall, and a line may only go.
var longFunctions = map[string]int{}

// checkFunctions holds the length of every function outside the tests.
func checkFunctions(tr *tree, exceptions map[string]int) (faults []string) {
	seen := map[string]bool{}
	for _, s := range tr.goFiles(false) {
		for _, decl := range s.syntax.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			length, limit := tr.lines(fn), limitOf(s, fn)
			key := s.path + " " + nameOf(fn)
			was, listed := exceptions[key]
			seen[key] = true
			switch {
			case listed && length <= limit:
				faults = append(faults, tr.at(fn.Pos(), "%s is short enough now: take it out of longFunctions", nameOf(fn)))
			case listed && length < was:
				faults = append(faults, tr.at(fn.Pos(), "%s shrank: write %d for it in longFunctions", nameOf(fn), length))
			case listed && length > was:
				faults = append(faults, tr.at(fn.Pos(), "%s grew from %d to %d lines: cut it by phase", nameOf(fn), was, length))
			case !listed && length > limit:
				faults = append(faults, tr.at(fn.Pos(), "%s has %d lines, %d at most: cut it by phase", nameOf(fn), length, limit))
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(exceptions)) {
		if !seen[key] {
			faults = append(faults, "internal/tidy/size_test.go:1: there is no "+key+": take it out of longFunctions")
		}
	}
	return faults
}

// limitOf is how long a function may be.
func limitOf(s *source, fn *ast.FuncDecl) int {
	switch {
	case s.syntax.Name.Name == "main" && fn.Recv == nil && fn.Name.Name == "main":
		return maxMain
	case handler(fn.Type):
		return maxHandler
	}
	return maxFunction
}

// handler tells whether a function answers an HTTP request, returning an error or not.
func handler(fn *ast.FuncType) bool {
	var params []string
	for _, p := range fn.Params.List {
		params = append(params, text(p.Type))
	}
	return slices.Contains(params, "http.ResponseWriter") && slices.Contains(params, "*http.Request")
}

// text writes a simple type as it stands in the source.
func text(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return text(e.X) + "." + e.Sel.Name
	case *ast.StarExpr:
		return "*" + text(e.X)
	case *ast.IndexExpr:
		return text(e.X)
	case *ast.IndexListExpr:
		return text(e.X)
	}
	return ""
}

// nameOf writes a function as Name, a method as Type.Name.
func nameOf(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return fn.Name.Name
	}
	return strings.TrimPrefix(text(fn.Recv.List[0].Type), "*") + "." + fn.Name.Name
}

// counted are the kinds of files that people read and change.
var counted = []string{".go", ".css", ".js", ".mjs", ".tmpl", ".sh"}

func checkFiles(tr *tree) (faults []string) {
	for _, s := range tr.files {
		i := strings.LastIndex(s.path, ".")
		if i < 0 || s.testdata() || !slices.Contains(counted, s.path[i:]) {
			continue
		}
		if n := strings.Count(s.text, "\n"); n > maxFile {
			faults = append(faults, fmt.Sprintf("%s:%d: %d lines, %d at most: a file per idea", s.path, maxFile+1, n, maxFile))
		}
	}
	return faults
}

// minTests is the least number of lines of tests for ten lines of Go. The second
// telling of the rules is there for tests alone, so it counts with them, and so do
// the tests in a browser.
// Texts are no code: the tests of the catalogue hold those of the pages, and
// the tests that print figures hold theirs. Nor are the states of the gallery:
// they are what the tests of the pages render.
const minTests = 8

// textFile is a file of texts in one language, or of states of the gallery.
var textFile = regexp.MustCompile(`^(?:web/page/(?:[a-z]{2}|states)(_[a-z]+)?|internal/[a-z]+/[a-z]*texts)\.go$`)

func checkTestShare(tr *tree) []string {
	code, tests := 0, 0
	for _, s := range tr.goFiles(false) {
		if slices.Contains(testOnly, s.dir()) {
			tests += strings.Count(s.text, "\n")
			continue
		}
		if !textFile.MatchString(s.path) {
			code += strings.Count(s.text, "\n")
		}
	}
	for _, s := range tr.files {
		if strings.HasPrefix(s.path, "web/browser/") && strings.HasSuffix(s.path, ".mjs") {
			tests += strings.Count(s.text, "\n")
		}
	}
	for _, s := range tr.goFiles(true) {
		tests += strings.Count(s.text, "\n")
	}
	if tests*10 < code*minTests {
		return []string{fmt.Sprintf("go.mod:1: %d lines of tests for %d lines of code: under %d for ten", tests, code, minTests)}
	}
	return nil
}

func TestFunctionsStayShort(t *testing.T) {
	mustHold(t, func(tr *tree) []string { return checkFunctions(tr, longFunctions) })
	body := func(lines int) string { return "{\n" + strings.Repeat("\tprintln()\n", lines-2) + "}\n" }
	exceptions := map[string]int{"a/a.go fine": 80, "a/a.go T.shrank": 80, "a/a.go grew": 80, "a/a.go same": 80, "a/a.go gone": 80}
	mustFind(t, func(tr *tree) []string { return checkFunctions(tr, exceptions) }, map[string]string{
		"a/a.go": "package a\n\ntype T[E any] struct{}\n" +
			"func fits() " + body(70) + "func long() " + body(71) +
			"func fine() " + body(70) + "func (t *T[E]) shrank() " + body(75) +
			"func grew() " + body(81) + "func same() " + body(80),
		"c/main.go":   "package main\n\nfunc main() " + body(11),
		"w/w.go":      "package w\n\nimport \"net/http\"\n\nfunc (s *server) pay(w http.ResponseWriter, r *http.Request) error " + body(41),
		"a/a_test.go": "package a\n\nfunc long() " + body(200),
	},
		"a/a.go:145: fine is short enough now",
		"a/a.go:215: T.shrank shrank: write 75",
		"a/a.go:290: grew grew from 80 to 81 lines",
		"a/a.go:74: long has 71 lines, 70 at most",
		"c/main.go:3: main has 11 lines, 10 at most",
		"internal/tidy/size_test.go:1: there is no a/a.go gone",
		"w/w.go:5: server.pay has 41 lines, 40 at most",
	)
}

func TestFilesStayShort(t *testing.T) {
	mustHold(t, checkFiles)
	mustFind(t, checkFiles, map[string]string{
		"a/fits.css":        strings.Repeat("\n", 600),
		"a/long.mjs":        strings.Repeat("\n", 601),
		"a/testdata/l.tmpl": strings.Repeat("\n", 601),
		"package-lock.json": strings.Repeat("\n", 601),
	}, "a/long.mjs:601: 601 lines, 600 at most")
}

func TestTestsKeepUpWithTheCode(t *testing.T) {
	mustHold(t, checkTestShare)
	code, tests := "package a\n"+strings.Repeat("\n", 99), "package a\n"+strings.Repeat("\n", 79)
	mustFind(t, checkTestShare, map[string]string{"a/a.go": code, "a/a_test.go": tests})
	mustFind(t, checkTestShare, map[string]string{"a/a.go": code, "internal/sim/s.go": tests})
	mustFind(t, checkTestShare, map[string]string{"a/a.go": code, "web/browser/a.test.mjs": tests})
	mustFind(t, checkTestShare, map[string]string{"a/a.go": code, "a/a_test.go": tests, "web/page/nl_desk.go": code, "web/page/en.go": code, "web/page/states_desk.go": code, "internal/a/texts.go": code})
	mustFind(t, checkTestShare, map[string]string{"a/a.go": code + "\n\n", "a/a_test.go": tests},
		"go.mod:1: 80 lines of tests for 102 lines of code")
}
