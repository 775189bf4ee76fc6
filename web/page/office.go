package page

// OfficePage is where desk, treasurer, board and administrator find all that
// they may do.
type OfficePage struct {
	Base
	Places []NavItem
}

func (OfficePage) name() string { return "office" }
