package page

// PayoutPage shows a payment file to those who must look at it.
type PayoutPage struct {
	Base
	ID      string
	Problem string
	Made    string
	Pays    string // the day on which the bank is to pay
	Total   string
	Hash    string // the beginning of the file's, for people to compare
	Lines   []PayoutLine
	Draft   bool   // nobody may have the file yet
	Two     bool   // a second person must look at it
	Asked   string // address of the proposal that waits; empty: none
	Ready   bool   // it may go to the bank
	Open    bool   // some of it is not settled yet
	By      string // who released it
}

func (PayoutPage) name() string { return "payout" }

// PayoutLine is one payment in a file.
type PayoutLine struct {
	Name   string
	IBAN   string
	Text   string
	Amount string
}

// AccountPage shows where somebody's euros go to.
type AccountPage struct {
	Base
	ID      string
	Name    string
	IBAN    string
	Holder  string // as the bank has it
	Vouched bool   // two people looked at it
	Check   string // what the bank answered last
	Wrong   bool   // it answered that the account is somebody else's
	Asked   string // address of the proposal that waits; empty: none
	Answers []Answer

	TypedIBAN   string
	TypedHolder string
	TypedAnswer string
	TypedWhy    string
	Problems    map[string]string
}

func (AccountPage) name() string { return "account" }

// Answer is one answer of a bank to choose from.
type Answer struct {
	Value string
	Word  Key
}

// ReconcilePage holds what the bank has against what it should have.
type ReconcilePage struct {
	Base
	Known      bool   // there is a statement
	Last       string // the bank's last word
	Day        string // of it
	Now        string // with what came after it
	Expected   string
	Difference string
	Wrong      bool // the difference is not nought
	Gap        string
	Missing    bool // a statement is missing
	Parts      []Part
	Debits     []BankEntry // that nobody asked for
	Earlier    []Comparison
}

func (ReconcilePage) name() string { return "reconcile" }

// Part is a part of what the bank should have.
type Part struct {
	Word   Key
	Amount string
	Wrong  bool
}

// Comparison is an earlier one.
type Comparison struct {
	When       string
	Day        string
	Bank       string
	Difference string
	Wrong      bool
}
