package circulation

import (
	"math/big"
	"regexp"
	"strings"
	"testing"

	"grulden/internal/report"
)

// hard are words that a reader without schooling in money does not know.
var hard = regexp.MustCompile(`(?i)\b(transactie|saldo|saldi|liquide|volume|velocity|cohort|mediaan|ratio|coëfficiënt|correlatie|multiplier|demurrage|node|significant|aggregaat|distributie|parameter|percentiel)`)

// TestEveryFigureHasItsWords: in two languages, what it is and, where it is more
// than a sum, what it does not show; and no words without a figure.
func TestEveryFigureHasItsWords(t *testing.T) {
	r := example(t, "exA.csv", Options{To: "30", Rules: every, Network: true, Sale: "sale"})
	lines := r.Lines()
	for _, p := range r.Paths {
		lines = append(lines, r.PathLines(p)...)
	}
	used := make(map[string]bool)
	number := regexp.MustCompile(`_\d+$`)
	for _, l := range lines {
		key := l.Key
		if _, plain := texts[key]; !plain {
			key = number.ReplaceAllString(key, "")
		}
		used[key] = true
		for _, lang := range []string{"nl", "en"} {
			for _, words := range []string{l.Label.In(lang), l.Definition.In(lang)} {
				if words == "" || strings.Contains(words, "%") {
					t.Errorf("%s says %q in %s", l.Key, words, lang)
				}
			}
			if !strings.HasSuffix(l.Definition.In(lang), ".") {
				t.Errorf("%s: %q is no sentence", l.Key, l.Definition.In(lang))
			}
		}
		if (l.Caveat.NL == "") != (l.Caveat.EN == "") || l.Version == 0 {
			t.Errorf("%s has a caveat in one language, or no version", l.Key)
		}
		if found := hard.FindString(l.Label.NL + " " + l.Definition.NL + " " + l.Caveat.NL); found != "" {
			t.Errorf("%s: %q is a hard word", l.Key, found)
		}
	}
	for key := range texts {
		if !used[key] {
			t.Errorf("there are words for %s and no figure", key)
		}
	}
	for _, key := range []string{"leak_multiplier", "redeem_multiplier", "pass_on_multiplier", "six_rounds"} {
		if texts[key].caveat != noForecast || !strings.HasPrefix(texts[key].label.EN, "Model") {
			t.Errorf("%s could be read as something that was achieved", key)
		}
	}
}

// TestManyHopsStandTogether: beyond ten there is one figure for the rest, and
// where the rule itself tells no more, too.
func TestManyHopsStandTogether(t *testing.T) {
	list := make([]*big.Rat, 40)
	for k := range list {
		list[k] = big.NewRat(int64(k), 1)
	}
	list[4] = new(big.Rat)
	lines := byHops("hop_volume", list, 1, 0)
	keys := ""
	for _, l := range lines {
		keys += " " + strings.TrimPrefix(l.Key, "hop_volume_") + "=" + l.Exact
	}
	if want := " 1=1 2=2 3=3 5=5 6=6 7=7 8=8 9=9 10=10 11_or_more=725"; keys != want {
		t.Errorf("the hops are%s, want%s", keys, want)
	}
	if last := lines[len(lines)-1]; last.Label.NL != "Betaald, keer 11 of meer" || last.Label.EN != "Volume, transfer 11 or more" {
		t.Errorf("the last is called %q", last.Label)
	}
	if capped := byHops("hop_volume", list[:9], 1, 8); capped[len(capped)-1].Key != "hop_volume_8_or_more" {
		t.Errorf("the last is %s", capped[len(capped)-1].Key)
	}
	if sum := plus(list...); from(list, 0).Cmp(sum) != 0 || from(list, 99).Sign() != 0 {
		t.Error("sums from a number on are wrong")
	}
}

// TestAFigureWithoutADivisorHasNoValue: a list in which nothing is paid.
func TestAFigureWithoutADivisorHasNoValue(t *testing.T) {
	r := analyse(t, "day,type,source,target,amount\n3,issue,x,a,5\n", Options{Rules: every, Network: true})
	var lines []report.Line
	for _, p := range r.Paths {
		lines = append(lines, r.PathLines(p)...)
	}
	expect(t, append(lines, r.Lines()...), `
		days 0
		V_year -
		M_avg -
		forwarding_r -
		leak_multiplier -
		pass_on_share -
		six_rounds -
		user_retention -
		mean_hold_days -
		med_hold -
		V_inv_period -
		mean_hops_exit -
		recip_weighted -
		gini_income -
		LM3 1
		realised_multiplier 1
		retention_end 1
		gini_balance 0
		rest_hops_0 5`)
}

