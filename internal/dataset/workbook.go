package dataset

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Workbook writes tables as the sheets of a workbook, with a first sheet that says
// what each column is. A workbook knows floating numbers only: about fifteen
// digits are right.
func Workbook(w io.Writer, tables []Table) (err error) {
	f := excelize.NewFile()
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	fixed := "2000-01-01T00:00:00Z" // the same tables give the same bytes
	if err := f.SetDocProps(&excelize.DocProperties{Created: fixed, Modified: fixed, Creator: "grulden"}); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	about := Table{Name: "about", Fields: []Field{{Name: "table"}, {Name: "column"}, {Name: "title"}, {Name: "about"}}}
	for _, t := range tables {
		about.Rows = append(about.Rows, []string{t.Name, "", t.Title, t.About})
		for _, field := range t.Fields {
			about.Rows = append(about.Rows, []string{t.Name, field.Name, field.Title, field.About})
		}
	}
	if err := f.SetSheetName("Sheet1", about.Name); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	for i, t := range append([]Table{about}, tables...) {
		if i > 0 {
			if _, err := f.NewSheet(t.sheet()); err != nil {
				return fmt.Errorf("sheet %s: %w", t.Name, err)
			}
		}
		if err := t.fill(f); err != nil {
			return fmt.Errorf("sheet %s: %w", t.Name, err)
		}
	}
	book, err := f.WriteToBuffer()
	if err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	return inOrder(w, book.Bytes())
}

// inOrder writes an archive with its files by their names: excelize writes its
// sheets as they happen to come.
func inOrder(w io.Writer, archive []byte) error {
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	slices.SortFunc(r.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	files := make([]File, len(r.File))
	for i, f := range r.File {
		content, err := fs.ReadFile(r, f.Name)
		if err != nil {
			return fmt.Errorf("workbook: %w", err)
		}
		files[i] = File{Path: f.Name, Content: content}
	}
	return WriteZIP(w, files)
}

// sheet is the name of the table's sheet: a workbook allows 31 letters.
func (t *Table) sheet() string { return t.Name[:min(len(t.Name), 31)] }

// fill writes the rows of a sheet under a first line that stays in sight.
func (t *Table) fill(f *excelize.File) error {
	out, err := f.NewStreamWriter(t.sheet())
	if err != nil {
		return err
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := out.SetColWidth(1, len(t.Fields), 18); err != nil {
		return err
	}
	head := make([]any, len(t.Fields))
	for i, field := range t.Fields {
		head[i] = field.Name
	}
	if err := out.SetRow("A1", head); err != nil {
		return err
	}
	for n, row := range t.Rows {
		cells := make([]any, len(row))
		for i, value := range row {
			if cells[i], err = t.Fields[i].cell(value); err != nil {
				return err
			}
		}
		if err := out.SetRow("A"+strconv.Itoa(n+2), cells); err != nil {
			return err
		}
	}
	return out.Flush()
}

// cell is a value as a workbook has it.
func (f Field) cell(value string) (any, error) {
	switch {
	case value == "":
		return nil, nil
	case f.Kind == Number, f.Kind == Count:
		number, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		return number, nil
	}
	return value, nil
}
