package wallet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"grulden/ledger"
)

// Bounds of a list of payments.
const (
	MaxBatchLines = 5000
	MaxBatchBytes = 2 << 20
)

// ErrBatchFile is returned for a file that is not a list of payments.
var ErrBatchFile = errors.New("not a list of payments: one per line, with code or reference, amount and text")

// typedLine is a line of a file, as it stands there.
type typedLine struct {
	row    int // of the file, from one
	ref    string
	amount ledger.Cents // zero: it cannot be read
	text   string
}

// readBatch reads a list of payments: columns with code or reference, amount
// and text, parted by semicolons or commas, with or without a line of headings
// and a byte order mark, in UTF-8 or Windows-1252.
func readBatch(file []byte) (lines []typedLine, err error) {
	if len(file) > MaxBatchBytes || bytes.ContainsRune(file, 0) {
		return nil, ErrBatchFile
	}
	text := asText(file)
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = -1, true, true
	first, _, _ := strings.Cut(text, "\n")
	semicolons := strings.Contains(first, ";")
	if semicolons {
		r.Comma = ';'
	}
	for row := 1; ; row++ {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || len(lines) > MaxBatchLines {
			return nil, ErrBatchFile
		}
		line, _ := r.FieldPos(0)
		typed, ok := readLine(fields, semicolons)
		if row == 1 && !ok && !strings.ContainsAny(strings.Join(fields[1:], ""), "0123456789") {
			continue // headings
		}
		typed.row = line
		lines = append(lines, typed)
	}
	if len(lines) == 0 || len(lines) > MaxBatchLines {
		return nil, ErrBatchFile
	}
	return lines, nil
}

// readLine reads the columns of one line; ok is false when the amount cannot be
// read for certain.
func readLine(fields []string, semicolons bool) (line typedLine, ok bool) {
	line.ref = strings.TrimSpace(fields[0])
	if len(fields) > 2 {
		line.text = strings.Join(strings.Fields(fields[2]), " ")
	}
	if len(fields) < 2 {
		return line, false
	}
	// In a file parted by commas, 12,50 without quotes became two columns.
	if len(fields) > 3 && strings.Join(fields[3:], "") != "" || !semicolons && len(line.text) <= 2 && digits(line.text) {
		return line, false
	}
	amount, err := readAmount(fields[1])
	if err != nil {
		return line, false
	}
	line.amount = amount
	return line, true
}

func digits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// readAmount reads an amount with a comma or a point, perhaps with groups of
// three, and the sign of the euro.
func readAmount(text string) (ledger.Cents, error) {
	text = strings.TrimSpace(strings.Trim(strings.TrimSpace(text), "€"))
	point, comma := strings.LastIndexByte(text, '.'), strings.LastIndexByte(text, ',')
	if point >= 0 && comma >= 0 { // the last one parts the cents, the other one groups
		group, mark := ".", ","
		if point > comma {
			group, mark = ",", "."
		}
		whole, cents, _ := strings.Cut(text, mark)
		for i, g := range strings.Split(whole, group) {
			if i > 0 && len(g) != 3 {
				return 0, ledger.ErrAmount
			}
		}
		text = strings.ReplaceAll(whole, group, "") + "." + cents
	}
	amount, err := ledger.ParseCents(strings.Replace(text, ",", ".", 1))
	if err == nil && amount <= 0 {
		err = ledger.ErrAmount
	}
	return amount, err
}

// asText reads UTF-8 with or without its mark, and takes what is not UTF-8 for
// Windows-1252, in which names with accents come out of many programs.
func asText(file []byte) string {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	if utf8.Valid(file) {
		return string(file)
	}
	var b strings.Builder
	for _, c := range file {
		if c == 0x80 {
			b.WriteRune('€')
		} else {
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

// writeBatch writes what became of a list, for programs that open CSV: parted
// by semicolons, with a byte order mark. word says an outcome in words.
func writeBatch(w io.Writer, heads []string, b Batch, word func(Outcome) string) error {
	if _, err := io.WriteString(w, "\xef\xbb\xbf"); err != nil {
		return fmt.Errorf("write a list: %w", err)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	rows := [][]string{heads}
	for i, line := range b.Lines {
		paid := ""
		if b.Outcomes[i] == OutcomePaid {
			paid = b.payment(line).String()
		}
		rows = append(rows, []string{
			fmt.Sprint(line.Row), Harmless(line.Ref), strings.Replace(line.Amount.String(), ".", ",", 1), Harmless(line.Text), word(b.Outcomes[i]), paid,
		})
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write a list: %w", err)
	}
	return nil
}

// formula starts what a spreadsheet would reckon with, or hides that it does.
const formula = "=+-@|%\t\r\n＝＋－＠"

// Harmless keeps what somebody typed from being taken for a formula. Some programs
// skip spaces before one.
func Harmless(text string) string {
	if first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, " \u00a0")); first != utf8.RuneError && strings.ContainsRune(formula, first) {
		return "'" + text
	}
	return text
}

// ListLine is a line of a list of payments, as it stands in its file, and who is
// meant by it.
type ListLine struct {
	Row    int              // of the file, from one
	Ref    string           // code or reference, as it was typed
	To     ledger.AccountID // zero: nobody
	Amount ledger.Cents     // zero: it cannot be read
	Text   string
}

// ReadList reads a list of payments and finds who is meant. It pays nothing; the
// lists that organisations pay from their own purse go through Prepare.
func (o *Orders) ReadList(file []byte) (lines []ListLine, err error) {
	typed, err := readBatch(file)
	for _, t := range typed {
		to, err := o.recipient(t.ref)
		if err != nil {
			return nil, err
		}
		lines = append(lines, ListLine{t.row, t.ref, to, t.amount, t.text})
	}
	return lines, err
}
