package page

// ProposalsPage lists what one person proposed and another must look at.
type ProposalsPage struct {
	Base
	Mine   []ProposalLine // wait for the visitor
	Others []ProposalLine // wait for somebody else
	Done   []ProposalLine // decided, the newest first
}

func (ProposalsPage) name() string { return "proposals" }

// ProposalLine is one proposal in a list.
type ProposalLine struct {
	Href  string
	Icon  string
	What  string
	About string // whom it is about; empty: the wijk
	By    string // who proposed it, and when
	State string
}

// ProposalPage shows one proposal to whoever has to decide.
type ProposalPage struct {
	Base
	ID        string
	What      string
	About     string
	AboutHref string // empty: the visitor does not see that person's page
	By        string
	Why       string
	Facts     []Told
	Hash      string // as it is sent back
	HashShown string // in groups
	State     string
	Good      bool // it was done
	Icon      string
	Decided   string // who decided, and when; empty: nobody yet
	Answer    string // why it was refused, or could not be done
	Approves  bool   // the visitor may approve and refuse
	Withdraws bool   // the visitor proposed it
	Cannot    string // why the visitor can do nothing
	Problem   string
	Next      []NavItem // what is to be done after it
}

func (ProposalPage) name() string { return "proposal" }
