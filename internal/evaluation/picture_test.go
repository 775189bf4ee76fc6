package evaluation

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"grulden/internal/report"
	"grulden/internal/tagged"
)

// randomTable is a table as figures make them: some numbers are missing, hidden,
// nought or below, some flows go in circles, and some names are long.
func randomTable(t *rapid.T) report.Table {
	chart := rapid.SampledFrom([]report.Chart{report.Lines, report.Bars, report.Stack, report.Heat, report.Sankey}).Draw(t, "chart")
	table := report.Table{Chart: chart, Title: report.Text{NL: "titel", EN: "title"}}
	name := rapid.SampledFrom([]string{"bewoners", "winkels", "fonds", "een heel erg lange naam van een groep die nergens past", "é", "<b>"})
	for j := range rapid.IntRange(1, 4).Draw(t, "columns") {
		table.Columns = append(table.Columns, report.Column{
			Key: fmt.Sprint(j), Label: report.Text{NL: name.Draw(t, "column")}, Decimals: rapid.IntRange(0, 2).Draw(t, "decimals"),
			Unit: report.Text{NL: rapid.SampledFrom([]string{"Korrel", "%", ""}).Draw(t, "unit")}, Factor: rapid.SampledFrom([]int64{0, 1, 100}).Draw(t, "factor"),
			Aside: rapid.IntRange(0, 3).Draw(t, "aside") == 0,
		})
	}
	for i := range rapid.IntRange(0, 30).Draw(t, "rows") {
		row := report.Row{
			Key: fmt.Sprint(i), Label: report.Text{NL: name.Draw(t, "row")},
			From: report.Text{NL: name.Draw(t, "from")}, To: report.Text{NL: name.Draw(t, "to")},
		}
		for range table.Columns {
			cell := report.Cell{Hidden: rapid.IntRange(0, 9).Draw(t, "hidden") == 0}
			if rapid.IntRange(0, 9).Draw(t, "missing") > 0 {
				cell.Value = big.NewRat(rapid.Int64Range(-5, 1e12).Draw(t, "value"), rapid.Int64Range(1, 1000).Draw(t, "of"))
			}
			row.Cells = append(row.Cells, cell)
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// TestNothingIsDrawnOutsideThePicture: whatever the numbers are.
func TestNothingIsDrawnOutsideThePicture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := randomTable(t)
		p := Draw(table, "nl")
		if p == nil {
			return
		}
		if p.height <= 0 || p.height > tallest || p.Words == "" {
			t.Fatalf("height %v, words %q", p.height, p.Words)
		}
		for _, s := range p.shapes {
			for _, point := range s.points {
				if !(point[0] >= -0.01 && point[0] <= wide+0.01 && point[1] >= -0.01 && point[1] <= p.height+0.01) {
					t.Fatalf("%c at %v of %v × %v, %s", s.kind, point, float64(wide), p.height, s.text)
				}
			}
		}
		if svg := p.SVG(); strings.Contains(svg, "<b>") || strings.Contains(svg, "NaN") || svg != Draw(table, "nl").SVG() {
			t.Fatal(svg)
		}
	})
}

// TestAHiddenNumberChangesNothingInAPicture: whatever it is, the same is drawn.
func TestAHiddenNumberChangesNothingInAPicture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := randomTable(t)
		before := Draw(table, "nl")
		for i := range table.Rows {
			for j := range table.Rows[i].Cells {
				if c := &table.Rows[i].Cells[j]; c.Hidden {
					c.Value = big.NewRat(987654321, 1)
				}
			}
		}
		after := Draw(table, "nl")
		if (before == nil) != (after == nil) || before != nil && before.SVG() != after.SVG() {
			t.Fatal("another picture")
		}
	})
}

func flow(from, to string, value int64) report.Row {
	return report.Row{
		From: report.Text{NL: from}, To: report.Text{NL: to},
		Cells: []report.Cell{{Value: big.NewRat(value, 1)}},
	}
}

// TestAsMuchLeavesAPlaceInThePictureAsInTheTable: 100 issued, 60 of it to shops, 40
// held; of the 60 the fund gets 10 and 50 become euros. All bands have one scale,
// and the band of 60 is as wide where it ends as the bands that leave there.
func TestAsMuchLeavesAPlaceInThePictureAsInTheTable(t *testing.T) {
	table := report.Table{
		Chart: report.Sankey, Title: report.Text{NL: "stroom"}, Columns: []report.Column{{Key: "amount"}},
		Rows: []report.Row{
			flow("bank", "bewoners", 100), flow("bewoners", "winkels", 60), flow("bewoners", "over", 40),
			flow("winkels", "fonds", 10), flow("winkels", "euro", 50),
		},
	}
	p := Draw(table, "nl")
	var bands, boxes []float64
	for _, s := range p.shapes {
		switch {
		case s.kind == 'a' && len(s.points) == 4:
			boxes = append(boxes, s.points[2][1]-s.points[1][1])
		case s.kind == 'a':
			last := len(s.points) - 1
			bands = append(bands, s.points[last][1]-s.points[0][1])
			middle := last / 2
			if begin, end := bands[len(bands)-1], s.points[middle+1][1]-s.points[middle][1]; math.Abs(begin-end) > 1e-9 {
				t.Errorf("a band is %v where it begins and %v where it ends", begin, end)
			}
		}
	}
	if len(bands) != 5 || len(boxes) != 6 {
		t.Fatalf("%d bands, %d boxes", len(bands), len(boxes))
	}
	scale := bands[0] / 100
	for i, want := range []float64{100, 60, 40, 10, 50} {
		if math.Abs(bands[i]-want*scale) > 1e-9 {
			t.Errorf("band %d is %v wide for %v", i, bands[i], want)
		}
	}
	for i, want := range []float64{100, 100, 60, 40, 10, 50} {
		if math.Abs(boxes[i]-want*scale) > 1e-9 {
			t.Errorf("box %d is %v high for %v", i, boxes[i], want)
		}
	}
}

