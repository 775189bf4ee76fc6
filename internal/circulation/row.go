package circulation

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Fault is a row that cannot be so.
type Fault struct {
	Line int    // of the file, from 1
	What string // is wrong
	Do   string // what to do about it
}

// Error says what is wrong, and where.
func (f *Fault) Error() string { return fmt.Sprintf("line %d: %s", f.Line, f.What) }

// kind is what a row does.
type kind string

const (
	issue    kind = "issue"     // money enters
	transfer kind = "transfer"  // it changes hands
	redeem   kind = "redeem"    // it leaves
	melt     kind = "demurrage" // it melts, into a fund
)

// The columns of a list. The last two may be missing.
const (
	colID       = "id"
	colWhen     = "when" // day or time
	colType     = "type"
	colSource   = "source"
	colTarget   = "target"
	colAmount   = "amount"
	colPurpose  = "purpose"  // of a transfer
	colReverses = "reverses" // the id of the row that this one undoes
)

// allColumns are the columns there are.
var allColumns = []string{colID, colWhen, colType, colSource, colTarget, colAmount, colPurpose, colReverses}

// row is a line of a list.
type row struct {
	line     int
	id       string
	at       int64 // in microseconds
	form     form
	kind     kind
	from, to string
	amount   int64 // in units
	sale     bool
	reverses string
}

// reader reads rows.
type reader struct {
	o     *Options
	csv   *csv.Reader
	place map[string]int // of each column
	form  form           // in which the first row says when
	said  string         // how the last row said when
	at    int64
	line  int
}

func newReader(r io.Reader, o *Options) (*reader, error) {
	text := bufio.NewReaderSize(r, 1<<16)
	if mark, err := text.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = text.Discard(3)
	}
	start, _ := text.Peek(4096)
	header, _, _ := strings.Cut(string(start), "\n")
	in := &reader{o: o, csv: csv.NewReader(text)}
	in.csv.ReuseRecord, in.csv.FieldsPerRecord = true, 0
	if !strings.Contains(header, ",") && strings.Contains(header, ";") {
		in.csv.Comma = ';'
	}
	fields, err := in.csv.Read()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, in.broken(err)
	}
	return in, in.findColumns(fields)
}

// findColumns finds where each column stands.
func (in *reader) findColumns(header []string) error {
	in.place = make(map[string]int)
	for _, col := range slices.Sorted(maps.Keys(in.o.Columns)) {
		if !slices.Contains(allColumns, col) {
			return &Fault{1, fmt.Sprintf("no column is called %s", col), "the columns are " + strings.Join(allColumns, ", ")}
		}
	}
	for i, heading := range header {
		heading = strings.TrimSpace(heading)
		for _, col := range allColumns {
			theirs, mapped := in.o.Columns[col]
			is := heading == theirs
			if !mapped {
				is = heading == col || col == colWhen && (heading == "day" || heading == "time")
			}
			if _, found := in.place[col]; is && !found {
				in.place[col] = i
			}
		}
	}
	for _, col := range slices.Sorted(maps.Keys(in.o.Columns)) {
		if _, found := in.place[col]; !found {
			return &Fault{1, fmt.Sprintf("there is no column %q for %s", in.o.Columns[col], col), "write the heading as it stands in the file"}
		}
	}
	for _, col := range []string{colWhen, colSource, colTarget, colAmount} {
		if _, found := in.place[col]; !found {
			return &Fault{
				1, "there is no column " + col,
				"the first line must name the columns: id,day,type,source,target,amount (or time for day); or say which is which: --columns " + col + "=HEADING",
			}
		}
	}
	return nil
}

// next reads a row; io.EOF is the end.
func (in *reader) next(r *row) error {
	fields, err := in.csv.Read()
	if errors.Is(err, io.EOF) {
		return err
	}
	if err != nil {
		return in.broken(err)
	}
	in.line, _ = in.csv.FieldPos(0)
	*r = row{
		line: in.line, id: in.field(fields, colID), from: in.field(fields, colSource), to: in.field(fields, colTarget),
		reverses: in.field(fields, colReverses),
	}
	if in.o.Sale != "" {
		r.sale = in.field(fields, colPurpose) == in.o.Sale
	}
	if r.from == "" || r.to == "" {
		return in.fault("source and target must both have a name", "give what has none a name of its own")
	}
	if err := in.when(r, in.field(fields, colWhen)); err != nil {
		return err
	}
	if err := in.kind(r, fields); err != nil {
		return err
	}
	var what string
	if r.amount, what = parseAmount(in.field(fields, colAmount), in.o.Comma); what != "" {
		return in.fault(fmt.Sprintf("the amount %q %s", in.field(fields, colAmount), what),
			"write amounts as 1234.50, above nought; if the file has 1.234,50, add --comma, and only then")
	}
	return nil
}

// when reads when a row happened. Rows come in order of time.
func (in *reader) when(r *row, text string) error {
	if text != in.said || in.form == 0 {
		at, is, err := parseWhen(text, in.o.Dates)
		if err != nil {
			return in.fault(err.Error(), "write a day as 2026-03-31 or as a number, or a time as 2026-03-31T14:05:00Z; for 31-03-2026 add --dates dmy, for 03/31/2026 --dates mdy")
		}
		if in.form == 0 {
			in.form, in.at = is, at
		}
		if is != in.form {
			return in.fault(fmt.Sprintf("%q is %s, and the rows before have %s", text, is, in.form), "write them all in one way")
		}
		if at < in.at {
			return in.fault(fmt.Sprintf("%q is before the row above it", text), "sort the file by time, the earliest first; a list with the latest first can be turned round (tac)")
		}
		in.at, in.said = at, text
	}
	r.at, r.form = in.at, in.form
	return nil
}

// kind reads what a row does. Where no column says so, the accounts do.
func (in *reader) kind(r *row, fields []string) error {
	if _, found := in.place[colType]; !found {
		switch {
		case slices.Contains(in.o.Outside, r.from):
			r.kind = issue
		case slices.Contains(in.o.Outside, r.to):
			r.kind = redeem
		default:
			r.kind = transfer
		}
		return nil
	}
	text := in.field(fields, colType)
	if ours, mapped := in.o.Types[text]; mapped {
		text = ours
	}
	switch k := kind(text); k {
	case issue, transfer, redeem, melt:
		r.kind = k
		return nil
	}
	return in.fault(fmt.Sprintf("%q is no type", text), fmt.Sprintf("types are issue, transfer, redeem and demurrage; say what this one is: --types %q=transfer", text))
}

// field is a field of a row; empty where there is no such column.
func (in *reader) field(fields []string, col string) string {
	i, found := in.place[col]
	if !found {
		return ""
	}
	return strings.TrimSpace(fields[i])
}

func (in *reader) fault(what, do string) error { return &Fault{in.line, what, do} }

// broken is a file that is no table.
func (in *reader) broken(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return &Fault{parse.Line, parse.Err.Error(), "each line needs as many fields as the first; put a field with commas or quotes in it between \"quotes\""}
	}
	return err
}
