package main

import (
	"path/filepath"
	"testing"
)

// TestWhyOnePersonChangedTheRulesIsKept in the logbook; before there were two people
// nobody had to say why.
func TestWhyOnePersonChangedTheRulesIsKept(t *testing.T) {
	data := filepath.Join(t.TempDir(), "wijk")
	grulden(t, "init", "--data", data)
	grulden(t, "policy", "--data", data, "--set")
	for _, name := range []string{"Anna", "Bram"} {
		grulden(t, "person", "--data", data, "--role", "board", "--name", name)
	}
	const limits, policy = "nobody can be reached", "the supervisor asked for it"
	grulden(t, "limits", "--data", data, "--card", "45", "--alone", limits)
	grulden(t, "policy", "--data", data, "--set", "--from", "2199-01-01", "--alone", policy)

	l, err := openLedger(withKey{inData: inData{Data: data}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer l.node.Close()
	all, err := l.logbook.List(0, 10)
	if err != nil {
		t.Fatal(err)
	}
	why := make(map[string]string)
	for _, e := range all {
		why[string(e.Kind)] += e.Why
	}
	if why["operator-limits"] != limits || why["operator-policy"] != policy {
		t.Errorf("the logbook has %v", why)
	}
}

// TestTheOfficeDecidesOnceTwoPeopleCan: the second of them is of the board.
func TestTheOfficeDecidesOnceTwoPeopleCan(t *testing.T) {
	data := filepath.Join(t.TempDir(), "wijk")
	grulden(t, "init", "--data", data)
	decides := func(want bool, after string) {
		t.Helper()
		l, err := openLedger(withKey{inData: inData{Data: data}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer l.node.Close()
		if got, err := l.officeDecides(); got != want || err != nil {
			t.Errorf("after %s: %v, %v", after, got, err)
		}
	}
	add := func(role, name string) { grulden(t, "person", "--data", data, "--role", role, "--name", name) }
	grulden(t, "policy", "--data", data, "--set")
	decides(false, "the first rules")
	add("treasurer", "Anna")
	add("treasurer", "Bram")
	decides(false, "two treasurers")
	add("board", "Carla")
	decides(true, "one of the board")
}
