package page

// WindPage is how far the end of the coin is, and what comes next.
type WindPage struct {
	Base
	Facts   []Told
	Next    Key // the next step, in words
	Action  string
	Button  Key // empty: nothing to press now
	Sure    Key // what must be ticked before
	Form    string
	Asks    bool // a reason is asked for
	ByHand  []FundLine
	Problem string
}

func (WindPage) name() string { return "wind" }

// FinalsPage is the last statement of everybody, one on a sheet.
type FinalsPage struct {
	Base
	Finals []FinalLine
}

func (FinalsPage) name() string { return "finals" }

// FinalLine is the last statement of one account.
type FinalLine struct {
	Who string
	Sum string
	How string
}
