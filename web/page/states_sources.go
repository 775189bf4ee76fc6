package page

// sourceStates are the states of money for many people.
func (x sample) sourceStates() map[string]View {
	entry := x.entry()
	lines := []BatchLine{{Row: "1", Ref: x.typed, Amount: "30,00", Text: x.typed, Fate: "x"}, {Row: "2", Ref: x.typed, Amount: "210,01", Fate: x.base.T("fate.over-month"), Bad: true}}
	list := SourceListPage{Base: x.base, ID: "1", Name: x.typed, Source: x.typed, Back: "/desk/sources/1", State: "preview", Sum: "€ 50,00", Left: "€ 100,00", Good: "2 regels", Bad: "1 regel", May: true, Typed: x.typed, Lines: lines, More: "x", Problem: x.base.T("sourcelist.short")}
	waiting, running, done := list, list, list
	waiting.State, running.State, done.State = "waiting", "running", "done"
	waiting.Problem, running.Problem, done.Problem = "", "", ""
	running.Done, running.Percent = "1 van 2", 50
	done.Done, done.Percent = "2 van 2", 100
	return map[string]View{
		"sources":            SourcesPage{Base: x.base, Sources: []SourceLine{{Href: "/desk/sources/1", Name: x.typed, Kind: "kind.reward", In: "€ 500,00", Left: "€ 120,00"}, {Name: "x", Kind: "kind.gift", In: "€ 1,00", Left: "€ 0,00"}}, Kinds: []SourceKind{{Value: "reward", Word: "kind.reward", Chosen: true}, {Value: "gift", Word: "kind.gift"}}, Form: "1", Typed: x.typed, May: true, Bare: []SourceBare{{When: "vandaag", Who: x.typed, Amount: "10,00", Why: x.typed, By: x.typed}}, Problem: x.typed},
		"sources none":       SourcesPage{Base: x.base},
		"source":             SourcePage{Base: x.base, ID: "1", Name: x.typed, Kind: "kind.gift", In: "€ 500,00", Paid: "€ 380,00", Left: "€ 120,00", May: true, Filled: []BankEntry{entry}, Open: []BankEntry{entry}, Lists: []SourceList{{Href: "/desk/lists/1", Name: x.typed, When: "vandaag", State: "x", Sum: "€ 50,00"}}, Form: "1", Problem: x.typed},
		"source empty":       SourcePage{Base: x.base, ID: "1", Name: x.typed, Kind: "kind.support", In: "€ 0,00", Paid: "€ 0,00", Left: "€ 0,00"},
		"sourcelist":         list,
		"sourcelist waiting": waiting,
		"sourcelist running": running,
		"sourcelist done":    done,
		"bareissue":          BareIssuePage{Base: x.base, Query: x.typed, People: []PersonLine{{Href: "/x", Name: x.typed, Role: "role.resident", Icon: "person"}}, More: true},
		"bareissue nobody":   BareIssuePage{Base: x.base},
		"bareissue amount":   BareIssuePage{Base: x.base, ID: "1", Person: "2", Name: x.typed, Typed: x.typed, Why: x.typed, Problem: x.typed},
		"received":           ReceivedPage{Base: x.base, Who: x.typed, Year: "2026", Sums: []ReceivedSum{{Source: x.typed, Kind: "kind.reward", Amount: "210,00"}}, Lines: []ReceivedLine{{When: "2 april", Source: x.typed, Amount: "210,00"}}, Month: "x", InYear: "y", Earlier: "/received?year=2025", Later: "/received?year=2027", Back: "/wallet"},
		"received nothing":   ReceivedPage{Base: x.base, Who: x.typed, Year: "2026", Back: "/wallet"},
	}
}
