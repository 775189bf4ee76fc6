package page

// WorthPage tells what the coin cost and brought, with every assumption.
type WorthPage struct {
	Base
	Answer   string
	Numbers  []WorthNumber
	Warnings []WorthWarning
	Parts    []WorthPart
	Tables   []WorthTable
	Formula  string
	Saved    string // when this was saved; empty: nothing is there yet
	Older    bool   // it is not the last one
	Earlier  []NavLink
	JSON     string
}

func (WorthPage) name() string { return "worth" }

// WorthNumber is the low, the likely or the high answer.
type WorthNumber struct {
	Label string
	Value string
	Main  bool
}

// WorthWarning is what a reader must know first.
type WorthWarning struct {
	Where string // the line it is about; empty: all of it
	Text  string
}

// WorthPart is one part of the sheet.
type WorthPart struct {
	ID    string
	Title string
	Help  string
	Lines []WorthLine
	Add   string // where a line is added; empty: not here
}

// WorthLine is one line of a part, with what was filled in.
type WorthLine struct {
	Title string
	Href  string // where it is changed; empty: not here
	Facts []WorthFact
}

// WorthFact is one thing that was filled in.
type WorthFact struct{ Name, Value string }

// WorthTable is one part of the answer.
type WorthTable struct {
	Title, Sentence, Caveat, Formula string
	Columns                          []string
	Rows                             []WorthRow
}

// WorthRow is one row of such a table.
type WorthRow struct {
	Label string
	Cells []string
}

// NavLink is a link in words.
type NavLink struct{ Href, Text string }

// WorthLinePage asks for one line of the sheet.
type WorthLinePage struct {
	Base
	Title   string
	Part    string
	Line    string // empty: a new one
	Based   string // the sheet that it is made from
	Fields  []WorthField
	Problem string
	May     bool // it can be taken away
}

func (WorthLinePage) name() string { return "worthline" }

// WorthField is one thing to fill in.
type WorthField struct {
	ID, Name, Help, Unit string
	Problem              string
	Needed               bool
	Day                  bool
	Wide                 bool // three numbers
	Short                bool // one line of text
	Text                 string
	Least, Likely, Most  string
	Options              []WorthOption
}

// WorthOption is one of the choices of a field.
type WorthOption struct {
	Value, Word string
	Chosen      bool
}
