package page

// TopUpPage tells how to send euros for a purse: first how much, then the code
// for the bank's app, with all that is in it beside it.
type TopUpPage struct {
	Base
	Whose   string // on a sheet that the desk prints: whose purse; empty: one's own
	Here    string // address of this page, where the form and the choices lead
	Room    string // how much more may come this month; empty: any amount
	Full    bool   // nothing more may come this month
	Choices []TopUpChoice
	Typed   string
	Problem string

	Amount string // formatted euros; empty: still to be chosen
	QR     QR
	Image  string // address of the code as a picture; empty: none
	Facts  []TopUpFact
	Back   string // address of where somebody comes from
}

func (TopUpPage) name() string { return "topup" }

// TopUpChoice is an amount that is often chosen.
type TopUpChoice struct {
	Href   string
	Amount string
}

// TopUpFact is one thing to fill in at the bank.
type TopUpFact struct {
	Label Key
	Shown string // as people read it
	Copy  string // as a bank's app takes it
}
