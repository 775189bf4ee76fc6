package page

// HelpersPage lists who may pay for somebody, for that person to see and
// change; at the desk, for the person who sits in front of it.
type HelpersPage struct {
	Base
	Address     string // where its forms go
	Owner       string // whose helpers; empty: of who is signed in
	Back        string // the person's page, at the desk
	Helpers     []HelperLine
	Invitations []InviteLine
	Acts        []Line // what helpers paid
	Full        bool   // no more can be asked
	Name, Limit string // as typed
	Problem     string
}

func (HelpersPage) name() string { return "helpers" }

// HelperLine is one helper as the owner sees one.
type HelperLine struct {
	ID    string
	Name  string
	Limit string // a day
	Typed string // the same for a field
	Used  string // today
	Since string
}

// InviteLine is an invitation that nobody has taken yet.
type InviteLine struct {
	Code    string
	Grouped string
	Name    string
	Limit   string
	Link    string
	QR      QR
	Until   string
}

// HelpingPage is a helper's home: whom they help.
type HelpingPage struct {
	Base
	Now    *HelpedLine // in whose name they act; nil: nobody's
	People []HelpedLine
	Helper bool // who is signed in has no purse of their own
}

func (HelpingPage) name() string { return "helping" }

// HelpedLine is somebody who is helped, as the helper sees them.
type HelpedLine struct {
	ID        string
	Name      string
	Spendable string
	Left      string // of today's limit
	Limit     string
	Blocked   bool
}

// Asks is what an invitation can ask of who opens it.
type Asks int

// What an invitation asks.
const (
	AskNobody   Asks = iota // this visitor cannot help
	AskMember               // yes or no
	AskNewcomer             // to sign in, or to make a login
)

// InvitePage asks whoever opens an invitation whether they want to help.
type InvitePage struct {
	Base
	Address  string // of the invitation
	Owner    string
	Limit    string
	Asks     Asks
	Form     string // makes a repeated send add one person
	Name     string
	Problem  string
	Problems map[string]string
}

func (InvitePage) name() string { return "invite" }

// Newcomer tells templates what is asked.
func (p InvitePage) Newcomer() bool { return p.Asks == AskNewcomer }

// Member tells templates what is asked.
func (p InvitePage) Member() bool { return p.Asks == AskMember }

// NewLoginPage shows the code of a new login, once.
type NewLoginPage struct {
	Base
	Name string
	Code string
	QR   QR
	Next string
}

func (NewLoginPage) name() string { return "newlogin" }

// StaffPage lists who works in a shop, for its owner.
type StaffPage struct {
	Base
	Staff    []StaffLine
	Form     string // makes a repeated send add one person
	Name     string
	Language string
	Problem  string
	Renewing string // whose new PIN Problem is about
	Problems map[string]string
}

func (StaffPage) name() string { return "staff" }

// StaffLine is somebody who works in a shop.
type StaffLine struct {
	ID      string
	Name    string
	Stopped bool
}
