package move

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxBytes bounds a file.
const MaxBytes = 64 << 20

// ErrFile is returned for a file that is not a table with headings.
var ErrFile = errors.New("not a table: CSV in UTF-8 with a line of headings is wanted")

// table is a file of values under headings.
type table struct {
	columns map[string]int // what is in a column, and which one it is
	rows    []row
}

// row is one line of a table.
type row struct {
	line   int
	fields []string
}

// readTable reads a table. known has the headings by which a column is
// recognised, in the spelling of plain; must are those that cannot be missing.
func readTable(file []byte, known map[string][]string, must ...string) (table, error) {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	if len(file) > MaxBytes || !utf8.Valid(file) || bytes.ContainsRune(file, 0) {
		return table{}, ErrFile
	}
	first, _, _ := bytes.Cut(file, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(file))
	r.FieldsPerRecord, r.LazyQuotes, r.Comma = -1, true, separator(string(first))
	heads, err := r.Read()
	if err != nil {
		return table{}, ErrFile
	}
	t := table{columns: columns(heads, known)}
	for _, name := range must {
		if _, ok := t.columns[name]; !ok {
			return table{}, fmt.Errorf("%w: no column %q (one of: %s)", ErrFile, name, strings.Join(known[name], ", "))
		}
	}
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return table{}, fmt.Errorf("%w: %w", ErrFile, err)
		}
		line, _ := r.FieldPos(0)
		if strings.TrimSpace(strings.Join(fields, "")) != "" {
			t.rows = append(t.rows, row{line, fields})
		}
	}
}

// separator is what parts the columns: whichever the headings have most of.
func separator(heads string) rune {
	best, most := ',', 0
	for _, mark := range ",;\t" {
		if n := strings.Count(heads, string(mark)); n > most {
			best, most = mark, n
		}
	}
	return best
}

// columns finds which column is what. Of two that could be the same, the first
// word of the list wins, and then the first column.
func columns(heads []string, known map[string][]string) map[string]int {
	found := make(map[string]int)
	for name, words := range known {
		for _, word := range words {
			if i := indexPlain(heads, word); i >= 0 {
				found[name] = i
				break
			}
		}
	}
	return found
}

func indexPlain(heads []string, word string) int {
	for i, head := range heads {
		if plain(head) == word {
			return i
		}
	}
	return -1
}

// plain is a heading without case, spaces and signs.
func plain(heading string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// get gives what stands in a column of a line; empty when there is none.
func (t table) get(r row, column string) string {
	i, ok := t.columns[column]
	if !ok || i >= len(r.fields) {
		return ""
	}
	return strings.TrimSpace(r.fields[i])
}
