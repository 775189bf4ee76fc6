package page

// ReportHead is what the evaluator's pages have in common: the period they are
// about, and where the other pages are.
type ReportHead struct {
	Base
	Here     string // address of this page, for the form
	From, To string // YYYY-MM-DD, for the form
	Period   string // in words; empty: there is none
	Choices  []SpanChoice
	Topics   []NavItem
	Problem  string
	Compared string // with what the figures are compared, or that they are not; empty: no figures
}

// SpanChoice is a period that can be asked for with one click.
type SpanChoice struct {
	Href string
	Word Key
	Here bool
}

// ReportPage answers on one screen whether the money goes round.
type ReportPage struct {
	ReportHead
	Verdict  Key
	Icon     string // of the verdict
	Good     bool   // the verdict is a whole yes
	Sentence string // the one figure that the verdict follows from
	Facts    []Fact
	Files    []File
}

func (ReportPage) name() string { return "report" }

// Fact is one figure of the answer: a question, a number, what it means and what
// it does not.
type Fact struct {
	Icon     string
	Question string
	Value    string
	Before   string // what it was in the period before; empty: not known
	Sentence string
	Not      string
	Href     string // where there is more
}

// File is something to take home.
type File struct {
	Href string
	Name string
}

// TopicPage shows the figures of one question as charts and tables.
type TopicPage struct {
	ReportHead
	Title   Key
	Lead    Key
	Rows    []ReportRow
	Figures []Figure
}

func (TopicPage) name() string { return "reporttopic" }

// FiguresPage lists all figures that are one number.
type FiguresPage struct {
	ReportHead
	Rows []ReportRow
	CSV  string // address of the same figures as CSV
	JSON string
}

func (FiguresPage) name() string { return "reportfigures" }

// ReportRow is one figure and how it is counted.
type ReportRow struct {
	Label      string
	Value      string
	Unit       string
	Before     string // what it was in the period before; empty: not known
	Definition string
	Caveat     string // what it does not show; empty: nothing to say
	Formula    string // empty: none
	Version    string
}

// Figure is a table that browsers draw: the chart is made from the cells that
// stand here, so that both say the same.
type Figure struct {
	Key        string // its place on the page
	Chart      string // line, bars, stack, heat or sankey
	Title      string
	Sentence   string
	Definition string
	Caveat     string
	Formula    string // empty: none
	Version    string
	Flow       bool // rows are flows from something to something
	Columns    []FigureColumn
	Rows       []FigureRow
	CSV        string // address of the same numbers as CSV
	File       string // name of a picture of it, without its ending
	Source     string // what stands under a picture of it
}

// FigureColumn is what one number of each row is.
type FigureColumn struct {
	Label string
	Unit  string
	Aside bool // it stands in the table, and not in the chart
}

// FigureRow is one thing that a figure tells of.
type FigureRow struct {
	Label    string
	From, To string // in a flow
	Cells    []FigureCell
}

// FigureCell is one number.
type FigureCell struct {
	Value  string // with a decimal point, for drawing; empty: none
	Shown  string
	Hidden bool // it would tell about somebody
}

// ReportMapPage shows where in the wijk the payments arrive.
type ReportMapPage struct {
	ReportHead
	Map   *WijkMap // nil: the wijk has no map
	Rows  []MapRow
	Blank string // what is not on the map; empty: nothing
}

func (ReportMapPage) name() string { return "reportmap" }

// MapRow is a shop and what it was paid.
type MapRow struct {
	Number string // on the map; empty: it is not there
	Name   string
	Amount string
	Share  string
}
