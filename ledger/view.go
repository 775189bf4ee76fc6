package ledger

import (
	"fmt"

	"grulden/demurrage"
)

// CorruptError says that the state cannot be what the rules make of any
// history. Whoever meets it must stop: nothing more may be written.
type CorruptError struct{ What string }

// Error says what cannot be.
func (e *CorruptError) Error() string { return "the ledger's state is corrupt: " + e.What }

func corrupt(format string, args ...any) error {
	return &CorruptError{fmt.Sprintf(format, args...)}
}

// Head is the state that is not any account's.
type Head struct {
	Seq      uint64 // of the last entry; nought before the first
	Moment   Moment // of the last entry
	Policies Policies
	Index    *demurrage.Index // derived from Policies; nil before the first
	Issued   Cents            // ever
	Redeemed Cents            // ever paid out, after fees
	Escrow   Cents            // awaiting redemption
	Holders  Amounts          // the units of all accounts together
	Accounts uint64           // ever opened

	// Guard is the store's check over all accounts. The ledger keeps it and
	// never looks at it.
	Guard uint64
}

// Supply is what holders and the wijkfonds have together:
// issued − redeemed − awaiting redemption.
func (h *Head) Supply() Cents { return h.Issued - h.Redeemed - h.Escrow }

// Reserve is the euros that must stand behind the Grulden.
func (h *Head) Reserve() Cents { return h.Issued - h.Redeemed }

// Fund is what the wijkfonds has on a day, in grains, by the identity
// wijkfonds = supply − ⌈all holders' worth / 10¹⁸⌉ (SPEC.md R37).
// A fund that never had income may be a few grains below zero.
func (h *Head) Fund(day demurrage.Day) (grains demurrage.Wide, negative bool, err error) {
	held, err := h.held(day)
	if err != nil {
		return grains, false, err
	}
	supply := h.Supply().Grains()
	if grains, ok := supply.Sub(held); ok {
		return grains, false, nil
	}
	grains, _ = held.Sub(supply)
	return grains, true, nil
}

// held is ⌈all holders' worth / 10¹⁸⌉, in grains.
func (h *Head) held(day demurrage.Day) (demurrage.Wide, error) {
	if h.Index == nil {
		return demurrage.Wide{}, nil
	}
	worth, err := h.Holders.Worth(h.Index, day)
	return ceilGrains(worth), err
}

// Account is an account without its lots.
type Account struct {
	ID              AccountID
	Owner           OwnerID
	Role            string
	Opened          demurrage.Day
	Closed          bool
	Blocked         bool
	OpenRedemptions uint32
	Last            uint64   // the last entry that touched it
	Pool            Amounts  // convertible money, by melts-from day
	Lots            uint32   // how many lots it holds
	Devices         []Device // those in use, in the order of their enrolment

	// LotGuard and Guard are the store's checks over the account's lots and
	// over this account as it was last written. The ledger keeps them and
	// never looks at them.
	LotGuard uint64
	Guard    uint64
}

// Payment is what the ledger remembers of a payment.
type Payment struct {
	ID       ID
	Seq      uint64
	From     AccountID
	To       AccountID
	Amount   Cents
	Refunded Cents
	Pool     bool // a part of it was pool money at the payer
}

// Progress is how far a redemption is.
type Progress uint8

// A redemption waits, and is then either settled or rejected.
const (
	Waiting Progress = iota
	Settled
	Rejected
)

// Promise is a part of a redemption: the worth and the melts-from day with
// which it comes back when the redemption is rejected.
type Promise struct {
	Melts demurrage.Day
	Worth demurrage.Wide // in grains × 10¹⁸
}

// Redemption is a request to turn Grulden into euros.
type Redemption struct {
	ID       ID
	Seq      uint64
	Account  AccountID
	Amount   Cents
	Fee      Cents
	Parts    []Promise
	Progress Progress
}

// Holding is an account with its lots, in spending order.
type Holding struct {
	Account *Account
	Lots    []*Lot
	Ripe    demurrage.Day // none of the lots is convertible before this day
}

// View is what Decide may look at. What it returns must not be changed. A nil
// pointer without an error means that there is no such thing.
type View interface {
	Head() *Head
	Account(AccountID) (*Account, error)
	Holding(AccountID) (*Holding, error)
	Find(ID) (*Payment, *Redemption, error) // at most one of them
	Used(Key) (seq uint64, err error)       // the entry it led to; nought for none
}
