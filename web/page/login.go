package page

// LoginPage asks for the code of the card and the PIN.
type LoginPage struct {
	Base
	Next    string // where to go after signing in
	Code    string // the code as typed before, kept after a mistake
	Problem string // empty: none

	Passkeys bool // staff can sign in with a passkey here
}

func (LoginPage) name() string { return "login" }

// SecondPage is the second step of signing in for shops and staff.
type SecondPage struct {
	Base
	App     bool // the code of an app will do
	Passkey bool // a passkey will do
	Problem string
}

func (SecondPage) name() string { return "second" }

// SafePage shows the second factors of who is signed in, and how to add one.
type SafePage struct {
	Base
	First      bool // there is none yet, and there must be one
	CanPasskey bool // this address takes another passkey
	Passkeys   []PasskeyLine
	App        bool   // an app shows codes
	Secret     string // for an app, in groups; empty: there is an app
	QR         QR     // the same
	Home       string
	Problem    string
}

func (SafePage) name() string { return "safe" }

// PasskeyLine is one passkey in a list.
type PasskeyLine struct{ ID, Name, Added string }

// ProblemPage says that something cannot be done, and what to do instead.
type ProblemPage struct {
	Base
	Heading Key
	Text    string
	Href    string
	Action  Key
}

func (ProblemPage) name() string { return "problem" }
