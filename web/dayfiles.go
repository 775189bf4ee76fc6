package web

import (
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"grulden/internal/record"
	"grulden/ledger"
	"grulden/merchant"
	"grulden/wallet"
	"grulden/web/page"
)

// dayRow is a line of the files of a day: a payment, or a refund.
type dayRow struct {
	at     time.Time
	kind   page.Key
	number string
	amount ledger.Cents // below zero: given back
	cash   ledger.Cents
	vat    map[uint16]ledger.Cents
	staff  string
	seq    uint64
}

// dayRows are the payments of a day and then its refunds, with all rates of VAT
// that occur.
func (s *Server) dayRows(v visit, d *merchant.Day) (rows []dayRow, rates []uint16, err error) {
	for _, l := range d.VAT {
		rates = append(rates, l.Permille)
	}
	for _, sale := range d.Sales {
		row := dayRow{
			at: sale.At, kind: wayOf(sale).word, number: shortNumber(sale.Payment), amount: sale.Amount,
			cash: sale.Request.Cash, vat: map[uint16]ledger.Cents{}, seq: sale.Seq,
		}
		for _, l := range sale.Request.VAT {
			row.vat[l.Permille] += l.Amount
		}
		if row.staff, err = s.cashierName(v.lang, record.ActorID(sale.Request.By)); err != nil {
			return nil, nil, err
		}
		rows = append(rows, row)
	}
	for _, back := range d.Returns {
		row := dayRow{
			at: back.At, kind: "day.refund", number: shortNumber(back.Of), amount: -back.Amount,
			vat: map[uint16]ledger.Cents{}, seq: back.Seq,
		}
		for _, l := range back.VAT {
			row.vat[l.Permille] -= l.Amount
		}
		if row.staff, err = s.cashierName(v.lang, back.By); err != nil {
			return nil, nil, err
		}
		rows = append(rows, row)
	}
	return rows, rates, nil
}

// headings are the words over the columns of the files.
func headings(lang page.Lang, rates []uint16) []string {
	out := []string{lang.Text("day.nr"), lang.Text("day.date"), lang.Text("day.time"), lang.Text("day.kind"), lang.Text("day.number"), lang.Text("day.amount"), lang.Text("day.cash")}
	for _, permille := range rates {
		out = append(out, lang.Text("day.vatat", "rate", rateText(lang, permille)))
	}
	return append(out, lang.Text("day.staff"), lang.Text("day.seq"))
}

// dayCSV sends a day as Dutch spreadsheets read it: a mark that it is UTF-8,
// semicolons, and commas in the amounts.
func (s *Server) dayCSV(w http.ResponseWriter, r *http.Request, v visit) error {
	d, err := s.dayAsked(r, v)
	if err != nil {
		return err
	}
	rows, rates, err := s.dayRows(v, d)
	if err != nil {
		return err
	}
	download(w, "text/csv; charset=utf-8", "kassa-"+d.Day.String()+".csv")
	_, _ = io.WriteString(w, "\ufeff") // a visitor who hung up is no error of ours
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	_ = out.Write(headings(v.lang, rates))
	for i, row := range rows {
		cells := []string{
			strconv.Itoa(i + 1), row.at.Format(time.DateOnly), row.at.Format(time.TimeOnly), v.lang.Text(row.kind), row.number,
			decimal(row.amount), decimal(row.cash),
		}
		for _, permille := range rates {
			cells = append(cells, decimal(row.vat[permille]))
		}
		_ = out.Write(append(cells, wallet.Harmless(row.staff), strconv.FormatUint(row.seq, 10)))
	}
	out.Flush()
	return nil
}

// sendPDF shows sheets to be printed. Their name has letters only.
func sendPDF(w http.ResponseWriter, name string, sheets []byte) error {
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Length", strconv.Itoa(len(sheets)))
	h.Set("Content-Disposition", `inline; filename="`+name+`.pdf"`)
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(sheets) // a visitor who hung up is no error of ours
	return nil
}

// download says that a file to be kept follows.
func download(w http.ResponseWriter, kind, name string) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Cache-Control", "no-store")
}

// decimal writes an amount for a Dutch spreadsheet.
func decimal(amount ledger.Cents) string { return strings.Replace(amount.String(), ".", ",", 1) }

