package page

// tillStates are the states of the till and the shop.
func (x sample) tillStates() map[string]View {
	alone := x.base // on these pages there is nowhere else to go
	alone.Nav, alone.Notice = nil, ""
	return map[string]View{
		"till":            TillPage{Base: x.base},
		"till wrong":      TillPage{Base: x.base, Typed: x.typed, Problem: x.base.T("pay.badamount")},
		"till unfolded":   TillPage{Base: x.base, Typed: "12,50", Cash: "5", Open: true, OpenVAT: true, VAT: []VATField{{Name: "vat210", Rate: "21 %", Typed: x.typed}, {Name: "vat90", Rate: "9 %"}}},
		"cardread":        CardReadPage{Base: alone, Code: "X", Amount: "12,50"},
		"cardread wrong":  CardReadPage{Base: alone, Code: "X", Amount: "12,50", Problem: x.base.T("card.nocode")},
		"cardshow":        CardShowPage{Base: alone, Code: "X", Shop: x.typed, Amount: "88,88", Cash: "€ 5,00", Money: x.money(), Say: "U betaalt 88 Grulden en 88 cent.", Speech: []Speech{{Lang: Dutch, Text: x.typed, Word: "Luister"}}},
		"cardpin":         CardPINPage{Base: alone, Code: "X", Shop: x.typed, Amount: "12,50", Again: true},
		"cardpin wrong":   CardPINPage{Base: alone, Code: "X", Shop: x.typed, Amount: "12,50", Again: true, Problem: x.base.T("card.wrong")},
		"cardpin refused": CardPINPage{Base: alone, Code: "X", Shop: x.typed, Amount: "12,50", Problem: x.base.T("card.short")},
		"slip":            SlipPage{Base: alone, Shop: x.typed, Address: x.typed, Amount: "12,50", Cash: "€ 5,00", Total: "€ 17,50", Refunded: "2,00", VAT: []VATSum{{"21 %", "€ 17,50", "€ 3,04"}}, When: "2 maart 2026, 12:00", Number: "AB12-CD34"},
		"request cash":    RequestPage{Base: alone, State: Waiting, Amount: "4,50", Cash: "€ 5,00", Code: "X", Grouped: "X-X", Until: "14:10", QR: x.qr, Payment: "ab", Seq: 7, Left: 600},
		"payments":        PaymentsPage{Base: x.base, Days: []PaymentsDay{{Day: "2026-03-02", Heading: "Vandaag", Href: "/shop/day", Lines: x.lines}}, Older: "/shop/payments?before=3"},
		"payments none":   PaymentsPage{Base: x.base},
		"refund":          RefundPage{Base: x.base, ID: "1", Day: "Vandaag", Line: x.lines[0], Amount: "12,50", Cash: "€ 5,00", Number: "AB12-CD34", Left: "8,50", Refunded: "4,00", Value: "8,50"},
		"refund wrong":    RefundPage{Base: x.base, ID: "1", Day: "Vandaag", Line: x.lines[0], Amount: "12,50", Number: "AB12-CD34", Left: "12,50", Value: "12,50", Typed: x.typed, Problem: x.base.T("refund.short")},
		"refund sure":     RefundPage{Base: x.base, ID: "1", Day: "Vandaag", Line: x.lines[0], Amount: "12,50", Cash: "€ 5,00", Number: "AB12-CD34", Left: "12,50", Give: "12,50", Value: "12.50", Melted: "0,07", Key: "ab", Seal: "cd"},
		"refund done":     RefundPage{Base: x.base, ID: "1", Day: "Vandaag", Line: x.lines[0], Amount: "12,50", Number: "AB12-CD34", Refunded: "12,50"},
		"day":             DayPage{Base: x.base, Shop: x.typed, Date: "2 maart 2026", Open: true, Count: 14, Paid: "184,50", Returns: 1, Returned: "−4,00", Net: "180,50", Cash: "€ 25,00", VAT: []VATSum{{"21 %", "€ 121,00", "€ 21,00"}, {"9 %", "€ 43,60", "€ 3,60"}}, NoVAT: "€ 40,90", Staff: []StaffSum{{Name: x.typed, Count: 12, Paid: "170,00", Returned: "−4,00"}, {Name: "Via de poster", Count: 2, Paid: "14,50"}}, First: "09:02", Last: "17:31", FirstSeq: "12345", LastSeq: "12391", Before: "/shop/day?day=2026-03-01", CSV: "/shop/day.csv", XLSX: "/shop/day.xlsx"},
		"day empty":       DayPage{Base: x.base, Shop: x.typed, Date: "1 maart 2026", Paid: "0,00", Net: "0,00", Before: "/shop/day?day=2026-02-28", After: "/shop/day?day=2026-03-02", CSV: "/shop/day.csv", XLSX: "/shop/day.xlsx"},
		"nonet":           NoNetPage{Base: x.base, Shop: x.typed, Secret: "ab"},
		"receipt confirm": ReceiptPage{Base: x.base, Who: x.typed, Amount: "4,50", When: "2 maart 2026, 12:00:00", Number: "AB12-CD34", Confirm: "895 887 151", Home: "/wallet"},
		"request waiting": RequestPage{Base: alone, State: Waiting, Amount: "4,50", Code: "X", Grouped: "X-X", Until: "14:10", QR: x.qr, Payment: "ab", Seq: 7, Left: 600},
		"request paid":    RequestPage{Base: alone, State: Paid, Amount: "4,50", Code: "X", PaidAt: "om 14:05", Fresh: true, Slip: "/shop/payments/1/slip", Mark: MakeDayMark(func(string, int) int { return 1 })},
		"request expired": RequestPage{Base: alone, State: Expired, Amount: "4,50", Code: "X"},
		"shop":            ShopPage{Base: x.base, Today: "84,50", Count: 3, Spendable: "211,00", Euros: x.euros, Others: []ShopLine{{Name: x.typed, Goods: x.typed, Icon: "shop"}}, Waiting: []Redemption{{State: "redeem.sent", When: "1 maart", Payout: "€ 80,00"}}, Lines: x.lines},
		"shop new":        ShopPage{Base: x.base, Today: "0,00", Count: 1, Spendable: "0,00", Euros: EuroOutlook{}},
		"poster":          PosterPage{Base: x.base, Shop: x.typed, Address: x.typed, Grouped: "X-X", Link: "HTTPS://A.B/P/X", QR: x.qr},
		"redeem":          RedeemPage{Base: x.base, Euros: x.euros, IBAN: "…1234", Fee: "2 %", Clock: x.base.T("redeem.clock", "days", "3", "most", "9"), Back: []string{x.base.T("redeem.back", "amount", "€ 9,80", "day", "7 april", "why", x.typed)}, Typed: x.typed, Problem: "x", Waiting: []Redemption{x.redemption()}, Payment: "ab", Seal: "cd"},
		"redeem no iban":  RedeemPage{Base: x.base, Euros: x.euros},
	}
}

func (x sample) money() Money {
	return Money{Words: "1 keer een briefje van 50 euro", Pieces: []Piece{
		{Note: true, Class: "euro50", Face: "50", Width: 140, Times: "4"},
		{Note: true, Class: "euro20", Face: "20", Width: 133},
		{Class: "euro2", Face: "2", Width: 52},
		{Class: "cent5", Face: "5", Cent: true, Width: 42},
	}}
}
