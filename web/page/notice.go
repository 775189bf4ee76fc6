package page

// NoticesPage lists what somebody was told.
type NoticesPage struct {
	Base
	Notices []NoticeLine
}

// NoticeLine is one thing that somebody was told.
type NoticeLine struct {
	Icon  string
	Title string
	Text  string
	When  string
	New   bool // not read before
}

func (NoticesPage) name() string { return "notices" }

// TellMePage is where somebody chooses how to be told.
type TellMePage struct {
	Base
	Mails   bool   // this server can send e-mail
	Email   string // the address in use; empty: none
	Asked   string // the address that waits for its code; empty: none
	Typed   string // what was typed and refused
	PushKey string // for browsers that want to be told; empty: they cannot be
	Phones  string // how many are told, in words; empty: none
	Letters bool   // letters are wanted
	Problem string
}

func (TellMePage) name() string { return "tellme" }

// LettersPage is the desk's pile of letters to print.
type LettersPage struct {
	Base
	Letters []LetterLine
	Count   string // in words; empty: none
	UpTo    string // the last of them, as it is sent back
}

// LetterLine is one letter to print.
type LetterLine struct {
	Icon string
	Who  string
	What string
	When string
}

func (LettersPage) name() string { return "letters" }
