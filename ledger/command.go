package ledger

import "grulden/demurrage"

// Command is what somebody asks of the ledger. It is one of the types below
// and no other.
type Command interface{ command() }

// SetPolicy sets the policy from a day on. The first one is valid at once,
// whatever its From; later ones need it, after every melts-from day given.
type SetPolicy struct {
	Policy  Policy
	HasFrom bool // whether Policy.From was given
}

// Open opens an account for an owner.
type Open struct {
	Account AccountID
	Owner   OwnerID
	Role    string
}

// Close closes an account with less than a cent; what is left falls to the fund.
type Close struct{ Account AccountID }

// Block keeps an account from paying, redeeming and refunding; it may receive.
type Block struct{ Account AccountID }

// Unblock lets a blocked account pay again.
type Unblock struct{ Account AccountID }

// Issue makes new Grulden against euros that arrived in the reserve account.
// An Amount of nought or less stands for one that could not be read.
type Issue struct {
	To     AccountID
	Amount Cents
}

// Grant pays from the wijkfonds.
type Grant struct {
	To     AccountID
	Amount Cents
}

// Pay pays from one account to another.
type Pay struct {
	ID     ID
	From   AccountID
	To     AccountID
	Amount Cents
}

// Refund undoes a payment, in whole (All: what is left of it) or in part.
type Refund struct {
	Of     ID
	Amount Cents
	All    bool
}

// Redeem asks for convertible Grulden to be turned into euros.
type Redeem struct {
	ID     ID
	From   AccountID
	Amount Cents
}

// Settle says that a redemption was paid by bank transfer.
type Settle struct{ Of ID }

// Reject gives a redemption's money back.
type Reject struct{ Of ID }

// Enrol lets a device sign payments from an account.
type Enrol struct {
	Account AccountID
	Device  DeviceID
	Alg     Alg
	Key     []byte // in the form of Alg
}

// Retire ends what a device may do, for good.
type Retire struct {
	Account AccountID
	Device  DeviceID
}

// Note records that somebody did something that moves no money, so that it
// can be neither denied nor changed later. The ledger keeps what kind of act it
// was and a digest of the words; the words lie elsewhere and may be erased.
type Note struct {
	Account AccountID // whom it is about; nought for nobody in particular
	About   string    // the kind of act: 1 to 32 small letters, digits and hyphens
	Digest  Digest
}

// Digest is the SHA-256 of the words of a note, with salt.
type Digest [32]byte

// Reopen says that the bank sent the money of a settled redemption back: it
// waits again.
type Reopen struct{ Of ID }

func (SetPolicy) command() {}
func (Open) command()      {}
func (Close) command()     {}
func (Block) command()     {}
func (Unblock) command()   {}
func (Issue) command()     {}
func (Grant) command()     {}
func (Pay) command()       {}
func (Refund) command()    {}
func (Redeem) command()    {}
func (Settle) command()    {}
func (Reject) command()    {}
func (Enrol) command()     {}
func (Retire) command()    {}
func (Note) command()      {}
func (Reopen) command()    {}

// How says what a part's arrival does to its trail.
type How uint8

// The ways of arriving.
const (
	Fresh  How = iota // a new lot: its trail begins with the receiver
	Kept              // the trail stays as it is
	Hopped            // the receiver's owner joins the trail
	Undone            // a refund: the last owner leaves the trail
	Pooled            // it is convertible, and belongs to the receiver's pool
)

// Out is one part that left its holder: from a lot, or from the pool amount of
// one melts-from day (Lot nought).
type Out struct {
	Lot    LotID
	Melts  demurrage.Day  // of a pool amount; Charged for all being charged
	Rest   demurrage.Wide // units that stay; nought when the part was taken whole
	Pooled bool           // what stays of the lot is under one grain and joins the pool
}

// In is what arrived of one or more parts: a lot, or units of a pool amount.
type In struct {
	How   How
	Lot   LotID          // the sender's lot whose trail it has; nought for Fresh and Pooled
	Melts demurrage.Day  // its melts-from day at the receiver
	Units demurrage.Wide // as they arrived
}

// Facts are what a command changed: enough to carry the state forward without
// knowing the rules that led to them.
type Facts struct {
	Debit      AccountID // whose money left; nought for none
	Credit     AccountID // where money arrived; nought for none
	DebitPrev  uint64    // the entry that touched the debit account before this one
	CreditPrev uint64    // the entry that touched the credit account before this one
	Ripe       []LotID   // lots of the debit account that joined its pool first
	Out        []Out     // parts, in the order in which they left
	In         []In      // lots, in the order of arrival, and pool amounts
	Promised   []Promise // of a redemption: what a rejection gives back
	Amount     Cents     // of a refund: what was refunded
	Fee        Cents     // of a redemption
}

// Entry is a command that was applied, with the facts it led to.
type Entry struct {
	Seq     uint64 // 1 for the first
	Moment  Moment
	Key     Key
	Command Command
	Facts   Facts
}
