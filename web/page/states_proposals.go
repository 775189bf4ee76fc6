package page

// proposalStates are the states of what two people decide.
func (x sample) proposalStates() map[string]View {
	line := ProposalLine{Href: "/desk/proposals/1", Icon: "eyes", What: x.typed, About: x.typed, By: x.typed, State: x.base.T("proposals.state.open")}
	one := ProposalPage{
		Base: x.base, ID: "1", What: x.typed, About: x.typed, AboutHref: "/desk/people/1", By: x.typed, Why: x.typed, Icon: "eyes",
		Facts: []Told{{x.typed, x.typed}, {"IBAN", "NL00 TEST 0000 0000 00"}}, Hash: "ab", HashShown: "9f86 d081 884c 7d65 9a2f eaa0", State: x.base.T("proposals.state.open"),
	}
	second, first, other, refused, done := one, one, one, one, one
	second.Approves, second.Problem = true, x.base.T("problem.proposalchanged")
	first.Withdraws, first.Cannot = true, x.typed
	other.Cannot, other.AboutHref = x.typed, ""
	refused.State, refused.Icon, refused.Decided, refused.Answer = x.base.T("proposals.state.refused"), "cross", x.typed, x.typed
	done.State, done.Icon, done.Decided, done.Good = x.base.T("proposals.state.done"), "check", x.typed, true
	done.Next = []NavItem{{Href: "/desk/proposals", Icon: "eyes", Word: "proposals.all"}}
	team := []TeamLine{
		{ID: "1", Name: x.typed, Role: "role.board", Icon: "person", Self: true},
		{ID: "2", Name: x.typed, Role: "role.desk", Icon: "key", NoPIN: true, HandsOut: true},
		{ID: "3", Name: x.typed, Role: "role.treasurer", Icon: "bank", Stopped: true},
	}
	return map[string]View{
		"correct":          CorrectPage{Base: x.task, ID: "1", Name: x.typed},
		"correct nobody":   CorrectPage{Base: x.task, ID: "1", Name: x.typed, Query: x.typed},
		"correct choose":   CorrectPage{Base: x.task, ID: "1", Name: x.typed, Form: "f", Query: x.typed, Amount: "12,50", Why: x.typed, People: []PersonLine{{Href: "2", Name: x.typed, Role: "role.resident"}}, More: true, Problem: x.typed},
		"team":             TeamPage{Base: x.base, Changes: true, Team: team, Form: "f", Roles: []TeamRole{{Value: "desk", Word: "role.desk"}, {Value: "board", Word: "role.board", Chosen: true}}},
		"team wrong":       TeamPage{Base: x.base, Changes: true, Team: team, Form: "f", Name: x.typed, Why: x.typed, Roles: []TeamRole{{Value: "desk", Word: "role.desk"}}, Problems: map[string]string{"": x.typed, "name": "x", "role": "x"}},
		"team seen":        TeamPage{Base: x.base, Team: team},
		"teamlogin":        TeamLoginPage{Base: x.base, ID: "1", Name: x.typed},
		"teamlogin wrong":  TeamLoginPage{Base: x.base, ID: "1", Name: x.typed, Problem: x.base.T("pin.weak")},
		"proposals":        ProposalsPage{Base: x.base, Mine: []ProposalLine{line, line}, Others: []ProposalLine{line}, Done: []ProposalLine{line}},
		"proposals none":   ProposalsPage{Base: x.base},
		"proposal":         second,
		"proposal own":     first,
		"proposal other":   other,
		"proposal refused": refused,
		"proposal done":    done,
	}
}
