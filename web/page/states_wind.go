package page

// windStates are the states of the end of the coin.
func (x sample) windStates() map[string]View {
	facts := []Told{{What: x.base.T("wind.open"), Value: "145"}, {What: x.base.T("wind.held"), Value: "120, samen 4.312,50"}}
	return map[string]View{
		"wind":        WindPage{Base: x.base, Facts: facts, Next: "wind.begin", Action: "/desk/stop", Button: "wind.propose", Sure: "wind.sureend", Asks: true, Form: "f"},
		"wind ask":    WindPage{Base: x.base, Facts: facts, Next: "wind.asknow", Action: "/desk/stop/ask", Button: "wind.ask", Sure: "wind.sureask", ByHand: []FundLine{{Icon: "person", What: x.typed, Sum: "12,50"}}},
		"wind over":   WindPage{Base: x.base, Next: "wind.over", Problem: x.typed},
		"finals":      FinalsPage{Base: x.base, Finals: []FinalLine{{Who: x.typed, Sum: "€ 12,50", How: x.base.T("wind.tohand")}}},
		"finals none": FinalsPage{Base: x.base},
	}
}
