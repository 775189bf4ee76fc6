package tidy

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// maxDependencies is how many modules the program may import directly. The
// record of dependencies says why each is there.
const (
	maxDependencies  = 22
	dependencyRecord = "docs/decisions/0009-dependencies.md"
)

// requirement is a line of go.mod that asks for a module or a tool.
var (
	requirement = regexp.MustCompile(`(?m)^(?:require)?\s+(\S+\.\S+/\S+) v\S+`)
	toolLine    = regexp.MustCompile(`(?m)^(?:tool)?\s+(\S+\.\S+/\S+)$`)
	recordLine  = regexp.MustCompile("(?m)^\\| `([^`]+)`")
)

// checkDependencies wants a line in the record for each module that is imported
// or used as a tool, and a module for each line.
func checkDependencies(tr *tree) (faults []string) {
	record := tr.file(dependencyRecord)
	if record == nil {
		return []string{dependencyRecord + ":1: write it: a line for each direct dependency"}
	}
	program, all := imported(tr, false), imported(tr, true)
	maps.Copy(all, program)
	if len(program) > maxDependencies {
		faults = append(faults, fmt.Sprintf("go.mod:1: %d direct dependencies, %d at most: %s",
			len(program), maxDependencies, strings.Join(slices.Sorted(maps.Keys(program)), " ")))
	}
	recorded := map[string]bool{}
	for _, m := range recordLine.FindAllStringSubmatch(record.text, -1) {
		recorded[m[1]] = true
	}
	for _, module := range slices.Sorted(maps.Keys(all)) {
		if !recorded[module] {
			faults = append(faults, fmt.Sprintf("%s: %s needs a line in %s, or the standard library", all[module], module, dependencyRecord))
		}
	}
	for _, module := range slices.Sorted(maps.Keys(recorded)) {
		if _, used := all[module]; !used && !usedElsewhere(tr, module) {
			faults = append(faults, fmt.Sprintf("%s:1: nothing uses %s: take its line out", dependencyRecord, module))
		}
	}
	return faults
}

// imported gives the modules that Go files import, each with one place.
func imported(tr *tree, tests bool) map[string]string {
	var modules []string
	if gomod := tr.file("go.mod"); gomod != nil {
		for _, m := range requirement.FindAllStringSubmatch(gomod.text, -1) {
			modules = append(modules, m[1])
		}
	}
	found := map[string]string{}
	for _, s := range tr.goFiles(tests) {
		for _, imp := range s.syntax.Imports {
			name, _ := strconv.Unquote(imp.Path.Value)
			best := ""
			for _, m := range modules {
				if (name == m || strings.HasPrefix(name, m+"/")) && len(m) > len(best) {
					best = m
				}
			}
			if _, seen := found[best]; best != "" && !seen {
				found[best] = strings.TrimSuffix(tr.at(imp.Pos(), ""), ": ")
			}
		}
	}
	return found
}

// usedElsewhere tells whether a module is a tool of go.mod or a package of the
// browser tests.
func usedElsewhere(tr *tree, module string) bool {
	if gomod := tr.file("go.mod"); gomod != nil {
		for _, m := range toolLine.FindAllStringSubmatch(gomod.text, -1) {
			if strings.HasPrefix(m[1]+"/", module+"/") {
				return true
			}
		}
	}
	return slices.ContainsFunc(tr.files, func(s *source) bool {
		return path.Base(s.path) == "package.json" && strings.Contains(s.text, strconv.Quote(module)+":")
	})
}

func TestEveryDependencyIsRecorded(t *testing.T) {
	mustHold(t, checkDependencies)
	mustFind(t, checkDependencies, map[string]string{
		"go.mod": "module m\n\nrequire (\n\texample.org/one v1.0.0\n\texample.org/one/deep v1.0.0 // indirect\n\texample.org/two v1.0.0\n" +
			"\texample.org/unused v1.0.0 // indirect\n)\n\ntool example.org/tool/cmd/x\n",
		"package.json":        `{"devDependencies": {"browser": "1"}}`,
		"a/a.go":              "package a\n\nimport _ \"example.org/one/deep/x\"\n",
		"a/a_test.go":         "package a\n\nimport _ \"example.org/two\"\n",
		dependencyRecord:      "| module | why |\n| --- | --- |\n| `example.org/tool` | |\n| `browser` | |\n| `example.org/gone` | |\n",
		"docs/decisions/x.md": "`example.org/two`",
	},
		"a/a.go:3: example.org/one/deep needs a line",
		"a/a_test.go:3: example.org/two needs a line",
		dependencyRecord+":1: nothing uses example.org/gone",
	)
}
