package report

import (
	"slices"
	"testing"
)

// derived are the figures that are worked out from others, by their keys.
var derived = []string{
	"velocity_income", "inverse_velocity", "effective_stock", "effective_share", "moved_share", "lm3", "pass_on", "leakage",
	"demurrage_yield",
}

// wantDerived compares them; percents are of a hundred, and empty is no value.
func wantDerived(t *testing.T, r *Report, want ...string) {
	t.Helper()
	var got []string
	for _, key := range derived {
		i := slices.IndexFunc(r.Lines(), func(l Line) bool { return l.Key == key })
		if i < 0 {
			t.Fatalf("there is no %s", key)
		}
		l := r.Lines()[i]
		got = append(got, l.Exact)
		if key != "effective_stock" && l.Caveat == (Text{}) {
			t.Errorf("%s does not say what it does not show", key)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("derived are %q, want %q", got, want)
	}
}

// TestFiguresOfOthersAreWorkedOutByHand: in the street 120 are paid in 14 days, 110 of
// them to shops, after 350 coin-days; 160 are issued and 30 become euros; the stock
// of all days is 2090.
func TestFiguresOfOthersAreWorkedOutByHand(t *testing.T) {
	wantDerived(
		t, street(t).report(0, 13),
		"365/19", "876/7", "25", "3500/209", "300/13", "27/16", "80", "5", "0",
	)
	t.Run("where nothing is paid there is no value but nought", func(t *testing.T) {
		wantDerived(t, street(t).report(0, 1), "0", "", "", "", "0", "1", "", "", "0")
	})
}
