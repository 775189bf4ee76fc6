package evaluation

import (
	"bytes"
	"context"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"golang.org/x/net/html"

	"grulden/demurrage"
	"grulden/internal/node"
	"grulden/internal/record"
	"grulden/internal/report"
	"grulden/internal/store"
	"grulden/ledger"
)

// town is a running ledger with a clock of its own.
type town struct {
	*testing.T
	now     time.Time
	node    *node.Node
	figures *report.Keeper
	paid    byte
}

// march is a town with twelve people, two shops and some payments in March.
func march(t *testing.T) *town {
	t.Helper()
	w := &town{T: t, now: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}
	o := store.Options{FS: vfs.NewMem(), MinFreeBytes: 1}
	if err := node.Init("wijk", node.Settings{Coin: "Korrel", Wijk: "De <Hoogte>"}, o); err != nil {
		t.Fatal(err)
	}
	n, err := node.Open("wijk", node.Options{Store: o, Clock: func() time.Time { return w.now }})
	if err != nil {
		t.Fatal(err)
	}
	w.node = n
	if w.figures, err = report.OpenKeeper(n); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(w.figures.Close(), n.Close()); err != nil {
			t.Error(err)
		}
	})
	w.must(ledger.SetPolicy{Policy: ledger.DefaultPolicy()})
	for i := range ledger.AccountID(12) {
		w.must(ledger.Open{Account: i + 1, Owner: ledger.OwnerID(i + 1), Role: "resident"})
		w.must(ledger.Issue{To: i + 1, Amount: 50_00})
	}
	w.must(ledger.Open{Account: 20, Owner: 20, Role: "merchant"})
	w.must(ledger.Open{Account: 21, Owner: 21, Role: "merchant"})
	for i := range ledger.AccountID(12) {
		w.now = w.now.Add(24 * time.Hour)
		w.pay(i+1, 20+i%2, 20_00)
		w.pay(20+i%2, (i+3)%12+1, 5_00)
	}
	w.now = w.now.Add(24 * time.Hour)
	return w
}

func (w *town) must(command ledger.Command) {
	w.Helper()
	r, err := w.node.Submit(context.Background(), node.Request{Auth: record.Auth{How: record.ByOperator}, Command: command})
	if err != nil || r.Result != ledger.Applied {
		w.Fatal(r.Result, err)
	}
}

func (w *town) pay(from, to ledger.AccountID, amount ledger.Cents) {
	w.Helper()
	w.paid++
	w.must(ledger.Pay{ID: ledger.ID{w.paid}, From: from, To: to, Amount: amount})
}

func (w *town) make(lang string) *Evaluation {
	w.Helper()
	e, err := Make(context.Background(), w.node, w.figures, report.Always, lang)
	if err != nil {
		w.Fatal(err)
	}
	return e
}

// files are the report as a page and as sheets.
func (w *town) files(lang string) (page, sheets []byte) {
	w.Helper()
	e := w.make(lang)
	page, err := e.HTML()
	if err != nil {
		w.Fatal(err)
	}
	sheets, err = e.PDF()
	if err != nil {
		w.Fatal(err)
	}
	return page, sheets
}

func (w *town) verify(file []byte) *Check {
	w.Helper()
	c, err := Verify(context.Background(), w.node, w.figures, file)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

func TestAReportIsMadeAgainByteForByte(t *testing.T) {
	w := march(t)
	for _, lang := range []string{"nl", "en"} {
		page, sheets := w.files(lang)
		w.now = w.now.Add(40 * 24 * time.Hour) // and life goes on
		w.pay(1, 20, 1_00)
		for _, file := range [][]byte{page, sheets} {
			c := w.verify(file)
			if !c.Same || !c.Journal || len(c.Differences) > 0 {
				t.Errorf("%s: same %v, journal %v, %v", lang, c.Same, c.Journal, c.Differences)
			}
		}
		again, err := Make(context.Background(), w.node, w.figures, report.Period{From: demurrage.MinDay, To: w.make(lang).period.To}, lang)
		if err != nil || again.Root == w.make(lang).Root && again.Entries != w.make(lang).Entries {
			t.Error("another length has the same root", err)
		}
	}
}

// TestTheFirstPageTellsWhatItWas in the six days before, and a report of all days that
// there is nothing before it. The figures before are checked as all others are.
func TestTheFirstPageTellsWhatItWas(t *testing.T) {
	w := march(t)
	w.pay(1, 20, 10_00)
	w.now = w.now.Add(24 * time.Hour)
	end := w.node.Today() - 1
	p := report.Period{From: end - 5, To: end}
	e, err := Make(context.Background(), w.node, w.figures, p, "nl")
	if err != nil {
		t.Fatal(err)
	}
	page, err := e.HTML()
	if err != nil {
		t.Fatal(err)
	}
	sheets, err := e.PDF()
	if err != nil {
		t.Fatal(err)
	}
	// five days of 25 and one of 10, after six of 25
	for _, want := range []string{
		"De periode ervoor is 4 – 9 maart 2026.",
		`<tr><th scope="row">Betaald (Korrel)</th><td class="number">135,00</td><td class="number">150,00</td><td class="number">−10,0 %</td></tr>`,
	} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("there is no %s in\n%.9000s", want, page)
		}
	}
	w.now = w.now.Add(40 * 24 * time.Hour)
	w.pay(1, 20, 1_00)
	for _, file := range [][]byte{page, sheets} {
		if c := w.verify(file); !c.Same {
			t.Errorf("made again it is another: %v", c.Differences)
		}
	}
	forged := bytes.Replace(page, []byte(`"volume/before":"150.00"`), []byte(`"volume/before":"1.00"`), 1)
	if c := w.verify(forged); c.Same || len(c.Differences) != 1 || c.Differences[0].Key != "volume/before" {
		t.Errorf("%v", c.Differences)
	}
	if page, _ := w.files("en"); !bytes.Contains(page, []byte("There is no period before to compare with.")) {
		t.Error("a report of all days is compared")
	}
}

