package books

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"

	"grulden/demurrage"
	"grulden/ledger"
)

// Company is whose books they are, as the audit file has it.
type Company struct {
	Name     string
	Ident    string // number at the Chamber of Commerce; empty: not known
	TaxIdent string // number at the tax office; empty: not known
	Software string // name of this program
	Made     demurrage.Day
}

// AuditFile writes the books of the days from one to src.Today, which lie in one
// calendar year, as XML Auditfile Financieel 3.2: what Dutch accountants and the
// tax office read in. Its namespace is http://www.auditfiles.nl/XAF/3.2.
func AuditFile(w io.Writer, src *Sources, from demurrage.Day, c Company) (*Close, error) {
	f := &auditFile{out: bufio.NewWriter(w), before: Balances{}}
	end, err := Post(src, func(t *Transaction) error {
		if t.Day < from {
			f.before.add(t)
			return nil
		}
		f.all = append(f.all, *t)
		for _, l := range t.Lines {
			f.lines++
			if l.Cents < 0 {
				f.credit -= l.Cents
			} else {
				f.debit += l.Cents
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	f.head(c, from, src.Today)
	f.chart()
	f.periods(from, src.Today)
	f.opening(from)
	f.transactions()
	f.printf("</company>\n</auditfile>\n")
	return end, f.out.Flush()
}

// auditFile is one file being written. What is written into it comes from here,
// except the names of the foundation and its numbers, which are escaped.
type auditFile struct {
	out           *bufio.Writer
	before        Balances
	all           []Transaction
	lines         int
	debit, credit ledger.Cents
}

func (f *auditFile) printf(format string, args ...any) { fmt.Fprintf(f.out, format, args...) }

// leaf writes an element with a text.
func (f *auditFile) leaf(name, text string) {
	f.printf("<%s>", name)
	_ = xml.EscapeText(f.out, []byte(text)) // the buffer keeps the error for Flush
	f.printf("</%s>\n", name)
}

func (f *auditFile) head(c Company, from, to demurrage.Day) {
	f.printf("%s<auditfile xmlns=\"http://www.auditfiles.nl/XAF/3.2\">\n<header>\n", xml.Header)
	f.leaf("fiscalYear", from.String()[:4])
	f.leaf("startDate", from.String())
	f.leaf("endDate", to.String())
	f.leaf("curCode", "EUR")
	f.leaf("dateCreated", c.Made.String())
	f.leaf("softwareDesc", c.Software)
	f.printf("</header>\n<company>\n")
	if c.Ident != "" {
		f.leaf("companyIdent", c.Ident)
	}
	f.leaf("companyName", c.Name)
	f.leaf("taxRegistrationCountry", "NL")
	f.leaf("taxRegIdent", c.TaxIdent)
}

func (f *auditFile) chart() {
	f.printf("<generalLedger>\n")
	for _, a := range Chart() {
		kind := "B"
		if a.Result {
			kind = "P"
		}
		f.printf("<ledgerAccount>\n")
		f.leaf("accID", a.Number)
		f.leaf("accDesc", a.Name)
		f.leaf("accTp", kind)
		f.leaf("leadReference", a.RGS)
		f.printf("</ledgerAccount>\n")
	}
	f.printf("</generalLedger>\n")
}

// periods are the months of the file.
func (f *auditFile) periods(from, to demurrage.Day) {
	f.printf("<periods>\n")
	for first := from; first <= to; {
		last := min(first.MonthEnd(), to)
		f.printf("<period>\n")
		f.leaf("periodNumber", month(first))
		f.leaf("startDatePeriod", first.String())
		f.leaf("endDatePeriod", last.String())
		f.printf("</period>\n")
		first = last + 1
	}
	f.printf("</periods>\n")
}

// month is the number of a day's month, which is that of its period.
func month(d demurrage.Day) string {
	n, _ := strconv.Atoi(d.String()[5:7]) // a day is written YYYY-MM-DD
	return strconv.Itoa(n)
}

func (f *auditFile) opening(from demurrage.Day) {
	lines := f.before.lines()
	debit, credit := totals(lines)
	f.printf("<openingBalance>\n")
	f.leaf("opBalDate", from.String())
	f.leaf("linesCount", strconv.Itoa(len(lines)))
	f.leaf("totalDebit", debit.String())
	f.leaf("totalCredit", credit.String())
	for i, l := range lines {
		f.printf("<obLine>\n")
		f.leaf("nr", strconv.Itoa(i+1))
		f.leaf("accID", l.Account)
		f.amount(l.Cents)
		f.printf("</obLine>\n")
	}
	f.printf("</openingBalance>\n")
}

// totals are the sums of both sides.
func totals(lines []Line) (debit, credit ledger.Cents) {
	for _, l := range lines {
		if l.Cents < 0 {
			credit -= l.Cents
		} else {
			debit += l.Cents
		}
	}
	return debit, credit
}

func (f *auditFile) amount(cents ledger.Cents) {
	side := "D"
	if cents < 0 {
		side, cents = "C", -cents
	}
	f.leaf("amnt", cents.String())
	f.leaf("amntTp", side)
}

func (f *auditFile) transactions() {
	f.printf("<transactions>\n")
	f.leaf("linesCount", strconv.Itoa(f.lines))
	f.leaf("totalDebit", f.debit.String())
	f.leaf("totalCredit", f.credit.String())
	books := byJournal(f.all)
	for _, j := range Journals() {
		f.printf("<journal>\n")
		f.leaf("jrnID", j.ID)
		f.leaf("desc", j.Name)
		f.leaf("jrnTp", j.Type)
		for i, t := range books[j.ID] {
			f.transaction(i+1, &t)
		}
		f.printf("</journal>\n")
	}
	f.printf("</transactions>\n")
}

func (f *auditFile) transaction(nr int, t *Transaction) {
	f.printf("<transaction>\n")
	f.leaf("nr", strconv.Itoa(nr))
	f.leaf("desc", t.text())
	f.leaf("periodNumber", month(t.Day))
	f.leaf("trDt", t.Day.String())
	if t.Seq > 0 {
		f.leaf("sourceID", strconv.FormatUint(t.Seq, 10))
	}
	for i, l := range t.Lines {
		f.printf("<trLine>\n")
		f.leaf("nr", strconv.Itoa(i+1))
		f.leaf("accID", l.Account)
		f.leaf("docRef", t.Ref)
		f.leaf("effDate", t.Day.String())
		f.leaf("desc", t.text())
		f.amount(l.Cents)
		f.printf("</trLine>\n")
	}
	f.printf("</transaction>\n")
}
