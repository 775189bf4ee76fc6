package page

// LogPage is the logbook: of the whole office, or what was done about somebody's
// own account.
type LogPage struct {
	Base
	Mine  bool // the visitor's own
	Who   string
	Lines []LogLine
	More  string // address of older ones; empty: none
}

func (LogPage) name() string { return "log" }

// LogLine is one act.
type LogLine struct {
	Icon   string
	What   string
	Who    string // whom it is about; empty: the wijk, or the visitor
	Href   string // that person's page, or the proposal
	Why    string
	Facts  []Told
	By     string // when, and by whom
	Proof  string // its number in the journal
	Erased bool   // the words went with the person
}

// DataPage is all that is on file about somebody, to keep and read anywhere.
type DataPage struct {
	Base
	Made     string
	Facts    []Told
	Payments []Line
	Before   []Line // in the program of before
	Acts     []LogLine
}

func (DataPage) name() string { return "mydata" }
