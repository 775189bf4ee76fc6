package main

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts run the program itself as "grulden".
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"grulden": func() { os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts are the manners of the command line, one story a file.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			example, err := os.ReadFile("../../internal/replay/testdata/worked-example.jsonl")
			if err != nil {
				return err
			}
			return os.WriteFile(env.Cd+"/example.jsonl", example, 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"flip": flip, "hledger": hledger, "reference": reference},
	})
}

// flip changes one byte in the middle of a file: flip FILE.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	file := ts.MkAbs(args[0])
	data, err := os.ReadFile(file)
	ts.Check(err)
	data[len(data)/2] ^= 1
	ts.Check(os.WriteFile(file, data, 0o600))
}

// reference puts the RF reference that one file has for REFERENCE in another:
// reference FROM INTO.
func reference(ts *testscript.TestScript, _ bool, args []string) {
	found := regexp.MustCompile(`RF\d\d( ?\d{4}){3}`).FindString(ts.ReadFile(args[0]))
	if found == "" {
		ts.Fatalf("no reference in %s", args[0])
	}
	into := ts.MkAbs(args[1])
	ts.Check(os.WriteFile(into, []byte(strings.ReplaceAll(ts.ReadFile(args[1]), "REFERENCE", found)), 0o600))
}

// hledger runs the real one.
func hledger(ts *testscript.TestScript, neg bool, args []string) {
	cmd := exec.Command("hledger", args...)
	cmd.Dir = ts.MkAbs(".")
	out, err := cmd.CombinedOutput()
	if (err != nil) != neg {
		ts.Fatalf("hledger %v: %v\n%s", args, err, out)
	}
}
