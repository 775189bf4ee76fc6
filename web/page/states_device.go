package page

// deviceStates are the states of phones that pay, and of a payment by them.
func (x sample) deviceStates() map[string]View {
	mark := MakeDayMark(func(_ string, among int) int { return 4 % among })
	pay := PayPage{
		Base: x.base, Code: "X", Payee: Face{Name: x.typed, Address: x.typed, Icon: "shop"}, Amount: "45,00", Value: "45.00",
		Payment: "ab", Attempt: "cd", Again: "/P/X", Spendable: "99,00",
		Sign: Signing{Account: "01", Devices: "ab cd", Here: "ab", Message: "grulden-pay-1\n", Now: "1774000800"},
	}
	pin, wrong, checking, notPaid, bewoner := pay, pay, pay, pay, pay
	pin.AsksPIN, wrong.AsksPIN = true, true
	wrong.Problem = x.base.T("pay.wrongpin")
	checking.Phase, notPaid.Phase = Checking, NotPaid
	bewoner.Payee = Face{Name: x.base.T("line.resident"), Icon: "person"}
	phone := DeviceLine{ID: "ab", Name: x.typed, Since: "3 december, 14:05", Used: "4 december, 9:00", Here: true}
	old := DeviceLine{ID: "cd", Name: x.typed, Since: "3 december 2025, 14:05"}
	removing := old
	removing.Removing = true
	return map[string]View{
		"owncard":          OwnCardPage{Base: x.nobody, Code: "7K2M9XQ4TB", Grouped: "7K2M9-XQ4TB"},
		"owncard wrong":    OwnCardPage{Base: x.nobody, Problem: x.base.T("login.notcard")},
		"owncard till":     OwnCardPage{Base: x.base, AtTill: true},
		"enrol":            EnrolPage{Base: x.base, ID: "ab", Device: x.typed, Account: "01", Home: "/wallet"},
		"enrol pin":        EnrolPage{Base: x.base, ID: "ab", Device: x.typed, Account: "01", Home: "/wallet", AsksPIN: true, Problem: x.base.T("enrol.pinneeded")},
		"enrol full":       EnrolPage{Base: x.base, ID: "ab", Device: x.typed, Account: "01", Home: "/wallet", Problem: x.base.T("devices.full")},
		"devices":          DevicesPage{Base: x.base, Devices: []DeviceLine{phone, old}},
		"devices unsure":   DevicesPage{Base: x.base, Devices: []DeviceLine{phone, removing}, Problem: x.base.T("devices.unsure")},
		"devices none":     DevicesPage{Base: x.base},
		"wallet new phone": WalletPage{Base: x.base, Spendable: "123,45", Loss: x.base.T("wallet.safe"), Lines: x.lines, Notes: []Note{{Icon: "phone", Text: x.base.T("devices.new", "date", "3 december", "name", x.typed), Href: "/devices", Word: "devices.look"}}},
		"pay pin":          pin,
		"pay wrong pin":    wrong,
		"pay checking":     checking,
		"pay not paid":     notPaid,
		"pay resident":     bewoner,
		"receipt new":      ReceiptPage{Base: x.base, Who: x.typed, Amount: "4,50", When: "3 december 2026, 14:05:31", Age: "12", Ago: x.base.T("receipt.seconds", "count", "12"), HasMark: true, Mark: mark, Number: "AB12-CD34", Home: "/"},
	}
}
