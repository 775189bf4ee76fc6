package report

import (
	"encoding/csv"
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"testing"

	"grulden/demurrage"
)

func TestThePeriodBeforeIsAsManyMonthsOrDays(t *testing.T) {
	for _, c := range [][4]string{
		{"2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28"},
		{"2026-01-01", "2026-03-31", "2025-10-01", "2025-12-31"},
		{"2028-01-01", "2028-12-31", "2027-01-01", "2027-12-31"},
		{"2026-02-01", "2026-04-30", "2025-11-01", "2026-01-31"},
		{"2026-07-01", "2027-06-30", "2025-07-01", "2026-06-30"},
		{"2026-03-01", "2026-03-30", "2026-01-30", "2026-02-28"},
		{"2026-03-02", "2026-03-31", "2026-01-31", "2026-03-01"},
		{"2026-03-01", "2026-03-01", "2026-02-28", "2026-02-28"},
		{"2026-01-05", "2026-01-11", "2025-12-29", "2026-01-04"},
	} {
		p, want := Period{dayAt(t, c[0]), dayAt(t, c[1])}, Period{dayAt(t, c[2]), dayAt(t, c[3])}
		if got := p.Before(); got != want {
			t.Errorf("before %v to %v are %v to %v, want %v to %v", p.From, p.To, got.From, got.To, want.From, want.To)
		}
	}
}

// secondWeek is the second week of the street, with the first beside it.
func secondWeek(t *testing.T) *Report {
	w := street(t)
	r := w.report(7, 13)
	r.Beside(w.report(0, 6))
	return r
}

func lineOf(t *testing.T, r *Report, key string) Line {
	t.Helper()
	lines := r.Lines()
	i := slices.IndexFunc(lines, func(l Line) bool { return l.Key == key })
	if i < 0 {
		t.Fatalf("there is no figure %s", key)
	}
	return lines[i]
}

func TestAmountsChangeByPercentAndSharesByPoints(t *testing.T) {
	r := secondWeek(t)
	for key, want := range map[string][3]string{
		"volume":         {"110,00", "−90,9 %", "−90.9 %"},
		"payments":       {"3", "−66,7 %", "−66.7 %"},
		"participants":   {"4", "−50,0 %", "−50.0 %"},
		"issued":         {"160,00", "−100,0 %", "−100.0 %"},
		"stock_mean":     {"160,00", "−13,4 %", "−13.4 %"}, // 970/7
		"redeemed":       {"0,00", "", ""},                 // 30 of nothing
		"share_redeemed": {"0,0", "", ""},                  // nothing was issued
		"pass_on":        {"100,0", "−75,0 punten", "−75.0 points"},
		"velocity":       {"35,848", "−32,085 keer per jaar", "−32.085 times a year"},
		// (100 × 6½ + 10 × 3½ + 50 × 1½) / 160, then (100 × 13½ + 10 × 3½ + 20 × 8½) / 130
		"held_age":        {"4,75", "+151,8 %", "+151.8 %"},
		"fund_demurrage":  {"0,00", "gelijk", "the same"},
		"volume_returned": {"0,00", "", ""},
	} {
		c := lineOf(t, r, key).Before
		if got := [3]string{c.Shown("nl"), c.More("nl"), c.More("en")}; got != want {
			t.Errorf("%s was %q, want %q", key, got, want)
		}
		if c.Period != (Period{r.Period.From - 7, r.Period.From - 1}) {
			t.Errorf("%s was so from %v to %v", key, c.Period.From, c.Period.To)
		}
	}
	if alone := lineOf(t, street(t).report(7, 13), "volume"); alone.Before != nil || alone.Exact != lineOf(t, r, "volume").Exact {
		t.Error("a report alone is compared, or the comparison changes it")
	}
}

