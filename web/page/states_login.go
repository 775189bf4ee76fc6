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
		"problem":          ProblemPage{Base: x.nobody, Heading: "problem.notfound", Text: x.typed, Href: "/", Action: "problem.home"},
	}
}
