package report

import (
	"math/big"
	"strings"
	"testing"
	"time"

	"grulden/demurrage"
)

// shares is a table with all that can stand in a cell.
func shares() Table {
	return Table{
		Key: "shares", Chart: Sankey,
		Columns: []Column{
			{Key: "amount", Unit: Text{"Grulden", "Grulden"}, Decimals: 2, Factor: 1},
			{Key: "part", Unit: Text{"%", "%"}, Decimals: 1, Factor: 100},
			{Key: "people"},
		},
		Rows: []Row{
			{
				Key: "a", Label: Text{"van a", "from a"}, From: Text{"a", "a"}, To: Text{"b", "b"},
				Cells: []Cell{{Value: big.NewRat(-1234505, 1000)}, {Value: big.NewRat(1, 3)}, {Value: big.NewRat(12, 1)}},
			},
			{Key: "b", Label: Text{"van b", "from b"}, From: Text{"b", "b"}, To: Text{"c", "c"}, Cells: []Cell{{}, {Value: big.NewRat(1, 2), Hidden: true}, {}}},
		},
	}
}

func TestACellIsWrittenInItsUnitAndLanguage(t *testing.T) {
	table := shares()
	for i, want := range []struct{ decimal, dutch, english string }{
		{"-1234.51", "−1.234,51", "−1,234.51"},
		{"33.3", "33,3", "33.3"},
		{"12", "12", "12"},
	} {
		c, cell := table.Columns[i], table.Rows[0].Cells[i]
		if c.Decimal(cell) != want.decimal || c.Shown(cell, "nl") != want.dutch || c.Shown(cell, "en") != want.english {
			t.Errorf("%s: %q, %q, %q, want %v", c.Key, c.Decimal(cell), c.Shown(cell, "nl"), c.Shown(cell, "en"), want)
		}
	}
}

func TestWhatIsHiddenIsNowhereInAFile(t *testing.T) {
	table, b := shares(), new(strings.Builder)
	if c := table.Columns[1]; c.Decimal(table.Rows[1].Cells[1]) != "" || c.Shown(table.Rows[1].Cells[1], "nl") != "–" {
		t.Error("a hidden cell has a number")
	}
	if err := table.WriteCSV(b, Period{demurrage.CivilDay(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)), demurrage.CivilDay(time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC))}, "nl"); err != nil {
		t.Fatal(err)
	}
	want := "from,to,row,label,source,target,amount [Grulden],part [%],people,hidden\r\n" +
		"2026-03-01,2026-03-31,a,van a,a,b,-1234.51,33.3,12,\r\n" +
		"2026-03-01,2026-03-31,b,van b,b,c,,,,part\r\n"
	if b.String() != want {
		t.Errorf("the file is\n%s\nwant\n%s", b, want)
	}
}