// TestAmountsAndTimesAreReadExactly goes through the ways to write them.
func TestAmountsAndTimesAreReadExactly(t *testing.T) {
	for text, want := range map[string]int64{
		"1": 1e8, "0.5": 5e7, "12.50": 125e7, "0.00000001": 1, "1.000000000000": 1e8, "007": 7e8, "3.": 3e8, "92233720367": 9_223_372_036_700_000_000,
	} {
		if got, what := parseAmount(text, false); got != want || what != "" {
			t.Errorf("%q is %d units (%s), want %d", text, got, what, want)
		}
	}
	for text, want := range map[string]int64{"1.234,50": 123_450_000_000, "1234,5": 123_450_000_000, "1.000.000": 1e14, "12": 12e8} {
		if got, what := parseAmount(text, true); got != want || what != "" {
			t.Errorf("%q with a comma is %d units (%s), want %d", text, got, what, want)
		}
	}
	for _, text := range []string{"12.50", "1.23,45", "1,234.50", ".123", "1..234", "1,2,3", ","} {
		if got, what := parseAmount(text, true); what == "" {
			t.Errorf("%q with a comma was read as %d units", text, got)
		}
	}
	for _, text := range []string{"", ".", ".5", "-1", "+1", "1e3", "1,5", " 1", "1.2.3", "0", "0.0", "x", "92233720369", "1.234,5"} {
		if got, what := parseAmount(text, false); what == "" {
			t.Errorf("%q was read as %d units", text, got)
		}
	}
	const hour = int64(3600 * 1_000_000)
	for text, want := range map[string]struct {
		at int64
		is form
	}{
		"0": {0, number}, "1.5": {36 * hour, number}, "-2": {-48 * hour, number},
		"1970-01-02": {24 * hour, day}, "1969-12-31": {-24 * hour, day},
		"1970-01-01T02:00:00Z": {2 * hour, moment}, "1970-01-01T02:00:00+01:00": {hour, moment},
		"1970-01-01 01:00:00": {hour, moment}, "1970-01-01 01:00": {hour, moment}, "1970-01-01T01:00:00": {hour, moment},
		"1970-01-01 00:00:00.000001": {1, moment}, "1970-01-01 02:00:00+02:00": {0, moment},
	} {
		if at, is, err := parseWhen(text, ""); err != nil || at != want.at || is != want.is {
			t.Errorf("%q is %d as %v (%v), want %d as %v", text, at, is, err, want.at, want.is)
		}
	}
	for _, text := range []string{"", "soon", "1/2", "0x10", "1e3", "1_000", "2026-02-30", "2026-1-1", "31-12-2026", "12:00"} {
		if at, is, err := parseWhen(text, ""); err == nil {
			t.Errorf("%q was read as %d, %v", text, at, is)
		}
	}
}

// TestDaysInAnotherOrderAreReadOnlyWhenSaid: 3 April or 4 March.
func TestDaysInAnotherOrderAreReadOnlyWhenSaid(t *testing.T) {
	for _, c := range []struct {
		text  string
		order Dates
		same  string
	}{
		{"3-4-2026", DayFirst, "2026-04-03"},
		{"03/04/2026", DayFirst, "2026-04-03"},
		{"03.04.2026", DayFirst, "2026-04-03"},
		{"03/04/2026", MonthFirst, "2026-03-04"},
		{"31-03-2026 14:05", DayFirst, "2026-03-31T14:05:00Z"},
		{"03/31/2026 14:05:09", MonthFirst, "2026-03-31T14:05:09Z"},
	} {
		got, is, err := parseWhen(c.text, c.order)
		want, form, _ := parseWhen(c.same, "")
		if err != nil || got != want || is != form {
			t.Errorf("%q as %s is %d (%v), want %s", c.text, c.order, got, err, c.same)
		}
		if _, _, err := parseWhen(c.text, ""); err == nil {
			t.Errorf("%q was read though nobody says in which order", c.text)
		}
	}
	for _, text := range []string{"31/03/2026", "2026-03-31"} {
		if _, _, err := parseWhen(text, MonthFirst); err == nil {
			t.Errorf("%q was read with the month first", text)
		}
	}
}
