package whatif

import (
	"strings"
	"testing"

	"grulden/internal/report"
	"grulden/ledger"
)

// TestEveryFigureIsExplainedInBothLanguages: nothing is shown of which nobody
// says what it is, and no key stands for two figures.
func TestEveryFigureIsExplainedInBothLanguages(t *testing.T) {
	for _, figures := range [][]Figure{wijkFigures, groupFigures} {
		seen := map[string]bool{}
		for _, f := range figures {
			if seen[f.Key] {
				t.Errorf("%s stands for two figures", f.Key)
			}
			seen[f.Key] = true
			for _, text := range []report.Text{f.Label, f.Definition} {
				if text.NL == "" || text.EN == "" || text.NL == text.EN {
					t.Errorf("%s: %+v", f.Key, text)
				}
			}
			if strings.Contains(f.Label.NL, ".") || !strings.HasSuffix(f.Definition.NL, ".") || !strings.HasSuffix(f.Definition.EN, ".") {
				t.Errorf("%s: a label is no sentence, and a definition is one: %+v", f.Key, f)
			}
		}
	}
}

// TestEveryFigureHasAValue: each row of an outcome was reckoned; only a fraction
// over nought may be empty.
func TestEveryFigureHasAValue(t *testing.T) {
	o := simulate(t, tiny(), like(func(*ledger.Policy) {}))
	for _, s := range o.sections() {
		for _, row := range s.rows {
			for i, v := range row.Values {
				if v == nil {
					t.Errorf("%s, %s: scenario %d has none", s.key, row.Key, i)
				}
			}
		}
	}
	m := tiny()
	for i := range m.Residents {
		m.Residents[i].TopsUp = 0
	}
	for _, row := range simulate(t, m, like(func(*ledger.Policy) {})).Wijk {
		if empty := row.Values[0] == nil; empty != (row.Key == "velocity" || row.Key == "k_real") || empty && row.Shown(0, "nl") != "–" {
			t.Errorf("without money %s is %v, shown as %q", row.Key, row.Values[0], row.Shown(0, "nl"))
		}
	}
}

func TestGroupsHaveNames(t *testing.T) {
	for _, c := range []struct {
		g      Group
		nl, en string
	}{
		{Group{Part: 1, Of: 1}, "Iedereen samen", "Everybody"},
		{Group{Role: "resident", Part: 1, Of: 3}, "Bewoners die weinig betaalden en kregen", "Residents that paid and received little"},
		{Group{Role: "resident", Part: 2, Of: 3}, "Bewoners daartussen", "Residents in between"},
		{Group{Role: "merchant", Part: 2, Of: 2}, "Winkels die veel betaalden en kregen", "Shops that paid and received much"},
		{Group{Role: "merchant", Part: 1, Of: 1}, "Winkels", "Shops"},
	} {
		if got := c.g.Title(); got.NL != c.nl || got.EN != c.en {
			t.Errorf("%+v: %+v", c.g, got)
		}
	}
}
