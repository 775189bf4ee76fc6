package sepa

import (
	"fmt"
	"io"
	"slices"

	"github.com/shopspring/decimal"
)

// Statement is one account statement (camt.053, BkToCstmrStmt/Stmt), or one
// notification of bookings (camt.054, BkToCstmrDbtCdtNtfctn/Ntfctn).
type Statement struct {
	Notice   bool   // camt.054: some bookings, told ahead of the statement; it has no balances
	Account  string // IBAN without spaces; another kind of account number as the bank gives it
	Currency string // of the account, such as EUR
	ID       string // given by the bank; not unique at every bank
	Sequence string // electronic sequence number, or empty

	From, To Date // the period the bank names; zero when it names none

	Opening     decimal.NullDecimal // booked balance before the first entry (OPBD or PRCD); negative when overdrawn
	OpeningDate Date
	Closing     decimal.NullDecimal // booked balance after the last entry (CLBD)
	ClosingDate Date

	Entries []Entry // in the order of the file
}

// Entry is one transaction on the account: a transaction detail where the bank
// gives them, else a whole entry of the statement.
//
// Text fields hold what the bank gives, trimmed and with white space runs made
// one space. They are personal data.
type Entry struct {
	Cents    int64  // never negative; hundredths of Currency
	Currency string // that of the account, unless the bank booked in another one
	Credit   bool   // money came in; this is the direction of this booking, also for a reversal
	Reversal bool   // the booking undoes an earlier one of the opposite direction (RvslInd)
	Booked   bool   // final. Anything else is news, not money: do not act on it

	BookingDate Date // the bank's own calendar day, also where it gives a time
	ValueDate   Date

	AcctSvcrRef string // the bank's reference; not unique at every bank
	NtryRef     string // reference within the statement; at some banks just 1, 2, 3
	EndToEndID  string // the payer's; "" when absent or NOTPROVIDED. On a returned payout it is ours

	CounterpartyName string
	CounterpartyIBAN string // upper case without spaces, not checked; or empty

	RemittanceRefs []string // structured references: RF or Dutch betalingskenmerk
	Remittance     string   // the description; else whatever the bank says about the entry
	Info           string   // all further text of the bank about it

	ReturnReason string // such as AC04, when the payment came back

	BatchMsgID    string // of the batch this entry is part of, or is
	BatchPmtInfID string // on a debited payout file, our payment information id
	BatchCount    int    // payments in the batch as the bank counts them, or 0
	Unsplit       bool   // this is a whole batch, of which the single payments are not (or not reliably) known

	// Position is the place in the statement: "3" for the third entry, "3.2"
	// for the second transaction inside it.
	Position string

	// Fingerprint recognises the same booking in another file; see
	// fingerprint.go. Empty unless Booked.
	Fingerprint string
	// Group is the same for a batch as one sum (Unsplit) and for its payments
	// listed one by one, in whichever files they come. Empty unless it is booked
	// as part of a batch, or as a batch, of which the bank gives some reference.
	Group string
}

// RFCandidates lists the creditor references of this length that the payer may
// have given, wherever the bank put them: the structured field, the
// description, or the bank's own text. See FindRF: only a reference that was
// issued counts. An Unsplit entry has none: it is not one payer's payment.
func (e Entry) RFCandidates(length int) []string {
	if e.Unsplit {
		return nil
	}
	var found []string
	for _, text := range append(slices.Clone(e.RemittanceRefs), e.Remittance, e.Info) {
		for _, ref := range FindRF(text, length) {
			if !slices.Contains(found, ref) {
				found = append(found, ref)
			}
		}
	}
	return found
}

// BalanceError says that a statement does not add up, with the figures that
// show it, in the account's currency.
type BalanceError struct {
	StatementID               string
	Opening, Entries, Closing decimal.Decimal
}

// Error implements error.
func (e *BalanceError) Error() string {
	return fmt.Sprintf("statement %.40q does not add up: opening %s plus booked entries %s is %s, but closing is %s",
		e.StatementID, e.Opening.StringFixed(2), e.Entries.StringFixed(2),
		e.Opening.Add(e.Entries).StringFixed(2), e.Closing.StringFixed(2))
}

// ReadStatements reads a whole file, or nothing: see Read. What it gives is in
// memory all at once; a file without a bound belongs in Read.
func ReadStatements(r io.Reader, l Limits) ([]Statement, error) {
	var all []Statement
	err := Read(r, l, Visitor{
		Entry: func(s *Statement, e Entry) error {
			s.Entries = append(s.Entries, e)
			return nil
		},
		End: func(s *Statement) error {
			all = append(all, *s)
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}
