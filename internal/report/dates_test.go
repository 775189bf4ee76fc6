package report

import (
	"regexp"
	"testing"

	"grulden/demurrage"
)

func dayAt(t testing.TB, text string) demurrage.Day {
	t.Helper()
	day, err := demurrage.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func TestPeriodsAreWrittenAsPeopleDo(t *testing.T) {
	for _, c := range []struct{ from, to, nl, en string }{
		{"2026-03-01", "2026-03-31", "maart 2026", "March 2026"},
		{"2028-02-01", "2028-02-29", "februari 2028", "February 2028"},
		{"2028-02-01", "2028-02-28", "1 – 28 februari 2028", "1 – 28 February 2028"},
		{"2025-12-01", "2026-01-31", "1 december 2025 – 31 januari 2026", "1 December 2025 – 31 January 2026"},
		{"2026-08-02", "2026-08-31", "2 – 31 augustus 2026", "2 – 31 August 2026"},
	} {
		if got := (Period{dayAt(t, c.from), dayAt(t, c.to)}).Text(); got != (Text{c.nl, c.en}) {
			t.Errorf("%s to %s: %v", c.from, c.to, got)
		}
	}
}

// TestNoSentenceHasADayOnlyMachinesWrite: keys and files keep 2026-03-01, people read
// 1 maart 2026, and numbers have the comma or the point of their language.
func TestNoSentenceHasADayOnlyMachinesWrite(t *testing.T) {
	w := street(t)
	day := regexp.MustCompile(`\d{4}-\d\d`)
	for _, r := range []*Report{w.report(0, 13), w.report(0, 130)} {
		texts := []Text{r.title()}
		for _, l := range r.Lines() {
			texts = append(texts, l.Label, l.Definition, l.Caveat)
		}
		for _, table := range r.Tables() {
			texts = append(texts, table.Title, table.Sentence, table.Definition, table.Caveat)
			for _, row := range table.Rows {
				texts = append(texts, row.Label, row.From, row.To)
			}
		}
		for _, text := range texts {
			if day.MatchString(text.NL + text.EN) {
				t.Errorf("%q, %q", text.NL, text.EN)
			}
		}
	}
	r := w.report(0, 130)
	if s := table(t, r, "holding").Sentence; s.NL != "Betaald geld lag gemiddeld 2,9 dagen bij de betaler, de helft 3,0 dagen of korter. Wat er nog is, ligt er gemiddeld 128,9 dagen." ||
		s.EN != "Money that was paid had lain 2.9 days at the payer on average, half of it 3.0 days or less. What is still there has lain 128.9 days on average." {
		t.Errorf("%q, %q", s.NL, s.EN)
	}
	over := table(t, r, "over_time")
	if first, last := over.Rows[0], over.Rows[1]; first.Label.NL != "5 januari 2026" || last.Label.NL != "februari 2026" || last.Key != "2026-02-01" {
		t.Errorf("%v, %v", first, last)
	}
	if row := table(t, r, "cohorts").Rows[0]; row.Label.EN != "January 2026" || row.Key != "2026-01" {
		t.Errorf("%v", row)
	}
}
