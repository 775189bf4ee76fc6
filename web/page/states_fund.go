package page

// fundStates are the states of the wijkfonds.
func (x sample) fundStates() map[string]View {
	soup := PurposeLine{ID: "1", Name: x.typed, For: "purpose.need", Need: true, Sum: "270,00", Count: "12 keer"}
	feast := PurposeLine{ID: "2", Name: "Buurtfeest", For: "purpose.other", Sum: "20,00", Count: "1 keer"}
	public := FundPage{
		Base: x.nobody, InHand: "412,50", Share: "93,1 %", Promised: "90 %", Kept: true, Spent: "290,00",
		Income: []FundLine{
			{Icon: "drop", What: x.base.T("fund.melting"), Help: x.base.T("fund.meltinghelp"), Sum: "602,50"},
			{Icon: "gift", What: x.base.T("fund.gifts"), Help: x.base.T("fund.giftshelp"), Sum: "100,00"},
		},
		Purposes: []PurposeLine{soup, feast}, As: "1 maart",
	}
	broken := public
	broken.Kept, broken.Share = false, "71,4 %"
	broken.Purposes = append(broken.Purposes, PurposeLine{Name: x.base.T("fund.nopurpose"), For: "purpose.without", Bad: true, Sum: "5,00", Count: "1 keer"})
	broken.Breaks = []BreakLine{{When: "1 maart", Purpose: x.typed, Why: x.typed, Sum: "80,00"}}
	give := GrantPage{Base: x.base, Purpose: soup, InHand: "412,50", Promised: "90 %", Who: PersonLine{Href: "1", Name: x.typed}, Form: "f"}
	breaks := give
	breaks.Purpose, breaks.Breaks, breaks.Amount, breaks.Why, breaks.Public, breaks.Problem = feast, true, "80,00", x.typed, x.typed, x.typed
	return map[string]View{
		"fund":           public,
		"fund broken":    broken,
		"fund new":       FundPage{Base: x.nobody, InHand: "0,00", Promised: "90 %", Kept: true, Spent: "0,00", As: "1 maart"},
		"spending":       SpendingPage{Base: x.base, InHand: "412,50", Share: "93,1 %", Promised: "90 %", Kept: true, Room: "9,50", Purposes: []PurposeLine{soup, feast}, Form: "f"},
		"spending new":   SpendingPage{Base: x.base, InHand: "0,00", Promised: "90 %", Room: "0,00", Form: "f", Name: x.typed, Problem: x.typed},
		"grant whom":     GrantPage{Base: x.base, Purpose: soup, InHand: "412,50", Query: x.typed, People: []PersonLine{{Href: "1", Name: x.typed, Role: "role.resident", Icon: "person"}}, More: true},
		"grant nobody":   GrantPage{Base: x.base, Purpose: soup, InHand: "412,50"},
		"grant":          give,
		"grant breaking": breaks,
	}
}
