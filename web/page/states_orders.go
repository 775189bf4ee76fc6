package page

import "time"

// orderStates are the states of requests, standing payments and batches.
func (x sample) orderStates() map[string]View {
	line := []StatementLine{{When: "3 december", What: x.typed, Amount: "−4,50"}, {When: "4 december", What: x.typed, Amount: "+14,50"}}
	return map[string]View{
		"receive":               ReceivePage{Base: x.base, Name: x.typed, Grouped: "AAAAA-BBBBB", QR: x.qr},
		"receive wrong":         ReceivePage{Base: x.base, Name: x.base.T("line.resident"), Grouped: "AAAAA-BBBBB", QR: x.qr, Typed: x.typed, Problem: x.base.T("receive.badname")},
		"receiveamount":         ReceiveAmountPage{Base: x.base},
		"receiveamount wrong":   ReceiveAmountPage{Base: x.base, Typed: x.typed, Problem: x.base.T("pay.badamount")},
		"receiving":             ReceivingPage{Base: x.base, State: Waiting, Amount: "4,50", Code: "A", Grouped: "AAAAA-BBBBB", Until: "14:05", Left: 600, QR: x.qr, Payment: "ab", Seq: 7},
		"receiving paid":        ReceivingPage{Base: x.base, State: Paid, Amount: "4,50", Code: "A", PaidAt: "om 14:03"},
		"receiving expired":     ReceivingPage{Base: x.base, State: Expired, Amount: "4,50", Code: "A"},
		"ask":                   AskPage{Base: x.base, People: "1"},
		"ask split":             AskPage{Base: x.base, Split: true},
		"ask wrong":             AskPage{Base: x.base, Split: true, Amount: x.typed, People: x.typed, Text: x.typed, Problem: x.base.T("ask.badpeople")},
		"asks":                  AsksPage{Base: x.base, Links: []AskLine{{Href: "/ask/1", Text: x.typed, Amount: "3,33", Count: "1 van de 2 betaald", When: "3 december"}, {Href: "/ask/2", Text: "Koffie", Amount: "2,00", Count: "1 van de 1 betaald", When: "2 december", Over: true}}},
		"asks none":             AsksPage{Base: x.base},
		"asked":                 AskedPage{Base: x.base, Code: "A", Text: x.typed, Amount: "3,33", Split: x.base.T("ask.splitis", "total", "10,00", "people", "3", "each", "3,33", "own", "3,34"), Link: "HTTPS://GRULDEN.EXAMPLE/P/A", Grouped: "AAAAA-BBBBB", QR: x.qr, Until: "2 januari 2027", Count: "1 van de 2 betaald", Paid: x.lines},
		"asked all":             AskedPage{Base: x.base, Code: "A", Amount: "3,33", Link: "HTTPS://GRULDEN.EXAMPLE/P/A", Count: "2 van de 2 betaald", Over: true, State: "ask.allpaid", Paid: x.lines},
		"asked stopped":         AskedPage{Base: x.base, Code: "A", Amount: "3,33", Link: "HTTPS://GRULDEN.EXAMPLE/P/A", Count: "0 van de 2 betaald", Over: true, State: "ask.stopped"},
		"standings":             StandingsPage{Base: x.base, Running: []StandingLine{x.standing(""), x.standing(x.base.T("standing.wasshort", "day", "3 december"))}, Ended: []StandingLine{x.standing("")}},
		"standings none":        StandingsPage{Base: x.base},
		"newstanding":           NewStandingPage{Base: x.base, Code: "A", Payee: &Face{Name: x.typed, Address: x.typed, Icon: "shop"}, First: "2026-12-03", Least: "2026-12-03"},
		"newstanding wrong":     NewStandingPage{Base: x.base, Code: "A", Payee: &Face{Name: x.typed, Icon: "person"}, Amount: x.typed, Month: true, First: "2026-12-01", Last: "2026-11-01", Text: x.typed, Problem: x.base.T("standing.badday"), Least: "2026-12-03"},
		"confirmstanding":       x.confirmStanding(""),
		"confirmstanding wrong": x.confirmStanding(x.base.T("login.wrong")),
		"newstanding whom":      NewStandingPage{Base: x.base},
		"newstanding unknown":   NewStandingPage{Base: x.base, Code: x.typed, Problem: x.base.T("paycode.unknown")},
		"askback":               AskBackPage{Base: x.base, ID: "1", Amount: "10,00", Who: x.typed, When: "3 december", Reasons: []Choice{{"person", "people", "return.person"}, {"amount", "coin", "return.amount"}, {"twice", "repeat", "return.twice"}, {"other", "warning", "return.other"}}},
		"askback offer":         AskBackPage{Base: x.base, ID: "1", Offer: true, Amount: "10,00", Who: x.typed, When: "3 december"},
		"askback wrong":         AskBackPage{Base: x.base, ID: "1", Offer: true, Amount: "10,00", Who: x.typed, When: "3 december", Problem: x.base.T("return.askedtwice")},
		"return":                ReturnPage{Base: x.base, ID: "1", State: "open", Question: x.base.T("return.theyasked"), Reason: Choice{"amount", "coin", "return.amount"}, Amount: "10,00", When: "3 december", Until: "2 januari", Answer: true, Pays: true},
		"return short":          ReturnPage{Base: x.base, ID: "1", State: "open", Question: x.base.T("return.theyasked"), Amount: "10,00", When: "3 december", Until: "2 januari", Answer: true, Pays: true, Problem: x.base.T("return.short")},
		"return waits":          ReturnPage{Base: x.base, ID: "1", State: "open", Question: x.base.T("return.iasked"), Amount: "10,00", When: "3 december", Until: "2 januari"},
		"return agreed":         ReturnPage{Base: x.base, ID: "1", State: "agreed", Question: x.base.T("return.iback"), Amount: "10,00", When: "3 december"},
		"batches":               BatchesPage{Base: x.base, Lists: []BatchSummary{{Href: "/batch/1", Name: x.typed, When: "3 december", State: x.base.T("batch.notyet"), Sum: "250,00"}}},
		"batches wrong":         BatchesPage{Base: x.base, Problem: x.base.T("batch.badfile")},
		"batch":                 x.batch(BatchPreview, false),
		"batch short":           x.batch(BatchPreview, true),
		"batch running":         x.batch(BatchRunning, false),
		"batch done":            x.batch(BatchDone, false),
		"statement":             StatementPage{Base: x.base, Month: "december 2026", Who: x.typed, Period: "1 december tot en met 31 december", Opening: "80,00", Closing: "89,61", Lines: line, Melted: "−0,39", MeltedOn: "31 december", Earlier: "/statement?month=2026-11", Later: "/statement?month=2027-01"},
		"statement open":        StatementPage{Base: x.base, Month: "december 2026", Who: x.typed, Open: true, Opening: "0,00", Closing: "0,00"},
		"statement round":       StatementPage{Base: x.base, Month: "december 2026", Who: x.typed, Opening: "1,00", Closing: "1,01", Melted: "+0,01", MeltedOn: "31 december", Rounding: true},
	}
}

