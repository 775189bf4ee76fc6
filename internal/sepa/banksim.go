package sepa

import (
	"fmt"
	"io"
	"strconv"
	"time"
	"unicode/utf8"
)

// This file is a bank simulator. It writes statements such as a bank would,
// for tests and for the demonstration wijk, where no bank is at hand. Nothing
// here is used when real money moves. Its files are valid camt.053, and read
// back as what was put in.

// SimStatement is a statement of the simulated bank.
type SimStatement struct {
	Version  int // of the format: 2, 4 or 8
	Account  IBAN
	Owner    string // Optional. Name on the account.
	BIC      string // Optional. Of the bank.
	ID       string // at most 35 characters
	Sequence int
	Created  time.Time
	Opening  int64  // booked balance before, in cents; may be negative
	Currency string // Optional. Of the account; default EUR.
	Notice   bool   // a notification (camt.054): no balances, some of the bookings
	Prior    bool   // the opening balance is given as the closing one before (PRCD)
	Bookings []SimBooking
}

// SimBooking is one line on a simulated statement.
type SimBooking struct {
	Cents    int64 // positive; for a batch, the sum of its parts is taken instead
	Credit   bool
	Pending  bool // announced only; not in the balance
	Reversal bool
	Currency string // Optional. Another one than the account's; then it is not in the balance.
	Day      Date
	ValueDay Date // zero: the same as Day

	Name, EndToEndID string // Optional. Of the other side.
	IBAN             IBAN   // Optional. Of the other side.
	Text             string // Optional. Unstructured description, split at 140 characters.
	Reference        string // Optional. Structured reference.
	BankRef          string // Optional. AcctSvcrRef.
	ReturnReason     string // Optional. The payment came back, and names the original parties.

	Coded    bool   // all is told in codes in the bank's own text, as some Dutch banks do
	EntryRef string // Optional. NtryRef.

	BatchID string       // Optional. Payment information id.
	Parts   []SimBooking // Optional. The payments of a batch: same direction and day.
	Sum     bool         // the bank tells only the sum of the parts, and how many they are
}

// Closing is the booked balance after all bookings, in cents.
func (s SimStatement) Closing() int64 {
	total := s.Opening
	for _, b := range s.Bookings {
		switch {
		case b.Pending, b.Currency != "":
		case b.Credit:
			total += b.total()
		default:
			total -= b.total()
		}
	}
	return total
}

func (b SimBooking) total() int64 {
	if len(b.Parts) == 0 {
		return b.Cents
	}
	var total int64
	for _, p := range b.Parts {
		total += p.total()
	}
	return total
}

// BookPayments are the debits that a payment file causes on a day: one for
// each payment, or one batch where the file asks for that.
func BookPayments(f PaymentFile, day Date) []SimBooking {
	var debits []SimBooking
	for i, p := range f.Payments {
		debits = append(debits, SimBooking{
			Cents: p.Cents, Day: day, Name: Transliterate(p.Name), IBAN: p.IBAN,
			EndToEndID: p.EndToEndID, Text: Transliterate(p.Text), Reference: p.Reference,
			BankRef: fmt.Sprintf("SIM%d-%d", day, i+1),
		})
	}
	if f.BatchBooking {
		return []SimBooking{{Day: day, BatchID: f.MessageID, BankRef: fmt.Sprintf("SIM%d", day), Parts: debits}}
	}
	return debits
}

// Returned is the credit by which the debit b comes back on a day, for a
// reason such as AC04 (account closed).
func (b SimBooking) Returned(day Date, reason string) SimBooking {
	b.Credit, b.Day, b.ValueDay, b.ReturnReason = true, day, 0, reason
	b.BankRef += "R"
	return b
}

