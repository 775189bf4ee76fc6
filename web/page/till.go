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
