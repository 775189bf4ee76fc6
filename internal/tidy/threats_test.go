package tidy

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// threatsFile says what stops which attacker, each line with its test.
const threatsFile = "docs/threats.md"

var testName = regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9_]*)`")

// checkThreats wants every test that the threat model names to exist, and every
// defence in its tables to name one.
func checkThreats(tr *tree) (faults []string) {
	threats := tr.file(threatsFile)
	if threats == nil {
		return []string{threatsFile + ":1: write it: attacker, asset, defence, test"}
	}
	tests := testNames(tr)
	for i, line := range strings.Split(threats.text, "\n") {
		at := fmt.Sprintf("%s:%d", threatsFile, i+1)
		named := testName.FindAllStringSubmatch(line, -1)
		for _, m := range named {
			if !tests[m[1]] {
				faults = append(faults, at+": there is no test "+m[1])
			}
		}
		defence := strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| after ") && !strings.HasPrefix(line, "| ---")
		if defence && len(named) == 0 {
			faults = append(faults, at+": name the test that holds this defence")
		}
	}
	return faults
}

func TestEveryDefenceNamesItsTest(t *testing.T) {
	mustHold(t, checkThreats)
	mustFind(t, checkThreats, nil, threatsFile+":1: write it")
	mustFind(t, checkThreats, map[string]string{
		threatsFile:   "| after | defence | test |\n| --- | --- | --- |\n| a | b | `TestOne` |\n| c | d | `TestGone` |\n| e | f | none |\n",
		"a/a_test.go": "package a\n\nfunc TestOne() {}\n",
	},
		threatsFile+":4: there is no test TestGone",
		threatsFile+":5: name the test",
	)
}