// WriteStatement writes s as camt.053 (or camt.054) .001.02, .04 or .08, with
// more statements in the same file if there are any. These have the version and
// kind of the first.
func WriteStatement(w io.Writer, s SimStatement, more ...SimStatement) error {
	if s.Version != 2 && s.Version != 4 && s.Version != 8 {
		return fmt.Errorf("bank simulator: no version %d", s.Version)
	}
	kind, message := 53, "BkToCstmrStmt"
	if s.Notice {
		kind, message = 54, "BkToCstmrDbtCdtNtfctn"
	}
	namespace := fmt.Sprintf("urn:iso:std:iso:20022:tech:xsd:camt.%03d.001.%02d", kind, s.Version)
	created := s.Created.Format("2006-01-02T15:04:05")
	root := el(message, el("GrpHdr", leaf("MsgId", s.ID), leaf("CreDtTm", created)), s.element(created))
	for _, next := range more {
		next.Version, next.Notice = s.Version, s.Notice
		root.kids = append(root.kids, next.element(created))
	}
	if _, err := w.Write(document(namespace, root)); err != nil {
		return fmt.Errorf("bank simulator: %w", err)
	}
	return nil
}

func (s SimStatement) element(created string) *node {
	first, last := s.period()
	bic := "BICFI"
	if s.Version == 2 {
		bic = "BIC"
	}
	name, opening := "Stmt", "OPBD"
	if s.Notice {
		name = "Ntfctn"
	}
	if s.Prior {
		opening = "PRCD"
	}
	statement := el(name,
		leaf("Id", s.ID),
		leaf("ElctrncSeqNb", strconv.Itoa(s.Sequence)),
		leaf("CreDtTm", created),
		el("FrToDt",
			leaf("FrDtTm", first.String()+"T00:00:00"),
			leaf("ToDtTm", last.String()+"T23:59:59"),
		),
		el("Acct",
			el("Id", leaf("IBAN", string(s.Account))),
			leaf("Ccy", s.currency()),
			when(s.Owner != "", el("Ownr", leaf("Nm", s.Owner))),
			when(s.BIC != "", el("Svcr", el("FinInstnId", leaf(bic, s.BIC)))),
		),
		when(!s.Notice, s.balance(opening, s.Opening, first)),
		when(!s.Notice, s.balance("CLBD", s.Closing(), last)),
	)
	for _, b := range s.Bookings {
		statement.kids = append(statement.kids, s.entry(b))
	}
	return statement
}

// period is from the first to the last booking; without any, the day the
// statement was made.
func (s SimStatement) period() (first, last Date) {
	if len(s.Bookings) == 0 {
		return DateOf(s.Created), DateOf(s.Created)
	}
	first, last = s.Bookings[0].Day, s.Bookings[0].Day
	for _, b := range s.Bookings {
		first, last = min(first, b.Day), max(last, b.Day)
	}
	return first, last
}

func (s SimStatement) currency() string { return firstText(s.Currency, "EUR") }

// amount is an amount in the account's currency, or in the booking's own.
func (s SimStatement) amount(cents int64, currency string) *node {
	n := euros("Amt", cents)
	n.currency = firstText(currency, s.currency())
	return n
}

func (s SimStatement) balance(code string, cents int64, day Date) *node {
	direction := simDirection(cents >= 0)
	if cents < 0 {
		cents = -cents
	}
	return el("Bal",
		el("Tp", el("CdOrPrtry", leaf("Cd", code))),
		s.amount(cents, ""),
		direction,
		el("Dt", leaf("Dt", day.String())),
	)
}

func simDirection(credit bool) *node {
	if credit {
		return leaf("CdtDbtInd", "CRDT")
	}
	return leaf("CdtDbtInd", "DBIT")
}

