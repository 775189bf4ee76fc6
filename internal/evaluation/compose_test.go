package evaluation

import (
	"math/big"
	"regexp"
	"strings"
	"testing"
	"time"

	"grulden/demurrage"
	"grulden/internal/dataset"
	"grulden/internal/report"
)

// written is a report without a ledger behind it.
func written(lang string, verdict report.Verdict) *Evaluation {
	day := func(month time.Month, day int) demurrage.Day {
		return demurrage.CivilDay(time.Date(2026, month, day, 0, 0, 0, 0, time.UTC))
	}
	return &Evaluation{
		Inputs: Inputs{Format: format, Program: "grulden v1", Lang: lang, Wijk: "De Hoogte", Coin: "Korrel", From: "2026-01-01", To: "2026-03-31", Entries: 12, Root: strings.Repeat("ab", 32)},
		period: report.Period{From: day(1, 1), To: day(3, 31)}, days: 90, verdict: verdict, share: "47",
		lines: []report.Line{
			{Key: "volume", Label: report.Text{NL: "Betaald", EN: "Volume"}, Value: "70.00", Unit: report.Text{NL: "Korrel", EN: "Korrel"}, Definition: report.Text{NL: "Alles.", EN: "All."}, Formula: "V", Version: 3, Caveat: report.Text{NL: "Geen euro's.", EN: "No euros."}},
			{Key: "payments", Value: "1204"},
			{Key: "participants", Value: "31"},
			{Key: "stock_mean", Value: "99.50"},
			{Key: "velocity"}, // no value: its sentence cannot be written
		},
		tables: []report.Table{
			{
				Key: "money_flow", Chart: report.Sankey, Title: report.Text{NL: "Waar het geld heen gaat", EN: "Where the money goes"},
				Sentence: report.Text{NL: "Het meeste bleef.", EN: "Most stayed."}, Definition: report.Text{NL: "Per stroom.", EN: "By flow."}, Formula: "Σ", Version: 2,
				Columns: []report.Column{{Key: "amount", Label: report.Text{NL: "Bedrag", EN: "Amount"}, Unit: report.Text{NL: "Korrel", EN: "Korrel"}, Decimals: 2}},
				Rows: []report.Row{
					{Key: "a", Label: report.Text{NL: "bank → bewoners", EN: "bank → residents"}, From: report.Text{NL: "bank", EN: "bank"}, To: report.Text{NL: "bewoners", EN: "residents"}, Cells: []report.Cell{{Value: big.NewRat(1234, 1)}}},
					{Key: "b", Label: report.Text{NL: "bewoners → winkels", EN: "residents → shops"}, From: report.Text{NL: "bewoners", EN: "residents"}, To: report.Text{NL: "winkels", EN: "shops"}, Cells: []report.Cell{{Value: big.NewRat(777, 1), Hidden: true}}},
				},
			},
			{Key: "stuck", Chart: report.Bars, Title: report.Text{NL: "Waar het stilstaat", EN: "Where it gets stuck"}},
		},
	}
}

// said is all text of a report, a line for each thing.
func said(e *Evaluation) string {
	var b strings.Builder
	for _, part := range e.compose() {
		b.WriteString(string(part.kind) + " " + part.text + "\n")
		for _, item := range part.items {
			b.WriteString("- " + item + "\n")
		}
		for _, c := range part.columns {
			b.WriteString("| " + c.head + " ")
		}
		b.WriteString("\n")
		for _, row := range part.rows {
			b.WriteString("| " + strings.Join(row, " | ") + "\n")
		}
	}
	return b.String()
}

