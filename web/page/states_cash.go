package page

// cashStates are the states of the cash box.
func (x sample) cashStates() map[string]View {
	line := CashLine{Href: "/desk/cash/receipt/1", Icon: "euro", What: x.typed, When: "vandaag, 14:05, door " + x.typed, Amount: "€ 50,00"}
	odd := CashLine{Icon: "list", What: x.base.T("cash.tallied"), When: "vandaag", Amount: "−€ 4,50", Bad: true}
	entry := x.entry()
	entry.Who = ""
	return map[string]View{
		"cash":             CashPage{Base: x.base, Box: "€ 245,50", Counted: "Geteld", Wrong: true, Same: x.base.T("cash.same"), Difference: "−€ 4,50", Transit: []CashLine{line}, Lines: []CashLine{line, odd}, More: true},
		"cash empty":       CashPage{Base: x.base, Box: "€ 0,00", Counted: x.base.T("cash.never")},
		"cashtake":         CashTakePage{Base: x.base, Query: x.typed, People: []PersonLine{{Href: "/x", Name: x.typed, Role: "role.resident", Icon: "person"}}, More: true},
		"cashtake nobody":  CashTakePage{Base: x.base},
		"cashtake amount":  CashTakePage{Base: x.base, ID: "1", Person: "2", Name: x.typed, Room: "€ 450,00", Typed: x.typed, Problem: x.base.T("cash.over")},
		"cashreceipt":      CashReceiptPage{Base: x.base, Number: "12", When: "2 maart 2026, 14:05", Euro: "€ 50,00", Amount: "50,00", Name: x.typed, By: x.typed, Next: "/desk/cash/take"},
		"cashcount":        CashCountPage{Base: x.base, ID: "1", Faces: []CashFace{{Name: "p5000", Word: "Biljet van € 50,00", Count: "2"}, {Name: "p50", Word: "Munt van € 0,50"}}, Why: x.typed, Problem: x.base.T("cash.pieces")},
		"cashbank":         CashBankPage{Base: x.base, ID: "1", Box: "€ 245,50", Typed: x.typed, Why: x.typed, Fetched: true, Problem: x.base.T("cash.short")},
		"cashtransit":      CashTransitPage{Base: x.base, ID: "1", Form: "2", What: x.typed, Amount: "€ 200,00", Entries: []BankEntry{entry}, Problem: x.typed},
		"cashtransit none": CashTransitPage{Base: x.base, ID: "1", Form: "2", What: x.typed, Amount: "€ 200,00"},
		"cashtransit own":  CashTransitPage{Base: x.base, ID: "1", Form: "2", What: x.typed, Amount: "€ 200,00", Carried: true},
	}
}
