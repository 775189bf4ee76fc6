package page

// CouponsPage has paper coupons made for somebody, and lists those there are.
type CouponsPage struct {
	Base
	Action  string
	Name    string // for whom; empty: the visitor
	ID      string // of the sheet that the form makes
	Has     string
	Faces   []CashFace
	Sheets  []CouponSheet
	Lines   []CashLine
	Back    string
	Problem string
}

func (CouponsPage) name() string { return "coupons" }

// CouponSheet is a sheet to print.
type CouponSheet struct {
	Href string
	When string
	What string
}

// CouponBookPage books coupons that a shop took: first which shop, then the codes.
type CouponBookPage struct {
	Base
	Action  string
	Query   string
	Shops   []PersonLine // Href leads on
	More    bool
	Shop    string // id; empty: none is chosen yet, or it is the visitor's
	Name    string // empty: none is chosen yet
	Typed   string
	Results []CashLine
	Sum     string // booked now
	Desk    bool   // may take coupons back
	Problem string
}

func (CouponBookPage) name() string { return "couponbook" }
