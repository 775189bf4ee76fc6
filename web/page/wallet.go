package page

// WalletPage is a resident's home: one big number and one sentence.
type WalletPage struct {
	Base
	Spendable string // what can be paid now
	At        string // when that was known, for when there is no net later
	Loss      string // the sentence on what melts, and how it need not
	Else      string // what is taken otherwise; empty: nothing
	Melts     bool   // something will be taken on the day of that sentence
	Blocked   bool
	Lines     []Line
	TopUp     bool   // there is a bank account to send euros to
	Notes     []Note // what somebody should know first

	Account string // for the script that knows this phone's key
	Devices string // ids of the devices that sign for the account
	Here    string // id of the device of this session; empty: none
}

func (WalletPage) name() string { return "wallet" }

// HistoryPage lists payments, newest first.
type HistoryPage struct {
	Base
	Spendable string
	Lines     []Line
	Older     string // address of the page with older payments; empty: none
}

func (HistoryPage) name() string { return "history" }

// PayCodePage is the place to type a code that cannot be scanned.
type PayCodePage struct {
	Base
	Code    string
	Problem string
	Blocked bool // may not pay
}

func (PayCodePage) name() string { return "paycode" }

// PayPage shows whom a payment goes to and how much it is, before the button.
// A printed code has no amount yet: then the page asks for it first.
type PayPage struct {
	Base
	Code      string
	Payee     Face
	Text      string // what who asks wrote with it
	Often     string // where to make the payment come again and again; empty: nowhere
	Amount    string // formatted; empty while it is asked
	Spendable string
	Typed     string // the amount as typed before, kept after a mistake
	Problem   string
	Blocked   bool // may not pay: no amount is asked
	Recent    *RecentPayment
	AsksPIN   bool // the form has a field for the PIN
	Phase     Phase

	Account string  // of the payer
	Attempt string  // names this showing of the page
	Again   string  // address of a fresh showing
	Sign    Signing // for the form
	Payment string  // the payment id of the button; empty: no button
	Value   string  // the amount for the form, as the server reads it
	Seal    string  // proves that the server made Payment for this payer and code
}

func (PayPage) name() string { return "pay" }

// Phase is which of its faces the pay page shows. The page comes with all of
// them, because a script has to show the later ones without the net.
type Phase string

// The phases of paying.
const (
	Asking   Phase = ""         // the payer has not confirmed
	Checking Phase = "checking" // confirmed, and no answer came yet
	NotPaid  Phase = "notpaid"  // the answer is that nothing was paid
)

// RecentPayment reminds of a payment to the same shop a moment ago, for who is
// not sure whether it went through.
type RecentPayment struct {
	Amount string
	When   string
	Href   string
}

// ReceiptPage shows one payment that was made.
type ReceiptPage struct {
	Base
	In       bool // seen by the receiver
	Who      string
	Amount   string
	When     string // with its seconds
	Age      string // how long ago, in whole seconds; empty: too long to count
	Ago      string // the same in words
	HasMark  bool   // it was made today, so Mark is today's
	Mark     DayMark
	Account  string // of who looks, for the script that waits for answers
	Payment  string // the payment's id, for the same script
	Number   string // the payment's number, short
	Confirm  string // code that proves the payment to a till without a net; empty: none
	Refunded string // how much of it was given back; empty: nothing
	Text     string // what it was for, if who asked for it wrote that
	Return   string // where it can be asked back, or where that stands; empty: nowhere
	Asked    bool   // it was asked back before
	Again    string // where to make it come again; empty: nowhere
	Home     string
}

func (ReceiptPage) name() string { return "receipt" }
