package page

// WhatIfPage is where other rules are chosen, to be set beside those of today.
type WhatIfPage struct {
	Base
	On       []WhatIfChoice // what they are tried on
	Worlds   []WhatIfChoice // how many seeds
	Rules    []WhatIfChoice // well-known other rules
	Fields   []RuleField    // one's own
	Opened   bool           // one's own were filled in
	Text     string         // of one's own model
	OwnModel bool           // it is chosen
	About    []WhatIfChoice // what its numbers are
	Problem  string
}

func (WhatIfPage) name() string { return "whatif" }

// WhatIfChoice is one answer to tick.
type WhatIfChoice struct {
	Value string
	Label string
	Help  string
	Here  bool
	Start string // where it can be changed
}

// WhatIfChosen is a field as it was sent.
type WhatIfChosen struct{ Name, Value string }

// WhatIfSeenPage sets what other rules would mean beside those of today.
type WhatIfSeenPage struct {
	Base
	Lead      string   // on what they were tried, and when
	Caveats   []string // what it does not show
	Assumed   []string // what a made-up wijk takes for granted
	Scenarios []WhatIfScenario
	Tables    []WhatIfTable
	Same      string // said of a figure that is not clearly another
	Bold      string // what is bold in the tables
	First     string // how the rules of today are called here
	Chosen    []WhatIfChosen
}

func (WhatIfSeenPage) name() string { return "whatifseen" }

// WhatIfScenario is other rules and the first that is to be said of them.
type WhatIfScenario struct {
	Name    string
	Changes []RuleLine
	Told    []RuleChange
}

// WhatIfTable is one group, scenarios beside each other.
type WhatIfTable struct {
	Title string
	Rows  []WhatIfRow
}

// WhatIfRow is one figure under each scenario.
type WhatIfRow struct {
	Label string
	Help  string
	Cells []WhatIfCell // the first under the rules of today
}

// WhatIfCell is one figure under one scenario.
type WhatIfCell struct {
	Name  string // of the scenario
	Value string
	Range string // of several worlds, from the lowest to the highest
	Count string // and in how many it is more or less
	Moved bool   // it is not as under the rules of today
}
