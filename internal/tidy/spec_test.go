package tidy

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The form of a rule in SPEC.md, and of a comment that points at one:
//
//   - **R12** A refund counts no hop. (test: `TestRefundTakesBackAHop`)
//   - // SPEC R12
var (
	specRule    = regexp.MustCompile(`^\s*(?:[-*] )?\*\*R(\d+)\*\*`)
	ruleTests   = regexp.MustCompile(`\(tests?: ([^)]*)\)`)
	quoted      = regexp.MustCompile("`([^`]+)`")
	rulePointer = regexp.MustCompile(`SPEC(?:\.md)?,? R(\d+)`)
)

// rule is one numbered rule of SPEC.md.
type rule struct {
	number, line int
	text         string
}

// rules reads SPEC.md; a rule ends at the next one, at a heading or at the end.
func rules(spec string) (all []rule) {
	open := false
	for i, line := range strings.Split(spec, "\n") {
		if m := specRule.FindStringSubmatch(line); m != nil {
			n, _ := strconv.Atoi(m[1])
			all, open = append(all, rule{number: n, line: i + 1}), true
		} else if strings.HasPrefix(line, "#") {
			open = false
		}
		if open {
			all[len(all)-1].text += line + "\n"
		}
	}
	return all
}

// checkSpec wants every rule to name a test that exists, and every comment that
// points at a rule to find it.
func checkSpec(tr *tree) (faults []string) {
	spec := tr.file("SPEC.md")
	if spec == nil {
		return []string{"SPEC.md:1: write it: numbered rules, each naming its test"}
	}
	tests := testNames(tr)
	known, last := map[int]bool{}, 0
	for _, r := range rules(spec.text) {
		at := fmt.Sprintf("SPEC.md:%d: R%d", r.line, r.number)
		if r.number <= last {
			faults = append(faults, at+" comes after R"+strconv.Itoa(last)+": numbers rise and are never used again")
		}
		known[r.number], last = true, r.number
		faults = append(faults, ruleFaults(at, r, tests)...)
	}
	if last == 0 {
		faults = append(faults, "SPEC.md:1: no rule found: write them as **R1** … (test: `TestName`)")
	}
	for _, s := range tr.files {
		if s.syntax == nil || s.dir() == "internal/tidy" {
			continue
		}
		for i, line := range strings.Split(s.text, "\n") {
			for _, m := range rulePointer.FindAllStringSubmatch(line, -1) {
				if n, _ := strconv.Atoi(m[1]); !known[n] {
					faults = append(faults, fmt.Sprintf("%s:%d: SPEC.md has no rule R%d", s.path, i+1, n))
				}
			}
		}
	}
	return faults
}

// ruleFaults holds the tests that a rule names against those that exist.
func ruleFaults(at string, r rule, tests map[string]bool) (faults []string) {
	named := 0
	for _, group := range ruleTests.FindAllStringSubmatch(r.text, -1) {
		for _, name := range quoted.FindAllStringSubmatch(group[1], -1) {
			named++
			top, _, _ := strings.Cut(name[1], "/")
			if !tests[top] {
				faults = append(faults, at+" names "+name[1]+", which does not exist")
			}
		}
	}
	if named == 0 {
		faults = append(faults, at+" names no test: end it with (test: `TestName`)")
	}
	return faults
}

// testNames are all tests, fuzz targets and examples of the tree.
func testNames(tr *tree) map[string]bool {
	names := map[string]bool{}
	for _, s := range tr.goFiles(true) {
		for _, decl := range s.syntax.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if ok && fn.Recv == nil && regexp.MustCompile(`^(Test|Fuzz|Example)`).MatchString(fn.Name.Name) {
				names[fn.Name.Name] = true
			}
		}
	}
	return names
}

// resultFile is where the ledger's results and their codes stand.
const resultFile = "ledger/result.go"

// checkResults wants a code for every result and a line of a table in SPEC.md
// for every code.
func checkResults(tr *tree) (faults []string) {
	s := tr.file(resultFile)
	if s == nil {
		return []string{resultFile + ":1: the results of the ledger belong here"}
	}
	codes := resultCodes(s.syntax)
	spec := ""
	if f := tr.file("SPEC.md"); f != nil {
		spec = f.text
	}
	results := resultNames(s.syntax)
	if len(results) == 0 {
		faults = append(faults, resultFile+":1: no constant of type Result found")
	}
	for _, name := range results {
		code, ok := codes[name.Name]
		line := regexp.MustCompile("(?m)^\\|.*`" + regexp.QuoteMeta(code) + "`.*\\|")
		switch {
		case !ok:
			faults = append(faults, tr.at(name.Pos(), "%s has no code", name.Name))
		case !line.MatchString(spec):
			faults = append(faults, tr.at(name.Pos(), "%s: SPEC.md has no line | `%s` | … | in its table of results", name.Name, code))
		}
	}
	return faults
}

// resultNames are the exported constants of the group that begins with a Result.
func resultNames(file *ast.File) (names []*ast.Ident) {
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		kind := ""
		for _, spec := range group.Specs {
			value := spec.(*ast.ValueSpec)
			if value.Type != nil {
				kind = text(value.Type)
			}
			for _, name := range value.Names {
				if kind == "Result" && name.IsExported() {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// resultCodes reads every pair Name: "code" of the file.
func resultCodes(file *ast.File) map[string]string {
	codes := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if pair, ok := n.(*ast.KeyValueExpr); ok {
			if literal, ok := pair.Value.(*ast.BasicLit); ok {
				code, _ := strconv.Unquote(literal.Value)
				codes[text(pair.Key)] = code
			}
		}
		return true
	})
	return codes
}

func TestEveryRuleNamesItsTest(t *testing.T) {
	mustHold(t, checkSpec)
	mustFind(t, checkSpec, map[string]string{
		"SPEC.md": "# Spec\n**R1** One. (test: `TestOne`)\n- **R2** Two,\n  on two lines (tests: `TestOne/two`, `FuzzTwo`).\n" +
			"**R4** Four. (test: `TestGone`)\n**R3** Three.\n## More\n(test: `TestOne`)\n",
		"a/a_test.go": "package a\n\n// SPEC R1\nfunc TestOne() {}\n\n// SPEC.md R7\nfunc FuzzTwo() {}\n",
	},
		"SPEC.md:5: R4 names TestGone",
		"SPEC.md:6: R3 comes after R4",
		"SPEC.md:6: R3 names no test",
		"a/a_test.go:6: SPEC.md has no rule R7",
	)
	mustFind(t, checkSpec, nil, "SPEC.md:1: write it")
	mustFind(t, checkSpec, map[string]string{"SPEC.md": "R1 without stars\n"}, "SPEC.md:1: no rule found")
}

func TestEveryResultIsSpecified(t *testing.T) {
	mustHold(t, checkResults)
	mustFind(t, checkResults, map[string]string{
		"ledger/result.go": "package ledger\n\ntype Result uint8\n\nconst (\n\tApplied Result = iota\n\tSame\n\tBare\n\tend\n)\n\n" +
			"var codes = [end]string{Applied: \"applied\", Same: \"same-account\"}\n",
		"SPEC.md": "| code | when |\n| --- | --- |\n| `applied` | it holds |\nsays `same-account` elsewhere\n",
	},
		"ledger/result.go:7: Same: SPEC.md has no line | `same-account` |",
		"ledger/result.go:8: Bare has no code",
	)
}
