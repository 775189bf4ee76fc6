package page

import "fmt"

// FundPage tells everybody what the wijkfonds has, got and spent.
type FundPage struct {
	Base
	InHand   string
	Share    string // how much of the spending was for people with money problems; empty: nothing spent yet
	Promised string
	Kept     bool
	Spent    string
	Income   []FundLine
	Purposes []PurposeLine
	Breaks   []BreakLine // grants that broke the promise, and why
	As       string      // when this was counted, and from what
}

func (FundPage) name() string { return "fund" }

// FundLine is an amount with what it is.
type FundLine struct {
	Icon string
	What string
	Help string
	Sum  string
}

// PurposeLine is one thing that the wijkfonds spends on.
type PurposeLine struct {
	ID    string
	Name  string
	For   Key // whom it is for
	Need  bool
	Bad   bool // spent without a purpose
	Ended bool
	Sum   string
	Count string
}

// BreakLine is a grant that broke the promise.
type BreakLine struct {
	When    string
	Purpose string
	Why     string
	Sum     string
}

// SpendingPage is where treasurer and board give from the wijkfonds.
type SpendingPage struct {
	Base
	InHand   string
	Share    string
	Promised string
	Kept     bool
	Room     string
	Purposes []PurposeLine
	Ended    []PurposeLine
	Form     string // makes that a purpose is proposed once
	Name     string
	Problem  string
}

func (SpendingPage) name() string { return "spending" }

// GrantPage asks for whom a grant is and how much.
type GrantPage struct {
	Base
	Purpose  PurposeLine
	InHand   string
	Query    string
	People   []PersonLine
	More     bool
	Who      PersonLine // the chosen person; Href is the id, empty: nobody yet
	Form     string
	Amount   string
	Why      string
	Breaks   bool // it would break the promise, so it needs a reason that everybody can read
	Public   string
	Problem  string
	Promised string
}

func (GrantPage) name() string { return "grant" }

// Percent writes tenths of a per cent: 93,1 % in Dutch and 93.1% in English.
func (l Lang) Percent(tenths int64) string {
	text := fmt.Sprintf("%d", tenths/10)
	if tenths%10 != 0 {
		text += languages[l].point + fmt.Sprintf("%d", tenths%10)
	}
	if l == English {
		return text + "%"
	}
	return text + "\u00a0%"
}
