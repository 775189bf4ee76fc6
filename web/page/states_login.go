package page

// loginStates are the states of signing in, phones, staff and helpers.
func (x sample) loginStates() map[string]View {
	return map[string]View{
		"login":            LoginPage{Base: x.nobody, Next: "/"},
		"login wrong":      LoginPage{Base: x.nobody, Next: x.typed, Code: x.typed, Problem: x.base.T("login.wrong")},
		"login staff":      LoginPage{Base: x.nobody, Next: "/", Passkeys: true},
		"second":           SecondPage{Base: x.nobody, App: true, Passkey: true},
		"second wrong":     SecondPage{Base: x.nobody, App: true, Problem: x.base.T("second.wrong")},
		"second passkey":   SecondPage{Base: x.nobody, Passkey: true},
		"safe first":       SafePage{Base: x.nobody, First: true, CanPasskey: true, Secret: "ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567", QR: x.qr, Home: "/"},
		"safe first wrong": SafePage{Base: x.nobody, First: true, Secret: "ABCD EFGH", QR: x.qr, Home: "/", Problem: x.base.T("second.wrong")},
		"safe":             SafePage{Base: x.base, CanPasskey: true, Passkeys: []PasskeyLine{{ID: "ab", Name: x.typed, Added: "3 december 2026"}}, Secret: "ABCD EFGH", QR: x.qr, Home: "/"},
		"safe app":         SafePage{Base: x.base, App: true, CanPasskey: true, Home: "/", Problem: x.base.T("login.wrong")},
		"helpers": HelpersPage{
			Base: x.base, Address: "/helpers", Acts: x.lines,
			Helpers:     []HelperLine{{ID: "a", Name: x.typed, Limit: "20,00", Typed: "20,00", Used: "4,50", Since: "3 december 2026"}},
			Invitations: []InviteLine{{Code: "X", Grouped: "XXXXX-XXXXX", Name: x.typed, Limit: "20,00", Link: "HTTPS://A.B/I/X", QR: x.qr, Until: "10 december"}},
		},
		"helpers none":    HelpersPage{Base: x.base, Address: "/helpers"},
		"helpers desk":    HelpersPage{Base: x.base, Address: "/desk/people/1/helpers", Owner: x.typed, Back: "/desk/people/1", Name: x.typed, Limit: x.typed, Problem: x.base.T("helpers.badlimit")},
		"helpers full":    HelpersPage{Base: x.base, Address: "/helpers", Full: true},
		"helping":         HelpingPage{Base: x.acting(), Helper: true, Now: &HelpedLine{ID: "a", Name: x.typed, Spendable: "50,00", Left: "15,50", Limit: "20,00"}, People: []HelpedLine{{ID: "b", Name: x.typed}}},
		"helping blocked": HelpingPage{Base: x.acting(), Now: &HelpedLine{ID: "a", Name: x.typed, Spendable: "50,00", Left: "0,00", Limit: "20,00", Blocked: true}},
		"helping choose":  HelpingPage{Base: x.base, People: []HelpedLine{{ID: "b", Name: x.typed}}},
		"helping nobody":  HelpingPage{Base: x.base},
		"invite":          InvitePage{Base: x.nobody, Address: "/I/X", Owner: x.typed, Limit: "20,00", Asks: AskNewcomer, Form: "f"},
		"invite wrong":    InvitePage{Base: x.nobody, Address: "/I/X", Owner: x.typed, Limit: "20,00", Asks: AskNewcomer, Form: "f", Name: x.typed, Problems: map[string]string{"": "x", "name": "x", "pin": "x"}},
		"invite member":   InvitePage{Base: x.base, Address: "/I/X", Owner: x.typed, Limit: "20,00", Asks: AskMember},
		"invite self":     InvitePage{Base: x.base, Address: "/I/X", Owner: x.typed, Limit: "20,00", Problem: x.base.T("invite.self")},
		"newlogin":        NewLoginPage{Base: x.nobody, Name: x.typed, Code: "XXXXX-XXXXX", QR: x.qr, Next: "/helping"},
		"staff":           StaffPage{Base: x.base, Form: "f", Staff: []StaffLine{{ID: "a", Name: x.typed}, {ID: "b", Name: x.typed, Stopped: true}}, Problem: x.base.T("pin.weak"), Renewing: "b"},
		"staff none":      StaffPage{Base: x.base, Form: "f", Name: x.typed, Language: "en", Problems: map[string]string{"": "x", "name": "x", "pin": "x"}},
		"problem":         ProblemPage{Base: x.nobody, Heading: "problem.notfound", Text: x.typed, Href: "/", Action: "problem.home"},
	}
}

// acting is the page of a helper who acts for somebody.
func (x sample) acting() Base {
	b := x.base
	b.For, b.Own, b.Notice = x.typed, nil, ""
	return b
}
