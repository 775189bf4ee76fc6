package page

// deskStates are the states of the desk and the evaluator.
func (x sample) deskStates() map[string]View {
	return map[string]View{
		"people":             PeoplePage{Base: x.base, Query: x.typed, People: []PersonLine{{Href: "/desk/people/1", Name: x.typed, Role: "role.resident", Icon: "person", Blocked: true}}, More: true},
		"findcard":           FindCardPage{Base: x.base},
		"findcard nobody":    FindCardPage{Base: x.base, Problem: x.base.T("findcard.none")},
		"log":                LogPage{Base: x.base, Lines: []LogLine{x.act(), {Icon: "list", What: x.typed, By: x.typed, Proof: "1", Erased: true}}, More: "/desk/log?before=1"},
		"mydata":             DataPage{Base: x.nobody, Made: "1 maart", Facts: []Told{{x.typed, x.typed}}, Payments: x.lines, Before: x.lines, Acts: []LogLine{x.act()}},
		"log none":           LogPage{Base: x.base},
		"log person":         LogPage{Base: x.base, Who: x.typed, Lines: []LogLine{x.act()}},
		"log own":            LogPage{Base: x.base, Mine: true, Lines: []LogLine{x.act()}},
		"log own none":       LogPage{Base: x.base, Mine: true},
		"office":             OfficePage{Base: x.base, Places: []NavItem{{Href: "/desk/people", Icon: "people", Word: "nav.people"}, {Href: "/desk/bank", Icon: "bank", Word: "nav.bank"}}},
		"people none":        PeoplePage{Base: x.base},
		"newperson":          NewPersonPage{Base: x.base, Step: AskRole},
		"newperson name":     NewPersonPage{Base: x.base, Step: AskName, Form: "f", Role: "resident"},
		"newperson wrong":    NewPersonPage{Base: x.base, Step: AskName, Form: "f", Role: "merchant", IsShop: true, Name: x.typed, Shop: x.typed, Address: x.typed, IBAN: x.typed, Problems: map[string]string{"": "x", "name": "x", "role": "x", "shop": "x", "iban": "x"}},
		"newperson language": NewPersonPage{Base: x.base, Step: AskLanguage, Form: "f", Role: "merchant", Name: x.typed, Shop: x.typed, Address: x.typed, IBAN: x.typed},
		"turn":               TurnPage{Base: x.base, ID: "1", Name: x.typed},
		"choosepin":          PINPage{Base: x.nobody, ID: "1"},
		"choosepin wrong":    PINPage{Base: x.nobody, ID: "1", Problem: x.base.T("pin.weak")},
		"choosepin again":    PINPage{Base: x.nobody, ID: "1", Again: true},
		"pinready":           PINReadyPage{Base: x.nobody, Next: "/desk/people/1/card"},
		"card":               CardPage{Base: x.base, ID: "1", Name: x.typed, Code: "AAAAA-BBBBB", Until: "14:05", QR: x.qr},
		"lost":               LostPage{Base: x.base, ID: "1", Name: x.typed},
		"block":              BlockPage{Base: x.base, ID: "1", Name: x.typed, Reasons: x.reasons()},
		"block free":         BlockPage{Base: x.base, ID: "1", Name: x.typed, Free: true, Reasons: x.reasons(), Note: x.typed, Problem: x.typed, NoteSays: x.typed},
		"blocked":            BlockedPage{Base: x.base, People: []BlockedLine{{Href: "/desk/people/1", Name: x.typed, Icon: "lock", Why: x.typed, When: x.typed}}},
		"blocked nobody":     BlockedPage{Base: x.base},
		"person":             PersonPage{Base: x.base, ID: "1", Name: x.typed, Role: "role.merchant", IsShop: true, HasPurse: true, Shop: x.typed, Address: x.typed, IBAN: "NL00", Reference: "RF18", Tegoed: "0,00", Phones: []DeviceLine{{ID: "1", Name: x.typed, Since: "1 maart"}}, Acts: []LogLine{{Icon: "lock", What: "x", By: x.typed, Why: x.typed}, {Icon: "card", What: "x", By: x.typed}}},
		"person new":         PersonPage{Base: x.base, ID: "1", Name: x.typed, Role: "role.resident", HasPurse: true, NoPIN: true, Tegoed: "0,00"},
		"person blocked":     PersonPage{Base: x.base, ID: "1", Name: x.typed, Role: "role.resident", HasPurse: true, Tegoed: "1,00", Blocked: true, Problem: x.typed},
		"person wrong":       PersonPage{Base: x.base, ID: "1", Name: x.typed, Role: "role.merchant", IsShop: true, HasPurse: true, Details: Details{x.typed, x.typed, x.typed, "2026-05-01"}, Problems: map[string]string{"name": "x", "shop": "x", "iban": "x"}},
		"person kept":        PersonPage{Base: x.base, ID: "1", Name: x.typed, Role: "role.resident", HasPurse: true, Problem: "x", Erasing: true},
		"person staff":       PersonPage{Base: x.base, ID: "1", Name: x.typed, Role: "role.desk"},
		"bank":               BankPage{Base: x.base, Problem: x.typed, Imported: "3", Open: []BankEntry{x.entry()}, Odd: []BankEntry{{ID: "2", Date: "3 maart", Amount: "€ -45,00", From: x.typed, Why: x.base.T("reason.not-asked"), Bad: true}}, Back: []BankEntry{x.issued()}, Done: []BankEntry{x.issued()}},
		"bank empty":         BankPage{Base: x.base},
		"match maybe":        MatchPage{Base: x.base, Entry: x.entry(), Maybe: []Suggestion{{ID: "1", Name: x.typed, Role: "role.resident", Why: []string{x.base.T("hint.paid-before"), x.base.T("hint.same-name")}}}, Sender: x.typed},
		"match limit":        MatchPage{Base: x.base, Entry: x.entry(), Limit: x.base.T("match.limit", "who", x.typed), Going: true},
		"match":              MatchPage{Base: x.base, Entry: x.entry(), Query: x.typed, People: []PersonLine{{Href: "1", Name: x.typed, Role: "role.resident"}}, More: true, Gift: true},
		"match nobody":       MatchPage{Base: x.base, Entry: x.entry()},
		"redemptions":        RedemptionsPage{Base: x.base, Problem: x.typed, CanApprove: true, Waiting: []Redemption{x.redemption(), {ID: "no iban", Shop: x.typed, Why: x.typed}}, Approved: []Redemption{x.redemption()}, Files: []PayoutFile{{Href: "/f", Name: x.typed, State: "payout.draft", Draft: true, Total: "€ 10,00", Open: true}, {Href: "/g", Name: "g", State: "redemptions.filedone", Total: "€ 10,00"}}},
		"redemptions nobody": RedemptionsPage{Base: x.base},
	}
}

func (x sample) act() LogLine {
	return LogLine{Icon: "lock", What: x.typed, Who: x.typed, Href: "/desk/people/1", Why: x.typed, Facts: []Told{{x.typed, x.typed}}, By: x.typed, Proof: x.typed}
}

func (x sample) redemption() Redemption {
	return Redemption{ID: "ab", Shop: x.typed, IBAN: "NL00 TEST", Holder: x.typed, Check: x.base.T("account.unchecked"), Person: "/desk/people/1/account", Amount: "10,00", Payout: "€ 10,00", When: "vandaag", State: "redeem.asked", CanApprove: true}
}

func (x sample) entry() BankEntry {
	return BankEntry{ID: "e1", Date: "1 maart", Amount: "€ 50,00", From: x.typed, Note: x.typed, Why: x.typed, Waits: true}
}

func (x sample) issued() BankEntry {
	return BankEntry{ID: "e2", Date: "1 maart", Amount: "€ 50,00", Who: x.typed}
}

func (x sample) reasons() []Reason {
	return []Reason{{Value: "stolen", Icon: "card", Word: "why.stolen", Chosen: true}, {Value: "other", Icon: "question", Word: "why.other"}}
}
