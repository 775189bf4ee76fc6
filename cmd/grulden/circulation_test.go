package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"grulden/internal/circulation"
)

// printed is what circulation and report print as JSON, as far as it is compared.
type printed struct {
	Figures map[string]printedFigure
	Rules   []struct {
		Rule    circulation.Rule
		Exact   bool
		Figures map[string]printedFigure
	}
}

type printedFigure struct {
	Value json.Number
	Exact string
	Label struct{ NL, EN string }
}

func figuresOf(t *testing.T, args ...string) printed {
	t.Helper()
	var p printed
	if err := json.Unmarshal(grulden(t, append(args, "--json")...), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestALedgersListReadAsAnyOtherGivesItsOwnFigures: from replay to report on one
// way, over export and circulation on the other.
func TestALedgersListReadAsAnyOtherGivesItsOwnFigures(t *testing.T) {
	data := filepath.Join(t.TempDir(), "wijk")
	grulden(t, "init", "--data", data)
	grulden(t, "replay", "--data", data, "../../internal/replay/testdata/worked-example.jsonl")
	own := figuresOf(t, "report", "--data", data)
	list := filepath.Join(t.TempDir(), "own.csv")
	if err := os.WriteFile(list, grulden(t, "export", "--data", data, "--format", "transfers"), 0o600); err != nil {
		t.Fatal(err)
	}
	same := map[string]string{
		"volume": "volume", "payments": "payments", "participants": "active", "issued": "issued", "multiplier": "realised_multiplier",
	}
	for _, rule := range []string{"fifo", "lifo", "mixed"} {
		got := figuresOf(t, "circulation", list, "--rule", rule)
		for a, b := range same {
			if own.Figures[a].Exact == "" || own.Figures[a].Exact != got.Figures[b].Exact {
				t.Errorf("%s is %q, and %s of the list %q", a, own.Figures[a].Exact, b, got.Figures[b].Exact)
			}
		}
		if len(got.Rules) != 1 || string(got.Rules[0].Rule) != rule || !got.Rules[0].Exact {
			t.Errorf("the rules are %+v, want %s", got.Rules, rule)
		}
	}
}

// TestTheWorkedExampleIsPrintedUnderThreeRules: each once, in the order asked for.
func TestTheWorkedExampleIsPrintedUnderThreeRules(t *testing.T) {
	got := figuresOf(t, "circulation", "../../internal/circulation/testdata/exA.csv", "--to", "30", "--rule", "mixed,fifo,lifo,fifo", "--network")
	if f := got.Figures["max_circular_share"]; f.Exact != "75" || f.Label.NL == "" || f.Label.EN == "" {
		t.Errorf("the maximum circulation is %+v", f)
	}
	want := []struct {
		rule circulation.Rule
		held string
	}{{circulation.Mixed, "233/30"}, {circulation.FIFO, "193/20"}, {circulation.LIFO, "31/5"}}
	if len(got.Rules) != len(want) {
		t.Fatalf("there are %d rules", len(got.Rules))
	}
	for i, w := range want {
		if r := got.Rules[i]; r.Rule != w.rule || r.Figures["mean_hold_days"].Exact != w.held {
			t.Errorf("rule %d is %s with %s days, want %s with %s", i, r.Rule, r.Figures["mean_hold_days"].Exact, w.rule, w.held)
		}
	}
}
