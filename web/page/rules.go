package page

// RulesPage tells everybody by which rules the coin goes round, and which will
// change.
type RulesPage struct {
	Base
	Since  string
	Now    []RuleLine
	Coming []RulesAhead
}

func (RulesPage) name() string { return "rules" }

// RuleLine is one rule in words.
type RuleLine struct {
	Icon string
	Text string
	Was  string // the same today; empty on a page of today's rules
}

// RulesAhead are the rules that change on one day.
type RulesAhead struct {
	From    string
	Changes []RuleLine
}

// RulesFormPage is where other rules of one kind are filled in.
type RulesFormPage struct {
	Base
	Title    Key
	Help     Key
	Action   string
	From     string // empty: they hold as soon as they are agreed to
	Earliest string
	Fields   []RuleField
	Problem  string
	Others   []RulesOther
}

func (RulesFormPage) name() string { return "rulesform" }

// RulesOther is where rules of another kind are changed.
type RulesOther struct {
	Href  string
	Label Key
}

// RuleField is one figure of the rules.
type RuleField struct {
	Name    string
	Label   Key
	Help    Key // empty: none
	Value   string
	Options []RuleOption // of a choice; none for a field to type in
}

// RuleOption is one answer of a choice.
type RuleOption struct {
	Value string
	Label Key
	Here  bool
}

// RulesTryPage shows what other rules would have done, before they are proposed.
type RulesTryPage struct {
	Base
	Title   Key
	Begin   string // from when they hold
	Changes []RuleLine
	Period  string // that was tried; empty: nothing was
	Groups  []RulesGroup
	Fields  []RuleField // what was filled in, to be proposed
	Action  string
	Back    string
	Form    string
	Why     string
	Problem string
}

func (RulesTryPage) name() string { return "rulestry" }

// RulesGroup is what people of one kind would have noticed.
type RulesGroup struct {
	Icon  string
	Name  string
	Lines []RuleChange
}

// RuleChange is one figure as it was and as it would have been.
type RuleChange struct {
	What  string
	Was   string
	Would string
	More  bool // it is not the same
}
