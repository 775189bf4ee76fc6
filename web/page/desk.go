package page

// PeoplePage lists and searches residents and shops.
type PeoplePage struct {
	Base
	Query  string
	People []PersonLine
	More   bool // there are more than are shown
}

func (PeoplePage) name() string { return "people" }

// FindCardPage finds somebody by their card.
type FindCardPage struct {
	Base
	Problem string
}

func (FindCardPage) name() string { return "findcard" }

// PersonLine is one person in a list.
type PersonLine struct {
	Href    string
	Name    string
	Role    Key
	Icon    string
	Blocked bool
}

// BankPage lists what the bank statements brought in.
type BankPage struct {
	Base
	Problem  string
	Imported string      // what the last upload did; empty: nothing uploaded
	Open     []BankEntry // wait for somebody to say whose they are
	Odd      []BankEntry // to be looked at with the bank
	Back     []BankEntry // went back to who sent it, or will
	Done     []BankEntry // topped up
}

func (BankPage) name() string { return "bank" }

// BankEntry is one entry on the reserve account.
type BankEntry struct {
	ID     string
	Date   string
	Amount string
	From   string // the name the bank gives
	Note   string // reference or description
	Who    string // whom it is for; empty: not matched
	Why    string // why it is where it is
	Waits  bool   // somebody can say whose it is
	Bad    bool   // it does not fit what is known: red
}

// MatchPage asks whose a bank entry is.
type MatchPage struct {
	Base
	Entry  BankEntry
	Query  string
	People []PersonLine // Href is the person's id
	More   bool
	Maybe  []Suggestion
	Limit  string // why it cannot be topped up now though it is known whose it is; empty: it can
	Sender string // whom it can go back to; empty: the bank does not say
	Going  bool   // somebody asked already to send it back
	Gift   bool   // the visitor may make it a gift to the wijkfonds
}

func (MatchPage) name() string { return "match" }

// Suggestion is somebody whose money a bank entry may be.
type Suggestion struct {
	ID   string
	Name string
	Role Key
	Why  []string // what speaks for it
}

// RedemptionsPage lists the redemptions that wait for the desk.
type RedemptionsPage struct {
	Base
	Problem    string
	CanApprove bool // some of Waiting can be approved
	Waiting    []Redemption
	Approved   []Redemption // in a payment file
	Files      []PayoutFile
}

func (RedemptionsPage) name() string { return "redemptions" }

// PayoutFile is a file for the bank that was made before.
type PayoutFile struct {
	Href  string
	Name  string // when it was made
	State Key
	Total string
	Open  bool // some of it is not settled yet
	Draft bool // people must look at it first
}