// TestAReportOverQuietMonthsIsMadeAgain after the entry that ends them.
func TestAReportOverQuietMonthsIsMadeAgain(t *testing.T) {
	w := march(t)
	w.now = w.now.AddDate(0, 2, 10)
	page, sheets := w.files("nl")
	w.must(ledger.Issue{To: 1, Amount: 1_00})
	w.now = w.now.AddDate(0, 0, 2)
	for _, file := range [][]byte{page, sheets} {
		if c := w.verify(file); !c.Same || !c.Journal {
			t.Errorf("same %v, journal %v, %v", c.Same, c.Journal, c.Differences)
		}
	}
}

// TestWhatIsNotInTheJournalIsInTheReport: a coin gets another name, and a shop says
// that it is of another kind; what was printed before is still made again.
func TestWhatIsNotInTheJournalIsInTheReport(t *testing.T) {
	w := march(t)
	kinds := map[ledger.OwnerID]string{20: "food", 21: "repair"}
	w.figures.Ask(func() (map[ledger.OwnerID]string, error) { return kinds, nil })
	page, sheets := w.files("nl")
	kinds = map[ledger.OwnerID]string{20: "care"}
	settings := w.node.Settings()
	settings.Coin, settings.Wijk = "Stuiver", "Elders"
	if err := w.node.SetSettings(settings); err != nil {
		t.Fatal(err)
	}
	for _, file := range [][]byte{page, sheets} {
		if c := w.verify(file); !c.Same || c.Inputs.Sectors[21] != "repair" {
			t.Errorf("same %v, %v, %v", c.Same, c.Inputs.Sectors, c.Differences)
		}
	}
	if later, _ := w.files("nl"); bytes.Equal(later, page) || !bytes.Contains(later, []byte("Stuiver in Elders")) {
		t.Error("a new report has the old names")
	}
}

// TestAReportOfAnotherVersionIsTheSameWhereNothingElseChanged: the version that made
// it stands in it, and the one that checks it is another.
func TestAReportOfAnotherVersionIsTheSameWhereNothingElseChanged(t *testing.T) {
	w := march(t)
	e := w.make("nl")
	e.Program = "grulden v0.0.9"
	page, err := e.HTML()
	if err != nil {
		t.Fatal(err)
	}
	if c := w.verify(page); !c.Same || c.Inputs.Program != "grulden v0.0.9" || c.Program != Program() {
		t.Errorf("same %v, by %s, checked by %s", c.Same, c.Inputs.Program, c.Program)
	}
}

func TestAForgedReportIsFoundOut(t *testing.T) {
	w := march(t)
	page, sheets := w.files("nl")
	volume, ok := w.make("nl").line("volume")
	if !ok || volume.Value != "300.00" {
		t.Fatalf("volume %q", volume.Value)
	}
	for name, tt := range map[string]struct {
		file        []byte
		differences int
		journal     bool
	}{
		"a figure in the table":   {bytes.Replace(page, []byte(">300,00<"), []byte(">900,00<"), 1), 0, true},
		"a figure and its inputs": {bytes.ReplaceAll(page, []byte(`"volume":"300.00"`), []byte(`"volume":"900.00"`)), 1, true},
		"the root":                {bytes.ReplaceAll(page, []byte(w.make("nl").Root), bytes.Repeat([]byte("0"), 64)), 0, false},
		"the number of entries":   {bytes.Replace(page, []byte(`"entries":51`), []byte(`"entries":50`), 1), 0, false},
		"a figure in the sheets":  {bytes.Replace(sheets, []byte(`"volume":"300.00"`), []byte(`"volume":"900.00"`), 1), 1, true},
	} {
		c := w.verify(tt.file)
		if c.Same || len(c.Differences) != tt.differences || c.Journal != tt.journal {
			t.Errorf("%s: same %v, journal %v, %v", name, c.Same, c.Journal, c.Differences)
		}
	}
}

