package page

// CashPage is the cash box: what ought to be in it, when it was counted, what
// is on its way to the bank, and what happened.
type CashPage struct {
	Base
	Box        string // what ought to be in it
	Counted    string // when and by whom it was counted last, and how that came out
	Wrong      bool   // the last count was not right
	Same       string // a warning: one person did all of the last counts; empty: no
	Difference string // all differences together; empty: none ever
	Transit    []CashLine
	Lines      []CashLine
	More       bool
}

func (CashPage) name() string { return "cash" }

// CashLine is one movement of the cash box.
type CashLine struct {
	Href   string // empty: leads nowhere
	Icon   string
	What   string
	When   string
	Amount string
	Bad    bool
}

// CashTakePage takes cash from somebody: first who, then how much.
type CashTakePage struct {
	Base
	Query   string
	People  []PersonLine // Href leads on
	More    bool
	ID      string // of the receipt; empty: nobody is chosen yet
	Person  string // id
	Name    string
	Room    string // how much more may be brought in this month
	Typed   string
	Problem string
}

func (CashTakePage) name() string { return "cashtake" }

// CashReceiptPage is a receipt to print.
type CashReceiptPage struct {
	Base
	Number string
	When   string
	Euro   string
	Amount string
	Name   string // who gets the coins
	By     string
	Next   string // where a top-up for the next one begins
}

func (CashReceiptPage) name() string { return "cashreceipt" }

// CashCountPage asks how many there are of each note and coin.
type CashCountPage struct {
	Base
	ID      string
	Faces   []CashFace
	Why     string
	Problem string
}

func (CashCountPage) name() string { return "cashcount" }

// CashFace is a note or coin and how many there are.
type CashFace struct {
	Name  string // of the field
	Word  string
	Count string
}

// CashBankPage asks how much cash goes to the bank, or comes from it.
type CashBankPage struct {
	Base
	ID      string
	Box     string
	Typed   string
	Why     string
	Fetched bool
	Problem string
}

func (CashBankPage) name() string { return "cashbank" }

// CashTransitPage asks which entry of the bank shows cash that left.
type CashTransitPage struct {
	Base
	ID      string // of the movement that left
	Form    string // id of the one that says it arrived
	What    string
	Amount  string
	Carried bool // the visitor carried it
	Entries []BankEntry
	Problem string
}

func (CashTransitPage) name() string { return "cashtransit" }
