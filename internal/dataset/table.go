package dataset

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
)

// Kind is what stands in a column, by the names of Table Schema.
type Kind string

// The kinds of columns.
const (
	Text   Kind = "string"
	Number Kind = "number" // a decimal number
	Count  Kind = "integer"
	Date   Kind = "date" // YYYY-MM-DD
)

// Field is a column.
type Field struct {
	Name     string // small letters, digits and _
	Kind     Kind
	Decimals int // of a number
	Title    string
	About    string // its unit and definition
}

// Table is rows of values. An empty value is none.
type Table struct {
	Name   string // small letters, digits and _
	Title  string
	About  string
	Key    []string // the fields that name a row
	Fields []Field
	Rows   [][]string // as CSV has them: a decimal point, no thousands
}

// CSV writes the table by RFC 4180, the names of the fields first.
func (t *Table) CSV(w io.Writer) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	head := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		head[i] = f.Name
	}
	return c.WriteAll(append([][]string{head}, t.Rows...))
}

// JSON writes the table as a list of objects, a line for each row. Numbers are
// written as they are, none as null.
func (t *Table) JSON(w io.Writer) error {
	var b bytes.Buffer
	b.WriteByte('[')
	for n, row := range t.Rows {
		if n > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n{")
		for i, f := range t.Fields {
			if i > 0 {
				b.WriteString(", ")
			}
			value, err := f.json(row[i])
			if err != nil {
				return fmt.Errorf("%s, row %d: %w", t.Name, n+1, err)
			}
			fmt.Fprintf(&b, "%q: %s", f.Name, value)
		}
		b.WriteByte('}')
	}
	b.WriteString("\n]\n")
	_, err := w.Write(b.Bytes())
	return err
}

// json is a value as JSON has it.
func (f Field) json(value string) ([]byte, error) {
	switch {
	case value == "":
		return []byte("null"), nil
	case f.Kind == Text, f.Kind == Date:
		return json.Marshal(value)
	case !json.Valid([]byte(value)):
		return nil, fmt.Errorf("%s is no number: %q", f.Name, value)
	}
	return []byte(value), nil
}
