package page

// payoutStates are the states of euros on their way out.
func (x sample) payoutStates() map[string]View {
	lines := []PayoutLine{{Name: x.typed, IBAN: "NL00 TEST 0000 0000 00", Text: "Uitbetaling Grulden", Amount: "€ 9,80"}}
	file := PayoutPage{Base: x.base, ID: "GR-20260402-0001-ABC", Made: "2 april, 14:05", Pays: "7 april 2026", Total: "€ 9,80", Hash: "0123 4567 89ab", Lines: lines}
	draft, two, asked, ready, gone := file, file, file, file, file
	draft.Draft = true
	two.Draft, two.Two, two.Problem = true, true, x.typed
	asked.Draft, asked.Two, asked.Asked = true, true, "/desk/proposals/1"
	ready.Ready, ready.Open, ready.By = true, true, x.base.T("payout.bytwo", "first", x.typed, "second", x.typed)
	answers := []Answer{{"match", "account.answer.match"}, {"close", "account.answer.close"}, {"not-possible", "account.answer.not-possible"}, {"none", "account.answer.none"}}
	account := AccountPage{Base: x.base, ID: "1", Name: x.typed, IBAN: "NL00 TEST 0000 0000 00", Holder: x.typed, Vouched: true, Check: x.base.T("account.unchecked"), Answers: answers}
	wrong := account
	wrong.Wrong, wrong.Asked, wrong.TypedIBAN, wrong.TypedHolder, wrong.TypedAnswer = true, "/desk/proposals/1", x.typed, x.typed, "close"
	wrong.Problems = map[string]string{"iban": x.base.T("form.iban"), "holder": x.base.T("account.needholder"), "answer": x.base.T("account.differs"), "why": x.base.T("account.needwhy")}
	entry := x.entry()
	entry.Who = ""
	even := ReconcilePage{
		Base: x.base, Known: true, Last: "€ 1.107,00", Day: "2 april 2026", Now: "€ 1.107,00", Expected: "€ 1.107,00", Difference: "€ 0,00", Gap: "€ 0,00",
		Parts:   []Part{{Word: "bankpart.start", Amount: "€ 1.000,00"}, {Word: "bankpart.ledger", Amount: "€ 110,00"}, {Word: "bankpart.not-asked", Amount: "−€ 3,00", Wrong: true}},
		Earlier: []Comparison{{When: "2 april, 14:05", Day: "2 april", Bank: "€ 1.107,00", Difference: "€ 0,00"}, {When: "1 april, 14:05", Day: "1 april", Bank: "€ 9,00", Difference: "−€ 1,00", Wrong: true}},
	}
	odd := even
	odd.Wrong, odd.Missing, odd.Difference, odd.Gap, odd.Debits = true, true, "−€ 11,00", "−€ 11,00", []BankEntry{entry}
	return map[string]View{
		"payout": draft, "payout two": two, "payout asked": asked, "payout ready": ready, "payout void": gone,
		"account": account, "account wrong": wrong, "account none": AccountPage{Base: x.base, ID: "1", Name: x.typed, Answers: answers},
		"reconcile": even, "reconcile wrong": odd, "reconcile none": ReconcilePage{Base: x.base},
	}
}