func TestTheAnswerComesFirstAndTheDefinitionsLast(t *testing.T) {
	for _, tt := range []struct {
		lang  string
		parts []string
	}{
		{"nl", []string{
			"h1 Loopt het rond?", "p Korrel in De Hoogte: van 1 januari 2026 tot en met 31 maart 2026, 90 dagen.", "caveat Vertrouwelijk",
			"h2 In het kort", "answer Voor een deel. Van al het geld dat is betaald, was 47 %",
			"- Er is 70,00 Korrel betaald, in 1.204 betalingen. Daarbij waren 31 mensen en winkels.",
			"h3 Wat dit verslag niet laat zien", "- Wat mensen en winkels met euro's doen",
			"h2 De cijfers", "| Betaald | 70,00 | Korrel",
			"h2 Waar het geld heen gaat", "p Het meeste bleef.", "picture Het meeste bleef.", "| Bedrag (Korrel)", "| bank → bewoners | 1.234,00", "| bewoners → winkels | –", "small Een streepje",
			"h2 Waar het stilstaat", "p In deze periode is hier niets te tellen.",
			"h2 Uitleg bij de cijfers", "h3 Betaald", "small Alles. [V] Versie 3 van deze uitleg.", "small Let op. Geen euro's.", "small Per stroom. [Σ] Versie 2",
			"h2 Waar dit uit volgt", "| Boekingen in het journaal | 12", "| Wortel van het journaal | abab", "| Programma | grulden v1", "caveat Dit bewijst niet",
		}},
		{"en", []string{
			"h1 Does it circulate?", "from 1 January 2026 up to and including 31 March 2026, 90 days", "caveat Confidential",
			"answer In part.", "- 70.00 Korrel were paid in 1,204 payments. 31 people and shops took part.",
			"h3 What this report does not show", "| residents → shops | –", "h2 Definitions", "h2 What this follows from",
		}},
	} {
		text := said(written(tt.lang, report.Partly))
		at := 0
		for _, want := range tt.parts {
			i := strings.Index(text[at:], want)
			if i < 0 {
				t.Errorf("%s: %q is not in its place:\n%s", tt.lang, want, text)
				break
			}
			at += i
		}
		if strings.Contains(text, "777") {
			t.Error("a hidden number is printed")
		}
		if left := regexp.MustCompile(`\{\w+\}`).FindString(text); left != "" {
			t.Errorf("%s: %s is not filled in", tt.lang, left)
		}
	}
}

func TestASentenceWhoseNumberIsMissingIsLeftOut(t *testing.T) {
	text := said(written("nl", report.Partly))
	for _, gone := range []string{"Gemiddeld was er", "lag daarvoor gemiddeld", "inkomen in de wijk"} {
		if strings.Contains(text, gone) {
			t.Errorf("%q stands there without its number", gone)
		}
	}
}

func TestEachVerdictHasItsOwnAnswer(t *testing.T) {
	seen := map[string]report.Verdict{}
	for _, verdict := range []report.Verdict{report.Yes, report.Partly, report.No, report.TooFew} {
		for _, lang := range []string{"nl", "en"} {
			e := written(lang, verdict)
			said := e.say("answer_" + string(verdict))
			if other, there := seen[said]; there || said == "" {
				t.Errorf("%s says %q, as %s does", verdict, said, other)
			}
			seen[said] = verdict
		}
	}
}

// TestWhatIsPublicIsNotCalledConfidential, neither above nor at the foot of a page.
func TestWhatIsPublicIsNotCalledConfidential(t *testing.T) {
	e := written("nl", report.Yes)
	if !strings.Contains(said(e), "Vertrouwelijk") {
		t.Error("what is for inside is not called confidential")
	}
	e.Public = true
	if strings.Contains(strings.ToLower(said(e)), "vertrouwelijk") {
		t.Error("what is public is called confidential")
	}
}

