package dataset

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// randomRows are a table of every kind, with holes, and with text that CSV, JSON
// and XML all have to escape.
func randomRows(t *rapid.T) Table {
	table := days()
	table.Rows = nil
	text := rapid.SampledFrom([]string{"", "a", "\"", "a,b", "<&>", "é€𝄞", "regel\nvolgende", "=1+1", "'"})
	for range rapid.IntRange(0, 20).Draw(t, "rows") {
		row := []string{fmt.Sprintf("20%02d-%02d-%02d", rapid.IntRange(0, 99).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 28).Draw(t, "day")), "", "", text.Draw(t, "text")}
		if rapid.Bool().Draw(t, "amount") {
			row[1] = big.NewRat(rapid.Int64Range(-1e13, 1e13).Draw(t, "cents"), 100).FloatString(2)
		}
		if rapid.Bool().Draw(t, "counted") {
			row[2] = fmt.Sprint(rapid.Int64Range(0, 1e12).Draw(t, "count"))
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// TestEveryFormGivesBackWhatWasWritten to the last digit; a workbook has fifteen.
func TestEveryFormGivesBackWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := randomRows(t)
		for form, read := range map[string]func(*rapid.T, *Table) [][]string{"CSV": fromCSV, "JSON": fromJSON, "Parquet": fromParquet, "XLSX": fromWorkbook} {
			got := read(t, &table)
			if len(got) != len(table.Rows) {
				t.Fatalf("%s: %d rows of %d", form, len(got), len(table.Rows))
			}
			for i, row := range table.Rows {
				for j, want := range row {
					if !same(table.Fields[j], want, got[i][j]) {
						t.Fatalf("%s, row %d: %s is %q, not %q", form, i, table.Fields[j].Name, got[i][j], want)
					}
				}
			}
		}
	})
}

// same compares numbers as numbers and text as text.
func same(f Field, want, got string) bool {
	if f.Kind != Number && f.Kind != Count || want == "" || got == "" {
		return want == got
	}
	a, ok := new(big.Rat).SetString(want)
	b, fine := new(big.Rat).SetString(got)
	return ok && fine && a.Cmp(b) == 0
}

func fromCSV(t *rapid.T, table *Table) [][]string {
	var b bytes.Buffer
	if err := table.CSV(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func fromJSON(t *rapid.T, table *Table) (rows [][]string) {
	var b bytes.Buffer
	if err := table.JSON(&b); err != nil {
		t.Fatal(err)
	}
	var objects []map[string]json.RawMessage
	if err := json.Unmarshal(b.Bytes(), &objects); err != nil {
		t.Fatal(err)
	}
	for _, object := range objects {
		var row []string
		for _, f := range table.Fields {
			value := string(object[f.Name])
			if strings.HasPrefix(value, `"`) {
				if err := json.Unmarshal(object[f.Name], &value); err != nil {
					t.Fatal(err)
				}
			}
			row = append(row, strings.TrimPrefix(value, "null"))
		}
		rows = append(rows, row)
	}
	return rows
}

func fromParquet(t *rapid.T, table *Table) (rows [][]string) {
	var b bytes.Buffer
	if err := table.Parquet(&b); err != nil {
		t.Fatal(err)
	}
	type line struct {
		Day      *int32  `parquet:"day,optional,date"`
		Volume   *int64  `parquet:"volume,optional,decimal(2:18)"`
		Payments *int64  `parquet:"payments,optional"`
		Note     *string `parquet:"note,optional"`
	}
	read, err := parquet.Read[line](bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range read {
		row := []string{dayOf(*l.Day), "", "", ""}
		if l.Volume != nil {
			row[1] = big.NewRat(*l.Volume, 100).FloatString(2)
		}
		if l.Payments != nil {
			row[2] = fmt.Sprint(*l.Payments)
		}
		if l.Note != nil {
			row[3] = *l.Note
		}
		rows = append(rows, row)
	}
	return rows
}

// dayOf is a day since 1970 as a date, counted by the calendar and not by what
// wrote it.
func dayOf(n int32) string {
	year, month := 1970, 1
	length := func() int32 {
		leap := year%4 == 0 && (year%100 != 0 || year%400 == 0)
		switch month {
		case 2:
			if leap {
				return 29
			}
			return 28
		case 4, 6, 9, 11:
			return 30
		}
		return 31
	}
	for n >= length() {
		n -= length()
		if month++; month > 12 {
			year, month = year+1, 1
		}
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, n+1)
}

func fromWorkbook(t *rapid.T, table *Table) (rows [][]string) {
	var b bytes.Buffer
	if err := Workbook(&b, []Table{*table}); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	for i := range table.Rows {
		var row []string
		for j := range table.Fields {
			cell, err := excelize.CoordinatesToCellName(j+1, i+2)
			if err != nil {
				t.Fatal(err)
			}
			value, err := f.GetCellValue(table.sheet(), cell, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			row = append(row, value)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestANameIsOneThatEveryProgramTakes(t *testing.T) {
	for in, want := range map[string]string{"money_flow": "money_flow", "Hop 1": "hop_1", "a/b-c": "a_b_c", "é": "_"} {
		if got := plain(in); got != want {
			t.Errorf("%q is %q", in, got)
		}
	}
	long := Table{Name: strings.Repeat("a", 40)}
	if n := len(long.sheet()); n != 31 {
		t.Errorf("a sheet's name has %d letters", n)
	}
}
