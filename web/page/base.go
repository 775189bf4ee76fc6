package page

// Base is what every page has.
type Base struct {
	Lang   Lang
	Coin   string // name of the coin, as the wijk calls it
	Wijk   string // name of the neighbourhood
	Person string // name of who is signed in; empty: nobody
	Nav    []NavItem
	Own    []NavItem // places about one's own login, at the foot
	For    string    // in whose name a helper acts; empty: in their own
	Path   string    // where the language switch comes back to
	Notice Key       // what just succeeded; empty: nothing
	Ahead  string    // that rules will change; empty: they will not, or not on this page
}

// NavItem is one place in the bar at the edge of the page.
type NavItem struct {
	Href string
	Icon string
	Word Key
	Here bool // this is the page being shown
}

// lang is the language of the page.
func (b Base) lang() Lang { return b.Lang }

// T gives a text of the catalogue with the names of coin and wijk filled in.
func (b Base) T(key Key, pairs ...string) string {
	return b.Lang.Text(key, append([]string{"coin", b.Coin, "wijk", b.Wijk}, pairs...)...)
}

// Line is one entry in a list of payments.
type Line struct {
	Icon   string
	Who    string // the other party, or what happened
	When   string
	How    string // how it was authorised, on a page that tells; empty: not told
	Amount string // with its sign
	In     bool   // it came in
	Href   string // its receipt; empty: none
}

// QR is a QR code as one SVG path of unit squares, quiet zone included.
type QR struct {
	Size int // modules along one side
	Path string
}

// Problem is a refusal in words: what is wrong and what to do next.
type Problem struct {
	Text string
}