func TestEveryTextIsThereInBothLanguages(t *testing.T) {
	place := regexp.MustCompile(`\{\w+\}`)
	for key, text := range words {
		if text.NL == "" || text.EN == "" {
			t.Errorf("%s is empty in a language", key)
		}
		for _, p := range place.FindAllString(text.NL, -1) {
			if !strings.Contains(text.EN, p) {
				t.Errorf("%s: %s is not in the English text", key, p)
			}
		}
	}
	for _, s := range summarySentences {
		for _, figure := range s.figures {
			if !strings.Contains(words[s.text].NL, "{"+figure+"}") {
				t.Errorf("%s does not tell %s", s.text, figure)
			}
		}
	}
	for _, text := range words { // short sentences are read by more people
		for _, sentence := range regexp.MustCompile(`[.!?:]\s`).Split(text.NL, -1) {
			if n := len(strings.Fields(sentence)); n > 25 {
				t.Errorf("%d words: %s", n, sentence)
			}
		}
	}
}

func TestADateIsWrittenInWords(t *testing.T) {
	day := demurrage.CivilDay(time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC))
	for lang, want := range map[string]string{"nl": "29 februari 2028", "en": "29 February 2028", "xx": "29 februari 2028"} {
		if got := date(day, lang); got != want {
			t.Errorf("%s: %s", lang, got)
		}
	}
}

func TestDifferencesAreListedByKey(t *testing.T) {
	then := map[string]string{"a": "1", "b": "2", "gone": "3"}
	now := map[string]string{"a": "1", "b": "4", "new": "5"}
	got := differences(then, now)
	want := []Difference{{"b", "2", "4"}, {"gone", "3", ""}, {"new", "", "5"}}
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%v, want %v", got[i], want[i])
		}
	}
	if got := differences(nil, now); len(got) != 3 {
		t.Errorf("of nothing: %v", got)
	}
}

func TestTheDataOfAReportNamesWhatItFollowsFrom(t *testing.T) {
	set := written("nl", report.Yes).set(dataset.Table{Name: "daily"})
	if set.Name != "grulden-2026-01-01-2026-03-31" || set.Source != "journal, 12 entries, root "+strings.Repeat("ab", 32) || !strings.HasPrefix(set.About, "Vertrouwelijk") {
		t.Errorf("%+v", set)
	}
	var names []string
	for _, table := range set.Tables {
		names = append(names, table.Name)
	}
	if strings.Join(names, " ") != "daily figures money_flow stuck" {
		t.Errorf("tables %v", names)
	}
}

func TestAWideTableOfFewRowsIsTurned(t *testing.T) {
	columns := []gridColumn{{"wat", 3, false}}
	row, other := []string{"winkels"}, []string{"bewoners"}
	for _, name := range strings.Split("abcdef", "") {
		columns = append(columns, gridColumn{name, 2, true})
		row, other = append(row, name+"1"), append(other, name+"2")
	}
	heads, lines := turned(columns, [][]string{row, other})
	if len(heads) != 3 || heads[2].head != "bewoners" || !heads[2].right || len(lines) != 6 || strings.Join(lines[5], " ") != "f f1 f2" {
		t.Errorf("%v %v", heads, lines)
	}
	if heads, lines := turned(columns[:6], [][]string{row[:6]}); len(heads) != 6 || len(lines) != 1 {
		t.Error("a table that fits is turned")
	}
	if _, lines := turned(columns, [][]string{row, row, row, row}); len(lines) != 4 {
		t.Error("a long table is turned")
	}
}

// TestHeadingsNest: who goes from heading to heading misses no level, and each
// table and picture stands under one.
func TestHeadingsNest(t *testing.T) {
	w := march(t)
	for _, e := range []*Evaluation{written("nl", report.Yes), w.make("en")} {
		level := 0
		for _, part := range e.compose() {
			if part.heads() {
				n := int(part.kind[1] - '0')
				if n > level+1 {
					t.Errorf("%q is of level %d under one of level %d", part.text, n, level)
				}
				level = n
			} else if level == 0 || part.kind == grid && part.text == "" {
				t.Errorf("%s %q stands under no heading", part.kind, part.text)
			}
		}
	}
}
