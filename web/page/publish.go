package page

// CirculationPage tells everybody whether the money goes round.
type CirculationPage struct {
	Base
	Verdict  Key // the answer
	Good     bool
	Rules    string               // by which sums are shown; empty: nothing was published
	Releases []CirculationRelease // the newest first
	Broken   bool                 // something was changed or taken away
	Periods  *CirculationTable    // the releases beside each other; nil for fewer than two
}

func (CirculationPage) name() string { return "circulation" }

// CirculationRelease is what was published about some months, in the words of the
// page's language.
type CirculationRelease struct {
	Period string
	Made   string // when, its number and its hash
	About  string // what all is rounded to
	Passes string // how often a coin was paid, in one sentence; empty: not shown
	Lines  []CirculationLine
	Tables []CirculationTable
	Hidden string // which figures are not shown; empty: all are

	MoreWord   string
	More       []CirculationLine // for who opens them
	MoreTables []CirculationTable
	Files      []File // the report on it
}

// CirculationLine is one published figure.
type CirculationLine struct {
	Icon  string
	Word  string
	Value string
	Help  string // what it is and what it is not
}

// CirculationTable is a sum that is told apart in parts.
type CirculationTable struct {
	Title string
	Help  string // what it is and what it is not
	Rows  []CirculationRow
}

// CirculationRow is a part of a sum.
type CirculationRow struct {
	Word  string
	Value string // empty: its share says it
	Share string // in per cents, of what is shown; empty: not told
}

// Told is the part in words.
func (r CirculationRow) Told() string {
	if r.Value == "" {
		return r.Share + " %"
	}
	return r.Value
}

// PublishPage shows what could be published next.
type PublishPage struct {
	Base
	Period string
	Wait   string // from when; empty: now
	Asked  bool   // a second person was asked
	Lines  []PublishLine
	Tables []CirculationTable
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
