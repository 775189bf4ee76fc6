package page

// walletStates are the states of paying, receiving and looking back.
func (x sample) walletStates() map[string]View {
	return map[string]View{
		"wallet empty":     WalletPage{Base: x.base, Spendable: "0,00", Loss: x.base.T("wallet.safe")},
		"wallet":           WalletPage{Base: x.base, Spendable: "123,45", Loss: x.base.T("wallet.spend", "day", "3 december", "amount", "4,20"), Else: x.base.T("wallet.losscent"), Melts: true, Notes: x.notes(), Lines: x.lines, TopUp: true},
		"wallet blocked":   WalletPage{Base: x.base, Spendable: "1,00", Loss: x.base.T("wallet.safe"), Blocked: true},
		"history":          HistoryPage{Base: x.base, Spendable: "123,45", Lines: x.lines, Older: "/history?before=3"},
		"history empty":    HistoryPage{Base: x.base, Spendable: "0,00"},
		"paycode":          PayCodePage{Base: x.base},
		"paycode wrong":    PayCodePage{Base: x.base, Code: x.typed, Problem: x.base.T("paycode.wrong")},
		"pay poster":       PayPage{Base: x.task, Code: "X", Payee: Face{Name: x.typed, Address: x.typed, Icon: "shop"}, Spendable: "1,00"},
		"pay poster wrong": PayPage{Base: x.task, Code: "X", Payee: Face{Name: x.typed, Icon: "shop"}, Typed: x.typed, Problem: x.base.T("pay.badamount"), Spendable: "1,00"},
		"pay":              PayPage{Base: x.task, Code: "X", Payee: Face{Name: x.typed, Icon: "shop"}, Amount: "4,50", Value: "4.50", Payment: "ab", Seal: "cd", Spendable: "9,00", Recent: &RecentPayment{Amount: "4,50", When: "14:02", Href: "/receipt/1"}},
		"paycode blocked":  PayCodePage{Base: x.base, Blocked: true, Problem: x.base.T("wallet.blocked")},
		"pay blocked":      PayPage{Base: x.task, Code: "X", Payee: Face{Name: x.typed, Icon: "shop"}, Blocked: true, Problem: x.base.T("wallet.blocked"), Spendable: "1,00"},
		"pay short":        PayPage{Base: x.task, Code: "X", Payee: Face{Name: x.typed, Icon: "shop"}, Amount: "4,50", Problem: x.base.T("pay.short"), Spendable: "1,00"},
		"receipt":          ReceiptPage{Base: x.base, Who: x.typed, Amount: "4,50", When: "vandaag", Number: "AB", Refunded: "1,00", Home: "/"},
		"receipt in":       ReceiptPage{Base: x.base, In: true, Who: x.typed, Amount: "4,50", When: "vandaag", Number: "AB", Home: "/"},
	}
}
