package page

// WhatIfPage is where other rules are chosen, to be set beside those of today.
type WhatIfPage struct {
	Base
	On      []WhatIfChoice // what they are tried on
	Rules   []WhatIfChoice // well-known other rules
	Fields  []RuleField    // one's own
	Opened  bool           // one's own were filled in
	Problem string
}

func (WhatIfPage) name() string { return "whatif" }

// WhatIfChoice is one answer to tick.
type WhatIfChoice struct {
	Value string
	Label string
	Help  string
	Here  bool
}

// WhatIfSeenPage sets what other rules would mean beside those of today.
type WhatIfSeenPage struct {
	Base
	Lead      string   // on what they were tried, and when
	Caveats   []string // what it does not show
	Scenarios []WhatIfScenario
	Tables    []WhatIfTable
	First     string // how the rules of today are called here
	CSV, JSON string
	Back      string
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

// WhatIfRow is one figure: first under the rules of today, then under the others.
type WhatIfRow struct {
	Label string
	Help  string
	Was   string
	Cells []WhatIfCell
}

// WhatIfCell is one figure under one scenario.
type WhatIfCell struct {
	Name  string // of the scenario
	Value string
	Moved bool // it is not as under the rules of today
}
