// Package books keeps the foundation's books: every movement of the ledger, the
// bank and the cash box as double entry in euro, on a chart of accounts with the
// Dutch RGS codes, and from the same movements the cover of the Grulden, an audit
// and the volume that the supervisor asks about.
//
// The books are worked out anew from three sources that do not know each other:
// the journal, what the bank says, and what was counted in the cash box. Nothing
// is typed into them, so nothing can be left out of them. Where the three do not
// agree there is a balance on an account that should be empty, and it is shown.
//
// The package reads and never changes anything.
package books

import (
	"encoding/hex"
	"iter"

	"grulden/demurrage"
	"grulden/internal/record"
	"grulden/ledger"
)

// Use says what a bank entry was for.
type Use string

// The uses of a bank entry. What is not known yet is Unclear, not left out.
const (
	TopUp    Use = "top-up"    // in: for somebody's purse, issued or about to be
	Unclear  Use = "unclear"   // in: nobody knows yet whose it is
	Sourced  Use = "source"    // in: from a giver, for many people
	Deposit  Use = "deposit"   // in: cash brought to the bank
	PaidBack Use = "paid-back" // in: a payout that the other bank sent back
	Own      Use = "own"       // either way: the foundation's own money
	Payout   Use = "payout"    // out: pays redemptions
	SentBack Use = "sent-back" // out: money that was nobody's, back to its sender
	Costs    Use = "costs"     // out: what the bank asks for its work
	Unasked  Use = "unasked"   // out: nobody asked for it
	Foreign  Use = "foreign"   // in another currency or of another account: in no books
)

// BankEntry is one booking on the reserve account, in euro, as the bank gave it.
type BankEntry struct {
	ID          ledger.Key // also the key of the issue that it led to
	Day         demurrage.Day
	Cents       ledger.Cents // never negative
	Credit      bool
	Use         Use
	Account     ledger.AccountID // whom it was issued to; nought for none
	Redemptions []ledger.ID      // that it paid, or that it brought back
	Giver       ledger.Key       // of Sourced: whose money it is
	Two         bool             // its use was decided by two people
	Waits       bool             // it still waits for a person
	Noticed     bool             // the bank announced it, and no statement shows it yet
}

// Signed is the amount as the account sees it: below nought when money left.
func (e *BankEntry) Signed() ledger.Cents {
	if e.Credit {
		return e.Cents
	}
	return -e.Cents
}

// CashKind says what happened to the cash box.
type CashKind string

// The kinds of cash movements.
const (
	Receipt CashKind = "receipt" // somebody paid in, against a numbered receipt
	Counted CashKind = "counted" // a count found more or less than there should be
	Brought CashKind = "brought" // taken out, to be brought to the bank, or fetched there
	Arrived CashKind = "arrived" // the bank counted what was brought, and found more or less
)

// CashMovement is one change of the cash box.
type CashMovement struct {
	ID    ledger.Key
	Issue ledger.Key // of a receipt: the key of the issue that it led to
	Day   demurrage.Day
	Cents ledger.Cents // into the box, below nought out of it; of Arrived, what was too much
	Kind  CashKind
	Two   bool // two people saw it
}

// Statement is what the bank said last about the reserve account.
type Statement struct {
	Day     demurrage.Day
	Closing ledger.Cents
}

// Sources are what the books are made of. All amounts are euro cents.
type Sources struct {
	Records iter.Seq2[*record.Record, error]
	Bank    []BankEntry
	Cash    []CashMovement
	// Lists are the entries of the journal that were paid from money of a giver,
	// and which giver.
	Lists map[uint64]ledger.Key
	// Began is what was on the reserve account before the first statement.
	Began Statement
	// Last is the bank's last word, nil before the first statement.
	Last *Statement
	// Today is the day of the balance.
	Today demurrage.Day
}

// ref is how a key stands in the books: its first eight digits tell entries of a
// day apart, and no more needs to be typed.
func ref(k ledger.Key) string { return hex.EncodeToString(k[:4]) }
