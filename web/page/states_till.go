package page

// tillStates are the states of the till and the shop.
func (x sample) tillStates() map[string]View {
	return map[string]View{
		"till":            TillPage{Base: x.base},
		"till wrong":      TillPage{Base: x.base, Typed: x.typed, Problem: x.base.T("pay.badamount")},
		"request waiting": RequestPage{Base: x.base, State: Waiting, Amount: "4,50", Code: "X", Grouped: "X-X", Until: "14:10", QR: x.qr, Payment: "ab", Seq: 7, Left: 600},
		"request paid":    RequestPage{Base: x.base, State: Paid, Amount: "4,50", Code: "X", PaidAt: "om 14:05"},
		"request expired": RequestPage{Base: x.base, State: Expired, Amount: "4,50", Code: "X"},
		"shop":            ShopPage{Base: x.base, Today: "84,50", Count: 3, Spendable: "211,00", Euros: x.euros, Lines: x.lines},
		"shop new":        ShopPage{Base: x.base, Today: "0,00", Count: 1, Spendable: "0,00", Euros: EuroOutlook{}},
		"poster":          PosterPage{Base: x.base, Shop: x.typed, Address: x.typed, Grouped: "X-X", Link: "HTTPS://A.B/P/X", QR: x.qr},
		"redeem":          RedeemPage{Base: x.base, Euros: x.euros, IBAN: "…1234", Fee: "2 %", Typed: x.typed, Problem: "x", Waiting: []Redemption{x.redemption()}, Payment: "ab", Seal: "cd"},
		"redeem no iban":  RedeemPage{Base: x.base, Euros: x.euros},
	}
}
