package page

// OfficePage is where desk, treasurer, board and administrator find all that
// they may do.
type OfficePage struct {
	Base
	Places []NavItem
}

func (OfficePage) name() string { return "office" }

// Told is one thing that will be done, or was, as it is told to who must judge it.
type Told struct {
	What  string
	Value string
}