// notes are what a wallet can have to say.
func (x sample) notes() []Note {
	return []Note{
		{Icon: "back", Text: x.typed, Href: "/return/1", Word: "return.look"},
		{Icon: "repeat", Text: x.typed, Warn: true},
	}
}

func (x sample) standing(last string) StandingLine {
	return StandingLine{
		ID: "1" + last, Icon: "shop", Who: x.typed, Amount: "12,50", Every: x.base.T("standing.onday", "day", x.base.Lang.Weekday(time.Unix(0, 0))), Text: x.typed,
		Next: x.base.T("standing.next", "day", "10 december"), Last: last, Warn: last != "", Due: "2026-12-10",
	}
}

func (x sample) batch(state BatchState, short bool) BatchPage {
	return BatchPage{
		Base: x.base, ID: "1", Name: x.typed, State: state, Good: x.base.T("batch.good", "count", "2"), Bad: x.base.T("batch.bad", "count", "1"),
		Sum: "25,00", Has: "100,00", Short: short, Done: x.base.T("batch.done", "count", "1", "all", "2", "amount", "12,50"), Percent: 50,
		Lines: []BatchLine{
			{Row: "4", Ref: x.typed, Text: x.typed, Fate: x.base.T("outcome.unknown"), Bad: true},
			{Row: "2", Ref: "7K2M9-XQ4TB", Amount: "12,50", Text: "Dank", Fate: x.base.T("outcome.paid")},
		},
		More: x.base.T("batch.more", "count", "4800"),
	}
}

func (x sample) confirmStanding(problem string) ConfirmStandingPage {
	return ConfirmStandingPage{
		Base: x.base, Payee: Face{Name: x.typed, Address: x.typed, Icon: "shop"}, Amount: "12,50", Every: "elke week op woensdag", Period: "vanaf 3 december",
		Text: x.typed, Fields: []Field{{"text", x.typed}}, Sign: Signing{Account: "1", Message: "m", Now: "1"}, Problem: problem, Back: "/standing/new?code=A",
	}
}
