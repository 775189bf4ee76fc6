package report

import (
	"slices"
	"testing"

	"grulden/demurrage"
)

// TestWhoTookPartInBothHalvesOfTheExample: {A, B, C, D} and then {A, B, C, E}.
func TestWhoTookPartInBothHalvesOfTheExample(t *testing.T) {
	r := example(t).report(0, 29)
	expectCells(t, r, "retention", map[string]string{
		"2026-01-05/active": "4", "2026-01-05/again_1": "3/4", "2026-01-20/active": "4", "2026-01-20/again_1": "-",
	})
	if s := table(t, r, "retention").Sentence.NL; s != "Van elke 100 die in de eerste helft meededen, deden er 75 in de tweede weer mee." {
		t.Error(s)
	}
}

// TestWhoIsActiveAgainIsCountedByMonths: a and S in March, a and b in April, b and
// S in June; who paid in February, which is not whole, is not counted.
func TestWhoIsActiveAgainIsCountedByMonths(t *testing.T) {
	w := newWijk(t, "2026-02-02", still(5, 365))
	w.open("a", "b", "S")
	w.issue(0, "a", 100)
	w.pay(1, "a", "b", 10, "1")  // 3 February
	w.pay(27, "a", "S", 10, "2") // 1 March
	w.pay(87, "a", "b", 5, "3")  // 30 April
	w.pay(100, "a", "S", 1, "4") // 13 May, paid back: as if it had not been
	w.refund(101, "4", 1)
	w.pay(119, "b", "S", 1, "5") // 1 June
	w.pay(150, "a", "S", 1, "6") // 2 July, not whole either
	expectCells(t, w.report(0, 160), "retention", map[string]string{
		"2026-03-01/active": "2", "2026-03-01/again_1": "1/2", "2026-03-01/again_3": "1/2", "2026-03-01/again_6": "-",
		"2026-04-01/active": "2", "2026-04-01/again_1": "0", "2026-05-01/active": "0", "2026-05-01/again_1": "-",
		"2026-06-01/active": "2", "2026-06-01/again_1": "-", "2026-02-01/active": "", "2026-07-01/active": "",
	})
}

// TestAWindowHasThoseWhomItsOwnReportCounts, whatever the period it is in.
func TestAWindowHasThoseWhomItsOwnReportCounts(t *testing.T) {
	for seed := range uint64(6) {
		records := history(t, seed, 150, names{})
		r := reportOn(t, records, Always, 0)
		if len(r.windows) < 2 {
			t.Fatalf("seed %d: %d windows", seed, len(r.windows))
		}
		for _, w := range r.windows {
			if own := reportOn(t, records, w.Period, w.To); own.Participants != w.owners.size() {
				t.Errorf("seed %d: from %v %d, and %d in its own report", seed, w.From, w.owners.size(), own.Participants)
			}
		}
	}
}

// TestWindowsLieInThePeriodAndDoNotOverlap, whatever the period.
func TestWindowsLieInThePeriodAndDoNotOverlap(t *testing.T) {
	first, err := demurrage.ParseDay("2026-01-01")
	if err != nil {
		t.Fatal(err)
	}
	for from := first; from < first+70; from++ {
		for days := demurrage.Day(1); days < 130; days++ {
			p := Period{from, from + days - 1}
			windows, months := p.windows()
			if want := days > 1; (len(windows) >= 2) != want {
				t.Fatalf("%d days from %v: %d windows", days, from, len(windows))
			}
			before := from - 1
			for _, w := range windows {
				if w.From <= before || w.To < w.From || w.To > p.To {
					t.Fatalf("%d days from %v: a window from %v to %v", days, from, w.From, w.To)
				}
				if months && (!w.From.FirstOfMonth() || !(w.To + 1).FirstOfMonth() || w.Days() > 31) {
					t.Fatalf("%d days from %v: %v to %v is no month", days, from, w.From, w.To)
				}
				if !months && w.Days() != windows[0].Days() {
					t.Fatalf("%d days from %v: halves of other lengths", days, from)
				}
				before = w.To
			}
			if !months && len(windows) == 2 && p.Days()-2*windows[0].Days() > 1 {
				t.Fatalf("%d days from %v: more than a day is in neither half", days, from)
			}
		}
	}
}

// TestWhoIsActiveIsCountedInEachWindow: an owner once, whatever they did in it.
func TestWhoIsActiveIsCountedInEachWindow(t *testing.T) {
	w := newWijk(t, "2026-01-05", still(5, 365))
	w.open("anna", "bea", "bea/2", "SHOP")
	w.issue(0, "anna", 100)
	w.issue(0, "bea/2", 100)
	w.pay(1, "anna", "SHOP", 5, "one")
	w.pay(2, "bea/2", "SHOP", 5, "two")
	w.pay(2, "bea/2", "anna", 5, "three")
	w.refund(3, "one", 5)
	w.pay(6, "SHOP", "bea", 5, "four")
	got := w.report(0, 9).windows
	var sizes []int
	for _, in := range got {
		sizes = append(sizes, in.owners.size())
	}
	if !slices.Equal(sizes, []int{3, 2}) || got[0].owners.both(got[1].owners).size() != 2 {
		t.Errorf("%v were active in %v", sizes, got)
	}
}

func TestACrowdIsThoseWhoAreInIt(t *testing.T) {
	var a, b crowd
	for _, n := range []int{0, 63, 64, 300, 64} {
		a.add(n)
	}
	for _, n := range []int{64, 65, 0} {
		b.add(n)
	}
	if a.size() != 4 || b.size() != 3 || a.both(b).size() != 2 || b.both(a).size() != 2 || crowd(nil).both(a).size() != 0 {
		t.Errorf("%d and %d, both %d", a.size(), b.size(), a.both(b).size())
	}
}
