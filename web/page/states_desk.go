package page

// deskStates are the states of the desk and the evaluator.
func (x sample) deskStates() map[string]View {
	return map[string]View{
		"people":             PeoplePage{Base: x.base, Query: x.typed, People: []PersonLine{{Href: "/desk/people/1", Name: x.typed, Role: "role.resident", Icon: "person", Blocked: true}}, More: true},
		"people none":        PeoplePage{Base: x.base},
		"newperson":          NewPersonPage{Base: x.base, Form: "f", Role: "resident", Language: "nl"},
		"newperson wrong":    NewPersonPage{Base: x.base, Form: "f", Role: "merchant", Name: x.typed, Shop: x.typed, Address: x.typed, IBAN: x.typed, Language: "en", Problems: map[string]string{"": "x", "name": "x", "role": "x", "shop": "x", "iban": "x", "pin": "x"}},
		"person new":         PersonPage{Base: x.base, ID: "1", Name: x.typed, Role: "role.merchant", IsShop: true, HasPurse: true, Shop: x.typed, Address: x.typed, IBAN: "NL00", Reference: "RF18", Tegoed: "0,00", Code: "AAAAA-BBBBB"},
		"person blocked":     PersonPage{Base: x.base, ID: "1", Name: x.typed, Role: "role.resident", HasPurse: true, Tegoed: "1,00", Blocked: true, Problem: x.typed},
		"person wrong":       PersonPage{Base: x.base, ID: "1", Name: x.typed, Role: "role.merchant", IsShop: true, HasPurse: true, Details: Details{x.typed, x.typed, x.typed, x.typed}, Problems: map[string]string{"name": "x", "shop": "x", "iban": "x"}},
		"person kept":        PersonPage{Base: x.base, ID: "1", Name: x.typed, Role: "role.resident", HasPurse: true, Problem: "x", Erasing: true},
		"person staff":       PersonPage{Base: x.base, ID: "1", Name: x.typed, Role: "role.desk"},
		"bank":               BankPage{Base: x.base, Problem: x.typed, Imported: "3", Open: []BankEntry{x.entry()}, Odd: []BankEntry{x.issued()}, Done: []BankEntry{x.issued()}},
		"bank empty":         BankPage{Base: x.base},
		"match":              MatchPage{Base: x.base, Entry: x.entry(), Query: x.typed, People: []PersonLine{{Href: "1", Name: x.typed, Role: "role.resident"}}, More: true},
		"match nobody":       MatchPage{Base: x.base, Entry: x.entry()},
		"redemptions":        RedemptionsPage{Base: x.base, Problem: x.typed, CanApprove: true, Waiting: []Redemption{x.redemption(), {ID: "no iban", Shop: x.typed, Why: x.typed}}, Approved: []Redemption{x.redemption()}, Files: []PayoutFile{{Href: "/f", Name: x.typed, When: "1 maart", Total: "€ 10,00", Open: true}, {Href: "/g", Name: "g", When: "1 maart", Total: "€ 10,00"}}},
		"redemptions nobody": RedemptionsPage{Base: x.base},
		"report":             ReportPage{Base: x.base, From: "2026-03-01", To: "2026-03-31", Period: "maart", Rows: []ReportRow{{Label: "Volume", Value: "12,50", Unit: "Grulden", Definition: x.typed, Formula: "V/I"}}, CSV: "/report.csv?from=x", JSON: "/report.json"},
		"report wrong":       ReportPage{Base: x.base, Problem: x.base.T("report.badperiod")},
	}
}

func (x sample) redemption() Redemption {
	return Redemption{ID: "ab", Shop: x.typed, IBAN: "NL00 TEST", Amount: "10,00", Payout: "€ 10,00", When: "vandaag", State: "redeem.asked", CanApprove: true}
}

func (x sample) entry() BankEntry {
	return BankEntry{ID: "e1", Date: "1 maart", Amount: "€ 50,00", From: x.typed, Note: x.typed, Why: x.typed, Waits: true}
}

func (x sample) issued() BankEntry {
	return BankEntry{ID: "e2", Date: "1 maart", Amount: "€ 50,00", Who: x.typed}
}
