package page

// VATField is where the part of a sale at one rate is typed.
type VATField struct {
	Name  string // of the field
	Rate  string // 21 %
	Typed string
}

// CardReadPage reads a customer's card.
type CardReadPage struct {
	Base
	Code    string // of the request
	Amount  string
	Problem string
}

func (CardReadPage) name() string { return "cardread" }

// CardShowPage shows the customer what is to be paid, before the PIN.
type CardShowPage struct {
	Base
	Code   string // of the request
	Shop   string
	Amount string
	Cash   string // what is paid in cash beside it; empty: nothing
	Money  Money
	Say    string   // the amount and the shop in words, to be read aloud
	Speech []Speech // the same in the other languages
}

func (CardShowPage) name() string { return "cardshow" }

// Money is an amount laid out in notes and coins.
type Money struct {
	Pieces []Piece
	Words  string // the same, for who cannot see it
}

// Piece is the drawing of a note or a coin, or of several alike.
type Piece struct {
	Note  bool
	Class string // what colours it has
	Face  string // the number on it
	Cent  bool   // the number counts cents
	Width int    // in units of the drawing
	Times string // how many there are of it; empty: one
}

// Speech is a sentence to be read aloud in a language.
type Speech struct {
	Lang Lang
	Text string
	Word string // on the button
}

// CardPINPage is where the customer types the PIN.
type CardPINPage struct {
	Base
	Code    string // of the request
	Shop    string
	Amount  string
	Again   bool // a PIN may be typed
	Problem string
}

func (CardPINPage) name() string { return "cardpin" }

// SlipPage is the receipt that a shop prints. It names no customer.
type SlipPage struct {
	Base
	Shop     string
	Address  string
	Amount   string
	Cash     string // paid in cash beside it; empty: nothing
	Total    string // both together; empty: there is no cash
	Refunded string // empty: nothing was given back
	VAT      []VATSum
	When     string
	Number   string
}

func (SlipPage) name() string { return "slip" }

// VATSum is how much was sold at one rate of VAT, and how much VAT is in it.
type VATSum struct {
	Rate   string
	Amount string
	VAT    string
}

// PaymentsPage lists what came in at a shop, by day.
type PaymentsPage struct {
	Base
	Days  []PaymentsDay
	Older string // where older ones are; empty: there are none
}

func (PaymentsPage) name() string { return "payments" }

// PaymentsDay is a day of a shop's list.
type PaymentsDay struct {
	Day     string
	Heading string
	Href    string // its report
	Lines   []Line
}

// RefundPage shows one payment to its shop, and gives it back.
type RefundPage struct {
	Base
	ID       string
	Day      string
	Line     Line
	Amount   string
	Cash     string // paid in cash beside it; empty: nothing
	Number   string
	Left     string // what can still be given back; empty: nothing
	Refunded string // empty: nothing yet
	Melted   string // what of it melted meanwhile; empty: nothing
	Typed    string
	Problem  string

	Give  string // what is about to be given back; empty: not asked yet
	Value string // the same for the form
	Key   string // behind the button that gives it back
	Seal  string
}

func (RefundPage) name() string { return "refund" }

// DayPage is a shop's day (Z).
type DayPage struct {
	Base
	Shop     string
	Date     string
	Open     bool // the day is not over
	Count    int
	Paid     string
	Returns  int
	Returned string // with its sign; empty: nothing
	Net      string
	Cash     string // noted beside it; empty: nothing
	VAT      []VATSum
	NoVAT    string // for which no rate was noted; empty: nothing
	Staff    []StaffSum
	First    string // time of the first payment or refund; empty: there is none
	Last     string
	FirstSeq string
	LastSeq  string
	Before   string // address of the day before
	After    string // and of the day after; empty: it is to come
	CSV      string
	XLSX     string
}

func (DayPage) name() string { return "day" }

// StaffSum is what somebody charged on a day.
type StaffSum struct {
	Name     string
	Count    int
	Paid     string
	Cash     string // empty: nothing
	Returned string // with its sign; empty: nothing
}

// NoNetPage is the till for when the shop has no net. Tills keep it.
type NoNetPage struct {
	Base
	Shop   string
	Secret string // the name of the secret that the till must have
}

func (NoNetPage) name() string { return "nonet" }
