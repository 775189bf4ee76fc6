package page

// reserveStates are the states of the pages about the euros behind the coin.
func (x sample) reserveStates() map[string]View {
	need := []ReserveLine{
		{"people", "reserve.holders", "€ 12.345,67", x.nobody.T("reserve.ledger", "day", "3 december 2026")},
		{"gift", "reserve.fund", "€ 234,56", x.nobody.T("reserve.ledger", "day", "3 december 2026")},
		{"clock", "reserve.asked", "€ 300,00", x.nobody.T("reserve.ledger", "day", "3 december 2026")},
		{"question", "reserve.unclear", "€ 25,00", x.nobody.T("reserve.both")},
	}
	have := []ReserveLine{
		{"bank", "reserve.bank", "€ 12.800,23", x.nobody.T("reserve.bankfrom", "day", "2 december 2026")},
		{"coin", "reserve.box", "€ 105,00", x.nobody.T("reserve.boxfrom", "day", "2 december 2026")},
	}
	doubts := []string{x.nobody.T("reserve.doubtbank"), x.nobody.T("reserve.doubtpaper"), x.nobody.T("reserve.doubtwe")}
	lines := []AuditLine{{Day: "3 december 2026", What: "what.issue", Why: "because.no-proof", Amount: "€ 400,00", Ref: "1234", By: x.typed}}
	accounts := []BookLine{{Number: "1100", Name: "Bank (reserve)", RGS: "BLimBanRba", Debit: "12.800,23"}, {Number: "2000", Name: "Grulden van bewoners en winkels", RGS: "BSchOvsOvs", Credit: "12.345,67"}}
	books := BooksPage{
		Base: x.base, From: "2026-01-01", To: "2026-12-03", Day: "3 december 2026", Accounts: accounts,
		Ties:  []TieLine{{Word: "tie.sum", Books: "€ 0,00", Holds: true}, {Word: "tie.bank", Books: "€ 12.800,23", Holds: true}},
		Files: []FileLink{{"/books.xaf", "XAF", "books.xaf"}, {"/books.csv", "CSV", "books.csv"}, {"/books.journal", "hledger", "books.hledger"}},
	}
	wrong := books
	wrong.Problem = x.base.T("books.badyear")
	wrong.Ties = []TieLine{{Word: "tie.bank", Books: "€ 12.800,23", Other: "€ 12.700,23"}}
	wrong.Alarms = []BookLine{{Number: "1320", Name: "Uitgegeven zonder bewijs", Debit: "€ 40,00"}}
	network := NetworkPage{
		Base: x.base, Volume: "€ 123.456,78", Limit: "€ 1.000.000,00", Percent: "12,3 %", Share: 12, Warning: x.base.T("network.calm"), Calm: true,
		Period: x.base.T("network.period", "from", "4 december 2025", "to", "3 december 2026"), Payments: x.base.T("network.payments", "count", "4.321"), CSV: "/network.csv",
	}
	near := network
	near.Percent, near.Share, near.Warning, near.Calm = "96,2 %", 96, x.base.T("network.almost"), false
	near.Peak = x.base.T("network.peak", "amount", "€ 962.000,00", "day", "3 december 2026")
	near.Missing = x.base.T("network.missing", "count", "1")
	near.Shops = []NetworkShop{{Name: x.typed, Goods: x.typed, Area: "9716", Contract: "1 mei 2026", Href: "/desk/people/1"}, {Name: x.typed}}
	return map[string]View{
		"reserve":             ReservePage{Base: x.nobody, Verdict: "reserve.yes", Good: true, Known: true, Percent: "100,0 %", Need: need, Have: have, NeedSum: "€ 12.905,23", HaveSum: "€ 12.905,23", Clock: x.nobody.T("reserve.clocktext", "half", "3 dagen", "slow", "8 dagen", "count", "24"), Doubts: doubts},
		"reserve short":       ReservePage{Base: x.base, Verdict: "reserve.no", Known: true, Percent: "99,2 %", Short: "€ 100,00", Need: need, Have: have, NeedSum: "€ 12.905,23", HaveSum: "€ 12.805,23", Doubts: doubts},
		"reserve unknown":     ReservePage{Base: x.nobody, Verdict: "reserve.unknown", Need: need, NeedSum: "€ 12.905,23", HaveSum: "€ 0,00", Doubts: doubts},
		"reserveposter":       ReservePosterPage{Base: x.nobody, Verdict: "reserve.yes", Good: true, Percent: "100,0 %", Need: "€ 12.905,23", Have: "€ 12.905,23", Day: "3 december 2026", Bank: "2 december 2026", QR: x.qr, Address: "grulden.example/reserve"},
		"reserveposter short": ReservePosterPage{Base: x.nobody, Verdict: "reserve.unknown", Need: "€ 12.905,23", Have: "€ 0,00", Day: "3 december 2026", QR: x.qr, Address: "grulden.example/reserve"},
		"books":               books,
		"books wrong":         wrong,
		"audit":               AuditPage{Base: x.base, Day: "3 december 2026", Verdict: x.base.T("audit.good"), Good: true, Sums: []AuditSum{{Word: "what.issue", Count: "812", Amount: "€ 12.905,23", Look: "0", Red: "0"}}},
		"audit red":           AuditPage{Base: x.base, Day: "3 december 2026", Verdict: x.base.T("audit.bad", "red", "1"), Red: lines, Look: lines, More: x.base.T("audit.more", "count", "12"), Sums: []AuditSum{{Word: "what.issue", Count: "812", Amount: "€ 12.905,23", Look: "1", Red: "1", Bad: true}}},
		"network":             network,
		"network near":        near,
	}
}
