package page

// TeamPage lists the people of the office.
type TeamPage struct {
	Base
	Changes  bool // the visitor may ask for changes
	Team     []TeamLine
	Form     string // id of the next one
	Name     string // typed before
	Role     string
	Why      string
	Roles    []TeamRole
	Problems map[string]string
}

func (TeamPage) name() string { return "team" }

// TeamRole is a role that can be given.
type TeamRole struct {
	Value  string
	Word   Key
	Chosen bool
}

// TeamLine is one person of the office.
type TeamLine struct {
	ID       string
	Name     string
	Role     Key
	Icon     string
	Stopped  bool
	NoPIN    bool // cannot sign in yet
	HandsOut bool // the visitor lets this person choose a PIN
	Self     bool // it is the visitor
}

// TeamLoginPage lets somebody of the office choose a PIN.
type TeamLoginPage struct {
	Base
	ID      string
	Name    string
	Problem string
}

func (TeamLoginPage) name() string { return "teamlogin" }

// CorrectPage asks to move money that went to the wrong person.
type CorrectPage struct {
	Base
	ID      string // who has it
	Name    string
	Form    string
	Query   string
	People  []PersonLine // who may have to get it; Href is the id
	More    bool
	Amount  string
	Why     string
	Problem string
}

func (CorrectPage) name() string { return "correct" }
