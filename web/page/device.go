package page

// OwnCardPage is where the QR code on a card leads: it asks for the PIN.
type OwnCardPage struct {
	Base
	Code    string // as the form sends it
	Grouped string // as it stands on the card
	AtTill  bool   // a shop scanned it: no PIN is asked on this page
	Problem string
}

func (OwnCardPage) name() string { return "owncard" }

// EnrolPage offers to make a phone somebody's wallet.
type EnrolPage struct {
	Base
	ID      string // of the device, made by the server
	Device  string // its name, to be changed
	Account string // whose payments it will sign
	Devices string // ids of those that sign for it already
	Home    string
	AsksPIN bool // the sign-in by card and PIN was too long ago
	Problem string
}

func (EnrolPage) name() string { return "enrol" }

// DevicesPage lists the phones that sign for somebody.
type DevicesPage struct {
	Base
	Devices []DeviceLine
	Account string // for the script that forgets keys that are of no use
	In      string // ids of all, for the same script
	Here    string // id of the one that shows this page; empty: none
	Problem string
}

func (DevicesPage) name() string { return "devices" }

// DeviceLine is one phone in the list.
type DeviceLine struct {
	ID       string
	Name     string
	Since    string
	Used     string // empty: not known
	Here     bool   // this is the one that shows the page
	Removing bool   // it was asked to be removed, without saying that it is sure
}

// Signing is what a form needs so that a phone can sign it: see sign.js.
type Signing struct {
	Account string // of who signs
	Devices string // ids of the devices that may
	Here    string // id of the device this session belongs to: it must sign; empty: none
	Message string // all that is signed but the time, which comes last
	Now     string // the time by the server's clock, in Unix seconds
}

// Note is something that somebody should know, on the first page.
type Note struct {
	Icon string
	Text string
	Href string // where something can be done about it; empty: nowhere
	Word Key    // the words of that link
	Warn bool   // something went wrong
}
