package page

// rulesStates are the states of the rules.
func (x sample) rulesStates() map[string]View {
	lines := []RuleLine{{Icon: "clock", Text: "Nieuw geld blijft 30 dagen evenveel waard."}, {Icon: "drop", Text: x.typed}}
	changes := []RuleLine{{Icon: "clock", Text: "Nieuw geld blijft 10 dagen evenveel waard.", Was: "Nieuw geld blijft 30 dagen evenveel waard."}}
	fields := []RuleField{
		{Name: "rate", Label: "field.rate", Value: "0,0165"},
		{Name: "every", Label: "field.every", Options: []RuleOption{{Value: "day", Label: "field.day", Here: true}, {Value: "month", Label: "field.month"}}},
	}
	form := RulesFormPage{Base: x.base, Title: "rules.coin", Help: "rules.coinhelp", Action: "/desk/rules/coin/try", From: "2026-05-01", Earliest: "1 mei", Fields: fields, Others: []RulesOther{{"/desk/rules/wijk", "rules.towijk"}, {"/desk/rules/limits", "rules.tolimits"}}}
	atOnce := form
	atOnce.Title, atOnce.Help, atOnce.From = "rules.limits", "rules.limitshelp", ""
	atOnce.Fields = []RuleField{{Name: "nopin", Label: "field.nopin", Value: "25,00"}, {Name: "card", Label: "field.card", Value: "50,00"}}
	wrong := form
	wrong.Problem = x.typed
	try := RulesTryPage{
		Base: x.base, Title: "rules.coin", Begin: "Vanaf 1 mei 2026", Changes: changes, Period: "van 1 mei 2025 tot en met 30 april 2026",
		Groups: []RulesGroup{{Icon: "people", Name: "Iedereen samen (145)", Lines: []RuleChange{
			{What: "Gesmolten", Was: "120,00", Would: "240,00", More: true}, {What: "Betalingen die niet konden", Was: "geen"},
		}}},
		Fields: []RuleField{{Name: "rate", Value: "0,0165"}}, Action: "/desk/rules/coin", Back: "/desk/rules/coin", Form: "f",
	}
	untried := try
	untried.Title, untried.Begin, untried.Period, untried.Groups = "rules.limits", "Zodra een tweede mens het goed vindt", "", nil
	same := try
	same.Changes, same.Problem = nil, x.typed
	return map[string]View{
		"rules":             RulesPage{Base: x.nobody, Now: lines},
		"rules ahead":       RulesPage{Base: x.nobody, Now: lines, Coming: []RulesAhead{{From: "1 mei 2026", Changes: changes}}},
		"rulesform":         form,
		"rulesform wrong":   wrong,
		"rulesform at once": atOnce,
		"rulestry":          try,
		"rulestry same":     same,
		"rulestry at once":  untried,
	}
}
