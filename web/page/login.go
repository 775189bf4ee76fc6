package page

// LoginPage asks for the code of the card and the PIN.
type LoginPage struct {
	Base
	Next    string // where to go after signing in
	Code    string // the code as typed before, kept after a mistake
	Problem string // empty: none
}

func (LoginPage) name() string { return "login" }

// ProblemPage says that something cannot be done, and what to do instead.
type ProblemPage struct {
	Base
	Heading Key
	Text    string
	Href    string
	Action  Key
}

func (ProblemPage) name() string { return "problem" }
