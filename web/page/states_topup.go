package page

// topUpStates are the states of topping up by bank transfer.
func (x sample) topUpStates() map[string]View {
	choices := []TopUpChoice{{"/topup?amount=10.00", "€ 10,00"}, {"/topup?amount=20.00", "€ 20,00"}, {"/topup?amount=50.00", "€ 50,00"}}
	facts := []TopUpFact{
		{"topup.iban", "NL13 TEST 0123 4567 89", "NL13TEST0123456789"},
		{"topup.name", x.typed, x.typed},
		{"topup.reference", "RF73 TOPU P000 0123", "RF73TOPUP0000123"},
		{"topup.amount", "€ 20,00", "20,00"},
	}
	return map[string]View{
		"topup":       TopUpPage{Base: x.base, Here: "/topup", Back: "/wallet", Room: "€ 480,00", Choices: choices},
		"topup wrong": TopUpPage{Base: x.base, Here: "/topup", Back: "/wallet", Room: "€ 50,00", Choices: choices, Typed: x.typed, Problem: x.base.T("topup.over", "amount", "€ 50,00")},
		"topup full":  TopUpPage{Base: x.base, Here: "/topup", Back: "/wallet", Room: "€ 0,00", Full: true},
		"topup code":  TopUpPage{Base: x.base, Here: "/topup", Back: "/wallet", Amount: "€ 20,00", QR: x.qr, Image: "/topup/code.png?amount=20.00", Facts: facts},
		"topup sheet": TopUpPage{Base: x.base, Here: "/desk/people/1/topup", Back: "/desk/people/1", Whose: x.typed, Amount: "€ 20,00", QR: x.qr, Facts: facts},
	}
}
