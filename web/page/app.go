package page

// LanguagePage is where one of many languages is chosen; of two, the other one
// stands at the top of every page.
type LanguagePage struct {
	Base
	Back string // where to go on afterwards
}

func (LanguagePage) name() string { return "language" }

// StatesPage lists every page in every state, for who builds or translates.
type StatesPage struct {
	Base
	States []State
}

// State is one page in one state.
type State struct {
	Name  string
	Slug  string
	Links []StateLink
}

// StateLink leads to a state in one language.
type StateLink struct {
	Lang Lang
	Href string
}

func (StatesPage) name() string { return "states" }

// OfflinePage is what a telephone shows when there is no net.
type OfflinePage struct {
	Base
}

func (OfflinePage) name() string { return "offline" }