func TestAReportOfAnotherJournalIsFoundOut(t *testing.T) {
	one, other := march(t), march(t)
	other.pay(1, 20, 1)
	other.now = other.now.Add(48 * time.Hour)
	page, _ := other.files("nl")
	c := one.verify(page)
	if c.Same || c.Journal || c.Root != "" {
		t.Errorf("same %v, journal %v, root %q of a journal that is shorter", c.Same, c.Journal, c.Root)
	}
}

func TestWhatIsNoReportIsSaidToBeNone(t *testing.T) {
	w := march(t)
	page, sheets := w.files("nl")
	for name, file := range map[string][]byte{
		"empty": nil, "a page": []byte("<!doctype html><p>hello"), "a PDF": []byte("%PDF-1.7\n%%EOF"),
		"another format": bytes.Replace(page, []byte(`"format":1`), []byte(`"format":2`), 1),
		"no day":         bytes.Replace(page, []byte(`"from":"2026`), []byte(`"from":"twenty`), 1),
		"cut off":        sheets[:len(sheets)/3],
	} {
		if _, err := Verify(context.Background(), w.node, w.figures, file); !errors.Is(err, ErrNoReport) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestADayThatIsNotOverIsNotReportedOn(t *testing.T) {
	w := march(t)
	today := w.node.Today()
	if e := w.make("nl"); e.period.To != today-1 {
		t.Errorf("up to %v on %v", e.period.To, today)
	}
	_, err := Make(context.Background(), w.node, w.figures, report.Period{From: today, To: today + 9}, "nl")
	if !errors.Is(err, ErrNotOver) {
		t.Error(err)
	}
	_, err = Make(context.Background(), w.node, w.figures, report.Period{From: today, To: today - 2}, "nl")
	if !errors.Is(err, report.ErrPeriod) {
		t.Error(err)
	}
}

// TestThePageIsWholeAndInOrder reads the page as a browser does.
func TestThePageIsWholeAndInOrder(t *testing.T) {
	w := march(t)
	page, _ := w.files("nl")
	if bytes.Contains(page, []byte("De <Hoogte>")) {
		t.Error("the name of the wijk is not escaped")
	}
	if outside := regexp.MustCompile(`(?:src|href)=|url\(|@import`).Find(page); outside != nil {
		t.Errorf("the page needs something else: %s", outside)
	}
	if left := regexp.MustCompile(`\{[a-z_]+\}`).Find(regexp.MustCompile(`(?s)<style>.*?</style>`).ReplaceAll(page, nil)); left != nil {
		t.Errorf("%s is not filled in", left)
	}
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var heads []string
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && (n.Data == "h1" || n.Data == "h2") {
			heads = append(heads, n.FirstChild.Data)
		}
		if n.Data == "svg" {
			var named bool
			for _, a := range n.Attr {
				named = named || a.Key == "aria-label" && a.Val != ""
			}
			if !named {
				t.Error("a picture has no words")
			}
		}
	}
	want := []string{"Loopt het rond?", "In het kort", "De cijfers"}
	for _, table := range w.make("nl").tables {
		want = append(want, table.Title.NL)
	}
	want = append(want, "Uitleg bij de cijfers", "Waar dit uit volgt")
	if strings.Join(heads, "|") != strings.Join(want, "|") {
		t.Errorf("headings %q, want %q", heads, want)
	}
	if !bytes.Contains(page, []byte("Vertrouwelijk")) || !bytes.Contains(page, []byte(w.make("nl").Root)) {
		t.Error("it does not say that it is confidential, or what it follows from")
	}
}

func TestTheSheetsAreTaggedAndSayTheSame(t *testing.T) {
	w := march(t)
	_, sheets := w.files("nl")
	path := filepath.Join(t.TempDir(), "r.pdf")
	if err := os.WriteFile(path, sheets, 0o600); err != nil {
		t.Fatal(err)
	}
	info, err := exec.Command("pdfinfo", path).CombinedOutput()
	if err != nil || !bytes.Contains(info, []byte("Tagged:          yes")) {
		t.Fatalf("%v: %s", err, info)
	}
	text, err := exec.Command("pdfinfo", "-struct-text", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	read := strings.Join(strings.Fields(string(text)), " ")
	at := 0
	for _, want := range []string{`H1 (block) "Loopt het rond?"`, `H2 (block) "In het kort"`, "300,00 Korrel betaald", `H2 (block) "De cijfers"`, "TH", `"Uitleg bij de cijfers"`, w.make("nl").Root[:20]} {
		i := strings.Index(read[at:], want)
		if i < 0 {
			t.Fatalf("not read in its place: %s", want)
		}
		at += i
	}
}

func TestATableIsDrawnAsItsKindSays(t *testing.T) {
	column := func(key string, unit string) report.Column {
		return report.Column{Key: key, Label: report.Text{NL: key, EN: key}, Unit: report.Text{NL: unit, EN: unit}}
	}
	row := func(from, to string, values ...int64) report.Row {
		r := report.Row{Key: from + to, Label: report.Text{NL: from, EN: from}, From: report.Text{NL: from, EN: from}, To: report.Text{NL: to, EN: to}}
		for _, v := range values {
			r.Cells = append(r.Cells, report.Cell{Value: big.NewRat(v, 1)})
		}
		return r
	}
	rows := []report.Row{row("a", "b", 10, 20, 3), row("b", "c", 30, 5, 2), row("a", "c", 8, 0, 1)}
	columns := []report.Column{column("x", "Korrel"), column("y", "Korrel"), column("z", "keer")}
	first := slices.Clone(columns)
	first[1].Aside, first[2].Aside = true, true
	for _, tt := range []struct {
		chart   report.Chart
		columns []report.Column
		areas   int // boxes and bands, those of the legend too
		lines   int
	}{
		{report.Lines, columns, 3, 3 + 5 + 5},    // three lines and the lines behind two panels, up to 40 and to 4
		{report.Bars, columns, 2 + 5 + 1 + 3, 0}, // nought has no box
		{report.Stack, columns, 2 + 5 + 1 + 3, 0},
		{report.Heat, columns, 9, 0},
		{report.Sankey, columns, 3 + 3, 0},
		{report.Lines, first, 1, 1 + 5},
		{report.Bars, first, 1 + 3, 0},
		{report.Stack, first, 1 + 3, 0},
		{report.Heat, first, 3, 0},
	} {
		p := Draw(report.Table{Chart: tt.chart, Title: report.Text{NL: "titel"}, Columns: tt.columns, Rows: rows}, "nl")
		svg := p.SVG()
		if a, l := strings.Count(svg, "<polygon"), strings.Count(svg, "<polyline"); a != tt.areas || l != tt.lines {
			t.Errorf("%s: %d areas, %d lines, want %d, %d", tt.chart, a, l, tt.areas, tt.lines)
		}
		if strings.Contains(svg, "style=") || strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") || p.Words != "titel" {
			t.Errorf("%s: %s", tt.chart, svg)
		}
	}
	circle := []report.Row{row("a", "b", 5), row("b", "a", 3)}
	p := Draw(report.Table{Chart: report.Sankey, Columns: columns[:1], Rows: circle}, "nl")
	if n := strings.Count(p.SVG(), ">a</text>"); n != 2 {
		t.Errorf("money that goes in a circle: a stands there %d times", n)
	}
	rows[1].Cells[0].Hidden = true
	svg := Draw(report.Table{Chart: report.Bars, Columns: columns, Rows: rows}, "nl").SVG()
	if strings.Contains(svg, ">30<") || !strings.Contains(svg, ">–<") {
		t.Error("a hidden number is drawn")
	}
	if Draw(report.Table{Chart: report.Bars, Columns: columns, Rows: []report.Row{row("a", "", 0, 0, 0)}}, "nl") != nil {
		t.Error("noughts are drawn")
	}
}

// TestAnAxisEndsAtANumberThatIsEasilyRead.
func TestAnAxisEndsAtANumberThatIsEasilyRead(t *testing.T) {
	for largest, want := range map[float64]float64{0: 1, 0.07: 0.08, 1: 1, 1.1: 2, 39: 40, 41: 50, 81: 100, 1234: 2000} {
		if end, parts := top(largest); end < want*0.9999 || end > want*1.0001 || parts < 1 {
			t.Errorf("%v: %v in %d", largest, end, parts)
		}
	}
	d := drawing{lang: "nl"}
	for value, want := range map[float64]string{0: "0", 0.25: "0,25", 1250: "1.250", 0.5: "0,5"} {
		if got := d.tick(value); got != want {
			t.Errorf("%v: %s", value, got)
		}
	}
}

func TestTheReportAllowsNothingButItsOwnStyle(t *testing.T) {
	if p := Policy(); !strings.Contains(p, "default-src 'none'") || strings.Contains(p, "unsafe") || !strings.Contains(p, "'sha256-") {
		t.Error(p)
	}
}
