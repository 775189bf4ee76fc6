package page

// TillPage asks the shop for an amount.
type TillPage struct {
	Base
	Typed   string
	Cash    string // the part in cash, as typed
	Open    bool   // the part in cash is unfolded
	Secret  string // the name of the secret that the till needs without a net
	VAT     []VATField
	OpenVAT bool
	Problem string
}

func (TillPage) name() string { return "till" }

// RequestState is where a payment request stands.
type RequestState string

// The states of a payment request.
const (
	Waiting RequestState = "waiting"
	Paid    RequestState = "paid"
	Expired RequestState = "expired"
)

// RequestPage shows a QR code to the customer and waits for the payment.
type RequestPage struct {
	Base
	State   RequestState
	Amount  string
	Cash    string // what is paid in cash beside it; empty: nothing
	Code    string // for the address
	Grouped string // for people
	Until   string
	Left    int // seconds until the code expires
	PaidAt  string
	Fresh   bool    // it was paid a moment ago, and this page is the first to say so
	Mark    DayMark // of the day of the payment, or of today
	QR      QR
	Payment string // payment id that the live feed will report
	Slip    string // where the receipt to print is
	Seq     uint64 // the page knows the ledger up to here
}

func (RequestPage) name() string { return "request" }

// ShopPage is a shop's home: today, and what can become euros.
type ShopPage struct {
	Base
	Today     string
	Count     int
	Spendable string
	Euros     EuroOutlook
	Waiting   []Redemption // requests for euros that are on their way
	Others    []ShopLine   // where to spend it instead
	Lines     []Line
	Seq       uint64
}

func (ShopPage) name() string { return "shop" }

// EuroOutlook is what can become euros now, and why the rest cannot yet.
type EuroOutlook struct {
	Now   string
	Some  bool   // Now is more than nothing
	Line  string // all of it in one line; empty: there is nothing
	Later []LaterEuro
}

// LaterEuro is an amount that can become euros later.
type LaterEuro struct {
	Amount string
	Why    string // from a day, or after more payments
}

// PosterPage is the sheet with the printed code of a shop.
type PosterPage struct {
	Base
	Shop    string
	Address string
	Grouped string
	Link    string
	QR      QR
}

func (PosterPage) name() string { return "poster" }

// RedeemPage lets a shop ask for euros.
type RedeemPage struct {
	Base
	Euros   EuroOutlook
	IBAN    string   // its last digits only; empty: none on file
	Fee     string   // fee in percent; empty: none
	Clock   string   // how long shops waited for euros; empty: nobody did yet
	Back    []string // payouts that the bank sent back, each with the reason
	Typed   string
	Problem string
	Waiting []Redemption

	Payment string // id of the request behind the button
	Seal    string
}

func (RedeemPage) name() string { return "redeem" }

// Redemption is one request for euros.
type Redemption struct {
	ID         string
	Shop       string
	IBAN       string
	Amount     string
	Payout     string
	When       string
	State      Key
	Holder     string // of the bank account, as the bank has it
	Check      string // when the bank was asked whether name and IBAN belong together
	Person     string // address of the page with the bank account; empty: nobody is known
	Why        string // why it cannot be paid; empty: it can
	CanApprove bool
}
