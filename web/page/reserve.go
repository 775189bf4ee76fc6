package page

// ReservePage tells everybody whether there is a euro for each Grulden.
type ReservePage struct {
	Base
	Verdict Key // the answer
	Good    bool
	Known   bool   // the bank has said something
	Percent string // of what is needed; empty: nothing is
	Short   string // what is missing; empty: nothing
	Need    []ReserveLine
	Have    []ReserveLine
	NeedSum string
	HaveSum string
	Clock   string   // how fast shops get euros; empty: not known
	Doubts  []string // what the page does not prove
}

func (ReservePage) name() string { return "reserve" }

// ReserveLine is a figure and where it comes from.
type ReserveLine struct {
	Icon   string
	Word   Key
	Amount string
	From   string
}

// ReservePosterPage is a sheet to hang at the door.
type ReservePosterPage struct {
	Base
	Verdict Key
	Good    bool
	Percent string
	Need    string
	Have    string
	Day     string // of the sheet
	Bank    string // of the bank's statement; empty: none yet
	QR      QR     // leads to the page
	Address string
}

func (ReservePosterPage) name() string { return "reserveposter" }

// BooksPage shows the foundation's books.
type BooksPage struct {
	Base
	From, To string // of the files, as a field has them
	Day      string
	Problem  string
	Accounts []BookLine
	Ties     []TieLine
	Alarms   []BookLine
	Files    []FileLink
}

func (BooksPage) name() string { return "books" }

// BookLine is an account of the books and what stands on it.
type BookLine struct {
	Number, Name, RGS string
	Debit, Credit     string
}

// TieLine holds a figure of the books against another.
type TieLine struct {
	Word         Key
	Books, Other string
	Holds        bool
}

// FileLink leads to a file.
type FileLink struct {
	Href, Name string
	Help       Key
}

// AuditPage shows what explains every euro, and what nothing explains.
type AuditPage struct {
	Base
	Day     string
	Verdict string
	Good    bool
	Sums    []AuditSum
	Red     []AuditLine
	Look    []AuditLine
	More    string // how many are not shown; empty: none
}

func (AuditPage) name() string { return "audit" }

// AuditSum counts one kind of thing.
type AuditSum struct {
	Word                     Key
	Count, Amount, Look, Red string
	Bad                      bool
}

// AuditLine is one thing that somebody should look at.
type AuditLine struct {
	Day    string
	What   Key
	Why    Key
	Amount string
	Ref    string // its number in the journal, or at the bank
	By     string // who; empty: nobody of the wijk
}

// NetworkPage shows the volume that the supervisor asks about, and the shops.
type NetworkPage struct {
	Base
	Volume   string
	Limit    string
	Percent  string
	Share    int // in per cent, at most 100, for the bar
	Warning  string
	Calm     bool
	Period   string
	Payments string
	Peak     string
	Shops    []NetworkShop
	Missing  string // how many lack a date or a postcode; empty: none
	CSV      string
}

func (NetworkPage) name() string { return "network" }

// NetworkShop is a shop of the closed list.
type NetworkShop struct {
	Name, Goods, Area, Contract string
	Href                        string // where the desk mends it; empty: not for this visitor
}
