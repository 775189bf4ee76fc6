package page

// NewPersonPage asks, a step a page, who is to have a card: the role, the name,
// the language.
type NewPersonPage struct {
	Base
	Step     NewStep
	Form     string // makes a repeated send add one person
	Role     string
	IsShop   bool
	Name     string
	Shop     string
	Address  string
	IBAN     string
	Problems map[string]string // field → what is wrong
}

func (NewPersonPage) name() string { return "newperson" }

// NewStep is one of the steps to a new card.
type NewStep string

// The steps, in their order.
const (
	AskRole     NewStep = "role"
	AskName     NewStep = "name"
	AskLanguage NewStep = "language"
)

// TurnPage asks the volunteer to turn the screen to the person.
type TurnPage struct {
	Base
	ID   string
	Name string
}

func (TurnPage) name() string { return "turn" }

// PINPage is the pad on which a person chooses a PIN, in the person's language.
// It tells nothing about anybody.
type PINPage struct {
	Base
	ID      string
	Again   bool // the second time
	Problem string
}

func (PINPage) name() string { return "choosepin" }

// PINReadyPage tells the person that it worked, and to give the screen back.
type PINReadyPage struct {
	Base
	Next string // where the desk goes on
}

func (PINReadyPage) name() string { return "pinready" }

// CardPage shows a new card to the desk, for a quarter of an hour.
type CardPage struct {
	Base
	ID    string
	Name  string
	Code  string
	Until string
	QR    QR
}

func (CardPage) name() string { return "card" }

// LostPage follows a lost card: the old one is dead, which PIN goes with the new?
type LostPage struct {
	Base
	ID   string
	Name string
}

func (LostPage) name() string { return "lost" }

// PersonPage shows one person to the desk.
type PersonPage struct {
	Base
	ID        string
	Name      string
	Role      Key
	IsShop    bool
	HasPurse  bool
	NoPIN     bool // the person has not chosen one yet
	Shop      string
	Address   string
	IBAN      string
	Reference string // for top-ups by bank transfer, in groups of four
	Tegoed    string
	Blocked   bool
	Problem   string
	Phones    []DeviceLine
	Acts      []LogLine // what the desk did, the newest first

	Details  Details           // in the form to change them
	Problems map[string]string // field of that form → what is wrong
	Erasing  bool              // Problem is about erasing
}

func (PersonPage) name() string { return "person" }

// Details are what the desk can change about a person.
type Details struct{ Name, Shop, Address, Contract string }

// BlockPage asks why somebody is to be blocked, or no longer.
type BlockPage struct {
	Base
	ID       string
	Name     string
	Free     bool // the block is taken away
	Reasons  []Reason
	Note     string
	Problem  string // about the reason
	NoteSays string // about the note
}

func (BlockPage) name() string { return "block" }

// Reason is a reason with its picture.
type Reason struct {
	Value  string
	Icon   string
	Word   Key
	Chosen bool
}

// BlockedPage lists who is blocked, why and by whom.
type BlockedPage struct {
	Base
	People []BlockedLine
}

func (BlockedPage) name() string { return "blocked" }

// BlockedLine is one person who is blocked.
type BlockedLine struct {
	Href string
	Name string
	Icon string // of the reason
	Why  string
	When string // when and by whom
}