// dayXLSX sends a day as a workbook: the sums, and every payment.
func (s *Server) dayXLSX(w http.ResponseWriter, r *http.Request, v visit) error {
	d, err := s.dayAsked(r, v)
	if err != nil {
		return err
	}
	book, err := s.workbook(v, d)
	if err != nil {
		return err
	}
	defer func() { _ = book.Close() }() // it is in memory
	download(w, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "kassa-"+d.Day.String()+".xlsx")
	_, _ = book.WriteTo(w) // a visitor who hung up is no error of ours
	return nil
}

// workbook makes the two sheets of a day.
func (s *Server) workbook(v visit, d *merchant.Day) (*excelize.File, error) {
	book := excelize.NewFile()
	style, err := book.NewStyle(&excelize.Style{NumFmt: 4}) // thousands and two decimals
	if err != nil {
		return nil, err
	}
	sums, list := v.lang.Text("day.sums"), v.lang.Text("day.list")
	if err := book.SetSheetName("Sheet1", sums); err != nil {
		return nil, err
	}
	if _, err := book.NewSheet(list); err != nil {
		return nil, err
	}
	rows, rates, err := s.dayRows(v, d)
	if err != nil {
		return nil, err
	}
	lines, err := s.sumCells(v, d, style)
	if err == nil {
		err = fill(book, sums, lines)
	}
	if err == nil {
		err = fill(book, list, listCells(v.lang, rows, rates, style))
	}
	return book, err
}

// fill streams lines into a sheet.
func fill(book *excelize.File, sheet string, lines [][]any) error {
	out, err := book.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	if err := out.SetColWidth(1, 12, 18); err != nil {
		return err
	}
	for i, line := range lines {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := out.SetRow(cell, line); err != nil {
			return err
		}
	}
	return out.Flush()
}

// cell is an amount in a workbook, which knows no numbers but floating ones:
// written out, a whole number of cents under 2⁵³ is the same decimal again.
func cell(style int, amount ledger.Cents) excelize.Cell {
	return excelize.Cell{StyleID: style, Value: float64(amount) / 100}
}

// sumCells are the sums of a day.
func (s *Server) sumCells(v visit, d *merchant.Day, style int) ([][]any, error) {
	t := v.lang.Text
	lines := [][]any{
		{v.purse.Title()},
		{t("day.date"), d.Day.String()},
		{t("day.count"), len(d.Sales)},
		{t("day.paid"), cell(style, d.Paid)},
		{t("day.returned"), cell(style, -d.Returned)},
		{t("day.net"), cell(style, d.Net())},
		{t("day.cash"), cell(style, d.Cash)},
	}
	for _, l := range d.VAT {
		lines = append(lines, []any{t("day.vatat", "rate", rateText(v.lang, l.Permille)), cell(style, l.Amount), t("day.vatin"), cell(style, l.VAT)})
	}
	if len(d.VAT) > 0 {
		lines = append(lines, []any{t("day.novat"), cell(style, d.NoVAT)})
	}
	for _, l := range d.Staff {
		name, err := s.staffOrWay(v.lang, l)
		if err != nil {
			return nil, err
		}
		lines = append(lines, []any{name, l.Count, cell(style, l.Paid), cell(style, -l.Returned)})
	}
	if d.FirstSeq > 0 {
		first, last := span(d)
		lines = append(
			lines, []any{t("day.firstlast"), first.Format(time.TimeOnly), last.Format(time.TimeOnly)},
			[]any{t("day.seq"), d.FirstSeq, d.LastSeq},
		)
	}
	return lines, nil
}

// listCells are the payments and refunds of a day.
func listCells(lang page.Lang, rows []dayRow, rates []uint16, style int) [][]any {
	var top []any
	for _, word := range headings(lang, rates) {
		top = append(top, word)
	}
	lines := [][]any{top}
	for i, row := range rows {
		line := []any{
			i + 1, row.at.Format(time.DateOnly), row.at.Format(time.TimeOnly), lang.Text(row.kind), row.number,
			cell(style, row.amount), cell(style, row.cash),
		}
		for _, permille := range rates {
			line = append(line, cell(style, row.vat[permille]))
		}
		lines = append(lines, append(line, row.staff, row.seq))
	}
	return lines
}