func (s SimStatement) entry(b SimBooking) *node {
	status := leaf("Sts", "BOOK")
	if b.Pending {
		status.text = "PDNG"
	}
	if s.Version == 8 {
		status = el("Sts", leaf("Cd", status.text))
	}
	value := b.ValueDay
	if value == 0 {
		value = b.Day
	}
	family := "ICDT"
	if b.Credit {
		family = "RCDT"
	}
	details := el("NtryDtls")
	parts := b.Parts
	if len(parts) > 0 {
		details.kids = append(details.kids, el("Btch",
			opt("PmtInfId", b.BatchID),
			leaf("NbOfTxs", strconv.Itoa(len(parts))),
		))
	} else {
		parts = []SimBooking{b}
	}
	if b.Sum {
		parts = nil
	}
	for _, p := range parts {
		p.Credit, p.Reversal, p.Currency = b.Credit, b.Reversal, b.Currency
		details.kids = append(details.kids, s.detail(p))
	}
	return el("Ntry",
		opt("NtryRef", b.EntryRef),
		s.amount(b.total(), b.Currency),
		simDirection(b.Credit),
		when(b.Reversal, leaf("RvslInd", "true")),
		status,
		el("BookgDt", leaf("Dt", b.Day.String())),
		el("ValDt", leaf("Dt", value.String())),
		opt("AcctSvcrRef", b.BankRef),
		el("BkTxCd", el("Domn", leaf("Cd", "PMNT"),
			el("Fmly", leaf("Cd", family), leaf("SubFmlyCd", "ESCT")))),
		when(!b.Coded, details),
		when(b.Coded, leaf("AddtlNtryInf", b.codes())),
	)
}

// codes tells a booking in the way of parseCodes.
func (b SimBooking) codes() string {
	text := "/TRTP/SEPA OVERBOEKING/IBAN/" + string(b.IBAN) + "/BIC/TESTNL2A/NAME/" + b.Name + "/REMI/" + b.Text + b.Reference
	return text + "/EREF/" + firstText(b.EndToEndID, "NOTPROVIDED")
}

func (s SimStatement) detail(b SimBooking) *node {
	id := b.EndToEndID
	if id == "" {
		id = "NOTPROVIDED"
	}
	detail := el("TxDtls", el("Refs", opt("AcctSvcrRef", b.BankRef), leaf("EndToEndId", id)))
	if s.Version > 2 {
		detail.kids = append(detail.kids, s.amount(b.Cents, b.Currency), simDirection(b.Credit))
	} else {
		detail.kids = append(detail.kids, el("AmtDtls", el("TxAmt", s.amount(b.Cents, b.Currency))))
	}
	detail.kids = append(detail.kids, s.parties(b), simRemittance(b))
	if b.ReturnReason != "" {
		detail.kids = append(detail.kids, el("RtrInf", el("Rsn", leaf("Cd", b.ReturnReason))))
	}
	return detail
}

// parties names the other side: the debtor of a credit, the creditor of a
// debit and of a debit that came back.
func (s SimStatement) parties(b SimBooking) *node {
	if b.Name == "" && b.IBAN == "" {
		return nil
	}
	role := "Cdtr"
	if b.Credit && b.ReturnReason == "" {
		role = "Dbtr"
	}
	name := leaf("Nm", b.Name)
	if s.Version == 8 {
		name = el("Pty", name)
	}
	return el("RltdPties",
		when(b.Name != "", el(role, name)),
		when(b.IBAN != "", el(role+"Acct", el("Id", leaf("IBAN", string(b.IBAN))))),
	)
}

func simRemittance(b SimBooking) *node {
	info := el("RmtInf")
	for text := b.Text; text != ""; {
		end := min(len(text), maxTextLength)
		for end < len(text) && !utf8.RuneStart(text[end]) {
			end--
		}
		info.kids = append(info.kids, leaf("Ustrd", text[:end]))
		text = text[end:]
	}
	if b.Reference != "" {
		info.kids = append(info.kids, el("Strd", el("CdtrRefInf",
			el("Tp", el("CdOrPrtry", leaf("Cd", "SCOR")), leaf("Issr", "ISO")),
			leaf("Ref", b.Reference),
		)))
	}
	return when(info.kids != nil, info)
}
