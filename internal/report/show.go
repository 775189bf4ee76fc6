package report

import (
	"encoding/csv"
	"io"
	"math/big"
	"strings"
)

// noValue stands where there is no number: its divisor is nought, or it is hidden.
const noValue = "–"

// grouped writes a number with a decimal point as a language does: 1.234,50 in
// Dutch, 1,234.50 in English, a dash for none.
func grouped(number, lang string) string {
	group, point := ".", ","
	if lang == "en" {
		group, point = ",", "."
	}
	if number == "" {
		return noValue
	}
	digits, minus := strings.CutPrefix(number, "-")
	whole, decimals, broken := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + group + whole[i:]
	}
	if broken {
		whole += point + decimals
	}
	if minus {
		return "−" + whole
	}
	return whole
}

// Decimal is a cell of the column as files have it: rounded, with a decimal
// point; empty for no value and for what is hidden.
func (c Column) Decimal(cell Cell) string {
	if cell.Hidden || cell.Value == nil {
		return ""
	}
	return decimal(new(big.Rat).Mul(cell.Value, big.NewRat(max(c.Factor, 1), 1)), c.Decimals)
}

// Shown is a cell of the column as a language writes it; a dash for no value and
// for what is hidden.
func (c Column) Shown(cell Cell, lang string) string { return grouped(c.Decimal(cell), lang) }

// head names the column in a file: its key, and its unit if it has one.
func (c Column) head() string {
	if c.Unit.EN == "" {
		return c.Key
	}
	return c.Key + " [" + c.Unit.EN + "]"
}

// WriteCSV writes a line for each row and a field for each column, in the form
// of Report.WriteCSV: the period is on each line. The last field names the
// columns whose number is hidden, which an empty field alone does not tell.
func (t Table) WriteCSV(w io.Writer, p Period, lang string) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	head := []string{"from", "to", "row", "label"}
	if t.Chart == Sankey {
		head = append(head, "source", "target")
	}
	for _, column := range t.Columns {
		head = append(head, column.head())
	}
	rows := [][]string{append(head, "hidden")}
	for _, row := range t.Rows {
		fields := []string{p.From.String(), p.To.String(), row.Key, row.Label.In(lang)}
		if t.Chart == Sankey {
			fields = append(fields, row.From.In(lang), row.To.In(lang))
		}
		var hidden []string
		for i, cell := range row.Cells {
			fields = append(fields, t.Columns[i].Decimal(cell))
			if cell.Hidden {
				hidden = append(hidden, t.Columns[i].Key)
			}
		}
		rows = append(rows, append(fields, strings.Join(hidden, " ")))
	}
	return c.WriteAll(rows)
}
