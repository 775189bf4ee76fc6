package page

// CirculationPage tells everybody whether the money goes round.
type CirculationPage struct {
	Base
	Verdict  Key // the answer
	Good     bool
	Rules    string               // by which sums are shown; empty: nothing was published
	Releases []CirculationRelease // the newest first
}

func (CirculationPage) name() string { return "circulation" }

// CirculationRelease is what was published about some months, in the words of the
// page's language.
type CirculationRelease struct {
	Period string
	Made   string // when, its number and its hash
	Passes string // how often a coin was paid, in one sentence; empty: not shown
	Lines  []CirculationLine
	Hidden string // which figures are not shown; empty: all are
	Files  []File // the report on it
}

// CirculationLine is one published figure.
type CirculationLine struct {
	Icon  string
	Word  string
	Value string
	Help  string // what it is and what it is not
}

// PublishPage shows what could be published next.
type PublishPage struct {
	Base
	Period string
	Wait   string // from when; empty: now
	Asked  bool   // a second person was asked
	Lines  []PublishLine
	Rules  string
	Form   string
}

func (PublishPage) name() string { return "publish" }

// PublishLine is a figure as it would be published, or why it would not be.
type PublishLine struct {
	Word  Key
	Value string
	Why   Key // it is hidden
}
