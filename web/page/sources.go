package page

// SourcesPage lists the money of others for many people, and what was issued
// without any euros.
type SourcesPage struct {
	Base
	Sources []SourceLine
	Kinds   []SourceKind
	Form    string // id of a new source
	Typed   string
	May     bool         // the visitor may add sources and propose
	Bare    []SourceBare // issued without euros, for ever
	Problem string
}

func (SourcesPage) name() string { return "sources" }

// SourceLine is one source in a list.
type SourceLine struct {
	Href string // empty: leads nowhere
	Name string
	Kind Key
	In   string
	Left string
}

// SourceKind is one kind of money to choose.
type SourceKind struct {
	Value  string
	Word   Key
	Chosen bool
}

// SourceBare is one issue that no euros stand for.
type SourceBare struct {
	When   string
	Who    string
	Amount string
	Why    string
	By     string
}

// SourcePage is one source: what fills it and its lists.
type SourcePage struct {
	Base
	ID      string
	Name    string
	Kind    Key
	In      string
	Paid    string
	Left    string
	May     bool
	Filled  []BankEntry // that came in
	Open    []BankEntry // that can still be assigned to it
	Lists   []SourceList
	Form    string // id of a new list
	Problem string
}

func (SourcePage) name() string { return "source" }

// SourceList is one list of a source.
type SourceList struct {
	Href  string
	Name  string
	When  string
	State string
	Sum   string
}

// SourceListPage is one list: a preview, on its way, or done.
type SourceListPage struct {
	Base
	ID      string
	Name    string
	Source  string
	Back    string
	State   string // preview, waiting, running or done
	Sum     string
	Left    string
	Good    string
	Bad     string
	Done    string
	Percent int
	May     bool // the visitor may propose it
	Typed   string
	Lines   []BatchLine
	More    string
	Problem string
}

func (SourceListPage) name() string { return "sourcelist" }

// BareIssuePage proposes to issue without euros.
type BareIssuePage struct {
	Base
	Query   string
	People  []PersonLine
	More    bool
	ID      string // of the proposal; empty: nobody is chosen yet
	Person  string
	Name    string
	Typed   string
	Why     string
	Problem string
}

func (BareIssuePage) name() string { return "bareissue" }

// ReceivedPage is what somebody got from sources in a year.
type ReceivedPage struct {
	Base
	Who     string
	Year    string
	Sums    []ReceivedSum
	Lines   []ReceivedLine
	Month   string // how much reward there was this month and may be; empty: not this year
	InYear  string
	Earlier string
	Later   string
	Back    string
}

func (ReceivedPage) name() string { return "received" }

// ReceivedSum is what one source gave in a year.
type ReceivedSum struct {
	Source string
	Kind   Key
	Amount string
}

// ReceivedLine is one thing that was given.
type ReceivedLine struct {
	When   string
	Source string
	Amount string
}
