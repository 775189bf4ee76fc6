package report

import (
	"math/big"
	"slices"
)

// Table is a figure of many numbers: a row for each thing it tells of, a column
// for each thing it tells. Pages draw it, files print it, and what is published
// of it goes through internal/disclosure first.
type Table struct {
	Key        string
	Version    int // of the definition; it goes up when the same entries give another number
	Title      Text
	Sentence   Text // what it shows, in words and numbers
	Definition Text
	Caveat     Text   // what it does not show
	Formula    string // in the letters I, R, V, M, T and h; may be empty
	Chart      Chart
	Columns    []Column
	Rows       []Row
}

// Chart is how a table is best drawn.
type Chart string

// The kinds of charts. What is drawn are the columns that are not aside: further
// ones are further lines, bars or layers, in the order they stand in.
const (
	Lines  Chart = "line"   // rows are times
	Bars   Chart = "bars"   // rows are things beside each other
	Stack  Chart = "stack"  // bars whose columns add up
	Heat   Chart = "heat"   // rows against columns, the value is the colour
	Sankey Chart = "sankey" // rows are flows from something to something
)

// Column is what one number of each row is.
type Column struct {
	Key      string
	Label    Text
	Unit     Text
	Decimals int   // for show
	Factor   int64 // the value is shown times this: 100 for shares in per cent, else 1
	Sum      bool  // its rows add up to something: what is hidden in one row can be told from the others
	Aside    bool  // it stands in the table, and not in the chart
}

// aside is the column as one that is not drawn.
func (c Column) aside() Column {
	c.Aside = true
	return c
}

// Drawn is a table with nothing in it but what its chart draws.
func (t Table) Drawn() Table {
	all := t
	t.Columns, t.Rows = nil, slices.Clone(all.Rows)
	for i := range t.Rows {
		t.Rows[i].Cells = nil
	}
	for j, c := range all.Columns {
		if c.Aside {
			continue
		}
		t.Columns = append(t.Columns, c)
		for i := range t.Rows {
			t.Rows[i].Cells = append(t.Rows[i].Cells, all.Rows[i].Cells[j])
		}
	}
	return t
}

// Row is one thing a table tells of. From and To are set in a Sankey only.
type Row struct {
	Key      string // the same in every period, for who compares files
	Label    Text
	From, To Text
	Cells    []Cell // one for each column
}

// Cell is one number, and whose doings it is made of. A person or a business
// with several accounts is one owner.
type Cell struct {
	Value  *big.Rat    // nil for no value: its divisor is nought, or it is hidden
	Owners int         // how many it is made of
	Top    [2]*big.Rat // what the largest and the second of them added to it; nil where it is no sum over owners
	Hidden bool        // it is not shown, for it would tell about somebody
}