// TestABarIsAsLongAsItsNumber: 25 is a quarter of 100.
func TestABarIsAsLongAsItsNumber(t *testing.T) {
	row := func(value int64) report.Row {
		return report.Row{Label: report.Text{NL: "r"}, Cells: []report.Cell{{Value: big.NewRat(value, 1)}}}
	}
	p := Draw(report.Table{Chart: report.Bars, Title: report.Text{NL: "t"}, Columns: []report.Column{{Key: "a"}}, Rows: []report.Row{row(100), row(25), row(0)}}, "nl")
	var long []float64
	for _, s := range p.shapes {
		if s.kind == 'a' {
			long = append(long, s.points[1][0]-s.points[0][0])
		}
	}
	if len(long) != 3 || math.Abs(long[1]-4*long[2]) > 1e-9 { // the first is the legend
		t.Errorf("bars %v", long)
	}
}

// TestABarBelowNoughtGoesTheOtherWay: the bars of −25 and of 100 meet at nought.
func TestABarBelowNoughtGoesTheOtherWay(t *testing.T) {
	table := report.Table{Chart: report.Bars, Title: report.Text{NL: "t"}, Columns: []report.Column{{Key: "low"}, {Key: "high"}}}
	table.Rows = []report.Row{{Cells: []report.Cell{{Value: big.NewRat(-25, 1)}, {Value: big.NewRat(100, 1)}}}}
	var boxes [][][2]float64
	for _, s := range Draw(table, "nl").shapes {
		if s.kind == 'a' {
			boxes = append(boxes, s.points)
		}
	}
	below, above := boxes[2], boxes[3] // the first two are the legend's
	if math.Abs(below[1][0]-above[0][0]) > 1e-9 || math.Abs(4*(below[1][0]-below[0][0])-(above[1][0]-above[0][0])) > 1e-9 {
		t.Errorf("%v beside %v", below, above)
	}
	if above[0][1] <= below[0][1] {
		t.Error("one bar stands on the other")
	}
}

// TestWhatNoSheetHoldsIsNotDrawn: the table then stands alone.
func TestWhatNoSheetHoldsIsNotDrawn(t *testing.T) {
	table := report.Table{Chart: report.Bars, Title: report.Text{NL: "t"}, Columns: []report.Column{{Key: "a"}}}
	for range 200 {
		table.Rows = append(table.Rows, report.Row{Cells: []report.Cell{{Value: big.NewRat(1, 1)}}})
	}
	if Draw(table, "nl") != nil {
		t.Error("a picture higher than its sheet")
	}
	if table.Rows = table.Rows[:20]; Draw(table, "nl") == nil {
		t.Error("no picture of twenty rows")
	}
}

// TestALineIsBrokenWhereANumberIsMissing: two points, a gap, one point alone.
func TestALineIsBrokenWhereANumberIsMissing(t *testing.T) {
	table := report.Table{Chart: report.Lines, Title: report.Text{NL: "t"}, Columns: []report.Column{{Key: "a"}}}
	for _, value := range []*big.Rat{big.NewRat(1, 1), big.NewRat(2, 1), nil, big.NewRat(2, 1)} {
		table.Rows = append(table.Rows, report.Row{Label: report.Text{NL: "w"}, Cells: []report.Cell{{Value: value}}})
	}
	p := Draw(table, "nl")
	runs, dots := 0, 0
	for _, s := range p.shapes {
		if s.kind == 'l' && s.colour == hue(0) {
			runs++
			if len(s.points) != 2 || s.points[0][1]-s.points[1][1] < 10 {
				t.Errorf("the line goes through %v", s.points)
			}
		}
		if s.kind == 'a' {
			dots++
		}
	}
	if runs != 1 || dots != 2 { // one is the legend's
		t.Errorf("%d lines, %d dots", runs, dots)
	}
}

// TestColoursBesideEachOtherAreToldApartWithoutHue: by how light they are, as
// somebody sees who sees no colours. Of any two neighbours one is a tenth lighter.
func TestColoursBesideEachOtherAreToldApartWithoutHue(t *testing.T) {
	light := func(c tagged.RGB) float64 {
		return (0.2126*float64(c.R) + 0.7152*float64(c.G) + 0.0722*float64(c.B)) / 255
	}
	for i := range palette {
		if a, b := light(palette[i]), light(hue(i+1)); math.Abs(a-b) < 0.1 {
			t.Errorf("colours %d and %d are as light: %.2f, %.2f", i, i+1, a, b)
		}
	}
	if c := tint(palette[0], 0); c != (tagged.RGB{R: 255, G: 255, B: 255}) {
		t.Errorf("no strength is %v", c)
	}
	if c := tint(palette[0], 1); c != palette[0] {
		t.Errorf("full strength is %v", c)
	}
}

func TestALongNameIsCutToItsRoom(t *testing.T) {
	p := new(Picture)
	p.label(0, 0, 0, 20, "een heel erg lange naam")
	p.label(0, 0, 0, 100, "kort")
	p.words(0, 0, 1, 40, "in twee regels gezet wat niet past")
	if a, b := p.shapes[2], p.shapes[3]; len(p.shapes) != 4 || a.text+" "+b.text != "in twee regels gezet wat niet past" || a.points[0][1] >= b.points[0][1] {
		t.Errorf("%q above %q", a.text, b.text)
	}
	if a, b := p.shapes[0].text, p.shapes[1].text; !strings.HasSuffix(a, "…") || len([]rune(a)) > 15 || b != "kort" {
		t.Errorf("%q, %q", a, b)
	}
}
