package page

// StatementPage is one month of an account, to read and to print.
type StatementPage struct {
	Base
	Month    string // the month in words
	Who      string
	Period   string
	Open     bool   // the month is not over
	Opening  string // what there was before
	Closing  string // what there was at the end
	Lines    []StatementLine
	Melted   string // what the month took, with its sign; empty: nothing
	MeltedOn string
	Rounding bool   // Melted is a cent that roundings gave
	Earlier  string // address of the month before; empty: none
	Later    string // address of the month after; empty: none
}

func (StatementPage) name() string { return "statement" }

// StatementLine is one movement in a month.
type StatementLine struct {
	When   string
	What   string
	Amount string // with its sign
}

// ReceivePage shows a resident's own code, which others scan to pay.
type ReceivePage struct {
	Base
	Name    string // what who pays sees
	Grouped string
	QR      QR
	Typed   string // a name that was not taken
	Problem string
}

func (ReceivePage) name() string { return "receive" }

// ReceiveAmountPage asks how much somebody is to pay.
type ReceiveAmountPage struct {
	Base
	Typed   string
	Problem string
}

func (ReceiveAmountPage) name() string { return "receiveamount" }

// ReceivingPage shows a code for an amount and waits for the payment.
type ReceivingPage struct {
	Base
	State   RequestState
	Amount  string
	Code    string // for the address
	Grouped string // for people
	Until   string
	Left    int // seconds until the code expires
	PaidAt  string
	QR      QR
	Payment string // payment id that the live feed will report
	Seq     uint64 // the page knows the ledger up to here
}

func (ReceivingPage) name() string { return "receiving" }

// AskPage is the form for a request by link: one amount for each, or a total
// that is shared.
type AskPage struct {
	Base
	Split   bool
	Amount  string // as it was typed
	People  string
	Text    string
	Problem string
}

func (AskPage) name() string { return "ask" }

// AsksPage lists the links of a person.
type AsksPage struct {
	Base
	Links []AskLine
}

func (AsksPage) name() string { return "asks" }

// AskLine is one link.
type AskLine struct {
	Href   string
	Text   string
	Amount string
	Count  string // how many have paid
	When   string
	Over   bool
}

// AskedPage is one link, to share and to follow.
type AskedPage struct {
	Base
	Code    string
	Text    string
	Amount  string // what each pays
	Split   string // how a total was shared; empty: it was not
	Link    string
	Grouped string
	QR      QR
	Until   string
	Count   string // how many have paid
	Paid    []Line
	Over    bool
	State   Key // why nobody can pay any more, when Over
}

func (AskedPage) name() string { return "asked" }

// StandingsPage lists payments that come again.
type StandingsPage struct {
	Base
	Running []StandingLine
	Ended   []StandingLine
}

func (StandingsPage) name() string { return "standings" }

// StandingLine is one payment that comes again.
type StandingLine struct {
	ID     string
	Icon   string
	Who    string
	Amount string
	Every  string // in words
	Text   string
	Next   string // what comes next, or why nothing does
	Last   string // what happened last; empty: nothing yet
	Warn   bool   // what happened last is not good
	Due    string // the day that can be left out, for the form
}

// NewStandingPage is the form for a payment that comes again. Without a payee
// it asks for the code first.
type NewStandingPage struct {
	Base
	Code    string
	Payee   *Face // nil: the code is asked
	Amount  string
	Month   bool // every month; otherwise every week
	First   string
	Last    string
	Text    string
	Problem string
	Least   string // the first day that can be chosen
}

func (NewStandingPage) name() string { return "newstanding" }

// ConfirmStandingPage says once more what comes again, before it begins.
type ConfirmStandingPage struct {
	Base
	Payee   Face
	Amount  string
	Every   string // in words
	Period  string // from when, and until when
	Text    string
	Fields  []Field // what was filled in before
	Sign    Signing // for the form
	Problem string
	Back    string // address of the form before
}

func (ConfirmStandingPage) name() string { return "confirmstanding" }

// Field is a value that a form takes along.
type Field struct {
	Name  string
	Value string
}

// AskBackPage asks why a payment should come back, or whether the receiver
// wants to give it back.
type AskBackPage struct {
	Base
	ID      string
	Offer   bool // the receiver gives it back; no reason is asked
	Amount  string
	Who     string
	When    string
	Reasons []Choice
	Problem string
}

func (AskBackPage) name() string { return "askback" }

// Choice is one of a few, with a picture.
type Choice struct {
	Value string
	Icon  string
	Word  Key
}

// ReturnPage is where the return of a payment stands, with two buttons for who
// has to answer.
type ReturnPage struct {
	Base
	ID       string
	State    string
	Question string // what is asked, or how it ended
	Reason   Choice // Word is empty: none was given
	Amount   string
	When     string
	Until    string // how long it can be answered; empty: it cannot
	Answer   bool   // the visitor has to answer
	Pays     bool   // the visitor's money goes back when the answer is yes
	Problem  string
}

func (ReturnPage) name() string { return "return" }

// BatchesPage takes a list of payments in and lists the earlier ones.
type BatchesPage struct {
	Base
	Problem string
	Lists   []BatchSummary
}

func (BatchesPage) name() string { return "batches" }

// BatchSummary is one list of payments.
type BatchSummary struct {
	Href  string
	Name  string
	When  string
	State string // in words
	Sum   string
}

// BatchPage is one list of payments: before it is paid, while it is, and after.
type BatchPage struct {
	Base
	ID      string
	Name    string
	State   BatchState
	Good    string // how many lines are to be paid, in words
	Bad     string // how many are not; empty: all are
	Sum     string // of the good lines
	Has     string // what there is
	Short   bool   // that is not enough
	Done    string // how far it is, in words
	Percent int    // the same, of a hundred
	Lines   []BatchLine
	More    string // how many lines are not shown, in words; empty: none
	Problem string
}

func (BatchPage) name() string { return "batch" }

// BatchState is how far a list of payments is.
type BatchState string

// A list is looked at, paid, and done.
const (
	BatchPreview BatchState = "preview"
	BatchRunning BatchState = "running"
	BatchDone    BatchState = "done"
)

// BatchLine is one line of a list of payments.
type BatchLine struct {
	Row    string
	Ref    string
	Amount string
	Text   string
	Fate   string // in words
	Bad    bool   // it is not paid
}