// TestACompareChangesNoFigureAndSubtractsExactly, in random histories.
func TestACompareChangesNoFigureAndSubtractsExactly(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(6) {
		records := history(t, seed, 150, names{})
		all := reportOn(t, records, Always, 0).Period
		half := all.From + (all.To-all.From)/2
		now, before := reportOn(t, records, Period{half, all.To}, all.To), reportOn(t, records, Period{all.From, half - 1}, all.To)
		alone, was := now.Lines(), map[string]Line{}
		for _, l := range before.Lines() {
			was[l.Key] = l
		}
		now.Beside(before)
		for i, l := range now.Lines() {
			c, then := l.Before, was[l.Key]
			l.Before = nil
			if l != alone[i] || c == nil != (then.Key == "") {
				t.Errorf("seed %d: %s is another figure", seed, l.Key)
			}
			if c == nil || c.By == "" || c.Unit == (Text{}) {
				continue
			}
			a, _ := new(big.Rat).SetString(l.Exact)
			b, _ := new(big.Rat).SetString(then.Exact)
			d, more := new(big.Rat).Sub(a, b), new(big.Rat)
			if c.Unit == percent.unit {
				d.Mul(d.Quo(d, b), big.NewRat(100, 1))
			}
			more.SetString(c.By)
			if off := d.Sub(d, more); c.Before != then.Value || off.Abs(off).Cmp(big.NewRat(1, 20)) > 0 {
				t.Errorf("seed %d: %s was %s and changed by %s %v", seed, l.Key, c.Before, c.By, c.Unit)
			}
			seen[c.Unit.EN]++
		}
	}
	if seen["%"] < 20 || seen["points"] < 5 || seen["times"] < 3 {
		t.Errorf("%v", seen)
	}
}

func TestWhatItWasStandsInEveryForm(t *testing.T) {
	r := secondWeek(t)
	var text, table, doc strings.Builder
	if err := r.WriteText(&text, "en"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\nCompared with the period before: 5 – 11 January 2026. Differences are of the figures before rounding.\n", "  10.00  Grulden\n  before ", "  110.00  −90.9 %\n",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("there is no %q in\n%.900s", want, text.String())
		}
	}
	if err := r.WriteCSV(&table, "nl"); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(table.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if row[2] == "volume" && !slices.Equal(row[9:], []string{"110.00", "-90.9", "%"}) || row[2] == "key" && !slices.Equal(row[9:], []string{"before", "more", "more_unit"}) {
			t.Errorf("%q", row)
		}
	}
	if err := r.WriteJSON(&doc); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Figures map[string]struct {
			Before struct {
				From, To string
				Value    *json.Number
				Exact    *string
				More     *json.Number
				Unit     Text `json:"more_unit"`
			}
		}
	}
	if err := json.Unmarshal([]byte(doc.String()), &got); err != nil {
		t.Fatal(err)
	}
	volume, redeemed := got.Figures["volume"].Before, got.Figures["redeemed"].Before
	if volume.From != "2026-01-05" || volume.To != "2026-01-11" || volume.Value.String() != "110.00" || *volume.Exact != "110" || volume.More.String() != "-90.9" || volume.Unit != percent.unit {
		t.Errorf("%+v", volume)
	}
	if redeemed.More != nil || redeemed.Value.String() != "0.00" {
		t.Errorf("%+v", redeemed)
	}
	if share := got.Figures["inverse_velocity"].Before; share.Value == nil || share.More == nil {
		t.Errorf("%+v", share)
	}
}

// TestOnlyWhatTheLedgerLivedIsComparedWith: of a period before that it lived in part
// nothing is said.
func TestOnlyWhatTheLedgerLivedIsComparedWith(t *testing.T) {
	w, d := street(t), newDisk(t)
	d.take(w.records)
	k := d.keeper()
	for _, c := range []struct {
		from, to int
		compared bool
	}{{0, 12, false}, {6, 12, false}, {7, 12, true}, {8, 12, true}, {12, 12, true}} {
		r, err := k.Report(t.Context(), Period{w.zero + demurrage.Day(c.from), w.zero + demurrage.Day(c.to)}, Options{})
		if err == nil {
			err = k.Compare(t.Context(), r)
		}
		if err != nil {
			t.Fatal(err)
		}
		before := r.Before()
		if before != nil != c.compared {
			t.Errorf("from day %d on it is compared: %v", c.from, before != nil)
		}
		if before == nil {
			continue
		}
		alone, err := k.Report(t.Context(), r.Period.Before(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if a, b := text(t, before), text(t, alone); a != b {
			t.Errorf("beside the report stands\n%s\nalone\n%s", a, b)
		}
	}
}
